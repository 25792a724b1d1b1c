package stats

import (
	"context"
	"math"
	"strings"
	"testing"
)

func newEstimator(t *testing.T, d *Design) *Estimator {
	t.Helper()
	e, err := New(d)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func sharesOf(t *testing.T, d *Design, x Cross) *ShareTable {
	t.Helper()
	r, err := newEstimator(t, d).Shares(context.Background(), x)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestShareOfNobodyAndOfEverybody(t *testing.T) {
	t.Parallel()
	item := Codes{U8: []uint8{1, 1, 1, 1, 1, 1, 1, 1, 0, 1}, K: 3}
	group := Codes{U8: []uint8{0, 0, 0, 0, 0, 0, 0, 0, 1, 2}, K: 4}
	r := sharesOf(t, &Design{N: 10}, Cross{Item: item, Class: []int{-1, 0, 1}, Classes: 2, Group: &group})
	all, none := r.At(0, 0), r.At(0, 1)
	// Clopper-Pearson for 8 of 8: the lower limit is 0.025^(1/8).
	if all.Share != 1 || all.Method != Beta || math.Abs(all.Low-math.Pow(0.025, 0.125)) > 1e-9 || all.High != 1 {
		t.Errorf("everybody: %+v", all)
	}
	if none.Share != 0 || none.Low != 0 || math.Abs(none.High-(1-math.Pow(0.025, 0.125))) > 1e-9 {
		t.Errorf("nobody: %+v", none)
	}
	if empty := r.At(1, 0); empty != (Share{}) {
		t.Errorf("an empty base gives %+v", empty)
	}
	if r.At(3, 1) != (Share{}) {
		t.Errorf("an empty group gives %+v", r.At(3, 1))
	}
	if one := r.At(2, 0); one.Low != 0 || one.High != 1 || one.DF != 0 {
		t.Errorf("one respondent gives %+v, want the interval 0 to 1", one)
	}
}

func TestCensusHasNoSamplingVariance(t *testing.T) {
	t.Parallel()
	item := Codes{U8: []uint8{0, 1, 1, 1}, K: 3}
	d := &Design{N: 4, Population: []float64{4}}
	r := sharesOf(t, d, Cross{Item: item})
	for c, want := range []float64{0.25, 0.75, 0} {
		if s := r.At(0, c); s.SE != 0 || s.Low != want || s.High != want {
			t.Errorf("class %d: %+v, want exactly %v", c, s, want)
		}
	}
	group := Codes{U8: []uint8{0, 0, 1, 1}, K: 2}
	if _, err := newEstimator(t, d).CompareShares(context.Background(), Cross{Item: item, Group: &group}); err == nil {
		t.Error("a census was tested")
	}
}

func TestMarginItWasRakedToIsKnown(t *testing.T) {
	t.Parallel()
	d, items, _ := randomColumns(300, 2, 3, 2)
	d.Raked = []Codes{items[0]}
	known := sharesOf(t, d, Cross{Item: items[0]}).At(0, 1)
	if known.SE > 1e-9 || known.High-known.Low > 1e-8 {
		t.Errorf("a raked margin has sampling variance: %+v", known)
	}
	if other := sharesOf(t, d, Cross{Item: items[1]}).At(0, 1); other.SE < 0.01 {
		t.Errorf("another item has none: %+v", other)
	}
}

func TestDesignTellsOfLonelyUnits(t *testing.T) {
	t.Parallel()
	d := &Design{
		N: 7, Strata: []uint32{0, 0, 0, 1, 2, 2, 4}, NStrata: 5,
		Clusters: []uint32{0, 0, 1, 2, 3, 4, 5}, NClusters: 6,
	}
	if got, want := newEstimator(t, d).Info(), (DesignInfo{Strata: 4, Clusters: 6, DF: 2, Lonely: 2}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	d.Population = []float64{5, 1, 9, 3, 8} // stratum 1 is its own population: nothing is lonely there
	if got := newEstimator(t, d).Info(); got.Lonely != 1 || !got.FPC {
		t.Errorf("got %+v, want one lonely stratum", got)
	}
}

func TestDesignSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for says, d := range map[string]*Design{
		"at least one unit":             {},
		"2 weights for 3":               {N: 3, Weights: []float64{1, 1}},
		"unit 1 is NaN":                 {N: 2, Weights: []float64{1, math.NaN()}},
		"unit 0 is 1e-300":              {N: 2, Weights: []float64{1e-300, 1}},
		"all 2 weights are zero":        {N: 2, Weights: []float64{0, 0}},
		"common weight is -1":           {N: 2, Equal: -1},
		"1 strata for 2":                {N: 2, Strata: []uint32{0}, NStrata: 1},
		"NStrata is 1":                  {N: 2, Strata: []uint32{0, 1}, NStrata: 1},
		"1 clusters for 2":              {N: 2, Clusters: []uint32{0}, NClusters: 1},
		"NClusters is 1":                {N: 2, Clusters: []uint32{0, 1}, NClusters: 1},
		"cluster 0 lies in strata":      {N: 2, Clusters: []uint32{0, 0}, NClusters: 1, Strata: []uint32{0, 1}, NStrata: 2},
		"2 population sizes":            {N: 2, Population: []float64{9, 9}},
		"population of stratum 0 is -1": {N: 2, Population: []float64{-1}},
		"holds 3 sampling units":        {N: 3, Population: []float64{2}},
		"raked margin 0 has 1 units":    {N: 2, Raked: []Codes{{U8: []uint8{0}, K: 1}}},
		"raked margin 0: codes":         {N: 1, Raked: []Codes{{U8: []uint8{3}, K: 1}}},
	} {
		if _, err := New(d); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("error %v, want one that says %q", err, says)
		}
	}
	e := newEstimator(t, &Design{N: 2})
	item := Codes{U8: []uint8{0, 1}, K: 2}
	for says, x := range map[string]Cross{
		"1 classes given":    {Item: item, Class: []int{0}, Classes: 1},
		"falls in class 4":   {Item: item, Class: []int{0, 4}, Classes: 2},
		"Keep has 3 entries": {Item: item, Keep: make([]bool, 3)},
		"the tally is of 3":  {Item: item, Table: NewTable(3, 1)},
	} {
		if _, err := e.Shares(context.Background(), x); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("error %v, want one that says %q", err, says)
		}
	}
}

func TestMeanWithoutDegreesOfFreedomSpansTheScale(t *testing.T) {
	t.Parallel()
	s := Scored{Codes: Codes{U8: []uint8{2, 0}, K: 4}, Values: []float64{math.NaN(), 1, 3, 5}}
	m, err := newEstimator(t, &Design{N: 2}).Means(context.Background(), s, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if want := (Mean{Base: 1, Mean: 3, Low: 1, High: 5}); m[0] != want {
		t.Errorf("got %+v, want %+v", m[0], want)
	}
}
