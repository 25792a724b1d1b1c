package needs

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"tekentafel/internal/i18n"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/needs/demand"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

func (v subjectView) historyLink() string {
	q := url.Values{}
	if v.x.Function != "" {
		q.Set("function", v.x.Function)
	} else {
		q.Set("family", v.x.Family)
	}
	return historyAt + "?" + q.Encode()
}

// way is a way to change what stands of a function or a family, by a form.
type way struct {
	// do makes the change.
	do func(s *Service, r *web.Request, m *demand.Map, x Subject, form url.Values) error
	// show is the page of the form, filled in with values and saying what is wrong; nil where the form is a button.
	show func(s *Service, w http.ResponseWriter, r *web.Request, status int, values url.Values, form *ui.FormState) error
	from string // the page of the button, below the subject's
	done string // the notice
}

// ask shows the form of a way.
func (s *Service) ask(e way) web.Handler {
	return func(w http.ResponseWriter, r *web.Request) error {
		return e.show(s, w, r, http.StatusOK, r.URL.Query(), web.NewForm())
	}
}

// put makes the change that a form asks for, and leads to the page of the subject. What is wrong with a form is said on it; where something
// changed since a button was shown, its page shows what stands now.
func (s *Service) put(e way) web.Handler {
	return func(w http.ResponseWriter, r *web.Request) error {
		form, err := r.ReadForm()
		if err != nil {
			return err
		}
		m, x, err := s.subjectOf(r)
		if err != nil {
			return err
		}
		switch err := e.do(s, r, m, x, form); {
		case err == nil:
			return r.Redirect(w, x.at(), notice(r, e.done))
		case e.show != nil:
			return again(r, form, err, func(status int, state *ui.FormState) error { return e.show(s, w, r, status, form, state) })
		case conflict(err):
			return r.Redirect(w, x.at()+e.from, &web.Notice{Bundle: noticeBundle, Key: "notice.changed", Bad: true})
		default:
			return err
		}
	}
}

// take takes over what is proposed.
func (s *Service) take(r *web.Request, _ *demand.Map, x Subject, form url.Values) error {
	_, err := s.TakeOver(r.Context(), r.Actor, x, numberOf(form.Get("at")))
	return err
}

func (s *Service) takeAll(r *web.Request, _ *demand.Map, x Subject, form url.Values) error {
	_, err := s.TakeOverFamily(r.Context(), r.Actor, x.Family, numberOf(form.Get("at")))
	return err
}

func (s *Service) putAnswers(r *web.Request, _ *demand.Map, x Subject, form url.Values) error {
	answers := map[string]string{}
	for name, values := range form {
		if rule, ok := strings.CutPrefix(name, "rule-"); ok && len(values) > 0 {
			answers[rule] = values[0]
		}
	}
	_, err := s.SetAnswers(r.Context(), r.Actor, x, answers, numberOf(form.Get("at")), r.Asked(form, []any{x, answers}))
	return err
}

func (s *Service) putLevel(r *web.Request, _ *demand.Map, x Subject, form url.Values) error {
	level, err := strconv.Atoi(form.Get("level"))
	if err != nil {
		level = -1
	}
	where, skill, reason := placeOf(x, form), form.Get("skill"), form.Get("reason")
	_, err = s.SetLevel(r.Context(), r.Actor, where, skill, level, reason, numberOf(form.Get("at")), r.Asked(form, []any{where, skill, level, reason}))
	return err
}

func (s *Service) putFactors(r *web.Request, m *demand.Map, x Subject, form url.Values) error {
	factors := map[string]FactorOf{}
	for i := range m.Framework.Factors {
		id := m.Framework.Factors[i].ID
		if _, sent := form["note-"+id]; sent {
			factors[id] = FactorOf{Counts: form.Get("counts-"+id) == "yes", Note: form.Get("note-" + id)}
		}
	}
	_, err := s.SetFactors(r.Context(), r.Actor, x, factors, numberOf(form.Get("at")), r.Asked(form, []any{x, factors}))
	return err
}

