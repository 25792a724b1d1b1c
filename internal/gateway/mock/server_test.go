package mock

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/gateway/wire"
)

func start(t testing.TB, s *Server) string {
	t.Helper()
	url, stop, err := s.Listen(context.Background(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return url
}

var paths = map[wire.Shape]string{wire.Chat: "/v1/chat/completions", wire.Responses: "/v1/responses", wire.Messages: "/v1/messages", wire.Embeddings: "/v1/embeddings"}

func body(s wire.Shape, model string, stream, tools bool) string {
	in, tool := "messages", `{"type":"function","function":{"name":"zoek"}}`
	if s == wire.Responses {
		in = "input"
	}
	if s != wire.Chat {
		tool = `{"name":"zoek","type":"function"}`
	}
	b := fmt.Sprintf(`{"model":%q,"max_tokens":9,%q:[{"role":"user","content":"Eerst"},{"role":"user","content":"Wat is é?"}],"stream":%v,"stream_options":{"include_usage":true}`, model, in, stream)
	if tools {
		b += `,"tools":[` + tool + `]`
	}
	return b + "}"
}

func post(t testing.TB, ctx context.Context, url, body string) (*http.Response, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return http.DefaultClient.Do(r)
}

// heard is what came of a stream.
type heard struct {
	text  string // of the answer, or the arguments of a call
	usage wire.Usage
	done  bool
}

func gather(s wire.Shape, r io.Reader) (h heard, err error) {
	in, steps := wire.NewReader(r, 0), wire.NewStepReader(s)
	for {
		ev, err := in.Next()
		if errors.Is(err, io.EOF) {
			return h, nil
		}
		if err == nil {
			err = steps.Read(ev, func(s wire.Step) error {
				h.text += s.Text
				if s.Kind == wire.StepEnd {
					h.done, h.usage = true, s.Usage
				}
				return nil
			})
		}
		if err != nil {
			return h, err
		}
	}
}

func TestEveryShapeIsAnsweredInFullAndInPieces(t *testing.T) {
	t.Parallel()
	for _, shape := range []wire.Shape{wire.Chat, wire.Responses, wire.Messages} {
		for name, c := range map[string]struct {
			model string
			tools bool
			want  string
		}{
			"sentence": {"mock", false, Sentence},
			"echo":     {"mock;echo", false, "Wat is é?"},
			"bytes":    {"mock;echo;bytes=1", false, "Wat is é?"},
			"tool":     {"mock;tool;text=a b", true, `{"vraag":"a b"}`},
			"long":     {"mock;size=20000;bytes=100", false, strings.Repeat(Sentence+" ", 400)[:20000]},
		} {
			t.Run(shape.String()+" "+name, func(t *testing.T) {
				t.Parallel()
				server := &Server{}
				url := start(t, server) + paths[shape]
				r, err := post(t, t.Context(), url, body(shape, c.model, false, c.tools))
				if err != nil {
					t.Fatal(err)
				}
				defer func() { _ = r.Body.Close() }()
				b, _ := io.ReadAll(r.Body)
				d, err := wire.Parse(b, wire.Limits{})
				if err != nil {
					t.Fatalf("%s: %v", b, err)
				}
				found := false
				wire.RewriteAnswer(shape, d, func(x wire.Text) (string, bool) {
					found = found || x.Content == c.want || c.tools && x.Kind == wire.KindArguments && x.Content == "a b"
					return "", false
				})
				u, ok := wire.ReadUsage(shape, d)
				if !found || !ok || u.Output == 0 || u.Input == 0 {
					t.Errorf("answer %.300s, usage %+v", b, u)
				}
				r, err = post(t, t.Context(), url, body(shape, c.model, true, c.tools))
				if err != nil {
					t.Fatal(err)
				}
				defer func() { _ = r.Body.Close() }()
				h, err := gather(shape, r.Body)
				if h.text != c.want || err != nil || !h.done || h.usage.Output == 0 || h.usage.Input == 0 {
					t.Errorf("stream %.200v, %v", h, err)
				}
				if got := server.Counts(); got != (Counts{Requests: 2, Streams: 1, Finished: 2, Open: got.Open}) {
					t.Errorf("%+v", got)
				}
			})
		}
	}
}

func TestFaultsHappenAsAsked(t *testing.T) {
	t.Parallel()
	for _, shape := range []wire.Shape{wire.Chat, wire.Responses, wire.Messages} {
		t.Run(shape.String(), func(t *testing.T) {
			t.Parallel()
			server := &Server{}
			url := start(t, server) + paths[shape]
			server.Script(Behaviour{Status: 429, RetryAfter: "3"}, Behaviour{Cut: 2}, Behaviour{Wrong: true}, Behaviour{Close: true}, Behaviour{Cut: 1}, Behaviour{Wrong: true})
			r, err := post(t, t.Context(), url, body(shape, "m", true, false))
			if err != nil {
				t.Fatal(err)
			}
			b, _ := io.ReadAll(r.Body)
			_ = r.Body.Close()
			if seconds, ok := wire.Retry(r.Header.Get("Retry-After")); !ok || seconds != 3 || r.StatusCode != 429 || !strings.Contains(wire.ReadFault(429, b).Message, "asked for") {
				t.Errorf("%d %s", r.StatusCode, b)
			}
			for _, what := range []string{"cut", "wrong"} {
				if r, err = post(t, t.Context(), url, body(shape, "m", true, false)); err != nil {
					t.Fatal(err)
				}
				h, err := gather(shape, r.Body)
				_ = r.Body.Close()
				if err == nil || h.text == "" || len(h.text) >= len(Sentence) || h.done {
					t.Errorf("%s: %v, %v", what, h, err)
				}
			}
			if r, err := post(t, t.Context(), url, body(shape, "m", true, false)); err == nil {
				_ = r.Body.Close()
				t.Error("the connection was not closed")
			}
			r, err = post(t, t.Context(), url, body(shape, "m", false, false))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.ReadAll(r.Body); err == nil {
				t.Error("the answer was not cut")
			}
			_ = r.Body.Close()
			r, err = post(t, t.Context(), url, body(shape, "m", false, false))
			if err != nil {
				t.Fatal(err)
			}
			b, _ = io.ReadAll(r.Body)
			_ = r.Body.Close()
			if _, err := wire.Parse(b, wire.Limits{}); err == nil {
				t.Error("the answer is JSON")
			}
		})
	}
}

// until waits for something that another goroutine does.
func until(t *testing.T, what string, f func() bool) {
	t.Helper()
	for range 500 {
		if f() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("never: %s", what)
}

func TestAClientThatGoesAwayIsSeen(t *testing.T) {
	t.Parallel()
	for name, how := range map[string]string{"before the answer": "m;hang", "while it waits": "m;first=1m", "within a stream": "m;between=5ms;size=100000;bytes=4"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := &Server{}
			url := start(t, server) + paths[wire.Chat]
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				r, err := post(t, ctx, url, body(wire.Chat, how, true, false))
				if err == nil {
					_, _ = io.Copy(io.Discard, r.Body)
					_ = r.Body.Close()
				}
			}()
			until(t, "the request arrives", func() bool { return server.Counts().Requests == 1 })
			cancel()
			until(t, "the client is seen to be gone", func() bool { c := server.Counts(); return c.Cancelled == 1 && c.Open == 0 && c.Finished == 0 })
		})
	}
}

