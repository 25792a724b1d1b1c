package invite

import (
	"cmp"
	"context"
	"net/http"
	"os"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"tekentafel/internal/access"
	"tekentafel/internal/api"
	"tekentafel/internal/problem"
	"tekentafel/internal/survey/invite/frame"
)

const tag = "waves"

// FrameView is what became, or would become, of a file with a frame or of people of the personnel data, as scripts see it. It names nobody.
type FrameView struct {
	Taken     bool          `json:"taken" doc:"False while it was only checked, is being taken by the job, or cannot be taken."`
	Job       string        `json:"job,omitempty" doc:"The job that takes a large file."`
	People    int           `json:"people"`
	LeftOut   int           `json:"left_out"`
	Letters   int           `json:"letters" doc:"People without a mail address."`
	Columns   []ColumnView  `json:"columns"`
	Findings  []FindingView `json:"findings"`
	Proposals []MergeView   `json:"proposals" doc:"Spellings that look like one; none is merged."`
}

// ColumnView is how a column was understood.
type ColumnView struct {
	Heading string `json:"heading"`
	Role    string `json:"role" enum:"ignore,name,first-name,mail,number,language,group"`
	Stratum bool   `json:"stratum"`
}

// FindingView is something to look at.
type FindingView struct {
	Kind   string `json:"kind"`
	Blocks bool   `json:"blocks"`
	Column string `json:"column,omitempty"`
	N      int    `json:"n"`
	Rows   []int  `json:"rows,omitempty" doc:"The first of them, as a spreadsheet counts."`
}

// MergeView is two spellings.
type MergeView struct {
	Column string `json:"column"`
	From   string `json:"from"`
	Into   string `json:"into"`
}

// SummaryView is a frame in numbers.
type SummaryView struct {
	People    int            `json:"people"`
	WithMail  int            `json:"with_mail"`
	Variables []VariableView `json:"variables"`
}

// VariableView is a group variable.
type VariableView struct {
	Heading string      `json:"heading"`
	Stratum bool        `json:"stratum"`
	Values  []ValueView `json:"values" doc:"Values of fewer people than the smallest group are left out for who may not run waves."`
}

// ValueView is a value with how many people have it.
type ValueView struct {
	Value string `json:"value"`
	N     int    `json:"n"`
}

// InvitationsView is how a wave is being told, in numbers that do not depend on who took part.
type InvitationsView struct {
	People   int  `json:"people"`
	WithMail int  `json:"with_mail"`
	NotYet   int  `json:"not_yet"`
	Mailed   int  `json:"mailed"`
	Printed  int  `json:"printed"`
	Back     int  `json:"back" doc:"Invitations by mail that did not arrive."`
	Refused  *int `json:"refused,omitempty" doc:"People who want no more reminders; absent while fewer than the smallest group."`
	Mail     bool `json:"mail" doc:"Whether the installation sends mail."`
}

type (
	byID struct {
		ID string `path:"id"`
	}
	oneBody[T any] struct{ Body T }
	frameForm      struct {
		File    huma.FormFile `form:"file" required:"true" doc:"CSV or XLSX."`
		Groups  []string      `form:"group" required:"false" doc:"Headings that become group variables; absent: those that are recognised."`
		Stratum string        `form:"stratum" required:"false" doc:"The heading of the group variable that becomes the stratum."`
		Confirm bool          `form:"confirm" required:"false" doc:"Take the people; otherwise the file is only checked."`
	}
	frameRequest struct {
		ID      string `path:"id"`
		Key     string `header:"Idempotency-Key" maxLength:"64"`
		RawBody huma.MultipartFormFiles[frameForm]
	}
	staffRequest struct {
		ID   string `path:"id"`
		Key  string `header:"Idempotency-Key" maxLength:"64"`
		Body struct {
			Units     []string `json:"units,omitempty" doc:"Ids of units, as the units of the personnel data have them: who works in them or below; absent: everybody in service."`
			Variables []string `json:"variables,omitempty" enum:"department,unit,function,family,level,work,statute,site,age" maxItems:"8" doc:"What becomes a group variable."`
			Stratum   string   `json:"stratum,omitempty" enum:"department,unit,function,family,level,work,statute,site,age" doc:"The variable that becomes the stratum; one of variables."`
			Confirm   bool     `json:"confirm,omitempty" doc:"Take the people; otherwise they are only checked."`
		}
	}
	sendRequest struct {
		ID  string `path:"id"`
		Key string `header:"Idempotency-Key" maxLength:"64"`
	}
)

// API registers the operations of this package.
func (s *Service) API(a *api.API) {
	about := func(id, summary string, action access.Action) api.About {
		return api.About{ID: id, Summary: summary, Tag: tag, Action: action}
	}
	api.Get(a, "/waves/{id}/people", about("get-wave-people", "Describe the frame of a wave in numbers.", access.ReadWave), s.apiPeople)
	upload := about("upload-wave-people", "Check a file with the people of a draft and, with confirm, take it in the place of those who were there.", access.RunWave)
	upload.Body, upload.Slow = s.MaxUpload+4*maxPart, true
	api.Post(a, "/waves/{id}/people", upload, s.apiUpload)
	staff := about("take-wave-staff", "Check the people of the personnel data for a draft and, with confirm, take them in the place of those who were there. The key needs the scope people.read too; everyone on the list can see that they were read for it.", access.RunWave)
	staff.Slow = true
	api.Post(a, "/waves/{id}/people/staff", staff, s.apiStaff)
	api.Get(a, "/waves/{id}/invitations", about("get-wave-invitations", "Tell how far the invitations are. Nothing of it says who took part.", access.ReadWave), s.apiInvitations)
	send := about("send-wave-invitations", "Mail everyone of an open wave who has an address and was not invited yet.", access.RunWave)
	send.Status = http.StatusAccepted
	api.Post(a, "/waves/{id}/invitations", send, s.apiSend)
}

