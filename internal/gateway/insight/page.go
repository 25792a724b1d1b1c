package insight

import (
	"bytes"
	"mime"
	"net/http"
	"slices"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/chart"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

const (
	home    = "/gateway/insight"
	reads   = access.ReadUse
	doorKey = "try"
	// mostMonths is how many months stand below each other.
	mostMonths = 24
)

// AddTo makes the routes known to a server.
func (s *Service) AddTo(server *web.Server) error {
	return server.Add(
		web.Route{Pattern: "GET /gateway/insight", Action: reads, Handle: s.page},
		web.Route{Pattern: "GET /gateway/insight/export", Action: reads, Handle: s.download},
	)
}

// Offers says what a person can read here at any time.
func (s *Service) Offers(r *web.Request) []ui.Tile {
	if !r.Can(reads) {
		return nil
	}
	w := s.words(r.Lang)
	return []ui.Tile{{Title: w.say("title"), Href: home, Text: w.say("offer")}}
}

func (s *Service) page(w http.ResponseWriter, r *web.Request) error {
	v, err := s.read(r.Context(), r.Actor.Tenant, Month(r.URL.Query().Get("month")), r.Lang)
	if err != nil {
		return err
	}
	p := web.Page{Door: doorKey}
	p.Title, p.Lead = v.say("title"), v.say("lead")
	p.Crumbs = []ui.Link{{Label: v.say("above"), Href: "/lab"}}
	if v.all, err = s.Reach(r.Context(), r.Actor.Tenant, mostMonths); err != nil {
		return err
	}
	if v.Figures == nil {
		return r.Show(w, p, emptyPage(v, v.with("empty.running", "month", v.monthName(monthOf(s.Now(), s.Zone)))))
	}
	p.Title = v.with("title-month", "month", v.monthName(v.month))
	return r.Show(w, p, monthPage(v, v.Opening(v.with("running", "month", v.monthName(monthOf(s.Now(), s.Zone))))))
}

func (s *Service) download(w http.ResponseWriter, r *web.Request) error {
	v, err := s.read(r.Context(), r.Actor.Tenant, Month(r.URL.Query().Get("month")), r.Lang)
	if err != nil {
		return err
	}
	if v.Figures == nil {
		return refuseMonth()
	}
	media, ext := "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"
	write := v.xlsx
	if r.URL.Query().Get("as") == "csv" {
		media, ext, write = "text/csv; charset=utf-8", ".csv", v.csv
	}
	var b bytes.Buffer
	if err := write(&b, r.Org.Synthetic); err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": v.say("file") + "-" + string(v.month) + ext}))
	return r.Send(w, http.StatusOK, media, b.Bytes())
}

// monthChoice is the months to choose from.
func (v *view) monthChoice() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "month", Label: v.say("choose")}, Chosen: []string{string(v.month)}}
	for _, m := range v.months {
		c.Options = append(c.Options, ui.Option{Value: string(m), Label: v.Opening(v.monthName(m))})
	}
	return c
}

func (v *view) downloads() []ui.Action {
	return []ui.Action{
		{Label: v.say("download.xlsx"), Href: home + "/export?month=" + string(v.month), Kind: ui.Quiet, Download: true},
		{Label: v.say("download.csv"), Href: home + "/export?as=csv&month=" + string(v.month), Kind: ui.Quiet, Download: true},
	}
}

// summary is the month in sentences.
func (v *view) summary() []string {
	out := []string{v.with("sum.people", "people", v.people(v.People))}
	if v.Heads > 0 {
		out[0] = v.with("sum.people-of", "people", v.people(v.People), "heads", v.Int(v.Heads), "share", v.share(v.People, v.Heads))
	}
	out = append(out, v.with("sum.days", "days", v.Int(v.Days), "each", v.Decimal(float64(v.Days)/float64(max(v.People.N, 1)), 0)))
	if len(v.Tasks) > 0 {
		out = append(out, v.with("sum.task", "task", v.Quote(v.names["task"+v.Tasks[0].ID]), "people", v.people(v.Tasks[0].People)))
	}
	if len(v.Found) > 0 {
		out = append(out, v.with("sum.found", "what", v.Inside(v.names["found"+v.Found[0].ID]), "people", v.people(v.Found[0].People)))
	}
	return out
}

// share writes people as a share of a whole, rounded to 5 %.
func (v *view) share(p People, whole int) string {
	if p.AtLeast {
		return v.with("share.least", "share", v.Percent(float64(p.N)/float64(whole)))
	}
	return v.with("share.about", "share", v.Percent(float64(p.N)/float64(whole)))
}

// span is what a rounded number of people can be.
func span(p People, whole int) (low, high float64) {
	low, high = float64(p.N)-peopleStep/2, float64(p.N)+peopleStep/2
	if p.AtLeast {
		low, high = float64(p.N), float64(whole)
	}
	return max(low, 0), min(high, float64(whole))
}

