package gateway

import (
	"context"
	"encoding/json"
	"strings"

	"tekentafel/internal/db"
	"tekentafel/internal/people/scim"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

// Held implements held.Holder: what the directory says of the owner of an account.
func (g *Gateway) Held(ctx context.Context, t tenant.ID, account string) ([]held.Section, error) {
	traces, err := g.Registry.About(ctx, t, account)
	if err != nil || len(traces) == 0 {
		return nil, err
	}
	section := held.Section{Name: "directory", Title: say("held.title")}
	for _, x := range traces {
		text, err := json.Marshal(x.Resource)
		if err != nil {
			return nil, err
		}
		section.Rows = append(section.Rows, held.Row{Source: x.Source, Label: say("held.said"), Value: string(text), When: x.At})
		if len(x.Groups) > 0 {
			section.Rows = append(section.Rows, held.Row{Source: x.Source, Label: say("held.groups"), Value: strings.Join(x.Groups, ", ")})
		}
	}
	return []held.Section{section}, nil
}

// Effects implements held.Eraser.
func (*Gateway) Effects() held.Effects {
	return held.Effects{Goes: []problem.Message{say("held.goes")}, Stays: []held.Stays{{What: say("held.stays"), Why: say("held.stays-why")}}}
}

// Erase implements held.Eraser.
func (g *Gateway) Erase(ctx context.Context, s *db.Scope, account string) error {
	return g.Registry.Forget(ctx, s, account)
}

// Kept says how long it is kept that the directory deleted somebody, so that who comes back gets their own account.
func (*Gateway) Kept() held.Kept {
	return held.Fill(held.Kept{Name: "directory-outs", Label: say("kept.title"), Basis: say("kept.why"), Default: 365, Minimum: 30, Maximum: 3650}, scim.Outs())
}
