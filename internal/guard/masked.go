package guard

import (
	"slices"
	"unicode/utf8"
)

// MaskedValues is the values that were masked so far in a conversation, to find them again where no word beside them tells what they are: what was masked once is
// masked in every later text. A value is looked for as it was written, and a number of six digits or more also without the signs between its digits. The zero value
// is ready for use; it is not safe for use by several goroutines at once.
type MaskedValues struct {
	first [256]int32                 // the node of the byte with which values begin, 0 for none
	bits  [1 << headBits / 64]uint64 // of the first bytes of each value together
	nodes []maskedNode               // a tree of the bytes of values; the first is none
	kinds []Type                     // that values have
}

// maskedNode is one more byte of values that begin alike.
type maskedNode struct {
	child, next int32 // the first that goes on, and the next behind the same bytes
	char        byte
	kind        uint8 // of the value that ends here, an index in kinds plus 1; 0 when none ends here
}

const (
	headBytes      = 3  // a shorter value is not looked for
	headBits       = 13 // of the hash of the first bytes
	leastBare      = 6  // digits of a number that is looked for without signs
	longestEnding  = 2  // letters that may follow a value, as in "Annas"
	firstMaskedCap = 64
)

// Add takes a value that was masked into account. A value that is there keeps its type.
func (m *MaskedValues) Add(t Type, value string) {
	if m.Has(value) {
		return
	}
	m.put(t, value)
	n := 0
	for _, r := range value {
		switch {
		case digitOf(r) >= 0:
			n++
		case foldRune(r) != "":
			return
		}
	}
	if n >= leastBare {
		m.put(t, Canonical(t, value))
	}
}

// Has tells whether a value was added, written so.
func (m *MaskedValues) Has(value string) bool {
	if len(value) < headBytes {
		return false
	}
	n := m.first[value[0]]
	for i := 1; i < len(value) && n != 0; i++ {
		n = m.child(n, value[i])
	}
	return n != 0 && m.nodes[n].kind != 0
}

func (m *MaskedValues) put(t Type, value string) {
	if len(value) < headBytes {
		return
	}
	if m.nodes == nil {
		m.nodes = make([]maskedNode, 1, firstMaskedCap)
	}
	h := hashHead(value)
	m.bits[h/64] |= 1 << (h % 64)
	n := m.first[value[0]]
	if n == 0 {
		n = m.node(value[0], 0)
		m.first[value[0]] = n
	}
	for i := 1; i < len(value); i++ {
		next := m.child(n, value[i])
		if next == 0 {
			next = m.node(value[i], m.nodes[n].child)
			m.nodes[n].child = next
		}
		n = next
	}
	if m.nodes[n].kind != 0 {
		return
	}
	k := slices.Index(m.kinds, t)
	if k < 0 {
		k = len(m.kinds)
		m.kinds = append(m.kinds, t)
	}
	m.nodes[n].kind = uint8(k + 1) //nolint:gosec // there are a few dozen types
}

// node makes a node before another of the same beginning.
func (m *MaskedValues) node(c byte, next int32) int32 {
	m.nodes = append(m.nodes, maskedNode{char: c, next: next})
	return int32(len(m.nodes) - 1) //nolint:gosec // values stand in a text of some megabytes
}

// child returns the node that goes on with a byte, 0 for none.
func (m *MaskedValues) child(n int32, c byte) int32 {
	for n = m.nodes[n].child; n != 0 && m.nodes[n].char != c; n = m.nodes[n].next {
	}
	return n
}

func hashHead(s string) uint32 {
	_ = s[headBytes-1]
	return (uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16) * 0x9E3779B1 >> (32 - headBits)
}

// Find appends where the values stand in a text to the findings in it, in the places that none of them takes, and returns all in the order of the text. The findings
// given are in order and do not overlap. Of values that begin at one place, the longest counts. A value stands apart from letters and digits; an ending of at most two
// letters may follow a word, as in "Annas". Within what a model wrote (loose), only names and addresses need to stand apart, for a model writes placeholders against letters.
// The time grows with the length of the text, however many values there are: at each place no more is read than the bytes that begin a value.
func (m *MaskedValues) Find(findings []Finding, text string, loose bool) []Finding {
	if len(m.nodes) == 0 {
		return findings
	}
	own, from := len(findings), 0
	for i := range own + 1 { // what stands between the findings given
		to := len(text)
		if i < own {
			to = findings[i].Start
		}
		findings = m.between(findings, text, from, to, loose)
		if i < own {
			from = findings[i].End
		}
	}
	if len(findings) > own {
		slices.SortFunc(findings, func(a, b Finding) int { return a.Start - b.Start })
	}
	return findings
}

// between appends the values in text[from:to].
func (m *MaskedValues) between(findings []Finding, text string, from, to int, loose bool) []Finding {
	for i := from; i+headBytes <= to; i++ {
		if m.first[text[i]] == 0 {
			continue
		}
		h := hashHead(text[i : i+headBytes])
		if m.bits[h/64]&(1<<(h%64)) == 0 {
			continue
		}
		if f, ok := m.at(text, i, to, loose); ok {
			findings = append(findings, f)
			i = f.End - 1
		}
	}
	return findings
}

// at returns the longest value that stands at i and ends at most at end.
func (m *MaskedValues) at(text string, i, end int, loose bool) (f Finding, ok bool) {
	apart := i == 0 || !wordy(text[i-1]) || !wordy(text[i])
	if !apart && !loose {
		return f, false
	}
	n := m.first[text[i]]
	for j := i + 1; n != 0; j++ {
		if k := m.nodes[n].kind; k != 0 {
			t := m.kinds[k-1]
			if loose && t != Person && t != Address || apart && endsApart(text, j) {
				f, ok = Finding{Type: t, Start: i, End: j, Confidence: Medium}, true
			}
		}
		if j == end {
			break
		}
		n = m.child(n, text[j])
	}
	return f, ok
}

// endsApart tells whether what ends at an index stands apart from what follows, but for a short ending of a word.
func endsApart(text string, to int) bool {
	if to == len(text) || !wordy(text[to]) || !wordy(text[to-1]) {
		return true
	}
	if isDigit(text[to-1]) {
		return false
	}
	n := 0
	for to < len(text) && wordy(text[to]) && n <= longestEnding {
		if isDigit(text[to]) {
			return false
		}
		_, size := utf8.DecodeRuneInString(text[to:])
		to += size
		n++
	}
	return n <= longestEnding
}

// wordy tells whether a byte belongs to a letter or digit.
func wordy(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'z' || c >= utf8.RuneSelf }
