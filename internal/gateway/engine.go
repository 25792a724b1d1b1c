package gateway

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/gateway/backend"
	"tekentafel/internal/gateway/budget"
	"tekentafel/internal/gateway/door"
	"tekentafel/internal/gateway/price"
	"tekentafel/internal/gateway/wire"
	"tekentafel/internal/guard"
	"tekentafel/internal/tenant"
)

// Book keeps calls within limits; *budget.Book is one.
type Book interface {
	ReserveLimited(ctx context.Context, t tenant.ID, c *budget.Call) (budget.Receipt, bool, error)
	Reserve(ctx context.Context, t tenant.ID, c *budget.Call) (budget.Receipt, error)
	Settle(ctx context.Context, t tenant.ID, id string, used budget.Amount, estimate bool) error
	Release(ctx context.Context, t tenant.ID, id string) error
	Lapse(ctx context.Context, t tenant.ID) (int, error)
	Forget(ctx context.Context, t tenant.ID, before time.Time, zone *time.Location) (int64, error)
}

// Dependencies is what the engine needs of others. What is said to be optional may be left out.
type Dependencies struct {
	Upstream backend.Upstream
	Keys     door.Keys
	Policies door.Policies
	Book     Book
	Prices   *price.List
	Tally    door.Tally     // optional
	Scanner  *guard.Scanner // optional: guard.New()
	Now      clock.Clock
	Zone     *time.Location // in whose days prices hold; nil for Brussels
	Log      *slog.Logger
	Metrics  *Metrics // optional

	// Above returns the units above that of a key, the nearest first, for their limits hold too; it is asked on each call. Nil where there are none.
	Above func(ctx context.Context, t tenant.ID, unit string) ([]string, error)
	// Tenants lists the organisations whose calls lapse and are forgotten. Run needs it.
	Tenants func(ctx context.Context) ([]tenant.ID, error)

	Limits    wire.Limits   // of the body of a request; Bytes is 10 MB when 0
	Longest   time.Duration // that a call may take; 30 minutes when 0
	Remember  time.Duration // how long the days of people and keys are kept apart, and the names of calls that ended; 40 days when 0
	Unbounded bool          // lets requests through with files, earlier answers and tools of makers, whose cost and content nobody here knows
}

// Engine takes calls to models. Make it with New. It is safe for concurrent use.
type Engine struct {
	Dependencies
	labels  guard.Labels
	counter *counter

	mu      sync.Mutex
	closing bool
	running sync.WaitGroup // calls
	ending  sync.WaitGroup // settlements
	room    chan struct{}  // for settlements that nobody waits for
	stop    context.Context
	cancel  context.CancelFunc
}

const (
	defaultBody     = 10 << 20
	defaultLongest  = 30 * time.Minute
	defaultRemember = 40 * 24 * time.Hour
	spare           = 2 * time.Minute // that a reservation outlives its call
	settleFor       = 30 * time.Second
	mostSettling    = 4096
	defaultOutput   = 4096 // tokens of an answer, where the settings of a model say nothing
	leastOutput     = 256
)

// New returns an engine. An error says what is missing.
func New(d Dependencies) (*Engine, error) {
	if d.Upstream == nil || d.Policies == nil || d.Book == nil || d.Prices == nil || d.Now == nil || d.Log == nil {
		return nil, errors.New("gateway: the engine needs Upstream, Policies, Book, Prices, Now and Log")
	}
	if d.Scanner == nil {
		d.Scanner = guard.New()
	}
	if d.Zone == nil {
		d.Zone = clock.Brussels()
	}
	if d.Limits.Bytes <= 0 {
		d.Limits.Bytes = defaultBody
	}
	if d.Longest <= 0 {
		d.Longest = defaultLongest
	}
	if d.Remember <= 0 {
		d.Remember = defaultRemember
	}
	e := &Engine{Dependencies: d, labels: guard.LabelsOf("nl"), room: make(chan struct{}, mostSettling)}
	e.counter = newCounter(d.Book, d.Longest)
	e.stop, e.cancel = context.WithCancel(context.Background())
	return e, nil
}

// Options is what a caller says beside the request.
type Options struct {
	// Task is the entry of the chat by which somebody came; "" for none.
	Task string
	// Keep tells whether a person sends a value as it is, with its sort and as guard.Canonical writes it; nil for none. It does not lift a block.
	Keep func(t guard.Type, value string) bool
	// Labels are the words of placeholders; nil for those in Dutch.
	Labels guard.Labels
}

// Passed is what is known of a call when it goes to a model.
type Passed struct {
	Found, Masked map[guard.Type]int // of the question; Found counts those that were masked too
	Warn          []budget.State     // limits of which at least 80 % is used
}

// Sink takes the answer. An error of Whole or Event says that whoever asked is gone, and ends the call.
type Sink interface {
	// Passed is called once, before the request goes to a model.
	Passed(p Passed)
	// Whole takes an answer that is not streamed.
	Whole(body []byte) error
	// Event takes the next event of a stream; its bytes are good until it returns.
	Event(e wire.Event) error
}

// Result is what is known of a call when it ended. It holds no text of anyone.
type Result struct {
	door.Done
	Masked  int            // values that were replaced on the way to the model
	Back    []guard.Type   // sorts of data in the answer that were not in the question
	Warn    []budget.State // limits of which at least 80 % is used
	Backend string
	Told    bool // a fault of the model's server is in the stream already
}

// Do takes a call from the question to the settlement. The error is a *Blocked, a *budget.Refused, a *backend.Error, a *wire.Fault, or that of ctx; FaultOf says it to a
// program. What the sink got before an error stays. The result is never nil.
func (e *Engine) Do(ctx context.Context, who door.Caller, r *wire.Request, o Options, sink Sink) (*Result, error) {
	c := &call{engine: e, options: o, sink: sink, asked: r}
	c.Done = door.Done{Caller: who, Shape: r.Shape, Task: o.Task, Model: r.Model, At: e.Now()}
	if !e.enter() {
		return &c.Result, &wire.Fault{Status: http.StatusServiceUnavailable, Code: "stopping", Message: "this server is about to stop; try again in a moment"}
	}
	defer e.running.Done()
	inner, cancel := context.WithTimeout(ctx, e.Longest)
	defer cancel()
	defer context.AfterFunc(e.stop, cancel)() //nolint:contextcheck // the end of the engine ends its calls
	err := c.run(inner)
	c.end(ctx, err)
	return &c.Result, c.explain(ctx, inner, err)
}

func (e *Engine) enter() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closing {
		return false
	}
	e.running.Add(1)
	return true
}
