package stats

import (
	"context"
	"errors"
	"math"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// survey is a small drawn sample: a design, an item with code 0 outside the base, a group and scores.
type drawnSurvey struct {
	d           *Design
	item, group Codes
	scored      Scored
}

func drawSurvey(t *rapid.T) drawnSurvey {
	n := rapid.IntRange(1, 60).Draw(t, "n")
	d := &Design{N: n}
	k, groups := rapid.IntRange(2, 5).Draw(t, "k"), rapid.IntRange(1, 4).Draw(t, "groups")
	s := drawnSurvey{d: d, item: Codes{U8: make([]uint8, n), K: k}, group: Codes{U16: make([]uint16, n), K: groups}}
	for i := range n {
		s.item.U8[i] = rapid.Uint8Range(0, uint8(k-1)).Draw(t, "code")
		s.group.U16[i] = rapid.Uint16Range(0, uint16(groups-1)).Draw(t, "group")
	}
	s.scored = Scored{Codes: s.item, Values: []float64{math.NaN()}}
	for c := 1; c < k; c++ {
		s.scored.Values = append(s.scored.Values, float64(c))
	}
	if rapid.Bool().Draw(t, "weighted") {
		for range n {
			d.Weights = append(d.Weights, float64(rapid.IntRange(0, 900).Draw(t, "weight"))/100)
		}
		d.Weights[0] = 1
	}
	if rapid.Bool().Draw(t, "strata") {
		d.NStrata = 3
		for range n {
			d.Strata = append(d.Strata, rapid.Uint32Range(0, 2).Draw(t, "stratum"))
		}
	}
	if rapid.Bool().Draw(t, "clusters") {
		d.NClusters = 12
		for i := range n {
			c := rapid.Uint32Range(0, 3).Draw(t, "cluster")
			if d.Strata != nil {
				c += 4 * d.Strata[i]
			}
			d.Clusters = append(d.Clusters, c)
		}
	}
	if rapid.Bool().Draw(t, "population") {
		for range max(1, d.NStrata) {
			d.Population = append(d.Population, float64(n+rapid.IntRange(0, 40).Draw(t, "more")))
		}
	}
	if rapid.Bool().Draw(t, "raked") {
		m := Codes{U8: make([]uint8, n), K: 3}
		for i := range n {
			m.U8[i] = rapid.Uint8Range(0, 2).Draw(t, "margin")
		}
		d.Raked = []Codes{m}
	}
	return s
}

// results are all figures of a survey.
type results struct {
	Shares *ShareTable
	Means  []Mean
	Totals []Total
	Tests  []Test
}

type failer interface {
	Helper()
	Fatal(args ...any)
}

func (s drawnSurvey) estimate(t failer) results {
	t.Helper()
	e, err := New(s.d)
	if err != nil {
		t.Fatal(err)
	}
	class := []int{-1}
	for c := 1; c < s.item.K; c++ {
		class = append(class, c-1)
	}
	x := Cross{Item: s.item, Class: class, Classes: s.item.K - 1, Group: &s.group}
	ctx := context.Background()
	var r results
	if r.Shares, err = e.Shares(ctx, x); err != nil {
		t.Fatal(err)
	}
	if r.Means, err = e.Means(ctx, s.scored, &s.group, nil); err != nil {
		t.Fatal(err)
	}
	if r.Totals, err = e.Totals(ctx, s.scored, &s.group, nil); err != nil {
		t.Fatal(err)
	}
	chisq, err := e.CompareShares(ctx, x)
	if err != nil && !errors.Is(err, ErrNotComparable) {
		t.Fatal(err)
	}
	wald, err := e.CompareMeans(ctx, s.scored, s.group, nil, nil)
	if err != nil && !errors.Is(err, ErrNotComparable) {
		t.Fatal(err)
	}
	r.Tests = []Test{chisq, wald}
	return r
}

// alike compares every figure; scale multiplies the expected totals, tolerance is relative with a floor of itself.
func alike(t *rapid.T, got, want results, tolerance, scale float64) {
	t.Helper()
	near := func(what string, a, b float64) {
		if !(a == b || math.Abs(a-b) <= tolerance*(1+math.Abs(b))) {
			t.Fatalf("%s: %v against %v", what, a, b)
		}
	}
	for i, w := range want.Shares.Cells {
		g := got.Shares.Cells[i]
		if g.N != w.N || g.Base != w.Base || g.Method != w.Method && w.SE > 1e-6 {
			t.Fatalf("share %d: %+v against %+v", i, g, w)
		}
		near("share", g.Share, w.Share)
		near("share variance", g.SE*g.SE, w.SE*w.SE)
		near("df", g.DF, w.DF)
	}
	for i, w := range want.Means {
		g := got.Means[i]
		near("mean", g.Mean, w.Mean)
		near("mean variance", g.SE*g.SE, w.SE*w.SE)
		near("sd", g.SD*g.SD, w.SD*w.SD)
		near("total", got.Totals[i].Total, want.Totals[i].Total*scale)
	}
}

func permuted(s drawnSurvey, order []int) drawnSurvey {
	r := s
	d := *s.d
	d.Weights, d.Strata, d.Clusters = pick(d.Weights, order), pick(d.Strata, order), pick(d.Clusters, order)
	d.Raked = nil
	for _, m := range s.d.Raked {
		d.Raked = append(d.Raked, Codes{U8: pick(m.U8, order), K: m.K})
	}
	r.d = &d
	r.item.U8, r.group.U16 = pick(s.item.U8, order), pick(s.group.U16, order)
	r.scored.Codes = r.item
	return r
}

func pick[T any](v []T, order []int) []T {
	if v == nil {
		return nil
	}
	r := make([]T, len(order))
	for i, o := range order {
		r[i] = v[o]
	}
	return r
}

func TestOrderOfRowsChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawSurvey(t)
		order := make([]int, s.d.N)
		for i := range order {
			order[i] = i
		}
		alike(t, permuted(s, rapid.Permutation(order).Draw(t, "order")).estimate(t), s.estimate(t), 1e-12, 1)
	})
}

