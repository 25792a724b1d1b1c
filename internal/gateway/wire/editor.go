package wire

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Track names one text of a streamed answer that comes in pieces.
type Track struct {
	Choice int64    // of chat completions
	Output int64    // the block, the item, or the call of a tool
	Part   int64    // of the item, in responses
	Kind   TextKind // KindMessage, KindArguments or KindThinking
}

// Filter changes a text that comes in pieces. Write takes the next piece and returns what may go on; Close returns the rest. Pieces begin and
// end on the edges of runes. Of the arguments of a call, each key and each string goes through a filter of its own, as plain text; numbers stay.
type Filter interface {
	Write(piece string) string
	Close() string
}

// Editor passes on the events of a streamed answer with other texts. What a filter holds back goes on in an event of its own before
// the text is said to be finished. Events without a changed text stay as they came. It is not safe for concurrent use.
type Editor struct {
	shape    Shape
	open     func(Track) Filter
	doc      Document
	limits   Limits
	tracks   []*track
	edits    []edit
	out      []byte
	usage    Usage
	done     bool
	fault    *Fault
	head     []byte // the fields that chunks of chat completions share
	inserted int64  // events put into responses, whose events are numbered
	bytes    int64
}

type track struct {
	Track
	filter Filter
	name   string // of the event, in responses
	item   []byte
	field  string // of the delta, in chat completions
	closed bool
}

// NewEditor returns an editor for a stream of the shape. open returns the filter for a text that begins, or nil when the text is to stay.
func NewEditor(s Shape, open func(Track) Filter) *Editor {
	return &Editor{shape: s, open: open, limits: Limits{Bytes: DefaultEventBytes}}
}

// Usage returns what the stream has stated so far.
func (e *Editor) Usage() Usage { return e.usage }

// Written returns the bytes of texts that the model sent, an upper bound of their tokens: for a stream that was cut before it said
// its usage.
func (e *Editor) Written() int64 { return e.bytes }

// Done reports whether the answer came to its end. A stream that ends before is cut.
func (e *Editor) Done() bool { return e.done }

// Fault returns the error that the upstream sent within the stream, nil when it sent none.
func (e *Editor) Fault() *Fault { return e.fault }

// Event takes the next event and calls emit with what goes on, before it returns; the bytes of an emitted event are good until then. The error is
// a *Fault of status 502 when the event is not JSON, or what emit returned.
func (e *Editor) Event(ev Event, emit func(Event) error) error {
	if ev.Empty() {
		return emit(ev)
	}
	if ev.Done() {
		e.done = true
		if err := e.flush(func(*track) bool { return true }, emit); err != nil {
			return err
		}
		return emit(ev)
	}
	if err := e.doc.Read(ev.Data, e.limits); err != nil {
		return &Fault{Status: http.StatusBadGateway, Code: "upstream_invalid", Message: "the model's server sent an event that is not right: " + err.Error()}
	}
	e.usage.Take(e.shape, &e.doc)
	e.edits = e.edits[:0]
	var err error
	switch e.shape {
	case Messages:
		err = e.messages(emit)
	case Responses:
		err = e.responses(emit)
	default:
		err = e.chat(emit)
	}
	if err != nil {
		return err
	}
	if len(e.edits) == 0 {
		return emit(ev)
	}
	slices.SortFunc(e.edits, func(a, b edit) int { return int(a.start) - int(b.start) })
	e.out = e.out[:0]
	at := uint32(0)
	for _, x := range e.edits {
		e.out = append(e.out, ev.Data[at:x.start]...)
		e.out = append(e.out, x.with...)
		at = x.end
	}
	e.out = append(e.out, ev.Data[at:]...)
	return emit(Event{Name: ev.Name, ID: ev.ID, Data: e.out})
}

// Close gives out what is still held back, for a stream that was cut.
func (e *Editor) Close(emit func(Event) error) error {
	e.inserted++ // what follows comes after the last event, not before it
	return e.flush(func(*track) bool { return true }, emit)
}

func (e *Editor) track(t Track) *track {
	for _, x := range e.tracks {
		if x.Track == t && !x.closed {
			return x
		}
	}
	x := &track{Track: t, filter: e.filter(t)}
	e.tracks = append(e.tracks, x)
	return x
}

func (e *Editor) filter(t Track) Filter {
	if t.Kind == KindArguments {
		return newArguments(func() Filter { return e.open(t) })
	}
	return e.open(t)
}

