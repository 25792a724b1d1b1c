package skills

import (
	"context"

	"tekentafel/internal/skills/needs/demand"
	"tekentafel/internal/skills/own"
	"tekentafel/internal/tenant"
)

// Map is the map of needs as the pages of the own profile want it. Package needs implements it.
type Map interface {
	// For returns what a function requires in a unit, "" for any. ok is false when there is no such function.
	For(ctx context.Context, t tenant.ID, function, unit string) (list []demand.Need, ok bool, err error)
}

// FromMap tells people what their function asks, as far as somebody decided on it: what the rules alone propose is not told as asked. A
// level that was set by hand comes without the reason, which was written for colleagues of HR.
func FromMap(m Map) own.Needs { return decided{m} }

type decided struct{ m Map }

// Required implements own.Needs.
func (d decided) Required(ctx context.Context, t tenant.ID, function, unit string) (map[string]own.Need, bool, error) {
	list, known, err := d.m.For(ctx, t, function, unit)
	if err != nil || !known {
		return nil, false, err
	}
	out := map[string]own.Need{}
	for i := range list {
		n := &list[i]
		if !n.Set {
			continue
		}
		need := own.Need{Level: n.Level}
		for _, r := range n.Reasons {
			if n.Override == nil && r.Level == n.Level {
				need.Reasons = append(need.Reasons, r.Text)
			}
		}
		out[n.Skill] = need
	}
	return out, len(out) > 0, nil
}
