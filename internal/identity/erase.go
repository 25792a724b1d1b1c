package identity

import (
	"context"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
)

// Erase takes away all that is known of a person, in every feature. The id stays, so that the log keeps its sense. An administrator
// erases any account of the organisation, and everyone their own; the last administrator cannot be erased.
func (s *Service) Erase(ctx context.Context, actor access.Actor, account string) error {
	if err := mayErase(actor, account); err != nil {
		return err
	}
	return s.db.Write(ctx, actor.Tenant, func(sc *db.Scope) error {
		for _, e := range s.erasers {
			if err := e.Erase(ctx, sc, account); err != nil {
				return err
			}
		}
		if err := s.forget(ctx, sc, account); err != nil {
			return err
		}
		return s.audit.Record(ctx, sc, actor, audit.Entry{Action: "account.erased", Subject: account, Account: account})
	})
}

// forget takes away name, address and number, roles, ways to sign in, sessions, keys and links.
func (s *Service) forget(ctx context.Context, sc *db.Scope, account string) error {
	a, err := s.standing(ctx, sc, account, 0)
	if err != nil {
		return err
	}
	if _, err := sc.Exec(ctx, `UPDATE accounts SET name = '', mail = NULL, staff_number = NULL, search = '', state = 'erased', version = version + 1
WHERE tenant_id = $1 AND id = $2`, account); err != nil {
		return err
	}
	for _, table := range accountTables() {
		if _, err := sc.Exec(ctx, `DELETE FROM `+table+` WHERE tenant_id = $1 AND account_id = $2`, account); err != nil {
			return err
		}
	}
	for _, subject := range []string{s.lockSubject(ByPassword, a.Mail), s.lockSubject(ByPIN, a.StaffNumber), s.lockSubject(ByCode, account), s.lockSubject("recovery", a.Mail)} {
		if err := dropLockout(ctx, sc, subject); err != nil {
			return err
		}
	}
	return keepsAdministrator(ctx, sc)
}

// accountTables lists the tables that hold something of an account by account_id.
func accountTables() []string {
	return []string{
		"account_roles", "passwords", "totps", "recovery_codes", "pins", "passkeys", "subjects", "sessions", "links", "api_keys",
	}
}
