package analysis

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"

	"tekentafel/internal/report/findings"
	"tekentafel/internal/stats"
)

// comparisons tests whether groups differ, on the groups that are shown, and adjusts over all tests of the report.
func (e *estimator) comparisons(ctx context.Context, step func(done, total int)) ([]findings.Compare, error) {
	n := len(e.sheet.questions)
	found := make([][]findings.Compare, n)
	var done atomic.Int64
	err := e.each(ctx, func(ctx context.Context, qi int) (err error) {
		found[qi], err = e.compareQuestion(ctx, qi)
		step(int(done.Add(1)), n)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := append([]findings.Compare{}, slices.Concat(found...)...)
	p := make([]float64, len(out))
	for i := range out {
		p[i] = out[i].P
	}
	for i, adjusted := range stats.Holm(p) {
		out[i].PAdjusted = adjusted
	}
	return out, nil
}

// compareQuestion tests one question by each grouping of which at least two groups are shown.
func (e *estimator) compareQuestion(ctx context.Context, qi int) ([]findings.Compare, error) {
	q := e.sheet.questions[qi]
	if !q.tested {
		return nil, nil
	}
	var out []findings.Compare
	for gi, g := range e.sheet.groupings[:e.sheet.shown] {
		if !q.breaksDownBy(g) {
			continue
		}
		keep, groups := e.keep(qi, gi)
		if groups < 2 {
			continue
		}
		c, err := e.compare(ctx, q, gi, keep)
		if err != nil {
			return nil, err
		}
		out = append(out, c...)
	}
	return out, nil
}

// compare tests one question by one grouping: a test a part. What cannot be tested gives no test.
func (e *estimator) compare(ctx context.Context, q *question, gi int, keep []bool) ([]findings.Compare, error) {
	g := e.sheet.groupings[gi]
	var out []findings.Compare
	for i := range q.parts {
		p := &q.parts[i]
		var t stats.Test
		var err error
		if q.values != nil {
			t, err = e.stats.CompareMeans(ctx, stats.Scored{Codes: e.sheet.columns[p.column], Values: q.values}, g.codes, keep, e.tally.by[gi][p.column])
		} else {
			x := e.cross(p, gi)
			x.Keep = keep
			t, err = e.stats.CompareShares(ctx, x)
		}
		if errors.Is(err, stats.ErrNotComparable) {
			continue
		}
		if err != nil {
			return nil, err
		}
		c := findings.Compare{
			Target: q.about.ID, By: g.variable, Test: t.Name, Statistic: t.F, DF1: t.DF1, DF2: t.DF2, P: t.P,
			Effect: t.Effect, EffectLow: t.Low, EffectHigh: t.High, EffectName: t.EffectName, Groups: t.Groups,
		}
		if len(q.parts) > 1 {
			c.Option = p.options[len(p.options)-1]
		}
		out = append(out, c)
	}
	return out, nil
}
