package irt

import (
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// skillBank has scales with n items each: three areas, two kinds, most of three categories, 20 seconds each.
func skillBank(t testing.TB, r *rand.Rand, scales, n int) *Bank {
	t.Helper()
	var entries []Entry
	for scale := range scales {
		items := append(drawBank(r, n/3, 2), drawBank(r, n-n/3, 3)...)
		for i, it := range items {
			if len(it.B) == 1 {
				it.C = 0.2
			}
			entries = append(entries, Entry{Item: it, Scale: scale, Area: i % 3, Kind: len(it.B) - 1, Seconds: 20})
		}
	}
	b, err := NewBank(entries)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// session is a finished one.
type session struct {
	state  State
	reason StopReason
	stands []Progress
}

func play(t testing.TB, r *rand.Rand, b *Bank, rules Rules, scales []int, thetas []float64, each func(Choice)) session {
	t.Helper()
	s := State{Scales: scales}
	for range b.Len() + 1 {
		c, err := Next(s, b, rules, r)
		if err != nil {
			t.Fatal(err)
		}
		done, why, err := Stop(s, b, rules)
		if err != nil || done != (c.Entry < 0) || why != c.Stop {
			t.Fatal("Stop and Next disagree", done, why, c, err)
		}
		if done {
			all, err := Stands(s, b, rules)
			if err != nil {
				t.Fatal(err)
			}
			return session{s, why, all}
		}
		if each != nil {
			each(c)
		}
		e := b.Entry(c.Entry)
		s = s.With(Given{Entry: c.Entry, Category: e.Item.Draw(r, thetas[e.Scale]), Seconds: e.Seconds})
	}
	t.Fatal("the session has no end")
	return session{}
}

func TestSessionsKeepTheirRules(t *testing.T) {
	t.Parallel()
	b := skillBank(t, seeded(60), 5, 12)
	rapid.Check(t, func(rt *rapid.T) {
		r := seeded(rapid.Uint64().Draw(rt, "seed"))
		rules := DefaultRules()
		rules.Criterion = Criterion(rapid.IntRange(0, 2).Draw(rt, "criterion"))
		rules.Order = Order(rapid.IntRange(0, 1).Draw(rt, "order"))
		rules.MinItems = rapid.IntRange(0, 5).Draw(rt, "min")
		rules.MaxItems = rapid.IntRange(5, 12).Draw(rt, "max")
		rules.MaxTotal = rapid.SampledFrom([]int{0, 15, 40}).Draw(rt, "total")
		rules.MaxSeconds = rapid.SampledFrom([]float64{0, 300, 600}).Draw(rt, "seconds")
		rules.TargetSD = rapid.SampledFrom([]float64{0.2, 0.4, 0.6}).Draw(rt, "target")
		rules.Random = rapid.Float64Range(0, 1).Draw(rt, "random")
		rules.Top = rapid.IntRange(0, 3).Draw(rt, "top")
		for scale := range 5 {
			for area := range 3 {
				rules.Areas = append(rules.Areas, Quota{Scale: scale, Of: area, Min: 1, Max: 3})
			}
			rules.Kinds = append(rules.Kinds, Quota{Scale: scale, Of: 1, Min: 1}, Quota{Scale: scale, Of: 0, Min: 1, Max: 4})
		}
		thetas := []float64{r.NormFloat64(), r.NormFloat64(), r.NormFloat64(), r.NormFloat64(), r.NormFloat64()}
		end := play(t, r, b, rules, []int{0, 1, 2, 3, 4}, thetas, nil)
		if rules.MaxTotal > 0 && len(end.state.Given) > rules.MaxTotal {
			rt.Fatalf("%d items", len(end.state.Given))
		}
		seconds, seen := 0.0, map[int]bool{}
		for _, g := range end.state.Given {
			seconds += g.Seconds
			if seen[g.Entry] {
				rt.Fatal("an item is asked twice")
			}
			seen[g.Entry] = true
		}
		if rules.MaxSeconds > 0 && seconds > rules.MaxSeconds {
			rt.Fatalf("%v seconds", seconds)
		}
		shared := end.reason == Full && rules.MaxTotal > 0 || rules.MaxSeconds > 0
		for _, p := range end.stands {
			if p.Asked > rules.MaxItems {
				rt.Fatalf("%d items on a scale", p.Asked)
			}
			for area := range 3 {
				if p.tally.given[0][area] > 3 {
					rt.Fatal("an area has more than its maximum")
				}
			}
			if p.tally.given[1][0] > 4 {
				rt.Fatal("a kind has more than its maximum")
			}
			if !shared && (p.tally.missing() > 0 || p.Asked < rules.MinItems || p.Stop == Open) {
				rt.Fatalf("scale %d ended with %d items and %d missing: %q", p.Scale, p.Asked, p.tally.missing(), p.Stop)
			}
			if p.Stop == Precise && p.Posterior.SD > rules.TargetSD {
				rt.Fatal("a scale is said to be precise and is not")
			}
		}
		if rules.Order == Neediest && rules.MaxTotal > 0 && end.reason == Full {
			for _, p := range end.stands {
				if p.Asked == 0 {
					rt.Fatal("a scale was never asked")
				}
			}
		}
	})
}

// TestAMinimumIsMetEvenWhenPrecisionComesFirst holds that areas are covered within the least number of items.
func TestAMinimumIsMetWithinTheLeastNumberOfItems(t *testing.T) {
	t.Parallel()
	r := seeded(61)
	b := skillBank(t, r, 1, 12)
	rules := DefaultRules()
	rules.MinItems, rules.TargetSD = 4, 0.9
	rules.Areas = []Quota{{Scale: 0, Of: 0, Min: 1}, {Scale: 0, Of: 1, Min: 1}, {Scale: 0, Of: 2, Min: 2}}
	needed := 0
	for range 100 {
		end := play(t, r, b, rules, []int{0}, []float64{r.NormFloat64()}, func(c Choice) {
			if c.Needed {
				needed++
			}
		})
		if end.reason != Precise || len(end.state.Given) != 4 || end.stands[0].tally.missing() != 0 {
			t.Fatalf("%v after %d items, %d missing", end.reason, len(end.state.Given), end.stands[0].tally.missing())
		}
	}
	if needed == 0 {
		t.Error("no minimum ever decided")
	}
}

// TestNoItemIsGivenMoreOftenThanTheHighestRate feeds rates back as an operator would, and holds that without the rule it would not hold.
func TestNoItemIsGivenMoreOftenThanTheHighestRate(t *testing.T) {
	t.Parallel()
	highest := func(rules Rules) float64 {
		r := seeded(62)
		var entries []Entry
		for _, it := range drawBank(r, 24, 2) {
			entries = append(entries, Entry{Item: it})
		}
		times := make([]float64, len(entries))
		const sessions = 1500
		for n := range sessions {
			for i := range entries {
				entries[i].Rate = times[i] / max(1, float64(n))
			}
			b, err := NewBank(entries)
			if err != nil {
				t.Fatal(err)
			}
			for _, g := range play(t, r, b, rules, []int{0}, []float64{r.NormFloat64()}, nil).state.Given {
				times[g.Entry]++
			}
		}
		top := 0.0
		for _, n := range times {
			top = max(top, n/sessions)
		}
		return top
	}
	rules := DefaultRules()
	rules.Criterion, rules.MaxItems, rules.TargetSD, rules.MinGain, rules.MaxRate, rules.Random = MaxInformation, 6, 0, 0, 1, 0
	free := highest(rules)
	rules.MaxRate, rules.Random = 0.4, 0.5
	bound := highest(rules)
	t.Logf("highest exposure rate %.3f, and %.3f with the rule", free, bound)
	if free < 0.9 || bound > 0.41 {
		t.Errorf("highest exposure rate %.3f, and %.3f with the rule", free, bound)
	}
}

func TestOverexposedItemsAreAskedWhereThereAreNoOthers(t *testing.T) {
	t.Parallel()
	r := seeded(63)
	entries := []Entry{{Item: Item{A: 2, B: []float64{0}}, Rate: 0.95}, {Item: Item{A: 1, B: []float64{0}}, Rate: 0.9}, {Item: Item{A: 1, B: []float64{1}}, Off: true}}
	s := State{Scales: []int{0}}
	rules := DefaultRules()
	for _, crowded := range []bool{true, false} {
		b, err := NewBank(entries)
		if err != nil {
			t.Fatal(err)
		}
		c, err := Next(s, b, rules, r)
		if err != nil || c.Candidates != 2 {
			t.Fatal(c, err)
		}
		if crowded { // a bank of two, of which each session asks nearly both: no bound can hold
			if c.Overexposed || c.Held != 0 {
				t.Error(c)
			}
			for i := range 4 { // others, seldom asked, that this session has had
				entries = append(entries, Entry{Item: Item{A: 1, B: []float64{0}}, Rate: 0.1})
				s = s.With(Given{Entry: 3 + i, Category: i % 2})
			}
			continue
		}
		if c.Entry != 1 || !c.Overexposed || c.Held != 2 {
			t.Error(c)
		}
	}
}

func TestTheSameChanceGivesTheSameSession(t *testing.T) {
	t.Parallel()
	b := skillBank(t, seeded(64), 5, 12)
	run := func() State {
		r := seeded(65)
		return play(t, r, b, DefaultRules(), []int{0, 1, 2, 3, 4}, make([]float64, 5), nil).state
	}
	if first, second := run(), run(); !reflect.DeepEqual(first, second) {
		t.Error("two sessions differ")
	}
}

func TestBlocksFinishAScaleBeforeTheNextAndShareTheLimits(t *testing.T) {
	t.Parallel()
	r := seeded(66)
	b := skillBank(t, r, 5, 12)
	rules := DefaultRules()
	rules.Order, rules.MaxSeconds, rules.MaxTotal, rules.TargetSD, rules.MinGain = Blocks, 0, 20, 0.1, 0
	end := play(t, r, b, rules, []int{3, 1, 0, 2, 4}, make([]float64, 5), nil)
	var order []int
	count := map[int]int{}
	for _, g := range end.state.Given {
		scale := b.Entry(g.Entry).Scale
		if len(order) == 0 || order[len(order)-1] != scale {
			order = append(order, scale)
		}
		count[scale]++
	}
	if !reflect.DeepEqual(order, []int{3, 1, 0, 2, 4}) || end.reason != Full {
		t.Errorf("scales in the order %v; %v", order, end.reason)
	}
	for scale, n := range count {
		if n != 4 {
			t.Errorf("scale %d has %d of 20 items", scale, n)
		}
	}
	rules.MaxTotal, rules.MaxSeconds = 0, 300
	end = play(t, r, b, rules, []int{0, 1, 2, 3, 4}, make([]float64, 5), nil)
	if len(end.state.Given) != 15 || end.stands[4].Asked != 3 || end.reason != OutOfTime {
		t.Errorf("%d items in 300 seconds, %d on the last scale; %v", len(end.state.Given), end.stands[4].Asked, end.reason)
	}
}

// TestEachCriterionPicksTheBestItem compares Next without chance with a search of all entries by the definitions.
func TestEachCriterionPicksTheBestItem(t *testing.T) {
	t.Parallel()
	b := skillBank(t, seeded(67), 1, 18)
	rapid.Check(t, func(rt *rapid.T) {
		r := seeded(rapid.Uint64().Draw(rt, "seed"))
		s := State{Scales: []int{0}}
		for _, i := range r.Perm(18)[:rapid.IntRange(0, 6).Draw(rt, "asked")] {
			s = s.With(Given{Entry: i, Category: r.IntN(b.Entry(i).Item.Categories())})
		}
		rules := DefaultRules()
		rules.Random, rules.MaxRate, rules.TargetSD, rules.MinGain, rules.MaxSeconds = 0, 1, 0, 0, 0
		rules.Criterion = Criterion(rapid.IntRange(0, 2).Draw(rt, "criterion"))
		got, err := Next(s, b, rules, nil)
		if err != nil {
			rt.Fatal(err)
		}
		var items []Item
		var answers []Answer
		asked := map[int]bool{}
		for i := range b.Len() {
			items = append(items, b.Entry(i).Item)
		}
		for _, g := range s.Given {
			answers = append(answers, Answer{g.Entry, g.Category})
			asked[g.Entry] = true
		}
		scorer, err := NewScorer(items, nil)
		if err != nil {
			rt.Fatal(err)
		}
		p := scorer.posterior(answers)
		best, top := -1, math.Inf(-1)
		for i, it := range items {
			if asked[i] {
				continue
			}
			value := it.Information(p.Mean)
			if rules.Criterion != MaxInformation {
				value = 0
			}
			for k := range it.Categories() {
				if rules.Criterion == ExpectedVariance {
					after := scorer.posterior(append(append([]Answer(nil), answers...), Answer{i, k}))
					value -= math.Exp(after.LogMarginal-p.LogMarginal) * after.SD * after.SD
				}
			}
			if rules.Criterion == PosteriorInformation {
				for q, m := range p.Mass {
					value += m * it.Information(p.Points[q])
				}
			}
			if value > top {
				best, top = i, value
			}
		}
		if got.Entry != best {
			rt.Fatalf("criterion %d takes %d, not %d", rules.Criterion, got.Entry, best)
		}
	})
}

// TestAStoredSessionGoesOnWhereItWas holds that a state survives being written down.
func TestAStoredSessionGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	b := skillBank(t, seeded(70), 2, 12)
	s := State{Scales: []int{1, 0}, Known: map[int]Known{1: {0.5, 0.8}}}.With(Given{Entry: 3, Category: 1, Seconds: 12.5}).With(Given{Entry: 14, Category: 0})
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var back State
	if err := json.Unmarshal(text, &back); err != nil || !reflect.DeepEqual(s, back) {
		t.Fatal(string(text), err)
	}
	one, err := Next(s, b, DefaultRules(), seeded(1))
	if err != nil {
		t.Fatal(err)
	}
	if two, err := Next(back, b, DefaultRules(), seeded(1)); err != nil || one != two {
		t.Fatal(one, two, err)
	}
}

// TestWhatIsKnownBeforeMovesTheFirstItem holds that a prior of the state is used.
func TestWhatIsKnownBeforeMovesTheFirstItem(t *testing.T) {
	t.Parallel()
	r := seeded(68)
	var entries []Entry
	for _, it := range drawBank(r, 20, 2) {
		it.A = 1.3
		entries = append(entries, Entry{Item: it})
	}
	b, err := NewBank(entries)
	if err != nil {
		t.Fatal(err)
	}
	rules := DefaultRules()
	rules.Random = 0
	last := math.Inf(-1)
	for _, mean := range []float64{-1.5, 0, 1.5} {
		c, err := Next(State{Scales: []int{0}, Known: map[int]Known{0: {mean, 0.5}}}, b, rules, nil)
		if err != nil {
			t.Fatal(err)
		}
		place := b.Entry(c.Entry).Item.B[0]
		if !(place > last) || math.Abs(place-mean) > 0.5 {
			t.Errorf("a prior about %v takes an item at %v", mean, place)
		}
		last = place
	}
}

func TestImpossibleRulesAndStatesAreRefused(t *testing.T) {
	t.Parallel()
	b := skillBank(t, seeded(69), 2, 6)
	s := State{Scales: []int{0, 1}}
	for name, change := range map[string]func(*Rules){
		"min above max": func(r *Rules) { r.MinItems = 20 }, "no items": func(r *Rules) { r.MaxItems, r.MinItems = 0, 0 },
		"target": func(r *Rules) { r.TargetSD = math.NaN() }, "time": func(r *Rules) { r.MaxSeconds = -1 },
		"chance": func(r *Rules) { r.Random = 2 }, "rate": func(r *Rules) { r.MaxRate = 0 }, "criterion": func(r *Rules) { r.Criterion = 9 },
		"order": func(r *Rules) { r.Order = -1 }, "too many of an area": func(r *Rules) { r.Areas = []Quota{{Scale: 0, Of: 0, Min: 3}} },
		"quota":  func(r *Rules) { r.Kinds = []Quota{{Scale: 0, Of: 1, Min: 2, Max: 1}} },
		"minima": func(r *Rules) { r.MaxItems = 4; r.Areas = []Quota{{0, 0, 2, 0}, {0, 1, 2, 0}, {0, 2, 2, 0}} },
	} {
		rules := DefaultRules()
		change(&rules)
		if _, err := Next(s, b, rules, seeded(1)); !errors.Is(err, ErrRules) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Next(s, b, DefaultRules(), nil); !errors.Is(err, ErrRules) {
		t.Error("chance without random numbers is taken")
	}
	for name, bad := range map[string]State{
		"unknown entry": {Scales: []int{0, 1}, Given: []Given{{Entry: 99}}}, "category": {Scales: []int{0, 1}, Given: []Given{{Entry: 0, Category: 9}}},
		"twice": {Scales: []int{0, 1}, Given: []Given{{Entry: 0}, {Entry: 0}}}, "other scale": {Scales: []int{1}, Given: []Given{{Entry: 0}}},
		"scale twice": {Scales: []int{1, 1}}, "time": {Scales: []int{0}, Given: []Given{{Entry: 0, Seconds: math.NaN()}}}, "known": {Scales: []int{0}, Known: map[int]Known{0: {0, 0}}},
	} {
		var wrong *StateError
		if _, _, err := Stop(bad, b, DefaultRules()); !errors.As(err, &wrong) {
			t.Errorf("%s: %v", name, err)
		}
	}
	var item *ItemError
	for name, e := range map[string]Entry{"item": {}, "rate": {Item: b.Entry(0).Item, Rate: 2}, "seconds": {Item: b.Entry(0).Item, Seconds: -1}} {
		if _, err := NewBank([]Entry{e}); !errors.As(err, &item) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if done, why, err := Stop(State{}, b, DefaultRules()); !done || why != Exhausted || err != nil {
		t.Error(done, why, err)
	}
}
