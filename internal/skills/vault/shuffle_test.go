package vault

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"os"
	"slices"
	"testing"
	"time"

	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
)

// arrivals keeps n things one after another, and changes one in three again in another order; it returns the names in the order in which they came, and in
// that in which they were last written.
func arrivals(t *testing.T, d *db.DB, n int) (came, written []string) {
	t.Helper()
	b, now := box(t), time.Date(2026, 11, 29, 15, 0, 0, 0, time.UTC)
	places := make([]Place, n)
	put := func(i int, version int64) {
		t.Helper()
		if err := d.Write(t.Context(), dbtest.Ours, func(s *db.Scope) error {
			return Put(t.Context(), s, places[i], version, []byte(fmt.Sprint("content ", i, version)), now)
		}); err != nil {
			t.Fatal(err)
		}
	}
	names := make([]string, n)
	for i := range places {
		places[i] = place(t, b, dbtest.Ours, NewCode())
		names[i] = fmt.Sprintf("%x", places[i].name)
		put(i, 0)
	}
	var again []string
	for i := 0; i < n; i += 3 {
		put(n-1-i, 1)
		again = append(again, names[n-1-i])
	}
	once := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return slices.Contains(again, name) })
	return names, append(once, again...)
}

// lies returns where each row lies in the store: its names in the order in which somebody who has the disk finds them, and how many transactions wrote
// them as far as can be seen.
func lies(t *testing.T, d *db.DB) (names []string, transactions int) {
	t.Helper()
	if d.Engine == db.PostgreSQL {
		seen := map[string]bool{} // by the transaction that wrote a row, and where one wrote several by their place
		err := d.Of(dbtest.Ours).Rows(t.Context(), `SELECT name, xmin::text FROM skill_vaults WHERE tenant_id = $1 ORDER BY CAST(xmin::text AS BIGINT), ctid`, func(scan func(...any) error) error {
			var name, by string
			err := scan(&name, &by)
			names, seen[by] = append(names, name), true
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return names, len(seen)
	}
	if err := d.Checkpoint(t.Context()); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(d.Address)
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	err = d.Of(dbtest.Ours).Rows(t.Context(), `SELECT name, sealed FROM skill_vaults WHERE tenant_id = $1`, func(scan func(...any) error) error {
		var name string
		var sealed []byte
		err := scan(&name, &sealed)
		// The end of what is sealed lies on a page of its own, which the engine chose when it wrote the row.
		at[name] = bytes.Index(file, sealed[len(sealed)-24:])
		names = append(names, name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Compare(at[a], at[b]) })
	return names, 0
}

// agreement says how far two orders of the same names go together: Spearman's coefficient, near 0 for orders that have nothing in common.
func agreement(a, b []string) float64 {
	rank := map[string]int{}
	for i, name := range a {
		rank[name] = i
	}
	n, sum := float64(len(a)), 0.0
	for i, name := range b {
		d := float64(i - rank[name])
		sum += d * d
	}
	return 1 - 6*sum/(n*(n*n-1))
}

// Where a row lies says when it came, until rows are shuffled. (Of 300 rows in an order by chance the agreement is beyond 0.35 once in a billion times.)
func TestNobodyReadsFromTheDiskInWhichOrderPeopleKeptSomething(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const n = 300
		came, written := arrivals(t, d, n)
		before, wrote := lies(t, d)
		if math.Abs(agreement(came, before)) < 0.35 && math.Abs(agreement(written, before)) < 0.35 {
			t.Error("the order on disk says nothing before either: this test finds nothing")
		}
		if d.Engine == db.PostgreSQL && wrote < n/2 {
			t.Error("few transactions wrote the rows: this test finds nothing")
		}
		first := content(t, d)
		for range 2 {
			if err := Shuffle(t.Context(), d, dbtest.Ours); err != nil {
				t.Fatal(err)
			}
			after, wrote := lies(t, d)
			if len(after) != n || math.Abs(agreement(came, after)) > 0.35 || math.Abs(agreement(written, after)) > 0.35 || math.Abs(agreement(before, after)) > 0.35 {
				t.Errorf("%d rows lie in an order that goes together with that in which they came: %.2f", len(after), agreement(came, after))
			}
			if wrote > 1 {
				t.Errorf("%d transactions are seen to have written %d rows", wrote, n)
			}
			before = after
		}
		if again := content(t, d); !slices.Equal(first, again) {
			t.Error("what is kept has changed")
		}
	})
}

// content returns every row of both organisations, in the order of names.
func content(t *testing.T, d *db.DB) (out []string) {
	t.Helper()
	err := d.System().Rows(t.Context(), `SELECT tenant_id, name, sealed, version, used_at FROM skill_vaults ORDER BY tenant_id, name`, func(scan func(...any) error) error {
		var in, name string
		var sealed []byte
		var version, used int64
		err := scan(&in, &name, &sealed, &version, &used)
		out = append(out, fmt.Sprintf("%s %s %x %d %d", in, name, sealed, version, used))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestRowsHaveNoNumberByWhichTheyCameIn(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	var rowid int64
	if err := d.Of(dbtest.Ours).Row(t.Context(), `SELECT max(rowid) FROM skill_vaults WHERE tenant_id = $1`, nil, &rowid); err == nil {
		t.Error("rows have a number")
	}
}

// More rows than go together in one transaction are all shuffled, none is left alone at the end, and another organisation's stay.
func TestShufflingTakesEveryRow(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	now := time.Date(2026, 11, 29, 15, 0, 0, 0, time.UTC)
	b := box(t)
	theirs := place(t, b, dbtest.Theirs, NewCode())
	if err := d.Write(t.Context(), dbtest.Theirs, func(s *db.Scope) error { return Put(t.Context(), s, theirs, 0, nil, now) }); err != nil {
		t.Fatal(err)
	}
	if err := Shuffle(t.Context(), d, dbtest.Ours); err != nil {
		t.Fatal("nothing to shuffle:", err)
	}
	came, _ := arrivals(t, d, 2*together+1)
	slices.Sort(came)
	first := content(t, d)
	if err := Shuffle(t.Context(), d, dbtest.Ours); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(first, content(t, d)) {
		t.Error("what is kept has changed")
	}
	err := d.Write(t.Context(), dbtest.Ours, func(s *db.Scope) error {
		last, more, err := lastOf(t.Context(), s, "")
		if err != nil || !more || last != came[together-1] {
			return fmt.Errorf("first %q, more %v: %w", last, more, err)
		}
		if last, more, err = lastOf(t.Context(), s, last); err != nil || more || last != came[2*together] {
			return fmt.Errorf("then %q, more %v: %w", last, more, err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
