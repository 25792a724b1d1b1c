package backend

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"strconv"
	"time"

	"tekentafel/internal/gateway/wire"
)

// try is one request to one backend.
type try struct {
	asking       *asking
	route        *route
	up           *upstream
	shape        wire.Shape // of body
	body         []byte
	release      func()
	closedBefore bool // the server had closed the connection before any of it came there
}

// Bounds of what a server sends.
const (
	mostWhole  = 64 << 20  // bytes of an answer that is not streamed
	mostStream = 256 << 20 // bytes of a streamed answer
	mostFault  = 64 << 10  // bytes of an error that are read
)

var errSlow = errors.New("the server did not go on in time")

// leash ends a try that takes too long: the whole of it, or the time to its next piece.
type leash struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
	piece  *time.Timer
	whole  *time.Timer
}

func newLeash(ctx context.Context, piece, whole time.Duration) (context.Context, *leash) {
	ctx, cancel := context.WithCancelCause(ctx)
	l := &leash{ctx: ctx, cancel: cancel}
	slow := func() { l.cancel(errSlow) }
	l.piece, l.whole = time.AfterFunc(piece, slow), time.AfterFunc(whole, slow)
	return ctx, l
}

// more gives the next piece its time.
func (l *leash) more(d time.Duration) { l.piece.Reset(d) }

func (l *leash) slow() bool { return errors.Is(context.Cause(l.ctx), errSlow) }

func (l *leash) end() {
	l.piece.Stop()
	l.whole.Stop()
	l.cancel(nil)
}

// send sends the request once.
func (t *try) send(ctx context.Context) (*Reply, *Error, more) {
	if t.closedBefore = false; t.up.transport == nil {
		return t.practise()
	}
	u, streamed := t.up, t.asking.request.Stream && t.shape != wire.Embeddings
	first := u.Whole
	if streamed {
		first = min(u.First, u.Whole)
	}
	bound, l := newLeash(ctx, first, u.Whole)
	where := &track{}
	res, err := u.transport.RoundTrip(t.request(bound, where, streamed)) //nolint:bodyclose // by the reader of the answer
	if err != nil {
		defer l.end()
		return t.lost(ctx, l, where)
	}
	u.manners.served(where, res.StatusCode)
	body := &reader{try: t, leash: l, from: res.Body, left: mostWhole}
	if streamed {
		body.left = mostStream
	}
	if res.StatusCode != http.StatusOK {
		defer body.close()
		body.left = mostFault
		text, _ := io.ReadAll(body) // what there is of it
		e, next := u.status(res.StatusCode, res.Header, text, t.asking.pool.now())
		return nil, e, next
	}
	if err := body.unpack(res.Header.Get("Content-Encoding")); err != nil {
		body.close()
		return nil, u.failed(Broken, true), never
	}
	var reply *Reply
	var e *Error
	if streamed {
		reply, e = t.stream(body, res.Header)
	} else {
		reply, e = t.whole(body)
	}
	if e != nil {
		body.close()
		return nil, e, never
	}
	reply.Backend, reply.Wait = u.Name, t.asking.pool.now().Sub(t.asking.began)
	return reply, nil, never
}

// request makes what is sent. net/http can read the body anew, for what it had not begun to send.
func (t *try) request(ctx context.Context, where *track, streamed bool) *http.Request {
	end := t.route.ends[t.shape]
	h := end.plain
	if streamed {
		h = end.streams
	}
	h = maps.Clone(h)
	if t.asking.from > 0 {
		h.Set(HopsHeader, strconv.Itoa(t.asking.from+1))
	}
	open := func() (io.ReadCloser, error) {
		where.sent.Store(false)
		return &body{bytes.NewReader(t.body), where}, nil
	}
	first, _ := open()
	r := &http.Request{Method: http.MethodPost, URL: end.url, Host: end.host, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: h, Body: first, GetBody: open, ContentLength: int64(len(t.body))}
	return r.WithContext(where.into(ctx, &t.up.manners, h))
}

