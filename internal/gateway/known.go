package gateway

import (
	"slices"
	"unicode/utf8"

	"tekentafel/internal/guard"
)

// known is the values that were masked so far, to find them where no word beside them tells what they are.
type known struct {
	first  [256]bool            // bytes with which a value begins
	bits   [1 << 13 / 64]uint64 // of the first bytes of each value together
	heads  map[[headBytes]byte]*head
	values map[string]guard.Type
}

// headBytes is how many bytes of a value it is looked up by; shorter values are not looked for.
const headBytes = 3

type head struct{ lengths []int } // of values that begin so, the longest first

func hashHead(a, b, c byte) uint32 {
	return (uint32(a) | uint32(b)<<8 | uint32(c)<<16) * 0x9E3779B1 >> 19
}

// add takes a value into account, and its bare digits when it is a number written with signs between.
func (k *known) add(t guard.Type, value string) {
	if _, ok := k.values[value]; ok {
		return
	}
	k.put(t, value)
	if n := digits(value); n >= bareDigits && n < len(value) {
		if bare := guard.Canonical(t, value); digits(bare) == len(bare) {
			k.put(t, bare)
		}
	}
}

// bareDigits is from how many digits on a number is looked for without the signs in it.
const bareDigits = 6

func digits(s string) int {
	n := 0
	for i := range len(s) {
		if s[i]-'0' <= 9 {
			n++
		}
	}
	return n
}

func (k *known) put(t guard.Type, value string) {
	if _, ok := k.values[value]; ok || len(value) < headBytes {
		return
	}
	if k.values == nil {
		k.values, k.heads = map[string]guard.Type{}, map[[headBytes]byte]*head{}
	}
	k.values[value] = t
	h := hashHead(value[0], value[1], value[2])
	k.first[value[0]] = true
	k.bits[h/64] |= 1 << (h % 64)
	key := [headBytes]byte{value[0], value[1], value[2]}
	if k.heads[key] == nil {
		k.heads[key] = &head{}
	}
	lengths := &k.heads[key].lengths
	i, found := slices.BinarySearchFunc(*lengths, len(value), func(a, b int) int { return b - a })
	if !found {
		*lengths = slices.Insert(*lengths, i, len(value))
	}
}

// find adds what is known in a text to the findings in it, where none of them stands. Within the words of a model (loose) a number needs no edge, for a model writes
// placeholders against letters.
func (k *known) find(findings []guard.Finding, text string, loose bool) []guard.Finding {
	if len(k.values) == 0 {
		return findings
	}
	own := len(findings)
	from := 0
	for i := range own + 1 { // what stands between the findings of the text itself
		to := len(text)
		if i < own {
			to = findings[i].Start
		}
		findings = k.between(findings, text, from, to, loose)
		if i < own {
			from = findings[i].End
		}
	}
	if len(findings) > own {
		slices.SortFunc(findings, func(a, b guard.Finding) int { return a.Start - b.Start })
	}
	return findings
}

// between adds what is known in text[from:to].
func (k *known) between(findings []guard.Finding, text string, from, to int, loose bool) []guard.Finding {
	for i := from; i+headBytes <= to; i++ {
		if !k.first[text[i]] {
			continue
		}
		h := hashHead(text[i], text[i+1], text[i+2])
		if k.bits[h/64]&(1<<(h%64)) == 0 {
			continue
		}
		if f, ok := k.at(text, i, to, loose); ok {
			findings = append(findings, f)
			i = f.End - 1
		}
	}
	return findings
}

// at returns the longest value that stands at i and ends before end.
func (k *known) at(text string, i, end int, loose bool) (guard.Finding, bool) {
	h := k.heads[[headBytes]byte{text[i], text[i+1], text[i+2]}]
	if h == nil {
		return guard.Finding{}, false
	}
	for _, n := range h.lengths {
		if i+n > end {
			continue
		}
		if t, ok := k.values[text[i:i+n]]; ok && stands(text, i, i+n, loose && t != guard.Person && t != guard.Address) {
			return guard.Finding{Type: t, Start: i, End: i + n, Confidence: guard.Medium}, true
		}
	}
	return guard.Finding{}, false
}

// stands tells whether text[from:to] stands apart from letters and digits; an ending of at most two letters may follow a word, as in "Annas".
func stands(text string, from, to int, loose bool) bool {
	if loose {
		return true
	}
	if from > 0 && wordy(text[from-1]) && wordy(text[from]) {
		return false
	}
	if to == len(text) || !wordy(text[to]) || !wordy(text[to-1]) {
		return true
	}
	if text[to-1]-'0' <= 9 {
		return false
	}
	n := 0
	for to < len(text) && wordy(text[to]) && n <= 2 {
		if text[to]-'0' <= 9 {
			return false
		}
		_, size := utf8.DecodeRuneInString(text[to:])
		to += size
		n++
	}
	return n <= 2
}

// wordy tells whether a byte belongs to a letter or digit.
func wordy(c byte) bool {
	return c-'0' <= 9 || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80
}
