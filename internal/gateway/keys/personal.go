package keys

import (
	"context"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

func say(key string) problem.Message {
	return problem.Message{Bundle: locale(), Key: key, Args: i18n.Args{}}
}

// Held implements held.Holder: the keys that the account made.
func (s *Service) Held(ctx context.Context, t tenant.ID, account string) ([]held.Section, error) {
	section := held.Section{Name: "gateway-keys", Title: say("held.title")}
	err := s.DB.Of(t).Rows(ctx, `SELECT id, name, made_at FROM gateway_keys WHERE tenant_id = $1 AND account_id = $2 ORDER BY id`, func(scan func(...any) error) error {
		var key, name string
		var at int64
		if err := scan(&key, &name, &at); err != nil {
			return err
		}
		section.Rows = append(section.Rows, held.Row{Source: "gateway_keys/" + key, Label: say("held.made"), Value: name, When: clock.Time(at)})
		return nil
	}, account)
	if err != nil || len(section.Rows) == 0 {
		return nil, err
	}
	return []held.Section{section}, nil
}

// Effects implements held.Eraser: keys stay, for they belong to a unit, without who made them.
func (s *Service) Effects() held.Effects {
	return held.Effects{Goes: []problem.Message{say("held.goes")}, Stays: []held.Stays{{What: say("held.stays"), Why: say("held.stays-why")}}}
}

// Erase implements held.Eraser.
func (s *Service) Erase(ctx context.Context, tx *db.Scope, account string) error {
	_, err := tx.Exec(ctx, `UPDATE gateway_keys SET account_id = '' WHERE tenant_id = $1 AND account_id = $2`, account)
	return err
}

// Kept says how long keys stay after they ended.
func Kept() []held.Kept {
	return []held.Kept{held.Fill(held.Kept{Name: "gateway-keys", Label: say("kept.keys"), Basis: say("kept.why"), Default: 365, Minimum: 30, Maximum: 1825},
		held.Table{Name: "gateway_keys", Key: "id", At: "ends_at"})}
}
