package story

import (
	"fmt"
	"slices"
	"strings"

	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
)

// Selection says which figures by group to look at.
type Selection struct {
	By       string // background variable; "" takes the first of the findings
	Value    string // one of its groups, set beside everyone; "" for all groups beside each other
	Topic    string // chapter of the report ("use", "skills", "views", ...); "" for the main figures of every topic
	Question string // one question, indicator or construct; "" for all
}

// Exploration is the report seen by group, in one language, ready to be laid out. It is a view of Findings: each figure in
// it is published there, and what is hidden there is words here.
type Exploration struct {
	Lang      instrument.Lang
	Kicker    string
	Synthetic string // as in Story
	Title     string
	Lead      string
	Selection Selection // as understood, with By filled in

	Variables []Choice // background variables
	Groups    []Choice // all groups beside each other, then each group of the chosen variable
	Topics    []Choice // all topics, then each topic with figures by group
	Questions []Choice // of the chosen topic: all of them, then each; empty without a topic

	Summary  []Said // what may be said of the whole selection
	Sections []Section
	Empty    string   // why there is nothing to see; "" when there is
	Notes    []string // how to read the figures
	Words    map[string]string
}

// Said is a sentence of the summary with the figures that it is about.
type Said struct {
	Text  string
	Items []SaidItem
	More  string // how many figures are not named; "" when all are
}

// SaidItem is one figure of a summary.
type SaidItem struct {
	Text  string
	Panel string // ID of the panel that draws it
}

// Choice is one entry of a filter.
type Choice struct {
	ID     string // "" for all
	Label  string
	Note   string // how many people a group holds, or why that stays hidden
	Hidden bool   // a group of which nothing is shown
	Chosen bool
}

// Section holds the figures of one topic.
type Section struct {
	ID     string
	Title  string
	Lead   string // what the figures are, where that is not plain; else ""
	Panels []Panel
}

// Panel is what can be said of one or more figures, with their chart.
type Panel struct {
	ID     string
	Title  string
	Text   []string
	Figure *Figure // nil when all of it is hidden; Text then says so
}

// NotFoundError says that a selection names something that the findings do not hold.
type NotFoundError struct {
	What  string   // "variable", "group", "topic" or "question"
	Name  string   // what was asked for
	Known []string // what could have been asked for
}

func (e *NotFoundError) Error() string {
	const most = 30
	known := strings.Join(e.Known[:min(most, len(e.Known))], ", ")
	switch {
	case known == "":
		return fmt.Sprintf("there is no %s %q to explore: the report holds none", e.What, e.Name)
	case len(e.Known) > most:
		known += ", ..."
	}
	return fmt.Sprintf("there is no %s %q to explore; choose from %s", e.What, e.Name, known)
}

// Explore tells the figures of the selected groups. It computes no figure and is pure. A selection that the findings do not
// hold gives a *NotFoundError; findings without breakdowns give an exploration that says why in Empty.
//
// A group is part of everyone, and no covariance of the two is published. So "higher" or "lower" than everyone is said only
// when both hold: the test of this figure by this variable is certain (Rao-Scott or Wald, Holm over all comparisons of the
// report), and the two 95 % intervals do not touch. Two intervals that do not touch differ at the 5 % level however the
// estimates are correlated, since se(a-b) <= se(a)+se(b); asking for the test first keeps many looks at many groups
// from finding something by chance. Figures without a test are shown with their intervals and nothing is claimed.
func Explore(f *findings.Findings, lang instrument.Lang, sel Selection) (*Exploration, error) {
	t := &teller{f: f, p: messages.Printer(lang), x: indexOf(f), warned: map[string]bool{}}
	e := &Exploration{Lang: t.p.Lang, Kicker: t.kicker(), Selection: sel, Words: t.exploreWords()}
	if f.Wave.Synthetic {
		e.Synthetic = t.say("word.synthetic", nil)
	}
	if len(f.Groups) == 0 {
		if sel.By != "" {
			return nil, &NotFoundError{What: "variable", Name: sel.By}
		}
		e.Title, e.Lead, e.Empty = t.say("explore.title", nil), t.lead(), t.noBreakdowns()
		return e, t.p.Err()
	}
	v, err := t.visit(&e.Selection)
	if err != nil {
		return nil, err
	}
	v.filters(e)
	e.Title, e.Lead = v.heading()
	e.Notes = v.notes()
	if v.group != nil && v.group.Suppressed {
		e.Empty = t.say("explore.empty-group", args{"group": t.p.Quote(v.name), "remark": t.tooFew()})
		return e, t.p.Err()
	}
	e.Sections = v.sections()
	if len(e.Sections) == 0 {
		e.Empty = v.nothing()
		return e, t.p.Err()
	}
	e.Summary = v.summary()
	return e, t.p.Err()
}

// noBreakdowns says why a report has no figures by group.
func (t *teller) noBreakdowns() string {
	parts := []string{t.say("explore.empty", nil)}
	for i := range t.f.Caveats {
		if t.f.Caveats[i].Key == "grouping-left-out" {
			parts = append(parts, t.caveat(&t.f.Caveats[i]))
		}
	}
	if len(parts) == 1 {
		parts = append(parts, t.say("explore.empty-why", nil))
	}
	return t.prose(parts...)
}

