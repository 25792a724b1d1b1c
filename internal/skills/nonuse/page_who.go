package nonuse

import (
	"math"
	"net/http"
	"net/url"
	"slices"

	"tekentafel/internal/chart"
	"tekentafel/internal/i18n"
	"tekentafel/internal/problem"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/skills/nonuse/guide"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// whoView is the first page of the area: who does not use AI, and why.
type whoView struct {
	printer
	s       *Service
	tabs    []ui.Link
	report  *Report // nil: no wave yet
	link    string  // of the report
	picture *Picture
	context string
	by      *findings.Grouping // nil: none to break down by
	group   *findings.Group    // that the reasons are of; nil: everyone
	groups  []GroupFigure
	caveats []string
	talks   *Result
	parts   map[string]string // names of groups of departments
	holds   bool              // the reader may hold interviews
}

// preferred are the background variables that say most about who does not use AI, in this order.
func preferred() []string { return []string{"workplace", "function_family", "department"} }

func (s *Service) who(w http.ResponseWriter, r *web.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	v := whoView{printer: in(r.Lang), s: s, tabs: tabs(r, home), holds: r.Can(writes), context: s.Guide.Contexts[0].ID}
	c := &s.Guide.Contexts[0]
	if wanted := s.Guide.Context(q.Get("context")); wanted != nil {
		c, v.context = wanted, wanted.ID
	}
	report, ok, err := s.latest(r, c)
	if err != nil {
		return err
	}
	if ok {
		f := report.Findings
		v.report, v.link = &report, "/reports/"+url.PathEscape(report.ID)
		v.choose(f, q.Get("by"), q.Get("group"))
		v.picture = picture(f, c, v.group)
		if err := v.picture.compare(f, report.Before, c, v.group); err != nil {
			return err
		}
		v.caveats = s.Reports.Caveats(f, r.Lang)
		if v.by != nil {
			v.groups = byGroup(f, c, v.by.Variable)
		}
	}
	if v.talks, err = s.Results(ctx, r.Actor.Tenant); err != nil {
		return err
	}
	if v.parts, err = s.partNames(r, v.talks); err != nil {
		return err
	}
	p := page(r, v.say("title"))
	p.Lead = v.say("who.lead")
	if v.report != nil {
		p.Kicker = v.report.Title
		p.Synthetic = v.report.Findings.Wave.Synthetic
	}
	if v.holds && v.report != nil && v.talks == nil {
		p.Actions = []ui.Action{{Label: v.say("who.next"), Href: talksAt, Kind: ui.Next}}
	}
	return r.Show(w, p, whoPage(v))
}

// latest returns the newest report that asked why people do not use AI in a context.
func (s *Service) latest(r *web.Request, c *guide.Context) (Report, bool, error) {
	if s.Reports == nil {
		return Report{}, false, nil
	}
	report, ok, err := s.Reports.Latest(r.Context(), r.Actor, c.Reasons)
	return report, ok && report.Findings != nil && hasQuestion(report.Findings, c.Reasons), err
}

// choose takes the breakdown and the group that the address asks for, where the findings have them.
func (v *whoView) choose(f *findings.Findings, by, group string) {
	for _, variable := range append([]string{by}, preferred()...) {
		if v.by == nil && variable != "" {
			v.by = grouping(f, variable)
		}
	}
	if v.by == nil && len(f.Groups) > 0 {
		v.by = &f.Groups[0]
	}
	if v.by != nil && slices.ContainsFunc(v.by.Values, func(x findings.GroupValue) bool { return x.Value == group && !x.Suppressed }) {
		v.group = &findings.Group{Variable: v.by.Variable, Value: group}
	}
}

// partNames names the groups of departments in results.
func (s *Service) partNames(r *web.Request, x *Result) (map[string]string, error) {
	out := map[string]string{}
	if x == nil || len(x.Groups) == 0 || s.Groups == nil {
		return out, nil
	}
	list, err := s.Groups.Groups(r.Context(), r.Actor.Tenant)
	for _, g := range list {
		out[g.ID] = g.Name
	}
	return out, err
}

// address is the page with other choices.
func (v *whoView) address(context, by, group string) string {
	q := url.Values{}
	for key, value := range map[string]string{"context": context, "by": by, "group": group} {
		if value != "" {
			q.Set(key, value)
		}
	}
	return home + "?" + q.Encode()
}

func (v *whoView) contextTabs() []ui.Link {
	var out []ui.Link
	for i := range v.s.Guide.Contexts {
		id := v.s.Guide.Contexts[i].ID
		out = append(out, ui.Link{Label: v.say("context." + id), Href: v.address(id, "", ""), Current: id == v.context})
	}
	return out
}

func (v *whoView) byChoice() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "by", Label: v.say("who.by")}}
	for i := range v.report.Findings.Groups {
		g := &v.report.Findings.Groups[i]
		c.Options = append(c.Options, ui.Option{Value: g.Variable, Label: g.Label.In(v.lang)})
	}
	if v.by != nil {
		c.Chosen = []string{v.by.Variable}
	}
	return c
}

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

