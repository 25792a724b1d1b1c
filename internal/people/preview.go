package people

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/files"
	"tekentafel/internal/i18n"
	"tekentafel/internal/id"
	"tekentafel/internal/jobs"
	"tekentafel/internal/people/draft"
	"tekentafel/internal/people/mapping"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/store"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

const (
	previewJob = "people-preview"
	applyJob   = "people-apply"
	undoJob    = "people-undo"
	assessJob  = "people-assess"
)

// stages of the jobs, as keys of messages.
const (
	stageRead    = "read"
	stageLoad    = "load"
	stageResolve = "resolve"
	stageCompare = "compare"
	stageWrite   = "write"
	stageLink    = "link"
	stageCheck   = "check"
)

func stageTitle(stage string) problem.Message { return say("job."+stage, nil) }

// Preview is what an import would do. It is kept as JSON.
type Preview struct {
	Base       int64             `json:"base"` // the revision that it was compared with
	Day        org.Date          `json:"day"`
	Content    mapping.Content   `json:"content"`
	Rows       int               `json:"rows"`  // of the file
	Taken      int               `json:"taken"` // of them; the others are listed
	Rejected   []draft.Rejected  `json:"rejected,omitempty"`
	Doubts     []draft.Doubt     `json:"doubts,omitempty"`
	Renames    []draft.Rename    `json:"renames,omitempty"`
	Difference *draft.Difference `json:"difference"`
	Names      map[string]string `json:"names,omitempty"` // of units, functions and people that the first changes point to, by id
}

// PreviewOf returns what an import would do; nil while nobody knows.
func PreviewOf(v *store.Import) (*Preview, error) {
	if v.Preview == "" {
		return nil, nil //nolint:nilnil // there is none, and that is no error
	}
	p := &Preview{}
	return p, json.Unmarshal([]byte(v.Preview), p)
}

// mostRejected is how many rows that were not taken are kept for the page; all are counted, and the list of all can be fetched.
const mostRejected = 500

// previewKind is the job that says what an import would do.
func (s *Service) previewKind() jobs.Kind {
	return jobs.Kind{
		Name: previewJob, Title: say("job.preview-title", nil), StageTitle: stageTitle, Timeout: time.Hour,
		Link: func(j jobs.Job) string { return "/staff/imports/" + j.Subject }, LinkAction: access.ImportPeople,
		Run: s.preview, Failed: s.importFailed,
	}
}

// compared is an import laid on the organisation that stands.
type compared struct {
	source store.Source
	draft  *draft.Draft
	next   *draft.Next
	diff   *draft.Difference
	base   int64
	day    org.Date
}

// compare lays the rows of an import on the organisation that stands. Ids of what is new are new at each call.
func (s *Service) compare(ctx context.Context, t tenant.ID, v *store.Import, p *jobs.Progress) (*compared, error) {
	r := s.DB.Of(t)
	source, err := store.SourceOf(ctx, r, v.Source)
	if err != nil {
		return nil, err
	}
	reading, err := ReadingOf(v)
	if err != nil {
		return nil, err
	}
	m, err := mapping.Parse(reading.Mapping)
	if err != nil {
		return nil, err
	}
	p.Step(stageRead, 0, int64(reading.Rows))
	table, err := s.table(ctx, r, v)
	if err != nil {
		return nil, err
	}
	c := &compared{source: source, day: s.today()}
	c.draft, err = draft.Make(ctx, table, m, draft.Options{Day: c.day, Prefix: source.Prefix, Progress: func(done, total int64) { p.Step(stageRead, done, total) }})
	if errors.Is(err, draft.ErrMapping) {
		return nil, refuse(problem.Invalid, "error.mapping", nil).Because(err)
	}
	if err != nil {
		return nil, err
	}
	table = nil //nolint:ineffassign,wastedassign // a million rows need not be held twice
	p.Step(stageLoad, 0, 0)
	current, base, err := s.standing(ctx, r)
	if err != nil {
		return nil, err
	}
	c.base = base
	decisions, err := decisionsOf(ctx, r)
	if err != nil {
		return nil, err
	}
	was, now, err := carried(ctx, r, &source)
	if err != nil {
		return nil, err
	}
	renamedIn(decisions.People, was, now)
	c.next, err = draft.Resolve(ctx, c.draft, current, draft.How{Day: c.day, Complete: source.Complete, Source: source.ID, Former: FormerPrefixes(&source), NewID: id.Series(s.Now()), Decisions: decisions,
		Progress: func(done, total int64) { p.Step(stageResolve, done, total) }})
	if err != nil {
		return nil, err
	}
	if err := heed(ctx, r, c.next.Organisation); err != nil {
		return nil, err
	}
	p.Step(stageCompare, 0, 0)
	c.diff = draft.Diff(current, c.next.Organisation, c.day, LimitsOf(&source))
	return c, nil
}

