package identity

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/identity/oidc"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// oidcNotices is the name under which notices about sign-in providers are known.
const oidcNotices = "oidc"

// AddTo makes the routes and notices known to a server, and the ways to sign in, confirm and sign out to the service.
func (p *Providers) AddTo(server *web.Server) error {
	server.AddNotices(oidcNotices, oidc.Locale())
	p.audit.Explain(oidc.Locale())
	p.AddOptions(p)
	p.AddSignOutSteps(p)
	return server.Add(
		web.Route{Pattern: "GET /o/{slug}/oidc/start", Public: true, Handle: p.start},
		web.Route{Pattern: "GET /o/{slug}/oidc/callback", Public: true, Handle: p.callback},
		web.Route{Pattern: "GET /o/{slug}/oidc/leave/{state}", Public: true, Handle: p.leave},
		web.Route{Pattern: "GET /o/{slug}/oidc/signed-out", Public: true, Handle: p.signedOut},
		web.Route{Pattern: "POST /o/{slug}/oidc/back-channel", Public: true, Body: 128 << 10, Handle: p.backChannel},
		web.Route{Pattern: "GET /organisation/sign-in", Action: access.ChangeOrganisation, Handle: p.show},
		web.Route{Pattern: "POST /organisation/sign-in", Action: access.ChangeOrganisation, Fresh: true, Handle: p.save},
		web.Route{Pattern: "GET /organisation/sign-in/try", Action: access.ChangeOrganisation, Handle: p.try},
		web.Route{Pattern: "GET /organisation/sign-in/remove", Action: access.ChangeOrganisation, Fresh: true, Handle: p.askRemove},
		web.Route{Pattern: "POST /organisation/sign-in/remove", Action: access.ChangeOrganisation, Fresh: true, Handle: p.remove},
	)
}

func inOIDC(lang instrument.Lang) words { return words{oidc.Locale().Printer(lang)} }

// at returns the organisation of the address.
func (p *Providers) at(r *web.Request) (OrganisationView, error) { return (&pages{p.Service}).at(r) }

// Offer implements SignInOption.
func (p *Providers) Offer(ctx context.Context, o Offer) (templ.Component, error) {
	row, err := provider(ctx, p.db.Of(o.Org.ID))
	if errors.Is(err, db.ErrNoRow) || err == nil && !row.Enabled {
		return nil, nil //nolint:nilnil // as the interface says: this way is not offered
	}
	if err != nil {
		return nil, err
	}
	q := url.Values{}
	if next := web.Local(o.Next, "/"); next != "/" {
		q.Set("next", next)
	}
	say := inOIDC(o.Lang)
	label := row.ButtonText(o.Lang)
	if label == "" {
		label = say.say("page.button")
	}
	if o.Confirm != nil {
		linked, err := linkedAt(ctx, p.db.Of(o.Org.ID), row.Issuer, o.Confirm.Owner)
		if err != nil || !linked {
			return nil, err
		}
		q.Set("confirm", "yes")
		label = say.say("page.confirm")
	}
	href := "/o/" + o.Org.Slug + "/oidc/start"
	if len(q) > 0 {
		href += "?" + q.Encode()
	}
	return ui.Buttons(ui.Action{Label: label, Href: href}), nil
}

