package irt

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// TestTheSameBitsComeFromAnyNumberOfWorkers holds the promise that a result can be repeated elsewhere.
func TestTheSameBitsComeFromAnyNumberOfWorkers(t *testing.T) {
	t.Parallel()
	r := seeded(20)
	items := drawBank(r, 20, 3)
	var d Answers
	drawAnswers(t, r, &d, items, Reference(), 0, 3000, 8)
	drawAnswers(t, r, &d, items, Group{Mean: 0.4, SD: 1.1}, 1, 1500, 8)
	groups := []Group{Reference(), {SD: 1, FreeMean: true, FreeSD: true}}
	var first *Calibration
	for _, workers := range []int{1, 2, 3, 8} {
		c, err := Calibrate(t.Context(), &d, Experts(items), Options{Groups: groups, Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = c
			continue
		}
		if c.LogLikelihood != first.LogLikelihood || c.Groups[1] != first.Groups[1] {
			t.Errorf("%d workers: log-likelihood %v and %v", workers, c.LogLikelihood, first.LogLikelihood)
		}
		for i := range c.Items {
			if c.Items[i].Item.A != first.Items[i].Item.A || c.Items[i].SlopeSE != first.Items[i].SlopeSE || c.Items[i].Item.B[1] != first.Items[i].Item.B[1] {
				t.Errorf("%d workers: item %d differs", workers, i)
			}
		}
	}
}

// TestGuessesOfExpertsHoldWhereThereAreFewAnswers holds that nothing blows up, and that an item without an answer keeps its guess.
func TestGuessesOfExpertsHoldWhereThereAreFewAnswers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := seeded(rapid.Uint64().Draw(t, "seed"))
		items := append(drawBank(r, 5, 2), drawBank(r, 5, 3)...)
		items[0].C = 0.2
		var d Answers
		for range rapid.IntRange(1, 25).Draw(t, "people") {
			var answers []Answer
			for _, i := range r.Perm(9)[:1+r.IntN(9)] { // the last item is never asked
				answers = append(answers, Answer{i, r.IntN(items[i].Categories())}) // by chance alone
			}
			if err := d.Add(0, answers...); err != nil {
				t.Fatal(err)
			}
		}
		c, err := Calibrate(context.Background(), &d, Experts(items), Options{})
		if err != nil || !c.Converged {
			t.Fatal(c, err)
		}
		for i, it := range c.Items {
			if err := it.Item.Check(); err != nil {
				t.Fatal(i, err)
			}
			if it.Moved > 4 || it.AtLimit || math.IsNaN(it.SlopeSE) || !(it.ThresholdSE[0] > 0 && it.ThresholdSE[0] < 0.6) {
				t.Fatalf("item %d: %+v", i, it)
			}
		}
		if last := c.Items[9]; last.Moved > 1e-6 || math.Abs(last.SlopeSE/last.Item.A-0.3) > 1e-6 {
			t.Fatalf("the item without answers is %+v", last)
		}
	})
}

