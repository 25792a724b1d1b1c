package wire

import (
	"bytes"
	"errors"
	"io"
	"strconv"
)

// Event is one server-sent event. Of what a Reader returns, Data and Raw are good until the next call.
type Event struct {
	Name string // of the field "event"; empty means "message"
	ID   string
	Data []byte // the lines of "data", joined by line feeds; nil when there were none
	Raw  []byte // the lines as they came, with the empty line that ends them; nil for an event that was made here
}

// Done reports whether the event is the mark with which OpenAI ends a stream.
func (e Event) Done() bool { return string(e.Data) == "[DONE]" }

// Empty reports whether a reader of events would not see it: comments that keep a line open.
func (e Event) Empty() bool { return e.Data == nil }

// AppendEvent appends the event as it goes over the line: as it came when it has Raw with line feeds alone, else written anew.
func AppendEvent(dst []byte, e Event) []byte {
	if e.Raw != nil && bytes.IndexByte(e.Raw, '\r') < 0 {
		return append(dst, e.Raw...)
	}
	if e.Name != "" {
		dst = append(dst, "event: "...)
		dst = append(dst, e.Name...)
		dst = append(dst, '\n')
	}
	if e.ID != "" {
		dst = append(dst, "id: "...)
		dst = append(dst, e.ID...)
		dst = append(dst, '\n')
	}
	if e.Data == nil {
		if e.Name == "" && e.ID == "" {
			dst = append(dst, ":\n"...)
		}
		return append(dst, '\n')
	}
	rest := e.Data
	for {
		dst = append(dst, "data: "...)
		i := bytes.IndexByte(rest, '\n')
		if i < 0 {
			return append(append(dst, rest...), "\n\n"...)
		}
		dst = append(dst, rest[:i+1]...)
		rest = rest[i+1:]
	}
}

// ErrEventTooLong says that an event is longer than the reader allows.
var ErrEventTooLong = errors.New("an event of the stream is longer than allowed")

// DefaultEventBytes bounds an event: one of the responses interface holds the whole answer.
const DefaultEventBytes = 8 << 20

// Reader reads server-sent events by the HTML standard: lines end in LF, CR or CRLF, an event ends in an empty line. It returns an
// event as soon as its last byte is there. It is not safe for concurrent use.
type Reader struct {
	src  io.Reader
	max  int
	buf  []byte
	from int // where the event begins
	line int // where its current line begins
	seen int // how far was looked for the end of the line
	end  int // how far buf is filled

	skip     bool // a line feed at seen belongs to the carriage return before it
	started  bool
	failed   error
	name     string
	id       string
	lines    int // of data
	one      [2]int
	many     []byte
	anything bool
}

// NewReader returns a reader of src that refuses an event of more than most bytes; 0 means DefaultEventBytes.
func NewReader(src io.Reader, most int) *Reader {
	if most <= 0 {
		most = DefaultEventBytes
	}
	return &Reader{src: src, max: most, buf: make([]byte, 4096)}
}

// Next returns the next event, or one that is Empty for comments. At the end of the stream the error is io.EOF; it is
// io.ErrUnexpectedEOF when the stream ends within an event, apart from the mark [DONE], which some servers send without the empty line.
func (r *Reader) Next() (Event, error) {
	r.clear()
	for {
		for r.seen < r.end {
			if e, ok := r.advance(); ok {
				return e, nil
			}
		}
		if r.failed != nil {
			return r.last()
		}
		if err := r.fill(); err != nil {
			return Event{}, err
		}
	}
}

func (r *Reader) clear() {
	r.name, r.id, r.lines, r.anything = "", "", 0, false
	r.from, r.line = r.seen, r.seen
}

func (r *Reader) last() (Event, error) {
	if !errors.Is(r.failed, io.EOF) {
		return Event{}, r.failed
	}
	rest := r.buf[r.line:r.end]
	r.line = r.end
	if len(rest) > 0 {
		if f, ok := bytes.CutPrefix(rest, []byte("data:")); ok && string(bytes.TrimSpace(f)) == "[DONE]" && r.lines == 0 {
			r.seen = r.end
			return Event{Data: []byte("[DONE]")}, nil
		}
		return Event{}, io.ErrUnexpectedEOF
	}
	if r.lines == 1 && string(r.buf[r.one[0]:r.one[1]]) == "[DONE]" {
		r.lines = 0
		return Event{Data: []byte("[DONE]")}, nil
	}
	if r.lines > 0 {
		return Event{}, io.ErrUnexpectedEOF
	}
	return Event{}, io.EOF
}