func TestWeightsOfOneEqualNoWeights(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawSurvey(t)
		s.d.Weights = nil
		without := s.estimate(t)
		s.d.Weights = slices.Repeat([]float64{1}, s.d.N)
		if with := s.estimate(t); !reflect.DeepEqual(with, without) {
			t.Fatalf("%+v\n%+v", with, without)
		}
	})
}

func TestScaleOfWeightsChangesNoShare(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawSurvey(t)
		before := s.estimate(t)
		c := rapid.Float64Range(0.01, 1000).Draw(t, "c")
		d := *s.d
		d.Weights = make([]float64, d.N)
		for i := range d.Weights {
			d.Weights[i] = c * s.d.Weight(i)
		}
		s.d = &d
		alike(t, s.estimate(t), before, 1e-10, c)
	})
}

func TestEveryFigureIsFiniteAndInRange(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := drawSurvey(t).estimate(t)
		for _, s := range r.Shares.Cells {
			if !(0 <= s.Low && s.Low <= s.Share+1e-12 && s.Share <= s.High+1e-12 && s.High <= 1 && s.SE >= 0) && s.Base > 0 {
				t.Fatalf("%+v", s)
			}
			if math.IsNaN(s.DF + s.EffectiveN) {
				t.Fatalf("%+v", s)
			}
			if s.Base == 0 && s != (Share{}) {
				t.Fatalf("%+v of nobody", s)
			}
		}
		for i, m := range r.Means {
			total := r.Totals[i]
			for _, v := range []float64{m.Mean, m.SD, m.SE, m.Low, m.High, total.Total, total.SE, total.Low, total.High} {
				if math.IsNaN(v) || math.IsInf(v, 0) {
					t.Fatalf("%+v %+v", m, total)
				}
			}
		}
		for _, x := range r.Tests {
			for _, v := range []float64{x.F, x.DF1, x.DF2, x.P, x.Effect, x.Low, x.High, x.Corrected} {
				if math.IsNaN(v) || math.IsInf(v, 0) {
					t.Fatalf("%+v", x)
				}
			}
			if !(x.P >= 0 && x.P <= 1 && 0 <= x.Low && x.Low <= x.Effect && x.Effect <= x.High && x.High <= 1) {
				t.Fatalf("%+v", x)
			}
		}
	})
}

