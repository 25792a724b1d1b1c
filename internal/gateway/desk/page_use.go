package desk

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"tekentafel/internal/gateway/budget"
	"tekentafel/internal/gateway/limits"
	"tekentafel/internal/gateway/ownuse"
	"tekentafel/internal/gateway/price"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// useView is what somebody used this month.
type useView struct {
	words
	d        *Desk
	tabs     []ui.Link
	month    string
	last     bool // it is the month before that is shown
	euro     price.Nano
	tokenSum int64
	days     []budget.OwnDay // of this month, the last first
	models   []ownuse.Model
	titles   map[string]string
	states   []budget.State
	unit     string // how the own unit is called, "" when it is not known
	own      []limits.Own
	warn     bool
}

func (d *Desk) use(w http.ResponseWriter, r *web.Request) error {
	ctx := r.Context()
	now := d.Now().In(d.Zone(ctx, r.Actor.Tenant))
	v := useView{words: in(r), d: d, tabs: d.Tabs(r, useAt), titles: d.titles(), last: r.URL.Query().Get("month") == lastMonth}
	if v.last {
		now = time.Date(now.Year(), now.Month(), 0, 12, 0, 0, 0, now.Location())
	}
	v.month = v.with("use.month", "month", monthName(v.words, now))
	days, err := d.Limits.Book.Days(ctx, r.Actor.Tenant, r.Actor.Owner)
	if err != nil {
		return err
	}
	for i := range days {
		if x := &days[i]; x.Group == "" && x.On.Year() == now.Year() && x.On.Month() == now.Month() && x.Used != (budget.Amount{}) {
			v.days = append(v.days, *x)
			v.euro, v.tokenSum = v.euro.Plus(x.Used.Euro), v.tokenSum+x.Used.Tokens
		}
	}
	if v.models, err = d.Use.Mine(ctx, r.Actor, now); err != nil {
		return err
	}
	if v.states, err = d.Limits.Mine(ctx, r.Actor); err != nil {
		return err
	}
	if v.unit, err = d.unitOf(r, v.states); err != nil {
		return err
	}
	if v.own, err = d.Limits.Own(ctx, r.Actor); err != nil {
		return err
	}
	unseen, err := d.Limits.Unseen(ctx, r.Actor, false)
	if err != nil {
		return err
	}
	v.warn = len(unseen) > 0
	p := page(r, v.say("use.title"))
	p.Lead = v.say("use.lead")
	return r.Show(w, p, usePage(v))
}

// monthName writes "november 2026": the date without its day.
func monthName(w words, t time.Time) string {
	text := w.Date(time.Date(t.Year(), t.Month(), 1, 12, 0, 0, 0, time.UTC))
	_, rest, _ := strings.Cut(text, " ")
	return rest
}

// titles are the models as people read them, by name.
func (d *Desk) titles() map[string]string {
	out := map[string]string{}
	for _, m := range d.Models.Models() {
		out[m.Name] = cmp.Or(m.Title, m.Name)
	}
	return out
}

// unitOf names the unit of the first limit of a team.
func (d *Desk) unitOf(r *web.Request, states []budget.State) (string, error) {
	i := slices.IndexFunc(states, func(s budget.State) bool { return s.Kind == budget.Team })
	if i < 0 {
		return "", nil
	}
	units, err := d.units(r)
	return units[states[i].Subject], err
}

// units are the names of units, by id.
func (d *Desk) units(r *web.Request) (map[string]string, error) {
	out := map[string]string{}
	if d.Limits.Teams == nil {
		return out, nil
	}
	list, err := d.Limits.Teams.Units(r.Context(), r.Actor.Tenant)
	for _, u := range list {
		out[u.ID] = u.Name
	}
	return out, err
}

func (v *useView) none() bool { return len(v.days) == 0 && len(v.models) == 0 }

// lastMonth is how an address names the month before.
const lastMonth = "last"

// other leads to the other of the two months.
func (v *useView) other() ui.Link {
	if v.last {
		return v.link("use.this-month", useAt)
	}
	return v.link("use.last-month", useAt+"?month="+lastMonth)
}

func (v *useView) nothing() ui.Empty {
	if v.last {
		return ui.Empty{Title: v.with("use.none-last", "month", v.month), Text: v.say("use.none-last-text")}
	}
	e := ui.Empty{Title: v.say("use.none"), Text: v.say("use.none-text")}
	if v.d.Chat != "" {
		e.Action = &ui.Action{Label: v.say("use.none-do"), Href: v.d.Chat, Kind: ui.Next}
	}
	return e
}

