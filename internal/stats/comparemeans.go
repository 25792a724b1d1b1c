package stats

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// CompareMeans tests whether the mean scores of the kept groups are equal: the design-based Wald F of
// regTermTest(svyglm(score ~ group, subset(design, has a score and in a kept group)), ~group). keep nil: all groups;
// groups without a score are left out. table is the tally of the column's codes by group; nil: gathered here.
//
// The effect is eta squared of the weighted scores: the sum of squares between groups over the total. Its interval
// inverts the noncentral F; a noncentrality stands for that many times the sum of squares between groups that sampling
// alone gives a degree of freedom.
//
// An error that wraps ErrNotComparable says why there is no test.
func (e *Estimator) CompareMeans(ctx context.Context, s Scored, group Codes, keep []bool, table *Table) (Test, error) {
	x, values := scoreCross(s, &group, table)
	x.Keep = keep
	t, err := e.table(ctx, &x)
	if err != nil {
		return Test{}, err
	}
	c := newMeansCompared(t, &x, values)
	if c.len() < 2 {
		return Test{}, fmt.Errorf("%w: %d group with a score; a comparison needs two", ErrNotComparable, c.len())
	}
	df := float64(c.positive) - 1
	var chi2, noise float64
	if e.Plain() {
		chi2, noise, err = c.plainWald(e.kappa)
	} else {
		if t.G > maxCells {
			return Test{}, fmt.Errorf("%w: %d groups, at most %d; merge groups", ErrNotComparable, t.G, maxCells)
		}
		var v []float64
		var out *sums
		if v, out, err = e.meanCovariance(ctx, &x, t, values, c); err != nil {
			return Test{}, err
		}
		df = out.domainDF()
		chi2, noise, err = c.denseWald(v)
	}
	if err != nil {
		return Test{}, err
	}
	df1 := float64(c.len() - 1)
	df2 := df - df1
	if df2 <= 0 {
		return Test{}, fmt.Errorf("%w: %d groups leave no degrees of freedom among %v; merge groups", ErrNotComparable, c.len(), df)
	}
	return c.test(chi2/df1, df1, df2, noise), nil
}

// meansCompared holds the groups that have a score.
type meansCompared struct {
	group           []int // of the tally
	mean, w         []float64
	squares         []float64 // sum of w^2 (y-mean)^2
	between, within float64   // weighted sums of squares
	n               int
	positive        int64
	means           []Mean // by group of the tally
}

func newMeansCompared(t *Table, x *Cross, values []float64) *meansCompared {
	c := &meansCompared{means: make([]Mean, t.G)}
	var all, total float64
	for g := range t.G {
		b := baseOf(t, g)
		if !x.keeps(g) || b.w <= 0 {
			continue
		}
		m := meanOf(t, g, values)
		c.means[g] = m
		c.group = append(c.group, g)
		c.mean, c.w = append(c.mean, m.Mean), append(c.w, b.w)
		c.squares = append(c.squares, weighted2(t, g, values, m.Mean))
		c.n += int(b.n)
		c.positive += b.positive
		all += b.w
		total += b.w * m.Mean
		for k, v := range values {
			c.within += t.At(g, k).W * (v - m.Mean) * (v - m.Mean)
		}
	}
	for i, m := range c.mean {
		c.between += c.w[i] * (m - total/all) * (m - total/all)
	}
	return c
}

func (c *meansCompared) len() int { return len(c.group) }

func (c *meansCompared) weight() float64 {
	var s float64
	for _, w := range c.w {
		s += w
	}
	return s
}

// plainWald uses that the groups of a plain design are independent: the statistic is the spread around the mean weighted
// by precision. noise is the expected sum of squares between groups without an effect.
func (c *meansCompared) plainWald(kappa float64) (chi2, noise float64, err error) {
	all := c.weight()
	v := make([]float64, c.len())
	exact := -1
	var precision, centre float64
	for i, w := range c.w {
		v[i] = kappa * c.squares[i] / (w * w)
		noise += w * v[i] * (1 - w/all)
		if v[i] > 0 {
			precision += 1 / v[i]
			centre += c.mean[i] / v[i]
			continue
		}
		if exact >= 0 {
			return 0, 0, fmt.Errorf("%w: several groups have no sampling variance", ErrNotComparable)
		}
		exact = i
	}
	centre /= precision
	if exact >= 0 {
		centre = c.mean[exact]
	}
	for i, m := range c.mean {
		if v[i] > 0 {
			chi2 += (m - centre) * (m - centre) / v[i]
		}
	}
	return chi2, noise, nil
}

// meanCovariance returns the covariance of the groups' means in any design.
func (e *Estimator) meanCovariance(ctx context.Context, x *Cross, t *Table, values []float64, c *meansCompared) ([]float64, *sums, error) {
	at := make([]int32, t.G)
	for i := range at {
		at[i] = -1
	}
	for i, g := range c.group {
		at[g] = int32(i)
	}
	n := c.len()
	s, err := e.sums(ctx, x, t, func(x *Cross) *features {
		f := meanFeatures(x, values, c.means)
		for i, g := range f.of {
			if g >= 0 {
				f.of[i] = at[g]
			}
		}
		f.count, f.full = n, true
		return f
	})
	if err != nil {
		return nil, nil, err
	}
	v := s.full
	if e.margins != nil {
		e.margins.takeOut(v, s, n)
	}
	for i := range n {
		v[i*n+i] = settled(v[i*n+i], s.raw[i])
		for j := range n {
			v[i*n+j] /= c.w[i] * c.w[j]
		}
	}
	return v, s, nil
}

// denseWald tests the differences from the first group.
func (c *meansCompared) denseWald(v []float64) (chi2, noise float64, err error) {
	n, all := c.len(), c.weight()
	for i := range n {
		noise += c.w[i] * v[i*n+i]
		for j := range n {
			noise -= c.w[i] * c.w[j] / all * v[i*n+j]
		}
	}
	diff := mat.NewVecDense(n-1, nil)
	cov := mat.NewSymDense(n-1, nil)
	for i := 1; i < n; i++ {
		diff.SetVec(i-1, c.mean[i]-c.mean[0])
		for j := i; j < n; j++ {
			cov.SetSym(i-1, j-1, v[i*n+j]-v[i*n]-v[j]+v[0])
		}
	}
	var chol mat.Cholesky
	if !chol.Factorize(cov) || chol.Cond() > 1e12 {
		return 0, 0, fmt.Errorf("%w: the covariance of their means is singular (too few sampling units, or no spread)", ErrNotComparable)
	}
	var solved mat.VecDense
	if err := chol.SolveVecTo(&solved, diff); err != nil {
		return 0, 0, fmt.Errorf("%w: %w", ErrNotComparable, err)
	}
	return mat.Dot(diff, &solved), noise, nil
}

func (c *meansCompared) test(f, df1, df2, noise float64) Test {
	r := Test{
		Name: WaldF, F: f, DF1: df1, DF2: df2, P: fTail(f, df1, df2), Groups: c.len(), Base: c.n, EffectName: EtaSquared,
	}
	signal := math.Max(0, c.between-noise)
	r.Effect = c.between / (c.between + c.within)
	r.Corrected = signal / (signal + c.within)
	low, high := noncentralityInterval(f, df1, df2, Level)
	unit := noise / df1 / c.within
	r.setInterval(low*unit/(1+low*unit), high*unit/(1+high*unit))
	return r
}
