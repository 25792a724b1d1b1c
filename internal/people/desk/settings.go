package desk

import (
	"net/http"

	"github.com/a-h/templ"

	"tekentafel/internal/access"
	"tekentafel/internal/i18n"
	"tekentafel/internal/national"
	"tekentafel/internal/people"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// settingsView is what becomes of national numbers, and what other features set.
type settingsView struct {
	w        words
	now      people.Settings
	by, when string // who wrote the basis
	changes  bool
	form     *ui.FormState
	parts    []templ.Component
}

// sees tells whether who sends r may know the settings.
func sees(r *web.Request) bool { return r.Can(access.ReadQuality) || r.Can(access.SetNational) }

func (d *Desk) settings(w http.ResponseWriter, r *web.Request) error {
	if !sees(r) {
		return refuse(problem.Forbidden, "error.forbidden")
	}
	return d.settingsPage(w, r, http.StatusOK, web.NewForm())
}

func (d *Desk) settingsPage(w http.ResponseWriter, r *web.Request, status int, form *ui.FormState) error {
	say := in(r.Lang)
	v := settingsView{w: say, changes: r.Can(access.SetNational), form: form}
	var err error
	if v.now, err = d.People.Settings(r.Context(), d.store(r)); err != nil {
		return err
	}
	if v.now.Basis != "" {
		v.when = say.Moment(r.Local(v.now.BasisAt))
		if v.by, err = d.who(r, say).name(v.now.BasisBy); err != nil {
			return err
		}
	}
	for _, part := range d.Settings {
		c, err := part.Setting(r)
		if err != nil {
			return err
		}
		if c != nil {
			v.parts = append(v.parts, c)
		}
	}
	p := page(r, say.say("settings.title"))
	if !r.Can(access.ReadQuality) { // the door of the area is not theirs
		p.Crumbs = nil
	}
	p.Status, p.Invalid = status, !form.OK()
	return r.Show(w, p, settingsPage(v))
}

// policies asks what becomes of national numbers.
func (v settingsView) policies() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "national", Label: v.w.say("national.label")}, Chosen: []string{string(v.now.National)}}
	for _, p := range []national.Policy{national.Hash, national.Refuse, national.Keep} {
		c.Options = append(c.Options, ui.Option{Value: string(p), Label: v.w.say("national.policy-" + string(p)), Hint: v.w.say("national.policy-" + string(p) + "-hint")})
	}
	return c
}

func (v settingsView) basis() ui.Field {
	return ui.Field{Name: "basis", Label: v.w.say("national.basis"), Hint: v.w.say("national.basis-hint"), Value: v.now.Basis, Rows: 4, MaxLength: 2000, Optional: true}
}

// facts are the choice that stands.
func (v settingsView) facts() []ui.Fact {
	p := string(v.now.National)
	facts := []ui.Fact{{Term: v.w.say("national.now"), Text: v.w.say("national.policy-"+p) + ". " + v.w.say("national.policy-"+p+"-hint")}}
	if v.now.Basis != "" {
		facts = append(facts, ui.Fact{Term: v.w.say("national.basis"), Text: v.now.Basis},
			ui.Fact{Term: v.w.say("national.written"), Text: v.w.T("fact.by", i18n.Args{"when": v.when, "who": v.by})})
	}
	return facts
}

func (d *Desk) setNational(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	policy, basis := national.Policy(form.Get("national")), form.Get("basis")
	err = d.People.SetNational(r.Context(), r.Actor, policy, basis, number(form.Get("version")))
	if problem.Is(err, problem.Conflict) { // sent twice, or by two people
		now, failed := d.People.Settings(r.Context(), d.store(r))
		if failed == nil && now.National == policy && (policy != national.Keep || now.Basis == basis) {
			err = nil
		}
	}
	if err != nil {
		return refilled(r, form, err, func(status int, state *ui.FormState) error { return d.settingsPage(w, r, status, state) })
	}
	return r.Redirect(w, settingsAt, r.Notice(noticeBundle, "notice.settings"))
}
