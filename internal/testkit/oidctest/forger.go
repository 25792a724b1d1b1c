package oidctest

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// Forger is an issuer that signs whatever the test asks. It serves discovery, its keys, an authorization endpoint that
// sends everybody back at once, and a token endpoint that answers with the id_token that the test chose.
type Forger struct {
	t      testing.TB
	server *httptest.Server

	mu      sync.Mutex
	key     *rsa.PrivateKey
	keyID   string
	codes   map[string]url.Values // the authorization request of each code
	idToken func(request url.Values) string
}

// NewForger starts a forger that serves until the test ends.
func NewForger(t testing.TB) *Forger {
	t.Helper()
	f := &Forger{t: t, codes: map[string]url.Values{}}
	f.RotateKeys()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", f.discovery)
	mux.HandleFunc("GET /jwks", f.jwks)
	mux.HandleFunc("GET /auth", f.authorize)
	mux.HandleFunc("POST /token", f.token)
	f.server = httptest.NewServer(mux)
	t.Cleanup(f.server.Close)
	return f
}

// Issuer returns the issuer identifier.
func (f *Forger) Issuer() string { return f.server.URL }

// RotateKeys makes a new key with a new id; the one before is no longer published.
func (f *Forger) RotateKeys() {
	f.t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		f.t.Fatal(err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.key, f.keyID = key, rand.Text()
}

// Answer chooses the id_token that the token endpoint gives, from the parameters of the authorization request (client_id,
// nonce, ...). An empty one is left out.
func (f *Forger) Answer(idToken func(request url.Values) string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.idToken = idToken
}

// Claims returns claims that are right for an authorization request: iss, aud, nonce, sub, and times around now. Spoil them.
func (f *Forger) Claims(request url.Values, sub string, now time.Time) map[string]any {
	return map[string]any{
		"iss": f.Issuer(), "aud": request.Get("client_id"), "nonce": request.Get("nonce"), "sub": sub,
		"iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
	}
}

// Without returns a copy of claims without some.
func Without(claims map[string]any, names ...string) map[string]any {
	out := maps.Clone(claims)
	for _, name := range names {
		delete(out, name)
	}
	return out
}

// With returns a copy of claims in which one has another value.
func With(claims map[string]any, name string, value any) map[string]any {
	out := maps.Clone(claims)
	out[name] = value
	return out
}

// Sign returns claims as a token signed with the published key (RS256).
func (f *Forger) Sign(claims map[string]any) string {
	f.t.Helper()
	key, id := f.current()
	return f.sign(jose.RS256, key, id, "JWT", claims)
}

// SignLogout is Sign for a logout token (OpenID Connect Back-Channel Logout 1.0, section 2.4).
func (f *Forger) SignLogout(claims map[string]any) string {
	f.t.Helper()
	key, id := f.current()
	return f.sign(jose.RS256, key, id, "logout+jwt", claims)
}

// SignByStranger signs with a key that is not published, under the id of the one that is.
func (f *Forger) SignByStranger(claims map[string]any) string {
	f.t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		f.t.Fatal(err)
	}
	_, id := f.current()
	return f.sign(jose.RS256, key, id, "JWT", claims)
}

// SignHMAC signs with a secret (HS256): that of the client, or PublicKey, which a careless verifier takes for one.
func (f *Forger) SignHMAC(claims map[string]any, secret []byte) string {
	f.t.Helper()
	_, id := f.current()
	return f.sign(jose.HS256, secret, id, "JWT", claims)
}

// Unsigned returns claims as a token of the algorithm "none".
func (f *Forger) Unsigned(claims map[string]any) string {
	f.t.Helper()
	body, err := json.Marshal(claims)
	if err != nil {
		f.t.Fatal(err)
	}
	text := base64.RawURLEncoding.EncodeToString
	return text([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + text(body) + "."
}

// PublicKey returns the published key as PEM.
func (f *Forger) PublicKey() []byte {
	f.t.Helper()
	key, _ := f.current()
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		f.t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

func (f *Forger) current() (*rsa.PrivateKey, string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.key, f.keyID
}

func (f *Forger) sign(algorithm jose.SignatureAlgorithm, key any, keyID, typ string, claims map[string]any) string {
	f.t.Helper()
	options := (&jose.SignerOptions{}).WithType(jose.ContentType(typ)).WithHeader("kid", keyID)
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, options)
	if err != nil {
		f.t.Fatal(err)
	}
	body, err := json.Marshal(claims)
	if err != nil {
		f.t.Fatal(err)
	}
	signed, err := signer.Sign(body)
	if err != nil {
		f.t.Fatal(err)
	}
	out, err := signed.CompactSerialize()
	if err != nil {
		f.t.Fatal(err)
	}
	return out
}

func (f *Forger) discovery(w http.ResponseWriter, _ *http.Request) {
	f.json(w, map[string]any{
		"issuer": f.Issuer(), "authorization_endpoint": f.Issuer() + "/auth", "token_endpoint": f.Issuer() + "/token",
		"jwks_uri": f.Issuer() + "/jwks", "response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"},
		"id_token_signing_alg_values_supported": []string{"RS256"}, "code_challenge_methods_supported": []string{"S256"},
		"backchannel_logout_supported": true, "backchannel_logout_session_supported": true,
	})
}

func (f *Forger) jwks(w http.ResponseWriter, _ *http.Request) {
	key, id := f.current()
	f.json(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &key.PublicKey, KeyID: id, Algorithm: "RS256", Use: "sig"}}})
}

func (f *Forger) authorize(w http.ResponseWriter, r *http.Request) {
	back, err := url.Parse(r.FormValue("redirect_uri"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	code := rand.Text()
	f.mu.Lock()
	f.codes[code] = r.Form
	f.mu.Unlock()
	query := back.Query()
	query.Set("code", code)
	query.Set("state", r.FormValue("state"))
	back.RawQuery = query.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound) //nolint:gosec // to the client under test
}

func (f *Forger) token(w http.ResponseWriter, r *http.Request) {
	code := r.FormValue("code") //nolint:gosec // of the client under test
	f.mu.Lock()
	request, known := f.codes[code]
	delete(f.codes, code)
	choose := f.idToken
	f.mu.Unlock()
	if !known || choose == nil {
		w.WriteHeader(http.StatusBadRequest)
		f.json(w, map[string]any{"error": "invalid_grant"})
		return
	}
	answer := map[string]any{"access_token": rand.Text(), "token_type": "Bearer", "expires_in": 3600}
	if token := choose(request); token != "" {
		answer["id_token"] = token
	}
	f.json(w, answer)
}

func (f *Forger) json(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(value); err != nil {
		f.t.Logf("the forger: %v", err)
	}
}
