package urn

import (
	"errors"

	"tekentafel/internal/problem"
)

// Errors that callers tell apart. Each comes inside a *problem.Problem of the kind named here, without words of its own.
var (
	// ErrDrawn says that the person drew another ballot before (kind Conflict).
	ErrDrawn = errors.New("this person drew another ballot before")
	// ErrClosed says that the wave takes nothing now (kind Gone).
	ErrClosed = errors.New("the wave takes no answers now")
	// ErrNobody says that the frame of the wave holds no such person (kind NotFound).
	ErrNobody = errors.New("no such person in the frame of the wave")
	// ErrStratum says that the wave has no key for this stratum (kind Invalid).
	ErrStratum = errors.New("the wave has no such stratum")
	// ErrBusy says that more wait than can be served soon; nothing was done (kind Unavailable, with RetryAfter).
	ErrBusy = errors.New("too many are being served")
)

// retryAfter is how many seconds one waits who is told ErrBusy.
const retryAfter = 3

// refused wraps one of the errors above in a problem.
func refused(err error) error {
	kind := problem.Conflict
	switch {
	case errors.Is(err, ErrClosed):
		kind = problem.Gone
	case errors.Is(err, ErrNobody):
		kind = problem.NotFound
	case errors.Is(err, ErrStratum):
		kind = problem.Invalid
	case errors.Is(err, ErrBusy):
		return (&problem.Problem{Kind: problem.Unavailable, Err: err}).After(retryAfter)
	}
	return &problem.Problem{Kind: kind, Err: err}
}
