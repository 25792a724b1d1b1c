package irt

import (
	"errors"
	"math"
	"testing"

	"gonum.org/v1/gonum/integrate/quad"
	"pgregory.net/rapid"
)

// anyTest draws items and one person's answers to some of them.
func anyTest(t *rapid.T) ([]Item, []Answer) {
	var items []Item
	var answers []Answer
	for i := range rapid.IntRange(1, 14).Draw(t, "items") {
		it := anyItem(t)
		items = append(items, it)
		if rapid.IntRange(0, 4).Draw(t, "asked") > 0 {
			answers = append(answers, Answer{i, rapid.IntRange(0, len(it.B)).Draw(t, "category")})
		}
	}
	return items, answers
}

func TestScoresAreFiniteForAllPatterns(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		items, answers := anyTest(t)
		s, err := NewScorer(items, nil)
		if err != nil {
			t.Fatal(err)
		}
		p, err := s.Posterior(answers)
		if err != nil {
			t.Fatal(err)
		}
		for what, v := range map[string]float64{"EAP": p.Mean, "SD": p.SD, "log-marginal": p.LogMarginal, "mode": p.Mode(), "median": p.Quantile(0.5)} {
			finite(t, what, v)
		}
		if p.SD <= 0 || p.LogMarginal > 1e-9 {
			t.Fatalf("SD %v, log-marginal %v", p.SD, p.LogMarginal)
		}
		m, err := s.MAP(answers)
		if err != nil {
			t.Fatal(err)
		}
		finite(t, "MAP", m.Theta)
		for _, estimate := range []func([]Item, []Answer) (Estimate, error){ML, WLE} {
			e, err := estimate(items, answers)
			if err != nil || math.IsNaN(e.Theta) || math.IsNaN(e.SE) || math.Abs(e.Theta) > searchLimit {
				t.Fatal(e, err)
			}
		}
		level, err := LevelOf(p, []float64{-1, 0, 1})
		if err != nil {
			t.Fatal(err)
		}
		sum := 0.0
		for _, v := range level.Probabilities {
			if !(v >= 0) {
				t.Fatal(level)
			}
			sum += v
		}
		if math.Abs(sum-1) > 1e-12 || level.Sure < 0.25 {
			t.Fatal(level)
		}
	})
}

func TestTheScoreIsTheDerivativeOfTheLogLikelihood(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		items, answers := anyTest(t)
		x := rapid.Float64Range(-5, 5).Draw(t, "theta")
		const h = 1e-5
		up, err := LogLikelihood(items, answers, x+h)
		if err != nil {
			t.Fatal(err)
		}
		down, err := LogLikelihood(items, answers, x-h)
		if err != nil {
			t.Fatal(err)
		}
		first, second, err := Score(items, answers, x)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "score", first, (up-down)/(2*h), 1e-4)
		above, _, err := Score(items, answers, x+h)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "its derivative", second, (above-first)/h, 2e-3)
		if len(answers) == 0 && (first != 0 || second != 0) {
			t.Fatal("there is a score without answers")
		}
	})
}

func TestABetterAnswerNeverLowersTheScore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		items, answers := anyTest(t)
		if len(answers) == 0 {
			return
		}
		s, err := NewScorer(items, nil)
		if err != nil {
			t.Fatal(err)
		}
		before := s.posterior(answers)
		j := rapid.IntRange(0, len(answers)-1).Draw(t, "answer")
		if answers[j].Category == len(items[answers[j].Item].B) {
			return
		}
		answers[j].Category++
		if after := s.posterior(answers); after.Mean < before.Mean-1e-9 {
			t.Fatalf("EAP falls from %v to %v", before.Mean, after.Mean)
		}
	})
}

func TestTheOrderOfAnswersDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		items, answers := anyTest(t)
		s, err := NewScorer(items, nil)
		if err != nil {
			t.Fatal(err)
		}
		a := s.posterior(answers)
		b := s.posterior(rapid.Permutation(answers).Draw(t, "order"))
		if math.Abs(a.Mean-b.Mean) > 1e-10 || math.Abs(a.SD-b.SD) > 1e-10 {
			t.Fatal(a.Mean, b.Mean, a.SD, b.SD)
		}
	})
}

