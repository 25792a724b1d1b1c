package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tekentafel/internal/contact"
	"tekentafel/internal/gateway/budget"
	"tekentafel/internal/gateway/limits"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// onePerson is the choice for a limit of one person, who is named by their mail address.
const onePerson = "person:?"

// limitForm asks for a limit: a new one, or other values of one that is there.
type limitForm struct {
	words
	form   *ui.FormState
	l      *limits.Limit // nil for a new one
	whom   string
	groups []string
	about  *about
}

func (d *Desk) askLimit(w http.ResponseWriter, r *web.Request) error {
	return d.limitForm(w, r, nil, http.StatusOK, web.NewForm())
}

func (d *Desk) editLimit(w http.ResponseWriter, r *web.Request) error {
	list, err := d.Limits.Versions(r.Context(), r.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	return d.limitForm(w, r, &list[0], http.StatusOK, web.NewForm())
}

func (d *Desk) limitForm(w http.ResponseWriter, r *web.Request, l *limits.Limit, status int, state *ui.FormState) error {
	x, err := d.about(r)
	if err != nil {
		return err
	}
	v := limitForm{words: in(r), form: state, l: l, groups: d.Limits.Groups(), about: x}
	title, above := v.say("limits.new"), []ui.Link{v.link("limits.title", limitsAt)}
	if l != nil {
		if v.whom, err = x.whom(r, v.words, l); err != nil {
			return err
		}
		title, above = v.say("limits.edit"), append(above, ui.Link{Label: v.whom, Href: itemAt(l.ID)})
	}
	return r.Show(w, form(r, title, status, state, above...), limitFormPage(v))
}

func (v *limitForm) spec() ui.FormSpec {
	f := ui.FormSpec{State: v.form, Action: limitsAt + "/preview"}
	if v.l != nil {
		f.Hidden = []ui.NameValue{{Name: "id", Value: v.l.ID}, {Name: "version", Value: strconv.FormatInt(v.l.Version, 10)}}
	}
	return f
}

func (v *limitForm) fixed() []ui.Fact {
	return facts(v.say("form.whom"), v.whom, v.say("form.group"), v.models(v.l), v.say("form.period"), v.say("each."+string(v.l.Period)), v.say("form.unit"), v.say("unit."+string(v.l.Unit)))
}

func (v *limitForm) whomChoice() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "whom", Label: v.say("form.whom"), Hint: v.say("form.whom-hint")}}
	add := func(kind budget.Kind, group string, named map[string]string) {
		c.Options = append(c.Options, ui.Option{Value: string(kind) + ":", Label: v.say("whom." + string(kind)), Group: group})
		ids := make([]string, 0, len(named))
		for id := range named {
			ids = append(ids, id)
		}
		slices.SortFunc(ids, func(a, b string) int { return strings.Compare(named[a]+a, named[b]+b) })
		for _, id := range ids {
			c.Options = append(c.Options, ui.Option{Value: string(kind) + ":" + id, Label: named[id], Group: group})
		}
	}
	add(budget.Organisation, "", nil)
	add(budget.Person, v.say("form.people"), nil)
	c.Options = append(c.Options, ui.Option{Value: onePerson, Label: v.say("whom.one-person"), Group: v.say("form.people")})
	add(budget.Team, v.say("form.teams"), v.about.units)
	add(budget.Key, v.say("form.keys"), v.about.keys)
	return c
}

func (v *limitForm) mail() ui.Field {
	return ui.Field{Name: "mail", Label: v.say("form.mail"), Hint: v.say("form.mail-hint"), Optional: true}
}

func (v *limitForm) groupChoice() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "group", Label: v.say("form.group")}, Options: []ui.Option{{Value: "", Label: v.say("form.group-all")}}}
	for _, g := range v.groups {
		c.Options = append(c.Options, ui.Option{Value: g, Label: g})
	}
	return c
}

func (v *limitForm) periodChoice() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "period", Label: v.say("form.period")}, Chosen: []string{string(budget.Month)}}
	for _, p := range limits.Periods() {
		c.Options = append(c.Options, ui.Option{Value: string(p), Label: v.say("each." + string(p))})
	}
	return c
}

func (v *limitForm) most() ui.Field {
	if v.l == nil {
		return mostField(v.words, "")
	}
	return mostField(v.words, v.typed(v.l.Unit, v.l.Most))
}

func (v *limitForm) ask() ui.Field {
	f := ui.Field{Name: "ask", Label: v.say("form.ask"), Hint: v.say("form.ask-hint"), Optional: true, MaxLength: limits.MostAsk}
	if v.l != nil {
		f.Value = v.l.Ask
	}
	return f
}

func reasonField(w words) ui.Field {
	return ui.Field{Name: "reason", Label: w.say("form.reason"), Hint: w.say("form.reason-hint"), MaxLength: limits.MostReason, Rows: 3}
}

