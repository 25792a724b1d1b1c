package needs

import (
	"net/http"
	"net/url"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/i18n"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/needs/demand"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// changesShown is how many changes the page of a function shows.
const changesShown = 8

// subjectView is the page of a function, or of a family.
type subjectView struct {
	words
	m        *demand.Map
	x        Subject
	row      *demand.Row // of a function; nil for a family
	unit     string      // what it asks there; "" for anywhere
	answers  []demand.Answered
	needs    []Need
	pending  Pending // of a family
	take     int     // proposals that one press takes over
	names    *who
	levels   ui.Table
	rules    ui.Table
	apart    ui.Table // levels of units and roles
	members  ui.Table // of a family
	factors  []ui.Fact
	history  ui.Table
	more     bool // of the history
	changes  bool
	proposes bool
}

// subjectOf reads which function or family an address is about.
func (s *Service) subjectOf(r *web.Request) (*demand.Map, Subject, error) {
	m, err := s.mapOf(r.Context(), s.reader(r))
	if err != nil {
		return nil, Subject{}, err
	}
	key := r.PathValue("key")
	if strings.HasPrefix(r.URL.Path, familiesAt) {
		x, err := familyOf(m, key)
		return m, x, err
	}
	x, err := functionOf(m, key)
	return m, x, err
}

// at is the address of the page of a subject.
func (x Subject) at() string {
	if x.Function != "" {
		return functionAt(x.Function)
	}
	return familyAt(x.Family)
}

func (s *Service) subject(w http.ResponseWriter, r *web.Request) error {
	m, x, err := s.subjectOf(r)
	if err != nil {
		return err
	}
	v := subjectView{words: wordsOf(r), m: m, x: x, row: m.Function(x.Function), answers: answersOf(m, x), names: s.who(r), changes: r.Can(access.ChangeNeeds)}
	if unit := r.URL.Query().Get("unit"); x.Function != "" && m.Unit(unit) != nil {
		v.unit = unit
	}
	v.needs = m.At(framework.Post{Function: x.Function, Family: x.Family, Departments: m.Path(v.unit)})
	v.take = len(demand.TakeOver(v.answers, x.Where()))
	if x.Function == "" {
		v.pending, _ = pendingOf(m, x.Family)
		v.members = v.memberTable()
	}
	if x.Function != "" && r.Can(access.ProposeNeeds) {
		led, err := s.team(r.Context(), r.Actor)
		if err != nil {
			return err
		}
		v.proposes = led[x.Function] > 0
	}
	if v.levels, err = v.levelTable(); err != nil {
		return err
	}
	if v.rules, err = v.ruleTable(); err != nil {
		return err
	}
	if v.apart, err = v.apartTable(); err != nil {
		return err
	}
	v.factors = v.factorFacts()
	list, err := changes(r.Context(), s.reader(r), ChangeQuery{About: x.Where(), Limit: changesShown + 1})
	if err != nil {
		return err
	}
	v.more = len(list) > changesShown
	if v.history, err = s.changeTable(r, m, list[:min(len(list), changesShown)], v.names); err != nil {
		return err
	}
	p := below(r, x.Name, v.link("matrix.title", matrixAt))
	p.Kicker = v.kicker()
	switch {
	case v.changes && (v.take > 0 || len(v.pending.Functions) > 0):
		p.Actions = []ui.Action{{Label: v.say("answers.do"), Href: x.at() + "/answers", Kind: ui.Quiet}}
	case v.changes:
		p.Actions = []ui.Action{{Label: v.say("answers.do"), Href: x.at() + "/answers"}}
	}
	if v.proposes {
		propose := ui.Action{Label: v.say("propose.do"), Href: x.at() + "/propose", Kind: ui.Next}
		if v.changes { // who decides has another next step here
			propose.Kind = ui.Quiet
		}
		p.Actions = append(p.Actions, propose)
	}
	return r.Show(w, p, subjectPage(v))
}

func (v subjectView) kicker() string {
	if v.row == nil {
		return v.say("what.family")
	}
	return v.familyName(v.x.Family)
}

// about says in a line whose function it is.
func (v subjectView) about() string {
	if v.row == nil {
		f := v.m.Family(v.x.Family)
		return v.T("family.about", i18n.Args{"functions": v.n("count.functions", len(f.Rows)), "people": v.n("count.people", f.People)})
	}
	text := v.n("count.people", v.row.People)
	if v.row.Code != "" {
		text += " · " + v.row.Code
	}
	return text
}

func (v subjectView) levelTable() (ui.Table, error) {
	t := ui.Table{Caption: v.say("subject.levels"), HideCaption: true, Columns: []ui.Column{{Label: v.say("what.skill")}, {Label: v.say("what.level")}, {Label: v.say("what.why"), Long: true}}}
	for i := range v.needs {
		n := &v.needs[i]
		why, err := v.why(n)
		if err != nil {
			return t, err
		}
		row := ui.Row{Cells: []ui.Cell{{Text: v.skill(v.m.Framework, n.Skill)}, v.levelCell(v.m, n, v.markOf(n)), {Content: lines(why)}}}
		if v.changes {
			q := url.Values{"skill": {n.Skill}}
			if v.unit != "" {
				q.Set("unit", v.unit)
			}
			row.Actions = []ui.Action{{Label: v.say("level.do"), Href: v.x.at() + "/level?" + q.Encode()}}
		}
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}

// why says what asks a level: who set it, or the rules that ask the most.
func (v subjectView) why(n *Need) ([]string, error) {
	var out []string
	if n.Override != nil {
		name, err := v.names.name(n.Said.Account)
		if err != nil {
			return nil, err
		}
		args := i18n.Args{"reason": v.Quote(n.Reason), "who": name, "when": v.moment(n.Said.At), "where": v.where(v.m, n.Override.Where)}
		out = append(out, v.T("why.set", args), v.T("why.rules", i18n.Args{"level": v.level(v.m.Framework, n.Proposed)}))
		return out, nil
	}
	for _, reason := range n.Reasons {
		if reason.Level < n.Proposed {
			continue
		}
		rule := v.say("why.everyone")
		if reason.Rule != "" {
			rule = v.rule(v.m.Framework, reason.Rule)
		}
		out = append(out, rule+": "+v.of(reason.Text))
	}
	return out, nil
}

// where says for whom a level holds.
func (w words) where(m *demand.Map, x framework.Where) string {
	var parts []string
	if x.Function != "" {
		name := w.say("gone.function")
		if r := m.Function(x.Function); r != nil {
			name = r.Name
		}
		parts = append(parts, name)
	}
	if x.Family != "" {
		parts = append(parts, w.T("where.family", i18n.Args{"name": x.Family}))
	}
	if x.Department != "" {
		name := w.say("gone.unit")
		if u := m.Unit(x.Department); u != nil {
			name = u.Name
		}
		parts = append(parts, w.T("where.unit", i18n.Args{"name": name}))
	}
	if x.Role != "" {
		name := w.say("gone.role")
		if role := m.State.Of(demand.Key{Kind: demand.Role, Where: framework.Where{Role: x.Role}}); role.Value.Value != "" {
			name = role.Value.Value
		}
		parts = append(parts, w.T("where.role", i18n.Args{"name": name}))
	}
	return strings.Join(parts, ", ")
}

func (v subjectView) ruleTable() (ui.Table, error) {
	t := ui.Table{Caption: v.say("subject.rules"), HideCaption: true, Columns: []ui.Column{{Label: v.say("what.question")}, {Label: v.say("what.answer")}, {Label: v.say("what.why"), Long: true}}}
	for i := range v.answers {
		a := &v.answers[i]
		why, err := v.whence(a)
		if err != nil {
			return t, err
		}
		answer := ui.Cell{Content: levelMark(v.say("answer."+a.Verdict), "", "")}
		if v.row == nil && a.Source != demand.Own {
			answer, why = ui.Cell{Text: v.say("family.each"), Quiet: true}, v.say("family.each-text")
		} else if a.Source != demand.Own && a.Source != demand.OfFamily {
			answer = ui.Cell{Content: levelMark(v.say("answer."+a.Verdict), "", v.say("mark.proposal"))}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: v.of(a.Rule.Question)}, answer, {Text: why}}})
	}
	return t, nil
}

