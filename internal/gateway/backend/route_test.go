package backend_test

import (
	"compress/gzip"
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/gateway/backend"
	"tekentafel/internal/gateway/mock"
	"tekentafel/internal/gateway/wire"
)

// still is a clock that is set by hand, and a wait that sets it.
type still struct {
	mu sync.Mutex
	at time.Time
}

func (s *still) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.at
}

func (s *still) pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at = s.at.Add(d)
}

func (s *still) wait(ctx context.Context, d time.Duration) error {
	s.pass(d)
	return ctx.Err()
}

func TestWorkIsSharedByWeightAmongEquals(t *testing.T) {
	t.Parallel()
	servers := []*mock.Server{{}, {}, {}}
	n := 0
	p := pool(t, fmt.Sprintf(`
backends: [{name: a, kind: vllm, url: %q}, {name: b, kind: vllm, url: %q}, {name: c, kind: vllm, url: %q}]
models: [{name: m, prices: free, routes: [{backend: a, weight: 3}, {backend: b, weight: 1}, {backend: c}]}]`, serve(t, servers[0]), serve(t, servers[1]), serve(t, servers[2])),
		backend.Parts{Draw: func(sum int) int { n++; return n % sum }})
	for range 40 {
		if _, err := ask(t.Context(), p, chat(t, "m", false)); err != nil {
			t.Fatal(err)
		}
	}
	if a, b, c := servers[0].Counts().Requests, servers[1].Counts().Requests, servers[2].Counts().Requests; a != 30 || b != 10 || c != 0 {
		t.Errorf("%d, %d and %d", a, b, c)
	}
}

func TestABackendThatFailedIsPassedOverForAWhile(t *testing.T) {
	t.Parallel()
	clock := &still{at: time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)}
	first, second := &mock.Server{Default: mock.Behaviour{Status: 503, RetryAfter: "20"}}, &mock.Server{}
	p := pool(t, fmt.Sprintf(`
backends: [{name: a, kind: vllm, url: %q}, {name: b, kind: vllm, url: %q}]
models: [{name: m, prices: free, routes: [{backend: a}, {backend: b}]}]`, serve(t, first), serve(t, second)), backend.Parts{Now: clock.now, Wait: clock.wait})
	for i := range 5 {
		if reply, err := p.Do(t.Context(), chat(t, "m", false)); err != nil || reply.Backend != "b" {
			t.Fatalf("%d: %v", i, err)
		}
	}
	if n := first.Counts().Requests; n != 1 {
		t.Errorf("it was asked %d times while it rested", n)
	}
	h := p.Health()
	if len(h) != 2 || h[0].State != backend.Resting || h[0].Reason != backend.Busy || !h[0].Until.Equal(clock.now().Add(20*time.Second)) || h[1].State != backend.Well || h[0].Model != "m" {
		t.Errorf("%+v", h)
	}
	clock.pass(20 * time.Second)
	if p.Health()[0].State != backend.Trying {
		t.Errorf("%+v", p.Health()[0])
	}
	first.Script(mock.Behaviour{})
	if reply, err := p.Do(t.Context(), chat(t, "m", false)); err != nil || reply.Backend != "a" || p.Health()[0].State != backend.Well {
		t.Errorf("after its rest: %v, %+v", err, p.Health()[0])
	}
}

func TestABackendThatFailsIsStillAskedWhenThereIsNoOther(t *testing.T) {
	t.Parallel()
	clock := &still{at: time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)}
	m := &mock.Server{}
	p := pool(t, fmt.Sprintf("backends: [{name: a, kind: vllm, url: %q}]\nmodels: [{name: m, prices: free, routes: [{backend: a}]}]", serve(t, m)), backend.Parts{Now: clock.now, Wait: clock.wait})
	for _, status := range []int{500, 500, 500, 500, 401, 401} {
		m.Script(mock.Behaviour{Status: status})
		n := m.Counts().Requests
		if _, err := ask(t.Context(), p, chat(t, "m", false)); err == nil || m.Counts().Requests != n+1 {
			t.Errorf("%d: %v after %d requests", status, err, m.Counts().Requests-n)
		}
	}
	if p.Health()[0].State != backend.Resting {
		t.Errorf("%+v", p.Health()[0])
	}
	if _, err := ask(t.Context(), p, chat(t, "m", false)); err != nil || p.Health()[0].State != backend.Well {
		t.Errorf("%v, %+v", err, p.Health()[0])
	}
	if !clock.now().Equal(time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)) {
		t.Error("somebody waited")
	}
}

