package desk

import (
	"context"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/problem"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/tenant"
)

// Held implements held.Holder: the waves that a person made. Whether and what somebody answered is not held about anybody.
func (d *Desk) Held(ctx context.Context, t tenant.ID, account string) ([]held.Section, error) {
	section := held.Section{Name: "waves", Title: say("held.title")}
	err := d.DB.Of(t).Rows(ctx, `SELECT id, title, created_at FROM waves WHERE tenant_id = $1 AND created_by = $2 ORDER BY id DESC`,
		func(scan func(...any) error) error {
			var row held.Row
			var at int64
			if err := scan(&row.Source, &row.Value, &at); err != nil {
				return err
			}
			row.Source, row.Label, row.When = "waves/"+row.Source, say("held.wave"), clock.Time(at)
			section.Rows = append(section.Rows, row)
			return nil
		}, account)
	if err != nil || len(section.Rows) == 0 {
		return nil, err
	}
	return []held.Section{section}, nil
}

// Effects implements held.Eraser.
func (*Desk) Effects() held.Effects {
	return held.Effects{Goes: []problem.Message{say("held.goes")}, Stays: []held.Stays{{What: say("held.stays"), Why: say("held.stays-why")}}}
}

// Erase implements held.Eraser: waves are the organisation's and stay, without who made them.
func (*Desk) Erase(ctx context.Context, s *db.Scope, account string) error {
	_, err := s.Exec(ctx, `UPDATE waves SET created_by = '' WHERE tenant_id = $1 AND created_by = $2`, account)
	return err
}

// Kept says how long closed waves stay. Their answers go earlier, after the time that was locked at the launch.
func (d *Desk) Kept() held.Kept {
	k := held.Fill(held.Kept{Name: "waves", Label: say("kept.waves"), Basis: say("kept.waves-why"), Default: 3650, Minimum: 365, Maximum: 18250},
		held.Table{Name: "waves", Key: "id", At: "closes_at", When: wave.Ended})
	k.Delete = func(ctx context.Context, s *db.Scope, before time.Time, limit int) (int, error) {
		return wave.Purge(ctx, s, before, limit, d.Purged)
	}
	return k
}