func TestConnectionsAreRefused(t *testing.T) {
	t.Parallel()
	server := &Server{}
	url := start(t, server) + paths[wire.Chat]
	server.Refuse(1)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for i := range 2 {
		r, err := client.Post(url, "application/json", strings.NewReader(body(wire.Chat, "m", false, false)))
		if err == nil {
			_ = r.Body.Close()
		}
		if (err == nil) != (i == 1) {
			t.Errorf("request %d: %v", i, err)
		}
	}
}

func TestKeysModelsAndUnknownPaths(t *testing.T) {
	t.Parallel()
	server := &Server{Key: "k", Keep: true}
	url := start(t, server)
	for _, c := range []struct {
		path, header, value string
		want                int
	}{{"/v1/chat/completions", "", "", 401}, {"/v1/chat/completions", "Authorization", "Bearer k", 200}, {"/v1/messages", "X-Api-Key", "k", 200}, {"/v1/other", "X-Api-Key", "k", 404}} {
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, url+c.path, strings.NewReader(body(wire.Chat, "m", false, false)))
		if c.header != "" {
			r.Header.Set(c.header, c.value)
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != c.want {
			t.Errorf("%+v: %d", c, answer.StatusCode)
		}
	}
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/v1/models", nil)
	r.Header.Set("X-Api-Key", "k")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	b, _ := io.ReadAll(answer.Body)
	if d, err := wire.Parse(b, wire.Limits{}); err != nil || d.Root().Get("data").Len() != 1 {
		t.Errorf("%s: %v", b, err)
	}
	if got := server.Received(); len(got) != 2+1 || string(got[0]) != body(wire.Chat, "m", false, false) {
		t.Errorf("%d bodies kept", len(got))
	}
}

