package identity

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

func (p *pages) signInRoutes() []web.Route {
	return []web.Route{
		{Pattern: "GET /sign-in", Public: true, Handle: p.signIn},
		{Pattern: "GET /o/{slug}/sign-in", Public: true, Handle: p.signIn},
		{Pattern: "POST /o/{slug}/sign-in", Public: true, Strict: true, Handle: p.doPassword},
		{Pattern: "GET /sign-in/pin", Public: true, Handle: p.signInPIN},
		{Pattern: "GET /o/{slug}/sign-in/pin", Public: true, Handle: p.signInPIN},
		{Pattern: "POST /o/{slug}/sign-in/pin", Public: true, Strict: true, Handle: p.doPIN},
		{Pattern: "GET /o/{slug}/sign-in/forgot", Public: true, Handle: p.forgot},
		{Pattern: "POST /o/{slug}/sign-in/forgot", Public: true, Strict: true, Handle: p.doForgot},
		{Pattern: "GET /sign-in/code", Public: true, Handle: p.code},
		{Pattern: "POST /sign-in/code", Public: true, Strict: true, Handle: p.doCode},
		{Pattern: "GET /sign-in/new-pin", Public: true, Handle: p.newPIN},
		{Pattern: "POST /sign-in/new-pin", Public: true, Strict: true, Handle: p.doNewPIN},
		{Pattern: "GET /sign-in/second-factor", Public: true, Handle: p.setUp},
		{Pattern: "POST /sign-in/second-factor", Public: true, Strict: true, Handle: p.doSetUp},
		{Pattern: "POST /sign-out", Public: true, Handle: p.signOut},
		{Pattern: "GET /confirm", Any: true, Handle: p.confirm},
		{Pattern: "POST /confirm", Any: true, Strict: true, Handle: p.doConfirm},
		{Pattern: "GET /welcome/{token}", Public: true, Handle: p.welcome},
		{Pattern: "POST /welcome/{token}", Public: true, Strict: true, Handle: p.doWelcome},
		{Pattern: "GET /shown/{token}", Any: true, Handle: p.shown},
	}
}

// at returns the organisation at which somebody signs in; db.ErrNoRow when they must choose one first.
func (p *pages) at(r *web.Request) (OrganisationView, error) {
	slug := r.PathValue("slug")
	visitor := r.Actor.Kind != access.Person
	if slug == "" {
		if !visitor || r.Org.ID == "" {
			return p.organisationAt(r.Context(), r.Request)
		}
		slug = r.Org.Slug
	}
	if visitor && r.Org.ID != "" && r.Org.Slug != slug {
		return OrganisationView{}, db.ErrNoRow // another organisation than that of the host name
	}
	return p.organisationBy(r.Context(), "slug", slug)
}

// signInView is the page to sign in.
type signInView struct {
	words
	org      OrganisationView
	next     string
	password *ui.FormState // nil where nobody signs in with a password
	pin      *ui.FormState // only on the page for a PIN, or where there is nothing else
	pinHref  string
	forgot   string
	offers   []templ.Component
}

func (v signInView) action(tail string) string { return "/o/" + v.org.Slug + "/sign-in" + tail }

func (p *pages) signIn(w http.ResponseWriter, r *web.Request) error {
	o, err := p.at(r)
	if errors.Is(err, db.ErrNoRow) && r.PathValue("slug") == "" {
		return p.choose(w, r)
	}
	if err != nil {
		return err
	}
	next := web.Local(r.URL.Query().Get("next"), "")
	if r.Actor.Kind == access.Person && r.Org.ID == o.ID {
		return r.Redirect(w, web.Local(next, "/"), nil)
	}
	return p.showSignIn(w, r, o, next, nil, http.StatusOK)
}

