package store

import (
	"context"
	"errors"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/people/org"
	"tekentafel/internal/tenant"
)

// Editor writes a small revision inside a transaction of its caller.
type Editor struct {
	s   *db.Scope
	seq int64
}

// Edit starts a revision that stands as soon as the transaction of s is committed, for a change of some hundred rows at most. Of v
// count Kind, Import, Account, Note and Undoes. The error is a *BusyError while a large change is under way, or while what one
// left was not swept away yet (Abandoned; EditNow does that by itself).
func Edit(ctx context.Context, s *db.Scope, now time.Time, v Revision) (*Editor, error) {
	if err := headRow(ctx, s); err != nil {
		return nil, err
	}
	h, err := Head(ctx, s.Reader)
	if err != nil {
		return nil, err
	}
	if err := h.free(now); err != nil {
		return nil, err
	}
	v.Seq, v.At, v.Put, v.Ended = h.Current+1, now, 0, 0
	if err := record(ctx, s, v); err != nil {
		return nil, err
	}
	return &Editor{s: s, seq: v.Seq}, nil
}

// EditNow makes a small revision in a transaction of its own, after what an abandoned change left is swept away.
func EditNow(ctx context.Context, d *db.DB, t tenant.ID, now clock.Clock, v Revision, change func(*db.Scope, *Editor) error) error {
	edit := func() error {
		return d.Write(ctx, t, func(s *db.Scope) error {
			e, err := Edit(ctx, s, now(), v)
			if err != nil {
				return err
			}
			return change(s, e)
		})
	}
	err := edit()
	if busy := (*BusyError)(nil); errors.As(err, &busy) && busy.Abandoned {
		if _, err := Sweep(ctx, d, t, now); err != nil {
			return err
		}
		err = edit()
	}
	return err
}

// Seq returns the number of the revision. What stood before is Seq-1.
func (e *Editor) Seq() int64 { return e.seq }

// Put writes rows, in the place of those with the same id.
func (e *Editor) Put(ctx context.Context, rows *org.Organisation) error {
	if err := putAll(ctx, e.s, e.seq, rows, how{}); err != nil {
		return err
	}
	return e.count(ctx, size(rows), 0)
}

// End ends the rows of a kind with these ids; one that does not stand is passed over.
func (e *Editor) End(ctx context.Context, kind Kind, ids ...string) error {
	name, err := tableName(kind)
	if err != nil {
		return err
	}
	n, err := end(ctx, e.s, name, e.seq, ids)
	if err != nil {
		return err
	}
	return e.count(ctx, 0, n)
}

func (e *Editor) count(ctx context.Context, put, ended int64) error {
	_, err := e.s.Exec(ctx, `UPDATE people_revisions SET put = put + $3, ended = ended + $4 WHERE tenant_id = $1 AND seq = $2`, e.seq, put, ended)
	return err
}
