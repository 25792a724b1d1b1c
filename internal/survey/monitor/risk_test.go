package monitor

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func near(t *testing.T, what string, got, want, by float64) {
	t.Helper()
	if math.Abs(got-want) > by {
		t.Errorf("%s: %g, want %g", what, got, want)
	}
}

func TestHalfWidthIsThatOfASampleWithoutReplacement(t *testing.T) {
	t.Parallel()
	// 1.96 sqrt((1 - 100/1000) 0.25 / 99) by hand.
	near(t, "100 of 1000", HalfWidth(100, 1000), 0.0934, 0.0001)
	near(t, "all", HalfWidth(50, 50), 0, 0)
	near(t, "nobody", HalfWidth(0, 50), 1, 0)
	rapid.Check(t, func(t *rapid.T) {
		people := rapid.IntRange(3, 5000).Draw(t, "people")
		n := rapid.IntRange(2, people-1).Draw(t, "n")
		if HalfWidth(n+1, people) >= HalfWidth(n, people) {
			t.Fatal("one more makes it no narrower")
		}
		if e := Enough(people); HalfWidth(e, people) > WidestHalf || e > 2 && HalfWidth(e-1, people) <= WidestHalf {
			t.Fatalf("%d of %d are not just enough", e, people)
		}
	})
}

func TestRIndicatorIsOneWhenAllTakePartAlikeAndNeverAbove(t *testing.T) {
	t.Parallel()
	near(t, "alike", RIndicator([]float64{10, 20, 30}, []int{20, 40, 60}), 1, 1e-12)
	near(t, "all of one half and nobody of the other", RIndicator([]float64{50, 0}, []int{50, 50}), 0, 1e-12)
	near(t, "60 % and 40 % of two halves", RIndicator([]float64{60, 40}, []int{100, 100}), 0.8, 1e-12)
	if !math.IsNaN(RIndicator([]float64{5}, []int{10})) || !math.IsNaN(RIndicator(nil, nil)) {
		t.Error("one group says nothing")
	}
	rapid.Check(t, func(t *rapid.T) {
		var taken []float64
		var people []int
		for range rapid.IntRange(2, 9).Draw(t, "groups") {
			n := rapid.IntRange(1, 100).Draw(t, "people")
			people, taken = append(people, n), append(taken, float64(rapid.IntRange(0, n).Draw(t, "taken")))
		}
		if r := RIndicator(taken, people); r < -1e-12 || r > 1+1e-12 {
			t.Fatalf("R is %g", r)
		}
	})
}

// TestBiasBoundsHowFarAShareIsOff draws a frame with answers and looks how far the share of those who took part is from that
// of all.
func TestBiasBoundsHowFarAShareIsOff(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var people, taken, yes, yesTaken int
		for range rapid.IntRange(2, 200).Draw(t, "people") {
			took, says := rapid.Bool().Draw(t, "took"), rapid.Bool().Draw(t, "says")
			people++
			if says {
				yes++
			}
			if took {
				taken++
				if says {
					yesTaken++
				}
			}
		}
		if taken == 0 || taken == people {
			return
		}
		here, there := float64(yesTaken)/float64(taken), float64(yes-yesTaken)/float64(people-taken)
		off := math.Abs(here - float64(yes)/float64(people))
		if math.Abs(off-Bias(taken, people, math.Abs(here-there))) > 1e-9 || off > Bias(taken, people, 1)+1e-9 {
			t.Fatalf("off by %g", off)
		}
	})
}

// days makes releases of one variable.
func days(list ...Release) []Release { return list }

func groups(list ...Group) []Variable { return []Variable{{Name: "department", Groups: list}} }

func TestWhatEndangersAConclusionIsSaidWhileThereIsTime(t *testing.T) {
	t.Parallel()
	opened, closes := time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC), time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC)
	group := func(value string, people, mail, low, high int) Group {
		return Group{Value: value, People: people, WithMail: mail, Taken: Range{low, high}}
	}
	list := days(Release{Day: "2026-11-09", People: 1000, Taken: Range{395, 405}, Variables: groups(
		group("finance", 400, 400, 235, 245), // well
		group("green", 200, 20, 25, 35),      // too imprecise, and no mail
		group("social", 300, 300, 75, 85),    // behind
		group("sport", 60, 60, 0, 4),         // no figure
		group("library", 30, 30, 20, 30),     // fine
		group("museum", 10, 10, 0, 10),       // nothing is known of it, so nothing to say
		Group{Merged: 3, People: 30, Taken: Range{0, 4}},
	)})
	o, known := Expect(list, opened, closes)
	if !known || o.Rate != 0.4 {
		t.Fatalf("%+v", o)
	}
	near(t, "pace", o.PaceDay, 400/(6+16.0/24), 0.01)
	near(t, "expected", float64(o.Expected), 400+7/math.Ln2/2*o.PaceDay, 1)
	near(t, "at most", o.AtMost, 0.6, 1e-12)
	near(t, "likely", o.Likely, 0.06, 1e-12)
	if o.By != "department" || o.R > 0.75 {
		t.Errorf("R %g by %q", o.R, o.By)
	}
	risks := Risks(list, opened, closes, 10)
	var got []string
	for _, r := range risks {
		got = append(got, r.Group.Value+" "+string(r.Danger)+" "+string(r.Advice[0]))
	}
	want := []string{"sport no-figure manager", "green imprecise kiosk", "social behind manager"}
	if len(got) != len(want) {
		t.Fatalf("%v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%q, want %q", got[i], want[i])
		}
	}
	if risks[1].Missing <= 0 || risks[1].Half <= WidestHalf || risks[2].Missing != 40 {
		t.Errorf("%+v", risks)
	}
	if r := Risks(days(Release{Day: "2026-11-03", People: 1000, Taken: Range{0, 9}, Variables: list[0].Variables}), opened, closes, 10); r != nil {
		t.Errorf("before anything is known: %+v", r)
	}
	if _, known := Expect(nil, opened, closes); known || Risks(nil, opened, closes, 10) != nil {
		t.Error("nothing is known and something is said")
	}
}

func TestPaceFadesByHalfEachWeek(t *testing.T) {
	t.Parallel()
	near(t, "no time left", fading(0), 0, 1e-12)
	near(t, "the second week beside the first", fading(14)-fading(7), fading(7)/2, 1e-12)
	near(t, "a day", fading(1), 1, 0.06)
}

func TestPaceIsThatOfTheLastWeek(t *testing.T) {
	t.Parallel()
	opened := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	list := days(Release{Day: "2026-11-05", Taken: Range{300, 300}}, Release{Day: "2026-11-08", Taken: Range{330, 330}},
		Release{Day: "2026-11-12", Taken: Range{345, 345}}, Release{Day: "2026-11-15", Taken: Range{400, 400}})
	near(t, "a week and more", pace(list, opened), 10, 1e-9)
	near(t, "less than a week", pace(list[:2], opened), 330/7.0, 1e-9)
	near(t, "the first day", pace(list[:1], time.Date(2026, 11, 4, 12, 0, 0, 0, time.UTC)), 300, 1e-9)
}
