package limits

import (
	"context"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
)

const columns = `SELECT l.id, l.version, l.kind, l.subject, l.model_group, l.period, l.unit, l.most, l.ask, l.holds, l.reason, l.account_id, l.at
FROM gateway_limits l WHERE l.tenant_id = $1`

const newest = ` AND l.version = (SELECT MAX(n.version) FROM gateway_limits n WHERE n.tenant_id = $1 AND n.id = l.id)`

func read(ctx context.Context, r db.Reader, query string, args ...any) ([]Limit, error) {
	var out []Limit
	err := r.Rows(ctx, query, func(scan func(...any) error) error {
		var l Limit
		var at int64
		if err := scan(&l.ID, &l.Version, &l.Kind, &l.Subject, &l.Group, &l.Period, &l.Unit, &l.Most, &l.Ask, &l.Holds, &l.Reason, &l.By, &at); err != nil {
			return err
		}
		l.At = clock.Time(at)
		out = append(out, l)
		return nil
	}, args...)
	return out, err
}

// current lists the limits that hold: the organisation's first, then teams, keys and people, what is set for each before what is set for one.
func current(ctx context.Context, r db.Reader) ([]Limit, error) {
	return read(ctx, r, columns+newest+` AND l.holds
ORDER BY CASE l.kind WHEN 'organisation' THEN 0 WHEN 'team' THEN 1 WHEN 'key' THEN 2 ELSE 3 END, l.subject, l.model_group,
  CASE l.period WHEN 'day' THEN 0 WHEN 'week' THEN 1 WHEN 'month' THEN 2 ELSE 3 END, l.unit, l.id`)
}

// versions lists the versions of a limit, the newest first.
func versions(ctx context.Context, r db.Reader, id string) ([]Limit, error) {
	return read(ctx, r, columns+` AND l.id = $2 ORDER BY l.version DESC`, id)
}

// lately lists versions of all limits, the newest first.
func lately(ctx context.Context, r db.Reader, most int) ([]Limit, error) {
	return read(ctx, r, columns+` ORDER BY l.at DESC, l.id, l.version DESC LIMIT $2`, most)
}

// at returns the newest version of the limit of a place, also one that takes it away; ok is false when there never was one.
func at(ctx context.Context, r db.Reader, p *Place) (l Limit, ok bool, err error) {
	list, err := read(ctx, r, columns+newest+` AND l.kind = $2 AND l.subject = $3 AND l.model_group = $4 AND l.period = $5 AND l.unit = $6`,
		string(p.Kind), p.Subject, p.Group, string(p.Period), string(p.Unit))
	if err != nil || len(list) == 0 {
		return Limit{}, false, err
	}
	return list[0], true, nil
}

func insert(ctx context.Context, s *db.Scope, l *Limit) error {
	_, err := s.Exec(ctx, `INSERT INTO gateway_limits (tenant_id, id, version, kind, subject, model_group, period, unit, most, ask, holds, reason, account_id, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`, l.ID, l.Version, string(l.Kind), l.Subject, l.Group, string(l.Period), string(l.Unit), l.Most, l.Ask, l.Holds,
		l.Reason, l.By, clock.Micros(l.At))
	return err
}

const ownColumns = `SELECT account_id, period, unit, most, changed_at FROM gateway_own_limits WHERE tenant_id = $1`

func readOwn(ctx context.Context, r db.Reader, query string, args ...any) (map[string][]Own, error) {
	out := map[string][]Own{}
	err := r.Rows(ctx, query+` ORDER BY account_id, CASE period WHEN 'day' THEN 0 WHEN 'week' THEN 1 WHEN 'month' THEN 2 ELSE 3 END, unit`, func(scan func(...any) error) error {
		var account string
		var o Own
		var changed int64
		if err := scan(&account, &o.Period, &o.Unit, &o.Most, &changed); err != nil {
			return err
		}
		o.Changed = clock.Time(changed)
		out[account] = append(out[account], o)
		return nil
	}, args...)
	return out, err
}

func allOwn(ctx context.Context, r db.Reader) (map[string][]Own, error) {
	return readOwn(ctx, r, ownColumns)
}

func ownOf(ctx context.Context, r db.Reader, account string) ([]Own, error) {
	all, err := readOwn(ctx, r, ownColumns+` AND account_id = $2`, account)
	return all[account], err
}

func putOwn(ctx context.Context, s *db.Scope, account string, o *Own) error {
	_, err := s.Exec(ctx, `INSERT INTO gateway_own_limits (tenant_id, account_id, period, unit, most, changed_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (tenant_id, account_id, period, unit) DO UPDATE SET most = excluded.most, changed_at = excluded.changed_at`,
		account, string(o.Period), string(o.Unit), o.Most, clock.Micros(o.Changed))
	return err
}

func dropOwn(ctx context.Context, s *db.Scope, account, period, unit string) (bool, error) {
	n, err := s.Exec(ctx, `DELETE FROM gateway_own_limits WHERE tenant_id = $1 AND account_id = $2 AND period = $3 AND unit = $4`, account, period, unit)
	return n > 0, err
}

const warningColumns = `SELECT limit_id, kind, subject, account_id, level, until, period, own, at FROM gateway_warnings WHERE tenant_id = $1`

func readWarnings(ctx context.Context, r db.Reader, query string, args ...any) ([]Warning, error) {
	var out []Warning
	err := r.Rows(ctx, query, func(scan func(...any) error) error {
		var w Warning
		var until, at int64
		if err := scan(&w.Limit, &w.Kind, &w.Subject, &w.Account, &w.Level, &until, &w.Period, &w.Own, &at); err != nil {
			return err
		}
		w.Until, w.At = clock.Time(until), clock.Time(at)
		if until == 0 {
			w.Until = time.Time{}
		}
		out = append(out, w)
		return nil
	}, args...)
	return out, err
}

// unseen lists the warnings that hold and that an account has not seen: its own, or those that are shared.
func unseen(ctx context.Context, r db.Reader, account string, shared bool, now time.Time) ([]Warning, error) {
	whose := account
	if shared {
		whose = ""
	}
	return readWarnings(ctx, r, warningColumns+` AND account_id = $2 AND (until = 0 OR until > $3)
  AND at > COALESCE((SELECT s.at FROM gateway_warnings_seen s WHERE s.tenant_id = $1 AND s.account_id = $4 AND s.about = $5), 0)
ORDER BY level DESC, at DESC, limit_id, subject`, whose, clock.Micros(now), account, about(shared))
}

// about is how the store calls warnings of one person, and those that are shared.
func about(shared bool) string {
	if shared {
		return "shared"
	}
	return "own"
}

// insertWarning notes a warning; it tells whether it is new.
func insertWarning(ctx context.Context, s *db.Scope, w *Warning) (bool, error) {
	var until int64
	if !w.Until.IsZero() {
		until = clock.Micros(w.Until)
	}
	n, err := s.Exec(ctx, `INSERT INTO gateway_warnings (tenant_id, limit_id, subject, account_id, level, until, kind, period, own, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING`, w.Limit, w.Subject, w.Account, int64(w.Level), until, string(w.Kind), string(w.Period), w.Own, clock.Micros(w.At))
	return n > 0, err
}

func markSeen(ctx context.Context, s *db.Scope, account string, shared bool, at time.Time) error {
	_, err := s.Exec(ctx, `INSERT INTO gateway_warnings_seen (tenant_id, account_id, about, at) VALUES ($1, $2, $3, $4)
ON CONFLICT (tenant_id, account_id, about) DO UPDATE SET at = excluded.at`, account, about(shared), clock.Micros(at))
	return err
}