func TestOneRequestTriesABackendThatRested(t *testing.T) {
	t.Parallel()
	clock := &still{at: time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)}
	m, other := &mock.Server{Default: mock.Behaviour{Status: 429, RetryAfter: "10"}}, &mock.Server{}
	p := pool(t, fmt.Sprintf(`
backends: [{name: a, kind: vllm, url: %q}, {name: b, kind: vllm, url: %q}]
models: [{name: m, prices: free, routes: [{backend: a}, {backend: b}]}]`, serve(t, m), serve(t, other)), backend.Parts{Now: clock.now, Wait: clock.wait})
	if _, err := ask(t.Context(), p, chat(t, "m", false)); err != nil {
		t.Fatal(err)
	}
	clock.pass(10 * time.Second)
	m.Default = mock.Behaviour{}
	m.Script(mock.Behaviour{First: 300 * time.Millisecond})
	var group sync.WaitGroup
	var a atomic.Int64
	for range 10 {
		group.Go(func() {
			if reply, err := p.Do(t.Context(), chat(t, "m", false)); err != nil {
				t.Error(err)
			} else if reply.Backend == "a" {
				a.Add(1)
			}
		})
	}
	group.Wait()
	if a.Load() != 1 || m.Counts().Requests != 2 {
		t.Errorf("%d requests tried it", a.Load())
	}
}

func TestNoMoreRequestsAreUnderWayThanTheSettingsAllow(t *testing.T) {
	t.Parallel()
	var now, most atomic.Int64
	url := handler(t, func(w http.ResponseWriter, r *http.Request) {
		n := now.Add(1)
		for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
			continue
		}
		_, _ = io.Copy(io.Discard, r.Body)
		time.Sleep(20 * time.Millisecond)
		now.Add(-1)
		_, _ = io.WriteString(w, answer)
	})
	p := one(t, backend.VLLM, url, ", connections: 3")
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			if _, err := ask(t.Context(), p, chat(t, "m", false)); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if most.Load() != 3 {
		t.Errorf("%d at the same time", most.Load())
	}
	overflow := &mock.Server{}
	m := &mock.Server{Default: mock.Behaviour{First: time.Second}}
	p = pool(t, fmt.Sprintf(`
backends: [{name: a, kind: vllm, url: %q, connections: 1}, {name: b, kind: vllm, url: %q}]
models: [{name: m, prices: free, routes: [{backend: a}, {backend: b}]}]`, serve(t, m), serve(t, overflow)), backend.Parts{})
	reply, err := p.Do(t.Context(), request(t, wire.Chat, `{"model":"m","stream":true,"messages":[{"role":"user","content":"a"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if second, err := p.Do(t.Context(), chat(t, "m", false)); err != nil || second.Backend != "b" {
		t.Errorf("what is full is not passed over: %v", err)
	}
	_ = reply.Close()
	until(t, func() bool { return p.Health()[0].UnderWay == 0 })
}

func TestHTTP2AndAnOwnAuthorityWork(t *testing.T) {
	t.Parallel()
	var two atomic.Int64
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor == 2 {
			two.Add(1)
		}
		events(`{"choices":[{"delta":{"content":"ja"},"finish_reason":"stop"}]}`, "[DONE]")(w, r)
	}))
	s.EnableHTTP2 = true
	s.StartTLS()
	defer s.Close()
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	settings, err := backend.Parse("m", fmt.Appendf(nil, "backends: [{name: a, kind: vllm, url: %q, ca_file: /ca}]\nmodels: [{name: m, prices: free, routes: [{backend: a}]}]", s.URL), environment, func(string) ([]byte, error) { return cert, nil })
	if err != nil {
		t.Fatal(err)
	}
	p, err := backend.New(settings, backend.Parts{Now: clock.System()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = p.Close() }()
	for range 5 {
		if text, err := ask(t.Context(), p, chat(t, "m", true)); err != nil || text != "ja" {
			t.Errorf("%q, %v", text, err)
		}
	}
	if two.Load() != 5 {
		t.Errorf("%d of 5 over HTTP/2", two.Load())
	}
}

func TestPackedAnswersAreUnpacked(t *testing.T) {
	t.Parallel()
	url := handler(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		streamed := strings.Contains(string(body), `"stream":true`)
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		if !streamed {
			_, _ = io.WriteString(z, answer)
			_ = z.Close()
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		for _, e := range []string{`{"choices":[{"delta":{"content":"j"}}]}`, `{"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}`, "[DONE]"} {
			_, _ = io.WriteString(z, "data: "+e+"\n\n")
			_ = z.Flush()
			_ = http.NewResponseController(w).Flush()
		}
		_ = z.Close()
	})
	p := one(t, backend.VLLM, url, "")
	for _, streamed := range []bool{false, true} {
		if text, err := ask(t.Context(), p, chat(t, "m", streamed)); err != nil || text != "ja" {
			t.Errorf("streamed %v: %q, %v", streamed, text, err)
		}
	}
}

