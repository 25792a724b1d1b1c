package wire

import (
	"net/http"
	"strconv"
)

// StepWriter writes the steps of an answer as a stream in a shape. It is not safe for concurrent use.
type StepWriter struct {
	shape     Shape
	created   int64
	withUsage bool
	answer    Answer
	e         encoder
	sequence  int64 // of the next event of responses
	blocks    int64 // begun
	open      bool
	kind      PartKind // of the block that is open
	call      int64    // the call that is open, with PartCall
	argued    bool     // the open call has arguments
	number    map[int64]int64
	size      int
	over      bool
}

// NewStepWriter returns a writer of streams in the shape. created is the time in seconds since 1970, for answers that do not say it;
// withUsage says that a chat completion is to end with its usage.
func NewStepWriter(s Shape, created int64, withUsage bool) *StepWriter {
	return &StepWriter{shape: s, created: created, withUsage: withUsage, number: map[int64]int64{}}
}

// Write takes the next step and calls emit with the events for it. The bytes of an event are good until emit returns. The error is a *Fault of status
// 502 when the shape cannot say the step, or what emit returned.
func (w *StepWriter) Write(s Step, emit func(Event) error) error {
	if w.over {
		return nil
	}
	a := &w.answer
	switch s.Kind {
	case StepBegin:
		a.ID, a.Model, a.Created = s.ID, s.Model, s.Created
		if a.Created == 0 {
			a.Created = w.created
		}
		return w.begin(emit)
	case StepUsage:
		a.Usage = s.Usage
	case StepStop:
		a.Stop, a.Sequence = s.Stop, s.Sequence
	case StepText:
		return w.piece(PartText, 0, s.Text, emit)
	case StepThought:
		return w.piece(PartThought, 0, s.Text, emit)
	case StepCall:
		w.number[s.Call] = int64(len(w.number))
		return w.start(Part{Kind: PartCall, ID: s.ID, Name: s.Name}, s.Call, emit)
	case StepArguments:
		if _, ok := w.number[s.Call]; !ok {
			return upstream("", "the model's server sent arguments of a call that it did not begin")
		}
		return w.piece(PartCall, s.Call, s.Text, emit)
	case StepFault:
		w.over = true
		return emit(s.Fault.Event(w.shape))
	case StepEnd:
		if s.Usage.Seen() {
			a.Usage = s.Usage
		}
		w.over = true
		return w.end(emit)
	}
	return nil
}

// make emits an event whose data f writes.
func (w *StepWriter) make(name string, emit func(Event) error, f func()) error {
	w.e.out = w.e.out[:0]
	f()
	return emit(Event{Name: name, Data: w.e.out})
}

// numbered emits an event of responses.
func (w *StepWriter) numbered(name string, emit func(Event) error, f func()) error {
	return w.make(name, emit, func() {
		w.e.raw(`{"type":"` + name + `"`)
		w.e.integer("sequence_number", w.sequence)
		w.sequence++
		f()
		w.e.raw("}")
	})
}

// chunk emits an event of chat completions.
func (w *StepWriter) chunk(emit func(Event) error, delta func(), finish string) error {
	return w.make("", emit, func() {
		w.chunkHead()
		w.e.raw(`[{"index":0,"delta":{`)
		delta()
		w.e.raw(`},"finish_reason":` + finish + `}]}`)
	})
}

func (w *StepWriter) chunkHead() {
	w.e.raw(`{"id":`)
	w.e.quote(w.answer.ID)
	w.e.raw(`,"object":"chat.completion.chunk"`)
	w.e.integer("created", w.answer.Created)
	w.e.raw(`,"model":`)
	w.e.quote(w.answer.Model)
	w.e.raw(`,"choices":`)
}

func (w *StepWriter) begin(emit func(Event) error) error {
	switch w.shape {
	case Messages:
		return w.make("message_start", emit, func() {
			w.e.raw(`{"type":"message_start","message":{"id":`)
			w.e.quote(w.answer.ID)
			w.e.raw(`,"type":"message","role":"assistant","model":`)
			w.e.quote(w.answer.Model)
			w.e.raw(`,"content":[],"stop_reason":null,"stop_sequence":null,"usage":`)
			w.e.out = append(w.answer.Usage.append(w.e.out, Messages), "}}"...)
		})
	case Responses:
		for _, name := range []string{"response.created", "response.in_progress"} {
			if err := w.numbered(name, emit, func() {
				w.e.raw(`,"response":`)
				w.answer.responseHead(&w.e, "in_progress")
				w.e.raw(`,"output":[],"usage":null}`)
			}); err != nil {
				return err
			}
		}
		return nil
	default:
		return w.chunk(emit, func() { w.e.raw(`"role":"assistant","content":""`) }, "null")
	}
}

// start begins a part of the answer, after the end of the one that is open.
func (w *StepWriter) start(p Part, call int64, emit func(Event) error) error {
	if err := w.stop(emit); err != nil {
		return err
	}
	w.open, w.kind, w.call, w.argued = true, p.Kind, call, false
	w.answer.Parts = append(w.answer.Parts, p)
	index := w.blocks
	w.blocks++
	switch w.shape {
	case Messages:
		return w.make("content_block_start", emit, func() {
			w.e.raw(`{"type":"content_block_start"`)
			w.e.integer("index", index)
			switch p.Kind {
			case PartCall:
				w.e.raw(`,"content_block":{"type":"tool_use","id":`)
				w.e.quote(p.ID)
				w.e.raw(`,"name":`)
				w.e.quote(p.Name)
				w.e.raw(`,"input":{}}}`)
			case PartThought:
				w.e.raw(`,"content_block":{"type":"thinking","thinking":"","signature":""}}`)
			default:
				w.e.raw(`,"content_block":{"type":"text","text":""}}`)
			}
		})
	case Responses:
		return w.startItem(index, emit)
	default:
		if p.Kind != PartCall {
			return nil
		}
		return w.chunk(emit, func() {
			w.e.raw(`"tool_calls":[{"index":`)
			w.e.out = strconv.AppendInt(w.e.out, w.number[call], 10)
			w.e.raw(`,"id":`)
			w.e.quote(p.ID)
			w.e.raw(`,"type":"function","function":{"name":`)
			w.e.quote(p.Name)
			w.e.raw(`,"arguments":""}}]`)
		}, "null")
	}
}

