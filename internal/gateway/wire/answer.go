package wire

import "strconv"

// Stop says why an answer ended.
type Stop uint8

// The reasons. StopPause is that of a model that wants to go on later.
const (
	StopEnd Stop = iota
	StopLength
	StopTool
	StopSequence
	StopFilter
	StopPause
)

// Answer is what a model answered, apart from the shape in which it came.
type Answer struct {
	ID       string
	Model    string
	Created  int64  // seconds since 1970, 0 when the shape does not say
	Parts    []Part // texts, thoughts and calls
	Stop     Stop
	Sequence string // the text that ended it, with StopSequence
	Usage    Usage
}

// ConvertAnswer returns an answer of one shape in another. created is the time in seconds since 1970, for a shape that does not say
// it. The error is a *Fault of status 502 that names the field which cannot be converted.
func ConvertAnswer(from, to Shape, body []byte, created int64) ([]byte, error) {
	d, err := Parse(body, Limits{})
	if err != nil {
		return nil, upstream("", "the model's server did not answer with JSON")
	}
	a, err := ReadAnswer(from, d)
	if err != nil {
		return nil, err
	}
	if a.Created == 0 {
		a.Created = created
	}
	return a.Body(to)
}

// ReadAnswer reads an answer of Chat, Responses or Messages. The error is a *Fault of status 502.
func ReadAnswer(s Shape, d *Document) (*Answer, error) {
	root := d.Root()
	a := &Answer{ID: root.Get("id").Text(), Model: root.Get("model").Text()}
	a.Usage, _ = ReadUsage(s, d)
	var f *Fault
	switch s {
	case Chat:
		f = a.readChat(root)
	case Responses:
		f = a.readResponse(root)
	case Messages:
		f = a.readMessage(root)
	default:
		f = upstream("", "only conversations can be converted")
	}
	if f != nil {
		return nil, f
	}
	return a, nil
}

var chatStops = map[string]Stop{"stop": StopEnd, "length": StopLength, "tool_calls": StopTool, "content_filter": StopFilter}

var messageStops = map[string]Stop{"end_turn": StopEnd, "max_tokens": StopLength, "model_context_window_exceeded": StopLength,
	"tool_use": StopTool, "stop_sequence": StopSequence, "refusal": StopFilter, "pause_turn": StopPause}

func (s Stop) chat() string {
	switch s {
	case StopLength, StopPause:
		return "length"
	case StopTool:
		return "tool_calls"
	case StopFilter:
		return "content_filter"
	default:
		return "stop"
	}
}

func (s Stop) message() string {
	switch s {
	case StopLength:
		return "max_tokens"
	case StopTool:
		return "tool_use"
	case StopSequence:
		return "stop_sequence"
	case StopFilter:
		return "refusal"
	case StopPause:
		return "pause_turn"
	default:
		return "end_turn"
	}
}

func (a *Answer) readChat(root Value) *Fault {
	choices := root.Get("choices")
	if choices.Len() != 1 {
		return upstream("choices", "an answer with one choice can be converted")
	}
	a.Created, _ = root.Get("created").Int()
	for _, c := range choices.Items() {
		stop, ok := chatStops[c.Get("finish_reason").Text()]
		if !ok {
			return upstream("choices[0].finish_reason", "this reason is not known")
		}
		a.Stop = stop
		m := c.Get("message")
		a.say(PartThought, m.Get("reasoning_content"))
		a.say(PartText, m.Get("content"))
		a.say(PartText, m.Get("refusal"))
		for _, call := range m.Get("tool_calls").Items() {
			f := call.Get("function")
			if p := a.call(call.Get("id"), f.Get("name"), f.Get("arguments")); p != nil {
				return p
			}
		}
		if f := m.Get("function_call"); f.Given() {
			return upstream(f.Path(), "calls of functions without a number cannot be converted")
		}
	}
	return nil
}

func (a *Answer) say(k PartKind, v Value) {
	if s := v.Text(); s != "" {
		a.Parts = append(a.Parts, Part{Kind: k, Text: s})
	}
}

func (a *Answer) call(id, name, arguments Value) *Fault {
	s := arguments.Text()
	if s == "" {
		s = "{}"
	}
	if d, err := Parse([]byte(s), Limits{}); err != nil || d.Root().Kind() != Object {
		return upstream(arguments.Path(), "the model called a tool with arguments that are no JSON object")
	}
	a.Parts = append(a.Parts, Part{Kind: PartCall, ID: id.Text(), Name: name.Text(), Input: []byte(s)})
	return nil
}

