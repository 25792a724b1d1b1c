package disclosure

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"tekentafel/internal/disclosure/attack"
)

// attacker knows the organisation chart and everything that a decision leaves visible, and reasons over every possible
// kind of person ("atom") at once, so it sees all ways to combine groupings, filters and questions.
type attacker struct {
	p         Publication
	d         Decision
	questions []int
	atoms     []person
	s         *attack.System
}

// attackAll returns the first thing that an attacker learns about fewer than k people, or nil.
//
// The question that everyone is asked and the pair of filter and routed question share nothing but the groups, so whatever
// is possible for one goes with whatever is possible for the other: taking them in turn loses nothing.
func attackAll(p Publication, d Decision) error {
	for _, questions := range [][]int{{0, 3}, {1, 2}} {
		if err := newAttacker(p, d, questions).attack(); err != nil {
			return err
		}
	}
	return nil
}

func newAttacker(p Publication, d Decision, questions []int) *attacker {
	a := &attacker{p: p, d: d, questions: questions, s: attack.NewSystem()}
	a.listAtoms()
	a.s.Equal(a.where(func(person) bool { return true }), float64(p.Respondents))
	for gi, g := range microGroupings {
		// The base of the background variable's own item tells how many gave no answer.
		if n := a.answered(gi); n >= p.K {
			a.s.Equal(a.where(func(w person) bool { return g.of(w) < g.groups }), float64(n))
		}
		for i, n := range p.Groupings[gi].N {
			if !d.Groups[gi][i].Hidden() {
				a.s.Equal(a.group(gi, i), float64(n))
			}
		}
	}
	for _, qi := range questions {
		if !d.Questions[qi].Total.Hidden() {
			a.readQuestion(qi)
		}
	}
	return a
}

func (a *attacker) answered(gi int) int {
	sum := 0
	for _, n := range a.p.Groupings[gi].N {
		sum += n
	}
	return sum
}

// chartIncomplete tells whether there is a department of which most did not name the directorate: the answers then do not
// say where it belongs, so Protect cannot know what the attacker knows of its size.
func (a *attacker) chartIncomplete() bool {
	for _, row := range a.p.Joint[0].Counts[:microDepartments] {
		if unknown, named := row[microDirectorates], row[0]+row[1]; unknown > 0 && unknown >= named {
			return true
		}
	}
	return false
}

func (a *attacker) readQuestion(qi int) {
	q := a.p.Questions[qi]
	for o, n := range q.Options {
		a.s.Equal(a.answer(qi, o, func(person) bool { return true }), float64(n))
	}
	for gi, g := range microGroupings {
		for i := range q.Bases[gi] {
			if a.d.Cell(qi, gi, i).Hidden() {
				continue
			}
			for o, n := range q.GroupOptions[gi][i] {
				a.s.Equal(a.answer(qi, o, func(w person) bool { return g.of(w) == i }), float64(n))
			}
		}
	}
}

// listAtoms lists every kind of person that the organisation chart allows.
func (a *attacker) listAtoms() {
	for d := range microDepartments + 1 {
		for h := range microDirectorates + 1 {
			if d < microDepartments && h < microDirectorates && microDirectorate[d] != h {
				continue
			}
			for s := range microSexes + 1 {
				a.listAnswers(person{department: d, directorate: h, sex: s})
			}
		}
	}
}

func (a *attacker) listAnswers(w person) {
	if a.questions[0] == 0 {
		for w.open = range microAnswers + 1 {
			a.atoms = append(a.atoms, w)
		}
		return
	}
	for w.filter = range microAnswers + 1 {
		w.routed = microAnswers
		a.atoms = append(a.atoms, w)
		for r := 0; r < microAnswers && w.routedAsked(); r++ {
			w.routed = r
			a.atoms = append(a.atoms, w)
		}
	}
}

func (a *attacker) where(is func(person) bool) attack.Terms {
	t := attack.Terms{}
	for i, w := range a.atoms {
		if is(w) {
			t[fmt.Sprint(i)] = 1
		}
	}
	return t
}

func (a *attacker) group(gi, i int) attack.Terms {
	return a.where(func(w person) bool { return microGroupings[gi].of(w) == i })
}

func (a *attacker) answer(qi, o int, is func(person) bool) attack.Terms {
	return a.where(func(w person) bool { return microQuestions[qi].of(w) == o && is(w) })
}

