package pool

import (
	"math"

	"gonum.org/v1/gonum/integrate/quad"
)

// hermite is the Gauss-Hermite rule of 15 points for a standard normal variable: mean and spread of a share to about 1e-6
// for a standard error of the log odds up to 2.
type hermite struct{ nodes, weights [15]float64 }

func newHermite() *hermite {
	h := &hermite{}
	quad.Hermite{}.FixedLocations(h.nodes[:], h.weights[:], math.Inf(-1), math.Inf(1))
	for i := range h.nodes {
		h.nodes[i] *= math.Sqrt2
		h.weights[i] /= math.Sqrt(math.Pi)
	}
	return h
}

// logitNormal returns the first and second moment of a share whose log odds are normal.
func (h *hermite) logitNormal(mean, sd float64) (first, second float64) {
	if sd == 0 {
		p := expit(mean)
		return p, p * p
	}
	for i, z := range h.nodes {
		p := expit(mean + sd*z)
		first += h.weights[i] * p
		second += h.weights[i] * p * p
	}
	return first, second
}

// counted is the largest number of people whose count is predicted one by one, rather than by a normal on the log odds.
const counted = 200

// count returns the quantiles, at tail and 1 - tail, of how many of a number of people say yes when the log odds of each are
// the same and normal. Low and high are the least counts that at least these shares of the distribution do not exceed.
func (h *hermite) count(people int, mean, sd, tail float64) (low, high int) {
	var mass [counted + 1]float64
	for i, z := range h.nodes {
		p := expit(mean + sd*z)
		// From the end that is not too unlikely to be held in a number.
		flip := p > 0.5
		if flip {
			p = expit(-mean - sd*z)
		}
		term := h.weights[i] * math.Pow(1-p, float64(people))
		for k := range people + 1 {
			if flip {
				mass[people-k] += term
			} else {
				mass[k] += term
			}
			term *= float64(people-k) / float64(k+1) * p / (1 - p)
		}
	}
	const rounding = 1e-12
	below, found := 0.0, false
	for k := range people + 1 {
		below += mass[k]
		if !found && below >= tail-rounding {
			low, found = k, true
		}
		if below >= 1-tail-rounding {
			return low, k
		}
	}
	return low, people
}
