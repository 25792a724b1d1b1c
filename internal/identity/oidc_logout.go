package identity

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/id"
	"tekentafel/internal/identity/oidc"
	"tekentafel/internal/problem"
)

// atProvider is what a session keeps for signing out at the provider. SID comes first, so that sessions are found by it.
type atProvider struct {
	SID   string `json:"sid"`   // key of how the provider names the sign-in, "" when it does not
	Token string `json:"token"` // the id_token, sealed, in base64
}

const sealedForLeaving = "signing out at the provider"

// sidKey is how the name that a provider gives to a sign-in is kept: hashed, so that it tells nobody anything.
func sidKey(issuer, sid string) string {
	if sid == "" {
		return ""
	}
	return id.Hash(issuer + "\x00" + sid)
}

// sidPrefix is how the kept form of a session with that key begins.
func sidPrefix(key string) string { return fmt.Sprintf(`{"sid":"%s"`, key) }

// sessionOf returns what a session keeps of a person.
func (p *Providers) sessionOf(who oidc.Person) (string, error) {
	sealed, err := p.box.Seal(sealedForLeaving, []byte(who.IDToken))
	if err != nil {
		return "", err
	}
	raw, err := json.Marshal(atProvider{SID: sidKey(who.Issuer, who.SessionID), Token: base64.RawStdEncoding.EncodeToString(sealed)})
	return string(raw), err
}

// flowLeaving is the kind of flow that knows where at the provider to sign out.
const flowLeaving = "oidc-leave"

// SigningOut implements SignOutStep: after the session here has ended, a page leads on to the provider.
func (p *Providers) SigningOut(ctx context.Context, a access.Actor, kept string) (string, error) {
	var at atProvider
	if kept == "" {
		return "", nil
	}
	if err := json.Unmarshal([]byte(kept), &at); err != nil {
		return "", err
	}
	pr, err := p.enabled(ctx, a.Tenant)
	if errors.Is(err, db.ErrNoRow) {
		return "", nil // it was taken away meanwhile
	}
	if err != nil {
		return "", err
	}
	o, err := organisation(ctx, p.db.Of(a.Tenant))
	if err != nil {
		return "", err
	}
	sealed, err := base64.RawStdEncoding.DecodeString(at.Token)
	if err != nil {
		return "", err
	}
	token, err := p.box.Open(sealedForLeaving, sealed)
	if err != nil {
		return "", err
	}
	state := id.Token()
	address, err := p.party.LogoutAddress(ctx, pr.Provider, string(token), p.view(o, providerRow{}).SignedOut, state)
	if err != nil || address == "" {
		return "", err
	}
	secret, err := p.box.Seal(sealedForLeaving, []byte(address)) // it holds the id_token
	if err != nil {
		return "", err
	}
	raw, err := json.Marshal(secret)
	if err != nil {
		return "", err
	}
	err = p.db.Write(ctx, a.Tenant, func(sc *db.Scope) error {
		return addFlow(ctx, sc, state, flowLeaving, string(raw), p.now().Add(oidc.Lives))
	})
	return "/o/" + o.Slug + "/oidc/leave/" + state, err
}

// leaving returns the address at the provider for somebody who has just signed out here.
func (p *Providers) leaving(ctx context.Context, o OrganisationView, state string) (string, error) {
	var secret []byte
	t, err := p.readFlow(ctx, state, flowLeaving, &secret)
	if err != nil {
		return "", err
	}
	if t != o.ID {
		return "", db.ErrNoRow
	}
	address, err := p.box.Open(sealedForLeaving, secret)
	return string(address), err
}

// endAtOnce ends the sessions that a provider says have ended over there. A token works once.
func (p *Providers) endAtOnce(ctx context.Context, o OrganisationView, raw string) error {
	pr, err := p.enabled(ctx, o.ID)
	if err != nil {
		return err
	}
	out, err := p.party.BackChannel(ctx, pr.Provider, strings.TrimSpace(raw))
	if err != nil {
		return err
	}
	err = p.db.Write(ctx, o.ID, func(sc *db.Scope) error {
		if err := addFlow(ctx, sc, "logout\x00"+out.Issuer+"\x00"+out.TokenID, "oidc-logout", "{}", out.Expires); err != nil {
			return err
		}
		n, err := p.endSessions(ctx, sc, out)
		if err != nil {
			return err
		}
		return p.audit.Record(ctx, sc, system(o.ID), audit.Entry{Action: "session.ended-by-provider", Detail: map[string]string{"sessions": number(int(n))}})
	})
	if errors.Is(err, db.ErrExists) {
		return sayOIDC(problem.Forbidden, "answer-wrong").Because(errors.New("a logout token was used before"))
	}
	return err
}

// endSessions ends the one session that is named, or all of the person.
func (p *Providers) endSessions(ctx context.Context, sc *db.Scope, out oidc.Logout) (int64, error) {
	if out.SessionID != "" {
		return dropSessionsBySID(ctx, sc, sidKey(out.Issuer, out.SessionID))
	}
	account, err := subjectAccount(ctx, sc.Reader, out.Issuer, out.Subject)
	if errors.Is(err, db.ErrNoRow) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return dropSessionsOfSubject(ctx, sc, account)
}