// change says how a share moved since the wave before.
func (v *whoView) change(f *Figure) string {
	switch {
	case f.Change == nil || f.Change.Suppressed || !f.Shown():
		return v.say("change.unknown")
	case !f.Shifted():
		return v.say("change.none")
	}
	key := "change.up"
	if f.Change.Diff < 0 {
		key = "change.down"
	}
	return v.changeWords(key, f)
}

func (v *whoView) changeWords(key string, f *Figure) string {
	c := f.Change
	return v.T(key, i18n.Args{"what": v.Quote(v.reasonLabel(f)), "before": v.Percent(c.Before), "now": v.Percent(c.Now), "size": v.points(math.Abs(c.Diff)), "low": v.signed(c.Low), "high": v.signed(c.High)})
}

// points writes a difference of two shares in percentage points, without a unit.
func (v *whoView) points(x float64) string {
	if math.Abs(x) < .01 {
		return v.Decimal(100*x, 1)
	}
	return v.Decimal(100*x, 0)
}

func (v *whoView) signed(x float64) string {
	if x > 0 {
		return "+" + v.points(x)
	}
	return "−" + v.points(-x)
}

// shifts are the sentences on what moved.
func (v *whoView) shifts() []string {
	f := v.report.Findings
	if f.Earlier == nil && v.report.Before == nil {
		return []string{v.say("shift.first")}
	}
	if v.picture.Because != "" {
		return []string{v.say("shift.incomparable")}
	}
	if !v.picture.Compared && v.report.Before == nil {
		return []string{v.say("shift.gone")}
	}
	if !v.picture.Compared {
		return []string{v.say("shift.unknown")}
	}
	var out []string
	for i := range v.picture.Reasons {
		if x := &v.picture.Reasons[i]; x.Shown() && x.Shifted() {
			key := "shift.up"
			if x.Change.Diff < 0 {
				key = "shift.down"
			}
			out = append(out, v.changeWords(key, x))
		}
	}
	if len(out) == 0 {
		return []string{v.with("shift.none", "wave", v.earlier())}
	}
	return append(out, v.say("shift.rest"))
}

func (v *whoView) earlier() string {
	label := ""
	if before := v.report.Before; before != nil {
		label = before.Wave.Label
	} else if v.report.Findings.Earlier != nil {
		label = v.report.Findings.Earlier.Label
	}
	if label != "" {
		return v.Quote(label)
	}
	return v.say("shift.before")
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

func (v *whoView) nothing() ui.Empty {
	e := ui.Empty{Title: v.say("who.empty"), Text: v.say("who.empty-text")}
	if v.holds {
		e.Action = &ui.Action{Label: v.say("who.empty-do"), Href: "/waves", Kind: ui.Next}
	}
	return e
}

// talkTable is in how many interviews each reason came up.
func (v *whoView) talkTable() ui.Table {
	t := ui.Table{Caption: v.say("talks.reasons"), HideCaption: true, Columns: []ui.Column{{Label: v.say("column.reason")}, {Label: v.say("column.talks"), Numeric: true}}}
	for _, c := range v.talks.Reasons {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: v.s.reasonName(v.printer, c.ID), Href: v.reasonHref(c.ID)}, {Text: v.outOf(c.N, v.talks.Round.Talks)}}})
	}
	return t
}

