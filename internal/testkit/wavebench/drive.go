package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"tekentafel/internal/clock"
)

// times is how long answers took.
type times struct {
	p50, p90, p99, max time.Duration
	n                  int
	over               time.Duration // all of it
}

func (t times) rate() float64 { return float64(t.n) / t.over.Seconds() }

func timesOf(took []time.Duration, over time.Duration) times {
	slices.Sort(took)
	n := len(took)
	at := func(share float64) time.Duration { return took[min(n-1, int(share*float64(n)))] }
	return times{at(0.5), at(0.9), at(0.99), took[n-1], n, over}
}

// browser is a connection that is kept as long as the server keeps it.
type browser struct {
	ctx     context.Context
	address string
	conn    net.Conn
	in      *bufio.Reader
}

// browse opens a connection for use.
func browse(ctx context.Context, address string, use func(*browser) error) error {
	b := &browser{ctx: ctx, address: address}
	if err := b.open(); err != nil {
		return err
	}
	return errors.Join(use(b), b.close())
}

func (b *browser) open() error {
	conn, err := (&net.Dialer{}).DialContext(b.ctx, "tcp", b.address)
	if err != nil {
		return err
	}
	b.conn, b.in = conn, bufio.NewReaderSize(conn, 4<<10)
	return conn.SetDeadline(clock.Deadline(closePatient))
}

func (b *browser) close() error {
	if b.conn == nil {
		return nil
	}
	err := b.conn.Close()
	b.conn = nil
	return err
}

// ask sends a request and returns the body of its answer, which must be 200.
func (b *browser) ask(request []byte, keep bool) ([]byte, error) {
	if b.conn == nil {
		if err := b.open(); err != nil {
			return nil, err
		}
	}
	if _, err := b.conn.Write(request); err != nil {
		return nil, err
	}
	res, err := http.ReadResponse(b.in, nil)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close() //nolint:errcheck // only read from
	var body []byte
	if keep || res.StatusCode != http.StatusOK {
		body, err = io.ReadAll(res.Body)
	} else {
		_, err = io.Copy(io.Discard, res.Body)
	}
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %.300s", res.Status, body)
	}
	if res.Close {
		err = errors.Join(err, b.close())
	}
	return body, err
}

// post writes a request as the script of the page sends it.
func post(address, path string, body []byte) []byte {
	return fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nAccept: */*\r\nOrigin: http://%s\r\n"+
		"Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors\r\n\r\n%s", path, address, len(body), address, body)
}

// get writes a request for a page as a browser sends it.
func get(address, path string) []byte {
	return fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: %s\r\nAccept: text/html,*/*;q=0.8\r\nAccept-Language: nl-BE,nl;q=0.9\r\nAccept-Encoding: gzip, deflate, br\r\n"+
		"Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: navigate\r\n\r\n", path, address)
}

// flatOut sends requests over so many connections, each as soon as the one before is answered, for a while or until
// there are no more. Request is called once for each number.
func flatOut(ctx context.Context, address string, connections int, lasts time.Duration, most int, request func(i int) []byte, answered func(i int, body []byte)) (times, error) {
	now := clock.System()
	began := now()
	var next atomic.Int64
	var mu sync.Mutex
	var all []time.Duration
	var failed error
	var browsers sync.WaitGroup
	for range connections {
		browsers.Go(func() {
			var took []time.Duration
			err := browse(ctx, address, func(b *browser) error {
				for {
					at := now()
					i := int(next.Add(1)) - 1
					if at.Sub(began) > lasts || i >= most || ctx.Err() != nil {
						return ctx.Err()
					}
					body, err := b.ask(request(i), answered != nil)
					if err != nil {
						return err
					}
					took = append(took, now().Sub(at))
					if answered != nil {
						answered(i, bytes.Clone(body))
					}
				}
			})
			mu.Lock()
			defer mu.Unlock()
			all = append(all, took...)
			failed = errors.Join(failed, err)
		})
	}
	browsers.Wait()
	if failed != nil || len(all) == 0 {
		return times{}, errors.Join(errors.New("nothing was measured"), failed)
	}
	return timesOf(all, now().Sub(began)), nil
}

// steady sends one request at a steady rate over 64 connections; each answer is timed from when its request was due, so a
// server that falls behind is charged for what waits.
func steady(ctx context.Context, address string, rate int, lasts time.Duration, request []byte) (times, error) {
	const connections = 64
	n := int(lasts.Seconds() * float64(rate))
	every := time.Second / time.Duration(rate)
	due, took := make(chan int, n), make([]time.Duration, n)
	failures := make(chan error, connections)
	now := clock.System()
	var began time.Time
	var warm, browsers sync.WaitGroup
	warm.Add(connections)
	start := make(chan struct{})
	for range connections {
		browsers.Go(func() {
			opened := sync.OnceFunc(warm.Done)
			defer opened()
			failures <- browse(ctx, address, func(b *browser) error {
				_, err := b.ask(request, false) // opens the connection before it counts
				opened()
				<-start
				for k := range due {
					if err == nil {
						_, err = b.ask(request, false)
						took[k] = now().Sub(began.Add(time.Duration(k) * every))
					}
				}
				return err
			})
		})
	}
	warm.Wait()
	began = now()
	close(start)
	for k := range n {
		if err := clock.Wait(ctx, began.Add(time.Duration(k)*every).Sub(now())); err != nil {
			break
		}
		due <- k
	}
	close(due)
	browsers.Wait()
	close(failures)
	var failed error
	for err := range failures {
		failed = errors.Join(failed, err)
	}
	if err := errors.Join(failed, ctx.Err()); err != nil {
		return times{}, err
	}
	return timesOf(took, now().Sub(began)), nil
}
