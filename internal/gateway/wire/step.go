package wire

import "strings"

// StepKind says what a step is.
type StepKind uint8

// The kinds of steps, in the order in which they come: one StepBegin; texts, thoughts and calls with their arguments; StepStop; StepEnd.
// StepUsage may come anywhere between; StepFault ends the stream.
const (
	StepBegin StepKind = iota
	StepText
	StepThought
	StepCall
	StepArguments
	StepStop
	StepUsage
	StepFault
	StepEnd
)

// Step is a piece of a streamed answer, apart from the shape in which it came.
type Step struct {
	Kind     StepKind
	ID       string // of the answer, or of a call
	Model    string
	Created  int64  // seconds since 1970, 0 when not said
	Name     string // of the tool that is called
	Call     int64  // tells calls apart
	Text     string // of a text, a thought or arguments
	Stop     Stop
	Sequence string
	Usage    Usage // all that is known so far
	Fault    *Fault
}

// StepReader reads the steps of a streamed answer. It is not safe for concurrent use.
type StepReader struct {
	shape Shape
	doc   Document
	usage Usage
	begun bool
	ended bool
	calls map[int64]bool
}

// NewStepReader returns a reader of streams in the shape.
func NewStepReader(s Shape) *StepReader { return &StepReader{shape: s, calls: map[int64]bool{}} }

// Ended reports whether the answer came to its end; a stream that stops before is cut.
func (r *StepReader) Ended() bool { return r.ended }

// Read takes the next event and calls f with its steps. The error is a *Fault of status 502, or what f returned.
func (r *StepReader) Read(e Event, f func(Step) error) error {
	if e.Empty() || r.ended {
		return nil
	}
	if e.Done() {
		return r.end(f)
	}
	if err := r.doc.Read(e.Data, Limits{Bytes: DefaultEventBytes}); err != nil {
		return upstream("", "the model's server sent an event that is not right: "+err.Error())
	}
	root := r.doc.Root()
	switch r.shape {
	case Messages:
		return r.message(root, f)
	case Responses:
		return r.response(root, f)
	default:
		return r.chat(root, f)
	}
}

func (r *StepReader) end(f func(Step) error) error {
	if r.ended {
		return nil
	}
	r.ended = true
	return f(Step{Kind: StepEnd, Usage: r.usage})
}

func (r *StepReader) counted(f func(Step) error) error {
	if r.usage.Take(r.shape, &r.doc) {
		return f(Step{Kind: StepUsage, Usage: r.usage})
	}
	return nil
}

// say passes a piece of text on, when there is any.
func say(k StepKind, call int64, v Value, f func(Step) error) error {
	if s := v.Text(); s != "" {
		return f(Step{Kind: k, Call: call, Text: s})
	}
	return nil
}

func (r *StepReader) broken(f func(Step) error) error {
	r.ended = true
	return f(Step{Kind: StepFault, Fault: ReadFault(0, r.doc.src)})
}

func (r *StepReader) chat(root Value, f func(Step) error) error {
	if root.Get("error").Given() {
		return r.broken(f)
	}
	if !r.begun {
		r.begun = true
		created, _ := root.Get("created").Int()
		if err := f(Step{Kind: StepBegin, ID: root.Get("id").Text(), Model: root.Get("model").Text(), Created: created}); err != nil {
			return err
		}
	}
	for _, c := range root.Get("choices").Items() {
		if i, _ := c.Get("index").Int(); i != 0 {
			return upstream("choices", "an answer with one choice can be converted")
		}
		delta := c.Get("delta")
		if err := say(StepThought, 0, delta.Get("reasoning_content"), f); err != nil {
			return err
		}
		for _, k := range []string{"content", "refusal"} {
			if err := say(StepText, 0, delta.Get(k), f); err != nil {
				return err
			}
		}
		for _, call := range delta.Get("tool_calls").Items() {
			i, _ := call.Get("index").Int()
			if !r.calls[i] {
				r.calls[i] = true
				if err := f(Step{Kind: StepCall, Call: i, ID: call.Get("id").Text(), Name: call.Get("function").Get("name").Text()}); err != nil {
					return err
				}
			}
			if err := say(StepArguments, i, call.Get("function").Get("arguments"), f); err != nil {
				return err
			}
		}
		if reason := c.Get("finish_reason"); reason.Given() {
			stop, ok := chatStops[reason.Text()]
			if !ok {
				return upstream(reason.Path(), "this reason is not known")
			}
			if err := f(Step{Kind: StepStop, Stop: stop}); err != nil {
				return err
			}
		}
	}
	return r.counted(f)
}

