package report

import (
	"context"
	"mime"
	"net/http"
	"os"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"tekentafel/internal/access"
	"tekentafel/internal/api"
	"tekentafel/internal/instrument"
)

const tag = "reports"

// ReportView is a report as scripts see it.
type ReportView struct {
	ID          string     `json:"id"`
	Title       string     `json:"title"`
	Wave        string     `json:"wave"`
	Answers     string     `json:"answers,omitempty" doc:"Id of the stored answers; absent once they are deleted."`
	State       State      `json:"state" enum:"making,ready,failed"`
	Job         string     `json:"job,omitempty"`
	Respondents int        `json:"respondents"`
	Synthetic   bool       `json:"synthetic"`
	Options     Options    `json:"options"`
	Problem     string     `json:"problem,omitempty" doc:"Why it could not be made, in the language asked for."`
	Published   *time.Time `json:"published,omitempty"`
	Created     time.Time  `json:"created"`
	Version     int64      `json:"version"`
}

func viewOf(r *Report, lang instrument.Lang) ReportView {
	v := ReportView{ID: r.ID, Title: r.Title, Wave: r.Wave, Answers: r.Source, State: r.State, Job: r.Job, Respondents: r.Respondents,
		Synthetic: r.Synthetic, Options: r.Options, Problem: r.Trouble.In(lang), Created: r.Created, Version: r.Version}
	if !r.Published.IsZero() {
		v.Published = &r.Published
	}
	return v
}

// SourceView is stored answers as scripts see them.
type SourceView struct {
	ID          string    `json:"id"`
	Name        string    `json:"name"`
	Instrument  string    `json:"instrument"`
	Version     string    `json:"version"`
	FileName    string    `json:"file_name"`
	Size        int64     `json:"size" doc:"Bytes."`
	Respondents int       `json:"respondents"`
	Synthetic   bool      `json:"synthetic"`
	Quality     Quality   `json:"quality"`
	Created     time.Time `json:"created"`
}

func sourceViewOf(s *Source) SourceView {
	return SourceView{ID: s.ID, Name: s.Name, Instrument: s.Instrument, Version: s.Version, FileName: s.FileName, Size: s.Size,
		Respondents: s.Respondents, Synthetic: s.Synthetic, Quality: s.Quality, Created: s.Created}
}

// LinkView is a link to a report as scripts see it.
type LinkView struct {
	ID      string     `json:"id"`
	Note    string     `json:"note"`
	Created time.Time  `json:"created"`
	Expires time.Time  `json:"expires"`
	Revoked *time.Time `json:"revoked,omitempty"`
	URL     string     `json:"url,omitempty" doc:"Only in the answer to making it: it is not kept."`
}

func linkViewOf(l *Link) LinkView {
	v := LinkView{ID: l.ID, Note: l.Note, Created: l.Created, Expires: l.Expires}
	if !l.Revoked.IsZero() {
		v.Revoked = &l.Revoked
	}
	return v
}

type (
	nothing struct{}
	byID    struct {
		ID string `path:"id"`
	}
	byLink struct {
		ID   string `path:"id"`
		Link string `path:"link"`
	}
	oneBody[T any]  struct{ Body T }
	listBody[T any] struct {
		Body struct {
			Items []T `json:"items"`
		}
	}
	makeRequest struct {
		Key  string `header:"Idempotency-Key" maxLength:"64"`
		Body struct {
			Answers    string   `json:"answers" doc:"Id of the stored answers."`
			Title      string   `json:"title" maxLength:"120"`
			Wave       string   `json:"wave" maxLength:"120"`
			Population int      `json:"population,omitempty" minimum:"0"`
			By         []string `json:"by,omitempty" doc:"Background variables to break down by; absent: those of the questionnaire; \"none\": no breakdown."`
			Trim       float64  `json:"trim,omitempty" minimum:"0"`
		}
	}
	renameRequest struct {
		ID   string `path:"id"`
		Body struct {
			Title   string `json:"title" maxLength:"120"`
			Version int64  `json:"version" doc:"The version that the change is made on."`
		}
	}
	shareRequest struct {
		ID   string `path:"id"`
		Key  string `header:"Idempotency-Key" maxLength:"64"`
		Body struct {
			Note string `json:"note,omitempty" maxLength:"120"`
			Days int    `json:"days" minimum:"1" maximum:"365"`
		}
	}
	downloadRequest struct {
		ID     string `path:"id"`
		Format string `path:"format" enum:"html,pdf,factsheet,factsheet-pdf,xlsx,json"`
		Lang   string `query:"lang" enum:"nl,fr,de,en" default:"nl"`
	}
	downloadAnswer struct {
		Type        string `header:"Content-Type"`
		Disposition string `header:"Content-Disposition"`
		Policy      string `header:"Content-Security-Policy"`
		Body        []byte
	}
	uploadForm struct {
		Name          string        `form:"name" required:"true" maxLength:"120"`
		Instrument    string        `form:"instrument" required:"false" doc:"The name of a built-in questionnaire; leave it out when you send a questionnaire."`
		File          huma.FormFile `form:"file" required:"true" doc:"CSV, XLSX or Parquet."`
		Questionnaire huma.FormFile `form:"questionnaire" required:"false" doc:"YAML."`
		Mapping       huma.FormFile `form:"mapping" required:"false" doc:"YAML."`
		Margins       huma.FormFile `form:"margins" required:"false" doc:"CSV."`
		LimeSurvey    huma.FormFile `form:"limesurvey" required:"false" doc:"The structure of a LimeSurvey survey (.lss). With it, file is LimeSurvey's export of the responses as CSV, and no questionnaire is needed."`
		Background    string        `form:"background" required:"false" maxLength:"500" doc:"Codes of LimeSurvey questions about people themselves, between commas: the report breaks down by them."`
	}
	uploadRequest struct {
		Key     string `header:"Idempotency-Key" maxLength:"64"`
		RawBody huma.MultipartFormFiles[uploadForm]
	}
)

