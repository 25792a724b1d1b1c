package desk

import (
	"net/url"
	"slices"
	"strings"

	"tekentafel/internal/action"
	"tekentafel/internal/action/propose"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// targetValue is an audience as a form sends it.
func targetValue(t *action.Target) string {
	return strings.Join([]string{url.QueryEscape(string(t.Kind)), url.QueryEscape(t.Variable), url.QueryEscape(t.Value)}, "~")
}

// targets are the audiences that a form offers: everyone, the groups of a report, the places of the staff list, and what stands already. f and
// kept may be nil.
func (d *Desk) targets(r *web.Request, f *findings.Findings, kept *action.Target) ([]action.Target, error) {
	out := []action.Target{{Kind: action.Everyone}, {Kind: action.NonUsers}, {Kind: action.FieldWork}}
	has := func(t *action.Target) bool {
		return slices.ContainsFunc(out, func(x action.Target) bool { return targetValue(&x) == targetValue(t) })
	}
	if f != nil {
		for _, t := range propose.Targets(f) {
			if !has(&t) {
				out = append(out, t)
			}
		}
	}
	if d.Places != nil {
		list, err := d.Places.Places(r.Context(), d.Actions.DB.Of(r.Actor.Tenant))
		if err != nil {
			return nil, err
		}
		for _, p := range list {
			t := action.Target{Kind: p.Kind, Value: p.ID, Name: plainText(p.Name)}
			named := slices.ContainsFunc(out, func(x action.Target) bool {
				return x.Kind == t.Kind && strings.EqualFold(x.Name.In(r.Lang), p.Name)
			})
			if !named && !has(&t) {
				out = append(out, t)
			}
		}
	}
	if kept != nil && kept.Kind != "" && kept.Kind != action.Other && !has(kept) {
		out = append(out, *kept)
	}
	return append(out, action.Target{Kind: action.Other}), nil
}

// audiences are the options of a list of audiences.
func (d *Desk) audiences(r *web.Request, f *findings.Findings, kept *action.Target) ([]ui.Option, error) {
	list, err := d.targets(r, f, kept)
	if err != nil {
		return nil, err
	}
	w := in(r)
	out := make([]ui.Option, len(list))
	for i := range list {
		t := &list[i]
		out[i] = ui.Option{Value: targetValue(t), Label: w.target(t), Group: w.say("audience.by-" + string(t.Kind))}
		if !t.Kind.Named() || t.Kind == action.Other {
			out[i].Label, out[i].Group = w.say("audience."+string(t.Kind)), ""
		}
	}
	// The options of one group follow each other, and those without one come first; "in words" stays at the end.
	last := len(out) - 1
	slices.SortStableFunc(out[:last], func(a, b ui.Option) int { return strings.Compare(a.Group, b.Group) })
	return out, nil
}

// target is the audience that a form sent. What is no audience is one that the domain refuses.
func (d *Desk) target(r *web.Request, value, name string, f *findings.Findings, kept *action.Target) (action.Target, error) {
	list, err := d.targets(r, f, kept)
	if err != nil {
		return action.Target{}, err
	}
	i := slices.IndexFunc(list, func(t action.Target) bool { return targetValue(&t) == value })
	switch {
	case i < 0:
		return action.Target{}, nil
	case list[i].Kind == action.Other:
		return action.Target{Kind: action.Other, Name: plainText(name)}, nil
	}
	return list[i], nil
}