// A design with one stratum goes through the pass over sampling units, and must agree with the closed forms.
func TestClosedFormsAgreeWithThePassOverUnits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawSurvey(t)
		s.d.Strata, s.d.Clusters, s.d.Raked, s.d.NStrata = nil, nil, nil, 0
		s.d.Population = s.d.Population[:min(1, len(s.d.Population))]
		plain := s.estimate(t)
		d := *s.d
		d.Strata, d.NStrata = make([]uint32, d.N), 1
		s.d = &d
		pass := s.estimate(t)
		alike(t, pass, plain, 1e-10, 1)
		for i, x := range pass.Tests {
			p := plain.Tests[i]
			if p.Name != "" && x.Name != "" && p.F < 1e6 && math.Abs(x.F-p.F) > 1e-7*(1+p.F) {
				t.Fatalf("%+v against %+v", x, p)
			}
			if p.Name != "" && x.Name != "" && math.Abs(x.DF1-p.DF1)+math.Abs(x.DF2-p.DF2) > 1e-6*(1+p.DF2) {
				t.Fatalf("%+v against %+v", x, p)
			}
		}
	})
}

// A raked design of single units goes through tallies by margin level, and must agree with the pass over units that a
// stratum leads to.
func TestTalliedRakingAgreesWithThePassOverUnits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawSurvey(t)
		s.d.Strata, s.d.Clusters, s.d.NStrata = nil, nil, 0
		s.d.Population = s.d.Population[:min(1, len(s.d.Population))]
		if s.d.Raked == nil {
			s.d.Raked = []Codes{s.item}
		}
		tallied := s.estimate(t)
		d := *s.d
		d.Strata, d.NStrata = make([]uint32, d.N), 1
		s.d = &d
		pass := s.estimate(t)
		alike(t, pass, tallied, 1e-10, 1)
		for i, x := range pass.Tests {
			p := tallied.Tests[i]
			if p.Name != "" && x.Name != "" && p.F < 1e6 && math.Abs(x.F-p.F) > 1e-7*(1+p.F) {
				t.Fatalf("%+v against %+v", x, p)
			}
		}
	})
}

func TestPartsEqualTheWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawSurvey(t)
		d := &Design{N: s.d.N, Weights: s.d.Weights}
		whole, err := Tally(context.Background(), d, []Codes{s.item}, &s.group, 1)
		if err != nil {
			t.Fatal(err)
		}
		sum := NewTable(s.item.K, s.group.K)
		cut := rapid.IntRange(0, d.N).Draw(t, "cut")
		for _, part := range [][2]int{{0, cut}, {cut, d.N}} {
			if part[0] == part[1] {
				continue
			}
			p := tallyRows(s, d, part[0], part[1])
			if err := sum.Merge(p(t)); err != nil {
				t.Fatal(err)
			}
		}
		for i, w := range whole[0].Cells {
			g := sum.Cells[i]
			if g.N != w.N || math.Abs(g.W-w.W) > 1e-12*(1+w.W) || math.Abs(g.W2-w.W2) > 1e-12*(1+w.W2) {
				t.Fatalf("cell %d: %+v against %+v", i, g, w)
			}
			if sum.positive(i) != whole[0].positive(i) {
				t.Fatalf("cell %d: %d with a weight against %d", i, sum.positive(i), whole[0].positive(i))
			}
		}
	})
}

// tallyRows tallies rows from..to; weights of zero alone are no design, so they get company that is not tallied.
func tallyRows(s drawnSurvey, d *Design, from, to int) func(t *rapid.T) *Table {
	return func(t *rapid.T) *Table {
		part := &Design{N: to - from}
		if d.Weights != nil {
			part.Weights = d.Weights[from:to]
			if !slices.ContainsFunc(part.Weights, func(w float64) bool { return w > 0 }) {
				t.Skip("a part without weight")
			}
		}
		item, group := Codes{U8: s.item.U8[from:to], K: s.item.K}, Codes{U16: s.group.U16[from:to], K: s.group.K}
		tables, err := Tally(context.Background(), part, []Codes{item}, &group, 1)
		if err != nil {
			t.Fatal(err)
		}
		return tables[0]
	}
}
