package db_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
)

// logOf is the write-ahead log of a SQLite store.
func logOf(t *testing.T, d *db.DB) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Clean(d.Address + "-wal"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestACheckpointLeavesNothingInTheWriteAheadLog(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		secret := strings.Repeat("a secret of Nele ", 20)
		write := func(do func(s *db.Scope) error) {
			t.Helper()
			if err := d.Write(ctx, dbtest.Ours, do); err != nil {
				t.Fatal(err)
			}
		}
		write(func(s *db.Scope) error { return put(ctx, s, "secret", secret) })
		if d.Engine == db.SQLite && !bytes.Contains(logOf(t, d), []byte(secret)) {
			t.Fatal("the log does not hold what was written, so nothing is tried")
		}
		write(func(s *db.Scope) error {
			_, err := s.Exec(ctx, `DELETE FROM asked WHERE tenant_id = $1 AND key = $2`, "secret")
			return err
		})
		if err := d.Checkpoint(ctx); err != nil {
			t.Fatal(err)
		}
		if d.Engine == db.SQLite {
			file, err := os.ReadFile(filepath.Clean(d.Address))
			if err != nil {
				t.Fatal(err)
			}
			if n := len(logOf(t, d)); n != 0 || bytes.Contains(file, []byte(secret)) {
				t.Errorf("%d bytes in the log; in the file: %t", n, bytes.Contains(file, []byte(secret)))
			}
		}

		// Somebody reads an older state, such as a backup: it is held back, others write, and nothing is an error.
		err := d.Snapshot(ctx, func(s *db.Snapshot) error {
			if _, err := s.Version(ctx); err != nil { // from here on it sees this moment
				return err
			}
			write(func(s *db.Scope) error { return put(ctx, s, "later", "yes") })
			if err := d.Checkpoint(ctx); err != nil {
				t.Errorf("somebody who reads makes it fail: %v", err)
			}
			write(func(s *db.Scope) error { return put(ctx, s, "after", "yes") })
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"later", "after"} {
			if got, err := get(ctx, d.Of(dbtest.Ours), key); err != nil || got != "yes" {
				t.Errorf("%s: %q, %v", key, got, err)
			}
		}
		if err := d.Checkpoint(ctx); err != nil {
			t.Fatal(err)
		}
		if d.Engine == db.SQLite && len(logOf(t, d)) != 0 {
			t.Error("nobody reads and the log is not empty")
		}
	})
}