// piece passes the text at v through the filter of its track.
func (e *Editor) piece(t *track, v Value, last bool) {
	if v.Kind() != String {
		return
	}
	e.bytes += int64(len(v.inner()))
	if t.filter == nil {
		return
	}
	in := v.Text()
	out := t.filter.Write(in)
	if last {
		out += t.filter.Close()
		t.closed = true
	}
	if out != in {
		e.edits = append(e.edits, v.replace(AppendQuote(nil, out)))
	}
}

// flush closes the tracks that which chooses and emits what they held.
func (e *Editor) flush(which func(*track) bool, emit func(Event) error) error {
	for _, t := range e.tracks {
		if t.closed || !which(t) {
			continue
		}
		t.closed = true
		if t.filter == nil {
			continue
		}
		if rest := t.filter.Close(); rest != "" {
			if err := emit(e.made(t, rest)); err != nil {
				return err
			}
		}
	}
	e.tracks = slices.DeleteFunc(e.tracks, func(t *track) bool { return t.closed })
	return nil
}

// made returns an event that carries a piece of a track.
func (e *Editor) made(t *track, text string) Event {
	var b []byte
	number := func(before string, n int64) {
		b = strconv.AppendInt(append(b, before...), n, 10)
	}
	switch e.shape {
	case Messages:
		number(`{"type":"content_block_delta","index":`, t.Output)
		switch t.Kind {
		case KindArguments:
			b = append(b, `,"delta":{"type":"input_json_delta","partial_json":`...)
		default:
			b = append(b, `,"delta":{"type":"text_delta","text":`...)
		}
		return Event{Name: "content_block_delta", Data: append(AppendQuote(b, text), "}}"...)}
	case Responses:
		b = AppendQuote(append(b, `{"type":`...), t.name)
		if n, ok := e.doc.Root().Get("sequence_number").Int(); ok {
			number(`,"sequence_number":`, n+e.inserted)
		}
		e.inserted++
		if len(t.item) > 0 {
			b = append(append(b, `,"item_id":`...), t.item...)
		}
		number(`,"output_index":`, t.Output)
		if t.field != "" {
			number(`,"`+t.field+`":`, t.Part)
		}
		b = append(b, `,"delta":`...)
		return Event{Name: t.name, Data: append(AppendQuote(b, text), '}')}
	default:
		b = append(append(b, '{'), e.head...)
		number(`"choices":[{"index":`, t.Choice)
		b = append(b, `,"delta":{`...)
		switch {
		case t.Kind == KindArguments && t.Output < 0:
			b = append(AppendQuote(append(b, `"function_call":{"arguments":`...), text), '}')
		case t.Kind == KindArguments:
			number(`"tool_calls":[{"index":`, t.Output)
			b = append(AppendQuote(append(b, `,"function":{"arguments":`...), text), "}}]"...)
		default:
			b = AppendQuote(append(append(append(b, '"'), t.field...), `":`...), text)
		}
		return Event{Data: append(b, `},"finish_reason":null}]}`...)}
	}
}

func (e *Editor) chat(emit func(Event) error) error {
	root := e.doc.Root()
	if root.Get("error").Given() {
		e.fault = ReadFault(0, e.doc.src)
		return nil
	}
	if e.head == nil {
		for _, k := range []string{"id", "object", "created", "model"} {
			if v := root.Get(k); v.Given() {
				e.head = append(append(append(append(e.head, '"'), k...), `":`...), v.Raw()...)
				e.head = append(e.head, ',')
			}
		}
	}
	for _, c := range root.Get("choices").Items() {
		choice, _ := c.Get("index").Int()
		ends := c.Get("finish_reason").Given()
		delta := c.Get("delta")
		var here []*track
		take := func(t Track, field string, v Value) {
			if v.Kind() == String {
				x := e.track(t)
				x.field = field
				e.piece(x, v, ends)
				here = append(here, x)
			}
		}
		// A part number keeps answer, refusal and thoughts of one choice apart.
		take(Track{Choice: choice, Kind: KindMessage}, "content", delta.Get("content"))
		take(Track{Choice: choice, Part: 1, Kind: KindMessage}, "refusal", delta.Get("refusal"))
		take(Track{Choice: choice, Kind: KindThinking}, "reasoning_content", delta.Get("reasoning_content"))
		take(Track{Choice: choice, Part: 1, Kind: KindThinking}, "reasoning", delta.Get("reasoning"))
		take(Track{Choice: choice, Output: -1, Kind: KindArguments}, "", delta.Get("function_call").Get("arguments"))
		for _, call := range delta.Get("tool_calls").Items() {
			index, _ := call.Get("index").Int()
			take(Track{Choice: choice, Output: index, Kind: KindArguments}, "", call.Get("function").Get("arguments"))
		}
		if ends {
			if err := e.flush(func(t *track) bool { return t.Choice == choice && !slices.Contains(here, t) }, emit); err != nil {
				return err
			}
		}
	}
	return nil
}

