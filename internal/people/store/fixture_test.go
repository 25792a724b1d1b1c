package store

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/people/org"
	"tekentafel/internal/tenant"
	"tekentafel/internal/testkit/pgtest"
)

var noon = time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)

// world is a store with one organisation and a clock that the test sets.
type world struct {
	testing.TB
	d      *db.DB
	tenant tenant.ID
	now    atomic.Int64
}

func newWorld(t testing.TB, d *db.DB) *world {
	w := &world{TB: t, d: d, tenant: dbtest.Ours}
	w.now.Store(clock.Micros(noon))
	return w
}

func (w *world) clock() time.Time     { return clock.Time(w.now.Load()) }
func (w *world) pass(d time.Duration) { w.now.Add(d.Microseconds()) }
func (w *world) r() db.Reader         { return w.d.Of(w.tenant) }

// ok ends the test when there is an error; about says what it is about.
func (w *world) ok(err error, about ...string) {
	w.Helper()
	if err != nil {
		w.Fatal(err, about)
	}
}

func (w *world) write(do func(*db.Scope) error) {
	w.Helper()
	w.ok(w.d.Write(w.Context(), w.tenant, do))
}

// begin starts a change.
func (w *world) begin() *Change {
	w.Helper()
	c, err := Begin(w.Context(), w.d, w.tenant, w.clock, Revision{Kind: ByImport, Account: "a"})
	w.ok(err)
	return c
}

// edit makes a revision that puts rows and ends others, and returns its number.
func (w *world) edit(rows *org.Organisation, kind Kind, end ...string) int64 {
	w.Helper()
	seq := int64(0)
	w.ok(EditNow(w.Context(), w.d, w.tenant, w.clock, Revision{Kind: ByEdit, Account: "a"}, func(_ *db.Scope, e *Editor) error {
		seq = e.Seq()
		if err := e.Put(w.Context(), rows); err != nil || kind == "" {
			return err
		}
		return e.End(w.Context(), kind, end...)
	}))
	return seq
}

func (w *world) head() Standing {
	w.Helper()
	h, err := Head(w.Context(), w.r())
	w.ok(err)
	return h
}

func (w *world) load(at int64) *org.Organisation {
	w.Helper()
	o, err := Load(w.Context(), w.r(), at)
	w.ok(err)
	return o
}

// equal fails when two organisations differ.
func equal(t testing.TB, what string, got, want *org.Organisation) {
	t.Helper()
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		t.Fatalf("%s (-want +got):\n%s", what, d)
	}
}

func each(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(t, newWorld(t, d)) })
}

// alone runs a test on one engine after the other, so that they do not share the machine while they are measured.
func alone(t *testing.T, test func(*testing.T, *db.DB)) {
	t.Run("sqlite", func(t *testing.T) { test(t, dbtest.SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, dbtest.Open(t, pgtest.New(t))) })
}

var newest atomic.Int64

// another adds an organisation of its own to a store.
func another(ctx context.Context, d *db.DB) (tenant.ID, error) {
	t := tenant.ID(fmt.Sprintf("another-%d", newest.Add(1)))
	return t, d.System().Write(ctx, func(s *db.System) error {
		_, err := s.Exec(ctx, `INSERT INTO organisations (tenant_id, slug, name, languages, group_size, created_at) VALUES ($1, $1, $1, 'nl', 10, 0)`, string(t))
		return err
	})
}

func person(id, family string) org.Person { return org.Person{ID: id, Family: family} }

func people(p ...org.Person) *org.Organisation { return &org.Organisation{People: p} }
