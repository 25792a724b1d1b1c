package stats

import (
	"context"
	"math"
)

// features says into which linear sums a pass over the units puts each of them. A unit adds its weight times the
// coefficient of its (group, code) to one feature; a feature belongs to a parent, a domain.
type features struct {
	of      []int32   // feature of group g, code k at g*K+k; -1: none
	coef    []float64 // in the same order; nil: 1
	count   int
	parent  []int32 // of each feature; nil: each is its own
	parents int
	full    bool // covariances of every pair of features, in count*count numbers
}

func (f *features) parentOf(i int32) int32 {
	if f.parent == nil {
		return i
	}
	return f.parent[i]
}

// sums are the design-based (co)variances of the weighted feature totals, before the margins of raking are taken out.
type sums struct {
	own    []float64 // variance, by feature
	cross  []float64 // covariance with the total of its parent, by feature
	parent []float64 // variance, by parent
	raw    []float64 // own before centring: the scale below which a variance is rounding
	full   []float64
	psus   []int // PSUs with a unit inside, by parent
	strata []int // strata with a unit inside, by parent

	domainPSUs, domainStrata int // of all features together

	level []float64 // covariance of feature i with the weighted total of margin level l at i*levels+l
	plain []float64 // unweighted sum of coefficients over the units of feature i at level l
}

// df returns the degrees of freedom of a parent as survey::degf(subset(design)).
func (s *sums) df(parent int) float64 { return float64(s.psus[parent] - s.strata[parent]) }

func (s *sums) domainDF() float64 { return float64(s.domainPSUs - s.domainStrata) }

// tallyStick keeps the sums of one PSU (or stratum) with a list of what was touched, so that clearing it costs no more
// than filling it did.
type tallyStick struct {
	sum     []float64
	seen    []bool
	touched []int32
}

func newStick(n int) *tallyStick { return &tallyStick{sum: make([]float64, n), seen: make([]bool, n)} }

func (t *tallyStick) add(i int32, v float64) {
	if !t.seen[i] {
		t.seen[i] = true
		t.touched = append(t.touched, i)
	}
	t.sum[i] += v
}

func (t *tallyStick) clear() {
	for _, i := range t.touched {
		t.sum[i], t.seen[i] = 0, false
	}
	t.touched = t.touched[:0]
}

func (t *tallyStick) addTo(o *tallyStick) {
	for _, i := range t.touched {
		o.add(i, t.sum[i])
	}
}

type pass struct {
	f                           *features
	out                         *sums
	levels                      int
	unit, unitPar, unitLevel    *tallyStick // of the PSU
	layer, layerPar, layerLevel *tallyStick // of the stratum
}

// linearise reads the units once, by PSU, and returns the covariances of the feature totals: within each stratum
// kappa * sum over PSUs of (total - mean total)^2, a lonely PSU uncentred.
func (e *Estimator) linearise(ctx context.Context, item Codes, group *Codes, f *features) (*sums, error) {
	p := e.newPass(f)
	k := item.K
	steps := tallyBlock // ask before the first unit too
	for _, s := range e.walk.strata {
		for psu := s.from; psu < s.to; psu++ {
			units := e.walk.units(psu)
			if steps += len(units); steps >= tallyBlock {
				steps = 0
				if err := ctx.Err(); err != nil {
					return nil, err
				}
			}
			alone := e.walk.ends == nil && e.margins == nil
			for _, i := range units {
				c := item.At(int(i))
				if group != nil {
					c += group.At(int(i)) * k
				}
				if alone {
					p.addAlone(e.design.Weight(int(i)), c, s.kappa)
				} else {
					e.addUnit(p, int(i), c)
				}
			}
			if !alone {
				p.endPSU(s.kappa)
			}
		}
		p.endStratum(s)
	}
	return p.out, nil
}

