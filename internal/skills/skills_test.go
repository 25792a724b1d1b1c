package skills

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/seal"
	"tekentafel/internal/skills/check"
	"tekentafel/internal/tenant"
	"tekentafel/internal/web"
)

type place struct{}

func (place) Organisation(_ context.Context, t tenant.ID) (web.Organisation, error) {
	return web.Organisation{ID: t, Name: "Stad", Languages: instrument.Languages()}, nil
}

func (p place) Visit(ctx context.Context, _ *http.Request) (web.Visit, error) {
	o, err := p.Organisation(ctx, dbtest.Ours)
	return web.Visit{Actor: access.Actor{Kind: access.Person, Tenant: dbtest.Ours, ID: "a", Owner: "a", Roles: []access.Role{access.Employee}}, Org: o}, err
}

// TestTheFeatureWorksWithNothingOptional begins a check where no other feature is connected.
func TestTheFeatureWorksWithNothingOptional(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	box, err := seal.Parse(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC) }
	material, err := check.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	s := New(Dependencies{DB: d, Box: box, Clock: now, Audit: audit.New(d, now), Organisations: place{}, Material: material})
	server := web.New(web.Config{PublicURL: &url.URL{Scheme: "http", Host: "localhost"}}, place{}, nil, now, slog.New(slog.DiscardHandler))
	if err := s.AddTo(server); err != nil {
		t.Fatal(err)
	}
	send := func(method, path, body string, cookies []*http.Cookie) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for _, c := range cookies {
			r.AddCookie(c)
		}
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		return w
	}
	if got := send(http.MethodGet, "/learn", "", nil); got.Code != http.StatusOK {
		t.Fatal(got.Code)
	}
	started := send(http.MethodPost, "/learn/start", "to=check", nil)
	cookies := cookiesOf(started)
	if to := started.Header().Get("Location"); to != "/check" {
		t.Fatal(started.Code, to)
	}
	if got := send(http.MethodGet, "/check", "", cookies); got.Code != http.StatusOK {
		t.Error(got.Code)
	}
	begun := send(http.MethodPost, "/check", "plan=all&work=office", cookies)
	if to := begun.Header().Get("Location"); !strings.HasPrefix(to, "/check/statements/") {
		t.Error(begun.Code, to)
	}
	w := httptest.NewRecorder()
	s.SignedOut(w)
	if n := len(w.Header().Values("Set-Cookie")); n != 3 {
		t.Errorf("%d cookies go", n)
	}
	if k := s.Kept(); len(k) != 1 || k[0].Default != 730 || k[0].Label.In(instrument.NL) == k[0].Label.Key {
		t.Errorf("%+v", k)
	}
}

// cookiesOf are the cookies that an answer gives.
func cookiesOf(w *httptest.ResponseRecorder) []*http.Cookie {
	var out []*http.Cookie
	for _, line := range w.Header().Values("Set-Cookie") {
		if c, err := http.ParseSetCookie(line); err == nil {
			out = append(out, c)
		}
	}
	return out
}
