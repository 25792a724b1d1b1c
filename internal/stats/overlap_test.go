package stats

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"tekentafel/internal/testkit"
)

// overlapping are two samples of which some people are in both.
type overlapping struct {
	a, b  *Design
	x, y  Scored
	pairs []Pair
}

// drawn makes two samples of n and m people with both in common, whose answers hang together.
func drawn(r *rand.Rand, n, m, both int, weighted bool) overlapping {
	o := overlapping{a: &Design{N: n}, b: &Design{N: m}}
	values := []float64{math.NaN(), 0, 1, 2, 5}
	first, second := make([]uint8, n), make([]uint8, m)
	for i := range first {
		first[i] = uint8(r.IntN(5))
	}
	for i := range second {
		second[i] = uint8(r.IntN(5))
	}
	places := r.Perm(m)
	for i := range both {
		o.pairs = append(o.pairs, Pair{i, places[i]})
		if r.IntN(3) > 0 {
			second[places[i]] = first[i]
		}
	}
	o.x, o.y = Scored{Codes{U8: first, K: 5}, values}, Scored{Codes{U8: second, K: 5}, values}
	if weighted {
		for _, d := range []*Design{o.a, o.b} {
			for range d.N {
				d.Weights = append(d.Weights, 0.2+3*r.Float64())
			}
		}
	}
	return o
}

// tester is a test, or one run of a property.
type tester interface {
	rapid.TB
	Context() context.Context
}

// meanOfAll is the mean of a column over everyone.
func meanOfAll(t tester, e *Estimator, s Scored) Mean {
	t.Helper()
	list, err := e.Means(t.Context(), s, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return list[0]
}

func estimatorOf(t tester, d *Design) *Estimator {
	t.Helper()
	e, err := New(d)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestTheInfluenceOfEachPersonGivesTheStandardError(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		n := rapid.IntRange(20, 200).Draw(t, "n")
		o := drawn(r, n, n, 0, rapid.Bool().Draw(t, "weighted"))
		if rapid.Bool().Draw(t, "finite") {
			o.a.Population = []float64{float64(n + rapid.IntRange(0, 300).Draw(t, "more"))}
		}
		for range rapid.IntRange(0, 3).Draw(t, "margins") {
			codes := make([]uint8, n)
			for i := range codes {
				codes[i] = uint8(r.IntN(3))
			}
			o.a.Raked = append(o.a.Raked, Codes{U8: codes, K: 3})
		}
		if o.a.Weights != nil && rapid.Bool().Draw(t, "some count for nothing") {
			o.a.Weights[r.IntN(n)] = 0
		}
		e := estimatorOf(t, o.a)
		want := meanOfAll(t, e, o.x).SE
		if got := math.Sqrt(e.spreadOf(e.influence(o.x))); math.Abs(got-want) > 1e-9*(1+want) {
			t.Fatalf("%g, want %g", got, want)
		}
		all := make([]Pair, n)
		for i := range all {
			all[i] = Pair{i, i}
		}
		same, err := CorrelationOfMeans(e, e, o.x, o.x, all)
		if err != nil || want > 1e-9 && math.Abs(same-1) > 1e-9 {
			t.Fatalf("a wave has correlation %g with itself: %v", same, err)
		}
	})
}

func TestTheCovarianceOfTwoWavesIsThatOfR(t *testing.T) {
	t.Parallel()
	testkit.NeedR(t)
	type sample struct {
		Person  []int      `json:"person"`
		Weights []float64  `json:"weights"`
		Values  []*float64 `json:"values"`
	}
	type question struct {
		A sample `json:"a"`
		B sample `json:"b"`
	}
	laid := func(d *Design, s Scored, person func(i int) int) sample {
		var out sample
		for i := range d.N {
			out.Person, out.Weights = append(out.Person, person(i)), append(out.Weights, d.Weight(i))
			v := &s.Values[s.Codes.At(i)]
			if math.IsNaN(*v) {
				v = nil
			}
			out.Values = append(out.Values, v)
		}
		return out
	}
	r := rand.New(rand.NewPCG(8, 8))
	var cases []overlapping
	var asked []question
	for i, c := range [][3]int{{60, 80, 40}, {200, 150, 150}, {30, 30, 2}, {500, 700, 260}, {25, 40, 25}, {90, 90, 90}} {
		for _, weighted := range []bool{false, true} {
			o := drawn(r, c[0], c[1], c[2], weighted)
			if i == 3 { // a share
				o.x.Values, o.y.Values = []float64{math.NaN(), 0, 1, 1, 0}, []float64{math.NaN(), 0, 1, 1, 0}
			}
			second := map[int]int{}
			for _, p := range o.pairs {
				second[p.B] = p.A
			}
			cases = append(cases, o)
			asked = append(asked, question{laid(o.a, o.x, func(i int) int { return i }), laid(o.b, o.y, func(i int) int {
				if p, both := second[i]; both {
					return p
				}
				return 100_000 + i
			})})
		}
	}
	var want []struct{ Correlation, Cov, SE float64 }
	testkit.AskR(t, "oracle_overlap.R", asked, &want)
	for i, o := range cases {
		a, b := estimatorOf(t, o.a), estimatorOf(t, o.b)
		got, err := CorrelationOfMeans(a, b, o.x, o.y, o.pairs)
		if err != nil {
			t.Fatal(err)
		}
		// R gives both waves the n/(n-1) of all people together, which each wave's own standard error does not have.
		units := float64(o.a.N + o.b.N - len(o.pairs))
		own := math.Sqrt(spread(o.a.N) * spread(o.b.N))
		covariance := got * meanOfAll(t, a, o.x).SE * meanOfAll(t, b, o.y).SE
		if math.Abs(covariance-want[i].Cov) > 1e-10*math.Abs(want[i].Cov) {
			t.Errorf("case %d: covariance %g, want %g", i, covariance, want[i].Cov)
		}
		if scaled := got * own / (units / (units - 1)); math.Abs(scaled-want[i].Correlation) > 1e-10 {
			t.Errorf("case %d: correlation %g, want %g", i, scaled, want[i].Correlation)
		}
		_, se, err := DependentMeans(meanOfAll(t, a, o.x), meanOfAll(t, b, o.y), got)
		if err != nil || math.Abs(se/want[i].SE-1) > 1/float64(min(o.a.N, o.b.N)) {
			t.Errorf("case %d: standard error %g, want %g: %v", i, se, want[i].SE, err)
		}
	}
}

