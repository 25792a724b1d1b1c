package room

import (
	"slices"
	"strings"
	"unicode/utf8"

	"tekentafel/internal/guard"
)

// echoes are values that are replaced in a conversation. The gateway replaces them too where they stand without a word that tells what they are, and what a
// person is shown to leave is what leaves.
type echoes struct {
	kinds map[string]guard.Type    // of each value
	heads map[[headBytes]byte]head // by how values begin
}

// head is the lengths of values that begin alike, the longest first.
type head []int

const (
	headBytes   = 3 // by which a value is looked up; a shorter one is not looked for
	leastDigits = 6 // of a number that is also looked for without the signs between its digits
	longestTail = 2 // letters that may follow a word, as in "Annas"
)

// add takes a value into account.
func (e *echoes) add(t guard.Type, value string) {
	e.put(t, value)
	if bare := guard.Canonical(t, value); len(bare) >= leastDigits && strings.Trim(bare, "0123456789") == "" {
		e.put(t, bare)
	}
}

func (e *echoes) put(t guard.Type, value string) {
	if _, has := e.kinds[value]; has || len(value) < headBytes {
		return
	}
	if e.kinds == nil {
		e.kinds, e.heads = map[string]guard.Type{}, map[[headBytes]byte]head{}
	}
	e.kinds[value] = t
	key := [headBytes]byte([]byte(value[:headBytes]))
	lengths := e.heads[key]
	if i, has := slices.BinarySearchFunc(lengths, len(value), func(a, b int) int { return b - a }); !has {
		e.heads[key] = slices.Insert(lengths, i, len(value))
	}
}

// find adds where the values stand in a text to the findings in it, where none of them stands. Within the words of a model (loose) a number needs no edge.
func (e *echoes) find(findings []guard.Finding, text string, loose bool) []guard.Finding {
	own, next := len(findings), 0
	for i := 0; i+headBytes <= len(text) && len(e.kinds) > 0; {
		end := len(text)
		if next < own {
			end = findings[next].Start
			if i >= end {
				i = max(i, findings[next].End)
				next++
				continue
			}
		}
		n := e.at(text, i, end, loose)
		if n == 0 {
			i++
			continue
		}
		findings = append(findings, guard.Finding{Type: e.kinds[text[i:i+n]], Start: i, End: i + n, Confidence: guard.Medium})
		i += n
	}
	slices.SortFunc(findings, func(a, b guard.Finding) int { return a.Start - b.Start })
	return findings
}

// at is the length of the longest value that stands at i and ends before end; 0 for none.
func (e *echoes) at(text string, i, end int, loose bool) int {
	for _, n := range e.heads[[headBytes]byte([]byte(text[i:i+headBytes]))] {
		if i+n > end {
			continue
		}
		kind, has := e.kinds[text[i:i+n]]
		if has && (loose && kind != guard.Person && kind != guard.Address || apart(text, i, i+n)) {
			return n
		}
	}
	return 0
}

// apart tells whether text[from:to] stands apart from letters and digits.
func apart(text string, from, to int) bool {
	if from > 0 && wordy(text[from-1]) && wordy(text[from]) {
		return false
	}
	if to == len(text) || !wordy(text[to]) || !wordy(text[to-1]) {
		return true
	}
	if isDigit(text[to-1]) {
		return false
	}
	n := 0
	for to < len(text) && wordy(text[to]) && n <= longestTail {
		if isDigit(text[to]) {
			return false
		}
		_, size := utf8.DecodeRuneInString(text[to:])
		to += size
		n++
	}
	return n <= longestTail
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// wordy tells whether a byte belongs to a letter or digit.
func wordy(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'z' || c >= utf8.RuneSelf }
