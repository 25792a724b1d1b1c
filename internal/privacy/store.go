package privacy

import (
	"context"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
)

// readPeriods returns the periods that an organisation set, in days by kind.
func readPeriods(ctx context.Context, r db.Reader) (map[string]int, error) {
	out := map[string]int{}
	err := r.Rows(ctx, `SELECT kind, days FROM retention WHERE tenant_id = $1`, func(scan func(...any) error) error {
		var kind string
		var days int
		err := scan(&kind, &days)
		out[kind] = days
		return err
	})
	return out, err
}

func writePeriod(ctx context.Context, s *db.Scope, kind string, days int, now time.Time) error {
	_, err := s.Exec(ctx, `INSERT INTO retention (tenant_id, kind, days, changed_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (tenant_id, kind) DO UPDATE SET days = excluded.days, changed_at = excluded.changed_at`, kind, days, clock.Micros(now))
	return err
}

// keysOf returns the keys of the forms that an account sent, with when.
func keysOf(ctx context.Context, r db.Reader, account string, each func(key string, at time.Time)) error {
	return r.Rows(ctx, `SELECT key, created_at FROM asked WHERE tenant_id = $1 AND SUBSTR(key, 1, LENGTH($2)) = $2 ORDER BY created_at DESC`,
		func(scan func(...any) error) error {
			var key string
			var at int64
			err := scan(&key, &at)
			each(key, clock.Time(at))
			return err
		}, account+":")
}

func forgetKeys(ctx context.Context, s *db.Scope, account string) error {
	_, err := s.Exec(ctx, `DELETE FROM asked WHERE tenant_id = $1 AND SUBSTR(key, 1, LENGTH($2)) = $2`, account+":")
	return err
}

// jobsOf returns the work that an account asked for or that is about it.
func jobsOf(ctx context.Context, r db.Reader, account string, each func(id, kind string, at time.Time)) error {
	return r.Rows(ctx, `SELECT id, kind, created_at FROM jobs WHERE tenant_id = $1 AND (account_id = $2 OR subject = $2) ORDER BY id DESC`,
		func(scan func(...any) error) error {
			var id, kind string
			var at int64
			err := scan(&id, &kind, &at)
			each(id, kind, clock.Time(at))
			return err
		}, account)
}

func forgetJobs(ctx context.Context, s *db.Scope, account string) error {
	if _, err := s.Exec(ctx, `UPDATE jobs SET account_id = '' WHERE tenant_id = $1 AND account_id = $2`, account); err != nil {
		return err
	}
	_, err := s.Exec(ctx, `UPDATE jobs SET subject = '' WHERE tenant_id = $1 AND subject = $2`, account)
	return err
}
