package wire

import (
	"net/http"
	"slices"
	"strconv"
)

// PartKind says what a part of a turn or an answer is.
type PartKind uint8

// The kinds of parts.
const (
	PartText PartKind = iota
	PartImage
	PartCall    // the model calls a tool
	PartResult  // what a tool answered
	PartThought // what a model thought, which means nothing to another model
)

// Part is a part of a turn or an answer.
type Part struct {
	Kind   PartKind
	Text   string // of PartText and PartThought
	Media  string // of an image in Data, such as "image/png"
	Data   string // base64
	URL    string // of an image that stands elsewhere
	Detail string // of an image: "low" or "high"; empty for what the model chooses
	ID     string // of a call, and of the call that a result answers
	Name   string // of the tool that is called
	Input  []byte // of a call: a JSON object
	Parts  []Part // of a result: texts and images
	Failed bool   // of a result: the tool failed
	field  string // where it came from
}

// Turn is what one side said. Role is RoleSystem, RoleUser or RoleAssistant; results of tools stand in a turn of RoleUser.
type Turn struct {
	Role  Role
	Parts []Part
}

// Tool is a function that the model may call.
type Tool struct {
	Name        string
	Description string
	Schema      []byte // JSON; nil when it takes no arguments
	Strict      bool
}

// Use says how the model may use tools.
type Use uint8

// The ways. UseAuto is what holds when nothing is said.
const (
	UseAuto Use = iota
	UseNone
	UseAny
	UseOne // the tool that is named
)

// Format is the form that the answer must have.
type Format struct {
	Name   string
	Schema []byte // JSON; nil for any JSON object
	Strict bool
	field  string
}

// setting is a field of one shape that Conversation has no word for.
type setting struct {
	name  string
	value Value
}

// Conversation is what a request says, apart from the shape in which it came.
type Conversation struct {
	Model       string
	System      []Part // instructions before the first turn
	Turns       []Turn
	Tools       []Tool
	Use         Use
	UseTool     string // the name, with UseOne
	OneCall     bool   // no two calls at a time
	MaxOutput   int64  // tokens, 0 for no limit
	Temperature []byte // a JSON number; nil when not said
	TopP        []byte
	Stop        []string
	Stream      bool
	WithUsage   bool // a streamed chat completion is to end with its usage
	Format      *Format
	Effort      string // "low", "medium", "high" or another word of the shape
	User        string // a mark of the end user that means nothing to the model's maker

	// Left names fields that were left out because they change nothing in what is said: hints for a cache, thoughts of another model.
	Left []string

	from Shape
	rest []setting
}

// Options says what a conversion needs beside the request.
type Options struct {
	MaxOutput int64 // the limit for Messages, which needs one, when the request has none; 0 means 4096
	OldLimit  bool  // write "max_tokens" in chat completions, for servers that do not know "max_completion_tokens"
}

// Convert returns the request in another shape, and the fields that were left out because they change nothing. The error is a *Fault of status
// 400 that names the field which the other shape has no word for.
func Convert(r *Request, to Shape, o Options) (body []byte, left []string, err error) {
	c, err := ReadConversation(r)
	if err != nil {
		return nil, nil, err
	}
	body, err = c.Body(to, o)
	return body, c.Left, err
}

// ReadConversation reads what a request of Chat, Responses or Messages says. The error is a *Fault that names the field.
func ReadConversation(r *Request) (*Conversation, error) {
	c := &Conversation{Model: r.Model, Stream: r.Stream, WithUsage: r.IncludeUsage, MaxOutput: r.MaxOutput, from: r.Shape}
	d := decoder{c: c}
	for k, v := range r.Doc.Root().Fields() {
		if !v.Given() {
			continue
		}
		switch r.Shape {
		case Chat:
			d.chat(k, v)
		case Responses:
			d.responses(k, v)
		case Messages:
			d.messages(k, v)
		default:
			d.bad(v, "only conversations can be converted")
		}
		if d.fault != nil {
			return nil, d.fault
		}
	}
	for len(c.Turns) > 0 && c.Turns[0].Role == RoleSystem {
		c.System = append(c.System, c.Turns[0].Parts...)
		c.Turns = c.Turns[1:]
	}
	for _, p := range c.System {
		if p.Kind != PartText {
			return nil, invalid("unsupported_value", p.field, "instructions should be text")
		}
	}
	return c, nil
}

// decoder gathers a conversation. Its first fault stays.
type decoder struct {
	c     *Conversation
	fault *Fault
}

func (d *decoder) bad(v Value, message string) {
	if d.fault == nil {
		d.fault = invalid("unsupported_value", v.Path(), message)
	}
}

func (d *decoder) text(v Value) string {
	if v.Kind() != String {
		d.bad(v, "this should be a text")
	}
	return v.Text()
}

func (d *decoder) number(v Value) []byte {
	if v.Kind() != Number {
		d.bad(v, "this should be a number")
	}
	return v.Raw()
}

// only reports a field of an object that is not among those known.
func (d *decoder) only(v Value, known ...string) {
	if v.Kind() != Object {
		d.bad(v, "this should be an object")
	}
	for k, f := range v.Fields() {
		switch {
		case slices.Contains(known, k) || !f.Given():
		case k == "cache_control":
			d.leave(f)
		default:
			d.bad(f, "this field is not known for a conversion; leave it out, or use a model that speaks this interface")
		}
	}
}

