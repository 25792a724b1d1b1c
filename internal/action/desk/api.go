package desk

import (
	"context"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/action"
	"tekentafel/internal/api"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
)

const tag = "actions"

type (
	oneBody[T any]  struct{ Body T }
	listBody[T any] struct {
		Body struct {
			Items []T `json:"items"`
		}
	}
	byID struct {
		ID string `path:"id"`
	}
	listRequest struct {
		State  string `query:"state" enum:"proposed,planned,running,done,stopped" doc:"Only actions in this state."`
		Report string `query:"report" doc:"Only actions made from this report."`
	}
	makeRequest struct {
		Key  string `header:"Idempotency-Key" maxLength:"64"`
		Body NewAction
	}
	stateRequest struct {
		ID   string `path:"id"`
		Body struct {
			Version int64  `json:"version" doc:"The version that was read: what others changed since is not overwritten."`
			State   string `json:"state" enum:"proposed,planned,running,done,stopped"`
			Reason  string `json:"reason,omitempty" doc:"Needed to stop."`
		}
	}
	reachRequest struct {
		ID   string `path:"id"`
		Body struct {
			Version  int64        `json:"version"`
			Day      string       `json:"day" doc:"2026-11-29"`
			What     string       `json:"what"`
			Audience AudienceView `json:"audience"`
			People   int          `json:"people" minimum:"1"`
			Of       int          `json:"of,omitempty" minimum:"0" doc:"People in the audience; 0 where nobody knows."`
			Material string       `json:"material,omitempty"`
		}
	}
)

// AudienceView is for whom an action is, as scripts see it.
type AudienceView struct {
	Kind     string `json:"kind" enum:"everyone,non-users,field,group,family,function,department,other"`
	Variable string `json:"variable,omitempty" doc:"Of a group of a report."`
	Value    string `json:"value,omitempty"`
	Name     string `json:"name,omitempty" doc:"Needed but for everyone, non-users and field."`
}

// FigureView is a figure with its interval.
type FigureView struct {
	Key   string  `json:"key"`
	What  string  `json:"what"`
	Group string  `json:"group,omitempty"`
	Unit  string  `json:"unit" enum:"share,scale,level"`
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	Base  int     `json:"base"`
}

// EffectView is whether the figure of an action moved. It never says that the action did it.
type EffectView struct {
	Verdict string      `json:"verdict" enum:"waiting,shifted,not-shown,cannot-say"`
	Because string      `json:"because,omitempty" enum:"too-few,not-comparable,unread"`
	Report  string      `json:"report,omitempty" doc:"The later report."`
	Now     *FigureView `json:"now,omitempty"`
	Change  *float64    `json:"change,omitempty"`
	Low     *float64    `json:"low,omitempty"`
	High    *float64    `json:"high,omitempty"`
	Wanted  *bool       `json:"wanted,omitempty" doc:"Of shifted: it went where it should."`
	Goal    string      `json:"goal,omitempty" enum:"reached,missed,unclear"`
	Tests   int         `json:"tests,omitempty" doc:"How many figures were compared with the report, for which shifted is corrected."`
}

// ReachView is how many people took part.
type ReachView struct {
	Day      string       `json:"day"`
	What     string       `json:"what"`
	Audience AudienceView `json:"audience"`
	People   int          `json:"people"`
	Of       int          `json:"of,omitempty"`
	Material string       `json:"material,omitempty"`
}

// ActionView is an action as scripts see it.
type ActionView struct {
	ID        string            `json:"id"`
	Version   int64             `json:"version"`
	Title     string            `json:"title"`
	Why       string            `json:"why,omitempty"`
	State     string            `json:"state" enum:"proposed,planned,running,done,stopped"`
	Reason    string            `json:"reason,omitempty"`
	Audience  AudienceView      `json:"audience"`
	Owner     string            `json:"owner,omitempty" doc:"Account that answers for it."`
	Role      string            `json:"role,omitempty" doc:"Who answers for it, in words."`
	Starts    string            `json:"starts,omitempty"`
	Due       string            `json:"due,omitempty"`
	Ended     string            `json:"ended,omitempty"`
	Review    string            `json:"review,omitempty"`
	Report    string            `json:"report,omitempty" doc:"From which it was made."`
	Rule      string            `json:"rule,omitempty" doc:"Of the proposal from which it was made."`
	Measure   *FigureView       `json:"measure,omitempty" doc:"The figure that it should move, as it was."`
	Direction string            `json:"direction,omitempty" enum:"up,down"`
	Goal      *float64          `json:"goal,omitempty"`
	Effect    *EffectView       `json:"effect,omitempty"`
	Materials []action.Material `json:"materials"`
	Reach     []ReachView       `json:"reach"`
	Made      time.Time         `json:"made"`
	Changed   time.Time         `json:"changed"`
}

