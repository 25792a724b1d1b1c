package example

import (
	"context"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/api"
	"tekentafel/internal/problem"
)

const tag = "examples"

type (
	searchRequest struct {
		Text       string `query:"q" maxLength:"200" doc:"Words to look for, in any of the four languages."`
		Family     string `query:"family" doc:"Only of this family of functions."`
		Department string `query:"department" doc:"Only of this department."`
		Task       string `query:"task" doc:"Only of this entry by task."`
	}
	listBody struct {
		Body struct {
			Items []View `json:"items"`
		}
	}
	byID struct {
		ID string `path:"id"`
	}
	oneBody struct{ Body View }
)

// View is an example as scripts see it: one that is shown to everyone. The author is not told.
type View struct {
	ID         string     `json:"id"`
	Title      string     `json:"title"`
	Did        string     `json:"did"`
	Prompt     string     `json:"prompt"`
	Result     string     `json:"result"`
	Watch      string     `json:"watch"`
	Tags       string     `json:"tags,omitempty"`
	Tools      string     `json:"tools,omitempty"`
	Task       string     `json:"task,omitempty"`
	Family     string     `json:"family,omitempty"`
	Department string     `json:"department,omitempty"`
	Lang       string     `json:"lang" enum:"nl,fr,de,en"`
	MadeUp     bool       `json:"made_up,omitempty" doc:"It came with the product."`
	Changed    *time.Time `json:"changed,omitempty"`
}

func viewOf(e *Example) View {
	v := View{ID: e.ID, Title: e.Title, Did: e.Did, Prompt: e.Prompt, Result: e.Result, Watch: e.Watch, Tags: e.Tags, Tools: e.Tools, Task: e.Task, Family: e.Family, Department: e.Department,
		Lang: string(e.Lang), MadeUp: e.IsMadeUp()}
	if !e.Changed.IsZero() {
		v.Changed = &e.Changed
	}
	return v
}

// API registers the operations, for keys that may do an action: to read what everyone sees.
func (s *Service) API(a *api.API, may access.Action) {
	api.Get(a, "/lab/examples", api.About{ID: "list-examples", Tag: tag, Action: may, Summary: "Find examples of colleagues that are shown to everyone, the best first."}, s.apiSearch)
	api.Get(a, "/lab/examples/{id}", api.About{ID: "get-example", Tag: tag, Action: may, Summary: "Tell one example that is shown to everyone."}, s.apiShow)
}

func (s *Service) apiSearch(ctx context.Context, c api.Caller, q *searchRequest) (*listBody, error) {
	list, err := s.Search(ctx, c.Actor.Tenant, Query{Text: q.Text, Family: q.Family, Department: q.Department, Task: q.Task}, c.Lang)
	if err != nil {
		return nil, err
	}
	out := &listBody{}
	out.Body.Items = []View{}
	for i := range list {
		out.Body.Items = append(out.Body.Items, viewOf(&list[i]))
	}
	return out, nil
}

func (s *Service) apiShow(ctx context.Context, c api.Caller, q *byID) (*oneBody, error) {
	// As somebody who offered nothing and reviews nothing.
	e, err := s.Example(ctx, access.Actor{Kind: access.System, Tenant: c.Actor.Tenant}, q.ID, c.Lang)
	if err != nil {
		return nil, err
	}
	if e.State != Shown {
		return nil, refuse(problem.NotFound, "error.gone")
	}
	return &oneBody{viewOf(&e)}, nil
}
