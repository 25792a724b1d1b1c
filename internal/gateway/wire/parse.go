package wire

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/bits"
	"net/http"
	"strconv"
	"unicode/utf8"
)

// Limits bounds what Parse accepts. A zero field takes the value of DefaultLimits.
type Limits struct {
	Bytes  int // of the whole text
	Depth  int // of objects and arrays within each other
	Values int // values and keys together; each takes 16 bytes of memory
}

// DefaultLimits allows a conversation with some images, and no more nesting than the schema of a tool needs.
var DefaultLimits = Limits{Bytes: 32 << 20, Depth: 64, Values: 1 << 18}

func (l Limits) filled() Limits {
	if l.Bytes <= 0 {
		l.Bytes = DefaultLimits.Bytes
	}
	if l.Depth <= 0 {
		l.Depth = DefaultLimits.Depth
	}
	if l.Values <= 0 {
		l.Values = DefaultLimits.Values
	}
	l.Bytes = min(l.Bytes, math.MaxUint32-1)
	return l
}

// longestNumber bounds the digits of a number: no field of the interfaces has more than twenty.
const longestNumber = 64

// Parse checks that src is one JSON value by RFC 8259 and notes where each value stands. Beyond the RFC it refuses what two
// readers could understand in two ways: a key twice in one object, text that is not UTF-8, half a surrogate pair, a number beyond
// float64. The document keeps src, which must not change. An error is a *Fault of status 400 or 413.
func Parse(src []byte, l Limits) (*Document, error) {
	d := &Document{}
	if err := d.Read(src, l); err != nil {
		return nil, err
	}
	return d, nil
}

// Read is Parse into a document that is used again, which spares memory. Values of what it held before must not be used any more.
func (d *Document) Read(src []byte, l Limits) error {
	l = l.filled()
	if len(src) > l.Bytes {
		return &Fault{Status: http.StatusRequestEntityTooLarge, Code: "too_large",
			Message: "the text is longer than " + strconv.Itoa(l.Bytes) + " bytes; send less, or in parts"}
	}
	d.src = src
	if d.nodes == nil {
		d.nodes = make([]node, 0, 64)
	}
	d.nodes = d.nodes[:0]
	p := parser{src: src, nodes: d.nodes, limits: l}
	p.space()
	ok := p.value(0)
	if ok {
		if p.space(); p.pos < len(src) {
			ok = p.fail("invalid_json", "something follows after the end of the JSON value; send one value")
		}
	}
	d.nodes = p.nodes
	if !ok {
		if p.at > 0 { // within a value that was begun
			p.fault.Field = d.path(p.at)
		}
		p.fault.Message += " (byte " + strconv.Itoa(p.pos) + ")"
		return p.fault
	}
	return nil
}

type node struct {
	start, end uint32 // in src, with quotes and brackets
	next       uint32 // the node after this one and all within it
	kind       Kind
	escaped    bool // a string with a backslash
	key        bool
}

type parser struct {
	src    []byte
	pos    int
	nodes  []node
	limits Limits
	fault  *Fault
	at     int // the node that was being read when it failed
}

func (p *parser) fail(code, message string) bool {
	if p.fault == nil {
		p.fault = invalid(code, "", message)
		p.at = len(p.nodes) - 1
	}
	return false
}

func (p *parser) space() {
	for p.pos < len(p.src) {
		switch p.src[p.pos] {
		case ' ', '\t', '\n', '\r':
			p.pos++
		default:
			return
		}
	}
}

func (p *parser) open(k Kind) (int, bool) {
	if len(p.nodes) >= p.limits.Values {
		return 0, p.fail("too_many_values", "the JSON holds more than "+strconv.Itoa(p.limits.Values)+" values; send less, or in parts")
	}
	p.nodes = append(p.nodes, node{start: uint32(p.pos), kind: k})
	return len(p.nodes) - 1, true
}

func (p *parser) shut(i int) bool {
	p.nodes[i].end = uint32(p.pos)
	p.nodes[i].next = uint32(len(p.nodes))
	return true
}

