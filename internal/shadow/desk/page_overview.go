package desk

import (
	"net/http"
	"net/url"
	"slices"

	"tekentafel/internal/chart"
	"tekentafel/internal/shadow"
	"tekentafel/internal/shadow/services"
	"tekentafel/internal/shadow/tally"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// overviewView is what is asked for in a week, and how that moved.
type overviewView struct {
	words
	tabs      []ui.Link
	c         *catalogue
	k         int
	names     []string // of weeks, the newest first
	week      *tally.Week
	unit      string // "" for everyone
	trend     []tally.Week
	blind     []string
	chat      string // address of the safe place to try, "" for none
	counts    bool   // the reader may count
	published string // since when all staff see it, "" when they do not
}

// kindOf is the services of one kind that were asked for.
type kindOf struct {
	services.Kind
	uses []tally.Use
}

func (d *Desk) overview(w http.ResponseWriter, r *web.Request) error {
	ctx, q, reader := r.Context(), r.URL.Query(), d.DB.Of(r.Actor.Tenant)
	v := overviewView{words: in(r), tabs: tabs(r, home), counts: r.Can(counts), unit: q.Get("unit")}
	var err error
	if v.k, err = d.groupSize(ctx, r.Actor.Tenant); err != nil {
		return err
	}
	if v.c, err = d.catalogue(ctx, reader); err != nil {
		return err
	}
	if v.names, err = weekNames(ctx, reader); err != nil {
		return err
	}
	p, on, err := published(ctx, reader)
	if err != nil {
		return err
	}
	if on {
		v.published = v.Date(r.Local(p.at))
	}
	if d.Offer != nil {
		v.chat = d.Offer.Chat(r)
	}
	until := ""
	if slices.Contains(v.names, q.Get("week")) {
		until = q.Get("week")
	}
	list, err := weeksUntil(ctx, reader, until, trendWeeks)
	if err != nil {
		return err
	}
	for i := range list {
		v.trend = append(v.trend, list[i].guarded(v.k))
	}
	if len(list) > 0 {
		v.week = &v.trend[0]
		if !slices.Contains(v.units(), v.unit) {
			v.unit = ""
		}
		c, err := countOf(ctx, reader, list[0].Count)
		if err != nil {
			return err
		}
		v.blind = shadow.Blind(shadow.Outcome{Result: tally.Result{Weeks: []tally.Week{*v.week}}, Logs: c.Logs})
	}
	page := web.Page{Door: door}
	page.Title, page.Lead = v.say("title"), v.say("lead")
	if v.counts && v.week != nil {
		page.Actions = []ui.Action{{Label: v.say("count.title"), Href: countAt, Kind: ui.Next}}
	}
	return r.Show(w, page, overviewPage(v))
}

func (v *overviewView) nothing() ui.Empty {
	e := ui.Empty{Title: v.say("empty.title"), Text: v.say("empty.text")}
	if v.counts {
		e.Action = &ui.Action{Label: v.say("count.title"), Href: countAt, Kind: ui.Next}
	}
	return e
}

// units are the departments of which anything is shown in the week.
func (v *overviewView) units() []string {
	var out []string
	for _, use := range append([]tally.Use{v.week.Any}, v.week.Used...) {
		for _, u := range use.Units {
			if !slices.Contains(out, u.Unit) {
				out = append(out, u.Unit)
			}
		}
	}
	slices.Sort(out)
	return out
}

func (v *overviewView) weekChoice() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "week", Label: v.say("week.choose")}, Chosen: []string{v.week.Week}}
	for _, name := range v.names {
		c.Options = append(c.Options, ui.Option{Value: name, Label: v.words.week(name)})
	}
	return c
}

func (v *overviewView) unitChoice() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "unit", Label: v.say("unit.choose")}, Chosen: []string{v.unit}, Options: []ui.Option{{Value: "", Label: v.say("unit.all")}}}
	for _, name := range v.units() {
		c.Options = append(c.Options, ui.Option{Value: name, Label: name})
	}
	return c
}

// number is what is shown of a use: of everyone, or of the department that was chosen.
func (v *overviewView) number(u *tally.Use) tally.Count {
	if v.unit == "" {
		return u.Total
	}
	return ofUnit(u, v.unit)
}

// headline says how many people asked for any service.
func (v *overviewView) headline() string {
	c := v.number(&v.week.Any)
	switch {
	case !c.Shown() && v.unit == "":
		return v.n("headline.few", v.k)
	case !c.Shown():
		return v.with("headline.unit-few", "unit", v.unit)
	case v.unit == "":
		return v.with("headline.all", "n", v.people(c), "week", v.words.week(v.week.Week))
	}
	return v.with("headline.unit", "n", v.people(c), "week", v.words.week(v.week.Week), "unit", v.unit)
}

// kinds are the kinds of services that were asked for, in the order of the list.
func (v *overviewView) kinds() []kindOf {
	var out []kindOf
	for _, k := range append(slices.Clone(v.c.Kinds), services.Kind{}) {
		x := kindOf{Kind: k}
		for i := range v.week.Used {
			u := &v.week.Used[i]
			s, _ := v.c.service(u.Service)
			if s.Kind == k.ID && v.number(u).Shown() {
				x.uses = append(x.uses, *u)
			}
		}
		if len(x.uses) > 0 {
			out = append(out, x)
		}
	}
	return out
}

