package needs

import (
	"context"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/api"
	"tekentafel/internal/asked"
	"tekentafel/internal/db"
	"tekentafel/internal/problem"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/needs/demand"
)

type (
	needsRequest struct {
		Family string `query:"family" doc:"Only functions of this family."`
		Unit   string `query:"unit" doc:"Only functions that somebody has in this unit or below it, with what they ask there."`
		Open   bool   `query:"open" doc:"Only functions of which nobody decided on every skill."`
		Search string `query:"search" doc:"Words in the name, the code or the family."`
		After  string `query:"after" doc:"The next of the page before."`
		Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
	}
	needRequest struct {
		ID   string `path:"id" doc:"Of the function."`
		Unit string `query:"unit" doc:"What it asks in this unit."`
		Role string `query:"role" doc:"What it asks of who has this role too."`
	}
	setNeedRequest struct {
		Key  string `header:"Idempotency-Key" maxLength:"64"`
		ID   string `path:"id" doc:"Of the function."`
		Body SetNeed
	}
	needChangesRequest struct {
		Function string `query:"function" doc:"Only changes about this function."`
		Kind     string `query:"kind" enum:"answers,taken,level,factors,role,proposal,import,framework,undo" doc:"Only changes of this kind."`
		Before   int64  `query:"before" minimum:"0" doc:"The next of the page before."`
		Limit    int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}
	needChangeRequest struct {
		Seq int64 `path:"seq" minimum:"1"`
	}
	apiBody[T any] struct{ Body T }
)

// SetNeed is what a script sets of a function.
type SetNeed struct {
	At      int64             `json:"at" doc:"The at that was read with the function: what others changed since is not overwritten."`
	Answers map[string]string `json:"answers,omitempty" doc:"By rule: yes, no or unknown; empty leaves it to the family, or to what is proposed."`
	Levels  []SetLevel        `json:"levels,omitempty" doc:"Levels instead of what the rules ask."`
}

// SetLevel is a level that a script sets, or with level 0 takes away.
type SetLevel struct {
	Skill  string `json:"skill"`
	Level  int    `json:"level" minimum:"0" maximum:"4"`
	Unit   string `json:"unit,omitempty" doc:"Only in this unit and below it."`
	Role   string `json:"role,omitempty" doc:"Only of who has this role."`
	Reason string `json:"reason,omitempty" doc:"Why; needed with a level."`
}

// FunctionView is what a function asks, as scripts see it.
type FunctionView struct {
	ID      string       `json:"id"`
	Code    string       `json:"code,omitempty"`
	Name    string       `json:"name"`
	Family  string       `json:"family,omitempty"`
	People  int          `json:"people"`
	Seen    bool         `json:"seen" doc:"A person decided on every skill."`
	Skills  []SkillView  `json:"skills"`
	Answers []AnswerView `json:"answers,omitempty" doc:"Only of a single function."`
	At      int64        `json:"at" doc:"The last change that this counts in."`
}

// SkillView is what is required of a skill.
type SkillView struct {
	Skill    string       `json:"skill"`
	Level    int          `json:"level"`
	Proposed int          `json:"proposed" doc:"By the rules."`
	Set      bool         `json:"set" doc:"A person decided on it; otherwise it is a proposal."`
	Reason   string       `json:"reason,omitempty" doc:"Of a level that was set."`
	Rules    []ReasonView `json:"rules,omitempty" doc:"What asks it, the highest level first; only of a single function."`
}

// ReasonView is a level that a rule asks.
type ReasonView struct {
	Rule  string `json:"rule" doc:"Empty is what is asked of everyone."`
	Level int    `json:"level"`
	Text  string `json:"text" doc:"Why, in the language asked for."`
}

// AnswerView is the answer to a rule.
type AnswerView struct {
	Rule    string `json:"rule"`
	Verdict string `json:"verdict" enum:"yes,no,unknown"`
	Source  string `json:"source" enum:"own,family,word,family-word,work,nothing" doc:"Own and family are of a person; the others are proposals."`
	Word    string `json:"word,omitempty" doc:"In the title or the family, that proposes it."`
}

// NeedsPage is a part of the functions.
type NeedsPage struct {
	Items []FunctionView `json:"items"`
	Found int            `json:"found" doc:"On all pages."`
	Next  string         `json:"next,omitempty" doc:"Where the next page begins; absent on the last one."`
}

