package insight

import (
	"context"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/api"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

type (
	useRequest struct {
		Month string `query:"month" maxLength:"7" doc:"Such as 2026-11; the last month that is closed when absent."`
	}
	apiBody[T any] struct{ Body T }
)

// UseView is a closed month as scripts see it.
type UseView struct {
	Month  string    `json:"month"`
	Closed time.Time `json:"closed"`
	*Figures
}

// MonthsView lists the months that are closed.
type MonthsView struct {
	Months []string `json:"months" doc:"The last first."`
}

// API registers the operations.
func (s *Service) API(a *api.API) {
	about := func(id, summary string) api.About {
		return api.About{ID: id, Summary: summary, Tag: "gateway", Action: access.ReadUse}
	}
	api.Get(a, "/gateway/insight", about("get-use-of-models", "Tell how many people used models in a month, in groups large enough."), s.apiMonth)
	api.Get(a, "/gateway/insight/months", about("list-use-of-models", "List the months of which figures are there."), s.apiMonths)
}

func (s *Service) apiMonth(ctx context.Context, c api.Caller, in *useRequest) (*apiBody[UseView], error) {
	if !access.Can(c.Actor, access.ReadUse, access.Resource{Tenant: c.Actor.Tenant}) {
		return nil, problem.New(problem.Forbidden, locale(), "error.month", nil)
	}
	v, err := s.read(ctx, c.Actor.Tenant, Month(in.Month), c.Lang)
	if err != nil {
		return nil, err
	}
	if v.Figures == nil {
		return nil, refuseMonth()
	}
	return &apiBody[UseView]{UseView{Month: string(v.month), Closed: v.closed, Figures: v.Figures}}, nil
}

func (s *Service) apiMonths(ctx context.Context, c api.Caller, _ *struct{}) (*apiBody[MonthsView], error) {
	list, err := s.closedMonths(ctx, c.Actor.Tenant)
	if err != nil {
		return nil, err
	}
	out := MonthsView{Months: []string{}}
	for _, m := range list {
		out.Months = append(out.Months, string(m))
	}
	return &apiBody[MonthsView]{out}, nil
}

// Reached is how many people used models in a closed month: reach, as evidence of measures taken.
type Reached struct {
	Month  Month
	Closed time.Time
	K      int
	Few    bool // fewer than K people, nothing more is told
	People People
	Heads  int // people in service; 0 when not known
	Days   int // on which each of them did, together
	Tasks  []Item
}

// Reach returns the reach of each closed month, the last first, up to a number of months.
func (s *Service) Reach(ctx context.Context, t tenant.ID, most int) ([]Reached, error) {
	list, err := s.closedMonths(ctx, t)
	if err != nil {
		return nil, err
	}
	var out []Reached
	for _, m := range list[:min(len(list), max(most, 0))] {
		f, closed, err := s.figures(ctx, t, m)
		if err != nil {
			return nil, err
		}
		out = append(out, Reached{Month: m, Closed: closed, K: f.K, Few: f.Few, People: f.People, Heads: f.Heads, Days: f.Days, Tasks: f.Tasks})
	}
	return out, nil
}
