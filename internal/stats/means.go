package stats

import (
	"context"
	"math"
)

// Mean is the weighted mean of a scored column with its 95 % interval. Every figure is finite; a base of nobody gives
// zeros with Base 0.
type Mean struct {
	Base int     // units with a score, unweighted
	Mean float64 // as svymean
	SD   float64 // of the scores in the population: the root of svyvar, sum w (y-m)^2 / sum w * n/(n-1)
	SE   float64 // standard error of Mean
	DF   float64
	// Low and High are Mean -+ t*SE at Level. Without degrees of freedom they are the lowest and the highest score that
	// the column can take.
	Low, High float64
}

// Total is the weighted sum of a scored column with its 95 % interval, as svytotal: the estimate for the population
// when the weights add up to it.
type Total struct {
	Base      int
	Total, SE float64
	DF        float64
	Low, High float64 // Total -+ t*SE; equal to Total without degrees of freedom, where nothing can be said
}

// scoreCross turns a scored column into classes: codes with a value are the base.
func scoreCross(s Scored, group *Codes, table *Table) (Cross, []float64) {
	class := make([]int, s.Codes.K)
	var values []float64
	for k, v := range s.Values {
		class[k] = -1
		if !math.IsNaN(v) {
			class[k] = len(values)
			values = append(values, v)
		}
	}
	return Cross{Item: s.Codes, Class: class, Classes: len(values), Group: group, Table: table}, values
}

// Means estimates the mean score in each group (one without a group column), on subset(design, has a score and in the
// group). table is the tally of the column's codes by the group; nil: gathered here.
func (e *Estimator) Means(ctx context.Context, s Scored, group *Codes, table *Table) ([]Mean, error) {
	t, values, x, err := e.scores(ctx, s, group, table)
	if err != nil {
		return nil, err
	}
	means := make([]Mean, t.G)
	for g := range means {
		means[g] = meanOf(t, g, values)
	}
	var out *sums
	if !e.Plain() {
		features := func(x *Cross) *features { return meanFeatures(x, values, means) }
		if out, err = e.sums(ctx, &x, t, features); err != nil {
			return nil, err
		}
	}
	for g := range means {
		m, b := &means[g], baseOf(t, g)
		if b.w <= 0 {
			continue
		}
		m.DF = float64(b.positive) - 1
		var v float64
		if out == nil {
			v = e.kappa * weighted2(t, g, values, m.Mean)
		} else {
			m.DF = out.df(g)
			v = e.featureVariance(out, g)
		}
		m.SE = math.Sqrt(v) / b.w
		m.setInterval(values)
	}
	return means, nil
}

// Totals estimates the total score in each group. Units without a score count as zero.
func (e *Estimator) Totals(ctx context.Context, s Scored, group *Codes, table *Table) ([]Total, error) {
	t, values, x, err := e.scores(ctx, s, group, table)
	if err != nil {
		return nil, err
	}
	var out *sums
	if !e.Plain() {
		features := func(x *Cross) *features { return totalFeatures(x, values) }
		if out, err = e.sums(ctx, &x, t, features); err != nil {
			return nil, err
		}
	}
	totals := make([]Total, t.G)
	for g := range totals {
		r, b := &totals[g], baseOf(t, g)
		r.Base = int(b.n)
		if b.w <= 0 {
			continue
		}
		for c, v := range values {
			r.Total += v * t.At(g, c).W
		}
		v := 0.0
		if out == nil {
			r.DF = float64(b.positive) - 1
			v = e.plainTotalVariance(weighted2(t, g, values, 0), r.Total)
		} else {
			r.DF = out.df(g)
			v = e.featureVariance(out, g)
		}
		r.SE = math.Sqrt(v)
		r.Low, r.High = r.Total, r.Total
		if r.DF > 0 {
			half := tQuantile(Level, r.DF) * r.SE
			r.Low, r.High = r.Total-half, r.Total+half
		}
	}
	return totals, nil
}

// plainTotalVariance centres the weighted values at their mean over all units; a lonely unit stays as it is.
func (e *Estimator) plainTotalVariance(squares, total float64) float64 {
	v := squares
	if e.design.N > 1 {
		v -= total * total / float64(e.design.N)
	}
	return settled(e.kappa*v, e.kappa*squares)
}

func (e *Estimator) scores(ctx context.Context, s Scored, group *Codes, table *Table) (*Table, []float64, Cross, error) {
	x, values := scoreCross(s, group, table)
	t, err := e.table(ctx, &x)
	return t, values, x, err
}

// meanOf returns base, mean and standard deviation.
func meanOf(t *Table, g int, values []float64) Mean {
	b := baseOf(t, g)
	m := Mean{Base: int(b.n)}
	if b.w <= 0 {
		return m
	}
	for c, v := range values {
		m.Mean += v * (t.At(g, c).W / b.w)
	}
	var squares float64
	for c, v := range values {
		squares += t.At(g, c).W / b.w * (v - m.Mean) * (v - m.Mean)
	}
	if n := float64(b.positive); n > 1 {
		m.SD = math.Sqrt(squares * n / (n - 1))
	}
	return m
}

// weighted2 returns the sum over the units of a group of w^2 (value-centre)^2.
func weighted2(t *Table, g int, values []float64, centre float64) float64 {
	var s float64
	for c, v := range values {
		s += t.At(g, c).W2 * (v - centre) * (v - centre)
	}
	return s
}

// meanFeatures makes one feature a group, with the scores' distance from its mean.
func meanFeatures(x *Cross, values []float64, means []Mean) *features {
	return scoreFeatures(x, func(g, c int) float64 { return values[c] - means[g].Mean })
}

func totalFeatures(x *Cross, values []float64) *features {
	return scoreFeatures(x, func(_, c int) float64 { return values[c] })
}

func scoreFeatures(x *Cross, score func(g, class int) float64) *features {
	n := x.groups() * x.Item.K
	f := &features{of: make([]int32, n), coef: make([]float64, n), count: x.groups()}
	for g := range x.groups() {
		for k := range x.Item.K {
			i := g*x.Item.K + k
			f.of[i] = -1
			if c := x.class(k); c >= 0 && x.keeps(g) {
				f.of[i], f.coef[i] = int32(g), score(g, c)
			}
		}
	}
	return f
}

// featureVariance returns the variance of the total of feature i, after raking.
func (e *Estimator) featureVariance(s *sums, i int) float64 {
	v := s.own[i]
	if m := e.margins; m != nil {
		v = m.variance(v, s.level[i*m.levels:(i+1)*m.levels], s.plain[i*m.levels:(i+1)*m.levels])
	}
	return settled(v, s.raw[i])
}

func (m *Mean) setInterval(values []float64) {
	if m.DF > 0 {
		half := tQuantile(Level, m.DF) * m.SE
		m.Low, m.High = m.Mean-half, m.Mean+half
		return
	}
	m.Low, m.High = m.Mean, m.Mean
	for _, v := range values {
		m.Low, m.High = math.Min(m.Low, v), math.Max(m.High, v)
	}
}