func TestAnAnswerWithoutEndIsCutOff(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("sends much")
	}
	block := strings.Repeat("x", 1<<20)
	var sent atomic.Int64
	url := handler(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if strings.Contains(string(body), `"stream":true`) {
			w.Header().Set("Content-Type", "text/event-stream")
			_, _ = io.WriteString(w, "data: ")
		}
		for {
			n, err := io.WriteString(w, block)
			if sent.Add(int64(n)); err != nil {
				return
			}
		}
	})
	p := one(t, backend.VLLM, url, "")
	for _, streamed := range []bool{false, true} {
		sent.Store(0)
		if _, err := ask(t.Context(), p, chat(t, "m", streamed)); because(t, err).Reason != backend.Broken || sent.Load() > 128<<20 {
			t.Errorf("streamed %v: %v after %d MB", streamed, err, sent.Load()>>20)
		}
	}
}

func TestAStreamWithoutTheMarkOfTheEndGetsOne(t *testing.T) {
	t.Parallel()
	p := one(t, backend.LlamaCpp, handler(t, events(`{"choices":[{"index":0,"delta":{"content":"ja"},"finish_reason":null}]}`, `{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`)), "")
	for shape, body := range bodies {
		if text, err := ask(t.Context(), p, request(t, shape, fmt.Sprintf(body, true))); err != nil || text != "ja" {
			t.Errorf("%v: %q, %v", shape, text, err)
		}
	}
}

func TestFaultsWithinAStreamAreToldInEachShape(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind   backend.Kind
		events []string
		reason backend.Reason
	}{
		{backend.Anthropic, []string{`{"type":"message_start","message":{"id":"1","model":"far","content":[],"usage":{"input_tokens":1}}}`, `{"type":"error","error":{"type":"overloaded_error","message":"full"}}`}, backend.Busy},
		{backend.OpenAI, []string{`{"choices":[{"index":0,"delta":{"content":"a"}}]}`, `{"error":{"type":"server_error","message":"full"}}`}, backend.Broken},
	} {
		p := one(t, c.kind, handler(t, events(c.events...)), "")
		for _, shape := range []wire.Shape{wire.Chat, wire.Messages} {
			_, err := ask(t.Context(), p, request(t, shape, fmt.Sprintf(bodies[shape], true)))
			if e := because(t, err); e.Reason != c.reason || e.Fault.Message != "full" || !e.Maybe {
				t.Errorf("%s, %v: %+v", c.kind, shape, e)
			}
		}
	}
	p := one(t, backend.OpenAI, handler(t, events(`{"type":"response.created","response":{"id":"1","model":"far"}}`, `{"type":"response.failed","response":{"status":"failed","error":{"code":"rate_limit_exceeded","message":"full","type":"rate_limit_error"}}}`)), "")
	_, err := ask(t.Context(), p, request(t, wire.Responses, fmt.Sprintf(bodies[wire.Responses], true)))
	if e := because(t, err); e.Reason != backend.Busy || e.Fault.Message != "full" {
		t.Errorf("%+v", e)
	}
}

