package backend

import (
	"sync"
	"time"
)

// breaker remembers how a backend, or a model on it, fares. After failures it rests; when the rest is over one request tries, and the others pass by
// until that one is done.
type breaker struct {
	mu     sync.Mutex
	failed int // in a row
	since  time.Time
	until  time.Time
	trying bool
	reason Reason
}

// Times of rest.
const (
	firstRest = 2 * time.Second
	mostRest  = 30 * time.Second
	longRest  = 5 * time.Minute // the most that a server gets by asking for it
)

// may tells whether a request may go there now, and how long it would have to wait when not. Who may must say how it went: well, fail or nothing.
func (b *breaker) may(now time.Time) (bool, time.Duration, Reason) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.until.IsZero():
		return true, 0, ""
	case now.Before(b.until):
		return false, b.until.Sub(now), b.reason
	case b.trying:
		return false, firstRest, b.reason
	}
	b.trying = true
	return true, 0, ""
}

func (b *breaker) well() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failed, b.until, b.since, b.trying, b.reason = 0, time.Time{}, time.Time{}, false, ""
}

// nothing says that a request ended without telling how the backend fares.
func (b *breaker) nothing() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.trying = false
}

// fail counts a failure. More than tolerated in a row, or any during a try, make it rest, at least as long as asked.
func (b *breaker) fail(now time.Time, reason Reason, tolerated int, asked time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failed == 0 {
		b.since = now
	}
	b.failed++
	b.reason, b.trying = reason, false
	if b.failed <= tolerated && asked == 0 && b.until.IsZero() {
		return
	}
	rest := mostRest
	if over := b.failed - tolerated - 1; over < 4 {
		rest = min(mostRest, firstRest<<max(0, over))
	}
	if asked > 0 {
		rest = min(asked, longRest)
	}
	if until := now.Add(rest); until.After(b.until) {
		b.until = until
	}
}

func (b *breaker) health(now time.Time) (State, Reason, time.Time, time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.until.IsZero() && b.failed == 0:
		return Well, "", time.Time{}, time.Time{}
	case b.until.IsZero():
		return Well, b.reason, b.since, time.Time{}
	case now.Before(b.until):
		return Resting, b.reason, b.since, b.until
	default:
		return Trying, b.reason, b.since, b.until
	}
}
