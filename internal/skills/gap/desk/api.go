package desk

import (
	"context"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/api"
	"tekentafel/internal/problem"
	"tekentafel/internal/skills/gap"
)

type (
	gapRequest struct {
		ID string `path:"id" doc:"Of the report."`
	}
	rowsRequest struct {
		ID       string `path:"id" doc:"Of the report."`
		Kind     string `query:"kind" enum:"department,family,function,cell" default:"department" doc:"Of group; a cell is a function in a department."`
		Function string `query:"function" doc:"Only cells of this function."`
		In       string `query:"department" doc:"Only cells of this department."`
		From     int    `query:"from" minimum:"0" doc:"The next of the page before."`
		Limit    int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
	}
	computeRequest struct {
		Key string `header:"Idempotency-Key" maxLength:"64"`
		ID  string `path:"id" doc:"Of the report."`
	}
	apiBody[T any] struct{ Body T }
)

// GapView is a wave that measured skills, as scripts see it.
type GapView struct {
	Report      string    `json:"report"`
	Title       string    `json:"title"`
	Respondents int       `json:"respondents"`
	Synthetic   bool      `json:"synthetic,omitempty"`
	State       string    `json:"state" enum:"none,making,ready,failed" doc:"None was never computed."`
	There       bool      `json:"there" doc:"There is a result: also while a newer one is made."`
	Made        time.Time `json:"made,omitzero"`
}

// GapList is the waves that measured skills, the newest first.
type GapList struct {
	Items []GapView `json:"items"`
}

// GapSummary is a result without its groups.
type GapSummary struct {
	GapView
	Stale    StaleView      `json:"stale" doc:"What differs now from what the result rests on."`
	K        int            `json:"k" doc:"The smallest group that is shown."`
	Staffed  bool           `json:"staffed" doc:"Groups are weighted to the staff list; else to the respondents."`
	Skills   []gap.Measured `json:"skills"`
	Caveats  []gap.Note     `json:"caveats"`
	Whole    *gap.Row       `json:"whole,omitempty"`
	Hidden   gap.Hidden     `json:"hidden"`
	Rankings []gap.Ranking  `json:"rankings,omitempty"`
	Reach    []gap.Reach    `json:"reach,omitempty"`
	Limits   []gap.Limit    `json:"limits,omitempty"`
}

// StaleView is what differs now.
type StaleView struct {
	Needs      bool `json:"needs"`
	Staff      bool `json:"staff"`
	Parameters bool `json:"parameters"`
	Earlier    bool `json:"earlier"`
	Places     bool `json:"places"`
}

// GapRows is a part of the groups of one kind.
type GapRows struct {
	Items []gap.Row `json:"items"`
	Found int       `json:"found" doc:"On all pages."`
	Next  int       `json:"next,omitempty" doc:"Where the next page begins; absent on the last one."`
}

// API registers the operations.
func (s *Service) API(a *api.API) {
	about := func(id, summary string, action access.Action) api.About {
		return api.About{ID: id, Summary: summary, Tag: "skills", Action: action}
	}
	api.Get(a, "/skills/gaps", about("list-gaps", "List the waves that measured skills, and where their gap stands.", reads), s.apiList)
	api.Get(a, "/skills/gaps/{id}", about("get-gap", "Tell what is asked of skills beside what a wave says is there, for everyone, with how it was computed.", reads), s.apiOne)
	api.Get(a, "/skills/gaps/{id}/rows", about("list-gap-rows", "List the groups of one kind that may be shown.", reads), s.apiRows)
	api.Post(a, "/skills/gaps/{id}/confirm", about("confirm-gap-places", "Confirm, for good, that respondents are where the program proposes, and compute the gap of groups.", makes), s.apiConfirm)
	api.Post(a, "/skills/gaps/{id}/compute", about("compute-gap", "Compute the gap of a wave, for the first time or again. What is shown stays until the new is there.", makes), s.apiCompute)
}

func gapView(one *Report, g *row) GapView {
	v := GapView{Report: one.ID, Title: one.Title, Respondents: one.Respondents, Synthetic: one.Synthetic, State: "none", There: g.file != "", Made: g.made}
	if g.state != "" {
		v.State = string(g.state)
	}
	return v
}

