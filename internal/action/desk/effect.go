package desk

import (
	"tekentafel/internal/action"
	"tekentafel/internal/chart"
	"tekentafel/internal/ui"
)

// short says in a few words what a later report says of a measure.
func (w words) short(e *action.Effect) string {
	if e.Verdict != action.Shifted {
		return w.say("effect.short-" + string(e.Verdict))
	}
	return w.with("effect.short-shifted", "size", w.size(&e.Before, e.Change.Value))
}

// tell says in sentences what a later report says of a measure, and what it does not.
func (w words) tell(e *action.Effect, state action.State, m *action.Measure) []string {
	if e.Verdict == action.Waiting {
		key := "effect.waiting"
		if state == action.Proposed || state == action.Planned {
			key = "effect.not-begun"
		}
		return []string{w.say(key)}
	}
	report := w.Quote(e.Report.Title)
	if e.Verdict == action.CannotSay {
		return []string{w.with("effect.cannot-"+string(e.Because), "report", report)}
	}
	key := "effect.not-shown"
	switch {
	case e.Verdict == action.Shifted && e.Wanted:
		key = "effect.shifted"
	case e.Verdict == action.Shifted:
		key = "effect.shifted-other"
	}
	out := []string{w.with(key, "report", report, "before", w.value(&e.Before, e.Before.Value), "now", w.value(&e.Now, e.Now.Value),
		"size", w.size(&e.Before, e.Change.Value), "from", w.signed(&e.Before, e.Change.Low), "to", w.signed(&e.Before, e.Change.High))}
	if s := e.Standard; s != nil {
		out = append(out, w.with("effect.standard", "size", w.size(&e.Before, s.Value), "from", w.signed(&e.Before, s.Low), "to", w.signed(&e.Before, s.High)))
	}
	if e.Goal != action.NoGoal {
		out = append(out, w.with("effect.goal-"+string(e.Goal), "goal", w.value(&e.Before, *m.Goal)))
	}
	out = append(out, w.say("effect.no-cause"))
	if e.Picked {
		out = append(out, w.say("effect.picked"))
	}
	if e.Tests > 1 {
		out = append(out, w.n("effect.tests", e.Tests))
	}
	return out
}

// drawn draws the figure of a measure, as it was and as it is.
func (w words) drawn(m *action.Measure, e *action.Effect) ui.Figure {
	f := &m.Figure
	c := chart.Intervals{Max: 1, Percent: true}
	switch f.Unit {
	case action.Scale:
		c.Min, c.Max, c.Percent = f.From, f.To, false
		if f.To <= f.From {
			c.Min, c.Max = 0, f.High
		}
	case action.Level:
		c.Min, c.Max, c.Percent = 1, 4, false
	case action.Share:
	}
	title := w.what(f)
	t := ui.Table{Caption: title, HideCaption: true, Columns: []ui.Column{{Label: w.say("column.when")}, {Label: w.say("column.figure"), Numeric: true},
		{Label: w.say("column.interval"), Numeric: true}, {Label: w.say("column.base"), Numeric: true}}}
	described := ""
	add := func(label string, f *action.Figure, strong bool) {
		c.Rows = append(c.Rows, chart.Interval{Label: label, Value: f.Value, Low: f.Low, High: f.High, Text: w.value(f, f.Value), Strong: strong})
		t.Rows = append(t.Rows, ui.Row{Cells: ui.Texts(label, w.value(f, f.Value), w.span(f), w.Int(f.Base))})
		if described != "" {
			described += "; "
		}
		described += label + ": " + w.figure(f)
	}
	add(m.Title, f, false)
	if e != nil && (e.Verdict == action.Shifted || e.Verdict == action.NotShown) {
		add(e.Report.Title, &e.Now, e.Verdict == action.Shifted)
	}
	return ui.Figure{ID: "measure-figure", Title: title, Description: described, Caption: w.say("figure.caption"), Chart: c, Table: &t}
}