func (r *StepReader) message(root Value, f func(Step) error) error {
	index, _ := root.Get("index").Int()
	switch kind := root.Get("type").word(); kind {
	case "message_start":
		m := root.Get("message")
		r.begun = true
		if err := f(Step{Kind: StepBegin, ID: m.Get("id").Text(), Model: m.Get("model").Text()}); err != nil {
			return err
		}
	case "content_block_start":
		block := root.Get("content_block")
		switch block.Get("type").word() {
		case "text":
			return say(StepText, 0, block.Get("text"), f)
		case "thinking", "redacted_thinking":
		case "tool_use":
			return f(Step{Kind: StepCall, Call: index, ID: block.Get("id").Text(), Name: block.Get("name").Text()})
		default:
			return upstream(block.Path(), "only texts, thoughts and the use of tools can be converted")
		}
	case "content_block_delta":
		delta := root.Get("delta")
		switch delta.Get("type").word() {
		case "text_delta":
			return say(StepText, 0, delta.Get("text"), f)
		case "thinking_delta":
			return say(StepThought, 0, delta.Get("thinking"), f)
		case "input_json_delta":
			return say(StepArguments, index, delta.Get("partial_json"), f)
		}
	case "message_delta":
		if reason := root.Get("delta").Get("stop_reason"); reason.Given() {
			stop, ok := messageStops[reason.Text()]
			if !ok {
				return upstream(reason.Path(), "this reason is not known")
			}
			if err := f(Step{Kind: StepStop, Stop: stop, Sequence: root.Get("delta").Get("stop_sequence").Text()}); err != nil {
				return err
			}
		}
	case "message_stop":
		return r.end(f)
	case "error":
		return r.broken(f)
	}
	return r.counted(f)
}

func (r *StepReader) response(root Value, f func(Step) error) error {
	index, _ := root.Get("output_index").Int()
	response := root.Get("response")
	switch kind := root.Get("type").word(); kind {
	case "response.created":
		r.begun = true
		created, _ := response.Get("created_at").Int()
		return f(Step{Kind: StepBegin, ID: response.Get("id").Text(), Model: response.Get("model").Text(), Created: created})
	case "response.output_item.added":
		item := root.Get("item")
		switch item.Get("type").word() {
		case "message", "reasoning":
		case "function_call":
			r.calls[index] = true
			return f(Step{Kind: StepCall, Call: index, ID: item.Get("call_id").Text(), Name: item.Get("name").Text()})
		default:
			return upstream(item.Path(), "only messages, thoughts and calls of functions can be converted")
		}
	case "response.output_text.delta", "response.refusal.delta":
		return say(StepText, 0, root.Get("delta"), f)
	case "response.reasoning_summary_text.delta", "response.reasoning_text.delta":
		return say(StepThought, 0, root.Get("delta"), f)
	case "response.function_call_arguments.delta":
		return say(StepArguments, index, root.Get("delta"), f)
	case "response.completed", "response.incomplete":
		stop := StopEnd
		switch {
		case strings.HasSuffix(kind, "incomplete"):
			stop = incomplete(response)
		case len(r.calls) > 0:
			stop = StopTool
		}
		if err := f(Step{Kind: StepStop, Stop: stop}); err != nil {
			return err
		}
		if err := r.counted(f); err != nil {
			return err
		}
		return r.end(f)
	case "response.failed", "error":
		return r.broken(f)
	}
	return nil
}
