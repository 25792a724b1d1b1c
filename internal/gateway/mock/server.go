package mock

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"tekentafel/internal/gateway/wire"
)

// Server answers requests and counts them. Its fields are set before it serves. It is safe for concurrent use.
type Server struct {
	Default Behaviour
	Key     string // when set, requests must carry it as a bearer token or in x-api-key
	Keep    bool   // keep the bodies of requests, for Received

	counts   counts
	mu       sync.Mutex
	script   []Behaviour
	received [][]byte
	works    sync.Pool
}

type counts struct {
	requests, streams, cancelled, finished, refused, open atomic.Int64
	refuse                                                atomic.Int64
}

// Counts is what a server saw since it began.
type Counts struct {
	Requests  int64 // that arrived whole
	Streams   int64 // of Requests, that asked for a stream
	Finished  int64 // that were answered to the last byte, as asked
	Cancelled int64 // whose client went away before the end
	Refused   int64 // connections closed as soon as they came
	Open      int64 // being answered now
}

// Counts returns what the server saw so far.
func (s *Server) Counts() Counts {
	c := &s.counts
	return Counts{Requests: c.requests.Load(), Streams: c.streams.Load(), Finished: c.finished.Load(), Cancelled: c.cancelled.Load(),
		Refused: c.refused.Load(), Open: c.open.Load()}
}

// Script says how the next requests are answered, one each, in the order in which they come.
func (s *Server) Script(next ...Behaviour) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.script = append(s.script, next...)
}

// Refuse closes the next n connections as soon as they come.
func (s *Server) Refuse(n int) { s.counts.refuse.Add(int64(n)) }

// Received returns the bodies of the requests in the order in which they came, when Keep is set.
func (s *Server) Received() [][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([][]byte(nil), s.received...)
}

// Listen begins to serve on an address such as "127.0.0.1:0" until ctx is done or stop is called, and returns the URL of the server. An address
// that is not of this machine alone is an error.
func (s *Server) Listen(ctx context.Context, address string) (url string, stop func(), err error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return "", nil, fmt.Errorf("mock: address %q: %w", address, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return "", nil, fmt.Errorf("mock: address %q is not of this machine alone; use 127.0.0.1", address)
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return "", nil, fmt.Errorf("mock: listening: %w", err)
	}
	server := &http.Server{Handler: s, ReadHeaderTimeout: time.Minute}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(listener{l, s}) // ends when it is closed
	}()
	var once sync.Once
	end := func() { once.Do(func() { _ = server.Close(); <-done }) }
	release := context.AfterFunc(ctx, end)
	return "http://" + l.Addr().String(), func() { release(); end() }, nil
}

type listener struct {
	net.Listener
	server *Server
}

// Accept closes the connections that are to be refused, with a reset.
func (l listener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil || l.server.counts.refuse.Load() <= 0 {
			return c, err
		}
		l.server.counts.refuse.Add(-1)
		l.server.counts.refused.Add(1)
		reset(c)
	}
}

func reset(c net.Conn) {
	if t, ok := c.(*net.TCPConn); ok {
		_ = t.SetLinger(0)
	}
	_ = c.Close()
}

// work is what a request needs, used again for the next.
type work struct {
	body []byte
	doc  wire.Document
	out  []byte
}

// mostBody bounds the body of a request, in bytes.
const mostBody = 64 << 20

var errTooLarge = errors.New("the request is too large")

