package intake

import (
	"math"
	"strconv"
	"strings"
)

// parseNumber reads a number with a decimal point or comma, and an exponent if need be. White space around it does not
// count. There is no room for thousands separators: "1.234" is a little more than one, and "1.234,5" is refused,
// because nobody can tell what a single separator means. It returns NaN and false for anything else.
func parseNumber(cell string) (float64, bool) {
	s := strings.TrimSpace(cell)
	digits, separators := 0, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c == '.' || c == ',':
			separators++
		case c == '-' || c == '+':
			if i > 0 && s[i-1] != 'e' && s[i-1] != 'E' {
				return math.NaN(), false
			}
		case c == 'e' || c == 'E':
			if digits == 0 {
				return math.NaN(), false
			}
		default:
			return math.NaN(), false
		}
	}
	if digits == 0 || separators > 1 || len(s) > 64 {
		return math.NaN(), false
	}
	v, err := strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64)
	if err != nil || math.IsInf(v, 0) {
		return math.NaN(), false
	}
	return v + 0, true // -0 and 0 are one
}

// numberText writes a number so that parseNumber gives the same number back, the shortest way that people write.
func numberText(v float64) string {
	format := byte('f')
	if a := math.Abs(v); a >= 1e15 || a > 0 && a < 1e-6 {
		format = 'g'
	}
	return strconv.FormatFloat(v+0, format, -1, 64)
}

// numberKey returns the shortest way to write the number that a cell holds, so that 4, 4.0 and 4,0 meet.
func numberKey(cell string) (string, bool) {
	v, ok := parseNumber(cell)
	if !ok {
		return "", false
	}
	return numberText(v), true
}