func (a *attacker) bounds(terms attack.Terms) (attack.Interval, error) {
	return a.s.BoundsOf(context.Background(), terms)
}

func (a *attacker) attack() error {
	for gi := range microGroupings {
		if err := a.attackRespondents(gi); err != nil {
			return err
		}
		for _, qi := range a.questions {
			if a.d.Questions[qi].Total.Hidden() {
				continue
			}
			if err := a.attackCells(qi, gi); err != nil {
				return err
			}
		}
	}
	return nil
}

// attackRespondents checks that a hidden group below k is bounded by no less than an interval k wide.
func (a *attacker) attackRespondents(gi int) error {
	k := float64(a.p.K)
	if a.answered(gi) < a.p.K {
		return nil // the variable as a whole stays hidden; nothing covers who answered it but the number of respondents
	}
	if a.chartIncomplete() {
		return nil
	}
	for i, n := range a.p.Groupings[gi].N {
		if n == 0 || n >= a.p.K {
			continue
		}
		got, err := a.bounds(a.group(gi, i))
		if err != nil {
			return err
		}
		if got.High < k-1e-6 || got.Width() < k-1e-6 {
			return fmt.Errorf("%w: group %d of %s has %d respondents, seen between %.3g and %.3g", errBreach, i, microGroupings[gi].variable, n, got.Low, got.High)
		}
	}
	return nil
}

// attackCells tries every union of hidden cells, with and without the people without a group: it may not be seen to answer
// alike, and when it holds fewer than k, its answers may not follow. Those without a group are none by themselves. A hidden base of a question without filter must be able to
// reach k.
func (a *attacker) attackCells(qi, gi int) error {
	q, g := a.p.Questions[qi], microGroupings[gi]
	var hidden []int
	for i := range g.groups {
		if a.d.Cell(qi, gi, i).Hidden() {
			hidden = append(hidden, i)
		} else if (figure{base: q.Bases[gi][i], options: q.GroupOptions[gi][i]}).uniform() {
			return fmt.Errorf("%w: group %d of %s is shown to answer %s alike", errBreach, i, g.variable, q.ID)
		}
	}
	hidden = append(hidden, g.groups)
	for subset := 1; subset < 1<<len(hidden); subset++ {
		in := map[int]bool{}
		for b, i := range hidden {
			in[i] = subset&(1<<b) != 0
		}
		base := a.base(qi, gi, in)
		if base == 0 || subset == 1<<(len(hidden)-1) {
			continue
		}
		follow, alike, err := a.answersOf(qi, func(w person) bool { return in[g.of(w)] })
		if err != nil {
			return err
		}
		if alike || follow && base < a.p.K {
			return fmt.Errorf("%w: the answers of %d people to %s follow (%s %v)", errBreach, base, q.ID, g.variable, in)
		}
	}
	return a.attackBases(qi, gi, hidden)
}

func (a *attacker) attackBases(qi, gi int, hidden []int) error {
	q, g := a.p.Questions[qi], microGroupings[gi]
	if q.Filters != nil || a.chartIncomplete() {
		return nil
	}
	for _, i := range hidden {
		if i == g.groups || q.Bases[gi][i] == 0 || q.Bases[gi][i] >= a.p.K {
			continue
		}
		got, err := a.bounds(a.where(func(w person) bool { return g.of(w) == i && microQuestions[qi].of(w) < len(q.Options) }))
		if err != nil {
			return err
		}
		if got.High < float64(a.p.K)-1e-6 {
			return fmt.Errorf("%w: base %d of %s in group %d of %s is seen to be at most %.3g", errBreach, q.Bases[gi][i], q.ID, i, g.variable, got.High)
		}
	}
	return nil
}

// base counts the answers to question qi in the groups of a set; the code after the last group stands for no answer.
func (a *attacker) base(qi, gi int, in map[int]bool) int {
	q, sum, rest := a.p.Questions[qi], 0, a.p.Questions[qi].Base
	for i, n := range q.Bases[gi] {
		rest -= n
		if in[i] {
			sum += n
		}
	}
	if in[len(q.Bases[gi])] {
		sum += rest
	}
	return sum
}