// ChangeView is a change as scripts see it.
type ChangeView struct {
	Seq      int64      `json:"seq"`
	Kind     string     `json:"kind"`
	Account  string     `json:"account,omitempty" doc:"Who made it; absent when they were erased."`
	At       time.Time  `json:"at"`
	Note     string     `json:"note,omitempty"`
	Undoes   int64      `json:"undoes,omitempty"`
	UndoneBy int64      `json:"undone_by,omitempty"`
	Count    int        `json:"count" doc:"Of its facts."`
	Facts    []FactView `json:"facts,omitempty" doc:"Only of a single change."`
}

// FactView is what a change wrote.
type FactView struct {
	Kind  string          `json:"kind" enum:"answer,level,factor,role,framework"`
	Where framework.Where `json:"where"`
	Item  string          `json:"item,omitempty" doc:"The rule, skill or circumstance."`
	Was   string          `json:"was,omitempty"`
	Now   string          `json:"now,omitempty"`
	Note  string          `json:"note,omitempty"`
}

// ChangesPage is a part of the changes, the newest first.
type ChangesPage struct {
	Items []ChangeView `json:"items"`
	Next  int64        `json:"next,omitempty" doc:"The before of the next page; absent on the last one."`
}

// API registers the operations.
func (s *Service) API(a *api.API) {
	about := func(id, summary string, action access.Action) api.About {
		return api.About{ID: id, Summary: summary, Tag: "skills", Action: action}
	}
	api.Get(a, "/skills/needs", about("list-needs", "List what functions ask of skills, in the order of family and name.", access.ReadNeeds), s.apiMatrix)
	api.Get(a, "/skills/needs/functions/{id}", about("get-need", "Tell what a function asks, with the reasons.", access.ReadNeeds), s.apiFunction)
	api.Put(a, "/skills/needs/functions/{id}", about("set-need", "Answer rules about a function, and set levels instead of what they ask, as one change.", access.ChangeNeeds), s.apiSet)
	api.Get(a, "/skills/needs/changes", about("list-need-changes", "List what was changed, the newest first.", access.ReadNeeds), s.apiChanges)
	api.Get(a, "/skills/needs/changes/{seq}", about("get-need-change", "Tell everything that a change wrote.", access.ReadNeeds), s.apiChange)
	api.Post(a, "/skills/needs/changes/{seq}/undo", about("undo-need-change", "Put back what a change did, unless anything of it changed since.", access.ChangeNeeds), s.apiUndo)
}

func functionView(m *demand.Map, r *demand.Row, list []Need, people int) FunctionView {
	v := FunctionView{ID: r.ID, Code: r.Code, Name: r.Name, Family: r.Family, People: people, Seen: r.Seen(), At: m.State.Seq}
	for i := range list {
		n := &list[i]
		v.Skills = append(v.Skills, SkillView{Skill: n.Skill, Level: n.Level, Proposed: n.Proposed, Set: n.Set, Reason: n.Reason})
	}
	return v
}