// choose lists the organisations of the installation.
func (p *pages) choose(w http.ResponseWriter, r *web.Request) error {
	list, err := p.allOrganisations(r.Context())
	if err != nil {
		return err
	}
	say := in(r.Lang)
	pg := bare(say.say("signin.choose"))
	pg.Lead = say.say("signin.choose-lead")
	if len(list) == 0 {
		pg.Title, pg.Lead = say.say("signin.none"), say.say("signin.none-lead")
	}
	return r.Show(w, pg, choosePage(list, r.URL.Query().Get("next")))
}

func (p *pages) showSignIn(w http.ResponseWriter, r *web.Request, o OrganisationView, next string, state *ui.FormState, status int) error {
	v := signInView{words: in(r.Lang), org: o, next: next}
	if !o.Settings.NoPassword {
		if v.password = state; state == nil {
			v.password = &ui.FormState{}
		}
	}
	if !o.Settings.NoPIN {
		v.pinHref = nextIn(v.action("/pin"), next)
	}
	if p.CanRecover(o) {
		v.forgot = v.action("/forgot")
	}
	var err error
	if v.offers, err = p.offers(r.Context(), Offer{Org: o, Lang: r.Lang, Next: next}); err != nil {
		return err
	}
	if v.password == nil && v.pinHref != "" && len(v.offers) == 0 {
		v.pin, v.pinHref = &ui.FormState{}, ""
	}
	pg := p.signInPage(r, o, v.with("signin.title", "organisation", o.Name))
	return r.Show(w, shaped(pg, v.password, status), signInBody(v))
}

// signInPage is a page of signing in, in the colours of an organisation.
func (p *pages) signInPage(r *web.Request, o OrganisationView, title string) web.Page {
	r.Org = o.Web()
	return bare(title)
}

func (p *pages) doPassword(w http.ResponseWriter, r *web.Request) error {
	o, err := p.at(r)
	if err != nil {
		return err
	}
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	to, err := p.SignInWithPassword(r.Context(), w, r.Request, o, SignInInput{Name: form.Get("mail"), Secret: form.Get("password"), Next: form.Get("next")})
	if err != nil {
		state, status, err := again(w, r, form, err)
		if err != nil {
			return err
		}
		return p.showSignIn(w, r, o, web.Local(form.Get("next"), ""), state, status)
	}
	return r.Redirect(w, to, nil)
}

func (p *pages) signInPIN(w http.ResponseWriter, r *web.Request) error {
	o, err := p.at(r)
	if errors.Is(err, db.ErrNoRow) && r.PathValue("slug") == "" {
		return p.choose(w, r)
	}
	if err != nil {
		return err
	}
	return p.showPIN(w, r, o, web.Local(r.URL.Query().Get("next"), ""), &ui.FormState{}, http.StatusOK)
}

func (p *pages) showPIN(w http.ResponseWriter, r *web.Request, o OrganisationView, next string, state *ui.FormState, status int) error {
	if o.Settings.NoPIN {
		return db.ErrNoRow
	}
	v := signInView{words: in(r.Lang), org: o, next: next, pin: state}
	pg := back(p.signInPage(r, o, v.say("signin.pin-title")), v.say("signin.other-way"), nextIn(v.action(""), next))
	return r.Show(w, shaped(pg, state, status), signInBody(v))
}

func (p *pages) doPIN(w http.ResponseWriter, r *web.Request) error {
	o, err := p.at(r)
	if err != nil {
		return err
	}
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	to, err := p.SignInWithPIN(r.Context(), w, r.Request, o, SignInInput{
		Name: form.Get("staffNumber"), Secret: form.Get("pin"), Next: form.Get("next"), Shared: form.Get("device") != "own",
	})
	if err != nil {
		state, status, err := again(w, r, form, err)
		if err != nil {
			return err
		}
		return p.showPIN(w, r, o, web.Local(form.Get("next"), ""), state, status)
	}
	return r.Redirect(w, to, nil)
}

func (p *pages) forgot(w http.ResponseWriter, r *web.Request) error {
	o, err := p.at(r)
	if err != nil {
		return err
	}
	return p.showForgot(w, r, o, &ui.FormState{}, http.StatusOK)
}

