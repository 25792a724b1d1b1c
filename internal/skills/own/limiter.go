package own

import (
	"net/netip"
	"sync"
	"time"

	"tekentafel/internal/clock"
)

// How many codes under which nothing lies one network may try, and in which time. A town hall behind one address mistypes few: the sign
// that checks a code finds the others before they count. A code has 75 bits, so that many times more would find none.
const (
	mostWrong = 60
	wrongFor  = 10 * time.Minute
)

// guesses counts wrong codes in memory, by network alone. Right ones never count. It is safe for concurrent use.
type guesses struct {
	now clock.Clock

	mu    sync.Mutex
	by    map[netip.Addr]tally
	swept time.Time
}

// tally counts within a while that starts with its first wrong code.
type tally struct {
	since time.Time
	count int
}

func newGuesses(now clock.Clock) *guesses { return &guesses{now: now, by: map[netip.Addr]tally{}} }

// wait returns how long an address must wait before it may try again; 0 when it need not.
func (g *guesses) wait(from netip.Addr) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	t := g.by[network(from)]
	passed := g.now().Sub(t.since).Abs() // a clock that was set back keeps nobody out for longer
	if t.count < mostWrong {
		return 0
	}
	return max(0, wrongFor-passed)
}

// wrong counts a wrong code.
func (g *guesses) wrong(from netip.Addr) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	if now.Sub(g.swept).Abs() > wrongFor {
		for k, t := range g.by {
			if now.Sub(t.since).Abs() >= wrongFor {
				delete(g.by, k)
			}
		}
		g.swept = now
	}
	t, known := g.by[network(from)]
	if !known || now.Sub(t.since).Abs() >= wrongFor {
		t = tally{since: now}
	}
	t.count++
	g.by[network(from)] = t
}

// network returns the part of an address that one subscriber has: IPv6 gives each a /64.
func network(a netip.Addr) netip.Addr {
	if a.Is6() && !a.Is4In6() {
		if p, err := a.Prefix(64); err == nil {
			return p.Addr()
		}
	}
	return a.Unmap()
}
