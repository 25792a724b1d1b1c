package gateway

import (
	"bytes"
	"errors"
	"net/http"
	"slices"

	"tekentafel/internal/gateway/backend"
	"tekentafel/internal/gateway/wire"
	"tekentafel/internal/guard"
)

// answer is what comes back, and what is known of it.
type answer struct {
	editor  *wire.Editor
	usage   wire.Usage
	told    bool  // usage is what the model said at its end
	written int64 // an upper bound of the tokens that came
	back    map[guard.Type]bool
	emit    func(wire.Event) error
}

// open begins a stream.
func (a *answer) open(c *call) {
	a.editor = wire.NewEditor(c.Shape, func(wire.Track) wire.Filter { return c.filter() })
	a.emit = func(ev wire.Event) error {
		if c.quiet && usageAlone(ev.Data) {
			return nil
		}
		err := c.sink.Event(ev)
		c.gone = c.gone || err != nil
		return err
	}
}

// event passes an event on.
func (a *answer) event(c *call, ev wire.Event) error {
	err := a.editor.Event(ev, a.emit)
	a.usage, a.written, a.told = a.editor.Usage(), a.editor.Written(), a.editor.Done() && a.editor.Usage().Seen()
	var f *wire.Fault
	if errors.As(err, &f) {
		return &backend.Error{Reason: backend.Broken, Fault: f, Maybe: true, Backend: c.Backend}
	}
	return err
}

// rest gives out what filters hold back of a stream that was cut.
func (a *answer) rest(c *call) error {
	if c.gone {
		return nil
	}
	return a.editor.Close(a.emit)
}

// usageAlone tells whether a chunk of a chat completion holds nothing but the usage.
func usageAlone(data []byte) bool {
	if !bytes.Contains(data, []byte(`"choices":[]`)) && !bytes.Contains(data, []byte(`"choices": []`)) {
		return false
	}
	d, err := wire.Parse(data, wire.Limits{})
	return err == nil && d.Root().Get("choices").Len() == 0 && d.Root().Get("usage").Given() && !d.Root().Get("error").Given()
}

// mostAnswer bounds an answer that is not streamed.
const (
	mostAnswer = 64 << 20  // bytes
	mostValues = 1 << 20   // of its JSON
	usageKey   = `"usage"` // embeddings are long lists of numbers, of which only this is read
)

// whole passes an answer that is not streamed on.
func (c *call) whole(body []byte) error {
	if c.Shape == wire.Embeddings {
		c.answer.usage, c.answer.told = usageOf(body)
		return c.give(body)
	}
	d, err := wire.Parse(body, wire.Limits{Bytes: mostAnswer, Values: mostValues})
	if err != nil {
		return &backend.Error{Reason: backend.Broken, Maybe: true, Backend: c.Backend, Fault: &wire.Fault{Status: http.StatusBadGateway, Code: "upstream_invalid",
			Message: "the model's server sent an answer that is not JSON as it should be"}}
	}
	c.answer.written = int64(len(body))
	c.answer.usage, c.answer.told = wire.ReadUsage(c.Shape, d)
	c.answer.told = c.answer.told && c.answer.usage.Seen()
	restore := c.names.Len() > 0
	return c.give(wire.RewriteAnswer(c.Shape, d, func(t wire.Text) (string, bool) {
		c.look(c.engine.Scanner.Scan(t.Content))
		if !restore || t.Fixed {
			return "", false
		}
		out := c.names.Restore(t.Content)
		return out, out != t.Content
	}))
}

func (c *call) give(body []byte) error {
	err := c.sink.Whole(body)
	c.gone = err != nil
	return err
}

// usageOf reads the usage of an answer whose other values are too many to note.
func usageOf(body []byte) (wire.Usage, bool) {
	i := bytes.LastIndex(body, []byte(usageKey))
	if i < 0 {
		return wire.Usage{}, false
	}
	rest := body[i:]
	depth := 0
	for j, c := range rest {
		switch c {
		case '{':
			depth++
		case '}':
			if depth--; depth > 0 {
				continue
			}
			d, err := wire.Parse(slices.Concat([]byte("{"), rest[:j+1], []byte("}")), wire.Limits{})
			if err != nil {
				return wire.Usage{}, false
			}
			u, ok := wire.ReadUsage(wire.Embeddings, d)
			return u, ok && u.Seen()
		}
	}
	return wire.Usage{}, false
}

// look notes sorts of data in the answer that were not in the question.
func (c *call) look(findings []guard.Finding) {
	for _, f := range findings {
		if c.found[f.Type] > 0 || c.answer.back[f.Type] {
			continue
		}
		if c.answer.back == nil {
			c.answer.back = map[guard.Type]bool{}
		}
		c.answer.back[f.Type] = true
		c.Back = append(c.Back, f.Type)
	}
}

// filter returns what a text of a stream goes through.
func (c *call) filter() wire.Filter {
	f := &filter{call: c, stream: c.engine.Scanner.Stream()}
	if c.names.Len() > 0 {
		f.restorer = c.names.Restorer()
	}
	return f
}

// filter restores values, and looks at what came.
type filter struct {
	call     *call
	stream   *guard.Stream
	restorer *guard.Restorer // nil when nothing was masked
}

// Write implements wire.Filter.
func (f *filter) Write(piece string) string {
	f.call.look(f.stream.Write(piece).Findings)
	if f.restorer == nil {
		return piece
	}
	return f.restorer.Write(piece)
}

// Close implements wire.Filter.
func (f *filter) Close() string {
	f.call.look(f.stream.Close().Findings)
	if f.restorer == nil {
		return ""
	}
	return f.restorer.Close()
}
