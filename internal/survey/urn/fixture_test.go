package urn

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/seal"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/tenant"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

const day = "2026-11-24"

// world is an urn on a store, with a clock that a test sets.
type world struct {
	*Urn
	t   testing.TB
	now atomic.Int64
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	box, err := seal.Parse(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t}
	w.now.Store(clock.Micros(noon))
	w.Urn = New(Dependencies{DB: d, Box: box, Now: w.clock})
	return w
}

func (w *world) clock() time.Time { return clock.Time(w.now.Load()) }

// wave puts an open wave of so many people in the store: p0, p1 ...
func (w *world) wave(o tenant.ID, id string, mode wave.Mode, people int, strata ...string) *wave.Wave {
	w.t.Helper()
	ctx := w.t.Context()
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	sealed, err := w.Box.Seal("wave-answers/"+id, key)
	if err != nil {
		w.t.Fatal(err)
	}
	out := &wave.Wave{Tenant: o, ID: id, State: wave.Open, Mode: mode, Opens: noon.Add(-time.Hour), Closes: noon.AddDate(0, 0, 7)}
	err = w.DB.Write(ctx, o, func(s *db.Scope) error {
		if _, err := s.Exec(ctx, `INSERT INTO waves (tenant_id, id, code, title, state, mode, recipe, instrument_hash, group_size, retention_days,
languages, opens_at, closes_at, secret, created_by, created_at) VALUES ($1, $2, $3, 'wave', 'open', $4, '{}', 'h', 10, 30, 'nl', $5, $6, $7, 'a', 0)`,
			id, "c-"+id, string(mode), clock.Micros(out.Opens), clock.Micros(out.Closes), []byte{1}); err != nil {
			return err
		}
		if _, err := s.Exec(ctx, `INSERT INTO wave_launches (tenant_id, wave_id, mode, instrument_hash, group_size, retention_days, linked, people, launched_at, answers_key)
VALUES ($1, $2, $3, 'h', 10, 30, FALSE, $4, 0, $5)`, id, string(mode), people, sealed); err != nil {
			return err
		}
		for _, name := range strata {
			if _, err := s.Exec(ctx, `INSERT INTO wave_keys (tenant_id, wave_id, stratum, public, people) VALUES ($1, $2, $3, $4, 1)`, id, name, []byte{1}); err != nil {
				return err
			}
		}
		for i := range people {
			if _, err := s.Exec(ctx, `INSERT INTO wave_people (tenant_id, wave_id, id, language, pin_hash) VALUES ($1, $2, $3, 'nl', $3)`, id, fmt.Sprintf("p%d", i)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// set changes a wave as another part of the program would.
func (w *world) set(of *wave.Wave, assignment string, args ...any) {
	w.t.Helper()
	err := w.DB.Write(w.t.Context(), of.Tenant, func(s *db.Scope) error {
		_, err := s.Exec(w.t.Context(), `UPDATE waves SET `+assignment+` WHERE tenant_id = $1 AND id = $2`, append([]any{of.ID}, args...)...)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// taken returns how many people took part, and how many the days say.
func (w *world) taken(of *wave.Wave) (people, days int) {
	w.t.Helper()
	r := w.DB.Of(of.Tenant)
	if err := r.Row(w.t.Context(), `SELECT COUNT(*) FROM wave_people WHERE tenant_id = $1 AND wave_id = $2 AND taken = TRUE`, []any{of.ID}, &people); err != nil {
		w.t.Fatal(err)
	}
	if err := r.Row(w.t.Context(), `SELECT CAST(COALESCE(SUM(taken), 0) AS BIGINT) FROM wave_days WHERE tenant_id = $1 AND wave_id = $2`, []any{of.ID}, &days); err != nil {
		w.t.Fatal(err)
	}
	return people, days
}

// opened returns the records of a wave by key.
func (w *world) opened(of *wave.Wave) map[[32]byte]Opened {
	w.t.Helper()
	found := map[[32]byte]Opened{}
	var last []byte
	err := w.Each(w.t.Context(), of, func(e Opened) error {
		if bytes.Compare(last, e.Key[:]) >= 0 {
			w.t.Errorf("key %x comes after %x", e.Key, last)
		}
		last = bytes.Clone(e.Key[:])
		found[e.Key] = e
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	n, err := w.Settle(w.t.Context(), of)
	if err != nil || w.DB.Engine == db.PostgreSQL && n != int64(len(found)) {
		w.t.Errorf("counted %d answers of %d: %v", n, len(found), err)
	}
	return found
}

func each(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(t, newWorld(t, d)) })
}

func key(i int) [32]byte { return sha256.Sum256(fmt.Appendf(nil, "key %d", i)) }