func (d *decoder) leave(v Value) { d.c.Left = append(d.c.Left, v.Path()) }

// add adds a turn. Parts of one answer, and results of tools that follow each other, belong together.
func (d *decoder) add(role Role, parts ...Part) {
	if len(parts) == 0 {
		return
	}
	if n := len(d.c.Turns); n > 0 && d.c.Turns[n-1].Role == role {
		last := &d.c.Turns[n-1]
		if role == RoleAssistant || parts[0].Kind == PartResult && last.Parts[0].Kind == PartResult {
			last.Parts = append(last.Parts, parts...)
			return
		}
	}
	d.c.Turns = append(d.c.Turns, Turn{role, parts})
}

// arguments reads the arguments of a call, a JSON object in a text.
func (d *decoder) arguments(v Value) []byte {
	s := d.text(v)
	if s == "" {
		return []byte("{}")
	}
	if inner, err := Parse([]byte(s), Limits{}); err != nil || inner.Root().Kind() != Object {
		d.bad(v, "the arguments of a call should be a JSON object")
	}
	return []byte(s)
}

// image reads the address of an image, which may hold the image.
func (d *decoder) image(v Value) Part {
	p := Part{Kind: PartImage, field: v.Path()}
	s := d.text(v)
	media, data, ok := cutData(s)
	if ok {
		p.Media, p.Data = media, data
		return p
	}
	p.URL = s
	return p
}

// Body writes the conversation in a shape. The error is a *Fault that names the field of the request which the shape has no word for.
func (c *Conversation) Body(to Shape, o Options) ([]byte, error) {
	e := encoder{c: c, to: to, o: o}
	e.out = AppendQuote(append(e.out, `{"model":`...), c.Model)
	switch to {
	case Chat:
		e.chat()
	case Responses:
		e.responses()
	case Messages:
		e.messages()
	default:
		return nil, invalid("unsupported_value", "", "a conversation cannot be written as "+to.String())
	}
	e.settings()
	if e.fault != nil {
		return nil, e.fault
	}
	return append(e.out, '}'), nil
}

// encoder writes a conversation. Its first fault stays.
type encoder struct {
	c     *Conversation
	to    Shape
	o     Options
	out   []byte
	fault *Fault
}

func (e *encoder) raw(s string)   { e.out = append(e.out, s...) }
func (e *encoder) quote(s string) { e.out = AppendQuote(e.out, s) }

func (e *encoder) cannot(field, why string) {
	if e.fault == nil {
		e.fault = invalid("unsupported_parameter", field, why+"; leave it out, or choose a model that speaks the interface of "+e.c.from.String())
	}
}

func (e *encoder) number(key string, v []byte) {
	if v != nil {
		e.raw(`,"` + key + `":`)
		e.out = append(e.out, v...)
	}
}

func (e *encoder) integer(key string, n int64) {
	e.raw(`,"`)
	e.raw(key)
	e.raw(`":`)
	e.out = strconv.AppendInt(e.out, n, 10)
}

func (e *encoder) limit(key string, n int64) {
	if n > 0 {
		e.integer(key, n)
	}
}

func (e *encoder) stream() {
	if e.c.Stream {
		e.raw(`,"stream":true`)
	}
}

// list writes n things with commas between.
func (e *encoder) list(n int, f func(int)) {
	e.raw("[")
	for i := range n {
		if i > 0 {
			e.raw(",")
		}
		f(i)
	}
	e.raw("]")
}

// shared are the settings that chat completions and responses write alike.
var shared = []string{"metadata", "store", "service_tier", "safety_identifier", "prompt_cache_key", "prompt_cache_retention"}

// settings writes what the conversation has no word for, where the other shape says it alike or where it changes nothing.
func (e *encoder) settings() {
	for _, s := range e.c.rest {
		switch {
		case slices.Contains(shared, s.name) && e.to != Messages && e.c.from != Messages:
			e.number(s.name, s.value.Raw())
		case nothing(s):
		default:
			e.cannot(s.value.Path(), "the interface of "+e.to.String()+" has no such field")
		}
	}
}

// nothing reports whether a setting says what holds without it.
func nothing(s setting) bool {
	raw := string(s.value.Raw())
	switch s.name {
	case "n":
		return raw == "1"
	case "logprobs", "store", "background":
		return raw == "false"
	case "frequency_penalty", "presence_penalty", "top_logprobs":
		return raw == "0" || raw == "0.0"
	case "service_tier":
		return raw == `"auto"`
	case "truncation":
		return raw == `"disabled"`
	case "modalities":
		return raw == `["text"]`
	case "thinking":
		return s.value.Get("type").is("disabled")
	case "metadata", "logit_bias", "include":
		return s.value.Len() == 0
	default:
		return false
	}
}

// upstream is a fault in what a model's server answered.
func upstream(field, message string) *Fault {
	return &Fault{Status: http.StatusBadGateway, Code: "upstream_invalid", Field: field, Message: message}
}