// whence says where an answer comes from.
func (v subjectView) whence(a *demand.Answered) (string, error) {
	args := i18n.Args{"word": v.Quote(a.Word)}
	if a.Source == demand.Own || a.Source == demand.OfFamily {
		name, err := v.names.name(a.Said.Account)
		if err != nil {
			return "", err
		}
		args["who"], args["when"] = name, v.moment(a.Said.At)
		key := "whence.own"
		if a.Said.How == demand.Taken {
			key = "whence.taken"
		}
		if a.Source == demand.OfFamily {
			key += "-family"
		}
		return v.T(key, args), nil
	}
	return v.T("whence."+string(a.Source), args), nil
}

// apartTable is the levels of a function or family for units and roles.
func (v subjectView) apartTable() (ui.Table, error) {
	t := ui.Table{Caption: v.say("subject.apart"), HideCaption: true, Columns: []ui.Column{{Label: v.say("what.whom")}, {Label: v.say("what.skill")}, {Label: v.say("what.level")}, {Label: v.say("what.reason"), Long: true}}}
	for _, w := range v.m.State.All(demand.Level) {
		mine := v.x.Function != "" && w.Function == v.x.Function || v.x.Function == "" && w.Function == "" && w.Family == v.x.Family
		if !mine || w.Department == "" && w.Role == "" {
			continue
		}
		row := ui.Row{Cells: []ui.Cell{{Text: v.where(v.m, framework.Where{Department: w.Department, Role: w.Role})}, {Text: v.skill(v.m.Framework, w.Item)}, {Text: v.level(v.m.Framework, levelOf(w.Value))}, {Text: w.Note}}}
		if v.changes {
			q := url.Values{"skill": {w.Item}, "unit": {w.Department}, "role": {w.Role}}
			row.Actions = []ui.Action{{Label: v.say("level.do"), Href: v.x.at() + "/level?" + q.Encode()}}
		}
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}

// levelOf is the level that a fact sets, 0 for none.
func levelOf(v demand.Value) int {
	if len(v.Value) != 1 || v.Value[0] < '1' || v.Value[0] > '9' {
		return 0
	}
	return int(v.Value[0] - '0')
}

func (v subjectView) memberTable() ui.Table {
	t := ui.Table{Caption: v.say("family.members"), HideCaption: true, Columns: []ui.Column{{Label: v.say("what.function")}, {Label: v.say("what.people"), Numeric: true}, {Label: v.say("what.state")}}}
	for _, i := range v.m.Family(v.x.Family).Rows {
		r := &v.m.Rows[i]
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: r.Name, Href: functionAt(r.ID)}, {Text: v.Int(r.People)}, {Text: v.openOf(r)}}})
	}
	return t
}

