package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"
)

// client sends one request after another over a connection, with as little work as possible: what is measured stands behind it.
type client struct {
	address string
	conn    net.Conn
	in      *bufio.Reader
	body    []byte // of the last answer
}

// answered is how the last answer came.
type answered struct {
	status int
	first  time.Duration // until the first piece of a stream, or the head
	whole  time.Duration
	closes bool
}

// request writes a POST of a chat completion.
func request(model, text string, stream bool) []byte {
	body := fmt.Sprintf(`{"model":%q,"messages":[{"role":"user","content":%s}],"max_tokens":500,"stream":%v}`, model, strconv.Quote(text), stream)
	return fmt.Appendf(nil, "POST /v1/chat/completions HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", secret, len(body), body)
}

func addressOf(target string) (string, error) {
	u, err := url.Parse(target)
	if err != nil {
		return "", err
	}
	return u.Host, nil
}

func (c *client) close() {
	if c.conn != nil {
		_ = c.conn.Close()
		c.conn = nil
	}
}

// send sends a request and reads the whole answer. A connection that the other side closed is opened anew before, never after something was sent.
func (c *client) send(ctx context.Context, req []byte, begun func()) (answered, error) {
	if c.conn == nil {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", c.address)
		if err != nil {
			return answered{}, err
		}
		c.conn, c.in = conn, bufio.NewReaderSize(conn, 4096)
	}
	_ = c.conn.SetDeadline(now().Add(2 * time.Minute))
	start := now()
	if _, err := c.conn.Write(req); err != nil {
		c.close()
		return answered{}, err
	}
	a, err := c.read(start, begun)
	if err != nil || a.closes {
		c.close()
	}
	return a, err
}

func (c *client) read(start time.Time, begun func()) (a answered, err error) {
	length, chunked := -1, false
	for line := 0; ; line++ {
		text, err := c.in.ReadSlice('\n')
		if err != nil {
			return a, err
		}
		text = bytes.TrimRight(text, "\r\n")
		if line == 0 {
			if len(text) < 12 {
				return a, errors.New("no status")
			}
			a.status, err = strconv.Atoi(string(text[9:12]))
			if err != nil {
				return a, err
			}
			continue
		}
		if len(text) == 0 {
			break
		}
		name, value, _ := bytes.Cut(text, []byte(": "))
		switch string(bytes.ToLower(name)) {
		case "content-length":
			if length, err = strconv.Atoi(string(value)); err != nil {
				return a, err
			}
		case "transfer-encoding":
			chunked = true
		case "connection":
			a.closes = string(value) == "close"
		}
	}
	c.body = c.body[:0]
	piece := func(n int) error {
		from := len(c.body)
		c.body = slices.Grow(c.body, n)[:from+n]
		_, err := io.ReadFull(c.in, c.body[from:])
		if a.first == 0 && bytes.Contains(c.body, []byte(`"content":"Dit`)) { // the first word of the answer
			a.first = now().Sub(start)
			if begun != nil {
				begun()
			}
		}
		return err
	}
	if !chunked {
		err = piece(max(0, length))
	}
	for chunked {
		text, err := c.in.ReadSlice('\n')
		if err != nil {
			return a, err
		}
		n, err := strconv.ParseInt(string(bytes.TrimRight(text, "\r\n")), 16, 32)
		if err != nil {
			return a, err
		}
		if err := piece(int(n)); err != nil {
			return a, err
		}
		if _, err := c.in.Discard(2); err != nil {
			return a, err
		}
		if n == 0 {
			break
		}
	}
	a.whole = now().Sub(start)
	return a, err
}

// right tells whether an answer is whole.
func (c *client) right(a answered, stream bool) bool {
	return a.status == 200 && (!stream || bytes.Contains(c.body, []byte("data: [DONE]"))) && bytes.Contains(c.body, []byte("weet."))
}

// paced sends requests at a steady rate over some connections, and returns how long each took.
func paced(ctx context.Context, target string, req []byte, each time.Duration, n int) ([]time.Duration, error) {
	address, err := addressOf(target)
	if err != nil {
		return nil, err
	}
	const connections = 8
	took := make([][]time.Duration, connections)
	errs := make([]error, connections)
	var wg sync.WaitGroup
	start := now().Add(20 * time.Millisecond)
	for i := range connections {
		wg.Go(func() {
			c := &client{address: address}
			defer c.close()
			for j := i; j < n; j += connections {
				if wait(ctx, start.Add(time.Duration(j)*each).Sub(now())) != nil {
					return
				}
				a, err := c.send(ctx, req, nil)
				if err != nil || !c.right(a, false) {
					errs[i] = fmt.Errorf("%s: %d %w: %.200s", target, a.status, errors.Join(err), c.body)
					return
				}
				took[i] = append(took[i], a.whole)
			}
		})
	}
	wg.Wait()
	return slices.Concat(took...), errors.Join(errs...)
}

// flat sends as many requests as go through over some connections, and returns how many a second.
func flat(ctx context.Context, target string, req []byte, connections int, long time.Duration) (float64, error) {
	address, err := addressOf(target)
	if err != nil {
		return 0, err
	}
	counts := make([]int, connections)
	errs := make([]error, connections)
	var wg sync.WaitGroup
	start := now()
	for i := range connections {
		wg.Go(func() {
			c := &client{address: address}
			defer c.close()
			for now().Sub(start) < long && ctx.Err() == nil {
				a, err := c.send(ctx, req, nil)
				if err != nil || !c.right(a, false) {
					errs[i] = fmt.Errorf("%s: %d %w: %.200s", target, a.status, errors.Join(err), c.body)
					return
				}
				counts[i]++
			}
		})
	}
	wg.Wait()
	sum := 0
	for _, n := range counts {
		sum += n
	}
	return float64(sum) / now().Sub(start).Seconds(), errors.Join(errs...)
}
