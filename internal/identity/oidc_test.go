package identity

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/identity/oidc"
	"tekentafel/internal/testkit/oidctest"
	"tekentafel/internal/web"
)

var noOnce = asked.Request{}

func people() []oidctest.User {
	return []oidctest.User{
		{Sub: "u1", Email: "an@stad.example", EmailVerified: true, Name: "An Peeters", Locale: "fr-BE", Groups: []string{"hr", "all"}},
		{Sub: "u2", Email: "bo@stad.example", EmailVerified: true, Name: "Bo Maes", Groups: []string{"all"}},
		{Sub: "u3", Email: "cy@stad.example", Name: "Cy Unverified", Groups: []string{"staff"}},
	}
}

// withProvider opens a gate whose organisation "ours" has a real provider.
func withProvider(t *testing.T, store *db.DB, s oidc.Settings) (*gate, *oidctest.Provider) {
	t.Helper()
	g := newGate(t, store, "127.0.0.1")
	p := oidctest.Start(t, oidctest.Options{Client: g.client("ours"), Users: people()})
	g.use(t, dbtest.Ours, p.Issuer(), s)
	return g, p
}

func TestPeopleSignInAtTheProviderOfTheirOrganisation(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		g, p := withProvider(t, store, settings())
		v := g.visitor(t)
		v.get("/o/ours/sign-in").want(t, http.StatusOK, "/o/ours/oidc/start")
		callback := p.SignIn(t, v.http, v.depart("ours", "?next=%2Fdanger"), "an@stad.example")
		v.get(callback).wantTo(t, "/danger")
		v.get("/").want(t, http.StatusOK, "home of An Peeters at ours: [hr]")
		v.get("/danger").want(t, http.StatusOK, "danger for An Peeters")
		an := g.accountOf(t, dbtest.Ours, "an@stad.example")
		if an.Language != "fr" || len(an.Roles) != 0 || len(an.ProviderRoles) != 1 {
			t.Errorf("%+v", an)
		}
		v.get(callback).want(t, http.StatusGone, "a déjà servi") // a state works once; the page speaks An's language
		g.visitor(t).signIn(p, "ours", "an@stad.example").wantTo(t, "/")
		if again := g.accountOf(t, dbtest.Ours, "an@stad.example"); again.ID != an.ID || g.logged(t, dbtest.Ours, "account.added") != 2 {
			t.Errorf("a second sign-in made another account: %+v", again)
		}

		// Groups change over there, roles change here; what was given here stays.
		if _, err := g.SetRoles(t.Context(), g.admin, an.ID, []access.Role{access.Researcher}, 0); err != nil {
			t.Fatal(err)
		}
		users := people()
		users[0].Groups = []string{"lead"}
		p.Configure(oidctest.Options{Client: g.client("ours"), Users: users})
		w := g.visitor(t)
		w.signIn(p, "ours", "an@stad.example").wantTo(t, "/")
		w.get("/").want(t, http.StatusOK, "[manager researcher]")
		users[0].Groups = nil
		p.Configure(oidctest.Options{Client: g.client("ours"), Users: users})
		w = g.visitor(t)
		w.signIn(p, "ours", "an@stad.example").wantTo(t, "/")
		w.get("/").want(t, http.StatusOK, "[researcher]")

		// Keys change midway.
		to := w.depart("ours", "")
		p.RotateKeys()
		w.get(p.SignIn(t, w.http, to, "an@stad.example")).wantTo(t, "/")
		if out := p.Failures(); len(out) > 0 {
			t.Errorf("the provider refused something: %q", out)
		}
	})
}

func TestAStateHoldsForTheBrowserAndOrganisationThatBegan(t *testing.T) {
	t.Parallel()
	g, p := withProvider(t, dbtest.SQLite(t), settings())
	v := g.visitor(t)
	callback := p.SignIn(t, v.http, v.depart("ours", ""), "an@stad.example")
	other := g.visitor(t)
	other.depart("ours", "")
	other.get(callback).want(t, http.StatusGone)
	other.get("/").wantTo(t, "/sign-in")
	v.get(callback).want(t, http.StatusGone) // whoever tried it spent it
	one, two := p.SignIn(t, v.http, v.depart("ours", ""), "an@stad.example"), p.SignIn(t, v.http, v.depart("ours", ""), "an@stad.example")
	v.get(two).wantTo(t, "/") // two tabs of one browser do not hinder each other
	v.get(one).wantTo(t, "/")
	for _, change := range []func(url.Values){
		func(q url.Values) { q.Set("state", "x") },
		func(q url.Values) { q.Del("state") },
		func(q url.Values) { q.Add("code", "second") },
		func(q url.Values) { q.Set("iss", "https://evil.example") },
		func(q url.Values) { q.Del("iss") },
		func(q url.Values) { q.Set("code", "stolen") },
	} {
		w := g.visitor(t)
		u, err := url.Parse(p.SignIn(t, w.http, w.depart("ours", ""), "an@stad.example"))
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		change(q)
		u.RawQuery = q.Encode()
		if a := w.get(u.String()); a.status != http.StatusGone && a.status != http.StatusForbidden || !strings.Contains(a.body, "/o/ours/sign-in") {
			t.Errorf("%v: %d", q, a.status)
		}
		w.get("/").wantTo(t, "/sign-in")
	}
	w := g.visitor(t)
	w.get(p.Refuse(t, w.http, w.depart("ours", ""))).want(t, http.StatusForbidden, "cancelled")
}