func (s *Service) askTakeAll(w http.ResponseWriter, r *web.Request) error {
	m, x, err := s.subjectOf(r)
	if err != nil {
		return err
	}
	say := wordsOf(r)
	pending, _ := pendingOf(m, x.Family)
	p := below(r, say.say("take-all.title"), ui.Link{Label: x.Name, Href: x.at()})
	c := ui.Confirm{ID: "take-all", Title: say.say("take-all.title"), Text: say.T("take-all.sure", i18n.Args{"functions": say.n("count.functions", len(pending.Functions)), "people": say.n("count.people", pending.People)}),
		Cancel: x.at(), Form: ui.FormSpec{State: web.NewForm(), Action: x.at() + "/take-all", Hidden: hidden(m.State.Seq)}, Do: ui.Action{Label: say.n("take-all.do", len(pending.Functions))}}
	return r.Show(w, p, ui.ConfirmForm(c))
}

// answersView is the form with the questions of the rules.
type answersView struct {
	subjectView
	form *ui.FormState
	at   int64
}

func (s *Service) answersForm(w http.ResponseWriter, r *web.Request, status int, _ url.Values, form *ui.FormState) error {
	m, x, err := s.subjectOf(r)
	if err != nil {
		return err
	}
	v := answersView{subjectView: subjectView{words: wordsOf(r), m: m, x: x, answers: answersOf(m, x), names: s.who(r)}, form: form, at: m.State.Seq}
	p := below(r, v.T("answers.title", i18n.Args{"name": x.Name}), ui.Link{Label: x.Name, Href: x.at()})
	p.Lead, p.Status, p.Invalid = v.say("answers.lead"), status, !form.OK()
	if x.Function == "" {
		p.Lead = v.say("answers.lead-family")
	}
	return r.Show(w, p, answersPage(v))
}

// choice is the question of a rule, with what is proposed as the first answer.
func (v answersView) choice(a *demand.Answered) ui.Choice {
	chosen := ""
	if a.Source == demand.Own {
		chosen = a.Verdict
	}
	none := v.say("answers.each")
	if v.x.Function != "" {
		none = v.T("answers.proposed-"+v.from(a), i18n.Args{"answer": v.Inside(v.say("answer." + a.Proposed)), "word": v.Quote(a.ProposedWord)})
	}
	return ui.Choice{Field: ui.Field{Name: "rule-" + a.Rule.ID, Label: v.of(a.Rule.Question), Hint: v.of(a.Rule.Help)}, Chosen: []string{chosen}, Options: []ui.Option{{Value: "", Label: none},
		{Value: demand.Yes, Label: v.say("answer.yes")}, {Value: demand.No, Label: v.say("answer.no")}, {Value: demand.Unknown, Label: v.say("answer.unknown")},
	}}
}

// from names the source of what is proposed, as the keys of messages do.
func (v answersView) from(a *demand.Answered) string { return string(a.ProposedSource) }

// levelView is the form with a level.
type levelView struct {
	subjectView
	form   *ui.FormState
	where  framework.Where
	skill  string
	level  int
	reason string
	roles  []RoleOf
	now    string // what stands, in words
	ruled  string // what the rules ask; "" when no skill was chosen
}

// placeOf is for whom a form sets a level.
func placeOf(x Subject, values url.Values) framework.Where {
	where := x.Where()
	where.Department, where.Role = values.Get("unit"), values.Get("role")
	return where
}

func (s *Service) levelForm(w http.ResponseWriter, r *web.Request, status int, values url.Values, form *ui.FormState) error {
	m, x, err := s.subjectOf(r)
	if err != nil {
		return err
	}
	v := levelView{subjectView: subjectView{words: wordsOf(r), m: m, x: x, names: s.who(r)}, form: form, where: placeOf(x, values), skill: values.Get("skill"), roles: rolesOf(m.State)}
	if m.Framework.Skill(v.skill) == nil {
		v.skill = ""
	} else if err := v.standing(); err != nil {
		return err
	}
	p := below(r, v.T("level.title", i18n.Args{"name": x.Name}), ui.Link{Label: x.Name, Href: x.at()})
	p.Lead, p.Status, p.Invalid = v.say("level.lead"), status, !form.OK()
	return r.Show(w, p, levelPage(v))
}

