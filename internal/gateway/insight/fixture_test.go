package insight

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/gateway/door"
	"tekentafel/internal/gateway/price"
	"tekentafel/internal/guard"
	"tekentafel/internal/instrument"
	"tekentafel/internal/seal"
	"tekentafel/internal/tenant"
)

// hands is a clock that a test sets.
type hands struct {
	mu sync.Mutex
	at time.Time
}

func (h *hands) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at
}

func (h *hands) set(at time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = at
}

// staff puts person "green-3" in the department "green".
type staff struct {
	mu    sync.Mutex
	moved map[string]string
}

func (s *staff) Of(_ context.Context, _ db.Reader, account string) (department, family string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if to := s.moved[account]; to != "" {
		return to, "desk", nil
	}
	var n int
	for _, p := range departments() {
		if _, err := fmt.Sscanf(account, p.ID+"-%d", &n); err == nil {
			family := "desk"
			if p.ID == "green" {
				family = "field"
			}
			return p.ID, family, nil
		}
	}
	return "", "", nil
}

func departments() []Part {
	return []Part{{ID: "citizens", Name: "Burgerzaken", Heads: 80}, {ID: "green", Name: "Groendienst en openbaar domein", Heads: 160}, {ID: "youth", Name: "Jeugd", Heads: 14}, {ID: "works", Name: "Openbare werken", Heads: 45}}
}

func (*staff) Departments(context.Context, db.Reader) ([]Part, error) { return departments(), nil }
func (*staff) Families(context.Context, db.Reader) ([]Part, error) {
	return []Part{{ID: "desk", Name: "Dienstverlening", Heads: 139}, {ID: "field", Name: "Uitvoering", Heads: 160}}, nil
}

type spread struct{ w Weights }

func (s spread) Weights(context.Context, db.Reader, time.Time, time.Time) (Weights, error) {
	return s.w, nil
}

type names struct{}

func (names) Model(_ context.Context, _ tenant.ID, name string, _ instrument.Lang) string {
	return map[string]string{"groot": "Groot model (Brussel)", "oefen": "Oefenmodel"}[name]
}

func (names) Task(_ context.Context, _ tenant.ID, id string, _ instrument.Lang) string {
	return map[string]string{"letter": "Een brief in klare taal", "summary": "Samenvatten"}[id]
}

type organisations struct{}

func (organisations) GroupSize(context.Context, tenant.ID) (int, error) { return k, nil }

// world is two nodes on one store.
type world struct {
	*hands
	t     testing.TB
	d     *db.DB
	staff *staff
	a, b  *Service
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	box, err := seal.Parse(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	w := &world{hands: &hands{at: at("2026-11-03 09:00")}, t: t, d: d, staff: &staff{moved: map[string]string{}}}
	even := Weight{Total: 100_000, First: 9000, Second: 8000}
	deps := Dependencies{DB: d, Box: box, Now: w.now, Zone: clock.Brussels(), Organisations: organisations{}, Places: w.staff, Names: names{}, Spread: spread{Weights{Users: 80, Tokens: even, Nano: even}},
		Tenants: func(context.Context) ([]tenant.ID, error) { return []tenant.ID{dbtest.Ours, dbtest.Theirs}, nil }}
	w.a, w.b = New(deps), New(deps)
	return w
}

func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, clock.Brussels())
	if err != nil {
		panic(err)
	}
	return t
}

// call is an answered call of a person.
func (w *world) call(who, model, task string, when time.Time) *door.Done {
	return &door.Done{Caller: door.Caller{Tenant: dbtest.Ours, Person: who}, Task: task, Model: model, Outcome: door.Answered, Used: price.Usage{Input: 900, Output: 300}, Cost: 2_000_000,
		Energy: price.Estimate{Method: price.Formula, Grade: price.Open, Low: 0.2, High: 5}, At: when, Took: time.Second}
}

// month counts a month of calls: 40 people at the counter, 30 in the parks, 12 of 14 for youth, 3 in public works, one without a department.
func (w *world) month() {
	for dept, n := range map[string]int{"citizens": 40, "green": 30, "youth": 12, "works": 3, "elsewhere": 1} {
		for i := range n {
			who, node := fmt.Sprintf("%s-%d", dept, i), w.a
			for day := range 1 + (i*7)%18 {
				if (i+day)%2 == 1 {
					node = w.b
				}
				d := w.call(who, "groot", "summary", at(fmt.Sprintf("2026-11-%02d 10:00", day+2)))
				if i%3 == 0 {
					d.Task = "letter"
				}
				if i%2 == 0 {
					d.Found = map[guard.Type]int{guard.Phone: 2}
				}
				if i == 5 && dept == "green" {
					d.Model, d.Task, d.Found = "oefen", "secret-task", map[guard.Type]int{guard.Health: 1}
				}
				node.Count(d)
				node.Count(d) // again on the same day
			}
			if i%4 == 0 {
				blocked := w.call(who, "groot", "", at("2026-11-05 11:00"))
				blocked.Outcome = door.Blocked
				w.b.Count(blocked)
			}
		}
	}
	w.a.Count(&door.Done{Caller: door.Caller{Tenant: dbtest.Ours, Key: "key-1"}, Model: "groot", Outcome: door.Answered, Used: price.Usage{Output: 5000}, Cost: 1_000_000_000, Estimate: true, At: at("2026-11-09 03:00")})
	for _, s := range []*Service{w.a, w.b} {
		w.must(s.Flush(w.t.Context()))
	}
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) rows(table string) (n int) {
	w.t.Helper()
	w.must(w.d.Of(dbtest.Ours).Row(w.t.Context(), `SELECT COUNT(*) FROM `+table+` WHERE tenant_id = $1`, nil, &n))
	return n
}

func person(o tenant.ID, role access.Role) access.Actor {
	return access.Actor{Kind: access.Person, Tenant: o, ID: string(role), Owner: string(role), Roles: []access.Role{role}}
}
