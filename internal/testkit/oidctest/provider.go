// Package oidctest gives tests an OpenID provider: Start runs the certified oidc-provider as the identity provider of an
// organisation would run, NewForger one that lies.
package oidctest

import (
	"testing"
	"time"

	"tekentafel/internal/testkit/node"
	"tekentafel/internal/testkit/process"
)

// Client is the one program that may ask the provider who somebody is. It authenticates with its secret and must use PKCE
// (RFC 7636) with S256.
type Client struct {
	ID                     string   `json:"id"`
	Secret                 string   `json:"secret"`
	RedirectURIs           []string `json:"redirectURIs"`
	PostLogoutRedirectURIs []string `json:"postLogoutRedirectURIs"`
	// BackchannelLogoutURI, where it is set, is told when a session of the provider ends (OpenID Connect Back-Channel
	// Logout 1.0); tokens then carry sid.
	BackchannelLogoutURI string `json:"backchannelLogoutURI"`
}

// User is somebody who can sign in, by the e-mail address. Email and email_verified come with the scope email; name, locale
// and groups with profile; groups also with the scope groups.
type User struct {
	Sub           string   `json:"sub"`
	Email         string   `json:"email"`
	EmailVerified bool     `json:"emailVerified"`
	Name          string   `json:"name"`
	Locale        string   `json:"locale"`
	Groups        []string `json:"groups"`
}

// Options describe a provider. Without a client it serves discovery and keys only, until Configure.
type Options struct {
	Client Client
	Users  []User
	// IDTokenLife is how long an id_token is valid; 0 means an hour. Whole seconds.
	IDTokenLife time.Duration
}

// Provider is a running OpenID provider. Claims of all granted scopes stand in the id_token.
type Provider struct {
	t      testing.TB
	p      *node.Process
	issuer string
}

// Start runs a provider until the test ends. Where Node.js or oidc-provider is not installed the test is skipped, or fails
// where every test must run.
func Start(t testing.TB, o Options) *Provider {
	t.Helper()
	p := &Provider{t: t, p: node.Start(t, "oidc.js", "oidc-provider")}
	port, err := process.Port(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p.issuer = node.Do[string](p.p, "configure", o.order(map[string]any{"port": port}))
	return p
}

func (o Options) order(more map[string]any) map[string]any {
	more["client"], more["users"], more["idTokenSeconds"] = o.Client, o.Users, 3600
	if o.IDTokenLife > 0 {
		more["idTokenSeconds"] = int(o.IDTokenLife.Seconds())
	}
	return more
}

// Issuer returns the issuer identifier, which is also the address below which discovery works.
func (p *Provider) Issuer() string { return p.issuer }

// Configure gives the provider another client and other users, for a test that knows its own address only later. Sessions
// and keys stay.
func (p *Provider) Configure(o Options) {
	p.t.Helper()
	node.Do[string](p.p, "configure", o.order(map[string]any{}))
}

// RotateKeys has the provider sign with a new key, whose id it returns. The key before stays published; those before it go.
func (p *Provider) RotateKeys() string {
	p.t.Helper()
	return node.Do[string](p.p, "rotate", nil)
}

// Stop makes the provider unreachable: connections are refused. It keeps its sessions.
func (p *Provider) Stop() { p.t.Helper(); node.Do[any](p.p, "down", nil) }

// Start makes a stopped provider reachable again, at the same address.
func (p *Provider) Start() { p.t.Helper(); node.Do[any](p.p, "up", nil) }

// Failures lists what the provider refused or could not do, in its own words: back-channel notices that were not accepted
// among them.
func (p *Provider) Failures() []string { p.t.Helper(); return node.Do[[]string](p.p, "failures", nil) }
