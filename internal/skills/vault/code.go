package vault

import (
	"crypto/rand"
	"errors"
	"strings"
)

// alphabet is Crockford's base 32: no I, L, O or U, which people misread.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// signs is how many signs a code has: 15 random ones (75 bits) and one to check.
const signs = 16

// sum is what the signs of a code fold to. The codes by which somebody links the answers to two waves, which the server must never
// see, fold to linking: one that is typed here by mistake is recognised and used for nothing.
const (
	sum     = 13
	linking = 21
)

// What may be wrong with a code that somebody typed.
var (
	ErrNone    = errors.New("no code was given")
	ErrSign    = errors.New("a code has digits and letters alone, without U")
	ErrLength  = errors.New("a code has 16 signs")
	ErrCheck   = errors.New("the code has a typing error")
	ErrLinking = errors.New("this is the code of a measurement, which nobody but its owner may see")
)

// Code is what a person keeps: 16 signs without spaces. It is a secret: it stands in no log and no error.
type Code string

// NewCode returns a random code (crypto/rand).
func NewCode() Code {
	var b [signs - 1]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	var out [signs]byte
	folded := byte(0)
	for i := range b {
		v := b[i] & 31
		folded = times(folded) ^ v
		out[i] = alphabet[v]
	}
	out[signs-1] = alphabet[times(folded)^sum]
	return Code(out[:])
}

// times multiplies an element of the field of 32 by x, modulo x^5 + x^2 + 1. The check is the sum of sign i times x^(15-i): it notices
// one wrong sign and two that changed places (Reed and Solomon 1960).
func times(a byte) byte {
	a <<= 1
	if a&32 != 0 {
		a ^= 37
	}
	return a
}

// ReadCode reads a code however people write it down: small letters, spaces, points and dashes anywhere, the letter O for 0, I and L
// for 1. Otherwise it says what is wrong: ErrNone, ErrSign, ErrLength, ErrCheck or ErrLinking.
func ReadCode(s string) (Code, error) {
	if len(s) > 16*signs {
		return "", ErrLength
	}
	var b strings.Builder
	folded := byte(0)
	for _, r := range strings.ToUpper(s) {
		switch {
		case r == 'O':
			r = '0'
		case r == 'I' || r == 'L':
			r = '1'
		case strings.ContainsRune(" -_.\t\r\n\u00a0\u2010\u2011\u2012\u2013\u2014\u2015\u2212", r):
			continue
		}
		v := strings.IndexRune(alphabet, r)
		if v < 0 {
			return "", ErrSign
		}
		folded = times(folded) ^ byte(v)
		b.WriteRune(r)
	}
	switch {
	case b.Len() == 0:
		return "", ErrNone
	case b.Len() != signs:
		return "", ErrLength
	case folded == linking:
		return "", ErrLinking
	case folded != sum:
		return "", ErrCheck
	}
	return Code(b.String()), nil
}

// Write writes a code in groups of four, as people copy it.
func (c Code) Write() string {
	var groups []string
	for i := 0; i < len(c); i += 4 {
		groups = append(groups, string(c[i:min(i+4, len(c))]))
	}
	return strings.Join(groups, "-")
}

// String hides the code from whatever prints values.
func (c Code) String() string { return "(code)" }

// GoString hides the code from %#v.
func (c Code) GoString() string { return "(code)" }
