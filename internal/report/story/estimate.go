package story

import (
	"slices"

	"tekentafel/internal/report/findings"
)

// estimate is a figure with its 95 % interval and the words that name it.
type estimate struct {
	id               string
	label            string
	value, low, high float64
	n, base          int
	hidden           bool // suppressed or without answers: it has no figures
	last             bool // "other" and "none of these": at the end of a list, outside a ranking
}

// half is the longer of the two sides of the interval.
func (e estimate) half() float64 { return max(e.high-e.value, e.value-e.low) }

func ofShare(s *findings.Share) estimate {
	if s.Suppressed || s.Base == 0 {
		return estimate{id: s.Option, hidden: true}
	}
	return estimate{id: s.Option, value: s.Share, low: s.Low, high: s.High, n: s.N, base: s.Base}
}

func ofMean(m *findings.Mean) estimate {
	if m.Suppressed || m.Base == 0 {
		return estimate{id: m.Construct, hidden: true}
	}
	return estimate{id: m.Construct, value: m.Mean, low: m.Low, high: m.High, n: m.Base, base: m.Base}
}

// shown keeps the estimates with figures that take part in a ranking.
func shown(list []estimate) []estimate {
	return slices.DeleteFunc(slices.Clone(list), func(e estimate) bool { return e.hidden || e.last })
}

// anyHidden tells whether some estimate has no figures.
func anyHidden(list []estimate) bool {
	return slices.ContainsFunc(list, func(e estimate) bool { return e.hidden })
}

// leaders returns the smallest group of at most most estimates that lies clear of all others: the whole interval of each
// of them is above the whole interval of each of the rest. It returns nothing when the intervals allow no such claim.
//
// Two 95 % intervals that do not touch differ at the 5 % level however the two estimates are correlated, since
// se(a-b) <= se(a)+se(b). That makes the rule right for answers of the same people, for which no covariance is published.
func leaders(list []estimate, most int) (top, rest []estimate) {
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, func(a, b estimate) int { return compare(b.value, a.value) })
	for k := 1; k <= most && k < len(sorted); k++ {
		lowest, highest := sorted[0].low, sorted[k].high
		for _, e := range sorted[:k] {
			lowest = min(lowest, e.low)
		}
		for _, e := range sorted[k:] {
			highest = max(highest, e.high)
		}
		if lowest > highest {
			return sorted[:k], sorted[k:]
		}
	}
	return nil, sorted
}

// laggards is leaders from below.
func laggards(list []estimate, most int) (bottom, rest []estimate) {
	turned := slices.Clone(list)
	for i, e := range turned {
		turned[i].value, turned[i].low, turned[i].high = -e.value, -e.high, -e.low
	}
	bottom, rest = leaders(turned, most)
	for _, part := range [][]estimate{bottom, rest} {
		for i, e := range part {
			part[i].value, part[i].low, part[i].high = -e.value, -e.high, -e.low
		}
	}
	return bottom, rest
}

// clear tells whether the intervals of a and b do not touch.
func clear(a, b estimate) bool { return a.low > b.high || b.low > a.high }

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
