package price_test

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"

	"tekentafel/internal/gateway/price"
	"tekentafel/internal/testkit"
)

// asked is a case for testdata/energy.R.
type asked struct {
	Active float64 `json:"active"`
	Total  float64 `json:"total"`
	Tokens int64   `json:"tokens"`
	PUE    float64 `json:"pue"`
}

func TestTheLowEndIsTheFormulaAsRComputesIt(t *testing.T) {
	t.Parallel()
	var cases []asked
	for _, size := range [][2]float64{{0.5, 0.5}, {7, 7}, {8, 33.4}, {13, 46}, {24, 24}, {37, 671}, {70, 70}, {123, 123}, {405, 405}} {
		for _, tokens := range []int64{1, 400, 12_345} {
			cases = append(cases, asked{size[0], size[1], tokens, 1}, asked{size[0], size[1], tokens, 1.37})
		}
	}
	var want []float64
	testkit.AskR(t, "energy.R", cases, &want)
	if len(want) != len(cases) {
		t.Fatalf("R answered %d of %d", len(want), len(cases))
	}
	for i, c := range cases {
		p := price.Profile{Active: price.Span{Low: c.Active, High: c.Active}, Total: price.Span{Low: c.Total, High: c.Total}, PUE: price.Span{Low: c.PUE, High: c.PUE}}
		e := p.Of(price.Usage{Input: 99, Output: c.Tokens})
		if math.Abs(e.Low/want[i]-1) > 1e-12 || math.Abs(e.High/want[i]/price.Spread-1) > 1e-12 {
			t.Errorf("%+v: %g to %g, R has %g", c, e.Low, e.High, want[i])
		}
	}
}

// TestTheFormulaByHand: 8 billion parameters need 1.2 x 8 x 2 = 19.2 GB, so one accelerator. exp(-0.0112059 x 64) = 0.48813; 1.16653e-6 x 0.48813 x 8 +
// 4.05293e-5 = 4.50847e-5 Wh. A token takes 0.00542807 + 0.01996359 + 0.01947372 = 0.04486538 s; 1,200 W of it for 1/8 of the
// server and 1/64 of the batch is 2.92093e-5 Wh. Together 7.4294e-5 Wh a token.
func TestTheFormulaByHand(t *testing.T) {
	t.Parallel()
	p := price.Profile{Active: price.Span{Low: 8, High: 8}, Total: price.Span{Low: 8, High: 8}, PUE: price.Span{Low: 1, High: 1}}
	if e := p.Of(price.Usage{Output: 1000}); math.Abs(e.Low-0.074294) > 1e-6 {
		t.Errorf("1,000 tokens take %g Wh", e.Low)
	}
}

func TestARangeHoldsTheOneAuditThereIs(t *testing.T) {
	t.Parallel()
	p := price.Profile{Active: price.Span{Low: 123, High: 123}, Total: price.Span{Low: 123, High: 123}, PUE: price.Span{Low: 1.1, High: 1.6}, Published: true}
	e := p.Of(price.Usage{Output: 400})
	for _, country := range []string{"BE", "NL", "DE"} { // the audit does not say where its electricity came from
		factor, known := price.Factor(country)
		low, high := e.Carbon(factor)
		if !known || low > 1.14 || high < 1.14 || low <= 0 {
			t.Errorf("%s: %g to %g g for 400 tokens", country, low, high)
		}
	}
	if _, known := price.Factor("XX"); known {
		t.Error("a factor for no country")
	}
}

func TestTheSpreadIsWhatTheAuditGivesForCleanElectricity(t *testing.T) {
	t.Parallel()
	p := price.Profile{Active: price.Span{Low: 123, High: 123}, Total: price.Span{Low: 123, High: 123}, PUE: price.Span{Low: 1.13, High: 1.13}}
	for country, want := range map[string]float64{"BE": 28, "DE": 9.6, "FR": 75} {
		factor, _ := price.Factor(country)
		if times := 1.14 / (p.Of(price.Usage{Output: 400}).Low * factor); math.Abs(times/want-1) > 0.02 {
			t.Errorf("%s: the audit is %.1f times the formula, want %g", country, times, want)
		}
	}
}

func TestEstimatesOfDifferentMethodsAreNeverAdded(t *testing.T) {
	t.Parallel()
	l := parsed(t, list)
	a, b := l.Energy("small").Of(price.Usage{Output: 100}), l.Energy("own").Of(price.Usage{Output: 1000})
	if b != (price.Estimate{Method: price.Meter, Grade: price.Measured, Low: 0.4, High: 0.6}) || a.Grade != price.Open || a.Method != price.Formula {
		t.Errorf("%+v, %+v", a, b)
	}
	if sum, err := a.Add(b); !errors.Is(err, price.ErrMethods) || sum != (price.Estimate{}) {
		t.Errorf("added to %+v (%v)", sum, err)
	}
	worse := a
	worse.Grade = price.Guessed
	if sum, err := a.Add(worse); err != nil || sum.Grade != price.Guessed || sum.Low != 2*a.Low || sum.High != 2*a.High {
		t.Errorf("%+v (%v)", sum, err)
	}
	if sum, err := (price.Estimate{}).Add(a); err != nil || sum != a {
		t.Errorf("nothing and %+v is %+v (%v)", a, sum, err)
	}
	if l.Energy("other") != nil {
		t.Error("an estimate for a model that the list does not know")
	}
}

func TestWhatIsShownHasOneDigitAndHoldsTheEstimate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ low, high, wantLow, wantHigh float64 }{
		{0.034, 2.3, 0.03, 3}, {0.3, 0.3, 0.3, 0.3}, {0.95, 9.1, 0.9, 10}, {0, 0, 0, 0}, {1234, 1000, 1000, 1000}, {0.00072, 0.0201, 0.0007, 0.03},
	} {
		low, high := price.Estimate{Low: c.low, High: c.high}.Shown()
		if low != c.wantLow || high != c.wantHigh {
			t.Errorf("%g to %g is shown as %v to %v", c.low, c.high, low, high)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(1e-9, 1e9).Draw(t, "Wh")
		low, high := price.Estimate{Low: x, High: x}.Shown()
		if low > x*(1+1e-8) || high < x*(1-1e-8) || high > 2.01*low {
			t.Fatalf("%g is shown as %g to %g", x, low, high)
		}
	})
}

func TestReferencesAreForReadingBesideAndSayWhatTheyAreAbout(t *testing.T) {
	t.Parallel()
	for _, r := range price.References() {
		if r.Who == "" || r.What == "" || (r.Wh == 0) == (r.Gram == 0) {
			t.Errorf("%+v", r)
		}
	}
}
