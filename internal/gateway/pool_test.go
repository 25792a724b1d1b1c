package gateway_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/gateway"
	"tekentafel/internal/gateway/backend"
	"tekentafel/internal/gateway/mock"
	"tekentafel/internal/gateway/wire"
)

// newPooled is newWorld with the pool of backends as it runs: model "m" of a mock that a backend of a kind speaks to, which behaves as how says.
func newPooled(t testing.TB, kind, how string, s settings) *world {
	t.Helper()
	upstream := &mock.Server{Keep: true, Key: "upstream-key"}
	url, stop, err := upstream.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	w := newPooledAt(t, kind, url, how, s)
	w.mock = upstream
	return w
}

func newPooledAt(t testing.TB, kind, url, how string, s settings) *world {
	t.Helper()
	env := func(name string) (string, bool) { return "upstream-key", name == "UPSTREAM_KEY" }
	all, err := backend.Parse("models.yaml", fmt.Appendf(nil, `
backends:
  - {name: one, kind: %s, url: %q, key_env: UPSTREAM_KEY, timeouts: {connect: 1s, first: 400ms, between: 400ms, whole: 1500ms}}
models:
  - {name: m, max_output: 1000, context: 100000, tools: true, images: true, prices: [{from: "2020-01-01", input: "1", output: "2"}], routes: [{backend: one, model: %q}]}
`, kind, url, "mock;"+how), env, nil)
	if err != nil {
		t.Fatal(err)
	}
	pool, err := backend.New(all, backend.Parts{Now: clock.System()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pool.Close() })
	change := s.change
	s.change = func(d *gateway.Dependencies) {
		d.Upstream, d.Prices = pool, all.Prices
		if change != nil {
			change(d)
		}
	}
	return newWorld(t, s)
}

// TestWhatIsMaskedNeverArrivesWhicheverInterfacesMeet sends a question in each shape to a backend of each kind, in pieces of a byte, as an answer and as arguments.
func TestWhatIsMaskedNeverArrivesWhicheverInterfacesMeet(t *testing.T) {
	t.Parallel()
	quoted := string(wire.AppendQuote(nil, told))
	bodies := map[wire.Shape]string{
		wire.Chat:      `{"model":"m","stream":%v,"messages":[{"role":"user","content":` + quoted + `}],"tools":[{"type":"function","function":{"name":"zoek","parameters":{"type":"object"}}}]}`,
		wire.Responses: `{"model":"m","stream":%v,"input":` + quoted + `,"store":false,"tools":[{"type":"function","name":"zoek","parameters":{"type":"object"},"strict":false}]}`,
		wire.Messages:  `{"model":"m","stream":%v,"max_tokens":500,"messages":[{"role":"user","content":` + quoted + `}],"tools":[{"name":"zoek","input_schema":{"type":"object"}}]}`,
	}
	for _, kind := range []string{"openai", "vllm", "anthropic"} {
		for _, how := range []string{"echo;bytes=1", "echo;bytes=1;tool"} {
			for shape, body := range bodies {
				for _, stream := range []bool{false, true} {
					t.Run(fmt.Sprintf("%s to %s, %s, stream %v", shape, kind, how, stream), func(t *testing.T) {
						t.Parallel()
						w := newPooled(t, kind, how, settings{})
						out := &collected{}
						r, err := w.engine.Do(t.Context(), program, request(t, shape, fmt.Sprintf(body, stream)), gateway.Options{}, out)
						if err != nil {
							t.Fatal(err)
						}
						got := out.textIn(t, shape)
						if strings.HasSuffix(how, "tool") {
							got = strings.TrimSuffix(strings.TrimPrefix(strings.ReplaceAll(got, `": "`, `":"`), `{"vraag":"`), `"}`)
						}
						if got != told || r.Estimate || r.Used.Output == 0 || r.Used.Input == 0 || r.Backend != "one" {
							t.Errorf("%q, %+v", got, r)
						}
						w.unseen()
						if body := string(w.mock.Received()[0]); shape != wire.Messages && !strings.Contains(body, `:1000`) {
							t.Errorf("no limit of the answer: %s", body)
						}
					})
				}
			}
		}
	}
}

// TestAFaultBecomesASentenceAndIsCounted breaks a model's server in each way. Nothing hangs, what may have been worked on is counted, and what was not is not.
func TestAFaultBecomesASentenceAndIsCounted(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, how string
		streams   bool // it can happen in a stream that has begun
		charged   bool
	}{
		{"slow to begin", "first=2s", false, true},
		{"silent half way", "between=2s", true, true},
		{"cut", "cut=2", true, true},
		{"no JSON", "wrong", true, true},
		{"busy", "status=429;retry=1", false, false},
		{"no room", "status=503", false, false},
		{"broken", "status=500", false, true},
		{"refused", "status=400", false, false},
		{"hangs", "hang", false, true},
		{"closes", "close", false, true},
	} {
		for _, stream := range []bool{false, true} {
			if c.name == "silent half way" && !stream {
				continue
			}
			t.Run(fmt.Sprintf("%s, stream %v", c.name, stream), func(t *testing.T) {
				t.Parallel()
				w := newPooled(t, "vllm", c.how, settings{limits: wide})
				began := time.Now()
				out := &collected{}
				r, err := w.engine.Do(t.Context(), program, request(t, wire.Chat, chat("m", "Hallo daar", stream)), gateway.Options{}, out)
				if err == nil {
					t.Fatalf("no error: %s%s", out.whole, out.stream)
				}
				if took := time.Since(began); took > 15*time.Second {
					t.Errorf("it took %v", took)
				}
				f, _ := gateway.FaultOf(err, w.now())
				if f.Status < 400 || len(f.Message) < 20 || strings.Contains(f.Message, "Hallo") || strings.Contains(f.Message, "127.0.0.1") {
					t.Errorf("%+v", f)
				}
				if stream && c.streams != (len(out.stream) > 0) {
					t.Errorf("it got %q", out.stream)
				}
				w.settle()
				used, held, guess := w.used()
				if held != 0 || (used > 0) != c.charged || used != guess || used != int64(r.Cost) || r.Estimate != c.charged {
					t.Errorf("%d used, %d held, %d estimated: %+v", used, held, guess, r)
				}
				if t.Failed() {
					t.Log(err, r)
				}
			})
		}
	}
	t.Run("no name", func(t *testing.T) {
		t.Parallel()
		w := newPooledAt(t, "vllm", "https://gone.invalid", "", settings{limits: wide})
		_, err := w.engine.Do(t.Context(), program, request(t, wire.Chat, chat("m", "Hallo", false)), gateway.Options{}, &collected{})
		f, _ := gateway.FaultOf(err, w.now())
		w.settle()
		if used, held, _ := w.used(); f == nil || f.Code != "upstream_unreachable" || used != 0 || held != 0 {
			t.Errorf("%v; %d used, %d held", err, used, held)
		}
	})
}
