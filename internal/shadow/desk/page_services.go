package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tekentafel/internal/chart"
	"tekentafel/internal/db"
	"tekentafel/internal/shadow/services"
	"tekentafel/internal/shadow/tally"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// listView is the services that are recognised.
type listView struct {
	words
	tabs   []ui.Link
	c      *catalogue
	kind   string
	search string
	counts bool
}

func (d *Desk) services(w http.ResponseWriter, r *web.Request) error {
	c, err := d.catalogue(r.Context(), d.DB.Of(r.Actor.Tenant))
	if err != nil {
		return err
	}
	q := r.URL.Query()
	v := listView{words: in(r), tabs: tabs(r, listAt), c: c, kind: q.Get("kind"), search: strings.ToLower(strings.TrimSpace(q.Get("q"))), counts: r.Can(counts)}
	p := page(r, v.say("list.title"))
	p.Lead = v.with("list.lead", "n", v.Int(len(c.Services)), "day", v.Date(c.Day()))
	if v.counts {
		p.Actions = []ui.Action{{Label: v.say("own.new"), Href: newAt, Kind: ui.Quiet}}
	}
	return r.Show(w, p, listPage(v))
}

func (v *listView) kindChoice() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "kind", Label: v.say("column.kind")}, Chosen: []string{v.kind}, Options: []ui.Option{{Label: v.say("kind.all")}, {Value: services.OwnSource, Label: v.say("kind.own")}}}
	for _, k := range v.c.Kinds {
		c.Options = append(c.Options, ui.Option{Value: k.ID, Label: k.Label.In(v.lang)})
	}
	return c
}

func (v *listView) searchField() ui.Field {
	return ui.Field{Name: "q", Label: v.say("list.search"), Value: v.search, MaxLength: mostName}
}

func (v *listView) shown(s *services.Service) bool {
	if v.kind == services.OwnSource && s.Source != services.OwnSource || v.kind != "" && v.kind != services.OwnSource && s.Kind != v.kind {
		return false
	}
	return v.search == "" || strings.Contains(strings.ToLower(s.Name+" "+s.Maker+" "+strings.Join(s.Domains, " ")), v.search)
}

