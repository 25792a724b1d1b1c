package desk

import (
	"context"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/files"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

// Held implements held.Holder: which gaps somebody asked for last.
func (s *Service) Held(ctx context.Context, t tenant.ID, account string) ([]held.Section, error) {
	list, err := rows(ctx, s.DB.Of(t))
	if err != nil {
		return nil, err
	}
	section := held.Section{Name: "skill-gap-work", Title: say("held.work", nil)}
	for _, v := range list {
		if v.account == account && account != "" {
			section.Rows = append(section.Rows, held.Row{Source: "skill_gaps/" + v.report, Label: say("held.asked", nil), Value: v.report, When: v.made})
		}
	}
	if len(section.Rows) == 0 {
		return nil, nil
	}
	return []held.Section{section}, nil
}

// Effects implements held.Eraser: what somebody asked for stays, without who it was.
func (s *Service) Effects() held.Effects {
	return held.Effects{Goes: []problem.Message{say("held.goes", nil)}, Stays: []held.Stays{{What: say("held.stays", nil), Why: say("held.stays-why", nil)}}}
}

// Erase implements held.Eraser.
func (s *Service) Erase(ctx context.Context, tx *db.Scope, account string) error {
	_, err := tx.Exec(ctx, `UPDATE skill_gaps SET account_id = '' WHERE tenant_id = $1 AND account_id = $2`, account)
	return err
}

// orphans are the gaps of which the report was deleted.
const orphans = ` FROM skill_gaps g WHERE g.tenant_id = $1 AND g.made_at < $2 AND NOT EXISTS (SELECT 1 FROM reports r WHERE r.tenant_id = $1 AND r.id = g.report_id)`

// Kept says how long results stay: as long as their report, and then until the next night.
func (s *Service) Kept() []held.Kept {
	return []held.Kept{{
		Name: "skill-gaps", Label: say("kept.label", nil), Basis: say("kept.basis", nil), Default: 1, Minimum: 1, Maximum: 30,
		Count: func(ctx context.Context, r db.Reader, before time.Time) (n int, oldest time.Time, err error) {
			var first int64
			err = r.Row(ctx, `SELECT COUNT(*), COALESCE(MIN(g.made_at), 0)`+orphans, []any{clock.Micros(before)}, &n, &first)
			return n, clock.Time(first), err
		},
		Held: func(ctx context.Context, r db.Reader) (n int, err error) {
			err = r.Row(ctx, `SELECT COUNT(*) FROM skill_gaps WHERE tenant_id = $1`, nil, &n)
			return n, err
		},
		Delete: deleteOrphans,
	}}
}

// deleteOrphans takes away the gaps of which the report is gone, with their files.
func deleteOrphans(ctx context.Context, tx *db.Scope, before time.Time, limit int) (int, error) {
	type orphan struct{ report, file string }
	var list []orphan
	err := tx.Rows(ctx, `SELECT g.report_id, COALESCE(g.file_id, '')`+orphans+` ORDER BY g.made_at, g.report_id LIMIT $3`, func(scan func(...any) error) error {
		var o orphan
		err := scan(&o.report, &o.file)
		list = append(list, o)
		return err
	}, clock.Micros(before), limit)
	if err != nil {
		return 0, err
	}
	for _, o := range list {
		if err := drop(ctx, tx, o.report); err != nil {
			return 0, err
		}
		if o.file == "" {
			continue
		}
		if err := files.Delete(ctx, tx, o.file); err != nil {
			return 0, err
		}
	}
	// What was said of answers that are gone goes too; as long as they are there it holds, whatever became of the reports.
	_, err = tx.Exec(ctx, `DELETE FROM skill_gap_readings WHERE tenant_id = $1 AND NOT EXISTS (SELECT 1 FROM report_sources s WHERE s.tenant_id = $1 AND s.id = skill_gap_readings.source_id)`)
	return len(list), err
}
