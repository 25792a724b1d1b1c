package analysis

import (
	"fmt"
	"strconv"
	"strings"

	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/stats"
)

// sheet is the wave laid out for estimation: every question as columns of codes with the classes that are reported.
type sheet struct {
	in        *instrument.Instrument
	routing   *instrument.Routing
	answers   *instrument.Answers
	columns   []stats.Codes // distinct columns, tallied once each
	questions []*question
	groupings []*grouping // those to break down by, then the other background variables
	shown     int         // number of groupings to break down by
	leftOut   []string    // variables that the instrument marks to break down by, but that would give small groups away
	byID      map[string]*question
	columnOf  map[string]int // column of a variable
}

// question is something that figures are published of: a question of the instrument, an indicator or a construct.
type question struct {
	about     findings.Question
	item      *instrument.Item // nil for a construct
	parts     []part           // one; for a multiple choice one an option
	values    []float64        // value of each code of the only part, for a mean; nil otherwise
	shares    bool             // its options have shares
	breakdown bool             // shown by group
	tested    bool             // groups are compared on it
	linked    []string         // questions whose figures follow from this one's
	filters   []string         // questions whose answers decided who was asked
	construct *instrument.Construct
}

// part is one column of a question with the class of each code.
type part struct {
	column  int
	class   []int    // by code; -1 outside the base
	options []string // by class; "" is not reported
}

// grouping is a background variable by which figures are broken down. Code instrument.FirstOption+i is group i.
type grouping struct {
	variable string
	label    instrument.Text
	codes    stats.Codes
	column   int
	values   []string
	labels   []instrument.Text
}

// newSheet lays out the answers; routing has been applied to them. What is broken down by is by, and also what is named besides.
func newSheet(a *instrument.Answers, routing *instrument.Routing, by []string, also ...string) (*sheet, error) {
	s := &sheet{in: a.Instrument, routing: routing, answers: a, byID: map[string]*question{}, columnOf: map[string]int{}}
	for i, v := range a.Variables {
		if c := a.Columns[i]; c != nil {
			s.columnOf[v.ID] = s.addColumn(stats.Codes{U8: c.Narrow, U16: c.Wide, K: c.K})
		}
	}
	for i := range s.in.Items {
		s.addItem(&s.in.Items[i])
	}
	for i := range s.in.Indicators {
		if err := s.addIndicator(&s.in.Indicators[i]); err != nil {
			return nil, err
		}
	}
	for i := range s.in.Constructs {
		if err := s.addConstruct(&s.in.Constructs[i]); err != nil {
			return nil, err
		}
	}
	s.markTested()
	if err := s.addGroupings(by); err != nil {
		return nil, err
	}
	for _, id := range also {
		if f := a.Extra[id]; f != nil && s.byID[id] == nil && len(f.Levels) <= maxGroups {
			g, err := s.extraGrouping(id, f)
			if err != nil {
				return nil, err
			}
			s.groupings = append(s.groupings, g)
		}
	}
	s.addBackground()
	return s, nil
}

func (s *sheet) addColumn(c stats.Codes) int {
	s.columns = append(s.columns, c)
	return len(s.columns) - 1
}

func (s *sheet) add(q *question) {
	s.questions = append(s.questions, q)
	s.byID[q.about.ID] = q
}

// addItem adds the questions of an item: one, or one a row for a matrix.
func (s *sheet) addItem(it *instrument.Item) {
	switch it.Kind {
	case instrument.Info, instrument.OpenText:
	case instrument.Matrix:
		for r := range it.Rows {
			s.addVariable(it, &it.Rows[r])
		}
	case instrument.Multiple:
		s.addMultiple(it)
	default:
		s.addVariable(it, nil)
	}
}

// addVariable adds a single choice, scale, category, number or matrix row, when the data has it.
func (s *sheet) addVariable(it *instrument.Item, row *instrument.Row) {
	v := instrument.Variable{ID: it.ID, Item: it}
	if row != nil {
		v.ID, v.Row = row.ID, row
	}
	at, ok := s.columnOf[v.ID]
	if !ok {
		return
	}
	q := &question{about: aboutVariable(&v), item: it, shares: true, breakdown: s.breaksDown(it), filters: s.routing.Filters(it)}
	q.about.Sensitive = s.sensitive(it)
	p := s.part(at)
	col := s.answerColumn(v.ID)
	switch it.Kind {
	case instrument.Number:
		q.shares = false
		q.values = numberValues(col)
		q.about.Low, q.about.High = ends(col.Numbers)
	case instrument.Category:
		for _, l := range col.Levels {
			q.about.Options = append(q.about.Options, findings.Option{ID: l, Label: sameInAll(l)})
			p.options = append(p.options, l)
		}
	default:
		substantive, _ := v.Choices()
		for _, c := range substantive {
			p.options = append(p.options, c.Option.ID)
		}
	}
	q.parts = []part{p}
	s.add(q)
}

// addMultiple adds a multiple choice, when the data has a column for any of its options.
func (s *sheet) addMultiple(it *instrument.Item) {
	v := instrument.Variable{ID: it.ID, Item: it}
	q := &question{about: aboutVariable(&v), item: it, shares: true, breakdown: s.breaksDown(it), filters: s.routing.Filters(it)}
	q.about.Sensitive = s.sensitive(it)
	for i := range it.Options {
		o := &it.Options[i]
		at, ok := s.columnOf[it.ID+"."+o.ID]
		if !ok {
			continue
		}
		p := s.part(at)
		p.options = []string{"", o.ID}
		q.parts = append(q.parts, p)
	}
	if len(q.parts) > 0 {
		s.add(q)
	}
}

