package store

import (
	"context"
	"errors"
	"slices"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/id"
	"tekentafel/internal/people/org"
	"tekentafel/internal/tenant"
)

// Lease is how long the writer of a revision counts as alive after its last sign. Each batch of Put and End is one.
const Lease = 2 * time.Minute

// largeRows is how many rows of a change are written before the store makes room for it.
const largeRows = 10 * batchRows

// manyRows is from how many rows of a change on the engine looks anew at how its tables are filled.
const manyRows = 2 * batchRows

// Change is a revision that is being written: nobody sees it before Apply. It is not safe for concurrent use.
type Change struct {
	db       *db.DB
	tenant   tenant.ID
	now      clock.Clock
	revision Revision
	owner    string
	base     int64 // what stands while it is written
	renewed  time.Time
	over     bool   // applied, aborted or lost
	back     func() // gives back what a large change asked of the store; nil where it asked for nothing
}

// Begin starts a revision of an organisation, of which Kind, Import, Account, Note and Undoes count. What an earlier one left that
// was abandoned is swept away first. The error is a *BusyError when another is under way. The caller sees to it that Apply or Abort
// is called; Abort after Apply does nothing.
func Begin(ctx context.Context, d *db.DB, t tenant.ID, now clock.Clock, v Revision) (*Change, error) {
	c := &Change{db: d, tenant: t, now: now, revision: v, owner: id.Token()}
	begin := func() error {
		return d.Write(ctx, t, func(s *db.Scope) error {
			if err := headRow(ctx, s); err != nil {
				return err
			}
			h, err := Head(ctx, s.Reader)
			if err != nil {
				return err
			}
			at := now()
			if err := h.free(at); err != nil {
				return err
			}
			c.base, c.renewed = h.Current, at
			_, err = s.Exec(ctx, `UPDATE people_heads SET pending = current + 1, owner = $2, lease_until = $3 WHERE tenant_id = $1`,
				c.owner, clock.Micros(at.Add(Lease)))
			return err
		})
	}
	err := begin()
	if busy := (*BusyError)(nil); errors.As(err, &busy) && busy.Abandoned {
		if _, err := Sweep(ctx, d, t, now); err != nil {
			return nil, err
		}
		err = begin()
	}
	if err != nil {
		return nil, err
	}
	c.revision.Seq = c.base + 1
	return c, nil
}

// Seq returns the number of the revision.
func (c *Change) Seq() int64 { return c.revision.Seq }

// Base returns the revision that stands while this one is written, and to which it applies.
func (c *Change) Base() int64 { return c.base }

// Put writes rows, in the place of those with the same id, in transactions of some thousand rows. Put of the same row again counts
// in the place of the first. The error is ErrLost when the change was given up. After any error only Abort is of use.
func (c *Change) Put(ctx context.Context, rows *org.Organisation) error {
	n := batchRows
	if c.back != nil {
		n = roomyRows
	}
	for _, part := range batches(rows, n) {
		how := how{fresh: c.base == 0, once: true}
		do := func(s *db.Scope) error { return putAll(ctx, s, c.Seq(), &part, how) }
		err := c.write(ctx, do)
		if errors.Is(err, db.ErrExists) { // one of them was put before
			how.once = false
			err = c.write(ctx, do)
		}
		if err != nil {
			return err
		}
		c.revision.Put += size(&part)
		if c.back == nil && c.revision.Put >= largeRows {
			if c.back, err = c.db.Roomy(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// release gives back what the change asked of the store.
func (c *Change) release() {
	if c.back != nil {
		c.back()
		c.back = nil
	}
}

// End ends the rows of a kind with these ids; one that does not stand is passed over. Errors are those of Put.
func (c *Change) End(ctx context.Context, kind Kind, ids []string) error {
	name, err := tableName(kind)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(ids, batchRows) {
		var n int64
		err := c.write(ctx, func(s *db.Scope) (err error) {
			n, err = end(ctx, s, name, c.Seq(), part)
			return err
		})
		if err != nil {
			return err
		}
		c.revision.Ended += n
	}
	return nil
}

// Renew says that the writer lives, for work between two calls of Put that may take longer than a part of the Lease. It writes
// only when some time has passed since the last sign of life.
func (c *Change) Renew(ctx context.Context) error {
	if c.now().Sub(c.renewed) < Lease/8 {
		return nil
	}
	return c.write(ctx, func(*db.Scope) error { return nil })
}

// Apply lets the revision stand and does what also adds, in one transaction. When it fails the change is still pending, and may be
// applied again or aborted. After db.ErrUnreachable it may stand or not: Head says so.
func (c *Change) Apply(ctx context.Context, also func(*db.Scope) error) error {
	if c.over {
		return ErrLost
	}
	v := c.revision
	v.At = c.now()
	if v.Put+v.Ended >= manyRows {
		if err := c.db.Analyze(ctx, unitTable.name, functionTable.name, personTable.name, postTable.name); err != nil {
			return err
		}
	}
	err := c.db.Write(ctx, c.tenant, func(s *db.Scope) error {
		if err := hold(ctx, s, c.owner, c.now()); err != nil {
			return err
		}
		if err := record(ctx, s, v); err != nil {
			return err
		}
		if also == nil {
			return nil
		}
		return also(s)
	})
	if err == nil || errors.Is(err, ErrLost) {
		c.over = true
		c.release()
	}
	return err
}

// Abort takes away what was written. It does nothing after Apply, or when the change was lost to another. When it fails, the next
// change sweeps. It works also when ctx has ended.
func (c *Change) Abort(ctx context.Context) error {
	if c.over {
		return nil
	}
	ctx = context.WithoutCancel(ctx)
	err := sweep(ctx, c.db, c.tenant, c.now, c.owner, c.Seq())
	if errors.Is(err, ErrLost) {
		err = nil
	}
	if err == nil {
		c.over = true
	}
	c.release()
	return err
}

// write does a part of the change, as long as it is ours.
func (c *Change) write(ctx context.Context, do func(*db.Scope) error) error {
	if c.over {
		return ErrLost
	}
	at := c.now()
	err := c.db.Write(ctx, c.tenant, func(s *db.Scope) error {
		if err := hold(ctx, s, c.owner, at); err != nil {
			return err
		}
		return do(s)
	})
	if err == nil {
		c.renewed = at
	}
	return err
}

// hold renews the lease of an owner; ErrLost when the pending revision is another's. It writes, so that of two who believe that it
// is theirs one loses.
func hold(ctx context.Context, s *db.Scope, owner string, now time.Time) error {
	n, err := s.Exec(ctx, `UPDATE people_heads SET lease_until = $3 WHERE tenant_id = $1 AND owner = $2 AND pending <> 0`, owner, clock.Micros(now.Add(Lease)))
	if err == nil && n != 1 {
		err = ErrLost
	}
	return err
}
