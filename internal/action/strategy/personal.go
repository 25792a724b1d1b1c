package strategy

import (
	"context"
	"strconv"

	"tekentafel/internal/db"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

// personal lists the tables with accounts.
func personal() []string { return []string{"strategy_texts", "strategy_figures"} }

// Held implements held.Holder: how often somebody kept a text or placed figures.
func (s *Service) Held(ctx context.Context, t tenant.ID, account string) ([]held.Section, error) {
	r := s.DB.Of(t)
	section := held.Section{Name: "strategy", Title: say("held.title", nil)}
	for _, table := range personal() {
		n := 0
		if err := r.Row(ctx, `SELECT COUNT(*) FROM `+table+` WHERE tenant_id = $1 AND account_id = $2`, []any{account}, &n); err != nil {
			return nil, err
		}
		if n > 0 {
			section.Rows = append(section.Rows, held.Row{Source: table + "/" + account, Label: say("held."+table, nil), Value: strconv.Itoa(n)})
		}
	}
	if len(section.Rows) == 0 {
		return nil, nil
	}
	return []held.Section{section}, nil
}

// Effects implements held.Eraser: texts stay, without who wrote them.
func (s *Service) Effects() held.Effects {
	return held.Effects{Goes: []problem.Message{say("held.goes", nil)}, Stays: []held.Stays{{What: say("held.stays", nil), Why: say("held.stays-why", nil)}}}
}

// Erase implements held.Eraser.
func (s *Service) Erase(ctx context.Context, tx *db.Scope, account string) error {
	for _, table := range personal() {
		if _, err := tx.Exec(ctx, `UPDATE `+table+` SET account_id = '' WHERE tenant_id = $1 AND account_id = $2`, account); err != nil {
			return err
		}
	}
	return nil
}
