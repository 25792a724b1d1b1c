package jobs

import (
	"context"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/api"
	"tekentafel/internal/instrument"
)

// View is a job as scripts see it.
type View struct {
	ID       string     `json:"id"`
	Kind     string     `json:"kind"`
	Subject  string     `json:"subject,omitempty" doc:"What it works on."`
	State    State      `json:"state" enum:"waiting,running,done,failed,cancelled"`
	Attempt  int        `json:"attempt"`
	Stage    string     `json:"stage,omitempty"`
	Done     int64      `json:"done"`
	Total    int64      `json:"total" doc:"0 while unknown."`
	Problem  string     `json:"problem,omitempty" doc:"What went wrong last, in the language asked for."`
	Created  time.Time  `json:"created"`
	Started  *time.Time `json:"started,omitempty"`
	Finished *time.Time `json:"finished,omitempty"`
}

func viewOf(j *Job, lang instrument.Lang) View {
	v := View{ID: j.ID, Kind: j.Kind, Subject: j.Subject, State: j.State, Attempt: j.Attempt, Stage: j.Stage, Done: j.Done, Total: j.Total,
		Problem: j.Trouble.In(lang), Created: j.Created}
	if !j.Started.IsZero() {
		v.Started = &j.Started
	}
	if !j.Finished.IsZero() {
		v.Finished = &j.Finished
	}
	return v
}

type (
	byIDRequest struct {
		ID string `path:"id"`
	}
	listRequest struct {
		Before string `query:"before" doc:"The id of the last job of the page before."`
		Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"200"`
	}
	listAnswer struct {
		Body struct {
			Items []View `json:"items"`
			Next  string `json:"next,omitempty" doc:"Give it as before for the next page."`
		}
	}
	answer struct{ Body View }
)

// API registers the operations on background work.
func (q *Queue) API(a *api.API) {
	about := func(id, summary string, action access.Action) api.About {
		return api.About{ID: id, Summary: summary, Tag: "jobs", Action: action}
	}
	api.Get(a, "/jobs", about("list-jobs", "List background work, the newest first.", access.ReadJob),
		func(ctx context.Context, c api.Caller, in *listRequest) (*listAnswer, error) {
			list, err := q.List(ctx, c.Actor, in.Before, in.Limit+1)
			out := &listAnswer{}
			out.Body.Items = []View{}
			if len(list) > in.Limit {
				list = list[:in.Limit]
				out.Body.Next = list[in.Limit-1].ID
			}
			for i := range list {
				out.Body.Items = append(out.Body.Items, viewOf(&list[i], c.Lang))
			}
			return out, err
		})
	api.Get(a, "/jobs/{id}", about("get-job", "Tell how far a job is.", access.ReadJob),
		func(ctx context.Context, c api.Caller, in *byIDRequest) (*answer, error) {
			j, err := q.Get(ctx, c.Actor, in.ID)
			if err != nil {
				return nil, err
			}
			return &answer{viewOf(j, c.Lang)}, nil
		})
	api.Delete(a, "/jobs/{id}", about("stop-job", "Stop a job that waits or runs.", access.StopJob),
		func(ctx context.Context, c api.Caller, in *byIDRequest) (*struct{}, error) {
			return nil, q.Stop(ctx, c.Actor, in.ID)
		})
}
