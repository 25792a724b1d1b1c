package oidc

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"

	"tekentafel/internal/problem"
)

func keyOf(err error) string {
	p, ok := problem.Of(err)
	if !ok {
		if err != nil {
			return err.Error()
		}
		return ""
	}
	return p.Message.Key
}

func TestTextsAreWholeInFourLanguages(t *testing.T) {
	t.Parallel()
	if err := Locale().Check(); err != nil {
		t.Error(err)
	}
}

func TestStartSendsTheBrowserWithAllThatProtectsIt(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	address, state, pending, err := f.party().Start(t.Context(), f.provider(), Ask{Callback: callback, Lang: "nl", Again: true})
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(pending.Verifier))
	want := url.Values{
		"tenant": {"1"}, "response_type": {"code"}, "client_id": {client}, "redirect_uri": {callback}, "scope": {"openid profile email"},
		"state": {state}, "nonce": {pending.Nonce}, "code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])},
		"code_challenge_method": {"S256"}, "ui_locales": {"nl"}, "prompt": {"login"}, "max_age": {"0"},
	}
	if diff := cmp.Diff(want, u.Query()); diff != "" || !strings.HasPrefix(address, f.URL+"/auth?") {
		t.Errorf("%s\n%s", address, diff)
	}
	address, _, _, err = f.party().Start(t.Context(), f.provider(), Ask{Callback: callback})
	if err != nil || !strings.Contains(address, "max_age=2592000") || strings.Contains(address, "prompt") {
		t.Errorf("an ordinary sign-in: %s, %v", address, err)
	}
	if len(state) < 43 || len(pending.Nonce) < 43 || len(pending.Verifier) < 43 || state == pending.Nonce {
		t.Errorf("the secrets are too short or the same: %q %+v", state, pending)
	}
}

func TestAPersonComesBackWithWhatTheProviderSays(t *testing.T) {
	t.Parallel()
	for _, alg := range []jose.SignatureAlgorithm{jose.RS256, jose.PS256, jose.ES256, jose.EdDSA} {
		t.Run(string(alg), func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.key, f.alg = newKey(t, alg), alg
			pr := f.provider()
			pr.GroupsClaim = "realm_access.roles"
			f.claims = map[string]any{"realm_access": map[string]any{"roles": []any{"hr", "all", "hr", 7}}, "azp": client}
			got, err := f.signIn(f.party(), pr, Ask{}, Answer{Issuer: f.URL})
			if err != nil {
				t.Fatal(err)
			}
			want := Person{
				Issuer: f.URL, Subject: "u1", Mail: "an@stad.example", MailVerified: true, Name: "An Peeters", Lang: "fr",
				Groups: []string{"all", "hr"}, SessionID: "s1", IDToken: got.IDToken, ProvedAt: f.now,
			}
			if diff := cmp.Diff(want, got); diff != "" || got.IDToken == "" {
				t.Error(diff)
			}
		})
	}
}

