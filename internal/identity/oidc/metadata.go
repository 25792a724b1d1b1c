package oidc

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	gooidc "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"tekentafel/internal/problem"
)

// algorithms are those with which a provider may sign. Others are refused, "none" and those with a shared secret too.
func algorithms() []string {
	return []string{gooidc.RS256, gooidc.ES256, gooidc.PS256, gooidc.EdDSA}
}

// metadata is what a provider tells about itself (OpenID Connect Discovery 1.0, section 3).
type metadata struct {
	Issuer        string   `json:"issuer"`
	Authorization string   `json:"authorization_endpoint"`
	Token         string   `json:"token_endpoint"`
	UserInfo      string   `json:"userinfo_endpoint"`
	JWKS          string   `json:"jwks_uri"`
	EndSession    string   `json:"end_session_endpoint"`
	Responses     []string `json:"response_types_supported"`
	Algorithms    []string `json:"id_token_signing_alg_values_supported"`
	TokenAuth     []string `json:"token_endpoint_auth_methods_supported"`
	Challenges    []string `json:"code_challenge_methods_supported"`
	Scopes        []string `json:"scopes_supported"`
	Claims        []string `json:"claims_supported"`
	SendsIssuer   bool     `json:"authorization_response_iss_parameter_supported"` // RFC 9207
	BackChannel   bool     `json:"backchannel_logout_supported"`

	provider *gooidc.Provider
	keys     gooidc.KeySet
}

// check refuses a provider with which nobody could sign in safely.
func (m *metadata) check() error {
	for _, endpoint := range []string{m.Authorization, m.Token, m.JWKS} {
		if !webAddress(endpoint, m.Issuer) {
			return say(problem.Unavailable, "provider-incomplete")
		}
	}
	for _, endpoint := range []string{m.UserInfo, m.EndSession} {
		if endpoint != "" && !webAddress(endpoint, m.Issuer) {
			return say(problem.Unavailable, "provider-incomplete")
		}
	}
	if len(m.Responses) > 0 && !slices.Contains(m.Responses, "code") {
		return say(problem.Unavailable, "provider-no-code")
	}
	if len(m.Challenges) > 0 && !slices.Contains(m.Challenges, "S256") {
		return say(problem.Unavailable, "provider-no-pkce")
	}
	if len(m.signing()) == 0 {
		return say(problem.Unavailable, "provider-algorithms")
	}
	if len(m.TokenAuth) > 0 && !slices.Contains(m.TokenAuth, "client_secret_basic") && !slices.Contains(m.TokenAuth, "client_secret_post") {
		return say(problem.Unavailable, "provider-client-auth")
	}
	return nil
}

// webAddress tells whether an endpoint is an address that a browser may be sent to: over HTTPS, or over HTTP where the
// provider itself is reached so.
func webAddress(endpoint, issuer string) bool {
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" {
		return false
	}
	return u.Scheme == "https" || u.Scheme == "http" && strings.HasPrefix(issuer, "http://")
}

// signing lists the algorithms that the provider signs with and that we take.
func (m *metadata) signing() []string {
	if len(m.Algorithms) == 0 {
		return []string{gooidc.RS256} // OpenID Connect Core, section 2: what holds when nothing is said
	}
	return slices.DeleteFunc(algorithms(), func(a string) bool { return !slices.Contains(m.Algorithms, a) })
}

// config returns what x/oauth2 needs.
func (m *metadata) config(p Provider, callback string) *oauth2.Config {
	style := oauth2.AuthStyleInHeader
	if len(m.TokenAuth) > 0 && !slices.Contains(m.TokenAuth, "client_secret_basic") {
		style = oauth2.AuthStyleInParams
	}
	scopes := []string{gooidc.ScopeOpenID}
	for _, s := range p.Scopes {
		if !slices.Contains(scopes, s) {
			scopes = append(scopes, s)
		}
	}
	return &oauth2.Config{
		ClientID: p.ClientID, ClientSecret: p.Secret, RedirectURL: callback, Scopes: scopes,
		Endpoint: oauth2.Endpoint{AuthURL: m.Authorization, TokenURL: m.Token, AuthStyle: style},
	}
}

// skew is how far the clocks of a provider and of this machine may be apart.
const skew = time.Minute

// verifier returns what checks the tokens that the provider signs for a client.
func (m *metadata) verifier(p Provider, now func() time.Time) *gooidc.IDTokenVerifier {
	return gooidc.NewVerifier(m.Issuer, m.keys, &gooidc.Config{
		ClientID: p.ClientID, SupportedSigningAlgs: m.signing(), Now: func() time.Time { return now().Add(-skew) },
	})
}

// fetch asks a provider what it tells about itself.
func (p *Party) fetch(ctx context.Context, issuer string, e *entry) (*metadata, error) {
	found, err := gooidc.NewProvider(gooidc.ClientContext(ctx, p.http), issuer)
	if err != nil {
		return nil, discoveryFailed(err)
	}
	m := &metadata{provider: found}
	if err := found.Claims(m); err != nil {
		return nil, say(problem.Unavailable, "provider-no-discovery").Because(short(err))
	}
	if err := m.check(); err != nil {
		return nil, err
	}
	client := *p.http
	client.Transport = &seldom{next: p.http.Transport, limit: e.limit, now: p.now}
	m.keys = telling{gooidc.NewRemoteKeySet(gooidc.ClientContext(ctx, &client), m.JWKS)}
	return m, nil
}

func discoveryFailed(err error) error {
	var mismatch *gooidc.IssuerMismatchError
	if errors.As(err, &mismatch) {
		q := say(problem.Unavailable, "provider-issuer")
		q.Message.Args = map[string]string{"issuer": shown(mismatch.Discovered)}
		return q.Because(short(err))
	}
	var transport *url.Error
	if errors.As(err, &transport) {
		return unreachable(err)
	}
	return say(problem.Unavailable, "provider-no-discovery").Because(short(err))
}

// shown cuts what a provider said to what fits on a page.
func shown(s string) string {
	if len(s) > longestText {
		s = s[:longestText] + "…"
	}
	return strings.ToValidUTF8(s, "")
}
