package backend

import (
	"net/http"
	"sync/atomic"
	"time"
)

// manners is what is known of how a server treats connections that it will be asked on again.
type manners struct {
	fine atomic.Int64 // requests on used connections that went well since the server last closed one
	need atomic.Int64 // how many must go well before it is trusted; 0 for the least
	deaf atomic.Bool  // it does not say when it reads a body
}

// How many requests make a server trusted: as many times those between two closed connections.
const (
	leastFine = 100
	mostFine  = 10_000
	timesFine = 20
)

// mostAsking is how long a server gets to say that it reads a body before the body is sent all the same.
const mostAsking = time.Second

// closed notes that the server closed a connection.
func (m *manners) closed() {
	m.need.Store(min(mostFine, timesFine*m.fine.Swap(0)))
}

// wary tells whether a request on a used connection should ask first.
func (m *manners) wary() bool {
	return !m.deaf.Load() && m.fine.Load() < max(leastFine, m.need.Load())
}

// served notes that a request was answered.
func (m *manners) served(t *track, status int) {
	if t.asks.Load() && (status == http.StatusExpectationFailed || status == http.StatusOK && !t.heard.Load()) {
		m.deaf.Store(true)
	}
	if t.reused.Load() {
		m.fine.Add(1)
	}
}
