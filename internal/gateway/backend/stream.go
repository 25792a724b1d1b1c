package backend

import (
	"errors"
	"io"
	"time"

	"tekentafel/internal/gateway/wire"
)

// stream is an answer that comes in events. It is not safe for concurrent use.
type stream struct {
	try        *try
	body       *reader
	events     *wire.Reader
	doc        wire.Document
	translator *wire.Translator // nil when the backend speaks the shape of the request
	first      wire.Event
	peeked     bool // first was not given yet
	queue      []wire.Event
	bytes      []byte // of what is in the queue
	finished   bool   // the model said why it ended
	ended      bool   // the mark of the end came
	failed     error
}

func newStream(t *try, body *reader) *stream {
	s := &stream{try: t, body: body, events: wire.NewReader(body, 0)}
	if q := t.asking.request; q.Shape != t.shape {
		s.translator = wire.NewTranslator(t.shape, q.Shape, t.asking.began.Unix(), true)
	}
	return s
}

// Next returns the next event.
func (s *stream) Next() (wire.Event, error) {
	if s.peeked {
		s.peeked = false
		return s.first, nil
	}
	return s.next()
}

func (s *stream) next() (wire.Event, error) {
	for {
		if len(s.queue) > 0 {
			e := s.queue[0]
			s.queue = s.queue[1:]
			return e, nil
		}
		if s.failed != nil {
			return wire.Event{}, s.failed
		}
		if s.ended {
			s.drain()
			s.failed = io.EOF
			continue
		}
		e, err := s.events.Next()
		switch {
		case errors.Is(err, io.EOF) && s.finished: // some servers leave the mark out
			e = wire.Event{Data: []byte("[DONE]")}
		case errors.Is(err, io.EOF):
			return s.fail(s.try.up.failed(Severed, true))
		case err != nil:
			return s.fail(s.body.broke(err))
		}
		if wrong := s.look(e); wrong != nil {
			return s.fail(wrong)
		}
		if s.translator == nil {
			return e, nil
		}
		s.queue, s.bytes = s.queue[:0], s.bytes[:0]
		if err := s.translator.Event(e, s.keep); err != nil {
			wrong := s.try.up.failed(Broken, true)
			wrong.Fault = asFault(err)
			return s.fail(wrong)
		}
	}
}

// keep copies an event of the translator, whose bytes it uses again.
func (s *stream) keep(e wire.Event) error {
	at := len(s.bytes)
	s.bytes = append(s.bytes, e.Data...)
	e.Data = s.bytes[at:len(s.bytes):len(s.bytes)]
	s.queue = append(s.queue, e)
	return nil
}

// fail ends the stream.
func (s *stream) fail(e *Error) (wire.Event, error) {
	s.failed = e
	if e.Reason != Gone {
		s.try.judgeLate(e)
	}
	return wire.Event{}, e
}

// judgeLate tells the breaker of a stream that broke off.
func (t *try) judgeLate(e *Error) {
	now := t.asking.pool.now()
	switch e.Reason {
	case Slow, Severed:
		t.up.breaker.fail(now, e.Reason, 2, 0)
	case Broken:
		t.route.breaker.fail(now, e.Reason, 2, 0)
	default:
	}
}

// look notes where the stream is, and returns what is wrong with an event.
func (s *stream) look(e wire.Event) *Error {
	switch {
	case e.Empty():
		return nil
	case e.Done():
		s.ended = true
		return nil
	}
	u := s.try.up
	if err := s.doc.Read(e.Data, wire.Limits{Bytes: wire.DefaultEventBytes}); err != nil || s.doc.Root().Kind() != wire.Object {
		return u.failed(Broken, true)
	}
	root := s.doc.Root()
	kind := string(root.Get("type").Raw())
	switch s.try.shape {
	case wire.Messages:
		if kind == `"error"` {
			return u.within(e.Data)
		}
		s.ended = kind == `"message_stop"`
	case wire.Responses:
		switch kind {
		case `"error"`:
			return u.within(e.Data)
		case `"response.failed"`:
			return u.within(append(append([]byte(`{"error":`), root.Get("response").Get("error").Raw()...), '}'))
		case `"response.completed"`, `"response.incomplete"`:
			s.ended = true
		}
	default:
		if root.Get("error").Given() {
			return u.within(e.Data)
		}
		for _, c := range root.Get("choices").Items() {
			s.finished = s.finished || c.Get("finish_reason").Given()
		}
	}
	return nil
}

// untilEnd is how long a server gets to end the body after the mark of the end; the connection serves again only then.
const untilEnd = 200 * time.Millisecond

// drain reads what follows the mark of the end: nothing, in order.
func (s *stream) drain() {
	s.body.drain = true
	s.body.leash.more(untilEnd)
	for range 8 {
		if _, err := s.events.Next(); err != nil {
			break
		}
	}
	s.release()
}

// release lets go of the connection and of the place at the backend.
func (s *stream) release() {
	s.body.close()
	s.try.release()
}

// Close ends the stream; when it is not at its end, the server is told so by the end of the connection.
func (s *stream) Close() error {
	s.release()
	if s.failed == nil {
		s.failed = io.EOF
	}
	s.queue = nil
	return nil
}
