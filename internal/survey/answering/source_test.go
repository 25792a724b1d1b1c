package answering

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/survey/wave/wavetest"
	"tekentafel/internal/tenant"
	"tekentafel/internal/web"
)

// organisations knows one organisation, and counts how often it is asked.
type organisations struct{ asked atomic.Int64 }

func (o *organisations) Organisation(_ context.Context, t tenant.ID) (web.Organisation, error) {
	o.asked.Add(1)
	return web.Organisation{ID: t, Name: "Stad Voorbeeld", Languages: instrument.Languages()}, nil
}

func TestTheSourceReadsAWaveOnceAndSeesItsChanges(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		w := wavetest.New(t, d)
		orgs := &organisations{}
		s := &Source{DB: d, Box: w.Box, Clock: w.Clock.Now, Organisations: orgs}
		if _, err := s.ByCode(ctx, "00000000"); !errors.Is(err, db.ErrNoRow) {
			t.Errorf("an unknown code: %v", err)
		}
		draft := w.Draft(wave.Anonymous, 20)
		if got, err := s.ByCode(ctx, draft.Code); err != nil || got.Instrument != nil {
			t.Errorf("a draft: %v %v", got, err)
		}
		v := w.Running(wave.Anonymous, 20)
		first, err := s.ByCode(ctx, v.Code)
		if err != nil {
			t.Fatal(err)
		}
		if len(first.Keys) != 1 || first.Keys[0].Private == nil || first.Instrument.ID != "small" || len(first.Keys[0].Public.Fingerprint()) < 64 {
			t.Fatalf("keys %+v, instrument %v", first.Keys, first.Instrument)
		}
		before := orgs.asked.Load()
		for range 100 {
			if again, err := s.ByCode(ctx, v.Code); err != nil || again != first {
				t.Fatalf("read anew within %v: %v", fresh, err)
			}
		}
		if n := orgs.asked.Load() - before; n != 0 {
			t.Errorf("the store is asked %d times", n)
		}
		w.Clock.Step(2 * fresh)
		if again, err := s.ByCode(ctx, v.Code); err != nil || again != first {
			t.Error("a wave that did not change is made anew")
		}
		if err := w.Rename(ctx, wavetest.HR(), v.ID, v.Version, "Een andere naam"); err != nil {
			t.Fatal(err)
		}
		w.Clock.Step(2 * fresh)
		again, err := s.ByCode(ctx, v.Code)
		if err != nil || again.Wave.Title != "Een andere naam" || again.Instrument != first.Instrument {
			t.Errorf("a change does not show: %v", err)
		}
		for i := range 2 * mostKept {
			if _, err := s.ByCode(ctx, fmt.Sprintf("%08d", i)); !errors.Is(err, db.ErrNoRow) {
				t.Fatal(err)
			}
		}
		if len(s.byCode) > mostKept {
			t.Errorf("%d codes are kept", len(s.byCode))
		}
	})
}

func TestDraftsAreKeptSealedAndForgotten(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		w := wavetest.New(t, d)
		v := w.Running(wave.Confidential, 20)
		orgs := &organisations{}
		pages := New(Dependencies{Waves: &Source{DB: d, Box: w.Box, Clock: w.Clock.Now, Organisations: orgs}, People: &world{people: map[string]*Person{pin: {ID: "person-one"}}},
			Drafts: DraftStore{d}, Urn: &world{t: t, taken: map[string]bool{}}, Box: w.Box, Clock: w.Clock.Now})
		address, err := url.Parse("https://tekentafel.example")
		if err != nil {
			t.Fatal(err)
		}
		server := web.New(web.Config{PublicURL: address}, &world{}, nil, w.Clock.Now, slog.New(slog.DiscardHandler))
		if err := pages.AddTo(server); err != nil {
			t.Fatal(err)
		}
		send := func(method, path, body string, cookies ...*http.Cookie) *httptest.ResponseRecorder {
			r := httptest.NewRequest(method, "https://tekentafel.example/w/"+v.Code+path, strings.NewReader(body))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			for _, c := range cookies {
				r.AddCookie(c)
			}
			out := httptest.NewRecorder()
			server.ServeHTTP(out, r)
			return out
		}
		start := send(http.MethodPost, "/start", "pin="+pin)
		wants(t, "start", start, http.StatusSeeOther)
		cookie := start.Result().Cookies()[0]
		if !cookie.Secure {
			t.Error("the cookie goes over plain HTTP")
		}
		wants(t, "answer", send(http.MethodPost, "/q/department", "department=green&go=next", cookie), http.StatusSeeOther)
		if page := send(http.MethodGet, "/q/department", "", cookie).Body.String(); !strings.Contains(page, `value="green" checked`) {
			t.Error("the answer is not filled in again")
		}
		var key string
		var sealed []byte
		var updated int64
		if err := d.Of(v.Tenant).Row(ctx, `SELECT key, sealed, updated_at FROM wave_drafts WHERE tenant_id = $1 AND wave_id = $2`, []any{v.ID}, &key, &sealed, &updated); err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"green", "person-one", cookie.Value} {
			if strings.Contains(string(sealed)+key, secret) {
				t.Errorf("the draft shows %q", secret)
			}
		}
		if day := 24 * time.Hour.Microseconds(); updated%day != 0 {
			t.Errorf("the draft keeps a moment: %d", updated)
		}
		err = d.Write(ctx, v.Tenant, func(s *db.Scope) error { // as closing does
			_, err := s.Exec(ctx, `DELETE FROM wave_drafts WHERE tenant_id = $1 AND wave_id = $2`, v.ID)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		wants(t, "forgotten", send(http.MethodGet, "/q/department", "", cookie), http.StatusSeeOther)
	})
}
