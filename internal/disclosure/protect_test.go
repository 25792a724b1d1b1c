package disclosure

import (
	"context"
	"errors"
	"strings"
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
	const s, b, c = Shown, BelowK, Complementary
	tests := map[string]struct {
		p    Publication
		want []Reason // of the question
	}{
		"all large":                          {oneGrouping(10, 60, 20, 30, 10), []Reason{s, s, s}},
		"one small takes the smallest along": {oneGrouping(10, 65, 20, 30, 3, 12), []Reason{s, s, b, c}},
		"two small that together suffice":    {oneGrouping(10, 42, 6, 30, 6), []Reason{b, s, b}},
		"two small that do not":              {oneGrouping(10, 58, 3, 30, 5, 20), []Reason{b, s, b, c}},
		"a group of nobody needs no cover":   {oneGrouping(10, 50, 20, 30, 0), []Reason{s, s, b}},
		"few without a group are no group":   {oneGrouping(10, 53, 20, 30), []Reason{s, s}},
		"few without a group give no cover":  {oneGrouping(10, 57, 20, 30, 4), []Reason{c, s, b}},
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
}

// directorates makes a publication of departments (rows of n) within directorates, and one question for everybody.
func directorates(k int, n ...[]int) Publication {
	p := Publication{K: k, Groupings: []Grouping{{Variable: "directorate"}, {Variable: "department"}}}
	var chart []int
	for d, row := range n {
		sum := 0
		for _, people := range row {
			p.Groupings[1].N = append(p.Groupings[1].N, people)
			chart = append(chart, d)
			sum += people
		}
		p.Groupings[0].N = append(p.Groupings[0].N, sum)
		p.Respondents += sum
	}
	joint := make([][]int, len(n)+1)
	for d := range joint {
		joint[d] = make([]int, len(chart)+1)
	}
	for i, d := range chart {
		joint[d][i] = p.Groupings[1].N[i]
	}
	p.Joint = []Joint{{A: 0, B: 1, Counts: joint}}
	for g := range p.Groupings {
		p.Groupings[g].Values = names(len(p.Groupings[g].N))
	}
	p.Questions = []Question{{ID: "q", Base: p.Respondents, Bases: [][]int{p.Groupings[0].N, p.Groupings[1].N}}}
	return p
}

func TestProtectNested(t *testing.T) {
	t.Parallel()
	const s, b, c = Shown, BelowK, Complementary
	tests := map[string]struct {
		p    Publication
		want [][]Reason
	}{
		"cover comes from the same directorate": {
			directorates(10, []int{30, 4}, []int{11, 40}),
			[][]Reason{{s, s}, {c, b, s, s}},
		},
		"small departments of two directorates do not cover each other": {
			directorates(10, []int{30, 6}, []int{6, 40}),
			[][]Reason{{s, s}, {c, b, b, c}},
		},
		"a small directorate hides with its only department": {
			directorates(10, []int{4}, []int{12, 40}, []int{20, 20}),
			[][]Reason{{b, s, c}, {b, s, s, c, s}},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := decide(t, tt.p)
			if diff := cmp.Diff(tt.want, d.Groups); diff != "" {
				t.Errorf("respondents: %s", diff)
			}
			if diff := cmp.Diff(tt.want, d.Questions[0].Cells); diff != "" {
				t.Errorf("question: %s", diff)
			}
		})
	}
}

// All 40 firefighters work in the fire department of 45: the difference is five people.
func TestGroupsThatAreNearlyTheSamePeople(t *testing.T) {
	t.Parallel()
	departments, functions := []int{45, 60, 50}, []int{40, 55, 60}
	p := Publication{
		K: 10, Respondents: 155,
		Groupings: []Grouping{{Variable: "department", Values: names(3), N: departments}, {Variable: "function", Values: names(3), N: functions}},
		Joint:     []Joint{{A: 0, B: 1, Counts: [][]int{{40, 2, 3, 0}, {0, 30, 30, 0}, {0, 23, 27, 0}, {0, 0, 0, 0}}}},
		Questions: []Question{{ID: "q", Base: 155, Bases: [][]int{departments, functions}}},
	}
	d := decide(t, p)
	if !d.Cell(0, 1, 0).Hidden() && !d.Cell(0, 0, 0).Hidden() {
		t.Errorf("both groups are shown: %v", d.Questions[0].Cells)
	}
	p.Joint = nil
	if d := decide(t, p); d.Primary+d.Complementary != 0 {
		t.Errorf("without joint counts the groupings are unrelated, yet hidden: %v", d.Questions[0].Cells)
	}
}

func TestHomogeneousGroup(t *testing.T) {
	t.Parallel()
	p := oneGrouping(10, 60, 20, 30, 10)
	p.Questions[0].Options = []int{40, 20}
	p.Questions[0].GroupOptions = [][][]int{{{20, 0}, {15, 15}, {5, 5}}}
	want := [][]Reason{{Homogeneous, Shown, Complementary}}
	if diff := cmp.Diff(want, decide(t, p).Questions[0].Cells); diff != "" {
		t.Error(diff)
	}
	p.Questions[0].Harmless = true
	if d := decide(t, p); d.Primary != 0 {
		t.Errorf("a harmless question is hidden: %v", d.Questions[0].Cells)
	}
}

func TestLinkedQuestionsHideAlike(t *testing.T) {
	t.Parallel()
	p := oneGrouping(10, 65, 20, 30, 3, 12)
	p.Questions = append(p.Questions,
		Question{ID: "indicator", Base: 62, Bases: [][]int{{20, 30, 0, 12}}, Linked: []int{0}},
		Question{ID: "alone", Base: 50, Bases: [][]int{{20, 30, 0, 0}}})
	d := decide(t, p)
	for q, want := range [][]Reason{{Shown, Shown, BelowK, Complementary}, {Shown, Shown, BelowK, Complementary}, {Shown, Shown, BelowK, BelowK}} {
		if diff := cmp.Diff(want, d.Questions[q].Cells[0]); diff != "" {
			t.Errorf("%s: %s", p.Questions[q].ID, diff)
		}
	}
}

