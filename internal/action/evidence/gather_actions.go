package evidence

import (
	"slices"
	"strings"

	"tekentafel/internal/action"
)

// actions gathers what was decided on: goals, measures, effects and reviews. Proposals are no evidence.
func (g *gatherer) actions() error {
	list, err := g.s.Actions.List(g.ctx, g.by, action.Query{States: []action.State{action.Planned, action.Running, action.Done, action.Stopped}})
	if err != nil {
		return err
	}
	effects, err := g.s.Actions.Effects(g.ctx, g.by)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		g.lacks(Measures, NoMeasures, "", "/actions")
		g.lacks(Goals, NoMeasures, "", "/actions")
		g.lacks(Effects, NoMeasures, "", "/actions")
		g.lacks(Reviews, NoMeasures, "", "/actions")
	}
	said := false
	for i := range list {
		a, err := g.s.Actions.Action(g.ctx, g.by, list[i].ID) // with who looked at it
		if err != nil {
			return err
		}
		owner, err := g.owner(&a)
		if err != nil {
			return err
		}
		g.measure(&a, owner)
		g.goal(&a)
		if e, ok := effects[a.ID]; ok && g.shown(a.Measure) {
			g.effect(&a, &e)
			said = said || e.Verdict == action.Shifted || e.Verdict == action.NotShown
		}
		if err := g.reviews(&a, owner); err != nil {
			return err
		}
	}
	if len(list) > 0 && !said {
		g.lacks(Effects, NoEffect, "", "/waves")
	}
	slices.SortStableFunc(g.out.Reviews, func(a, b Review) int { return strings.Compare(string(a.Day), string(b.Day)) })
	return nil
}

func pageOf(a *action.Action) string { return "/actions/items/" + a.ID }

// owner names who answers for an action by role, or by name.
func (g *gatherer) owner(a *action.Action) (string, error) {
	if a.Owner.Role != "" {
		return a.Owner.Role, nil
	}
	return g.named(a.Owner.Account)
}

// shown tells whether a figure may be shown still.
func (g *gatherer) shown(m *action.Measure) bool {
	return m != nil && !m.Figure.Sensitive && m.Figure.Base >= g.out.GroupSize
}

func (g *gatherer) measure(a *action.Action, owner string) {
	m := Measure{Title: a.Title, Why: a.Why, State: a.State, Reason: a.Reason, Audience: a.Target, Owner: owner, Starts: a.Starts, Due: a.Due, Ended: a.Ended, Materials: []Material{}, Reach: []Reach{}}
	begun := a.State == action.Running || a.State == action.Done
	for _, x := range a.Materials {
		m.Materials = append(m.Materials, Material{Name: x.Name, Version: x.Version, Link: x.Link, Since: x.Since})
		if x.Version == "" {
			g.lacks(Measures, NoVersion, a.Title+": "+x.Name, pageOf(a))
		}
	}
	for _, x := range a.Reach {
		r := Reach{Day: x.Day, What: x.What, Audience: x.Audience, Count: count(x.People, g.out.GroupSize), Material: x.Material}
		// Of is left out where the rest would be a group that is too small.
		if rest := x.Of - x.People; x.Of >= g.out.GroupSize && !r.Few && (rest == 0 || rest >= g.out.GroupSize) {
			r.Of = x.Of
		}
		m.Reach = append(m.Reach, r)
	}
	for _, x := range []struct {
		lack Lack
		is   bool
	}{{NoOwner, owner == ""}, {NoDate, a.Due == "" && a.Ended == ""}, {NoMaterial, begun && len(a.Materials) == 0}, {NoReach, begun && len(a.Reach) == 0}} {
		if x.is && a.State != action.Stopped {
			g.lacks(Measures, x.lack, a.Title, pageOf(a))
		}
	}
	g.out.Measures = append(g.out.Measures, m)
}

func (g *gatherer) goal(a *action.Action) {
	if a.State == action.Stopped {
		return
	}
	x := Goal{Action: a.Title, Risk: a.Risk, By: a.Due}
	if g.shown(a.Measure) {
		x.Figure, x.Direction, x.Goal = &a.Measure.Figure, a.Measure.Direction, a.Measure.Goal
	}
	switch {
	case a.Measure == nil:
		g.lacks(Goals, NoFigure, a.Title, pageOf(a))
	case x.Figure == nil:
		g.lacks(Goals, HiddenCount, a.Title, pageOf(a))
	}
	if a.Risk == "" {
		g.lacks(Goals, NoRisk, a.Title, pageOf(a))
	}
	if x.Risk != "" || x.Figure != nil {
		g.out.Goals = append(g.out.Goals, x)
	}
}

func (g *gatherer) effect(a *action.Action, e *action.Effect) {
	x := Effect{Action: a.Title, Verdict: e.Verdict, Because: e.Because, Report: e.Report.Title, Goal: e.Goal, full: *e}
	before := e.Before
	x.Before = &before
	if e.Verdict == action.Shifted || e.Verdict == action.NotShown {
		if e.Now.Base < g.out.GroupSize || e.Now.Sensitive {
			x = Effect{Action: a.Title, Verdict: action.CannotSay, Because: action.TooFew, Report: e.Report.Title, Before: &before}
			x.full = action.Effect{Verdict: x.Verdict, Because: x.Because, Before: before, Report: e.Report}
		} else {
			now := e.Now
			x.Now, x.Change = &now, &Difference{e.Change.Value, e.Change.Low, e.Change.High}
		}
	}
	g.out.Effects = append(g.out.Effects, x)
}

func (g *gatherer) reviews(a *action.Action, owner string) error {
	for _, r := range a.Reviews {
		by, err := g.named(r.By)
		if err != nil {
			return err
		}
		g.out.Reviews = append(g.out.Reviews, Review{Action: a.Title, Day: r.Day, By: by, Found: r.Found})
	}
	switch {
	case a.State == action.Stopped:
	case a.Review != "":
		g.out.Reviews = append(g.out.Reviews, Review{Action: a.Title, Day: a.Review, By: owner, Planned: true})
	case len(a.Reviews) == 0:
		g.lacks(Reviews, NoReview, a.Title, pageOf(a))
	}
	return nil
}