// lost tells why there is no answer at all.
func (t *try) lost(ctx context.Context, l *leash, where *track) (*Reply, *Error, more) {
	u, untouched := t.up, where.untouched()
	switch {
	case ctx.Err() != nil:
		return nil, u.gone(ctx, !untouched), never
	case l.slow() && !untouched:
		return nil, u.failed(Slow, true), never
	case untouched:
		t.closedBefore = where.reused.Load() && !l.slow()
		return nil, u.failed(Unreachable, false), anywhere
	default:
		return nil, u.failed(Severed, true), never
	}
}

// whole reads an answer that is not streamed.
func (t *try) whole(body *reader) (*Reply, *Error) {
	text, err := io.ReadAll(body)
	if err != nil {
		return nil, body.broke(err)
	}
	body.close()
	return t.answered(text)
}

// answered checks an answer that came whole, and gives it the shape of the request.
func (t *try) answered(text []byte) (*Reply, *Error) {
	q, err := t.asking.request, error(nil)
	if q.Shape == wire.Embeddings {
		if text, err = embeddings(q, text); err != nil {
			return nil, t.up.failed(Broken, true)
		}
		return t.done(text), nil
	}
	d, err := wire.Parse(text, wire.Limits{Bytes: mostWhole})
	if err != nil || d.Root().Kind() != wire.Object {
		return nil, t.up.failed(Broken, true)
	}
	if d.Root().Get("error").Given() {
		return nil, t.up.within(text)
	}
	if t.shape != q.Shape {
		if text, err = wire.ConvertAnswer(t.shape, q.Shape, text, t.asking.began.Unix()); err != nil {
			e := t.up.failed(Broken, true)
			e.Fault = asFault(err)
			return nil, e
		}
	}
	return t.done(text), nil
}

func (t *try) done(text []byte) *Reply {
	t.well()
	t.release()
	return NewReply("", text, nil, nil)
}

// embeddings checks an answer with vectors, and gives it the form that was asked for: some servers know lists alone. Lists of numbers are long, so they are
// looked at in detail only then.
func embeddings(q *wire.Request, text []byte) ([]byte, error) {
	if !json.Valid(text) || len(text) == 0 || bytes.TrimSpace(text)[0] != '{' {
		return nil, errNotJSON
	}
	if q.Doc.Root().Get("encoding_format").Text() != "base64" {
		return text, nil
	}
	d, err := wire.Parse(text, wire.Limits{Bytes: mostWhole, Values: mostWhole / 16})
	if err != nil {
		return nil, err
	}
	return wire.EmbeddingsAs(d, true)
}

var errNotJSON = errors.New("the answer is not JSON")

// stream begins to read an answer that is streamed, until its first event: an error instead of that is still one of the whole request.
func (t *try) stream(body *reader, h http.Header) (*Reply, *Error) {
	if kind, _, _ := mime.ParseMediaType(h.Get("Content-Type")); kind != "text/event-stream" {
		body.left = mostFault
		text, _ := io.ReadAll(body)
		if d, err := wire.Parse(text, wire.Limits{Bytes: mostFault}); err == nil && d.Root().Get("error").Given() {
			return nil, t.up.within(text)
		}
		return nil, t.up.failed(Broken, true)
	}
	s := newStream(t, body)
	first, err := s.next()
	if err != nil {
		var e *Error
		if errors.As(err, &e) {
			return nil, e
		}
		return nil, t.up.failed(Severed, true)
	}
	t.well()
	s.first, s.peeked = first, true
	return NewReply("", nil, s, s), nil
}

func asFault(err error) *wire.Fault {
	var f *wire.Fault
	if errors.As(err, &f) {
		return f
	}
	return &wire.Fault{Status: http.StatusBadGateway, Code: "upstream_broken", Message: "the request or its answer cannot be converted"}
}