func (p *parser) value(depth int) bool {
	if p.pos >= len(p.src) {
		return p.fail("invalid_json", "the JSON ends before its value does; it seems cut off")
	}
	switch c := p.src[p.pos]; {
	case c == '"':
		i, ok := p.open(String)
		return ok && p.text(i) && p.shut(i)
	case c == '{':
		return p.object(depth)
	case c == '[':
		return p.array(depth)
	case c == '-' || c >= '0' && c <= '9':
		i, ok := p.open(Number)
		return ok && p.number() && p.shut(i)
	case c == 't':
		return p.word("true", Bool)
	case c == 'f':
		return p.word("false", Bool)
	case c == 'n':
		return p.word("null", Null)
	case c == 'N' || c == 'I':
		return p.fail("invalid_json", "NaN and Infinity are not JSON; send a number or null")
	case c == 0xEF:
		return p.fail("invalid_json", "the JSON begins with a byte order mark; leave it out")
	default:
		return p.fail("invalid_json", "a JSON value should begin here")
	}
}

func (p *parser) word(w string, k Kind) bool {
	i, ok := p.open(k)
	if !ok {
		return false
	}
	if !bytes.HasPrefix(p.src[p.pos:], []byte(w)) {
		return p.fail("invalid_json", "a JSON value should begin here")
	}
	p.pos += len(w)
	return p.shut(i)
}

func (p *parser) deep(depth int) bool {
	if depth < p.limits.Depth {
		return true
	}
	return p.fail("too_deep", "objects and arrays stand more than "+strconv.Itoa(p.limits.Depth)+" deep within each other")
}

func (p *parser) array(depth int) bool {
	i, ok := p.open(Array)
	if !ok || !p.deep(depth) {
		return false
	}
	p.pos++
	p.space()
	if p.pos < len(p.src) && p.src[p.pos] == ']' {
		p.pos++
		return p.shut(i)
	}
	for {
		p.space()
		if !p.value(depth + 1) {
			return false
		}
		p.space()
		switch p.byte() {
		case ',':
			p.pos++
		case ']':
			p.pos++
			return p.shut(i)
		default:
			return p.fail("invalid_json", "an array needs a comma or ] here")
		}
	}
}

// fewKeys is up to where comparing each key with each is faster than a map.
const fewKeys = 16

func (p *parser) object(depth int) bool {
	i, ok := p.open(Object)
	if !ok || !p.deep(depth) {
		return false
	}
	p.pos++
	p.space()
	if p.byte() == '}' {
		p.pos++
		return p.shut(i)
	}
	var seen map[string]struct{}
	for n := 0; ; n++ {
		p.space()
		if p.byte() != '"' {
			return p.fail("invalid_json", "an object needs a key in double quotes here")
		}
		k, ok := p.open(String)
		if !ok || !p.text(k) || !p.shut(k) {
			return false
		}
		p.nodes[k].key = true
		if n == fewKeys {
			seen = p.keys(i, k)
		}
		if p.twice(i, k, seen) {
			return p.fail("duplicate_key", "this key stands twice in its object; send it once")
		}
		p.space()
		if p.byte() != ':' {
			return p.fail("invalid_json", "a colon should follow the key here")
		}
		p.pos++
		p.space()
		if !p.value(depth + 1) {
			return false
		}
		p.space()
		switch p.byte() {
		case ',':
			p.pos++
		case '}':
			p.pos++
			return p.shut(i)
		default:
			return p.fail("invalid_json", "an object needs a comma or } here")
		}
	}
}

func (p *parser) byte() byte {
	if p.pos < len(p.src) {
		return p.src[p.pos]
	}
	return 0
}

// inner returns the key at node k as it counts: with its escapes read.
func (p *parser) inner(k int) []byte {
	n := p.nodes[k]
	raw := p.src[n.start+1 : n.end-1]
	if n.escaped {
		return unescape(nil, raw)
	}
	return raw
}

func (p *parser) keys(object, until int) map[string]struct{} {
	m := make(map[string]struct{}, 2*fewKeys)
	for k := object + 1; k < until; k = int(p.nodes[k+1].next) {
		m[string(p.inner(k))] = struct{}{}
	}
	return m
}

