package web

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"tekentafel/internal/clock"
)

// limiter counts requests per address in token buckets and forgets addresses that have been quiet.
type limiter struct {
	now   clock.Clock
	every rate.Limit
	burst int

	mu      sync.Mutex
	buckets map[netip.Addr]*bucket
	swept   time.Time
}

type bucket struct {
	tokens *rate.Limiter
	seen   time.Time
}

// quiet is how long an address is remembered; a bucket is full again long before.
const quiet = 10 * time.Minute

func newLimiter(now clock.Clock, perMinute float64, burst int) *limiter {
	return &limiter{now: now, every: rate.Limit(perMinute / 60), burst: burst, buckets: map[netip.Addr]*bucket{}}
}

// allow takes a token for an address; when there is none it returns how long to wait.
func (l *limiter) allow(a netip.Addr) (wait time.Duration, ok bool) {
	now := l.now()
	b := l.bucket(network(a), now)
	r := b.ReserveN(now, 1)
	if wait = r.DelayFrom(now); wait > 0 {
		r.CancelAt(now)
		return wait, false
	}
	return 0, true
}

func (l *limiter) bucket(a netip.Addr, now time.Time) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Sub(l.swept).Abs() > quiet {
		for k, b := range l.buckets {
			if now.Sub(b.seen).Abs() > quiet {
				delete(l.buckets, k)
			}
		}
		l.swept = now
	}
	b := l.buckets[a]
	if b == nil {
		b = &bucket{tokens: rate.NewLimiter(l.every, l.burst)}
		l.buckets[a] = b
	}
	b.seen = now
	return b.tokens
}

// network returns the part of an address that one subscriber has: IPv6 gives each a /64.
func network(a netip.Addr) netip.Addr {
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.Addr()
		}
	}
	return a
}
