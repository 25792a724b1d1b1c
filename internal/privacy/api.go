package privacy

import (
	"context"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/api"
)

// ForecastView is a kind of data with what a run would delete, as scripts see it.
type ForecastView struct {
	Kind   string     `json:"kind"`
	Label  string     `json:"label" doc:"In the language asked for."`
	Days   int        `json:"days" doc:"How long it stays."`
	Rows   int        `json:"rows" doc:"How much there is."`
	Goes   int        `json:"goes" doc:"How much is past its period."`
	Oldest *time.Time `json:"oldest,omitempty"`
}

// DeletedView is how much of a kind was deleted.
type DeletedView struct {
	Kind string `json:"kind"`
	Rows int    `json:"rows"`
}

type (
	forecastAnswer struct {
		Body struct {
			Items []ForecastView `json:"items"`
		}
	}
	periodsRequest struct {
		Body struct {
			Days map[string]int `json:"days" doc:"Days by kind; kinds that are left out keep theirs."`
		}
	}
	deletedAnswer struct {
		Body struct {
			Items []DeletedView `json:"items"`
		}
	}
)

// API registers the operations on retention.
func (p *Retention) API(a *api.API) {
	about := func(id, summary string, action access.Action) api.About {
		return api.About{ID: id, Summary: summary, Tag: "retention", Action: action}
	}
	api.Get(a, "/retention", about("forecast-retention", "Tell, for each kind of data, how long it stays and what a run now would delete.", access.ReadRetention),
		func(ctx context.Context, c api.Caller, _ *struct{}) (*forecastAnswer, error) {
			return p.forecast(ctx, c)
		})
	api.Put(a, "/retention", about("set-retention", "Set how long kinds of data stay.", access.ChangeRetention),
		func(ctx context.Context, c api.Caller, in *periodsRequest) (*forecastAnswer, error) {
			if err := p.SetPeriods(ctx, c.Actor.Tenant, c.Actor, in.Body.Days); err != nil {
				return nil, err
			}
			return p.forecast(ctx, c)
		})
	api.Post(a, "/retention/run", about("apply-retention", "Delete what is past its period, now.", access.ChangeRetention),
		func(ctx context.Context, c api.Caller, _ *struct{}) (*deletedAnswer, error) {
			list, err := p.Apply(ctx, c.Actor.Tenant, c.Actor)
			out := &deletedAnswer{}
			out.Body.Items = []DeletedView{}
			for _, d := range list {
				out.Body.Items = append(out.Body.Items, DeletedView(d))
			}
			return out, err
		})
}

func (p *Retention) forecast(ctx context.Context, c api.Caller) (*forecastAnswer, error) {
	list, err := p.DryRun(ctx, c.Actor.Tenant, c.Actor)
	out := &forecastAnswer{}
	out.Body.Items = []ForecastView{}
	for i := range list {
		f := &list[i]
		v := ForecastView{Kind: f.Name, Label: f.Label.In(c.Lang), Days: f.Days, Rows: f.Rows, Goes: f.Goes}
		if !f.Oldest.IsZero() {
			v.Oldest = &f.Oldest
		}
		out.Body.Items = append(out.Body.Items, v)
	}
	return out, err
}
