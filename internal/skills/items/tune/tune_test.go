package tune

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"tekentafel/internal/stats/irt"
)

// cuts are those of the levels.
func cuts() []float64 { return []float64{-1, 0, 1} }

// bank makes guesses as the bank has them, and what is true of the items: around the guesses, and of the same mean.
func bank(n int, rng *rand.Rand) (guesses, truth []irt.Item) {
	off := make([]float64, n)
	mean := 0.0
	for i := range off {
		off[i] = 0.35 * rng.NormFloat64()
		mean += off[i] / float64(n)
	}
	for i := range n {
		b := -2 + 3.4*float64(i)/float64(n-1)
		g := irt.Item{A: 1 + 0.5*rng.Float64(), B: []float64{b, b + 0.8 + 0.4*rng.Float64()}}
		d := off[i] - mean
		t := irt.Item{A: g.A * math.Exp(0.2*rng.NormFloat64()), B: []float64{g.B[0] + d, g.B[1] + d + 0.1*rng.NormFloat64()}}
		guesses, truth = append(guesses, g), append(truth, t)
	}
	return guesses, truth
}

// skill makes a skill without people.
func skill(guesses []irt.Item) Skill {
	s := Skill{ID: "critical"}
	for i, g := range guesses {
		s.Items = append(s.Items, Item{ID: string(rune('a' + i)), Mark: "m", Guess: g, Now: g})
	}
	return s
}

// answer adds people of a source who answer so many items drawn for them, some of them in the field.
func answer(s *Skill, truth []irt.Item, source, people, items int, field float64, rng *rand.Rand, theta func() float64, category func(it irt.Item, theta float64) int) {
	for range people {
		x := theta()
		p := Person{Source: source, Field: rng.Float64() < field}
		for _, i := range rng.Perm(len(truth))[:items] {
			p.Answers = append(p.Answers, Answer{i, category(truth[i], x)})
		}
		s.People = append(s.People, p)
	}
}

func run(t testing.TB, in *Input) *Result {
	t.Helper()
	out, err := Run(t.Context(), in, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := json.Marshal(out); err != nil {
		t.Fatal(err)
	}
	return out
}

// apart is the root of the mean squared distance of thresholds, and of the logarithms of slopes.
func apart(items []ItemResult, of func(*ItemResult) irt.Item, truth []irt.Item) (thresholds, slopes float64) {
	n := 0.0
	for i := range items {
		x := of(&items[i])
		for k := range x.B {
			thresholds += (x.B[k] - truth[i].B[k]) * (x.B[k] - truth[i].B[k])
			n++
		}
		d := math.Log(x.A / truth[i].A)
		slopes += d * d
	}
	return math.Sqrt(thresholds / n), math.Sqrt(slopes / float64(len(items)))
}

func TestACalibrationComesNearerToWhatIsTrueThanTheGuesses(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(5, 6))
	guesses, truth := bank(24, rng)
	s := skill(guesses)
	draw := func(it irt.Item, theta float64) int { return it.Draw(rng, theta) }
	answer(&s, truth, 0, 1800, 8, 0.4, rng, func() float64 { return 0.4 + 0.9*rng.NormFloat64() }, draw) // the people of a wave know more than the reference population
	answer(&s, truth, 1, 800, 10, 0.4, rng, rng.NormFloat64, draw)
	in := &Input{Sources: []Source{{Kind: Wave, ID: "w"}, {Kind: Gifts}}, Skills: []Skill{s}, Cuts: cuts()}
	out := run(t, in)
	b0, a0 := apart(out.Items, func(l *ItemResult) irt.Item { return l.Guess }, truth)
	b1, a1 := apart(out.Items, func(l *ItemResult) irt.Item { return l.New }, truth)
	t.Logf("thresholds: %.3f to %.3f; logarithms of slopes: %.3f to %.3f; consistency %.2f and %.2f, infit %.2f", b0, b1, a0, a1, out.Sources[0].Consistency, out.Sources[1].Consistency, out.Sources[1].Infit)
	if b1 > b0/2.5 || a1 > a0*0.7 {
		t.Error("the answers say too little")
	}
	k := &out.Skills[0]
	if out.Count(Calibrated) != 24 || !k.Linked || !k.Converged || k.Calibrated != 24 {
		t.Errorf("%d items are calibrated, linked %v", out.Count(Calibrated), k.Linked)
	}
	sum := 0.0
	for _, row := range k.Shift {
		for _, share := range row {
			sum += share
		}
	}
	if math.Abs(sum-1) > 1e-9 || k.Up()+k.Down() < 0.02 || k.Up()+k.Down() > 0.4 || math.Abs(k.Up()-k.Down()) > 0.08 {
		t.Errorf("%.3f go up and %.3f down", k.Up(), k.Down())
	}
	inside, all := 0, 0
	for i := range out.Items {
		l := &out.Items[i]
		for j, b := range l.New.B {
			if math.Abs(b-truth[i].B[j]) < 1.96*l.SE[j]+0.05 { // what holds the scale has an error of its own
				inside++
			}
			all++
		}
		if l.Infit < 0.85 || l.Infit > 1.15 || l.Office+l.Field != l.N || l.BySource[0]+l.BySource[1] != l.N || l.DIF == nil || l.DIF.Matters {
			t.Errorf("%s: %+v, DIF %+v", l.ID, l, l.DIF)
		}
	}
	if share := float64(inside) / float64(all); share < 0.88 {
		t.Errorf("%.0f %% of the thresholds lie within their interval", 100*share)
	}
	if again := run(t, in); !reflect.DeepEqual(out, again) {
		t.Error("computed again, it differs")
	}
}

