package practice

import (
	"io"
	"strings"

	"tekentafel/internal/gateway/wire"
)

// Stream is an answer that comes word by word. It is not safe for concurrent use.
type Stream struct {
	writer *wire.StepWriter
	answer *wire.Answer
	text   string
	next   wire.StepKind
	queue  []wire.Event
}

// NewStream returns the stream of an answer of Reply in a shape. A chat completion ends with its usage.
func NewStream(a *wire.Answer, s wire.Shape) *Stream {
	stream := &Stream{writer: wire.NewStepWriter(s, a.Created, true), answer: a}
	for _, p := range a.Parts {
		stream.text += p.Text
	}
	return stream
}

// Next returns the next event, and whether it brings a word; io.EOF after the last.
func (s *Stream) Next() (e wire.Event, word bool, err error) {
	for len(s.queue) == 0 {
		step := wire.Step{Kind: s.next, Usage: s.answer.Usage}
		switch s.next {
		case wire.StepBegin:
			step.ID, step.Model, step.Created = s.answer.ID, s.answer.Model, s.answer.Created
			s.next = wire.StepText
		case wire.StepText:
			if step.Text = s.word(); step.Text == "" {
				s.next = wire.StepStop
				continue
			}
			word = true
		case wire.StepStop:
			step.Stop = s.answer.Stop
			s.next = wire.StepUsage
		case wire.StepUsage:
			s.next = wire.StepEnd
		case wire.StepEnd:
			s.next = wire.StepFault // beyond the end
		default:
			return wire.Event{}, false, io.EOF
		}
		if err := s.writer.Write(step, func(e wire.Event) error {
			e.Data = append([]byte(nil), e.Data...)
			s.queue = append(s.queue, e)
			return nil
		}); err != nil {
			return wire.Event{}, false, err
		}
	}
	e, s.queue = s.queue[0], s.queue[1:]
	return e, word, nil
}

// word takes the next word with the space before it.
func (s *Stream) word() string {
	from := len(s.text) - len(strings.TrimLeft(s.text, " \n\t"))
	to := len(s.text)
	if i := strings.IndexAny(s.text[from:], " \n\t"); i >= 0 {
		to = from + i
	}
	w := s.text[:to]
	s.text = s.text[to:]
	return w
}