func TestFilterPassesOnWhatItHides(t *testing.T) {
	t.Parallel()
	p := oneGrouping(10, 80, 20, 30, 14, 16)
	p.Questions[0].Bases = [][]int{{20, 30, 5, 16}}
	p.Questions[0].Base = 71
	p.Questions = append(p.Questions, Question{ID: "routed", Base: 60, Bases: [][]int{{20, 28, 0, 12}}, Filters: []int{0}})
	d := decide(t, p)
	if d.Groups[0][2].Hidden() || d.Cell(0, 0, 2) != BelowK || d.Cell(0, 0, 3) != Complementary {
		t.Errorf("filter: %v, respondents %v", d.Questions[0].Cells, d.Groups)
	}
	if d.Cell(1, 0, 3) != Complementary {
		t.Errorf("the number asked in group d shows the filter's answer in group c: %v", d.Questions[1].Cells)
	}
}

func TestSensitiveAndSmallQuestions(t *testing.T) {
	t.Parallel()
	p := oneGrouping(10, 60, 20, 30, 10)
	p.Questions = append(p.Questions,
		Question{ID: "sensitive", Base: 60, Bases: [][]int{{20, 30, 10}}, Sensitive: true},
		Question{ID: "few", Base: 9, Bases: [][]int{{0, 9, 0}}},
		Question{ID: "background", Base: 60, Bases: [][]int{{20, 30, 10}}, Background: true},
		Question{ID: "not broken down", Base: 60, Bases: [][]int{nil}})
	d := decide(t, p)
	if d.Cell(1, 0, 0) != Withheld || d.Questions[1].Total.Hidden() {
		t.Errorf("sensitive: %+v", d.Questions[1])
	}
	if d.Questions[2].Total != BelowK || d.Cell(2, 0, 1) != BelowK {
		t.Errorf("few: %+v", d.Questions[2])
	}
	if d.Cell(3, 0, 0) != Withheld || d.Cell(4, 0, 0) != Withheld {
		t.Errorf("background %+v, not broken down %+v", d.Questions[3], d.Questions[4])
	}
	if d.Withheld != 6 || d.Primary != 3 || d.Complementary != 0 {
		t.Errorf("counts: %d withheld, %d primary, %d complementary", d.Withheld, d.Primary, d.Complementary)
	}
}

func TestEarlierPublications(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		earlier Earlier
		total   Reason
		cells   []Reason
		exposed int
	}{
		"the same figures are no hiding place": {
			Earlier{Base: 65, Bases: [][]int{{-1, 30, -1, 12}}}, Shown, []Reason{Complementary, Shown, BelowK, Complementary}, 0,
		},
		"everything is out already": {
			Earlier{Base: 65, Bases: [][]int{{20, 30, 3, 12}}}, Shown, []Reason{Shown, Shown, BelowK, Complementary}, 1,
		},
		"all but the small group is out already": {
			Earlier{Base: 65, Bases: [][]int{{20, 30, -1, 12}}}, Shown, []Reason{Shown, Shown, BelowK, Complementary}, 1,
		},
		"too few came in between": {
			Earlier{Base: 60, Bases: [][]int{{20, 30, -1, -1}}}, Difference, []Reason{Difference, Difference, Difference, Difference}, 0,
		},
		"the few of one group": {
			Earlier{Base: 45, Bases: [][]int{{15, 15, -1, -1}}}, Shown, []Reason{Difference, Complementary, BelowK, Complementary}, 0,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := oneGrouping(10, 65, 20, 30, 3, 12)
			p.Questions[0].Earlier = []Earlier{tt.earlier}
			d := decide(t, p)
			if d.Questions[0].Total != tt.total {
				t.Errorf("total: %v, want %v", d.Questions[0].Total, tt.total)
			}
			if diff := cmp.Diff(tt.cells, d.Questions[0].Cells[0]); diff != "" {
				t.Error(diff)
			}
			if len(d.Exposed) != tt.exposed {
				t.Errorf("exposed: %v", d.Exposed)
			}
		})
	}
}

func TestContradictionsAreErrors(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*Publication)
		want   string
	}{
		"k too low":              {func(p *Publication) { p.K = 4 }, "below 5"},
		"groups above total":     {func(p *Publication) { p.Respondents = 50 }, "add up to 60"},
		"base above respondents": {func(p *Publication) { p.Questions[0].Bases = [][]int{{20, 29, 11}} }, "base 11 but 10"},
		"negative":               {func(p *Publication) { p.Groupings[0].N = []int{-1, 30, 10} }, "negative"},
		"breakdowns missing":     {func(p *Publication) { p.Questions[0].Bases = nil }, "0 breakdowns"},
		"unknown question":       {func(p *Publication) { p.Questions[0].Filters = []int{7} }, "question 7"},
		"joint of itself":        {func(p *Publication) { p.Joint = []Joint{{A: 0, B: 0}} }, "A < B"},
		"option above base": {func(p *Publication) {
			p.Questions[0].Options = []int{60}
			p.Questions[0].GroupOptions = [][][]int{{{21}, {30}, {9}}}
		}, "21 chose"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := oneGrouping(10, 60, 20, 30, 10)
			tt.change(&p)
			if _, err := Protect(context.Background(), p); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
		})
	}
}

func TestProtectStopsWithTheContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Protect(ctx, oneGrouping(10, 60, 20, 30, 10)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
