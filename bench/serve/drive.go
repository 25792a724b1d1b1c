package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// request is one page as a browser asks for it, ready to send.
type request struct {
	path  string
	bytes []byte
}

// connections is how many browsers keep a connection open.
const connections = 64

// times is how long answers took, from when each was due: a server that falls behind is charged for what waits.
type times struct{ p50, p90, p99, max time.Duration }

// drive sends requests at a steady rate and measures. An answer that is not 200 is an error.
func drive(ctx context.Context, address string, p plan, requests []request) (times, error) {
	ctx, stop := context.WithTimeout(ctx, time.Duration(p.seconds)*time.Second+30*time.Second)
	defer stop()
	n := p.rate * p.seconds
	due := make(chan int, n)
	took := make([]time.Duration, n)
	failures := make(chan error, connections)
	every := time.Second / time.Duration(p.rate)
	var warm, browsers sync.WaitGroup
	warm.Add(connections)
	var began time.Time
	started := make(chan struct{})
	for i := range connections {
		browsers.Go(func() {
			err := browse(ctx, address, func(b *browser) error {
				err := b.ask(requests[i%len(requests)]) // opens the connection before it counts
				warm.Done()
				<-started
				for k := range due {
					if err != nil {
						return err
					}
					err = b.ask(requests[k%len(requests)])
					took[k] = time.Since(began.Add(time.Duration(k) * every))
				}
				return err
			})
			if err != nil {
				failures <- err
			}
		})
	}
	warm.Wait()
	began = time.Now()
	close(started)
	for k := range n {
		if wait := time.Until(began.Add(time.Duration(k) * every)); wait > 0 {
			time.Sleep(wait)
		}
		due <- k
	}
	close(due)
	browsers.Wait()
	select {
	case err := <-failures:
		return times{}, err
	default:
	}
	slices.Sort(took)
	at := func(share float64) time.Duration { return took[min(n-1, int(share*float64(n)))] }
	return times{at(0.5), at(0.9), at(0.99), took[n-1]}, ctx.Err()
}

// browser is one connection that is kept.
type browser struct {
	conn net.Conn
	in   *bufio.Reader
}

// browse opens a connection for use.
func browse(ctx context.Context, address string, use func(*browser) error) error {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return use(&browser{})
	}
	deadline, _ := ctx.Deadline()
	err = errors.Join(conn.SetDeadline(deadline), use(&browser{conn, bufio.NewReaderSize(conn, 32<<10)}))
	return errors.Join(err, conn.Close())
}

// ask sends one request and reads its answer.
func (b *browser) ask(r request) error {
	if b.conn == nil {
		return errors.New("the server takes no connection")
	}
	if _, err := b.conn.Write(r.bytes); err != nil {
		return err
	}
	res, err := http.ReadResponse(b.in, nil)
	if err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", r.path, res.Status)
	}
	return res.Body.Close()
}
