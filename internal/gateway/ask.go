package gateway

import (
	"context"

	"tekentafel/internal/gateway/door"
	"tekentafel/internal/gateway/wire"
)

// Ask is Do for the chat: it sends a conversation and calls emit with the steps of the answer as they come. An error of emit ends the call as one that was stopped.
// passed, which may be nil, is called when the question goes to the model. Errors are as for Do.
func (e *Engine) Ask(ctx context.Context, who door.Caller, c *wire.Conversation, o Options, passed func(Passed), emit func(wire.Step) error) (*Result, error) {
	c.Stream, c.WithUsage = true, false
	empty := &Result{Done: door.Done{Caller: who, Task: o.Task, Model: c.Model}}
	body, err := c.Body(wire.Chat, wire.Options{})
	if err != nil {
		return empty, err
	}
	r, err := wire.ReadRequest(wire.Chat, body, e.Limits)
	if err != nil {
		return empty, err
	}
	return e.Do(ctx, who, r, o, &stepper{reader: wire.NewStepReader(wire.Chat), passed: passed, emit: emit})
}

// stepper is the sink of Ask.
type stepper struct {
	reader *wire.StepReader
	passed func(Passed)
	emit   func(wire.Step) error
}

// Passed implements Sink.
func (s *stepper) Passed(p Passed) {
	if s.passed != nil {
		s.passed(p)
	}
}

// Whole implements Sink. A stream was asked for; a server that answers whole nevertheless has its answer read so.
func (s *stepper) Whole(body []byte) error {
	d, err := wire.Parse(body, wire.Limits{})
	if err != nil {
		return err
	}
	a, err := wire.ReadAnswer(wire.Chat, d)
	if err != nil {
		return err
	}
	for _, p := range a.Parts {
		kind := wire.StepText
		switch p.Kind {
		case wire.PartThought:
			kind = wire.StepThought
		case wire.PartText:
		default:
			continue
		}
		if err := s.emit(wire.Step{Kind: kind, Text: p.Text}); err != nil {
			return err
		}
	}
	return nil
}

// Event implements Sink.
func (s *stepper) Event(e wire.Event) error { return s.reader.Read(e, s.emit) }
