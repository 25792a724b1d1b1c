package disclosure

import (
	"fmt"

	"pgregory.net/rapid"
)

// A small organisation for the attacker, person by person: departments within directorates, a second background
// variable, a question that everyone is asked (with an indicator of its first option), a filter question and one that
// only part is asked. Codes count from 0; the last code of a variable is "no answer".

const (
	microDepartments  = 5
	microDirectorates = 2
	microSexes        = 2
	microAnswers      = 3 // options of each question
)

// microDirectorate is the organisation chart.
var microDirectorate = [microDepartments]int{0, 0, 0, 1, 1}

type person struct {
	department, directorate, sex int
	open, filter, routed         int // routed is asked of whoever chose option 0 or 1 of filter
}

func (p person) routedAsked() bool { return p.filter < 2 }

var microGroupings = []struct {
	variable string
	groups   int
	of       func(person) int
}{
	{"department", microDepartments, func(p person) int { return p.department }},
	{"directorate", microDirectorates, func(p person) int { return p.directorate }},
	{"sex", microSexes, func(p person) int { return p.sex }},
}

var microQuestions = []struct {
	id      string
	options int
	of      func(person) int // option, or options when outside the base
	filters []int
	linked  []int
}{
	{"open", microAnswers, func(p person) int { return p.open }, nil, nil},
	{"filter", microAnswers, func(p person) int { return p.filter }, nil, nil},
	{"routed", microAnswers, func(p person) int {
		if p.routedAsked() {
			return p.routed
		}
		return microAnswers
	}, []int{1}, nil},
	{"indicator", 2, func(p person) int {
		switch p.open {
		case microAnswers:
			return 2
		case 0:
			return 0
		}
		return 1
	}, nil, []int{0}},
}

// drawPeople draws an organisation with uneven departments and a rate of missing answers that is often 0.
func drawPeople(t *rapid.T) []person {
	seldom := rapid.SampledFrom([]int{0, 0, 1, 8}).Draw(t, "missing per hundred")
	missing := func(code, none int, label string) int {
		if seldom > 0 && rapid.IntRange(0, 99).Draw(t, label) < seldom {
			return none
		}
		return code
	}
	skew := rapid.IntRange(0, 2).Draw(t, "skew")
	answer := func(label string) int {
		a := rapid.IntRange(0, microAnswers-1+skew).Draw(t, label)
		return a % microAnswers
	}
	var out []person
	for d := range microDepartments {
		for range rapid.IntRange(0, rapid.SampledFrom([]int{3, 8, 25}).Draw(t, "largest")).Draw(t, "people") {
			p := person{
				department: missing(d, microDepartments, "no department"),
				sex:        missing(rapid.IntRange(0, microSexes-1).Draw(t, "sex"), microSexes, "no sex"),
				open:       missing(answer("open"), microAnswers, "no open"),
				filter:     missing(answer("filter"), microAnswers, "no filter"),
				routed:     missing(answer("routed"), microAnswers, "no routed"),
			}
			p.directorate = missing(microDirectorate[d], microDirectorates, "no directorate")
			out = append(out, p)
		}
	}
	return out
}

// publish counts what an organisation could publish.
func publish(k int, people []person) Publication {
	p := Publication{K: k, Respondents: len(people)}
	for _, g := range microGroupings {
		grouping := Grouping{Variable: g.variable, N: make([]int, g.groups)}
		for i := range g.groups {
			grouping.Values = append(grouping.Values, fmt.Sprint(i))
		}
		for _, who := range people {
			if i := g.of(who); i < g.groups {
				grouping.N[i]++
			}
		}
		p.Groupings = append(p.Groupings, grouping)
	}
	for a := range microGroupings {
		for b := a + 1; b < len(microGroupings); b++ {
			p.Joint = append(p.Joint, jointOf(people, a, b))
		}
	}
	for qi := range microQuestions {
		p.Questions = append(p.Questions, questionOf(people, qi))
	}
	return p
}

func jointOf(people []person, a, b int) Joint {
	j := Joint{A: a, B: b, Counts: make([][]int, microGroupings[a].groups+1)}
	for i := range j.Counts {
		j.Counts[i] = make([]int, microGroupings[b].groups+1)
	}
	for _, who := range people {
		j.Counts[microGroupings[a].of(who)][microGroupings[b].of(who)]++
	}
	return j
}

func questionOf(people []person, qi int) Question {
	m := microQuestions[qi]
	q := Question{ID: m.id, Filters: m.filters, Linked: m.linked, Options: make([]int, m.options)}
	for _, g := range microGroupings {
		q.Bases = append(q.Bases, make([]int, g.groups))
		options := make([][]int, g.groups)
		for i := range options {
			options[i] = make([]int, m.options)
		}
		q.GroupOptions = append(q.GroupOptions, options)
	}
	for _, who := range people {
		o := m.of(who)
		if o >= m.options {
			continue
		}
		q.Base++
		q.Options[o]++
		for gi, g := range microGroupings {
			if i := g.of(who); i < g.groups {
				q.Bases[gi][i]++
				q.GroupOptions[gi][i][o]++
			}
		}
	}
	return q
}
