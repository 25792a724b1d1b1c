package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
)

// Standing says which revision stands in an organisation and what is under way.
type Standing struct {
	Current int64     // 0 before the first
	Oldest  int64     // the oldest revision that can be undone; what stood before Oldest-1 cannot be read any more
	Pending int64     // that is being written; 0: none
	Lease   time.Time // when its writer counts as dead

	owner string
}

// Head returns which revision stands. Take it once and read everything at Current.
func Head(ctx context.Context, r db.Reader) (Standing, error) {
	s := Standing{Oldest: 1}
	var lease int64
	err := r.Row(ctx, `SELECT current, oldest, pending, lease_until, owner FROM people_heads WHERE tenant_id = $1`, nil, &s.Current, &s.Oldest, &s.Pending, &lease, &s.owner)
	if errors.Is(err, db.ErrNoRow) {
		return s, nil
	}
	s.Lease = clock.Time(lease)
	return s, err
}

// Errors that callers tell apart.
var (
	// ErrBusy says that another change is under way in this organisation; a *BusyError says until when at most.
	ErrBusy = errors.New("another change of the organisation is under way")
	// ErrLost says that a change took longer than its lease and another took its place, or that it was ended; nothing of it counts.
	ErrLost = errors.New("this change of the organisation was given up")
	// ErrPruned says that what is asked for is older than what is kept.
	ErrPruned = errors.New("this revision is older than what is kept")
	// ErrNoRevision says that there is no such revision.
	ErrNoRevision = errors.New("no such revision")
	// ErrUndone says that the revision was undone before.
	ErrUndone = errors.New("this revision is undone already")
	// ErrChanged says that the row changed since it was read.
	ErrChanged = errors.New("this was changed meanwhile")
)

// BusyError says until when at most a change is under way. It is an ErrBusy.
type BusyError struct {
	Until time.Time
	// Abandoned says that Until has passed: the writer is dead, and Sweep takes away what it left.
	Abandoned bool
}

// Error implements error.
func (e *BusyError) Error() string {
	if e.Abandoned {
		return fmt.Sprintf("%v: it was abandoned at %s and must be swept away first", ErrBusy, e.Until.Format(time.RFC3339))
	}
	return fmt.Sprintf("%v until %s at most; try again then", ErrBusy, e.Until.Format(time.RFC3339))
}

// Is tells that this is an ErrBusy.
func (e *BusyError) Is(target error) bool { return target == ErrBusy }

// free refuses while a revision is being written.
func (s *Standing) free(now time.Time) error {
	if s.Pending == 0 {
		return nil
	}
	return &BusyError{Until: s.Lease, Abandoned: !now.Before(s.Lease)}
}

// readable refuses a revision that does not stand yet or of which versions are gone.
func (s *Standing) readable(at int64) error {
	switch {
	case at < 0 || at > s.Current:
		return fmt.Errorf("%w: %d; the last is %d", ErrNoRevision, at, s.Current)
	case at < s.Oldest-1:
		return fmt.Errorf("%w: %d; the oldest that can be read is %d", ErrPruned, at, s.Oldest-1)
	}
	return nil
}
