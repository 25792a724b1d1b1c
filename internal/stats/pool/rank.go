package pool

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// RankOptions say what worst is.
type RankOptions struct {
	Worst       int  // how many places count as worst
	HighIsWorse bool // as for a share below the required level; else a low score is worse
	Finite      bool // as Options.Finite
	Draws       int  // 1,000 when 0; the error of a probability p is the root of p (1 - p) / Draws, at most 0.016 with 1,000
	Seed        uint64
}

// Rank is how sure the place of a group is among all groups.
type Rank struct {
	Expected float64 // mean place, 1 for the worst (Laird & Louis 1989)
	SD       float64 // spread of the place
	Worst    float64 // probability of a place among the worst (Lin, Louis, Paddock & Ridgeway 2006)
}

// Rank places groups of targets, each weighted by Size as in Aggregate (a group of one target is a cell), by drawing all
// effects together from their joint posterior, so that what cells share counts once. It is by simulation with a seed: the same seed gives
// the same figures. It takes time proportional to draws times the cells of the functions asked for.
func (f *Fit) Rank(ctx context.Context, targets []Target, group []int, groups int, o RankOptions) ([]Rank, error) {
	if o.Worst < 1 || o.Worst > groups || o.Draws < 0 {
		return nil, fmt.Errorf("rank: %d worst of %d groups in %d draws; ask for at least one and at most all", o.Worst, groups, o.Draws)
	}
	// Its checks are those of a rank.
	if _, err := f.Aggregate(targets, group, groups, Options{Finite: o.Finite}); err != nil {
		return nil, err
	}
	if o.Draws == 0 {
		o.Draws = 1000
	}
	d := f.newDraws(targets, group, groups, o)
	out := make([]Rank, groups)
	order := make([]int32, groups)
	for range o.Draws {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		values := d.next()
		for i := range order {
			order[i] = int32(i)
		}
		slices.SortFunc(order, func(a, b int32) int {
			switch {
			case values[a] == values[b]:
				return int(a) - int(b)
			case (values[a] < values[b]) != o.HighIsWorse:
				return -1
			default:
				return 1
			}
		})
		for i, g := range order {
			place := float64(i + 1)
			out[g].Expected += place
			out[g].SD += place * place
			if i < o.Worst {
				out[g].Worst++
			}
		}
	}
	n := float64(o.Draws)
	for g := range out {
		r := &out[g]
		r.Expected /= n
		r.Worst /= n
		r.SD = math.Sqrt(math.Max(0, r.SD/n-r.Expected*r.Expected))
	}
	return out, nil
}

// draws makes means of groups, drawn from the posterior of all effects.
type draws struct {
	f       *Fit
	r       *rand.Rand
	targets []Target
	group   []int
	size    []float64
	order   []int // targets with a group, by function and department
	centre  []float64
	moves   []float64 // of each target, by relative variance
	rows    []float64
	hyper   []float64 // root of the covariance of the relative variances
	finite  bool
	values  []float64
}

func (f *Fit) newDraws(targets []Target, group []int, groups int, o RankOptions) *draws {
	d := &draws{f: f, r: rand.New(rand.NewPCG(o.Seed, 0)), targets: targets, group: group, size: make([]float64, groups),
		centre: make([]float64, len(targets)), moves: make([]float64, len(targets)*len(f.active)), rows: make([]float64, len(targets)*f.l.p),
		finite: o.Finite, values: make([]float64, groups)}
	for i, g := range group {
		if g >= 0 {
			d.size[g] += targets[i].Size
			d.order = append(d.order, i)
		}
	}
	slices.SortStableFunc(d.order, func(i, j int) int {
		if c := targets[i].Function - targets[j].Function; c != 0 {
			return c
		}
		return targets[i].Department - targets[j].Department
	})
	k, p := len(f.active), f.l.p
	f.visit(targets, needs{}, func(i int, m moments) {
		d.centre[i] = m.mean
		copy(d.moves[i*k:(i+1)*k], m.moves)
		f.l.columns(d.rows[i*p:(i+1)*p], targets[i].X, targets[i].Function)
	})
	d.hyper = append([]float64(nil), f.hyper...)
	for i := range k {
		d.hyper[i*k+i] += 1e-300 // a variance that is held has no error
	}
	if !cholesky(d.hyper, k) {
		clear(d.hyper)
	}
	return d
}

