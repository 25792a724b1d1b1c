package oidc

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
	"golang.org/x/time/rate"

	"tekentafel/internal/clock"
)

// Party signs people in at any number of providers. It is safe for concurrent use, and reaches no provider before
// somebody wants to sign in there.
type Party struct {
	http *http.Client
	now  clock.Clock

	mu     sync.Mutex
	known  map[string]*entry // by issuer
	flight singleflight.Group
}

// New returns a party that reaches providers with a client, which must refuse what an organisation should not reach
// (package outbound).
func New(client *http.Client, now clock.Clock) *Party {
	return &Party{http: client, now: now, known: map[string]*entry{}}
}

// entry is what is remembered of a provider.
type entry struct {
	limit   *rate.Limiter // of requests for its keys
	found   *metadata     // nil before it was ever reached
	foundAt time.Time
	err     error // of the last attempt
	triedAt time.Time
	doubted bool // something failed since, so that it is asked again sooner
}

const (
	freshFor    = time.Hour        // what a provider tells is asked again after this
	staleFor    = 24 * time.Hour   // and used at most this long while it does not answer
	patienceFor = 15 * time.Second // between two attempts after one that failed
	mostKnown   = 1000             // providers that are remembered
	fetchFor    = 20 * time.Second

	keysEvery = 15 * time.Second // on average, between two requests for the keys of a provider
	keysBurst = 4
)

// discover returns what the provider tells about itself: remembered, or asked for.
func (p *Party) discover(ctx context.Context, issuer string) (*metadata, error) {
	p.mu.Lock()
	e := p.entry(issuer)
	now := p.now()
	age := now.Sub(e.foundAt)
	recent := !e.triedAt.IsZero() && now.Sub(e.triedAt).Abs() < patienceFor
	switch {
	case e.found != nil && age < freshFor && age > -freshFor && (!e.doubted || recent):
		defer p.mu.Unlock()
		return e.found, nil
	case recent:
		defer p.mu.Unlock()
		return e.last(now)
	}
	p.mu.Unlock()
	return p.refresh(ctx, issuer, e)
}

// last returns what was found before while it may still be used, or why nothing was.
func (e *entry) last(now time.Time) (*metadata, error) {
	if e.found != nil && now.Sub(e.foundAt).Abs() < staleFor {
		return e.found, nil
	}
	return nil, e.err
}

// refresh asks the provider, once for all who wait.
func (p *Party) refresh(ctx context.Context, issuer string, e *entry) (*metadata, error) {
	done := p.flight.DoChan(issuer, func() (any, error) {
		ask, stop := context.WithTimeout(context.WithoutCancel(ctx), fetchFor)
		defer stop()
		m, err := p.fetch(ask, issuer, e)
		p.mu.Lock()
		defer p.mu.Unlock()
		e.triedAt, e.err = p.now(), err
		if err == nil {
			e.found, e.foundAt, e.doubted = m, e.triedAt, false
		}
		return e.last(e.triedAt)
	})
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case r := <-done:
		if r.Err != nil {
			return nil, r.Err
		}
		m, ok := r.Val.(*metadata)
		if !ok {
			return nil, errors.New("oidc: the flight brought something else")
		}
		return m, nil
	}
}

// entry returns the entry of an issuer, and forgets the oldest when there are too many. The lock is held.
func (p *Party) entry(issuer string) *entry {
	if e, ok := p.known[issuer]; ok {
		return e
	}
	if len(p.known) >= mostKnown {
		oldest := ""
		for name, e := range p.known {
			if oldest == "" || e.triedAt.Before(p.known[oldest].triedAt) {
				oldest = name
			}
		}
		delete(p.known, oldest)
	}
	e := &entry{limit: rate.NewLimiter(rate.Every(keysEvery), keysBurst)}
	p.known[issuer] = e
	return e
}

// doubt makes the next use ask the provider again, because something failed that a change over there would explain.
func (p *Party) doubt(issuer string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if e, ok := p.known[issuer]; ok {
		e.doubted = true
	}
}
