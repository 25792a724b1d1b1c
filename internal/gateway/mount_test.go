package gateway_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/gateway"
	"tekentafel/internal/gateway/limits"
	"tekentafel/internal/web"
)

// What app puts together.
var (
	_ gateway.Book         = (*limits.Watched)(nil)
	_ gateway.Surroundings = (*web.Server)(nil)
)

// nobody is who visits the pages.
type nobody struct{}

func (nobody) Visit(context.Context, *http.Request) (web.Visit, error) { return web.Visit{}, nil }

// mounted serves the gateway within the server of pages.
func mounted(t *testing.T, w *world, c web.Config) {
	t.Helper()
	c.PublicURL = &url.URL{Scheme: "http", Host: "example.be"}
	pages := web.New(c, nobody{}, nil, clock.System(), slog.New(slog.NewJSONHandler(w.log, nil)))
	if err := gateway.Mount(pages, w.engine); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(pages)
	t.Cleanup(server.Close)
	w.url = server.URL
}

func TestTheServerOfPagesLetsProgramsWorkAndSlowsWhoGuesses(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{})
	mounted(t, w, web.Config{PerMinute: 60, StrictPer10Min: 3})
	for i := range 100 { // more than an address may ask pages
		if res := w.ask(t.Context(), "POST", "/v1/chat/completions", secret, chat("mock", "Hallo", false)); res.StatusCode != 200 || !strings.Contains(all(t, res.Body), "choices") {
			t.Fatalf("request %d: %d", i, res.StatusCode)
		}
	}
	last := 0
	for range 6 {
		res := w.ask(t.Context(), "POST", "/v1/messages", "tk_a-guess", chat("mock", "Hallo", false))
		if last = res.StatusCode; last == 429 && res.Header.Get("Retry-After") == "" {
			t.Error("when to try again is not told")
		}
	}
	if last != 429 {
		t.Errorf("guesses are answered with %d", last)
	}
	if res := w.ask(t.Context(), "GET", "/v1/models", secret, ""); res.StatusCode != 200 {
		t.Errorf("who has a key suffers from who has none: %d", res.StatusCode)
	}
	// A page of another site can do nothing, and is told so in the shape of the interface.
	res := w.ask(t.Context(), "POST", "/v1/messages", secret, chat("mock", "Hallo", false), "Origin", "https://elsewhere.example", "Sec-Fetch-Site", "cross-site")
	if body := all(t, res.Body); res.StatusCode != 403 || !strings.HasPrefix(body, `{"type":"error"`) {
		t.Errorf("%d %s", res.StatusCode, body)
	}
	if log := w.log.String(); !strings.Contains(log, `"route":"POST /v1/chat/completions"`) || strings.Contains(log, "Hallo") || strings.Contains(log, "tk_") {
		t.Error(log)
	}
}

// TestAStreamOutlivesTheTimeForABody: the server of pages sets how long a body may take. When the body is there, that time must not end the answer.
func TestAStreamOutlivesTheTimeForABody(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{})
	handler := w.engine.Handler(around{})
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if err := http.NewResponseController(out).SetReadDeadline(time.Now().Add(300 * time.Millisecond)); err != nil {
			t.Error(err)
		}
		handler.ServeHTTP(out, r)
	}))
	t.Cleanup(server.Close)
	w.url = server.URL
	res := w.ask(t.Context(), "POST", "/v1/chat/completions", secret, chat("mock;between=120ms", "Hallo", true))
	body, err := io.ReadAll(res.Body)
	if err != nil || !strings.Contains(string(body), "[DONE]") {
		t.Errorf("%v: %s", err, body)
	}
}
