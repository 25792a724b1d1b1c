package gateway

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/people/scim"
	"tekentafel/internal/problem"
	"tekentafel/internal/web"
)

func now() time.Time { return time.Date(2026, 11, 29, 9, 0, 0, 0, time.UTC) }

// visitors resolves "X-Test-Who: administrator" to somebody of our organisation, who proved who they are when "stale" is not said.
type visitors struct{}

func (visitors) Visit(_ context.Context, r *http.Request) (web.Visit, error) {
	who, stale := strings.CutSuffix(r.Header.Get("X-Test-Who"), " stale")
	v := web.Visit{Actor: access.Actor{Kind: access.Visitor, Tenant: dbtest.Ours}}
	if who != "" {
		v.Actor = access.Actor{Kind: access.Person, Tenant: dbtest.Ours, ID: who, Owner: who, Roles: []access.Role{access.Role(who)}}
		v.Name, v.Session, v.ConfirmedAt = "Ann Claes", "s", now()
	}
	if stale {
		v.ConfirmedAt = now().Add(-24 * time.Hour)
	}
	v.Org = web.Organisation{ID: dbtest.Ours, Slug: "ours", Name: "Stad", Languages: instrument.Languages(), GroupSize: 5}
	return v, nil
}

// given keeps which roles groups gave, and refuses to leave nobody in charge.
type given struct{ last bool }

func (g *given) Set(_ context.Context, _ *db.Scope, _ access.Actor, _ string, roles []access.Role) error {
	if g.last && len(roles) == 0 {
		return problem.New(problem.Conflict, locale(), "error.group", nil)
	}
	return nil
}

// accounts are known by name.
type accounts struct{ keys *Keys }

func (accounts) Name(_ context.Context, _ db.Reader, account string) (string, error) {
	return map[string]string{"an": "An Maes"}[account], nil
}

func (a accounts) Keys(context.Context, db.Reader) (Keys, error) { return *a.keys, nil }

// site is the pages behind a server.
type site struct {
	t       *testing.T
	d       *db.DB
	server  *web.Server
	gateway *Gateway
	keys    *Keys
	roles   *given
}

func newSite(t *testing.T, d *db.DB) *site {
	t.Helper()
	public, err := url.Parse("https://tekentafel.example")
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, d: d, keys: &Keys{}, roles: &given{}}
	s.server = web.New(web.Config{PublicURL: public, Zone: clock.Brussels()}, visitors{}, nil, now, slog.New(slog.NewTextHandler(io.Discard, nil)))
	registry := scim.NewRegistry(scim.Dependencies{DB: d, Now: now, Roles: s.roles, Log: audit.New(d, now)})
	s.gateway = New(Dependencies{DB: d, Registry: registry, Accounts: accounts{s.keys}, RoleName: func(_ instrument.Lang, r access.Role) string { return "rol " + string(r) }})
	if err := s.gateway.AddTo(s.server); err != nil {
		t.Fatal(err)
	}
	return s
}

func each(t *testing.T, test func(t *testing.T, s *site)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(t, newSite(t, d)) })
}

func (s *site) send(who, method, path string, form url.Values) *httptest.ResponseRecorder {
	s.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	r.Header.Set("X-Test-Who", who)
	r.Header.Set("Accept-Language", "nl")
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	s.server.ServeHTTP(w, r)
	return w
}

func (s *site) wants(what string, w *httptest.ResponseRecorder, status int, says ...string) {
	s.t.Helper()
	if w.Code != status {
		s.t.Errorf("%s: %d to %q, want %d", what, w.Code, w.Header().Get("Location"), status)
		return
	}
	for _, text := range says {
		if !strings.Contains(w.Body.String(), text) {
			s.t.Errorf("%s does not say %q", what, text)
		}
	}
}

func (s *site) exec(query string, args ...any) {
	s.t.Helper()
	if err := s.d.Write(s.t.Context(), dbtest.Ours, func(tx *db.Scope) error {
		_, err := tx.Exec(s.t.Context(), query, args...)
		return err
	}); err != nil {
		s.t.Fatal(err)
	}
}

// user lets the directory have a user with an account.
func (s *site) user(id, account string) {
	s.t.Helper()
	s.exec(`INSERT INTO scim_users (tenant_id, id, user_name, active, resource, account_id, created_at, changed_at) VALUES ($1, $2, $2, TRUE, '{"userName":"an@x.be","title":"Bode"}', $3, 1, $4)`,
		id, account, clock.Micros(now()))
}

