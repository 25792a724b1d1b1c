package scim_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/id"
	"tekentafel/internal/instrument"
	"tekentafel/internal/people/scim"
	"tekentafel/internal/tenant"
	"tekentafel/internal/web"
)

// needed is the action that the tests ask a key for: one that a key can have.
const needed = access.ChangeAccount

// The keys of the tests.
const (
	key      = "Bearer ours administrator accounts.change"
	theirKey = "Bearer theirs administrator accounts.change"
	noScope  = "Bearer ours administrator accounts.read"
	noRight  = "Bearer ours employee accounts.change"
)

// visitors know the keys of a test by the words in them.
type visitors struct{}

func (visitors) Visit(_ context.Context, r *http.Request) (web.Visit, error) {
	given, isKey := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !isKey {
		if r.Header.Get("Cookie") != "" {
			return web.Visit{Actor: access.Actor{Kind: access.Person, Tenant: "ours", ID: "me", Owner: "me", Roles: access.Roles(), Scopes: access.Actions()}}, nil
		}
		return web.Visit{}, nil
	}
	words := strings.Fields(given)
	if words[0] == "down" {
		return web.Visit{}, errors.Join(db.ErrUnreachable, errors.New("SELECT secret FROM keys"))
	}
	return web.Visit{Actor: administrator(tenant.ID(words[0]), words[1], words[2:]...), Org: web.Organisation{ID: tenant.ID(words[0]), Languages: instrument.Languages()}}, nil
}

func administrator(o tenant.ID, role string, scopes ...string) access.Actor {
	a := access.Actor{Kind: access.Key, Tenant: o, ID: "key", Owner: "owner", Roles: []access.Role{access.Role(role)}}
	for _, s := range scopes {
		a.Scopes = append(a.Scopes, access.Action(s))
	}
	return a
}

// house keeps accounts, people and roles in the store as simply as can be, so that what is rolled back is rolled back there too.
type house struct{ now clock.Clock }

func (h house) Provision(ctx context.Context, tx *db.Scope, _ access.Actor, a scim.Account) (string, error) {
	if a.Mail == "taken@example.org" {
		return "", scim.ErrTaken
	}
	account := id.New(h.now())
	_, err := tx.Exec(ctx, `INSERT INTO accounts (tenant_id, id, name, mail, staff_number, language, state, created_at)
VALUES ($1, $2, $3, NULLIF($4, ''), NULLIF($5, ''), $6, 'active', 0)`, account, a.Name, a.Mail, a.Number, a.Language)
	return account, err
}

func (house) Change(ctx context.Context, tx *db.Scope, _ access.Actor, account string, a scim.Account) error {
	n, err := tx.Exec(ctx, `UPDATE accounts SET name = $3, mail = COALESCE(NULLIF($4, ''), mail), staff_number = COALESCE(NULLIF($5, ''), staff_number), language = $6
WHERE tenant_id = $1 AND id = $2 AND state <> 'erased'`, account, a.Name, a.Mail, a.Number, a.Language)
	if err == nil && n == 0 {
		return scim.ErrGone
	}
	return err
}

func (house) Block(ctx context.Context, tx *db.Scope, _ access.Actor, account string, out bool) error {
	free := ""
	if out {
		free = ", mail = NULL, staff_number = NULL"
	}
	_, err := tx.Exec(ctx, `UPDATE accounts SET state = 'blocked'`+free+` WHERE tenant_id = $1 AND id = $2`, account)
	if err == nil {
		_, err = tx.Exec(ctx, `DELETE FROM sessions WHERE tenant_id = $1 AND account_id = $2`, account)
	}
	return err
}

func (house) Unblock(ctx context.Context, tx *db.Scope, _ access.Actor, account string) error {
	_, err := tx.Exec(ctx, `UPDATE accounts SET state = 'active' WHERE tenant_id = $1 AND id = $2`, account)
	return err
}

func (h house) Put(ctx context.Context, tx *db.Scope, _ access.Actor, p scim.Person) (string, error) {
	if p.ID == "" {
		p.ID = id.New(h.now())
	}
	raw, err := json.Marshal(p)
	if err == nil {
		_, err = tx.Exec(ctx, `INSERT INTO staff_of_test (tenant_id, id, said, gone) VALUES ($1, $2, $3, FALSE)
ON CONFLICT (tenant_id, id) DO UPDATE SET said = $3, gone = FALSE`, p.ID, string(raw))
	}
	return p.ID, err
}

func (house) Out(ctx context.Context, tx *db.Scope, _ access.Actor, person string) error {
	_, err := tx.Exec(ctx, `UPDATE staff_of_test SET gone = TRUE WHERE tenant_id = $1 AND id = $2`, person)
	return err
}

func (house) Set(ctx context.Context, tx *db.Scope, _ access.Actor, account string, roles []access.Role) error {
	if _, err := tx.Exec(ctx, `DELETE FROM account_roles WHERE tenant_id = $1 AND account_id = $2 AND source = 'oidc'`, account); err != nil {
		return err
	}
	for _, r := range roles {
		if _, err := tx.Exec(ctx, `INSERT INTO account_roles (tenant_id, account_id, role, source) VALUES ($1, $2, $3, 'oidc')`, account, string(r)); err != nil {
			return err
		}
	}
	return nil
}

// publicBase is the address of the interface that answers name.
const publicBase = "https://tekentafel.example" + scim.Prefix

// place is the interface on a store, behind a server.
type place struct {
	t        testing.TB
	d        *db.DB
	server   *web.Server
	registry *scim.Registry
	log      *strings.Builder
	ticks    atomic.Int64
}

func (p *place) now() time.Time {
	return time.Date(2026, 11, 29, 9, 0, 0, 0, time.UTC).Add(time.Duration(p.ticks.Add(1)) * time.Millisecond)
}