// piece writes a piece of a text, beginning its part when needed.
func (w *StepWriter) piece(k PartKind, call int64, text string, emit func(Event) error) error {
	if !w.open || w.kind != k || k == PartCall && w.call != call {
		if k == PartCall && w.shape != Chat {
			return upstream("", "the model's server sent the arguments of two calls through each other")
		}
		if k != PartCall {
			if err := w.start(Part{Kind: k}, 0, emit); err != nil {
				return err
			}
		}
	}
	w.argued = w.argued || k == PartCall
	if w.size += len(text); w.size > DefaultEventBytes {
		return upstream("", "the answer of the model is too long")
	}
	if w.shape == Responses { // which says everything again at the end
		p := &w.answer.Parts[len(w.answer.Parts)-1]
		if k == PartCall {
			p.Input = append(p.Input, text...)
		} else {
			p.Text += text
		}
	}
	switch w.shape {
	case Messages:
		return w.make("content_block_delta", emit, func() {
			w.e.raw(`{"type":"content_block_delta"`)
			w.e.integer("index", w.blocks-1)
			switch k {
			case PartCall:
				w.e.raw(`,"delta":{"type":"input_json_delta","partial_json":`)
			case PartThought:
				w.e.raw(`,"delta":{"type":"thinking_delta","thinking":`)
			default:
				w.e.raw(`,"delta":{"type":"text_delta","text":`)
			}
			w.e.quote(text)
			w.e.raw("}}")
		})
	case Responses:
		return w.itemPiece(k, text, emit)
	default:
		return w.chunk(emit, func() {
			switch k {
			case PartCall:
				w.e.raw(`"tool_calls":[{"index":`)
				w.e.out = strconv.AppendInt(w.e.out, w.number[call], 10)
				w.e.raw(`,"function":{"arguments":`)
				w.e.quote(text)
				w.e.raw("}}]")
			case PartThought:
				w.e.raw(`"reasoning_content":`)
				w.e.quote(text)
			default:
				w.e.raw(`"content":`)
				w.e.quote(text)
			}
		}, "null")
	}
}

// stop ends the part that is open.
func (w *StepWriter) stop(emit func(Event) error) error {
	if !w.open {
		return nil
	}
	if w.kind == PartCall && !w.argued && w.shape != Messages { // where no arguments are an empty text, programs expect an object
		if err := w.piece(PartCall, w.call, "{}", emit); err != nil {
			return err
		}
	}
	w.open = false
	switch w.shape {
	case Messages:
		return w.make("content_block_stop", emit, func() {
			w.e.raw(`{"type":"content_block_stop"`)
			w.e.integer("index", w.blocks-1)
			w.e.raw("}")
		})
	case Responses:
		return w.stopItem(emit)
	default:
		return nil
	}
}

func (w *StepWriter) end(emit func(Event) error) error {
	if err := w.stop(emit); err != nil {
		return err
	}
	switch w.shape {
	case Messages:
		if err := w.make("message_delta", emit, func() {
			w.e.raw(`{"type":"message_delta","delta":{"stop_reason":"` + w.answer.Stop.message() + `","stop_sequence":`)
			w.e.out = appendQuoteOrNull(w.e.out, w.answer.Sequence)
			w.e.raw(`},"usage":`)
			w.e.out = append(w.answer.Usage.append(w.e.out, Messages), '}')
		}); err != nil {
			return err
		}
		return w.make("message_stop", emit, func() { w.e.raw(`{"type":"message_stop"}`) })
	case Responses:
		return w.numbered("response."+status(w.answer.Stop), emit, func() {
			w.e.raw(`,"response":`)
			w.responseWhole()
		})
	default:
		if err := w.chunk(emit, func() {}, `"`+w.answer.Stop.chat()+`"`); err != nil {
			return err
		}
		if w.withUsage {
			if err := w.make("", emit, func() {
				w.chunkHead()
				w.e.raw(`[],"usage":`)
				w.e.out = append(w.answer.Usage.append(w.e.out, Chat), '}')
			}); err != nil {
				return err
			}
		}
		return emit(Event{Data: []byte("[DONE]")})
	}
}

// Translator turns a stream of one shape into one of another.
type Translator struct {
	in  *StepReader
	out *StepWriter
}

// NewTranslator returns a translator; created and withUsage are as for NewStepWriter.
func NewTranslator(from, to Shape, created int64, withUsage bool) *Translator {
	return &Translator{NewStepReader(from), NewStepWriter(to, created, withUsage)}
}

// Event takes the next event and calls emit with those in the other shape.
func (t *Translator) Event(e Event, emit func(Event) error) error {
	return t.in.Read(e, func(s Step) error { return t.out.Write(s, emit) })
}

// Close ends the stream: when the upstream broke off before its end, the client is told so with an event.
func (t *Translator) Close(emit func(Event) error) error {
	if t.in.Ended() {
		return nil
	}
	f := &Fault{Status: http.StatusBadGateway, Code: "upstream_cut", Message: "the answer of the model broke off; ask again"}
	return t.out.Write(Step{Kind: StepFault, Fault: f}, emit)
}
