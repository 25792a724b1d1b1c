package pool_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"tekentafel/internal/stats/pool"
)

func TestADifferenceOfScoresHasTheUsualInterval(t *testing.T) {
	t.Parallel()
	a := pool.Prediction{Estimate: 2, SE: 0.3, Low: 2 - 1.96*0.3, High: 2 + 1.96*0.3, Doubt: pool.WideInterval}
	b := pool.Prediction{Estimate: 2.5, SE: 0.4, Low: 2.5 - 1.96*0.4, High: 2.5 + 1.96*0.4, Doubt: pool.FewInFunction}
	c := pool.Compare(a, b, 0)
	for _, pair := range [][2]float64{{c.Difference, 0.5}, {c.SE, 0.5}, {c.Low, 0.5 - 1.96*0.5}, {c.High, 0.5 + 1.96*0.5}} {
		if math.Abs(pair[0]-pair[1]) > 1e-12 {
			t.Errorf("%v, not %v", pair[0], pair[1])
		}
	}
	if c.Doubt != pool.WideInterval|pool.FewInFunction {
		t.Errorf("doubt %v", c.Doubt)
	}
	if r := pool.Compare(a, b, 0.6); math.Abs(r.SE-math.Sqrt(0.25-2*0.6*0.12)) > 1e-12 || r.High-r.Low >= c.High-c.Low {
		t.Errorf("with a correlation: %+v", r)
	}
}

func TestADifferenceOfSharesStaysWithinOne(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(2, 2))
	draw := func() pool.Prediction {
		p := pool.Prediction{Estimate: r.Float64()}
		p.Low, p.High = p.Estimate*r.Float64(), p.Estimate+(1-p.Estimate)*r.Float64()
		return p
	}
	for range 1000 {
		c := pool.Compare(draw(), draw(), 0)
		if !(c.Low >= -1 && c.Low <= c.Difference && c.Difference <= c.High && c.High <= 1) {
			t.Fatalf("%+v", c)
		}
	}
}

// Two waves of an organisation in which one function improves: the interval of the change of a cell holds the truth, and that of a
// cell that stays as it was holds 0, as often as they say.
func TestTheChangeOfACellHoldsTheTruthAsOftenAsItSays(t *testing.T) {
	t.Parallel()
	s := setting{functions: 25, departments: 10, perCell: 3, population: 1, sdF: 0.4, sdD: 0.25, noise: 0.8}
	r := rand.New(rand.NewPCG(11, 1))
	var held hits
	for range 150 {
		waves := [2][]pool.Prediction{}
		truth := [2][]float64{}
		for i := range waves {
			w := s.draw(r)
			f, err := pool.FitLinear(t.Context(), &w.data, pool.Model{})
			if err != nil {
				t.Fatal(err)
			}
			waves[i], truth[i] = predict(t, f, w.targets, pool.Options{}), w.truth
		}
		share := 0.0
		for i := range truth[0] {
			c := pool.Compare(waves[0][i], waves[1][i], 0)
			if d := truth[1][i] - truth[0][i]; c.Low <= d && d <= c.High {
				share += 1 / float64(len(truth[0]))
			}
		}
		held.add(share)
	}
	m, se := held.mean()
	t.Logf("%.4f (%.4f)", m, se)
	if math.Abs(m-0.95) > 0.005+3*se {
		t.Errorf("intervals of a change hold the truth in %.4f of cases (error %.4f)", m, se)
	}
}