// fill reads more, making room first.
func (r *Reader) fill() error {
	if r.end-r.from > r.max {
		r.failed = ErrEventTooLong
		return r.failed
	}
	if r.end == len(r.buf) {
		if r.from > 0 {
			n := r.from
			copy(r.buf, r.buf[n:r.end])
			r.from, r.line, r.seen, r.end = 0, r.line-n, r.seen-n, r.end-n
			r.one[0], r.one[1] = r.one[0]-n, r.one[1]-n
		} else {
			grown := make([]byte, min(2*len(r.buf), r.max+4096))
			copy(grown, r.buf[:r.end])
			r.buf = grown
		}
	}
	n, err := r.src.Read(r.buf[r.end:])
	r.end += n
	r.failed = err
	if !r.started && r.end >= 3 {
		r.started = true
		if string(r.buf[:3]) == "\xEF\xBB\xBF" {
			r.from, r.line, r.seen = 3, 3, 3
		} else {
			r.seen = 0
		}
	}
	return nil
}

// advance goes on to the end of the line, and returns the event when it ends there.
func (r *Reader) advance() (Event, bool) {
	if !r.started { // a byte order mark may still be coming
		if bytes.HasPrefix([]byte("\xEF\xBB\xBF"), r.buf[:r.end]) && r.failed == nil {
			r.seen = r.end
			return Event{}, false
		}
		r.started, r.seen = true, 0
	}
	if r.skip {
		r.skip = false
		if r.buf[r.seen] == '\n' {
			r.seen++
			if r.line == r.from {
				r.from = r.seen
			}
			r.line = r.seen
			return Event{}, false
		}
	}
	rest := r.buf[r.seen:r.end]
	i := bytes.IndexByte(rest, '\n')
	if j := bytes.IndexByte(before(rest, i), '\r'); j >= 0 {
		i = j
		r.skip = true
	}
	if i < 0 {
		r.seen = r.end
		return Event{}, false
	}
	stop := r.seen + i
	r.seen = stop + 1
	start := r.line
	r.line = r.seen
	if stop > start {
		r.field(start, stop)
		return Event{}, false
	}
	if !r.anything { // an empty line between events
		r.from = r.seen
		return Event{}, false
	}
	e := Event{Name: r.name, ID: r.id, Raw: r.buf[r.from:r.seen]}
	switch r.lines {
	case 0:
	case 1:
		e.Data = r.buf[r.one[0]:r.one[1]]
	default:
		e.Data = r.many
	}
	return e, true
}

// before returns the part of s before i, all of it when i is negative.
func before(s []byte, i int) []byte {
	if i < 0 {
		return s
	}
	return s[:i]
}

func (r *Reader) field(start, stop int) {
	r.anything = true
	line := r.buf[start:stop]
	colon := bytes.IndexByte(line, ':')
	if colon == 0 {
		return
	}
	at := stop
	name := line
	if colon > 0 {
		name = line[:colon]
		if at = start + colon + 1; at < stop && r.buf[at] == ' ' {
			at++
		}
	}
	switch string(name) {
	case "data":
		switch r.lines++; r.lines {
		case 1:
			r.one = [2]int{at, stop}
		case 2:
			r.many = append(r.many[:0], r.buf[r.one[0]:r.one[1]]...)
			fallthrough
		default:
			r.many = append(r.many, '\n')
			r.many = append(r.many, r.buf[at:stop]...)
		}
	case "event":
		r.name = eventName(r.buf[at:stop])
	case "id":
		r.id = string(r.buf[at:stop])
	}
}

// eventName returns the name of an event, without a copy for those that come often.
func eventName(b []byte) string {
	switch string(b) {
	case "content_block_delta":
		return "content_block_delta"
	case "response.output_text.delta":
		return "response.output_text.delta"
	case "response.function_call_arguments.delta":
		return "response.function_call_arguments.delta"
	default:
		return string(b)
	}
}

// Retry returns the value of Retry-After in whole seconds, and whether it is one; the form with a date is not read.
func Retry(header string) (seconds int, ok bool) {
	n, err := strconv.Atoi(header)
	return n, err == nil && n >= 0
}