// addIndicator adds a yes/no figure on the column of its item: the codes are read as two classes.
func (s *sheet) addIndicator(ind *instrument.Indicator) error {
	at, ok := s.columnOf[ind.Item]
	if !ok {
		return nil
	}
	codes, err := s.in.IndicatorCodes(ind, s.columns[at].K)
	if err != nil {
		return err
	}
	base := s.byID[ind.Item]
	v, _ := s.in.Variable(ind.Item)
	q := &question{
		about: findings.Question{
			ID: ind.ID, Kind: "indicator", Topic: ind.Topic, Context: ind.Context, Parent: ind.Item,
			Label: ind.Label, Claim: ind.Claim, Rule: indicatorRule(ind), Options: []findings.Option{{ID: yesOption, Label: ind.Label}},
		},
		item: v.Item, shares: true, breakdown: s.breaksDown(v.Item), linked: []string{ind.Item},
	}
	if base != nil {
		q.about.Wording, q.about.Condition, q.filters = base.about.Wording, base.about.Condition, base.filters
		q.about.Sensitive = base.about.Sensitive
	}
	if ind.All {
		q.about.Condition = ""
	}
	class := make([]int, len(codes))
	for code, to := range codes {
		class[code] = max(-1, int(to)-instrument.FirstOption)
	}
	q.parts = []part{{column: at, class: class, options: []string{"", yesOption}}}
	s.add(q)
	return nil
}

// indicatorRule says how an indicator follows from its item.
func indicatorRule(ind *instrument.Indicator) string {
	rule := "any of " + strings.Join(ind.Options, ", ")
	if ind.All {
		rule += "; of everyone"
	}
	return rule
}

// yesOption is the only option of an indicator.
const yesOption = "yes"

// addConstruct adds a scale score, when the data has enough of its items.
func (s *sheet) addConstruct(c *instrument.Construct) error {
	have := 0
	for _, id := range c.Items {
		if _, ok := s.columnOf[id]; ok {
			have++
		}
	}
	if have < max(1, c.MinAnswered) {
		return nil
	}
	score, err := s.in.Score(s.answers, c)
	if err != nil {
		return fmt.Errorf("construct %s: %w", c.ID, err)
	}
	at := s.addColumn(stats.Codes{U8: score.Column.Narrow, U16: score.Column.Wide, K: score.Column.K})
	s.columnOf[c.ID] = at
	q := &question{
		about: findings.Question{
			ID: c.ID, Kind: "construct", Topic: c.Topic, Label: c.Label, Wording: c.Description, Items: c.Items, Reverse: c.Reverse,
			Rule: fmt.Sprintf("mean of at least %d", max(1, c.MinAnswered)),
		},
		values: score.Values, breakdown: true, construct: c, linked: c.Items,
	}
	if first := s.byID[firstOf(c.Items, s.byID)]; first != nil {
		q.about.Condition, q.about.Context, q.filters = first.about.Condition, first.about.Context, first.filters
		q.breakdown = first.breakdown
		q.about.Sensitive = first.about.Sensitive
		q.about.Low, q.about.High = scaleEnds(first.about.Options)
	}
	q.parts = []part{s.part(at)}
	s.add(q)
	return nil
}

// markTested chooses what groups are compared on: indicators, constructs, scales and single choices that stand behind
// neither, and what support people ask for. Fewer tests keep Holm's adjustment from hiding what is there. Questions that test people
// are left out: what groups can do is compared from all of these together, with the error of measurement, and not item by item.
func (s *sheet) markTested() {
	behind := map[string]bool{}
	for i := range s.in.Indicators {
		behind[s.in.Indicators[i].Item] = true
	}
	for i := range s.in.Constructs {
		for _, id := range s.in.Constructs[i].Items {
			behind[id] = true
		}
	}
	for _, q := range s.questions {
		q.tested = q.breakdown && q.about.Topic != instrument.TopicBackground && q.about.Topic != instrument.TopicTest && !behind[q.about.ID] &&
			(len(q.parts) == 1 || q.about.Topic == instrument.TopicSupport) && q.about.Kind != string(instrument.Category)
	}
}

// breaksDown tells whether an item may be shown by group.
func (s *sheet) breaksDown(it *instrument.Item) bool {
	return !s.sensitive(it) && it.Topic != instrument.TopicBackground
}

// sensitive tells whether an item is, or is put to people because of what they answered to one that is: how many were asked in a
// group says how many answered so.
func (s *sheet) sensitive(it *instrument.Item) bool {
	if it.Sensitive {
		return true
	}
	for _, id := range s.routing.Filters(it) {
		if v, ok := s.in.Variable(id); ok && s.sensitive(v.Item) {
			return true
		}
	}
	return false
}

// part returns a column in which each substantive answer is a class of its own, and absent answers are outside the base.
func (s *sheet) part(column int) part {
	p := part{column: column, class: make([]int, s.columns[column].K)}
	for code := range p.class {
		p.class[code] = max(-1, code-instrument.FirstOption)
	}
	return p
}

func (s *sheet) answerColumn(id string) *instrument.Column {
	for i, v := range s.answers.Variables {
		if v.ID == id {
			return s.answers.Columns[i]
		}
	}
	return nil
}

func sameInAll(s string) instrument.Text {
	t := instrument.Text{}
	for _, l := range instrument.Languages() {
		t[l] = s
	}
	return t
}

func numberText(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
