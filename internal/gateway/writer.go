package gateway

import (
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/gateway/budget"
	"tekentafel/internal/gateway/price"
	"tekentafel/internal/gateway/wire"
	"tekentafel/internal/guard"
)

func requestID() string { return "req_" + rand.Text()[:16] }

// Headers that tell a program what became of its question.
const (
	guardHeader = "X-Tekentafel-Guard"
	limitHeader = "X-Tekentafel-Limit"
)

const (
	pingAfter = 15 * time.Second // of silence in a stream
	writeFor  = time.Minute      // that a program may leave what was sent to it unread
	againIn   = writeFor / 6
)

// ping is a comment, which readers of events pass over.
var ping = []byte(": ping\n\n")

// writer is the sink of a program. While a stream waits it says so now and then, also before a model's server answered: proxies between close what is silent.
type writer struct {
	w       http.ResponseWriter
	control *http.ResponseController
	shape   wire.Shape
	stream  bool

	mu     sync.Mutex
	begun  bool // the status is out
	closed bool
	broken error
	timer  *time.Timer
	last   time.Time // that something went out
	until  time.Time // when the deadline is moved next
	buf    []byte
}

func newWriter(w http.ResponseWriter, control *http.ResponseController, shape wire.Shape, stream bool, longest time.Duration) *writer {
	_ = control.SetWriteDeadline(clock.Deadline(longest + writeFor))
	return &writer{w: w, control: control, shape: shape, stream: stream}
}

// Passed implements Sink.
func (o *writer) Passed(p Passed) {
	h := o.w.Header()
	if s := guardSays(p); s != "" {
		h.Set(guardHeader, s)
	}
	for i := range p.Warn {
		h.Add(limitHeader, limitSays(&p.Warn[i]))
	}
	if o.stream {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.last = clock.Deadline(0)
		o.timer = time.AfterFunc(pingAfter, o.ping)
	}
}

// guardSays tells what the guard found: sorts and counts, such as "masked person=2 mail=1; found health=1".
func guardSays(p Passed) string {
	if len(p.Found) == 0 && len(p.Masked) == 0 {
		return ""
	}
	var parts []string
	add := func(name string, count func(guard.Type) int, types map[guard.Type]int) {
		s := ""
		for _, t := range slices.Sorted(maps.Keys(types)) {
			if n := count(t); n > 0 {
				s += " " + string(t) + "=" + strconv.Itoa(n)
			}
		}
		if s != "" {
			parts = append(parts, name+s)
		}
	}
	add("masked", func(t guard.Type) int { return p.Masked[t] }, p.Masked)
	add("found", func(t guard.Type) int { return p.Found[t] - p.Masked[t] }, p.Found)
	return strings.Join(parts, "; ")
}

// limitSays tells how a limit stands that is near its end. Of a team only that it is: the rest is what others used.
func limitSays(s *budget.State) string {
	out := fmt.Sprintf("%s; period=%s; unit=%s; level=%d", s.Kind, s.Period, s.Unit, s.Level)
	if s.Kind == budget.Team {
		return out
	}
	left := strconv.FormatInt(s.Left(), 10)
	if s.Unit == budget.Euros {
		left = price.Nano(s.Left()).String()
	}
	return out + "; left=" + left
}

// Whole implements Sink.
func (o *writer) Whole(body []byte) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.begun = true
	h := o.w.Header()
	h["Content-Type"] = contentJSON
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	_, err := o.w.Write(body) //nolint:gosec // JSON with its type, never a page
	return err
}

var (
	contentJSON   = []string{"application/json"}
	contentStream = []string{"text/event-stream; charset=utf-8"}
)

// Event implements Sink.
func (o *writer) Event(e wire.Event) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.buf = wire.AppendEvent(o.buf[:0], e)
	return o.out(o.buf)
}

// out sends bytes of the stream at once.
func (o *writer) out(b []byte) error {
	if o.broken != nil {
		return o.broken
	}
	now := clock.Deadline(0)
	o.last = now
	if now.After(o.until) {
		_ = o.control.SetWriteDeadline(now.Add(writeFor))
		o.until = now.Add(againIn)
	}
	if !o.begun {
		o.begun = true
		h := o.w.Header()
		h["Content-Type"] = contentStream
		h["X-Accel-Buffering"] = []string{"no"} // proxies hold nothing back
	}
	if _, o.broken = o.w.Write(b); o.broken == nil { //nolint:gosec // events with their type, never a page
		if err := o.control.Flush(); err != nil && !errors.Is(err, http.ErrNotSupported) {
			o.broken = err
		}
	}
	return o.broken
}

// ping says that the stream lives, when nothing went out for a while.
func (o *writer) ping() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed || o.broken != nil {
		return
	}
	if silent := clock.Deadline(0).Sub(o.last); silent < pingAfter {
		o.timer.Reset(pingAfter - silent)
		return
	}
	if o.out(ping) == nil {
		o.timer.Reset(pingAfter)
	}
}

// close ends the pings.
func (o *writer) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed = true
	if o.timer != nil {
		o.timer.Stop()
	}
}

// fault tells of an error: as the answer, or as an event in a stream that has begun. helps says whether asking again can help.
func (o *writer) fault(f *wire.Fault, retry time.Duration, helps bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.begun {
		if o.stream {
			o.buf = wire.AppendEvent(o.buf[:0], f.Event(o.shape))
			_ = o.out(o.buf) // whoever asked may be gone
		}
		return
	}
	o.begun = true
	if f.Status == http.StatusTooManyRequests || f.Status >= http.StatusInternalServerError {
		o.w.Header().Set("X-Should-Retry", strconv.FormatBool(helps)) // read by the kits of both makers
	}
	answerFault(o.w, o.shape, f, retry)
}

func answerFault(w http.ResponseWriter, s wire.Shape, f *wire.Fault, retry time.Duration) {
	if retry > 0 {
		w.Header().Set("Retry-After", strconv.FormatInt(int64((retry+time.Second-1)/time.Second), 10))
	}
	status := f.Status
	if status < http.StatusBadRequest || status > 599 {
		status = http.StatusBadGateway
	}
	send(w, status, f.Body(s))
}

func send(w http.ResponseWriter, status int, body []byte) {
	h := w.Header()
	h["Content-Type"] = contentJSON
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	w.WriteHeader(status)
	_, _ = w.Write(body) //nolint:gosec // JSON with its type, never a page; the caller may have left
}
