package store

import (
	"context"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
)

// PutOff keeps since when an account put off deciding on proposals; one that was put off before is put off anew.
func PutOff(ctx context.Context, s *db.Scope, account string, kind Subject, proposals []string, now time.Time) error {
	for _, p := range proposals {
		if _, err := s.Exec(ctx, `INSERT INTO people_later (tenant_id, account_id, kind, proposal, at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (tenant_id, account_id, kind, proposal) DO UPDATE SET at = excluded.at`, account, string(kind), p, clock.Micros(now)); err != nil {
			return err
		}
	}
	return nil
}

// PutOffs returns since when an account put off deciding on which proposals of a subject.
func PutOffs(ctx context.Context, r db.Reader, account string, kind Subject) (map[string]time.Time, error) {
	out := map[string]time.Time{}
	err := r.Rows(ctx, `SELECT proposal, at FROM people_later WHERE tenant_id = $1 AND account_id = $2 AND kind = $3`, func(scan func(...any) error) error {
		var proposal string
		var at int64
		err := scan(&proposal, &at)
		out[proposal] = clock.Time(at)
		return err
	}, account, string(kind))
	return out, err
}

// TakeUp forgets that an account put off deciding on a proposal, or on all of a subject for "".
func TakeUp(ctx context.Context, s *db.Scope, account string, kind Subject, proposal string) error {
	_, err := s.Exec(ctx, `DELETE FROM people_later WHERE tenant_id = $1 AND account_id = $2 AND kind = $3 AND ($4 = '' OR proposal = $4)`, account, string(kind), proposal)
	return err
}

// TakeUpOld forgets what an account put off before a moment: its proposals are decided on, gone or others by then.
func TakeUpOld(ctx context.Context, s *db.Scope, account string, before time.Time) error {
	_, err := s.Exec(ctx, `DELETE FROM people_later WHERE tenant_id = $1 AND account_id = $2 AND at < $3`, account, clock.Micros(before))
	return err
}
