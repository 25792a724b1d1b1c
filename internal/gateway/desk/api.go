package desk

import (
	"context"
	"time"

	"tekentafel/internal/api"
	"tekentafel/internal/gateway/limits"
)

const tag = "gateway"

type listBody[T any] struct {
	Body struct {
		Items []T `json:"items"`
	}
}

// LimitView is a limit as scripts see it.
type LimitView struct {
	ID      string    `json:"id"`
	Version int64     `json:"version"`
	Kind    string    `json:"kind" enum:"organisation,team,key,person"`
	Subject string    `json:"subject,omitempty" doc:"Unit, key or account; absent for each of that kind, and for the organisation."`
	Group   string    `json:"group,omitempty" doc:"Of models; absent for all models together."`
	Period  string    `json:"period" enum:"day,week,month,ever"`
	Unit    string    `json:"unit" enum:"euro,tokens"`
	Most    int64     `json:"most" doc:"In nano-euro (0.000000001 euro) or tokens."`
	Ask     string    `json:"ask,omitempty"`
	Reason  string    `json:"reason"`
	Since   time.Time `json:"since"`
}

// StateView is how a limit stands as scripts see it.
type StateView struct {
	Limit   string    `json:"limit"`
	Kind    string    `json:"kind" enum:"organisation,team,key"`
	Subject string    `json:"subject,omitempty"`
	Name    string    `json:"name,omitempty" doc:"Of the unit."`
	Level   string    `json:"level" enum:"fine,near,full" doc:"Near from 80 percent on."`
	Percent *int      `json:"percent,omitempty" doc:"Used, in steps of ten rounded down. Absent where it would be about too few people."`
	Resets  time.Time `json:"resets,omitzero"`
}

// API registers the operations.
func (d *Desk) API(a *api.API) {
	about := func(id, summary string) api.About {
		return api.About{ID: id, Summary: summary, Tag: tag, Action: reads}
	}
	api.Get(a, "/gateway/limits", about("list-limits", "List the limits that hold. People set and change them; a key cannot."), d.apiLimits)
	api.Get(a, "/gateway/limits/state", about("list-limit-states", "Tell how the limits of the organisation, teams and keys stand; never what one person used."), d.apiStates)
}

func (d *Desk) apiLimits(ctx context.Context, c api.Caller, _ *struct{}) (*listBody[LimitView], error) {
	list, err := d.Limits.List(ctx, c.Actor)
	if err != nil {
		return nil, err
	}
	out := &listBody[LimitView]{}
	out.Body.Items = []LimitView{}
	for i := range list {
		out.Body.Items = append(out.Body.Items, limitView(&list[i]))
	}
	return out, nil
}

func limitView(l *limits.Limit) LimitView {
	return LimitView{ID: l.ID, Version: l.Version, Kind: string(l.Kind), Subject: l.Subject, Group: l.Group, Period: string(l.Period), Unit: string(l.Unit), Most: l.Most, Ask: l.Ask, Reason: l.Reason, Since: l.At}
}

func (d *Desk) apiStates(ctx context.Context, c api.Caller, _ *struct{}) (*listBody[StateView], error) {
	list, err := d.Limits.Standings(ctx, c.Actor)
	if err != nil {
		return nil, err
	}
	out := &listBody[StateView]{}
	out.Body.Items = []StateView{}
	for i := range list {
		s := &list[i]
		if s.Subject == "" && s.Kind != "organisation" { // a limit for each says nothing by itself
			continue
		}
		v := StateView{Limit: s.ID, Kind: string(s.Kind), Subject: s.Subject, Name: s.Name, Level: levelName(s.Level), Resets: s.Resets}
		if s.Shown {
			v.Percent = &s.Percent
		}
		out.Body.Items = append(out.Body.Items, v)
	}
	return out, nil
}