// factorFacts is what is recorded of the circumstances, also of the family of a function.
func (v subjectView) factorFacts() []ui.Fact {
	var out []ui.Fact
	for i := range v.m.Framework.Factors {
		f := &v.m.Framework.Factors[i]
		own := v.m.State.Of(demand.Key{Kind: demand.Factor, Where: v.x.Where(), Item: f.ID})
		text := v.factorText(own.Value, "")
		if v.x.Function != "" && v.x.Family != "" {
			if of := v.m.State.Of(demand.Key{Kind: demand.Factor, Where: framework.Where{Family: v.x.Family}, Item: f.ID}); of.Value.Value != "" {
				text = strings.TrimSpace(text + " " + v.T("factors.of-family", i18n.Args{"text": v.factorText(of.Value, "")}))
			}
		}
		if text == "" {
			text = v.say("factors.none")
		}
		out = append(out, ui.Fact{Term: v.of(f.Name), Text: text})
	}
	return out
}

func (w words) factorText(v demand.Value, none string) string {
	switch {
	case v.Value == "":
		return none
	case v.Note == "":
		return w.say("factors.counts")
	default:
		return v.Note
	}
}

func (v subjectView) unitChoice() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "unit", Label: v.say("subject.in-unit")}, Chosen: []string{v.unit}, Options: []ui.Option{{Label: v.say("any.unit")}}}
	seen := map[string]bool{}
	for _, t := range v.m.Org.Tallies {
		if t.Function == v.x.Function && t.People > 0 && v.m.Unit(t.Unit) != nil && !seen[t.Unit] {
			seen[t.Unit] = true
			c.Options = append(c.Options, ui.Option{Value: t.Unit, Label: unitPath(v.m, t.Unit)})
		}
	}
	if v.unit != "" && !seen[v.unit] {
		c.Options = append(c.Options, ui.Option{Value: v.unit, Label: unitPath(v.m, v.unit)})
	}
	return c
}
