package linkage

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// letters that have no decomposition but a usual spelling without signs.
var plain = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "ı", "i", "’", "'", "‘", "'", "`", "'", "–", "-", "—", "-")

// fold returns s in small letters without accents, with single spaces, and in compatible forms ("ﬁ" is "fi").
func fold(s string) string {
	simple := true
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= utf8.RuneSelf || c < ' ' || c == 127 || c >= 'A' && c <= 'Z' || c == '`' {
			simple = false
			break
		}
	}
	if !simple {
		s = norm.NFKD.String(strings.ToLower(norm.NFKD.String(strings.ToValidUTF8(s, ""))))
		s = strings.Map(func(r rune) rune {
			switch {
			case unicode.Is(unicode.M, r) || unicode.Is(unicode.Cf, r):
				return -1
			case unicode.IsControl(r):
				return ' '
			}
			return unicode.ToLower(r)
		}, s)
		s = norm.NFKD.String(plain.Replace(s))
	}
	return strings.Join(strings.Fields(s), " ")
}

// letters returns the pieces of a folded text that are made of letters and digits.
func pieces(folded string) []string {
	return strings.FieldsFunc(folded, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// sound writes a folded Dutch name as it sounds, so that spellings of one name fall together: "Dhaese" and "D'Haeze", "Kerckhove" and
// "Kerkhove". It is for blocking, not for comparing.
func sound(name string) string {
	b := make([]byte, 0, len(name))
	for i := 0; i < len(name); i++ {
		c := name[i]
		next := byte(0)
		if i+1 < len(name) {
			next = name[i+1]
		}
		switch c {
		case 'a', 'e', 'i', 'o', 'u', 'y':
			if i == 0 {
				b = append(b, 'a')
			}
			continue
		case 'h':
			continue
		case 'c':
			if next == 'e' || next == 'i' || next == 'y' {
				c = 's'
			} else {
				c = 'k'
			}
		case 'q':
			c = 'k'
		case 'x':
			b = append(b, 'k')
			c = 's'
		case 'z':
			c = 's'
		case 'v', 'w':
			c = 'f'
		case 'p':
			if next == 'h' {
				c = 'f'
			}
		case 'd':
			c = 't'
		case 'j', 'g':
			c = 'g'
		}
		if c < 'a' || c > 'z' || len(b) > 0 && b[len(b)-1] == c {
			continue
		}
		b = append(b, c)
	}
	return string(b)
}
