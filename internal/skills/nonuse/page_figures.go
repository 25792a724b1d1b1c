package nonuse

import (
	"slices"

	"tekentafel/internal/chart"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/ui"
)

// hidden says why there is no figure.
func (v *whoView) hidden() string {
	return ui.WordTooFew.In(v.lang) + " (< " + v.Int(v.report.Findings.Disclosure.K) + ")"
}

func (v *whoView) span(s *findings.Share) string { return v.PercentSpan(s.Low, s.High) }

// bar is a figure in a chart.
func (v *whoView) bar(label string, f *Figure) chart.Interval {
	x := chart.Interval{Label: label, Strong: f.Shifted()}
	if !f.Shown() {
		x.Hidden = v.hidden()
		return x
	}
	x.Value, x.Low, x.High, x.Text = f.Share.Share, f.Share.Low, f.Share.High, v.Percent(f.Share.Share)
	return x
}

// cells are a figure in a table: share, interval, who answered.
func (v *whoView) cells(f *Figure) []ui.Cell {
	if !f.Shown() {
		return []ui.Cell{{Text: v.hidden(), Quiet: true}, {Text: "–"}, {Text: "–"}}
	}
	return []ui.Cell{{Text: v.Percent(f.Share.Share)}, {Text: v.span(f.Share)}, {Text: v.Int(f.Share.Base)}}
}

func (v *whoView) columns(first string) []ui.Column {
	return []ui.Column{{Label: first}, {Label: v.say("column.share"), Numeric: true}, {Label: v.say("column.interval"), Numeric: true}, {Label: v.say("column.base"), Numeric: true}}
}

// groupName names the group that was chosen; "" for everyone.
func (v *whoView) groupName() string {
	if v.group == nil {
		return ""
	}
	for i := range v.by.Values {
		if v.by.Values[i].Value == v.group.Value {
			return v.by.Values[i].Label.In(v.lang)
		}
	}
	return v.group.Value
}

// ofWhom says whom figures are about.
func (v *whoView) ofWhom(key string) string {
	if name := v.groupName(); name != "" {
		return v.with(key+"-group", "group", v.Quote(name))
	}
	return v.say(key)
}

// useFigure is how many never or hardly ever use AI.
func (v *whoView) useFigure() ui.Figure {
	title := v.ofWhom("who.figure")
	t := ui.Table{Caption: title, HideCaption: true, Columns: v.columns(v.say("column.answer"))}
	c := chart.Intervals{Max: 1, Percent: true}
	for _, f := range slices.Concat(v.picture.Never, v.picture.Hardly) {
		label := f.Label.In(v.lang)
		c.Rows = append(c.Rows, v.bar(label, &f))
		t.Rows = append(t.Rows, ui.Row{Cells: append([]ui.Cell{{Text: label}}, v.cells(&f)...)})
	}
	return ui.Figure{ID: "use", Title: title, Description: v.describe(c.Rows), Caption: v.caption(question(v.report.Findings, v.picture.Context.Use)), Chart: c, Table: &t}
}

// groupFigure is how many never use AI, by group.
func (v *whoView) groupFigure() ui.Figure {
	title := v.with("who.by-figure", "by", v.Inside(v.by.Label.In(v.lang)))
	t := ui.Table{Caption: title, HideCaption: true, Columns: v.columns(v.by.Label.In(v.lang))}
	c := chart.Intervals{Max: 1, Percent: true}
	for i := range v.groups {
		g := &v.groups[i]
		label := g.Label.In(v.lang)
		c.Rows = append(c.Rows, v.bar(label, &g.Never))
		first := ui.Cell{Text: label}
		if g.Never.Shown() {
			first.Href = v.address(v.context, v.by.Variable, g.Value)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: append([]ui.Cell{first}, v.cells(&g.Never)...)})
	}
	return ui.Figure{ID: "groups", Title: title, Description: v.describe(c.Rows), Caption: v.caption(question(v.report.Findings, v.picture.Context.Use)), Chart: c, Table: &t}
}

// reasonFigure is why not, the most named first.
func (v *whoView) reasonFigure() ui.Figure {
	title := v.ofWhom("why.figure")
	c := chart.Intervals{Max: 1, Percent: true}
	for i := range v.picture.Reasons {
		f := &v.picture.Reasons[i]
		c.Rows = append(c.Rows, v.bar(v.reasonLabel(f), f))
	}
	return ui.Figure{ID: "reasons", Title: title, Description: v.describe(c.Rows), Caption: v.caption(question(v.report.Findings, v.picture.Context.Reasons)), Chart: c}
}

func (v *whoView) reasonLabel(f *Figure) string {
	if x := v.s.Guide.Reason(f.ID); x != nil {
		return v.of(x.Name)
	}
	return f.Label.In(v.lang)
}

// reasonTable leads from each reason to what helps.
func (v *whoView) reasonTable() ui.Table {
	t := ui.Table{Caption: v.say("why.table"), HideCaption: true, Columns: append(v.columns(v.say("column.reason")), ui.Column{Label: v.say("column.change"), Long: true})}
	for i := range v.picture.Reasons {
		f := &v.picture.Reasons[i]
		first := ui.Cell{Text: v.reasonLabel(f)}
		if v.s.Guide.Reason(f.ID) != nil {
			first.Href = reasonsAt + f.ID
		}
		t.Rows = append(t.Rows, ui.Row{Cells: append(append([]ui.Cell{first}, v.cells(f)...), ui.Cell{Text: v.change(f)})})
	}
	return t
}

// caption says what was asked, and how figures are to be read.
func (v *whoView) caption(q *findings.Question) string {
	if q == nil {
		return v.say("caption")
	}
	return v.with("caption-asked", "question", v.Quote(q.Wording.In(v.lang)))
}

// describe reads a chart aloud.
func (v *whoView) describe(rows []chart.Interval) string {
	var out []string
	for i := range rows {
		text := rows[i].Text
		if rows[i].Hidden != "" {
			text = rows[i].Hidden
		}
		out = append(out, rows[i].Label+": "+text)
	}
	return v.Series(out)
}

// anyReason tells whether there is a reason with a figure.
func (v *whoView) anyReason() bool {
	return slices.ContainsFunc(v.picture.Reasons, func(f Figure) bool { return f.Shown() })
}

func (v *whoView) anyGroup() bool {
	return slices.ContainsFunc(v.groups, func(g GroupFigure) bool { return g.Never.Shown() })
}