func (e *Editor) messages(emit func(Event) error) error {
	root := e.doc.Root()
	index, _ := root.Get("index").Int()
	switch root.Get("type").word() {
	case "content_block_start":
		block := root.Get("content_block")
		switch block.Get("type").word() {
		case "text":
			if v := block.Get("text"); v.Kind() == String && len(v.inner()) > 0 {
				e.piece(e.track(Track{Output: index, Kind: KindMessage}), v, false)
			}
		case "tool_use", "thinking", "redacted_thinking":
		default:
			e.whole()
		}
	case "content_block_delta":
		delta := root.Get("delta")
		switch delta.Get("type").word() {
		case "text_delta":
			e.piece(e.track(Track{Output: index, Kind: KindMessage}), delta.Get("text"), false)
		case "input_json_delta":
			e.piece(e.track(Track{Output: index, Kind: KindArguments}), delta.Get("partial_json"), false)
		case "thinking_delta": // signed by its maker
			e.bytes += int64(len(delta.Get("thinking").Raw()))
		}
	case "content_block_stop":
		return e.flush(func(t *track) bool { return t.Output == index }, emit)
	case "message_stop":
		e.done = true
		return e.flush(func(*track) bool { return true }, emit)
	case "error":
		e.fault = ReadFault(0, e.doc.src)
	}
	return nil
}

func (e *Editor) responses(emit func(Event) error) error {
	root := e.doc.Root()
	name := root.Get("type").word()
	output, _ := root.Get("output_index").Int()
	part, field := int64(0), ""
	for _, k := range []string{"content_index", "summary_index"} {
		if n, ok := root.Get(k).Int(); ok {
			part, field = n, k
		}
	}
	kind := KindMessage
	switch {
	case strings.Contains(name, "reasoning"):
		kind = KindThinking
	case strings.Contains(name, "arguments") || strings.Contains(name, "tool_call_input"):
		kind = KindArguments
	}
	delta := root.Get("delta")
	var err error
	switch {
	case delta.Kind() == String:
		t := e.track(Track{Output: output, Part: part, Kind: kind})
		if t.name != name {
			t.name, t.field = name, field
			t.item = append(t.item[:0], root.Get("item_id").Raw()...)
		}
		e.piece(t, delta, false)
	case name == "error" || name == "response.failed":
		e.fault = ReadFault(0, e.doc.src)
		if f := root.Get("response").Get("error"); f.Given() {
			e.fault = &Fault{Status: http.StatusBadGateway, Code: f.Get("code").Text(), Message: f.Get("message").Text()}
		}
		e.done = name == "response.failed"
	case name == "response.completed" || name == "response.incomplete":
		e.done = true
		err = e.flush(func(*track) bool { return true }, emit)
		e.whole()
	case root.Get("output_index").Given() && len(name) > 5 && name[len(name)-5:] == ".done":
		all := name == "response.output_item.done"
		err = e.flush(func(t *track) bool { return t.Output == output && (all || t.Part == part && t.Kind == kind) }, emit)
		e.whole()
	default:
		e.whole()
	}
	if e.inserted > 0 {
		if n := root.Get("sequence_number"); n.Kind() == Number {
			was, _ := n.Int()
			e.edits = append(e.edits, n.replace(strconv.AppendInt(nil, was+e.inserted, 10)))
		}
	}
	return err
}

// whole passes the texts of an event that holds them whole through filters of their own.
func (e *Editor) whole() {
	w := walker{shape: e.shape}
	w.text = func(t Text) {
		if t.Fixed || t.Kind == KindDefinition || t.Kind == KindOther {
			return
		}
		f := e.filter(Track{Kind: t.Kind})
		if f == nil {
			return
		}
		if out := f.Write(t.Content) + f.Close(); out != t.Content {
			e.edits = append(e.edits, t.value.replace(AppendQuote(nil, out)))
		}
	}
	w.nested = func(v Value, at place) {
		w.text(Text{Kind: KindArguments, Label: at.label, Content: v.Text(), value: v})
	}
	w.value(e.doc.Root(), "", place{role: RoleAssistant})
}
