package db_test

import (
	"errors"
	"testing"

	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
)

// TestRolesStayWhenTheirTableIsMadeAnew goes back to the version before the directory gave roles, and forth again.
func TestRolesStayWhenTheirTableIsMadeAnew(t *testing.T) {
	t.Parallel()
	const before, after = 11, 12
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		dbtest.AddAccount(t, d, dbtest.Ours, "an", "hr", "administrator")
		give := func(account, source string) error {
			return d.Write(t.Context(), dbtest.Ours, func(s *db.Scope) error {
				_, err := s.Exec(t.Context(), `INSERT INTO account_roles (tenant_id, account_id, role, source) VALUES ($1, $2, 'dpo', $3)`, account, source)
				return err
			})
		}
		count := func() (n int) {
			t.Helper()
			if err := d.Of(dbtest.Ours).Row(t.Context(), `SELECT COUNT(*) FROM account_roles WHERE tenant_id = $1`, nil, &n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		to := func(version int64) {
			t.Helper()
			if err := d.To(t.Context(), version); err != nil {
				t.Fatal(err)
			}
		}
		if err := give("an", "scim"); err != nil {
			t.Fatal(err)
		}
		to(before)
		if n := count(); n != 2 {
			t.Errorf("%d roles before, want those two that the older program knows", n)
		}
		if give("an", "scim") == nil {
			t.Error("the older table takes the new source")
		}
		to(after)
		if err := give("an", "scim"); err != nil {
			t.Fatal(err)
		}
		if n := count(); n != 3 {
			t.Errorf("%d roles, want 3", n)
		}
		if give("an", "elsewhere") == nil || !errors.Is(give("an", "scim"), db.ErrExists) || !errors.Is(give("nobody", "scim"), db.ErrRefers) {
			t.Error("the table lost a constraint")
		}
		if err := d.Write(t.Context(), dbtest.Ours, func(s *db.Scope) error {
			_, err := s.Exec(t.Context(), `DELETE FROM accounts WHERE tenant_id = $1 AND id = 'an'`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if n := count(); n != 0 {
			t.Errorf("%d roles of an account that is not there", n)
		}
	})
}