// API registers the operations of this feature.
func (s *Service) API(a *api.API, absolute func(path string) string) {
	about := func(id, summary string, action access.Action) api.About {
		return api.About{ID: id, Summary: summary, Tag: tag, Action: action}
	}
	api.Get(a, "/answers", about("list-answers", "List stored answers, the newest first.", access.ReadSource), s.apiSources)
	add := about("add-answers", "Upload answers; they are read and checked at once.", access.AddSource)
	add.Status, add.Body, add.Slow = http.StatusCreated, s.MaxUpload+4*maxPart, true
	api.Post(a, "/answers", add, s.apiAddSource)
	api.Get(a, "/answers/{id}", about("get-answers", "Describe stored answers and what was understood of them.", access.ReadSource), s.apiSource)
	api.Delete(a, "/answers/{id}", about("delete-answers", "Delete stored answers for good; reports made from them stay.", access.DeleteSource), s.apiDeleteSource)

	api.Get(a, "/reports", about("list-reports", "List the reports that the key may read, the newest first.", access.ReadReport), s.apiReports)
	start := about("make-report", "Start to compute a report from stored answers; ask for it again until its state is ready or failed.", access.MakeReport)
	start.Status = http.StatusAccepted
	api.Post(a, "/reports", start, s.apiMake)
	api.Get(a, "/reports/{id}", about("get-report", "Describe a report.", access.ReadReport), s.apiReport)
	api.Put(a, "/reports/{id}/title", about("rename-report", "Give a report another title.", access.ChangeReport), s.apiRename)
	api.Delete(a, "/reports/{id}", about("delete-report", "Delete a report and its links for good.", access.ChangeReport), s.apiDelete)
	api.Put(a, "/reports/{id}/published", about("publish-report", "Show a report to all staff.", access.PublishReport), s.apiPublish)
	api.Delete(a, "/reports/{id}/published", about("withdraw-report", "Hide a report from staff again.", access.PublishReport), s.apiWithdraw)
	down := about("download-report", "Download a report in a format and a language.", access.ReadReport)
	down.Slow = true
	api.Get(a, "/reports/{id}/files/{format}", down, s.apiDownload)

	s.packageAPI(a)

	api.Get(a, "/reports/{id}/links", about("list-report-links", "List the links to a report.", access.ShareReport), s.apiLinks)
	share := about("share-report", "Make a link by which anyone may read a report.", access.ShareReport)
	share.Status = http.StatusCreated
	api.Post(a, "/reports/{id}/links", share, func(ctx context.Context, c api.Caller, in *shareRequest) (*oneBody[LinkView], error) {
		l, token, err := s.Share(ctx, c.Actor, in.ID, in.Body.Note, in.Body.Days, c.Asked(in.Key, []any{in.ID, in.Body}))
		v := linkViewOf(&l)
		if token != "" {
			v.URL = absolute("/s/" + token)
		}
		return &oneBody[LinkView]{v}, err
	})
	api.Delete(a, "/reports/{id}/links/{link}", about("revoke-report-link", "End a link at once.", access.ShareReport), s.apiRevoke)
}

func (s *Service) apiSources(ctx context.Context, c api.Caller, _ *nothing) (*listBody[SourceView], error) {
	list, err := s.Sources(ctx, c.Actor)
	out := &listBody[SourceView]{}
	out.Body.Items = []SourceView{}
	for i := range list {
		out.Body.Items = append(out.Body.Items, sourceViewOf(&list[i]))
	}
	return out, err
}

func (s *Service) apiSource(ctx context.Context, c api.Caller, in *byID) (*oneBody[SourceView], error) {
	src, err := s.Source(ctx, c.Actor, in.ID)
	return &oneBody[SourceView]{sourceViewOf(&src)}, err
}

func (s *Service) apiDeleteSource(ctx context.Context, c api.Caller, in *byID) (*nothing, error) {
	return nil, s.DeleteSource(ctx, c.Actor, in.ID)
}

