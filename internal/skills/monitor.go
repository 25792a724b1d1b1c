package skills

import (
	"context"

	"tekentafel/internal/access"
	"tekentafel/internal/instrument"
	"tekentafel/internal/skills/own"
	"tekentafel/internal/tenant"
)

// AfterMonitor returns what people of an organisation are offered after a questionnaire that asked them about their skills: their own profile.
// It is nil where nothing of that was asked.
func (s *Service) AfterMonitor(t tenant.ID, in *instrument.Instrument, lang instrument.Lang) (*own.Handover, error) {
	return s.own.AfterMonitor(t, in, lang)
}

// OpenPoster opens the link by which people without an account come to the check, unless it is open, and returns its path.
func (s *Service) OpenPoster(ctx context.Context, actor access.Actor) (string, error) {
	return s.own.OpenPoster(ctx, actor)
}
