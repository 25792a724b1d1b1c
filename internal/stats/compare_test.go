package stats

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"testing"
)

// A closed form that the pass over units has to confirm on a table of many groups, with and without empty cells.
func TestComparisonOfManyGroups(t *testing.T) {
	t.Parallel()
	for _, n := range []int{600, 6000} {
		d, items, group := randomColumns(n, 1, 5, 60)
		x := Cross{Item: items[0], Group: &group, Class: []int{-1, 0, 1, 2, 3}, Classes: 4}
		plain, err := newEstimator(t, d).CompareShares(context.Background(), x)
		if err != nil {
			t.Fatal(err)
		}
		d.Strata, d.NStrata = make([]uint32, n), 1
		dense, err := newEstimator(t, d).CompareShares(context.Background(), x)
		if err != nil {
			t.Fatal(err)
		}
		k := checker{t, 1e-8}
		k.near("F", plain.F, dense.F)
		k.near("df1", plain.DF1, dense.DF1)
		k.near("df2", plain.DF2, dense.DF2)
		k.near("p", plain.P, dense.P)
	}
}

func TestKeepLeavesGroupsOut(t *testing.T) {
	t.Parallel()
	d, items, group := randomColumns(500, 1, 4, 5)
	keep := []bool{true, false, true, true, false}
	without := Codes{U8: append([]uint8(nil), items[0].U8...), K: 4}
	for i := range d.N {
		if !keep[group.U16[i]] {
			without.U8[i] = 0
		}
	}
	for _, strata := range []bool{false, true} {
		if strata {
			d.Strata, d.NStrata = make([]uint32, d.N), 2
			for i := range d.Strata {
				d.Strata[i] = uint32(i % 2)
			}
		}
		e := newEstimator(t, d)
		x := Cross{Item: items[0], Class: []int{-1, 0, 1, 2}, Classes: 3, Group: &group, Keep: keep}
		got, err := e.CompareShares(context.Background(), x)
		if err != nil {
			t.Fatal(err)
		}
		x.Item, x.Keep = without, nil
		want, err := e.CompareShares(context.Background(), x)
		if err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
		values := []float64{math.NaN(), 1, 2, 3}
		got, err = e.CompareMeans(context.Background(), Scored{items[0], values}, group, keep, nil)
		if err != nil {
			t.Fatal(err)
		}
		want, err = e.CompareMeans(context.Background(), Scored{without, values}, group, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
}

func TestWhatCannotBeCompared(t *testing.T) {
	t.Parallel()
	group := Codes{U8: []uint8{0, 0, 0, 1, 1, 1}, K: 2}
	for name, c := range map[string]struct {
		item  []uint8
		group Codes
	}{
		"one group":        {[]uint8{1, 2, 1, 2, 1, 2}, Codes{U8: make([]uint8, 6), K: 2}},
		"one answer":       {[]uint8{1, 1, 1, 1, 1, 1}, group},
		"nobody":           {make([]uint8, 6), group},
		"nothing but both": {[]uint8{1, 1, 1, 2, 2, 2}, group},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			item := Codes{U8: c.item, K: 3}
			for _, d := range []*Design{{N: 6}, {N: 6, Strata: make([]uint32, 6), NStrata: 1}} {
				e := newEstimator(t, d)
				_, err := e.CompareShares(context.Background(), Cross{Item: item, Group: &c.group, Class: []int{-1, 0, 1}, Classes: 2})
				if !errors.Is(err, ErrNotComparable) {
					t.Errorf("shares: error %v", err)
				}
				_, err = e.CompareMeans(context.Background(), Scored{item, []float64{math.NaN(), 1, 2}}, c.group, nil, nil)
				if !errors.Is(err, ErrNotComparable) {
					t.Errorf("means: error %v", err)
				}
			}
		})
	}
}

// The intervals of both effects must hold the population's value about 95 times in 100.
func TestEffectIntervalsCover(t *testing.T) {
	t.Parallel()
	const samples, n = 400, 500
	r := rand.New(rand.NewPCG(8, 9))
	share := [][]float64{{0.5, 0.3, 0.2}, {0.35, 0.35, 0.3}, {0.45, 0.2, 0.35}}
	value := []float64{1, 2, 4}
	v, eta := populationEffects(share, value)
	var heldV, heldEta int
	for range samples {
		item, group := Codes{U8: make([]uint8, n), K: 3}, Codes{U8: make([]uint8, n), K: 3}
		d := &Design{N: n, Weights: make([]float64, n)}
		for i := range n {
			d.Weights[i] = 0.4 + 1.2*r.Float64()
			g := r.IntN(3)
			group.U8[i] = uint8(g)
			u := r.Float64()
			for c := range 2 {
				if u > share[g][c] {
					u -= share[g][c]
					item.U8[i] = uint8(c + 1)
					continue
				}
				break
			}
		}
		e := newEstimator(t, d)
		a, err := e.CompareShares(context.Background(), Cross{Item: item, Group: &group})
		if err != nil {
			t.Fatal(err)
		}
		b, err := e.CompareMeans(context.Background(), Scored{item, value}, group, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		if a.Low <= v && v <= a.High {
			heldV++
		}
		if b.Low <= eta && eta <= b.High {
			heldEta++
		}
	}
	for name, held := range map[string]int{CramersV: heldV, EtaSquared: heldEta} {
		if got := float64(held) / samples; got < 0.92 || got > 0.98 {
			t.Errorf("%s: the interval holds the truth %.1f %% of the time, want 95 %%", name, 100*got)
		}
	}
}

func populationEffects(share [][]float64, value []float64) (v, eta float64) {
	groups := float64(len(share))
	col := make([]float64, len(value))
	means := make([]float64, len(share))
	var all, total, between float64
	for g := range share {
		for c, p := range share[g] {
			col[c] += p / groups
			means[g] += p * value[c]
		}
		all += means[g] / groups
	}
	var phi2 float64
	for g := range share {
		for c, p := range share[g] {
			phi2 += (p - col[c]) * (p - col[c]) / (col[c] * groups)
			total += p * (value[c] - all) * (value[c] - all) / groups
		}
		between += (means[g] - all) * (means[g] - all) / groups
	}
	return math.Sqrt(phi2 / 2), between / total
}
