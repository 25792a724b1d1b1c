package oidc

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"sync"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"tekentafel/internal/outbound"
)

// fake is a provider that says whatever a test wants, also what no real provider would.
type fake struct {
	*httptest.Server
	t *testing.T

	mu       sync.Mutex
	now      time.Time
	discover map[string]any // laid over what it tells about itself
	claims   map[string]any // laid over those of the token; nil takes a claim out
	info     map[string]any // of the userinfo endpoint; nil: it has none
	key      crypto.Signer
	alg      jose.SignatureAlgorithm
	kid      string
	typ      string
	nonce    string
	raw      string // instead of a signed token
	tokenErr string
	status   int // of everything, when not 0
	asked    map[string]int
}

const (
	client   = "tekentafel"
	secret   = "s3cret/+ with space"
	callback = "https://tekentafel.example/o/city/oidc/callback"
	bearer   = "access-token"
)

func newFake(t *testing.T) *fake {
	t.Helper()
	f := &fake{t: t, now: time.Date(2026, 11, 29, 8, 0, 0, 0, time.UTC), asked: map[string]int{}, alg: jose.ES256, kid: "k1"}
	f.key = newKey(t, jose.ES256)
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		m := map[string]any{
			"issuer": f.URL, "authorization_endpoint": f.URL + "/auth?tenant=1", "token_endpoint": f.URL + "/token", "jwks_uri": f.URL + "/jwks",
			"end_session_endpoint": f.URL + "/end", "response_types_supported": []string{"code"}, "code_challenge_methods_supported": []string{"S256"},
			"id_token_signing_alg_values_supported": []string{"RS256", "ES256", "PS256", "EdDSA", "HS256", "none"},
		}
		if f.info != nil {
			m["userinfo_endpoint"] = f.URL + "/me"
		}
		overlay(m, f.discover)
		f.reply(w, m)
	})
	mux.HandleFunc("/jwks", func(w http.ResponseWriter, _ *http.Request) {
		f.reply(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: f.key.Public(), KeyID: f.kid, Use: "sig"}}})
	})
	mux.HandleFunc("/me", func(w http.ResponseWriter, _ *http.Request) { f.reply(w, f.info) })
	mux.HandleFunc("/token", func(w http.ResponseWriter, r *http.Request) {
		id, pass, _ := r.BasicAuth()
		given, err := url.QueryUnescape(pass) // RFC 6749, section 2.3.1
		switch {
		case f.tokenErr != "":
			w.WriteHeader(http.StatusBadRequest)
			f.reply(w, map[string]any{"error": f.tokenErr})
		case err != nil || id != client || given != secret:
			w.WriteHeader(http.StatusUnauthorized)
			f.reply(w, map[string]any{"error": "invalid_client"})
		case r.PostFormValue("code") != "good" || r.PostFormValue("code_verifier") == "" || r.PostFormValue("redirect_uri") != callback:
			w.WriteHeader(http.StatusBadRequest)
			f.reply(w, map[string]any{"error": "invalid_grant"})
		default:
			f.reply(w, map[string]any{"access_token": bearer, "token_type": "Bearer", "id_token": f.idToken()})
		}
	})
	f.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.asked[r.URL.Path]++
		w.Header().Set("Content-Type", "application/json")
		if f.status != 0 {
			w.WriteHeader(f.status)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(f.Close)
	return f
}

func overlay(m, over map[string]any) {
	for k, v := range over {
		if v == nil {
			delete(m, k)
		} else {
			m[k] = v
		}
	}
}

func newKey(t *testing.T, alg jose.SignatureAlgorithm) crypto.Signer {
	t.Helper()
	var key crypto.Signer
	var err error
	switch alg {
	case jose.ES256:
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case jose.EdDSA:
		_, key, err = ed25519.GenerateKey(rand.Reader)
	default:
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	}
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func (f *fake) reply(w http.ResponseWriter, v any) {
	if err := json.NewEncoder(w).Encode(v); err != nil {
		f.t.Error(err)
	}
}

// change does something to the provider while nobody is asking it anything.
func (f *fake) change(do func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	do()
}

func (f *fake) count(path string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.asked[path]
}

func (f *fake) clock() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

func (f *fake) pass(d time.Duration) { f.change(func() { f.now = f.now.Add(d) }) }

func (f *fake) idToken() string {
	if f.raw != "" {
		return f.raw
	}
	m := map[string]any{
		"iss": f.URL, "sub": "u1", "aud": client, "exp": f.now.Add(5 * time.Minute).Unix(), "iat": f.now.Unix(), "nonce": f.nonce,
		"email": "An@Stad.example", "email_verified": true, "name": "An Peeters", "locale": "fr-BE", "sid": "s1",
	}
	overlay(m, f.claims)
	return f.sign(m)
}

func (f *fake) sign(claims map[string]any) string {
	f.t.Helper()
	return signWith(f.t, f.alg, jose.JSONWebKey{Key: f.key, KeyID: f.kid}, f.typ, claims)
}

func signWith(t *testing.T, alg jose.SignatureAlgorithm, key any, typ string, claims map[string]any) string {
	t.Helper()
	o := &jose.SignerOptions{}
	if typ != "" {
		o = o.WithType(jose.ContentType(typ))
	}
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, o)
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := s.Sign(body)
	if err != nil {
		t.Fatal(err)
	}
	out, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (f *fake) party() *Party {
	transport, _ := f.Client().Transport.(*http.Transport)
	return New(outbound.New(outbound.Config{
		Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Roots: transport.TLSClientConfig.RootCAs,
	}), f.clock)
}

func (f *fake) provider() Provider {
	return Provider{Issuer: f.URL, ClientID: client, Secret: secret, Settings: Settings{Scopes: []string{"profile", "email", "openid"}}}
}

// signIn goes through a whole sign-in at which the person agrees.
func (f *fake) signIn(p *Party, pr Provider, ask Ask, answer Answer) (Person, error) {
	f.t.Helper()
	ask.Callback = callback
	_, state, pending, err := p.Start(f.t.Context(), pr, ask)
	if err != nil {
		return Person{}, err
	}
	f.change(func() { f.nonce = pending.Nonce })
	answer.State = state
	if answer.Code == "" {
		answer.Code = "good"
	}
	return p.Finish(f.t.Context(), pr, pending, answer)
}
