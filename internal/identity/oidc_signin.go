package identity

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"net/http"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/id"
	"tekentafel/internal/identity/oidc"
	"tekentafel/internal/problem"
	"tekentafel/internal/web"
)

// flowOIDC is the kind of flow of a sign-in at a provider.
const flowOIDC = "oidc"

// browserCookie binds the sign-ins at a provider that a browser began to that browser.
const browserCookie = "tt_oidc"

// away is what is kept while somebody is at the provider.
type away struct {
	Pending oidc.Pending `json:"pending"`
	Browser string       `json:"browser"`           // hash of the cookie
	Next    string       `json:"next"`              // where the person wanted to go
	Confirm string       `json:"confirm,omitempty"` // the account that must prove again who it is
}

// depart begins a sign-in at the provider of an organisation and returns the address to send the browser to. With confirm it
// asks the person of r to prove again who they are.
func (p *Providers) depart(ctx context.Context, w http.ResponseWriter, r *web.Request, o OrganisationView, next string, confirm bool) (string, error) {
	pr, err := p.enabled(ctx, o.ID)
	if err != nil {
		return "", err
	}
	keep := away{Next: web.Local(next, "/")}
	if confirm {
		if r.Actor.Kind != access.Person || r.Actor.Tenant != o.ID {
			return "", say(problem.SignIn, "flow-gone")
		}
		keep.Confirm = r.Actor.Owner
	}
	address, state, pending, err := p.party.Start(ctx, pr.Provider, oidc.Ask{Callback: p.view(o, providerRow{}).Callback, Lang: r.Lang, Again: confirm})
	if err != nil {
		return "", err
	}
	browser := p.cookies.Cookie(r.Request, browserCookie)
	if len(browser) != len(id.Token()) {
		browser = id.Token()
	}
	keep.Pending, keep.Browser = pending, id.Hash(browser)
	raw, err := json.Marshal(keep)
	if err != nil {
		return "", err
	}
	err = p.db.Write(ctx, o.ID, func(sc *db.Scope) error {
		return addFlow(ctx, sc, state, flowOIDC, string(raw), p.now().Add(oidc.Lives))
	})
	p.cookies.SetCookie(w, browserCookie, browser, oidc.Lives)
	return address, err
}

// comeBack ends a sign-in at the provider: the person gets a session, or has confirmed. It returns where to go on.
func (p *Providers) comeBack(ctx context.Context, w http.ResponseWriter, r *web.Request, o OrganisationView) (string, error) {
	answer, err := oidc.ParseAnswer(r.URL.Query())
	if err != nil {
		return "", err
	}
	var keep away
	t, err := p.takeFlow(ctx, answer.State, flowOIDC, &keep)
	if problem.Is(err, problem.Gone) {
		return "", sayOIDC(problem.Gone, "flow-lost").Because(err)
	}
	if err != nil {
		return "", err
	}
	browser := id.Hash(p.cookies.Cookie(r.Request, browserCookie))
	if t != o.ID || subtle.ConstantTimeCompare([]byte(browser), []byte(keep.Browser)) != 1 {
		return "", sayOIDC(problem.Gone, "flow-lost").Because(errors.New("the state is another organisation's or another browser's"))
	}
	pr, err := p.enabled(ctx, o.ID)
	if err != nil {
		return "", err
	}
	who, err := p.party.Finish(ctx, pr.Provider, keep.Pending, answer)
	if err != nil {
		return "", err
	}
	if keep.Confirm != "" {
		return web.Local(keep.Next, "/"), p.confirmed(ctx, w, r, keep, who)
	}
	account, err := p.accountFor(ctx, o.ID, pr.Settings, who)
	if err != nil {
		return "", p.recordRefusal(ctx, o, err)
	}
	session, err := p.sessionOf(who)
	if err != nil {
		return "", err
	}
	return web.Local(keep.Next, "/"), p.SignIn(ctx, w, r.Request, SignedIn{
		Tenant: o.ID, Account: account, Method: ByOIDC, Provider: session, ProvedAt: who.ProvedAt,
	})
}

// confirmed notes that the person who began proved who they are, and nobody else.
func (p *Providers) confirmed(ctx context.Context, w http.ResponseWriter, r *web.Request, keep away, who oidc.Person) error {
	if r.Actor.Kind != access.Person || r.Actor.Owner != keep.Confirm {
		return sayOIDC(problem.Gone, "flow-lost").Because(errors.New("somebody else is signed in now"))
	}
	account, err := subjectAccount(ctx, p.db.Of(r.Actor.Tenant), who.Issuer, who.Subject)
	if errors.Is(err, db.ErrNoRow) || err == nil && account != keep.Confirm {
		return sayOIDC(problem.Forbidden, "somebody-else")
	}
	if err != nil {
		return err
	}
	return p.Confirmed(ctx, w, r.Request, r.Actor, ByOIDC)
}

// recordRefusal notes that somebody whom the provider knows was not let in, and returns why.
func (p *Providers) recordRefusal(ctx context.Context, o OrganisationView, why error) error {
	q, ok := problem.Of(why)
	if !ok || q.Kind != problem.Forbidden {
		return why
	}
	err := p.db.Write(ctx, o.ID, func(sc *db.Scope) error {
		return p.audit.Record(ctx, sc, visitor(o.ID), audit.Entry{
			Action: "session.refused", Detail: map[string]string{"method": string(ByOIDC), "why": q.Message.Key},
		})
	})
	return errors.Join(why, err)
}
