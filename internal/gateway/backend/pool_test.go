package backend_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/gateway/backend"
	"tekentafel/internal/gateway/mock"
	"tekentafel/internal/gateway/wire"
)

// serve starts a mock and returns its address.
func serve(t testing.TB, m *mock.Server) string {
	t.Helper()
	url, stop, err := m.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return url
}

// pool makes a pool of settings in YAML.
func pool(t testing.TB, src string, parts backend.Parts) *backend.Pool {
	t.Helper()
	s, err := parse(src)
	if err != nil {
		t.Fatal(err)
	}
	if parts.Now == nil {
		parts.Now = clock.System()
	}
	p, err := backend.New(s, parts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

// one makes a pool with one model "m" on one backend of a kind.
func one(t testing.TB, kind backend.Kind, url, more string) *backend.Pool {
	t.Helper()
	return pool(t, fmt.Sprintf("backends: [{name: a, kind: %s, url: %q, key_env: FAR_KEY%s}]\nmodels: [{name: m, tools: true, images: true, prices: free, routes: [{backend: a, model: far}]}]\n", kind, url, more), backend.Parts{})
}

func chat(t testing.TB, model string, streamed bool) *wire.Request {
	t.Helper()
	return request(t, wire.Chat, fmt.Sprintf(`{"model":%q,"stream":%v,"messages":[{"role":"user","content":"Hoe laat is het loket open?"}]}`, model, streamed))
}

func request(t testing.TB, s wire.Shape, body string) *wire.Request {
	t.Helper()
	r, err := wire.ReadRequest(s, []byte(body), wire.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// read reads a stream to its end and returns the text of its answer and how it ended.
func read(s wire.Shape, events backend.Events) (string, error) {
	var b strings.Builder
	steps := wire.NewStepReader(s)
	for {
		e, err := events.Next()
		if errors.Is(err, io.EOF) {
			if !steps.Ended() {
				return b.String(), errors.New("no mark of the end")
			}
			return b.String(), nil
		}
		if err != nil {
			return b.String(), err
		}
		if err := steps.Read(e, func(p wire.Step) error {
			if p.Kind == wire.StepText {
				b.WriteString(p.Text)
			}
			return nil
		}); err != nil {
			return b.String(), err
		}
	}
}

// ask sends a request and returns the text of the answer.
func ask(ctx context.Context, p backend.Upstream, r *wire.Request) (string, error) {
	reply, err := p.Do(ctx, r)
	if err != nil {
		return "", err
	}
	defer func() { _ = reply.Close() }()
	if reply.Events != nil {
		return read(r.Shape, reply.Events)
	}
	d, err := wire.Parse(reply.Body, wire.Limits{})
	if err != nil {
		return "", err
	}
	a, err := wire.ReadAnswer(r.Shape, d)
	if err != nil {
		return "", err
	}
	text := ""
	for _, part := range a.Parts {
		text += part.Text
	}
	return text, nil
}

func because(t testing.TB, err error) *backend.Error {
	t.Helper()
	var e *backend.Error
	if !errors.As(err, &e) {
		t.Fatalf("%v is no error of a backend", err)
	}
	if e.Fault == nil {
		t.Fatalf("%v has no fault for the program that asked", err)
	}
	return e
}

// bodies are requests that say the same in each shape.
var bodies = map[wire.Shape]string{
	wire.Chat:      `{"model":"m","stream":%v,"messages":[{"role":"user","content":"Hoe laat is het loket open?"}]}`,
	wire.Responses: `{"model":"m","stream":%v,"input":"Hoe laat is het loket open?","store":false}`,
	wire.Messages:  `{"model":"m","stream":%v,"max_tokens":100,"messages":[{"role":"user","content":"Hoe laat is het loket open?"}]}`,
}

func TestEachKindOfBackendAnswersInEachShape(t *testing.T) {
	t.Parallel()
	for _, kind := range backend.Kinds() {
		if kind == backend.Practice || kind == backend.Azure {
			continue
		}
		m := &mock.Server{Key: key, Keep: true}
		p := one(t, kind, serve(t, m), "")
		for shape, body := range bodies {
			for _, streamed := range []bool{false, true} {
				r := request(t, shape, fmt.Sprintf(body, streamed))
				text, err := ask(t.Context(), p, r)
				if err != nil || text != mock.Sentence {
					t.Errorf("%s, %v, streamed %v: %q, %v", kind, shape, streamed, text, err)
				}
			}
		}
		for _, body := range m.Received() {
			if !strings.Contains(string(body), `"model":"far"`) {
				t.Errorf("%s was asked %s", kind, body)
			}
			if kind == backend.Mistral && (strings.Contains(string(body), "stream_options") || strings.Contains(string(body), "max_completion_tokens")) {
				t.Errorf("mistral was asked %s", body)
			}
		}
	}
}

func TestAReplyTellsWhoGaveItAndHowLongItTook(t *testing.T) {
	t.Parallel()
	m := &mock.Server{Default: mock.Behaviour{First: 20 * time.Millisecond}}
	p := one(t, backend.VLLM, serve(t, m), "")
	for _, streamed := range []bool{false, true} {
		reply, err := p.Do(t.Context(), chat(t, "m", streamed))
		if err != nil {
			t.Fatal(err)
		}
		if reply.Backend != "a" || reply.Wait < 20*time.Millisecond || reply.Wait > 5*time.Second {
			t.Errorf("%s after %v", reply.Backend, reply.Wait)
		}
		if err := reply.Close(); err != nil {
			t.Error(err)
		}
	}
}
