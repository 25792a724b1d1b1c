package stats_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tekentafel/internal/stats"
)

func notesOf(r *stats.Reliability) map[stats.ReliabilityNote][]int {
	out := map[stats.ReliabilityNote][]int{}
	for _, m := range r.Remarks {
		out[m.Note] = m.Items
	}
	return out
}

func columnsOf(rows ...[]float64) []stats.Scored {
	columns := make([][]float64, len(rows[0]))
	for _, row := range rows {
		for j, v := range row {
			columns[j] = append(columns[j], v)
		}
	}
	var out []stats.Scored
	for _, c := range columns {
		out = append(out, scored(c))
	}
	return out
}

// mustBeFinite fails on any figure that is not a number.
func mustBeFinite(t interface{ Errorf(string, ...any) }, r *stats.Reliability) {
	figures := []float64{r.Alpha, r.AlphaLow, r.AlphaHigh, r.Omega}
	figures = append(append(append(figures, r.ItemRest...), r.Dropped...), r.Loadings...)
	for i, v := range figures {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			t.Errorf("figure %d is %v in %+v", i, v, r)
		}
	}
}

func TestReliabilityTellsWhatItCannotSay(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	cases := map[string]struct {
		items        []stats.Scored
		alpha, omega bool
		notes        map[stats.ReliabilityNote][]int
	}{
		"one item": {columnsOf([]float64{1}, []float64{2}, []float64{3}), false, false,
			map[stats.ReliabilityNote][]int{stats.NoteTooFewItems: nil}},
		"two cases": {columnsOf([]float64{1, 2}, []float64{2, 1}, []float64{3, nan}), false, false,
			map[stats.ReliabilityNote][]int{stats.NoteTooFewCases: nil}},
		"nobody": {columnsOf([]float64{nan, 2}, []float64{nan, 1}, []float64{nan, nan}), false, false,
			map[stats.ReliabilityNote][]int{stats.NoteTooFewCases: nil}},
		"a constant item": {columnsOf([]float64{1, 4, 2}, []float64{2, 4, 3}, []float64{3, 4, 3}, []float64{2, 4, 2},
			[]float64{1, 4, 1}, []float64{3, 4, 2}), true, true,
			map[stats.ReliabilityNote][]int{stats.NoteConstantItem: {1}, stats.NoteTwoItems: nil}},
		"all constant": {columnsOf([]float64{1, 4}, []float64{1, 4}, []float64{1, 4}), false, false,
			map[stats.ReliabilityNote][]int{stats.NoteConstantItem: {0, 1}, stats.NoteTooFewItems: nil, stats.NoteFewCases: nil}},
		"opposite items": {columnsOf([]float64{1, 3}, []float64{2, 2}, []float64{3, 1}, []float64{1, 3}), false, true,
			map[stats.ReliabilityNote][]int{stats.NoteNoTotalVariance: nil, stats.NoteTwoItems: nil,
				stats.NoteNegativeItem: {1}, stats.NoteHeywood: {0, 1}}},
		"negative alpha": {columnsOf([]float64{1, 4}, []float64{2, 4}, []float64{3, 1}, []float64{4, 2}, []float64{5, 1}),
			true, true, map[stats.ReliabilityNote][]int{stats.NoteNegativeAlpha: nil, stats.NoteTwoItems: nil,
				stats.NoteNegativeItem: {1}}},
		"the same item twice": {columnsOf([]float64{1, 1, 2}, []float64{2, 2, 1}, []float64{3, 3, 3}, []float64{4, 4, 3},
			[]float64{5, 5, 4}, []float64{3, 3, 5}), true, true,
			map[stats.ReliabilityNote][]int{stats.NoteHeywood: {0, 1}}},
		"few cases": {columnsOf([]float64{1, 2, 1, 1}, []float64{2, 2, 3, 1}, []float64{3, 4, 3, 2}, []float64{4, 3, 5, 5}),
			true, true, map[stats.ReliabilityNote][]int{stats.NoteFewCases: nil}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := stats.ReliabilityOf(c.items, stats.ReliabilityOptions{})
			if err != nil {
				t.Fatal(err)
			}
			mustBeFinite(t, r)
			if r.HasAlpha != c.alpha || r.HasOmega != c.omega {
				t.Errorf("alpha %v, omega %v", r.HasAlpha, r.HasOmega)
			}
			notes := notesOf(r)
			delete(c.notes, "")
			for note, items := range c.notes {
				got, ok := notes[note]
				if !ok && note != stats.NoteFewCases || cmp.Diff(items, got) != "" {
					t.Errorf("note %s: %v %v", note, got, ok)
				}
			}
			t.Logf("%+v", r)
		})
	}
}

