// Package nationaltest makes national numbers that belong to nobody, for tests: Belgian ones with serial numbers that no day
// ever reached, Dutch ones of the series that is kept for tests.
package nationaltest

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// Belgian returns the eleven digits of a rijksregisternummer of somebody born between 1930 and 2009.
func Belgian(r *rand.Rand) string { return belgian(r, 0) }

// BIS returns the eleven digits of a bisnummer.
func BIS(r *rand.Rand) string { return belgian(r, 20+20*r.IntN(2)) }

func belgian(r *rand.Rand, more int) string {
	d := time.Date(1930, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, r.IntN(80*365))
	return Born(d.Year(), int(d.Month())+more, d.Day(), 900+r.IntN(99))
}

// Born returns the number with this date and serial number; the month may be raised by 20 or 40.
func Born(year, month, day, serial int) string {
	first := fmt.Sprintf("%02d%02d%02d%03d", year%100, month, day, serial)
	of := first
	if year >= 2000 {
		of = "2" + first
	}
	rest := 0
	for _, c := range of {
		rest = (rest*10 + int(c-'0')) % 97
	}
	return fmt.Sprintf("%s%02d", first, 97-rest)
}

// BSN returns nine digits that pass the elfproef.
func BSN(r *rand.Rand) string {
	for {
		s := fmt.Sprintf("9999%05d", r.IntN(100_000))
		sum := 0
		for i, c := range s[:8] {
			sum += (9 - i) * int(c-'0')
		}
		if (sum-int(s[8]-'0'))%11 == 0 {
			return s
		}
	}
}

// Spellings returns the ways in which people and programs write eleven digits.
func Spellings(n string) []string {
	list := []string{
		n, n[:2] + "." + n[2:4] + "." + n[4:6] + "-" + n[6:9] + "." + n[9:], n[:6] + "-" + n[6:9] + "-" + n[9:], n[:6] + " " + n[6:9] + " " + n[9:],
		n[:6] + "\u00a0" + n[6:9] + "\u00a0" + n[9:], n[:6] + "-" + n[6:], n[:9] + "-" + n[9:], n[:2] + "/" + n[2:4] + "/" + n[4:6] + " - " + n[6:9] + " - " + n[9:],
		n[:2] + "." + n[2:4] + "." + n[4:6] + "–" + n[6:9] + "." + n[9:], " " + n + " ", "'" + n, n + ".0",
	}
	if n[0] != '0' {
		list = append(list, n[:1]+"."+n[1:]+"E+10", n[:1]+"."+n[1:]+"e10")
	}
	return list
}
