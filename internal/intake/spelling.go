package intake

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// spellings is a set of cells that mean the same.
type spellings map[string]bool

// DefaultMissing returns the cells that mean "nothing here" when the mapping does not say otherwise. The empty cell
// and white space alone always do.
func DefaultMissing() []string { return []string{"NA", "N/A", "#N/A", "-", "."} }

func newSpellings(list []string) spellings {
	s := spellings{"": true}
	for _, m := range list {
		s[strings.TrimSpace(m)] = true
	}
	return s
}

func (s spellings) has(trimmed string) bool { return s[trimmed] }

// trimmed returns a cell composed (NFC) and without white space or marks of byte order around it.
func trimmed(s string) string {
	return strings.TrimFunc(norm.NFC.String(s), func(r rune) bool {
		return unicode.IsSpace(r) || r == '\uFEFF' || r == '\u200B'
	})
}

// caseless returns the key under which spellings meet that differ only in capitals, composition or the width of
// white space.
func caseless(s string) string {
	return cases.Fold().String(strings.Join(strings.Fields(trimmed(s)), " "))
}

// unaccented is caseless without accents.
func unaccented(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(caseless(s)))
}

// lettersOnly is unaccented without anything but letters and digits.
func lettersOnly(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, unaccented(s))
}

// runes of a text that take part in a comparison by distance
const distanceLength = 120

// distance returns the number of letters to insert, delete, replace or swap with their neighbour to come from a to b
// (the restricted Damerau-Levenshtein distance), or a number above limit as soon as it exceeds it.
func distance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	x, y = x[:min(len(x), distanceLength)], y[:min(len(y), distanceLength)]
	if max(len(x)-len(y), len(y)-len(x)) > limit {
		return limit + 1
	}
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			d := min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				d = min(d, before[j-2]+1)
			}
			row[j] = d
			least = min(least, d)
		}
		if least > limit {
			return limit + 1
		}
		before, last, row = last, row, before
	}
	return last[len(y)]
}

// candidate is a text that a cell may have meant.
type candidate struct {
	key   string // unaccented
	shown string
}

// nearest returns what a cell probably meant, or "": at most a third of its letters may differ.
func nearest(cell string, candidates []candidate) string {
	key := unaccented(cell)
	best, shown := max(1, min(len([]rune(key)), distanceLength)/3)+1, ""
	if len([]rune(key)) < 2 {
		best = 1
	}
	for _, c := range candidates {
		if d := distance(key, c.key, best-1); d < best {
			best, shown = d, c.shown
		}
	}
	return shown
}
