package secrecytest

import (
	"encoding/base64"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tekentafel/internal/db"
	"tekentafel/internal/testkit"
)

// vaults is the table of what belongs to one person alone.
const vaults = "skill_vaults"

// stored is everything that the store holds: rows by table, each with its values by column.
type stored map[string][]map[string]string

// everyRow reads the whole store, and what refers to what.
func (w *world) everyRow(t testing.TB) (stored, []db.Table) {
	t.Helper()
	out := stored{}
	var list []db.Table
	err := w.DB.Snapshot(t.Context(), func(s *db.Snapshot) error {
		var err error
		if list, err = s.Tables(t.Context()); err != nil {
			return err
		}
		for _, table := range list {
			out[table.Name] = nil
			if err := s.Each(t.Context(), table, func(values []any) error {
				row := map[string]string{}
				for i, v := range values {
					row[table.Columns[i].Name] = fmt.Sprint(v)
					if b, is := v.([]byte); is {
						row[table.Columns[i].Name] = base64.RawStdEncoding.EncodeToString(b)
					}
				}
				out[table.Name] = append(out[table.Name], row)
				return nil
			}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out, list
}

// written is a row as text.
func rowText(row map[string]string) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(row)) {
		parts = append(parts, name+"="+row[name])
	}
	return strings.Join(parts, "\t")
}

// counted are the rows of a table as text, each with how often it is there.
func counted(rows []map[string]string) map[string]int {
	out := map[string]int{}
	for _, r := range rows {
		out[rowText(r)]++
	}
	return out
}

// changes lists the rows that came and went between two moments, by table.
func changes(before, after stored) (out []string) {
	for _, table := range slices.Sorted(maps.Keys(after)) {
		was, is := counted(before[table]), counted(after[table])
		for _, row := range slices.Sorted(maps.Keys(is)) {
			if is[row] > was[row] {
				out = append(out, table+" + "+row)
			}
		}
		for _, row := range slices.Sorted(maps.Keys(was)) {
			if was[row] > is[row] {
				out = append(out, table+" - "+row)
			}
		}
	}
	return out
}

// links says what of a store leads from a kept profile to anything else, or tells how it was kept: columns that are no part of it,
// references, and values that stand elsewhere too.
func links(rows stored, tables []db.Table) (out []string) {
	allowed := []string{"name", "sealed", "tenant_id", "used_at", "version"}
	for _, table := range tables {
		if table.Name != vaults {
			if slices.Contains(table.Refers, vaults) {
				out = append(out, table.Name+" refers to what somebody keeps")
			}
			continue
		}
		for _, c := range table.Columns {
			if !slices.Contains(allowed, c.Name) {
				out = append(out, "a kept profile has a column "+c.Name)
			}
		}
		for _, to := range table.Refers {
			if to != "organisations" {
				out = append(out, "a kept profile refers to "+to)
			}
		}
	}
	lengths := map[int]bool{}
	secret := marks{}
	for i, row := range rows[vaults] {
		lengths[len(row["sealed"])] = true
		for column, value := range row {
			if column != "tenant_id" && column != "version" && column != "used_at" && len(value) > 7 {
				secret[fmt.Sprint(column, " of ", i)] = value
			}
		}
	}
	if len(lengths) > 1 {
		out = append(out, fmt.Sprint("kept profiles are of different lengths: ", lengths))
	}
	plain := secret.written()
	for _, table := range slices.Sorted(maps.Keys(rows)) {
		if table == vaults {
			continue
		}
		for _, row := range rows[table] {
			for column, value := range row {
				for _, name := range plain.found([]byte(value)) {
					out = append(out, fmt.Sprintf("%s.%s holds the %s", table, column, name))
				}
			}
		}
	}
	return out
}

// disk is all that a store has on disk, or what the tools of PostgreSQL make of it.
func (w *world) disk(t testing.TB) views {
	t.Helper()
	out := views{}
	if w.DB.Engine == db.SQLite {
		for _, suffix := range []string{"", "-wal", "-shm"} {
			if raw, err := os.ReadFile(filepath.Clean(w.DB.Address + suffix)); err == nil {
				out.add("file"+suffix, string(raw))
			}
		}
		return out
	}
	for name, more := range map[string][]string{"pg_dump": {"--inserts"}, "pg_dump in rows": nil} {
		cmd := exec.CommandContext(t.Context(), postgresTool(t, "pg_dump"), append(more, "--exclude-table=goose_db_version", "--dbname", w.DB.Address)...)
		text, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		out.add(name, string(text))
	}
	return out
}

// postgresTool returns where a program of PostgreSQL is.
func postgresTool(t testing.TB, name string) string {
	t.Helper()
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if len(found) > 0 {
		slices.Sort(found)
		return found[len(found)-1]
	}
	path, err := exec.LookPath(name)
	if err != nil {
		testkit.Missing(t, name+" is not installed; it is in the Debian package postgresql-client")
	}
	return path
}

// touched lists the tables with rows that PostgreSQL wrote since a transaction, whatever they say now.
func (w *world) touched(t testing.TB, since int64, tables []db.Table) (out []string) {
	t.Helper()
	for _, table := range tables {
		var n int
		if err := w.DB.System().Row(t.Context(), `SELECT COUNT(*) FROM `+table.Name+` WHERE xmin::text::bigint >= $1`, []any{since}, &n); err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			out = append(out, fmt.Sprint(table.Name, ": ", n))
		}
	}
	return out
}

// transaction is the number of the transaction that comes next.
func (w *world) transaction(t testing.TB) (n int64) {
	t.Helper()
	if err := w.DB.System().Row(t.Context(), `SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint`, nil, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestNothingInTheStoreLeadsFromAPersonToTheirProfile looks, as who has every row, every byte and every transaction, for what keeping a profile
// leaves behind: one row with random bytes, of the same length however somebody did, and nothing else.
func TestNothingInTheStoreLeadsFromAPersonToTheirProfile(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, fork func() *world) {
		x := &twins{high: fork(), low: fork()}
		var after [2]stored
		var diskOf [2]views
		for i, w := range []*world{x.high, x.low} {
			w.clock.turn(apart)
			before, tables := w.everyRow(t)
			since := int64(0)
			if w.DB.Engine == db.PostgreSQL {
				since = w.transaction(t)
			}
			k := w.check(t, w.doors["victim"], []outcome{highest, lowest}[i])
			after[i], _ = w.everyRow(t)
			if got := changes(before, after[i]); len(got) != 1 || !strings.HasPrefix(got[0], vaults+" + ") {
				t.Errorf("a check that is kept changes %.800q", got)
			}
			if since > 0 {
				if got := w.touched(t, since, tables); len(got) != 1 || got[0] != vaults+": 1" {
					t.Errorf("a check that is kept writes rows of %q", got)
				}
			}
			for _, line := range links(after[i], tables) {
				t.Error(line)
			}
			secret := k.marks(t)
			for table, rows := range after[i] {
				for _, row := range rows {
					if found := secret.found([]byte(rowText(row))); len(found) > 0 && !onlyQuestions(found) {
						t.Errorf("%s holds %q", table, found)
					}
				}
			}
			diskOf[i] = w.disk(t)
			for _, line := range secret.in(diskOf[i]) {
				if !strings.Contains(line, " holds question ") {
					t.Error(line)
				}
			}
		}
		high, low := after[0][vaults], after[1][vaults]
		delete(after[0], vaults)
		delete(after[1], vaults)
		for _, line := range changes(after[0], after[1]) {
			t.Errorf("the twins are told apart: %.300s", line)
		}
		for column := range high[0] {
			if a, b := high[0][column], low[0][column]; column == "name" || column == "sealed" {
				if a == b || len(a) != len(b) {
					t.Errorf("%s: %d and %d signs", column, len(a), len(b))
				}
			} else if a != b {
				t.Errorf("%s tells the twins apart: %s and %s", column, a, b)
			}
		}
		sameDisk(t, diskOf[0], diskOf[1])
	})
}

// onlyQuestions tells whether nothing but names of questions was found, which the questionnaires of waves have too.
func onlyQuestions(found []string) bool {
	return !slices.ContainsFunc(found, func(s string) bool { return !strings.HasPrefix(s, "question ") })
}

// sameDisk complains when what twins have on disk differs beyond the row of the profile: on SQLite in size, on PostgreSQL in a line of the
// dump.
func sameDisk(t *testing.T, high, low views) {
	t.Helper()
	for name := range high {
		if len(high[name]) != len(low[name]) {
			t.Errorf("%s has %d bytes, and %d in the other twin", name, len(high[name]), len(low[name]))
		}
		if !strings.HasPrefix(name, "pg_dump") {
			continue
		}
		var differ []string
		other := strings.Split(low[name], "\n")
		for i, line := range strings.Split(high[name], "\n") {
			if i < len(other) && line != other[i] && !strings.HasPrefix(line, `\restrict`) && !strings.HasPrefix(line, `\unrestrict`) {
				differ = append(differ, line[:min(60, len(line))])
			}
		}
		if len(differ) != 1 {
			t.Errorf("%s: %d lines differ: %.600q", name, len(differ), differ)
		}
	}
}

// TestTheDetectorsFindWhatLinksAPersonToAProfile puts into a store what programs keep of a person who did something.
func TestTheDetectorsFindWhatLinksAPersonToAProfile(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, fork func() *world) {
		w := fork()
		w.clock.turn(apart)
		w.check(t, w.doors["victim"], highest)
		exec := func(query string, args ...any) func() error {
			return func() error {
				return w.DB.System().Write(t.Context(), func(s *db.System) error { _, err := s.Exec(t.Context(), query, args...); return err })
			}
		}
		if rows, tables := w.everyRow(t); len(links(rows, tables)) > 0 {
			t.Fatal("something is found before anything is there")
		}
		for _, c := range []struct {
			name, found string
			do          func() error
		}{
			{"the month in which an account was seen", "accounts + ", exec(`UPDATE accounts SET version = version + 1 WHERE id = $1`, w.accounts["victim"])},
			{"a note of the name of the row", "accounts.name holds the name", exec(`UPDATE accounts SET name = name || (SELECT MIN(name) FROM skill_vaults) WHERE id = $1`, w.accounts["victim"])},
			{"a profile that is longer than others", "different lengths", exec(`INSERT INTO skill_vaults (tenant_id, name, sealed, version, used_at) SELECT tenant_id, 'x', CAST('short' AS ` + w.bytes() + `), version, used_at FROM skill_vaults`)},
			{"a column that names the account", "a column account_id", exec(`ALTER TABLE skill_vaults ADD COLUMN account_id TEXT`)},
			{"a table that refers to it", "skill_control refers to", exec(`CREATE TABLE skill_control (tenant_id TEXT, name TEXT, account_id TEXT, FOREIGN KEY (tenant_id, name) REFERENCES skill_vaults (tenant_id, name))`)},
		} {
			before, _ := w.everyRow(t)
			if err := c.do(); err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			after, tables := w.everyRow(t)
			found := append(changes(before, after), links(after, tables)...)
			if !strings.Contains(strings.Join(found, "\n"), c.found) {
				t.Errorf("%s is not noticed: %.500q", c.name, found)
			}
		}
		if w.DB.Engine == db.PostgreSQL {
			since := w.transaction(t)
			if err := exec(`UPDATE accounts SET name = name WHERE id = $1`, w.accounts["victim"])(); err != nil {
				t.Fatal(err)
			}
			_, tables := w.everyRow(t)
			if got := w.touched(t, since, tables); len(got) != 1 || got[0] != "accounts: 1" {
				t.Errorf("a row that is written as it was is not noticed: %q", got)
			}
		}
	})
}

