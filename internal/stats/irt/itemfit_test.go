package irt

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
)

// fitRun calibrates made-up answers, adaptive or at random, and returns the fits of the items.
func fitRun(t *testing.T, r *rand.Rand, adaptive bool, people int, items []Item, give func(i int, theta float64) int) []ItemFit {
	t.Helper()
	var d Answers
	entries := make([]Entry, len(items))
	for i, it := range items {
		entries[i].Item = it
	}
	b, err := NewBank(entries)
	if err != nil {
		t.Fatal(err)
	}
	rules := DefaultRules()
	rules.Criterion, rules.MaxItems, rules.TargetSD, rules.MinGain, rules.MaxRate = MaxInformation, 8, 0, 0, 1
	for range people {
		theta := r.NormFloat64()
		var answers []Answer
		order := r.Perm(len(items))
		for s := (State{Scales: []int{0}}); len(answers) < 8; {
			i := order[len(answers)]
			if adaptive {
				c, err := Next(s, b, rules, r)
				if err != nil {
					t.Fatal(err)
				}
				i = c.Entry
			}
			a := Answer{i, give(i, theta)}
			answers = append(answers, a)
			s = s.With(Given{Entry: i, Category: a.Category})
		}
		if err := d.Add(0, answers...); err != nil {
			t.Fatal(err)
		}
	}
	setup := Experts(items)
	for i := range setup {
		setup[i].Prior.SlopeSD, setup[i].Prior.ThresholdSD = 2, 5
	}
	c, err := Calibrate(t.Context(), &d, setup, Options{})
	if err != nil || !c.Converged {
		t.Fatal(err)
	}
	fits, err := c.ItemFit(t.Context(), adaptive)
	if err != nil {
		t.Fatal(err)
	}
	return fits
}

// TestItemsThatFitAreFlaggedAsOftenAsTheirProbabilitySays holds the level of the test, for items asked at random and adaptively.
func TestItemsThatFitAreFlaggedAsOftenAsTheirProbabilitySays(t *testing.T) {
	t.Parallel()
	for _, adaptive := range []bool{false, true} {
		r := seeded(50)
		flagged, small, all := 0.0, 0.0, 0.0
		for range 10 {
			items := append(drawBank(r, 8, 2), drawBank(r, 8, 3)...)
			for _, fit := range fitRun(t, r, adaptive, 1200, items, func(i int, theta float64) int { return items[i].Draw(r, theta) }) {
				if fit.DF == 0 {
					continue
				}
				all++
				if fit.P < 0.05 {
					flagged++
				}
				if fit.P < 0.5 {
					small++
				}
			}
		}
		t.Logf("adaptive %v: of %v items %.3f below 0.05, %.3f below 0.5", adaptive, all, flagged/all, small/all)
		if all < 130 || flagged/all > 0.09 || flagged/all < 0.02 || small/all < 0.38 || small/all > 0.62 {
			t.Errorf("adaptive %v: of %v items %.3f below 0.05, %.3f below 0.5", adaptive, all, flagged/all, small/all)
		}
	}
}

// TestAnItemThatTheBestGetWrongIsFlagged holds that misfit is seen, and only where it is.
func TestAnItemThatTheBestGetWrongIsFlagged(t *testing.T) {
	t.Parallel()
	r := seeded(51)
	items := drawBank(r, 16, 2)
	const bad = 8
	fits := fitRun(t, r, false, 6000, items, func(i int, theta float64) int {
		if i == bad && theta > 1 {
			theta = -1 // whoever knows more sees more in the question than it means
		}
		return items[i].Draw(r, theta)
	})
	for i, fit := range fits {
		if i == bad && (fit.P > 1e-4 || fit.Largest < 0.01) {
			t.Errorf("the bad item: %+v", fit)
		}
		if i != bad && fit.P < 1e-4 {
			t.Errorf("item %d: %+v", i, fit)
		}
		if math.IsNaN(fit.P) || fit.People == 0 || len(fit.Bins) == 0 {
			t.Errorf("item %d: %+v", i, fit)
		}
	}
}

// difData has two groups of which the second is better, and item 0 is harder by shift in the second.
func difData(t *testing.T, r *rand.Rand, items []Item, shift float64, n int) *Answers {
	t.Helper()
	var d Answers
	drawAnswers(t, r, &d, items, Reference(), 0, n, len(items))
	other := make([]Item, len(items))
	for i, it := range items {
		other[i] = it.clone()
	}
	for k := range other[0].B {
		other[0].B[k] += shift
	}
	drawAnswers(t, r, &d, other, Group{Mean: 0.5, SD: 1.2}, 1, n, len(items))
	return &d
}

func TestAnItemThatWorksDifferentlyIsFoundAndABetterGroupIsNot(t *testing.T) {
	t.Parallel()
	r := seeded(52)
	groups := []Group{Reference(), {SD: 1, FreeMean: true, FreeSD: true}}
	flagged := 0
	for run := range 25 {
		items := append(drawBank(r, 4, 3), drawBank(r, 4, 2)...)
		shift := 0.0
		if run == 0 {
			shift = 0.5
		}
		setup := make([]Setup, len(items))
		for i, it := range items {
			setup[i].Start = it
		}
		c, err := Calibrate(t.Context(), difData(t, r, items, shift, 600), setup, Options{Groups: groups})
		if err != nil || !c.Converged {
			t.Fatal(err)
		}
		dif, err := c.DIF(t.Context(), 0)
		if err != nil {
			t.Fatal(err)
		}
		if dif.DF != 3 || len(dif.Groups) != 2 || dif.Groups[0].Unsigned != 0 {
			t.Fatalf("%+v", dif)
		}
		if run == 0 {
			t.Logf("shifted by 0.5: %+v; groups %+v", dif, c.Groups)
			if dif.P > 1e-3 || dif.Groups[1].Signed > -0.03 || math.Abs(dif.Groups[1].Item.B[0]-dif.Groups[0].Item.B[0]-0.5) > 0.25 {
				t.Errorf("%+v", dif)
			}
			continue
		}
		if dif.P < 0.05 {
			flagged++
		}
	}
	t.Logf("%d of 24 items that work the same are below 0.05", flagged)
	if flagged > 4 {
		t.Errorf("%d of 24 items that work the same are below 0.05", flagged)
	}
}

func TestDIFNeedsGroupsAndAFreeItem(t *testing.T) {
	t.Parallel()
	setup := binarySetup(5)
	setup[4].Fixed = true
	c, err := Calibrate(t.Context(), lsatData(t), setup, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.DIF(t.Context(), 0); !errors.Is(err, ErrNoGroups) {
		t.Error(err)
	}
	var item *ItemError
	for _, i := range []int{-1, 4, 5} {
		if _, err := c.DIF(t.Context(), i); !errors.As(err, &item) {
			t.Error(err)
		}
	}
	if c.Items[4].SlopeSE != 0 || c.Covariance(4)[0][0] != 0 || c.Items[4].Item.A != 1 {
		t.Errorf("the fixed item: %+v", c.Items[4])
	}
}
