package oidc

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/url"
	"time"

	gooidc "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"tekentafel/internal/clock"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
)

// Person is what a provider said about somebody.
type Person struct {
	Issuer, Subject string // together they name the person, for good
	Mail            string // in small letters, or ""
	MailVerified    bool
	Name            string
	Lang            instrument.Lang // "" when the provider names none that we speak
	Groups          []string
	SessionID       string    // sid: how the provider names this sign-in, or ""
	IDToken         string    // to be shown when signing out there
	ProvedAt        time.Time // when the person last proved who they are
}

// Lives is how long a pending sign-in holds.
const Lives = 15 * time.Minute

// oldest is how long ago a token may have been made when we get it straight from the provider.
const oldest = 10 * time.Minute

// Finish checks the answer with which a browser came back and returns who it is. Pending is that which was kept under the
// state of the answer, and must not be used again. Every check of OpenID Connect Core 1.0, section 3.1.3.7, that applies
// to a code and a signed token is made.
func (p *Party) Finish(ctx context.Context, pr Provider, pending Pending, a Answer) (Person, error) {
	if pending.Issuer != pr.Issuer || pending.ClientID != pr.ClientID {
		return Person{}, say(problem.Conflict, "provider-changed")
	}
	now := p.now()
	if now.Sub(clock.Time(pending.At)).Abs() > Lives {
		return Person{}, say(problem.Gone, "flow-lost")
	}
	m, err := p.discover(ctx, pr.Issuer)
	if err != nil {
		return Person{}, err
	}
	if a.Issuer != "" && a.Issuer != m.Issuer || a.Issuer == "" && m.SendsIssuer {
		return Person{}, wrongAnswer(fmt.Errorf("the answer names the issuer %q, not %q", shown(a.Issuer), m.Issuer))
	}
	if err := a.failed(); err != nil {
		return Person{}, err
	}
	person, err := p.redeem(ctx, m, pr, pending, a.Code)
	if err != nil {
		p.doubt(pr.Issuer)
	}
	return person, err
}

// redeem turns a code into a person.
func (p *Party) redeem(ctx context.Context, m *metadata, pr Provider, pending Pending, code string) (Person, error) {
	ctx = gooidc.ClientContext(ctx, p.http)
	token, err := m.config(pr, pending.Callback).Exchange(ctx, code, oauth2.VerifierOption(pending.Verifier))
	if err != nil {
		return Person{}, exchangeFailed(err)
	}
	raw, _ := token.Extra("id_token").(string)
	if raw == "" || len(raw) > longestToken {
		return Person{}, wrongAnswer(fmt.Errorf("the token endpoint gave an id_token of %d bytes", len(raw)))
	}
	c, err := p.verify(ctx, m, pr, pending, raw, token.AccessToken)
	if err != nil {
		return Person{}, err
	}
	proved, err := pending.provedAt(c, p.now())
	if err != nil {
		return Person{}, err
	}
	if c, err = complete(ctx, m, pr, c, token); err != nil {
		return Person{}, err
	}
	person, err := c.person(pr.GroupsClaim)
	person.Issuer, person.IDToken, person.ProvedAt = m.Issuer, raw, proved
	return person, err
}

func exchangeFailed(err error) error {
	var answer *oauth2.RetrieveError
	if !errors.As(err, &answer) {
		var transport *url.Error
		if errors.As(err, &transport) {
			return unreachable(err)
		}
		return wrongAnswer(err)
	}
	switch answer.ErrorCode {
	case "invalid_client", "unauthorized_client":
		return say(problem.Unavailable, "provider-settings").Because(short(err))
	case "invalid_grant":
		return say(problem.Gone, "flow-lost").Because(short(err))
	}
	if answer.Response != nil && answer.Response.StatusCode >= 500 {
		return say(problem.Unavailable, "provider-down").Because(short(err)).After(retryAfter)
	}
	return wrongAnswer(err)
}

// longestToken bounds a token, in bytes.
const longestToken = 64 << 10

// verify checks an id_token and returns its claims.
func (p *Party) verify(ctx context.Context, m *metadata, pr Provider, pending Pending, raw, access string) (claims, error) {
	ctx, why := listen(ctx)
	token, err := m.verifier(pr, p.now).Verify(ctx, raw)
	if err != nil {
		return nil, tokenFailed(err, *why)
	}
	c := claims{}
	if err := token.Claims(&c); err != nil {
		return nil, wrongAnswer(err)
	}
	now := p.now()
	azp, given := c["azp"]
	switch {
	case subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(pending.Nonce)) != 1 || pending.Nonce == "":
		err = errors.New("the nonce is another one")
	case token.Subject == "" || len(token.Subject) > 255:
		err = errors.New("sub is empty or too long")
	case given && azp != pr.ClientID, !given && len(token.Audience) > 1:
		err = errors.New("azp is another client, or absent beside several audiences")
	case token.IssuedAt.After(now.Add(skew)), token.IssuedAt.Before(now.Add(-oldest)):
		err = fmt.Errorf("iat is %s, now it is %s", token.IssuedAt.UTC().Format(time.RFC3339), now.Format(time.RFC3339))
	case kindOf(raw) == logoutKind:
		err = errors.New("it is a logout token")
	case token.AccessTokenHash != "":
		err = token.VerifyAccessToken(access)
	}
	if err != nil {
		return nil, wrongAnswer(err)
	}
	return c, nil
}

// tokenFailed explains why a token does not hold; that its keys could not be fetched is no fault of the token.
func tokenFailed(err, keys error) error {
	var transport *url.Error
	if errors.As(keys, &transport) && !errors.Is(keys, errTooOften) {
		return unreachable(keys)
	}
	return wrongAnswer(err)
}

// complete adds what the provider tells at its userinfo endpoint, when the token lacks something we use.
func complete(ctx context.Context, m *metadata, pr Provider, c claims, token *oauth2.Token) (claims, error) {
	if m.UserInfo == "" || token.AccessToken == "" || c.has("email") && c.has("email_verified") && c.has("name") && (pr.GroupsClaim == "" || c.has(pr.GroupsClaim)) {
		return c, nil
	}
	info, err := m.provider.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		var transport *url.Error
		if errors.As(err, &transport) {
			return nil, unreachable(err)
		}
		return nil, say(problem.Unavailable, "provider-down").Because(short(err)).After(retryAfter)
	}
	more := claims{}
	if err := info.Claims(&more); err != nil {
		return nil, wrongAnswer(err)
	}
	if more["sub"] != c["sub"] { // section 5.3.2: another's data must not be used
		return nil, wrongAnswer(errors.New("the userinfo endpoint speaks of somebody else"))
	}
	for name, value := range more {
		if _, given := c[name]; !given {
			c[name] = value
		}
	}
	return c, nil
}
