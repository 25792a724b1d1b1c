package backend

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http/httptrace"
	"sync/atomic"
	"syscall"
	"time"
)

// watched is a connection that knows what the other side received when it closed.
type watched struct {
	net.Conn
	base     uint64        // what the kernel counts as confirmed before anything was written
	wrote    atomic.Uint64 // bytes that the kernel took
	received atomic.Uint64 // bytes that the other side had confirmed when its end came
	ended    atomic.Bool   // the other side ended the connection in order, and received is known
}

func watch(c net.Conn) net.Conn {
	base, ok := confirmed(c)
	if !ok {
		return c
	}
	return &watched{Conn: c, base: base}
}

// Read notices the end: by then the confirmation that came with it was counted.
func (w *watched) Read(b []byte) (int, error) {
	n, err := w.Conn.Read(b)
	if err != nil && errors.Is(err, io.EOF) {
		w.end()
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
}

func (t *track) into(ctx context.Context) context.Context {
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
		t.reused.Store(i.Reused)
		t.got.Store(true)
	}})
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
	default:
		return w.ended.Load() && w.received.Load() <= t.start.Load()
	}
}

// dialer connects, within a time, to addresses that are not forbidden.
func dialer(within time.Duration) func(ctx context.Context, network, address string) (net.Conn, error) {
	d := &net.Dialer{Timeout: within, KeepAlive: 15 * time.Second, Control: control}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := d.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return watch(c), nil
	}
}