func (a *Answer) readMessage(root Value) *Fault {
	stop, ok := messageStops[root.Get("stop_reason").Text()]
	if !ok {
		return upstream("stop_reason", "this reason is not known")
	}
	a.Stop, a.Sequence = stop, root.Get("stop_sequence").Text()
	for _, b := range root.Get("content").Items() {
		switch b.Get("type").Text() {
		case "text":
			a.say(PartText, b.Get("text"))
		case "thinking":
			a.say(PartThought, b.Get("thinking"))
		case "redacted_thinking":
		case "tool_use":
			a.Parts = append(a.Parts, Part{Kind: PartCall, ID: b.Get("id").Text(), Name: b.Get("name").Text(), Input: b.Get("input").Raw()})
		default:
			return upstream(b.Path(), "only texts, thoughts and the use of tools can be converted")
		}
	}
	return nil
}

func (a *Answer) readResponse(root Value) *Fault {
	a.Created, _ = root.Get("created_at").Int()
	switch status := root.Get("status").Text(); status {
	case "completed":
	case "incomplete":
		a.Stop = incomplete(root)
	default:
		f := upstream("status", "the model did not finish its answer")
		if m := root.Get("error").Get("message").Text(); m != "" {
			f.Message = m
		}
		return f
	}
	for _, item := range root.Get("output").Items() {
		switch item.Get("type").Text() {
		case "message":
			for _, p := range item.Get("content").Items() {
				a.say(PartText, p.Get("text"))
				a.say(PartText, p.Get("refusal"))
			}
		case "reasoning":
			for _, p := range item.Get("summary").Items() {
				a.say(PartThought, p.Get("text"))
			}
		case "function_call":
			if f := a.call(item.Get("call_id"), item.Get("name"), item.Get("arguments")); f != nil {
				return f
			}
			if a.Stop == StopEnd {
				a.Stop = StopTool
			}
		default:
			return upstream(item.Path(), "only messages, thoughts and calls of functions can be converted")
		}
	}
	return nil
}

func incomplete(response Value) Stop {
	if response.Get("incomplete_details").Get("reason").is("content_filter") {
		return StopFilter
	}
	return StopLength
}

// Body writes the answer in a shape.
func (a *Answer) Body(to Shape) ([]byte, error) {
	e := encoder{c: &Conversation{}, to: to}
	switch to {
	case Chat:
		a.chat(&e)
	case Messages:
		a.message(&e)
	case Responses:
		a.response(&e)
	default:
		return nil, upstream("", "an answer cannot be written as "+to.String())
	}
	return e.out, nil
}

// gather joins the texts of a kind, and returns the calls.
func (a *Answer) gather() (text, thought string, calls []Part) {
	for _, p := range a.Parts {
		switch p.Kind {
		case PartCall:
			calls = append(calls, p)
		case PartThought:
			thought += p.Text
		default:
			text += p.Text
		}
	}
	return text, thought, calls
}

func (a *Answer) chat(e *encoder) {
	text, thought, calls := a.gather()
	e.raw(`{"id":`)
	e.quote(a.ID)
	e.raw(`,"object":"chat.completion"`)
	e.integer("created", a.Created)
	e.raw(`,"model":`)
	e.quote(a.Model)
	e.raw(`,"choices":[{"index":0,"message":{"role":"assistant","content":`)
	if text == "" && len(calls) > 0 {
		e.raw("null")
	} else {
		e.quote(text)
	}
	if thought != "" {
		e.raw(`,"reasoning_content":`)
		e.quote(thought)
	}
	if len(calls) > 0 {
		e.raw(`,"tool_calls":`)
		e.list(len(calls), func(i int) {
			e.raw(`{"id":`)
			e.quote(calls[i].ID)
			e.raw(`,"type":"function","function":{"name":`)
			e.quote(calls[i].Name)
			e.raw(`,"arguments":`)
			e.quote(string(calls[i].Input))
			e.raw("}}")
		})
	}
	e.raw(`},"logprobs":null,"finish_reason":"` + a.Stop.chat() + `"}],"usage":`)
	e.out = append(a.Usage.append(e.out, Chat), '}')
}