func TestEmbeddingsComeInBothForms(t *testing.T) {
	t.Parallel()
	url := start(t, &Server{}) + paths[wire.Embeddings]
	for _, c := range []string{`{"model":"m","input":"a"}`, `{"model":"m","input":["a","b"],"encoding_format":"base64","dimensions":4}`} {
		r, err := post(t, t.Context(), url, c)
		if err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(r.Body)
		_ = r.Body.Close()
		d, err := wire.Parse(b, wire.Limits{})
		if err != nil || d.Root().Get("data").Len() == 0 {
			t.Errorf("%s: %v", b, err)
		}
	}
}

func TestOnlyThisMachineIsListenedOn(t *testing.T) {
	t.Parallel()
	for _, a := range []string{":0", "0.0.0.0:0", "[::]:0", "example.org:0", "x"} {
		if _, stop, err := (&Server{}).Listen(t.Context(), a); err == nil {
			stop()
			t.Errorf("listened on %s", a)
		}
	}
	if _, err := ParseBehaviour("first=1s;cut=2;what"); err == nil {
		t.Error("a word that is not known was accepted")
	}
}

func BenchmarkServer(b *testing.B) {
	url := start(b, &Server{})
	for _, stream := range []bool{false, true} {
		b.Run(fmt.Sprintf("stream=%v", stream), func(b *testing.B) {
			client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
			in := body(wire.Chat, "m", stream, false)
			b.ReportAllocs()
			b.SetParallelism(16)
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					r, err := client.Post(url+paths[wire.Chat], "application/json", strings.NewReader(in))
					if err != nil {
						b.Error(err)
						return
					}
					_, _ = io.Copy(io.Discard, r.Body)
					_ = r.Body.Close()
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
		})
	}
}

// still is a ResponseWriter that keeps nothing, to see what the server itself needs.
type still struct{ h http.Header }

func (s still) Header() http.Header         { return s.h }
func (s still) Write(b []byte) (int, error) { return len(b), nil }
func (s still) WriteHeader(int)             {}
func (s still) Flush()                      {}

func TestAnAnswerTakesFewAllocations(t *testing.T) {
	server := &Server{}
	in := body(wire.Chat, "m", false, false)
	w := still{http.Header{}}
	r, _ := http.NewRequestWithContext(context.Background(), http.MethodPost, paths[wire.Chat], nil)
	src := strings.NewReader("")
	r.Body = io.NopCloser(src)
	if n := testing.AllocsPerRun(200, func() { src.Reset(in); server.ServeHTTP(w, r) }); n > 12 {
		t.Errorf("%v allocations for an answer", n)
	}
}
