package wire

import "errors"

// Role says who wrote a text.
type Role uint8

// The roles. RoleSystem stands for instructions too, RoleTool for what tools answered.
const (
	RoleUser Role = iota
	RoleSystem
	RoleAssistant
	RoleTool
)

// TextKind says what a text is for.
type TextKind uint8

// The kinds. KindMessage is what was said; KindResult is what a tool answered; KindArguments is a value within the arguments of a call of a
// tool; KindDefinition belongs to the description of a tool or the form of an answer; KindThinking is what a model thought, which its maker
// signs; KindOther is any other text, such as metadata, the address of an image or the value of a field that is not known.
const (
	KindMessage TextKind = iota
	KindResult
	KindArguments
	KindDefinition
	KindThinking
	KindOther
)

// Text is a place in a body where something was written.
type Text struct {
	Role    Role
	Kind    TextKind
	Label   string // the key under which it stands, such as "content" or the name of an argument
	Content string
	Key     bool // it is a key of an object in arguments or results
	Number  bool // it is a number in arguments; another text in its place becomes a string
	Fixed   bool // another text in its place would make the body invalid: it can be let through or refused

	value Value
	outer Value // of the string that holds the JSON in which the text stands
}

// Field returns where the text stands, such as "messages[2].content".
func (t Text) Field() string {
	if t.outer.Kind() != Absent {
		return t.outer.Path()
	}
	return t.value.Path()
}

// Within reports whether the text stands within v, a value of the same body.
func (t Text) Within(v Value) bool {
	at := t.value
	if t.outer.Kind() != Absent {
		at = t.outer
	}
	return v.Kind() != Absent && at.doc == v.doc && at.at >= v.at && at.at < v.doc.nodes[v.at].next
}

// Texts calls f with every text of the request, in order, as long as it returns true.
func (r *Request) Texts(f func(Text) bool) {
	going := true
	visit(r.Shape, r.Doc, func(t Text) (string, bool) {
		going = going && f(t)
		return "", false
	})
}

// Rewrite calls f with every text of the request and returns the body with those for which f gives another. Every other byte
// stays; without any change it is the body itself. What the interface gives a fixed meaning (a role, a type, an identifier, the name
// of a tool) is not shown as long as it is one word, and the bytes of images and files are not; every other string is.
func (r *Request) Rewrite(f func(Text) (string, bool)) []byte { return visit(r.Shape, r.Doc, f) }

// RewriteAnswer is Rewrite for an answer that is not streamed, or for one event of a stream that holds whole texts.
func RewriteAnswer(s Shape, d *Document, f func(Text) (string, bool)) []byte { return visit(s, d, f) }

func visit(s Shape, d *Document, f func(Text) (string, bool)) []byte {
	var edits []edit
	w := walker{shape: s}
	w.text = func(t Text) {
		with, ok := f(t)
		if !ok || t.Fixed {
			return
		}
		edits = append(edits, t.value.replace(AppendQuote(make([]byte, 0, len(with)+len(with)/16+2), with)))
	}
	w.nested = func(outer Value, at place) {
		inner, err := Parse([]byte(outer.Text()), Limits{Bytes: len(outer.Raw()) + 1})
		if err != nil || inner.Root().Kind() != Object && inner.Root().Kind() != Array {
			w.text(Text{Role: at.role, Kind: at.kind, Label: at.label, Content: outer.Text(), value: outer})
			return
		}
		var within []edit
		v := walker{shape: s}
		v.text = func(t Text) {
			t.outer = outer
			if with, ok := f(t); ok && !t.Fixed {
				within = append(within, t.value.replace(AppendQuote(nil, with)))
			}
		}
		at.data = true
		v.value(inner.Root(), at.label, at)
		if len(within) > 0 {
			edits = append(edits, outer.replace(AppendQuote(nil, string(splice(inner.src, within)))))
		}
	}
	w.value(d.Root(), "", place{role: RoleUser})
	return splice(d.src, edits)
}

// place is what is known of a value from what stands around it.
type place struct {
	role  Role
	kind  TextKind
	label string
	data  bool // what a person or program named, where no key has a meaning of the interface
	fixed bool
}

// tellingDigits is from how many digits on a number in a field that is not known may be that of a person.
const tellingDigits = 9

type walker struct {
	shape  Shape
	text   func(Text)
	nested func(Value, place)
	binary func(Value, string)
	refers bool // to something that is not in the body
}

func (w *walker) value(v Value, key string, at place) {
	switch v.Kind() {
	case Object:
		w.object(v, at)
	case Array:
		for _, item := range v.Items() {
			w.value(item, key, at)
		}
	case String:
		if w.text != nil {
			w.text(Text{Role: at.role, Kind: at.kind, Label: key, Content: v.Text(), Fixed: at.fixed, value: v})
		}
	case Number:
		if w.text != nil && (at.data && at.kind != KindDefinition || at.kind == KindOther && len(v.Raw()) >= tellingDigits) {
			w.text(Text{Role: at.role, Kind: at.kind, Label: key, Content: string(v.Raw()), Number: true, Fixed: at.fixed, value: v})
		}
	default: // true, false and null say nothing of anyone
	}
}