func (w *work) read(r *http.Request) error {
	w.body = w.body[:0]
	for {
		if len(w.body) == cap(w.body) {
			w.body = append(w.body, 0)[:len(w.body)]
		}
		n, err := r.Body.Read(w.body[len(w.body):cap(w.body)])
		w.body = w.body[:len(w.body)+n]
		if len(w.body) > mostBody {
			return errTooLarge
		}
		if err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
	}
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	k, ok := s.works.Get().(*work)
	if !ok {
		k = &work{body: make([]byte, 0, 8192), out: make([]byte, 0, 8192)}
	}
	defer s.works.Put(k)
	s.counts.open.Add(1)
	defer s.counts.open.Add(-1)
	shape, ok := shapeOf(r)
	if !ok {
		s.fault(w, shape, &wire.Fault{Status: http.StatusNotFound, Message: "there is no such operation"})
		return
	}
	if err := k.read(r); err != nil {
		s.counts.cancelled.Add(1)
		return
	}
	s.counts.requests.Add(1)
	if s.Key != "" && r.Header.Get("X-Api-Key") != s.Key && r.Header.Get("Authorization") != "Bearer "+s.Key {
		s.fault(w, shape, &wire.Fault{Status: http.StatusUnauthorized, Code: "invalid_api_key", Message: "the key is not right"})
		return
	}
	if s.Keep {
		s.mu.Lock()
		s.received = append(s.received, append([]byte(nil), k.body...))
		s.mu.Unlock()
	}
	if shape == wire.Models {
		s.send(w, r, Behaviour{}, models)
		return
	}
	if err := k.doc.Read(k.body, wire.Limits{Bytes: mostBody}); err != nil {
		f := &wire.Fault{Status: http.StatusBadRequest, Message: err.Error()}
		s.fault(w, shape, f)
		return
	}
	a := answer{server: s, w: w, r: r, work: k, shape: shape, root: k.doc.Root()}
	b, err := s.behaviour(a.root.Get("model"))
	if err != nil {
		s.fault(w, shape, &wire.Fault{Status: http.StatusBadRequest, Field: "model", Message: err.Error()})
		return
	}
	a.how = b
	a.give()
}

var models = []byte(`{"object":"list","data":[{"id":"mock","type":"model","object":"model","created":1767225600,"owned_by":"mock","display_name":"mock"}],"has_more":false,"first_id":"mock","last_id":"mock"}`)

func shapeOf(r *http.Request) (wire.Shape, bool) {
	path := strings.TrimPrefix(r.URL.Path, "/v1")
	if r.Method == http.MethodGet {
		return wire.Models, path == "/models"
	}
	switch path {
	case "/chat/completions":
		return wire.Chat, r.Method == http.MethodPost
	case "/responses":
		return wire.Responses, r.Method == http.MethodPost
	case "/embeddings":
		return wire.Embeddings, r.Method == http.MethodPost
	case "/messages":
		return wire.Messages, r.Method == http.MethodPost
	default:
		return wire.Chat, false
	}
}

func (s *Server) behaviour(model wire.Value) (Behaviour, error) {
	s.mu.Lock()
	if len(s.script) > 0 {
		b := s.script[0]
		s.script = s.script[1:]
		s.mu.Unlock()
		return b, nil
	}
	s.mu.Unlock()
	if name := model.Text(); strings.Contains(name, ";") {
		_, how, _ := strings.Cut(name, ";")
		return ParseBehaviour(how)
	}
	return s.Default, nil
}

func (s *Server) fault(w http.ResponseWriter, shape wire.Shape, f *wire.Fault) {
	h := w.Header()
	h["Content-Type"] = contentJSON
	w.WriteHeader(f.Status)
	if _, err := w.Write(f.Body(shape)); err == nil { //nolint:gosec // JSON with its type, never a page
		s.counts.finished.Add(1)
	}
}

var (
	contentJSON   = []string{"application/json"}
	contentStream = []string{"text/event-stream"}
)

// send sends an answer that is not streamed.
func (s *Server) send(w http.ResponseWriter, r *http.Request, how Behaviour, body []byte) {
	w.Header()["Content-Type"] = contentJSON
	if how.Wrong {
		body = body[:len(body)-2]
	}
	if how.Cut > 0 {
		w.Header().Set("Content-Length", fmt.Sprint(len(body)))
		_, _ = w.Write(body[:len(body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	if _, err := w.Write(body); err != nil || r.Context().Err() != nil {
		s.counts.cancelled.Add(1)
		return
	}
	s.counts.finished.Add(1)
}
