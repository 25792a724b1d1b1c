package web

import (
	"errors"
	"io"
	"net/http"
	"time"

	"tekentafel/internal/clock"
)

const (
	defaultBody  = 256 << 10        // bytes
	readPatience = 30 * time.Second // for a body; where a route is slow, without a sign of life
	slowPatience = 30 * time.Minute // for the answer of a slow route; the others have twice readPatience
)

// bound limits the body of a request and how long it may take.
func (s *Server) bound(w http.ResponseWriter, r *http.Request, route Route) {
	limit := route.Body
	if limit == 0 {
		limit = defaultBody
	}
	r.Body = http.MaxBytesReader(w, r.Body, limit)
	s.patience(w, r, route.Slow)
}

// patience sets how long a request may take to come in and its answer to go out. A connection serves one request after
// another, so each sets both anew.
func (s *Server) patience(w http.ResponseWriter, r *http.Request, slow bool) {
	control := http.NewResponseController(w)
	answer := 2 * s.reading
	if slow {
		answer = slowPatience
	}
	read := time.Time{} // what has come in whole is read no more, and the end of waiting would be taken for that of the connection
	if r.ContentLength != 0 {
		read = clock.Deadline(s.reading)
	}
	err := errors.Join(control.SetReadDeadline(read), control.SetWriteDeadline(clock.Deadline(answer)))
	if errors.Is(err, http.ErrNotSupported) {
		return
	}
	if err != nil {
		s.log.WarnContext(r.Context(), "deadlines cannot be set", "error", err.Error())
	}
	if slow && r.ContentLength != 0 {
		r.Body = &patient{ReadCloser: r.Body, control: control, every: s.reading}
	}
}

// patient is a body that may take long as long as it keeps coming.
type patient struct {
	io.ReadCloser
	control *http.ResponseController
	every   time.Duration
	until   time.Time // when the deadline is moved next
}

// Read implements io.Reader. A deadline that cannot be moved ends the request sooner, which is safe.
func (p *patient) Read(b []byte) (int, error) {
	if now := clock.Deadline(0); now.After(p.until) {
		_ = p.control.SetReadDeadline(now.Add(p.every))
		p.until = now.Add(p.every / 6)
	}
	return p.ReadCloser.Read(b)
}
