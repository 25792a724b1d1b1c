// Package dbtest gives tests a store on each engine, migrated and empty but for two organisations.
package dbtest

import (
	"path/filepath"
	"testing"

	"tekentafel/internal/db"
	"tekentafel/internal/tenant"
	"tekentafel/internal/testkit/pgtest"
)

// Organisations that every store of this package holds, so that a test can try to reach from one into the other.
const (
	Ours   tenant.ID = "ours"
	Theirs tenant.ID = "theirs"
)

// Each runs a test on a store of each engine, in parallel. Where PostgreSQL is missing that half is skipped, or fails where
// everything is required.
func Each(t *testing.T, test func(t *testing.T, d *db.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, SQLite(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, Open(t, pgtest.New(t)))
	})
}

// SQLite returns a store in a file of the test's own.
func SQLite(t testing.TB) *db.DB {
	t.Helper()
	return Open(t, filepath.Join(t.TempDir(), "tekentafel.db"))
}

// Open opens and migrates the store at address and puts the two organisations in it.
func Open(t testing.TB, address string) *db.DB {
	t.Helper()
	d := Bare(t, address)
	err := d.System().Write(t.Context(), func(s *db.System) error {
		for _, o := range []tenant.ID{Ours, Theirs} {
			if _, err := s.Exec(t.Context(), `INSERT INTO organisations (tenant_id, slug, name, languages, group_size, created_at)
VALUES ($1, $1, $1, 'nl,fr,de,en', 10, 0)`, string(o)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Bare opens and migrates the store at address and leaves it empty.
func Bare(t testing.TB, address string) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("close the store: %v", err)
		}
	})
	if err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return d
}

// AddAccount puts a person in an organisation, with the id as name.
func AddAccount(t testing.TB, d *db.DB, o tenant.ID, id string, roles ...string) {
	t.Helper()
	err := d.Write(t.Context(), o, func(s *db.Scope) error {
		if _, err := s.Exec(t.Context(), `INSERT INTO accounts (tenant_id, id, name, mail, language, state, created_at)
VALUES ($1, $2, $2, $3, 'nl', 'active', 0)`, id, id+"@example.org"); err != nil {
			return err
		}
		for _, r := range roles {
			if _, err := s.Exec(t.Context(), `INSERT INTO account_roles (tenant_id, account_id, role, source) VALUES ($1, $2, $3, 'local')`, id, r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