// TestTheOrderOfPeopleAndOfItemsDoesNotMatter, up to rounding.
func TestTheOrderOfPeopleAndOfItemsDoesNotMatter(t *testing.T) {
	t.Parallel()
	r := seeded(21)
	items := append(drawBank(r, 5, 2), drawBank(r, 4, 3)...)
	var d, turned Answers
	drawAnswers(t, r, &d, items, Reference(), 0, 500, 6)
	setup := Experts(items)
	back := make([]Setup, len(setup))
	for i := range setup {
		back[len(setup)-1-i] = setup[i]
	}
	for _, p := range r.Perm(d.People()) {
		answers, _ := d.Of(p)
		for j := range answers {
			answers[j].Item = len(items) - 1 - answers[j].Item
		}
		if err := turned.Add(0, answers...); err != nil {
			t.Fatal(err)
		}
	}
	a, err := Calibrate(t.Context(), &d, setup, Options{})
	if err != nil {
		t.Fatal(err)
	}
	b, err := Calibrate(t.Context(), &turned, back, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, it := range a.Items {
		other := b.Items[len(items)-1-i]
		if math.Abs(it.Item.A-other.Item.A) > 1e-7 || math.Abs(it.Item.B[0]-other.Item.B[0]) > 1e-7 || math.Abs(it.SlopeSE-other.SlopeSE) > 1e-6 {
			t.Errorf("item %d: %+v and %+v", i, it, other)
		}
	}
}

// TestCountsStandForRepeatedPeople holds that a pattern of n people is n patterns.
func TestCountsStandForRepeatedPeople(t *testing.T) {
	t.Parallel()
	var single Answers
	for _, row := range lsat6 {
		for range int(row.people) {
			if err := single.Add(0, lsatAnswers(row.pattern)...); err != nil {
				t.Fatal(err)
			}
		}
	}
	a, err := Calibrate(t.Context(), &single, binarySetup(5), Options{})
	if err != nil {
		t.Fatal(err)
	}
	b, err := Calibrate(t.Context(), lsatData(t), binarySetup(5), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(a.LogLikelihood-b.LogLikelihood) > 1e-8 || math.Abs(a.Items[2].SlopeSE-b.Items[2].SlopeSE) > 1e-7 {
		t.Error(a.LogLikelihood, b.LogLikelihood, a.Items[2].SlopeSE, b.Items[2].SlopeSE)
	}
}

// TestStandardErrorsCoverTheTruth repeats a calibration and counts how often 95 % intervals hold the true parameters.
func TestStandardErrorsCoverTheTruth(t *testing.T) {
	t.Parallel()
	r := seeded(22)
	items := append(drawBank(r, 4, 2), drawBank(r, 4, 3)...)
	held, all := 0.0, 0.0
	for range 60 {
		var d Answers
		drawAnswers(t, r, &d, items, Reference(), 0, 800, 8)
		setup := make([]Setup, len(items))
		for i, it := range items {
			setup[i].Start = it
		}
		c, err := Calibrate(t.Context(), &d, setup, Options{})
		if err != nil || !c.Converged {
			t.Fatal(err)
		}
		for i, it := range c.Items {
			count := func(got, se, want float64) {
				all++
				if math.Abs(got-want) < 1.96*se {
					held++
				}
			}
			count(math.Log(it.Item.A), it.SlopeSE/it.Item.A, math.Log(items[i].A))
			for k := range it.Item.B {
				count(it.Item.B[k], it.ThresholdSE[k], items[i].B[k])
			}
		}
	}
	t.Logf("%.3f of %v intervals hold the truth", held/all, all)
	if share := held / all; share < 0.93 || share > 0.97 {
		t.Errorf("%.3f of the intervals hold the truth", share)
	}
}

// TestItemsThatWereChosenAdaptivelyAreCalibratedWithoutBias holds that the choice of items needs no correction.
func TestItemsThatWereChosenAdaptivelyAreCalibratedWithoutBias(t *testing.T) {
	t.Parallel()
	r := seeded(23)
	items := drawBank(r, 24, 2)
	var entries []Entry
	for _, it := range items {
		entries = append(entries, Entry{Item: it})
	}
	b, err := NewBank(entries)
	if err != nil {
		t.Fatal(err)
	}
	rules := DefaultRules()
	rules.MaxItems, rules.TargetSD, rules.MinGain, rules.MaxRate, rules.Random = 8, 0, 0, 1, 0.5
	var d Answers
	for range 6000 {
		if err := d.Add(0, runSession(t, r, b, rules, r.NormFloat64())...); err != nil {
			t.Fatal(err)
		}
	}
	setup := Experts(items)
	for i := range setup {
		setup[i].Start = Item{A: 1.3, B: []float64{0}}
		setup[i].Prior.SlopeSD, setup[i].Prior.ThresholdSD = 1, 2
	}
	c, err := Calibrate(t.Context(), &d, setup, Options{})
	if err != nil || !c.Converged {
		t.Fatal(err)
	}
	za, zb := 0.0, 0.0
	for i, it := range c.Items {
		za += (it.Item.A - items[i].A) / it.SlopeSE
		zb += (it.Item.B[0] - items[i].B[0]) / it.ThresholdSE[0]
	}
	n := math.Sqrt(float64(len(items)))
	t.Logf("standardised bias of slopes %.2f, of thresholds %.2f", za/n, zb/n)
	if math.Abs(za/n) > 3 || math.Abs(zb/n) > 4 {
		t.Errorf("standardised bias of slopes %.2f, of thresholds %.2f", za/n, zb/n)
	}
}

// TestMorePointsChangeNothing holds what Options says of the usual quadrature.
func TestMorePointsChangeNothing(t *testing.T) {
	t.Parallel()
	r := seeded(25)
	items := drawBank(r, 12, 3)
	for i := range items {
		items[i].A = 1 + 2*r.Float64()
	}
	groups := []Group{Reference(), {SD: 1, FreeMean: true, FreeSD: true}}
	for free := range 2 {
		var d Answers
		drawAnswers(t, r, &d, items, Reference(), 0, 600, 12)
		drawAnswers(t, r, &d, items, Group{Mean: 0.8, SD: 1.3}, free, 600, 12)
		usual, err := Calibrate(t.Context(), &d, Experts(items), Options{Groups: groups[:1+free]})
		if err != nil {
			t.Fatal(err)
		}
		fine, err := Calibrate(t.Context(), &d, Experts(items), Options{Groups: groups[:1+free], Points: 257, Span: 9})
		if err != nil {
			t.Fatal(err)
		}
		off := math.Abs(usual.LogLikelihood/fine.LogLikelihood - 1)
		worst := 0.0
		for i, it := range usual.Items {
			worst = max(worst, math.Abs(it.Item.A-fine.Items[i].Item.A)/it.SlopeSE, math.Abs(it.Item.B[0]-fine.Items[i].Item.B[0])/it.ThresholdSE[0])
		}
		t.Logf("%d groups: log-likelihood off by %.1e of itself, estimates by %.1e of their standard errors", 1+free, off, worst)
		if off > 1e-8 || worst > 1e-4 {
			t.Errorf("%d groups: log-likelihood off by %.1e of itself, estimates by %.1e of their standard errors", 1+free, off, worst)
		}
	}
}

// TestAnchorsHoldTheScaleForNewItems calibrates new items among people of another level beside items whose parameters are kept.
func TestAnchorsHoldTheScaleForNewItems(t *testing.T) {
	t.Parallel()
	r := seeded(24)
	items := append(drawBank(r, 10, 3), drawBank(r, 5, 2)...)
	var d Answers
	drawAnswers(t, r, &d, items, Group{Mean: 0.7, SD: 1.2}, 0, 4000, len(items))
	setup := make([]Setup, len(items))
	for i, it := range items {
		setup[i] = Setup{Start: it, Fixed: i < 10}
		if i >= 10 {
			setup[i].Start = Item{A: 1, B: []float64{0}}
		}
	}
	c, err := Calibrate(t.Context(), &d, setup, Options{Groups: []Group{{SD: 1, FreeMean: true, FreeSD: true}}})
	if err != nil || !c.Converged || c.Free != 12 {
		t.Fatal(c, err)
	}
	z := []float64{(c.Groups[0].Mean - 0.7) / c.Groups[0].MeanSE, (c.Groups[0].SD - 1.2) / c.Groups[0].SDSE}
	for i, it := range c.Items[10:] {
		z = append(z, (it.Item.A-items[10+i].A)/it.SlopeSE, (it.Item.B[0]-items[10+i].B[0])/it.ThresholdSE[0])
	}
	for _, v := range z {
		if !(math.Abs(v) < 3.5) {
			t.Errorf("standardised errors %.2f", z)
			break
		}
	}
	if c.Items[0].Item.A != items[0].A || c.Items[9].Item.B[1] != items[9].B[1] {
		t.Error("an anchor moved")
	}
}

// runSession runs a session on scale 0 of somebody and returns the answers in order.
func runSession(t testing.TB, r *rand.Rand, b *Bank, rules Rules, theta float64) []Answer {
	t.Helper()
	s := State{Scales: []int{0}}
	var out []Answer
	for {
		c, err := Next(s, b, rules, r)
		if err != nil {
			t.Fatal(err)
		}
		if c.Entry < 0 {
			return out
		}
		a := Answer{c.Entry, b.Entry(c.Entry).Item.Draw(r, theta)}
		out = append(out, a)
		s = s.With(Given{Entry: a.Item, Category: a.Category})
	}
}

func TestWhatCannotBeCalibratedIsRefusedWithTheMend(t *testing.T) {
	t.Parallel()
	two := func(answers ...Answer) *Answers {
		var d Answers
		for _, a := range answers {
			if err := d.Add(0, a); err != nil {
				t.Fatal(err)
			}
		}
		return &d
	}
	free := []Group{{SD: 1, FreeMean: true}}
	for _, c := range []struct {
		name    string
		data    *Answers
		setup   []Setup
		options Options
		want    error
	}{
		{"nobody", &Answers{}, binarySetup(1), Options{}, ErrNoAnswers},
		{"a category without answers", two(Answer{0, 1}, Answer{0, 1}), binarySetup(1), Options{}, ErrThin},
		{"no scale", two(Answer{0, 1}, Answer{0, 0}), binarySetup(1), Options{Groups: free}, ErrScale},
		{"a free group of one", two(Answer{0, 1}), Experts([]Item{{A: 1, B: []float64{0}}}), Options{Groups: free}, ErrThin},
	} {
		if _, err := Calibrate(t.Context(), c.data, c.setup, c.options); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	var wrong *AnswerError
	if _, err := Calibrate(t.Context(), two(Answer{3, 0}), binarySetup(1), Options{}); !errors.As(err, &wrong) {
		t.Error(err)
	}
	if _, err := Calibrate(t.Context(), two(Answer{0, 2}), binarySetup(1), Options{}); !errors.As(err, &wrong) {
		t.Error(err)
	}
	var item *ItemError
	bad := Experts([]Item{{A: 1, B: []float64{0}}})
	bad[0].Prior.SlopeSD = 0
	if _, err := Calibrate(t.Context(), two(Answer{0, 0}), bad, Options{}); !errors.As(err, &item) {
		t.Error(err)
	}
	var d Answers
	if err := d.Add(-1, Answer{0, 0}); err == nil {
		t.Error("a group below 0 is taken")
	}
	if err := d.Add(0, Answer{0, 0}, Answer{0, 1}); !errors.As(err, &wrong) {
		t.Error(err)
	}
	if err := d.Add(1, Answer{0, 0}); err != nil {
		t.Error(err)
	}
	if _, err := Calibrate(t.Context(), &d, binarySetup(1), Options{}); err == nil {
		t.Error("a group that is not described is taken")
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Calibrate(ended, lsatData(t), binarySetup(5), Options{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestSeparatedAnswersAreSaidToBeAtTheLimit holds that answers without a maximum end in a limit that is told.
func TestSeparatedAnswersAreSaidToBeAtTheLimit(t *testing.T) {
	t.Parallel()
	var d Answers
	for n := range 40 { // two items that always agree
		if err := d.Add(0, Answer{0, n % 2}, Answer{1, n % 2}); err != nil {
			t.Fatal(err)
		}
	}
	c, err := Calibrate(t.Context(), &d, binarySetup(2), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !c.Items[0].AtLimit && !c.Items[1].AtLimit {
		t.Errorf("slopes %v and %v", c.Items[0].Item.A, c.Items[1].Item.A)
	}
}
