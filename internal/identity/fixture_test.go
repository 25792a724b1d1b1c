package identity

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/seal"
	"tekentafel/internal/tenant"
	"tekentafel/internal/web"
)

// watch is a clock that tests set.
type watch struct {
	mu sync.Mutex
	at time.Time
}

func newWatch() *watch { return &watch{at: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)} }

func (w *watch) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at
}

func (w *watch) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = w.at.Add(d)
}

// outbox keeps the letters that were handed over.
type outbox struct {
	mu   sync.Mutex
	mail []Mail
}

func (o *outbox) Queue(_ context.Context, _ *db.Scope, m Mail) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.mail = append(o.mail, m)
	return nil
}

func (o *outbox) last(t *testing.T) Mail {
	t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.mail) == 0 {
		t.Fatal("no letter was handed over")
	}
	return o.mail[len(o.mail)-1]
}

// plainCookies keeps cookies under their own name.
type plainCookies struct{}

func (plainCookies) SetCookie(w http.ResponseWriter, name, value string, lives time.Duration) {
	http.SetCookie(w, &http.Cookie{Name: name, Value: value, MaxAge: int(lives / time.Second), Path: "/"})
}

func (plainCookies) Cookie(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

func (plainCookies) CookieName(name string) string { return name }

// desk is a service with two organisations, of which ours has an administrator and a person of each role.
type desk struct {
	*Service
	t     *testing.T
	clock *watch
	out   *outbox
	admin access.Actor
}

func newDesk(t *testing.T, d *db.DB) *desk {
	t.Helper()
	desk := bareDesk(t, d)
	desk.admin = desk.first(dbtest.Ours, access.Administrator)
	return desk
}

// bareDesk is a service on a store as it is.
func bareDesk(t *testing.T, d *db.DB) *desk {
	t.Helper()
	box, err := seal.Parse(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	w, out := newWatch(), &outbox{}
	s := New(Dependencies{
		DB: d, Audit: audit.New(d, w.now), Box: box, Now: w.now, Mail: out,
		PublicURL: func(tenant.ID) string { return "https://tekentafel.example" },
		Log:       slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	s.UseCookies(plainCookies{})
	return &desk{Service: s, t: t, clock: w, out: out}
}

// first adds an account as the program itself would.
func (d *desk) first(t tenant.ID, roles ...access.Role) access.Actor {
	d.t.Helper()
	var account string
	err := d.db.Write(d.t.Context(), t, func(sc *db.Scope) (err error) {
		account, err = d.insertAccount(d.t.Context(), sc, system(t), AccountInput{
			Name: "Ann Peeters", Mail: "ann@" + string(t) + ".example", Language: instrument.EN, Roles: roles,
		})
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return person(t, account, roles)
}

// add adds an account to our organisation and returns it as an actor.
func (d *desk) add(in AccountInput) (AccountView, access.Actor) {
	d.t.Helper()
	a, err := d.AddAccount(d.t.Context(), d.admin, in, asked.Request{})
	if err != nil {
		d.t.Fatal(err)
	}
	return a, person(d.admin.Tenant, a.ID, a.AllRoles())
}

// session signs an account in and returns a request that carries its cookie.
func (d *desk) session(a access.Actor, method Method, shared bool) *http.Request {
	d.t.Helper()
	rec := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	if err := d.SignIn(d.t.Context(), rec, r, SignedIn{Tenant: a.Tenant, Account: a.ID, Method: method, Shared: shared}); err != nil {
		d.t.Fatal(err)
	}
	return withCookies(rec)
}

// withCookies returns a request with the cookies that an answer set.
func withCookies(rec *httptest.ResponseRecorder) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	for _, c := range rec.Result().Cookies() {
		if c.MaxAge >= 0 && c.Value != "" {
			r.AddCookie(c)
		}
	}
	return r
}

func (d *desk) visit(r *http.Request) web.Visit {
	d.t.Helper()
	v, err := d.Visit(d.t.Context(), r)
	if err != nil {
		d.t.Fatal(err)
	}
	return v
}

// wantKind fails the test unless err is a problem of a kind, or db.ErrNoRow for NotFound.
func wantKind(t *testing.T, err error, kind problem.Kind) {
	t.Helper()
	if got := web.Explain(err); err == nil || got.Kind != kind {
		t.Fatalf("got %v, want a problem of kind %s", err, kind)
	}
}

// wantField fails the test unless err says that a field is wrong.
func wantField(t *testing.T, err error, field string) {
	t.Helper()
	p, ok := problem.Of(err)
	if ok {
		for _, f := range p.Fields {
			if f.Name == field {
				return
			}
		}
	}
	t.Fatalf("got %v, want a problem with the field %s", err, field)
}

// bearer returns a request with a key.
func bearer(secret string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/api/v1/people", nil)
	r.Header.Set("Authorization", "Bearer "+secret)
	return r
}

func newDeskOnSQLite(t *testing.T) *desk {
	t.Helper()
	return newDesk(t, dbtest.SQLite(t))
}

func mustURL(t *testing.T, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}
