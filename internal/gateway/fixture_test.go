package gateway_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/gateway"
	"tekentafel/internal/gateway/backend"
	"tekentafel/internal/gateway/budget"
	"tekentafel/internal/gateway/door"
	"tekentafel/internal/gateway/mock"
	"tekentafel/internal/gateway/price"
	"tekentafel/internal/gateway/wire"
	"tekentafel/internal/guard"
	"tekentafel/internal/tenant"
)

// straight sends requests to a mock of the same shape, without any of what a pool does.
type straight struct {
	url    string
	client *http.Client
	fails  func() error // before anything is sent; nil for never
}

var paths = map[wire.Shape]string{wire.Chat: "/v1/chat/completions", wire.Responses: "/v1/responses", wire.Embeddings: "/v1/embeddings", wire.Messages: "/v1/messages"}

// models are those of the tests: any name that begins with "mock" behaves as it says after the semicolon.
func (s *straight) Models() []backend.Model {
	return []backend.Model{{Name: "mock", Title: "Mock", Context: 100_000, MaxOutput: 1000, PerImage: 1000, Images: true, Tools: true},
		{Name: "vectors", Title: "Vectors", Embeds: true}}
}

func (s *straight) Model(name string) (backend.Model, bool) {
	base, _, _ := strings.Cut(name, ";")
	for _, m := range s.Models() {
		if m.Name == base {
			return m, true
		}
	}
	return backend.Model{}, false
}

func (s *straight) Do(ctx context.Context, r *wire.Request) (*backend.Reply, error) {
	if s.fails != nil {
		if err := s.fails(); err != nil {
			return nil, err
		}
	}
	post, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+paths[r.Shape], bytes.NewReader(r.WithUsage()))
	if err != nil {
		return nil, err
	}
	res, err := s.client.Do(post)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, &backend.Error{Reason: backend.Severed, Maybe: true, Backend: "one"}
	}
	if res.StatusCode >= http.StatusBadRequest {
		defer func() { _ = res.Body.Close() }()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			return nil, err
		}
		e := &backend.Error{Reason: backend.Broken, Fault: wire.ReadFault(res.StatusCode, body), Maybe: res.StatusCode >= 500 && res.StatusCode != 503, Backend: "one"}
		if res.StatusCode == http.StatusTooManyRequests || res.StatusCode == http.StatusServiceUnavailable {
			e.Reason = backend.Busy
		}
		if n, ok := wire.Retry(res.Header.Get("Retry-After")); ok {
			e.Retry = time.Duration(n) * time.Second
		}
		return nil, e
	}
	if r.Stream {
		return backend.NewReply("one", nil, &events{ctx, wire.NewReader(res.Body, 0)}, res.Body), nil
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, &backend.Error{Reason: backend.Severed, Maybe: true, Backend: "one"}
	}
	return backend.NewReply("one", body, nil, nil), nil
}

type events struct {
	ctx context.Context
	r   *wire.Reader
}

func (e *events) Next() (wire.Event, error) {
	ev, err := e.r.Next()
	if err != nil && !errors.Is(err, io.EOF) {
		if e.ctx.Err() != nil {
			return ev, e.ctx.Err()
		}
		return ev, &backend.Error{Reason: backend.Severed, Maybe: true, Backend: "one"}
	}
	return ev, err
}

// world is an engine before a mock.
type world struct {
	t      testing.TB
	mock   *mock.Server
	engine *gateway.Engine
	book   *budget.Book
	db     *db.DB
	tally  *tally
	log    *lockedBuffer
	policy guard.Policy
	now    clock.Clock
	url    string // of the gateway
	mocked string // of the mock
	up     *straight
}

type tally struct {
	mu   sync.Mutex
	done []door.Done
}

func (c *tally) Count(d *door.Done) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done = append(c.done, *d)
}

func (c *tally) all() []door.Done {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]door.Done(nil), c.done...)
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// rules are the limits of a test: the same for every call.
type rules []budget.Limit

func (l rules) Terms(context.Context, tenant.ID, *budget.Call) (budget.Terms, error) {
	return budget.Terms{Zone: clock.Brussels(), Limits: l}, nil
}

// keys know one key of two models.
type keys struct{}

const secret = "tk_an-example-that-opens"

func (keys) Find(_ context.Context, s string) (*door.Key, error) {
	switch s {
	case secret:
		return &door.Key{Tenant: dbtest.Ours, ID: "key-1", Name: "Tests", Team: "unit-1"}, nil
	case secret + "-vectors":
		return &door.Key{Tenant: dbtest.Ours, ID: "key-2", Models: []string{"vectors"}}, nil
	}
	return nil, door.ErrKey
}

type policies struct{ *world }

func (p policies) Policy(context.Context, tenant.ID) (guard.Policy, error) { return p.policy, nil }

// prices: a euro per million tokens read and two per million written, for every model of the tests.
const prices = `models:
  - model: mock
    prices: [{from: "2020-01-01", input: "1", output: "2", cached: "0.5"}]
    energy: {active: [8, 24], total: [8, 24], published: true, pue: [1.1, 1.3], source: a test}
  - model: vectors
    prices: [{from: "2020-01-01", input: "0.1", output: "0"}]
`

