package keys

import (
	"context"
	"fmt"
	"sync"
	"time"

	"tekentafel/internal/gateway/door"
	"tekentafel/internal/id"
)

// Fresh is how long what was found is believed: after a key is withdrawn on another node it lets nobody in here after that time.
const Fresh = 5 * time.Second

// How many secrets are remembered.
const (
	mostKnown   = 10_000
	mostUnknown = 1_000
)

// lookTime bounds a look at the store.
const lookTime = 10 * time.Second

// look is what came of a look at the store, or will.
type look struct {
	ready chan struct{} // closed when the rest is filled in
	row
	err   error
	until time.Time // of what was found: when to look again
}

// memory is what was found of late, by the hash of the secret.
type memory struct {
	mu             sync.Mutex
	known, unknown map[string]*look
	forgotten      uint64 // how often something was forgotten: a look that began before is not remembered
}

// get returns what is remembered or on its way, or a new look that the caller has to fill.
func (m *memory) get(hash string, now time.Time) (l *look, fill bool, since uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, in := range []map[string]*look{m.known, m.unknown} {
		if l := in[hash]; l != nil && (l.until.IsZero() || now.Before(l.until)) {
			return l, false, 0
		}
		delete(in, hash)
	}
	l = &look{ready: make(chan struct{})}
	put(m.known, mostKnown, hash, l)
	return l, true, m.forgotten
}

// done lets those who wait for a look have it, and remembers it where it can be relied on.
func (m *memory) done(hash string, l *look, found row, err error, until time.Time, since uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	l.row, l.err, l.until = found, err, until
	if m.known[hash] == l && (err != nil || found.key == nil || since != m.forgotten) {
		delete(m.known, hash)
	}
	if err == nil && found.key == nil && since == m.forgotten {
		put(m.unknown, mostUnknown, hash, l)
	}
	close(l.ready)
}

// put makes room by dropping any one, which is then looked up again when it comes back.
func put(in map[string]*look, most int, hash string, l *look) {
	if len(in) >= most {
		for old := range in {
			delete(in, old)
			break
		}
	}
	in[hash] = l
}

func (m *memory) forget(hashes ...string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.forgotten++
	for _, h := range hashes {
		delete(m.known, h)
		delete(m.unknown, h)
	}
}

// Find implements door.Keys. Another error than door.ErrKey says that the store does not answer.
func (s *Service) Find(ctx context.Context, secret string) (*door.Key, error) {
	if !s.made(secret) {
		return nil, door.ErrKey
	}
	hash, now := id.Hash(secret), s.Now()
	l, fill, since := s.found.get(hash, now)
	if fill {
		found, err := s.look(ctx, hash, now)
		s.found.done(hash, l, found, err, now.Add(Fresh), since)
	}
	select {
	case <-l.ready:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	switch {
	case l.err != nil:
		return nil, fmt.Errorf("look for a key: %w", l.err)
	case l.key == nil || !now.Before(l.ends):
		return nil, door.ErrKey
	}
	return l.key, nil
}

// look asks the store, for all who wait: it does not end when the first of them goes away.
func (s *Service) look(ctx context.Context, hash string, now time.Time) (row, error) {
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), lookTime)
	defer stop()
	found, err := s.lookUp(ctx, hash)
	if err != nil || found.key == nil || !now.Before(found.ends) {
		return found, err
	}
	if day := s.today(ctx, found.key, now); found.used < day {
		if err := s.markUsed(ctx, found.key, day); err != nil { // a key holds also where the day of use cannot be noted
			s.Log.WarnContext(ctx, "the day on which a key of the gateway was used cannot be noted", "key", found.key.ID, "error", err.Error())
		}
	}
	return found, nil
}

// today is the day on the calendar of the organisation, as days since 1970.
func (s *Service) today(ctx context.Context, k *door.Key, now time.Time) int64 {
	y, m, d := now.In(s.Zone(ctx, k.Tenant)).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400
}