func (s *Service) apiAddSource(ctx context.Context, c api.Caller, in *uploadRequest) (*oneBody[SourceView], error) {
	form := in.RawBody.Data()
	defer func() { _ = in.RawBody.Form.RemoveAll() }() // parts that were too large for memory
	path, err := copyTo(s.Dir, form.File, s.MaxUpload)
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.Remove(path) }()
	input := SourceInput{Name: form.Name, Instrument: form.Instrument, FileName: form.File.Filename, File: path}
	for _, part := range []struct {
		name string
		from *huma.FormFile
		to   *[]byte
	}{{"questionnaire", &form.Questionnaire, &input.Questionnaire}, {"mapping", &form.Mapping, &input.Mapping}, {"margins", &form.Margins, &input.Margins},
		{"limesurvey", &form.LimeSurvey, &input.LimeSurvey.Structure}} {
		if part.from.IsSet {
			if *part.to, err = readPart(part.from, part.name); err != nil {
				return nil, err
			}
		}
	}
	input.LimeSurvey.Background, input.LimeSurvey.Lang = codesIn(form.Background), c.Lang
	input.Asked = c.Asked(in.Key, nil)
	src, err := s.AddSource(ctx, c.Actor, input)
	return &oneBody[SourceView]{sourceViewOf(&src)}, err
}

func (s *Service) apiReports(ctx context.Context, c api.Caller, _ *nothing) (*listBody[ReportView], error) {
	list, err := s.Reports(ctx, c.Actor)
	out := &listBody[ReportView]{}
	out.Body.Items = []ReportView{}
	for i := range list {
		out.Body.Items = append(out.Body.Items, viewOf(&list[i], c.Lang))
	}
	return out, err
}

func (s *Service) apiReport(ctx context.Context, c api.Caller, in *byID) (*oneBody[ReportView], error) {
	r, err := s.Report(ctx, c.Actor, in.ID)
	return &oneBody[ReportView]{viewOf(&r, c.Lang)}, err
}

func (s *Service) apiMake(ctx context.Context, c api.Caller, in *makeRequest) (*oneBody[ReportView], error) {
	b := in.Body
	r, err := s.Make(ctx, c.Actor, Input{Source: b.Answers, Title: b.Title, Wave: b.Wave, Options: Options{Population: b.Population, By: b.By, Trim: b.Trim},
		Asked: c.Asked(in.Key, b)})
	return &oneBody[ReportView]{viewOf(&r, c.Lang)}, err
}

func (s *Service) apiRename(ctx context.Context, c api.Caller, in *renameRequest) (*oneBody[ReportView], error) {
	if err := s.Rename(ctx, c.Actor, in.ID, in.Body.Title, in.Body.Version); err != nil {
		return nil, err
	}
	return s.changed(ctx, c, in.ID)
}

// changed returns the report after a change, also to a key that may change but not read.
func (s *Service) changed(ctx context.Context, c api.Caller, reportID string) (*oneBody[ReportView], error) {
	r, err := oneReport(ctx, s.DB.Of(c.Actor.Tenant), reportID)
	return &oneBody[ReportView]{viewOf(&r, c.Lang)}, err
}

func (s *Service) apiDelete(ctx context.Context, c api.Caller, in *byID) (*nothing, error) {
	return nil, s.Delete(ctx, c.Actor, in.ID)
}

func (s *Service) apiPublish(ctx context.Context, c api.Caller, in *byID) (*oneBody[ReportView], error) {
	if err := s.Publish(ctx, c.Actor, in.ID); err != nil {
		return nil, err
	}
	return s.changed(ctx, c, in.ID)
}

func (s *Service) apiWithdraw(ctx context.Context, c api.Caller, in *byID) (*nothing, error) {
	return nil, s.Withdraw(ctx, c.Actor, in.ID)
}

func (s *Service) apiDownload(ctx context.Context, c api.Caller, in *downloadRequest) (*downloadAnswer, error) {
	r, err := s.Report(ctx, c.Actor, in.ID)
	if err != nil {
		return nil, err
	}
	f, err := s.Download(ctx, c.Actor.Tenant, &r, in.Format, instrument.Lang(in.Lang))
	if err != nil {
		return nil, err
	}
	return &downloadAnswer{Type: f.MediaType, Disposition: mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}),
		Policy: filePolicy, Body: f.Bytes}, nil
}

func (s *Service) apiLinks(ctx context.Context, c api.Caller, in *byID) (*listBody[LinkView], error) {
	list, err := s.Links(ctx, c.Actor, in.ID)
	out := &listBody[LinkView]{}
	out.Body.Items = []LinkView{}
	for i := range list {
		out.Body.Items = append(out.Body.Items, linkViewOf(&list[i]))
	}
	return out, err
}

func (s *Service) apiRevoke(ctx context.Context, c api.Caller, in *byLink) (*nothing, error) {
	return nil, s.Revoke(ctx, c.Actor, in.ID, in.Link)
}
