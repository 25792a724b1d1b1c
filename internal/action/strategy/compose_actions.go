package strategy

import (
	"slices"
	"strings"

	"tekentafel/internal/action"
	"tekentafel/internal/docx"
)

// decided are the actions that somebody decided on and that were not stopped.
func (c *composer) decided() []*action.Action {
	var out []*action.Action
	for i := range c.actions {
		if a := &c.actions[i]; a.State != action.Proposed && a.State != action.Stopped {
			out = append(out, a)
		}
	}
	return out
}

func (c *composer) owner(a *action.Action) string {
	return c.action.Owner(a.Owner, c.owners[a.Owner.Account])
}

// shown tells whether the figure of a measure may be shown still.
func (c *composer) shown(m *action.Measure) bool { return m.Figure.Base >= c.k && !m.Figure.Sensitive }

// goals are the figures that actions should move, and the risks that they are about.
func (c *composer) goals() []docx.Block {
	var out []docx.Block
	risks := docx.List{}
	var seen []string
	t := docx.Table{Titled: true, Caption: c.say("document.goals"), Columns: []docx.Column{{Label: c.say("document.to-move")}, {Label: c.say("document.then")}, {Label: c.say("document.goal")}, {Label: c.say("document.by")}, {Label: c.say("document.action")}}}
	for _, a := range c.decided() {
		if a.Risk != "" && !slices.Contains(seen, a.Risk) {
			seen = append(seen, a.Risk)
			risks.Items = append(risks.Items, docx.Plain(strings.ReplaceAll(a.Risk, "\n", " ")))
		}
		if m := a.Measure; m != nil && c.shown(m) {
			t.Rows = append(t.Rows, row(c.action.What(&m.Figure), c.action.Figure(&m.Figure), c.action.Goal(m), c.action.Day(a.Due), a.Title))
		}
	}
	if len(risks.Items) > 0 {
		out = append(out, below(c.say("document.risks")), risks)
	}
	out = append(out, below(c.say("document.goals")))
	if len(t.Rows) == 0 {
		return append(out, mark(c.say("document.goals-none")))
	}
	return append(out, t)
}

// measures are the actions, with who answers for them and when.
func (c *composer) measures() []docx.Block {
	t := docx.Table{Caption: c.say("document.measures"), Columns: []docx.Column{{Label: c.say("document.action")}, {Label: c.say("document.for")}, {Label: c.say("document.owner")}, {Label: c.say("document.by")}, {Label: c.say("document.state")}}}
	for _, a := range c.decided() {
		t.Rows = append(t.Rows, row(a.Title, c.action.Target(a.Target), c.owner(a), c.action.Day(a.Due), c.action.State(a.State)))
	}
	out := []docx.Block{docx.Block(t)}
	if len(t.Rows) == 0 {
		out = []docx.Block{mark(c.say("document.measures-none"))}
	}
	proposed := 0
	stopped := docx.List{}
	for i := range c.actions {
		switch a := &c.actions[i]; a.State {
		case action.Proposed:
			proposed++
		case action.Stopped:
			stopped.Items = append(stopped.Items, docx.Plain(strings.TrimSuffix(a.Title+": "+a.Reason, ": ")))
		default:
		}
	}
	if proposed > 0 {
		out = append(out, small(c.n("document.proposed", proposed)))
	}
	if len(stopped.Items) > 0 {
		out = append(out, below(c.say("document.stopped")), stopped)
	}
	return out
}

// moved says of each action with a figure whether the figure moved.
func (c *composer) moved() []docx.Block {
	out := []docx.Block{below(c.say("document.effects"))}
	list := docx.List{}
	for _, a := range c.decided() {
		e, ok := c.effects[a.ID]
		if !ok || a.Measure == nil || !c.shown(a.Measure) || e.Verdict == action.Waiting || (e.Verdict != action.CannotSay && e.Now.Base < c.k) {
			continue
		}
		list.Items = append(list.Items, docx.Text{{Text: a.Title + ". ", Bold: true}, {Text: c.action.What(&a.Measure.Figure) + ". " + c.action.Effect(&e)}})
	}
	if len(list.Items) == 0 {
		return append(out, say1(c.say("document.effects-none")))
	}
	return append(out, list)
}

// reviews are the days on which somebody looks back, and what was seen when they did.
func (c *composer) reviews() []docx.Block {
	out := []docx.Block{below(c.say("document.reviews"))}
	t := docx.Table{Titled: true, Caption: c.say("document.reviews"), Columns: []docx.Column{{Label: c.say("document.day")}, {Label: c.say("document.action")}, {Label: c.say("document.owner")}, {Label: c.say("document.found")}}}
	type look struct {
		day   action.Day
		cells []string
	}
	var looks []look
	for _, a := range c.decided() {
		for _, r := range a.Reviews {
			looks = append(looks, look{r.Day, []string{c.action.Day(r.Day), a.Title, c.owner(a), r.Found}})
		}
		if a.Review != "" {
			looks = append(looks, look{a.Review, []string{c.action.Day(a.Review), a.Title, c.owner(a), ""}})
		}
	}
	slices.SortStableFunc(looks, func(a, b look) int { return strings.Compare(string(a.day), string(b.day)) })
	for _, l := range looks {
		t.Rows = append(t.Rows, row(l.cells...))
	}
	if len(t.Rows) == 0 {
		return append(out, mark(c.say("document.reviews-none")))
	}
	return append(out, t)
}