func (s *Service) apiList(ctx context.Context, c api.Caller, _ *struct{}) (*apiBody[GapList], error) {
	if err := allow(c.Actor, reads); err != nil {
		return nil, err
	}
	list, err := s.reports(ctx, c.Actor.Tenant)
	if err != nil {
		return nil, err
	}
	gaps, err := rows(ctx, s.DB.Of(c.Actor.Tenant))
	if err != nil {
		return nil, err
	}
	out := GapList{Items: []GapView{}}
	for i := range list {
		g := gaps[list[i].ID]
		out.Items = append(out.Items, gapView(&list[i], &g))
	}
	return &apiBody[GapList]{out}, nil
}

// resultOf returns the board of a report that has a result.
func (s *Service) resultOf(ctx context.Context, c api.Caller, reportID string) (*board, error) {
	if err := allow(c.Actor, reads); err != nil {
		return nil, err
	}
	b, err := s.boardOf(ctx, c.Actor.Tenant, reportID, c.Lang)
	if err == nil && b.x == nil {
		err = refuse(problem.NotFound, "error.nothing-yet", nil)
	}
	return b, err
}

func (s *Service) apiOne(ctx context.Context, c api.Caller, in *gapRequest) (*apiBody[GapSummary], error) {
	b, err := s.resultOf(ctx, c, in.ID)
	if err != nil {
		return nil, err
	}
	g := b.x.Gap
	return &apiBody[GapSummary]{GapSummary{GapView: gapView(&b.report, b.row), Stale: StaleView(b.stale), K: g.K, Staffed: g.Staffed, Skills: g.Skills, Caveats: g.Caveats,
		Whole: g.Whole, Hidden: g.Hidden, Rankings: g.Rankings, Reach: g.Reach, Limits: g.Limits}}, nil
}

func (s *Service) apiRows(ctx context.Context, c api.Caller, in *rowsRequest) (*apiBody[GapRows], error) {
	b, err := s.resultOf(ctx, c, in.ID)
	if err != nil {
		return nil, err
	}
	list := map[gap.Kind][]gap.Row{gap.ByDepartment: b.x.Departments, gap.ByFamily: b.x.Families, gap.ByFunction: b.x.Functions, gap.ByCell: b.x.Cells}[gap.Kind(in.Kind)]
	if gap.Kind(in.Kind) == gap.ByCell && in.Function+in.In != "" {
		list = b.cells(in.Function, in.In)
	}
	out := GapRows{Items: []gap.Row{}, Found: len(list)}
	from := min(in.From, len(list))
	to := min(len(list), from+in.Limit)
	out.Items = append(out.Items, list[from:to]...)
	if to < len(list) {
		out.Next = to
	}
	return &apiBody[GapRows]{out}, nil
}

// cells are those of a function, of a department, or of both.
func (b *board) cells(function, department string) []gap.Row {
	var out []gap.Row
	for i := range b.x.Cells {
		if c := &b.x.Cells[i]; (function == "" || c.Function == function) && (department == "" || c.Department == department) {
			out = append(out, *c)
		}
	}
	return out
}

func (s *Service) apiCompute(ctx context.Context, c api.Caller, in *computeRequest) (*apiBody[GapView], error) {
	if err := s.Ask(ctx, c.Actor, in.ID, c.Asked(in.Key, in.ID)); err != nil {
		return nil, err
	}
	return s.apiStands(ctx, c, in.ID)
}

func (s *Service) apiConfirm(ctx context.Context, c api.Caller, in *computeRequest) (*apiBody[GapView], error) {
	if err := allow(c.Actor, makes); err != nil {
		return nil, err
	}
	if err := s.Confirm(ctx, c.Actor, in.ID, c.Asked(in.Key, "confirm "+in.ID)); err != nil {
		return nil, err
	}
	return s.apiStands(ctx, c, in.ID)
}

func (s *Service) apiStands(ctx context.Context, c api.Caller, reportID string) (*apiBody[GapView], error) {
	one, err := s.report(ctx, c.Actor.Tenant, reportID)
	if err != nil {
		return nil, err
	}
	g, err := rowOf(ctx, s.DB.Of(c.Actor.Tenant), reportID)
	if err != nil {
		return nil, err
	}
	return &apiBody[GapView]{gapView(&one, &g)}, nil
}
