package oidctest_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"tekentafel/internal/testkit/oidctest"
	"tekentafel/internal/ui/browsertest"
)

const callback = "http://127.0.0.1:9/callback"

var users = []oidctest.User{
	{Sub: "1", Email: "ann@example.org", EmailVerified: true, Name: "Ann", Locale: "nl", Groups: []string{"hr", "staff"}},
	{Sub: "2", Email: "bob@example.org", Name: "Bob"},
}

func person(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar}
}

// party is a client of a provider.
type party struct {
	provider *oidc.Provider
	oauth2.Config
}

func discover(t *testing.T, issuer string) party {
	t.Helper()
	p, err := oidc.NewProvider(t.Context(), issuer)
	if err != nil {
		t.Fatal(err)
	}
	return party{p, oauth2.Config{
		ClientID: "tekentafel", ClientSecret: "a secret of the client", RedirectURL: callback, Endpoint: p.Endpoint(),
		Scopes: []string{"openid", "email", "profile", "groups"},
	}}
}

type claims struct {
	Sub      string   `json:"sub"`
	Email    string   `json:"email"`
	Verified bool     `json:"email_verified"`
	Name     string   `json:"name"`
	Locale   string   `json:"locale"`
	Groups   []string `json:"groups"`
	Sid      string   `json:"sid"`
}

// redeem turns the address of the callback into an id_token that holds.
func (p party) redeem(t *testing.T, back, verifier string) (*oidc.IDToken, string, claims) {
	t.Helper()
	u, err := url.Parse(back)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(back, callback+"?") || u.Query().Get("state") != "s" {
		t.Fatalf("sent back to %s", back)
	}
	token, err := p.Exchange(t.Context(), u.Query().Get("code"), oauth2.VerifierOption(verifier))
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := p.provider.Verifier(&oidc.Config{ClientID: p.ClientID}).Verify(t.Context(), raw)
	if err != nil {
		t.Fatal(err)
	}
	var c claims
	if err := id.Claims(&c); err != nil {
		t.Fatal(err)
	}
	return id, raw, c
}

func (p party) ask(verifier string) string {
	return p.AuthCodeURL("s", oidc.Nonce("n"), oauth2.S256ChallengeOption(verifier))
}

func client(o ...func(*oidctest.Client)) oidctest.Options {
	c := oidctest.Client{ID: "tekentafel", Secret: "a secret of the client", RedirectURIs: []string{callback}}
	for _, change := range o {
		change(&c)
	}
	return oidctest.Options{Client: c, Users: users}
}

func TestAProviderTellsWhoSignedIn(t *testing.T) {
	t.Parallel()
	provider := oidctest.Start(t, client())
	p := discover(t, provider.Issuer())
	for _, u := range users {
		browser := person(t)
		id, _, got := p.redeem(t, provider.SignIn(t, browser, p.ask("v"+strings.Repeat("x", 50)), u.Email), "v"+strings.Repeat("x", 50))
		if got.Sub != u.Sub || got.Email != u.Email || got.Verified != u.EmailVerified || got.Name != u.Name || got.Locale != u.Locale || !slices.Equal(got.Groups, u.Groups) {
			t.Errorf("%+v signed in, and the token says %+v", u, got)
		}
		if id.Nonce != "n" || time.Until(id.Expiry) < 50*time.Minute {
			t.Errorf("nonce %s, valid for %v", id.Nonce, time.Until(id.Expiry))
		}
		// Who is signed in is not asked again.
		if back := provider.SignIn(t, browser, p.ask(oauth2.GenerateVerifier()), "nobody@example.org"); !strings.Contains(back, "code=") {
			t.Errorf("again: %s", back)
		}
	}
	if back := provider.Refuse(t, person(t), p.ask(oauth2.GenerateVerifier())); !strings.Contains(back, "error=access_denied") {
		t.Errorf("who refuses is sent back to %s", back)
	}
	if back := provider.SignIn(t, person(t), p.AuthCodeURL("s"), users[0].Email); !strings.Contains(back, "error=invalid_request") {
		t.Errorf("without PKCE one is sent back to %s", back)
	}
	if len(provider.Failures()) < 1 {
		t.Error("the provider does not tell what it refused")
	}
}

