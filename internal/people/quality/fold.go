package quality

import (
	"hash/maphash"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// fold appends the words of s in small letters, without accents and with one space between them; all that is no letter or digit parts words.
func fold(dst []byte, s string) []byte {
	from := len(dst)
	gap := false
	put := func(r rune) {
		if gap && len(dst) > from {
			dst = append(dst, ' ')
		}
		gap = false
		dst = utf8.AppendRune(dst, unicode.ToLower(r))
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= utf8.RuneSelf:
			dst = dst[:from]
			return foldMarks(dst, s)
		case c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			put(rune(c))
		default:
			gap = true
		}
	}
	return dst
}

func foldMarks(dst []byte, s string) []byte {
	from := len(dst)
	gap := false
	for _, r := range norm.NFKD.String(strings.ToValidUTF8(s, " ")) { // the library leaves some letters whole behind broken ones
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if gap && len(dst) > from {
				dst = append(dst, ' ')
			}
			gap = false
			dst = utf8.AppendRune(dst, unicode.ToLower(r))
		default:
			gap = true
		}
	}
	return dst
}

// foldNumber appends a staff number in small letters without signs and leading zeros: programs that take it for a number lose them.
func foldNumber(dst []byte, s string) []byte {
	from := len(dst)
	dst = fold(dst, s)
	to := from
	for _, c := range dst[from:] {
		if c != ' ' && (c != '0' || to > from) {
			dst[to] = c
			to++
		}
	}
	return dst[:to]
}

// words returns the sum of the hashes of the words of a folded name, so that it is the same in any order.
func words(seed maphash.Seed, folded []byte) uint64 {
	var sum uint64
	from := 0
	for i := 0; i <= len(folded); i++ {
		if i == len(folded) || folded[i] == ' ' {
			if i > from {
				sum += maphash.Bytes(seed, folded[from:i])
			}
			from = i + 1
		}
	}
	return sum
}
