package stats

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

func rakeOf(t *testing.T, d *Design, margins []Margin, o RakeOptions) RakeResult {
	t.Helper()
	r, err := Rake(context.Background(), d, margins, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// deviation is the largest relative distance of the weighted margins from their targets.
func deviation(weights []float64, margins []Margin) float64 {
	var worst float64
	for _, m := range margins {
		sums := make([]float64, m.Codes.K)
		for i, w := range weights {
			sums[m.Codes.At(i)] += w
		}
		for k, s := range sums {
			if m.Targets[k] > 0 {
				worst = math.Max(worst, math.Abs(s/m.Targets[k]-1))
			}
		}
	}
	return worst
}

func randomMargins(n int) (*Design, []Margin) {
	d, items, _ := randomColumns(n, 3, 4, 2)
	return d, []Margin{
		{Name: "department", Codes: items[0], Targets: []float64{300, 500, 150, 250}},
		{Name: "age", Codes: items[1], Targets: []float64{200, 200, 500, 300}},
		{Name: "education", Codes: items[2], Targets: []float64{600, 200, 300, 100}},
	}
}

func TestRakeReachesItsMargins(t *testing.T) {
	t.Parallel()
	d, margins := randomMargins(700)
	r := rakeOf(t, d, margins, RakeOptions{})
	if !r.Converged || r.MaxDeviation > 1e-10 || deviation(r.Weights, margins) > 1e-9 || r.Scaled != nil {
		t.Errorf("converged %v after %d, deviation %v", r.Converged, r.Iterations, r.MaxDeviation)
	}
	for i, w := range d.Weights {
		if w < 0.5 || w > 1.5 {
			t.Fatalf("the weight of unit %d was changed in the design", i)
		}
	}
}

func TestRakeScalesTotalsThatHardlyDiffer(t *testing.T) {
	t.Parallel()
	d, margins := randomMargins(700)
	for k := range margins[1].Targets {
		margins[1].Targets[k] *= 1.004
	}
	r := rakeOf(t, d, margins, RakeOptions{})
	if len(r.Scaled) != 1 || r.Scaled[0].Name != "age" || math.Abs(r.Scaled[0].Factor*1.004-1) > 1e-12 || !r.Converged {
		t.Errorf("scaled %+v", r.Scaled)
	}
	var sum float64
	for _, w := range r.Weights {
		sum += w
	}
	if math.Abs(sum/1200-1) > 1e-9 {
		t.Errorf("the weights add up to %v, want the first margin's 1200", sum)
	}
}

func TestRakeKeepsTheShareOfUnitsWithoutTarget(t *testing.T) {
	t.Parallel()
	d, margins := randomMargins(700)
	margins[0].Targets = []float64{math.NaN(), 500, 400, 300}
	var without, sum float64
	for i, w := range d.Weights {
		if margins[0].Codes.At(i) == 0 {
			without += w
		}
		sum += w
	}
	r := rakeOf(t, d, margins, RakeOptions{})
	sums := make([]float64, 4)
	for i, w := range r.Weights {
		sums[margins[0].Codes.At(i)] += w
	}
	if math.Abs(sums[0]/1200-without/sum) > 1e-9 || math.Abs(sums[1]/sums[2]-5.0/4) > 1e-9 || !r.Converged {
		t.Errorf("totals %v, want %v of 1200 without a target and 5:4:3 for the others", sums, without/sum)
	}
}

func TestRakeAndTrimHoldTogether(t *testing.T) {
	t.Parallel()
	d, margins := randomMargins(700)
	free := Spread(&Design{N: d.N, Weights: rakeOf(t, d, margins, RakeOptions{}).Weights})
	r := rakeOf(t, d, margins, RakeOptions{Lower: 0.3, Upper: 3})
	s := Spread(&Design{N: d.N, Weights: r.Weights})
	if free.Max < 3.2 {
		t.Fatalf("the largest weight is %v without trimming: nothing to test", free.Max)
	}
	if !r.Converged || r.Trimmed == 0 || s.Max > 3.004 || s.Min < 0.2996 || deviation(r.Weights, margins) > 1e-9 {
		t.Errorf("converged %v in %d, trimmed %d, weights from %v to %v", r.Converged, r.Iterations, r.Trimmed, s.Min, s.Max)
	}
	tight := rakeOf(t, d, margins, RakeOptions{Upper: 1.2, Rounds: 5})
	if tight.Converged || deviation(tight.Weights, margins) > 1e-9 {
		t.Error("bounds that the margins forbid must show, and the margins hold")
	}
}

func TestRakeTellsOfMarginsThatContradictEachOther(t *testing.T) {
	t.Parallel()
	c := Codes{U8: []uint8{0, 0, 1, 1}, K: 2}
	margins := []Margin{{Name: "a", Codes: c, Targets: []float64{10, 30}}, {Name: "b", Codes: c, Targets: []float64{20, 20}}}
	r := rakeOf(t, &Design{N: 4}, margins, RakeOptions{MaxIterations: 20})
	if r.Converged || r.Iterations != 20 || r.MaxDeviation < 0.1 || r.Worst != "a" {
		t.Errorf("%+v", r)
	}
}

func TestRakeSaysWhichMarginIsImpossible(t *testing.T) {
	t.Parallel()
	c := Codes{U8: []uint8{0, 0, 1, 1}, K: 3}
	margin := func(targets ...float64) []Margin {
		return []Margin{{Name: "age", Codes: c, Targets: targets}}
	}
	for says, margins := range map[string][]Margin{
		"no margins":                        nil,
		"2 targets for 3":                   margin(1, 2),
		`"age", category 2: the population`: margin(1, 2, 3),
		`"age", category 1: target -2`:      margin(1, -2, 0),
		`"age", category 0: respondents`:    margin(0, 2, 0),
		"target +Inf":                       margin(math.Inf(1), 2, 0),
		"has no targets":                    margin(math.NaN(), math.NaN(), 0),
		`those of "age" to 4`:               append(margin(2, 2, 0), Margin{Name: "sex", Codes: c, Targets: []float64{3, 3, 0}}),
		"has 1 units":                       {{Name: "age", Codes: Codes{U8: []uint8{0}, K: 1}, Targets: []float64{1}}},
		"unit 0 has code 5":                 {{Name: "age", Codes: Codes{U8: []uint8{5, 0, 0, 0}, K: 1}, Targets: []float64{1}}},
	} {
		if _, err := Rake(context.Background(), &Design{N: 4}, margins, RakeOptions{}); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("error %v, want one that says %q", err, says)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Rake(ctx, &Design{N: 4}, margin(2, 2, 0), RakeOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}

// Many categories make combinations too many for a slice; both ways of numbering must agree.
func TestRakeNumbersManyCombinations(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 1))
	const n = 3000
	d := &Design{N: n}
	margins := make([]Margin, 3)
	for m := range margins {
		margins[m] = Margin{Name: "m", Codes: Codes{U16: make([]uint16, n), K: 3000}, Targets: make([]float64, 3000)}
		for i := range n {
			k := r.IntN(40)
			margins[m].Codes.U16[i] = uint16(k)
			margins[m].Targets[k] = 1
		}
		for k := range 40 {
			margins[m].Targets[k] = 100 + float64(k%7)
		}
	}
	if got := rakeOf(t, d, margins, RakeOptions{}); !got.Converged || deviation(got.Weights, margins) > 1e-9 {
		t.Errorf("deviation %v", got.MaxDeviation)
	}
}

func TestTrimSaysWhichBoundsCannotHold(t *testing.T) {
	t.Parallel()
	w := []float64{1, 2, 9}
	for _, b := range [][2]float64{{5, 9}, {0, 3}, {math.NaN(), 9}} {
		if _, err := Trim(w, b[0], b[1], true); err == nil {
			t.Errorf("bounds %v held a mean of 4", b)
		}
	}
	r, err := Trim(w, 0, 4, true)
	if err != nil || r.Trimmed != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	for _, x := range r.Weights {
		if math.Abs(x-4) > 1e-9 {
			t.Errorf("weights %v, want all at the bound that is the mean", r.Weights)
		}
	}
	if w[2] != 9 {
		t.Error("the weights given were changed")
	}
}

func TestSpreadOfWeights(t *testing.T) {
	t.Parallel()
	got := Spread(&Design{N: 4, Weights: []float64{1, 1, 1, 5}})
	want := WeightSpread{N: 4, KishDeff: 4 * 28.0 / 64, EffectiveN: 64.0 / 28, Min: 0.5, Max: 2.5}
	if math.Abs(got.KishDeff-want.KishDeff)+math.Abs(got.EffectiveN-want.EffectiveN)+math.Abs(got.Min-want.Min)+math.Abs(got.Max-want.Max) > 1e-12 {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := Spread(&Design{N: 9}); got.KishDeff != 1 || got.EffectiveN != 9 {
		t.Errorf("equal weights give %+v", got)
	}
}
