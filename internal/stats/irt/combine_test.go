package irt

import (
	"context"
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestASelfReportAloneGivesTheNormalPosterior(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := Loading{
			Nu: rapid.Float64Range(-3, 3).Draw(t, "nu"), Lambda: rapid.Float64Range(-1.5, 1.5).Draw(t, "lambda"),
			Sigma: rapid.Float64Range(0.5, 3).Draw(t, "sigma"),
		}
		self := l.Nu + rapid.Float64Range(-4, 4).Draw(t, "self")
		got, err := l.Combine(Standard().Posterior(), self)
		if err != nil {
			t.Fatal(err)
		}
		precision := 1 + l.Lambda*l.Lambda/(l.Sigma*l.Sigma)
		mean, sd := l.Lambda*(self-l.Nu)/(l.Sigma*l.Sigma)/precision, 1/math.Sqrt(precision)
		total := l.Lambda*l.Lambda + l.Sigma*l.Sigma
		log := -(self-l.Nu)*(self-l.Nu)/(2*total) - math.Log(2*math.Pi*total)/2
		if 7-math.Abs(mean) < 5.5*sd {
			return // the points end at 7, and beyond them is more than the tolerance
		}
		if math.Abs(got.Mean-mean) > 1e-5 || math.Abs(got.SD-sd) > 1e-5 || math.Abs(got.LogMarginal-log) > 1e-6 {
			t.Fatalf("mean %v, sd %v, log-density %v; want %v, %v, %v", got.Mean, got.SD, got.LogMarginal, mean, sd, log)
		}
	})
}

// TestTheOrderOfTestAndSelfReportDoesNotMatter holds that both are loadings of one skill.
func TestTheOrderOfTestAndSelfReportDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		items, answers := anyTest(t)
		l := Loading{Nu: 3, Lambda: 0.5, Sigma: 0.8, Error: 0.3}
		self := rapid.Float64Range(1, 5).Draw(t, "self")
		test, err := NewScorer(items, nil)
		if err != nil {
			t.Fatal(err)
		}
		testFirst, err := l.Combine(test.posterior(answers), self)
		if err != nil {
			t.Fatal(err)
		}
		said, err := l.Combine(Standard().Posterior(), self)
		if err != nil {
			t.Fatal(err)
		}
		prior, err := said.Prior()
		if err != nil {
			t.Fatal(err)
		}
		after, err := NewScorer(items, prior)
		if err != nil {
			t.Fatal(err)
		}
		selfFirst := after.posterior(answers)
		if math.Abs(testFirst.Mean-selfFirst.Mean) > 1e-9 || math.Abs(testFirst.LogMarginal-said.LogMarginal-selfFirst.LogMarginal) > 1e-9 {
			t.Fatal(testFirst.Mean, selfFirst.Mean)
		}
	})
}

// person is somebody of a made-up population with skill, self-report and the true difference of view and skill.
type person struct {
	theta, self, difference float64
	answers                 []Answer
}

func drawPeople(t testing.TB, seed uint64, n int, l Loading) ([]Item, []person) {
	t.Helper()
	r := seeded(seed)
	items := drawBank(r, 10, 3)
	bias := math.Sqrt(l.Sigma*l.Sigma - l.Error*l.Error)
	out := make([]person, n)
	for j := range out {
		p := &out[j]
		p.theta = r.NormFloat64()
		view := l.Lambda*p.theta + bias*r.NormFloat64()
		p.self = l.Nu + view + l.Error*r.NormFloat64()
		p.difference = view/math.Hypot(l.Lambda, bias) - p.theta
		for i, it := range items {
			p.answers = append(p.answers, Answer{i, it.Draw(r, p.theta)})
		}
	}
	return items, out
}

