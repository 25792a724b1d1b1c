package desk

import (
	"context"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

// Held implements held.Holder: which counts somebody had done, and what they wrote about services. What was counted names nobody.
func (d *Desk) Held(ctx context.Context, t tenant.ID, account string) ([]held.Section, error) {
	if account == "" {
		return nil, nil
	}
	r := d.DB.Of(t)
	section := held.Section{Name: "shadow", Title: say("held.title", nil)}
	read := func(table, key, label string) error {
		return r.Rows(ctx, `SELECT `+key+`, at FROM `+table+` WHERE tenant_id = $1 AND account_id = $2 ORDER BY at`, func(scan func(...any) error) error {
			var name string
			var at int64
			err := scan(&name, &at)
			source := table + "/" + name
			if name == "" { // of the one row of an organisation
				source = table + "/" + account
			}
			section.Rows = append(section.Rows, held.Row{Source: source, Label: say(label, nil), Words: say(label+"-text", nil), When: clock.Time(at)})
			return err
		}, account)
	}
	for _, x := range [][3]string{
		{"shadow_counts", "id", "held.count"}, {"shadow_rules", "service_id || '/' || version", "held.rule"},
		{"shadow_services", "service_id || '/' || version", "held.own"}, {"shadow_published", "''", "held.published"},
	} {
		if err := read(x[0], x[1], x[2]); err != nil {
			return nil, err
		}
	}
	if len(section.Rows) == 0 {
		return nil, nil
	}
	return []held.Section{section}, nil
}

// Effects implements held.Eraser.
func (d *Desk) Effects() held.Effects {
	return held.Effects{Goes: []problem.Message{say("held.goes", nil)}, Stays: []held.Stays{{What: say("held.stays", nil), Why: say("held.stays-why", nil)}}}
}

// Erase implements held.Eraser: who counted and wrote is forgotten; the numbers and texts stay.
func (d *Desk) Erase(ctx context.Context, s *db.Scope, account string) error {
	for _, table := range []string{"shadow_counts", "shadow_rules", "shadow_services", "shadow_published"} {
		if _, err := s.Exec(ctx, `UPDATE `+table+` SET account_id = '' WHERE tenant_id = $1 AND account_id = $2`, account); err != nil {
			return err
		}
	}
	return nil
}

// Kept says how long counts, and rules that no longer hold, stay. That a week was shown is kept without bound: it names nobody, and protects.
func (d *Desk) Kept() []held.Kept {
	numbers := held.Fill(held.Kept{Name: "shadow-counts", Label: say("kept.counts", nil), Basis: say("kept.counts-why", nil), Default: 730, Minimum: 30, Maximum: 1825},
		held.Table{Name: "shadow_counts", Key: "id", At: "at"})
	numbers.Delete = deleteOld
	written := held.Fill(held.Kept{Name: "shadow-rules", Label: say("kept.rules", nil), Basis: say("kept.rules-why", nil), Default: 1825, Minimum: 365, Maximum: 3650},
		held.Table{Name: "shadow_rules", Key: "service_id || '/' || version", At: "superseded_at", When: "superseded_at > 0"},
		held.Table{Name: "shadow_services", Key: "service_id || '/' || version", At: "superseded_at", When: "superseded_at > 0"})
	return []held.Kept{numbers, written}
}

// deleteOld deletes counts with what they have shown, the oldest first.
func deleteOld(ctx context.Context, s *db.Scope, before time.Time, limit int) (int, error) {
	var ids []string
	err := s.Rows(ctx, `SELECT id FROM shadow_counts WHERE tenant_id = $1 AND at < $2 ORDER BY at LIMIT $3`, func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		ids = append(ids, id)
		return err
	}, clock.Micros(before), limit)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		if _, err := deleteCount(ctx, s, id); err != nil {
			return 0, err
		}
	}
	return len(ids), nil
}
