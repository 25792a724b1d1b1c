package irt

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// anyItem draws parameters up to the steepest slope that is promised, 5, with a floor now and then.
func anyItem(t *rapid.T) Item {
	it := Item{A: rapid.Float64Range(0.02, 5).Draw(t, "a")}
	b := rapid.Float64Range(-6, 6).Draw(t, "b")
	for range rapid.IntRange(1, 4).Draw(t, "thresholds") {
		it.B = append(it.B, b)
		b += rapid.Float64Range(1e-3, 3).Draw(t, "gap")
	}
	if len(it.B) == 1 {
		it.C = rapid.SampledFrom([]float64{0, 0, 0.15, 0.25, 0.49}).Draw(t, "c")
	}
	return it
}

func finite(t *rapid.T, what string, v float64) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		t.Fatalf("%s is %v", what, v)
	}
}

func TestProbabilitiesAddUpAndNothingIsEverNaN(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		it := anyItem(t)
		if err := it.Check(); err != nil {
			t.Fatal(err)
		}
		x := rapid.Float64Range(-8, 8).Draw(t, "theta")
		sum, mean := 0.0, 0.0
		log := it.LogProbabilities(nil, x)
		for k, p := range it.Probabilities(nil, x) {
			finite(t, "log-probability", log[k])
			if !(p > 0 && p <= 1) {
				t.Fatalf("probability %v", p)
			}
			sum += p
			mean += p * float64(k)
			first, second := it.slopes(k, x)
			finite(t, "slope", first)
			finite(t, "bend", second)
		}
		if math.Abs(sum-1) > 1e-12 {
			t.Fatalf("probabilities add up to %v", sum)
		}
		if math.Abs(mean-it.Expected(x)) > 1e-11 {
			t.Fatalf("expected category is %v, by probabilities %v", it.Expected(x), mean)
		}
		if i := it.Information(x); !(i >= 0) || math.IsInf(i, 1) {
			t.Fatalf("information is %v", i)
		}
	})
}

// TestSlopesAreTheDerivativesOfTheLogProbabilities holds derivatives in theta and in the parameters to differences.
func TestSlopesAreTheDerivativesOfTheLogProbabilities(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		it := anyItem(t)
		it.A = min(it.A, 3)
		x := rapid.Float64Range(-4, 4).Draw(t, "theta")
		k := rapid.IntRange(0, len(it.B)).Draw(t, "category")
		const h = 1e-5
		first, second := it.slopes(k, x)
		up, _ := it.slopes(k, x+h)
		down, _ := it.slopes(k, x-h)
		slope := (it.LogProbabilities(nil, x+h)[k] - it.LogProbabilities(nil, x-h)[k]) / (2 * h)
		near(t, "slope", first, slope, 1e-5)
		near(t, "bend", second, (up-down)/(2*h), 1e-5)
		// Parameters, through the M-step's function with one answer.
		for j := range it.B { // thresholds apart enough for the differences
			if j > 0 && it.B[j]-it.B[j-1] < 0.05 {
				return
			}
		}
		n := it.Categories()
		m := &block{grid: []float64{x}, counts: make([]float64, n), floor: it.C, setup: &Setup{Start: it, Prior: Expert(Item{A: 1.1, B: it.B})}}
		m.counts[k] = 1.5
		at := append([]float64{math.Log(it.A)}, it.B...)
		value := func(p []float64) float64 { return m.value(p[0], p[1:], nil, nil) }
		g, hess := make([]float64, n), make([]float64, n*n)
		m.value(at[0], at[1:], g, hess)
		for a := range n {
			up, down := append([]float64(nil), at...), append([]float64(nil), at...)
			up[a] += h
			down[a] -= h
			near(t, "gradient", g[a], (value(up)-value(down))/(2*h), 1e-4)
			gu, gd, drop := make([]float64, n), make([]float64, n), make([]float64, n*n)
			m.value(up[0], up[1:], gu, drop)
			m.value(down[0], down[1:], gd, drop)
			for b := range n {
				near(t, "second derivative", hess[a*n+b], (gu[b]-gd[b])/(2*h), 1e-3)
			}
		}
	})
}

func near(t *rapid.T, what string, got, want, within float64) {
	if !(math.Abs(got-want) <= within*max(1, math.Abs(want))) {
		t.Fatalf("%s is %v, by differences %v", what, got, want)
	}
}

// TestInformationIsTheExpectedSquaredSlope holds the closed forms to the definition.
func TestInformationIsTheExpectedSquaredSlope(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		it := anyItem(t)
		x := rapid.Float64Range(-8, 8).Draw(t, "theta")
		sum := 0.0
		for k, p := range it.Probabilities(nil, x) {
			first, _ := it.slopes(k, x)
			sum += p * first * first
		}
		if math.Abs(sum-it.Information(x)) > 1e-9*max(1, sum) {
			t.Fatalf("information is %v, by its definition %v", it.Information(x), sum)
		}
	})
}

func TestImpossibleItemsAndAnswersAreRefusedWithTheMend(t *testing.T) {
	t.Parallel()
	good := Item{A: 1, B: []float64{0}}
	for name, it := range map[string]Item{
		"no slope": {B: []float64{0}}, "steep": {A: 11, B: []float64{0}}, "NaN": {A: math.NaN(), B: []float64{0}}, "no threshold": {A: 1},
		"falling": {A: 1, B: []float64{1, 0}}, "equal": {A: 1, B: []float64{1, 1}}, "far": {A: 1, B: []float64{math.Inf(1)}},
		"floor": {A: 1, B: []float64{0}, C: 0.6}, "graded floor": {A: 1, B: []float64{0, 1}, C: 0.2},
	} {
		_, err := NewScorer([]Item{good, it}, nil)
		var item *ItemError
		if !errors.As(err, &item) || item.Item != 1 {
			t.Errorf("%s: %v", name, err)
		}
	}
	s, err := NewScorer([]Item{good, good}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, answers := range map[string][]Answer{
		"unknown item": {{2, 0}}, "below": {{-1, 0}}, "category": {{0, 2}}, "negative": {{0, -1}}, "twice": {{0, 1}, {0, 1}},
	} {
		var wrong *AnswerError
		if _, err := s.Posterior(answers); !errors.As(err, &wrong) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := WLE(s.items, answers); !errors.As(err, &wrong) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := LogLikelihood(s.items, answers, 0); !errors.As(err, &wrong) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestImpossiblePriorsAreRefused(t *testing.T) {
	t.Parallel()
	for name, make := range map[string]func() (*Prior, error){
		"no spread":  func() (*Prior, error) { return Normal(0, 0) },
		"NaN":        func() (*Prior, error) { return Normal(math.NaN(), 1) },
		"too few":    func() (*Prior, error) { return Histogram([]float64{0, 1}, []float64{1, 1}) },
		"uneven":     func() (*Prior, error) { return Histogram([]float64{0, 1, 3}, []float64{1, 1, 1}) },
		"falling":    func() (*Prior, error) { return Histogram([]float64{2, 1, 0}, []float64{1, 1, 1}) },
		"negative":   func() (*Prior, error) { return Histogram([]float64{0, 1, 2}, []float64{1, -1, 1}) },
		"no mass":    func() (*Prior, error) { return Histogram([]float64{0, 1, 2}, []float64{0, 0, 0}) },
		"other size": func() (*Prior, error) { return Histogram([]float64{0, 1, 2}, []float64{1, 1}) },
	} {
		if _, err := make(); !errors.Is(err, ErrPrior) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
