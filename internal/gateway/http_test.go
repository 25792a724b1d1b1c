package gateway_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"tekentafel/internal/gateway"
	"tekentafel/internal/gateway/budget"
	"tekentafel/internal/gateway/door"
	"tekentafel/internal/gateway/wire"
	"tekentafel/internal/tenant"
)

// reply is what a program gets; its body is closed when the test ends.
type reply struct {
	StatusCode int
	Header     http.Header
	Body       io.Reader
}

// ask sends a request to the gateway over HTTP.
func (w *world) ask(ctx context.Context, method, path, key, body string, headers ...string) reply {
	w.t.Helper()
	r, err := http.NewRequestWithContext(ctx, method, w.url+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = res.Body.Close() })
	return reply{res.StatusCode, res.Header, res.Body}
}

func all(t testing.TB, r io.Reader) string {
	t.Helper()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// within waits until something holds.
func within(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within ten seconds", what)
		}
	}
}

func TestWhoeverHasNoKeyAndWhateverThereIsNotIsAnsweredInTheShape(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{change: func(d *gateway.Dependencies) { d.Limits = wire.Limits{Bytes: 4096} }})
	hello := chat("mock", "Hallo", false)
	for _, c := range []struct {
		method, path, key, body string
		headers                 []string
		status                  int
		says                    string
	}{
		{"POST", "/v1/chat/completions", "", hello, nil, 401, `"type":"authentication_error"`},
		{"POST", "/v1/chat/completions", "sk-of-another", hello, nil, 401, `"code":"invalid_api_key"`},
		{"POST", "/v1/messages", "", hello, []string{"x-api-key", "tk_wrong"}, 401, `{"type":"error","error":{"type":"authentication_error"`},
		{"GET", "/v1/models", "", "", nil, 401, `"code":"invalid_api_key"`},
		{"GET", "/v1/models", "", "", []string{"Authorization", "Basic " + secret}, 401, `"code":"invalid_api_key"`},
		{"GET", "/v1/models", "", "", []string{"x-api-key", secret}, 200, `"id":"mock"`},
		{"GET", "/v1/models/none", secret, "", nil, 404, `"code":"model_not_found"`},
		{"GET", "/v1/assistants", secret, "", nil, 404, "POST /v1/chat/completions"},
		{"POST", "/v1/completions", secret, hello, nil, 404, "there is no such operation"},
		{"GET", "/v1/chat/completions", secret, "", nil, 405, "send POST here"},
		{"PUT", "/v1/messages", secret, hello, nil, 405, `{"type":"error"`},
		{"OPTIONS", "/v1/responses", "", "", nil, 204, ""},
		{"HEAD", "/v1/models", secret, "", nil, 200, ""},
		{"POST", "/v1/messages/count_tokens", secret, hello, nil, 404, "counting tokens beforehand is not supported"},
		{"POST", "/v1/chat/completions", secret, "{", nil, 400, `"code":"invalid_json"`},
		{"POST", "/v1/chat/completions", secret, `{"model":"mock"}`, nil, 400, `"param":"messages"`},
		{"POST", "/v1/chat/completions", secret, hello, []string{"Content-Type", "text/plain"}, 415, "application/json"},
		{"POST", "/v1/chat/completions", secret, hello, []string{"Content-Encoding", "gzip"}, 415, "Content-Encoding"},
		{"POST", "/v1/chat/completions", secret, chat("mock", strings.Repeat("a", 5000), false), nil, 413, "4096 bytes"},
		{"POST", "/v1/chat/completions", secret, hello, []string{"X-Tekentafel-Hops", "9", "Cookie", "session=abc"}, 200, "choices"},
	} {
		res := w.ask(t.Context(), c.method, c.path, c.key, c.body, c.headers...)
		body := all(t, res.Body)
		if res.StatusCode != c.status || !strings.Contains(body, c.says) {
			t.Errorf("%s %s: %d %s", c.method, c.path, res.StatusCode, body)
		}
		if res.Header.Get("Request-Id") == "" || res.StatusCode == 401 && res.Header.Get("WWW-Authenticate") == "" || res.StatusCode == 405 && res.Header.Get("Allow") == "" {
			t.Errorf("%s %s: %v", c.method, c.path, res.Header)
		}
	}
}