func TestAProviderRotatesItsKeysAndComesAndGoes(t *testing.T) {
	t.Parallel()
	provider := oidctest.Start(t, client())
	p := discover(t, provider.Issuer())
	browser, verifier := person(t), oauth2.GenerateVerifier()
	before, raw, _ := p.redeem(t, provider.SignIn(t, browser, p.ask(verifier), users[0].Email), verifier)
	kid := provider.RotateKeys()
	after, rawAfter, _ := p.redeem(t, provider.SignIn(t, browser, p.ask(verifier), ""), verifier)
	if header(raw) == header(rawAfter) || before.Subject != after.Subject || kid == "" {
		t.Errorf("after a rotation the header of the token is %s, before it %s", header(rawAfter), header(raw))
	}
	provider.Stop()
	provider.Stop()
	if _, err := oidc.NewProvider(t.Context(), provider.Issuer()); err == nil || !strings.Contains(err.Error(), "refused") {
		t.Errorf("a stopped provider: %v", err)
	}
	provider.Start()
	if _, _, c := p.redeem(t, provider.SignIn(t, browser, p.ask(verifier), ""), verifier); c.Sub != "1" {
		t.Errorf("after a stop the browser is signed in as %q", c.Sub)
	}
}

func header(token string) string { return strings.SplitN(token, ".", 2)[0] }

func TestAProviderTellsItsClientWhenASessionEnds(t *testing.T) {
	t.Parallel()
	told := make(chan string, 1)
	listener := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { told <- r.FormValue("logout_token") }))
	t.Cleanup(listener.Close)
	provider := oidctest.Start(t, oidctest.Options{})
	provider.Configure(client(func(c *oidctest.Client) {
		c.BackchannelLogoutURI = listener.URL + "/backchannel"
		c.PostLogoutRedirectURIs = []string{"http://127.0.0.1:9/bye"}
	}))
	p := discover(t, provider.Issuer())
	browser, verifier := person(t), oauth2.GenerateVerifier()
	_, raw, c := p.redeem(t, provider.SignIn(t, browser, p.ask(verifier), users[0].Email), verifier)
	var meta struct {
		End string `json:"end_session_endpoint"`
	}
	if err := p.provider.Claims(&meta); err != nil {
		t.Fatal(err)
	}
	leave := meta.End + "?" + url.Values{"id_token_hint": {raw}, "post_logout_redirect_uri": {"http://127.0.0.1:9/bye"}, "state": {"z"}}.Encode()
	if after := provider.SignOut(t, browser, leave); after != "http://127.0.0.1:9/bye?state=z" {
		t.Errorf("after signing out one is sent to %s", after)
	}
	var said string
	select {
	case said = <-told:
	default:
		t.Fatalf("the client was told nothing: %q", provider.Failures())
	}
	token, err := p.provider.Verifier(&oidc.Config{ClientID: p.ClientID}).Verify(t.Context(), said)
	if err != nil {
		t.Fatal(err)
	}
	var notice struct {
		Sid    string         `json:"sid"`
		Events map[string]any `json:"events"`
	}
	if err := token.Claims(&notice); err != nil {
		t.Fatal(err)
	}
	if c.Sid == "" || notice.Sid != c.Sid || notice.Events["http://schemas.openid.net/event/backchannel-logout"] == nil {
		t.Errorf("the notice is %+v, the session was %s", notice, c.Sid)
	}
	if after := provider.SignOut(t, person(t), meta.End); after != "" {
		t.Errorf("who was not signed in and asked for no address is sent to %s", after)
	}
	if out := provider.Failures(); len(out) > 0 {
		t.Errorf("the provider failed: %q", out)
	}
}