func (p *pages) showForgot(w http.ResponseWriter, r *web.Request, o OrganisationView, state *ui.FormState, status int) error {
	if !p.CanRecover(o) {
		return db.ErrNoRow
	}
	say := in(r.Lang)
	pg := back(p.signInPage(r, o, say.say("forgot.title")), say.say("signin.other-way"), "/o/"+o.Slug+"/sign-in")
	pg.Lead = say.say("forgot.lead")
	return r.Show(w, shaped(pg, state, status), forgotBody(say, o, state))
}

func (p *pages) doForgot(w http.ResponseWriter, r *web.Request) error {
	o, err := p.at(r)
	if err != nil {
		return err
	}
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	if err := p.RequestRecovery(r.Context(), o, form.Get("mail")); err != nil {
		state, status, err := again(w, r, form, err)
		if err != nil {
			return err
		}
		return p.showForgot(w, r, o, state, status)
	}
	return r.Redirect(w, "/o/"+o.Slug+"/sign-in", notice("recovery-sent"))
}

// step shows a page of a sign-in half way; one that has ended begins anew.
func (p *pages) step(w http.ResponseWriter, r *web.Request, step Step, show func(halfway) error) error {
	h, err := p.want(r.Context(), r.Request, step)
	if problem.Is(err, problem.Gone) {
		return r.Redirect(w, "/sign-in", &web.Notice{Bundle: noticeBundle, Key: "notice.flow-gone", Bad: true})
	}
	if err != nil {
		return err
	}
	o, err := organisation(r.Context(), p.db.Of(h.Tenant))
	if err != nil {
		return err
	}
	r.Org = o.Web()
	return show(h)
}

// take takes the form of a step.
func (p *pages) take(w http.ResponseWriter, r *web.Request, step Step, do func(url.Values) (string, error), show func(halfway, *ui.FormState, int) error) error {
	return p.step(w, r, step, func(h halfway) error {
		form, err := r.ReadForm()
		if err != nil {
			return err
		}
		to, err := do(form)
		if err != nil {
			state, status, err := again(w, r, form, err)
			if err != nil {
				return err
			}
			return show(h, state, status)
		}
		return r.Redirect(w, to, nil)
	})
}

func (p *pages) code(w http.ResponseWriter, r *web.Request) error {
	return p.step(w, r, StepCode, func(halfway) error { return p.showCode(w, r, &ui.FormState{}, http.StatusOK) })
}

func (p *pages) showCode(w http.ResponseWriter, r *web.Request, state *ui.FormState, status int) error {
	say := in(r.Lang)
	pg := bare(say.say("code.title"))
	pg.Lead = say.say("code.lead")
	return r.Show(w, shaped(pg, state, status), codeBody(say, state, StepCode.path()))
}

func (p *pages) doCode(w http.ResponseWriter, r *web.Request) error {
	return p.take(w, r, StepCode, func(form url.Values) (string, error) {
		return p.GiveCode(r.Context(), w, r.Request, form.Get("code"))
	}, func(_ halfway, state *ui.FormState, status int) error { return p.showCode(w, r, state, status) })
}

func (p *pages) newPIN(w http.ResponseWriter, r *web.Request) error {
	return p.step(w, r, StepPIN, func(halfway) error { return p.showNewPIN(w, r, &ui.FormState{}, http.StatusOK) })
}

func (p *pages) showNewPIN(w http.ResponseWriter, r *web.Request, state *ui.FormState, status int) error {
	say := in(r.Lang)
	pg := bare(say.say("newpin.title"))
	pg.Lead = say.say("newpin.lead")
	return r.Show(w, shaped(pg, state, status), newPINBody(say, state, StepPIN.path(), false))
}

func (p *pages) doNewPIN(w http.ResponseWriter, r *web.Request) error {
	return p.take(w, r, StepPIN, func(form url.Values) (string, error) {
		if err := sameTwice(form, "pin", "pin-repeat"); err != nil {
			return "", err
		}
		return p.ChooseFirstPIN(r.Context(), w, r.Request, form.Get("pin"))
	}, func(_ halfway, state *ui.FormState, status int) error { return p.showNewPIN(w, r, state, status) })
}

