package vault

import (
	"crypto/rand"
	"errors"

	"tekentafel/internal/crockford"
)

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
	return CodeOf(b)
}

// CodeOf returns the code of 15 random numbers, of each of which the last five bits count.
func CodeOf(random [signs - 1]byte) Code {
	for i, x := range random {
		random[i] = crockford.Sign(x)
	}
	text := string(random[:])
	return Code(text + string(crockford.Check(text, sum)))
}

// ReadCode reads a code however people write it down: small letters, spaces, points and dashes anywhere, the letter O for 0, I and L
// for 1. Otherwise it says what is wrong: ErrNone, ErrSign, ErrLength, ErrCheck or ErrLinking.
func ReadCode(s string) (Code, error) {
	text, err := crockford.Read(s, signs)
	switch {
	case crockford.Blank(s):
		return "", ErrNone
	case errors.Is(err, crockford.ErrSign):
		return "", ErrSign
	case err != nil:
		return "", ErrLength
	}
	switch crockford.Fold(text) {
	case sum:
		return Code(text), nil
	case linking:
		return "", ErrLinking
	default:
		return "", ErrCheck
	}
}

// Write writes a code in groups of four, as people copy it.
func (c Code) Write() string { return crockford.Write(string(c), 4) }

// String hides the code from whatever prints values.
func (c Code) String() string { return "(code)" }

// GoString hides the code from %#v.
func (c Code) GoString() string { return "(code)" }