func TestNobodyIsSentElsewhereAfterSigningIn(t *testing.T) {
	t.Parallel()
	g, p := withProvider(t, dbtest.SQLite(t), settings())
	for _, next := range []string{"https://evil.example/", "//evil.example", `/\evil.example`, "javascript:alert(1)", "/%09/evil.example\t"} {
		v := g.visitor(t)
		v.get(p.SignIn(t, v.http, v.depart("ours", "?next="+url.QueryEscape(next)), "an@stad.example")).wantTo(t, "/")
	}
}

func TestTwoOrganisationsWithTheirOwnProvidersCannotBeCrossed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		g, p := withProvider(t, store, settings())
		q := oidctest.Start(t, oidctest.Options{Client: g.client("theirs"), Users: people()})
		g.use(t, dbtest.Theirs, q.Issuer(), settings())
		v := g.visitor(t)
		ours := p.SignIn(t, v.http, v.depart("ours", ""), "an@stad.example")
		v.get(strings.Replace(ours, "/o/ours/", "/o/theirs/", 1)).want(t, http.StatusGone)
		v.get("/").wantTo(t, "/sign-in")

		// The code of one provider in the sign-in at the other.
		w := g.visitor(t)
		from, err := url.Parse(p.SignIn(t, w.http, w.depart("ours", ""), "an@stad.example"))
		if err != nil {
			t.Fatal(err)
		}
		to, err := url.Parse(q.SignIn(t, w.http, w.depart("theirs", ""), "bo@stad.example"))
		if err != nil {
			t.Fatal(err)
		}
		mixed := to.Query()
		mixed.Set("code", from.Query().Get("code"))
		to.RawQuery = mixed.Encode()
		if a := w.get(to.String()); a.status == http.StatusSeeOther {
			t.Errorf("the code of another provider let somebody in: %s", a.to)
		}
		w.get("/").wantTo(t, "/sign-in")

		// The same person at both is two accounts.
		g.visitor(t).signIn(p, "ours", "an@stad.example").wantTo(t, "/")
		x := g.visitor(t)
		x.signIn(q, "theirs", "an@stad.example").wantTo(t, "/")
		x.get("/").want(t, http.StatusOK, "at theirs")
		if g.accountOf(t, dbtest.Ours, "an@stad.example").ID == g.accountOf(t, dbtest.Theirs, "an@stad.example").ID {
			t.Error("one account in two organisations")
		}
	})
}

func TestAProviderThatIsDownLeavesTheOtherWaysOpen(t *testing.T) {
	t.Parallel()
	g, p := withProvider(t, dbtest.SQLite(t), settings())
	p.Stop()
	v := g.visitor(t)
	v.get("/o/ours/sign-in").want(t, http.StatusOK, "/o/ours/oidc/start", "password")
	v.get("/o/ours/oidc/start").want(t, http.StatusServiceUnavailable, "does not answer", "/o/ours/sign-in")
}

func TestForgedTokensLetNobodyIn(t *testing.T) {
	t.Parallel()
	g := newGate(t, dbtest.SQLite(t), "127.0.0.1")
	f := oidctest.NewForger(t)
	g.use(t, dbtest.Ours, f.Issuer(), settings())
	for name, c := range map[string]struct {
		token func(map[string]any) string
		in    bool
	}{
		"right":      {f.Sign, true},
		"a stranger": {f.SignByStranger, false},
		"none":       {f.Unsigned, false},
		"the secret": {func(c map[string]any) string {
			return f.SignHMAC(c, []byte(strings.Repeat(g.client("ours").Secret, 3)))
		}, false},
		"the key": {func(c map[string]any) string { return f.SignHMAC(c, f.PublicKey()) }, false},
		"expired": {func(c map[string]any) string {
			return f.Sign(oidctest.With(c, "exp", time.Now().Add(-time.Hour).Unix()))
		}, false},
		"aud":     {func(c map[string]any) string { return f.Sign(oidctest.With(c, "aud", "other")) }, false},
		"iss":     {func(c map[string]any) string { return f.Sign(oidctest.With(c, "iss", "https://evil.example")) }, false},
		"nonce":   {func(c map[string]any) string { return f.Sign(oidctest.With(c, "nonce", "other")) }, false},
		"no sub":  {func(c map[string]any) string { return f.Sign(oidctest.Without(c, "sub")) }, false},
		"nothing": {func(map[string]any) string { return "" }, false},
	} {
		f.Answer(func(request url.Values) string { return c.token(f.Claims(request, "u-"+name, time.Now())) })
		v := g.visitor(t)
		back := v.get(v.depart("ours", ""))
		a := v.get(back.to)
		if in := a.status == http.StatusSeeOther && a.to == "/"; in != c.in {
			t.Errorf("%s: %d to %q", name, a.status, a.to)
		}
		if home := v.get("/"); (home.status == http.StatusOK) != c.in {
			t.Errorf("%s: home answers %d", name, home.status)
		}
	}
}

