package identity

import (
	"encoding/base64"
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// fold returns s without capitals and accents, as it is searched and sorted.
func fold(s string) string {
	t := transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC)
	out, _, err := transform.String(t, s)
	if err != nil {
		out = s
	}
	return strings.ToLower(out)
}

// oneLine returns s in composed form, without control characters and with single spaces.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return ' '
		}
		return r
	}, norm.NFC.String(strings.ToValidUTF8(s, "")))
	return strings.Join(strings.Fields(s), " ")
}

// longestMail is the longest mail address, in bytes (RFC 5321, section 4.5.3.1.3).
const longestMail = 254

// NormalMail returns a mail address in small letters, and whether it is one: a bare addr-spec of RFC 5322 with a domain
// that has a dot.
func NormalMail(s string) (string, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	if s == "" || len(s) > longestMail || !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }) {
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

// longestNumber is the longest staff number, in characters.
const longestNumber = 40

// NormalNumber returns a staff number without spaces and in capitals, so that "ab 12" and "AB12" are one.
func NormalNumber(s string) string {
	return strings.ToUpper(strings.Join(strings.Fields(oneLine(s)), ""))
}

// tokenText writes random or keyed bytes so that they may stand in an address.
func tokenText(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