func (s *site) note(action, account string, detail map[string]string) {
	s.t.Helper()
	if err := s.d.Write(s.t.Context(), dbtest.Ours, func(tx *db.Scope) error {
		return s.gateway.Registry.Log.Record(s.t.Context(), tx, access.Actor{Kind: access.Key, Tenant: dbtest.Ours, ID: "k"}, audit.Entry{Action: action, Account: account, Detail: detail})
	}); err != nil {
		s.t.Fatal(err)
	}
}

func TestAnAdministratorReadsHowToConnectBeforeAnythingCame(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		w := s.send("administrator", "GET", home, nil)
		s.wants("the page", w, 200, "Er is nog geen adresboek gekoppeld", "https://tekentafel.example/scim/v2<", `href="/me/keys/new"`, "Zo doe je het in Entra ID", "Zo doe je het in Okta",
			"Nog geen enkele groep geeft een rol", "Nog niemand")
		if strings.Contains(w.Body.String(), "Hoe het ervoor staat") {
			t.Error("it tells how a directory stands that is not there")
		}
	})
}

func TestAnAdministratorSeesWhatTheDirectoryDid(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.user("u1", "an")
		s.user("u2", "")
		s.exec(`UPDATE scim_users SET active = FALSE WHERE tenant_id = $1 AND id = 'u2'`)
		s.exec(`INSERT INTO scim_groups (tenant_id, id, external_id, display_name, display_key, created_at, changed_at) VALUES ($1, 'g', 'e-1', 'HR <Team>', 'hr <team>', 1, 1)`)
		s.note(scim.UserOut, "an", nil)
		s.note(scim.UserOff, "", nil)
		s.note(scim.UserOff, "erased", nil)
		s.note(scim.UserRefused, "an", map[string]string{"why": "roles"})
		*s.keys = Keys{Count: 1, Used: now(), Ends: now().AddDate(0, 3, 0)}
		s.wants("the page", s.send("administrator", "GET", home, nil), 200, "Hoe het ervoor staat", "2, van wie 1 zich niet meer mag aanmelden", "1 sleutel, werkt tot 1 maart 2027", "10:00",
			`<a href="/people/an">An Maes</a>`, "Verwijderd uit het adresboek", "had hier geen account", "gewist account", "Accounts die niet overgenomen zijn", "kreeg hier met de hand een rol")
		s.wants("the groups", s.send("administrator", "GET", home+"/roles", nil), 200, "HR &lt;Team&gt;", "e-1")
		if w := s.send("administrator", "GET", home, nil); strings.Contains(w.Body.String(), "Zonder account") {
			t.Error("who may not sign in is told to lack an account")
		}
		s.user("u3", "")
		s.wants("with somebody who cannot sign in", s.send("administrator", "GET", home, nil), 200, "Zonder account", "1. Het adresboek geeft voor hen geen mailadres")
	})
}

