package national

import (
	"encoding/base32"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// Kind says which number it is.
type Kind string

// The kinds of numbers.
const (
	Rijksregister Kind = "rijksregister"
	BIS           Kind = "bis"
	BSN           Kind = "bsn"
)

// Number is a national number that passed the check of its kind. It shows its digits to Digits alone; every other way to
// print, log or marshal it gives the kind.
type Number struct {
	kind   Kind
	digits uint64
}

// Kind returns which number it is.
func (n Number) Kind() Kind { return n.kind }

// Digits returns the number in its one form, 11 digits for Belgium and 9 for the Netherlands. Only for an organisation that
// recorded a legal basis to keep it.
func (n Number) Digits() string {
	if n.kind == BSN {
		return fmt.Sprintf("%09d", n.digits)
	}
	return fmt.Sprintf("%011d", n.digits)
}

// HashPrefix opens every keyed hash of a national number.
const HashPrefix = "rn:"

// Hash returns what stands in the place of the number: "rn:" and 26 characters of base32 in small letters, the first 128
// bits of what key makes of it. Key is a keyed one-way function with at least 16 bytes, such as an HMAC-SHA256: without its
// secret the few hundred million possible numbers could simply be tried. The result is equal for every spelling of a number.
func (n Number) Hash(key func([]byte) []byte) string {
	country := "be:"
	if n.kind == BSN {
		country = "nl:"
	}
	sum := key([]byte(country + n.Digits()))
	return HashPrefix + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:16]))
}

// IsHash tells whether a cell holds what Hash returns, in small letters or capitals.
func IsHash(cell string) bool {
	s := strings.ToLower(strings.TrimSpace(cell))
	if len(s) != len(HashPrefix)+26 || !strings.HasPrefix(s, HashPrefix) {
		return false
	}
	return strings.Trim(s[len(HashPrefix):], "abcdefghijklmnopqrstuvwxyz234567") == ""
}

// String names the kind.
func (n Number) String() string { return string(n.kind) }

// Format names the kind, whatever the verb.
func (n Number) Format(s fmt.State, _ rune) { io.WriteString(s, string(n.kind)) } //nolint:errcheck // fmt keeps no errors either

// MarshalText names the kind.
func (n Number) MarshalText() ([]byte, error) { return []byte(n.kind), nil }

// LogValue names the kind.
func (n Number) LogValue() slog.Value { return slog.StringValue(string(n.kind)) }

// belgian checks eleven digits. At most one of the two centuries fits, because 2,000,000,000 is no multiple of 97.
func belgian(digits uint64) (Number, bool) {
	first, check := digits/100, digits%100
	switch check {
	case 97 - first%97:
		return dated(digits, 1900)
	case 97 - (2_000_000_000+first)%97: // a 2 in front for those born from 2000 on: KB of 25 November 1997, and for BIS numbers of 13 October 1998
		return dated(digits, 2000)
	}
	return Number{}, false
}

// dated checks the date and the serial number in eleven digits. Month and day are 00 where they are not known; in a year
// with more such people than serial numbers, the day counts on.
func dated(digits uint64, century int) (Number, bool) {
	year, month, day := century+int(digits/1e9), int(digits/1e7%100), int(digits/1e5%100)
	if serial := digits / 100 % 1000; serial == 0 || serial > 998 {
		return Number{}, false
	}
	kind := Rijksregister
	if month >= 20 { // KB of 8 February 1991, art. 2
		kind = BIS
		if month -= 20; month >= 20 {
			month -= 20
		}
	}
	if month > 12 || day > daysIn(year, month) {
		return Number{}, false
	}
	return Number{kind, digits}, true
}

func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && year != 1900 {
			return 29
		}
		return 28
	}
	return 31
}

// dutch checks nine digits by the elfproef.
func dutch(digits uint64) (Number, bool) {
	if digits == 0 {
		return Number{}, false
	}
	sum, rest := -int(digits%10), digits/10
	for weight := 2; weight <= 9; weight++ {
		sum += weight * int(rest%10)
		rest /= 10
	}
	return Number{BSN, digits}, sum%11 == 0
}