// bytes is the type of bytes.
func (w *world) bytes() string {
	if w.DB.Engine == db.SQLite {
		return "BLOB"
	}
	return "BYTEA"
}

// TestTheLengthOfAProfileTellsHowManyChecksItHasAndNoMore lets two people do checks, one as well as can be done and one as badly and with
// fewer answers.
func TestTheLengthOfAProfileTellsHowManyChecksItHasAndNoMore(t *testing.T) {
	t.Parallel()
	w := first(t).fork(t, filepath.Join(t.TempDir(), "tekentafel.db"))
	lengths := map[outcome][]int{}
	for _, how := range []outcome{highest, lowest} {
		b := w.browser(t)
		b.get(t, "/l/"+w.link)
		before, _ := w.everyRow(t)
		for n := range 4 {
			plan := map[outcome]string{highest: "all", lowest: "statements"}[how]
			b.follow(t, "/check", "/check/", "plan", plan, "work", "office", "function", "none")
			w.answer(t, b, how)
			if n == 0 {
				b.follow(t, "/check/keep", "/check/code")
			} else {
				b.follow(t, "/check/add", "/check/profile")
			}
			after, _ := w.everyRow(t)
			for row := range counted(after[vaults]) {
				if counted(before[vaults])[row] == 0 {
					lengths[how] = append(lengths[how], len(row))
				}
			}
		}
	}
	if len(lengths[highest]) != 4 || !slices.Equal(lengths[highest], lengths[lowest]) {
		t.Errorf("lengths by number of checks: %v for who did well, %v for who did badly", lengths[highest], lengths[lowest])
	}
	if lengths[highest][0] == lengths[highest][3] {
		t.Error("the lengths do not change with the number of checks, so this says nothing")
	}
}