func TestWhoMayComeInIsWhatTheOrganisationDecided(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		g, p := withProvider(t, store, settings(func(s *oidc.Settings) { s.CreateAccounts = false }))
		g.visitor(t).signIn(p, "ours", "bo@stad.example").want(t, http.StatusForbidden, "no account")
		bo := g.addAccount(t, "Bo", "bo@stad.example", access.DPO)
		cy := g.addAccount(t, "Cy", "cy@stad.example")
		v := g.visitor(t)
		v.signIn(p, "ours", "bo@stad.example").wantTo(t, "/")
		v.get("/").want(t, http.StatusOK, "home of Bo at ours: [dpo]")
		g.visitor(t).signIn(p, "ours", "cy@stad.example").want(t, http.StatusForbidden) // the address is not verified
		if linked, err := linkedAt(t.Context(), g.db.Of(dbtest.Ours), p.Issuer(), cy.ID); err != nil || linked {
			t.Errorf("an account was taken by an address that is not verified: %v %v", linked, err)
		}

		// The address goes to somebody else: what was Bo's does not.
		users := people()
		users[1].Sub = "successor"
		p.Configure(oidctest.Options{Client: g.client("ours"), Users: users})
		g.visitor(t).signIn(p, "ours", "bo@stad.example").want(t, http.StatusForbidden, "mail address already")
		p.Configure(oidctest.Options{Client: g.client("ours"), Users: people()})

		g.use(t, dbtest.Ours, p.Issuer(), settings(func(s *oidc.Settings) { s.DefaultDeny = true }))
		g.visitor(t).signIn(p, "ours", "bo@stad.example").want(t, http.StatusForbidden, "groups")
		w := g.visitor(t)
		w.signIn(p, "ours", "cy@stad.example").wantTo(t, "/") // in the group "staff": comes in, without the address
		w.get("/").want(t, http.StatusOK, "home of Cy Unverified at ours: []")

		if _, err := g.Block(t.Context(), g.admin, bo.ID); err != nil {
			t.Fatal(err)
		}
		g.use(t, dbtest.Ours, p.Issuer(), settings())
		g.visitor(t).signIn(p, "ours", "bo@stad.example").want(t, http.StatusForbidden, "blocked")
		if n := g.logged(t, dbtest.Ours, "session.refused"); n < 4 {
			t.Errorf("%d refusals in the log", n)
		}
	})
}