func TestWhatABackendCannotSayGoesToOneThatCan(t *testing.T) {
	t.Parallel()
	claude, far := &mock.Server{}, &mock.Server{Keep: true}
	p := pool(t, fmt.Sprintf(`
backends: [{name: a, kind: anthropic, url: %q, key_env: FAR_KEY}, {name: b, kind: openai, url: %q, key_env: FAR_KEY}]
models:
  - {name: m, prices: free, routes: [{backend: a}, {backend: b}]}
  - {name: only, prices: free, routes: [{backend: a}]}
  - {name: vectors, embeds: true, prices: free, routes: [{backend: b, model: v}]}`, serve(t, claude), serve(t, far)), backend.Parts{})
	body := `{"model":%q,"seed":7,"messages":[{"role":"user","content":"a"}]}`
	if reply, err := p.Do(t.Context(), request(t, wire.Chat, fmt.Sprintf(body, "m"))); err != nil || reply.Backend != "b" || claude.Counts().Requests != 0 {
		t.Errorf("%v", err)
	}
	_, err := p.Do(t.Context(), request(t, wire.Chat, fmt.Sprintf(body, "only")))
	if e := because(t, err); e.Reason != backend.Unfit || e.Fault.Field != "seed" || e.Fault.Status != 400 || e.Maybe {
		t.Errorf("%+v", e)
	}
	for _, c := range []struct {
		shape  wire.Shape
		body   string
		reason backend.Reason
	}{
		{wire.Chat, `{"model":"none","messages":[{"role":"user","content":"a"}]}`, backend.Unknown},
		{wire.Chat, `{"model":"vectors","messages":[{"role":"user","content":"a"}]}`, backend.Unfit},
		{wire.Embeddings, `{"model":"m","input":"a"}`, backend.Unfit},
		{wire.Chat, `{"model":"m","tools":[{"type":"function","function":{"name":"f"}}],"messages":[{"role":"user","content":"a"}]}`, backend.Unfit},
	} {
		_, err := p.Do(t.Context(), request(t, c.shape, c.body))
		if e := because(t, err); e.Reason != c.reason || e.Maybe || e.Fault.Status < 400 {
			t.Errorf("%s: %+v", c.body, e)
		}
	}
	for form, want := range map[string]string{"float": `"embedding":[`, "base64": `"embedding":"`} {
		reply, err := p.Do(t.Context(), request(t, wire.Embeddings, fmt.Sprintf(`{"model":"vectors","input":["a","b"],"encoding_format":%q}`, form)))
		if err != nil || strings.Count(string(reply.Body), want) != 2 {
			t.Errorf("%s: %v", form, err)
		}
	}
	lists := handler(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, `{"object":"list","data":[{"object":"embedding","index":0,"embedding":[1,0.5]}]}`)
	})
	p = pool(t, fmt.Sprintf("backends: [{name: a, kind: ollama, url: %q}]\nmodels: [{name: v, embeds: true, prices: free, routes: [{backend: a}]}]", lists), backend.Parts{})
	reply, err := p.Do(t.Context(), request(t, wire.Embeddings, `{"model":"v","input":"a","encoding_format":"base64"}`))
	if err != nil || !strings.Contains(string(reply.Body), `"embedding":"AACAPwAAAD8="`) {
		t.Errorf("a list where base64 was asked: %s, %v", reply.Body, err)
	}
}

