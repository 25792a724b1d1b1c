package tally

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// year counts the same or nearly the same people in each of many weeks, in one reading or in one a week, and returns the totals of any service and of department a.
func year(t testing.TB, apart bool, seed uint64, weeks int, people func(week int) (a, b int)) (totals, ofA []Count) {
	t.Helper()
	last := map[Place]Count{}
	var tally *Tally
	take := func() {
		r := closed(t, tally)
		for _, w := range r.Weeks {
			totals = append(totals, w.Any.Total)
			last[Place{}] = w.Any.Total
			for _, u := range w.Any.Units {
				last[Place{Part: OfUnit, Unit: u.Unit}] = u.Count
				if u.Unit == "a" {
					ofA = append(ofA, u.Count)
				}
			}
			last[Place{Part: Rest}] = w.Any.Rest
		}
	}
	for w := range weeks {
		if tally == nil || apart {
			if tally != nil {
				take()
			}
			tally = begin(t, Options{Units: prefix{}, Random: random(seed + uint64(w)), Last: func(p Place) (Count, bool) { c, ok := last[p]; return c, ok && c.Shown() }})
		}
		a, b := people(w)
		some(t, tally, "a", a, start.AddDate(0, 0, 7*w))
		some(t, tally, "b", b, start.AddDate(0, 0, 7*w))
	}
	take()
	return totals, ofA
}

func some(t testing.TB, tally *Tally, unit string, n int, at time.Time) {
	t.Helper()
	people(t, tally, unit, n, "chatgpt.com", at)
}

// Rounding at random is undone by an average of many weeks, unless the same people are rounded once.
func TestTheAverageOfManyWeeksDoesNotTellTheNumber(t *testing.T) {
	t.Parallel()
	for _, apart := range []bool{false, true} {
		seen := map[int]bool{}
		for seed := range uint64(20) {
			totals, ofA := year(t, apart, seed*1000, 30, func(int) (int, int) { return 12, 21 })
			for _, list := range [][]Count{totals, ofA} {
				if len(list) != 30 {
					t.Fatalf("%d of 30 weeks are shown", len(list))
				}
				for _, c := range list {
					if c != list[0] {
						t.Fatalf("the same people are shown as %+v and %+v", list[0], c)
					}
				}
			}
			seen[ofA[0].About] = true
		}
		if !seen[10] || !seen[15] {
			t.Errorf("twelve people are always rounded the same way: %v", seen)
		}
	}
}

// Who subtracts one week from the next when one person came sees no change, or one of five; both happen, and no change of the true number shows by itself.
func TestSubtractingAWeekFromTheNextDoesNotTellThatOnePersonCame(t *testing.T) {
	t.Parallel()
	same, moved := 0, 0
	for seed := range uint64(60) {
		_, ofA := year(t, true, seed*77, 2, func(w int) (int, int) { return 12 + w, 40 })
		switch d := ofA[1].About - ofA[0].About; d {
		case 0:
			same++
		default:
			moved++
			t.Logf("from %+v to %+v", ofA[0], ofA[1])
		}
	}
	if same == 0 || moved > 0 { // 12 and 13 lie in the range of 10 as in that of 15
		t.Errorf("%d times the same, %d times moved", same, moved)
	}
}

// Whatever happens from week to week, the true number lies in the range that is shown.
func TestWhatStaysAsItWasIsStillTrue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		var truth []int
		_, ofA := year(t, rapid.Bool().Draw(rt, "apart"), rapid.Uint64Range(0, 1<<40).Draw(rt, "seed"), rapid.IntRange(1, 8).Draw(rt, "weeks"), func(int) (int, int) {
			truth = append(truth, rapid.IntRange(10, 30).Draw(rt, "people"))
			return truth[len(truth)-1], 40
		})
		for i, c := range ofA {
			if truth[i] < c.Low || truth[i] > c.High || c.Low < DefaultK || c.About%step != 0 {
				rt.Fatalf("%d people are shown as %+v", truth[i], c)
			}
		}
	})
}

func TestWeeksTellOnHowManyDaysThereAreLines(t *testing.T) {
	t.Parallel()
	tally := begin(t, Options{})
	for _, day := range []int{0, 0, 2, 6, 7} {
		people(t, tally, "a", 1, "example.org", start.AddDate(0, 0, day))
	}
	if got := tally.Weeks(); len(got) != 2 || got["2026-W48"] != 3 || got["2026-W49"] != 1 {
		t.Errorf("%v", got)
	}
}
