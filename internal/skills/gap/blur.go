package gap

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
)

// Somebody who knows the answers of everybody but one person, and all that is published, could try every answer of that person
// and see which gives the figures to the last digit. So each score gets a secret error: normal, with a standard deviation of half a
// level, about the error of measurement of five statements. Everything that is published of scores follows from these blurred ones, so whatever
// is made of it, and however much of it, tells of one person no more than the person's score plus that error (a Gaussian
// mechanism; post-processing cannot undo it: Dwork & Roth 2014, 2.1). Error variances count it, so that figures stay right on
// average, and intervals say what it costs.

const (
	usualBlur   = 0.5
	leastSecret = 16
)

// blur makes the errors of one skill.
type blur struct {
	sd     float64
	secret []byte
	p      *places
	in     *Input
	skill  string
}

// of returns the source of the errors of a cell. It hangs on the codes of function and department, and on nothing that changes when
// a result is computed anew: errors would else be averaged away.
func (b *blur) of(cell int) *rand.Rand {
	mac := hmac.New(sha256.New, b.secret)
	write := func(s string) {
		var n [8]byte
		binary.LittleEndian.PutUint64(n[:], uint64(len(s)))
		mac.Write(n[:])
		mac.Write([]byte(s))
	}
	write(b.in.Wave)
	write(b.skill)
	code := func(list []Group, i int32) string {
		if int(i) < len(list) {
			return "known " + list[i].Code
		}
		return "unknown"
	}
	write(code(b.in.Functions, b.p.function[cell]))
	write(code(b.in.Departments, b.p.department[cell]))
	return rand.New(rand.NewChaCha8([32]byte(mac.Sum(nil))))
}