func TestKeysAndAddressesAreThoseOfTheKind(t *testing.T) {
	t.Parallel()
	type seen struct{ path, query, bearer, apiKey, azure, version, beta string }
	got := make(chan seen, 1)
	url := handler(t, func(w http.ResponseWriter, r *http.Request) {
		got <- seen{r.URL.EscapedPath(), r.URL.RawQuery, r.Header.Get("Authorization"), r.Header.Get("X-Api-Key"), r.Header.Get("Api-Key"), r.Header.Get("Anthropic-Version"), r.Header.Get("Anthropic-Beta")}
		w.WriteHeader(400)
	})
	for _, c := range []struct {
		kind  backend.Kind
		url   string
		more  string
		shape wire.Shape
		want  seen
	}{
		{backend.OpenAI, url + "/v1", "", wire.Chat, seen{path: "/v1/chat/completions", bearer: "Bearer " + key}},
		{backend.VLLM, url, "", wire.Chat, seen{path: "/v1/chat/completions", bearer: "Bearer " + key}},
		{backend.VLLM, url + "/models/v2/", "", wire.Chat, seen{path: "/models/v2/chat/completions", bearer: "Bearer " + key}},
		{backend.OpenAI, url, "", wire.Responses, seen{path: "/v1/responses", bearer: "Bearer " + key}},
		{backend.Anthropic, url, ", headers: {Anthropic-Beta: a-1}", wire.Messages, seen{path: "/v1/messages", apiKey: key, version: "2023-06-01", beta: "a-1"}},
		{backend.Azure, url, "", wire.Chat, seen{path: "/openai/v1/chat/completions", azure: key}},
		{backend.Azure, url + "/openai/v1/", "", wire.Chat, seen{path: "/openai/v1/chat/completions", azure: key}},
		{backend.Azure, url, ", api_version: 2024-10-21", wire.Chat, seen{path: "/openai/deployments/far/chat/completions", query: "api-version=2024-10-21", azure: key}},
		{backend.Azure, url, ", api_version: 2025-04-01-preview", wire.Responses, seen{path: "/openai/responses", query: "api-version=2025-04-01-preview", azure: key}},
	} {
		_, err := ask(t.Context(), one(t, c.kind, c.url, c.more), request(t, c.shape, fmt.Sprintf(bodies[c.shape], false)))
		if because(t, err).Reason != backend.Refusal {
			t.Errorf("%v", err)
		}
		if g := <-got; g != c.want {
			t.Errorf("%s, %v:\n%+v\nwant\n%+v", c.kind, c.shape, g, c.want)
		}
	}
}

func TestARequestThatGoesRoundIsStopped(t *testing.T) {
	t.Parallel()
	var passed atomic.Int64
	var p *backend.Pool
	url := handler(t, func(w http.ResponseWriter, r *http.Request) { // a gateway whose settings name itself
		passed.Add(1)
		body, _ := io.ReadAll(r.Body)
		q, err := wire.ReadRequest(wire.Chat, []byte(strings.Replace(string(body), `"far"`, `"m"`, 1)), wire.Limits{})
		if err != nil {
			t.Error(err)
			return
		}
		_, err = p.Do(backend.WithHops(r.Context(), r.Header), q)
		e := because(t, err)
		w.WriteHeader(e.Fault.Status)
		_, _ = w.Write(e.Fault.Body(wire.Chat))
	})
	p = one(t, backend.VLLM, url, "")
	_, err := ask(t.Context(), p, chat(t, "m", false))
	if e := because(t, err); passed.Load() != 3 {
		t.Errorf("it passed %d times: %v", passed.Load(), e)
	}
	for text, want := range map[string]bool{"": false, "2": false, "3": true, "99": true, "-1": false, "x": false} {
		h := http.Header{}
		h.Set(backend.HopsHeader, text)
		_, err := one(t, backend.VLLM, serve(t, &mock.Server{}), "").Do(backend.WithHops(t.Context(), h), chat(t, "m", false))
		var e *backend.Error
		if stopped := errors.As(err, &e) && e.Fault.Code == "loop"; stopped != want {
			t.Errorf("after %q gateways: %v", text, err)
		}
	}
}

