package record

import (
	"strings"
	"unicode"
)

// clean returns a text without what cannot be read or would mislead who reads it: control characters but for line ends
// and tabs, and marks that turn the direction of writing. Line ends become one kind; white space around goes.
func clean(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.Map(func(c rune) rune {
		switch {
		case c == '\r' || c == '\u2028' || c == '\u2029':
			return '\n'
		case c == '\n' || c == '\t':
			return c
		case unicode.IsControl(c), c >= '\u202a' && c <= '\u202e', c >= '\u2066' && c <= '\u2069':
			return -1
		}
		return c
	}, s)
	return strings.TrimSpace(s)
}
