package own

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"tekentafel/internal/db"
	"tekentafel/internal/problem"
	"tekentafel/internal/skills/check"
	"tekentafel/internal/skills/vault"
	"tekentafel/internal/tenant"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// materialOf is the material in the words of the organisation of r.
func (p *Pages) materialOf(r *web.Request) (*check.Material, error) {
	return p.materialFor(r.Context(), r.Org.ID)
}

// materialFor is the material in the words of an organisation, with the parameters of items that it uses.
func (p *Pages) materialFor(ctx context.Context, t tenant.ID) (*check.Material, error) {
	m := p.Material
	if p.Materials != nil {
		var err error
		if m, err = p.Materials.MaterialOf(ctx, t); err != nil {
			return nil, err
		}
	}
	if p.Frameworks == nil {
		return m, nil
	}
	f, err := p.Frameworks.Framework(ctx, t)
	return m.With(f), err
}

// entryView is the page on which a check begins.
type entryView struct {
	*visit
	form *ui.FormState
}

// What a form names in the place of a function.
const (
	noFunction    = "none"
	otherFunction = "other"
)

// entry is the page on which a check begins.
func (p *Pages) entry(w http.ResponseWriter, v *visit) error {
	if v.broken {
		v.notices = append(v.notices, ui.Notice{Tone: ui.Warning, Text: v.say("broken")})
		p.setCookie(w, stateCookie, "", -1)
	}
	if v.pass == nil { // somebody with an open profile, on a device that remembers it
		if err := p.passOfProfile(w, v); err != nil {
			return err
		}
	}
	return p.showEntry(w, v, nil)
}

func (p *Pages) showEntry(w http.ResponseWriter, v *visit, form *ui.FormState) error {
	pg := page(v.say("entry.title"))
	pg.Kicker, pg.Lead, pg.Cover = v.Org.Name, v.say("entry.lead"), true
	if pg.Invalid = !form.OK(); pg.Invalid {
		pg.Status = http.StatusUnprocessableEntity
	}
	return v.show(w, pg, entryPage(entryView{v, form}))
}

// passOfProfile gives a pass to somebody who came by an open profile, with what it says of the work.
func (p *Pages) passOfProfile(w http.ResponseWriter, v *visit) error {
	v.pass = &pass{Tenant: v.key.Tenant, Kiosk: v.key.Kiosk}
	profile, _, err := p.load(v)
	if err == nil {
		v.pass.Field, v.pass.Known = profile.Work == check.Field, true
		if profile.Function != nil {
			v.pass.Functions = []check.Ref{*profile.Function}
		}
		if profile.Unit != nil {
			v.pass.Unit = *profile.Unit
		}
	}
	return p.givePass(w, v.pass)
}

// begin makes a check.
func (p *Pages) begin(w http.ResponseWriter, v *visit) error {
	form, err := v.ReadForm()
	if err != nil {
		return err
	}
	if v.pass == nil {
		return v.Redirect(w, checkAt, nil)
	}
	if v.pass.Link != "" {
		if _, err := p.linkBy(v.Context(), v.pass.Link); err != nil {
			return err
		}
	}
	plan, skill, _ := strings.Cut(form.Get("plan"), ":")
	work := form.Get("work")
	wrong := problem.Form{Bundle: locale()}
	if !slices.Contains(check.Plans(), check.Plan(plan)) || check.Plan(plan) == check.One && !v.m.Has(skill) {
		wrong.Wrong("plan", "error.plan", nil)
	}
	if work != string(check.Office) && work != string(check.Field) {
		wrong.Wrong("work", "error.work", nil)
	}
	if err := wrong.Err(); err != nil {
		state, err := v.Refill(form, err)
		if err != nil {
			return err
		}
		return p.showEntry(w, v, state)
	}
	s := v.m.NewState(check.Plan(plan), skill, work == string(check.Field))
	if i := slices.IndexFunc(v.pass.Functions, func(f check.Ref) bool { return f.ID == form.Get("function") }); i >= 0 {
		s.Function, s.Unit = v.pass.Functions[i], v.pass.Unit
	}
	if v.key != nil {
		if profile, _, err := p.load(v); err == nil {
			s.Avoid = v.m.Saw(profile)
		}
	}
	v.state = &s
	if err := p.giveState(w, v); err != nil {
		return err
	}
	if form.Get("function") == otherFunction {
		return v.Redirect(w, functionAt, nil)
	}
	return v.toAsk(w, v.first())
}

// first is where the questions begin.
func (v *visit) first() string { return statementsAt + v.m.Pages(v.state)[0] }

// plans are what one may choose to do.
func (v entryView) plans() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "plan", Label: v.say("entry.plan")}, Chosen: []string{string(check.All)}, Tiles: true}
	for _, plan := range []check.Plan{check.All, check.Statements} {
		c.Options = append(c.Options, ui.Option{Value: string(plan), Label: v.say("plan." + string(plan)), Hint: v.say("plan." + string(plan) + "-text")})
	}
	for i := range v.m.Framework.Skills {
		s := &v.m.Framework.Skills[i]
		c.Options = append(c.Options, ui.Option{Value: string(check.One) + ":" + s.ID, Label: v.with("plan.single", "skill", v.text(s.Name)), Apart: i == 0})
	}
	return c
}

