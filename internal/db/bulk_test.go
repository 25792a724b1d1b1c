package db_test

import (
	"errors"
	"fmt"
	"testing"

	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
)

func TestManyRowsAreWrittenWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		keep := &db.Bulk{Table: "asked", Columns: []string{"key", "digest", "result", "created_at"}}
		over := &db.Bulk{Table: "asked", Columns: keep.Columns, Conflict: `ON CONFLICT (tenant_id, key) DO UPDATE SET digest = excluded.digest`}
		write := func(b *db.Bulk, n int, digest string, last int) error {
			return d.Write(ctx, dbtest.Ours, func(s *db.Scope) error {
				return s.InsertAll(ctx, b, n, func(i int, to []any) []any { return append(to, fmt.Sprintf("k%d", min(i, last)), digest, "{}", i) })
			})
		}
		holds := func(what string, want int, digest string) {
			t.Helper()
			var n, ours int
			if err := d.Of(dbtest.Ours).Row(ctx, `SELECT COUNT(*), COUNT(*) FILTER (WHERE digest = $2) FROM asked WHERE tenant_id = $1`, []any{digest}, &n, &ours); err != nil {
				t.Fatal(err)
			}
			if n != want || ours != want {
				t.Errorf("%s: %d rows, %d of them %s, not %d", what, n, ours, digest, want)
			}
		}
		for _, n := range []int{0, 1, 7, 9, 200} {
			if err := write(over, n, fmt.Sprint("d", n), n); err != nil {
				t.Fatal(err)
			}
			holds(fmt.Sprintf("%d written over", n), n, fmt.Sprint("d", n))
		}
		if err := write(keep, 300, "new", 300); !errors.Is(err, db.ErrExists) {
			t.Errorf("rows that are there already: %v", err)
		}
		holds("after a refusal", 200, "d200")
		if err := write(keep, 1, "x", -1); err != nil {
			t.Errorf("a key of its own: %v", err)
		}
		if err := d.Write(ctx, "", func(s *db.Scope) error {
			return s.InsertAll(ctx, keep, 1, func(i int, to []any) []any { return append(to, "k", "d", "{}", i) })
		}); err == nil {
			t.Error("a scope without an organisation wrote")
		}
		var theirs int
		if err := d.Of(dbtest.Theirs).Row(ctx, `SELECT COUNT(*) FROM asked WHERE tenant_id = $1`, nil, &theirs); err != nil || theirs != 0 {
			t.Errorf("another organisation has %d rows: %v", theirs, err)
		}
	})
}
