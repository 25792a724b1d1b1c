package identity

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/problem"
	"tekentafel/internal/testkit/oidctest"
)

func TestAnAdministratorSetsUpAProviderWithoutScripts(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		g := newGate(t, store, "127.0.0.1")
		v := g.as(t, g.admin)
		v.get("/organisation/sign-in").want(t, http.StatusOK, g.base+"/o/ours/oidc/callback", g.base+"/o/ours/oidc/back-channel", "group.2")
		v.get("/organisation/sign-in/try").want(t, http.StatusNotFound)
		bad := v.post("/organisation/sign-in", "issuer", "login.example", "client", "", "scopes", `a"b`, "deny", "yes", "group.0", "x", "role.0", "emperor")
		bad.want(t, http.StatusUnprocessableEntity, "f-issuer-error", "f-client-error", "f-secret-error", "f-scopes-error", "f-claim-error", "f-groups-error")
		issuer := "https://login.example"
		form := []string{"issuer", issuer, "client", "c1", "secret", "first secret", "scopes", "profile email", "claim", "groups", "enabled", "yes", "create", "yes",
			"group.0", "hr", "role.0", "hr", "group.1", "", "role.1", "employee", "group.2", "hr", "role.2", "manager", "group.3", "all", "role.3", "employee",
			"label.nl", " Aanmelden bij  de stad "}
		v.post("/organisation/sign-in", form...).wantTo(t, "/organisation/sign-in")
		page := v.get("/organisation/sign-in").want(t, http.StatusOK, "Aanmelden bij de stad", "group.5", `value="hr"`, `value="all"`)
		if strings.Contains(page.body, "first secret") {
			t.Error("the secret is on the page")
		}
		got, err := g.providers.stored(t.Context(), dbtest.Ours)
		if err != nil || got.Secret != "first secret" || !slices.Equal(got.GroupRoles["hr"], []access.Role{access.HR, access.Manager}) || got.LinkByMail {
			t.Fatalf("%+v, %v", got, err)
		}
		form[5] = "" // the secret stays
		form = append(form, "link", "yes")
		v.post("/organisation/sign-in", form...).wantTo(t, "/organisation/sign-in")
		if got, err = g.providers.stored(t.Context(), dbtest.Ours); err != nil || got.Secret != "first secret" || !got.LinkByMail {
			t.Fatalf("%+v, %v", got, err)
		}
		form[1] = "https://other.example" // the secret of one provider is not sent to another
		v.post("/organisation/sign-in", form...).want(t, http.StatusUnprocessableEntity, "f-secret-error")
		var sealed []byte
		if err := g.db.Of(dbtest.Ours).Row(t.Context(), `SELECT secret FROM providers WHERE tenant_id = $1`, nil, &sealed); err != nil || strings.Contains(string(sealed), "secret") {
			t.Errorf("%q %v", sealed, err)
		}
		v.post("/organisation/sign-in", "issuer", issuer, "client", "c1", "_once", "twice", "enabled", "yes").wantTo(t, "/organisation/sign-in")
		v.post("/organisation/sign-in", "issuer", issuer, "client", "c1", "_once", "twice", "enabled", "yes").wantTo(t, "/organisation/sign-in")
		if n := g.logged(t, dbtest.Ours, "provider.changed"); n != 3 {
			t.Errorf("%d changes in the log", n)
		}
	})
}

func TestOnlyTheAdministratorOfTheOrganisationSetsItsProvider(t *testing.T) {
	t.Parallel()
	g := newGate(t, dbtest.SQLite(t), "127.0.0.1")
	g.use(t, dbtest.Theirs, "https://elsewhere.example", settings())
	for _, role := range access.Roles() {
		if role == access.Administrator {
			continue
		}
		a := g.addAccount(t, "A", string(role)+"@stad.example", role)
		v := g.as(t, a)
		v.get("/organisation/sign-in").want(t, http.StatusForbidden)
		v.post("/organisation/sign-in", "issuer", "https://evil.example").want(t, http.StatusForbidden)
		v.get("/organisation/sign-in/try").want(t, http.StatusForbidden)
		v.post("/organisation/sign-in/remove").want(t, http.StatusForbidden)
		_, err := g.providers.SetProvider(t.Context(), a, ProviderInput{}, noOnce)
		wantKind(t, err, problem.Forbidden)
		_, err = g.providers.Provider(t.Context(), a)
		wantKind(t, err, problem.Forbidden)
		wantKind(t, g.providers.RemoveProvider(t.Context(), a), problem.Forbidden)
	}
	v := g.as(t, g.admin)
	if a := v.get("/organisation/sign-in").want(t, http.StatusOK); strings.Contains(a.body, "elsewhere.example") {
		t.Error("the provider of another organisation shows")
	}
	v.post("/organisation/sign-in/remove").wantTo(t, "/organisation/sign-in")
	if _, err := g.providers.stored(t.Context(), dbtest.Theirs); err != nil {
		t.Errorf("the provider of another organisation is gone: %v", err)
	}
}

