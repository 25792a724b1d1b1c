package backend_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tekentafel/internal/gateway/backend"
	"tekentafel/internal/gateway/mock"
	"tekentafel/internal/gateway/wire"
)

// listen serves raw connections until the test ends.
func listen(t testing.TB, serve func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go serve(c)
		}
	}()
	return "http://" + l.Addr().String()
}

// receive reads one request from a connection, to its end.
func receive(r *bufio.Reader) error {
	q, err := http.ReadRequest(r)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, q.Body)
	return err
}

func handler(t testing.TB, f http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(f)
	t.Cleanup(s.Close)
	return s.URL
}

func closedPort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return "http://" + l.Addr().String()
}

const answer = `{"id":"1","object":"chat.completion","created":1,"model":"far","choices":[{"index":0,"message":{"role":"assistant","content":"ja"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}`

func events(list ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "text/event-stream")
		for _, e := range list {
			_, _ = io.WriteString(w, "data: "+e+"\n\n")
			_ = http.NewResponseController(w).Flush()
		}
	}
}

// TestARequestIsTriedAgainOnlyWhenNothingCanHaveHappened holds each row of the table in doc.go, with real sockets. The first backend has the fault; the
// second answers.
func TestARequestIsTriedAgainOnlyWhenNothingCanHaveHappened(t *testing.T) {
	t.Parallel()
	mocked := func(b mock.Behaviour) func(t testing.TB) (string, func() int64) {
		return func(t testing.TB) (string, func() int64) {
			m := &mock.Server{Default: b}
			return serve(t, m), func() int64 { return m.Counts().Requests }
		}
	}
	raw := func(f func(net.Conn)) func(t testing.TB) (string, func() int64) {
		return func(t testing.TB) (string, func() int64) {
			var n atomic.Int64
			return listen(t, func(c net.Conn) { n.Add(1); f(c) }), n.Load
		}
	}
	at := func(f http.HandlerFunc) func(t testing.TB) (string, func() int64) {
		return func(t testing.TB) (string, func() int64) {
			var n atomic.Int64
			return handler(t, func(w http.ResponseWriter, r *http.Request) {
				n.Add(1)
				_, _ = io.Copy(io.Discard, r.Body)
				f(w, r)
			}), n.Load
		}
	}
	fixed := func(url string) func(t testing.TB) (string, func() int64) {
		return func(testing.TB) (string, func() int64) { return url, func() int64 { return 0 } }
	}
	none := int64(-1) // requests cannot be counted, or need not
	for _, c := range []struct {
		name     string
		faulty   func(t testing.TB) (url string, requests func() int64)
		stream   bool
		answered bool // by the other backend
		reason   backend.Reason
		maybe    bool
		requests int64 // at the faulty one
	}{
		{"no name", fixed("http://no-such-name.invalid:80"), false, true, "", false, none},
		{"no connection", func(t testing.TB) (string, func() int64) { return closedPort(t), func() int64 { return 0 } }, true, true, "", false, none},
		{"no TLS", func(t testing.TB) (string, func() int64) {
			url, n := raw(func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })(t)
			return strings.Replace(url, "http:", "https:", 1), n
		}, false, true, "", false, none},
		{"a certificate of nobody known", func(t testing.TB) (string, func() int64) {
			s := httptest.NewUnstartedServer(nil)
			s.Config.ErrorLog = log.New(io.Discard, "", 0)
			s.StartTLS()
			t.Cleanup(s.Close)
			return s.URL, func() int64 { return 0 }
		}, false, true, "", false, none},
		{"429", mocked(mock.Behaviour{Status: 429}), false, true, "", false, 1},
		{"503", mocked(mock.Behaviour{Status: 503}), true, true, "", false, 1},
		{"529", mocked(mock.Behaviour{Status: 529, RetryAfter: "1"}), false, true, "", false, 1},
		{"401", mocked(mock.Behaviour{Status: 401}), false, true, "", false, 1},
		{"402", mocked(mock.Behaviour{Status: 402}), false, true, "", false, 1},
		{"403", mocked(mock.Behaviour{Status: 403}), true, true, "", false, 1},
		{"404", mocked(mock.Behaviour{Status: 404}), false, true, "", false, 1},
		{"a redirect", at(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		}), false, true, "", false, 1},
		{"400", mocked(mock.Behaviour{Status: 400}), false, false, backend.Refusal, false, 1},
		{"413", mocked(mock.Behaviour{Status: 413}), true, false, backend.Refusal, false, 1},
		{"422", mocked(mock.Behaviour{Status: 422}), false, false, backend.Refusal, false, 1},
		{"500", mocked(mock.Behaviour{Status: 500}), false, false, backend.Broken, true, 1},
		{"502", mocked(mock.Behaviour{Status: 502}), true, false, backend.Broken, true, 1},
		{"504", mocked(mock.Behaviour{Status: 504}), false, false, backend.Broken, true, 1},
		{"reset after the request", mocked(mock.Behaviour{Close: true}), false, false, backend.Severed, true, 1},
		{"closed after the request", raw(func(c net.Conn) { _ = receive(bufio.NewReader(c)); _ = c.Close() }), false, false, backend.Severed, true, 1},
		{"closed in the middle of the request", raw(func(c net.Conn) { _, _ = io.ReadFull(c, make([]byte, 40)); _ = c.Close() }), true, false, backend.Severed, true, 1},
		{"closed in the middle of the header of the answer", raw(func(c net.Conn) {
			_ = receive(bufio.NewReader(c))
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-")
			_ = c.Close()
		}), false, false, backend.Severed, true, 1},
		{"not HTTP", raw(func(c net.Conn) {
			_ = receive(bufio.NewReader(c))
			_, _ = io.WriteString(c, "SSH-2.0-OpenSSH_9\r\n\r\n")
			_ = c.Close()
		}), false, false, backend.Severed, true, 1},
		{"no answer in time", mocked(mock.Behaviour{Hang: true}), false, false, backend.Slow, true, 1},
		{"no first byte in time", mocked(mock.Behaviour{Hang: true}), true, false, backend.Slow, true, 1},
		{"no next byte in time", mocked(mock.Behaviour{Between: time.Minute}), true, false, backend.Slow, true, 1},
		{"no end of an answer in time", at(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, answer[:40])
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}), false, false, backend.Slow, true, 1},
		{"an answer that is not JSON", mocked(mock.Behaviour{Wrong: true}), false, false, backend.Broken, true, 1},
		{"an answer that is a page", at(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") }), false, false, backend.Broken, true, 1},
		{"a stream that is no stream", at(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, answer)
		}), true, false, backend.Broken, true, 1},
		{"an event that is not JSON", mocked(mock.Behaviour{Wrong: true}), true, false, backend.Broken, true, 1},
		{"an answer that breaks off", mocked(mock.Behaviour{Cut: 1}), false, false, backend.Severed, true, 1},
		{"a stream that breaks off", mocked(mock.Behaviour{Cut: 2}), true, false, backend.Severed, true, 1},
		{"a stream that ends without its end", at(events(`{"choices":[{"delta":{"content":"a"}}]}`)), true, false, backend.Severed, true, 1},
		{"an empty stream", at(events()), true, false, backend.Severed, true, 1},
		{"an error within an answer", at(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"error":{"type":"rate_limit_error","message":"later"}}`)
		}), false, false, backend.Busy, true, 1},
		{"an error as the first event", at(events(`{"error":{"type":"overloaded_error","message":"full"}}`)), true, false, backend.Busy, true, 1},
		{"an error within a stream", at(events(`{"choices":[{"delta":{"content":"a"}}]}`, `{"error":{"message":"CUDA"}}`)), true, false, backend.Broken, true, 1},
		{"packed in a way that nobody asked for", at(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "br")
			_, _ = io.WriteString(w, answer)
		}), false, false, backend.Broken, true, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			good := &mock.Server{}
			url, requests := c.faulty(t)
			p := pool(t, fmt.Sprintf(`
backends:
  - {name: a, kind: vllm, url: %q, timeouts: {connect: 600ms, first: 1200ms, between: 1s, whole: 2s}, insecure: true}
  - {name: b, kind: vllm, url: %q}
models: [{name: m, prices: free, routes: [{backend: a}, {backend: b}]}]`, url, serve(t, good)), backend.Parts{})
			began := time.Now()
			text, err := ask(t.Context(), p, chat(t, "m", c.stream))
			if took := time.Since(began); took > 15*time.Second {
				t.Errorf("it took %v", took)
			}
			if c.answered {
				if err != nil || text != mock.Sentence || good.Counts().Requests != 1 {
					t.Errorf("%q, %v; the other backend had %d requests", text, err, good.Counts().Requests)
				}
			} else {
				e := because(t, err)
				if e.Reason != c.reason || e.Maybe != c.maybe || e.Backend != "a" {
					t.Errorf("%v, maybe %v; want %s, %v", e, e.Maybe, c.reason, c.maybe)
				}
				if n := good.Counts().Requests; n != 0 {
					t.Errorf("it was sent to the other backend %d times", n)
				}
			}
			if n := requests(); c.requests != none && n != c.requests {
				t.Errorf("the backend got %d requests, want %d", n, c.requests)
			}
		})
	}
}

func TestABusyBackendIsAskedAgainWhenItSaysSo(t *testing.T) {
	t.Parallel()
	m := &mock.Server{}
	p := one(t, backend.VLLM, serve(t, m), "")
	m.Script(mock.Behaviour{Status: 429, RetryAfter: "1"})
	began := time.Now()
	if text, err := ask(t.Context(), p, chat(t, "m", true)); err != nil || text != mock.Sentence {
		t.Errorf("%q, %v", text, err)
	}
	if took := time.Since(began); took < time.Second || m.Counts().Requests != 2 {
		t.Errorf("after %v, %d requests", took, m.Counts().Requests)
	}
	m.Script(mock.Behaviour{Status: 503, RetryAfter: "90"})
	began = time.Now()
	_, err := ask(t.Context(), p, chat(t, "m", false))
	if e := because(t, err); e.Reason != backend.Busy || e.Retry != 90*time.Second || e.Maybe || e.Fault.Status != 503 || time.Since(began) > time.Second {
		t.Errorf("%+v", e)
	}
	_, err = ask(t.Context(), p, chat(t, "m", false))
	if e := because(t, err); e.Reason != backend.Busy || e.Retry <= 80*time.Second || m.Counts().Requests != 3 {
		t.Errorf("while it rests: %+v, %d requests", e, m.Counts().Requests)
	}
}

func TestTriesAreFewAndWithinTheTimeOfTheRequest(t *testing.T) {
	t.Parallel()
	m := &mock.Server{Default: mock.Behaviour{Status: 429}}
	p := one(t, backend.VLLM, serve(t, m), "")
	_, err := ask(t.Context(), p, chat(t, "m", false))
	if e := because(t, err); e.Reason != backend.Busy || m.Counts().Requests > 4 || m.Counts().Requests < 2 {
		t.Errorf("%v after %d requests", e, m.Counts().Requests)
	}
	m = &mock.Server{Default: mock.Behaviour{Status: 429}}
	p = one(t, backend.VLLM, serve(t, m), "")
	ctx, cancel := context.WithTimeout(t.Context(), 150*time.Millisecond)
	defer cancel()
	if _, err := ask(ctx, p, chat(t, "m", false)); because(t, err).Reason != backend.Busy || m.Counts().Requests != 1 || ctx.Err() != nil {
		t.Errorf("it waited beyond the time of the request: %v", err)
	}
}

func TestWhatAServerSaysOfAKeyOrOfItselfIsNotPassedOn(t *testing.T) {
	t.Parallel()
	for _, status := range []int{401, 403, 404, 500, 503} {
		url := handler(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = fmt.Fprintf(w, `{"error":{"message":"canary of the server: %s"}}`, key)
		})
		_, err := ask(t.Context(), one(t, backend.VLLM, url, ""), chat(t, "m", false))
		e := because(t, err)
		if text := fmt.Sprintf("%v %+v %v", e, e, e.Fault); strings.Contains(text, "canary") || e.Fault.Message == "" || e.Fault.Status < 400 {
			t.Errorf("%d: %s", status, text)
		}
	}
	url := handler(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(400)
		_, _ = io.WriteString(w, `{"error":{"message":"the context is too long","code":"context_length_exceeded","param":"messages"}}`)
	})
	_, err := ask(t.Context(), one(t, backend.VLLM, url, ""), chat(t, "m", false))
	if e := because(t, err); *e.Fault != (wire.Fault{Status: 400, Code: "context_length_exceeded", Field: "messages", Message: "the context is too long"}) || strings.Contains(err.Error(), "context is") {
		t.Errorf("%+v", e.Fault)
	}
}

func TestWhoGoesAwayIsFollowedByTheBackendAtOnce(t *testing.T) {
	t.Parallel()
	for name, streamed := range map[string]bool{"hang": false, "between=1m": true} {
		m := &mock.Server{}
		p := one(t, backend.VLLM, serve(t, m), "")
		ctx, cancel := context.WithCancel(t.Context())
		r := chat(t, "m", streamed)
		behaviour, err := mock.ParseBehaviour(name)
		if err != nil {
			t.Fatal(err)
		}
		m.Script(behaviour)
		time.AfterFunc(50*time.Millisecond, cancel)
		_, err = ask(ctx, p, r)
		e := because(t, err)
		if e.Reason != backend.Gone || !errors.Is(err, context.Canceled) || !e.Maybe {
			t.Errorf("%s: %+v", name, e)
		}
		until(t, func() bool { return m.Counts().Cancelled == 1 && m.Counts().Open == 0 })
		if h := p.Health()[0]; h.State != backend.Well || h.UnderWay != 0 {
			t.Errorf("%s: %+v", name, h)
		}
	}
	m := &mock.Server{Default: mock.Behaviour{Between: 20 * time.Millisecond, Size: 10000}}
	reply, err := one(t, backend.VLLM, serve(t, m), "").Do(t.Context(), chat(t, "m", true))
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := reply.Events.Next(); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(reply.Close(), reply.Close()); err != nil {
		t.Fatal(err)
	}
	until(t, func() bool { return m.Counts().Cancelled == 1 })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	n := m.Counts().Requests
	if _, err := ask(ctx, one(t, backend.VLLM, serve(t, m), ""), chat(t, "m", false)); because(t, err).Maybe || because(t, err).Reason != backend.Gone || m.Counts().Requests != n {
		t.Errorf("it was sent for who had gone: %v", err)
	}
}

// until waits until something holds.
func until(t testing.TB, f func() bool) {
	t.Helper()
	for range 500 {
		if f() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("it does not come to hold")
}
