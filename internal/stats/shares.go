package stats

import (
	"context"
	"math"
)

// Share is the weighted share of a base that falls in a class, with its 95 % interval. Every figure is finite; a base
// of nobody gives zeros with Base 0.
type Share struct {
	N, Base int     // units in the class and in the base, unweighted
	Share   float64 // 0..1, as svymean
	SE      float64 // standard error of Share
	DF      float64 // degrees of freedom of the base: sampling units minus strata in it
	Low     float64 // 0..1, at Level
	High    float64
	Method  string // Logit or Beta
	// EffectiveN is the number of simple random respondents that would know the share as well; +Inf without sampling
	// variance.
	EffectiveN float64
}

// ShareTable holds the shares of each class in each group.
type ShareTable struct {
	Groups, Classes int
	Cells           []Share // group g, class c at g*Classes+c
}

// At returns the share of class c in group g.
func (t *ShareTable) At(g, c int) Share { return t.Cells[g*t.Classes+c] }

// Shares estimates the share of every class in every group of x (one group without a group column), as svymean of the
// indicator on subset(design, in the base and in the group). A plain design needs only x.Table.
func (e *Estimator) Shares(ctx context.Context, x Cross) (*ShareTable, error) {
	t, err := e.table(ctx, &x)
	if err != nil {
		return nil, err
	}
	r := &ShareTable{Groups: t.G, Classes: t.K, Cells: make([]Share, t.G*t.K)}
	var s *sums
	if !e.Plain() {
		if s, err = e.sums(ctx, &x, t, classFeatures); err != nil {
			return nil, err
		}
	}
	for g := range t.G {
		b := baseOf(t, g)
		var domain *shareDomain
		if s != nil {
			domain = e.shareDomain(s, g, t.K)
		}
		for c := range t.K {
			sh := &r.Cells[g*t.K+c]
			sh.N, sh.Base = int(t.At(g, c).N), int(b.n)
			if b.w <= 0 {
				continue
			}
			sh.Share = math.Min(1, t.At(g, c).W/b.w)
			sh.DF = float64(b.positive) - 1
			if s == nil {
				sh.SE = math.Sqrt(e.plainShareVariance(t, g, c, b))
			} else {
				sh.DF = s.df(g)
				sh.SE = math.Sqrt(domain.variance(g*t.K+c, sh.Share)) / b.w
			}
			sh.setInterval(e.effective(b))
		}
	}
	return r, nil
}

// table returns the tally of classes by group.
func (e *Estimator) table(ctx context.Context, x *Cross) (*Table, error) {
	if err := x.validate(); err != nil {
		return nil, err
	}
	t := x.Table
	if t == nil {
		all, err := Tally(ctx, e.design, []Codes{x.Item}, x.Group, 1)
		if err != nil {
			return nil, err
		}
		t = all[0]
	}
	if x.Class != nil {
		t = t.Recode(x.Class, x.Classes)
	}
	return t, nil
}

// base sums a group over its classes.
type base struct {
	n, positive int64
	w, w2       float64
}

func baseOf(t *Table, g int) base {
	var b base
	for i := g * t.K; i < (g+1)*t.K; i++ {
		c := t.Cells[i]
		b.n += c.N
		b.positive += t.positive(i)
		b.w += c.W
		b.w2 += c.W2
	}
	return b
}

// effective is the number of people in the base after Kish's loss by unequal weights, grown by the finite population
// factor.
func (e *Estimator) effective(b base) float64 { return b.w * b.w / b.w2 / e.sampled }

// plainShareVariance is kappa/W^2 * sum of w^2 (y-p)^2: each unit is a sampling unit of its own and influences sum to
// zero.
func (e *Estimator) plainShareVariance(t *Table, g, c int, b base) float64 {
	in, p := t.At(g, c), t.At(g, c).W/b.w
	rest := restOf(t, g, c)
	q := rest.W / b.w
	return e.kappa * (q*q*in.W2 + p*p*rest.W2) / (b.w * b.w)
}

// restOf sums the other classes; a difference of sums would lose the digits of a share near one.
func restOf(t *Table, g, c int) Cell {
	var rest Cell
	for k := range t.K {
		if k != c {
			rest.add(t.At(g, k))
		}
	}
	return rest
}

// classFeatures makes one feature a (group, class), with the group as parent.
func classFeatures(x *Cross) *features {
	groups, classes := x.groups(), x.classes()
	f := &features{
		of: make([]int32, groups*x.Item.K), count: groups * classes,
		parent: make([]int32, groups*classes), parents: groups,
	}
	for g := range groups {
		for k := range x.Item.K {
			f.of[g*x.Item.K+k] = -1
			if c := x.class(k); c >= 0 {
				f.of[g*x.Item.K+k] = int32(g*classes + c)
			}
		}
		for c := range classes {
			f.parent[g*classes+c] = int32(g)
		}
	}
	return f
}

// shareDomain finishes the variances of one group's shares from linear sums.
type shareDomain struct {
	s            *sums
	m            *margins
	g            int
	level, plain []float64 // of the group's total, by margin level
}

func (e *Estimator) shareDomain(s *sums, g, classes int) *shareDomain {
	d := &shareDomain{s: s, m: e.margins, g: g}
	if d.m == nil {
		return d
	}
	n := d.m.levels
	d.level, d.plain = make([]float64, n), make([]float64, n)
	for i := g * classes; i < (g+1)*classes; i++ {
		for l := range n {
			d.level[l] += s.level[i*n+l]
			d.plain[l] += s.plain[i*n+l]
		}
	}
	return d
}

// variance returns that of the total of w*(y-p), where y marks feature i.
func (d *shareDomain) variance(i int, p float64) float64 {
	v := d.s.own[i] - 2*p*d.s.cross[i] + p*p*d.s.parent[d.g]
	if d.m != nil {
		n := d.m.levels
		level, plain := make([]float64, n), make([]float64, n)
		for l := range n {
			level[l] = d.s.level[i*n+l] - p*d.level[l]
			plain[l] = d.s.plain[i*n+l] - p*d.plain[l]
		}
		v = d.m.variance(v, level, plain)
	}
	return settled(v, d.s.raw[i])
}