// TestWhoIsToldOfADifferenceHasOne holds the rule's promise, the coverage of the standard error, and that the rule speaks at all.
func TestWhoIsToldOfADifferenceHasOne(t *testing.T) {
	t.Parallel()
	for _, l := range []Loading{{3, 0.06, 0.7, 0.3}, {3, 0.3, 0.6, 0}, {0, 0.8, 0.6, 0.35}} {
		items, people := drawPeople(t, 30, 6000, l)
		s, err := NewScorer(items, nil)
		if err != nil {
			t.Fatal(err)
		}
		say := DefaultSay()
		told, right, spread := 0.0, 0.0, 0.0
		covered, bias := 0.0, 0.0
		close, near := 0.0, 0.0
		for _, p := range people {
			d, err := l.Compare(s.posterior(p.answers), p.self)
			if err != nil {
				t.Fatal(err)
			}
			if math.Abs(d.Self-d.Test-d.Value) > 1e-9 || d.SE < 0 {
				t.Fatal(d)
			}
			if math.Abs(d.Value-p.difference) < 1.645*d.SE {
				covered++
			}
			bias += d.Value - p.difference
			spread += d.SE
			switch d.Verdict(say) {
			case Higher:
				told++
				if p.difference > say.Least {
					right++
				}
			case Lower:
				told++
				if p.difference < -say.Least {
					right++
				}
			case Close:
				close++
				if math.Abs(p.difference) < say.Close {
					near++
				}
			case Silent, Unclear:
			}
		}
		n := float64(len(people))
		t.Logf("correlation %.2f: told %.2f, of whom right %.3f; close %.2f, right %.3f; coverage of 90 %% %.3f, mean SE %.2f, bias %.3f",
			l.Correlation(), told/n, right/told, close/n, near/max(close, 1), covered/n, spread/n, bias/n)
		if l.Correlation() < 0.5 && told/n < 0.1 || right/told < say.Sure-2/math.Sqrt(told) || close > 0 && near/close < say.Sure-2/math.Sqrt(close) {
			t.Errorf("%+v: told %v, right %v", l, told/n, right/told)
		}
		if covered/n < 0.88 || covered/n > 0.92 || math.Abs(bias/n) > 0.03 {
			t.Errorf("%+v: coverage %v, bias %v", l, covered/n, bias/n)
		}
	}
}

func TestAnImpreciseTestSaysNothingOfDifferences(t *testing.T) {
	t.Parallel()
	l := Loading{Nu: 3, Lambda: 0.3, Sigma: 0.7}
	d, err := l.Compare(Standard().Posterior(), 5)
	if err != nil || d.Verdict(Say{}) != Unclear {
		t.Fatal(d, err)
	}
}

// TestProbabilitiesOfADifferenceFallFromOneToZero holds the tail, and that its mean and variance are those that are told.
func TestProbabilitiesOfADifferenceFallFromOneToZero(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		items, answers := anyTest(t)
		s, err := NewScorer(items, nil)
		if err != nil {
			t.Fatal(err)
		}
		sigma := rapid.Float64Range(0.3, 2).Draw(t, "sigma")
		l := Loading{Nu: 1, Lambda: rapid.Float64Range(-1, 1).Draw(t, "lambda"), Sigma: sigma, Error: sigma * rapid.Float64Range(0, 0.95).Draw(t, "error")}
		d, err := l.Compare(s.posterior(answers), rapid.Float64Range(-3, 5).Draw(t, "self"))
		if err != nil {
			t.Fatal(err)
		}
		finite(t, "z", d.Z())
		if d.SE < 1e-9 {
			return
		}
		// Mean and variance by integrating the tail.
		step, low := d.SE/20, d.Value-8*d.SE
		last, mean, square := 1.0, 0.0, 0.0
		for n := range 320 {
			at := low + step*float64(n+1)
			p := d.Above(at)
			if !(p >= 0 && p <= last+1e-12) {
				t.Fatalf("above %v: %v after %v", at, p, last)
			}
			z := (at - step/2 - d.Value) / d.SE
			mean += (last - p) * z
			square += (last - p) * z * z
			last = p
		}
		if last > 1e-6 {
			t.Fatalf("far above the difference lies %v", last)
		}
		if math.Abs(mean) > 0.01 || math.Abs(square-1) > 0.03 {
			t.Fatalf("standardised mean %v and variance %v", mean, square)
		}
	})
}

