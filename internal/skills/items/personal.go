package items

import (
	"context"
	"strconv"

	"tekentafel/internal/db"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// personalTables are the tables with accounts.
func personalTables() []string { return []string{"skill_item_calibrations", "skill_item_versions"} }

// Held implements held.Holder: how often the account calibrated the items or took parameters in use. What people gave of their answers cannot be shown: nothing says whose it is.
func (s *Service) Held(ctx context.Context, t tenant.ID, account string) ([]held.Section, error) {
	section := held.Section{Name: "skill-items-work", Title: say("held.work", nil)}
	for _, table := range personalTables() {
		var n int64
		if err := s.DB.Of(t).Row(ctx, `SELECT COUNT(*) FROM `+table+` WHERE tenant_id = $1 AND account_id = $2`, []any{account}, &n); err != nil {
			return nil, err
		}
		if n > 0 {
			section.Rows = append(section.Rows, held.Row{Source: table + "/" + account, Label: say("held."+table, nil), Value: itoa(n)})
		}
	}
	if len(section.Rows) == 0 {
		return nil, nil
	}
	return []held.Section{section}, nil
}

// Effects implements held.Eraser: what somebody did stays, without who it was; gifts stay, as nobody can tell whose they are.
func (s *Service) Effects() held.Effects {
	return held.Effects{Goes: []problem.Message{say("held.goes", nil)}, Stays: []held.Stays{{What: say("held.stays", nil), Why: say("held.stays-why", nil)}, {What: say("held.gifts", nil), Why: say("held.gifts-why", nil)}}}
}

// Erase implements held.Eraser.
func (s *Service) Erase(ctx context.Context, tx *db.Scope, account string) error {
	for _, table := range personalTables() {
		if _, err := tx.Exec(ctx, `UPDATE `+table+` SET account_id = '' WHERE tenant_id = $1 AND account_id = $2`, account); err != nil {
			return err
		}
	}
	tenantID := tx.Tenant()
	tx.AfterCommit(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.kept, tenantID)
	})
	return nil
}