func (s *Service) apiMatrix(ctx context.Context, c api.Caller, in *needsRequest) (*apiBody[NeedsPage], error) {
	m, err := s.Matrix(ctx, c.Actor, Filter{Search: in.Search, Family: in.Family, Unit: in.Unit, Open: in.Open, After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := NeedsPage{Items: []FunctionView{}, Found: m.Found}
	for i := range m.Lines {
		out.Items = append(out.Items, functionView(m.Map, m.Lines[i].Row, m.Lines[i].Needs, m.Lines[i].People))
	}
	if m.Next {
		out.Next = out.Items[len(out.Items)-1].ID
	}
	return &apiBody[NeedsPage]{out}, nil
}

func (s *Service) apiFunction(ctx context.Context, c api.Caller, in *needRequest) (*apiBody[FunctionView], error) {
	if err := allow(c.Actor, access.ReadNeeds); err != nil {
		return nil, err
	}
	m, err := s.mapOf(ctx, s.DB.Of(c.Actor.Tenant))
	if err != nil {
		return nil, err
	}
	r := m.Function(in.ID)
	if r == nil || in.Unit != "" && m.Unit(in.Unit) == nil {
		return nil, db.ErrNoRow
	}
	post := framework.Post{Function: in.ID, Departments: m.Path(in.Unit)}
	if in.Role != "" {
		if _, err := roleOf(m.State, in.Role); err != nil {
			return nil, err
		}
		post.Roles = []string{in.Role}
	}
	list := m.At(post)
	v := functionView(m, r, list, r.People)
	for i := range list {
		for _, why := range list[i].Reasons {
			v.Skills[i].Rules = append(v.Skills[i].Rules, ReasonView{Rule: why.Rule, Level: why.Level, Text: why.Text.In(framework.Lang(c.Lang))})
		}
	}
	for _, a := range m.Answers(in.ID) {
		v.Answers = append(v.Answers, AnswerView{Rule: a.Rule.ID, Verdict: a.Verdict, Source: string(a.Source), Word: a.Word})
	}
	return &apiBody[FunctionView]{v}, nil
}

func (s *Service) apiSet(ctx context.Context, c api.Caller, in *setNeedRequest) (*apiBody[FunctionView], error) {
	if _, err := s.Set(ctx, c.Actor, in.ID, in.Body, c.Asked(in.Key, []any{in.ID, in.Body})); err != nil {
		return nil, err
	}
	return s.apiFunction(ctx, c, &needRequest{ID: in.ID})
}

// Set answers rules about a function and sets levels for it, as one change.
func (s *Service) Set(ctx context.Context, actor access.Actor, function string, in SetNeed, ask asked.Request) (int64, error) {
	if err := allow(actor, access.ChangeNeeds); err != nil {
		return 0, err
	}
	m, err := s.mapOf(ctx, s.DB.Of(actor.Tenant))
	if err != nil {
		return 0, err
	}
	if m.Function(function) == nil {
		return 0, db.ErrNoRow
	}
	wishes, err := answerWishes(m.Framework, framework.Where{Function: function}, in.Answers)
	if err != nil {
		return 0, err
	}
	for _, l := range in.Levels {
		where := framework.Where{Function: function, Department: l.Unit, Role: l.Role}
		if _, err := s.known(ctx, s.DB.Of(actor.Tenant), where); err != nil {
			return 0, err
		}
		w, err := levelWish(m, where, l.Skill, l.Level, l.Reason)
		if err != nil {
			return 0, err
		}
		wishes = append(wishes, w)
	}
	if len(wishes) == 0 {
		return 0, refuse(problem.Invalid, "field.nothing", nil)
	}
	kind := ByAnswers
	if len(in.Answers) == 0 {
		kind = ByLevel
	}
	return s.write(ctx, actor, edit{kind: kind, at: in.At, wishes: wishes, asked: ask})
}

func changeView(c *Change) ChangeView {
	return ChangeView{Seq: c.Seq, Kind: string(c.Kind), Account: c.Account, At: c.At, Note: c.Note, Undoes: c.Undoes, UndoneBy: c.UndoneBy, Count: c.Count}
}

func (s *Service) apiChanges(ctx context.Context, c api.Caller, in *needChangesRequest) (*apiBody[ChangesPage], error) {
	list, err := s.Changes(ctx, c.Actor, ChangeQuery{Kind: ChangeKind(in.Kind), About: framework.Where{Function: in.Function}, Before: in.Before, Limit: in.Limit + 1})
	if err != nil {
		return nil, err
	}
	out := ChangesPage{Items: []ChangeView{}}
	for i := range list[:min(len(list), in.Limit)] {
		out.Items = append(out.Items, changeView(&list[i]))
	}
	if len(list) > in.Limit {
		out.Next = list[in.Limit-1].Seq
	}
	return &apiBody[ChangesPage]{out}, nil
}

func (s *Service) apiChange(ctx context.Context, c api.Caller, in *needChangeRequest) (*apiBody[ChangeView], error) {
	change, err := s.Change(ctx, c.Actor, in.Seq)
	if err != nil {
		return nil, err
	}
	v := changeView(&change)
	for _, f := range change.Facts {
		v.Facts = append(v.Facts, FactView{Kind: string(f.Kind), Where: f.Where, Item: f.Item, Was: f.Was.Value, Now: f.Value.Value, Note: f.Note})
	}
	return &apiBody[ChangeView]{v}, nil
}

func (s *Service) apiUndo(ctx context.Context, c api.Caller, in *needChangeRequest) (*apiBody[ChangeView], error) {
	seq, err := s.Undo(ctx, c.Actor, in.Seq)
	if err != nil {
		return nil, err
	}
	return s.apiChange(ctx, c, &needChangeRequest{Seq: seq})
}
