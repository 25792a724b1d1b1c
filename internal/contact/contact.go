// Package contact brings what identifies a person in lists and forms (mail address, staff number) in its one form, so that two
// people who write the same write the same.
package contact

import (
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// LongestMail is the longest mail address, in bytes (RFC 5321, section 4.5.3.1.3).
const LongestMail = 254

// Mail returns a mail address in small letters, and whether it is one: a bare addr-spec of RFC 5322 with a domain
// that has a dot.
func Mail(s string) (string, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	if s == "" || len(s) > LongestMail || !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }) {
		return "", false
	}
	a, err := mail.ParseAddress(s)
	if err != nil || a.Name != "" || a.Address != s {
		return "", false
	}
	at := strings.LastIndexByte(s, '@')
	local, domain := s[:at], s[at+1:]
	if local == "" || len(local) > 64 || strings.Contains(local, `"`) || !strings.Contains(domain, ".") || strings.HasPrefix(domain, "[") ||
		strings.HasPrefix(domain, ".") || strings.HasSuffix(domain, ".") {
		return "", false
	}
	return s, true
}

// LongestNumber is the longest staff number, in characters.
const LongestNumber = 40

// Number returns a staff number without spaces and in capitals, so that "ab 12" and "AB12" are one. Leading zeros stay: they tell
// numbers apart.
func Number(s string) string { return strings.ToUpper(strings.Join(strings.Fields(Line(s)), "")) }

// Line returns s in composed form, without control characters and signs that nobody sees, and with single spaces.
func Line(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return ' '
		}
		return r
	}, norm.NFC.String(strings.ToValidUTF8(s, "")))
	return strings.Join(strings.Fields(s), " ")
}
