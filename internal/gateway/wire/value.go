package wire

import (
	"bytes"
	"iter"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Kind is the kind of a JSON value.
type Kind uint8

// The kinds. Absent is that of a value that is not there.
const (
	Absent Kind = iota
	Null
	Bool
	Number
	String
	Array
	Object
)

// Document is a JSON text that was checked, with the place of each value. It may be read by several goroutines.
type Document struct {
	src   []byte
	nodes []node
}

// Bytes returns the text as it was given.
func (d *Document) Bytes() []byte { return d.src }

// Root returns the outermost value.
func (d *Document) Root() Value { return Value{d, 0} }

// Value is a place in a Document. The zero value stands for one that is absent: each question to it has a plain answer.
type Value struct {
	doc *Document
	at  uint32
}

// Kind returns what the value is, Absent when it is not there.
func (v Value) Kind() Kind {
	if v.doc == nil || int(v.at) >= len(v.doc.nodes) {
		return Absent
	}
	return v.doc.nodes[v.at].kind
}

// Given reports whether the value is there and not null.
func (v Value) Given() bool { return v.Kind() > Null }

// Raw returns the value as it is written, nil when absent. It must not be changed.
func (v Value) Raw() []byte {
	if v.Kind() == Absent {
		return nil
	}
	n := v.doc.nodes[v.at]
	return v.doc.src[n.start:n.end]
}

// Text returns a string with its escapes read, "" for every other kind.
func (v Value) Text() string {
	if v.Kind() != String {
		return ""
	}
	raw := v.inner()
	if v.doc.nodes[v.at].escaped {
		return string(unescape(make([]byte, 0, len(raw)), raw))
	}
	return string(raw)
}

// word is Text without a copy for the words of the interfaces.
func (v Value) word() string {
	if v.Kind() != String || v.doc.nodes[v.at].escaped {
		return v.Text()
	}
	raw := v.inner()
	if w, ok := words[string(raw)]; ok {
		return w
	}
	return string(raw)
}

// words are keys, roles and types that come often.
var words = func() map[string]string {
	m := map[string]string{}
	for w := range strings.FieldsSeq(`model messages role content system user assistant tool developer type text input_text output_text image_url url
		detail input_image tool_calls id function name arguments tool_call_id tools tool_choice description parameters input_schema temperature
		top_p max_tokens max_completion_tokens max_output_tokens stream stream_options include_usage input output instructions message choices
		delta index finish_reason object created usage content_block_delta content_block_start content_block_stop message_start message_delta
		message_stop text_delta input_json_delta thinking_delta thinking partial_json tool_use tool_result ping cache_control metadata
		response.output_text.delta response.function_call_arguments.delta function_call function_call_output call_id item_id response reasoning`) {
		m[w] = w
	}
	return m
}()

func (v Value) inner() []byte {
	n := v.doc.nodes[v.at]
	return v.doc.src[n.start+1 : n.end-1]
}

// is reports whether the value is the string s, which holds no sign that needs an escape.
func (v Value) is(s string) bool {
	if v.Kind() != String {
		return false
	}
	if v.doc.nodes[v.at].escaped {
		return v.Text() == s
	}
	return string(v.inner()) == s
}

// Int returns a whole number without exponent that fits, and whether it is one.
func (v Value) Int() (int64, bool) {
	if v.Kind() != Number {
		return 0, false
	}
	n, err := strconv.ParseInt(string(v.Raw()), 10, 64)
	return n, err == nil
}

// True reports whether the value is true.
func (v Value) True() bool { return v.Kind() == Bool && v.Raw()[0] == 't' }

// Get returns the value under a key of an object, absent when there is none.
func (v Value) Get(key string) Value {
	for k, value := range v.fields() {
		if k.is(key) {
			return value
		}
	}
	return Value{}
}

// fields goes over keys and values of an object.
func (v Value) fields() iter.Seq2[Value, Value] {
	return func(yield func(Value, Value) bool) {
		if v.Kind() != Object {
			return
		}
		nodes := v.doc.nodes
		for k := v.at + 1; k < nodes[v.at].next; k = nodes[k+1].next {
			if !yield(Value{v.doc, k}, Value{v.doc, k + 1}) {
				return
			}
		}
	}
}

// Fields goes over the keys of an object, in order, with their values; over nothing for every other kind.
func (v Value) Fields() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		for k, value := range v.fields() {
			if !yield(k.Text(), value) {
				return
			}
		}
	}
}

