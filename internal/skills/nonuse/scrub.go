package nonuse

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What may point to a person in a note.
const (
	seesMail     = "mail"
	seesPhone    = "phone"
	seesNational = "national"
	seesNumber   = "number" // a long one, such as a staff number
	seesName     = "name"   // of the list of invitations
)

var (
	// mailLike is a mail address as people write one in a text; also with "(at)".
	mailLike = regexp.MustCompile(`(?i)[^\s@<>()\[\],;:"]+\s?(?:@|\(at\)|\[at\])\s?[^\s@<>()\[\],;:"]+\.[a-z]{2,}`)
	// phoneLike is digits with what people put between those of a number; phones begin with + or 0.
	phoneLike = regexp.MustCompile(`(?:\+|\b0)[0-9](?:[0-9]|[ ./()\-\x{00a0}\x{2011}]{1,3}[0-9])+`)
	// numberLike is five digits or more without anything between them: thousands are written with a point or a space.
	numberLike = regexp.MustCompile(`[0-9]{5,}`)
)

// leastPhone is how many digits a telephone number has at least.
const leastPhone = 8

// pointsTo returns what in a text may point to a person: one of the constants above, or "" when nothing does. Names are those of
// who was invited.
func (s *Service) pointsTo(text string, names []string) string {
	switch {
	case mailLike.MatchString(text):
		return seesMail
	case s.National.Holds(text):
		return seesNational
	case hasPhone(text):
		return seesPhone
	case numberLike.MatchString(text):
		return seesNumber
	case hasName(text, names):
		return seesName
	}
	return ""
}

func hasPhone(text string) bool {
	for _, found := range phoneLike.FindAllString(text, -1) {
		if n := strings.IndexFunc(found, unicode.IsDigit); n >= 0 && digits(found) >= leastPhone {
			return true
		}
	}
	return false
}

func digits(s string) (n int) {
	for _, r := range s {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// leastName is how many letters a part of a name has at least to be looked for by itself.
const leastName = 4

// hasName tells whether a text has a name, or a part of one that is written with a capital.
func hasName(text string, names []string) bool {
	all := words(text)
	known, small := map[string]bool{}, map[string]bool{}
	for _, w := range all {
		known[w], small[strings.ToLower(w)] = true, true
	}
	for _, name := range names {
		parts := words(name)
		whole := len(parts) > 1
		for _, p := range parts {
			first, _ := utf8.DecodeRuneInString(p)
			if utf8.RuneCountInString(p) >= leastName && unicode.IsUpper(first) && known[p] {
				return true
			}
			whole = whole && small[strings.ToLower(p)]
		}
		if whole && strings.Contains(strings.ToLower(strings.Join(all, " ")), strings.ToLower(strings.Join(parts, " "))) {
			return true
		}
	}
	return false
}

// words cuts a text in words of letters, with the dashes and apostrophes within them.
func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && r != '-' && r != '’' && r != '\'' })
}