func TestWithoutAnswersThePriorIsTheScore(t *testing.T) {
	t.Parallel()
	prior, err := Normal(0.4, 0.7)
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewScorer([]Item{{A: 1, B: []float64{0}}}, prior)
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Posterior(nil)
	if err != nil || math.Abs(p.Mean-0.4) > 1e-9 || math.Abs(p.SD-0.7) > 1e-9 || math.Abs(p.LogMarginal) > 1e-12 {
		t.Fatal(p.Mean, p.SD, p.LogMarginal, err)
	}
	if e, err := ML(s.items, nil); err != nil || !e.Bounded || !math.IsInf(e.SE, 1) {
		t.Fatal(e, err)
	}
}

// TestPerfectPatternsHaveAWeightedEstimateAndNoMaximumLikelihood holds the reason for WLE.
func TestPerfectPatternsHaveAWeightedEstimateAndNoMaximumLikelihood(t *testing.T) {
	t.Parallel()
	items := drawBank(seeded(4), 12, 2)
	for _, right := range []int{0, 1} {
		var answers []Answer
		for i := range items {
			answers = append(answers, Answer{i, right})
		}
		ml, err := ML(items, answers)
		if err != nil || !ml.Bounded {
			t.Fatal(ml, err)
		}
		wle, err := WLE(items, answers)
		if err != nil || wle.Bounded || math.Abs(wle.Theta) > 5 || (wle.Theta > 0) != (right == 1) {
			t.Fatal(wle, err)
		}
	}
}

// TestWLEIsLessBiasedThanML holds Warm's claim in a simulation with common random numbers.
func TestWLEIsLessBiasedThanML(t *testing.T) {
	t.Parallel()
	r := seeded(5)
	items := drawBank(r, 15, 2)
	const people = 6000.0
	for _, theta := range []float64{-1.2, 1.2} {
		ml, wle, n := 0.0, 0.0, 0.0
		for range int(people) {
			var answers []Answer
			for i, it := range items {
				answers = append(answers, Answer{i, it.Draw(r, theta)})
			}
			m, err := ML(items, answers)
			if err != nil {
				t.Fatal(err)
			}
			w, err := WLE(items, answers)
			if err != nil {
				t.Fatal(err)
			}
			wle += (w.Theta - theta) / people
			if !m.Bounded { // where there is an estimate at all
				ml, n = ml+m.Theta-theta, n+1
			}
		}
		ml /= n
		t.Logf("theta %v: bias of ML %.4f, of WLE %.4f", theta, ml, wle)
		if math.Abs(wle) > math.Abs(ml)/2 {
			t.Errorf("theta %v: bias of ML %.4f, of WLE %.4f", theta, ml, wle)
		}
	}
}

// TestTheQuadratureIsExactWhereItIsPromised compares 113 points with 2,001 for steep items and a narrow posterior.
func TestTheQuadratureIsExactWhereItIsPromised(t *testing.T) {
	t.Parallel()
	points, mass := make([]float64, 2001), make([]float64, 2001)
	for q := range points {
		points[q] = -8 + 16*float64(q)/2000
		mass[q] = math.Exp(-points[q] * points[q] / 2)
	}
	fine, err := Histogram(points, mass)
	if err != nil {
		t.Fatal(err)
	}
	r := seeded(6)
	for _, slope := range []float64{1, 2.5, 5} {
		items := drawBank(r, 12, 3)
		for i := range items {
			items[i].A = slope
		}
		theta := 0.37
		var answers []Answer
		for i, it := range items {
			answers = append(answers, Answer{i, it.Draw(r, theta)})
		}
		one, err := NewScorer(items, nil)
		if err != nil {
			t.Fatal(err)
		}
		two, err := NewScorer(items, fine)
		if err != nil {
			t.Fatal(err)
		}
		a, b := one.posterior(answers), two.posterior(answers)
		t.Logf("slope %v: SD %.3f; error of EAP %.1e, of SD %.1e", slope, b.SD, a.Mean-b.Mean, a.SD-b.SD)
		// Gauss-Hermite with as many nodes as is usual, beside it.
		nodes, weights := make([]float64, 21), make([]float64, 21)
		quad.Hermite{}.FixedLocations(nodes, weights, math.Inf(-1), math.Inf(1))
		total, mean := 0.0, 0.0
		for q := range nodes {
			l, err := LogLikelihood(items, answers, math.Sqrt2*nodes[q])
			if err != nil {
				t.Fatal(err)
			}
			m := weights[q] * math.Exp(l)
			total, mean = total+m, mean+m*math.Sqrt2*nodes[q]
		}
		t.Logf("21 Gauss-Hermite nodes: error of EAP %.1e", mean/total-b.Mean)
		if slope == 5 && math.Abs(mean/total-b.Mean) < 0.01 {
			t.Error("Gauss-Hermite nodes would do, against what the package says")
		}
		if math.Abs(a.Mean-b.Mean) > 1e-9 || math.Abs(a.SD-b.SD) > 1e-9 {
			t.Errorf("slope %v: EAP %v and %v, SD %v and %v", slope, a.Mean, b.Mean, a.SD, b.SD)
		}
		if mode := a.Mode(); math.Abs(mode-b.Mode()) > 0.02 {
			t.Errorf("mode %v and %v", mode, b.Mode())
		}
		la, err := LevelOf(a, []float64{-1, 0.1, 0.4})
		if err != nil {
			t.Fatal(err)
		}
		lb, err := LevelOf(b, []float64{-1, 0.1, 0.4})
		if err != nil {
			t.Fatal(err)
		}
		for j := range la.Probabilities {
			if math.Abs(la.Probabilities[j]-lb.Probabilities[j]) > 0.002 {
				t.Errorf("levels %v and %v", la.Probabilities, lb.Probabilities)
			}
		}
	}
}

