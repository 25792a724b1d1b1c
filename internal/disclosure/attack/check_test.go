package attack

import (
	"context"
	"strings"
	"testing"
)

// office is a publication with directorates, departments in them, and one question with two options.
func office(hide func(*Published)) Published {
	p := Published{
		Respondents: 100,
		Groupings: []Grouping{
			{Variable: "directorate", Answered: 100, Groups: []Group{{Value: "A", N: 40}, {Value: "B", N: 60}}},
			{Variable: "department", Answered: 100, Within: "directorate", Groups: []Group{
				{Value: "a1", N: 36, Within: "A"}, {Value: "a2", Hidden: true, Within: "A"},
				{Value: "b1", N: 30, Within: "B"}, {Value: "b2", N: 30, Within: "B"},
			}},
		},
		Questions: []Question{{
			ID: "q", Base: 100, Partition: true, Options: []Option{{"yes", 50}, {"no", 50}},
			Cells: []Cell{
				{Variable: "directorate", Value: "A", Base: 40, N: []int{20, 20}},
				{Variable: "directorate", Value: "B", Base: 60, N: []int{30, 30}},
				{Variable: "department", Value: "a1", Base: 36, N: []int{17, 19}},
				{Variable: "department", Value: "a2", Hidden: true},
				{Variable: "department", Value: "b1", Base: 30, N: []int{15, 15}},
				{Variable: "department", Value: "b2", Base: 30, N: []int{15, 15}},
			},
		}},
	}
	hide(&p)
	return p
}

func hideDepartment(i int) func(*Published) {
	return func(p *Published) {
		p.Groupings[1].Groups[i] = Group{Value: p.Groupings[1].Groups[i].Value, Within: p.Groupings[1].Groups[i].Within, Hidden: true}
		c := &p.Questions[0].Cells[2+i]
		*c = Cell{Variable: c.Variable, Value: c.Value, Hidden: true}
	}
}

func TestCheckFindsWhatFollows(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		p    Published
		want string // a part of some breach; empty: none
	}{
		"hidden alone":                  {office(func(*Published) {}), "bounded too tightly"},
		"cover in another directorate":  {office(hideDepartment(2)), "answers of a hidden group follow"},
		"cover in the same directorate": {office(hideDepartment(0)), ""},
		"a small group in plain sight": {office(func(p *Published) {
			hideDepartment(0)(p)
			p.Groupings[1].Groups[2].N, p.Groupings[1].Groups[3].N = 51, 9
			p.Questions[0].Cells[4] = Cell{Variable: "department", Value: "b1", Base: 51, N: []int{25, 26}}
			p.Questions[0].Cells[5] = Cell{Variable: "department", Value: "b2", Base: 9, N: []int{5, 4}}
		}), "group below k is shown"},
		"few without a department": {office(func(p *Published) {
			hideDepartment(0)(p)
			p.Respondents, p.Groupings[0].Answered, p.Groupings[0].Groups[1].N = 102, 102, 62
			q := &p.Questions[0]
			q.Base, q.Options = 102, []Option{{"yes", 51}, {"no", 51}}
			q.Cells[1].Base, q.Cells[1].N = 62, []int{31, 31}
		}), "fewer than k"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found, err := Check(context.Background(), tt.p, 10)
			if err != nil {
				t.Fatal(err)
			}
			var all []string
			for _, b := range found {
				all = append(all, b.String())
			}
			text := strings.Join(all, "\n")
			if (tt.want == "") != (text == "") || !strings.Contains(text, tt.want) {
				t.Errorf("want %q, found:\n%s", tt.want, text)
			}
		})
	}
}

// Whoever was asked a question follows from an option of its filter; the attacker may use that.
func TestFilterBoundsTheBase(t *testing.T) {
	t.Parallel()
	p := office(hideDepartment(0))
	p.Questions = append(p.Questions, Question{
		ID: "why", Base: 50, Filter: &Filter{Question: "q", Options: []string{"no"}, Exact: true},
		Cells: []Cell{{Variable: "department", Value: "b1", Hidden: true}, {Variable: "department", Value: "b2", Base: 15}},
	})
	i, err := Constraints(p, "why").Bounds(context.Background(), NameBase("why", "department", "b1"))
	if err != nil {
		t.Fatal(err)
	}
	if !i.Exact() || i.Low < 15-tolerance || i.Low > 15+tolerance {
		t.Errorf("got %v, want exactly 15", i)
	}
}
