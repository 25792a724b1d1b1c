package national

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Spelling is how a number was written, which says how sure it is that it is one.
type Spelling uint8

// The spellings.
const (
	Written Spelling = iota + 1 // with signs between the groups of digits, as on a card: 85.07.30-033.28
	Bare                        // all digits in one piece
	Short                       // as a number that lost its leading zeros
)

// Match is a number that a cell may hold.
type Match struct {
	Number   Number
	Spelling Spelling
}

// Recognise returns the national number that a cell is, in whatever spelling, and whether it may be one. A Short number and a
// BSN pass by chance too often to be believed on their own; see Judge. A cell with other text around a number is none; see
// Find.
func Recognise(cell string) (Match, bool) {
	b := digitsOf(cell)
	be, isBelgian := b.belgian()
	if isBelgian && be.Spelling != Short {
		return be, true
	}
	if nl, ok := b.dutch(); ok {
		return nl, true
	}
	return be, isBelgian
}

// RecogniseBelgian returns the rijksregisternummer or bisnummer that a cell is.
func RecogniseBelgian(cell string) (Match, bool) { return digitsOf(cell).belgian() }

// RecogniseDutch returns the burgerservicenummer that a cell is.
func RecogniseDutch(cell string) (Match, bool) { return digitsOf(cell).dutch() }

// most digits that are looked at, and most groups
const (
	maxDigits = 13
	maxGroups = 5
)

// spelled is the digits of a cell and the groups in which they stand; groups is 0 for a cell with anything else.
type spelled struct {
	value  uint64
	digits int
	sizes  [maxGroups]uint8
	groups int
	zero   bool // the first digit is a zero
}

// digitsOf takes a cell apart that has digits and the signs between them only.
func digitsOf(cell string) spelled {
	s := strings.Trim(cell, " \t\r\n\u00a0\u202f'\"=")
	if len(s) < 5 || len(s) > 40 {
		return spelled{}
	}
	var g spelled
	between := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= '0' && c <= '9' {
			if g.groups == 0 || between > 0 {
				if g.groups == maxGroups {
					return fromNumber(s)
				}
				g.groups++
			}
			if g.digits == 0 {
				g.zero = c == '0'
			}
			if g.digits++; g.digits > maxDigits {
				return fromNumber(s)
			}
			g.sizes[g.groups-1]++
			g.value = g.value*10 + uint64(c-'0')
			between = 0
			i++
			continue
		}
		size := separator(s[i:])
		if between++; size == 0 || between > 3 || g.groups == 0 {
			return fromNumber(s)
		}
		i += size
	}
	if between > 0 {
		return spelled{}
	}
	if g.groups == 2 && s[g.sizes[0]] == '.' && strings.Trim(s[g.sizes[0]+1:], "0") == "" {
		return fromNumber(s) // 85073003328.0
	}
	return g
}

// separator returns the length of the sign between groups that s begins with, or 0.
func separator(s string) int {
	switch s[0] {
	case ' ', '.', '-', '/', '_':
		return 1
	}
	if s[0] < utf8.RuneSelf {
		return 0
	}
	switch r, n := utf8.DecodeRuneInString(s); r {
	case '\u00a0', '\u202f', '\u2009', '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2212', '\u00b7':
		return n
	}
	return 0
}

// fromNumber reads what programs make of a long number: 85073003328.0, 85073003328,00 and 8.5073003328E+10.
func fromNumber(s string) spelled {
	if strings.IndexByte("0123456789", s[0]) < 0 {
		return spelled{}
	}
	point := strings.IndexAny(s, ".,")
	exp := strings.IndexAny(s, "eE")
	switch {
	case point > 0 && exp < 0:
		if strings.Trim(s[point+1:], "0") != "" {
			return spelled{}
		}
		s = s[:point]
	case point == 1 && exp > 2:
		n, err := strconv.Atoi(strings.TrimPrefix(s[exp+1:], "+"))
		if err != nil || n > maxDigits || n < exp-point-1 || n < 4 {
			return spelled{} // the last digits are lost
		}
		s = s[:1] + s[2:exp] + strings.Repeat("0", n-(exp-point-1))
	default:
		return spelled{}
	}
	v, err := strconv.ParseUint(s, 10, 64)
	if err != nil || len(s) > maxDigits || len(s) < 5 {
		return spelled{}
	}
	return spelled{value: v, digits: len(s), sizes: [maxGroups]uint8{uint8(len(s))}, groups: 1, zero: s[0] == '0'}
}

// the groups in which people write the numbers
var ( //nolint:gochecknoglobals // constants
	belgianGroups = [][maxGroups]uint8{{2, 2, 2, 3, 2}, {6, 3, 2}, {6, 5}, {9, 2}, {2, 2, 2, 5}, {4, 2, 2, 3, 2}}
	dutchGroups   = [][maxGroups]uint8{{3, 3, 3}, {4, 2, 3}, {2, 2, 2, 3}}
)

// belgianShape tells whether a cell is written as a Belgian number, whatever its check digits.
func (g spelled) belgianShape() (Spelling, bool) {
	switch {
	case g.groups == 1 && g.digits == 11:
		return Bare, true
	case g.groups == 1 && g.digits >= 5 && g.digits <= 10 && !g.zero:
		return Short, true
	case g.groups > 1 && slices.Contains(belgianGroups, g.sizes):
		return Written, true
	}
	return 0, false
}

func (g spelled) belgian() (Match, bool) {
	how, ok := g.belgianShape()
	if !ok {
		return Match{}, false
	}
	v := g.value
	if g.digits == 13 { // the year in four digits
		century := v / 1e11
		v %= 1e11
		n, ok := belgian(v)
		born2000 := ok && v%100 != 97-v/100%97
		return Match{n, how}, ok && (century == 20) == born2000 && (century == 19 || century == 20)
	}
	n, ok := belgian(v)
	return Match{n, how}, ok
}

// dutchShape tells whether a cell is written as a Dutch number, whatever its check digit.
func (g spelled) dutchShape() (Spelling, bool) {
	switch {
	case g.groups == 1 && g.digits == 9:
		return Bare, true
	case g.groups == 1 && g.digits == 8 && !g.zero:
		return Short, true
	case g.groups > 1 && slices.Contains(dutchGroups, g.sizes):
		return Written, true
	}
	return 0, false
}

func (g spelled) dutch() (Match, bool) {
	how, ok := g.dutchShape()
	if !ok {
		return Match{}, false
	}
	n, ok := dutch(g.value)
	return Match{n, how}, ok
}
