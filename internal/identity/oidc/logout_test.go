package oidc

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"
)

func logoutClaims(f *fake) map[string]any {
	return map[string]any{
		"iss": f.URL, "aud": client, "iat": f.clock().Unix(), "exp": f.clock().Add(2 * time.Minute).Unix(), "jti": "j1", "sid": "s1", "sub": "u1",
		"events": map[string]any{logoutEvent: map[string]any{}},
	}
}

func TestALogoutTokenIsTakenOnlyWhenAllOfItHolds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change map[string]any
		typ    string
		ok     bool
	}{
		"as it should be":       {nil, logoutKind, true},
		"without a kind":        {nil, "", true},
		"of the kind JWT":       {nil, "JWT", true},
		"with its media type":   {nil, "application/logout+jwt", true},
		"subject alone":         {map[string]any{"sid": nil}, logoutKind, true},
		"session alone":         {map[string]any{"sub": nil}, logoutKind, true},
		"neither":               {map[string]any{"sub": nil, "sid": nil}, logoutKind, false},
		"an access token":       {nil, "at+jwt", false},
		"with a nonce":          {map[string]any{"nonce": "n"}, logoutKind, false},
		"with an empty nonce":   {map[string]any{"nonce": ""}, logoutKind, false},
		"no event":              {map[string]any{"events": nil}, logoutKind, false},
		"another event":         {map[string]any{"events": map[string]any{"x": map[string]any{}}}, logoutKind, false},
		"an event that is text": {map[string]any{"events": map[string]any{logoutEvent: "yes"}}, logoutKind, false},
		"no id":                 {map[string]any{"jti": nil}, logoutKind, false},
		"endless id":            {map[string]any{"jti": strings.Repeat("x", 501)}, logoutKind, false},
		"another issuer":        {map[string]any{"iss": "https://evil.example"}, logoutKind, false},
		"another audience":      {map[string]any{"aud": "other"}, logoutKind, false},
		"no expiry":             {map[string]any{"exp": nil}, logoutKind, false},
		"expired":               {map[string]any{"exp": 1_000_000_000}, logoutKind, false},
		"no time of making":     {map[string]any{"iat": nil}, logoutKind, false},
		"made long ago":         {map[string]any{"iat": 1_000_000_000}, logoutKind, false},
		"made in the future":    {map[string]any{"iat": 4_000_000_000, "exp": 4_000_000_100}, logoutKind, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.typ = c.typ
			claims := logoutClaims(f)
			overlay(claims, c.change)
			got, err := f.party().BackChannel(t.Context(), f.provider(), f.sign(claims))
			if (err == nil) != c.ok {
				t.Fatalf("got %v", err)
			}
			if c.ok && (got.TokenID != "j1" || got.Issuer != f.URL || got.Subject == "" && got.SessionID == "" || !got.Expires.After(f.clock())) {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestAnIDTokenIsNoLogoutToken(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	p, err := f.signIn(f.party(), f.provider(), Ask{}, Answer{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.party().BackChannel(t.Context(), f.provider(), p.IDToken); keyOf(err) != "answer-wrong" {
		t.Errorf("got %v", err)
	}
}

func TestATokenThatCannotBeOneCostsTheProviderNothing(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	p := f.party()
	b64 := base64.RawURLEncoding.EncodeToString
	for _, raw := range []string{"", "a.b", "a.b.c", "..", "a.b.c.d", strings.Repeat("a", longestToken) + "..", b64([]byte("{}")) + "." + b64([]byte("[]")) + ".x"} {
		if _, err := p.BackChannel(t.Context(), f.provider(), raw); keyOf(err) != "answer-wrong" {
			t.Errorf("%.20q: %v", raw, err)
		}
	}
	if n := f.count("/.well-known/openid-configuration"); n != 0 {
		t.Errorf("the provider was asked %d times", n)
	}
}

func TestSigningOutGoesByTheProvider(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.discover = map[string]any{"end_session_endpoint": f.URL + "/end?realm=a"}
	address, err := f.party().LogoutAddress(t.Context(), f.provider(), "id.token.x", "https://tekentafel.example/back", "st")
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	want := url.Values{
		"realm": {"a"}, "client_id": {client}, "id_token_hint": {"id.token.x"}, "state": {"st"}, "post_logout_redirect_uri": {"https://tekentafel.example/back"},
	}
	if u.Query().Encode() != want.Encode() || u.Path != "/end" {
		t.Error(address)
	}
	none := newFake(t)
	none.discover = map[string]any{"end_session_endpoint": nil}
	if address, err := none.party().LogoutAddress(t.Context(), none.provider(), "", "", ""); address != "" || err != nil {
		t.Errorf("%q, %v", address, err)
	}
}

// FuzzPlausible holds that a text which passes is a signed token with a logout event, and that nothing makes it panic.
func FuzzPlausible(f *testing.F) {
	f.Add("e30.e30.")
	f.Add(base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"ES256","typ":"logout+jwt"}`)) + "." +
		base64.RawURLEncoding.EncodeToString([]byte(`{"events":{"`+logoutEvent+`":{}}}`)) + ".AA")
	f.Fuzz(func(t *testing.T, raw string) {
		if plausible(raw) != nil {
			return
		}
		parts := strings.Split(raw, ".")
		body, err := base64.RawURLEncoding.DecodeString(parts[1])
		if len(parts) != 3 || err != nil || !strings.Contains(string(body), "events") && !strings.Contains(string(body), `\u`) {
			t.Fatalf("%q passed", raw)
		}
		if _, err := jose.ParseSigned(raw, []jose.SignatureAlgorithm{jose.ES256}); err == nil && kindOf(raw) == "at+jwt" {
			t.Fatalf("%q passed", raw)
		}
	})
}