// TestALoadingIsRecovered holds estimates to the truth and standard errors to the spread of the estimates.
func TestALoadingIsRecovered(t *testing.T) {
	t.Parallel()
	truth := Loading{Nu: 3.2, Lambda: 0.25, Sigma: 0.75}
	const runs, n = 40, 250
	var sums, squares, errs [3]float64
	for run := range runs {
		items, people := drawPeople(t, uint64(100+run), n, truth)
		s, err := NewScorer(items, nil)
		if err != nil {
			t.Fatal(err)
		}
		both := make([]Both, n)
		for j, p := range people {
			both[j] = Both{p.answers, p.self}
		}
		fit, err := FitLoading(t.Context(), s, both, WeakLoading(3, 0.8), 0.8)
		if err != nil || !fit.Converged {
			t.Fatal(fit, err)
		}
		l := fit.Loading
		if want := math.Hypot(l.Lambda, l.Sigma) * math.Sqrt(0.2); math.Abs(l.Error-want) > 1e-9 {
			t.Fatal(l.Error, want)
		}
		for k, v := range []float64{l.Nu - truth.Nu, l.Lambda - truth.Lambda, l.Sigma - truth.Sigma} {
			sums[k] += v / runs
			squares[k] += v * v / runs
			errs[k] += []float64{fit.NuSE, fit.LambdaSE, fit.SigmaSE}[k] / runs
		}
	}
	for k, name := range []string{"nu", "lambda", "sigma"} {
		t.Logf("%s: bias %.4f, RMSE %.4f, mean standard error %.4f", name, sums[k], math.Sqrt(squares[k]), errs[k])
		if ratio := math.Sqrt(squares[k]) / errs[k]; ratio < 0.75 || ratio > 1.3 || math.Abs(sums[k]) > errs[k]/2 {
			t.Errorf("%s: bias %v, RMSE %v, standard error %v", name, sums[k], math.Sqrt(squares[k]), errs[k])
		}
	}
}

func TestWithoutPeopleTheLoadingIsThePriors(t *testing.T) {
	t.Parallel()
	s, err := NewScorer([]Item{{A: 1, B: []float64{0}}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	prior := WeakLoading(3, 0.8)
	fit, err := FitLoading(context.Background(), s, nil, prior, 1)
	if err != nil || !fit.Converged || math.Abs(fit.Loading.Nu-3) > 1e-12 || math.Abs(fit.Loading.Lambda-prior.Lambda) > 1e-12 || fit.Loading.Sigma != 0.8 || fit.Loading.Error != 0 || math.Abs(fit.LambdaSE-prior.LambdaSD) > 1e-9 {
		t.Fatal(fit, err)
	}
	few, err := FitLoading(context.Background(), s, []Both{{[]Answer{{0, 1}}, 5}, {[]Answer{{0, 0}}, 1}}, prior, 0)
	if err != nil || few.Loading.Check() != nil || few.Loading.Sigma > 3 || math.Abs(few.Loading.Nu-3) > 0.8 {
		t.Fatal(few, err)
	}
}

func TestImpossibleLoadingsAreRefused(t *testing.T) {
	t.Parallel()
	p := Standard().Posterior()
	for name, l := range map[string]Loading{
		"no spread": {0, 1, 0, 0}, "error as large": {0, 1, 1, 1}, "negative": {0, 1, -1, 0}, "NaN": {math.NaN(), 1, 1, 0},
	} {
		if _, err := l.Compare(p, 1); !errors.Is(err, ErrLoading) {
			t.Errorf("%s: %v", name, err)
		}
	}
	good := Loading{0, 1, 1, 0}
	for _, self := range []float64{math.NaN(), math.Inf(1), 1e200} {
		if _, err := good.Combine(p, self); !errors.Is(err, ErrLoading) {
			t.Errorf("self-report %v: %v", self, err)
		}
	}
	s, err := NewScorer([]Item{{A: 1, B: []float64{0}}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := FitLoading(t.Context(), s, nil, LoadingPrior{}, 1); !errors.Is(err, ErrLoadingPrior) {
		t.Error(err)
	}
	if _, err := FitLoading(t.Context(), s, nil, WeakLoading(3, 1), 2); !errors.Is(err, ErrLoading) {
		t.Error(err)
	}
	if _, err := FitLoading(t.Context(), s, []Both{{nil, math.NaN()}}, WeakLoading(3, 1), 1); !errors.Is(err, ErrLoading) {
		t.Error(err)
	}
}
