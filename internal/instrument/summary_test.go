package instrument

import (
	"testing"

	"pgregory.net/rapid"
)

func agreeing() Summary {
	values := func(reversed bool) map[string]float64 {
		out := map[string]float64{}
		for i, o := range []string{"a", "b", "c", "d", "e"} {
			if out[o] = float64(i + 1); reversed {
				out[o] = float64(5 - i)
			}
		}
		return out
	}
	return Summary{Name: "critical", Least: 3, Cuts: []float64{2.6, 3.4, 4.2},
		Values: map[string]map[string]float64{"s1": values(false), "s2": values(true), "s3": values(false), "s4": values(false), "s5": values(false)}}
}

func TestASummaryIsTheStepOfTheMean(t *testing.T) {
	t.Parallel()
	s := agreeing()
	for name, c := range map[string]struct {
		given map[string]string
		want  int
	}{
		"nothing":                 {nil, 0},
		"too little":              {map[string]string{"s1": "e", "s3": "e"}, 0},
		"don't know counts not":   {map[string]string{"s1": "e", "s3": "e", "s4": "dunno"}, 0},
		"a mean below the first":  {map[string]string{"s1": "a", "s3": "b", "s4": "b"}, 1},
		"on a cut":                {map[string]string{"s1": "c", "s2": "c", "s3": "c", "s4": "d", "s5": "d"}, 3},
		"the highest":             {map[string]string{"s1": "e", "s2": "a", "s3": "e"}, 4},
		"one that is turned":      {map[string]string{"s1": "e", "s2": "e", "s3": "c"}, 2},
		"answers to other things": {map[string]string{"x": "e", "y": "e", "z": "e"}, 0},
	} {
		if got := s.Step(func(v string) string { return c.given[v] }); got != c.want {
			t.Errorf("%s: step %d, want %d", name, got, c.want)
		}
	}
}

// Whatever somebody answers, no more than a step comes out of it.
func TestASummaryStaysWithinItsSteps(t *testing.T) {
	t.Parallel()
	s := agreeing()
	rapid.Check(t, func(t *rapid.T) {
		given := rapid.MapOf(rapid.SampledFrom([]string{"s1", "s2", "s3", "s4", "s5", "x"}), rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "dunno", ""})).Draw(t, "given")
		if step := s.Step(func(v string) string { return given[v] }); step < 0 || step > len(s.Cuts)+1 {
			t.Fatalf("step %d", step)
		}
	})
}
