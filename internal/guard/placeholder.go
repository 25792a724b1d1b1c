package guard

import (
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Labels is the words of placeholders in one language: PERSOON in [PERSOON-1]. They are capitals of ASCII without signs.
type Labels map[Type]string

// placeholder is a placeholder as it was read in a text.
type placeholder struct {
	kind    Type
	number  int
	variant byte // 'b' in [PERSOON-1b], 0 for the first spelling
	end     int
}

// label is a word of placeholders in whatever language.
type label struct {
	word string // small letters
	kind Type
}

// allLabels is the words of placeholders of all languages by their first letter, the longest first: a model that answers in French may turn
// [PERSOON-1] into [PERSONNE-1].
var allLabels = sync.OnceValue(func() *[26][]label {
	var list []label
	for _, lang := range languages() {
		for t, w := range LabelsOf(lang) {
			l := label{strings.ToLower(w), t}
			if !slices.Contains(list, l) {
				list = append(list, l)
			}
		}
	}
	slices.SortFunc(list, func(a, b label) int {
		if len(a.word) != len(b.word) {
			return len(b.word) - len(a.word)
		}
		return strings.Compare(a.word+string(a.kind), b.word+string(b.kind))
	})
	var byLetter [26][]label
	for _, l := range list {
		byLetter[l.word[0]-'a'] = append(byLetter[l.word[0]-'a'], l)
	}
	return &byLetter
})

// maxPlaceholder is the longest text that can be a placeholder, in bytes.
const maxPlaceholder = 64

// readPlaceholder reads a placeholder at an index: "[PERSOON-1]", with other case, with "**", "__", "`" or "\" inside the brackets, with another dash
// or a space; without brackets only as "PERSOON-1". Edge tells whether a placeholder without brackets must stand apart from letters and digits. More
// says that it could become one when the text goes on.
func readPlaceholder(text string, i int, edge, final bool) (p placeholder, ok, more bool) {
	r := placeholderReader{text: text, at: i}
	escaped := r.take("\\")
	bracket := r.take("[")
	if escaped && !bracket {
		return p, false, r.at == len(text) && !final
	}
	for bracket && (r.take("*") || r.take("_") || r.take("`")) {
	}
	kind, upper, partly := r.label()
	if kind == "" {
		return p, false, !final && (partly || r.at == len(text))
	}
	p.kind = kind
	dash := r.dash(bracket)
	if !dash {
		return p, false, !final && (r.partlyDash() || partly)
	}
	digits := r.at
	for r.at < len(text) && isDigit(text[r.at]) && r.at-digits < 5 {
		r.at++
	}
	n, err := strconv.Atoi(text[digits:r.at])
	if err != nil || n == 0 || text[digits] == '0' {
		return p, false, !final && r.at == len(text)
	}
	p.number = n
	if r.at < len(text) && text[r.at]|0x20 >= 'b' && text[r.at]|0x20 <= 'z' && isLetter(rune(text[r.at])) {
		p.variant = text[r.at] | 0x20
		r.at++
	}
	if !bracket {
		if r.at == len(text) && !final {
			return p, false, true
		}
		p.end = r.at
		if edge && (!apart(text, i, r.at) || !upper) {
			return p, false, false
		}
		return p, upper, false
	}
	for r.take("*") || r.take("_") || r.take("`") {
	}
	if escaped && !r.take("\\") {
		return p, false, !final && r.at == len(text)
	}
	if !r.take("]") {
		return p, false, !final && r.at == len(text)
	}
	p.end = r.at
	return p, true, false
}

// apart tells whether no letter or digit touches a piece of text.
func apart(text string, from, to int) bool {
	word := func(c byte) bool {
		return isDigit(c) || isLetter(rune(c)) && c < 0x80 || c >= 0x80 || c == '-' || c == '_'
	}
	return (from == 0 || !word(text[from-1]) || text[from-1] == '_') && (to == len(text) || !word(text[to]) || text[to] == '_' || text[to] == '-')
}

type placeholderReader struct {
	text string
	at   int
}

func (r *placeholderReader) take(sign string) bool {
	if strings.HasPrefix(r.text[r.at:], sign) {
		r.at += len(sign)
		return true
	}
	return false
}

// label reads the word of a placeholder; upper tells whether it is in capitals, partly whether the text ends within one.
func (r *placeholderReader) label() (kind Type, upper, partly bool) {
	rest := r.text[r.at:]
	if rest == "" || !isLetter(rune(rest[0])) || rest[0] >= 0x80 {
		return "", false, rest == ""
	}
	for _, l := range allLabels()[rest[0]|0x20-'a'] {
		n := min(len(rest), len(l.word))
		same, caps := true, true
		for k := 0; k < n && same; k++ {
			c := rest[k]
			if isCapital(c) {
				c |= 0x20
			} else {
				caps = false
			}
			same = c == l.word[k]
		}
		switch {
		case !same:
		case n < len(l.word):
			partly = true
		default:
			r.at += n
			return l.kind, caps, partly // a longer word may still come
		}
	}
	return "", false, partly
}

// dashes is what may stand between the word and the number of a placeholder.
func dashes() []string { return []string{"-", "\\-", "‑", "–", "−", "_", "\\_", " "} }

func (r *placeholderReader) dash(bracket bool) bool {
	for _, d := range dashes() {
		if (bracket || d == "-" || d == "‑") && r.take(d) {
			return true
		}
	}
	return false
}

// partlyDash tells whether the text ends before or within what stands between word and number.
func (r *placeholderReader) partlyDash() bool {
	rest := r.text[r.at:]
	return len(rest) < 3 && slices.ContainsFunc(dashes(), func(d string) bool { return strings.HasPrefix(d, rest) })
}
