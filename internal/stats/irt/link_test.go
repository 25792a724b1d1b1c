package irt

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestLinkingFindsTheScaleThatItemsWereCarriedFrom(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := seeded(rapid.Uint64().Draw(t, "seed"))
		earlier := append(drawBank(r, 4, 2), drawBank(r, 4, 3)...)
		earlier[0].C = 0.2
		link := Link{A: rapid.Float64Range(0.5, 2).Draw(t, "A"), B: rapid.Float64Range(-1.5, 1.5).Draw(t, "B")}
		back := Link{A: 1 / link.A, B: -link.B / link.A}
		fresh := make([]Item, len(earlier))
		for i, it := range earlier {
			fresh[i] = back.Item(it)
			x := rapid.Float64Range(-4, 4).Draw(t, "theta")
			if math.Abs(fresh[i].Expected(x)-it.Expected(link.Theta(x))) > 1e-9 {
				t.Fatal("the carried item has another curve")
			}
		}
		for name, method := range map[string]func(a, b []Item) (Link, error){"mean-sigma": MeanSigma, "Stocking-Lord": StockingLord} {
			got, err := method(fresh, earlier)
			if err != nil || math.Abs(got.A-link.A) > 1e-6 || math.Abs(got.B-link.B) > 1e-6 {
				t.Fatalf("%s: %v %v, not %v", name, got, err, link)
			}
		}
	})
}

// TestALevelKeepsItsMeaningAfterRecalibration calibrates the same items among people who are better and more alike, with a scale of their own,
// and holds that the link carries both items and people back; Stocking-Lord nearer than mean and sigma.
func TestALevelKeepsItsMeaningAfterRecalibration(t *testing.T) {
	t.Parallel()
	r := seeded(40)
	items := append(drawBank(r, 10, 2), drawBank(r, 10, 3)...)
	population := Group{Mean: 0.6, SD: 0.8}
	var d Answers
	drawAnswers(t, r, &d, items, population, 0, 4000, 14)
	setup := make([]Setup, len(items))
	for i, it := range items {
		setup[i].Start = it
	}
	c, err := Calibrate(t.Context(), &d, setup, Options{})
	if err != nil || !c.Converged {
		t.Fatal(err)
	}
	for name, method := range map[string]func(a, b []Item) (Link, error){"mean-sigma": MeanSigma, "Stocking-Lord": StockingLord} {
		got, err := method(c.Parameters(), items)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %+v for a population with mean %v and standard deviation %v", name, got, population.Mean, population.SD)
		if math.Abs(got.A-population.SD) > 0.06 || math.Abs(got.B-population.Mean) > 0.06 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestWhatCannotBeLinkedIsRefused(t *testing.T) {
	t.Parallel()
	one := []Item{{A: 1, B: []float64{0}}}
	for _, pair := range [][2][]Item{{nil, nil}, {one, nil}, {one, {{A: 1, B: []float64{0, 1}}}}, {{{B: []float64{0}}}, one}, {one, {{B: []float64{0}}}}} {
		if _, err := MeanSigma(pair[0], pair[1]); !errors.Is(err, ErrLink) {
			t.Error(err)
		}
		if _, err := StockingLord(pair[0], pair[1]); !errors.Is(err, ErrLink) {
			t.Error(err)
		}
	}
	if _, err := MeanSigma(one, one); !errors.Is(err, ErrLink) {
		t.Error(err)
	}
	if got, err := StockingLord(one, []Item{{A: 2, B: []float64{0.3}}}); err != nil || math.Abs(got.A-0.5) > 1e-5 || math.Abs(got.B-0.3) > 1e-5 {
		t.Error(got, err)
	}
}