func (s *Service) apiPeople(ctx context.Context, c api.Caller, in *byID) (*oneBody[SummaryView], error) {
	sum, _, err := s.Summary(ctx, c.Actor, in.ID)
	v := SummaryView{People: sum.People, WithMail: sum.WithMail, Variables: []VariableView{}}
	for _, g := range sum.Variables {
		one := VariableView{Heading: g.Heading, Stratum: g.Stratum, Values: []ValueView{}}
		for _, value := range g.Values {
			one.Values = append(one.Values, ValueView(value))
		}
		v.Variables = append(v.Variables, one)
	}
	return &oneBody[SummaryView]{v}, err
}

func (s *Service) apiInvitations(ctx context.Context, c api.Caller, in *byID) (*oneBody[InvitationsView], error) {
	o, err := s.Overview(ctx, c.Actor, in.ID)
	return &oneBody[InvitationsView]{invitationsViewOf(&o)}, err
}

func invitationsViewOf(o *Overview) InvitationsView {
	v := InvitationsView{People: o.People, WithMail: o.WithMail, NotYet: o.NotYet, Mailed: o.Mailed, Printed: o.Printed, Back: o.Back, Mail: o.MailOn}
	if o.Refused >= 0 {
		v.Refused = &o.Refused
	}
	return v
}

func (s *Service) apiSend(ctx context.Context, c api.Caller, in *sendRequest) (*oneBody[InvitationsView], error) {
	if err := s.Invite(ctx, c.Actor, in.ID, c.Asked(in.Key, in.ID)); err != nil {
		return nil, err
	}
	w, err := s.wave(ctx, c.Actor, access.RunWave, in.ID)
	if err != nil {
		return nil, err
	}
	o, err := s.overview(ctx, s.DB.Of(c.Actor.Tenant), &w)
	return &oneBody[InvitationsView]{invitationsViewOf(&o)}, err
}

func (s *Service) apiUpload(ctx context.Context, c api.Caller, in *frameRequest) (*oneBody[FrameView], error) {
	form := in.RawBody.Data()
	defer func() { _ = in.RawBody.Form.RemoveAll() }() // parts that were too large for memory
	path, err := copyTo(s.Dir, form.File, s.MaxUpload)
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.Remove(path) }()
	id, err := s.Upload(ctx, c.Actor, in.ID, form.File.Filename, path, c.Asked("", nil))
	if err != nil {
		return nil, err
	}
	up, err := s.Uploaded(ctx, c.Actor, in.ID, id)
	if err != nil {
		return nil, err
	}
	plan, err := planOf(up.File, form)
	if err != nil {
		return nil, err
	}
	w, err := s.wave(ctx, c.Actor, access.RunWave, in.ID)
	if err != nil {
		return nil, err
	}
	result := up.File.Check(plan, s.Rules(&w))
	v := frameViewOf(up.File, plan, result)
	if !form.Confirm || result.Blocked() {
		return &oneBody[FrameView]{v}, s.Discard(ctx, c.Actor, in.ID)
	}
	v.Job, err = s.Take(ctx, c.Actor, in.ID, id, plan, c.Asked(in.Key, []any{in.ID, form.File.Filename, form.Groups, form.Stratum}))
	v.Taken = err == nil && v.Job == ""
	// What was taken is no longer waiting; what was refused, or asked for before, is.
	return &oneBody[FrameView]{v}, cmp.Or(err, s.Discard(ctx, c.Actor, in.ID))
}

// planOf is what a script asks for: the columns as they are recognised, with the group variables that it names.
func planOf(f *frame.File, form *frameForm) (frame.Plan, error) {
	plan := f.Guess()
	wrong := &problem.Form{Bundle: locale()}
	known := func(field, heading string) int {
		i := slices.IndexFunc(f.Columns, func(c frame.Column) bool { return c.Heading == heading })
		if i < 0 {
			wrong.Wrong(field, "error.heading", map[string]string{"heading": heading})
		}
		return i
	}
	if len(form.Groups) > 0 {
		for i, r := range plan.Roles {
			if r == frame.Group {
				plan.Roles[i] = frame.Ignore
			}
		}
		for _, heading := range form.Groups {
			if i := known("group", heading); i >= 0 {
				plan.Roles[i] = frame.Group
			}
		}
	}
	if form.Stratum != "" {
		if i := known("stratum", form.Stratum); i >= 0 {
			plan.Roles[i], plan.Stratum = frame.Group, i
		}
	}
	return plan, wrong.Err()
}

func frameViewOf(f *frame.File, plan frame.Plan, r *frame.Result) FrameView {
	v := FrameView{People: len(r.People), LeftOut: r.LeftOut, Letters: r.Letters(), Columns: []ColumnView{}, Findings: []FindingView{}, Proposals: []MergeView{}}
	for i, c := range f.Columns {
		role := string(plan.Roles[i])
		if role == "" {
			role = "ignore"
		}
		v.Columns = append(v.Columns, ColumnView{Heading: c.Heading, Role: role, Stratum: plan.Stratum == i})
	}
	for _, found := range r.Findings {
		one := FindingView{Kind: string(found.Kind), Blocks: found.Kind.Blocks(), Column: found.Column, N: found.N}
		for _, row := range found.Rows {
			one.Rows = append(one.Rows, row.Row)
		}
		v.Findings = append(v.Findings, one)
	}
	for _, m := range r.Proposals {
		v.Proposals = append(v.Proposals, MergeView{Column: m.Column, From: m.From, Into: m.Into})
	}
	return v
}