func (v *overviewView) kindName(k *services.Kind) string {
	if k.ID == "" {
		return v.say("kind.other")
	}
	return k.Label.In(v.lang)
}

// table is the services of a kind, each with what the organisation offers instead where it says so.
func (v *overviewView) table(k *kindOf) ui.Table {
	t := ui.Table{Caption: v.kindName(&k.Kind), HideCaption: true, Columns: []ui.Column{{Label: v.say("column.service")}, {Label: v.say("column.people"), Numeric: true}, {Label: v.say("column.standing")}, {Label: v.say("column.offer"), Long: true}}}
	for i := range k.uses {
		u := &k.uses[i]
		s, _ := v.c.service(u.Service)
		offer := ui.Cell{Text: v.c.rules[u.Service].Offer}
		if offer.Text == "" {
			offer = ui.Cell{Text: v.say("instead.none"), Quiet: true}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: s.Name, Href: serviceAt + url.PathEscape(u.Service)}, v.count(v.number(u), v.k),
			{Content: standingCell(v.words, v.c.standing(u.Service), u.Refused, s.Mixed)}, offer}})
	}
	return t
}

// interval is a number of people in a chart.
func (w words) interval(label string, c tally.Count, k int) chart.Interval {
	x := chart.Interval{Label: label}
	if !c.Shown() {
		x.Hidden = w.hidden(k)
		return x
	}
	x.Value, x.Low, x.High, x.Text = float64(c.About), float64(c.Low), float64(c.High), w.people(c)
	x.Value = min(max(x.Value, x.Low), x.High)
	return x
}

// figure draws numbers of people, with a table of the same.
func (w words) figure(id, title, first string, rows []chart.Interval) ui.Figure {
	most := 10.0
	t := &ui.Table{Caption: title, HideCaption: true, Columns: []ui.Column{{Label: first}, {Label: w.say("column.people"), Numeric: true}}}
	for i := range rows {
		most = max(most, rows[i].High)
		cell := ui.Cell{Text: rows[i].Text}
		if rows[i].Hidden != "" {
			cell = ui.Cell{Text: rows[i].Hidden, Quiet: true}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: rows[i].Label}, cell}})
	}
	return ui.Figure{ID: id, Title: title, Description: w.say("figure.description"), Chart: chart.Intervals{Rows: rows, Min: 0, Max: most}, Caption: w.say("figure.caption"), Table: t}
}

// unitFigure draws the departments.
func (v *overviewView) unitFigure() ui.Figure {
	var rows []chart.Interval
	for _, u := range v.week.Any.Units {
		rows = append(rows, v.interval(u.Unit, u.Count, v.k))
	}
	if v.week.Any.Rest.Shown() {
		rows = append(rows, v.interval(v.say("unit.rest"), v.week.Any.Rest, v.k))
	}
	return v.figure("units", v.say("units.figure"), v.say("column.unit"), rows)
}

// trendFigure draws the weeks, the oldest first.
func (v *overviewView) trendFigure() ui.Figure {
	var rows []chart.Interval
	for _, w := range slices.Backward(v.trend) {
		row := v.interval(v.short(w.Week), v.number(&w.Any), v.k)
		if row.Hidden != "" && v.unit != "" {
			row.Hidden = v.say("hidden.apart")
		}
		rows = append(rows, row)
	}
	title := v.say("trend.figure")
	if v.unit != "" {
		title = v.with("trend.figure-unit", "unit", v.unit)
	}
	return v.figure("weeks", title, v.say("column.week"), rows)
}

// facts say how the week was counted.
func (v *overviewView) facts() []ui.Fact {
	shared := v.say("published.no")
	if v.published != "" {
		shared = v.with("published.since", "day", v.published)
	}
	out := []ui.Fact{
		{Term: v.say("how-counted.basis"), Text: v.log("basis." + string(v.week.Basis))},
		{Term: v.say("how-counted.days"), Text: v.n("how-counted.days-of", v.week.Days)},
		{Term: v.say("how-counted.k"), Text: v.n("how-counted.k-text", v.k)},
		{Term: v.say("how-counted.round"), Text: v.say("how-counted.round-text")},
		{Term: v.say("how-counted.once"), Text: v.say("how-counted.once-text")},
		{Term: v.say("published.title"), Text: shared},
	}
	if v.counts {
		label := "published.do"
		if v.published != "" {
			label = "published.undo"
		}
		out[len(out)-1].Actions = []ui.Action{{Label: v.say(label), Href: publishAt, Kind: ui.Plain}}
	}
	return out
}

func (v *overviewView) downloads() []ui.Action {
	var out []ui.Action
	for _, form := range []string{"xlsx", "csv", "json"} {
		out = append(out, ui.Action{Label: v.say("export." + form), Href: exportAt + form, Kind: ui.Quiet, Download: true})
	}
	return out
}
