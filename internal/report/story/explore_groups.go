package story

import (
	"slices"

	"tekentafel/internal/chart"
	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
)

// Answers of one question that are shown by group: the most given of a question that no indicator tells, more of them when
// one topic is looked at.
const (
	maxAnswers      = 1
	maxTopicAnswers = 4
)

// besideEachOther tells the main figures of a topic with all groups of the variable beside each other.
func (v *visit) besideEachOther(tp *topicOf) []Panel {
	var panels []Panel
	for _, q := range v.wanted(v.brokenDown(tp, v.sel.Question != "")) {
		for i, m := range v.mainMeasures(q) {
			panels = append(panels, v.groupsPanel(m, i == 0))
		}
	}
	return panels
}

// mainMeasures lists what is shown of a question by group: its only figure, or its most given answers.
func (v *visit) mainMeasures(q *findings.Question) []measure {
	switch {
	case q.Kind == kindIndicator:
		return []measure{{q, optionYes}}
	case q.Kind == kindConstruct, q.Kind == string(instrument.Number):
		return []measure{{q, ""}}
	case v.sel.Question != "":
		return v.answers(q)
	}
	most := maxAnswers
	if v.topic != nil {
		most = maxTopicAnswers
	} else if v.x.told(q) {
		return nil // an indicator tells it
	}
	list := slices.DeleteFunc(v.ranked(q), func(m measure) bool {
		i := slices.IndexFunc(q.Options, func(o findings.Option) bool { return o.ID == m.option })
		return v.everyone(m).hidden || i >= 0 && lastOption(&q.Options[i])
	})
	return list[:min(most, len(list))]
}

// groupsPanel tells one figure by group: what the test allows to say, and the chart with everyone as a line behind it.
func (v *visit) groupsPanel(m measure, first bool) Panel {
	what := v.measureName(m)
	p := Panel{ID: panelID(m), Title: v.say("groups.figure", args{"what": v.p.Opening(what), "by": v.by})}
	list := v.groupsOf(m, v.sel.By)
	if len(shown(list)) == 0 {
		p.Text = []string{v.sentence(v.tooFew())}
		return p
	}
	strong := v.tellTest(&p, m, list, what, first)
	p.Figure = v.groupsChart(m, p, list, strong)
	return p
}

// tellTest says whether groups differ and which lie clear of the others, and returns these.
func (v *visit) tellTest(p *Panel, m measure, list []estimate, what string, first bool) (strong []estimate) {
	test := v.test(m, v.sel.By)
	if test == nil {
		return nil
	}
	whole := test.Option == "" && !m.scored() && m.q.Kind != kindIndicator // a test of all answers of the question together
	differs := "explore.differs"
	if whole {
		what, differs = v.label(m.q), "explore.differs-whole"
	}
	v.told.tests++
	switch {
	case whole && !first: // said with the first answer
	case !certain(test):
		p.Text = []string{v.say("groups.same", args{"by": v.by})}
	default:
		v.told.differ = append(v.told.differ, different{test, what, p.ID})
		text := []string{v.say(differs, args{"by": v.by, "effect": v.effect(test)})}
		if !whole {
			text = append(text, v.order(list, m.scored())...)
		}
		p.Text = []string{v.prose(text...)}
	}
	if whole || !certain(test) {
		return nil
	}
	top, _ := leaders(shown(list), maxNamedGroups)
	bottom, _ := laggards(shown(list), maxNamedGroups)
	return append(top, bottom...)
}

// groupsChart draws a figure by group.
func (v *visit) groupsChart(m measure, p Panel, list, strong []estimate) *Figure {
	write, head := v.p.Percent, v.shareTable
	c := chart.Intervals{Max: 1, Percent: true}
	if m.scored() {
		write, head = v.oneDecimal, v.meanTable
		c = chart.Intervals{}
		c.Min, c.Max = v.scaleEnds(m.q)
	}
	all := v.everyone(m)
	all.label = v.say("explore.everyone", nil)
	drawn := largest(list)
	c.Rows = v.rows(drawn, strong, write)
	if !all.hidden {
		c.Ref = &chart.Reference{Value: all.value, Low: all.low, High: all.high, Label: v.p.Opening(all.label) + ": " + write(all.value)}
	}
	caption := paragraph(v.caption(m.q, baseOf(nil, all)), v.say("explore.caption-line", nil), v.leftOut(drawn, list))
	return &Figure{ID: p.ID, Title: p.Title, Description: v.describe(drawn, write), Caption: caption, Chart: c,
		Table: head(WordGroup, append(slices.Clone(list), all))}
}

// measureName names a figure: the question, and the answer where it is one of several.
func (t *teller) measureName(m measure) string {
	if m.scored() || m.q.Kind == kindIndicator {
		return t.label(m.q)
	}
	return t.say("explore.answer", args{"question": t.label(m.q), "answer": t.p.Quote(t.optionLabel(m.q, m.option))})
}

// panelID names a panel within its page.
func panelID(m measure) string {
	if m.scored() || m.q.Kind == kindIndicator {
		return m.q.ID
	}
	return m.q.ID + "." + m.option
}
