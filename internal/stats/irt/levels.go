package irt

import (
	"errors"
	"fmt"
	"math"
)

// ErrCuts says that cut points do not rise.
var ErrCuts = errors.New("cut points do not rise")

// Level is which of the levels somebody is on, and how sure that is.
type Level struct {
	Probabilities []float64 // of each level, from the lowest; they add up to 1
	Likeliest     int       // index of the most probable level; of equals the lower one
	Sure          float64   // its probability
}

// LevelOf gives the probability of each level: level 0 lies below the first cut point on theta, the last one above the last. There is one
// level more than there are cut points. The error wraps ErrCuts.
func LevelOf(p Posterior, cuts []float64) (Level, error) {
	last := math.Inf(-1)
	for _, cut := range cuts {
		if !(cut > last) {
			return Level{}, fmt.Errorf("%w: %v", ErrCuts, cuts)
		}
		last = cut
	}
	l := Level{Probabilities: make([]float64, len(cuts)+1)}
	below, total := 0.0, 0.0
	for j := range l.Probabilities {
		next := 1.0
		if j < len(cuts) {
			next = p.Below(cuts[j])
		}
		l.Probabilities[j] = max(0, next-below)
		total += l.Probabilities[j]
		below = max(below, next)
	}
	for j := range l.Probabilities {
		l.Probabilities[j] /= total
		if l.Probabilities[j] > l.Probabilities[l.Likeliest] {
			l.Likeliest = j
		}
	}
	l.Sure = l.Probabilities[l.Likeliest]
	return l, nil
}
