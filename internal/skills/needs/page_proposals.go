package needs

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/needs/demand"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

const proposalsOnPage = 50

// proposeView is the form in which a manager proposes.
type proposeView struct {
	subjectView
	form *ui.FormState
}

func (s *Service) askPropose(w http.ResponseWriter, r *web.Request) error {
	return s.proposeForm(w, r, http.StatusOK, web.NewForm())
}

func (s *Service) proposeForm(w http.ResponseWriter, r *web.Request, status int, form *ui.FormState) error {
	m, x, err := s.subjectOf(r)
	if err != nil {
		return err
	}
	led, err := s.team(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	if led[x.Function] == 0 {
		return db.ErrNoRow
	}
	v := proposeView{subjectView: subjectView{words: wordsOf(r), m: m, x: x, answers: answersOf(m, x), needs: m.At(framework.Post{Function: x.Function})}, form: form}
	p := below(r, v.T("propose.title", i18n.Args{"name": x.Name}), ui.Link{Label: x.Name, Href: x.at()})
	p.Lead, p.Status, p.Invalid = v.say("propose.lead"), status, !form.OK()
	return r.Show(w, p, proposePage(v))
}

func (v proposeView) choice(a *demand.Answered) ui.Choice {
	return ui.Choice{Field: ui.Field{Name: "rule-" + a.Rule.ID, Label: v.of(a.Rule.Question), Hint: v.of(a.Rule.Help)}, Chosen: []string{""}, Options: []ui.Option{
		{Value: "", Label: v.T("propose.stays", i18n.Args{"now": v.Inside(v.say("answer." + a.Verdict))})}, {Value: demand.Yes, Label: v.say("answer.yes")}, {Value: demand.No, Label: v.say("answer.no")}}}
}

func (v proposeView) levelField(n *Need) ui.Choice {
	none := v.T("propose.stays", i18n.Args{"now": v.level(v.m.Framework, n.Level)})
	return ui.Choice{Field: ui.Field{Name: "level-" + n.Skill, Label: v.skill(v.m.Framework, n.Skill)}, Options: bare(v.words.levels(v.m.Framework, none))}
}

func (s *Service) propose(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	m, x, err := s.subjectOf(r)
	if err != nil {
		return err
	}
	in := ProposalInput{Function: x.Function, Answers: map[string]string{}, Levels: map[string]int{}, Reason: form.Get("reason")}
	for name := range form {
		if rule, ok := strings.CutPrefix(name, "rule-"); ok {
			in.Answers[rule] = form.Get(name)
		}
	}
	for i := range m.Framework.Skills {
		skill := m.Framework.Skills[i].ID
		if n, err := strconv.Atoi(form.Get("level-" + skill)); err == nil {
			in.Levels[skill] = n
		}
	}
	in.Asked = r.Asked(form, []any{in.Function, in.Answers, in.Levels, in.Reason})
	made, err := s.Propose(r.Context(), r.Actor, in)
	if err != nil {
		return again(r, form, err, func(status int, state *ui.FormState) error { return s.proposeForm(w, r, status, state) })
	}
	return r.Redirect(w, proposalsAt+"/"+made, notice(r, "proposed"))
}

// proposalsView is the list of proposals.
type proposalsView struct {
	words
	table ui.Table
	pager ui.Pager
	state ProposalState
}

// mayPropose lets in who decides on proposals or makes them.
func mayPropose(r *web.Request) error {
	if r.Can(access.ChangeNeeds) {
		return nil
	}
	return allow(r.Actor, access.ProposeNeeds)
}

func (s *Service) proposals(w http.ResponseWriter, r *web.Request) error {
	if err := mayPropose(r); err != nil {
		return err
	}
	v := proposalsView{words: wordsOf(r)}
	switch state := ProposalState(r.URL.Query().Get("state")); state {
	case Waiting, Accepted, Refused, Withdrawn:
		v.state = state
	}
	list, err := s.Proposals(r.Context(), r.Actor, v.state, r.URL.Query().Get("before"), proposalsOnPage+1)
	if err != nil {
		return err
	}
	m, err := s.mapOf(r.Context(), s.reader(r))
	if err != nil {
		return err
	}
	if len(list) > proposalsOnPage {
		list = list[:proposalsOnPage]
		q := url.Values{"before": {list[len(list)-1].ID}}
		if v.state != "" {
			q.Set("state", string(v.state))
		}
		v.pager.Older = proposalsAt + "?" + q.Encode()
	}
	names := s.who(r)
	v.table = ui.Table{Caption: v.say("proposals.title"), HideCaption: true, Columns: []ui.Column{{Label: v.say("what.function")}, {Label: v.say("what.who")}, {Label: v.say("what.when")}, {Label: v.say("what.reason"), Long: true}, {Label: v.say("what.state")}}}
	for i := range list {
		x := &list[i]
		name, err := names.name(x.Account)
		if err != nil {
			return err
		}
		v.table.Rows = append(v.table.Rows, ui.Row{Cells: []ui.Cell{{Text: v.where(m, framework.Where{Function: x.Function}), Href: proposalsAt + "/" + x.ID}, {Text: name}, {Text: v.moment(x.At)}, {Text: x.Reason}, {Content: ui.Tag(tone(x.State), v.say("proposal."+string(x.State)))}}})
	}
	p := below(r, v.say("proposals.title"))
	p.Lead = v.say("proposals.lead")
	if !r.Can(access.ChangeNeeds) {
		p.Lead = v.say("proposals.lead-own")
	}
	return r.Show(w, p, proposalsPage(v))
}

func tone(s ProposalState) ui.Tone {
	switch s {
	case Waiting:
		return ui.Warning
	case Accepted:
		return ui.Success
	case Refused, Withdrawn:
	}
	return ui.Muted
}

func (v proposalsView) states() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "state", Label: v.say("what.state")}, Chosen: []string{string(v.state)}, Options: []ui.Option{{Label: v.say("any.state")}}}
	for _, s := range []ProposalState{Waiting, Accepted, Refused, Withdrawn} {
		c.Options = append(c.Options, ui.Option{Value: string(s), Label: v.say("proposal." + string(s))})
	}
	return c
}

