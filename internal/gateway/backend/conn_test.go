package backend

import (
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestTheKernelTellsWhetherARequestWasReceived closes a connection in each way that a server can, and asks whether a request on it was untouched. To say so of one
// that was read would have it answered twice.
func TestTheKernelTellsWhetherARequestWasReceived(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("only Linux is asked")
	}
	const request = "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhallo"
	linger := func(c *net.TCPConn) { _ = c.SetLinger(0) }
	for _, c := range []struct {
		name      string
		before    func(c *net.TCPConn) // before the client writes
		after     func(c *net.TCPConn) // after it wrote
		untouched bool
	}{
		{"closed before", func(c *net.TCPConn) { _ = c.Close() }, nil, true},
		{"nothing more to say before", func(c *net.TCPConn) { _ = c.CloseWrite() }, func(c *net.TCPConn) { _ = c.Close() }, true},
		{"reset before", func(c *net.TCPConn) { linger(c); _ = c.Close() }, nil, true}, // nothing can be written on it
		{"read and closed", nil, func(c *net.TCPConn) { _, _ = io.ReadFull(c, make([]byte, len(request))); _ = c.Close() }, false},
		{"read and reset", nil, func(c *net.TCPConn) { _, _ = io.ReadFull(c, make([]byte, len(request))); linger(c); _ = c.Close() }, false},
		{"half read and closed", nil, func(c *net.TCPConn) { _, _ = io.ReadFull(c, make([]byte, 10)); _ = c.Close() }, false},
		{"read and nothing more to say", nil, func(c *net.TCPConn) { _, _ = io.ReadFull(c, make([]byte, len(request))); _ = c.CloseWrite() }, false},
		{"answered and closed", nil, func(c *net.TCPConn) {
			_, _ = io.ReadFull(c, make([]byte, len(request)))
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n")
			_ = c.Close()
		}, false},
	} {
		for range 20 {
			client, server := pair(t)
			// An earlier request on the connection, that was answered.
			_, _ = io.WriteString(client, "before")
			_, _ = io.ReadFull(server, make([]byte, 6))
			_, _ = io.WriteString(server, "done")
			_, _ = io.ReadFull(client, make([]byte, 4))
			where := &track{}
			w := client.(*watched)
			where.conn.Store(w)
			where.start.Store(w.wrote.Load())
			where.got.Store(true)
			if c.before != nil {
				c.before(server)
			}
			_, _ = io.WriteString(client, request) // the mark of the end may be on its way
			if c.after != nil {
				c.after(server)
			}
			_ = client.SetReadDeadline(time.Now().Add(5 * time.Second))
			_, _ = io.Copy(io.Discard, client)
			if got := where.untouched(); got != c.untouched {
				t.Errorf("%s: untouched = %v (wrote %d, began at %d, received %d, ended %v)", c.name, got, w.wrote.Load(), where.start.Load(), w.received.Load(), w.ended.Load())
			}
			_ = client.Close()
			_ = server.Close()
		}
	}
}

func pair(t *testing.T) (client net.Conn, server *net.TCPConn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	c, err := dialer(time.Second, &manners{})(t.Context(), "tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	s, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	return c, s.(*net.TCPConn)
}

func TestForbiddenAddressesAreNotDialled(t *testing.T) {
	t.Parallel()
	for _, a := range []string{"169.254.169.254:80", "[fe80::1]:80", "[::ffff:169.254.1.1]:80", "0.0.0.0:80", "[::]:80", "224.0.0.1:80", "168.63.129.16:80", "100.100.100.200:80", "[64:ff9b::a9fe:a9fe]:80", "[fd00:ec2::254]:80"} {
		if _, err := dialer(50*time.Millisecond, &manners{})(t.Context(), "tcp", a); err == nil || !strings.Contains(err.Error(), errAddress.Error()) {
			t.Errorf("%s: %v", a, err)
		}
	}
	for _, a := range []string{"10.0.0.1", "127.0.0.1", "192.168.1.1", "8.8.8.8", "::1", "fd12::1", "2606:4700::1111"} {
		if control("tcp", net.JoinHostPort(a, "80"), nil) != nil {
			t.Errorf("%s is refused", a)
		}
	}
}

func TestRetryAfterIsReadInEachForm(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name, value string
		want        time.Duration
	}{
		{"Retry-After", "2", 2 * time.Second}, {"Retry-After", "", 0}, {"Retry-After", "-1", 0}, {"Retry-After", "soon", 0}, {"Retry-After", "99999999999", 0}, {"Retry-After", "86400", time.Hour},
		{"Retry-After", "Sun, 29 Nov 2026 12:00:30 GMT", 30 * time.Second}, {"Retry-After", "Sun, 29 Nov 2026 11:00:00 GMT", 0}, {"Retry-After-Ms", "250", 250 * time.Millisecond}, {"Retry-After-Ms", "999999999", time.Hour},
	} {
		h := http.Header{}
		h.Set(c.name, c.value)
		if got := retryAfter(h, now); got != c.want && !(c.value == "99999999999" && got == time.Hour) {
			t.Errorf("%s: %s is %v, want %v", c.name, c.value, got, c.want)
		}
	}
}
