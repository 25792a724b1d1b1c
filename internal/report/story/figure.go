package story

import (
	"math"
	"slices"

	"tekentafel/internal/chart"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
)

// Bounds of what a figure shows; its table holds everything.
const (
	maxRows     = 40 // rows of a chart by group
	maxReadRows = 8  // rows that a description reads out
)

// optionEstimates returns the shares of a question's options. For a multiple choice they are sorted by share, since its
// options have no order of their own; "other" and "none" stay last.
func (t *teller) optionEstimates(q *findings.Question) []estimate {
	byOption := map[string]*findings.Share{}
	for _, s := range t.x.shares[q.ID] {
		byOption[s.Option] = s
	}
	var list []estimate
	for i := range q.Options {
		o := &q.Options[i]
		s := byOption[o.ID]
		if s == nil || o.Missing != "" {
			continue
		}
		e := ofShare(s)
		e.label, e.last = t.own(o.Label), lastOption(o)
		list = append(list, e)
	}
	if q.Kind == string(instrument.Multiple) || q.Kind == string(instrument.Category) {
		sortByValue(t.p, list)
	}
	return list
}

// sortByValue puts the highest first; equal values in the order of the language; hidden ones after them, "other" last.
func sortByValue(p *i18n.Printer, list []estimate) {
	i18n.Collate(p, list, func(e estimate) string { return e.label })
	rank := func(e estimate) int {
		switch {
		case e.last:
			return 2
		case e.hidden:
			return 1
		}
		return 0
	}
	slices.SortStableFunc(list, func(a, b estimate) int {
		if d := rank(a) - rank(b); d != 0 {
			return d
		}
		return compare(b.value, a.value)
	})
}

// optionFigure draws the shares of a question's options.
func (t *teller) optionFigure(q *findings.Question, title string, strong []estimate) Figure {
	list := t.optionEstimates(q)
	return Figure{
		ID: q.ID, Title: title,
		Description: t.describe(list, t.p.Percent),
		Caption:     t.caption(q, baseOf(list)),
		Chart:       chart.Intervals{Rows: t.rows(list, strong, t.p.Percent), Max: 1, Percent: true},
		Table:       t.shareTable(WordAnswer, list),
	}
}

// groupFigure draws an indicator or the score of a construct by group; false when no group can be shown.
func (t *teller) groupFigure(q *findings.Question, by, title string, ref *chart.Reference, strong []estimate) (Figure, bool) {
	list := t.groupEstimates(q, by)
	if len(shown(list)) == 0 {
		return Figure{}, false
	}
	drawn := largest(list)
	f := Figure{ID: q.ID + "." + by, Title: title, Caption: t.caption(q, baseOf(nil, t.overall(q)...))}
	if q.Kind == kindConstruct {
		low, high := t.scaleEnds(q)
		f.Chart = chart.Intervals{Rows: t.rows(drawn, strong, t.oneDecimal), Min: low, Max: high}
		f.Description = t.describe(drawn, t.oneDecimal)
		f.Table = t.meanTable(WordGroup, list)
	} else {
		f.Chart = chart.Intervals{Rows: t.rows(drawn, strong, t.p.Percent), Max: 1, Percent: true, Ref: ref}
		f.Description = t.describe(drawn, t.p.Percent)
		f.Table = t.shareTable(WordGroup, list)
	}
	f.Caption = paragraph(f.Caption, t.leftOut(drawn, list))
	return f, true
}

// largest keeps the groups with the most answers where there are more than a chart can hold, in their order.
func largest(list []estimate) []estimate {
	if len(list) <= maxRows {
		return list
	}
	kept := slices.Clone(list)
	slices.SortStableFunc(kept, func(a, b estimate) int { return b.base - a.base })
	kept = kept[:maxRows]
	return slices.DeleteFunc(slices.Clone(list), func(e estimate) bool {
		return !slices.ContainsFunc(kept, func(k estimate) bool { return k.id == e.id })
	})
}

// leftOut says that a chart holds fewer groups than its table; "" when it holds them all.
func (t *teller) leftOut(drawn, list []estimate) string {
	if len(drawn) == len(list) {
		return ""
	}
	return t.say("caption.largest", args{"n": t.p.Int(len(drawn)), "all": t.p.Int(len(list))})
}

// groupEstimates returns the figure of an indicator or construct in each group.
func (t *teller) groupEstimates(q *findings.Question, by string) []estimate {
	option := ""
	if q.Kind == kindIndicator {
		option = optionYes
	}
	return t.groupsOf(measure{q, option}, by)
}

// groupsOf returns a figure in each group. Groups found in the data are sorted by their figure; groups that the instrument
// orders (age, education) keep their order.
func (t *teller) groupsOf(m measure, by string) []estimate {
	g := t.x.grouping[by]
	if g == nil {
		return nil
	}
	figures := map[string]estimate{}
	k := groupKey{m.q.ID, by}
	for _, s := range t.x.byGroup[k] {
		if m.option != "" && s.Option == m.option {
			figures[s.Group.Value] = ofShare(s)
		}
	}
	if m.option == "" {
		for _, mean := range t.x.meansGroup[k] {
			figures[mean.Group.Value] = ofMean(mean)
		}
	}
	var list []estimate
	for _, v := range g.Values {
		e, known := figures[v.Value]
		e.id, e.label = v.Value, t.own(v.Label)
		if e.label == "" {
			e.label = v.Value
		}
		e.hidden = e.hidden || !known
		list = append(list, e)
	}
	if b := t.x.question[by]; b == nil || b.Kind == string(instrument.Category) {
		sortByValue(t.p, list)
	}
	return list
}

