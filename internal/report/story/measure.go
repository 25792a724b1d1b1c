package story

import (
	"slices"

	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
)

// measure is one figure that everyone and each group has: the share of an answer, or a mean where option is "".
type measure struct {
	q      *findings.Question
	option string
}

// scored tells whether the figure is a mean and not a share.
func (m measure) scored() bool { return m.option == "" }

// everyone returns the figure of a measure over all respondents, hidden when it is not to be shown.
func (t *teller) everyone(m measure) estimate {
	if m.scored() {
		e, _ := t.x.mean(m.q.ID)
		e.hidden = e.hidden || e.base == 0
		return e
	}
	for _, s := range t.x.shares[m.q.ID] {
		if s.Option == m.option {
			return ofShare(s)
		}
	}
	return estimate{id: m.option, hidden: true}
}

// inGroup returns the figure of a measure in one group, hidden when it is not to be shown.
func (t *teller) inGroup(m measure, g findings.Group) estimate {
	k := groupKey{m.q.ID, g.Variable}
	if m.scored() {
		for _, mean := range t.x.meansGroup[k] {
			if mean.Group.Value == g.Value {
				return ofMean(mean)
			}
		}
		return estimate{id: m.q.ID, hidden: true}
	}
	for _, s := range t.x.byGroup[k] {
		if s.Group.Value == g.Value && s.Option == m.option {
			return ofShare(s)
		}
	}
	return estimate{id: m.option, hidden: true}
}

// test returns the comparison of groups that speaks of a measure: one of that answer of a multiple choice, or else one of
// the whole question. Nil when none was made.
func (t *teller) test(m measure, by string) *findings.Compare {
	for _, c := range t.x.compared(m.q.ID) {
		if c.By == by && (c.Option == m.option || c.Option == "") {
			return c
		}
	}
	return nil
}

// brokenDown tells whether a question has figures by the groups of a variable, shown or hidden.
func (x *index) brokenDown(q *findings.Question, by string) bool {
	k := groupKey{q.ID, by}
	return len(x.byGroup[k])+len(x.meansGroup[k]) > 0
}

// ranked lists the measures of a question's answers, the most given first; "other", "none of these" and what is hidden last.
func (t *teller) ranked(q *findings.Question) []measure {
	list := t.optionEstimates(q)
	sortByValue(t.p, list)
	return measuresOf(q, list)
}

// answers lists the measures of a question's answers in the order in which its own figure has them.
func (t *teller) answers(q *findings.Question) []measure {
	return measuresOf(q, t.optionEstimates(q))
}

func measuresOf(q *findings.Question, list []estimate) []measure {
	out := make([]measure, 0, len(list))
	for _, e := range list {
		out = append(out, measure{q, e.id})
	}
	return out
}

// optionLabel names an answer of a question in its own words.
func (t *teller) optionLabel(q *findings.Question, id string) string {
	i := slices.IndexFunc(q.Options, func(o findings.Option) bool { return o.ID == id })
	if i < 0 || t.own(q.Options[i].Label) == "" {
		return id
	}
	return t.own(q.Options[i].Label)
}

// numbers lists the questions of a topic answered with a number.
func (x *index) numbers(topic instrument.Topic) []*findings.Question {
	var list []*findings.Question
	for _, c := range contexts() {
		list = append(list, x.about(topic, c, string(instrument.Number))...)
	}
	return list
}

// items lists the questions behind the constructs of a topic.
func (x *index) items(topic instrument.Topic) []*findings.Question {
	var list []*findings.Question
	for i := range x.f.Questions {
		if q := &x.f.Questions[i]; q.Topic == topic && x.scored[q.ID] && len(x.shares[q.ID]) > 0 {
			list = append(list, q)
		}
	}
	return list
}
