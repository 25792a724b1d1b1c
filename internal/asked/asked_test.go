package asked_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"tekentafel/internal/asked"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

func now() time.Time { return time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC) }

// made is what a change returns.
type made struct {
	ID    string
	Count int
}

// table gives the store a table in which each run of a change leaves a row.
func table(t *testing.T, d *db.DB) {
	t.Helper()
	err := d.System().Write(t.Context(), func(s *db.System) error {
		_, err := s.Exec(t.Context(), `CREATE TABLE effects (tenant_id TEXT NOT NULL, what TEXT NOT NULL)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// change asks for a change that leaves a row named what.
func change(t *testing.T, d *db.DB, o tenant.ID, key, what string, fail error) (made, error) {
	t.Helper()
	var got made
	err := d.Write(t.Context(), o, func(s *db.Scope) (err error) {
		got, err = asked.Once(t.Context(), s, now, asked.Request{Key: key, What: map[string]string{"name": what}}, func() (made, error) {
			if _, err := s.Exec(t.Context(), `INSERT INTO effects (tenant_id, what) VALUES ($1, $2)`, what); err != nil {
				return made{}, err
			}
			var n int
			err := s.Row(t.Context(), `SELECT COUNT(*) FROM effects WHERE tenant_id = $1`, nil, &n)
			return made{ID: fmt.Sprintf("%s-%d", what, n), Count: n}, errors.Join(err, fail)
		})
		return err
	})
	return got, err
}

func count(t *testing.T, d *db.DB, o tenant.ID) (n int) {
	t.Helper()
	if err := d.Of(o).Row(t.Context(), `SELECT COUNT(*) FROM effects WHERE tenant_id = $1`, nil, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestChangeAskedForManyTimesAtOnceIsMadeOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		table(t, d)
		const keys, each = 4, 8
		results := make([]made, keys*each)
		var all sync.WaitGroup
		for i := range results {
			all.Go(func() {
				what := fmt.Sprintf("form %d", i%keys)
				for {
					got, err := change(t, d, dbtest.Ours, "key "+what, what, nil)
					if errors.Is(err, db.ErrBusy) {
						continue // the caller was told that nothing is kept
					}
					if err != nil {
						t.Error(err)
					}
					results[i] = got
					return
				}
			})
		}
		all.Wait()
		for i, got := range results {
			if got != results[i%keys] || got.ID == "" {
				t.Errorf("the same key gave %+v and %+v", got, results[i%keys])
			}
		}
		if n := count(t, d, dbtest.Ours); n != keys {
			t.Errorf("%d changes were made for %d keys", n, keys)
		}
	})
}

func TestSameKeyForSomethingElseIsAConflict(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		table(t, d)
		if _, err := change(t, d, dbtest.Ours, "k", "one", nil); err != nil {
			t.Fatal(err)
		}
		if _, err := change(t, d, dbtest.Ours, "k", "two", nil); !problem.Is(err, problem.Conflict) {
			t.Errorf("another input with the same key: %v", err)
		}
		if n := count(t, d, dbtest.Ours); n != 1 {
			t.Errorf("%d changes were made", n)
		}
	})
}

func TestChangeThatFailsLeavesItsKeyFree(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		table(t, d)
		refused := errors.New("refused")
		if _, err := change(t, d, dbtest.Ours, "k", "one", refused); !errors.Is(err, refused) {
			t.Fatal(err)
		}
		if n := count(t, d, dbtest.Ours); n != 0 {
			t.Fatalf("%d changes are left of one that failed", n)
		}
		got, err := change(t, d, dbtest.Ours, "k", "two", nil)
		if err != nil || got != (made{"two-1", 1}) {
			t.Errorf("the key is not free: %+v, %v", got, err)
		}
	})
}

func TestSameKeyOfAnotherOrganisationStandsForItself(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		table(t, d)
		ours, err := change(t, d, dbtest.Ours, "k", "ours", nil)
		theirs, err2 := change(t, d, dbtest.Theirs, "k", "theirs", nil)
		if err := errors.Join(err, err2); err != nil || ours.ID != "ours-1" || theirs.ID != "theirs-1" {
			t.Errorf("%+v, %+v, %v", ours, theirs, err)
		}
		if again, err := change(t, d, dbtest.Ours, "k", "ours", nil); err != nil || again != ours {
			t.Errorf("%+v, %v", again, err)
		}
	})
}

func TestRequestsWithoutKeyStandForThemselves(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	table(t, d)
	for range 3 {
		if _, err := change(t, d, dbtest.Ours, "", "same", nil); err != nil {
			t.Fatal(err)
		}
	}
	if n := count(t, d, dbtest.Ours); n != 3 {
		t.Errorf("%d changes were made for 3 requests", n)
	}
}

func TestKeyThatIsNoTextIsRefusedOnBothEngines(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		table(t, d)
		for _, key := range []string{"\x00", "k\x00", "\xff", "caf\xe9"} {
			if _, err := change(t, d, dbtest.Ours, key, "a", nil); !problem.Is(err, problem.Invalid) {
				t.Errorf("%q: %v", key, err)
			}
		}
	})
}

func TestKeyThatIsTooLongIsRefused(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	table(t, d)
	if _, err := change(t, d, dbtest.Ours, strings.Repeat("k", asked.MaxKey), "a", nil); err != nil {
		t.Errorf("the longest key: %v", err)
	}
	if _, err := change(t, d, dbtest.Ours, strings.Repeat("k", asked.MaxKey+1), "b", nil); !problem.Is(err, problem.Invalid) {
		t.Errorf("a key that is longer: %v", err)
	}
	if n := count(t, d, dbtest.Ours); n != 1 {
		t.Errorf("%d changes were made", n)
	}
}