// overall returns the figure of everyone, for its base.
func (t *teller) overall(q *findings.Question) []estimate {
	if q.Kind == kindConstruct {
		e, _ := t.x.mean(q.ID)
		return []estimate{e}
	}
	e, _ := t.x.indicator(q)
	return []estimate{e}
}

// rows makes the rows of a chart.
func (t *teller) rows(list, strong []estimate, write func(float64) string) []chart.Interval {
	rows := make([]chart.Interval, 0, len(list))
	for _, e := range list {
		r := chart.Interval{Label: e.label}
		if e.hidden {
			r.Hidden = t.tooFew()
		} else {
			r.Value, r.Low, r.High, r.Text = e.value, e.low, e.high, write(e.value)
			r.Strong = slices.ContainsFunc(strong, func(s estimate) bool { return s.id == e.id })
		}
		rows = append(rows, r)
	}
	return rows
}

// describe reads out what a chart shows, row by row.
func (t *teller) describe(list []estimate, write func(float64) string) string {
	var parts []string
	seen := shown(list)
	for _, e := range seen[:min(len(seen), maxReadRows)] {
		parts = append(parts, t.say("read.row", args{"label": e.label, "value": write(e.value), "low": write(e.low), "high": write(e.high)}))
	}
	if len(parts) == 0 {
		return t.say("not-enough", nil)
	}
	text := t.say("read.intervals", args{"rows": t.p.Series(parts)})
	if more := len(list) - len(parts); more > 0 {
		text = paragraph(text, t.p.N("read.more", more, args{"n": t.p.Int(more)}))
	}
	return text
}

// tooFew says why a figure is hidden.
func (t *teller) tooFew() string {
	if k := t.f.Disclosure.K; k > 0 {
		return t.say("too-few-below", args{"k": t.p.Int(k)})
	}
	return t.say("word."+WordSuppressed, nil)
}

// oneDecimal writes a score.
func (t *teller) oneDecimal(x float64) string { return t.p.Decimal(x, 1) }

// scaleEnds returns the end points of a construct's scale; 1 and 5 when the findings do not tell.
func (t *teller) scaleEnds(q *findings.Question) (low, high float64) {
	if q.High > q.Low {
		return q.Low, q.High
	}
	return 1, 5
}

// shareTable is the table of a figure with shares.
func (t *teller) shareTable(first string, list []estimate) Table {
	table := Table{Head: t.heads(first, WordN, WordBase, WordShare, WordFrom, WordTo)}
	for _, e := range list {
		if e.hidden {
			table.Rows = append(table.Rows, []string{e.label, "–", "–", t.tooFew(), "–", "–"})
			continue
		}
		table.Rows = append(table.Rows, []string{e.label, t.p.Int(e.n), t.p.Int(e.base), t.p.Percent(e.value), t.p.Percent(e.low), t.p.Percent(e.high)})
	}
	return table
}

// meanTable is the table of a figure with scores.
func (t *teller) meanTable(first string, list []estimate) Table {
	table := Table{Head: t.heads(first, WordBase, WordMean, WordFrom, WordTo)}
	for _, e := range list {
		if e.hidden {
			table.Rows = append(table.Rows, []string{e.label, "–", t.tooFew(), "–", "–"})
			continue
		}
		table.Rows = append(table.Rows, []string{e.label, t.p.Int(e.base), t.p.Decimal(e.value, 2), t.p.Decimal(e.low, 2), t.p.Decimal(e.high, 2)})
	}
	return table
}

// heads writes table headings by their word keys.
func (t *teller) heads(words ...string) []string {
	var list []string
	for _, w := range words {
		list = append(list, t.say("word."+w, nil))
	}
	return list
}

// caption tells wording, number of answers, who was asked, weighting and interval.
func (t *teller) caption(q *findings.Question, base int) string {
	var parts []string
	if wording := t.own(q.Wording); wording != "" && q.Kind != kindConstruct {
		parts = append(parts, t.say("caption.question", args{"wording": t.sentence(wording)}))
	}
	if q.Kind == string(instrument.Multiple) {
		parts = append(parts, t.say("caption.multiple", nil))
	}
	return paragraph(append(parts, t.basis(q, base), t.say("caption.interval", nil))...)
}

// basis tells how many answered, who was asked and whether the answers are weighted.
func (t *teller) basis(q *findings.Question, base int) string {
	a := args{"n": t.p.Int(base), "asked": t.p.Int(q.Asked), "all": t.p.Int(t.f.Respondents)}
	parts := []string{t.say("caption.n", a)}
	if q.Asked > 0 && q.NotAsked > 0 {
		parts = []string{t.say("caption.n-asked", a)}
	}
	if t.weighted() {
		parts = append(parts, t.say("caption.weighted", nil))
	} else {
		parts = append(parts, t.say("caption.unweighted", nil))
	}
	return paragraph(parts...)
}

// baseOf returns the largest base among estimates.
func baseOf(list []estimate, more ...estimate) int {
	base := 0
	for _, e := range append(slices.Clone(list), more...) {
		base = max(base, e.base)
	}
	return base
}

// niceMax rounds up the end of an axis of shares to a quarter.
func niceMax(list []estimate) float64 {
	top := 0.0
	for _, e := range list {
		if !e.hidden {
			top = max(top, e.high)
		}
	}
	return min(1, max(0.25, math.Ceil(4*top)/4))
}
