package chart

import (
	"strings"
	"unicode/utf8"
)

// unknownAdvance stands for characters outside the table: as wide as the widest capital, so that a guess errs wide.
const unknownAdvance = 900

// textWidth returns the approximate width of s at a font size, in the unit of size.
func textWidth(s string, size float64, bold bool) float64 {
	table := &regularAdvance
	if bold {
		table = &boldAdvance
	}
	sum := 0
	for _, r := range s {
		switch {
		case r >= ' ' && int(r-' ') < len(table):
			sum += int(table[r-' '])
		case punctuationAdvance(r) > 0:
			sum += int(punctuationAdvance(r))
		case r < ' ' || r == 0x00ad || r == 0x200b:
		default:
			sum += unknownAdvance
		}
	}
	return float64(sum) / 1000 * size
}

// wrapText breaks s into lines no wider than width. A word that is wider than a line is cut with a hyphen.
func wrapText(s string, width, size float64, bold bool) []string {
	fits := func(t string) bool { return textWidth(t, size, bold) <= width }
	var lines []string
	line := ""
	for _, word := range strings.FieldsFunc(s, breaksLine) {
		if line != "" && fits(line+" "+word) {
			line += " " + word
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for !fits(word) {
			head, tail := cutWord(word, fits)
			lines = append(lines, head)
			word = tail
		}
		line = word
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// Lines breaks words into lines no wider than width, as charts do it. Width and size have the same unit.
func Lines(words string, width, size float64, bold bool) []string {
	return wrapText(plain(words), width, size, bold)
}

// breaksLine says where a line may break: at spaces, but not at no-break spaces ("54 %" stays together).
func breaksLine(r rune) bool { return r == ' ' || r == '\n' || r == '\t' || r == '\r' }

// cutWord splits a word after the longest head that fits with a hyphen; at least one character goes to the head and at
// least one to the tail, or everything when only one character is left.
func cutWord(word string, fits func(string) bool) (head, tail string) {
	_, n := utf8.DecodeRuneInString(word)
	end := n
	for i := range word {
		if i <= n {
			continue
		}
		if !fits(word[:i] + "-") {
			break
		}
		end = i
	}
	if end >= len(word) {
		return word, ""
	}
	return word[:end] + "-", word[end:]
}

// plain removes control characters, which XML does not allow, and surrounding space.
func plain(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case r < ' ' || (r >= 0x7f && r < 0xa0) || r == 0xfffe || r == 0xffff || r == utf8.RuneError:
			return -1
		}
		return r
	}, s))
}
