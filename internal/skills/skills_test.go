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
	s, err := New(Dependencies{DB: d, Box: box, Clock: now, Audit: audit.New(d, now), Organisations: place{}})
	if err != nil {
		t.Fatal(err)
	}
	server := web.New(web.Config{PublicURL: &url.URL{Scheme: "http", Host: "localhost"}}, place{}, nil, now, slog.New(slog.DiscardHandler))
	if err := s.AddTo(server); err != nil {
		t.Fatal(err)
	}
	send := func(method, path, body string, cookies []*http.Cookie) *http.Response {
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for _, c := range cookies {
			r.AddCookie(c)
		}
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		return w.Result()
	}
	if got := send(http.MethodGet, "/learn", "", nil); got.StatusCode != http.StatusOK {
		t.Fatal(got.Status)
	}
	started := send(http.MethodPost, "/learn/start", "to=check", nil)
	if to := started.Header.Get("Location"); to != "/check" {
		t.Fatal(started.Status, to)
	}
	if got := send(http.MethodGet, "/check", "", started.Cookies()); got.StatusCode != http.StatusOK {
		t.Error(got.Status)
	}
	begun := send(http.MethodPost, "/check", "plan=all&work=office", started.Cookies())
	if to := begun.Header.Get("Location"); !strings.HasPrefix(to, "/check/statements/") {
		t.Error(begun.Status, to)
	}
	w := httptest.NewRecorder()
	s.SignedOut(w)
	if n := len(w.Result().Cookies()); n != 3 {
		t.Errorf("%d cookies go", n)
	}
	if k := s.Kept(); len(k) != 1 || k[0].Default != 730 || k[0].Label.In(instrument.NL) == k[0].Label.Key {
		t.Errorf("%+v", k)
	}
}