func (v *listView) table() ui.Table {
	t := ui.Table{Caption: v.say("list.title"), HideCaption: true, Columns: []ui.Column{{Label: v.say("column.service")}, {Label: v.say("column.maker")}, {Label: v.say("column.kind")}, {Label: v.say("column.standing")}}}
	list := slices.Clone(v.c.Services)
	slices.SortStableFunc(list, func(a, b services.Service) int {
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	for i := range list {
		s := &list[i]
		if !v.shown(s) {
			continue
		}
		k, _ := v.c.Kind(s.Kind)
		cells := []ui.Cell{{Text: s.Name, Href: serviceAt + url.PathEscape(s.ID)}, {Text: maker(s)}, {Text: k.Label.In(v.lang)}, {Content: listCell(v.words, v.c.standing(s.ID), s.Source == services.OwnSource)}}
		t.Rows = append(t.Rows, ui.Row{Cells: cells})
	}
	return t
}

func (v *listView) sources() []ui.Fact {
	var out []ui.Fact
	for _, s := range v.c.Sources {
		n := 0
		for i := range v.c.Services {
			if v.c.Services[i].Source == s.ID {
				n++
			}
		}
		if n > 0 {
			out = append(out, ui.Fact{Term: v.say("source." + s.ID), Text: v.n("list.services", n)})
		}
	}
	return append(out, ui.Fact{Term: v.say("source.own"), Text: v.n("list.services", v.c.own)})
}

func maker(s *services.Service) string {
	if s.Country == "" {
		return s.Maker
	}
	return s.Maker + " (" + s.Country + ")"
}

// serviceView is one service: what is known of it, how many ask for it, and what the organisation offers instead.
type serviceView struct {
	words
	service  services.Service
	own      *Own // nil for one of the list
	kind     services.Kind
	rule     Rule
	standing services.Standing
	k        int
	weeks    []tally.Week
	versions []ui.Fact
	form     *ui.FormState
	counts   bool
	chat     string
}

func (d *Desk) service(w http.ResponseWriter, r *web.Request) error {
	return d.servicePage(w, r, http.StatusOK, nil)
}

func (d *Desk) servicePage(w http.ResponseWriter, r *web.Request, status int, form *ui.FormState) error {
	ctx, reader, id := r.Context(), d.DB.Of(r.Actor.Tenant), r.PathValue("id")
	c, err := d.catalogue(ctx, reader)
	if err != nil {
		return err
	}
	v := serviceView{words: in(r), rule: c.rules[id], standing: c.standing(id), form: form, counts: r.Can(counts)}
	var ok bool
	if v.service, ok = c.service(id); !ok {
		return db.ErrNoRow
	}
	if own, ok := c.added[id]; ok {
		v.own = &own
	}
	v.kind, _ = c.Kind(v.service.Kind)
	if v.k, err = d.groupSize(ctx, r.Actor.Tenant); err != nil {
		return err
	}
	if v.weeks, err = d.shownOf(ctx, reader, "", trendWeeks, v.k); err != nil {
		return err
	}
	if d.Offer != nil {
		v.chat = d.Offer.Chat(r)
	}
	versions, err := rulesOf(ctx, reader, id)
	if err != nil {
		return err
	}
	for i := range versions {
		x := &versions[i]
		who, err := d.who(ctx, reader, v.words, x.Account)
		if err != nil {
			return err
		}
		text := v.words.standing(x.Standing)
		if x.Offer != "" {
			text += ": " + x.Offer
		}
		v.versions = append(v.versions, ui.Fact{Term: v.with("rule.version", "n", strconv.FormatInt(x.Version, 10), "when", v.moment(x.At), "who", who), Text: text})
	}
	p := page(r, v.service.Name, v.link("list.title", listAt))
	p.Status, p.Invalid = status, !form.OK()
	return r.Show(w, p, servicePage(v))
}

func (v *serviceView) facts() []ui.Fact {
	out := []ui.Fact{{Term: v.say("column.kind"), Text: v.kind.Label.In(v.lang)}, {Term: v.say("column.maker"), Text: maker(&v.service)}, {Term: v.say("service.hosts"), Text: strings.Join(v.service.Domains, ", ")}}
	if v.service.Mixed {
		out = append(out, ui.Fact{Term: v.say("use.mixed"), Text: v.say("service.mixed")})
	}
	source := v.say("source." + v.service.Source)
	if v.own != nil {
		source = v.with("service.own", "why", v.own.Why, "when", v.moment(v.own.At))
		if v.own.Gone {
			source += " " + v.say("service.gone")
		}
	}
	fact := ui.Fact{Term: v.say("service.source"), Text: source}
	if v.own != nil && !v.own.Gone && v.counts {
		at := serviceAt + url.PathEscape(v.service.ID)
		fact.Actions = []ui.Action{{Label: ui.WordEdit.In(v.lang), Href: at + "/edit", Kind: ui.Plain}, {Label: v.say("own.drop"), Href: at + "/drop", Kind: ui.Plain}}
	}
	out = append(out, fact, ui.Fact{Term: v.say("column.standing"), Content: ui.Tag(tone(v.standing), v.words.standing(v.standing))})
	if weeks, uses := v.uses(); len(uses) > 0 && uses[0].Traffic > 0 {
		out = append(out, ui.Fact{Term: v.say("column.traffic"), Text: v.with("service.traffic", "range", v.traffic(uses[0].Traffic), "week", v.short(weeks[0]))})
	}
	return out
}

// offer is what there is in its place: what the organisation says, or else what the list says of its kind.
func (v *serviceView) offer() string {
	if v.rule.Offer != "" {
		return v.rule.Offer
	}
	return v.kind.Instead.In(v.lang)
}

// uses are the weeks in which the service is shown, the newest first.
func (v *serviceView) uses() (weeks []string, uses []tally.Use) {
	for i := range v.weeks {
		for _, u := range v.weeks[i].Used {
			if u.Service == v.service.ID {
				weeks, uses = append(weeks, v.weeks[i].Week), append(uses, u)
			}
		}
	}
	return weeks, uses
}

func (v *serviceView) trend() ui.Figure {
	var rows []chart.Interval
	for _, w := range slices.Backward(v.weeks) {
		var c tally.Count
		for _, u := range w.Used {
			if u.Service == v.service.ID {
				c = u.Total
			}
		}
		rows = append(rows, v.interval(v.short(w.Week), c, v.k))
	}
	return v.figure("weeks", v.say("trend.figure"), v.say("column.week"), rows)
}

// units draws the departments in the newest week in which the service is shown.
func (v *serviceView) units() (f ui.Figure, ok bool) {
	weeks, uses := v.uses()
	if len(uses) == 0 || len(uses[0].Units) == 0 {
		return f, false
	}
	var rows []chart.Interval
	for _, u := range uses[0].Units {
		rows = append(rows, v.interval(u.Unit, u.Count, v.k))
	}
	if uses[0].Rest.Shown() {
		rows = append(rows, v.interval(v.say("unit.rest"), uses[0].Rest, v.k))
	}
	return v.figure("units", v.with("service.units", "week", v.short(weeks[0])), v.say("column.unit"), rows), true
}

func (v *serviceView) ruleForm() ui.FormSpec {
	return ui.FormSpec{State: v.form, Action: serviceAt + url.PathEscape(v.service.ID) + "/rule", Hidden: []ui.NameValue{{Name: "at", Value: strconv.FormatInt(v.rule.Version, 10)}}}
}

func (v *serviceView) standings() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "standing", Label: v.say("rule.standing")}, Chosen: []string{string(v.standing)}}
	for _, s := range services.Standings() {
		c.Options = append(c.Options, ui.Option{Value: string(s), Label: v.words.standing(s), Hint: v.say("rule.hint-" + string(s))})
	}
	return c
}

func (v *serviceView) offerField() ui.Field {
	return ui.Field{Name: "offer", Label: v.say("rule.offer"), Hint: v.say("rule.offer-hint"), Value: v.rule.Offer, MaxLength: mostOffer, Optional: true, Rows: 4}
}

func (d *Desk) putRule(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	at, _ := strconv.ParseInt(form.Get("at"), 10, 64) // what is no number is no version, and refused as such
	id := r.PathValue("id")
	if err := d.SetRule(r.Context(), r.Actor, id, at, services.Standing(form.Get("standing")), form.Get("offer")); err != nil {
		return again(r, form, err, func(status int, state *ui.FormState) error { return d.servicePage(w, r, status, state) })
	}
	return r.Redirect(w, serviceAt+url.PathEscape(id), notice(r, "ruled"))
}