func TestGroupsAreGivenRolesAndLoseThem(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		path := home + "/roles"
		line := url.Values{"by": {"externalId"}, "group": {" 8f-3 "}, "role": {"hr"}}
		for what, c := range map[string]struct{ field, value, says string }{
			"no way to recognise it": {"by", "", "Kies waaraan"}, "no group": {"group", " ", "Vul in hoe de groep heet"}, "a long group": {"group", strings.Repeat("x", longestGroup+1), "Vul in hoe de groep heet"},
			"no role": {"role", "", "Kies een rol."}, "employee": {"role", "employee", "Kies een rol."}, "an unknown role": {"role", "root", "Kies een rol."},
		} {
			bad := url.Values{}
			for k, v := range line {
				bad[k] = v
			}
			bad.Set(c.field, c.value)
			s.wants(what, s.send("administrator", "POST", path, bad), 422, c.says, `href="#`)
		}
		for range 2 { // the same again changes nothing
			s.wants("a line", s.send("administrator", "POST", path, line), 303)
		}
		admin := access.Actor{Kind: access.Person, Tenant: dbtest.Ours, ID: "administrator", Owner: "administrator", Roles: []access.Role{access.Administrator}}
		list, err := s.gateway.Registry.GroupRoles(t.Context(), admin)
		if err != nil || len(list) != 1 || list[0] != (scim.GroupRole{By: scim.ByExternalID, Group: "8f-3", Role: access.HR}) {
			t.Fatalf("%v, %v", list, err)
		}
		s.wants("the table", s.send("administrator", "GET", path, nil), 200, "8f-3", "rol hr", "Weghalen")
		s.wants("the page", s.send("administrator", "GET", home, nil), 200, "8f-3", "rol hr")
		s.user("u1", "an")
		s.exec(`INSERT INTO scim_groups (tenant_id, id, external_id, display_name, display_key, created_at, changed_at) VALUES ($1, 'g', '8f-3', 'HR', 'hr', 1, 1)`)
		s.exec(`INSERT INTO scim_members (tenant_id, group_id, user_id) VALUES ($1, 'g', 'u1')`)
		s.wants("a group with a name", s.send("administrator", "GET", path, nil), 200, "HR (8f-3)")
		s.roles.last = true
		s.wants("what would leave nobody in charge", s.send("administrator", "POST", path+"/remove", line), 422, "8f-3", "error-summary")
		s.roles.last = false
		s.wants("a line that goes", s.send("administrator", "POST", path+"/remove", line), 303)
		s.wants("a line that went before", s.send("administrator", "POST", path+"/remove", line), 303)
		if list, err := s.gateway.Registry.GroupRoles(t.Context(), admin); err != nil || len(list) != 0 {
			t.Errorf("%v, %v", list, err)
		}
	})
}

func TestOnlyAdministratorsGetIn(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	for _, role := range access.Roles() {
		if role == access.Administrator {
			continue
		}
		for _, c := range [][2]string{{"GET", home}, {"GET", home + "/roles"}, {"POST", home + "/roles"}, {"POST", home + "/roles/remove"}} {
			if w := s.send(string(role), c[0], c[1], url.Values{}); w.Code != http.StatusForbidden {
				t.Errorf("%s %s as %s: %d", c[0], c[1], role, w.Code)
			}
		}
	}
	line := url.Values{"by": {"externalId"}, "group": {"x"}, "role": {"administrator"}}
	if w := s.send("administrator stale", "POST", home+"/roles", line); w.Code == http.StatusOK || w.Header().Get("Location") == home+"/roles" {
		t.Errorf("whoever did not prove lately who they are hands out roles: %d", w.Code)
	}
}

func TestWhatIsHeldAboutSomebodyIsShownAndForgotten(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.user("u1", "an")
		s.exec(`INSERT INTO scim_groups (tenant_id, id, display_name, display_key, created_at, changed_at) VALUES ($1, 'g', 'HR', 'hr', 1, 1)`)
		s.exec(`INSERT INTO scim_members (tenant_id, group_id, user_id) VALUES ($1, 'g', 'u1')`)
		held, err := s.gateway.Held(t.Context(), dbtest.Ours, "an")
		if err != nil || len(held) != 1 || len(held[0].Rows) != 2 || held[0].Rows[0].Source != "scim_users/u1" || !strings.Contains(held[0].Rows[0].Value, "Bode") || held[0].Rows[1].Value != "HR" {
			t.Fatalf("%+v, %v", held, err)
		}
		if none, err := s.gateway.Held(t.Context(), dbtest.Ours, "somebody"); err != nil || none != nil {
			t.Errorf("%+v, %v", none, err)
		}
		if err := s.d.Write(t.Context(), dbtest.Ours, func(tx *db.Scope) error { return s.gateway.Erase(t.Context(), tx, "an") }); err != nil {
			t.Fatal(err)
		}
		if held, err := s.gateway.Held(t.Context(), dbtest.Ours, "an"); err != nil || held != nil {
			t.Errorf("%+v, %v", held, err)
		}
		s.user("u2", "an")
		s.exec(`UPDATE scim_users SET deleted_at = $2 WHERE tenant_id = $1`, clock.Micros(now().AddDate(-2, 0, 0)))
		k := s.gateway.Kept()
		if n, _, err := k.Count(t.Context(), s.d.Of(dbtest.Ours), now().AddDate(-1, 0, 0)); err != nil || n != 1 {
			t.Errorf("%d rows are old enough: %v", n, err)
		}
	})
}

func TestTheLanguagesSayTheSame(t *testing.T) {
	t.Parallel()
	if err := locale().Check(); err != nil {
		t.Error(err)
	}
}
