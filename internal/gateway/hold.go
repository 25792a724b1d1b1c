package gateway

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"tekentafel/internal/gateway/budget"
	"tekentafel/internal/gateway/price"
	"tekentafel/internal/gateway/wire"
	"tekentafel/internal/id"
)

// hold is what was reserved for a call.
type hold struct {
	call    budget.Call
	need    wire.Need
	rates   price.Rates
	priced  bool
	limited bool // it is in the book
	sent    bool // it may go to a model
	maybe   bool // the model may have worked on it
	refused bool // by a limit
}

// reserve works out what the call may use at most and holds it. A request that sets no limit to its answer gets one, so that the most is true.
func (c *call) reserve(ctx context.Context) error {
	e, h := c.engine, &c.hold
	rates, err := e.Prices.Rates(c.model.Name, c.At.In(e.Zone))
	if err != nil {
		return &wire.Fault{Status: http.StatusServiceUnavailable, Code: "no_price",
			Message: "no price of this model is known for today, so no limit can hold; ask who runs this server to add it to its file of models"}
	}
	if err := c.bound(); err != nil {
		return err
	}
	h.rates, h.priced = rates, true
	h.call = budget.Call{ID: id.New(c.At), Person: c.Person, Key: c.Key, Teams: c.Teams, Group: c.model.Group, Within: e.Longest + spare,
		Most: budget.Amount{Euro: rates.Most(h.need.Input, h.need.Output), Tokens: h.need.Input + h.need.Output}}
	receipt, limited, err := e.Book.ReserveLimited(ctx, c.Tenant, &h.call)
	if err != nil {
		var refused *budget.Refused
		h.refused = errors.As(err, &refused)
		return fmt.Errorf("reserve: %w", err)
	}
	h.limited, h.sent, c.Warn = limited, true, receipt.Warn
	return nil
}

// bound sets h.need, and the limit of the answer where the request has none.
func (c *call) bound() error {
	h := &c.hold
	h.need = c.request.Needs(c.model.PerImage, 0)
	if !h.need.Bounded {
		if !c.engine.Unbounded {
			return &wire.Fault{Status: http.StatusBadRequest, Code: "not_in_request",
				Message: "the request holds a file, or names a file, a prompt or an earlier answer that is not in it, so neither the guard nor the limits know what is there; send it as text in the request"}
		}
		if c.Masked > 0 {
			return &wire.Fault{Status: http.StatusBadRequest, Code: "blocked_by_guard",
				Message: "the request names what is not in it and holds values that the guard replaces; placeholders of two calls would be mixed up, so send the whole conversation in the request"}
		}
	}
	if c.Shape == wire.Embeddings || c.request.MaxOutput > 0 {
		return nil
	}
	limited, err := wire.ReadRequest(c.Shape, c.request.WithMaxOutput(c.longestAnswer()), c.engine.Limits)
	if err != nil {
		return err
	}
	c.request = limited
	h.need = limited.Needs(c.model.PerImage, 0)
	return nil
}

// bytesToken is how many bytes a token of a question has at least, in most texts; to see what the context leaves, not to hold a limit.
const bytesToken = 3

// longestAnswer is what a request that sets no limit may be answered with: the most of the model, or what its context leaves.
func (c *call) longestAnswer() int64 {
	most := c.model.MaxOutput
	if most <= 0 {
		most = defaultOutput
	}
	if c.model.Context > 0 {
		most = min(most, max(leastOutput, c.model.Context-c.hold.need.Input/bytesToken))
	}
	return most
}

// settle works out what the call used and has it counted, without ctx of who asked: they may have left.
func (c *call) settle(ctx context.Context) {
	h := &c.hold
	if !h.sent {
		return
	}
	ctx = context.WithoutCancel(ctx)
	if !h.maybe {
		if h.limited {
			c.engine.later(ctx, func(ctx context.Context) error { return c.engine.Book.Release(ctx, c.Tenant, h.call.ID) })
		}
		return
	}
	c.Used, c.Estimate = c.used()
	c.Cost = h.rates.Cost(c.Used)
	if p := c.engine.Prices.Energy(c.model.Name); p != nil {
		c.Energy = p.Of(c.Used)
	}
	amount := budget.Amount{Euro: c.Cost, Tokens: c.Used.Tokens()}
	if !h.limited {
		c.engine.counter.add(c.Tenant, &h.call, amount, c.Estimate)
		return
	}
	estimate := c.Estimate
	c.engine.later(ctx, func(ctx context.Context) error {
		return c.engine.Book.Settle(ctx, c.Tenant, h.call.ID, amount, estimate)
	})
}

// used returns what the model says that it used. When it did not say, or not at the end, it is what it used at most as far as can be seen here: the length of the question
// and of what came, a token for each byte.
func (c *call) used() (price.Usage, bool) {
	u, h := c.answer.usage, &c.hold
	if c.answer.told {
		return usageOfPrice(u), false
	}
	if u.Input == 0 {
		u = wire.Usage{Input: h.need.Input, Output: u.Output}
	}
	if c.Backend == "" || c.answer.editor == nil && c.answer.written == 0 && c.Shape != wire.Embeddings {
		u.Output = h.need.Output // nothing came: it may have written all of it
	} else {
		u.Output = max(u.Output, min(c.answer.written, h.need.Output))
	}
	return usageOfPrice(u), true
}

func usageOfPrice(u wire.Usage) price.Usage {
	return price.Usage{Input: max(0, u.Input-u.Cached-u.CacheWrite), Cached: u.Cached, CacheWrite: u.CacheWrite, Output: u.Output}
}

// later carries out the end of a call while nobody waits, as long as there is room.
func (e *Engine) later(ctx context.Context, f func(context.Context) error) {
	run := func() {
		ctx, cancel := context.WithTimeout(ctx, settleFor)
		defer cancel()
		if err := f(ctx); err != nil && !errors.Is(err, budget.ErrEnded) {
			e.Metrics.unsettled()
			e.Log.ErrorContext(ctx, "what a call used could not be counted; it lapses to the most that was held", "error", err.Error())
		}
	}
	e.ending.Add(1)
	select {
	case e.room <- struct{}{}:
		go func() {
			defer func() { <-e.room; e.ending.Done() }()
			run()
		}()
	default:
		run()
		e.ending.Done()
	}
}

// retryHeld is after how long a call may find room that others hold now.
const retryHeld = 5 * time.Second
