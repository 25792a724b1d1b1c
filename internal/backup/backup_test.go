package backup_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tekentafel/internal/backup"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/installation"
	"tekentafel/internal/seal"
	"tekentafel/internal/testkit/pgtest"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func newBox(t testing.TB) *seal.Box {
	t.Helper()
	box, err := seal.Parse(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	return box
}

// dump lists every row of every table, whatever their order.
func dump(t testing.TB, d *db.DB) []string {
	t.Helper()
	var out []string
	err := d.Snapshot(t.Context(), func(s *db.Snapshot) error {
		tables, err := s.Tables(t.Context())
		if err != nil {
			return err
		}
		for _, table := range tables {
			err := s.Each(t.Context(), table, func(values []any) error {
				fields := []string{table.Name}
				for i, v := range values {
					if n, is := v.(int64); is && table.Columns[i].Kind == "BOOLEAN" {
						v = n == 1
					}
					fields = append(fields, fmt.Sprintf("%s=%T:%q", table.Columns[i].Name, v, fmt.Sprint(v)))
				}
				out = append(out, strings.Join(fields, " "))
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	sort.Strings(out)
	return out
}

// insert fills a table with rows of its columns, as the loader does.
func insert(t testing.TB, d *db.DB, fill func(put func(table, columns string, values ...any))) {
	t.Helper()
	err := d.System().Write(t.Context(), func(s *db.System) error {
		var failed error
		fill(func(table, columns string, values ...any) {
			marks := make([]string, len(values))
			for i := range values {
				marks[i] = fmt.Sprintf("$%d", i+1)
			}
			_, err := s.Exec(t.Context(), "INSERT INTO "+table+" ("+columns+") VALUES ("+strings.Join(marks, ", ")+")", values...)
			failed = errors.Join(failed, err)
		})
		return failed
	})
	if err != nil {
		t.Fatal(err)
	}
}

const organisation = "tenant_id, parent_id, slug, name, languages, group_size, synthetic, logo, created_at"

// fill puts something of each sort in a store: a federation whose members sort before it, empty and large bytes, both
// truths, nothing, extremes.
func fill(t testing.TB, d *db.DB) {
	t.Helper()
	insert(t, d, func(put func(table, columns string, values ...any)) {
		put("organisations", organisation, "z-federation", nil, "z", "Koepel", "nl", 10, false, nil, 0)
		put("organisations", organisation, "a-member", "z-federation", "a", "Één \"lid\" 'x'\n\t\u2028 🙂", "nl,fr", int64(1)<<62, true, []byte{0, 255, 10}, -5)
		put("accounts", "tenant_id, id, name, mail, language, state, created_at", "a-member", "1", "Naam", nil, "nl", "active", int64(-1)<<63)
		put("files", "tenant_id, id, name, media_type, size, sha256, created_at", "a-member", "f", "f.bin", "application/octet-stream", 3<<20, "", 0)
		noise := rand.NewChaCha8([32]byte{}) // does not compress
		for i := range 12 {
			piece := make([]byte, 256<<10)
			_, _ = noise.Read(piece) // never fails
			put("file_pieces", "tenant_id, file_id, seq, bytes", "a-member", "f", i, piece)
		}
		put("mails", "tenant_id, id, kind, recipient, subject, body, state, run_at, created_at", "a-member", "m", "k", "", "s", []byte{}, "sent", 0, 0)
		for i := range 450 { // more than one batch
			put("asked", "tenant_id, key, digest, result, created_at", "a-member", fmt.Sprint(i), "", "{}", i)
		}
	})
}

// engines returns a store of each engine; the one of PostgreSQL is made where it is installed.
func engines(t *testing.T, each func(t *testing.T, name string, open func(t testing.TB) *db.DB)) {
	t.Helper()
	for name, open := range map[string]func(t testing.TB) *db.DB{
		"sqlite":   func(t testing.TB) *db.DB { return dbtest.Bare(t, filepath.Join(t.TempDir(), "tekentafel.db")) },
		"postgres": func(t testing.TB) *db.DB { return dbtest.Bare(t, pgtest.New(t)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, name, open)
		})
	}
}

func write(t testing.TB, d *db.DB, box *seal.Box, plain bool) []byte {
	t.Helper()
	var out bytes.Buffer
	m, err := backup.Write(t.Context(), d, box, &out, backup.Options{Program: "test", Created: noon, Plain: plain})
	if err != nil {
		t.Fatal(err)
	}
	read, err := backup.Verify(t.Context(), box, bytes.NewReader(out.Bytes()))
	if err != nil || read.Rows() != m.Rows() || !slices.Equal(read.Tables, m.Tables) || !read.Created.Equal(noon) || read.Encrypted == plain || read.Engine != d.Engine {
		t.Fatalf("wrote %+v, read %+v, %v", m, read, err)
	}
	return out.Bytes()
}

func same(t interface {
	Helper()
	Fatalf(string, ...any)
}, got, want []string,
) {
	t.Helper()
	if slices.Equal(got, want) {
		return
	}
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			g, w := "(none)", "(none)"
			if i < len(got) {
				g = got[i]
			}
			if i < len(want) {
				w = want[i]
			}
			t.Fatalf("row %d differs:\n%.300s\n%.300s", i, g, w)
		}
	}
}

func TestBackupRestoresEveryRowOnEachEngineFromEach(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, _ string, from func(testing.TB) *db.DB) {
		source, box := from(t), newBox(t)
		fill(t, source)
		want := dump(t, source)
		file := write(t, source, box, false)
		if bytes.Contains(file, []byte("federation")) {
			t.Error("an encrypted backup can be read")
		}
		engines(t, func(t *testing.T, _ string, to func(testing.TB) *db.DB) {
			target := to(t)
			if _, err := backup.Restore(t.Context(), target, box, bytes.NewReader(file), backup.RestoreOptions{}); err != nil {
				t.Fatal(err)
			}
			same(t, dump(t, target), want)
			// The store works as before: foreign keys hold.
			err := target.System().Write(t.Context(), func(s *db.System) error {
				_, err := s.Exec(t.Context(), `INSERT INTO file_pieces (tenant_id, file_id, seq, bytes) VALUES ('a-member', 'none', 0, '')`)
				return err
			})
			if !errors.Is(err, db.ErrRefers) {
				t.Errorf("a row that refers to nothing is taken: %v", err)
			}
			// It is not empty now.
			_, err = backup.Restore(t.Context(), target, box, bytes.NewReader(file), backup.RestoreOptions{})
			if !errors.Is(err, backup.ErrNotEmpty) || !strings.Contains(err.Error(), "--force") {
				t.Errorf("%v", err)
			}
			insert(t, target, func(put func(table, columns string, values ...any)) {
				put("installation", "name, value", "later", "x")
			})
			if _, err := backup.Restore(t.Context(), target, box, bytes.NewReader(file), backup.RestoreOptions{Force: true}); err != nil {
				t.Fatal(err)
			}
			same(t, dump(t, target), want)
		})
	})
}

// What is drawn is restored by force into the same store of the other engine, again and again.
func TestAnyRowsComeBackFromTheOtherEngine(t *testing.T) {
	t.Parallel()
	box := newBox(t)
	lite := dbtest.SQLite(t)
	post := dbtest.Open(t, pgtest.New(t))
	word := rapid.StringOfN(rapid.Rune().Filter(func(r rune) bool { return r != 0 && r != 0xFFFD }), 0, 20, -1)
	rapid.Check(t, func(rt *rapid.T) {
		source, target := lite, post
		if rapid.Bool().Draw(rt, "from postgres") {
			source, target = post, lite
		}
		insert(t, source, func(put func(table, columns string, values ...any)) {
			for range rapid.IntRange(0, 5).Draw(rt, "rows") {
				key := rapid.StringMatching("[a-z]{24}").Draw(rt, "key")
				put("asked", "tenant_id, key, digest, result, created_at", string(dbtest.Ours), key, word.Draw(rt, "digest"), word.Draw(rt, "result"), rapid.Int64().Draw(rt, "at"))
				put("files", "tenant_id, id, name, media_type, size, sha256, created_at", string(dbtest.Ours), key, word.Draw(rt, "name"), "", 0, "", 0)
				put("file_pieces", "tenant_id, file_id, seq, bytes", string(dbtest.Ours), key, 0, rapid.SliceOfN(rapid.Byte(), 0, 100).Draw(rt, "bytes"))
			}
		})
		want := dump(t, source)
		file := write(t, source, box, rapid.Bool().Draw(rt, "plain"))
		if _, err := backup.Restore(t.Context(), target, box, bytes.NewReader(file), backup.RestoreOptions{Force: true}); err != nil {
			rt.Fatal(err)
		}
		same(rt, dump(t, target), want)
	})
}

func TestEveryTableOfTheSchemaIsInTheBackup(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, name string, open func(testing.TB) *db.DB) {
		d := open(t)
		query := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`
		if name == "postgres" {
			query = `SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace ORDER BY relname`
		}
		var want, got []string
		err := d.System().Rows(t.Context(), query, func(scan func(...any) error) error {
			var table string
			err := scan(&table)
			want = append(want, table)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		m, err := backup.Verify(t.Context(), nil, bytes.NewReader(write(t, d, newBox(t), true)))
		if err != nil {
			t.Fatal(err)
		}
		place := map[string]int{}
		for i, table := range m.Tables {
			got = append(got, table.Name)
			place[table.Name] = i
		}
		if place["organisations"] > place["accounts"] || place["files"] > place["file_pieces"] || place["report_sources"] > place["reports"] {
			t.Errorf("a table comes before one that it refers to: %v", got)
		}
		got = append(got, "goose_db_version")
		sort.Strings(got)
		sort.Strings(want)
		if !slices.Equal(got, want) || len(want) < 25 {
			t.Errorf("in the backup: %v\nin the schema: %v", got, want)
		}
	})
}

// Two rows hold each other's number, and every change moves both. A backup in the midst of changes shows them equal.
func TestBackupIsOfOneMomentWhileOthersWrite(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, _ string, open func(testing.TB) *db.DB) {
		d, box := open(t), newBox(t)
		insert(t, d, func(put func(table, columns string, values ...any)) {
			put("organisations", organisation, "o", nil, "o", "O", "nl", 10, false, nil, 0)
			put("asked", "tenant_id, key, digest, result, created_at", "o", "first", "", "", 0)
			put("files", "tenant_id, id, name, media_type, size, sha256, created_at", "o", "second", "", "", 0, "", 0)
		})
		ctx, stop := context.WithCancel(t.Context())
		wrote := make(chan int)
		go func() {
			n := 0
			for ctx.Err() == nil {
				err := d.System().Write(ctx, func(s *db.System) error {
					_, one := s.Exec(ctx, `UPDATE asked SET created_at = created_at + 1`)
					_, two := s.Exec(ctx, `UPDATE files SET created_at = created_at + 1`)
					return errors.Join(one, two)
				})
				if err == nil {
					n++
				} else if ctx.Err() == nil {
					t.Error(err)
				}
			}
			wrote <- n
		}()
		var files [][]byte
		for range 6 {
			files = append(files, write(t, d, box, false))
		}
		stop()
		if n := <-wrote; n < 3 {
			t.Fatalf("only %d changes were made meanwhile", n)
		}
		moments := map[string]bool{}
		for _, file := range files {
			into := dbtest.Bare(t, filepath.Join(t.TempDir(), "into.db"))
			if _, err := backup.Restore(t.Context(), into, box, bytes.NewReader(file), backup.RestoreOptions{}); err != nil {
				t.Fatal(err)
			}
			var first, second int64
			if err := into.System().Row(t.Context(), `SELECT a.created_at, f.created_at FROM asked a, files f`, nil, &first, &second); err != nil || first != second {
				t.Errorf("%d and %d: %v", first, second, err)
			}
			moments[fmt.Sprint(first)] = true
		}
		if len(moments) < 2 {
			t.Error("no change fell between the backups, so nothing was tested")
		}
	})
}

func TestFileThatIsCutOrAlteredAnywhereIsRefusedAndLeavesTheStoreEmpty(t *testing.T) {
	t.Parallel()
	source, box := dbtest.SQLite(t), newBox(t)
	fill(t, source)
	target := dbtest.Bare(t, filepath.Join(t.TempDir(), "target.db"))
	for _, plain := range []bool{false, true} {
		file := write(t, source, box, plain)
		refused := func(t interface {
			Helper()
			Fatalf(string, ...any)
		}, what string, broken []byte,
		) {
			t.Helper()
			_, err := backup.Restore(context.Background(), target, box, bytes.NewReader(broken), backup.RestoreOptions{})
			if err == nil {
				t.Fatalf("%s (plain %v): taken", what, plain)
			}
		}
		rapid.Check(t, func(rt *rapid.T) {
			at := rapid.IntRange(0, len(file)-1).Draw(rt, "at")
			altered := slices.Clone(file)
			altered[at] ^= byte(rapid.IntRange(1, 255).Draw(rt, "xor"))
			refused(rt, fmt.Sprintf("byte %d altered", at), altered)
			refused(rt, fmt.Sprintf("cut at %d", at), file[:at])
			refused(rt, "more behind the end", append(slices.Clone(file), file[at]))
		})
		for at := range 300 { // all of the head
			altered := slices.Clone(file)
			altered[at] ^= 1
			refused(t, fmt.Sprintf("byte %d altered", at), altered)
		}
		// Whole frames that change places, or are left out.
		const frame = 64<<10 + 16
		start := bytes.IndexByte(file[18:], '\n') + 19
		if len(file) < start+2*frame {
			t.Fatalf("plain %v: the file has %d bytes, too few for the rest of the test", plain, len(file))
		}
		swapped := slices.Concat(file[:start], file[start+frame:start+2*frame], file[start:start+frame], file[start+2*frame:])
		refused(t, "frames swapped", swapped)
		refused(t, "a frame left out", slices.Concat(file[:start], file[start+frame:]))
		refused(t, "cut between frames", file[:start+frame])
	}
	if rows := dump(t, target); len(rows) > 0 {
		t.Errorf("%d rows are there: %.200s", len(rows), rows[0])
	}
}

func TestRefusalsSayWhatToDo(t *testing.T) {
	t.Parallel()
	source, box, other := dbtest.SQLite(t), newBox(t), newBox(t)
	target := dbtest.Bare(t, filepath.Join(t.TempDir(), "target.db"))
	file, plain := write(t, source, box, false), write(t, source, box, true)
	for _, c := range []struct {
		name string
		box  *seal.Box
		file []byte
		want error
		says string
	}{
		{"another key", other, file, backup.ErrOtherKey, box.Fingerprint()},
		{"another key, not encrypted", other, plain, backup.ErrOtherKey, box.Fingerprint()},
		{"no key", nil, file, backup.ErrOtherKey, box.Fingerprint()},
		{"another file", box, []byte("SQLite format 3\x00 and so on and so on"), backup.ErrNoBackup, "name another file"},
		{"an empty file", box, nil, backup.ErrNoBackup, "name another file"},
		{"half a file", box, file[:len(file)/2], backup.ErrDamaged, "take another copy"},
		{"a later format", box, bytes.Replace(plain, []byte(`{"format":1,`), []byte(`{"format":9,`), 1), nil, "format 9"},
	} {
		_, err := backup.Restore(t.Context(), target, c.box, bytes.NewReader(c.file), backup.RestoreOptions{})
		if err == nil || c.want != nil && !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if h, err := backup.Look(bytes.NewReader(file)); err != nil || h.Key != box.Fingerprint() {
		t.Errorf("%+v %v", h, err)
	}
	if m, err := backup.Verify(t.Context(), nil, bytes.NewReader(plain)); err != nil || m.Rows() != 2 {
		t.Errorf("%+v %v", m, err)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if _, err := backup.Verify(stopped, box, bytes.NewReader(file)); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestTextThatPostgreSQLDoesNotTakeIsNamedAndComesBackOnSQLite(t *testing.T) {
	t.Parallel()
	for _, odd := range []string{"zero \x00", "no utf-8 \xff"} {
		source, box := dbtest.SQLite(t), newBox(t)
		insert(t, source, func(put func(table, columns string, values ...any)) { put("installation", "name, value", "odd", odd) })
		file := write(t, source, box, false)
		lite := dbtest.Bare(t, filepath.Join(t.TempDir(), "lite.db"))
		if _, err := backup.Restore(t.Context(), lite, box, bytes.NewReader(file), backup.RestoreOptions{}); err != nil {
			t.Fatal(err)
		}
		same(t, dump(t, lite), dump(t, source))
		post := dbtest.Bare(t, pgtest.New(t))
		_, err := backup.Restore(t.Context(), post, box, bytes.NewReader(file), backup.RestoreOptions{})
		if err == nil || !strings.Contains(err.Error(), "table installation, row 1: column value") {
			t.Error(err)
		}
		if rows := dump(t, post); len(rows) > 0 {
			t.Errorf("%d rows are left", len(rows))
		}
	}
}

func TestBackupOfAnEarlierVersionIsMigratedUpAndOfALaterOneRefused(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, _ string, open func(testing.TB) *db.DB) {
		source, box := open(t), newBox(t)
		_, newest, err := source.Versions(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := source.MigrateTo(t.Context(), 2); err != nil {
			t.Fatal(err)
		}
		insert(t, source, func(put func(table, columns string, values ...any)) {
			put("installation", "name, value", "old", "yes")
		})
		old := write(t, source, box, false)

		target := open(t)
		m, err := backup.Restore(t.Context(), target, box, bytes.NewReader(old), backup.RestoreOptions{})
		if err != nil || m.Version != 2 {
			t.Fatalf("%+v %v", m, err)
		}
		var value string
		if err := target.System().Row(t.Context(), `SELECT value FROM installation WHERE name = 'old'`, nil, &value); err != nil || value != "yes" {
			t.Error(value, err)
		}
		if have, _, err := target.Versions(t.Context()); err != nil || have != newest {
			t.Errorf("the store is at %d: %v", have, err)
		}
		before := dump(t, target)
		for _, force := range []bool{false, true} {
			if _, err = backup.Restore(t.Context(), target, box, bytes.NewReader(old), backup.RestoreOptions{Force: force}); !errors.Is(err, backup.ErrNotEmpty) {
				t.Errorf("force %v: %v", force, err)
			}
		}
		same(t, dump(t, target), before)
	})
}

func TestFileIsNewWholeAndItsOwnersAlone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		path := filepath.Join(t.TempDir(), "b.ttb")
		var told []string
		o := backup.Options{Created: noon, Progress: func(table string, rows int64) { told = append(told, fmt.Sprint(table, rows)) }}
		if _, err := backup.ToFile(t.Context(), d, newBox(t), path, o); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Error(info, err)
		}
		if !slices.Contains(told, "organisations2") {
			t.Error(told)
		}
		if at, err := installation.BackedUp(t.Context(), d.System()); err != nil || !at.Equal(noon) {
			t.Error(at, err)
		}
		if _, err := backup.ToFile(t.Context(), d, newBox(t), path, o); !errors.Is(err, backup.ErrNotWritten) || !strings.Contains(err.Error(), "another name") {
			t.Errorf("an earlier backup is written over: %v", err)
		}
		stopped, stop := context.WithCancel(t.Context())
		o.Progress = func(string, int64) { stop() }
		if _, err := backup.ToFile(stopped, d, newBox(t), path+"2", o); !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
		if _, err := backup.ToFile(t.Context(), d, newBox(t), "/nonexistent/b", o); !errors.Is(err, backup.ErrNotWritten) || !strings.Contains(err.Error(), "folder exists") {
			t.Errorf("%v", err)
		}
		left, err := os.ReadDir(filepath.Dir(path))
		if err != nil || len(left) != 1 {
			t.Errorf("left: %v %v", left, err)
		}
	})
}
