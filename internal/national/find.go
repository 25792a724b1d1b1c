package national

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Found is a number within a text: text[From:To].
type Found struct {
	From, To int
	Number   Number
}

// Find returns the national numbers in a text, in order and not overlapping: Belgian ones in the spellings Written and Bare,
// Dutch ones when the word BSN, burgerservicenummer or sofinummer stands before them. What stands against letters or further
// digits, as in an IBAN or a reference, is part of something longer and is passed over.
func Find(text string) []Found {
	if countDigits(text) < 8 {
		return nil
	}
	var list []Found
	for i := 0; i < len(text); {
		if !isDigit(text[i]) || i > 0 && inWord(text[:i]) {
			i++
			continue
		}
		f, ok := findAt(text, i)
		if !ok {
			for i < len(text) && isDigit(text[i]) { // the digits of one group
				i++
			}
			continue
		}
		list = append(list, f)
		i = f.To
	}
	return list
}

// findAt tries the texts that begin at i and end behind a digit, the longest first.
func findAt(text string, i int) (Found, bool) {
	var ends [maxGroups]int
	groups, digits, between := 0, 0, 1
	for j := i; j < len(text); {
		if isDigit(text[j]) {
			if between > 0 {
				if groups == maxGroups {
					break
				}
				groups++
			}
			between = 0
			if digits++; digits > maxDigits {
				break
			}
			j++
			ends[groups-1] = j
			continue
		}
		size := separator(text[j:])
		if between++; size == 0 || between > 3 {
			break
		}
		j += size
	}
	for groups > 0 {
		groups--
		to := ends[groups]
		if to == 0 { // its first digit was one too many
			continue
		}
		if to < len(text) && (isDigit(text[to]) || startsWord(text[to:])) {
			continue
		}
		g := digitsOf(text[i:to])
		if m, ok := g.belgian(); ok && m.Spelling != Short {
			return Found{i, to, m.Number}, true
		}
		if m, ok := g.dutch(); ok && saysDutch(text[:i]) {
			return Found{i, to, m.Number}, true
		}
	}
	return Found{}, false
}

// saysDutch tells whether the words just before a number name it.
func saysDutch(before string) bool {
	s := strings.ToLower(before[max(0, len(before)-32):])
	return strings.Contains(s, "bsn") || strings.Contains(s, "burgerservice") || strings.Contains(s, "sofi")
}

// Mask returns a text with "…" in the place of each national number, and how many there were.
func Mask(text string) (string, int) {
	found := Find(text)
	if len(found) == 0 {
		return text, 0
	}
	var b strings.Builder
	last := 0
	for _, f := range found {
		b.WriteString(text[last:f.From])
		b.WriteString("…")
		last = f.To
	}
	b.WriteString(text[last:])
	return b.String(), len(found)
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func countDigits(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		if isDigit(s[i]) {
			n++
		}
	}
	return n
}

// inWord tells whether a text ends within something longer: on a letter, or on a sign behind a digit.
func inWord(before string) bool {
	r, size := utf8.DecodeLastRuneInString(before)
	if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '+' {
		return true
	}
	return (r == '.' || r == '-' || r == '/' || r == '_') && len(before) > size && isDigit(before[len(before)-size-1])
}

func startsWord(after string) bool {
	r, _ := utf8.DecodeRuneInString(after)
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}
