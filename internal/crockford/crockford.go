// Package crockford reads and writes what people copy from paper or a screen: codes and PINs in Crockford's base 32, which leaves out
// the letters that people misread.
package crockford

import (
	"errors"
	"strings"
)

// Alphabet are the 32 signs, each at the place of its value: no I, L, O or U.
const Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// Sign returns the sign for the last five bits of a byte.
func Sign(value byte) byte { return Alphabet[value&31] }

// What may be wrong with what somebody typed.
var (
	ErrSign   = errors.New("it has digits and letters alone, without U")
	ErrLength = errors.New("it has too few signs, or too many")
)

// between are the signs that people write between groups, with the spaces and dashes of other keyboards and word processors.
const between = " -_.\t\r\n\u00a0\u2010\u2011\u2012\u2013\u2014\u2015\u2212"

// Read reads length signs however people write them down: small letters, spaces, points and dashes anywhere, the letter O for 0, I and
// L for 1. ErrSign or ErrLength says what is wrong otherwise; of a text with nothing in it, that it has ErrLength.
func Read(s string, length int) (string, error) {
	if len(s) > 16*length { // nobody writes as much between them
		return "", ErrLength
	}
	var b strings.Builder
	for _, r := range strings.ToUpper(s) {
		switch {
		case r == 'O':
			r = '0'
		case r == 'I' || r == 'L':
			r = '1'
		case strings.ContainsRune(between, r):
			continue
		}
		if !strings.ContainsRune(Alphabet, r) {
			return "", ErrSign
		}
		b.WriteRune(r)
	}
	if b.Len() != length {
		return "", ErrLength
	}
	return b.String(), nil
}

// Blank tells whether a text has no sign but those between groups.
func Blank(s string) bool { return strings.Trim(s, between) == "" }

// Write writes signs in groups, as people copy them.
func Write(s string, group int) string {
	var groups []string
	for i := 0; i < len(s); i += group {
		groups = append(groups, s[i:min(i+group, len(s))])
	}
	return strings.Join(groups, "-")
}

// Fold returns the sum of sign i times x^(n-1-i) in the field of 32 with x^5 + x^2 + 1. A code whose last sign makes that a number of
// ours notices one wrong sign, and two that changed places (Reed and Solomon 1960). Signs outside the alphabet count as 0.
func Fold(s string) byte {
	folded := byte(0)
	for i := range len(s) {
		folded = times(folded) ^ byte(max(0, strings.IndexByte(Alphabet, s[i])))
	}
	return folded
}

// Check returns the sign behind s with which all fold to sum (below 32).
func Check(s string, sum byte) byte { return Sign(times(Fold(s)) ^ sum) }

// times multiplies by x.
func times(a byte) byte {
	a <<= 1
	if a&32 != 0 {
		a ^= 37
	}
	return a
}
