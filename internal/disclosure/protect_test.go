package disclosure

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// oneGrouping makes a publication of one question by one grouping in which everybody answered.
func oneGrouping(k, respondents int, n ...int) Publication {
	return Publication{
		K: k, Respondents: respondents,
		Groupings: []Grouping{{Variable: "department", Values: names(len(n)), N: n}},
		Questions: []Question{{ID: "q", Base: respondents, Bases: [][]int{n}}},
	}
}

func names(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = string(rune('a' + i))
	}
	return out
}

func decide(t *testing.T, p Publication) Decision {
	t.Helper()
	d, err := Protect(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestProtectOneGrouping(t *testing.T) {
	t.Parallel()
	const s, b, c, h = Shown, BelowK, Complementary, Homogeneous
	tests := map[string]struct {
		p    Publication
		want []Reason // of the question
	}{
		"all large":                          {oneGrouping(10, 60, 20, 30, 10), []Reason{s, s, s}},
		"one small takes the smallest along": {oneGrouping(10, 65, 20, 30, 3, 12), []Reason{s, s, b, c}},
		"two small that together suffice":    {oneGrouping(10, 42, 6, 30, 6), []Reason{b, s, b}},
		"two small that do not":              {oneGrouping(10, 58, 3, 30, 5, 20), []Reason{b, s, b, c}},
		"a group of nobody needs no cover":   {oneGrouping(10, 50, 20, 30, 0), []Reason{s, s, b}},
		"few without a group need cover":     {oneGrouping(10, 53, 20, 30), []Reason{c, s}},
		"many without a group give cover":    {oneGrouping(10, 62, 20, 30, 0), []Reason{s, s, b}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := decide(t, tt.p)
			if diff := cmp.Diff(tt.want, d.Questions[0].Cells[0]); diff != "" {
				t.Error(diff)
			}
		})
	}
	_ = h
}
