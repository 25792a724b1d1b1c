package db_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/tenant"
)

// put writes a row of the table of things that were asked, which has the plainest shape.
func put(ctx context.Context, s *db.Scope, key, result string) error {
	_, err := s.Exec(ctx, `INSERT INTO asked (tenant_id, key, digest, result, created_at) VALUES ($1, $2, '', $3, 0)`, key, result)
	return err
}

func get(ctx context.Context, r db.Reader, key string) (result string, err error) {
	err = r.Row(ctx, `SELECT result FROM asked WHERE tenant_id = $1 AND key = $2`, []any{key}, &result)
	return result, err
}

func TestBothEnginesKeepTheSamePromises(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Run("a change is kept when Write returns", func(t *testing.T) { kept(t, d) })
		t.Run("an error leaves nothing", func(t *testing.T) { rolledBack(t, d) })
		t.Run("a panic leaves nothing and the store goes on", func(t *testing.T) { panicked(t, d) })
		t.Run("a scope sees only its organisation", func(t *testing.T) { scoped(t, d) })
		t.Run("a statement without its tenant is refused", func(t *testing.T) { refused(t, d) })
		t.Run("errors are told apart", func(t *testing.T) { errorsToldApart(t, d) })
		t.Run("concurrent changes do not lose each other", func(t *testing.T) { serial(t, d) })
		t.Run("a rule over two rows holds under concurrency", func(t *testing.T) { writeSkew(t, d) })
		t.Run("bytes, truth and large numbers come back as they went", func(t *testing.T) { values(t, d) })
		t.Run("placeholders mean their number wherever they stand", func(t *testing.T) { placeholders(t, d) })
		t.Run("a cancelled context ends a change without a trace", func(t *testing.T) { cancelled(t, d) })
		t.Run("migrating again changes nothing", func(t *testing.T) {
			if err := d.Migrate(t.Context()); err != nil {
				t.Fatal(err)
			}
			if have, want, err := d.Versions(t.Context()); err != nil || have != want || want < 3 {
				t.Errorf("version %d of %d: %v", have, want, err)
			}
		})
	})
}

func kept(t *testing.T, d *db.DB) {
	ctx := t.Context()
	if err := d.Write(ctx, dbtest.Ours, func(s *db.Scope) error { return put(ctx, s, "kept", "yes") }); err != nil {
		t.Fatal(err)
	}
	if got, err := get(ctx, d.Of(dbtest.Ours), "kept"); err != nil || got != "yes" {
		t.Errorf("got %q, %v", got, err)
	}
}

func rolledBack(t *testing.T, d *db.DB) {
	ctx := t.Context()
	stop := errors.New("stop")
	err := d.Write(ctx, dbtest.Ours, func(s *db.Scope) error { return errors.Join(put(ctx, s, "rolled", "x"), stop) })
	if !errors.Is(err, stop) {
		t.Errorf("got %v", err)
	}
	if _, err := get(ctx, d.Of(dbtest.Ours), "rolled"); !errors.Is(err, db.ErrNoRow) {
		t.Errorf("the row is there: %v", err)
	}
}

func panicked(t *testing.T, d *db.DB) {
	ctx := t.Context()
	func() {
		defer func() { _ = recover() }()
		_ = d.Write(ctx, dbtest.Ours, func(s *db.Scope) error { _ = put(ctx, s, "panic", "x"); panic("oops") })
	}()
	if _, err := get(ctx, d.Of(dbtest.Ours), "panic"); !errors.Is(err, db.ErrNoRow) {
		t.Errorf("the row is there: %v", err)
	}
	kept2 := d.Write(ctx, dbtest.Ours, func(s *db.Scope) error { return put(ctx, s, "after-panic", "x") })
	if kept2 != nil {
		t.Error(kept2)
	}
}

func scoped(t *testing.T, d *db.DB) {
	ctx := t.Context()
	for _, o := range []tenant.ID{dbtest.Ours, dbtest.Theirs} {
		if err := d.Write(ctx, o, func(s *db.Scope) error { return put(ctx, s, "same", string(o)) }); err != nil {
			t.Fatal(err)
		}
	}
	for _, o := range []tenant.ID{dbtest.Ours, dbtest.Theirs} {
		if got, err := get(ctx, d.Of(o), "same"); err != nil || got != string(o) {
			t.Errorf("%s sees %q, %v", o, got, err)
		}
	}
	if _, err := get(ctx, d.Of(""), "same"); err == nil {
		t.Error("nobody's scope sees a row")
	}
}

