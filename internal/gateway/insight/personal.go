package insight

import (
	"context"
	"errors"

	"tekentafel/internal/db"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

// marked are the cells of a month that runs in which an account is marked.
type marked struct {
	month Month
	cell  string
	mark  []byte
}

func (s *Service) marked(ctx context.Context, r db.Reader, account string) ([]marked, error) {
	open, err := openMonths(ctx, r)
	if err != nil {
		return nil, err
	}
	var out []marked
	for _, m := range open {
		var sealed []byte
		err := r.Row(ctx, `SELECT key FROM use_months WHERE tenant_id = $1 AND month = $2 AND closed_at = 0`, []any{string(m)}, &sealed)
		if errors.Is(err, db.ErrNoRow) {
			continue // closed meanwhile
		}
		if err != nil {
			return nil, err
		}
		key, err := s.Box.Open(purpose(r.Tenant(), m), sealed)
		if err != nil {
			return nil, err
		}
		cells, err := cellsOf(ctx, r, m, "")
		if err != nil {
			return nil, err
		}
		for _, cell := range cells {
			own, n := mark(key, cell, account), 0
			if err := r.Row(ctx, `SELECT COUNT(*) FROM use_marks WHERE tenant_id = $1 AND month = $2 AND cell = $3 AND mark = $4`, []any{string(m), cell, own}, &n); err != nil {
				return nil, err
			}
			if n > 0 {
				out = append(out, marked{m, cell, own})
			}
		}
	}
	return out, nil
}

// Held implements held.Holder: the sets of the month that runs in which the account is.
func (s *Service) Held(ctx context.Context, t tenant.ID, account string) ([]held.Section, error) {
	list, err := s.marked(ctx, s.DB.Of(t), account)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	section := held.Section{Name: "use-of-models", Title: say("held.title", nil)}
	for _, m := range list {
		section.Rows = append(section.Rows, held.Row{Source: "use_marks/" + string(m.month) + "/" + m.cell, Label: say("held.mark", nil), Value: string(m.month) + " " + m.cell})
	}
	return []held.Section{section}, nil
}

// Effects implements held.Eraser.
func (s *Service) Effects() held.Effects {
	return held.Effects{Goes: []problem.Message{say("held.goes", nil)}, Stays: []held.Stays{{What: say("held.stays", nil), Why: say("held.stays-why", nil)}}}
}

// Erase implements held.Eraser.
func (s *Service) Erase(ctx context.Context, tx *db.Scope, account string) error {
	list, err := s.marked(ctx, tx.Reader, account)
	if err != nil {
		return err
	}
	for _, m := range list {
		if _, err := tx.Exec(ctx, `DELETE FROM use_marks WHERE tenant_id = $1 AND month = $2 AND cell = $3 AND mark = $4`, string(m.month), m.cell, m.mark); err != nil {
			return err
		}
	}
	t := tx.Tenant()
	tx.AfterCommit(func() {
		s.counter.forget(t, account)
		s.placing.Lock()
		defer s.placing.Unlock()
		for of := range s.placed {
			if of.tenant == t && of.who == account {
				delete(s.placed, of)
			}
		}
	})
	return nil
}

// Kept says how long figures of closed months stay. Marks go when their month is closed.
func (s *Service) Kept() []held.Kept {
	return []held.Kept{held.Fill(held.Kept{
		Name: "use-of-models", Label: say("kept.months", nil), Basis: say("kept.months-basis", nil), Default: 5 * 365, Minimum: 62, Maximum: 10 * 365,
	}, held.Table{Name: "use_months", Key: "month", At: "closed_at", When: "closed_at > 0"})}
}