func (w *walker) object(v Value, at place) {
	if !at.data {
		at = w.around(v, at)
	}
	for k, field := range v.fields() {
		key := k.word()
		if at.data {
			if at.kind != KindDefinition && w.text != nil {
				w.text(Text{Role: at.role, Kind: at.kind, Label: key, Content: key, Key: true, Fixed: at.fixed, value: k})
			}
			w.value(field, key, at)
			continue
		}
		w.field(v, key, field, at)
	}
}

// around reads the role and the type of an object.
func (w *walker) around(v Value, at place) place {
	switch v.Get("role").word() {
	case "system", "developer":
		at.role = RoleSystem
	case "user":
		at.role = RoleUser
	case "assistant":
		at.role = RoleAssistant
	case "tool", "function":
		at.role, at.kind = RoleTool, KindResult
	}
	switch v.Get("type").word() {
	case "tool_result", "function_call_output", "custom_tool_call_output", "mcp_tool_result":
		at.role, at.kind = RoleTool, KindResult
	case "tool_use", "server_tool_use", "mcp_tool_use", "function_call", "custom_tool_call":
		at.role = RoleAssistant
	case "thinking", "redacted_thinking":
		at.kind, at.fixed = KindThinking, true
	case "reasoning":
		at.kind, at.fixed = KindThinking, v.Get("encrypted_content").Given()
	}
	return at
}

// field decides on a key that has a meaning of the interface.
func (w *walker) field(within Value, key string, v Value, at place) {
	switch key {
	case "signature", "encrypted_content", "embedding":
		return
	case "model", "type", "role", "id", "object", "status", "tool_call_id", "tool_use_id", "call_id", "item_id", "response_id", "finish_reason",
		"stop_reason", "encoding_format", "service_tier", "detail", "media_type", "system_fingerprint", "reasoning_effort", "truncation",
		"tool_choice", "cache_control", "modalities", "include", "usage", "logprobs", "seed", "created":
		if mark(v) {
			return
		}
		at.kind = KindOther
	case "reasoning": // settings in a request, what some servers call the thoughts of a model in an answer
		at.kind = KindOther
		if v.Kind() == String {
			at.kind = KindThinking
		}
	case "previous_response_id", "file_id":
		if w.refers = true; mark(v) {
			return
		}
		at.kind = KindOther
	case "url", "image_url", "data", "file_data", "file_url":
		if w.bytes(within, key, v, at) {
			return
		}
		if v.Kind() == String {
			w.refers = w.refers || key == "file_url" || within.Get("type").is("url")
			at.kind = KindOther
		}
	case "name":
		if within.Get("role").Kind() == Absent && mark(v) { // the name of a tool, which must fit the definition
			return
		}
		at.kind = KindOther
	case "arguments":
		if v.Kind() == String {
			at.kind, at.label = KindArguments, key
			if w.nested != nil {
				w.nested(v, at)
			}
			return
		}
		at.kind, at.data = KindArguments, true
	case "input":
		if t := within.Get("type").Text(); t != "" {
			at.kind, at.data = KindArguments, true
		}
	case "tools", "functions", "response_format", "format", "json_schema", "output_config", "text":
		if v.Kind() == Object || v.Kind() == Array {
			at.kind, at.data = KindDefinition, true
		}
	case "metadata", "user", "safety_identifier", "prompt_cache_key", "stop", "stop_sequences":
		at.kind, at.data = KindOther, true
	case "system", "instructions":
		at.role = RoleSystem
	case "thinking", "reasoning_content":
		at.kind = KindThinking
	case "content", "refusal", "output", "summary", "delta", "partial_json", "message", "messages", "choices", "tool_calls", "function",
		"function_call", "source", "item", "part", "response", "content_block", "input_audio", "file", "prediction", "parts", "title":
	default:
		if at.kind == KindMessage && (v.Kind() == String || v.Kind() == Number) {
			at.kind = KindOther
		}
	}
	w.value(v, key, at)
}

// longestMark is the length of the longest identifiers that the interfaces give, in bytes.
const longestMark = 128

// mark reports whether a value is a word or an identifier: a short string of letters, digits and a few signs.
func mark(v Value) bool {
	if v.Kind() != String {
		return v.Kind() <= Number
	}
	raw := v.inner()
	for _, c := range raw {
		if c|0x20 < 'a' || c|0x20 > 'z' {
			switch c {
			case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '_', '-', '.', ':', '/':
			default:
				return false
			}
		}
	}
	return len(raw) <= longestMark
}

// bytes reports whether v holds the bytes of an image, a sound or a file, and shows them.
func (w *walker) bytes(within Value, key string, v Value, _ place) bool {
	if v.Kind() != String {
		return false
	}
	raw := v.inner()
	is := key == "file_data" || len(raw) >= 5 && string(raw[:5]) == "data:" ||
		key == "data" && (within.Get("type").is("base64") || within.Get("format").Given() || within.Get("type").is("redacted_thinking"))
	if is && w.binary != nil {
		w.binary(v, key)
	}
	return is
}

func asFault(err error) (*Fault, bool) {
	var f *Fault
	ok := errors.As(err, &f)
	return f, ok
}