func TestACallOfAKeyCountsForItsTeamAndTheUnitsAbove(t *testing.T) {
	t.Parallel()
	down := errors.New("the store is away")
	w := newWorld(t, settings{limits: rules{{ID: "one", Kind: budget.Team, Subject: "city", Period: budget.Day, Unit: budget.Tokens, Most: 10}},
		change: func(d *gateway.Dependencies) {
			d.Above = func(_ context.Context, _ tenant.ID, unit string) ([]string, error) {
				if unit != "unit-1" {
					t.Errorf("asked about %s", unit)
				}
				if down != nil {
					return nil, down
				}
				return []string{"division", "city"}, nil
			}
		}})
	if res := w.ask(t.Context(), "POST", "/v1/chat/completions", secret, chat("mock", "Hallo", false)); res.StatusCode != 503 {
		t.Errorf("it goes on without: %d", res.StatusCode)
	}
	down = nil
	res := w.ask(t.Context(), "POST", "/v1/chat/completions", secret, chat("mock", "Hallo", false))
	if body := all(t, res.Body); res.StatusCode != 429 || !strings.Contains(body, "the limit of the team for today has too little left") || strings.Contains(body, "10 tokens left") {
		t.Errorf("%d %s", res.StatusCode, body)
	}
}

func TestWhoGoesAwayHalfWayStopsTheModelAndIsCounted(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ pooled, stream bool }{{false, false}, {false, true}, {true, false}, {true, true}} {
		stream, model := c.stream, "mock;between=50ms;size=4000"
		if !stream {
			model = "mock;hang"
		}
		var w *world
		if c.pooled {
			w, model = newPooled(t, "vllm", strings.TrimPrefix(model, "mock;"), settings{limits: wide}), "m"
		} else {
			w = newWorld(t, settings{limits: wide})
		}
		ctx, leave := context.WithCancel(t.Context())
		if stream {
			res := w.ask(ctx, "POST", "/v1/chat/completions", secret, chat(model, "Hallo", true))
			lines := bufio.NewScanner(res.Body)
			for range 5 {
				lines.Scan()
			}
		} else {
			go func() {
				within(t, "the request arrives", func() bool { return w.mock.Counts().Requests == 1 })
				leave()
			}()
			r, err := http.NewRequestWithContext(ctx, "POST", w.url+"/v1/chat/completions", strings.NewReader(chat(model, "Hallo", false)))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Authorization", "Bearer "+secret)
			if res, err := http.DefaultClient.Do(r); err == nil {
				_ = res.Body.Close()
				t.Error("it was answered")
			}
		}
		leave()
		within(t, "the model is stopped", func() bool { return w.mock.Counts().Cancelled == 1 && w.mock.Counts().Open == 0 })
		within(t, "the call is told", func() bool { return len(w.tally.all()) == 1 })
		w.settle()
		d := w.tally.all()[0]
		used, held, guess := w.used()
		if d.Outcome != door.Stopped || !d.Estimate || used != int64(d.Cost) || used == 0 || guess != used || held != 0 {
			t.Errorf("stream %v: %+v; %d used, %d held, %d estimated", stream, d, used, held, guess)
		}
		if stream && d.Used.Output >= 1000 { // what came, not the most
			t.Errorf("%+v", d.Used)
		}
	}
}

func TestAStreamThatWaitsSaysThatItLives(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{})
	ctx, leave := context.WithTimeout(t.Context(), 25*time.Second)
	defer leave()
	began := time.Now()
	res := w.ask(ctx, "POST", "/v1/chat/completions", secret, chat("mock;hang", "Hallo", true))
	line, err := bufio.NewReader(res.Body).ReadString('\n')
	if err != nil || line != ": ping\n" || res.Header.Get("Content-Type") != "text/event-stream; charset=utf-8" || time.Since(began) > 20*time.Second {
		t.Errorf("%q (%v) after %v", line, err, time.Since(began))
	}
}