func newPlace(t testing.TB, d *db.DB) *place {
	t.Helper()
	public, err := url.Parse("https://tekentafel.example")
	if err != nil {
		t.Fatal(err)
	}
	if err := d.System().Write(t.Context(), func(s *db.System) error {
		_, err := s.Exec(t.Context(), `CREATE TABLE staff_of_test (tenant_id TEXT NOT NULL, id TEXT NOT NULL, said TEXT NOT NULL, gone BOOLEAN NOT NULL, PRIMARY KEY (tenant_id, id))`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	p := &place{t: t, d: d, log: &strings.Builder{}}
	p.server = web.New(web.Config{PublicURL: public}, visitors{}, nil, p.now, slog.New(slog.NewJSONHandler(p.log, nil)))
	h := house{p.now}
	p.registry = scim.NewRegistry(scim.Dependencies{DB: d, Now: p.now, Accounts: h, Staff: h, Roles: h, Log: audit.New(d, p.now),
		National: func(s string) bool { return s == "85.07.30-033.28" }})
	scim.Mount(p.server, visitors{}, p.registry, needed)
	return p
}

// send sends a request with a key and returns the answer with its body read as JSON.
func (p *place) send(method, target, with, body string, set ...string) (*httptest.ResponseRecorder, map[string]any) {
	p.t.Helper()
	if path, query, found := strings.Cut(target, "?"); found {
		target = path + "?" + strings.NewReplacer(" ", "%20", `"`, "%22", "[", "%5B", "]", "%5D").Replace(query)
	}
	r := httptest.NewRequest(method, scim.Prefix+target, strings.NewReader(body))
	if with != "" {
		r.Header.Set("Authorization", with)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/scim+json; charset=utf-8")
	}
	for i := 0; i+1 < len(set); i += 2 {
		r.Header.Set(set[i], set[i+1])
	}
	w := httptest.NewRecorder()
	p.server.ServeHTTP(w, r)
	var out map[string]any
	if w.Body.Len() > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
			p.t.Errorf("%s %s: no JSON: %v: %.300s", method, target, err, w.Body)
		}
		if got := w.Header().Get("Content-Type"); got != "application/scim+json" {
			p.t.Errorf("%s %s: type %q", method, target, got)
		}
	}
	return w, out
}

// must sends a request and fails the test unless it is answered with a status.
func (p *place) must(status int, method, target, body string) map[string]any {
	p.t.Helper()
	w, out := p.send(method, target, key, body)
	if w.Code != status {
		p.t.Fatalf("%s %s: %d, want %d: %s", method, target, w.Code, status, w.Body)
	}
	return out
}

// user adds a user by name, and returns the id.
func (p *place) user(name string, more string) string {
	p.t.Helper()
	out := p.must(201, "POST", "/Users", `{"schemas":["`+scim.UserSchema+`"],"userName":"`+name+`"`+more+`}`)
	return out["id"].(string)
}

// refuses fails the test unless an answer is an error of RFC 7644, section 3.12.
func (p *place) refuses(what string, w *httptest.ResponseRecorder, body map[string]any, status int, kind scim.Type) {
	p.t.Helper()
	schemas, _ := body["schemas"].([]any)
	got, _ := body["scimType"].(string)
	if w.Code != status || got != string(kind) || body["status"] != http.StatusText(status) && body["status"] != w.Result().Status[:3] ||
		!slices.Equal(schemas, []any{"urn:ietf:params:scim:api:messages:2.0:Error"}) || body["detail"] == "" {
		p.t.Errorf("%s: want %d %s: %d %s", what, status, kind, w.Code, w.Body)
	}
	if strings.Contains(w.Body.String(), "SELECT") {
		p.t.Errorf("%s tells of the inside of the program: %s", what, w.Body)
	}
}

// count returns a number from the store.
func (p *place) count(query string, args ...any) int {
	p.t.Helper()
	var n int
	if err := p.d.System().Row(p.t.Context(), query, args, &n); err != nil {
		p.t.Fatal(err)
	}
	return n
}

// account returns the account and person of a user.
func (p *place) account(user string) (account, person string) {
	p.t.Helper()
	if err := p.d.System().Row(p.t.Context(), `SELECT account_id, person_id FROM scim_users WHERE tenant_id = 'ours' AND id = $1`, []any{user}, &account, &person); err != nil {
		p.t.Fatal(err)
	}
	return account, person
}

// state returns whether an account may be used.
func (p *place) state(account string) string {
	p.t.Helper()
	var s string
	if err := p.d.System().Row(p.t.Context(), `SELECT state FROM accounts WHERE tenant_id = 'ours' AND id = $1`, []any{account}, &s); err != nil {
		p.t.Fatal(err)
	}
	return s
}

// roles returns the roles that an account plays.
func (p *place) roles(account string) string {
	p.t.Helper()
	var s string
	if err := p.d.System().Row(p.t.Context(), `SELECT COALESCE((SELECT string_agg(role, ' ') FROM account_roles WHERE tenant_id = 'ours' AND account_id = $1), '')`,
		[]any{account}, &s); err != nil {
		p.t.Fatal(err)
	}
	words := strings.Fields(s)
	slices.Sort(words)
	return strings.Join(words, " ")
}

// signIn gives an account a session.
func (p *place) signIn(account string) {
	p.t.Helper()
	err := p.d.System().Write(p.t.Context(), func(s *db.System) error {
		_, err := s.Exec(p.t.Context(), `INSERT INTO sessions (token_hash, id, tenant_id, account_id, method, created_at, confirmed_at, seen_at, expires_at, idle_micros)
VALUES ($1, $1, 'ours', $2, 'password', 0, 0, 0, 0, 0)`, id.Token(), account)
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
}