// start goes to the provider. It begins at the host to which the provider sends the browser back, as the cookie does.
func (p *Providers) start(w http.ResponseWriter, r *web.Request) error {
	o, err := p.at(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	if from := r.Header.Get("Sec-Fetch-Site"); from == "cross-site" || from == "same-site" {
		// A link of another site begins no session by itself, though the provider may know the person: who means it goes on here.
		return r.Redirect(w, nextIn("/o/"+o.Slug+"/sign-in", q.Get("next")), nil)
	}
	confirm := q.Get("confirm") == "yes"
	if !confirm && o.Host != "" && hostOf(r.Host) != o.Host && q.Get("here") == "" {
		q.Set("here", "1") // once, whatever a proxy makes of the host
		return r.Redirect(w, p.public(o.ID)+r.URL.Path+"?"+q.Encode(), nil)
	}
	to, err := p.depart(r.Context(), w, r, o, q.Get("next"), confirm)
	if err != nil {
		return p.failed(w, r, o, err)
	}
	return r.Redirect(w, to, nil)
}

func (p *Providers) callback(w http.ResponseWriter, r *web.Request) error {
	o, err := p.at(r)
	if err != nil {
		return err
	}
	to, err := p.comeBack(r.Context(), w, r, o)
	if err != nil {
		return p.failed(w, r, o, err)
	}
	return r.Redirect(w, to, nil)
}

// failed says why a sign-in did not work, with the way to begin again.
func (p *Providers) failed(w http.ResponseWriter, r *web.Request, o OrganisationView, err error) error {
	q, ok := problem.Of(err)
	if !ok || q.Kind == problem.SignIn || q.Kind == problem.Internal {
		return err
	}
	p.log.WarnContext(r.Context(), "a sign-in at the provider failed", "organisation", string(o.ID), "error", err.Error())
	if r.Actor.Kind != access.Person {
		r.Org = o.Web()
	}
	say := inOIDC(r.Lang)
	pg := bare(say.say("page.failed"))
	pg.Lead = q.Message.In(r.Lang)
	pg.Status = web.Status(q.Kind)
	again := ui.Action{Label: say.say("page.again"), Href: "/o/" + o.Slug + "/sign-in"}
	if r.Actor.Kind == access.Person {
		again = ui.Action{Label: say.say("page.home"), Href: "/"}
	}
	return r.Show(w, pg, ui.Buttons(again))
}

// leave sends the browser on to the provider, by its own step: a form that was sent to us may not end at another site.
func (p *Providers) leave(w http.ResponseWriter, r *web.Request) error {
	o, err := p.at(r)
	if err != nil {
		return err
	}
	to, err := p.leaving(r.Context(), o, r.PathValue("state"))
	if problem.Is(err, problem.Gone) {
		return r.Redirect(w, "/o/"+o.Slug+"/sign-in", nil)
	}
	if err != nil {
		return err
	}
	w.Header().Set("Refresh", "0; url="+to)
	say := inOIDC(r.Lang)
	pg := bare(say.say("page.leave"))
	pg.Lead = say.say("page.leave-lead")
	return r.Show(w, pg, ui.Buttons(ui.Action{Label: say.say("page.leave-do"), Href: to}))
}

// signedOut is where the provider sends the browser after signing out there.
func (p *Providers) signedOut(w http.ResponseWriter, r *web.Request) error {
	o, err := p.at(r)
	if err != nil {
		return err
	}
	var notice *web.Notice
	if _, err := p.leaving(r.Context(), o, r.URL.Query().Get("state")); err == nil {
		notice = &web.Notice{Bundle: oidcNotices, Key: "notice.signed-out"}
	}
	return r.Redirect(w, "/o/"+o.Slug+"/sign-in", notice)
}

// backChannel is called by the provider itself. It answers as OpenID Connect Back-Channel Logout 1.0, section 2.8 wants.
func (p *Providers) backChannel(w http.ResponseWriter, r *web.Request) error {
	o, err := p.at(r)
	if err != nil {
		return err
	}
	form, err := r.ReadForm()
	if err == nil {
		err = p.endAtOnce(r.Context(), o, form.Get("logout_token"))
	}
	if err == nil {
		w.WriteHeader(http.StatusOK)
		return nil
	}
	q := web.Explain(err)
	status := web.Status(q.Kind)
	if status < http.StatusInternalServerError {
		status = http.StatusBadRequest
	}
	p.log.WarnContext(r.Context(), "a logout notice of a provider was not followed", "organisation", string(o.ID), "error", err.Error())
	return r.Send(w, status, "application/json", []byte(`{"error":"invalid_request"}`+"\n"))
}
