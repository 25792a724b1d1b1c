package report

import (
	"context"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

// Held implements held.Holder: what a person uploaded, made and shared. The answers themselves name nobody.
func (s *Service) Held(ctx context.Context, t tenant.ID, account string) ([]held.Section, error) {
	section := held.Section{Name: "reports", Title: say("held.title", nil)}
	for _, table := range []struct{ name, column, key string }{
		{"report_sources", "name", "held.source"}, {"reports", "title", "held.report"}, {"report_links", "note", "held.link"},
	} {
		err := s.DB.Of(t).Rows(ctx, `SELECT id, `+table.column+`, created_at FROM `+table.name+` WHERE tenant_id = $1 AND created_by = $2 ORDER BY id DESC`,
			func(scan func(...any) error) error {
				var row held.Row
				var at int64
				if err := scan(&row.Source, &row.Value, &at); err != nil {
					return err
				}
				row.Source, row.Label, row.When = table.name+"/"+row.Source, say(table.key, nil), clock.Time(at)
				section.Rows = append(section.Rows, row)
				return nil
			}, account)
		if err != nil {
			return nil, err
		}
	}
	if len(section.Rows) == 0 {
		return nil, nil
	}
	return []held.Section{section}, nil
}

// Effects implements held.Eraser.
func (s *Service) Effects() held.Effects {
	return held.Effects{
		Goes:  []problem.Message{say("held.goes", nil)},
		Stays: []held.Stays{{What: say("held.stays", nil), Why: say("held.stays-why", nil)}},
	}
}

// Erase implements held.Eraser: reports and answers are the organisation's and stay, without who made them.
func (s *Service) Erase(ctx context.Context, tx *db.Scope, account string) error {
	for _, table := range []string{"report_sources", "reports", "report_links"} {
		if _, err := tx.Exec(ctx, `UPDATE `+table+` SET created_by = '' WHERE tenant_id = $1 AND created_by = $2`, account); err != nil {
			return err
		}
	}
	return nil
}

// Kept says how long answers, reports and links stay.
func (s *Service) Kept() []held.Kept {
	sources := held.Fill(held.Kept{Name: "answers", Label: say("kept.sources", nil), Basis: say("kept.sources-why", nil),
		Default: 365, Minimum: 1, Maximum: 3650},
		held.Table{Name: "report_sources", Key: "id", At: "created_at", When: idle})
	sources.Delete = s.age(`SELECT id FROM report_sources WHERE tenant_id = $1 AND created_at < $2 AND `+idle+` ORDER BY created_at, id LIMIT $3`, s.removeSource)
	reports := held.Fill(held.Kept{Name: "reports", Label: say("kept.reports", nil), Basis: say("kept.reports-why", nil),
		Default: 3650, Minimum: 30, Maximum: 18250},
		held.Table{Name: "reports", Key: "id", At: "created_at", When: "state <> 'making'"})
	reports.Delete = s.age(`SELECT id FROM reports WHERE tenant_id = $1 AND created_at < $2 AND state <> 'making' ORDER BY created_at, id LIMIT $3`,
		func(ctx context.Context, tx *db.Scope, reportID string) error {
			r, err := oneReport(ctx, tx.Reader, reportID)
			if err != nil {
				return err
			}
			tx.AfterCommit(func() { s.cache.forget(tx.Tenant(), reportID) })
			return removeReport(ctx, tx, &r)
		})
	links := held.Fill(held.Kept{Name: "report-links", Label: say("kept.links", nil), Basis: say("kept.links-why", nil),
		Default: 90, Minimum: 1, Maximum: 3650},
		held.Table{Name: "report_links", Key: "id", At: "CASE WHEN revoked_at > 0 THEN revoked_at ELSE expires_at END"})
	return []held.Kept{sources, reports, links}
}

// idle is a condition on answers from which no report is being made.
const idle = `NOT EXISTS (SELECT 1 FROM reports r WHERE r.tenant_id = report_sources.tenant_id AND r.source_id = report_sources.id AND r.state = 'making')`

// age returns a function that removes what a query finds.
func (s *Service) age(query string, remove func(context.Context, *db.Scope, string) error) func(context.Context, *db.Scope, time.Time, int) (int, error) {
	return func(ctx context.Context, tx *db.Scope, before time.Time, limit int) (int, error) {
		var ids []string
		err := tx.Rows(ctx, query, func(scan func(...any) error) error {
			var row string
			err := scan(&row)
			ids = append(ids, row)
			return err
		}, clock.Micros(before), limit)
		if err != nil {
			return 0, err
		}
		for i, row := range ids {
			if err := remove(ctx, tx, row); err != nil {
				return i, err
			}
		}
		return len(ids), nil
	}
}