func TestCountsOfAFewPeopleAreNotTold(t *testing.T) {
	t.Parallel()
	r := &Result{Items: []ItemResult{{N: 500, Office: 300, Field: 200, BySource: []int{400, 100}}, {N: 500, Office: 495, Field: 5, BySource: []int{500, 0}}, {N: 500, Office: 500, BySource: []int{493, 7}}, {N: 6, Office: 3, Field: 3, BySource: []int{6, 0}}}}
	r.Coarsen(10)
	want := []ItemResult{{N: 500, Office: 300, Field: 200, BySource: []int{400, 100}}, {N: 500, BySource: []int{500, 0}}, {N: 500, Office: 500}, {}}
	if !reflect.DeepEqual(r.Items, want) {
		t.Errorf("%+v", r.Items)
	}
}

func TestAnItemThatWorksOtherwiseInTheFieldIsSaid(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(7, 8))
	guesses, truth := bank(12, rng)
	s := skill(guesses)
	harder := slices.Clone(truth)
	harder[3] = irt.Item{A: truth[3].A, B: []float64{truth[3].B[0] + 1, truth[3].B[1] + 1}}
	draw := func(it irt.Item, theta float64) int { return it.Draw(rng, theta) }
	answer(&s, truth, 0, 1500, 6, 0, rng, rng.NormFloat64, draw)
	answer(&s, harder, 0, 1500, 6, 1, rng, func() float64 { return rng.NormFloat64() - 0.5 }, draw)
	out := run(t, &Input{Sources: []Source{{Kind: Wave}}, Skills: []Skill{s}, Cuts: cuts()})
	for i := range out.Items {
		if d := out.Items[i].DIF; d == nil || d.Matters != (i == 3) || i == 3 && d.Signed > -0.1 {
			t.Errorf("item %d: %+v", i, d)
		}
	}
}

// A wave asks two items of a skill: each is the only measure for the other.
func TestOfTwoItemsBothDifferOrNeither(t *testing.T) {
	t.Parallel()
	for _, harder := range []float64{0, 1.3} {
		rng := rand.New(rand.NewPCG(17, 18))
		guesses, truth := bank(12, rng)
		s := skill(guesses)
		draw := func(it irt.Item, theta float64) int { return it.Draw(rng, theta) }
		for person := range 3000 {
			theta, field := rng.NormFloat64(), person%3 == 0
			one, two := truth[5], truth[6]
			if field {
				theta -= 0.4
				two = irt.Item{A: two.A, B: []float64{two.B[0] + harder, two.B[1] + harder}}
			}
			s.People = append(s.People, Person{Field: field, Answers: []Answer{{5, draw(one, theta)}, {6, draw(two, theta)}}})
		}
		out := run(t, &Input{Sources: []Source{{Kind: Wave}}, Skills: []Skill{s}, Cuts: cuts()})
		if l := &out.Items[5]; l.Verdict != Calibrated || l.New.A != l.Guess.A || l.SlopeSE != 0 || l.SE[0] <= 0 {
			t.Errorf("of two items a slope is told: %+v", l)
		}
		one, two := out.Items[5].DIF, out.Items[6].DIF
		if one == nil || two == nil || one.Matters != (harder > 0) || two.Matters != (harder > 0) || harder > 0 && (one.Signed < 0.05 || two.Signed > -0.05) {
			t.Errorf("harder by %.1f: %+v and %+v", harder, one, two)
		}
	}
}

// Where nobody, or few, answered, everything stays as it is.
func TestWithoutAnswersEachItemKeepsItsParameters(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	guesses, truth := bank(12, rng)
	s := skill(guesses)
	s.Items[2].Now = truth[2] // calibrated before
	empty := s
	answer(&s, truth, 0, 150, 8, 0.5, rng, rng.NormFloat64, func(it irt.Item, theta float64) int { return it.Draw(rng, theta) })
	for _, k := range []Skill{s, empty} {
		out := run(t, &Input{Sources: []Source{{Kind: Wave}}, Skills: []Skill{k}, Cuts: cuts()})
		for i := range out.Items {
			if l := &out.Items[i]; l.Verdict != TooFew || !reflect.DeepEqual(l.New, k.Items[i].Now) {
				t.Errorf("%+v", l)
			}
		}
		if out.Skills[0].Shift != nil || out.Skills[0].Up() != 0 {
			t.Error("levels shift")
		}
	}
	out := run(t, &Input{Skills: []Skill{empty}, Cuts: cuts()})
	if len(out.Sources) != 0 || len(out.Items) != 12 {
		t.Errorf("%+v", out)
	}
}

