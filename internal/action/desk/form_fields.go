package desk

import (
	"tekentafel/internal/action"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/ui"
)

// findings are those whose figures and groups are offered; nil for none.
func (v *formView) findings() *findings.Findings {
	if v.found == nil {
		return nil
	}
	return v.found.findings
}

func (v *formView) spec() ui.FormSpec { return ui.FormSpec{State: v.form, Hidden: v.hidden} }

func (v *formView) field(name string, optional bool) ui.Field {
	f := ui.Field{Name: name, Label: v.say("field." + name), Optional: optional}
	if v.Has("field." + name + "-hint") {
		f.Hint = v.say("field." + name + "-hint")
	}
	return f
}

func (v *formView) text(name string, most, rows int, optional bool) ui.Field {
	f := v.field(name, optional)
	f.MaxLength, f.Rows = most, rows
	return f
}

func (v *formView) targetChoice() ui.Choice {
	return ui.Choice{Field: v.field("target", false), Options: v.targets}
}

func (v *formView) ownerChoice() ui.Choice {
	c := ui.Choice{Field: v.field("owner", true), Options: []ui.Option{{Label: v.say("field.owner-none")}}}
	for _, o := range v.owners {
		c.Options = append(c.Options, ui.Option{Value: o.ID, Label: o.Name})
	}
	return c
}

// measureChoice are the figures that the action could move.
func (v *formView) measureChoice() ui.Choice {
	c := ui.Choice{Field: v.field("measure", true), Options: []ui.Option{{Label: v.say("field.measure-none")}}}
	if v.a != nil && v.a.Measure != nil {
		c.Options = append(c.Options, ui.Option{Value: keep, Label: v.with("field.measure-keep", "what", v.what(&v.a.Measure.Figure), "report", v.a.Measure.Title)})
	}
	if v.found == nil {
		return c
	}
	group := v.with("field.measure-of", "report", v.found.report.Title)
	sent := v.form.Values.Get("measure")
	known := sent == "" || sent == keep
	for _, f := range v.found.figures() {
		known = known || f.Key.String() == sent
		c.Options = append(c.Options, ui.Option{Value: f.Key.String(), Label: v.with("field.measure-now", "what", v.what(&f), "value", v.value(&f, f.Value)), Group: group})
	}
	if key, ok := action.ParseKey(sent); ok && !known { // a figure of a group, from a proposal
		if f, ok := v.found.figure(key); ok {
			c.Options = append(c.Options, ui.Option{Value: sent, Label: v.with("field.measure-now", "what", v.what(&f), "value", v.value(&f, f.Value)), Group: group})
		}
	}
	return c
}

// figure reads a figure of the report or its gap.
func (x *found) figure(k action.Key) (action.Figure, bool) {
	if k.Source == action.FromGap {
		if x.gap == nil {
			return action.Figure{}, false
		}
		return action.ReadGap(x.gap, k, x.names)
	}
	return action.Read(x.findings, k)
}

func (v *formView) directionChoice() ui.Choice {
	return ui.Choice{Field: v.field("direction", false), Inline: true, Options: []ui.Option{{Value: string(action.Up), Label: v.say("direction.up")}, {Value: string(action.Down), Label: v.say("direction.down")}}}
}

// stateChoice asks of a new action whether it is decided.
func (v *formView) stateChoice() ui.Choice {
	return ui.Choice{Field: v.field("state", false), Options: []ui.Option{
		{Value: string(action.Proposed), Label: v.say("state.proposed"), Hint: v.say("field.state-proposed")}, {Value: string(action.Planned), Label: v.say("state.planned"), Hint: v.say("field.state-planned")}}}
}

func (v *formView) goalField() ui.Field {
	f := v.field("goal", true)
	f.InputMode, f.Chars = "decimal", 10
	return f
}

func (v *formView) submit() string {
	switch {
	case v.a == nil:
		return v.say("new.do")
	case v.then != "":
		return v.say("to." + string(v.then))
	}
	return v.say("edit.do")
}
