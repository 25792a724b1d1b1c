package guard

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
)

// Pseudonyms is the values of one conversation and the placeholders that stand for them. It lives in memory only: it has no way to be written, and
// prints as nothing but a count. The same text always gets the same placeholder. Another spelling of a value gets its number with a letter,
// [TELEFOON-1b], so that a model sees that it is the same, and what a person wrote comes back as it was written. It is safe for concurrent use.
type Pseudonyms struct {
	mu     sync.Mutex
	labels Labels
	byText map[string]string // type and text: placeholder
	values map[slot]string
	number map[string]int // type and canonical value: number
	spelt  map[[2]string]byte
	count  map[Type]int
}

// slot is what a placeholder says.
type slot struct {
	kind    Type
	number  int
	variant byte
}

// NewPseudonyms returns an empty list for a conversation. Labels are those of the language of the person, see LabelsOf.
func NewPseudonyms(labels Labels) *Pseudonyms {
	return &Pseudonyms{labels: labels, byText: map[string]string{}, values: map[slot]string{}, number: map[string]int{}, spelt: map[[2]string]byte{}, count: map[Type]int{}}
}

// Len returns how many placeholders there are.
func (p *Pseudonyms) Len() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.values)
}

// String says how many placeholders there are, and no value.
func (p *Pseudonyms) String() string { return strconv.Itoa(p.Len()) + " pseudonyms" }

// GoString is String, so that no verb prints a value.
func (p *Pseudonyms) GoString() string { return p.String() }

// Placeholder returns what stands for a value, a new one when the value was not seen before.
func (p *Pseudonyms) Placeholder(t Type, value string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := string(t) + "\x00" + value
	if s, ok := p.byText[key]; ok {
		return s
	}
	value = strings.Clone(value) // what stands around it need not stay in memory
	canonical := string(t) + "\x00" + Canonical(t, value)
	n, ok := p.number[canonical]
	if !ok {
		p.count[t]++
		n = p.count[t]
		p.number[canonical] = n
		if t == Person {
			p.family(value, n)
		}
	}
	spelling := [2]string{string(t), strconv.Itoa(n)}
	variant := p.spelt[spelling]
	if variant == 'z' { // more than 25 spellings: the value gets a number of its own
		p.count[t]++
		n, variant = p.count[t], 0
		spelling[1] = strconv.Itoa(n)
	}
	s := "[" + p.label(t) + "-" + strconv.Itoa(n)
	switch variant {
	case 0:
		p.spelt[spelling] = 'a'
	default:
		variant++
		p.spelt[spelling] = variant
		s += string(rune(variant))
	}
	s += "]"
	p.byText[key] = s
	p.values[slot{t, n, variant}] = value
	return s
}

func (p *Pseudonyms) label(t Type) string {
	if l := p.labels[t]; l != "" {
		return l
	}
	return LabelsOf("en")[t]
}

// family lets the family name alone stand for the first person who has it.
func (p *Pseudonyms) family(value string, n int) {
	words := strings.Fields(value)
	if len(words) < 2 {
		return
	}
	for _, w := range []string{strings.Join(words[1:], " "), words[len(words)-1]} {
		key := string(Person) + "\x00" + Canonical(Person, w)
		if _, ok := p.number[key]; !ok {
			p.number[key] = n
		}
	}
}

// value returns what a placeholder stands for.
func (p *Pseudonyms) value(h placeholder) (string, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	v, ok := p.values[slot{h.kind, h.number, h.variant}]
	return v, ok
}

// Canonical returns a value without what differs between its spellings: signs in numbers, case and accents in names and addresses.
func Canonical(t Type, value string) string {
	var b strings.Builder
	for _, r := range value {
		if d := digitOf(r); d >= 0 {
			b.WriteByte(byte('0' + d))
		} else if f := foldRune(unicode.ToLower(r)); f != "" {
			b.WriteString(f)
		} else if t == Secret || t == Password || t == Mail || t == placeholderAlike {
			b.WriteRune(r)
		}
	}
	s := b.String()
	if t == Phone {
		for _, lead := range []string{"0032", "32"} {
			if rest, ok := strings.CutPrefix(s, lead); ok && len(rest) >= 8 {
				return strings.TrimLeft(rest, "0")
			}
		}
		if !strings.HasPrefix(s, "00") {
			s = strings.TrimLeft(s, "0")
		}
	}
	return s
}

// Mask returns a text with placeholders in the place of the findings that a policy masks. Findings are those of a Scanner in this text. What looks like a
// placeholder in the text itself is replaced as well, so that Restore gives back exactly this text.
func (p *Pseudonyms) Mask(text string, findings []Finding, policy Policy) string {
	return p.mask(text, 0, findings, policy)
}

