package pool

import "math"

// Change is a difference between two figures: two waves of a cell, or two groups of one wave.
type Change struct {
	Difference, SE float64 // later less earlier
	Low, High      float64 // 95 %
	Doubt          Doubt   // of either figure
}

// Compare returns later less earlier, of two fits. The interval is put together from both (MOVER: Zou & Donner 2008; Newcombe
// 1998, method 10), so that a difference of shares stays between -1 and 1; for scores it is the usual one. Correlation is that of the two
// errors, 0 where it is not known: when many of the same people answered both waves that is too wide rather than too narrow.
//
// Partial pooling draws both figures towards their own wave, so that a change of one cell alone, in cells with few
// respondents, shows too small; a change of the whole does not.
func Compare(earlier, later Prediction, correlation float64) Change {
	c := Change{Difference: later.Estimate - earlier.Estimate, Doubt: earlier.Doubt | later.Doubt}
	side := func(a, b float64) float64 { return math.Sqrt(math.Max(0, a*a+b*b-2*correlation*a*b)) }
	c.SE = side(earlier.SE, later.SE)
	c.Low = c.Difference - side(earlier.High-earlier.Estimate, later.Estimate-later.Low)
	c.High = c.Difference + side(earlier.Estimate-earlier.Low, later.High-later.Estimate)
	return c
}