// TestMadeUpGiftsDoNotSpoilTheParameters floods honest answers with made-up gifts, ten times as many: gifts that do not go together
// as answers of people do are found and left out, and no gift moves an item beyond what its guess allows.
func TestMadeUpGiftsDoNotSpoilTheParameters(t *testing.T) {
	t.Parallel()
	const items, seen, flood = 14, 7, 5000
	make := func() (s Skill, truth []irt.Item, rng *rand.Rand) {
		rng = rand.New(rand.NewPCG(11, 12))
		guesses, truth := bank(items, rng)
		s = skill(guesses)
		draw := func(it irt.Item, theta float64) int { return it.Draw(rng, theta) }
		answer(&s, truth, 0, 800, 5, 0, rng, rng.NormFloat64, draw)
		answer(&s, truth, 1, 500, seen, 0, rng, rng.NormFloat64, draw)
		return s, truth, rng
	}
	of := func(s Skill) *Input {
		return &Input{Sources: []Source{{Kind: Wave}, {Kind: Gifts}}, Skills: []Skill{s}, Cuts: cuts()}
	}
	taken := func(l *ItemResult) irt.Item {
		if l.Verdict == Calibrated {
			return l.New
		}
		return l.Was
	}
	s, truth, _ := make()
	honest := run(t, of(s))
	guessed, _ := apart(honest.Items, func(l *ItemResult) irt.Item { return l.Guess }, truth)
	best, _ := apart(honest.Items, taken, truth)
	if !honest.Sources[1].Used || honest.Sources[1].Weight != 1 || honest.Sources[1].Consistency < 0.75 {
		t.Errorf("honest gifts: %+v", honest.Sources[1])
	}
	for _, x := range []struct {
		name    string
		choose  func(it irt.Item, theta float64, rng *rand.Rand) int
		leftOut bool
	}{
		{"one half as people, one half always the best", func(it irt.Item, _ float64, rng *rand.Rand) int {
			if rng.Float64() < 0.5 {
				return it.Draw(rng, 0.5)
			}
			return 2
		}, true},
		{"by lot", func(_ irt.Item, _ float64, rng *rand.Rand) int { return []int{0, 0, 1, 2}[rng.IntN(4)] }, true},
		{"always the best", func(irt.Item, float64, *rand.Rand) int { return 2 }, true},
		{"always wrong", func(irt.Item, float64, *rand.Rand) int { return 0 }, true},
		{"hard ones right and easy ones wrong", func(it irt.Item, _ float64, _ *rand.Rand) int {
			if it.B[0] > -0.3 {
				return 2
			}
			return 0
		}, true},
		{"as people do for whom other items are hard", func(it irt.Item, theta float64, rng *rand.Rand) int { // who knows the model is not found; what that does is bounded
			off := 1.0
			if int(10*it.A)%2 == 0 {
				off = -1
			}
			return irt.Item{A: it.A, B: []float64{it.B[0] + off, it.B[1] + off}}.Draw(rng, theta)
		}, false},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			s, truth, rng := make()
			answer(&s, truth, 1, flood, seen, 0, rng, rng.NormFloat64, func(it irt.Item, theta float64) int { return x.choose(it, theta, rng) })
			out := run(t, of(s))
			g := &out.Sources[1]
			now, _ := apart(out.Items, taken, truth)
			t.Logf("used %v, weight %.2f, flat %.2f (%.2f), consistency %.2f, infit %.2f, outfit %.2f; thresholds are off by %.3f as guessed, %.3f by honest answers, %.3f flooded; %d contradict their guess", g.Used, g.Weight, g.Flat, g.FlatUsual, g.Consistency,
				g.Infit, g.Outfit, guessed, best, now, out.Count(Contradicts))
			if g.Used == x.leftOut || g.Used && g.Weight > 0.37 || now > guessed+0.02 && g.Consistency < 0.5 || now > 0.9 {
				t.Errorf("%+v; off by %.3f, guesses by %.3f", g, now, guessed)
			}
			for i := range out.Items {
				if l := &out.Items[i]; l.Verdict == Calibrated && (l.Moved > MostMoved || math.Abs(l.New.B[0]-l.Guess.B[0]) > 1.5) {
					t.Errorf("%s moved by %.1f", l.ID, l.Moved)
				}
			}
		})
	}
}
