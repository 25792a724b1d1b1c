package kept

import (
	"context"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

// Kind is how retention names what is kept and shared.
const Kind = "lab-conversations"

// The usual period and its bounds, in days.
const usualDays, leastDays, mostDays = 30, 1, 365

// Held implements held.Holder: titles and days. What was said stands on the pages of the person, from which they take it as a file.
func (s *Service) Held(ctx context.Context, t tenant.ID, account string) ([]held.Section, error) {
	days, err := s.Periods.Days(ctx, t, Kind)
	if err != nil {
		return nil, err
	}
	section := held.Section{Name: "lab-conversations", Title: say("held.title", nil)}
	rows, err := keptOf(ctx, s.DB.Of(t), account)
	if err != nil {
		return nil, err
	}
	for i := range rows { // those past their day as well, while they are there
		item, err := s.item(t, &rows[i], days)
		if err != nil {
			return nil, err
		}
		section.Rows = append(section.Rows, held.Row{Source: "lab_kept/" + item.ID, Label: say("held.kept", i18n.Args{"day": s.written(item.Until)}), Value: item.Title, When: item.Made})
	}
	if rows, err = sharedOf(ctx, s.DB.Of(t), account); err != nil {
		return nil, err
	}
	for i := range rows {
		item, err := s.shareItem(t, &rows[i], days)
		if err != nil {
			return nil, err
		}
		section.Rows = append(section.Rows, held.Row{Source: "lab_shared/" + item.ID, Label: say("held.shared", i18n.Args{"day": s.written(item.Until)}), Value: item.Title, When: item.Made})
	}
	if len(section.Rows) == 0 {
		return nil, nil
	}
	return []held.Section{section}, nil
}

// Effects implements held.Eraser.
func (s *Service) Effects() held.Effects {
	return held.Effects{Goes: []problem.Message{say("held.goes", nil)}}
}

// Erase implements held.Eraser.
func (s *Service) Erase(ctx context.Context, tx *db.Scope, account string) error {
	if _, err := deleteAllKept(ctx, tx, account); err != nil {
		return err
	}
	_, err := deleteAllShared(ctx, tx, account)
	return err
}

// tables are those with a last day.
func tables() []string { return []string{"lab_kept", "lab_shared"} }

// Kept says how long conversations stay: until the day that the person chose, at most the period after it was last kept.
func (s *Service) Kept() []held.Kept {
	k := held.Fill(held.Kept{Name: Kind, Label: say("kept.label", nil), Basis: say("kept.why", nil), Default: usualDays, Minimum: leastDays, Maximum: mostDays},
		held.Table{Name: "lab_kept", Key: "id", At: "aged_at"}, held.Table{Name: "lab_shared", Key: "id", At: "aged_at"})
	count, remove := k.Count, k.Delete
	k.Count = func(ctx context.Context, r db.Reader, before time.Time) (int, time.Time, error) {
		n, oldest, err := count(ctx, r, before)
		for _, table := range tables() {
			if err != nil {
				break
			}
			var more int
			err = r.Row(ctx, `SELECT COUNT(*) FROM `+table+` WHERE tenant_id = $1 AND until_on < $2 AND aged_at >= $3`, []any{string(s.Today()), clock.Micros(before)}, &more)
			n += more
		}
		return n, oldest, err
	}
	k.Delete = func(ctx context.Context, tx *db.Scope, before time.Time, limit int) (n int, err error) {
		for _, table := range tables() {
			gone, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE tenant_id = $1 AND id IN (SELECT id FROM `+table+` WHERE tenant_id = $1 AND until_on < $2 ORDER BY until_on, id LIMIT $3)`, string(s.Today()), limit-n)
			if n += int(gone); err != nil || n >= limit {
				return n, err
			}
		}
		more, err := remove(ctx, tx, before, limit-n)
		return n + more, err
	}
	return []held.Kept{k}
}
