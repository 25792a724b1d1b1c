package pool_test

import (
	"math"
	"reflect"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"tekentafel/internal/stats/pool"
)

func rank(t testing.TB, f *pool.Fit, targets []pool.Target, group []int, groups int, o pool.RankOptions) []pool.Rank {
	t.Helper()
	r, err := f.Rank(t.Context(), targets, group, groups, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func each(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func TestRanksAreAsSureAsTheErrorsOfTheCellsTogether(t *testing.T) {
	t.Parallel()
	for _, w := range smallWorlds() {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			c := w.build()
			f := c.fit(t)
			targets := c.everywhere()
			n := len(targets)
			const draws = 20_000
			a := aggregate(t, f, targets, each(n), n, pool.Options{})
			ranks := rank(t, f, targets, each(n), n, pool.RankOptions{Worst: 5, Draws: draws, Seed: 1})
			worst := 0.0
			for i, r := range ranks {
				worst += r.Worst
				// The expected place is one plus the chances that each other is worse (Laird & Louis 1989), which the joint covariance gives.
				expected := 1.0
				for j := range targets {
					if j == i {
						continue
					}
					d := a.Predictions[i].Estimate - a.Predictions[j].Estimate
					sd := math.Sqrt(a.Covariance(i, i) + a.Covariance(j, j) - 2*a.Covariance(i, j))
					expected += distuv.UnitNormal.CDF(d / sd)
				}
				if math.Abs(r.Expected-expected) > 5*r.SD/math.Sqrt(draws)+1e-9 {
					t.Errorf("cell %d: place %v, from the covariance %v (spread %v)", i, r.Expected, expected, r.SD)
				}
			}
			if math.Abs(worst-5) > 1e-9 {
				t.Errorf("the chances to be among the 5 worst add up to %v", worst)
			}
		})
	}
}

func TestTheSpreadOfADrawnAggregateIsItsError(t *testing.T) {
	t.Parallel()
	// Two groups of few people: the chance that one is worse follows from the covariance, in a finite population too.
	c := smallWorlds()[1].build()
	f := c.fit(t)
	targets := c.everywhere()
	group := make([]int, len(targets))
	for i, x := range targets {
		targets[i].Known = pool.TallyOf(1, 2.4, 2.4*2.4)
		group[i] = -1
		targets[i].Size = 3
		if x.Function == 2 && x.Department < 2 {
			group[i] = x.Department
		}
	}
	for _, finite := range []bool{false, true} {
		a := aggregate(t, f, targets, group, 2, pool.Options{Finite: finite})
		sd := math.Sqrt(a.Covariance(0, 0) + a.Covariance(1, 1) - 2*a.Covariance(0, 1))
		want := distuv.UnitNormal.CDF((a.Predictions[1].Estimate - a.Predictions[0].Estimate) / sd)
		const draws = 40_000
		got := rank(t, f, targets, group, 2, pool.RankOptions{Worst: 1, Draws: draws, Seed: 3, Finite: finite})
		if se := math.Sqrt(want * (1 - want) / draws); math.Abs(got[0].Worst-want) > 5*se {
			t.Errorf("finite %v: chance %v, from the covariance %v", finite, got[0].Worst, want)
		}
	}
}

func TestTheSameSeedGivesTheSameRanks(t *testing.T) {
	t.Parallel()
	c := shareWorlds()[0].build()
	f := c.fit(t)
	targets := c.everywhere()
	n := len(targets)
	o := pool.RankOptions{Worst: 10, HighIsWorse: true, Seed: 9, Draws: 200}
	first := rank(t, f, targets, each(n), n, o)
	if !reflect.DeepEqual(first, rank(t, f, targets, each(n), n, o)) {
		t.Error("another answer with the same seed")
	}
	o.Seed++
	if reflect.DeepEqual(first, rank(t, f, targets, each(n), n, o)) {
		t.Error("the seed does nothing")
	}
	// High is worse: the cell with the highest share stands before the one with the lowest.
	low, high := 0, 0
	for i, p := range predict(t, f, targets, pool.Options{}) {
		if p.Estimate < predict(t, f, targets[low:low+1], pool.Options{})[0].Estimate {
			low = i
		}
		if p.Estimate > predict(t, f, targets[high:high+1], pool.Options{})[0].Estimate {
			high = i
		}
	}
	if first[high].Expected >= first[low].Expected || first[high].Worst <= first[low].Worst {
		t.Errorf("the highest share has %+v, the lowest %+v", first[high], first[low])
	}
	o.HighIsWorse = false
	if other := rank(t, f, targets, each(n), n, o); other[high].Expected <= other[low].Expected {
		t.Errorf("low is worse: the highest share has %+v, the lowest %+v", other[high], other[low])
	}
	for _, bad := range []pool.RankOptions{{Worst: 0}, {Worst: n + 1}, {Worst: 1, Draws: -1}} {
		if _, err := f.Rank(t.Context(), targets, each(n), n, bad); err == nil {
			t.Errorf("%+v is no error", bad)
		}
	}
}