// answersOf tells whether all option counts of a set of people follow, and whether they are seen to answer alike.
func (a *attacker) answersOf(qi int, is func(person) bool) (follow, alike bool, err error) {
	follow = true
	possible := 0
	for o, total := range a.p.Questions[qi].Options {
		if total == a.p.Questions[qi].Base {
			return false, false, nil // everybody in the organisation gave this answer, which is published
		}
		if total == 0 {
			continue
		}
		n := a.answer(qi, o, is)
		if follow {
			if follow, err = a.s.Follows(context.Background(), n); err != nil {
				return false, false, err
			}
		}
		some, err := a.s.Possible(context.Background(), n)
		if err != nil {
			return false, false, err
		}
		if some {
			possible++
		}
		if !follow && possible > 1 {
			return false, false, nil
		}
	}
	return follow, possible == 1, nil
}

var errBreach = errors.New("breach")

// Nobody who knows the organisation chart learns the size or the answers of fewer than k people.
func TestAttackerLearnsNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := publish(5, drawPeople(t))
		if p.Respondents < p.K {
			t.Skip("too few respondents to publish anything")
		}
		d, err := Protect(context.Background(), p)
		if err != nil {
			t.Fatal(err)
		}
		if err := attackAll(p, d); err != nil {
			t.Fatal(err)
		}
	})
}

// The attack must be able to fail: it catches each weaker protector on some organisation.
func TestAttackerCatchesWeakerProtectors(t *testing.T) {
	t.Parallel()
	hide := func(r Reason) func(Publication) Decision {
		return func(p Publication) Decision {
			return reveal(mustProtect(p), func(other Reason) bool { return r == other })
		}
	}
	people := rapid.Custom(drawPeople)
	drawn := func(seed int) []person { return people.Example(seed) }
	weaker := map[string]struct {
		protect      func(Publication) Decision
		organisation func(seed int) []person
	}{
		"no complementary cells": {hide(Complementary), drawn},
		"small groups shown":     {hide(BelowK), drawn},
		"uniform groups shown":   {hide(Homogeneous), func(int) []person { return uniformDepartment() }},
		"blind to nesting": {func(p Publication) Decision {
			p.Joint = nil
			return mustProtect(p)
		}, drawn},
		"blind to filters": {func(p Publication) Decision {
			p.Questions = append([]Question(nil), p.Questions...)
			for i := range p.Questions {
				p.Questions[i].Filters = nil
			}
			return mustProtect(p)
		}, func(int) []person { return unaskedDepartment() }},
	}
	for name, weak := range weaker {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := range 30 {
				p := publish(5, weak.organisation(seed))
				if p.Respondents < p.K {
					continue
				}
				err := attackAll(p, weak.protect(p))
				if errors.Is(err, errBreach) {
					if err := attackAll(p, mustProtect(p)); err != nil {
						t.Errorf("the real protector fails too: %v", err)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			t.Error("no organisation gave this protector away")
		})
	}
}

// crowd returns n people of a department who alternate in all they answer.
func crowd(department, n int) []person {
	out := make([]person, n)
	for i := range out {
		out[i] = person{department: department, directorate: microDirectorate[department], sex: i % 2, open: i % 3, filter: i % 3, routed: i / 3 % 3}
		if !out[i].routedAsked() {
			out[i].routed = microAnswers
		}
	}
	return out
}

// unaskedDepartment has a department of six of which four answered the filter question, all alike: none was asked the
// routed one. The next department hides their answers, unless the routed question shows how many were asked there.
func unaskedDepartment() []person {
	var out []person
	for i, w := range crowd(0, 6) {
		w.filter, w.routed = 2, microAnswers
		if i < 2 {
			w.filter = microAnswers
		}
		out = append(out, w)
	}
	for d, n := range []int{9, 30, 20, 20} {
		out = append(out, crowd(d+1, n)...)
	}
	return out
}

// uniformDepartment has a department of six who all gave the same answer.
func uniformDepartment() []person {
	var out []person
	for d, n := range []int{6, 9, 30, 20, 20} {
		for _, w := range crowd(d, n) {
			if d == 0 {
				w.open = 1
			}
			out = append(out, w)
		}
	}
	return out
}

func mustProtect(p Publication) Decision {
	d, err := Protect(context.Background(), p)
	if err != nil {
		panic(err)
	}
	return d
}

func reveal(d Decision, which func(Reason) bool) Decision {
	show := func(rows [][]Reason) {
		for _, row := range rows {
			for i, r := range row {
				if which(r) {
					row[i] = Shown
				}
			}
		}
	}
	show(d.Groups)
	for _, q := range d.Questions {
		show(q.Cells)
	}
	return d
}