// show is the part of a comparison that a person looks at.
func (c *compared) show() *Preview {
	rejected := append(c.draft.Rejected, c.next.Left...) //nolint:gocritic // the draft is not used afterwards
	p := &Preview{Base: c.base, Day: c.day, Content: c.draft.Content, Rows: c.draft.In, Taken: c.draft.In - len(rejected), Rejected: rejected,
		Doubts: append(c.draft.Doubts, c.next.Doubts...), Renames: c.next.Renames, Difference: c.diff, Names: map[string]string{}}
	p.Rejected = p.Rejected[:min(len(p.Rejected), mostRejected)]
	wanted := map[string]bool{}
	for _, part := range []*draft.Part{&c.diff.Units, &c.diff.Functions, &c.diff.People, &c.diff.Posts} {
		for _, list := range [][]draft.Entry{part.FirstAdded, part.FirstChanged, part.FirstGone, part.FirstBack} {
			for _, e := range list {
				wanted[e.Name] = true // of a post the id of its person
				for _, f := range e.Fields {
					wanted[f.From], wanted[f.To] = true, true
				}
			}
		}
	}
	for _, r := range c.next.Renames {
		wanted[r.Unit], wanted[r.Into] = true, true
	}
	o := c.next.Organisation
	for i := range o.Units {
		if u := &o.Units[i]; wanted[u.ID] {
			p.Names[u.ID] = u.Name
		}
	}
	for i := range o.Functions {
		if f := &o.Functions[i]; wanted[f.ID] {
			p.Names[f.ID] = f.Name
		}
	}
	for i := range o.People {
		if x := &o.People[i]; wanted[x.ID] {
			p.Names[x.ID] = x.Name()
		}
	}
	return p
}

// preview is the job.
func (s *Service) preview(ctx context.Context, j *jobs.Job, p *jobs.Progress) (jobs.Finish, error) {
	v, err := store.ImportOf(ctx, s.DB.Of(j.Tenant), j.Subject)
	if err != nil {
		return nil, err
	}
	if v.State != store.Received && v.State != store.Previewed {
		return nil, nil
	}
	c, err := s.compare(ctx, j.Tenant, &v, p)
	if err != nil {
		return nil, err
	}
	reading, err := ReadingOf(&v)
	if err != nil {
		return nil, err
	}
	shown := c.show()
	text, err := json.Marshal(shown)
	if err != nil {
		return nil, err
	}
	v.State, v.Preview = store.Previewed, string(text)
	return func(ctx context.Context, tx *db.Scope) error {
		now, err := store.ImportOf(ctx, tx.Reader, v.ID)
		if err != nil || now.Version != v.Version { // somebody refused it, or mapped it anew, which starts another preview
			return err
		}
		if err := store.UpdateImport(ctx, tx, v); err != nil {
			return err
		}
		if !reading.Unattended || !reading.Saved || len(reading.New) > 0 || c.diff.Stops() || len(shown.Rejected) > 0 && shown.Taken == 0 {
			return nil
		}
		v.Version++
		return s.startApply(ctx, tx, access.Actor{Kind: access.System, Tenant: j.Tenant}, &v, applyArgs{Base: shown.Base})
	}, nil
}

// importFailed notes why an import came to nothing, in the transaction that gives its job up. Before it is applied one may map it anew.
func (s *Service) importFailed(ctx context.Context, tx *db.Scope, j *jobs.Job) error {
	v, err := store.ImportOf(ctx, tx.Reader, j.Subject)
	if err != nil {
		return err
	}
	trouble, err := json.Marshal(j.Trouble)
	if err != nil {
		return err
	}
	v.State, v.Counts = store.Failed, string(trouble)
	if j.Trouble == nil {
		v.Counts = ""
	}
	return store.UpdateImport(ctx, tx, v)
}