func refused(t *testing.T, d *db.DB) {
	ctx := t.Context()
	for _, q := range []string{`SELECT result FROM asked`, `SELECT tenant_id FROM asked`, `SELECT result FROM asked WHERE key = $1`} {
		var s string
		if err := d.Of(dbtest.Ours).Row(ctx, q, nil, &s); err == nil || !strings.Contains(err.Error(), "tenant_id") {
			t.Errorf("%s: %v", q, err)
		}
	}
	err := d.Write(ctx, dbtest.Ours, func(s *db.Scope) error { _, err := s.Exec(ctx, `DELETE FROM asked`); return err })
	if err == nil {
		t.Error("everyone's rows were deleted")
	}
}

func errorsToldApart(t *testing.T, d *db.DB) {
	ctx := t.Context()
	write := func(f func(*db.Scope) error) error { return d.Write(ctx, dbtest.Ours, f) }
	if err := write(func(s *db.Scope) error { return put(ctx, s, "twice", "") }); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		want error
		do   func(*db.Scope) error
	}{
		"exists": {db.ErrExists, func(s *db.Scope) error { return put(ctx, s, "twice", "") }},
		"refers": {db.ErrRefers, func(s *db.Scope) error {
			_, err := s.Exec(ctx, `INSERT INTO passwords (tenant_id, account_id, hash, set_at) VALUES ($1, 'nobody', '', 0)`)
			return err
		}},
		"check": {db.ErrCheck, func(s *db.Scope) error {
			_, err := s.Exec(ctx, `UPDATE organisations SET group_size = 4 WHERE tenant_id = $1`)
			return err
		}},
		"null": {db.ErrCheck, func(s *db.Scope) error {
			_, err := s.Exec(ctx, `UPDATE organisations SET name = NULL WHERE tenant_id = $1`)
			return err
		}},
	} {
		if err := write(c.do); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func serial(t *testing.T, d *db.DB) {
	ctx := t.Context()
	if err := d.Write(ctx, dbtest.Ours, func(s *db.Scope) error { return put(ctx, s, "count", "0") }); err != nil {
		t.Fatal(err)
	}
	const workers, each = 6, 5
	var wg sync.WaitGroup
	errs := make(chan error, workers*each)
	for range workers {
		wg.Go(func() {
			for range each {
				errs <- d.Write(ctx, dbtest.Ours, func(s *db.Scope) error {
					was, err := get(ctx, s.Reader, "count")
					if err != nil {
						return err
					}
					var n int
					if _, err := fmt.Sscan(was, &n); err != nil {
						return err
					}
					_, err = s.Exec(ctx, `UPDATE asked SET result = $3 WHERE tenant_id = $1 AND key = $2`, "count", fmt.Sprint(n+1))
					return err
				})
			}
		})
	}
	wg.Wait()
	close(errs)
	done := 0
	for err := range errs {
		switch {
		case err == nil:
			done++
		case !errors.Is(err, db.ErrBusy):
			t.Error(err)
		}
	}
	if got, err := get(ctx, d.Of(dbtest.Ours), "count"); err != nil || got != fmt.Sprint(done) {
		t.Errorf("%d changes were acknowledged, %s are kept: %v", done, got, err)
	}
}

// writeSkew lets two transactions each read both rows and change the other one: under snapshot isolation both would pass.
func writeSkew(t *testing.T, d *db.DB) {
	ctx := t.Context()
	for range 10 {
		err := d.Write(ctx, dbtest.Ours, func(s *db.Scope) error {
			if _, err := s.Exec(ctx, `DELETE FROM asked WHERE tenant_id = $1 AND key IN ('a', 'b')`); err != nil {
				return err
			}
			return errors.Join(put(ctx, s, "a", "on"), put(ctx, s, "b", "on"))
		})
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for _, key := range []string{"a", "b"} {
			wg.Go(func() {
				_ = d.Write(ctx, dbtest.Ours, func(s *db.Scope) error {
					var on int
					if err := s.Row(ctx, `SELECT COUNT(*) FROM asked WHERE tenant_id = $1 AND key IN ('a', 'b') AND result = 'on'`, nil, &on); err != nil {
						return err
					}
					if on < 2 {
						return errors.New("the last one stays on")
					}
					_, err := s.Exec(ctx, `UPDATE asked SET result = 'off' WHERE tenant_id = $1 AND key = $2`, key)
					return err
				})
			})
		}
		wg.Wait()
		var on int
		if err := d.Of(dbtest.Ours).Row(ctx, `SELECT COUNT(*) FROM asked WHERE tenant_id = $1 AND key IN ('a', 'b') AND result = 'on'`, nil, &on); err != nil || on < 1 {
			t.Fatalf("%d are on: %v", on, err)
		}
	}
}

func values(t *testing.T, d *db.DB) {
	ctx := t.Context()
	logo := []byte{0, 1, 0xff, '\'', 0}
	err := d.Write(ctx, dbtest.Ours, func(s *db.Scope) error {
		_, err := s.Exec(ctx, `UPDATE organisations SET logo = $2, synthetic = $3, created_at = $4, name = $5 WHERE tenant_id = $1`,
			logo, true, int64(1)<<62, "Ünï'\"\u202e😀")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var back []byte
	var synthetic bool
	var at int64
	var name string
	if err := d.Of(dbtest.Ours).Row(ctx, `SELECT logo, synthetic, created_at, name FROM organisations WHERE tenant_id = $1 AND synthetic`, nil,
		&back, &synthetic, &at, &name); err != nil {
		t.Fatal(err)
	}
	if string(back) != string(logo) || !synthetic || at != int64(1)<<62 || name != "Ünï'\"\u202e😀" {
		t.Errorf("got %v %v %d %q", back, synthetic, at, name)
	}
}

func placeholders(t *testing.T, d *db.DB) {
	var a, b, c string
	err := d.System().Row(t.Context(), `SELECT CAST($3 AS TEXT), CAST($1 AS TEXT), CAST($2 AS TEXT)`, []any{"one", "two", "three"}, &a, &b, &c)
	if err != nil || a+b+c != "threeonetwo" {
		t.Errorf("got %s %s %s: %v", a, b, c, err)
	}
}

func cancelled(t *testing.T, d *db.DB) {
	ctx, cancel := context.WithCancel(t.Context())
	err := d.Write(ctx, dbtest.Ours, func(s *db.Scope) error {
		err := put(ctx, s, "cancelled", "x")
		cancel()
		return err
	})
	if err == nil {
		t.Error("the change was acknowledged")
	}
	if _, err := get(t.Context(), d.Of(dbtest.Ours), "cancelled"); !errors.Is(err, db.ErrNoRow) {
		t.Errorf("the row is there: %v", err)
	}
}

func TestWhatIsDeletedFromSQLiteIsOverwritten(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	d := dbtest.Open(t, path)
	a := dbtest.Ours
	secret := strings.Repeat("only-in-this-row ", 40)
	write := func(change func(s *db.Scope) error) {
		t.Helper()
		if err := d.Write(t.Context(), a, change); err != nil {
			t.Fatal(err)
		}
	}
	write(func(s *db.Scope) error { return put(t.Context(), s, "k", secret) })
	write(func(s *db.Scope) error {
		_, err := s.Exec(t.Context(), `DELETE FROM asked WHERE tenant_id = $1`)
		return err
	})
	if err := d.Close(); err != nil { // the write-ahead log goes into the file
		t.Fatal(err)
	}
	stored, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(stored, []byte("only-in-this-row")) {
		t.Error("the file still holds what was deleted")
	}
}

func TestAStoreThatCannotBeOpenedSaysWhatToDo(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ address, want string }{
		"no folder":   {filepath.Join(t.TempDir(), "none", "x.db"), "check that the folder exists"},
		"a folder":    {t.TempDir(), "cannot be opened"},
		"no server":   {"postgres://u:secret@127.0.0.1:1/x", "cannot be reached"},
		"no address":  {"postgres://%zz", "postgres://user"},
		"no database": {"sqlite:" + filepath.Join(t.TempDir(), "a", "b"), "check that the folder exists"},
	} {
		_, err := db.Open(t.Context(), c.address)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
