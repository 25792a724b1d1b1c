package evidence

import (
	"context"

	"tekentafel/internal/api"
)

type evidenceBody struct{ Body *Evidence }

// API makes the operations known.
func (s *Service) API(a *api.API) {
	api.Get(a, "/evidence", api.About{ID: "get-evidence", Tag: "evidence", Action: reads,
		Summary: "Tell what shows that measures for AI literacy were taken (AI Act, article 4), in numbers of groups, with what is missing."},
		func(ctx context.Context, c api.Caller, _ *struct{}) (*evidenceBody, error) {
			e, err := s.Evidence(ctx, c.Actor, c.Org.Name)
			return &evidenceBody{e}, err
		})
}
