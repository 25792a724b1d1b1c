package items

import (
	"crypto/rand"
	"crypto/sha256"
	"net/netip"
	"sync"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/tenant"
)

// How many gifts are taken in a day: from one network, behind which a whole town hall may be, and in all of one organisation. More are not
// needed, and a flood of made-up ones takes weeks to become many.
const (
	mostOfNetwork      = 60
	mostOfOrganisation = 200
	day                = 24 * time.Hour
)

// limits counts gifts of a day in memory, and remembers which checks gave. What it keeps of a check and of an address are hashes under a key that ends
// with the program; nothing of it is written down. It is safe for concurrent use.
type limits struct {
	now clock.Clock
	key [32]byte

	mu     sync.Mutex
	since  time.Time
	gave   map[[32]byte]bool
	counts map[[32]byte]int
}

func newLimits(now clock.Clock) *limits {
	l := &limits{now: now}
	_, _ = rand.Read(l.key[:]) // never fails (crypto/rand)
	l.begin()
	return l
}

func (l *limits) begin() {
	l.since, l.gave, l.counts = l.now(), map[[32]byte]bool{}, map[[32]byte]int{}
}

func (l *limits) hash(what, value string) [32]byte {
	return sha256.Sum256([]byte(string(l.key[:]) + what + "\x00" + value))
}

// admit tells whether a gift may come, and counts it.
func (l *limits) admit(t tenant.ID, mark [32]byte, from netip.Addr) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.now().Sub(l.since).Abs() >= day {
		l.begin()
	}
	check, network, all := l.hash("check", string(mark[:])), l.hash("from "+string(t), networkOf(from).String()), l.hash("all", string(t))
	if l.gave[check] || l.counts[network] >= mostOfNetwork || l.counts[all] >= mostOfOrganisation {
		return false
	}
	l.gave[check] = true
	l.counts[network]++
	l.counts[all]++
	return true
}

// release takes back that a gift came: it could not be kept.
func (l *limits) release(t tenant.ID, mark [32]byte, from netip.Addr) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.gave, l.hash("check", string(mark[:])))
	for _, key := range [][32]byte{l.hash("from "+string(t), networkOf(from).String()), l.hash("all", string(t))} {
		l.counts[key] = max(0, l.counts[key]-1)
	}
}

// networkOf returns the part of an address that one subscriber has: IPv6 gives each a /64.
func networkOf(a netip.Addr) netip.Addr {
	if a.Is6() && !a.Is4In6() {
		if p, err := a.Prefix(64); err == nil {
			return p.Addr()
		}
	}
	return a.Unmap()
}
