package stats

import (
	"fmt"
	"math"
)

// TrimResult holds trimmed weights.
type TrimResult struct {
	Weights []float64
	Trimmed int // units whose weight was outside the bounds at first
}

// Trim cuts weights off at lower and upper and spreads what was cut evenly over the units that were inside, so that the
// total stays, as survey::trimWeights(lower, upper, strict). Strict repeats until no weight is outside. Bounds that
// cannot hold with this total are an error.
func Trim(weights []float64, lower, upper float64, strict bool) (TrimResult, error) {
	r := TrimResult{Weights: append([]float64(nil), weights...)}
	if len(weights) == 0 {
		return r, nil
	}
	var total float64
	for _, w := range weights {
		total += w
	}
	mean := total / float64(len(weights))
	if math.IsNaN(lower) || math.IsNaN(upper) || lower > mean || upper < mean {
		return TrimResult{}, fmt.Errorf("trimming: bounds %v to %v do not hold the mean weight %v; take a lower bound below it and an upper bound above it",
			lower, upper, mean)
	}
	const sweeps = 100_000
	for sweep := range sweeps {
		outside, err := trimOnce(r.Weights, lower, upper)
		if err != nil {
			return TrimResult{}, err
		}
		if sweep == 0 {
			r.Trimmed = outside
		}
		if outside == 0 || !strict {
			return r, nil
		}
	}
	return TrimResult{}, fmt.Errorf("trimming: bounds %v to %v were not reached; widen them", lower, upper)
}

func trimOnce(weights []float64, lower, upper float64) (outside int, err error) {
	// A weight that spreading lifted past a bound by less than its own rounding counts as inside, or the last
	// sweeps would chase rounding for ever.
	low, high := lower-1e-14*math.Abs(lower), upper+1e-14*math.Abs(upper)
	var cut float64
	for _, w := range weights {
		if w < low || w > high {
			outside++
			cut += w - math.Min(upper, math.Max(lower, w))
		}
	}
	if outside == 0 {
		return 0, nil
	}
	if outside == len(weights) {
		return 0, fmt.Errorf("trimming: every weight is outside %v to %v; widen the bounds", lower, upper)
	}
	share := cut / float64(len(weights)-outside)
	for i, w := range weights {
		if w < low || w > high {
			weights[i] = math.Min(upper, math.Max(lower, w))
		} else {
			weights[i] = w + share
		}
	}
	return outside, nil
}

// WeightSpread describes how unequal weights are.
type WeightSpread struct {
	N          int     // units
	KishDeff   float64 // n * sum w^2 / (sum w)^2 (Kish 1965); 1 for equal weights
	EffectiveN float64 // n / KishDeff
	Min, Max   float64 // relative to the mean weight
}

// Spread describes the weights of the design.
func Spread(d *Design) WeightSpread {
	r := WeightSpread{N: d.N, Min: math.Inf(1)}
	var sum, squares float64
	for i := range d.N {
		w := d.Weight(i)
		sum += w
		squares += w * w
		r.Min, r.Max = math.Min(r.Min, w), math.Max(r.Max, w)
	}
	if sum <= 0 {
		return WeightSpread{N: d.N}
	}
	n := float64(d.N)
	r.KishDeff = n * (squares / sum) / sum
	r.EffectiveN = sum / squares * sum
	r.Min, r.Max = r.Min/sum*n, r.Max/sum*n
	return r
}