func (p *parser) twice(object, key int, seen map[string]struct{}) bool {
	name := p.inner(key)
	if seen != nil {
		if _, ok := seen[string(name)]; ok {
			return true
		}
		seen[string(name)] = struct{}{}
		return false
	}
	for k := object + 1; k < key; k = int(p.nodes[k+1].next) {
		if bytes.Equal(p.inner(k), name) {
			return true
		}
	}
	return false
}

func (p *parser) digits() bool {
	from := p.pos
	for p.pos < len(p.src) && p.src[p.pos]-'0' <= 9 {
		p.pos++
	}
	return p.pos > from
}

func (p *parser) number() bool {
	from := p.pos
	if p.src[p.pos] == '-' {
		p.pos++
	}
	if p.byte() == 'I' {
		return p.fail("invalid_json", "NaN and Infinity are not JSON; send a number or null")
	}
	first := p.pos
	if !p.digits() || p.src[first] == '0' && p.pos-first > 1 {
		return p.fail("invalid_json", "a number is not written as JSON has it")
	}
	if p.byte() == '.' {
		p.pos++
		if !p.digits() {
			return p.fail("invalid_json", "a number needs a digit after its point")
		}
	}
	exponent := p.byte()|0x20 == 'e'
	if exponent {
		p.pos++
		if c := p.byte(); c == '+' || c == '-' {
			p.pos++
		}
		if !p.digits() {
			return p.fail("invalid_json", "a number needs a digit in its exponent")
		}
	}
	if p.pos-from > longestNumber {
		return p.fail("number_too_large", "a number has more than "+strconv.Itoa(longestNumber)+" characters")
	}
	if exponent {
		if _, err := strconv.ParseFloat(string(p.src[from:p.pos]), 64); err != nil {
			return p.fail("number_too_large", "a number is too large")
		}
	}
	return true
}

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// text reads the string at pos into node i. Eight bytes at a time are looked at for a quote, a backslash or a control character.
func (p *parser) text(i int) bool {
	src := p.src
	at := p.pos + 1
	var high uint64
	for {
		for at+8 <= len(src) {
			w := binary.LittleEndian.Uint64(src[at:])
			q, b := w^(ones*'"'), w^(ones*'\\')
			hit := ((q-ones)&^q | (b-ones)&^b | (w-ones*0x20)&^w) & highs
			high |= w & highs
			if hit != 0 {
				at += bits.TrailingZeros64(hit) / 8
				break
			}
			at += 8
		}
		for at < len(src) && src[at] != '"' && src[at] != '\\' && src[at] >= 0x20 {
			high |= uint64(src[at]) & 0x80
			at++
		}
		if at >= len(src) {
			p.pos = at
			return p.fail("invalid_json", "the JSON ends within a text; it seems cut off")
		}
		switch src[at] {
		case '"':
			if high != 0 && !utf8.Valid(src[p.pos+1:at]) {
				return p.fail("invalid_utf8", "a text is not UTF-8; send it in that encoding")
			}
			p.pos = at + 1
			return true
		case '\\':
			p.nodes[i].escaped = true
			n := escape(src[at:])
			if n == 0 {
				p.pos = at
				return p.fail("invalid_escape", "a text has a backslash that stands for nothing, or half a surrogate pair")
			}
			at += n
		default:
			p.pos = at
			return p.fail("invalid_json", "a text has a control character in it; write it with a backslash")
		}
	}
}

// escape returns how long the escape at the start of s is, 0 when it is none.
func escape(s []byte) int {
	if len(s) < 2 {
		return 0
	}
	switch s[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		r := hex4(s[2:])
		switch {
		case r < 0 || r >= 0xDC00 && r <= 0xDFFF:
			return 0
		case r < 0xD800 || r > 0xDBFF:
			return 6
		}
		if len(s) >= 12 && s[6] == '\\' && s[7] == 'u' {
			if low := hex4(s[8:]); low >= 0xDC00 && low <= 0xDFFF {
				return 12
			}
		}
	}
	return 0
}

func hex4(s []byte) rune {
	if len(s) < 4 {
		return -1
	}
	var r rune
	for _, c := range s[:4] {
		switch {
		case c >= '0' && c <= '9':
			r = r<<4 | rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return -1
		}
	}
	return r
}