func TestThePracticeModelAnswersInsideInEachShape(t *testing.T) {
	t.Parallel()
	s := backend.PracticeAlone()
	at := &still{at: time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)}
	var waited atomic.Int64
	p, err := backend.New(s, backend.Parts{Now: at.now, Wait: func(ctx context.Context, d time.Duration) error { waited.Add(1); return at.wait(ctx, d) }})
	if err != nil {
		t.Fatal(err)
	}
	for shape, body := range bodies {
		var texts []string
		for _, streamed := range []bool{false, true, true} {
			text, err := ask(t.Context(), p, request(t, shape, strings.Replace(fmt.Sprintf(body, streamed), `"m"`, `"oefenmodel"`, 1)))
			if err != nil || !strings.Contains(text, "geen AI") {
				t.Errorf("%v: %q, %v", shape, text, err)
			}
			texts = append(texts, text)
		}
		if texts = slices.Compact(texts); len(texts) > 1 && shape != wire.Messages { // held to 100 tokens each, of the same text
			t.Errorf("%v: not the same each time: %q", shape, texts)
		}
	}
	if waited.Load() < 20 {
		t.Errorf("%d words came with a pause", waited.Load())
	}
	ctx, cancel := context.WithCancel(t.Context())
	reply, err := p.Do(ctx, chat(t, "oefenmodel", true))
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := read(wire.Chat, reply.Events); because(t, err).Reason != backend.Gone {
		t.Errorf("%v", err)
	}
	_ = reply.Close()
	if h := p.Health()[0]; h.UnderWay != 0 || h.State != backend.Well {
		t.Errorf("%+v", h)
	}
}

func TestNothingIsLeftBehindWhateverHappens(t *testing.T) { // counts goroutines of the whole process, so nothing runs beside it
	m := &mock.Server{}
	url, stop, err := m.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	before := runtime.NumGoroutine()
	s, err := parse(fmt.Sprintf("backends: [{name: a, kind: vllm, url: %q, timeouts: {first: 200ms, between: 200ms, whole: 400ms}}]\nmodels: [{name: m, prices: free, routes: [{backend: a}]}]", url))
	if err != nil {
		t.Fatal(err)
	}
	p, err := backend.New(s, backend.Parts{Now: clock.System(), Wait: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }})
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for i, how := range []string{"", "cut=2", "hang", "wrong", "close", "status=429", "status=500", "between=1m", "size=100000"} {
		for _, streamed := range []bool{false, true} {
			for _, leaves := range []bool{false, true} {
				group.Go(func() {
					ctx, cancel := context.WithCancel(t.Context())
					defer cancel()
					if leaves {
						time.AfterFunc(time.Duration(i)*5*time.Millisecond, cancel)
					}
					b, err := mock.ParseBehaviour(how)
					if err != nil {
						t.Error(err)
					}
					m.Script(b)
					reply, err := p.Do(ctx, chat(t, "m", streamed))
					if err != nil {
						return
					}
					if reply.Events != nil && !leaves {
						_, _ = read(wire.Chat, reply.Events)
					}
					_ = reply.Close()
				})
			}
		}
	}
	group.Wait()
	if h := p.Health()[0]; h.UnderWay != 0 {
		t.Errorf("%d requests are still counted as under way", h.UnderWay)
	}
	until(t, func() bool { return m.Counts().Open == 0 })
	_ = p.Close()
	stop()
	until(t, func() bool { return runtime.NumGoroutine() <= before })
}
