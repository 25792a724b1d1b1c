package value

import (
	"math"
	"strconv"
	"strings"
)

// Scale is what a bare number says about the part of full time.
type Scale string

// The scales. A cell with a sign of its own ("80 %", "30/38") means the same in each.
const (
	Auto    Scale = ""        // One or Percent, by what most cells of the column are
	One     Scale = "one"     // 1 is full time
	Percent Scale = "percent" // 100 is full time
	Hours   Scale = "hours"   // hours a week, of a number of hours that is full time
)

// Most is the most that a part of full time may be, in thousandths.
const Most = 3000

// FTE reads a part of full time in thousandths: "80 %", "0,8", "1.0", "38/38", "4/5", "voltijds". fullHours is full time in hours a week,
// for the scale Hours. Not understood are what is more than Most or less than nothing, and numbers of the other scale: 80 where 1 is
// full time, 0,8 where 100 is.
func FTE(cell string, scale Scale, fullHours float64) (thousandths int, ok bool) {
	v, bare, ok := part(cell)
	if !ok {
		return 0, false
	}
	if bare {
		switch scale {
		case Percent:
			if v > 0 && v <= 1.5 {
				return 0, false
			}
			v /= 100
		case Hours:
			if fullHours <= 0 {
				return 0, false
			}
			v /= fullHours
		case Auto, One:
		}
	}
	t := int(math.Round(min(v, 1e6) * 1000))
	return t, t <= Most
}

// ScaleOf returns what most bare numbers of a column are; One where there are none.
func ScaleOf(cells func(yield func(string) bool)) Scale {
	one, percent := 0, 0
	for c := range cells {
		v, bare, ok := part(c)
		switch {
		case !ok || !bare || v == 0:
		case v > 3:
			percent++
		default:
			one++
		}
	}
	if percent > one {
		return Percent
	}
	return One
}

// part reads a number, and whether it has no sign of its own.
func part(cell string) (v float64, bare, ok bool) {
	s := strings.TrimSpace(cell)
	if s == "" || len(s) > 40 {
		return 0, false, false
	}
	if c := s[0]; c != '.' && c != ',' && (c < '0' || c > '9') {
		return words(s)
	}
	if of, found := strings.CutSuffix(s, "%"); found {
		v, ok = decimal(of)
		return v / 100, false, ok
	}
	if a, b, found := strings.Cut(s, "/"); found {
		v, ok = decimal(a)
		whole, okWhole := decimal(strings.TrimSuffix(strings.TrimSuffix(strings.TrimSpace(b), "de"), "e"))
		if !ok || !okWhole || whole == 0 {
			return 0, false, false
		}
		return v / whole, false, true
	}
	for _, unit := range []string{"VTE", "vte", "FTE", "fte", "ETP", "etp", "VZÄ", "vzä"} {
		if of, found := strings.CutSuffix(s, unit); found {
			v, ok = decimal(of)
			return v, false, ok
		}
	}
	v, ok = decimal(s)
	return v, true, ok
}

func words(s string) (v float64, bare, ok bool) {
	switch Fold(s) {
	case "voltijds", "voltijd", "vt", "temps plein", "full time", "fulltime", "vollzeit":
		return 1, false, true
	case "halftijds", "halftijd", "mi temps", "half time", "halbtags":
		return 0.5, false, true
	}
	return 0, false, false
}

// decimal reads a number with a decimal comma or point, without a sign and without separators of thousands.
func decimal(s string) (float64, bool) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > 20 {
		return 0, false
	}
	seen := 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] >= '0' && s[i] <= '9':
		case s[i] == '.' || s[i] == ',':
			seen++
		default:
			return 0, false
		}
	}
	if seen > 1 || len(s) == seen {
		return 0, false
	}
	v, err := strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64)
	return v, err == nil
}
