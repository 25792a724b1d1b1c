package serving

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// house serves a handler behind so many seats, and returns where.
func house(t *testing.T, most int, h http.Handler) (address string, s *seats) {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s = newSeats(l, most)
	server := &http.Server{Handler: s.sparing(h), ReadHeaderTimeout: time.Minute, ConnState: s.state}
	ended := make(chan struct{})
	go func() { defer close(ended); _ = server.Serve(s) }()
	t.Cleanup(func() { _ = server.Close(); <-ended })
	return l.Addr().String(), s
}

func dial(t *testing.T, address string) (net.Conn, *bufio.Reader) {
	t.Helper()
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c, bufio.NewReader(c)
}

// ask sends a request and returns the status of its answer, 0 when the connection is gone, and whether the connection ends with it.
func ask(c net.Conn, in *bufio.Reader) (status int, closes bool) {
	if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		return 0, true
	}
	res, err := http.ReadResponse(in, nil)
	if err != nil {
		return 0, true
	}
	_, _ = io.Copy(io.Discard, res.Body)
	_ = res.Body.Close()
	return res.StatusCode, res.Close
}

func served(c net.Conn, in *bufio.Reader) bool {
	status, _ := ask(c, in)
	return status == http.StatusOK
}

func TestMorePeopleThanSeatsAreAllServed(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	now, most := 0, 0
	address, _ := house(t, 3, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		mu.Lock()
		now++
		most = max(most, now)
		mu.Unlock()
		time.Sleep(time.Millisecond)
		mu.Lock()
		now--
		mu.Unlock()
	}))
	var everyone sync.WaitGroup
	for range 60 {
		everyone.Go(func() {
			c, in := dial(t, address)
			for range 3 {
				got, closes := ask(c, in)
				if got != http.StatusOK {
					t.Errorf("somebody got %d", got)
				}
				if closes {
					c, in = dial(t, address)
				}
			}
			_ = c.Close()
		})
	}
	everyone.Wait()
	if most > 3 {
		t.Errorf("%d were served at a time", most)
	}
}

func TestWhoIsSilentGivesUpTheSeatOnlyWhenOthersWait(t *testing.T) {
	t.Parallel()
	address, _ := house(t, 1, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	first, in := dial(t, address)
	if !served(first, in) {
		t.Fatal("the first was not served")
	}
	time.Sleep(idleSeat + 4*lookAgain)
	if !served(first, in) {
		t.Error("a connection was closed though nobody waited for its seat")
	}
	second, in2 := dial(t, address)
	if !served(second, in2) {
		t.Error("who waited was not served")
	}
	if served(first, in) {
		t.Error("two have the only seat")
	}
}

func TestWorkUnderWayKeepsItsSeat(t *testing.T) {
	t.Parallel()
	begun, finish := make(chan struct{}, 2), make(chan struct{})
	address, s := house(t, 1, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { begun <- struct{}{}; <-finish }))
	first, in := dial(t, address)
	var both sync.WaitGroup
	both.Go(func() {
		if !served(first, in) {
			t.Error("work under way was cut off")
		}
	})
	<-begun
	second, in2 := dial(t, address)
	both.Go(func() {
		if !served(second, in2) {
			t.Error("who waited was not served")
		}
	})
	time.Sleep(idleSeat + 4*lookAgain)
	s.mu.Lock()
	waiting := len(s.waiting)
	s.mu.Unlock()
	if waiting != 1 {
		t.Errorf("%d wait", waiting)
	}
	close(finish)
	both.Wait()
}

func TestARequestThatTheServerHasNotReadYetKeepsItsSeat(t *testing.T) {
	t.Parallel()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := newSeats(l, 1)
	defer func() { _ = s.Close() }()
	first, _ := dial(t, l.Addr().String())
	late, err := s.Accept()
	if err != nil {
		t.Fatal(err)
	}
	at, ok := late.(*seated)
	if !ok {
		t.Fatalf("%T has no seat", late)
	}
	if at.speaks() {
		t.Error("a silent connection is said to speak")
	}
	if _, err := io.WriteString(first, "GET / HTTP/1.1\r\n"); err != nil {
		t.Fatal(err)
	}
	for range 1000 {
		if at.speaks() {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Error("a request that waits to be read is not seen")
}

func TestWhoWaitsIsCutOffWhenTheServerStops(t *testing.T) {
	t.Parallel()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := newSeats(l, 1)
	for range 3 {
		c, in := dial(t, l.Addr().String())
		defer func() {
			if served(c, in) {
				t.Error("somebody was served after the end")
			}
		}()
	}
	for waiting := 0; waiting < 2; {
		s.mu.Lock()
		waiting = len(s.waiting)
		s.mu.Unlock()
		time.Sleep(time.Millisecond)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := s.Accept(); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("after the end: %v", err)
	}
}