// mask is Mask of a piece that begins at an offset.
func (p *Pseudonyms) mask(text string, offset int, findings []Finding, policy Policy) string {
	masked := slices.DeleteFunc(slices.Clone(findings), func(f Finding) bool { return policy.Action(f) != Mask })
	var b strings.Builder
	b.Grow(len(text) + 16*len(masked))
	at := 0
	for _, f := range masked {
		p.literals(&b, text[at:f.Start-offset])
		b.WriteString(p.Placeholder(f.Type, text[f.Start-offset:f.End-offset]))
		at = f.End - offset
	}
	p.literals(&b, text[at:])
	return b.String()
}

// literals copies a text in which nothing is masked, but for what looks like a placeholder.
func (p *Pseudonyms) literals(b *strings.Builder, text string) {
	last := 0
	for i := candidate(text, 0); i < len(text); i = candidate(text, i) {
		if h, ok, _ := readPlaceholder(text, i, false, true); ok {
			b.WriteString(text[last:i])
			b.WriteString(p.Placeholder(placeholderAlike, text[i:h.end]))
			i, last = h.end, h.end
			continue
		}
		i++
	}
	b.WriteString(text[last:])
}

// candidate returns the first index from i on at which a placeholder can begin, or the length of the text.
func candidate(text string, i int) int {
	for ; i < len(text); i++ {
		c := text[i]
		if c == '[' || c == '\\' || isCapital(c) && (i+1 == len(text) || isCapital(text[i+1])) {
			return i
		}
	}
	return i
}

// Restore returns a text with the values in the place of their placeholders. A placeholder that stands for nothing stays.
func (p *Pseudonyms) Restore(text string) string {
	r := p.Restorer()
	return r.Write(text) + r.Close()
}

// Restorer restores a text that comes in pieces.
func (p *Pseudonyms) Restorer() *Restorer { return &Restorer{pseudonyms: p} }

// Restorer turns placeholders back into values in a text that comes in pieces, and holds back what may be the beginning of a placeholder.
type Restorer struct {
	pseudonyms *Pseudonyms
	held       string
	before     byte // what stood before held
}

// Write takes the next piece and returns what is certain.
func (r *Restorer) Write(chunk string) string { return r.advance(chunk, false) }

// Close returns the rest.
func (r *Restorer) Close() string { return r.advance("", true) }

func (r *Restorer) advance(chunk string, final bool) string {
	text := r.held + chunk
	skip := 0
	if r.before != 0 {
		text, skip = string(rune(r.before))+text, 1
	}
	var b strings.Builder
	i, last := skip, skip
	for i = candidate(text, i); i < len(text); i = candidate(text, i) {
		h, ok, more := readPlaceholder(text, i, true, final)
		if more && len(text)-i < maxPlaceholder {
			break
		}
		if !ok {
			i++
			continue
		}
		if v, known := r.pseudonyms.value(h); known {
			b.WriteString(text[last:i])
			b.WriteString(v)
			last = h.end
		}
		i = h.end
	}
	b.WriteString(text[last:i])
	r.held = text[i:]
	if i > 0 {
		r.before = min(text[i-1], 0x7f) // only whether it is a letter or digit counts
	}
	return b.String()
}

// Masker masks a text that comes in pieces: nothing of a masked value leaves before it is decided.
type Masker struct {
	stream     *Stream
	pseudonyms *Pseudonyms
	policy     Policy
	held       string // decided, but it may be the beginning of what looks like a placeholder
	findings   []Finding
}

// Masker returns a masker of a text that comes in pieces.
func (p *Pseudonyms) Masker(s *Scanner, policy Policy) *Masker {
	return &Masker{stream: s.Stream(), pseudonyms: p, policy: policy}
}

// Write takes the next piece and returns what is decided, masked, and the findings in it.
func (m *Masker) Write(chunk string) (string, []Finding) {
	return m.advance(m.stream.Write(chunk), false)
}

// Close returns the rest.
func (m *Masker) Close() (string, []Finding) { return m.advance(m.stream.Close(), true) }

func (m *Masker) advance(piece Piece, final bool) (string, []Finding) {
	text := m.held + piece.Text
	start := piece.Start - len(m.held)
	cut := len(text)
	after := 0 // behind the last finding: only there can a placeholder still be growing
	for _, f := range piece.Findings {
		if m.policy.Action(f) == Mask {
			after = f.End - start
		}
	}
	if !final {
		for i := candidate(text, max(after, len(text)-maxPlaceholder)); i < len(text); i = candidate(text, i+1) {
			if _, _, more := readPlaceholder(text, i, false, false); more {
				cut = i
				break
			}
		}
	}
	m.held = text[cut:]
	return m.pseudonyms.mask(text[:cut], start, piece.Findings, m.policy), piece.Findings
}
