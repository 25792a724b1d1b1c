package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/gateway"
	"tekentafel/internal/gateway/backend"
	"tekentafel/internal/gateway/budget"
	"tekentafel/internal/gateway/door"
	"tekentafel/internal/gateway/mock"
	"tekentafel/internal/guard"
	"tekentafel/internal/tenant"
	"tekentafel/internal/web"
)

// What stands in processes of their own.
const (
	theMock    = "mock"    // a model's server
	theFaulty  = "hasty"   // the same, which closes idle connections after some milliseconds
	thePlain   = "plain"   // parses and encodes again: the floor of what a gateway does
	theReverse = "reverse" // httputil.ReverseProxy
	theGateway = "gateway" // no limit is set
	theLimited = "limited" // a limit applies to each call
)

const (
	secret   = "tk_of-the-benchmark" //nolint:gosec // it opens nothing but the process that this program starts
	hasty    = 3 * time.Millisecond
	idleMost = 4096
)

// serve runs one of them until its standard input ends, and prints where it listens.
func serve(ctx context.Context, what, upstream, folder string) error {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{ReadHeaderTimeout: time.Minute}
	end := func(context.Context) error { return nil }
	switch what {
	case theMock, theFaulty:
		server.Handler = &mock.Server{}
		if what == theFaulty {
			server.IdleTimeout = hasty
		}
	case thePlain:
		server.Handler = plain(upstream)
	case theReverse:
		to, err := url.Parse(upstream)
		if err != nil {
			return err
		}
		server.Handler = &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to) }, Transport: transport(), ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	case theGateway, theLimited:
		if server.Handler, end, err = open(ctx, upstream, folder, what == theLimited); err != nil {
			return err
		}
	default:
		return fmt.Errorf("%q is nothing to serve", what)
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	fmt.Println("http://" + l.Addr().String())
	_, _ = io.Copy(io.Discard, os.Stdin)
	_ = server.Close()
	if err := <-done; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return end(context.WithoutCancel(ctx))
}

func transport() *http.Transport {
	return &http.Transport{MaxIdleConns: idleMost, MaxIdleConnsPerHost: idleMost, IdleConnTimeout: time.Minute, DisableCompression: true}
}

// plain decodes a request, encodes it again and passes the answer on.
func plain(upstream string) http.Handler {
	const path = "/v1/chat/completions"
	to := &http.Client{Transport: transport()}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body map[string]any
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			http.Error(w, "no JSON", http.StatusBadRequest)
			return
		}
		text, err := json.Marshal(body)
		if err != nil {
			http.Error(w, "no JSON", http.StatusBadRequest)
			return
		}
		post, err := http.NewRequestWithContext(r.Context(), http.MethodPost, upstream+path, bytes.NewReader(text))
		if err != nil {
			http.Error(w, "no address", http.StatusBadGateway)
			return
		}
		post.Header.Set("Content-Type", "application/json")
		res, err := to.Do(post)
		if err != nil {
			http.Error(w, "no answer", http.StatusBadGateway)
			return
		}
		defer func() { _ = res.Body.Close() }()
		w.Header().Set("Content-Type", res.Header.Get("Content-Type"))
		if !strings.HasPrefix(res.Header.Get("Content-Type"), "text/event-stream") {
			var answer map[string]any
			if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
				http.Error(w, "no JSON", http.StatusBadGateway)
				return
			}
			_ = json.NewEncoder(w).Encode(answer)
			return
		}
		control := http.NewResponseController(w)
		piece := make([]byte, 4096)
		for {
			n, err := res.Body.Read(piece)
			if n > 0 {
				if _, err := w.Write(piece[:n]); err != nil {
					return
				}
				_ = control.Flush()
			}
			if err != nil {
				return
			}
		}
	})
}

// open returns the gateway as the program serves it: behind the server of pages, with a store on disk, a log, the guard as shipped and the pool of backends.
func open(ctx context.Context, upstream, folder string, limited bool) (http.Handler, func(context.Context) error, error) {
	var models strings.Builder
	for name, there := range map[string]string{"mock": "mock", slowModel: slowThere} {
		fmt.Fprintf(&models, "  - {name: %q, max_output: 1000, context: 100000, prices: [{from: \"2020-01-01\", input: \"1\", output: \"2\"}], routes: [{backend: one, model: %q}]}\n", name, there)
	}
	settings, err := backend.Parse("bench.yaml", []byte("backends: [{name: one, kind: vllm, url: \""+upstream+"\"}]\nmodels:\n"+models.String()), func(string) (string, bool) { return "", false }, nil)
	if err != nil {
		return nil, nil, err
	}
	now := clock.System()
	pool, err := backend.New(settings, backend.Parts{Now: now})
	if err != nil {
		return nil, nil, err
	}
	store, err := db.Open(ctx, filepath.Join(folder, "gateway.db"))
	if err != nil {
		return nil, nil, err
	}
	if err := store.Migrate(ctx); err != nil {
		return nil, nil, err
	}
	log := slog.New(slog.NewJSONHandler(io.Discard, nil))
	rules := limits{}
	if limited {
		rules = limits{{ID: "all", Kind: budget.Organisation, Period: budget.Month, Unit: budget.Euros, Most: 1e15}}
	}
	if err := organisation(ctx, store); err != nil {
		return nil, nil, err
	}
	e, err := gateway.New(gateway.Dependencies{Upstream: pool, Keys: keys{}, Policies: policies{}, Book: budget.New(store, rules, now), Prices: settings.Prices, Tally: tally{}, Now: now, Log: log, Metrics: gateway.NewMetrics()})
	if err != nil {
		return nil, nil, err
	}
	ctx, stop := context.WithCancel(ctx)
	go e.Run(ctx)
	pages := web.New(web.Config{PublicURL: &url.URL{Scheme: "http", Host: "bench"}}, nil, nil, now, log)
	if err := gateway.Mount(pages, e); err != nil {
		stop()
		return nil, nil, err
	}
	return pages, func(ctx context.Context) error {
		stop()
		err := e.Shutdown(ctx)
		if closed := store.Close(); err == nil {
			err = closed
		}
		return err
	}, nil
}

const org tenant.ID = "bench"

// organisation adds the one that calls count for.
func organisation(ctx context.Context, d *db.DB) error {
	return d.System().Write(ctx, func(s *db.System) error { //nolint:forbidigo // a store of this benchmark
		_, err := s.Exec(ctx, `INSERT INTO organisations (tenant_id, slug, name, languages, group_size, created_at) VALUES ($1, $1, $1, 'nl', 10, 0)`, string(org))
		return err
	})
}

type limits []budget.Limit

func (l limits) Terms(context.Context, tenant.ID, *budget.Call) (budget.Terms, error) {
	return budget.Terms{Limits: l}, nil
}

type keys struct{}

func (keys) Find(context.Context, string) (*door.Key, error) {
	return &door.Key{Tenant: org, ID: "bench", Team: "bench"}, nil
}

type policies struct{}

func (policies) Policy(context.Context, tenant.ID) (guard.Policy, error) {
	return guard.DefaultPolicy(), nil
}

type tally struct{}

func (tally) Count(*door.Done) {}
