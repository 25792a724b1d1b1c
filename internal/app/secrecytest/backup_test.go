package secrecytest

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/backup"
	"tekentafel/internal/db"
	"tekentafel/internal/seal"
)

// saved writes a backup and returns where it is.
func (w *world) saved(t testing.TB, plain bool) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tekentafel.backup")
	must(backup.ToFile(t.Context(), w.DB, w.Box, path, backup.Options{Plain: plain, Created: w.Now()}))(t)
	return path
}

// opened restores a backup into a store of the thief's own and reads it; a thief without the key of the installation has one of their own.
func opened(t testing.TB, path, key string) (stored, []db.Table, error) {
	t.Helper()
	d := must(db.Open(t.Context(), filepath.Join(t.TempDir(), "thief.db")))(t)
	file := must(os.Open(path))(t)
	_, err := backup.Restore(t.Context(), d, must(seal.Parse(key))(t), file, backup.RestoreOptions{})
	if closed := firstOf(file.Close(), d.Close()); closed != nil {
		t.Fatal(closed)
	}
	if err != nil {
		return nil, nil, err
	}
	thief := start(t, d.Address, key)
	rows, tables := thief.everyRow(t)
	return rows, tables, nil
}

// TestAStolenBackupHoldsNoProfileThatOpens takes a backup, sealed and plain, without the key of the installation and with it.
func TestAStolenBackupHoldsNoProfileThatOpens(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, fork func() *world) {
		w := fork()
		w.clock.turn(apart)
		k := w.check(t, w.doors["victim"], highest)
		secret := k.marks(t)
		sealed, plain := w.saved(t, false), w.saved(t, true)
		if _, _, err := opened(t, sealed, seal.NewKey()); !errors.Is(err, backup.ErrOtherKey) && !errors.Is(err, backup.ErrDamaged) {
			t.Errorf("a backup opens with another key: %v", err)
		}
		for _, path := range []string{sealed, plain} {
			if found := secret.found(must(os.ReadFile(path))(t)); !onlyQuestions(found) {
				t.Errorf("the file holds %q", found)
			}
			rows, tables, err := opened(t, path, w.key)
			if err != nil {
				t.Fatal(err)
			}
			if len(rows[vaults]) != 1 {
				t.Fatalf("%d profiles are in the backup, so this says nothing", len(rows[vaults]))
			}
			for _, line := range links(rows, tables) {
				t.Error(line)
			}
			for table, list := range rows {
				for _, row := range list {
					if found := secret.found([]byte(rowText(row))); !onlyQuestions(found) {
						t.Errorf("%s holds %q", table, found)
					}
				}
			}
		}
	})
}

// TestTwoBackupsDoNotTellWhoseProfileCameBetweenThem has ten people at the door of the check between two backups, of whom one keeps a profile: the
// victim in one twin, a colleague in the other. That somebody kept one follows; who, does not.
func TestTwoBackupsDoNotTellWhoseProfileCameBetweenThem(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, fork func() *world) {
		twins := map[string]stored{}
		for _, keeper := range []string{"victim", "colleague"} {
			w := fork()
			w.clock.turn(apart)
			w.crowd(t, keeper)
			if err := w.Skills.Upkeep(t.Context(), w.city); err != nil {
				t.Fatal(err)
			}
			rows, _, err := opened(t, w.saved(t, false), w.key)
			if err != nil {
				t.Fatal(err)
			}
			twins[keeper] = rows
		}
		if got := apartFrom(twins["victim"], twins["colleague"]); len(got) > 0 {
			t.Errorf("two backups tell who kept a profile: %.600q", got)
		}

		// The detector: a program that notes the day on which a profile was kept.
		for i, row := range twins["victim"][vaults] {
			row["used_at"] = fmt.Sprint(began.Add(time.Duration(i) * time.Minute).UnixMicro())
		}
		if len(apartFrom(twins["victim"], twins["colleague"])) == 0 {
			t.Error("a moment beside a profile is not noticed")
		}
	})
}

