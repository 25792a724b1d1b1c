package stats

import (
	"context"
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// ErrNotComparable marks a comparison that the data cannot carry; the error around it says why.
var ErrNotComparable = errors.New("groups cannot be compared")

// Names of tests and effect sizes.
const (
	RaoScott   = "rao-scott-f"
	WaldF      = "wald-f"
	CramersV   = "cramers-v"
	EtaSquared = "eta-squared"
)

// maxCells bounds the table that a comparison takes in: its covariance has this number squared of entries in a design
// with strata, clusters or raking.
const maxCells = 4096

// maxProjection bounds cells times the shorter side of a table in a plain design.
const maxProjection = 8 << 20

// Test is a test whether groups differ, with an effect size and its interval.
type Test struct {
	Name       string // RaoScott or WaldF
	F          float64
	DF1, DF2   float64
	P          float64
	Groups     int    // groups with respondents in the base
	Base       int    // units compared, unweighted
	EffectName string // CramersV or EtaSquared
	Effect     float64
	// Low and High bound the effect in the population at Level, by inversion of the noncentral F distribution of F.
	// Effect is biased upwards, the interval is not; where it lies outside, the interval is widened to it.
	Low, High float64
	// Corrected is the effect less what sampling makes of no effect at all; 0 or more.
	Corrected float64
}

// CompareShares tests whether the classes of x are spread alike over its groups: Pearson's statistic with the second
// order correction of Rao & Scott (1984), as svychisq(statistic = "F") on subset(design, in the base and in a kept
// group). Empty groups and classes are left out.
//
// The effect is Cramer's V of the weighted table. Its interval inverts the noncentral F with the test's own degrees of
// freedom, where the noncentrality is DF1 times Pearson's phi-squared over its expectation without an effect.
//
// An error that wraps ErrNotComparable says why there is no test.
func (e *Estimator) CompareShares(ctx context.Context, x Cross) (Test, error) {
	t, err := e.table(ctx, &x)
	if err != nil {
		return Test{}, err
	}
	c := newContingency(t, &x)
	if err := c.check(!e.Plain() && !e.talliedRaking(t)); err != nil {
		return Test{}, err
	}
	a := newAdditive(c.p, c.rows, c.cols)
	tr, tr2, scale, df := 0.0, 0.0, 0.0, float64(c.positive)-1
	switch {
	case e.Plain():
		tr, tr2 = a.lowRankTraces(c.q, c.plainFactors(), []float64{0, -1, -1, sumOf(c.q)}, 2)
		tr, tr2, scale = e.kappa*tr, e.kappa*e.kappa*tr2, e.kappa*c.relative(c.q)
	case e.talliedRaking(t):
		tr, tr2, scale = c.rakedTraces(a, e.cellSums(&x, t, c), e.margins)
	default:
		v, s, err := e.cellCovariance(ctx, &x, c)
		if err != nil {
			return Test{}, err
		}
		df, scale = s.domainDF(), c.relative(s.raw)/(c.w*c.w)
		tr, tr2 = a.denseTraces(v)
	}
	if !(settled(tr, scale) > 0 && tr2 > 0) {
		return Test{}, fmt.Errorf("%w: the table has no sampling variance", ErrNotComparable)
	}
	if df <= 0 {
		return Test{}, fmt.Errorf("%w: no degrees of freedom; the design has one sampling unit a stratum", ErrNotComparable)
	}
	return c.test(tr, tr2, df), nil
}

// contingency is a table of weighted proportions without empty rows and columns, the longer side as rows.
type contingency struct {
	rows, cols int
	p, q       []float64 // share of the weights, and squared weights over the squared sum of weights
	cell       []int32   // of group g, class c at g*classes+c: its place in p; -1: left out
	groups     int
	n          int
	positive   int64
	w          float64
}

func newContingency(t *Table, x *Cross) *contingency {
	c := &contingency{cell: make([]int32, len(t.Cells))}
	groupAt, classAt := make([]int, t.G), make([]int, t.K)
	rowW, colW := make([]float64, t.G), make([]float64, t.K)
	for g := range t.G {
		for k := range t.K {
			if x.keeps(g) {
				rowW[g] += t.At(g, k).W
				colW[k] += t.At(g, k).W
			}
		}
	}
	groups, classes := numberPositive(rowW, groupAt), numberPositive(colW, classAt)
	c.groups, c.rows, c.cols = groups, groups, classes
	if classes > groups {
		c.rows, c.cols = classes, groups
	}
	c.p, c.q = make([]float64, groups*classes), make([]float64, groups*classes)
	for g := range t.G {
		for k := range t.K {
			i := g*t.K + k
			c.cell[i] = -1
			if groupAt[g] < 0 || classAt[k] < 0 {
				continue
			}
			at := groupAt[g]*c.cols + classAt[k]
			if classes > groups {
				at = classAt[k]*c.cols + groupAt[g]
			}
			c.cell[i] = int32(at)
			c.p[at], c.q[at] = t.Cells[i].W, t.Cells[i].W2
			c.n += int(t.Cells[i].N)
			c.positive += t.positive(i)
			c.w += t.Cells[i].W
		}
	}
	for i := range c.p {
		c.p[i] /= c.w
		c.q[i] /= c.w * c.w
	}
	return c
}

func numberPositive(sums []float64, at []int) int {
	n := 0
	for i, s := range sums {
		at[i] = -1
		if s > 0 {
			at[i] = n
			n++
		}
	}
	return n
}

func (c *contingency) check(dense bool) error {
	switch {
	case c.groups < 2:
		return fmt.Errorf("%w: %d group with respondents; a comparison needs two", ErrNotComparable, c.groups)
	case c.cols < 2:
		return fmt.Errorf("%w: everyone gave the same answer", ErrNotComparable)
	case dense && len(c.p) > maxCells:
		return fmt.Errorf("%w: %d cells of group and answer, at most %d in a design with strata, clusters or raking; merge groups",
			ErrNotComparable, len(c.p), maxCells)
	case len(c.p)*c.cols > maxProjection:
		return fmt.Errorf("%w: %d by %d cells are too many; merge groups or answers", ErrNotComparable, c.rows, c.cols)
	}
	return nil
}

// phi2 is Pearson's statistic of the proportions.
func (c *contingency) phi2() float64 {
	row, col := make([]float64, c.rows), make([]float64, c.cols)
	for i := range c.p {
		row[i/c.cols] += c.p[i]
		col[i%c.cols] += c.p[i]
	}
	var s float64
	for i, p := range c.p {
		expected := row[i/c.cols] * col[i%c.cols]
		s += (p - expected) * (p - expected) / expected
	}
	return s
}

// relative sums v over the cells, each relative to its proportion.
func (c *contingency) relative(v []float64) float64 {
	var s float64
	for i, p := range c.p {
		if p > 0 {
			s += v[i] / p
		}
	}
	return s
}

func (c *contingency) test(tr, tr2, df float64) Test {
	phi2, size := c.phi2(), float64(c.cols-1)
	d := tr * tr / tr2
	r := Test{
		Name: RaoScott, F: phi2 / tr, DF1: d, DF2: d * df, Groups: c.groups, Base: c.n, EffectName: CramersV,
		Effect: math.Sqrt(math.Min(1, phi2/size)), Corrected: math.Sqrt(math.Min(1, math.Max(0, phi2-tr)/size)),
	}
	r.P = fTail(r.F, r.DF1, r.DF2)
	low, high := noncentralityInterval(r.F, r.DF1, r.DF2, Level)
	r.setInterval(math.Sqrt(math.Min(1, low*tr/d/size)), math.Sqrt(math.Min(1, high*tr/d/size)))
	return r
}

// setInterval widens the interval to hold the estimate.
func (r *Test) setInterval(low, high float64) {
	r.Low, r.High = math.Min(low, r.Effect), math.Max(high, r.Effect)
}

// features makes one feature a cell of the table.
func (c *contingency) features(x *Cross) *features {
	f := &features{of: make([]int32, x.groups()*x.Item.K), count: len(c.p)}
	for g := range x.groups() {
		for k := range x.Item.K {
			f.of[g*x.Item.K+k] = -1
			if j := x.class(k); j >= 0 {
				f.of[g*x.Item.K+k] = c.cell[g*x.classes()+j]
			}
		}
	}
	return f
}

// cellSums is for a raked design from its tallies.
func (e *Estimator) cellSums(x *Cross, t *Table, c *contingency) *sums {
	return e.tallied(t, c.features(classed(x, t)))
}

// plainFactors are the columns y of V = diag(q) + y m y' = diag(q) - q p' - p q' + Q p p', the covariance in a plain
// design but for kappa.
func (c *contingency) plainFactors() []float64 {
	y := make([]float64, 2*len(c.p))
	for i := range c.p {
		y[2*i], y[2*i+1] = c.q[i], c.p[i]
	}
	return y
}

// rakedTraces adds to the plain covariance what the margins take out: with F the covariances of the cells with the
// level totals and T the cells' margin effects, - F T' - T F' + T cov T'.
func (c *contingency) rakedTraces(a *additive, s *sums, m *margins) (tr, tr2, scale float64) {
	l, square := m.levels, c.w*c.w
	n := 2 + 2*l
	centreLevels(s.level, c.p, l)
	centreLevels(s.plain, c.p, l)
	fit := product(s.plain, m.inverse, len(c.p), l, l)
	y, mid, q := make([]float64, len(c.p)*n), make([]float64, n*n), make([]float64, len(c.p))
	for i := range c.p {
		q[i] = s.raw[i] / square
		row := y[i*n:]
		row[0], row[1] = q[i], c.p[i]
		for k := range l {
			row[2+k], row[2+l+k] = s.level[i*l+k]/square, fit[i*l+k]
		}
	}
	mid[1], mid[n], mid[n+1] = -1, -1, sumOf(q)
	for k := range l {
		mid[(2+k)*n+2+l+k], mid[(2+l+k)*n+2+k] = -1, -1
		for j := range l {
			mid[(2+l+k)*n+2+l+j] = m.cov[k*l+j] / square
		}
	}
	tr, tr2 = a.lowRankTraces(q, y, mid, n)
	return tr, tr2, c.relative(q)
}

func sumOf(v []float64) float64 {
	var s float64
	for _, x := range v {
		s += x
	}
	return s
}

// cellCovariance returns the covariance of the cell proportions in any design.
func (e *Estimator) cellCovariance(ctx context.Context, x *Cross, c *contingency) ([]float64, *sums, error) {
	n := len(c.p)
	f := c.features(x)
	f.full = true
	s, err := e.linearise(ctx, x.Item, x.Group, f)
	if err != nil {
		return nil, nil, err
	}
	v := s.full
	rowSum, all := make([]float64, n), 0.0
	for i := range n {
		for j := range n {
			rowSum[i] += v[i*n+j]
		}
		all += rowSum[i]
	}
	for i := range n {
		for j := range n {
			v[i*n+j] += all*c.p[i]*c.p[j] - rowSum[i]*c.p[j] - c.p[i]*rowSum[j]
		}
	}
	if e.margins != nil {
		centreLevels(s.level, c.p, e.margins.levels)
		centreLevels(s.plain, c.p, e.margins.levels)
		e.margins.takeOut(v, s, n)
	}
	for i := range v {
		v[i] /= c.w * c.w
	}
	return v, s, nil
}

// centreLevels subtracts from each row its proportion of the sum of rows.
func centreLevels(x, p []float64, levels int) {
	total := make([]float64, levels)
	for i := range p {
		for l := range levels {
			total[l] += x[i*levels+l]
		}
	}
	for i := range p {
		for l := range levels {
			x[i*levels+l] -= p[i] * total[l]
		}
	}
}

// takeOut removes the margins' effects from the covariance v of n influences.
func (m *margins) takeOut(v []float64, s *sums, n int) {
	level, plain := mat.NewDense(n, m.levels, s.level), mat.NewDense(n, m.levels, s.plain)
	var fit, spread, out mat.Dense
	fit.Mul(plain, mat.NewDense(m.levels, m.levels, m.inverse))
	spread.Mul(&fit, mat.NewDense(m.levels, m.levels, m.cov))
	spread.Sub(&spread, level)
	out.Mul(&spread, fit.T()) // fit cov fit' - level fit'
	cross := mat.NewDense(n, n, nil)
	cross.Mul(&fit, level.T())
	for i := range n {
		for j := range n {
			v[i*n+j] += out.At(i, j) - cross.At(i, j)
		}
	}
}
