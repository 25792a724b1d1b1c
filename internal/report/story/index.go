package story

import (
	"slices"

	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
)

// index finds figures by what they are about. Figures keep the order of the findings.
type index struct {
	f          *findings.Findings
	question   map[string]*findings.Question
	grouping   map[string]*findings.Grouping
	shares     map[string][]*findings.Share   // of everyone, by item
	byGroup    map[groupKey][]*findings.Share // of groups, by item and background variable
	means      map[string]*findings.Mean      // of everyone, by construct
	meansGroup map[groupKey][]*findings.Mean  // of groups
	scored     map[string]bool                // items that are part of a construct
}

type groupKey struct{ target, by string }

func indexOf(f *findings.Findings) *index {
	x := &index{
		f: f, question: map[string]*findings.Question{}, grouping: map[string]*findings.Grouping{},
		shares: map[string][]*findings.Share{}, byGroup: map[groupKey][]*findings.Share{},
		means: map[string]*findings.Mean{}, meansGroup: map[groupKey][]*findings.Mean{},
		scored: map[string]bool{},
	}
	for i := range f.Questions {
		x.question[f.Questions[i].ID] = &f.Questions[i]
		for _, item := range f.Questions[i].Items {
			x.scored[item] = true
		}
	}
	for i := range f.Groups {
		x.grouping[f.Groups[i].Variable] = &f.Groups[i]
	}
	for i := range f.Shares {
		s := &f.Shares[i]
		if s.Group == nil {
			x.shares[s.Item] = append(x.shares[s.Item], s)
		} else {
			k := groupKey{s.Item, s.Group.Variable}
			x.byGroup[k] = append(x.byGroup[k], s)
		}
	}
	for i := range f.Means {
		m := &f.Means[i]
		if m.Group == nil {
			x.means[m.Construct] = m
		} else {
			k := groupKey{m.Construct, m.Group.Variable}
			x.meansGroup[k] = append(x.meansGroup[k], m)
		}
	}
	return x
}

// about lists the questions of a topic in a context that have figures, shown or hidden, of one of the kinds.
func (x *index) about(topic instrument.Topic, context instrument.Context, kinds ...string) []*findings.Question {
	var list []*findings.Question
	for i := range x.f.Questions {
		q := &x.f.Questions[i]
		if q.Topic == topic && q.Context == context && slices.Contains(kinds, q.Kind) && (len(x.shares[q.ID]) > 0 || x.means[q.ID] != nil) {
			list = append(list, q)
		}
	}
	return list
}

// contexts lists the contexts of use in the order of the report; questions without a context come last.
func contexts() []instrument.Context {
	return []instrument.Context{instrument.Work, instrument.Leisure, ""}
}

// indicators lists the indicators of a topic, those of work first.
func (x *index) indicators(topic instrument.Topic) []*findings.Question {
	var list []*findings.Question
	for _, c := range contexts() {
		list = append(list, x.about(topic, c, kindIndicator)...)
	}
	return list
}

// choices lists the questions of a topic in which people chose among options, without the rows of a scale.
func (x *index) choices(topic instrument.Topic, context instrument.Context) []*findings.Question {
	list := x.about(topic, context, string(instrument.Multiple), string(instrument.Single), string(instrument.Scale), string(instrument.Category))
	return slices.DeleteFunc(list, func(q *findings.Question) bool { return x.scored[q.ID] })
}

// statements lists the rows of the matrices of a topic that are part of no construct.
func (x *index) statements(topic instrument.Topic, context instrument.Context) []*findings.Question {
	list := x.about(topic, context, string(instrument.Matrix))
	return slices.DeleteFunc(list, func(q *findings.Question) bool { return x.scored[q.ID] })
}

// constructs lists the constructs of a topic, whatever their context.
func (x *index) constructs(topic instrument.Topic) []*findings.Question {
	var list []*findings.Question
	for _, c := range contexts() {
		list = append(list, x.about(topic, c, kindConstruct)...)
	}
	return list
}

// Kinds of questions beside those of items.
const (
	kindIndicator = "indicator"
	kindConstruct = "construct"
)

// indicator returns the figure of an indicator; false when it is hidden or empty.
func (x *index) indicator(q *findings.Question) (estimate, bool) {
	for _, s := range x.shares[q.ID] {
		if s.Option == optionYes || len(x.shares[q.ID]) == 1 {
			e := ofShare(s)
			return e, !e.hidden
		}
	}
	return estimate{}, false
}

// told tells whether an indicator already tells what people answered to q.
func (x *index) told(q *findings.Question) bool {
	for i := range x.f.Questions {
		if x.f.Questions[i].Kind == kindIndicator && x.f.Questions[i].Parent == q.ID {
			if _, ok := x.indicator(&x.f.Questions[i]); ok {
				return true
			}
		}
	}
	return false
}

// optionYes is the option of an indicator.
const optionYes = "yes"

// mean returns the score of a construct; false when it is hidden or empty.
func (x *index) mean(id string) (estimate, bool) {
	m := x.means[id]
	if m == nil {
		return estimate{}, false
	}
	e := ofMean(m)
	return e, !e.hidden
}

// comparisons lists the tests that tell something: not those of a sensitive figure, nor of use by how often people use it, nor of a
// question that tests people.
func (x *index) comparisons() []*findings.Compare {
	var list []*findings.Compare
	for i := range x.f.Comparisons {
		c := &x.f.Comparisons[i]
		target, by := x.question[c.Target], x.question[c.By]
		if target == nil || target.Sensitive || target.Topic == instrument.TopicTest || by != nil && by.Topic == target.Topic && by.Topic != instrument.TopicBackground {
			continue
		}
		list = append(list, c)
	}
	return list
}

// compared lists the comparisons of a target, in the order of the groupings.
func (x *index) compared(target string) []*findings.Compare {
	return slices.DeleteFunc(x.comparisons(), func(c *findings.Compare) bool { return c.Target != target })
}

// certain tells whether groups differ beyond chance, with all comparisons of the report taken together.
func certain(c *findings.Compare) bool { return c.PAdjusted < 0.05 }
