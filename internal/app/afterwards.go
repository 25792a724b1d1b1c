package app

import (
	"context"

	"tekentafel/internal/instrument"
	"tekentafel/internal/skills/own"
	"tekentafel/internal/survey/answering"
	"tekentafel/internal/tenant"
)

// afterWaves offers who handed in a wave their own profile.
type afterWaves struct{ app *App }

// After implements answering.Afterwards.
func (a afterWaves) After(t tenant.ID, in *instrument.Instrument, lang instrument.Lang) (*answering.Offer, error) {
	h, err := a.app.Skills.AfterMonitor(t, in, lang)
	if err != nil || h == nil {
		return nil, err
	}
	return offerOf(h), nil
}

// ToldAt implements survey.Told.
func (a afterWaves) ToldAt(ctx context.Context, t tenant.ID, report string) (string, error) {
	return a.app.Actions.ToldAt(ctx, t, report)
}

func offerOf(h *own.Handover) *answering.Offer {
	out := &answering.Offer{Address: h.Address, Title: h.Title, Text: h.Text, More: h.More, Details: h.Details, Do: h.Do, Shared: h.Shared, Until: h.Until}
	for _, f := range h.Fixed {
		out.Fixed = append(out.Fixed, answering.Fixed(f))
	}
	for _, s := range h.Steps {
		out.Steps = append(out.Steps, answering.Derived{Summary: s})
	}
	for _, s := range h.Extra {
		out.Steps = append(out.Steps, answering.Derived{Summary: s, Extra: true})
	}
	return out
}
