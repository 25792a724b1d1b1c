package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"time"
)

// stored is an answer as the product gave it.
type stored struct {
	Path   string
	Header http.Header
	Body   []byte
}

// startPeer starts the plain server as a process of its own, as the product is one.
func startPeer(ctx context.Context, answers string) (*server, error) {
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(answers+".address", []byte(address), 0o600); err != nil {
		return nil, err
	}
	s, _, err := launch(ctx, address, "/readyz", os.Args[0], "peer", answers)
	return s, err
}

// servePeer answers each path with the bytes and headers in the file, from memory, until a signal comes.
func servePeer(ctx context.Context, answers string) error {
	raw, err := os.ReadFile(answers)
	if err != nil {
		return err
	}
	var list []stored
	if err := json.Unmarshal(raw, &list); err != nil {
		return err
	}
	address, err := os.ReadFile(answers + ".address")
	if err != nil {
		return err
	}
	byPath := map[string]stored{}
	for _, a := range list {
		a.Header.Del("Date") // the server sets its own
		byPath[a.Path] = a
	}
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, found := byPath[r.URL.RequestURI()]
		if !found && r.URL.Path != "/readyz" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		for name, values := range a.Header {
			w.Header()[name] = values
		}
		_, _ = w.Write(a.Body) // whoever asked has gone
	})
	s := &http.Server{Addr: string(address), Handler: h, ReadHeaderTimeout: 10 * time.Second, WriteTimeout: time.Minute}
	go func() {
		<-ctx.Done()
		_ = s.Close()
	}()
	if err := s.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