type settings struct {
	limits  rules
	mock    mock.Behaviour
	change  func(*gateway.Dependencies)
	address string // of the store; "" for a new one
}

var scanner = sync.OnceValue(guard.New)

func newWorld(t testing.TB, s settings) *world {
	t.Helper()
	w := &world{t: t, mock: &mock.Server{Default: s.mock, Keep: true}, tally: &tally{}, log: &lockedBuffer{}, policy: guard.DefaultPolicy(), now: clock.System()}
	url, stop, err := w.mock.Listen(context.Background(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	w.mocked = url
	if s.address == "" {
		w.db = dbtest.SQLite(t)
	} else {
		w.db = dbtest.Bare(t, s.address)
	}
	w.book = budget.New(w.db, s.limits, w.now)
	list, err := price.Parse("prices.yaml", []byte(prices))
	if err != nil {
		t.Fatal(err)
	}
	w.up = &straight{url: url, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 100}}}
	d := gateway.Dependencies{Upstream: w.up, Keys: keys{}, Policies: policies{w}, Book: w.book, Prices: list, Tally: w.tally, Scanner: scanner(), Now: w.now,
		Log: slog.New(slog.NewJSONHandler(w.log, nil)), Metrics: gateway.NewMetrics()}
	if s.change != nil {
		s.change(&d)
	}
	if w.engine, err = gateway.New(d); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(w.engine.Handler(around{}))
	w.url = server.URL
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
		w.up.client.CloseIdleConnections()
		w.settle()
	})
	return w
}

// settle waits until all that ended is in the book.
func (w *world) settle() {
	w.t.Helper()
	ctx, stop := context.WithTimeout(context.Background(), 20*time.Second)
	defer stop()
	if err := w.engine.Shutdown(ctx); err != nil {
		w.t.Error(err)
	}
}

// used returns what the organisation used, held and estimated, in nano-euro.
func (w *world) used() (used, held, guess int64) {
	w.t.Helper()
	b := budget.New(w.db, rules{{ID: "all", Kind: budget.Organisation, Period: budget.Ever, Unit: budget.Euros, Most: 1e15}}, w.now)
	s, err := b.Left(context.Background(), dbtest.Ours, &budget.Call{})
	if err != nil {
		w.t.Fatal(err)
	}
	return s[0].Used, s[0].Held, s[0].Guess
}

// around is what a server gives a mounted handler.
type around struct{}

func (around) Trace(*http.Request, string)                 {}
func (around) TraceTenant(*http.Request, tenant.ID)        {}
func (around) TraceError(context.Context, error)           {}
func (around) Attempt(*http.Request) (time.Duration, bool) { return 0, true }

// collected is a sink that keeps what came.
type collected struct {
	passed gateway.Passed
	whole  []byte
	stream []byte
	fail   func(n int) error // of the nth event
	n      int
}

func (c *collected) Passed(p gateway.Passed) { c.passed = p }
func (c *collected) Whole(b []byte) error    { c.whole = bytes.Clone(b); return nil }
func (c *collected) Event(e wire.Event) error {
	c.stream = wire.AppendEvent(c.stream, e)
	if c.n++; c.fail != nil {
		return c.fail(c.n)
	}
	return nil
}

var program = door.Caller{Tenant: dbtest.Ours, Key: "key-1", Teams: []string{"unit-1"}}

func request(t testing.TB, s wire.Shape, body string) *wire.Request {
	t.Helper()
	r, err := wire.ReadRequest(s, []byte(body), wire.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// chat is a chat completion with one message.
func chat(model, text string, stream bool) string {
	return fmt.Sprintf(`{"model":%q,"messages":[{"role":"user","content":%s}],"stream":%v}`, model, wire.AppendQuote(nil, text), stream)
}

// text returns the text of a chat completion that was collected.
func (c *collected) text(t testing.TB) string { return c.textIn(t, wire.Chat) }

func (c *collected) textIn(t testing.TB, shape wire.Shape) string {
	t.Helper()
	if c.whole != nil {
		d, err := wire.Parse(c.whole, wire.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		a, err := wire.ReadAnswer(shape, d)
		if err != nil {
			t.Fatal(err)
		}
		var s string
		for _, p := range a.Parts {
			s += p.Text + string(p.Input)
		}
		return s
	}
	var s string
	steps := wire.NewStepReader(shape)
	r := wire.NewReader(bytes.NewReader(c.stream), 0)
	for {
		e, err := r.Next()
		if err != nil {
			return s
		}
		if err := steps.Read(e, func(st wire.Step) error {
			if st.Kind == wire.StepText || st.Kind == wire.StepArguments {
				s += st.Text
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
}

func answerOf(text string) mock.Behaviour { return mock.Behaviour{Text: text} }

// wide is a limit that no call of a test reaches: each call is held.
var wide = rules{{ID: "wide", Kind: budget.Organisation, Period: budget.Ever, Unit: budget.Euros, Most: 1e15}}
