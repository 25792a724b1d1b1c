package nonuse

import (
	"net/http"
	"net/url"
	"slices"

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