func TestBelowAndQuantileAreInverse(t *testing.T) {
	t.Parallel()
	p := Standard().Posterior()
	for x, want := range map[float64]float64{-1.959963984540054: 0.025, -1: 0.15865525393145707, 0: 0.5, 0.6744897501960817: 0.75, 3: 0.9986501019683699} {
		if got := p.Below(x); math.Abs(got-want) > 1e-5 {
			t.Errorf("below %v lies %v, not %v", x, got, want)
		}
		if got := p.Quantile(want); math.Abs(got-x) > 1e-3 {
			t.Errorf("quantile of %v is %v, not %v", want, got, x)
		}
	}
	if p.Below(-50) != 0 || p.Below(50) != 1 {
		t.Error("the ends are not 0 and 1")
	}
	low, high := p.Interval(0.9)
	if math.Abs(low+1.6449) > 1e-3 || math.Abs(high-1.6449) > 1e-3 {
		t.Error(low, high)
	}
	if _, err := LevelOf(p, []float64{0, 0}); !errors.Is(err, ErrCuts) {
		t.Error(err)
	}
}

func TestAGivenPriorWorksAsTheNormalItHolds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		items, answers := anyTest(t)
		normal, err := NewScorer(items, nil)
		if err != nil {
			t.Fatal(err)
		}
		same, err := Standard().Posterior().Prior()
		if err != nil {
			t.Fatal(err)
		}
		given, err := NewScorer(items, same)
		if err != nil {
			t.Fatal(err)
		}
		a, b := normal.posterior(answers), given.posterior(answers)
		if math.Abs(a.Mean-b.Mean) > 1e-9 {
			t.Fatal(a.Mean, b.Mean)
		}
		m, err := given.MAP(answers)
		if err != nil || m.Theta != b.Mode() {
			t.Fatal(m, err)
		}
	})
}

// TestALevelIsAsSureAsItSays counts, after sessions of a few items, how often the likeliest level is the true one, by how sure it is said
// to be.
func TestALevelIsAsSureAsItSays(t *testing.T) {
	t.Parallel()
	r := seeded(7)
	b := skillBank(t, r, 1, 24)
	rules := DefaultRules()
	rules.MaxItems, rules.MaxSeconds = 6, 0
	cuts := []float64{-1, 0, 1}
	var said, right, people [3]float64
	for range 4000 {
		theta := r.NormFloat64()
		end := play(t, r, b, rules, []int{0}, []float64{theta}, nil)
		l, err := LevelOf(end.stands[0].Posterior, cuts)
		if err != nil {
			t.Fatal(err)
		}
		truth := 0
		for _, cut := range cuts {
			if theta > cut {
				truth++
			}
		}
		band := min(2, max(0, int((l.Sure-0.4)/0.2)))
		people[band]++
		said[band] += l.Sure
		if l.Likeliest == truth {
			right[band]++
		}
	}
	for band, n := range people {
		if n == 0 {
			t.Fatal("nobody in a band")
		}
		t.Logf("%.0f people: said %.3f, right %.3f", n, said[band]/n, right[band]/n)
		if math.Abs(said[band]-right[band])/n > 3*math.Sqrt(0.25/n) {
			t.Errorf("%.0f people: said %.3f, right %.3f", n, said[band]/n, right[band]/n)
		}
	}
}
