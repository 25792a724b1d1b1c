package store

import (
	"context"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/people/org"
	"tekentafel/internal/tenant"
)

// Erase deletes a person in the transaction of s: every version, every post, and who read what. Others whose manager it was have
// none then, in every version, and units no head. It is no revision and cannot be undone. What the files of imports, their previews
// and decisions say is not touched. It tells whether there was such a person; the error is a *BusyError while a large change is
// under way, which might bring the person back.
func Erase(ctx context.Context, s *db.Scope, now time.Time, person string) (bool, error) {
	h, err := Head(ctx, s.Reader)
	if err != nil {
		return false, err
	}
	if err := h.free(now); err != nil {
		return false, err
	}
	n, err := s.Exec(ctx, `DELETE FROM people_staff WHERE tenant_id = $1 AND id = $2`, person)
	if err != nil {
		return false, err
	}
	for _, statement := range []string{
		`DELETE FROM people_posts WHERE tenant_id = $1 AND person_id = $2`,
		`DELETE FROM people_reads WHERE tenant_id = $1 AND person_id = $2`,
		`UPDATE people_staff SET manager_id = '' WHERE tenant_id = $1 AND manager_id = $2 AND manager_id <> ''`,
		`UPDATE people_units SET head_id = '' WHERE tenant_id = $1 AND head_id = $2 AND head_id <> ''`,
	} {
		if _, err := s.Exec(ctx, statement, person); err != nil {
			return false, err
		}
	}
	return n > 0, nil
}

// purgeRows is how many people are deleted in a transaction.
const purgeRows = 200

// Purge deletes, as Erase does, the people who went out of service on a day before day, and those of whom nobody knows the day and
// who are out since a revision made before a moment. each runs in each transaction with the ids that go; nil for nothing. It
// returns how many went. Errors are those of Erase, of each and of the store; who went before stays away.
func Purge(ctx context.Context, d *db.DB, t tenant.ID, now clock.Clock, day org.Date, before time.Time, each func(*db.Scope, []string) error) (int64, error) {
	var gone int64
	after := ""
	err := inBatches(ctx, d, t, func(s *db.Scope) (int64, error) {
		ids, err := goers(ctx, s, day, before, after, purgeRows)
		if err != nil || len(ids) == 0 {
			return 0, err
		}
		for _, id := range ids {
			if _, err := Erase(ctx, s, now(), id); err != nil {
				return 0, err
			}
		}
		if each != nil {
			if err := each(s, ids); err != nil {
				return 0, err
			}
		}
		s.AfterCommit(func() {
			gone += int64(len(ids))
			after = ids[len(ids)-1]
		})
		return int64(len(ids)), nil
	})
	return gone, err
}

// goers returns some people whom Purge deletes, in order of id from behind after on.
func goers(ctx context.Context, s *db.Scope, day org.Date, before time.Time, after string, limit int) ([]string, error) {
	h, err := Head(ctx, s.Reader)
	if err != nil {
		return nil, err
	}
	var ids []string
	err = s.Rows(ctx, `SELECT id FROM people_staff WHERE tenant_id = $1 AND `+visible+` AND is_out = TRUE AND id > $5 AND (to_day > 0 AND to_day < $3
OR to_day = 0 AND EXISTS (SELECT 1 FROM people_revisions v WHERE v.tenant_id = $1 AND v.seq = people_staff.since AND v.at < $4)) ORDER BY id LIMIT $6`,
		func(scan func(...any) error) error {
			var id string
			err := scan(&id)
			ids = append(ids, id)
			return err
		}, h.Current, int64(day), clock.Micros(before), after, limit)
	return ids, err
}
