package budget_test

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver of the naive way

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/gateway/budget"
	"tekentafel/internal/testkit/pgtest"
)

// BenchmarkReserve reserves for one organisation with 64 at once, each call on limits of the person, the team and the organisation in all: the naive
// way, in which each call is a transaction that updates the one row of the organisation, beside the book on one, two and four nodes.
func BenchmarkReserve(b *testing.B) {
	for _, engine := range []db.Engine{db.SQLite, db.PostgreSQL} {
		b.Run(fmt.Sprint(engine, "/naive"), func(b *testing.B) {
			address, all := opened(b, engine, 1)
			measure(b, naive(b, all[0], address))
		})
		for _, nodes := range []int{1, 2, 4} {
			b.Run(fmt.Sprint(engine, "/book-", nodes), func(b *testing.B) { measure(b, booked(b, engine, nodes)) })
		}
	}
}

// opened returns a fresh store, open on a number of nodes.
func opened(b *testing.B, engine db.Engine, nodes int) (address string, all []*db.DB) {
	b.Helper()
	address = b.TempDir() + "/tekentafel.db"
	if engine == db.PostgreSQL {
		address = pgtest.New(b)
	}
	all = append(all, dbtest.Open(b, address))
	for len(all) < nodes {
		all = append(all, dbtest.Bare(b, address))
	}
	return address, all
}

// booked reserves with the book, on one node after the other.
func booked(b *testing.B, engine db.Engine, nodes int) func(i int64) error {
	b.Helper()
	_, all := opened(b, engine, nodes)
	rules := limits{organisationLimit(budget.Euros, 1e18), {ID: "t", Kind: budget.Team, Subject: "t", Period: budget.Month, Unit: budget.Euros, Most: 1e18}}
	for p := range 200 {
		rules = append(rules, budget.Limit{ID: fmt.Sprint(p), Kind: budget.Person, Subject: fmt.Sprint("p", p), Period: budget.Day, Unit: budget.Euros, Most: 1e18})
	}
	books := make([]*budget.Book, nodes)
	for i, d := range all {
		books[i] = budget.New(d, rules, clock.System())
	}
	return func(i int64) error {
		_, err := books[int(i)%nodes].Reserve(context.Background(), dbtest.Ours, &budget.Call{ID: fmt.Sprint(i), Person: fmt.Sprint("p", i%200), Teams: []string{"t"},
			Most: budget.Amount{Euro: 1000, Tokens: 10}, Within: time.Hour})
		return err
	}
}

// measure runs a reservation b.N times, 64 at once, and reports how many a second and how long one takes.
func measure(b *testing.B, reserve func(i int64) error) {
	b.Helper()
	var next, failed atomic.Int64
	var mu sync.Mutex
	var took []time.Duration
	b.ResetTimer()
	var group sync.WaitGroup
	for range 64 {
		group.Go(func() {
			var mine []time.Duration
			for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
				start := time.Now()
				if err := reserve(i); err != nil {
					failed.Add(1)
				}
				mine = append(mine, time.Since(start))
			}
			mu.Lock()
			took = append(took, mine...)
			mu.Unlock()
		})
	}
	group.Wait()
	b.StopTimer()
	report(b, took, failed.Load())
}

// report reports what came of reservations that took so long.
func report(b *testing.B, took []time.Duration, failed int64) {
	b.Helper()
	slices.Sort(took)
	b.ReportMetric(float64(int64(b.N)-failed)/b.Elapsed().Seconds(), "reservations/s")
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(float64(failed), "failed")
}

// BenchmarkReserveAt200 starts a reservation every 5 ms, on limits of the person, the team and the organisation, and reports how long one takes.
func BenchmarkReserveAt200(b *testing.B) {
	for _, engine := range []db.Engine{db.SQLite, db.PostgreSQL} {
		for _, nodes := range []int{1, 4} {
			b.Run(fmt.Sprint(engine, "/book-", nodes), func(b *testing.B) {
				reserve := booked(b, engine, nodes)
				took := make([]time.Duration, b.N)
				var group sync.WaitGroup
				var failed atomic.Int64
				tick := time.NewTicker(5 * time.Millisecond)
				defer tick.Stop()
				b.ResetTimer()
				for i := range b.N {
					<-tick.C
					group.Go(func() {
						start := time.Now()
						if err := reserve(int64(i)); err != nil {
							failed.Add(1)
						}
						took[i] = time.Since(start)
					})
				}
				group.Wait()
				b.StopTimer()
				report(b, took, failed.Load())
			})
		}
	}
}

// naive reserves on the organisation alone: an UPDATE of its one row and the row of the call, in a transaction of its own. On PostgreSQL it is
// READ COMMITTED, in which such an UPDATE waits for its turn instead of failing.
func naive(b *testing.B, d *db.DB, address string) func(i int64) error {
	b.Helper()
	const update = `UPDATE budget_days SET held_euro = held_euro + $2 WHERE tenant_id = $1 AND counter = 'organisation:' AND model_group = '' AND day = 1
  AND held_euro + used_euro + $2 <= 1000000000000000000`
	const insert = `INSERT INTO budget_calls (tenant_id, id, state, at, day, counters, model_group, euro, tokens) VALUES ($1, $2, 'held', 1, 1, 'organisation:', '', 1000, 10)`
	ctx := context.Background()
	err := d.Write(ctx, dbtest.Ours, func(s *db.Scope) error {
		_, err := s.Exec(ctx, `INSERT INTO budget_days (tenant_id, counter, model_group, day, held_euro, held_tokens, used_euro, used_tokens, guess_euro, guess_tokens)
VALUES ($1, 'organisation:', '', 1, 0, 0, 0, 0, 0, 0)`)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	if d.Engine == db.SQLite {
		return func(i int64) error {
			return d.Write(ctx, dbtest.Ours, func(s *db.Scope) error {
				if _, err := s.Exec(ctx, update, 1000); err != nil {
					return err
				}
				_, err := s.Exec(ctx, insert, fmt.Sprint(i))
				return err
			})
		}
	}
	pool, err := sql.Open("pgx", address)
	if err != nil {
		b.Fatal(err)
	}
	pool.SetMaxOpenConns(24)
	pool.SetMaxIdleConns(24)
	b.Cleanup(func() { _ = pool.Close() })
	return func(i int64) error {
		tx, err := pool.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }()
		if _, err := tx.ExecContext(ctx, update, string(dbtest.Ours), 1000); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, insert, string(dbtest.Ours), fmt.Sprint(i)); err != nil {
			return err
		}
		return tx.Commit()
	}
}