// proposalView is a proposal, to decide on.
type proposalView struct {
	words
	m     *demand.Map
	p     Proposal
	facts []ui.Fact
	table ui.Table
	form  *ui.FormState
	mine  bool
	hr    bool
}

func (s *Service) proposal(w http.ResponseWriter, r *web.Request) error {
	return s.proposalPage(w, r, http.StatusOK, web.NewForm())
}

func (s *Service) proposalPage(w http.ResponseWriter, r *web.Request, status int, form *ui.FormState) error {
	if err := mayPropose(r); err != nil {
		return err
	}
	x, err := s.Proposal(r.Context(), r.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	m, err := s.mapOf(r.Context(), s.reader(r))
	if err != nil {
		return err
	}
	v := proposalView{words: wordsOf(r), m: m, p: x, form: form, mine: x.Account == r.Actor.Owner, hr: r.Can(access.ChangeNeeds)}
	if v.facts, err = v.factsOf(s.who(r)); err != nil {
		return err
	}
	v.table = v.tableOf()
	title := v.T("proposal.title", i18n.Args{"name": v.where(m, framework.Where{Function: x.Function})})
	p := below(r, title, v.link("proposals.title", proposalsAt))
	p.Status, p.Invalid = status, !form.OK()
	return r.Show(w, p, proposalPage(v))
}

func (v proposalView) factsOf(names *who) ([]ui.Fact, error) {
	name, err := names.name(v.p.Account)
	if err != nil {
		return nil, err
	}
	out := []ui.Fact{{Term: v.say("what.function"), Content: linkTo(functionAt(v.p.Function), v.where(v.m, framework.Where{Function: v.p.Function}))}, {Term: v.say("what.who"), Text: name}, {Term: v.say("what.when"), Text: v.moment(v.p.At)}, {Term: v.say("what.reason"), Text: v.p.Reason},
		{Term: v.say("what.state"), Content: ui.Tag(tone(v.p.State), v.say("proposal."+string(v.p.State)))}}
	if v.p.State == Waiting {
		return out, nil
	}
	if name, err = names.name(v.p.Decider); err != nil {
		return nil, err
	}
	out = append(out, ui.Fact{Term: v.say("what.decided"), Text: name + ", " + v.moment(v.p.Decided)})
	if v.p.Answer != "" {
		out = append(out, ui.Fact{Term: v.say("what.hr-says"), Text: v.p.Answer})
	}
	return out, nil
}

// tableOf is what is proposed beside what stands.
func (v proposalView) tableOf() ui.Table {
	t := ui.Table{Caption: v.say("proposal.what"), HideCaption: true, Columns: []ui.Column{{Label: v.say("what.about")}, {Label: v.say("what.now")}, {Label: v.say("what.proposed")}}}
	verdicts := map[string]string{}
	for _, a := range v.m.Answers(v.p.Function) {
		verdicts[a.Rule.ID] = a.Verdict
	}
	levels := map[string]int{}
	if r := v.m.Function(v.p.Function); r != nil {
		for i := range r.Needs {
			levels[r.Needs[i].Skill] = r.Needs[i].Level
		}
	}
	for _, w := range v.p.Wishes {
		if w.Kind == demand.Level {
			t.Rows = append(t.Rows, ui.Row{Cells: ui.Texts(v.skill(v.m.Framework, w.Item), v.level(v.m.Framework, levels[w.Item]), v.level(v.m.Framework, levelOf(w.Value)))})
			continue
		}
		now := "–"
		if verdict := verdicts[w.Item]; verdict != "" {
			now = v.say("answer." + verdict)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: ui.Texts(v.rule(v.m.Framework, w.Item), now, v.say("answer."+w.Value.Value))})
	}
	return t
}

func (s *Service) accept(w http.ResponseWriter, r *web.Request) error { return s.decide(w, r, true) }

func (s *Service) refuse(w http.ResponseWriter, r *web.Request) error { return s.decide(w, r, false) }

func (s *Service) decide(w http.ResponseWriter, r *web.Request, accept bool) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	if err := s.Decide(r.Context(), r.Actor, r.PathValue("id"), accept, form.Get("answer"), numberOf(form.Get("at"))); err != nil {
		return again(r, form, err, func(status int, state *ui.FormState) error { return s.proposalPage(w, r, status, state) })
	}
	key := "refused"
	if accept {
		key = "accepted"
	}
	return r.Redirect(w, proposalsAt+"?state=waiting", notice(r, key))
}

func (s *Service) withdraw(w http.ResponseWriter, r *web.Request) error {
	id := r.PathValue("id")
	if err := s.Withdraw(r.Context(), r.Actor, id); err != nil && !conflict(err) {
		return err
	}
	return r.Redirect(w, proposalsAt+"/"+id, notice(r, "withdrawn"))
}
