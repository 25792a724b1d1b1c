package ownuse

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/gateway/door"
	"tekentafel/internal/gateway/price"
	"tekentafel/internal/privacy/heldtest"
	"tekentafel/internal/problem"
	"tekentafel/internal/seal"
	"tekentafel/internal/tenant"
)

var _ door.Tally = (*Service)(nil)

func now() time.Time { return time.Date(2026, 11, 30, 23, 30, 0, 0, time.UTC) } // December in Brussels

func node(t testing.TB, d *db.DB, box *seal.Box) *Service {
	t.Helper()
	return New(Dependencies{DB: d, Box: box, Now: now, Log: slog.New(slog.DiscardHandler), Zone: func(context.Context, tenant.ID) *time.Location { return clock.Brussels() }})
}

func box(t testing.TB) *seal.Box {
	t.Helper()
	b, err := seal.Parse(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func me(account string) access.Actor {
	return access.Actor{Kind: access.Person, Tenant: dbtest.Ours, ID: account, Owner: account}
}

func done(account, model string, e price.Estimate) *door.Done {
	return &door.Done{Caller: door.Caller{Tenant: dbtest.Ours, Person: account}, Model: model, Outcome: door.Answered, Used: price.Usage{Input: 10, Output: 90}, Cost: 1000, Energy: e, At: now()}
}

func TestAPersonSeesTheirMonthByModelFromEveryNodeAndEstimatesOfDifferentMethodsStayApart(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := box(t)
		one, two := node(t, d, b), node(t, d, b)
		formula := price.Estimate{Method: price.Formula, Grade: price.Open, Low: 1, High: 10}
		meter := price.Estimate{Method: price.Meter, Grade: price.Measured, Low: 2, High: 3}
		one.Count(done("an", "small", formula))
		one.Count(done("an", "small", formula))
		two.Count(done("an", "small", meter))
		two.Count(done("an", "large", price.Estimate{}))
		two.Count(done("bert", "large", formula))
		one.Count(&door.Done{Caller: door.Caller{Tenant: dbtest.Ours, Key: "k"}, Model: "small", Used: price.Usage{Output: 1}, At: now()})
		refused := done("an", "small", formula)
		refused.Outcome = door.Refused
		one.Count(refused)
		two.Flush(t.Context())
		list, err := one.Mine(t.Context(), me("an"), now().In(clock.Brussels()))
		if err != nil || len(list) != 2 {
			t.Fatalf("%+v %v", list, err)
		}
		if m := list[1]; m.Name != "small" || m.Calls != 3 || m.Tokens != 300 || m.Cost != 3000 || len(m.Energy) != 2 || m.Bare != 0 {
			t.Errorf("%+v", m)
		}
		if list[0].Bare != 1 {
			t.Errorf("%+v", list[0])
		}
		for _, e := range Energy(list) {
			if e.Method == price.Formula && (e.Low != 2 || e.High != 20) || e.Method == price.Meter && e.High != 3 {
				t.Errorf("%+v", e)
			}
		}
		if list, err = one.Mine(t.Context(), me("an"), now()); err != nil || len(list) != 0 { // November
			t.Errorf("%+v %v", list, err)
		}
		key := me("an")
		key.Kind = access.Key
		if _, err := one.Mine(t.Context(), key, now()); !problem.Is(err, problem.Forbidden) {
			t.Error(err)
		}
	})
}

func TestWhatIsKeptCannotBeReadInTheStoreOrWithAnotherKey(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	b := box(t)
	s := node(t, d, b)
	s.Count(done("an", "a-telling-model", price.Estimate{}))
	s.Flush(t.Context())
	var sealed []byte
	if err := d.Of(dbtest.Ours).Row(t.Context(), `SELECT sealed FROM gateway_own_use WHERE tenant_id = $1`, nil, &sealed); err != nil || strings.Contains(string(sealed), "telling") {
		t.Fatal(err)
	}
	if list, err := node(t, d, box(t)).Mine(t.Context(), me("an"), now().In(clock.Brussels())); err != nil || len(list) != 0 {
		t.Error(list, err)
	}
	if _, err := d.Of(dbtest.Ours), d.Write(t.Context(), dbtest.Ours, func(tx *db.Scope) error {
		_, err := tx.Exec(t.Context(), `UPDATE gateway_own_use SET account_id = 'bert' WHERE tenant_id = $1`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if list, err := s.Mine(t.Context(), me("bert"), now().In(clock.Brussels())); err != nil || len(list) != 0 {
		t.Error("the month of one person opens for another", list, err)
	}
}

func TestAPersonSeesAllThatIsHeldAndIsForgotten(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := node(t, d, box(t))
		s.Count(done("an-peeters", "small", price.Estimate{}))
		sections, err := s.Held(t.Context(), dbtest.Ours, "an-peeters")
		if err != nil || len(sections) != 1 || !strings.Contains(sections[0].Rows[0].Value, "small: 1, 100 tokens") {
			t.Fatalf("%+v %v", sections, err)
		}
		if missed := heldtest.Uncovered(heldtest.Mentions(t, d, dbtest.Ours, "an-peeters"), sections, "an-peeters", nil); len(missed) > 0 {
			t.Error(missed)
		}
		kept := Kept()[0]
		if n, _, err := kept.Count(t.Context(), d.Of(dbtest.Ours), now().Add(time.Hour)); err != nil || n != 1 {
			t.Error(n, err)
		}
		s.Count(done("an-peeters", "small", price.Estimate{})) // it waits
		if err := d.Write(t.Context(), dbtest.Ours, func(tx *db.Scope) error { return s.Erase(t.Context(), tx, "an-peeters") }); err != nil {
			t.Fatal(err)
		}
		s.Flush(t.Context())
		if found := heldtest.Mentions(t, d, dbtest.Ours, "an-peeters"); len(found) > 0 {
			t.Error(found)
		}
	})
}

func TestWhatCannotBeWrittenWaitsAndRunWritesAtTheEnd(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	s := node(t, d, box(t))
	gone := done("an", "small", price.Estimate{})
	gone.Tenant = "no-such-organisation"
	s.Count(gone)
	s.Count(done("an", "small", price.Estimate{}))
	ctx, stop := context.WithCancel(t.Context())
	stop()
	s.Flush(ctx)
	s.Run(ctx)
	var n int
	if err := d.Of(dbtest.Ours).Row(t.Context(), `SELECT COUNT(*) FROM gateway_own_use WHERE tenant_id = $1`, nil, &n); err != nil || n != 1 || len(s.waiting) != 0 {
		t.Error(n, len(s.waiting), err)
	}
}

func TestEveryLanguageSaysTheSame(t *testing.T) {
	t.Parallel()
	if err := Locale().Check(); err != nil {
		t.Error(err)
	}
}