func TestAPersonSignsInWithABrowser(t *testing.T) {
	t.Parallel()
	listener := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "signed in")
	}))
	t.Cleanup(listener.Close)
	provider := oidctest.Start(t, client(func(c *oidctest.Client) { c.RedirectURIs = []string{listener.URL + "/callback"} }))
	p := discover(t, provider.Issuer())
	p.RedirectURL = listener.URL + "/callback"
	page := browsertest.Start(t).OpenURL(t, p.ask(oauth2.GenerateVerifier()), browsertest.View{Width: 820, Height: 900, NoJS: true})
	page.Fill("#user", "nobody@example.org")
	page.Click("#continue")
	if got := page.Text("[role=alert]"); !strings.Contains(got, "nobody@example.org") {
		t.Errorf("an unknown user reads %s", got)
	}
	page.Fill("#user", "ann@example.org")
	page.Click("#continue")
	page.Click("#consent #continue")
	if got := page.Location(); !strings.HasPrefix(got, listener.URL+"/callback?code=") {
		t.Errorf("the browser is at %s", got)
	}
}

func TestAForgerSignsWhatItIsAsked(t *testing.T) {
	t.Parallel()
	f := oidctest.NewForger(t)
	p := discover(t, f.Issuer())
	now := time.Now()
	secret := []byte(strings.Repeat("k", 32))
	for name, c := range map[string]struct {
		token func(map[string]any) string
		holds bool
	}{
		"right":           {f.Sign, true},
		"a stranger":      {f.SignByStranger, false},
		"none":            {f.Unsigned, false},
		"HMAC":            {func(c map[string]any) string { return f.SignHMAC(c, secret) }, false},
		"HMAC by the key": {func(c map[string]any) string { return f.SignHMAC(c, f.PublicKey()) }, false},
		"expired":         {func(c map[string]any) string { return f.Sign(oidctest.With(c, "exp", now.Add(-time.Hour).Unix())) }, false},
		"for another":     {func(c map[string]any) string { return f.Sign(oidctest.With(c, "aud", "another")) }, false},
		"by nobody":       {func(c map[string]any) string { return f.Sign(oidctest.Without(c, "iss")) }, false},
	} {
		f.Answer(func(request url.Values) string { return c.token(f.Claims(request, "7", now)) })
		code := func() string {
			browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
			res, err := browser.Get(p.ask("v")) //nolint:noctx // a test
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close()
			to, err := res.Location()
			if err != nil {
				t.Fatal(err)
			}
			return to.Query().Get("code")
		}()
		token, err := p.Exchange(t.Context(), code)
		if err != nil {
			t.Fatal(err)
		}
		raw, _ := token.Extra("id_token").(string)
		id, err := p.provider.Verifier(&oidc.Config{ClientID: p.ClientID}).Verify(t.Context(), raw)
		if (err == nil) != c.holds {
			t.Errorf("%s: verified with %v", name, err)
		}
		if c.holds && (id.Subject != "7" || id.Nonce != "n") {
			t.Errorf("%s: %+v", name, id)
		}
		if _, err := p.Exchange(t.Context(), code); err == nil {
			t.Errorf("%s: a code works twice", name)
		}
	}
	if notice := f.SignLogout(map[string]any{"sid": "1"}); header(notice) == header(f.Sign(map[string]any{"sid": "1"})) {
		t.Errorf("the header of a logout token is that of any other: %s", header(notice))
	}
	f.RotateKeys()
	if _, err := p.provider.Verifier(&oidc.Config{ClientID: p.ClientID}).Verify(t.Context(), f.Sign(f.Claims(url.Values{"client_id": {p.ClientID}}, "7", now))); err != nil {
		t.Errorf("a token of the new key: %v", err)
	}
}