func (v *useView) tiles() []ui.Tile {
	out := []ui.Tile{{Title: v.say("use.euro"), Big: v.words.euro(v.euro), Text: v.say("use.euro-text")},
		{Title: v.say("use.tokens"), Big: v.tokens(v.tokenSum), Text: v.say("use.tokens-text")}}
	for _, e := range ownuse.Energy(v.models) {
		out = append(out, ui.Tile{Title: v.say("use.energy-" + string(e.Method)), Big: v.energy(e), Text: v.say("grade." + string(e.Grade))})
	}
	return out
}

// bar is how full a limit of one's own is.
func (v *useView) bar(st *budget.State) ui.Bar {
	share := 1.0
	if st.Most > 0 {
		share = min(1, float64(st.Used)/float64(st.Most))
	}
	return ui.Bar{Share: share, Label: v.with("use.bar", "used", v.amount(st.Unit, st.Used), "most", v.amount(st.Unit, st.Most))}
}

// limitTable are the limits that hold, with what is left of those that are the person's alone.
func (v *useView) limitTable() ui.Table {
	t := ui.Table{Caption: v.say("use.limits"), HideCaption: true, Columns: []ui.Column{{Label: v.say("column.limit")}, {Label: v.say("column.most")}, {Label: v.say("column.left")}, {Label: v.say("column.anew")}}}
	for i := range v.states {
		st := &v.states[i]
		name, most, left := "", v.amount(st.Unit, st.Most), v.say("stands.level-"+levelName(st.Level))
		var bar *ui.Bar
		switch st.Kind {
		case budget.Team:
			name = v.unit
		case budget.Person:
			b := v.bar(st)
			left, bar = limits.Left(v.lang, st), &b
		case budget.Organisation, budget.Key:
		}
		if st.Kind != budget.Person {
			most = "–" // what others may use is for those who read budgets
		}
		title := v.Opening(limits.Called(v.lang, st.Kind, st.Period, st.Own, name))
		if st.Group != "" {
			title += ", " + v.with("limits.group", "group", v.Quote(st.Group))
		}
		anew := v.say("use.never")
		if !st.Resets.IsZero() {
			anew = v.Date(st.Resets)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: title}, {Text: most}, {Content: leftCell(left, bar)}, {Text: anew}}})
	}
	return t
}

func (v *useView) dayTable() ui.Table {
	t := ui.Table{Caption: v.say("use.days"), HideCaption: true, Columns: []ui.Column{{Label: v.say("column.day")}, {Label: v.say("column.euro"), Numeric: true}, {Label: v.say("column.tokens"), Numeric: true}}}
	for i := range v.days {
		d := &v.days[i]
		t.Rows = append(t.Rows, ui.Row{Cells: ui.Texts(v.Date(d.On), v.words.euro(d.Used.Euro), v.tokens(d.Used.Tokens))})
	}
	return t
}

func (v *useView) modelTable() ui.Table {
	t := ui.Table{Caption: v.say("use.models"), HideCaption: true, Columns: []ui.Column{{Label: v.say("column.model")}, {Label: v.say("column.calls"), Numeric: true}, {Label: v.say("column.tokens"), Numeric: true},
		{Label: v.say("column.euro"), Numeric: true}, {Label: v.say("column.energy"), Numeric: true}}}
	for i := range v.models {
		m := &v.models[i]
		var energy []string
		for _, e := range m.Energy {
			energy = append(energy, v.energy(e))
		}
		cell := ui.Cell{Text: v.Series(energy)}
		if len(energy) == 0 {
			cell = ui.Cell{Text: v.say("energy.unknown"), Quiet: true}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: append(ui.Texts(cmp.Or(v.titles[m.Name], m.Name), v.tokens(m.Calls), v.tokens(m.Tokens), v.words.euro(m.Cost)), cell)})
	}
	return t
}

// methods are how the estimates were made that stand on the page.
func (v *useView) methods() (out []string) {
	for _, e := range ownuse.Energy(v.models) {
		out = append(out, v.say("method."+string(e.Method)))
	}
	return out
}

// references are published figures to read beside an estimate.
func (v *useView) references() (out []string) {
	for _, ref := range price.References() {
		out = append(out, v.with("reference."+referenceKey(ref), "wh", v.digit(ref.Wh), "gram", v.Decimal(ref.Gram, 2), "tokens", v.tokens(int64(ref.Tokens))))
	}
	return out
}

