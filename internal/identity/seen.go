package identity

import (
	"context"
	"sync"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
)

// What was seen.
const (
	seenSession = "sessions"
	seenKey     = "api_keys"
)

// mostSeen bounds how many times wait to be kept. Beyond it they are forgotten, which at worst ends a session early.
const mostSeen = 100_000

// seenTimes holds when sessions and keys were last used until Run writes it down, so that reading a page writes nothing.
type seenTimes struct {
	mu      sync.Mutex
	waiting map[string]seenAt // by the hash of the secret
}

type seenAt struct {
	kind string
	at   int64
}

// note remembers a use when the last that is known lies seenEvery back.
func (n *seenTimes) note(kind, hash string, last int64, now time.Time) {
	at := clock.Micros(now)
	if at-last < seenEvery.Microseconds() {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.waiting == nil {
		n.waiting = map[string]seenAt{}
	}
	if len(n.waiting) < mostSeen || n.waiting[hash].at > 0 {
		n.waiting[hash] = seenAt{kind: kind, at: at}
	}
}

// noted returns the use that waits to be kept, or 0.
func (n *seenTimes) noted(hash string) int64 {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.waiting[hash].at
}

func (n *seenTimes) take() map[string]seenAt {
	n.mu.Lock()
	defer n.mu.Unlock()
	taken := n.waiting
	n.waiting = nil
	return taken
}

// KeepSeen writes down when sessions and keys were last used, all in one transaction.
func (s *Service) KeepSeen(ctx context.Context) error {
	taken := s.seen.take()
	if len(taken) == 0 {
		return nil
	}
	return s.db.System().Write(ctx, func(sys *db.System) error {
		for hash, seen := range taken {
			query := `UPDATE sessions SET seen_at = $1 WHERE token_hash = $2 AND seen_at < $1`
			if seen.kind == seenKey {
				query = `UPDATE api_keys SET used_at = $1 WHERE token_hash = $2 AND used_at < $1`
			}
			if _, err := sys.Exec(ctx, query, seen.at, hash); err != nil {
				return err
			}
		}
		return nil
	})
}

// keepEvery is how long a use waits before it is written down.
const keepEvery = 5 * time.Second

// Run keeps the times at which sessions were last seen until ctx ends, and what is left then.
func (s *Service) Run(ctx context.Context) {
	for clock.Wait(ctx, keepEvery) == nil {
		if err := s.KeepSeen(ctx); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "when sessions were last seen cannot be kept; some may end early", "error", err.Error())
		}
	}
	last, stop := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer stop()
	if err := s.KeepSeen(last); err != nil {
		s.log.WarnContext(last, "when sessions were last seen cannot be kept; some may end early", "error", err.Error())
	}
}
