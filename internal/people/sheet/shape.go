package sheet

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"tekentafel/internal/national"
)

// Shape is what a cell looks like.
type Shape string

// The shapes.
const (
	ShapeEmpty   Shape = ""
	ShapeInteger Shape = "integer" // digits only, with or without a sign; may well be a code
	ShapeDecimal Shape = "decimal" // with a decimal point or comma
	ShapePercent Shape = "percent"
	ShapeDate    Shape = "date"   // a day in any order, with or without a time: 29/11/2026, 2026-11-29, 20261129 is an integer
	ShapeSerial  Shape = "serial" // an integer that a spreadsheet may count a day by (1927 to 2064); only of columns
	ShapeMail    Shape = "mail"
	ShapeHash    Shape = "hash" // of a national number
	ShapeCode    Shape = "code" // letters and digits without a space: A1b, BUR-12
	ShapeFlag    Shape = "flag" // yes or no, in a word or a letter
	ShapeText    Shape = "text"
)

// shapeOf returns what a cell looks like.
func shapeOf(cell string) Shape {
	s := strings.TrimSpace(cell)
	if s == "" {
		return ShapeEmpty
	}
	if c := s[0]; c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.' || c == ',' {
		if shape := numberShape(s); shape != ShapeText {
			return shape
		}
	}
	if at := strings.IndexByte(s, '@'); at > 0 && at == strings.LastIndexByte(s, '@') && strings.IndexByte(s[at:], '.') > 0 && !strings.ContainsAny(s, " \t;,") {
		return ShapeMail
	}
	if len(s) <= 6 && isFlag(s) {
		return ShapeFlag
	}
	if strings.HasPrefix(s, national.HashPrefix) && national.IsHash(s) {
		return ShapeHash
	}
	digits := false
	for _, r := range s {
		if unicode.IsSpace(r) || r > unicode.MaxASCII {
			return ShapeText
		}
		digits = digits || r >= '0' && r <= '9'
	}
	if digits && len(s) <= 24 {
		return ShapeCode
	}
	return ShapeText
}

// numberShape returns what a text looks like that begins as a number does; ShapeText for anything else.
func numberShape(s string) Shape {
	percent := strings.HasSuffix(s, "%")
	if percent {
		s = strings.TrimRight(strings.TrimSuffix(s, "%"), " \u00a0")
	}
	var digits, points, dashes, slashes, colons, others int
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '.', ',':
			points++
		case '-':
			if i > 0 {
				dashes++
			}
		case '+':
			if i > 0 {
				others++
			}
		case '/':
			slashes++
		case ':':
			colons++
		case ' ', 'T', 'Z':
		default:
			if c < '0' || c > '9' {
				others++
			} else {
				digits++
			}
		}
	}
	switch {
	case digits == 0 || others > 0:
		return ShapeText
	case isDate(s):
		return ShapeDate
	case dashes+slashes+colons > 0 || strings.ContainsAny(s, " TZ"):
		return ShapeText
	case percent && points <= 1:
		return ShapePercent
	case points == 0:
		return ShapeInteger
	case points == 1:
		return ShapeDecimal
	}
	return ShapeText
}

// isDate tells whether a text begins with a day: two or four digits, then one or two, then two or four, or the other way round.
func isDate(s string) bool {
	var parts, sizes [3]int
	part := 0
	var sign byte
	i := 0
	for ; i < len(s); i++ {
		c := s[i]
		if c >= '0' && c <= '9' {
			if sizes[part]++; sizes[part] > 4 {
				return false
			}
			parts[part] = parts[part]*10 + int(c-'0')
			continue
		}
		if part == 2 || sign != 0 && c != sign || c != '-' && c != '/' && c != '.' {
			break
		}
		sign = c
		part++
	}
	if part != 2 || i < len(s) && s[i] != ' ' && s[i] != 'T' {
		return false
	}
	year, month, day := 2, 1, 0
	if sizes[0] == 4 {
		year, day = 0, 2
	}
	if sizes[year] != 4 && sizes[year] != 2 || sizes[1] == 0 || sizes[1] > 2 || sizes[day] == 0 || sizes[day] > 2 {
		return false
	}
	a, b := parts[month], parts[day]
	return a >= 1 && b >= 1 && a <= 31 && b <= 31 && (a <= 12 || b <= 12)
}

func isFlag(s string) bool {
	switch strings.ToLower(s) {
	case "ja", "nee", "neen", "j", "n", "x", "oui", "non", "o", "yes", "no", "y", "true", "false", "waar", "onwaar", "vrai", "faux", "nein":
		return true
	}
	return false
}

func allDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// isLabel tells whether a cell could be a heading: a short text with letters that is no value of some other shape.
func isLabel(cell string) bool {
	s := strings.TrimSpace(cell)
	if s == "" || len(s) > 120 || utf8.RuneCountInString(s) > 80 || !strings.ContainsFunc(s, unicode.IsLetter) {
		return false
	}
	switch shapeOf(s) {
	case ShapeText, ShapeCode:
	case ShapeFlag:
		return len(s) > 1
	default:
		return false
	}
	return !strings.HasSuffix(s, ":")
}

// maxSerial and minSerial bound the days that are read out of numbers: 1 January 1927 to 31 December 2064.
const (
	minSerial = 9863
	maxSerial = 60267
)

// isSerial tells whether a cell may be a day as a spreadsheet counts it, with or without a time behind the point.
func isSerial(cell string) bool {
	s := strings.TrimSpace(cell)
	whole, _, _ := strings.Cut(strings.Replace(s, ",", ".", 1), ".")
	if len(whole) < 4 || len(whole) > 5 || !allDigits(whole) || whole[0] == '0' {
		return false
	}
	n := 0
	for _, c := range whole {
		n = n*10 + int(c-'0')
	}
	return n >= minSerial && n <= maxSerial
}
