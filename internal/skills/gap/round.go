package gap

import "math"

// One person is 1/n of a group of n; a share is rounded to that, and a mean level to twice as much. What is rounded off is a third of the
// error at most, and no digit says more than one person's answers.
const (
	levelReach = 2.0
	shareReach = 1.0
	leastGrain = 0.01
)

// grain is the step of figures of n people: the next of 1, 2 or 5 times a power of ten.
func grain(reach float64, n int) float64 { return step(math.Max(leastGrain, reach/float64(max(1, n)))) }

func step(x float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(x)+1e-9))
	for _, k := range []float64{1, 2, 5} {
		if k*power >= x*(1-1e-9) {
			return k * power
		}
	}
	return 10 * power
}

// figure rounds a value to the nearest step and its interval outward, within what is possible.
func figure(value, low, high, grain, least, most float64) *Figure {
	round := func(x float64, f func(float64) float64) float64 {
		// Back through a decimal, so that 0.3 is written as 0.3.
		return math.Round(math.Min(most, math.Max(least, f(x/grain)*grain))*1e6) / 1e6
	}
	out := &Figure{Value: round(value, math.Round), Low: round(low+1e-9*grain, math.Floor), High: round(high-1e-9*grain, math.Ceil), Grain: grain}
	out.Low, out.High = math.Min(out.Low, out.Value), math.Max(out.High, out.Value)
	return out
}

// digits rounds a share to so many digits behind the point.
func digits(x float64, n int) float64 {
	p := math.Pow(10, float64(n))
	return math.Round(x*p)/p + 0 // no minus zero
}
