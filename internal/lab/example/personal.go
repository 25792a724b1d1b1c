package example

import (
	"context"
	"strconv"

	"tekentafel/internal/db"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

// Held implements held.Holder: the examples of an account, and how many decisions it took on those of others.
func (s *Service) Held(ctx context.Context, t tenant.ID, account string) ([]held.Section, error) {
	r := s.DB.Of(t)
	list, err := byAuthor(ctx, r, account)
	if err != nil {
		return nil, err
	}
	section := held.Section{Name: "lab-examples", Title: say("held.title", nil)}
	for i := range list {
		section.Rows = append(section.Rows, held.Row{Source: "lab_examples/" + list[i].ID, Label: say("held.example", nil), Value: list[i].Title, When: list[i].Made})
	}
	var n int
	if err := r.Row(ctx, `SELECT COUNT(*) FROM lab_example_changes WHERE tenant_id = $1 AND account_id = $2`, []any{account}, &n); err != nil {
		return nil, err
	}
	if n > 0 {
		section.Rows = append(section.Rows, held.Row{Source: "lab_example_changes/" + account, Label: say("held.changes", nil), Value: strconv.Itoa(n)})
	}
	if len(section.Rows) == 0 {
		return nil, nil
	}
	return []held.Section{section}, nil
}

// Effects implements held.Eraser.
func (s *Service) Effects() held.Effects {
	return held.Effects{Goes: []problem.Message{say("held.goes", nil)}, Stays: []held.Stays{{What: say("held.stays", nil), Why: say("held.stays-why", nil)}}}
}

// Erase implements held.Eraser: the examples of the account go; what it decided on those of others stays, without who.
func (s *Service) Erase(ctx context.Context, tx *db.Scope, account string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM lab_examples WHERE tenant_id = $1 AND author_id = $2`, account); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE lab_example_changes SET account_id = '' WHERE tenant_id = $1 AND account_id = $2`, account)
	return err
}

// Kept says how long examples stay.
func (s *Service) Kept() []held.Kept {
	return []held.Kept{
		held.Fill(held.Kept{Name: "lab-examples", Label: say("kept.shown", nil), Basis: say("kept.shown-why", nil), Default: 1825, Minimum: 180, Maximum: 3650},
			held.Table{Name: "lab_examples", Key: "id", At: "changed_at", When: "state = 'shown'"}),
		held.Fill(held.Kept{Name: "lab-examples-waiting", Label: say("kept.waiting", nil), Basis: say("kept.waiting-why", nil), Default: 365, Minimum: 30, Maximum: 1825},
			held.Table{Name: "lab_examples", Key: "id", At: "changed_at", When: "state <> 'shown'"}),
	}
}