func (e *Estimator) newPass(f *features) *pass {
	if f.parent == nil {
		f.parents = f.count
	}
	p := &pass{f: f, out: &sums{
		own: make([]float64, f.count), cross: make([]float64, f.count), raw: make([]float64, f.count),
		parent: make([]float64, f.parents), psus: make([]int, f.parents), strata: make([]int, f.parents),
	}}
	if f.full {
		p.out.full = make([]float64, f.count*f.count)
	}
	if e.margins != nil {
		p.levels = e.margins.levels
		p.out.level = make([]float64, f.count*p.levels)
		p.out.plain = make([]float64, f.count*p.levels)
	}
	p.unit, p.unitPar, p.unitLevel = newStick(f.count), newStick(f.parents), newStick(p.levels)
	p.layer, p.layerPar, p.layerLevel = newStick(f.count), newStick(f.parents), newStick(p.levels)
	return p
}

func (e *Estimator) addUnit(p *pass, i, cell int) {
	w := e.design.Weight(i)
	ft := p.f.of[cell]
	if ft >= 0 {
		coef := 1.0
		if p.f.coef != nil {
			coef = p.f.coef[cell]
		}
		p.unit.add(ft, w*coef)
		for m := range e.design.Raked {
			p.out.plain[int(ft)*p.levels+e.margins.level(m, i)] += coef
		}
	}
	for m := range e.design.Raked {
		p.unitLevel.add(int32(e.margins.level(m, i)), w)
	}
}

// addAlone does what addUnit and endPSU do for a unit that is its own PSU, without margins.
func (p *pass) addAlone(w float64, cell int, kappa float64) {
	i := p.f.of[cell]
	if i < 0 {
		return
	}
	if p.f.coef != nil {
		w *= p.f.coef[cell]
	}
	g, v := p.f.parentOf(i), kappa*w*w
	out := p.out
	out.raw[i] += v
	out.own[i] += v
	out.cross[i] += v
	out.parent[g] += v
	out.psus[g]++
	out.domainPSUs++
	if p.f.full {
		out.full[int(i)*p.f.count+int(i)] += v
	}
	p.layer.add(i, w)
	p.layerPar.add(g, w)
}

func (p *pass) endPSU(kappa float64) {
	for _, i := range p.unit.touched {
		p.unitPar.add(p.f.parentOf(i), p.unit.sum[i])
		p.out.raw[i] += kappa * p.unit.sum[i] * p.unit.sum[i]
	}
	for _, g := range p.unitPar.touched {
		p.out.psus[g]++
	}
	if len(p.unit.touched) > 0 {
		p.out.domainPSUs++
	}
	p.scatter(p.unit, p.unitPar, p.unitLevel, kappa)
	p.unit.addTo(p.layer)
	p.unitPar.addTo(p.layerPar)
	p.unitLevel.addTo(p.layerLevel)
	p.unit.clear()
	p.unitPar.clear()
	p.unitLevel.clear()
}

func (p *pass) endStratum(s stratum) {
	for _, g := range p.layerPar.touched {
		p.out.strata[g]++
	}
	if len(p.layer.touched) > 0 {
		p.out.domainStrata++
	}
	if s.n > 1 {
		p.scatter(p.layer, p.layerPar, p.layerLevel, -s.kappa/s.n)
	}
	p.layer.clear()
	p.layerPar.clear()
	p.layerLevel.clear()
}

// scatter adds factor times the products of the sums.
func (p *pass) scatter(own, parent, level *tallyStick, factor float64) {
	out := p.out
	for _, i := range own.touched {
		a := factor * own.sum[i]
		out.own[i] += a * own.sum[i]
		out.cross[i] += a * parent.sum[p.f.parentOf(i)]
		row := out.level[int(i)*p.levels:]
		for _, l := range level.touched {
			row[l] += a * level.sum[l]
		}
		if p.f.full {
			full := out.full[int(i)*p.f.count:]
			for _, j := range own.touched {
				full[j] += a * own.sum[j]
			}
		}
	}
	for _, g := range parent.touched {
		out.parent[g] += factor * parent.sum[g] * parent.sum[g]
	}
}

// rounding is the relative size below which a variance is taken for zero: sums of squares that cancel.
const rounding = 1e-13

// settled returns v, or 0 where v is rounding next to scale.
func settled(v, scale float64) float64 {
	if !(v > rounding*math.Abs(scale)) {
		return 0
	}
	return v
}
