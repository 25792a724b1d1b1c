package identity

import (
	"net/http"
	"net/url"
	"slices"

	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// welcomeView is the page behind a link.
type welcomeView struct {
	words
	Welcome
	state *ui.FormState
	path  string
}

func (p *pages) welcome(w http.ResponseWriter, r *web.Request) error {
	wel, err := p.ReadLink(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	return p.showWelcome(w, r, wel, &ui.FormState{}, http.StatusOK)
}

func (p *pages) showWelcome(w http.ResponseWriter, r *web.Request, wel Welcome, state *ui.FormState, status int) error {
	v := welcomeView{words: in(r.Lang), Welcome: wel, state: state, path: "/welcome/" + r.PathValue("token")}
	r.Org = wel.Org.Web()
	kind := wel.Purpose
	if wel.Org.ID == "" {
		kind = "founder"
	}
	pg := bare(v.say("welcome." + kind))
	pg.Lead = v.T("welcome."+kind+"-lead", map[string]string{"organisation": wel.Org.Name, "name": wel.Account.Name})
	return r.Show(w, shaped(pg, state, status), welcomeBody(v))
}

func (p *pages) doWelcome(w http.ResponseWriter, r *web.Request) error {
	token := r.PathValue("token")
	wel, err := p.ReadLink(r.Context(), token)
	if err != nil {
		return err
	}
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	to, err := p.useWelcome(w, r, wel, form)
	if err != nil {
		state, status, err := again(w, r, form, err)
		if err != nil {
			return err
		}
		return p.showWelcome(w, r, wel, state, status)
	}
	return r.Redirect(w, to, nil)
}

func (p *pages) useWelcome(w http.ResponseWriter, r *web.Request, wel Welcome, form url.Values) (string, error) {
	in := WelcomeInput{
		Organisation: OrganisationInput{
			Name: form.Get("organisation.name"), Slug: form.Get("organisation.slug"), Languages: langsIn(form, "organisation.languages"),
		},
		Name: form.Get("name"), Mail: form.Get("mail"), Language: r.Lang, Password: form.Get("password"), PIN: form.Get("pin"),
	}
	if in.Organisation.Slug == "" {
		in.Organisation.Slug = SlugOf(in.Organisation.Name)
	}
	if wel.PIN {
		if err := sameTwice(form, "pin", "pin-repeat"); err != nil {
			return "", err
		}
	}
	return p.UseLink(r.Context(), w, r.Request, r.PathValue("token"), in)
}

// langsIn reads the languages that were chosen, in the order in which the interface lists them, the default first.
func langsIn(form url.Values, field string) []instrument.Lang {
	var out []instrument.Lang
	first := instrument.Lang(form.Get(field + ".first"))
	for _, l := range instrument.Languages() {
		if slices.Contains(form[field], string(l)) {
			if l == first {
				out = slices.Insert(out, 0, l)
			} else {
				out = append(out, l)
			}
		}
	}
	return out
}

// shownView is the page that shows a secret.
type shownView struct {
	words
	Shown
	account AccountView
	org     OrganisationView
	until   string
	address string
}

func (p *pages) shown(w http.ResponseWriter, r *web.Request) error {
	s, err := p.Shown(r.Context(), r.Actor, r.PathValue("token"))
	if problem.Is(err, problem.Gone) {
		return say(problem.Gone, "shown-gone")
	}
	if err != nil {
		return err
	}
	v := shownView{words: in(r.Lang), Shown: s}
	if v.org, err = organisation(r.Context(), p.db.Of(r.Actor.Tenant)); err != nil {
		return err
	}
	if s.Account != "" {
		if v.account, err = accountBy(r.Context(), p.db.Of(r.Actor.Tenant), "id", s.Account); err != nil {
			return err
		}
	}
	if !s.Ends.IsZero() {
		v.until = v.moment(r, s.Ends)
	}
	v.address = r.Absolute("/o/" + v.org.Slug + "/sign-in/pin")
	pg := page(v.say("shown." + string(s.Kind)))
	pg.Lead = v.say("shown." + string(s.Kind) + "-lead")
	return r.Show(w, pg, shownBody(v))
}
