package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/id"
	"tekentafel/internal/tenant"
)

// Sweep takes away what an abandoned change left, in many small transactions, and tells whether there was one. A change whose
// writer lives is left alone. Begin and EditNow call it; a job may do so earlier.
func Sweep(ctx context.Context, d *db.DB, t tenant.ID, now clock.Clock) (bool, error) {
	owner, seq := id.Token(), int64(0)
	err := d.Write(ctx, t, func(s *db.Scope) error {
		h, err := Head(ctx, s.Reader)
		if err != nil {
			return err
		}
		seq = 0
		if h.Pending == 0 || now().Before(h.Lease) {
			return nil
		}
		seq = h.Pending
		_, err = s.Exec(ctx, `UPDATE people_heads SET owner = $2, lease_until = $3 WHERE tenant_id = $1`, owner, clock.Micros(now().Add(Lease)))
		return err
	})
	if err != nil || seq == 0 {
		return false, err
	}
	err = sweep(ctx, d, t, now, owner, seq)
	if errors.Is(err, ErrLost) {
		return false, nil // another sweeps
	}
	return err == nil, err
}

// sweep takes away what was written under the number of a pending revision and frees the head. A unary plus keeps a condition
// from choosing the index: the rows are found by the ids beside it.
func sweep(ctx context.Context, d *db.DB, t tenant.ID, now clock.Clock, owner string, seq int64) error {
	for _, kind := range Kinds() {
		name, err := tableName(kind)
		if err != nil {
			return err
		}
		for _, statement := range []string{
			`DELETE FROM ` + name + ` WHERE tenant_id = $1 AND +since = $2 AND id IN (
SELECT id FROM ` + name + ` WHERE tenant_id = $1 AND since = $2 LIMIT $3)`,
			`UPDATE ` + name + ` SET until = ` + fmt.Sprint(int64(open)) + ` WHERE tenant_id = $1 AND +until = $2 AND id IN (
SELECT id FROM ` + name + ` WHERE tenant_id = $1 AND until = $2 AND ` + isEnded + ` LIMIT $3)`,
		} {
			if err := inBatches(ctx, d, t, func(s *db.Scope) (int64, error) {
				if err := hold(ctx, s, owner, now()); err != nil {
					return 0, err
				}
				return s.Exec(ctx, statement, seq, batchRows)
			}); err != nil {
				return err
			}
		}
	}
	return d.Write(ctx, t, func(s *db.Scope) error {
		n, err := s.Exec(ctx, `UPDATE people_heads SET pending = 0, owner = '', lease_until = 0 WHERE tenant_id = $1 AND owner = $2`, owner)
		if err == nil && n != 1 {
			err = ErrLost
		}
		return err
	})
}

// inBatches does a part of a work, a transaction each, until one had nothing to do.
func inBatches(ctx context.Context, d *db.DB, t tenant.ID, part func(*db.Scope) (int64, error)) error {
	for {
		var n int64
		err := d.Write(ctx, t, func(s *db.Scope) (err error) {
			n, err = part(s)
			return err
		})
		if err != nil || n == 0 {
			return err
		}
	}
}

// Prune takes away the versions that ended in revisions made before a moment, which cannot be undone or read from then on, and
// returns how many. What stands, and what stood just before the oldest revision that is left, stays.
func Prune(ctx context.Context, d *db.DB, t tenant.ID, before time.Time) (int64, error) {
	oldest := int64(0)
	err := d.Write(ctx, t, func(s *db.Scope) error {
		h, err := Head(ctx, s.Reader)
		if err != nil || h.Current == 0 {
			oldest = h.Oldest
			return err
		}
		err = s.Row(ctx, `SELECT COALESCE(MIN(seq), $2) FROM people_revisions WHERE tenant_id = $1 AND at >= $3`, []any{h.Current + 1, clock.Micros(before)}, &oldest)
		if err != nil {
			return err
		}
		oldest = max(oldest, h.Oldest)
		_, err = s.Exec(ctx, `UPDATE people_heads SET oldest = $2 WHERE tenant_id = $1`, oldest)
		return err
	})
	if err != nil {
		return 0, err
	}
	var gone int64
	for _, kind := range Kinds() {
		name, err := tableName(kind)
		if err != nil {
			return gone, err
		}
		err = inBatches(ctx, d, t, func(s *db.Scope) (int64, error) {
			n, err := s.Exec(ctx, `DELETE FROM `+name+` WHERE tenant_id = $1 AND +until < $2 AND id IN (
SELECT id FROM `+name+` WHERE tenant_id = $1 AND until < $2 AND `+isEnded+` LIMIT $3)`, oldest, batchRows)
			gone += n
			return n, err
		})
		if err != nil {
			return gone, err
		}
	}
	return gone, nil
}
