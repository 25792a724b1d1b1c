package action

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"tekentafel/internal/db"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

// personalTables are the tables with accounts, and the columns that hold them.
func personalTables() map[string][]string {
	return map[string][]string{"actions": {"owner_id"}, "action_changes": {"account_id", "owner_id"}, "action_asides": {"account_id"}, "action_told": {"account_id"}}
}

// Personal is what the feature says about people: it implements held.Holder and held.Eraser.
type Personal struct{ s *Service }

// Personal returns what the feature says about people.
func (s *Service) Personal() Personal { return Personal{s} }

// Held implements held.Holder: the actions that the account answers for, and how much it changed.
func (p Personal) Held(ctx context.Context, t tenant.ID, account string) ([]held.Section, error) {
	r := p.s.DB.Of(t)
	section := held.Section{Name: "actions", Title: say("held.title", nil)}
	list, err := owned(ctx, r, account)
	if err != nil {
		return nil, err
	}
	for i := range list {
		section.Rows = append(section.Rows, held.Row{Source: "actions/" + list[i].ID, Label: say("held.owner", nil), Value: list[i].Title, When: list[i].Made})
	}
	tables := personalTables()
	for _, table := range slices.Sorted(maps.Keys(tables)) {
		if table == "actions" {
			continue
		}
		condition := tables[table][0] + " = $2"
		for _, column := range tables[table][1:] {
			condition += " OR " + column + " = $2"
		}
		var n int
		if err := r.Row(ctx, `SELECT COUNT(*) FROM `+table+` WHERE tenant_id = $1 AND (`+condition+`)`, []any{account}, &n); err != nil {
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

// Effects implements held.Eraser: what somebody did stays, without who did it, and the actions that they answered for have nobody until HR
// says who.
func (Personal) Effects() held.Effects {
	return held.Effects{Goes: []problem.Message{say("held.goes", nil)}, Stays: []held.Stays{{What: say("held.stays", nil), Why: say("held.stays-why", nil)}}}
}

// Erase implements held.Eraser.
func (Personal) Erase(ctx context.Context, tx *db.Scope, account string) error {
	tables := personalTables()
	for _, table := range slices.Sorted(maps.Keys(tables)) {
		for _, column := range tables[table] {
			if _, err := tx.Exec(ctx, `UPDATE `+table+` SET `+column+` = '' WHERE tenant_id = $1 AND `+column+` = $2`, account); err != nil {
				return err
			}
		}
	}
	return nil
}

// Kept says how long actions stay after they ended.
func (s *Service) Kept() []held.Kept {
	return []held.Kept{held.Fill(held.Kept{Name: "actions", Label: say("kept.actions", nil), Basis: say("kept.why", nil), Default: 1825, Minimum: 365, Maximum: 3650},
		held.Table{Name: "actions", Key: "id", At: "changed_at", When: "state IN ('done', 'stopped')"})}
}
