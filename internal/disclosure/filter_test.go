package disclosure

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// A question that is put to people because of what they answered to a sensitive one is shown by no group either.
func TestWhatFollowsFromASensitiveQuestionIsSensitive(t *testing.T) {
	t.Parallel()
	p := oneGrouping(10, 90, 30, 60)
	p.Questions = append(p.Questions,
		Question{ID: "how often", Base: 50, Bases: [][]int{{20, 30}}, Filters: []int{0}},
		Question{ID: "of these, where", Base: 45, Bases: [][]int{{18, 27}}, Filters: []int{1}})
	p.Questions[0].Sensitive, p.Questions[0].Bases = true, make([][]int, 1)
	d := decide(t, p)
	for q := 1; q < 3; q++ {
		if diff := cmp.Diff([]Reason{Withheld, Withheld}, d.Questions[q].Cells[0]); diff != "" {
			t.Errorf("%s: %s", p.Questions[q].ID, diff)
		}
	}
	if p.Questions[1].Sensitive {
		t.Error("Protect changed what it was given")
	}
}

// Nobody was not asked in the last group, so what is left of the first group hides nothing there.
func TestHiddenSetDoesNotFallSilent(t *testing.T) {
	t.Parallel()
	p := oneGrouping(10, 69, 4, 30, 11, 24)
	p.Questions[0].Options = []int{20}
	p.Questions[0].GroupOptions = [][][]int{{{0}, {10}, {0}, {10}}}
	d := decide(t, p)
	if diff := cmp.Diff([]Reason{BelowK, Shown, Complementary, Complementary}, d.Questions[0].Cells[0]); diff != "" {
		t.Error("nobody among the hidden chose the option: ", diff)
	}
	p.Questions[0].Options, p.Questions[0].GroupOptions = []int{10}, [][][]int{{{2}, {0}, {3}, {5}}}
	if got := decide(t, p).Questions[0].Cells[0][1]; got != Shown {
		t.Errorf("nobody in a group of 30 chose the option, and that is %v", got)
	}
}

// sexed is a question that is put to one sex, which every one of them answers.
func sexed(people []person) Question {
	q := Question{ID: "of one sex", Options: make([]int, microAnswers)}
	for _, g := range microGroupings {
		q.Bases = append(q.Bases, make([]int, g.groups))
		q.Unasked = append(q.Unasked, make([]int, g.groups))
		options := make([][]int, g.groups)
		for i := range options {
			options[i] = make([]int, microAnswers)
		}
		q.GroupOptions = append(q.GroupOptions, options)
	}
	q.Unasked[2] = nil // sex itself
	for i, who := range people {
		asked := who.sex == 0
		if asked {
			q.Base++
			q.Options[i%microAnswers]++
		} else {
			q.UnaskedTotal++
		}
		for gi, g := range microGroupings {
			switch at := g.of(who); {
			case at == g.groups:
			case asked:
				q.Bases[gi][at]++
				q.GroupOptions[gi][at][i%microAnswers]++
			case gi != 2:
				q.Unasked[gi][at]++
			}
		}
	}
	return q
}

// unaskedGivenAway names a set of 1 to k-1 people who were not asked, and who are seen by subtraction.
func unaskedGivenAway(p Publication, d Decision, qi int) string {
	few := func(n int) bool { return n > 0 && n < p.K }
	q := p.Questions[qi]
	for gi := range 2 {
		left, hides, shows := q.UnaskedTotal, false, false
		inside := [microDirectorates]int{}
		for i, n := range q.Unasked[gi] {
			switch {
			case d.Cell(qi, gi, i).Hidden():
				hides = true
				continue
			case few(n):
				return "a group of " + microGroupings[gi].variable
			case gi == 0:
				inside[microDirectorate[i]] += n
			}
			left, shows = left-n, true
		}
		if hides && shows && few(left) {
			return "what is hidden by " + microGroupings[gi].variable
		}
		for x := range microDirectorates {
			if gi == 0 && !d.Cell(qi, 1, x).Hidden() && hides && few(q.Unasked[1][x]-inside[x]) {
				return "a directorate without its departments"
			}
		}
	}
	return ""
}

// Where a background variable decides who is asked, no set of fewer than k people who were not asked is seen by subtraction:
// that would be a table of two background variables.
func TestWhoIsNotAskedIsNotCounted(t *testing.T) {
	t.Parallel()
	caught := false
	rapid.Check(t, func(t *rapid.T) {
		people := drawPeople(t)
		for i := range people { // everybody has a place
			people[i].department %= microDepartments
			people[i].directorate = microDirectorate[people[i].department]
		}
		p := publish(5, people)
		p.Questions = append(p.Questions, sexed(people))
		qi := len(p.Questions) - 1
		if p.Questions[qi].Base < p.K {
			t.Skip("too few were asked to publish anything")
		}
		d, err := Protect(context.Background(), p)
		if err != nil {
			t.Fatal(err)
		}
		if what := unaskedGivenAway(p, d, qi); what != "" {
			t.Fatalf("who was not asked follows from %s", what)
		}
		blind := p
		blind.Questions = append([]Question(nil), p.Questions...)
		blind.Questions[qi].Unasked = nil
		if d, err = Protect(context.Background(), blind); err != nil {
			t.Fatal(err)
		}
		caught = caught || unaskedGivenAway(p, d, qi) != ""
	})
	if !caught {
		t.Error("a protector that does not look at who was not asked gave nothing away in any organisation")
	}
}
