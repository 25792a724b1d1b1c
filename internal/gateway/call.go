package gateway

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"

	"tekentafel/internal/gateway/backend"
	"tekentafel/internal/gateway/door"
	"tekentafel/internal/gateway/wire"
)

// call is one call on its way.
type call struct {
	Result
	engine  *Engine
	options Options
	sink    Sink
	asked   *wire.Request // until the guard read it
	quiet   bool          // the usage was asked for here, not by the program
	model   backend.Model
	known   bool // model is
	*question
	hold   hold
	answer answer
	gone   bool // the sink took no more
}

// run takes the call through its steps. What it held is in c.hold, whatever the error.
func (c *call) run(ctx context.Context) error {
	e := c.engine
	if c.model, c.known = e.Upstream.Model(c.asked.Model); !c.known {
		return unknownModel(c.asked.Model)
	}
	if c.model.Embeds != (c.asked.Shape == wire.Embeddings) {
		return &wire.Fault{Status: http.StatusBadRequest, Code: "wrong_model", Field: "model", Message: "this model " + fits(c.model.Embeds)}
	}
	if f := outside(c.asked); f != nil && !e.Unbounded {
		return f
	}
	policy, err := e.Policies.Policy(ctx, c.Tenant)
	if err != nil {
		return fmt.Errorf("policy of the guard: %w", err)
	}
	c.question, err = e.read(c.asked, policy, c.options)
	c.Found, c.Masked, c.quiet = c.found, c.sum(), c.Shape == wire.Chat && !c.asked.IncludeUsage
	c.asked = nil // an answer may take minutes, and the question as it came is not needed any more
	if err != nil {
		return err
	}
	if err := c.reserve(ctx); err != nil {
		return err
	}
	c.sink.Passed(Passed{Found: c.found, Masked: c.masked, Warn: c.Warn})
	reply, err := e.Upstream.Do(ctx, c.request)
	c.request = nil
	if err != nil {
		c.hold.maybe = mayHaveBegun(err)
		return err
	}
	defer func() { _ = reply.Close() }()
	c.hold.maybe, c.Backend = true, reply.Backend
	if reply.Events != nil {
		return c.stream(reply.Events)
	}
	return c.whole(reply.Body)
}

func fits(embeds bool) string {
	if embeds {
		return "makes embeddings and does not answer; ask another, or POST /v1/embeddings"
	}
	return "answers and makes no embeddings; ask one that does"
}

func unknownModel(string) *wire.Fault {
	return &wire.Fault{Status: http.StatusNotFound, Code: "model_not_found", Field: "model", Message: "no model of this name is offered to you; GET /v1/models lists those that are"}
}

// mayHaveBegun tells whether a model may have worked on a request that failed. Only a backend can know that it did not.
func mayHaveBegun(err error) bool {
	var b *backend.Error
	return !errors.As(err, &b) || b.Maybe
}

// stream passes a streamed answer on.
func (c *call) stream(events backend.Events) error {
	c.answer.open(c)
	for {
		ev, err := events.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = c.answer.event(c, ev)
		}
		if err != nil {
			return errors.Join(err, c.answer.rest(c))
		}
		if f := c.answer.editor.Fault(); f != nil {
			c.Told = true
			return &backend.Error{Reason: backend.Broken, Fault: f, Maybe: true, Backend: c.Backend}
		}
	}
	if !c.answer.editor.Done() {
		return errors.Join(&backend.Error{Reason: backend.Severed, Fault: severed(), Maybe: true, Backend: c.Backend}, c.answer.rest(c))
	}
	return nil
}

func severed() *wire.Fault {
	return &wire.Fault{Status: http.StatusBadGateway, Code: "upstream_cut", Message: "the model's server broke off before the end of its answer; what came is not the whole"}
}

// explain returns the error as callers know it.
func (c *call) explain(outer, inner context.Context, err error) error {
	var b *backend.Error
	switch {
	case err == nil:
		return nil
	case outer.Err() != nil:
		return outer.Err()
	case inner.Err() != nil && (!errors.As(err, &b) || b.Reason == backend.Gone):
		if c.engine.stop.Err() != nil {
			return &wire.Fault{Status: http.StatusServiceUnavailable, Code: "stopping", Message: "this server stopped before the answer was there; try again in a moment"}
		}
		return &wire.Fault{Status: http.StatusGatewayTimeout, Code: "timeout", Message: "the answer took longer than " + c.engine.Longest.String() + ", which is as long as a call may take"}
	}
	return err
}

// outcome says how the call ended.
func (c *call) outcome(outer context.Context, err error) door.Outcome {
	var blocked *Blocked
	switch {
	case err == nil:
		return door.Answered
	case errors.As(err, &blocked):
		return door.Blocked
	case c.hold.refused:
		return door.Refused
	case outer.Err() != nil || c.gone:
		return door.Stopped
	case c.Backend != "":
		return door.Cut
	}
	return door.Failed
}

// end settles the call, counts it and writes its line in the log, which holds no text, no person and nothing that a server said.
func (c *call) end(ctx context.Context, err error) {
	e := c.engine
	c.Outcome, c.Took = c.outcome(ctx, err), e.Now().Sub(c.At)
	c.settle(ctx)
	if c.known {
		e.Metrics.ended(&c.Done)
	}
	if c.known && c.question != nil && e.Tally != nil {
		done := c.Done
		e.Tally.Count(&done)
	}
	level, name := slog.LevelInfo, c.model.Name
	if !e.Log.Enabled(ctx, level) {
		return
	}
	found := 0
	for _, n := range c.Found {
		found += n
	}
	attrs := []slog.Attr{
		slog.String("organisation", string(c.Tenant)), slog.String("shape", c.Shape.String()), slog.String("model", name), slog.String("backend", c.Backend),
		slog.String("outcome", string(c.Outcome)), slog.Int64("input", c.Used.Input+c.Used.Cached+c.Used.CacheWrite), slog.Int64("output", c.Used.Output),
		slog.Bool("estimate", c.Estimate), slog.Int("found", found), slog.Int("masked", c.Masked), slog.Int64("micros", c.Took.Microseconds()),
	}
	if c.Key != "" {
		attrs = append(attrs, slog.String("key", c.Key))
	}
	if reason := reasonOf(err); reason != "" {
		attrs = append(attrs, slog.String("reason", reason))
	}
	e.Log.LogAttrs(ctx, level, "call to a model", attrs...)
}

// reasonOf returns why a call failed, in words of this program alone.
func reasonOf(err error) string {
	var b *backend.Error
	var f *wire.Fault
	switch {
	case errors.As(err, &b):
		return string(b.Reason)
	case errors.As(err, &f):
		return f.Code
	}
	return ""
}