func TestReliabilityRefusesColumnsThatDoNotFit(t *testing.T) {
	t.Parallel()
	a := scored([]float64{1, 2, 3})
	long := scored([]float64{1, 2, 3, 4})
	wide := make([]float64, 300)
	for i := range wide {
		wide[i] = float64(i)
	}
	for name, items := range map[string][]stats.Scored{
		"none": nil, "lengths": {a, long}, "values": {a, {Codes: a.Codes, Values: a.Values[:2]}},
		"wide": {scored(wide), scored(wide)}, "infinite": {a, {Codes: a.Codes, Values: []float64{1, 2, math.Inf(1), 4}}},
	} {
		if r, err := stats.ReliabilityOf(items, stats.ReliabilityOptions{}); err == nil {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// drawItems gives items of different widths, so that one table, or several, are used.
func drawItems(rt *rapid.T) [][]float64 {
	n := rapid.IntRange(0, 120).Draw(rt, "units")
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 9))
	points := rapid.SliceOfN(rapid.IntRange(1, 40), 1, 9).Draw(rt, "points")
	rows := make([][]float64, n)
	for i := range rows {
		f := rng.NormFloat64()
		for _, k := range points {
			v := math.Round(f*2 + rng.NormFloat64()*2 + float64(k)/2)
			v = max(0, min(float64(k-1), v))
			if rng.IntN(30) == 0 {
				v = math.NaN()
			}
			rows[i] = append(rows[i], v)
		}
	}
	if n == 0 {
		rows = [][]float64{make([]float64, len(points))}
	}
	return rows
}

func TestReliabilityIsTheSameToTheBitWhateverTheOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		rows := drawItems(rt)
		items := columnsOf(rows...)
		r, err := stats.ReliabilityOf(items, stats.ReliabilityOptions{})
		if err != nil {
			rt.Fatal(err)
		}
		mustBeFinite(rt, r)
		order := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "order"), 1)).Perm(len(rows))
		mixed := make([]stats.Scored, len(items))
		for j, item := range items {
			codes := make([]uint16, len(order))
			for at, i := range order {
				codes[at] = uint16(item.Codes.At(i))
			}
			mixed[j] = stats.Scored{Codes: stats.Codes{U16: codes, K: item.Codes.K}, Values: item.Values}
		}
		again, err := stats.ReliabilityOf(mixed, stats.ReliabilityOptions{})
		if err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(fmt.Sprint(*r), fmt.Sprint(*again)); diff != "" {
			rt.Fatal(diff)
		}
	})
}

// The tables give the covariance that two passes over the rows give.
func TestReliabilityCountsWhatTheRowsSay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		rows := drawItems(rt)
		r, err := stats.ReliabilityOf(columnsOf(rows...), stats.ReliabilityOptions{})
		if err != nil {
			rt.Fatal(err)
		}
		if !r.HasAlpha {
			return
		}
		var complete [][]float64
		for _, row := range rows {
			sum := 0.0
			for _, v := range row {
				sum += v
			}
			if !math.IsNaN(sum) {
				complete = append(complete, row)
			}
		}
		if len(complete) != r.N {
			rt.Fatalf("%d complete cases, counted %d", len(complete), r.N)
		}
		variance := func(of func(row []float64) float64) float64 {
			mean, square := 0.0, 0.0
			for _, row := range complete {
				mean += of(row) / float64(len(complete))
			}
			for _, row := range complete {
				square += (of(row) - mean) * (of(row) - mean)
			}
			return square / float64(len(complete)-1)
		}
		parts, k := 0.0, 0
		for j := range complete[0] {
			if v := variance(func(row []float64) float64 { return row[j] }); v > 1e-12 {
				parts += v
				k++
			}
		}
		whole := variance(func(row []float64) float64 {
			sum := 0.0
			for _, v := range row {
				sum += v
			}
			return sum
		})
		want := (1 - parts/whole) * float64(k) / float64(k-1)
		if math.Abs(want-r.Alpha) > 1e-9*max(1, math.Abs(want)) {
			rt.Fatalf("alpha %v, from the rows %v", r.Alpha, want)
		}
	})
}

func TestWeightedReliabilityWithEqualWeightsIsUnweighted(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		rows := drawItems(rt)
		items := columnsOf(rows...)
		r, err := stats.ReliabilityOf(items, stats.ReliabilityOptions{})
		if err != nil {
			rt.Fatal(err)
		}
		weights := make([]float64, len(rows))
		w := rapid.Float64Range(0.01, 100).Draw(rt, "weight")
		for i := range weights {
			weights[i] = w
		}
		again, err := stats.ReliabilityOf(items, stats.ReliabilityOptions{Weights: weights})
		if err != nil {
			rt.Fatal(err)
		}
		if !again.Weighted || r.N != again.N || r.HasAlpha != again.HasAlpha {
			rt.Fatalf("%+v, weighted %+v", r, again)
		}
		same(rt, "equal weights", append([]float64{again.Alpha, again.AlphaLow, again.Omega}, again.ItemRest...),
			append([]float64{r.Alpha, r.AlphaLow, r.Omega}, r.ItemRest...))
	})
}