// crowd has everybody do the check at their own time; one of them keeps it.
func (w *world) crowd(t testing.TB, keeper string) {
	t.Helper()
	at := w.clock.now()
	for i, name := range slices.Sorted(maps.Keys(w.doors)) {
		if name == "visitor" || name == "employee" { // "colleague" is the same
			continue
		}
		w.clock.set(at.Add(time.Duration(i) * time.Minute))
		b := w.doors[name]
		w.begin(t, b, "statements")
		w.answer(t, b, highest)
		if name == keeper {
			b.follow(t, "/check/keep", "/check/code")
		}
	}
	w.clock.set(at.Add(time.Hour))
}

// apartFrom says in what two stores differ but for the random bytes of profiles.
func apartFrom(a, b stored) []string {
	bare := func(s stored) stored {
		out := maps.Clone(s)
		out[vaults] = nil
		for _, row := range s[vaults] {
			row = maps.Clone(row)
			row["name"], row["sealed"] = fmt.Sprint(len(row["name"])), fmt.Sprint(len(row["sealed"]))
			out[vaults] = append(out[vaults], row)
		}
		return out
	}
	return changes(bare(a), bare(b))
}

// TestTheOrderInTheStoreTellsNothingOnceADayHasPassed has people keep profiles one after another, lets the upkeep of a day pass, and reads the
// rows as they lie in the store.
func TestTheOrderInTheStoreTellsNothingOnceADayHasPassed(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, fork func() *world) {
		w := fork()
		w.clock.turn(apart)
		var arrived []string
		known := map[string]bool{}
		for range 8 {
			b := w.browser(t)
			b.get(t, "/l/"+w.link)
			b.follow(t, "/check", "/check/", "plan", "statements", "work", "office", "function", "none")
			w.answer(t, b, lowest)
			b.follow(t, "/check/keep", "/check/code")
			rows, _ := w.everyRow(t)
			for _, r := range rows[vaults] {
				if !known[r["name"]] {
					arrived = append(arrived, r["name"])
				}
				known[r["name"]] = true
			}
		}
		lie := func() (out []string, transactions int) {
			query := `SELECT name, '' FROM skill_vaults WHERE tenant_id = $1`
			if w.DB.Engine == db.PostgreSQL {
				query = `SELECT name, xmin::text FROM skill_vaults WHERE tenant_id = $1 ORDER BY ctid`
			}
			seen := map[string]bool{}
			if err := w.DB.Of(w.city).Rows(t.Context(), query, func(scan func(...any) error) error {
				var name, by string
				err := scan(&name, &by)
				out, seen[by] = append(out, name), true
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return out, len(seen)
		}
		if w.DB.Engine == db.PostgreSQL { // the detector: before the upkeep it does tell
			if order, transactions := lie(); !slices.Equal(order, arrived) || transactions != len(arrived) {
				t.Errorf("the order of arrival is not seen where it is there: %q %d", order, transactions)
			}
		} else if err := w.DB.System().Row(t.Context(), `SELECT MAX(rowid) FROM skill_vaults`, nil, new(int64)); err == nil {
			t.Error("rows have a number by which they came in")
		}
		same := 0
		for range 3 { // by chance it is the same once in 40,000 times
			w.clock.turn(24 * time.Hour)
			if err := w.Skills.Upkeep(t.Context(), w.city); err != nil {
				t.Fatal(err)
			}
			order, transactions := lie()
			if slices.Equal(order, arrived) {
				same++
			}
			if transactions > 1 {
				t.Errorf("%d transactions wrote the rows", transactions)
			}
		}
		if same == 3 {
			t.Error("the order is that of arrival")
		}
		if got := strings.Join(arrived, " "); len(got) != 8*33-1 {
			t.Errorf("names are %q", got)
		}
	})
}
