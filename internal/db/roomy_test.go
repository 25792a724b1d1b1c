package db_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
)

// cacheOf returns how much of the file the writer of SQLite keeps, as its pragma says it.
func cacheOf(t *testing.T, d *db.DB) (size int) {
	t.Helper()
	if err := d.System().Write(t.Context(), func(s *db.System) error { return s.Row(t.Context(), `PRAGMA cache_size`, nil, &size) }); err != nil {
		t.Fatal(err)
	}
	return size
}

func TestTheRoomForALargeChangeIsGivenBack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, end := context.WithCancel(t.Context())
		defer end()
		back, err := d.Roomy(ctx)
		if err != nil {
			t.Fatal(err)
		}
		end()
		if d.Engine != db.SQLite {
			back()
			return
		}
		if size := cacheOf(t, d); size != -64000 {
			t.Errorf("with room the writer keeps %d", size)
		}
		back()
		if size := cacheOf(t, d); size != -8000 {
			t.Errorf("afterwards it keeps %d", size)
		}
	})
}

func TestWritingManyRowsEndsWithItsContext(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, end := context.WithCancel(t.Context())
		b := &db.Bulk{Table: "asked", Columns: []string{"key", "digest", "result", "created_at"}}
		last := 0
		err := d.Write(ctx, dbtest.Ours, func(s *db.Scope) error {
			return s.InsertAll(ctx, b, 1000, func(i int, to []any) []any {
				if last = i; i == 100 {
					end()
				}
				return append(to, fmt.Sprintf("k%d", i), "d", "{}", i)
			})
		})
		if !errors.Is(err, context.Canceled) || last > 200 {
			t.Errorf("it went on to row %d: %v", last, err)
		}
		n := 0
		if err := d.Of(dbtest.Ours).Row(t.Context(), `SELECT COUNT(*) FROM asked WHERE tenant_id = $1`, nil, &n); err != nil || n != 0 {
			t.Errorf("%d rows are there: %v", n, err)
		}
	})
}