func (v entryView) work() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "work", Label: v.say("entry.work"), Hint: v.say("entry.work-hint")}, Tiles: true, Options: []ui.Option{
		{Value: string(check.Office), Label: v.say("work.office")}, {Value: string(check.Field), Label: v.say("work.field")}}}
	if v.pass.Known {
		c.Chosen = []string{string(check.Office)}
		if v.pass.Field {
			c.Chosen = []string{string(check.Field)}
		}
	}
	return c
}

// asksFunction tells whether there are functions to choose from.
func (v entryView) asksFunction() bool { return len(v.pass.Functions) > 0 || v.p.Functions != nil }

func (v entryView) function() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "function", Label: v.say("entry.function"), Hint: v.say("entry.function-hint")}, Tiles: true, Chosen: []string{noFunction}}
	for i, f := range v.pass.Functions {
		c.Options = append(c.Options, ui.Option{Value: f.ID, Label: f.Name})
		if i == 0 {
			c.Chosen = []string{f.ID}
		}
	}
	if v.p.Functions != nil {
		c.Options = append(c.Options, ui.Option{Value: otherFunction, Label: v.say("entry.function-other")})
	}
	c.Options = append(c.Options, ui.Option{Value: noFunction, Label: v.say("entry.function-none")})
	return c
}

// functionsView is the page on which one looks for the own function.
type functionsView struct {
	*visit
	form    *ui.FormState
	search  string
	found   []check.Ref
	further string // where it leads on
}

func (v *visit) afterFunction() string {
	switch {
	case v.state == nil:
		return profileAt
	case v.state.Done:
		return resultAt
	case v.state.Asking:
		return questionAt
	}
	return v.first()
}

// functions shows the functions that fit what somebody types.
func (p *Pages) functions(w http.ResponseWriter, v *visit) error {
	f := functionsView{visit: v, search: strings.TrimSpace(v.URL.Query().Get("q")), further: v.afterFunction()}
	if v.state == nil && v.key == nil {
		return v.Redirect(w, checkAt, nil)
	}
	f.form = ui.NewFormState(url.Values{"q": {f.search}})
	if err := f.find(); err != nil {
		return err
	}
	return v.show(w, page(v.say("function.title")), functionsPage(f))
}

func (v *functionsView) find() error {
	if v.p.Functions == nil || v.search == "" || len(v.search) > 100 {
		return nil
	}
	var err error
	v.found, err = v.p.Functions.Search(v.Context(), v.Org.ID, v.search)
	v.found = v.found[:min(20, len(v.found))]
	return err
}

func (v functionsView) choice() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "function", Label: v.say("function.found")}, Tiles: true}
	if v.state != nil {
		c.Chosen = []string{v.state.Function.ID}
	}
	for _, f := range v.found {
		c.Options = append(c.Options, ui.Option{Value: f.ID, Label: f.Name})
	}
	c.Options = append(c.Options, ui.Option{Value: noFunction, Label: v.say("function.none")})
	return c
}

// setFunction keeps the function that somebody chose, or none.
func (p *Pages) setFunction(w http.ResponseWriter, v *visit) error {
	form, err := v.ReadForm()
	if err != nil {
		return err
	}
	if v.state == nil && v.key == nil {
		return v.Redirect(w, checkAt, nil)
	}
	f := functionsView{visit: v, search: form.Get("q"), further: v.afterFunction()}
	if err := f.find(); err != nil {
		return err
	}
	chosen := form.Get("function")
	i := slices.IndexFunc(f.found, func(x check.Ref) bool { return x.ID == chosen })
	if i < 0 && chosen != noFunction {
		return v.Redirect(w, functionAt+"?q="+url.QueryEscape(f.search), nil)
	}
	function, unit := check.Ref{}, check.Ref{}
	if i >= 0 {
		function = f.found[i]
		if v.pass != nil {
			unit = v.pass.Unit
		}
	}
	if v.state == nil {
		return p.setProfileFunction(w, v, function, unit)
	}
	v.state.Function, v.state.Unit = function, unit
	if err := p.giveState(w, v); err != nil {
		return err
	}
	return v.Redirect(w, f.further, nil)
}

// setProfileFunction changes the function that the open profile names.
func (p *Pages) setProfileFunction(w http.ResponseWriter, v *visit, function, unit check.Ref) error {
	profile, version, err := p.load(v)
	if err != nil {
		return p.lost(w, v, err)
	}
	profile.As(function, unit)
	if err := p.write(v.Context(), v.key, version, profile); errors.Is(err, vault.ErrChanged) {
		return db.ErrBusy
	} else if err != nil {
		return err
	}
	return v.Redirect(w, profileAt, nil)
}
