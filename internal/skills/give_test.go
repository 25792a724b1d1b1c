package skills

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/jobs"
	"tekentafel/internal/seal"
	"tekentafel/internal/skills/check"
	"tekentafel/internal/skills/items"
	"tekentafel/internal/tenant"
	"tekentafel/internal/web"
)

// staffed resolves "X-Test-Who: hr" to somebody with that role; everybody else is an employee.
type staffed struct{ place }

func (p staffed) Visit(ctx context.Context, r *http.Request) (web.Visit, error) {
	v, err := p.place.Visit(ctx, r)
	if who := r.Header.Get("X-Test-Who"); who != "" {
		v.Actor.ID, v.Actor.Owner, v.Actor.Roles = who, who, []access.Role{access.Employee, access.Role(who)}
	}
	return v, err
}

func (staffed) GroupSize(context.Context, tenant.ID) (int, error) { return 10, nil }

func (staffed) Name(_ context.Context, _ db.Reader, account string) (string, error) {
	return account, nil
}

// TestAGiftGoesFromTheCheckAmongTheOthersAndNothingTellsWhose has twelve people who are signed in do a check and give their answers, and then looks, as who has
// the database, for who gave and when.
func TestAGiftGoesFromTheCheckAmongTheOthersAndNothingTellsWhose(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		box, err := seal.Parse(seal.NewKey())
		if err != nil {
			t.Fatal(err)
		}
		at := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
		now := func() time.Time { return at }
		material, err := check.Builtin()
		if err != nil {
			t.Fatal(err)
		}
		log := audit.New(d, now)
		var told bytes.Buffer
		bank := items.New(items.Dependencies{DB: d, Box: box, Audit: log, Now: now, Material: material, Accounts: staffed{}, Organisations: staffed{},
			Queue: jobs.NewQueue(d, log, now, slog.New(slog.DiscardHandler), jobs.Options{})})
		s := New(Dependencies{DB: d, Box: box, Clock: now, Audit: log, Organisations: place{}, Material: material, Gifts: bank, Materials: bank})
		server := web.New(web.Config{PublicURL: &url.URL{Scheme: "http", Host: "localhost"}}, staffed{}, nil, now, slog.New(slog.NewJSONHandler(&told, nil)))
		for _, err := range []error{s.AddTo(server), bank.AddTo(server)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		for person := range 12 {
			who := fmt.Sprintf("person-%02d", person)
			cookies := map[string]*http.Cookie{}
			send := func(method, path, body string) *httptest.ResponseRecorder {
				r := httptest.NewRequest(method, path, strings.NewReader(body))
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				r.Header.Set("X-Test-Who", who)
				for _, c := range cookies {
					r.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
				}
				w := httptest.NewRecorder()
				server.ServeHTTP(w, r)
				for _, c := range cookiesOf(w) {
					cookies[c.Name] = c
				}
				return w
			}
			send(http.MethodPost, "/learn/start", "to=check")
			send(http.MethodPost, "/check", "plan=all&work=office")
			for _, skill := range material.Skills() {
				send(http.MethodPost, "/check/statements/"+skill, "go=next")
			}
			for range 20 {
				to, _, _ := strings.Cut(send(http.MethodGet, "/check/question", "").Header().Get("Location"), "#") // where on the page one begins is for browsers
				if to == "/check/result" {
					break
				}
				page := send(http.MethodGet, to, "").Body.String()
				_, rest, _ := strings.Cut(page, `name="item" value="`)
				item, _, _ := strings.Cut(rest, `"`)
				send(http.MethodPost, to, "go=next&item="+item+"&option="+fmt.Sprint((person+len(item))%3))
			}
			if w := send(http.MethodPost, "/check/give", ""); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/check/result" {
				t.Fatal(w.Code, w.Header().Get("Location"))
			}
			if page := send(http.MethodGet, "/check/result", "").Body.String(); !strings.Contains(page, "Je gaf je antwoorden op de toets mee") {
				t.Fatalf("%s did not give", who)
			}
			at = at.Add(7 * time.Minute)
		}
		r := httptest.NewRequest(http.MethodGet, "/learn/items/calibration", nil)
		r.Header.Set("X-Test-Who", "hr")
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		if !strings.Contains(w.Body.String(), "Antwoorden die 10 mensen meegaven") {
			t.Errorf("the first ten are not among the others: %d", w.Code)
		}
		if strings.Contains(told.String(), "/check") || strings.Contains(told.String(), "give") {
			t.Errorf("the log tells of it: %s", told.String())
		}
		rows := 0
		err = d.Snapshot(t.Context(), func(snap *db.Snapshot) error {
			tables, err := snap.Tables(t.Context())
			if err != nil {
				return err
			}
			for _, table := range tables {
				if err := snap.Each(t.Context(), table, func(values []any) error {
					row := fmt.Sprint(values...)
					if strings.HasPrefix(table.Name, "skill_gifts") {
						if rows++; len(values) > 3 {
							t.Errorf("%s has %d columns", table.Name, len(values))
						}
					}
					if strings.Contains(row, "person-") {
						t.Errorf("%s names somebody: %s", table.Name, row)
					}
					return nil
				}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if rows != 2 {
			t.Errorf("gifts are in %d rows", rows)
		}
	})
}
