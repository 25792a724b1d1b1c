package guard

import "unicode"

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isCapital(c byte) bool { return c >= 'A' && c <= 'Z' }

func isSmall(c byte) bool { return c >= 'a' && c <= 'z' }

// isLetter tells whether a rune is a letter of a word.
func isLetter(r rune) bool {
	if r < 0x80 {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	}
	return unicode.IsLetter(r)
}

func isUpper(r rune) bool {
	if r < 0x80 {
		return r >= 'A' && r <= 'Z'
	}
	return unicode.IsUpper(r) || unicode.IsTitle(r)
}

// isMark tells whether a rune is an accent that combines with the letter before.
func isMark(r rune) bool { return r >= 0x300 && unicode.Is(unicode.Mn, r) }

// isInvisible tells whether a rune takes no place: a soft hyphen, a joiner, a mark of direction or of byte order.
func isInvisible(r rune) bool {
	switch r {
	case 0xad, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2060, 0x2061, 0x2062, 0x2063, 0xfeff, 0x061c, 0x180e:
		return true
	}
	return false
}

// digitOf returns the value of a decimal digit of any script, or -1.
func digitOf(r rune) int {
	switch {
	case r < 0x80:
		if r >= '0' && r <= '9' {
			return int(r - '0')
		}
		return -1
	case r >= 0xff10 && r <= 0xff19: // fullwidth
		return int(r - 0xff10)
	case r >= 0x660 && r <= 0x669: // Arabic-Indic
		return int(r - 0x660)
	case r >= 0x6f0 && r <= 0x6f9: // Persian
		return int(r - 0x6f0)
	case r >= 0x966 && r <= 0x96f: // Devanagari
		return int(r - 0x966)
	case r >= 0x1d7ce && r <= 0x1d7ff: // mathematical
		return int(r-0x1d7ce) % 10
	}
	return -1
}

// gap is what stands between two groups of digits or two words.
type gap byte

const (
	noGap gap = iota
	spaceGap
	breakGap // a line break
	dotGap
	dashGap
	slashGap
	parenGap
	mixedGap // several signs
)

// gapOf returns which sign a rune is between groups of digits, noGap for none.
func gapOf(r rune) gap {
	switch r {
	case ' ', 0xa0, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200a, 0x202f, 0x205f, 0x3000:
		return spaceGap
	case '\n', '\r':
		return breakGap
	case '.', 0xb7, 0x2024, 0xff0e:
		return dotGap
	case '-', '_', 0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212, 0xff0d:
		return dashGap
	case '/', 0x2044, 0xff0f:
		return slashGap
	case '(', ')':
		return parenGap
	}
	return noGap
}