// groupFigure is how many used a model in each group.
func (v *view) groupFigure(kind string, groups []Group) ui.Figure {
	title := v.say(kind + ".title")
	t := ui.Table{Caption: title, HideCaption: true, Columns: []ui.Column{{Label: v.say(kind + ".single")}, {Label: v.say("column.people"), Numeric: true},
		{Label: v.say("column.share"), Numeric: true}, {Label: v.say("column.days"), Numeric: true}}}
	c := chart.Intervals{Max: 1, Percent: true}
	for i := range groups {
		g := &groups[i]
		name := v.groupName(kind, g)
		if g.Hidden {
			t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: name}, {Text: v.say("hide-short"), Quiet: true}, {Text: "–", Quiet: true}, {Text: "–", Quiet: true}}})
			c.Rows = append(c.Rows, chart.Interval{Label: name, Hidden: v.say("hide-short")})
			continue
		}
		share := ui.Cell{Text: "–", Quiet: true}
		if g.Heads > 0 {
			share = ui.Cell{Text: v.share(g.People, g.Heads)}
			low, high := span(g.People, g.Heads)
			whole := float64(g.Heads)
			c.Rows = append(c.Rows, chart.Interval{Label: name, Value: min(float64(g.People.N)/whole, 1), Low: low / whole, High: high / whole, Text: share.Text})
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: name}, {Text: v.people(g.People)}, share, {Text: v.with("days.about", "n", v.Int(g.Days))}}})
	}
	return ui.Figure{ID: kind, Title: title, Description: describe(c.Rows), Caption: v.say("caption.groups"), Chart: c, Table: &t}
}

// itemFigure is to how many people each of a kind applies, the most first.
func (v *view) itemFigure(kind string) ui.Figure {
	title := v.say(kind + ".title")
	t := ui.Table{Caption: title, HideCaption: true, Columns: []ui.Column{{Label: v.say(kind + ".single")}, {Label: v.say("column.people"), Numeric: true}}}
	c := chart.Intervals{Max: 10}
	for _, item := range v.items(kind) {
		name := v.names[kind+item.ID]
		low, high := span(item.People, max(v.People.N+peopleStep, item.People.N+peopleStep))
		c.Rows = append(c.Rows, chart.Interval{Label: name, Value: float64(item.People.N), Low: low, High: high, Text: v.people(item.People)})
		c.Max = max(c.Max, high)
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: name}, {Text: v.people(item.People)}}})
	}
	return ui.Figure{ID: kind, Title: title, Description: describe(c.Rows), Caption: v.say("caption." + kind), Chart: c, Table: &t}
}

// trend is the months that are closed, the last first.
func (v *view) trend() ui.Table {
	t := ui.Table{Caption: v.say("trend.title"), HideCaption: true, Columns: []ui.Column{{Label: v.say("choose")}, {Label: v.say("column.people"), Numeric: true}, {Label: v.say("column.days"), Numeric: true}}}
	for _, m := range v.all {
		cells := []ui.Cell{{Text: v.Opening(v.monthName(m.Month)), Href: home + "?month=" + string(m.Month)}, {Text: v.people(m.People)}, {Text: v.with("days.about", "n", v.Int(m.Days))}}
		if m.Few {
			cells[1], cells[2] = ui.Cell{Text: v.say("hide-short"), Quiet: true}, ui.Cell{Text: "–", Quiet: true}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: cells})
	}
	return t
}

// anyHidden tells whether a group is not shown.
func anyHidden(groups []Group) bool {
	return slices.ContainsFunc(groups, func(g Group) bool { return g.Hidden })
}

// hidden says how many of a kind are not named.
func (v *view) hidden(kind string) string {
	n := v.Hidden[kind]
	if n == 0 {
		return ""
	}
	return v.N("hidden."+kind, n, map[string]string{"n": v.Int(n), "k": v.Int(v.K)})
}

// describe reads a chart aloud.
func describe(rows []chart.Interval) string {
	var out []string
	for i := range rows {
		text := rows[i].Text
		if rows[i].Hidden != "" {
			text = rows[i].Hidden
		}
		out = append(out, rows[i].Label+": "+text)
	}
	return strings.Join(out, "; ") + "."
}

// amountFacts are what the organisation used as a whole.
func (v *view) amountFacts() []ui.Fact {
	facts := []ui.Fact{
		{Term: v.say("amount.tokens"), Text: v.with("about", "n", v.Int(int(v.Amounts.Tokens)))},
		{Term: v.say("amount.cost"), Text: v.with("about-euro", "n", v.Decimal(float64(v.Amounts.Cents)/100, 2))},
	}
	for _, e := range v.Amounts.Energy {
		facts = append(facts, ui.Fact{Term: v.say("energy." + string(e.Method)), Text: v.with("energy.range", "low", v.energy(e.Low), "high", v.energy(e.High)) + " " + v.say("grade."+string(e.Grade))})
	}
	return facts
}

// energy writes Wh, or kWh from 1,000 on.
func (v *view) energy(wh float64) string {
	unit := " Wh"
	if wh >= 1000 {
		wh, unit = wh/1000, " kWh"
	}
	decimals := 0
	for x := wh; x > 0 && x < 1 && decimals < 6; x *= 10 {
		decimals++
	}
	return v.Decimal(wh, decimals) + unit
}

// amountNotes says what to know of the amounts.
func (v *view) amountNotes() []string {
	var out []string
	if len(v.Amounts.Energy) > 1 {
		out = append(out, v.say("energy.apart"))
	}
	if v.Amounts.Guessed {
		out = append(out, v.say("amount.guessed"))
	}
	if v.Amounts.Dark {
		out = append(out, v.say("energy.dark"))
	}
	return out
}
