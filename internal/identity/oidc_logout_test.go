package identity

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/testkit/oidctest"
)

func TestSigningOutHereSignsOutThere(t *testing.T) {
	t.Parallel()
	g, p := withProvider(t, dbtest.SQLite(t), settings())
	v := g.visitor(t)
	v.signIn(p, "ours", "an@stad.example").wantTo(t, "/")
	out := v.post("/sign-out")
	if out.status != http.StatusSeeOther || !strings.HasPrefix(out.to, "/o/ours/oidc/leave/") {
		t.Fatalf("%d to %q", out.status, out.to)
	}
	v.get("/").wantTo(t, "/sign-in")
	page := v.get(out.to).want(t, http.StatusOK, "Sign out there too")
	there, found := strings.CutPrefix(page.header.Get("Refresh"), "0; url=")
	if !found || !strings.HasPrefix(there, p.Issuer()) {
		t.Fatalf("Refresh: %q", page.header.Get("Refresh"))
	}
	back := p.SignOut(t, v.http, there)
	if !strings.HasPrefix(back, g.base+"/o/ours/oidc/signed-out?state=") {
		t.Fatalf("the provider sends the browser to %s", back)
	}
	v.get(back).wantTo(t, "/o/ours/sign-in")
	v.get("/o/ours/sign-in").want(t, http.StatusOK, "You are signed out, here and at the sign-in service")
	// The provider has forgotten the person: it asks again who it is.
	v.get(p.SignIn(t, v.http, v.depart("ours", ""), "bo@stad.example")).wantTo(t, "/")
	v.get("/").want(t, http.StatusOK, "home of Bo Maes")
	// The address of the provider is for whoever signed out, at their organisation, and nobody who guesses.
	v.get("/o/theirs/oidc/leave/"+strings.TrimPrefix(out.to, "/o/ours/oidc/leave/")).want(t, http.StatusNotFound)
	v.get("/o/ours/oidc/leave/guess").wantTo(t, "/o/ours/sign-in")
	v.get("/o/ours/oidc/signed-out?state=guess").wantTo(t, "/o/ours/sign-in")
	if out := p.Failures(); len(out) > 0 {
		t.Errorf("the provider refused something: %q", out)
	}
}

func TestSigningOutThereEndsTheSessionHereAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		g, p := withProvider(t, store, settings())
		v, other := g.visitor(t), g.visitor(t)
		v.signIn(p, "ours", "an@stad.example").wantTo(t, "/")
		other.signIn(p, "ours", "an@stad.example").wantTo(t, "/")
		p.SignOut(t, v.http, p.Issuer()+"/session/end")
		v.get("/").wantTo(t, "/sign-in")
		other.get("/").want(t, http.StatusOK, "home of An Peeters") // another session over there
		told := g.notices()
		if len(told) != 1 {
			t.Fatalf("%d notices, the provider says %q", len(told), p.Failures())
		}
		if n := g.logged(t, dbtest.Ours, "session.ended-by-provider"); n != 1 {
			t.Errorf("%d lines in the log", n)
		}
		stranger := g.visitor(t)
		stranger.post("/o/ours/oidc/back-channel", "logout_token", told[0]).want(t, http.StatusBadRequest, "invalid_request")
		stranger.post("/o/theirs/oidc/back-channel", "logout_token", told[0]).want(t, http.StatusBadRequest)
		stranger.post("/o/ours/oidc/back-channel").want(t, http.StatusBadRequest)
		if out := p.Failures(); len(out) > 0 {
			t.Errorf("the provider was refused: %q", out)
		}
	})
}

func TestALogoutNoticeAboutAPersonEndsAllTheirSessionsFromThatProvider(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		g := newGate(t, store, "127.0.0.1")
		f := oidctest.NewForger(t)
		g.use(t, dbtest.Ours, f.Issuer(), settings())
		f.Answer(func(request url.Values) string {
			return f.Sign(f.Claims(request, request.Get("ui_locales"), time.Now()))
		})
		sign := func() *visitorAt {
			v := g.visitor(t)
			v.get(v.get(v.depart("ours", "")).to).wantTo(t, "/")
			return v
		}
		one, two := sign(), sign()
		notice := func(change string, value any) map[string]any {
			c := oidctest.Without(f.Claims(url.Values{"client_id": {g.client("ours").ID}}, "en", time.Now()), "nonce")
			c["jti"], c["events"] = "j", map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}}
			if change != "" {
				c[change] = value
			}
			return c
		}
		v := g.visitor(t)
		for name, token := range map[string]string{
			"a stranger": f.SignByStranger(notice("", nil)), "none": f.Unsigned(notice("", nil)), "nonce": f.SignLogout(notice("nonce", "n")),
			"no event": f.SignLogout(notice("events", map[string]any{})), "aud": f.SignLogout(notice("aud", "other")),
			"iss": f.SignLogout(notice("iss", "https://evil.example")), "old": f.SignLogout(notice("iat", time.Now().Add(-time.Hour).Unix())),
		} {
			if a := v.post("/o/ours/oidc/back-channel", "logout_token", token); a.status != http.StatusBadRequest {
				t.Errorf("%s: %d", name, a.status)
			}
		}
		one.get("/").want(t, http.StatusOK)
		v.post("/o/ours/oidc/back-channel", "logout_token", f.SignLogout(notice("sub", "nobody"))).want(t, http.StatusOK)
		two.get("/").want(t, http.StatusOK)
		v.post("/o/ours/oidc/back-channel", "logout_token", f.SignLogout(notice("jti", "j2"))).want(t, http.StatusOK)
		one.get("/").wantTo(t, "/sign-in")
		two.get("/").wantTo(t, "/sign-in")
		v.post("/o/ours/oidc/back-channel", "logout_token", f.SignLogout(notice("jti", "j2"))).want(t, http.StatusBadRequest)
	})
}
