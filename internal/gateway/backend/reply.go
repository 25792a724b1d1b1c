package backend

import (
	"context"
	"io"
	"time"

	"tekentafel/internal/gateway/wire"
)

// Model is a model as programs and people ask for it; a route leads from its name to one or more backends.
type Model struct {
	Name      string   // by which it is asked for
	Title     string   // as people read it
	Where     string   // where its machines stand, in words; "" when the settings do not say
	Group     string   // of models, for limits; "" for none
	Context   int64    // tokens of question and answer together; 0 when not known
	MaxOutput int64    // tokens of the longest answer; what a request that sets no limit is held to
	PerImage  int64    // tokens that an image counts at most
	Images    bool     // it takes images
	Tools     bool     // it calls tools
	Embeds    bool     // it makes embeddings and does not answer
	Practice  bool     // it is the built-in rule-based stand-in, no AI
	Countries []string // of its machines (ISO 3166-1), for what electricity emits; none when not known
}

// Upstream sends requests to backends. It is what the gateway knows of them.
type Upstream interface {
	// Models lists what is offered, in the order of the settings.
	Models() []Model
	// Model returns what is offered under a name.
	Model(name string) (Model, bool)
	// Do sends a request to a backend that has the model, to the next one when that cannot change anything twice, and returns the answer in the shape of
	// the request. The error is an *Error; when ctx ended, its Reason is Gone and errors.Is finds the error of ctx. When ctx ends later, the answer breaks off.
	Do(ctx context.Context, r *wire.Request) (*Reply, error)
}

// Reply is the answer of a backend, in the shape of the request. Close it.
type Reply struct {
	Backend string        // its name in the settings
	Body    []byte        // a whole answer; nil for a stream
	Events  Events        // a stream; nil for a whole answer
	Wait    time.Duration // until the answer, or its first event, was there
	close   func() error
}

// Events is a stream of an answer.
type Events interface {
	// Next returns the next event, good until the call after; io.EOF after the last. Another error is an *Error: the stream was cut, or the context ended.
	Next() (wire.Event, error)
}

// NewReply returns a reply; close is called once by Close, or nil.
func NewReply(from string, body []byte, events Events, closing io.Closer) *Reply {
	r := &Reply{Backend: from, Body: body, Events: events}
	if closing != nil {
		r.close = closing.Close
	}
	return r
}

// Close lets go of the connection; of a stream that is not at its end it cancels the answer.
func (r *Reply) Close() error {
	f := r.close
	if r.close = nil; f == nil {
		return nil
	}
	return f()
}