// standing finds out what stands for the place and the skill.
func (v *levelView) standing() error {
	said := v.m.State.Of(demand.Key{Kind: demand.Level, Where: v.where, Item: v.skill})
	v.level, v.reason = levelOf(said.Value), said.Note
	post := framework.Post{Family: v.x.Family, Function: v.x.Function, Departments: v.m.Path(v.where.Department)}
	if v.where.Role != "" {
		post.Roles = []string{v.where.Role}
	}
	for _, n := range v.m.At(post) {
		if n.Skill == v.skill {
			v.ruled = v.words.level(v.m.Framework, n.Proposed)
			v.now = v.T("level.now", i18n.Args{"skill": v.words.skill(v.m.Framework, v.skill), "level": v.words.level(v.m.Framework, n.Level), "where": v.words.where(v.m, v.where)})
		}
	}
	if said.Value.Value == "" {
		return nil
	}
	name, err := v.names.name(said.Account)
	v.now += " " + v.T("level.by", i18n.Args{"who": name, "when": v.moment(said.At)})
	return err
}

func (v levelView) skills() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "skill", Label: v.say("what.skill")}, Chosen: []string{v.skill}}
	if v.skill == "" {
		c.Options = []ui.Option{{Label: ui.WordChoose.In(v.Lang)}}
	}
	for i := range v.m.Framework.Skills {
		c.Options = append(c.Options, ui.Option{Value: v.m.Framework.Skills[i].ID, Label: v.of(v.m.Framework.Skills[i].Name)})
	}
	return c
}

func (v levelView) unitChoice() ui.Choice {
	return ui.Choice{Field: ui.Field{Name: "unit", Label: v.say("level.unit"), Hint: v.say("level.unit-hint")}, Chosen: []string{v.where.Department}, Options: v.units(v.m, v.say("any.unit"))}
}

func (v levelView) roleChoice() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "role", Label: v.say("level.role"), Hint: v.say("level.role-hint")}, Chosen: []string{v.where.Role}, Options: []ui.Option{{Label: v.say("any.role")}}}
	for i := range v.roles {
		c.Options = append(c.Options, ui.Option{Value: v.roles[i].ID, Label: v.roles[i].Name})
	}
	return c
}

func (v levelView) levelChoice() ui.Choice {
	none := v.say("level.none")
	if v.ruled != "" {
		none = v.T("level.none-level", i18n.Args{"level": v.ruled})
	}
	c := ui.Choice{Field: ui.Field{Name: "level", Label: v.say("what.level")}, Chosen: []string{itoa(v.level)}, Options: v.words.levels(v.m.Framework, none)}
	if s := v.m.Framework.Skill(v.skill); s != nil {
		for i := range s.Levels {
			c.Options[i+1].Hint = v.of(s.Levels[i].Summary)
		}
	}
	return c
}

// factorsView is the form with the circumstances of article 4.
type factorsView struct {
	subjectView
	form *ui.FormState
}

func (s *Service) factorsForm(w http.ResponseWriter, r *web.Request, status int, _ url.Values, form *ui.FormState) error {
	m, x, err := s.subjectOf(r)
	if err != nil {
		return err
	}
	v := factorsView{subjectView: subjectView{words: wordsOf(r), m: m, x: x}, form: form}
	p := below(r, v.T("factors.of", i18n.Args{"name": x.Name}), ui.Link{Label: x.Name, Href: x.at()})
	p.Lead, p.Status, p.Invalid = v.say("factors.text"), status, !form.OK()
	return r.Show(w, p, factorsPage(v))
}

func (v factorsView) stands(i int) demand.Standing {
	return v.m.State.Of(demand.Key{Kind: demand.Factor, Where: v.x.Where(), Item: v.m.Framework.Factors[i].ID})
}

func (v factorsView) counts(i int) ui.Field {
	return ui.Field{Name: "counts-" + v.m.Framework.Factors[i].ID, Label: v.say("factors.counts"), Value: v.stands(i).Value.Value}
}

func (v factorsView) note(i int) ui.Field {
	return ui.Field{Name: "note-" + v.m.Framework.Factors[i].ID, Label: v.say("factors.note"), Value: v.stands(i).Note, Optional: true, MaxLength: mostNote, Rows: 3}
}