// sameTwice refuses a secret that was typed in two ways.
func sameTwice(form url.Values, field, key string) error {
	if form.Get(field) != form.Get(field+"Repeat") {
		return wrong(field+"Repeat", key, nil)
	}
	return nil
}

func (p *pages) setUp(w http.ResponseWriter, r *web.Request) error {
	return p.step(w, r, StepSetUp, func(h halfway) error { return p.showSetUp(w, r, h, &ui.FormState{}, http.StatusOK) })
}

func (p *pages) showSetUp(w http.ResponseWriter, r *web.Request, h halfway, state *ui.FormState, status int) error {
	factor, err := p.pendingTOTP(r.Context(), h.Tenant, h.Account)
	if err != nil {
		return err
	}
	say := in(r.Lang)
	pg := bare(say.say("setup.title"))
	pg.Lead = say.say("setup.must")
	return r.Show(w, shaped(pg, state, status), setUpBody(say, factor, state, StepSetUp.path()))
}

func (p *pages) doSetUp(w http.ResponseWriter, r *web.Request) error {
	return p.take(w, r, StepSetUp, func(form url.Values) (string, error) {
		return p.SetUpFirst(r.Context(), w, r.Request, form.Get("code"))
	}, func(h halfway, state *ui.FormState, status int) error { return p.showSetUp(w, r, h, state, status) })
}

func (p *pages) signOut(w http.ResponseWriter, r *web.Request) error {
	to, err := p.SignOut(r.Context(), w, r.Request, r.Actor)
	if err != nil && !errors.Is(err, db.ErrNoRow) {
		return err
	}
	return r.Redirect(w, to, notice("signed-out"))
}

// confirmView is the page on which one proves again who one is.
type confirmView struct {
	words
	next     string
	mail     string
	number   string
	password *ui.FormState
	pin      *ui.FormState
	code     bool // a second factor is asked for too
	offers   []templ.Component
}

func (p *pages) confirm(w http.ResponseWriter, r *web.Request) error {
	return p.showConfirm(w, r, web.Local(r.URL.Query().Get("next"), "/"), &ui.FormState{}, http.StatusOK)
}

func (p *pages) showConfirm(w http.ResponseWriter, r *web.Request, next string, state *ui.FormState, status int) error {
	rd := p.db.Of(r.Actor.Tenant)
	o, a, err := p.self(r.Context(), rd, r.Actor)
	if err != nil {
		return err
	}
	c, err := credentials(r.Context(), rd, a.ID)
	if err != nil {
		return err
	}
	v := confirmView{words: in(r.Lang), next: next, mail: a.Mail, number: a.StaffNumber, code: c.SecondFactor}
	if c.Password && !o.Settings.NoPassword {
		v.password = state
	} else if c.PIN && !o.Settings.NoPIN {
		v.pin = state
	}
	if v.offers, err = p.offers(r.Context(), Offer{Org: o, Lang: r.Lang, Next: next, Confirm: &r.Actor}); err != nil {
		return err
	}
	pg := bare(v.say("confirm.title"))
	pg.Lead = v.say("confirm.lead")
	return r.Show(w, shaped(pg, state, status), confirmBody(v))
}

func (p *pages) doConfirm(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	next := web.Local(form.Get("next"), "/")
	if form.Has("pin") {
		err = p.ConfirmWithPIN(r.Context(), w, r.Request, r.Actor, Proof{Secret: form.Get("pin"), Code: form.Get("code")})
	} else {
		err = p.ConfirmWithPassword(r.Context(), w, r.Request, r.Actor, Proof{Secret: form.Get("password"), Code: form.Get("code")})
	}
	if err != nil {
		state, status, err := again(w, r, form, err)
		if err != nil {
			return err
		}
		return p.showConfirm(w, r, next, state, status)
	}
	return r.Redirect(w, next, nil)
}
