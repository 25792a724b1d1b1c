package answering

import (
	"net/netip"
	"sync"
	"time"

	"tekentafel/internal/clock"
)

// How many wrong PINs one address may try for one wave, and in which time. A town hall behind one address mistypes a few; a
// PIN has 50 bits, so even many times more would find none.
const (
	mostWrong = 100
	wrongFor  = 10 * time.Minute
)

// guesses counts wrong PINs. Right ones never count. It is safe for concurrent use.
type guesses struct {
	now clock.Clock

	mu    sync.Mutex
	by    map[guesser]*tally
	swept time.Time
}

type guesser struct {
	wave string
	from netip.Addr
}

// tally counts within a while that starts with its first wrong PIN.
type tally struct {
	since time.Time
	count int
}

func newGuesses(now clock.Clock) *guesses { return &guesses{now: now, by: map[guesser]*tally{}} }

// wait returns how long an address must wait before it may try again; 0 when it need not.
func (g *guesses) wait(wave string, from netip.Addr) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	t := g.by[guesser{wave, network(from)}]
	if t == nil || t.count < mostWrong {
		return 0
	}
	return max(0, wrongFor-g.now().Sub(t.since))
}

// wrong counts a wrong PIN.
func (g *guesses) wrong(wave string, from netip.Addr) {
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
	k := guesser{wave, network(from)}
	t := g.by[k]
	if t == nil || now.Sub(t.since).Abs() >= wrongFor {
		t = &tally{since: now}
		g.by[k] = t
	}
	t.count++
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