// visit is one look at the findings by group.
type visit struct {
	*teller
	sel      Selection
	grouping *findings.Grouping
	group    *findings.GroupValue // nil for all groups beside each other
	name     string               // of the group
	by       string               // name of the variable, as inside a sentence
	topic    *topicOf             // nil for all
	told     verdicts
}

// visit finds what a selection names and fills in the variable.
func (t *teller) visit(sel *Selection) (*visit, error) {
	if sel.By == "" {
		sel.By = t.f.Groups[0].Variable
	}
	v := &visit{teller: t, grouping: t.x.grouping[sel.By], by: t.p.Inside(t.variable(sel.By))}
	if v.grouping == nil {
		e := &NotFoundError{What: "variable", Name: sel.By}
		for _, g := range t.f.Groups {
			e.Known = append(e.Known, g.Variable)
		}
		return nil, e
	}
	if sel.Value != "" {
		e := &NotFoundError{What: "group", Name: sel.Value}
		for i := range v.grouping.Values {
			g := &v.grouping.Values[i]
			if e.Known = append(e.Known, g.Value); g.Value == sel.Value {
				v.group, v.name = g, t.groupName(g)
			}
		}
		if v.group == nil {
			return nil, e
		}
	}
	if err := v.subject(sel); err != nil {
		return nil, err
	}
	v.sel = *sel
	return v, nil
}

// subject finds the topic and the question of a selection. A question without its topic brings its topic along.
func (v *visit) subject(sel *Selection) error {
	topics := v.x.topics()
	if sel.Question != "" && sel.Topic == "" {
		for _, tp := range topics {
			if tp.holds(v.x, sel.Question) {
				sel.Topic = tp.id
			}
		}
	}
	if sel.Topic != "" {
		e := &NotFoundError{What: "topic", Name: sel.Topic}
		for i := range topics {
			if e.Known = append(e.Known, topics[i].id); topics[i].id == sel.Topic {
				v.topic = &topics[i]
			}
		}
		if v.topic == nil {
			return e
		}
	}
	if sel.Question == "" || v.topic != nil && v.topic.holds(v.x, sel.Question) {
		return nil
	}
	e := &NotFoundError{What: "question", Name: sel.Question}
	for _, tp := range topics {
		if v.topic == nil || tp.id == v.topic.id {
			for _, q := range tp.questions(v.x, true) {
				e.Known = append(e.Known, q.ID)
			}
		}
	}
	return e
}

// groupName names a group in its own words.
func (t *teller) groupName(g *findings.GroupValue) string {
	if s := t.own(g.Label); s != "" {
		return s
	}
	return g.Value
}

// testTopic is the topic of the questions with better and worse answers; no chapter of the report tells of it.
const testTopic = "test"

// topicOf is a chapter of the report with the topics of the instrument that it tells.
type topicOf struct {
	id     string
	topics []instrument.Topic
}

// topics lists the chapters of the report about which something was asked.
func (x *index) topics() []topicOf {
	all := []topicOf{
		{"use", []instrument.Topic{instrument.TopicUse}},
		{"systems", []instrument.Topic{instrument.TopicSystems}},
		{"tasks", []instrument.Topic{instrument.TopicTasks}},
		{"nonuse", []instrument.Topic{instrument.TopicNonUse}},
		{"views", []instrument.Topic{instrument.TopicAdvantages, instrument.TopicDrawbacks}},
		{"skills", []instrument.Topic{instrument.TopicSkills}},
		{"drivers", []instrument.Topic{instrument.TopicDrivers}},
		{"support", []instrument.Topic{instrument.TopicSupport}},
		{"rules", []instrument.Topic{instrument.TopicRules}},
		{"shadow", []instrument.Topic{instrument.TopicShadow}},
		{"other", []instrument.Topic{instrument.TopicOther}},
		{testTopic, []instrument.Topic{instrument.TopicTest}},
	}
	return slices.DeleteFunc(all, func(tp topicOf) bool { return len(tp.questions(x, true)) == 0 })
}

// questions lists the questions of a topic in the order in which they are told: indicators, scores, numbers, answers,
// statements and, with items, the statements behind the scores.
func (tp *topicOf) questions(x *index, items bool) []*findings.Question {
	var list []*findings.Question
	for _, topic := range tp.topics {
		list = append(list, x.indicators(topic)...)
		list = append(list, x.constructs(topic)...)
		if topic == instrument.TopicTest {
			continue // which answer people chose is no opinion; that they chose the best one is the figure
		}
		list = append(list, x.numbers(topic)...)
		for _, c := range contexts() {
			list = append(list, x.choices(topic, c)...)
		}
		for _, c := range contexts() {
			list = append(list, x.statements(topic, c)...)
		}
		if items {
			list = append(list, x.items(topic)...)
		}
	}
	return list
}

// holds tells whether a topic has a question.
func (tp *topicOf) holds(x *index, id string) bool {
	return slices.ContainsFunc(tp.questions(x, true), func(q *findings.Question) bool { return q.ID == id })
}

// brokenDown lists the questions of a topic that have figures by the chosen variable.
func (v *visit) brokenDown(tp *topicOf, items bool) []*findings.Question {
	return slices.DeleteFunc(tp.questions(v.x, items), func(q *findings.Question) bool { return !v.x.brokenDown(q, v.sel.By) })
}
