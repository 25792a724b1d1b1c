package oidc

import (
	"net/http"
	"net/netip"
	"slices"
	"testing"

	"tekentafel/internal/outbound"
)

func TestATryOutSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*fake, *Provider)
		err    string
		found  []string
	}{
		"all well":       {func(f *fake, _ *Provider) { f.discover = map[string]any{"backchannel_logout_supported": true} }, "", []string{"found.discovery", "found.client", "found.back-channel"}},
		"a wrong secret": {func(_ *fake, p *Provider) { p.Secret = "x" }, "", []string{"found.discovery", "found.client-wrong", "found.no-back-channel"}},
		"little is said": {func(f *fake, _ *Provider) {
			f.tokenErr = "odd"
			f.discover = map[string]any{"code_challenge_methods_supported": nil, "end_session_endpoint": nil, "response_types_supported": nil}
		}, "", []string{"found.discovery", "found.client-unknown", "found.pkce-unsaid", "found.no-end-session", "found.no-back-channel"}},
		"unknown names": {func(f *fake, p *Provider) {
			p.GroupsClaim = "groups"
			f.discover = map[string]any{"scopes_supported": []string{"openid", "email"}, "claims_supported": []string{"sub"}}
		}, "", []string{"found.discovery", "found.client", "found.no-back-channel", "found.scopes", "found.claim"}},
		"another name": {func(f *fake, _ *Provider) { f.discover = map[string]any{"issuer": "https://real.example"} }, "provider-issuer", nil},
		"no keys":      {func(f *fake, _ *Provider) { f.discover = map[string]any{"jwks_uri": nil} }, "provider-incomplete", nil},
		"a script": {func(f *fake, _ *Provider) {
			f.discover = map[string]any{"authorization_endpoint": "javascript:alert(1)"}
		}, "provider-incomplete", nil},
		"http inside": {func(f *fake, _ *Provider) { f.discover = map[string]any{"end_session_endpoint": "http://a.example/"} }, "provider-incomplete", nil},
		"implicit": {func(f *fake, _ *Provider) {
			f.discover = map[string]any{"response_types_supported": []string{"id_token"}}
		}, "provider-no-code", nil},
		"plain PKCE": {func(f *fake, _ *Provider) {
			f.discover = map[string]any{"code_challenge_methods_supported": []string{"plain"}}
		}, "provider-no-pkce", nil},
		"HS256 alone": {func(f *fake, _ *Provider) {
			f.discover = map[string]any{"id_token_signing_alg_values_supported": []string{"HS256", "none"}}
		}, "provider-algorithms", nil},
		"private_key_jwt alone": {func(f *fake, _ *Provider) {
			f.discover = map[string]any{"token_endpoint_auth_methods_supported": []string{"private_key_jwt"}}
		}, "provider-client-auth", nil},
		"not found":     {func(f *fake, _ *Provider) { f.status = http.StatusNotFound }, "provider-no-discovery", nil},
		"plain http":    {func(_ *fake, p *Provider) { p.Issuer = "http://login.example" }, "provider-scheme", nil},
		"the inside":    {func(_ *fake, p *Provider) { p.Issuer = "https://169.254.169.254" }, "provider-inner", nil},
		"a closed door": {func(_ *fake, p *Provider) { p.Issuer = "https://127.0.0.1:1" }, "provider-down", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			pr := f.provider()
			c.change(f, &pr)
			found, err := f.party().Inspect(t.Context(), pr, callback)
			var keys []string
			for _, x := range found {
				keys = append(keys, x.Key)
				if x.In("nl") == "" {
					t.Errorf("%s has no text", x.Key)
				}
			}
			if keyOf(err) != c.err || !slices.Equal(keys, c.found) {
				t.Errorf("got %v, %v", keys, err)
			}
		})
	}
}

func TestAProviderInTheNetworkOfTheServerIsNotReached(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	for name, config := range map[string]outbound.Config{
		"nothing allowed": {}, "another network": {Allow: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}},
	} {
		p := New(outbound.New(config), f.clock)
		if _, err := f.signIn(p, f.provider(), Ask{}, Answer{}); keyOf(err) != "provider-inner" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := f.count("/.well-known/openid-configuration"); n != 0 {
		t.Errorf("it was asked %d times", n)
	}
}