func TestATryOutTellsWhatWorks(t *testing.T) {
	t.Parallel()
	g, p := withProvider(t, dbtest.SQLite(t), settings())
	v := g.as(t, g.admin)
	v.get("/organisation/sign-in/try").want(t, http.StatusOK, "answers and signs with", "knows the client ID and the secret", "is signed out here too")
	c := g.client("ours")
	c.Secret = "changed over there"
	p.Configure(oidctest.Options{Client: c, Users: people()})
	v.get("/organisation/sign-in/try").want(t, http.StatusOK, "refuses the client ID or the secret")
	p.Stop()
	v.get("/organisation/sign-in/try").want(t, http.StatusOK, "does not answer")
	g.use(t, dbtest.Ours, "https://169.254.169.254", settings())
	v.get("/organisation/sign-in/try").want(t, http.StatusOK, "--allow-private-hosts")
}

func TestRemovingAProviderEndsWhatCameFromIt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		g, p := withProvider(t, store, settings())
		v := g.visitor(t)
		v.signIn(p, "ours", "an@stad.example").wantTo(t, "/")
		admin := g.as(t, g.admin)
		admin.get("/organisation/sign-in/remove").want(t, http.StatusOK)
		admin.post("/organisation/sign-in/remove").wantTo(t, "/organisation/sign-in")
		v.get("/").wantTo(t, "/sign-in")
		v.get("/o/ours/oidc/start").want(t, http.StatusNotFound)
		an := g.accountOf(t, dbtest.Ours, "an@stad.example")
		if len(an.ProviderRoles) != 0 || an.State != Active {
			t.Errorf("%+v", an)
		}
		g.use(t, dbtest.Ours, p.Issuer(), settings()) // back again: the person finds the account by address
		w := g.visitor(t)
		w.signIn(p, "ours", "an@stad.example").wantTo(t, "/")
		if again := g.accountOf(t, dbtest.Ours, "an@stad.example"); again.ID != an.ID {
			t.Error("another account")
		}

		// The last other way in of the administrators is kept.
		err := g.db.Write(t.Context(), dbtest.Ours, func(sc *db.Scope) error {
			_, err := sc.Exec(t.Context(), `DELETE FROM passwords WHERE tenant_id = $1`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		admin.post("/organisation/sign-in/remove").want(t, http.StatusConflict, "No administrator")
		c := g.client("ours")
		_, err = g.providers.SetProvider(t.Context(), g.admin, ProviderInput{Issuer: p.Issuer(), ClientID: c.ID, Settings: settings()}, noOnce)
		wantKind(t, err, problem.Conflict)
		w.get("/").want(t, http.StatusOK)
	})
}

// FuzzGroupRows holds that no form makes the table of groups fail, and that what is read can be written and read again.
func FuzzGroupRows(f *testing.F) {
	f.Add("group.0=a&role.0=hr&group.1=&group.2=a&role.2=manager")
	f.Fuzz(func(t *testing.T, raw string) {
		form, err := url.ParseQuery(raw)
		if err != nil {
			return
		}
		rows := readRows(form)
		in := readProvider(form, rows)
		if len(rows) > mostRows || len(in.GroupRoles) > len(rows) {
			t.Fatalf("%d lines, %d groups", len(rows), len(in.GroupRoles))
		}
		if again := readRows(compact(form, rows)); !slices.Equal(again, rows) {
			t.Fatalf("%v became %v", rows, again)
		}
	})
}
