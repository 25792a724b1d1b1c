package strategy

import (
	"context"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/privacy/held"
)

// replaced is a table with the condition on its rows that a newer one replaced. What stands in the document never ages.
type replaced struct{ table, key, is string }

func replacedRows() []replaced {
	return []replaced{
		{"strategy_texts", "chapter, language, version", "version < (SELECT MAX(n.version) FROM strategy_texts AS n WHERE n.tenant_id = $1 AND n.chapter = t.chapter AND n.language = t.language)"},
		{"strategy_figures", "number", "number < (SELECT MAX(n.number) FROM strategy_figures AS n WHERE n.tenant_id = $1)"},
	}
}

// Kept says how long earlier versions stay.
func (s *Service) Kept() []held.Kept {
	k := held.Kept{Name: "strategy-versions", Label: say("kept.versions", nil), Basis: say("kept.versions-why", nil), Default: 1825, Minimum: 90, Maximum: 3650}
	k.Count = func(ctx context.Context, r db.Reader, before time.Time) (n int, oldest time.Time, err error) {
		var first int64
		for _, x := range replacedRows() {
			var some int
			var at int64
			if err := r.Row(ctx, `SELECT COUNT(*) FILTER (WHERE t.at < $2), COALESCE(MIN(t.at), 0) FROM `+x.table+` AS t WHERE t.tenant_id = $1 AND t.`+x.is, []any{clock.Micros(before)}, &some, &at); err != nil {
				return 0, time.Time{}, err
			}
			n += some
			if at != 0 && (first == 0 || at < first) {
				first = at
			}
		}
		return n, clock.Time(first), nil
	}
	k.Held = func(ctx context.Context, r db.Reader) (n int, err error) {
		for _, x := range replacedRows() {
			var some int
			if err := r.Row(ctx, `SELECT COUNT(*) FROM `+x.table+` AS t WHERE t.tenant_id = $1 AND t.`+x.is, nil, &some); err != nil {
				return 0, err
			}
			n += some
		}
		return n, nil
	}
	k.Delete = func(ctx context.Context, tx *db.Scope, before time.Time, limit int) (n int, err error) {
		for _, x := range replacedRows() {
			if n >= limit {
				break
			}
			some, err := tx.Exec(ctx, `DELETE FROM `+x.table+` WHERE tenant_id = $1 AND (`+x.key+`) IN (SELECT `+x.key+` FROM `+x.table+` AS t WHERE t.tenant_id = $1 AND t.at < $2 AND t.`+x.is+` ORDER BY t.at LIMIT $3)`, clock.Micros(before), limit-n)
			if err != nil {
				return n, err
			}
			n += int(some)
		}
		return n, nil
	}
	return []held.Kept{k}
}