// NewAction is an action that a script makes.
type NewAction struct {
	Title     string       `json:"title" maxLength:"120"`
	Why       string       `json:"why,omitempty"`
	Risk      string       `json:"risk,omitempty"`
	Notes     string       `json:"notes,omitempty"`
	State     string       `json:"state,omitempty" enum:"proposed,planned"`
	Audience  AudienceView `json:"audience"`
	Owner     string       `json:"owner,omitempty"`
	Role      string       `json:"role,omitempty"`
	Starts    string       `json:"starts,omitempty"`
	Due       string       `json:"due,omitempty"`
	Review    string       `json:"review,omitempty"`
	Report    string       `json:"report,omitempty" doc:"Of the figure that it should move."`
	Measure   string       `json:"measure,omitempty" doc:"Key of that figure."`
	Direction string       `json:"direction,omitempty" enum:"up,down"`
	Goal      *float64     `json:"goal,omitempty" doc:"In the unit of the figure; a share as 0 to 1."`
}

// API registers the operations.
func (d *Desk) API(a *api.API) {
	about := func(id, summary string, may access.Action) api.About {
		return api.About{ID: id, Summary: summary, Tag: tag, Action: may}
	}
	api.Get(a, "/actions", about("list-actions", "List actions, those that are due first at the top, with whether their figures moved: what reports say is told to keys that may read reports.", reads), d.apiList)
	api.Get(a, "/actions/{id}", about("get-action", "Tell one action.", reads), d.apiShow)
	api.Post(a, "/actions", about("make-action", "Make an action.", changes), d.apiMake)
	api.Put(a, "/actions/{id}/state", about("move-action", "Bring an action to another state.", runs), d.apiMove)
	api.Post(a, "/actions/{id}/reach", about("reach-action", "Note how many people of which audience took part, and when: numbers only.", runs), d.apiReach)
}

func audienceView(t *action.Target, lang instrument.Lang) AudienceView {
	return AudienceView{Kind: string(t.Kind), Variable: t.Variable, Value: t.Value, Name: t.Name.In(lang)}
}

func (v AudienceView) target() action.Target {
	t := action.Target{Kind: action.Audience(v.Kind), Variable: v.Variable, Value: v.Value}
	if v.Name != "" {
		t.Name = plainText(v.Name)
	}
	return t
}

func figureView(f *action.Figure, lang instrument.Lang) *FigureView {
	return &FigureView{Key: f.Key.String(), What: f.What.In(lang), Group: f.Group.In(lang), Unit: string(f.Unit), Value: f.Value, Low: f.Low, High: f.High, Base: f.Base}
}

func effectView(e *action.Effect, lang instrument.Lang) *EffectView {
	v := &EffectView{Verdict: string(e.Verdict), Because: string(e.Because), Report: e.Report.ID, Tests: e.Tests, Goal: string(e.Goal)}
	if e.Verdict == action.Shifted || e.Verdict == action.NotShown {
		v.Now, v.Change, v.Low, v.High = figureView(&e.Now, lang), &e.Change.Value, &e.Change.Low, &e.Change.High
	}
	if e.Verdict == action.Shifted {
		v.Wanted = &e.Wanted
	}
	return v
}

