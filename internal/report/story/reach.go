package story

import (
	"math"
)

// reach says whom a share of all staff stands for: people when the population is known, else a percentage.
func (t *teller) reach(e estimate) string {
	if e.value <= 0 {
		return ""
	}
	population := t.f.Wave.Population
	if population <= 0 {
		if t.p.Percent(e.low) == t.p.Percent(e.high) {
			return t.say("reach.share", args{"share": t.p.Percent(e.value)})
		}
		return t.say("reach.share-range", args{"share": t.p.Percent(e.value), "range": t.p.PercentRange(e.low, e.high)})
	}
	step := peopleStep(population * e.half())
	round := func(share float64) int { return int(math.Round(population*share/step) * step) }
	n, low, high := round(e.value), round(e.low), round(e.high)
	if n == 0 {
		return ""
	}
	if low == high {
		return t.p.N("reach.people", n, args{"n": t.p.Int(n)})
	}
	return t.p.N("reach.people-range", n, args{"n": t.p.Int(n), "low": t.p.Int(low), "high": t.p.Int(high)})
}

// peopleStep is the step in which a number of people may be told: at most a quarter of the longer side of its interval,
// so that rounding hides no more than the interval does, and at least 5 where there is an interval at all.
func peopleStep(half float64) float64 {
	if !(half > 1) {
		return 1
	}
	step := 5.0
	for _, next := range []float64{10, 50, 100, 500, 1000, 5000, 10000, 50000, 100000} {
		if next <= half/4 {
			step = next
		}
	}
	return step
}
