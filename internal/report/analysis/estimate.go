package analysis

import (
	"context"
	"runtime"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"tekentafel/internal/disclosure"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/stats"
)

// estimator computes the shares and means of a sheet that may be published.
type estimator struct {
	sheet *sheet
	stats *stats.Estimator
	tally *tallies
	hide  *disclosure.Decision
}

// figures returns every share and mean, overall and by group; what stays hidden has no figures. Questions are worked on
// in parallel and come out in their order.
func (e *estimator) figures(ctx context.Context, step func(done, total int)) ([]findings.Share, []findings.Mean, error) {
	n := len(e.sheet.questions)
	shares, means := make([][]findings.Share, n), make([][]findings.Mean, n)
	var done atomic.Int64
	err := e.each(ctx, func(ctx context.Context, qi int) (err error) {
		shares[qi], means[qi], err = e.question(ctx, qi)
		step(int(done.Add(1)), n)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	return slices.Concat(shares...), slices.Concat(means...), nil
}

// each calls do for every question, in parallel.
func (e *estimator) each(ctx context.Context, do func(ctx context.Context, qi int) error) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for qi := range e.sheet.questions {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return do(ctx, qi)
		})
	}
	return g.Wait()
}

// question returns the shares and means of one question, overall and by each grouping.
func (e *estimator) question(ctx context.Context, qi int) (shares []findings.Share, means []findings.Mean, err error) {
	q := e.sheet.questions[qi]
	for gi := -1; gi < e.sheet.shown; gi++ {
		if gi >= 0 && !q.breaksDownBy(e.sheet.groupings[gi]) {
			continue
		}
		if q.shares {
			s, err := e.shares(ctx, qi, gi)
			if err != nil {
				return nil, nil, err
			}
			shares = append(shares, s...)
		}
		if q.values != nil {
			m, err := e.means(ctx, qi, gi)
			if err != nil {
				return nil, nil, err
			}
			means = append(means, m...)
		}
	}
	return shares, means, nil
}

// shares returns the shares of the options of question qi by grouping gi, or over everyone when gi is -1.
func (e *estimator) shares(ctx context.Context, qi, gi int) ([]findings.Share, error) {
	q := e.sheet.questions[qi]
	var out []findings.Share
	for i := range q.parts {
		p := &q.parts[i]
		table, err := e.stats.Shares(ctx, e.cross(p, gi))
		if err != nil {
			return nil, err
		}
		for _, row := range e.rows(gi) {
			for class, option := range p.options {
				if option == "" {
					continue
				}
				s := findings.Share{Item: q.about.ID, Option: option, Group: row.group}
				if e.hidden(qi, gi, row.index) || (gi < 0 && e.hiddenValue(q, option)) {
					s.Suppressed = true
				} else {
					c := table.At(row.cell, class)
					s.N, s.Base, s.Share, s.SE, s.Low, s.High, s.Method = c.N, c.Base, c.Share, c.SE, c.Low, c.High, c.Method
					s.DF, s.Effective = c.DF, c.EffectiveN
				}
				out = append(out, s)
			}
		}
	}
	return out, nil
}

// cross describes the table of a part by grouping gi, or over everyone when gi is -1.
func (e *estimator) cross(p *part, gi int) stats.Cross {
	x := stats.Cross{Item: e.sheet.columns[p.column], Class: p.class, Classes: len(p.options), Table: e.tally.overall[p.column]}
	if gi >= 0 {
		x.Group, x.Table = &e.sheet.groupings[gi].codes, e.tally.by[gi][p.column]
	}
	return x
}

// means returns the means of question qi by grouping gi, or over everyone when gi is -1.
func (e *estimator) means(ctx context.Context, qi, gi int) ([]findings.Mean, error) {
	q := e.sheet.questions[qi]
	x := e.cross(&q.parts[0], gi)
	estimates, err := e.stats.Means(ctx, stats.Scored{Codes: x.Item, Values: q.values}, x.Group, x.Table)
	if err != nil {
		return nil, err
	}
	var out []findings.Mean
	for _, row := range e.rows(gi) {
		m := findings.Mean{Construct: q.about.ID, Group: row.group}
		if e.hidden(qi, gi, row.index) {
			m.Suppressed = true
		} else {
			c := estimates[row.cell]
			m.Base, m.Mean, m.SD, m.SE, m.DF, m.Low, m.High = c.Base, c.Mean, c.SD, c.SE, c.DF, c.Low, c.High
		}
		out = append(out, m)
	}
	return out, nil
}

// row is a line of a breakdown.
type row struct {
	index int // of the group
	cell  int // row of the tally
	group *findings.Group
}

// rows returns the groups of grouping gi, or one line for everyone when gi is -1.
func (e *estimator) rows(gi int) []row {
	if gi < 0 {
		return []row{{}}
	}
	g := e.sheet.groupings[gi]
	rows := make([]row, len(g.values))
	for i, v := range g.values {
		rows[i] = row{index: i, cell: g.cell(i), group: &findings.Group{Variable: g.variable, Value: v}}
	}
	return rows
}

// hidden tells whether question qi stays hidden in group i of grouping gi, or over everyone when gi is -1.
func (e *estimator) hidden(qi, gi, i int) bool {
	d := &e.hide.Questions[qi]
	return d.Total.Hidden() || (gi >= 0 && e.hide.Cell(qi, gi, i).Hidden())
}

// hiddenValue tells whether the number of people with a value of a background variable stays hidden.
func (e *estimator) hiddenValue(q *question, option string) bool {
	for gi, g := range e.sheet.groupings {
		if g.variable != q.about.ID {
			continue
		}
		for i, v := range g.values {
			if v == option {
				return e.hide.Groups[gi][i].Hidden()
			}
		}
	}
	return false
}

// keep tells, by row of the tally, which groups of grouping gi may take part in a comparison on question qi.
func (e *estimator) keep(qi, gi int) (keep []bool, groups int) {
	g := e.sheet.groupings[gi]
	keep = make([]bool, g.codes.K)
	for i := range g.values {
		if !e.hidden(qi, gi, i) {
			keep[g.cell(i)] = true
			groups++
		}
	}
	return keep, groups
}

// questions describes what was asked, and what became of each question over the respondents.
func (e *estimator) questions() []findings.Question {
	out := make([]findings.Question, len(e.sheet.questions))
	for i, q := range e.sheet.questions {
		out[i] = q.about
		own := e.tally.overall[q.parts[0].column]
		fate(&out[i], func(code int) int { return int(own.At(0, code).N) }, own.K)
	}
	return out
}

// groups describes the background variables that figures are broken down by.
func (e *estimator) groups() []findings.Grouping {
	out := []findings.Grouping{}
	for gi, g := range e.sheet.groupings[:e.sheet.shown] {
		fg := findings.Grouping{Variable: g.variable, Label: g.label}
		n := g.people(e.tally.overall[g.column])
		for i, v := range g.values {
			value := findings.GroupValue{Value: v, Label: g.labels[i]}
			if e.hide.Groups[gi][i].Hidden() {
				value.Suppressed = true
			} else {
				value.N = n[i]
			}
			fg.Values = append(fg.Values, value)
		}
		out = append(out, fg)
	}
	return out
}
