package audit

import (
	"context"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/api"
)

// EntryView is a line of the log as scripts see it.
type EntryView struct {
	ID      string            `json:"id"`
	At      time.Time         `json:"at"`
	Actor   access.Kind       `json:"actor"`
	ActorID string            `json:"actor_id,omitempty"`
	Action  string            `json:"action"`
	Words   string            `json:"words" doc:"The action in the language asked for."`
	Subject string            `json:"subject,omitempty"`
	Account string            `json:"account,omitempty"`
	Detail  map[string]string `json:"detail,omitempty"`
}

type (
	listRequest struct {
		Actor   string    `query:"actor"`
		Account string    `query:"account"`
		Action  string    `query:"action" doc:"The action or its first words."`
		From    time.Time `query:"from"`
		To      time.Time `query:"to"`
		Before  string    `query:"before" doc:"The id of the last entry of the page before."`
		Limit   int       `query:"limit" default:"100" minimum:"1" maximum:"1000"`
	}
	listAnswer struct {
		Body struct {
			Items []EntryView `json:"items"`
			Next  string      `json:"next,omitempty" doc:"Give it as before for the next page."`
		}
	}
)

// API registers the operation that reads the log.
func (l *Log) API(a *api.API) {
	api.Get(a, "/audit", api.About{ID: "list-audit", Summary: "Read the log of who did what, the newest first.", Tag: "audit", Action: access.ReadAudit},
		func(ctx context.Context, c api.Caller, in *listRequest) (*listAnswer, error) {
			list, err := l.List(ctx, c.Actor.Tenant, Filter{Actor: in.Actor, Account: in.Account, Action: in.Action, From: in.From, To: in.To, Before: in.Before}, in.Limit)
			out := &listAnswer{}
			out.Body.Items = []EntryView{}
			for _, e := range list.Entries {
				out.Body.Items = append(out.Body.Items, EntryView{ID: e.ID, At: e.At, Actor: e.Actor, ActorID: e.ActorID, Action: e.Action,
					Words: l.Words(c.Lang, e.Action), Subject: e.Subject, Account: e.Account, Detail: e.Detail})
			}
			if list.Older && len(list.Entries) > 0 {
				out.Body.Next = list.Entries[len(list.Entries)-1].ID
			}
			return out, err
		})
}
