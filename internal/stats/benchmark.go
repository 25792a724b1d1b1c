package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Difference is that of two independent estimates, with its interval at Level and a two-sided p-value.
type Difference struct {
	Diff, Low, High float64
	P               float64
}

// Comparison sets our share beside a published one.
type Comparison struct {
	Low, High float64 // Wilson interval of the published share at Level
	Difference
}

// interval returns the limits of an estimate at a level.
type interval func(level float64) (low, high float64)

// AgainstPublished compares ours with a published proportion among n respondents: the difference ours - published,
// combined from both intervals (see DifferenceOfShares), the published one Wilson's.
func AgainstPublished(ours Share, published float64, n int) (Comparison, error) {
	if !(published >= 0 && published <= 1) || n < 1 {
		return Comparison{}, fmt.Errorf("published figure: share %v among %d; give a proportion from 0 to 1 and at least one respondent", published, n)
	}
	if ours.Base == 0 {
		return Comparison{}, fmt.Errorf("published figure: our share has an empty base; there is nothing to compare")
	}
	theirs := func(level float64) (float64, float64) { return Wilson(published, n, level) }
	low, high := theirs(Level)
	return Comparison{Low: low, High: high, Difference: combine(ours.Share, published, ours.Interval, theirs)}, nil
}

// DifferenceOfShares returns a - b for shares from independent samples, such as two waves.
//
// The interval combines those of the two shares (MOVER: Newcombe 1998, method 10; Zou & Donner 2008), so that it stays
// inside -1 to 1 and holds for shares near 0 and 1. The p-value is one minus the level at which that interval just
// touches zero, so that the two never disagree.
func DifferenceOfShares(a, b Share) (Difference, error) {
	if a.Base == 0 || b.Base == 0 {
		return Difference{}, fmt.Errorf("difference of shares: a base is empty; there is nothing to compare")
	}
	return combine(a.Share, b.Share, a.Interval, b.Interval), nil
}

func combine(a, b float64, of1, of2 interval) Difference {
	d := Difference{Diff: a - b}
	d.Low, d.High = mover(a, b, of1, of2, Level)
	d.P = touching(func(level float64) bool {
		low, high := mover(a, b, of1, of2, level)
		return low <= 0 && high >= 0
	})
	return d
}

func mover(a, b float64, of1, of2 interval, level float64) (low, high float64) {
	l1, u1 := of1(level)
	l2, u2 := of2(level)
	return a - b - math.Hypot(a-l1, u2-b), a - b + math.Hypot(u1-a, b-l2)
}

// touching returns one minus the level from which an interval holds zero, down to 1e-12.
func touching(holds func(level float64) bool) float64 {
	const least = 1e-12
	if holds(0) {
		return 1
	}
	if !holds(1 - least) {
		return least
	}
	low, high := math.Log(least), 0.0 // logarithm of p: holds at low, not at high
	for range 60 {
		mid := (low + high) / 2
		if holds(1 - math.Exp(mid)) {
			low = mid
		} else {
			high = mid
		}
	}
	return math.Exp((low + high) / 2)
}

// DifferenceOfMeans returns a - b for means from independent samples: a t interval with the root of both squared
// standard errors, as svycontrast, on the degrees of freedom of Satterthwaite (1946).
func DifferenceOfMeans(a, b Mean) (Difference, error) {
	if a.Base == 0 || b.Base == 0 || a.DF <= 0 || b.DF <= 0 {
		return Difference{}, fmt.Errorf("difference of means: a base is empty or has no degrees of freedom")
	}
	va, vb := a.SE*a.SE, b.SE*b.SE
	df := 1.0
	if va+vb > 0 {
		df = (va + vb) * (va + vb) / (va*va/a.DF + vb*vb/b.DF)
	}
	return tDifference(a.Mean-b.Mean, math.Sqrt(va+vb), df), nil
}

// tDifference is a difference with its t interval.
func tDifference(diff, se, df float64) Difference {
	d := Difference{Diff: diff, Low: diff, High: diff, P: 1}
	if se == 0 {
		if diff != 0 {
			d.P = 0
		}
		return d
	}
	half := tQuantile(Level, df) * se
	d.Low, d.High = diff-half, diff+half
	d.P = 2 * distuv.StudentsT{Sigma: 1, Nu: df}.CDF(-math.Abs(diff)/se)
	return d
}