// Import returns an import; db.ErrNoRow when it is not there.
func (s *Service) Import(ctx context.Context, actor access.Actor, importID string) (store.Import, error) {
	if err := allow(actor, access.ImportPeople); err != nil {
		return store.Import{}, err
	}
	return store.ImportOf(ctx, s.DB.Of(actor.Tenant), importID)
}

// Imports lists imports, the newest first, without what is known of their files.
func (s *Service) Imports(ctx context.Context, actor access.Actor, q store.ImportQuery) ([]store.Import, error) {
	if err := allow(actor, access.ImportPeople); err != nil {
		return nil, err
	}
	return store.Imports(ctx, s.DB.Of(actor.Tenant), q)
}

// Map says what the columns of an import are, keeps that for the source, and starts the preview. The error is a problem when the
// mapping cannot work. Version is that of the import as it was read.
func (s *Service) Map(ctx context.Context, actor access.Actor, importID string, m *mapping.Mapping, version int64) error {
	if err := allow(actor, access.ImportPeople); err != nil {
		return err
	}
	text, err := m.JSON()
	if err != nil {
		return err
	}
	return said(s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		v, err := store.ImportOf(ctx, tx.Reader, importID)
		if err != nil {
			return err
		}
		if v.State != store.Received && v.State != store.Previewed && (v.State != store.Failed || v.File == "") {
			return refuse(problem.Conflict, "error.import-state", nil)
		}
		reading, err := ReadingOf(&v)
		if err != nil {
			return err
		}
		headings := make([]string, len(reading.Columns))
		for i := range reading.Columns {
			headings[i] = reading.Columns[i].Heading
		}
		if wrong := m.Check(headings); len(wrong) > 0 {
			return mappingProblem(wrong, headings)
		}
		source, err := store.SourceOf(ctx, tx.Reader, v.Source)
		if err != nil {
			return err
		}
		source.Mapping, source.Signature = string(text), Signature(reading.Columns)
		if m.Key != "" {
			source.Key = store.Key(m.Key)
		}
		if err := store.UpdateSource(ctx, tx, source); err != nil {
			return err
		}
		reading.Mapping, reading.Saved, reading.Unattended, reading.Vanished, reading.New = text, true, false, nil, nil
		notes, err := json.Marshal(reading)
		if err != nil {
			return err
		}
		v.Notes, v.State, v.Preview, v.Version = string(notes), store.Received, "", version
		if err := store.UpdateImport(ctx, tx, v); err != nil {
			return err
		}
		_, err = s.Queue.Add(ctx, tx, jobs.New{Kind: previewJob, Subject: v.ID, Account: actor.Owner, Unique: v.ID + "/" + strconv.FormatInt(version, 10)})
		return err
	}))
}

// mappingProblem says why a mapping cannot work, at the columns that are to blame.
func mappingProblem(list []mapping.Problem, headings []string) error {
	form := problem.Form{Bundle: locale()}
	for _, p := range list {
		key := "mapping." + string(p.Kind)
		if len(p.Columns) == 0 {
			if p.Field != mapping.Ignore {
				key += "." + string(p.Field)
			}
			form.Wrong("columns", key, nil)
		}
		for _, c := range p.Columns {
			name := "column-" + strconv.Itoa(c)
			if p.Kind == mapping.NoSeparator {
				name = "separator"
			}
			form.Wrong(name, key, i18n.Args{"column": headings[c]})
		}
	}
	return form.Err()
}

// Refuse puts an import aside that was not applied. Nothing of it stays but that it was there.
func (s *Service) Refuse(ctx context.Context, actor access.Actor, importID string, version int64) error {
	if err := allow(actor, access.ImportPeople); err != nil {
		return err
	}
	return said(s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		v, err := store.ImportOf(ctx, tx.Reader, importID)
		if err != nil {
			return err
		}
		if v.State != store.Received && v.State != store.Previewed && v.State != store.Failed {
			return refuse(problem.Conflict, "error.import-state", nil)
		}
		file := v.File
		v.State, v.File, v.Preview, v.Finished, v.Version = store.Refused, "", "", s.Now(), version
		if err := store.UpdateImport(ctx, tx, v); err != nil {
			return err
		}
		if file != "" {
			if err := files.Delete(ctx, tx, file); err != nil {
				return err
			}
		}
		return s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "people.import-refused", Subject: v.ID})
	}))
}

func itoa(n int) string { return strconv.Itoa(n) }
