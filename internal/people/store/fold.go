package store

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"tekentafel/internal/contact"
	"tekentafel/internal/people/org"
)

// fold returns s as it is searched and sorted: without capitals and accents, with one space in the place of whatever stands
// between words.
func fold(s string) string {
	if plain(s) {
		return strings.Join(strings.FieldsFunc(strings.ToLower(s), between), " ")
	}
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFKD.String(contact.Line(s)))
	return strings.Join(strings.FieldsFunc(norm.NFC.String(strings.ToLower(s)), between), " ")
}

// between tells whether a sign stands between words. What stands in a mail address or a number does not.
func between(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || r == '-' || r == '\'' || r == '’' || r == ','
}

func plain(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// searchText is what a person is found and sorted by: " peeters jan 12 jan@stad.be". Each word begins behind a space.
func searchText(p *org.Person) string {
	var b strings.Builder
	for _, part := range []string{p.Family, p.Given, p.Number, p.Mail} {
		if part = fold(part); part != "" {
			b.WriteByte(' ')
			b.WriteString(part)
		}
	}
	return b.String()
}

// searchPattern is what the text of a person who is meant by a word is LIKE.
func searchPattern(word string) string {
	return "% " + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(word) + "%"
}
