package insight

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/tenant"
)

// Close closes the months that are over, of all organisations.
func (s *Service) Close(ctx context.Context) error {
	var faults []error
	list, err := s.Tenants(ctx)
	if err != nil {
		return err
	}
	for _, t := range list {
		if err := s.CloseOf(ctx, t); err != nil {
			faults = append(faults, fmt.Errorf("organisation %s: %w", t, err))
		}
	}
	return errors.Join(faults...)
}

// CloseOf closes the months of an organisation that are over: it computes what may be shown, keeps that, and destroys the rest, all at once.
func (s *Service) CloseOf(ctx context.Context, t tenant.ID) error {
	months, err := openMonths(ctx, s.DB.Of(t))
	if err != nil {
		return err
	}
	for _, m := range months {
		if !m.over(s.Now(), s.Zone) {
			continue
		}
		k, err := s.Organisations.GroupSize(ctx, t)
		if err != nil {
			return err
		}
		if err := s.DB.Write(ctx, t, func(tx *db.Scope) error { return s.close(ctx, tx, m, k) }); err != nil {
			return fmt.Errorf("month %s: %w", m, err)
		}
	}
	return nil
}

func (s *Service) close(ctx context.Context, tx *db.Scope, m Month, k int) error {
	var closed int64
	if err := tx.Row(ctx, `SELECT closed_at FROM use_months WHERE tenant_id = $1 AND month = $2`, []any{string(m)}, &closed); err != nil || closed != 0 {
		return err
	}
	r, err := s.raw(ctx, tx.Reader, m)
	if err != nil {
		return err
	}
	f, err := protect(ctx, r, k)
	if err != nil {
		return err
	}
	text, err := json.Marshal(f)
	if err != nil {
		return err
	}
	for _, statement := range []string{
		`DELETE FROM use_marks WHERE tenant_id = $1 AND month = $2`, `DELETE FROM use_amounts WHERE tenant_id = $1 AND month = $2`,
	} {
		if _, err := tx.Exec(ctx, statement, string(m)); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `UPDATE use_months SET key = $3, figures = $4, closed_at = $5 WHERE tenant_id = $1 AND month = $2`,
		string(m), []byte{}, string(text), clock.Micros(s.Now()))
	return err
}

// raw reads what a month was.
func (s *Service) raw(ctx context.Context, r db.Reader, m Month) (*raw, error) {
	out := &raw{groups: map[place]int{}, days: map[place]int{}, models: map[string]int{}, tasks: map[string]int{}, outcomes: map[string]int{}, found: map[string]int{}, amounts: map[string]int64{}}
	err := r.Rows(ctx, `SELECT cell, COUNT(*) FROM use_marks WHERE tenant_id = $1 AND month = $2 GROUP BY cell`, func(scan func(...any) error) error {
		var cell string
		var n int
		if err := scan(&cell, &n); err != nil {
			return err
		}
		out.take(cell, n)
		return nil
	}, string(m))
	if err != nil {
		return nil, err
	}
	err = r.Rows(ctx, `SELECT name, amount FROM use_amounts WHERE tenant_id = $1 AND month = $2`, func(scan func(...any) error) error {
		var name string
		var n int64
		if err := scan(&name, &n); err != nil {
			return err
		}
		out.amounts[name] = n
		return nil
	}, string(m))
	if err != nil {
		return nil, err
	}
	if s.Places != nil {
		if out.departments, err = s.Places.Departments(ctx, r); err != nil {
			return nil, err
		}
		if out.families, err = s.Places.Families(ctx, r); err != nil {
			return nil, err
		}
		for _, p := range out.departments {
			out.heads += p.Heads
		}
	}
	if s.Spread != nil {
		w, err := s.Spread.Weights(ctx, r, m.start(s.Zone), m.end(s.Zone))
		if err != nil {
			return nil, err
		}
		out.weights = &w
	}
	return out, nil
}

// take puts the number of marks in a cell where it belongs.
func (r *raw) take(cell string, n int) {
	where := func(s string) place {
		department, family, _ := strings.Cut(s, bar)
		return place{department, family}
	}
	for prefix, to := range map[string]map[string]int{cellModel: r.models, cellTask: r.tasks, cellOutcome: r.outcomes, cellFound: r.found} {
		if id, is := strings.CutPrefix(cell, prefix); is {
			to[id] = n
			return
		}
	}
	switch {
	case cell == cellAll:
		r.all = n
	case cell == cellTried:
		r.tried = n
	case strings.HasPrefix(cell, cellGroups):
		r.groups[where(strings.TrimPrefix(cell, cellGroups))] += n
	case strings.HasPrefix(cell, cellDays):
		_, group, _ := strings.Cut(strings.TrimPrefix(cell, cellDays), bar)
		r.days[where(group)] += n
	}
}

func openMonths(ctx context.Context, r db.Reader) ([]Month, error) {
	return months(ctx, r, `SELECT month FROM use_months WHERE tenant_id = $1 AND closed_at = 0 ORDER BY month`)
}

func months(ctx context.Context, r db.Reader, query string) ([]Month, error) {
	var out []Month
	err := r.Rows(ctx, query, func(scan func(...any) error) error {
		var m string
		if err := scan(&m); err != nil {
			return err
		}
		out = append(out, Month(m))
		return nil
	})
	return out, err
}

// closedMonths returns the months that are closed, the last first.
func (s *Service) closedMonths(ctx context.Context, t tenant.ID) ([]Month, error) {
	return months(ctx, s.DB.Of(t), `SELECT month FROM use_months WHERE tenant_id = $1 AND closed_at > 0 ORDER BY month DESC`)
}

// figures returns what is shown of a closed month.
func (s *Service) figures(ctx context.Context, t tenant.ID, m Month) (*Figures, time.Time, error) {
	var text string
	var closed int64
	if err := s.DB.Of(t).Row(ctx, `SELECT figures, closed_at FROM use_months WHERE tenant_id = $1 AND month = $2 AND closed_at > 0`, []any{string(m)}, &text, &closed); err != nil {
		return nil, time.Time{}, err
	}
	f := &Figures{}
	if err := json.Unmarshal([]byte(text), f); err != nil {
		return nil, time.Time{}, fmt.Errorf("figures of %s: %w", m, err)
	}
	return f, clock.Time(closed), nil
}