// inputOf reads the form of a limit. The limit is nil for a new one.
func (d *Desk) inputOf(r *web.Request, values url.Values) (limits.Input, *limits.Limit, error) {
	in := limits.Input{Ask: values.Get("ask"), Reason: values.Get("reason")}
	if id := values.Get("id"); id != "" {
		list, err := d.Limits.Versions(r.Context(), r.Actor, id)
		if err != nil {
			return in, nil, err
		}
		in.Place = list[0].Place
		in.Version, _ = strconv.ParseInt(values.Get("version"), 10, 64) // what is no number is no version that stands
		in.Most = mostOf(in.Unit, values.Get("most"))
		return in, &list[0], nil
	}
	in.Group, in.Period, in.Unit = values.Get("group"), budget.Period(values.Get("period")), budget.Unit(values.Get("unit"))
	in.Most = mostOf(in.Unit, values.Get("most"))
	kind, subject, _ := strings.Cut(values.Get("whom"), ":")
	in.Kind, in.Subject = budget.Kind(kind), subject
	f := problem.Form{Bundle: locale()}
	if values.Get("whom") == onePerson {
		address, _ := contact.Mail(values.Get("mail"))
		account, ok, err := d.Accounts.ByMail(r.Context(), d.DB.Of(r.Actor.Tenant), address)
		if err != nil {
			return in, nil, err
		}
		if in.Subject = account; !ok || address == "" {
			f.Wrong("mail", "field.mail", nil)
		}
		return in, nil, f.Err()
	}
	x, err := d.about(r)
	if err != nil {
		return in, nil, err
	}
	known := map[budget.Kind]map[string]string{budget.Team: x.units, budget.Key: x.keys}[in.Kind]
	if _, stands := known[subject]; subject != "" && !stands {
		f.Wrong("whom", "field.whom", nil)
	}
	return in, nil, f.Err()
}

// mostOf reads an amount; what is none is below every limit, and so refused where it is checked.
func mostOf(u budget.Unit, s string) int64 {
	if n, ok := amountOf(u, s); ok {
		return n
	}
	return -1
}

// previewView shows what a limit would do before it is set.
type previewView struct {
	words
	values url.Values
	in     *limits.Input
	was    *limits.Limit // nil: there is none that holds
	whom   string
	stands *limits.Standing // nil where nothing is said
}

func (d *Desk) previewLimit(w http.ResponseWriter, r *web.Request) error {
	values, err := r.ReadForm()
	if err != nil {
		return err
	}
	in0, l, err := d.inputOf(r, values)
	var was limits.Limit
	var holds bool
	if err == nil {
		was, holds, err = d.Limits.Check(r.Context(), r.Actor, &in0)
	}
	if err != nil {
		return again(r, values, named(err), func(status int, state *ui.FormState) error { return d.limitForm(w, r, l, status, state) })
	}
	v := previewView{words: in(r), values: values, in: &in0}
	if holds {
		v.was = &was
		if l == nil { // one is there already: it is changed
			values.Set("id", was.ID)
			values.Set("version", strconv.FormatInt(was.Version, 10))
		}
	}
	x, err := d.about(r)
	if err != nil {
		return err
	}
	if v.whom, err = x.whom(r, v.words, v.limit()); err != nil {
		return err
	}
	st, ok, err := d.Limits.Try(r.Context(), r.Actor, &in0)
	if err != nil {
		return err
	}
	if ok {
		v.stands = &st
	}
	p := page(r, v.say("preview.title"), v.link("limits.title", limitsAt))
	p.Lead = v.say("preview.lead")
	return r.Show(w, p, previewPage(v))
}

// named gives the fields of a problem the names of this form.
func named(err error) error {
	p, ok := problem.Of(err)
	if !ok {
		return err
	}
	for i := range p.Fields {
		if p.Fields[i].Name == "kind" || p.Fields[i].Name == "subject" {
			p.Fields[i].Name = "whom"
		}
	}
	return p
}

func (v *previewView) limit() *limits.Limit {
	return &limits.Limit{Place: v.in.Place, Most: v.in.Most}
}

func (v *previewView) facts() []ui.Fact {
	before := v.say("preview.nothing")
	if v.was != nil {
		before = v.most(v.was)
	}
	return facts(v.say("form.whom"), v.whom, v.say("form.group"), v.models(v.limit()), v.say("preview.before"), before, v.say("preview.after"), v.most(v.limit()), v.say("form.ask"), v.in.Ask, v.say("form.reason"), v.in.Reason)
}

// effect says what the limit would do at once.
func (v *previewView) effect() []string {
	var out []string
	if v.in.Most == 0 {
		out = append(out, v.say("preview.none-costing"))
	}
	switch {
	case v.stands != nil:
		out = append(out, v.with("preview.stands", "state", v.words.stands(v.stands)))
		if v.stands.Level >= budget.Full && v.in.Most > 0 {
			out = append(out, v.say("preview.full"))
		}
	case v.in.Kind == budget.Person:
		out = append(out, v.say("preview.person"))
	default:
		out = append(out, v.say("preview.each"))
	}
	switch {
	case v.in.Kind == budget.Organisation:
	case v.in.Subject == "":
		out = append(out, v.say("preview.each-but"))
	default:
		out = append(out, v.say("preview.one-instead"))
	}
	return out
}

// carry are the values that go along to be saved.
func (v *previewView) carry() []ui.NameValue {
	var out []ui.NameValue
	for _, name := range []string{"id", "version", "whom", "mail", "group", "period", "unit", "most", "ask", "reason"} {
		if x := v.values.Get(name); x != "" {
			out = append(out, ui.NameValue{Name: name, Value: x})
		}
	}
	return out
}

func (v *previewView) cancel() string {
	if id := v.values.Get("id"); id != "" {
		return itemAt(id)
	}
	return limitsAt
}

func (d *Desk) putLimit(w http.ResponseWriter, r *web.Request) error {
	values, err := r.ReadForm()
	if err != nil {
		return err
	}
	in, l, err := d.inputOf(r, values)
	if err == nil {
		_, err = d.Limits.Set(r.Context(), r.Actor, in)
	}
	if err != nil {
		return again(r, values, named(err), func(status int, state *ui.FormState) error { return d.limitForm(w, r, l, status, state) })
	}
	return r.Redirect(w, limitsAt, notice(r, "limit"))
}
