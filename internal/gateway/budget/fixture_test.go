package budget_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/gateway/budget"
	"tekentafel/internal/gateway/price"
	"tekentafel/internal/tenant"
	"tekentafel/internal/testkit/pgtest"
)

// limits are the rules of a test: the same for every call.
type limits []budget.Limit

func (l limits) Terms(context.Context, tenant.ID, *budget.Call) (budget.Terms, error) {
	return budget.Terms{Zone: clock.Brussels(), Limits: l}, nil
}

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

func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04:05", s, clock.Brussels())
	if err != nil {
		panic(err)
	}
	return t
}

func euro(s string) price.Nano {
	n, err := price.ParseEuro(s)
	if err != nil {
		panic(err)
	}
	return n
}

// eachPair runs a test on two nodes that share a store, on each engine.
func eachPair(t *testing.T, test func(t *testing.T, a, b *db.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		a := dbtest.SQLite(t)
		test(t, a, dbtest.Bare(t, a.Address))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		address := pgtest.New(t)
		test(t, dbtest.Open(t, address), dbtest.Bare(t, address))
	})
}

// organisation adds an organisation to a store.
func organisation(t testing.TB, d *db.DB, name tenant.ID) {
	t.Helper()
	err := d.System().Write(t.Context(), func(s *db.System) error {
		_, err := s.Exec(t.Context(), `INSERT INTO organisations (tenant_id, slug, name, languages, group_size, created_at)
VALUES ($1, $1, $1, 'nl,fr,de,en', 10, 0)`, string(name))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// organisationLimit is a limit that no call of a test reaches, to read the counter of the organisation by.
func organisationLimit(u budget.Unit, most int64) budget.Limit {
	return budget.Limit{ID: "all-" + string(u), Kind: budget.Organisation, Period: budget.Ever, Unit: u, Most: most}
}