func TestAFinitePopulationTakesAwayWhatChanceShares(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	o := drawn(r, 300, 400, 240, false)
	of := func(n, m float64) float64 {
		a, b := *o.a, *o.b
		if n > 0 {
			a.Population = []float64{n}
		}
		if m > 0 {
			b.Population = []float64{m}
		}
		c, err := CorrelationOfMeans(estimatorOf(t, &a), estimatorOf(t, &b), o.x, o.y, o.pairs)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	if c := of(0, 0); c < 0.2 || of(1e12, 1e12) < 0.999*c {
		t.Errorf("correlation %g without a population, %g in a large one", c, of(1e12, 1e12))
	}
	// 500 people: 300 and 400 of them share 240 by chance alone.
	if c := of(500, 500); c != 0 {
		t.Errorf("chance alone correlates: %g", c)
	}
	if c := of(600, 500); c != 0 {
		t.Errorf("the smaller population does not count: %g", c)
	}
	if c, without := of(1000, 1000), of(0, 0); c <= 0 || c >= without {
		t.Errorf("%g among 1000 people, %g among endlessly many", c, without)
	}
}

func TestADifferenceOfDependentEstimatesIsNarrowerAndThatOfIndependentOnesTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2))
		o := drawn(r, 60, 70, 0, rapid.Bool().Draw(t, "weighted"))
		shares := func(d *Design, c Codes) Share {
			table, err := estimatorOf(t, d).Shares(t.Context(), Cross{Item: c, Class: []int{-1, 0, 1, 1, 0}, Classes: 2})
			if err != nil {
				t.Fatal(err)
			}
			return table.At(0, 1)
		}
		a, b := shares(o.a, o.x.Codes), shares(o.b, o.y.Codes)
		rho := rapid.Float64Range(0, 1).Draw(t, "correlation")
		apart, err := DifferenceOfShares(a, b)
		if err != nil {
			t.Fatal(err)
		}
		none, _, err := DependentShares(a, b, 0)
		if err != nil || math.Abs(none.Low-apart.Low) > 1e-12 || math.Abs(none.High-apart.High) > 1e-12 || math.Abs(none.P-apart.P) > 1e-9 {
			t.Fatalf("%+v without correlation, %+v: %v", none, apart, err)
		}
		got, se, err := DependentShares(a, b, rho)
		if err != nil || got.Diff != apart.Diff || got.Low < apart.Low-1e-12 || got.High > apart.High+1e-12 || got.Low > got.Diff || got.High < got.Diff ||
			se > math.Hypot(a.SE, b.SE)+1e-12 {
			t.Fatalf("%+v with %g, %+v: %v", got, rho, apart, err)
		}
		if outside := got.Low > 0 || got.High < 0; outside != (got.P < 0.05) && math.Abs(got.P-0.05) > 1e-6 {
			t.Fatalf("p %g and %g to %g", got.P, got.Low, got.High)
		}
		u, v := meanOfAll(t, estimatorOf(t, o.a), o.x), meanOfAll(t, estimatorOf(t, o.b), o.y)
		means, se, err := DependentMeans(u, v, rho)
		if want := math.Sqrt(u.SE*u.SE + v.SE*v.SE - 2*rho*u.SE*v.SE); err != nil || math.Abs(se-want) > 1e-12 || means.Diff != u.Mean-v.Mean || means.High-means.Low > 2*2.1*want {
			t.Fatalf("%+v, se %g, want %g: %v", means, se, want, err)
		}
	})
}

func TestACorrelationIsRefusedWhereItIsNotWorkedOut(t *testing.T) {
	t.Parallel()
	o := drawn(rand.New(rand.NewPCG(1, 2)), 20, 20, 10, false)
	plain := estimatorOf(t, o.b)
	strata := estimatorOf(t, &Design{N: 20, Strata: make([]uint32, 20), NStrata: 1})
	if _, err := CorrelationOfMeans(strata, plain, o.x, o.y, o.pairs); !errors.Is(err, ErrUnits) {
		t.Error(err)
	}
	if _, err := CorrelationOfMeans(plain, plain, Scored{Codes{U8: []uint8{1}, K: 5}, o.x.Values}, o.y, o.pairs); err == nil {
		t.Error("a column of another length is taken")
	}
	if c, err := CorrelationOfMeans(plain, plain, o.x, o.y, nil); c != 0 || err != nil {
		t.Error(c, err)
	}
	constant := Scored{o.x.Codes, []float64{1, 1, 1, 1, 1}}
	if c, err := CorrelationOfMeans(plain, plain, constant, o.y, o.pairs); c != 0 || err != nil {
		t.Error(c, err)
	}
	if _, _, err := DependentShares(Share{}, Share{Base: 1}, 0); err == nil {
		t.Error("a share of nobody")
	}
	if _, _, err := DependentMeans(Mean{}, Mean{Base: 1, DF: 1}, 0); err == nil {
		t.Error("a mean of nobody")
	}
}