// Items goes over the values of an array with their index; over nothing for every other kind.
func (v Value) Items() iter.Seq2[int, Value] {
	return func(yield func(int, Value) bool) {
		if v.Kind() != Array {
			return
		}
		nodes := v.doc.nodes
		n := 0
		for i := v.at + 1; i < nodes[v.at].next; i = nodes[i].next {
			if !yield(n, Value{v.doc, i}) {
				return
			}
			n++
		}
	}
}

// Len returns how many items an array has, or fields an object.
func (v Value) Len() int {
	n := 0
	for range v.Items() {
		n++
	}
	for range v.fields() {
		n++
	}
	return n
}

// Path returns where the value stands, such as "messages[2].content". A key that is no plain word is written as "*": it could
// be something that a person wrote.
func (v Value) Path() string {
	if v.Kind() == Absent {
		return ""
	}
	return v.doc.path(int(v.at))
}

// path goes from the root down to the node. Nodes that were not finished, as those around a fault, have no next.
func (d *Document) path(target int) string {
	var out []byte
	at := 0
	for at < target {
		n := d.nodes[at]
		child, index := at+1, 0
		for {
			value := child
			if n.kind == Object {
				if child == target || child+1 >= len(d.nodes) {
					return string(appendKey(out, d, child))
				}
				value = child + 1
			}
			next := int(d.nodes[value].next)
			if next != 0 && next <= target {
				child = next
				index++
				continue
			}
			if n.kind == Object {
				out = appendKey(out, d, child)
			} else {
				out = append(out, '[')
				out = strconv.AppendInt(out, int64(index), 10)
				out = append(out, ']')
			}
			at = value
			break
		}
	}
	return string(out)
}

// longestKey is how much of a key is shown.
const longestKey = 40

func appendKey(dst []byte, d *Document, key int) []byte {
	if len(dst) > 0 {
		dst = append(dst, '.')
	}
	n := d.nodes[key]
	if n.end < n.start+2 || n.end-n.start-2 > longestKey {
		return append(dst, '*')
	}
	name := d.src[n.start+1 : n.end-1]
	plain := len(name) > 0
	for _, c := range name {
		plain = plain && (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_')
	}
	if !plain {
		return append(dst, '*')
	}
	return append(dst, name...)
}

// unescape appends the text of the inside of a string that was checked.
func unescape(dst, raw []byte) []byte {
	for {
		i := bytes.IndexByte(raw, '\\')
		if i < 0 {
			return append(dst, raw...)
		}
		dst = append(dst, raw[:i]...)
		raw = raw[i:]
		n := 2
		switch c := raw[1]; c {
		case 'b':
			dst = append(dst, '\b')
		case 'f':
			dst = append(dst, '\f')
		case 'n':
			dst = append(dst, '\n')
		case 'r':
			dst = append(dst, '\r')
		case 't':
			dst = append(dst, '\t')
		case 'u':
			r := hex4(raw[2:])
			n = 6
			if r >= 0xD800 && r <= 0xDBFF {
				r = (r-0xD800)<<10 + (hex4(raw[8:]) - 0xDC00) + 0x10000
				n = 12
			}
			dst = utf8.AppendRune(dst, r)
		default:
			dst = append(dst, c)
		}
		raw = raw[n:]
	}
}

const hexDigits = "0123456789abcdef"

// AppendQuote appends s as a JSON string. Bytes that are not UTF-8 become U+FFFD.
func AppendQuote(dst []byte, s string) []byte {
	dst = append(dst, '"')
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && n == 1 {
				dst = append(dst, s[from:i]...)
				dst = append(dst, "\uFFFD"...)
				from = i + 1
			}
			i += n
			continue
		}
		dst = append(dst, s[from:i]...)
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		i++
		from = i
	}
	return append(append(dst, s[from:]...), '"')
}

// edit puts other bytes in the place of a part of a document.
type edit struct {
	start, end uint32
	with       []byte
}

func (v Value) replace(with []byte) edit {
	n := v.doc.nodes[v.at]
	return edit{n.start, n.end, with}
}

// splice returns src with the edits, which stand in order and apart; src itself when there are none.
func splice(src []byte, edits []edit) []byte {
	if len(edits) == 0 {
		return src
	}
	size := len(src)
	for _, e := range edits {
		size += len(e.with) - int(e.end-e.start)
	}
	dst := make([]byte, 0, size)
	at := uint32(0)
	for _, e := range edits {
		dst = append(dst, src[at:e.start]...)
		dst = append(dst, e.with...)
		at = e.end
	}
	return append(dst, src[at:]...)
}
