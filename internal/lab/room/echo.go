package room

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"tekentafel/internal/guard"
)

// echoes are values that are replaced in a conversation. The gateway replaces them too where they stand without a word that tells what they are, and what a
// person is shown to leave is what leaves.
type echoes []echo

type echo struct {
	kind  guard.Type
	value string
}

const (
	shortestEcho = 3 // bytes
	leastDigits  = 6 // of a number that is also looked for without the signs between its digits
	longestTail  = 2 // letters that may follow a word, as in "Annas"
)

// add takes a value into account.
func (e *echoes) add(t guard.Type, value string) {
	e.put(echo{t, value})
	if bare := guard.Canonical(t, value); len(bare) >= leastDigits && strings.Trim(bare, "0123456789") == "" {
		e.put(echo{t, bare})
	}
}

func (e *echoes) put(x echo) {
	if len(x.value) >= shortestEcho && !slices.ContainsFunc(*e, func(y echo) bool { return y.value == x.value }) {
		*e = append(*e, x)
		slices.SortStableFunc(*e, func(a, b echo) int { return cmp.Compare(len(b.value), len(a.value)) })
	}
}

// find adds where the values stand in a text to the findings in it, where none of them stands. Within the words of a model (loose) a number needs no edge.
func (e echoes) find(findings []guard.Finding, text string, loose bool) []guard.Finding {
	own, next := len(findings), 0
	for i := 0; i < len(text) && len(e) > 0; {
		end := len(text)
		if next < own {
			end = findings[next].Start
			if i >= end {
				i = max(i, findings[next].End)
				next++
				continue
			}
		}
		x := slices.IndexFunc(e, func(x echo) bool {
			return strings.HasPrefix(text[i:end], x.value) && (loose && x.kind != guard.Person && x.kind != guard.Address || apart(text, i, i+len(x.value)))
		})
		if x < 0 {
			i++
			continue
		}
		findings = append(findings, guard.Finding{Type: e[x].kind, Start: i, End: i + len(e[x].value), Confidence: guard.Medium})
		i += len(e[x].value)
	}
	slices.SortFunc(findings, func(a, b guard.Finding) int { return a.Start - b.Start })
	return findings
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