// next draws once. Errors are drawn from the top down: departments and fixed effects, families, functions, cells.
func (d *draws) next() []float64 {
	f, l, s := d.f, d.f.l, d.f.wide.s
	sd := math.Sqrt(f.Residual)
	dense := make([]float64, s.n)
	for i := range dense {
		dense[i] = sd * d.r.NormFloat64()
	}
	s.colour(dense)
	family := make([]float64, l.families)
	if s.families {
		for g := range family {
			phi := s.gamma[FamilyTerm] * s.famK[g]
			family[g] = sd*math.Sqrt(phi)*d.r.NormFloat64() - phi*dot(s.famH[g*s.n:(g+1)*s.n], dense)
		}
	}
	k := len(f.active)
	hyper, z := make([]float64, k), make([]float64, k)
	for i := range z {
		z[i] = d.r.NormFloat64()
		hyper[i] = dot(d.hyper[i*k:i*k+i+1], z[:i+1])
	}
	clear(d.values)
	last, own := -1, 0.0
	lastDept, cell := -1, 0.0
	p, beta := l.p, dense[l.departments:]
	for _, i := range d.order {
		t := &d.targets[i]
		bg := family[l.family[t.Function]]
		if t.Function != last {
			last, lastDept = t.Function, -1
			own = d.function(last, sd, bg, dense)
		}
		if t.Department != lastDept {
			lastDept = t.Department
			cell = d.cell(t, sd, own+bg+dense[t.Department], beta)
		}
		eta := d.centre[i] + own + bg + dense[t.Department] + cell + dot(d.rows[i*p:(i+1)*p], beta) + dot(d.moves[i*k:(i+1)*k], hyper)
		d.values[d.group[i]] += d.total(t, eta) / d.size[d.group[i]]
	}
	return d.values
}

func (d *draws) function(fn int, sd, family float64, dense []float64) float64 {
	l, s, p := d.f.l, d.f.wide.s, d.f.l.p
	phi := s.gamma[FunctionTerm] * s.funcK[fn]
	if phi == 0 {
		return 0
	}
	pull := s.funcW[fn]*family + dot(s.funcX[fn*p:(fn+1)*p], dense[l.departments:])
	for c := l.cells[fn]; c < l.cells[fn+1]; c++ {
		pull += s.omega[c] * dense[l.dept[c]]
	}
	return sd*math.Sqrt(phi)*d.r.NormFloat64() - phi*pull
}

func (d *draws) cell(t *Target, sd, margin float64, beta []float64) float64 {
	s, p := d.f.wide.s, d.f.l.p
	gamma := s.gamma[CellTerm]
	if gamma == 0 {
		return 0
	}
	c := d.f.l.cell(t.Function, t.Department)
	if c < 0 {
		return sd * math.Sqrt(gamma) * d.r.NormFloat64()
	}
	phi := gamma * s.cellK[c]
	return sd*math.Sqrt(phi)*d.r.NormFloat64() - phi*(s.cellW[c]*margin+dot(s.cellX[c*p:(c+1)*p], beta))
}

// total is the sum over the people of a target, given the linear predictor.
func (d *draws) total(t *Target, eta float64) float64 {
	mean, noise := eta, d.f.Residual
	if d.f.share {
		mean = expit(eta)
		noise = mean * (1 - mean)
	}
	if !d.finite {
		return t.Size * mean
	}
	known, rest := t.rest()
	sum := rest*mean + math.Sqrt(rest*noise)*d.r.NormFloat64()
	if d.f.share {
		sum = math.Max(0, math.Min(rest, sum))
	}
	return known + sum
}