// referenceKey is the first word of who published it.
func referenceKey(ref price.Reference) string {
	name, _, _ := strings.Cut(strings.ToLower(ref.Who), ",")
	return name
}

func (v *useView) ownRemove(o limits.Own) string {
	return ownAt + "/remove?" + url.Values{"period": {string(o.Period)}, "unit": {string(o.Unit)}}.Encode()
}

func (d *Desk) seenOwn(w http.ResponseWriter, r *web.Request) error {
	if err := d.Limits.Seen(r.Context(), r.Actor, false); err != nil {
		return err
	}
	return r.Redirect(w, useAt, nil)
}

// ownView asks for a limit of one's own.
type ownView struct {
	words
	form *ui.FormState
}

func (d *Desk) askOwn(w http.ResponseWriter, r *web.Request) error {
	return d.ownPage(w, r, http.StatusOK, web.NewForm())
}

func (d *Desk) ownPage(w http.ResponseWriter, r *web.Request, status int, state *ui.FormState) error {
	v := ownView{in(r), state}
	p := form(r, v.say("own.title"), status, state, v.link("use.title", useAt))
	p.Lead = v.say("own.lead")
	return r.Show(w, p, ownPage(v))
}

func (v *ownView) period() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "period", Label: v.say("form.period")}, Chosen: []string{string(budget.Month)}}
	for _, p := range limits.Periods()[:3] {
		c.Options = append(c.Options, ui.Option{Value: string(p), Label: v.say("each." + string(p))})
	}
	return c
}

func unitChoice(w words, chosen budget.Unit) ui.Choice {
	return ui.Choice{Field: ui.Field{Name: "unit", Label: w.say("form.unit")}, Chosen: []string{string(chosen)}, Options: []ui.Option{
		{Value: string(budget.Euros), Label: w.say("unit.euro")}, {Value: string(budget.Tokens), Label: w.say("unit.tokens"), Hint: w.say("unit.tokens-hint")}}}
}

func mostField(w words, value string) ui.Field {
	return ui.Field{Name: "most", Label: w.say("form.most"), Hint: w.say("form.most-hint"), InputMode: "decimal", Chars: 20, Value: value}
}

func (d *Desk) putOwn(w http.ResponseWriter, r *web.Request) error {
	values, err := r.ReadForm()
	if err != nil {
		return err
	}
	o := limits.Own{Period: budget.Period(values.Get("period")), Unit: budget.Unit(values.Get("unit"))}
	var ok bool
	if o.Most, ok = amountOf(o.Unit, values.Get("most")); !ok {
		o.Most = -1
	}
	if err = d.Limits.SetOwn(r.Context(), r.Actor, o); err != nil {
		return again(r, values, err, func(status int, state *ui.FormState) error { return d.ownPage(w, r, status, state) })
	}
	return r.Redirect(w, useAt, notice(r, "own"))
}

func (d *Desk) askDropOwn(w http.ResponseWriter, r *web.Request) error {
	v := in(r)
	q := r.URL.Query()
	list, err := d.Limits.Own(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(o limits.Own) bool {
		return string(o.Period) == q.Get("period") && string(o.Unit) == q.Get("unit")
	})
	if i < 0 {
		return refuse(problem.NotFound, "error.gone")
	}
	p := page(r, v.say("own.remove-title"), v.link("use.title", useAt))
	return r.Show(w, p, ui.ConfirmForm(ui.Confirm{ID: "drop", Title: p.Title, Text: v.with("own.remove-text", "most", v.amount(list[i].Unit, list[i].Most)+" "+v.say("per."+string(list[i].Period))), Cancel: useAt,
		Form: ui.FormSpec{Action: ownAt + "/remove", Hidden: []ui.NameValue{{Name: "period", Value: q.Get("period")}, {Name: "unit", Value: q.Get("unit")}}}, Do: ui.Action{Label: v.say("own.remove-do"), Kind: ui.Danger}}))
}

func (d *Desk) dropOwn(w http.ResponseWriter, r *web.Request) error {
	values, err := r.ReadForm()
	if err != nil {
		return err
	}
	if err := d.Limits.DropOwn(r.Context(), r.Actor, budget.Period(values.Get("period")), budget.Unit(values.Get("unit"))); err != nil {
		return err
	}
	return r.Redirect(w, useAt, notice(r, "own-removed"))
}
