package instrument

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// scaled is an instrument of n scale items with the given points.
func scaled(t rapid.TB, n int, points []float64) *Instrument {
	t.Helper()
	var b strings.Builder
	b.WriteString(head + "items:\n")
	for i := range n {
		fmt.Fprintf(&b, "  - {id: s%d, kind: scale, question: {nl: Q}, options_from: s}\n", i)
	}
	b.WriteString("scales:\n  s:\n")
	for i, p := range points {
		fmt.Fprintf(&b, "    - {id: o%d, label: {nl: \"%d\"}, value: %v}\n", i, i, p)
	}
	b.WriteString("    - {id: dk, label: {nl: dk}, missing: dont-know}\n")
	in, err := Parse("t", []byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// TestScoreIsTheMean holds the scores against the mean worked out respondent by respondent.
func TestScoreIsTheMean(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		points := rapid.SampledFrom([][]float64{{1, 2, 3, 4, 5}, {0, 1}, {-2, -1, 0, 1, 2}, {0, 0.5, 1}, {1, 2, 4, 8}, {0, 33.3, 66.7, 100}}).Draw(t, "points")
		n := rapid.IntRange(1, 9).Draw(t, "items")
		in := scaled(t, n, points)
		c := &Construct{ID: "c", MinAnswered: rapid.IntRange(1, n).Draw(t, "min")}
		for i := range n {
			id := fmt.Sprintf("s%d", i)
			c.Items = append(c.Items, id)
			if rapid.Bool().Draw(t, "reverse") {
				c.Reverse = append(c.Reverse, id)
			}
		}
		a := answersTo(t, in, 50)
		if rapid.Bool().Draw(t, "drop") {
			a.Columns[0] = nil
		}
		got, err := in.Score(a, c)
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Values) != got.Column.K || got.Column.Len() != a.N || !slices.IsSorted(got.Column.Numbers) {
			t.Fatal("the score's column and values do not fit together, or are not in order")
		}
		for i := range a.N {
			sum, count, asked := 0.0, 0, 0
			for k, col := range a.Columns {
				if col == nil || col.At(i) == NotAsked {
					continue
				}
				asked++
				if code := col.At(i); code >= FirstOption {
					x := points[code-FirstOption]
					if slices.Contains(c.Reverse, c.Items[k]) {
						x = points[0] + points[len(points)-1] - x
					}
					sum += x
					count++
				}
			}
			code := got.Column.At(i)
			switch value := got.Values[code]; {
			case asked == 0:
				if code != NotAsked {
					t.Fatalf("respondent %d was asked nothing, but has code %d", i, code)
				}
			case count < c.MinAnswered:
				if code != NoAnswer || !math.IsNaN(value) {
					t.Fatalf("respondent %d answered %d of %d, but has code %d (%v)", i, count, c.MinAnswered, code, value)
				}
			case math.Abs(value-sum/float64(count)) > 1e-9:
				t.Fatalf("respondent %d has score %v, want %v", i, value, sum/float64(count))
			}
		}
	})
}

func TestEqualMeansHaveEqualCodes(t *testing.T) {
	t.Parallel()
	in := scaled(t, 6, []float64{1, 2, 3, 4, 5})
	s, err := newScoring(in.Items[0].points(), 6, 1)
	if err != nil {
		t.Fatal(err)
	}
	if len(slices.Compact(slices.Clone(s.values))) != len(s.values) || !slices.IsSorted(s.values) {
		t.Error("the scores are not distinct and rising")
	}
	if a, b := s.codes[1*s.width+2], s.codes[6*s.width+12]; a != b || s.values[a-FirstOption] != 3 {
		t.Errorf("a mean of 3 has codes %d and %d", a, b)
	}
}

func TestScoreErrors(t *testing.T) {
	t.Parallel()
	in := scaled(t, 2, []float64{1, 2})
	a := &Answers{Instrument: in, Variables: in.Variables(), Columns: make([]*Column, 2)}
	for want, c := range map[string]*Construct{
		`construct c has 0 items; name 1 to 100`:                                   {ID: "c"},
		`construct c: there is no scale item or matrix row "x"; correct its items`: {ID: "c", Items: []string{"x"}},
	} {
		if _, err := in.Score(a, c); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestIndicate(t *testing.T) {
	t.Parallel()
	in := scaled(t, 1, []float64{1, 2, 3})
	codes := []uint8{NotAsked, NoAnswer, DontKnow, NotApplicable, Invalid, FirstOption, FirstOption + 1, FirstOption + 2}
	a := &Answers{Instrument: in, N: len(codes), Variables: in.Variables(), Columns: []*Column{{Narrow: codes, K: 8}}}
	const no, yes = FirstOption, FirstOption + 1
	for _, c := range []struct {
		all  bool
		want []uint8
	}{
		{false, []uint8{NotAsked, NoAnswer, DontKnow, NotApplicable, Invalid, no, yes, yes}},
		{true, []uint8{no, NoAnswer, DontKnow, NotApplicable, Invalid, no, yes, yes}},
	} {
		got, err := in.Indicate(a, &Indicator{ID: "i", Item: "s0", Options: []string{"o1", "o2"}, All: c.all})
		if err != nil || !slices.Equal(got.Narrow, c.want) || got.K != FirstOption+2 {
			t.Errorf("all %v: %v, %v; want %v", c.all, got, err, c.want)
		}
	}
	for want, ind := range map[string]*Indicator{
		`indicator i: there is no single choice, scale or matrix row "x"; correct its item`: {ID: "i", Item: "x"},
		`indicator i: "s0" has no option "dk" in its base; correct its options`:             {ID: "i", Item: "s0", Options: []string{"dk"}},
	} {
		if _, err := in.Indicate(a, ind); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	a.Columns[0] = nil
	if got, err := in.Indicate(a, &Indicator{ID: "i", Item: "s0", Options: []string{"o1"}}); got != nil || err != nil {
		t.Errorf("without a column: %v, %v; want nothing", got, err)
	}
}

func BenchmarkScore(b *testing.B) {
	in := scaled(b, 6, []float64{1, 2, 3, 4, 5})
	const n = 1 << 20
	a := &Answers{Instrument: in, N: n, Variables: in.Variables()}
	c := &Construct{ID: "c", MinAnswered: 3, Reverse: []string{"s1"}}
	for k, v := range a.Variables {
		col := &Column{Narrow: make([]uint8, n), K: v.K()}
		for i := range col.Narrow {
			col.Narrow[i] = uint8((i*(k+7) + i>>5) % col.K)
		}
		a.Columns = append(a.Columns, col)
		c.Items = append(c.Items, v.ID)
	}
	b.SetBytes(n)
	for b.Loop() {
		if _, err := in.Score(a, c); err != nil {
			b.Fatal(err)
		}
	}
}