func TestAnOrganisationWithoutAdministratorGivesNobodyThatRole(t *testing.T) {
	t.Parallel()
	g, p := withProvider(t, dbtest.SQLite(t), settings())
	err := g.db.Write(t.Context(), dbtest.Ours, func(sc *db.Scope) error {
		_, err := sc.Exec(t.Context(), `DELETE FROM account_roles WHERE tenant_id = $1`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	v := g.visitor(t)
	v.signIn(p, "ours", "an@stad.example").wantTo(t, "/")
	v.get("/").want(t, http.StatusOK, "[hr]")
}

func TestConfirmingAtTheProviderWantsTheSamePersonAnew(t *testing.T) {
	t.Parallel()
	g, p := withProvider(t, dbtest.SQLite(t), settings())
	v := g.visitor(t)
	v.signIn(p, "ours", "an@stad.example").wantTo(t, "/")
	stale := func() {
		err := g.db.Write(t.Context(), dbtest.Ours, func(sc *db.Scope) error {
			_, err := sc.Exec(t.Context(), `UPDATE sessions SET confirmed_at = 1 WHERE tenant_id = $1`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	stale()
	v.get("/danger").wantTo(t, "/confirm?next=%2Fdanger")
	v.get("/confirm?next=%2Fdanger").want(t, http.StatusOK, "/o/ours/oidc/start?confirm=yes&amp;next=%2Fdanger")
	back := p.SignIn(t, v.http, v.depart("ours", "?confirm=yes&next=%2Fdanger"), "an@stad.example")
	v.get(back).wantTo(t, "/danger")
	v.get("/danger").want(t, http.StatusOK)
	if n := g.logged(t, dbtest.Ours, "session.confirmed"); n != 1 {
		t.Errorf("%d confirmations in the log", n)
	}
	g.visitor(t).get("/o/ours/oidc/start?confirm=yes").wantTo(t, "/sign-in?next="+url.QueryEscape("/o/ours/oidc/start?confirm=yes"))
}

func TestSomebodyElseCannotConfirm(t *testing.T) {
	t.Parallel()
	g := newGate(t, dbtest.SQLite(t), "127.0.0.1")
	f := oidctest.NewForger(t)
	g.use(t, dbtest.Ours, f.Issuer(), settings())
	proved := time.Now()
	as := func(sub string) {
		f.Answer(func(request url.Values) string {
			return f.Sign(oidctest.With(f.Claims(request, sub, time.Now()), "auth_time", proved.Unix()))
		})
	}
	as("an")
	v := g.visitor(t)
	v.get(v.get(v.depart("ours", "")).to).wantTo(t, "/")
	confirm := func() answer { return v.get(v.get(v.depart("ours", "?confirm=yes&next=%2Fdanger")).to) }
	confirm().wantTo(t, "/danger")
	as("bo")
	confirm().want(t, http.StatusForbidden, "andere naam") // whom nobody knows
	w := g.visitor(t)
	w.get(w.get(w.depart("ours", "")).to).wantTo(t, "/")
	confirm().want(t, http.StatusForbidden, "andere naam") // who has an account of their own
	as("an")
	proved = time.Now().Add(-time.Hour)
	if a := confirm(); a.status == http.StatusSeeOther && a.to == "/danger" {
		t.Error("an old proof confirmed")
	}
	proved = time.Now()
	back := v.get(v.depart("ours", "?confirm=yes")).to
	v.post("/sign-out")
	v.get(back).want(t, http.StatusGone) // nobody is signed in any more
}

func TestSigningInThatWasSilentIsNoFreshProof(t *testing.T) {
	t.Parallel()
	g := newGate(t, dbtest.SQLite(t), "127.0.0.1")
	f := oidctest.NewForger(t)
	g.use(t, dbtest.Ours, f.Issuer(), settings())
	for age, fresh := range map[time.Duration]bool{0: true, web.FreshFor / 2: true, time.Hour: false} {
		f.Answer(func(request url.Values) string {
			return f.Sign(oidctest.With(f.Claims(request, "an", time.Now()), "auth_time", time.Now().Add(-age).Unix()))
		})
		v := g.visitor(t)
		v.get(v.get(v.depart("ours", "")).to).wantTo(t, "/")
		v.get("/").want(t, http.StatusOK)
		if got := v.get("/danger").status == http.StatusOK; got != fresh {
			t.Errorf("a proof of %v ago is fresh: %v", age, got)
		}
	}
}

func TestWhatASessionKeepsOfTheProviderTellsNothing(t *testing.T) {
	t.Parallel()
	g := newGate(t, dbtest.SQLite(t), "127.0.0.1")
	kept, err := g.providers.sessionOf(oidc.Person{Issuer: "https://i.example", SessionID: "sid-1", IDToken: "head.payload.signature"})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(kept, "payload") || strings.Contains(kept, "sid-1") || !strings.HasPrefix(kept, sidPrefix(sidKey("https://i.example", "sid-1"))) {
		t.Error(kept)
	}
	if sidKey("https://i.example", "s") == sidKey("https://j.example", "s") {
		t.Error("two providers share the names of sessions")
	}
}

func TestASignInBeginsAtTheOwnHostOfTheOrganisation(t *testing.T) {
	t.Parallel()
	g, _ := withProvider(t, dbtest.SQLite(t), settings())
	err := g.db.Write(t.Context(), dbtest.Ours, func(sc *db.Scope) error {
		_, err := sc.Exec(t.Context(), `UPDATE organisations SET host = 'genai.stad.example' WHERE tenant_id = $1`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	v := g.visitor(t)
	to := v.get("/o/ours/oidc/start?next=%2Fdanger").to
	if to != g.base+"/o/ours/oidc/start?here=1&next=%2Fdanger" { // where the test says the organisation is reached
		t.Fatal(to)
	}
	if a := v.get(to); a.status != http.StatusSeeOther || strings.HasPrefix(a.to, g.base) {
		t.Errorf("it goes round in circles: %d to %q", a.status, a.to)
	}
}