func TestCallsThatRunGetTimeWhenTheNodeStops(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		model string
		grace time.Duration
		want  door.Outcome
	}{"enough": {"mock;between=5ms", 10 * time.Second, door.Answered}, "too little": {"mock;between=300ms;size=2000", 300 * time.Millisecond, door.Cut}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, settings{limits: wide})
			ended := make(chan error)
			out := &collected{}
			go func() {
				_, err := w.engine.Do(context.Background(), program, request(t, wire.Chat, chat(c.model, "Hallo", true)), gateway.Options{}, out)
				ended <- err
			}()
			within(t, "the request arrives", func() bool { return w.mock.Counts().Requests == 1 })
			time.Sleep(50 * time.Millisecond)
			stop := make(chan error)
			go func() {
				ctx, cancel := context.WithTimeout(context.Background(), c.grace)
				defer cancel()
				stop <- w.engine.Shutdown(ctx)
			}()
			err := <-ended
			if serr := <-stop; serr != nil {
				t.Fatal(serr)
			}
			used, held, _ := w.used()
			d := w.tally.all()[0]
			if (err == nil) != (c.want == door.Answered) || d.Outcome != c.want || used != int64(d.Cost) || used == 0 || held != 0 {
				t.Errorf("%v: %+v; %d used, %d held", err, d, used, held)
			}
			var f *wire.Fault
			if _, err := w.engine.Do(context.Background(), program, request(t, wire.Chat, chat("mock", "Hallo", true)), gateway.Options{}, out); !errors.As(err, &f) || f.Code != "stopping" {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestNoTextReachesALogAMetricOrAFault searches words of questions and answers in all that is written about calls, also about those that fail.
func TestNoTextReachesALogAMetricOrAFault(t *testing.T) {
	t.Parallel()
	const canary = "kanariepiet"
	w := newWorld(t, settings{limits: rules{{ID: "one", Kind: budget.Key, Subject: "key-1", Period: budget.Day, Unit: budget.Tokens, Most: 60_000}}})
	registry := prometheus.NewRegistry()
	registry.MustRegister(w.engine.Metrics)
	var faults bytes.Buffer
	long := strings.Repeat(canary+" ", 6000)
	for _, stream := range []bool{false, true} {
		for _, how := range []string{"", ";echo", ";status=500", ";status=400", ";status=429", ";cut=2", ";wrong", ";close"} {
			for _, text := range []string{"mevrouw An " + canary + " van.an@" + canary + ".be", "wachtwoord: Zomer2026!" + canary, long} {
				res := w.ask(t.Context(), "POST", "/v1/chat/completions", secret, chat("mock"+how, text, stream))
				body, _ := io.ReadAll(res.Body)
				if res.StatusCode >= 400 {
					faults.Write(body)
				}
				for k, v := range res.Header {
					fmt.Fprintln(&faults, k, v)
				}
			}
		}
		for _, body := range []string{`{"model":"` + canary + `","messages":[{"role":"user","content":"a"}]}`, `{"model":"mock","` + canary + ` x":1,"` + canary + ` x":1}`, canary} {
			faults.WriteString(all(t, w.ask(t.Context(), "POST", "/v1/chat/completions", secret, body).Body))
		}
	}
	w.ask(t.Context(), "POST", "/v1/chat/completions", "tk_"+canary, chat("mock", "a", false))
	w.ask(t.Context(), "POST", "/v1/"+canary, secret, chat("mock", "a", false))
	w.settle()
	recorder := httptest.NewRecorder()
	promhttp.HandlerFor(registry, promhttp.HandlerOpts{}).ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), "GET", "/metrics", nil))
	written := map[string]string{"log": w.log.String(), "metrics": recorder.Body.String(), "faults": faults.String(), "tally": fmt.Sprintf("%+v", w.tally.all())}
	for where, text := range written {
		if len(text) < 200 {
			t.Errorf("%s holds %q", where, text)
		}
		if i := strings.Index(text, canary); i >= 0 {
			t.Errorf("%s: ...%s", where, text[max(0, i-200):min(len(text), i+50)])
		}
	}
	if !strings.Contains(written["metrics"], `tekentafel_gateway_calls_total{model="mock`) || strings.Contains(written["log"], "an@") {
		t.Error(written["metrics"])
	}
}
