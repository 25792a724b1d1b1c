package backend

import (
	"io"

	"tekentafel/internal/gateway/practice"
	"tekentafel/internal/gateway/wire"
)

// practise has the practice model answer, inside this program.
func (t *try) practise() (*Reply, *Error, more) {
	q, u := t.asking.request, t.up
	answer, err := practice.Reply(q)
	if err != nil {
		return nil, unfit(u.Name, asFault(err)), elsewhere
	}
	answer.Created = t.asking.began.Unix()
	if !q.Stream {
		text, err := answer.Body(q.Shape)
		if err != nil {
			return nil, unfit(u.Name, asFault(err)), elsewhere
		}
		reply := t.done(text)
		reply.Backend, reply.Wait = u.Name, t.asking.pool.now().Sub(t.asking.began)
		return reply, nil, never
	}
	t.well()
	s := &inside{try: t, stream: practice.NewStream(answer, q.Shape)}
	reply := NewReply(u.Name, nil, s, s)
	return reply, nil, never
}

// inside is a streamed answer of the practice model.
type inside struct {
	try    *try
	stream *practice.Stream
	begun  bool
}

// Next returns the next event, at the pace of the settings.
func (s *inside) Next() (wire.Event, error) {
	ctx := s.try.asking.ctx
	e, words, err := s.stream.Next()
	if err == nil && words && s.begun {
		err = s.try.asking.pool.wait(ctx, s.try.up.Pace)
	}
	s.begun = s.begun || words
	switch {
	case ctx.Err() != nil:
		return wire.Event{}, s.try.up.gone(ctx, true)
	case err != nil:
		s.try.release()
		return wire.Event{}, io.EOF
	}
	return e, nil
}

// Close ends the stream.
func (s *inside) Close() error {
	s.try.release()
	return nil
}