func actionView(a *action.Action, e *action.Effect, lang instrument.Lang) ActionView {
	v := ActionView{ID: a.ID, Version: a.Version, Title: a.Title, Why: a.Why, State: string(a.State), Reason: a.Reason, Audience: audienceView(&a.Target, lang), Owner: a.Owner.Account, Role: a.Owner.Role,
		Starts: string(a.Starts), Due: string(a.Due), Ended: string(a.Ended), Review: string(a.Review), Materials: a.Materials, Reach: []ReachView{}, Made: a.Made, Changed: a.Changed}
	if v.Materials == nil {
		v.Materials = []action.Material{}
	}
	if a.From != nil {
		v.Report, v.Rule = a.From.Report, a.From.Rule
	}
	if m := a.Measure; m != nil {
		v.Measure, v.Direction, v.Goal = figureView(&m.Figure, lang), string(m.Direction), m.Goal
	}
	if e != nil {
		v.Effect = effectView(e, lang)
	}
	for i := range a.Reach {
		x := &a.Reach[i]
		v.Reach = append(v.Reach, ReachView{Day: string(x.Day), What: x.What, Audience: audienceView(&x.Audience, lang), People: x.People, Of: x.Of, Material: x.Material})
	}
	return v
}

func (d *Desk) apiList(ctx context.Context, c api.Caller, in *listRequest) (*listBody[ActionView], error) {
	q := action.Query{Report: in.Report}
	if in.State != "" {
		q.States = []action.State{action.State(in.State)}
	}
	list, err := d.Actions.List(ctx, c.Actor, q)
	if err != nil {
		return nil, err
	}
	effects, err := d.Actions.Effects(ctx, c.Actor)
	if err != nil {
		return nil, err
	}
	out := &listBody[ActionView]{}
	out.Body.Items = []ActionView{}
	for i := range list {
		var e *action.Effect
		if x, ok := effects[list[i].ID]; ok {
			e = &x
		}
		out.Body.Items = append(out.Body.Items, actionView(&list[i], e, c.Lang))
	}
	return out, nil
}

func (d *Desk) apiShow(ctx context.Context, c api.Caller, in *byID) (*oneBody[ActionView], error) {
	a, err := d.Actions.Action(ctx, c.Actor, in.ID)
	if err != nil {
		return nil, err
	}
	e, ok, err := d.Actions.Effect(ctx, c.Actor, in.ID)
	if err != nil {
		return nil, err
	}
	if !ok {
		return &oneBody[ActionView]{actionView(&a, nil, c.Lang)}, nil
	}
	return &oneBody[ActionView]{actionView(&a, &e, c.Lang)}, nil
}

func (d *Desk) apiMake(ctx context.Context, c api.Caller, in *makeRequest) (*oneBody[ActionView], error) {
	b := &in.Body
	dates := problem.Form{Bundle: action.Locale()}
	draft := action.Draft{Title: b.Title, Why: b.Why, Risk: b.Risk, Notes: b.Notes, Owner: action.Owner{Account: b.Owner, Role: b.Role}, Target: b.Audience.target(),
		Starts: dayOf(&dates, "starts", b.Starts), Due: dayOf(&dates, "due", b.Due), Review: dayOf(&dates, "review", b.Review)}
	if b.Measure != "" {
		key, _ := action.ParseKey(b.Measure) // what is none is refused as a figure that is not there
		draft.Measure = &action.Wish{Report: b.Report, Key: key, Direction: action.Direction(b.Direction), Goal: b.Goal}
	}
	if err := dates.Err(); err != nil {
		return nil, err
	}
	a, err := d.Actions.Make(ctx, c.Actor, draft, action.Birth{State: action.State(b.State)}, c.Asked(in.Key, in.Body))
	if err != nil {
		return nil, err
	}
	return d.apiShow(ctx, c, &byID{a.ID})
}

func (d *Desk) apiMove(ctx context.Context, c api.Caller, in *stateRequest) (*oneBody[ActionView], error) {
	if err := d.Actions.Move(ctx, c.Actor, in.ID, in.Body.Version, action.State(in.Body.State), in.Body.Reason); err != nil {
		return nil, err
	}
	return d.apiShow(ctx, c, &byID{in.ID})
}

func (d *Desk) apiReach(ctx context.Context, c api.Caller, in *reachRequest) (*oneBody[ActionView], error) {
	b := &in.Body
	dates := problem.Form{Bundle: action.Locale()}
	x := action.Reach{Day: dayOf(&dates, "day", b.Day), What: b.What, Audience: b.Audience.target(), People: b.People, Of: b.Of, Material: b.Material}
	if err := dates.Err(); err != nil {
		return nil, err
	}
	if err := d.Actions.Touch(ctx, c.Actor, in.ID, b.Version, x); err != nil {
		return nil, err
	}
	return d.apiShow(ctx, c, &byID{in.ID})
}
