package needs

import (
	"context"
	"slices"

	"maps"

	"tekentafel/internal/db"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

// personalTables are the tables with accounts, and the columns that hold them.
func personalTables() map[string][]string {
	return map[string][]string{
		"skill_need_changes": {"account_id"}, "skill_need_proposals": {"account_id", "decided_by"}, "skill_need_imports": {"account_id"},
		"skill_frameworks": {"account_id"}, "skill_framework_drafts": {"account_id"},
	}
}

// Held implements held.Holder: how much the account changed and proposed here, and its proposals in so many words.
func (s *Service) Held(ctx context.Context, t tenant.ID, account string) ([]held.Section, error) {
	r := s.DB.Of(t)
	section := held.Section{Name: "skill-needs-work", Title: say("held.work", nil)}
	tables := personalTables()
	for _, table := range slices.Sorted(maps.Keys(tables)) {
		n := 0
		for _, column := range tables[table] {
			var some int
			if err := r.Row(ctx, `SELECT COUNT(*) FROM `+table+` WHERE tenant_id = $1 AND `+column+` = $2`, []any{account}, &some); err != nil {
				return nil, err
			}
			n += some
		}
		if n > 0 {
			section.Rows = append(section.Rows, held.Row{Source: table + "/" + account, Label: say("held."+table, nil), Value: itoa(n)})
		}
	}
	own, err := proposals(ctx, r, account, "", "", 1000)
	if err != nil {
		return nil, err
	}
	for i := range own {
		section.Rows = append(section.Rows, held.Row{Source: "skill_need_proposals/" + own[i].ID, Label: say("held.proposal", nil), Value: own[i].Reason, When: own[i].At})
	}
	if len(section.Rows) == 0 {
		return nil, nil
	}
	return []held.Section{section}, nil
}

// Effects implements held.Eraser: what somebody changed stays, without who it was.
func (s *Service) Effects() held.Effects {
	return held.Effects{Goes: []problem.Message{say("held.goes", nil)}, Stays: []held.Stays{{What: say("held.stays", nil), Why: say("held.stays-why", nil)}}}
}

// Erase implements held.Eraser.
func (s *Service) Erase(ctx context.Context, tx *db.Scope, account string) error {
	tables := personalTables()
	for _, table := range slices.Sorted(maps.Keys(tables)) {
		for _, column := range tables[table] {
			if _, err := tx.Exec(ctx, `UPDATE `+table+` SET `+column+` = '' WHERE tenant_id = $1 AND `+column+` = $2`, account); err != nil {
				return err
			}
		}
	}
	tenantID := tx.Tenant()
	tx.AfterCommit(func() { s.kept.forget(tenantID) })
	return nil
}