func (a *Answer) message(e *encoder) {
	e.raw(`{"id":`)
	e.quote(a.ID)
	e.raw(`,"type":"message","role":"assistant","model":`)
	e.quote(a.Model)
	e.raw(`,"content":`)
	parts := a.Parts[:0:0]
	for _, p := range a.Parts {
		if p.Kind == PartThought || p.Kind == PartText && p.Text != "" || p.Kind == PartCall {
			parts = append(parts, p)
		}
	}
	e.list(len(parts), func(i int) {
		p := parts[i]
		switch p.Kind {
		case PartThought:
			e.raw(`{"type":"thinking","thinking":`)
			e.quote(p.Text)
			e.raw(`,"signature":""}`)
		case PartCall:
			e.raw(`{"type":"tool_use","id":`)
			e.quote(p.ID)
			e.raw(`,"name":`)
			e.quote(p.Name)
			e.number("input", p.Input)
			e.raw("}")
		default:
			e.raw(`{"type":"text","text":`)
			e.quote(p.Text)
			e.raw("}")
		}
	})
	e.stopFields(a.Stop, a.Sequence)
	e.raw(`,"usage":`)
	e.out = append(a.Usage.append(e.out, Messages), '}')
}

func (e *encoder) stopFields(s Stop, sequence string) {
	e.raw(`,"stop_reason":"` + s.message() + `","stop_sequence":`)
	e.out = appendQuoteOrNull(e.out, sequence)
}

func (a *Answer) response(e *encoder) {
	_, thought, calls := a.gather()
	var texts []Part
	for _, p := range a.Parts {
		if p.Kind == PartText {
			texts = append(texts, p)
		}
	}
	a.responseHead(e, status(a.Stop))
	e.raw(`,"output":[`)
	comma := ""
	if thought != "" {
		e.raw(`{"type":"reasoning","id":`)
		e.quote("rs_" + a.ID)
		e.raw(`,"summary":[{"type":"summary_text","text":`)
		e.quote(thought)
		e.raw("}]}")
		comma = ","
	}
	if len(texts) > 0 {
		e.raw(comma + `{"type":"message","id":`)
		e.quote("msg_" + a.ID)
		e.raw(`,"status":"` + status(a.Stop) + `","role":"assistant","content":`)
		e.list(len(texts), func(i int) {
			e.raw(`{"type":"output_text","annotations":[],"text":`)
			e.quote(texts[i].Text)
			e.raw("}")
		})
		e.raw("}")
		comma = ","
	}
	for _, p := range calls {
		e.raw(comma)
		e.callItem(p, "completed")
		comma = ","
	}
	e.raw(`],"usage":`)
	e.out = append(a.Usage.append(e.out, Responses), '}')
}

func (a *Answer) responseHead(e *encoder, status string) {
	e.raw(`{"id":`)
	e.quote(a.ID)
	e.raw(`,"object":"response"`)
	e.integer("created_at", a.Created)
	e.raw(`,"status":"` + status + `","error":null,"incomplete_details":`)
	switch {
	case status != "incomplete":
		e.raw("null")
	case a.Stop == StopFilter:
		e.raw(`{"reason":"content_filter"}`)
	default:
		e.raw(`{"reason":"max_output_tokens"}`)
	}
	e.raw(`,"model":`)
	e.quote(a.Model)
}

func status(s Stop) string {
	if s == StopLength || s == StopFilter || s == StopPause {
		return "incomplete"
	}
	return "completed"
}

func (e *encoder) callItem(p Part, status string) {
	e.raw(`{"type":"function_call","id":`)
	e.quote("fc_" + p.ID)
	e.raw(`,"call_id":`)
	e.quote(p.ID)
	e.raw(`,"name":`)
	e.quote(p.Name)
	e.raw(`,"arguments":`)
	e.quote(string(p.Input))
	e.raw(`,"status":"` + status + `"}`)
}

// append appends the usage as an object of the shape.
func (u Usage) append(dst []byte, s Shape) []byte {
	number := func(before string, n int64) { dst = strconv.AppendInt(append(dst, before...), n, 10) }
	switch s {
	case Messages:
		number(`{"input_tokens":`, u.Input-u.Cached-u.CacheWrite)
		number(`,"cache_creation_input_tokens":`, u.CacheWrite)
		number(`,"cache_read_input_tokens":`, u.Cached)
		number(`,"output_tokens":`, u.Output)
	case Responses:
		number(`{"input_tokens":`, u.Input)
		number(`,"input_tokens_details":{"cached_tokens":`, u.Cached)
		number(`},"output_tokens":`, u.Output)
		number(`,"output_tokens_details":{"reasoning_tokens":`, u.Thought)
		number(`},"total_tokens":`, u.Input+u.Output)
	default:
		number(`{"prompt_tokens":`, u.Input)
		number(`,"completion_tokens":`, u.Output)
		number(`,"total_tokens":`, u.Input+u.Output)
		number(`,"prompt_tokens_details":{"cached_tokens":`, u.Cached)
		number(`},"completion_tokens_details":{"reasoning_tokens":`, u.Thought)
		dst = append(dst, '}')
	}
	return append(dst, '}')
}
