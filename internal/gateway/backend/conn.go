package backend

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"os"
	"sync/atomic"
	"syscall"
	"time"
)

// watched is a connection that knows what the other side received when it closed.
type watched struct {
	net.Conn
	manners  *manners
	base     uint64        // what the kernel counts as confirmed before anything was written
	wrote    atomic.Uint64 // bytes that the kernel took
	received atomic.Uint64 // bytes that the other side had confirmed when its end came
	ended    atomic.Bool   // the other side ended the connection in order, and received is known
}

func watch(c net.Conn, m *manners) net.Conn {
	base, ok := confirmed(c)
	if !ok {
		return c
	}
	return &watched{Conn: c, manners: m, base: base}
}

// Read notices the end: by then the confirmation that came with it was counted.
func (w *watched) Read(b []byte) (int, error) {
	n, err := w.Conn.Read(b)
	if err != nil {
		if errors.Is(err, io.EOF) {
			w.end()
		}
		if !errors.Is(err, net.ErrClosed) && !errors.Is(err, os.ErrDeadlineExceeded) {
			w.manners.closed()
		}
	}
	return n, err
}

// Write notices the end too: the kernel says EPIPE, and not ECONNRESET, when the end came before the reset.
func (w *watched) Write(b []byte) (int, error) {
	n, err := w.Conn.Write(b)
	w.wrote.Add(uint64(max(0, n)))
	if err != nil && errors.Is(err, syscall.EPIPE) {
		w.end()
	}
	return n, err
}

func (w *watched) end() {
	if n, ok := confirmed(w.Conn); ok && !w.ended.Load() {
		w.received.Store(n - w.base)
		w.ended.Store(true)
	}
}

// track follows one request to its connections; net/http may go on to another when it had written nothing.
type track struct {
	got    atomic.Bool
	reused atomic.Bool             // the connection served an earlier request
	conn   atomic.Pointer[watched] // nil when the connection is not watched, or is one of HTTP/2
	start  atomic.Uint64           // what was written on it before this request
	asks   atomic.Bool             // the body waits until the server says that it reads
	heard  atomic.Bool             // it said so
	sent   atomic.Bool             // the body was begun
}

// body is the body of a request, which notices that it is read.
type body struct {
	from  *bytes.Reader
	track *track
}

func (b *body) Read(p []byte) (int, error) {
	b.track.sent.Store(true)
	return b.from.Read(p)
}

func (b *body) Close() error { return nil }

var expectContinue = []string{"100-continue"}

// into returns a context in which a request is followed. The request has the headers h, and nobody else has them.
func (t *track) into(ctx context.Context, m *manners, h http.Header) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(i httptrace.GotConnInfo) {
		c := i.Conn
		if s, ok := c.(*tls.Conn); ok {
			if c = s.NetConn(); s.ConnectionState().NegotiatedProtocol == "h2" {
				c = nil
			}
		}
		w, _ := c.(*watched)
		t.conn.Store(w)
		if w != nil {
			t.start.Store(w.wrote.Load())
		}
		delete(h, "Expect")
		asks := w != nil && i.Reused && m.wary()
		if asks {
			h["Expect"] = expectContinue
		}
		t.asks.Store(asks)
		t.reused.Store(i.Reused)
		t.got.Store(true)
	}, Got100Continue: func() { t.heard.Store(true) }})
}

// untouched tells whether certainly nothing of the request was received by the other side.
func (t *track) untouched() bool {
	w := t.conn.Load()
	switch {
	case !t.got.Load():
		return true
	case w == nil:
		return false
	case w.wrote.Load() == t.start.Load():
		return true
	case t.asks.Load() && !t.sent.Load(): // it has headers at most, and no question
		return true
	default:
		return w.ended.Load() && w.received.Load() <= t.start.Load()
	}
}

// dialer connects, within a time, to addresses that are not forbidden.
func dialer(within time.Duration, m *manners) func(ctx context.Context, network, address string) (net.Conn, error) {
	d := &net.Dialer{Timeout: within, KeepAlive: 15 * time.Second, Control: control}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := d.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return watch(c, m), nil
	}
}