func TestATokenThatDoesNotHoldLetsNobodyIn(t *testing.T) {
	t.Parallel()
	at := func(d time.Duration) func(*fake) any { return func(f *fake) any { return f.now.Add(d).Unix() } }
	is := func(v any) func(*fake) any { return func(*fake) any { return v } }
	for name, c := range map[string]struct {
		claim string
		value func(*fake) any
		want  string // "" for it lets in
	}{
		"another issuer":        {"iss", is("https://evil.example"), "answer-wrong"},
		"the issuer with slash": {"iss", func(f *fake) any { return f.URL + "/" }, "answer-wrong"},
		"no issuer":             {"iss", is(nil), "answer-wrong"},
		"another audience":      {"aud", is("other"), "answer-wrong"},
		"no audience":           {"aud", is(nil), "answer-wrong"},
		"audiences without azp": {"aud", is([]string{client, "other"}), "answer-wrong"},
		"azp of another client": {"azp", is("other"), "answer-wrong"},
		"azp that is no text":   {"azp", is(7), "answer-wrong"},
		"another nonce":         {"nonce", is("x"), "answer-wrong"},
		"no nonce":              {"nonce", is(nil), "answer-wrong"},
		"expired":               {"exp", at(-2 * time.Minute), "answer-wrong"},
		"expired within skew":   {"exp", at(-30 * time.Second), ""},
		"no expiry":             {"exp", is(nil), "answer-wrong"},
		"made in the future":    {"iat", at(2 * time.Minute), "answer-wrong"},
		"made within skew":      {"iat", at(30 * time.Second), ""},
		"made long ago":         {"iat", at(-time.Hour), "answer-wrong"},
		"no time of making":     {"iat", is(nil), "answer-wrong"},
		"not yet valid":         {"nbf", at(time.Hour), "answer-wrong"},
		"no subject":            {"sub", is(nil), "answer-wrong"},
		"endless subject":       {"sub", is(strings.Repeat("x", 256)), "answer-wrong"},
		"hash of another token": {"at_hash", is("AAAAAAAAAAAAAAAAAAAAAA"), "answer-wrong"},
		"hash of this token":    {"at_hash", is(halfHash(bearer)), ""},
		"endless session":       {"sid", is(strings.Repeat("x", 501)), "answer-wrong"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.claims = map[string]any{c.claim: c.value(f)}
			p, err := f.signIn(f.party(), f.provider(), Ask{}, Answer{})
			if keyOf(err) != c.want || (err == nil) != (p.Subject != "") && c.want != "" {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func halfHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

func TestASignatureThatDoesNotHoldLetsNobodyIn(t *testing.T) {
	t.Parallel()
	whole := func(f *fake, nonce string) map[string]any {
		return map[string]any{"iss": f.URL, "sub": "u1", "aud": client, "exp": f.now.Add(time.Minute).Unix(), "iat": f.now.Unix(), "nonce": nonce}
	}
	b64 := base64.RawURLEncoding.EncodeToString
	for name, forge := range map[string]func(*fake, map[string]any) string{
		"alg none": func(f *fake, c map[string]any) string {
			_, payload, _ := strings.Cut(f.sign(c), ".")
			payload, _, _ = strings.Cut(payload, ".")
			return b64([]byte(`{"alg":"none"}`)) + "." + payload + "."
		},
		"the public key as a secret": func(f *fake, c map[string]any) string {
			raw, err := jose.JSONWebKey{Key: f.key.Public()}.MarshalJSON()
			if err != nil {
				t.Fatal(err)
			}
			return signWith(f.t, jose.HS256, raw, "", c)
		},
		"the client's secret": func(f *fake, c map[string]any) string {
			return signWith(f.t, jose.HS256, []byte(secret+secret+secret), "", c)
		},
		"a key of one's own": func(f *fake, c map[string]any) string {
			return signWith(f.t, jose.ES256, jose.JSONWebKey{Key: newKey(f.t, jose.ES256), KeyID: f.kid}, "", c)
		},
		"an algorithm not taken": func(f *fake, c map[string]any) string {
			return signWith(f.t, jose.RS512, jose.JSONWebKey{Key: newKey(f.t, jose.RS512), KeyID: f.kid}, "", c)
		},
		"another payload": func(f *fake, c map[string]any) string {
			one := strings.Split(f.sign(c), ".")
			c["sub"] = "admin"
			two := strings.Split(f.sign(c), ".")
			return one[0] + "." + two[1] + "." + one[2]
		},
		"a logout token": func(f *fake, c map[string]any) string {
			f.typ = logoutKind
			return f.sign(c)
		},
		"nothing": func(*fake, map[string]any) string { return "." },
		"endless": func(*fake, map[string]any) string { return strings.Repeat("a", longestToken+1) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			p := f.party()
			_, _, pending, err := p.Start(t.Context(), f.provider(), Ask{Callback: callback})
			if err != nil {
				t.Fatal(err)
			}
			f.change(func() { f.raw = forge(f, whole(f, pending.Nonce)) })
			if _, err := p.Finish(t.Context(), f.provider(), pending, Answer{Code: "good"}); keyOf(err) != "answer-wrong" {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestTheAnswerIsHeldToTheProviderItWasAskedOf(t *testing.T) {
	t.Parallel()
	f, other := newFake(t), newFake(t)
	p := f.party()
	if _, err := f.signIn(p, f.provider(), Ask{}, Answer{Issuer: other.URL}); keyOf(err) != "answer-wrong" {
		t.Errorf("the issuer of another provider in the answer: %v", err)
	}
	if _, err := f.signIn(p, f.provider(), Ask{}, Answer{}); err != nil {
		t.Errorf("a provider that names no issuer: %v", err)
	}
	says := newFake(t)
	says.discover = map[string]any{"authorization_response_iss_parameter_supported": true}
	if _, err := says.signIn(says.party(), says.provider(), Ask{}, Answer{}); keyOf(err) != "answer-wrong" {
		t.Errorf("a provider that always names itself did not: %v", err)
	}
	_, _, pending, err := p.Start(t.Context(), f.provider(), Ask{Callback: callback})
	if err != nil {
		t.Fatal(err)
	}
	changed := f.provider()
	changed.ClientID = "other"
	if _, err := p.Finish(t.Context(), changed, pending, Answer{Code: "good"}); keyOf(err) != "provider-changed" {
		t.Errorf("another client: %v", err)
	}
	if _, err := p.Finish(t.Context(), other.provider(), pending, Answer{Code: "good"}); keyOf(err) != "provider-changed" {
		t.Errorf("another provider: %v", err)
	}
	f.pass(Lives + time.Second)
	if _, err := p.Finish(t.Context(), f.provider(), pending, Answer{Code: "good"}); keyOf(err) != "flow-lost" {
		t.Errorf("too late: %v", err)
	}
}

func TestWhatGoesWrongAtTheProviderIsSaid(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{
		"access_denied": "provider-refused", "login_required": "provider-asks", "server_error": "provider-down",
		"temporarily_unavailable": "provider-down", "invalid_scope": "provider-settings", "<script>": "provider-settings",
	} {
		f := newFake(t)
		_, _, pending, err := f.party().Start(t.Context(), f.provider(), Ask{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.party().Finish(t.Context(), f.provider(), pending, Answer{Error: code}); keyOf(err) != want {
			t.Errorf("%s: %v", code, err)
		}
	}
	for code, want := range map[string]string{"invalid_client": "provider-settings", "invalid_grant": "flow-lost", "odd": "answer-wrong"} {
		f := newFake(t)
		f.tokenErr = code
		_, err := f.signIn(f.party(), f.provider(), Ask{}, Answer{})
		if keyOf(err) != want || strings.Contains(err.Error(), "error_description") {
			t.Errorf("%s: %v", code, err)
		}
	}
	f := newFake(t)
	if _, err := f.signIn(f.party(), f.provider(), Ask{}, Answer{Code: "stolen"}); keyOf(err) != "flow-lost" {
		t.Errorf("a code that does not hold: %v", err)
	}
}

func TestUserinfoFillsInWhatTheTokenLacksForTheSamePersonAlone(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.claims = map[string]any{"email": nil, "name": nil}
	f.info = map[string]any{"sub": "u1", "email": "an@stad.example", "name": "An", "email_verified": false, "groups": "hr"}
	pr := f.provider()
	pr.GroupsClaim = "groups"
	p, err := f.signIn(f.party(), pr, Ask{}, Answer{})
	if err != nil || p.Mail != "an@stad.example" || p.Name != "An" || !slices.Equal(p.Groups, []string{"hr"}) || !p.MailVerified {
		t.Errorf("%+v, %v", p, err) // email_verified stands in the token, which is signed, and goes first
	}
	f.change(func() { f.info["sub"] = "u2" })
	if _, err := f.signIn(f.party(), pr, Ask{}, Answer{}); keyOf(err) != "answer-wrong" {
		t.Errorf("userinfo of somebody else: %v", err)
	}
	f.change(func() { f.info = map[string]any{} })
	if _, err := f.signIn(f.party(), pr, Ask{}, Answer{}); keyOf(err) != "answer-wrong" {
		t.Errorf("userinfo of nobody: %v", err)
	}
}

func TestConfirmingWantsAFreshProof(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		age  any // of the proof
		want string
	}{
		"now": {0 * time.Second, ""}, "within skew": {30 * time.Second, ""}, "an hour ago": {time.Hour, "again-old"},
		"in the future": {-time.Hour, "answer-wrong"}, "unsaid": {nil, "again-unknown"},
	} {
		f := newFake(t)
		if age, ok := c.age.(time.Duration); ok {
			f.claims = map[string]any{"auth_time": f.now.Add(-age).Unix()}
		}
		if _, err := f.signIn(f.party(), f.provider(), Ask{Again: true}, Answer{}); keyOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	f := newFake(t)
	f.claims = map[string]any{"auth_time": f.now.Add(-time.Hour).Unix()}
	p, err := f.signIn(f.party(), f.provider(), Ask{}, Answer{})
	if err != nil || !p.ProvedAt.Equal(f.now.Add(-time.Hour)) {
		t.Errorf("an ordinary sign-in tells when the proof was: %v, %v", p.ProvedAt, err)
	}
}

func TestANewKeyIsFoundAndMadeUpOnesAreNotAskedForWithoutEnd(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	p := f.party()
	if _, err := f.signIn(p, f.provider(), Ask{}, Answer{}); err != nil {
		t.Fatal(err)
	}
	f.change(func() { f.key, f.kid = newKey(t, jose.ES256), "k2" })
	if _, err := f.signIn(p, f.provider(), Ask{}, Answer{}); err != nil {
		t.Errorf("after the keys changed: %v", err)
	}
	before := f.count("/jwks")
	for range 30 {
		forged := signWith(t, jose.ES256, jose.JSONWebKey{Key: newKey(t, jose.ES256), KeyID: "made-up"}, logoutKind, logoutClaims(f))
		if _, err := p.BackChannel(t.Context(), f.provider(), forged); keyOf(err) != "answer-wrong" {
			t.Fatalf("got %v", err)
		}
	}
	if more := f.count("/jwks") - before; more > keysBurst {
		t.Errorf("made-up keys were asked for %d times", more)
	}
	f.pass(time.Minute)
	f.change(func() { f.key, f.kid = newKey(t, jose.ES256), "k3" })
	if _, err := f.signIn(p, f.provider(), Ask{}, Answer{}); err != nil {
		t.Errorf("a real change after that: %v", err)
	}
}

func TestAKeyThatWasWithdrawnStopsHoldingWithinAnHour(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	p := f.party()
	if _, err := f.signIn(p, f.provider(), Ask{}, Answer{}); err != nil {
		t.Fatal(err)
	}
	stolen, kid := f.key, f.kid
	f.change(func() { f.key, f.kid = newKey(t, jose.ES256), "k2" })
	f.pass(freshFor + time.Second)
	forged := signWith(t, jose.ES256, jose.JSONWebKey{Key: stolen, KeyID: kid}, logoutKind, logoutClaims(f))
	if _, err := p.BackChannel(t.Context(), f.provider(), forged); keyOf(err) != "answer-wrong" {
		t.Errorf("got %v", err)
	}
}

func TestAProviderThatIsDownIsAProblemAndNoMore(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.status = http.StatusBadGateway
	p := f.party()
	_, err := f.signIn(p, f.provider(), Ask{}, Answer{})
	if keyOf(err) != "provider-no-discovery" {
		t.Errorf("got %v", err)
	}
	for range 20 {
		_, _, _, again := p.Start(t.Context(), f.provider(), Ask{})
		if !errors.Is(again, err) && keyOf(again) != keyOf(err) {
			t.Errorf("got %v", again)
		}
	}
	if n := f.count("/.well-known/openid-configuration"); n != 1 {
		t.Errorf("a provider that is down was asked %d times within seconds", n)
	}
	f.change(func() { f.status = 0 })
	f.pass(patienceFor + time.Second)
	if _, err := f.signIn(p, f.provider(), Ask{}, Answer{}); err != nil {
		t.Errorf("it is back: %v", err)
	}
	if _, err := f.signIn(p, f.provider(), Ask{}, Answer{}); err != nil || f.count("/.well-known/openid-configuration") != 2 {
		t.Errorf("what it told is remembered: %v, asked %d times", err, f.count("/.well-known/openid-configuration"))
	}
	f.Close()
	f.pass(2 * time.Hour)
	if _, _, _, err := p.Start(t.Context(), f.provider(), Ask{}); err != nil {
		t.Errorf("what it told before holds while it is away: %v", err)
	}
	if _, err := f.signIn(p, f.provider(), Ask{}, Answer{}); keyOf(err) != "provider-down" {
		t.Errorf("away during a sign-in: %v", err)
	}
	f.pass(staleFor)
	if _, _, _, err := p.Start(t.Context(), f.provider(), Ask{}); keyOf(err) != "provider-down" {
		t.Errorf("after a day: %v", err)
	}
}

func TestKeysThatCannotBeFetchedAreNoFaultOfThePerson(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.discover = map[string]any{"jwks_uri": "https://127.0.0.1:1/jwks"}
	if _, err := f.signIn(f.party(), f.provider(), Ask{}, Answer{}); !problem.Is(err, problem.Unavailable) {
		t.Errorf("got %v", err)
	}
}
