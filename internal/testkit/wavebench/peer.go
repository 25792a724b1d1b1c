package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"sync"
	"time"

	"tekentafel/internal/clock"
)

// servePeer is a plain server that looks at nothing: it appends the body of a POST to a file and answers once that is on the
// disk (many share one fsync, as in the product), and answers a GET with the bytes of a page from memory.
func servePeer(ctx context.Context, address, page string) error {
	body, err := os.ReadFile(page) //nolint:gosec // a file of our own
	if err != nil {
		return err
	}
	f, err := os.OpenFile(page+".log", os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600) //nolint:gosec // as above
	if err != nil {
		return err
	}
	log := &appender{file: f}
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(body) //nolint:gosec // a page of our own; whoever asked may have gone
			return
		}
		raw, err := io.ReadAll(r.Body)
		if err == nil {
			err = log.append(raw)
		}
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		_, _ = io.WriteString(w, `{"received":true}`) // as above
	})
	return errors.Join(listen(ctx, address, h), f.Close())
}

// appender writes what comes in while the file is being synced in one go.
type appender struct {
	file    *os.File
	mu      sync.Mutex
	waiting bytes.Buffer
	told    []chan error
	running bool
}

func (a *appender) append(b []byte) error {
	done := make(chan error, 1)
	a.mu.Lock()
	a.waiting.Write(b)
	a.told = append(a.told, done)
	if !a.running {
		a.running = true
		go a.run()
	}
	a.mu.Unlock()
	return <-done
}

func (a *appender) run() {
	for {
		a.mu.Lock()
		if len(a.told) == 0 {
			a.running = false
			a.mu.Unlock()
			return
		}
		raw, told := bytes.Clone(a.waiting.Bytes()), a.told
		a.waiting.Reset()
		a.told = nil
		a.mu.Unlock()
		_, err := a.file.Write(raw)
		if err == nil {
			err = a.file.Sync()
		}
		for _, done := range told {
			done <- err
		}
	}
}

// syncs prints how long this disk takes to keep a page, which bounds what one transaction at a time can do.
func syncs(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	now := clock.System()
	took := make([]time.Duration, 200)
	for i := range took {
		began := now()
		if _, err := f.Write(make([]byte, 4096)); err != nil {
			return errors.Join(err, f.Close())
		}
		if err := f.Sync(); err != nil {
			return errors.Join(err, f.Close())
		}
		took[i] = now().Sub(began)
	}
	slices.Sort(took)
	fmt.Printf("fsync of 4 kB on this disk: p50 %.2f ms, p99 %.2f ms\n", ms(took[100]), ms(took[198]))
	return errors.Join(f.Close(), os.Remove(path))
}

// listen serves until ctx ends.
func listen(ctx context.Context, address string, h http.Handler) error {
	s := &http.Server{Addr: address, Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, WriteTimeout: time.Minute}
	go func() {
		<-ctx.Done()
		_ = s.Close()
	}()
	if err := s.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