func (v *whoView) reasonHref(id string) string {
	if v.s.Guide.Reason(id) == nil {
		return ""
	}
	return reasonsAt + id
}

func (v *whoView) outOf(n, of int) string {
	return v.with("talks.of", "n", v.Int(n), "all", v.Int(of))
}

// partLines tell which reasons came up most in the parts of the interviews that may be told apart.
func (v *whoView) partLines() []string {
	var out []string
	for _, list := range [][]Part{v.talks.Works, v.talks.Groups} {
		for i := range list {
			x := &list[i]
			name := v.parts[x.Value]
			if x.Value == office || x.Value == field {
				name = v.say("work." + x.Value)
			}
			if name == "" || len(x.Reasons) == 0 {
				continue
			}
			var reasons []string
			for _, c := range x.Reasons[:min(3, len(x.Reasons))] {
				reasons = append(reasons, v.with("talks.named", "reason", v.Quote(v.s.reasonName(v.printer, c.ID)), "n", v.Int(c.N)))
			}
			out = append(out, v.with("talks.part", "part", name, "n", v.Int(x.Talks), "reasons", v.And(reasons)))
		}
	}
	return out
}

// reasonView is what helps with a reason.
type reasonView struct {
	printer
	s      *Service
	reason *guide.Reason
	act    string // address of a new action, or ""
	quotes []string
	figure string // how many named it in the latest wave, or ""
}

func (s *Service) reason(w http.ResponseWriter, r *web.Request) error {
	x := s.Guide.Reason(r.PathValue("id"))
	if x == nil {
		return refuse(problem.NotFound, "error.reason", nil)
	}
	v := reasonView{printer: in(r.Lang), s: s, reason: x}
	if s.Actions != nil {
		v.act = s.Actions.Act(x.ID)
	}
	found, err := s.Results(r.Context(), r.Actor.Tenant)
	if err != nil {
		return err
	}
	if found != nil {
		for _, q := range found.Quotes {
			if q.Reason == x.ID {
				v.quotes = append(v.quotes, q.Text)
			}
		}
	}
	c := &s.Guide.Contexts[0]
	report, ok, err := s.latest(r, c)
	if err != nil {
		return err
	}
	if ok {
		for _, f := range picture(report.Findings, c, nil).Reasons {
			if f.ID == x.ID && f.Shown() {
				v.figure = v.with("reason.figure", "share", v.Percent(f.Share.Share), "span", v.PercentRange(f.Share.Low, f.Share.High), "wave", report.Title)
			}
		}
	}
	p := below(r, v.of(x.Name))
	p.Lead = v.of(x.Meaning)
	p.Synthetic = ok && report.Findings.Wave.Synthetic
	if v.act != "" {
		p.Actions = []ui.Action{{Label: v.say("reason.act"), Href: v.act, Kind: ui.Next}}
	}
	return r.Show(w, p, reasonPage(v))
}

// helps are what helps, by kind, at a desk or in the field.
func (v *reasonView) helps(work string) []ui.Fact {
	var out []ui.Fact
	for i := range v.reason.Helps {
		h := &v.reason.Helps[i]
		text := h.Office
		if work == field {
			text = h.Field
		}
		out = append(out, ui.Fact{Term: v.say("kind." + string(h.Kind)), Text: v.of(text)})
	}
	return out
}
