package serving

import (
	"crypto/tls"
	"net"
	"net/http"
	"slices"
	"sync"
	"syscall"
	"time"

	"tekentafel/internal/clock"
)

// When many people come at once, so many connections are served at a time and the others wait for a seat in the order in
// which they came: a connection that is served takes some 30 kB for its buffers and the stack of its handler, one that waits
// about 1 kB. While others wait, an answer says that its connection closes, and a connection on which nothing is under way gives
// up its seat; browsers open another one when they need it.
const (
	mostSeats   = 1024
	mostWaiting = 32_768                // more wait in the kernel, which cuts some of them off
	idleSeat    = time.Second           // that a connection may keep its seat after an answer
	newSeat     = 5 * time.Second       // and before its first request, with the handshake of TLS
	lookAgain   = 50 * time.Millisecond // for seats to give up
)

// seats is a listener with so many seats.
type seats struct {
	net.Listener
	most int
	now  clock.Clock

	ready  chan net.Conn // has room for every seat
	failed chan error
	closed chan struct{}
	once   sync.Once

	mu      sync.Mutex
	room    sync.Cond // of waiting
	taken   int
	waiting []net.Conn
	silent  map[*seated]silence // connections on which nothing is under way
	looking bool
}

// silence is since when nothing is under way on a connection, and how long that may take while others wait.
type silence struct {
	since time.Time
	most  time.Duration
}

func newSeats(l net.Listener, most int) *seats {
	s := &seats{Listener: l, most: most, now: clock.System(), ready: make(chan net.Conn, most), failed: make(chan error), closed: make(chan struct{}),
		silent: map[*seated]silence{}}
	s.room.L = &s.mu
	go s.welcome()
	return s
}

// Accept implements net.Listener: it returns connections that have a seat.
func (s *seats) Accept() (net.Conn, error) {
	select {
	case c := <-s.ready:
		return c, nil
	case err := <-s.failed:
		return nil, err
	case <-s.closed:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener: who waits for a seat is cut off.
func (s *seats) Close() error {
	err := s.Listener.Close()
	s.once.Do(func() { close(s.closed) })
	s.mu.Lock()
	left := s.waiting
	s.waiting = nil
	s.room.Broadcast()
	s.mu.Unlock()
	for {
		select {
		case c := <-s.ready:
			left = append(left, c)
			continue
		default:
		}
		break
	}
	for _, c := range left {
		_ = c.Close() // nobody is told
	}
	return err
}

func (s *seats) isClosed() bool {
	select {
	case <-s.closed:
		return true
	default:
		return false
	}
}

// welcome takes connections from the kernel until the listener is closed. An error goes to whoever serves, who waits a
// little before the next.
func (s *seats) welcome() {
	for {
		c, err := s.Listener.Accept()
		if err != nil {
			select {
			case s.failed <- err:
				continue
			case <-s.closed:
				return
			}
		}
		if !s.queue(c) {
			_ = c.Close() // as above
			return
		}
	}
}

// queue puts a connection behind those that wait, and waits until there is room for another; false when the listener is closed.
func (s *seats) queue(c net.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.isClosed() {
		return false
	}
	s.waiting = append(s.waiting, c)
	s.admit()
	if len(s.waiting) > 0 && !s.looking {
		s.looking = true
		go s.look()
	}
	for len(s.waiting) >= mostWaiting && !s.isClosed() {
		s.room.Wait()
	}
	return true
}

// admit gives free seats to those who wait. The caller holds mu.
func (s *seats) admit() {
	for s.taken < s.most && len(s.waiting) > 0 {
		c := &seated{Conn: s.waiting[0], seats: s}
		s.waiting[0] = nil
		s.waiting = s.waiting[1:]
		s.taken++
		s.ready <- c
		s.room.Signal()
	}
	if len(s.waiting) == 0 {
		s.waiting = nil
	}
}

// look closes connections that have been silent for too long, as many as wait for their seats, until nobody waits.
func (s *seats) look() {
	for {
		for _, c := range s.spare() {
			_ = c.Close() // it is not needed
		}
		pause := time.NewTimer(lookAgain)
		select {
		case <-pause.C:
		case <-s.closed:
			pause.Stop()
			return
		}
		s.mu.Lock()
		if len(s.waiting) == 0 {
			s.looking = false
			s.mu.Unlock()
			return
		}
		s.mu.Unlock()
	}
}

// spare returns the connections that give up their seats, those that were silent for longest first.
func (s *seats) spare() []*seated {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []*seated
	now := s.now()
	for c, quiet := range s.silent {
		if now.Sub(quiet.since) >= quiet.most && !c.speaks() {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b *seated) int { return s.silent[a].since.Compare(s.silent[b].since) })
	return out[:min(len(out), len(s.waiting))]
}

// speaks tells whether something has come in on a connection that was not read yet: on a busy machine the server may be the
// one that is late.
func (c *seated) speaks() bool {
	inner, ok := c.Conn.(syscall.Conn)
	if !ok {
		return false
	}
	raw, err := inner.SyscallConn()
	if err != nil {
		return false
	}
	there := false
	err = raw.Control(func(fd uintptr) {
		var one [1]byte
		n, _, failed := syscall.Recvfrom(int(fd), one[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		there = failed == nil && n > 0
	})
	return err == nil && there
}

// sparing lets a handler end the connection with its answer while others wait.
func (s *seats) sparing(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		others := len(s.waiting) > 0
		s.mu.Unlock()
		if others {
			w.Header().Set("Connection", "close")
		}
		h.ServeHTTP(w, r)
	})
}

// state is told what happens on connections (http.Server.ConnState).
func (s *seats) state(c net.Conn, now http.ConnState) {
	if t, ok := c.(*tls.Conn); ok {
		c = t.NetConn()
	}
	at, ok := c.(*seated)
	if !ok {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch now {
	case http.StateNew:
		s.silent[at] = silence{s.now(), newSeat}
	case http.StateIdle:
		s.silent[at] = silence{s.now(), idleSeat}
	case http.StateActive, http.StateHijacked, http.StateClosed:
		delete(s.silent, at)
	}
	if at.left {
		delete(s.silent, at)
	}
}

// seated is a connection that has a seat until it is closed.
type seated struct {
	net.Conn
	seats *seats
	left  bool // under seats.mu
}

// Close implements net.Conn.
func (c *seated) Close() error {
	err := c.Conn.Close()
	s := c.seats
	s.mu.Lock()
	defer s.mu.Unlock()
	if !c.left {
		c.left = true
		s.taken--
		delete(s.silent, c)
		if !s.isClosed() {
			s.admit()
		}
	}
	return err
}
