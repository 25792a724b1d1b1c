package people

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/files"
	"tekentafel/internal/jobs"
	"tekentafel/internal/people/draft"
	"tekentafel/internal/people/store"
	"tekentafel/internal/problem"
)

// Counts is what an import did, kept when what it would do is no longer needed.
type Counts struct {
	Rows     int `json:"rows"`
	Rejected int `json:"rejected"`
	Before   int `json:"before"` // people in service
	After    int `json:"after"`
	People   Few `json:"people"`
	Units    Few `json:"units"`
	Funcs    Few `json:"functions"`
	Posts    Few `json:"posts"`
}

// Few is a part of a difference in numbers.
type Few struct {
	Added   int `json:"added"`
	Changed int `json:"changed"`
	Gone    int `json:"gone"`
	Back    int `json:"back"`
}

func fewOf(p *draft.Part) Few { return Few{p.Added, p.Changed, p.Gone, p.Back} }

// CountsOf returns what an import did; nil when it was not applied.
func CountsOf(v *store.Import) *Counts {
	if v.State != store.Applied && v.State != store.WasUndone {
		return nil
	}
	c := &Counts{}
	if json.Unmarshal([]byte(v.Counts), c) != nil {
		return nil
	}
	return c
}

// applyArgs are what the job is given.
type applyArgs struct {
	Base int64 `json:"base"` // the revision that the preview was compared with
	Loss bool  `json:"loss"` // a person said that the loss is right
}

// Apply starts to apply an import as a revision. With a loss beyond the limits of its source, loss must say that it is right. Version is
// that of the import as it was read, so that what was looked at is what is applied.
func (s *Service) Apply(ctx context.Context, actor access.Actor, importID string, version int64, loss bool) error {
	if err := allow(actor, access.ImportPeople); err != nil {
		return err
	}
	return said(s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		v, err := store.ImportOf(ctx, tx.Reader, importID)
		if err != nil {
			return err
		}
		if v.Version != version {
			return store.ErrChanged
		}
		if v.State != store.Previewed {
			return refuse(problem.Conflict, "error.import-state", nil)
		}
		shown, err := PreviewOf(&v)
		if err != nil {
			return err
		}
		if shown.Difference.Stops() && !loss {
			form := problem.Form{Bundle: locale()}
			form.Wrong("loss", "field.loss", nil)
			return form.Err()
		}
		return s.startApply(ctx, tx, actor, &v, applyArgs{Base: shown.Base, Loss: loss})
	}))
}

func (s *Service) startApply(ctx context.Context, tx *db.Scope, actor access.Actor, v *store.Import, args applyArgs) error {
	v.State = store.Applying
	if err := store.UpdateImport(ctx, tx, *v); err != nil {
		return err
	}
	_, err := s.Queue.Add(ctx, tx, jobs.New{Kind: applyJob, Subject: v.ID, Args: args, Account: actor.Owner, Unique: v.ID})
	return err
}

// applyKind is the job that makes an import count.
func (s *Service) applyKind() jobs.Kind {
	return jobs.Kind{
		Name: applyJob, Title: say("job.apply-title", nil), StageTitle: stageTitle, Timeout: 2 * time.Hour, MaxAttempts: 20,
		Link: func(j jobs.Job) string { return "/staff/imports/" + j.Subject }, LinkAction: access.ImportPeople,
		Run: s.apply, Failed: s.importFailed,
	}
}

// apply is the job. Where the organisation changed since the preview, a new preview is made instead: nobody looked at this difference.
func (s *Service) apply(ctx context.Context, j *jobs.Job, p *jobs.Progress) (jobs.Finish, error) {
	v, err := store.ImportOf(ctx, s.DB.Of(j.Tenant), j.Subject)
	if err != nil {
		return nil, err
	}
	if v.State != store.Applying { // an attempt before this one came to its end
		return nil, nil
	}
	var args applyArgs
	if err := j.Args(&args); err != nil {
		return nil, err
	}
	c, err := s.compare(ctx, j.Tenant, &v, p)
	if err != nil {
		return nil, err
	}
	if c.base != args.Base || c.diff.Stops() && !args.Loss {
		return s.lookAgain(&v, j.Account), nil
	}
	actor := access.Actor{Kind: access.Person, Tenant: j.Tenant, Owner: j.Account}
	if j.Account == "" {
		actor = access.Actor{Kind: access.System, Tenant: j.Tenant}
	}
	rejected := len(c.draft.Rejected) + len(c.next.Left)
	counts := Counts{Rows: c.draft.In, Rejected: rejected, Before: c.diff.Before, After: c.diff.After,
		People: fewOf(&c.diff.People), Units: fewOf(&c.diff.Units), Funcs: fewOf(&c.diff.Functions), Posts: fewOf(&c.diff.Posts)}
	text, err := json.Marshal(counts)
	if err != nil {
		return nil, err
	}
	if c.diff.Same() {
		return func(ctx context.Context, tx *db.Scope) error {
			return s.applied(ctx, tx, actor, v, 0, string(text), &counts)
		}, nil
	}
	change, err := store.Begin(ctx, s.DB, j.Tenant, s.Now, store.Revision{Kind: store.ByImport, Import: v.ID, Account: j.Account})
	if err != nil {
		return nil, err // a *store.BusyError is tried again
	}
	if change.Base() != c.base {
		return s.lookAgain(&v, j.Account), change.Abort(ctx)
	}
	c.draft, c.next = nil, nil // need not be held while the difference is written
	if err := s.write(ctx, change, c.diff, p); err != nil {
		return nil, errors.Join(err, change.Abort(ctx))
	}
	// The revision appears in the transaction that says that the import was applied; the job has nothing left to keep.
	err = change.Apply(ctx, func(tx *db.Scope) error {
		return s.applied(ctx, tx, actor, v, change.Seq(), string(text), &counts)
	})
	if err != nil {
		return nil, errors.Join(err, change.Abort(ctx))
	}
	return nil, nil
}

// lookAgain lets an import wait for somebody with a new preview.
func (s *Service) lookAgain(v *store.Import, account string) jobs.Finish {
	again := *v
	again.State, again.Preview = store.Received, ""
	return func(ctx context.Context, tx *db.Scope) error {
		if err := store.UpdateImport(ctx, tx, again); err != nil {
			return err
		}
		_, err := s.Queue.Add(ctx, tx, jobs.New{Kind: previewJob, Subject: v.ID, Account: account, Unique: v.ID + "/again/" + itoa(int(v.Version))})
		return err
	}
}

// write writes the rows of a difference, what others point to first.
func (s *Service) write(ctx context.Context, change *store.Change, d *draft.Difference, p *jobs.Progress) error {
	total := int64(len(d.Puts.Units) + len(d.Puts.Functions) + len(d.Puts.People) + len(d.Puts.Posts))
	p.Step(stageWrite, 0, total)
	done := int64(0)
	for part := range pieces(d.Puts) {
		if err := change.Put(ctx, part); err != nil {
			return err
		}
		done += int64(len(part.Units) + len(part.Functions) + len(part.People) + len(part.Posts))
		p.Step(stageWrite, done, total)
	}
	for _, kind := range []store.Kind{store.Posts, store.People, store.Functions, store.Units} {
		if err := change.End(ctx, kind, d.Ends[draft.Subject(kind)]); err != nil {
			return err
		}
	}
	return nil
}

// applied says that an import counts, lets go of its rows, and asks for an assessment. It is part of the transaction of the revision.
func (s *Service) applied(ctx context.Context, tx *db.Scope, actor access.Actor, v store.Import, revision int64, counts string, c *Counts) error {
	file := v.File
	v.State, v.Revision, v.Counts, v.File, v.Preview, v.Finished = store.Applied, revision, counts, "", "", s.Now()
	if err := store.UpdateImport(ctx, tx, v); err != nil {
		return err
	}
	if file != "" {
		if err := files.Delete(ctx, tx, file); err != nil {
			return err
		}
	}
	source, err := store.SourceOf(ctx, tx.Reader, v.Source)
	if err != nil {
		return err
	}
	if err := s.carry(ctx, tx, &source, revision); err != nil {
		return err
	}
	if err := s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "people.import-applied", Subject: v.ID, Detail: map[string]string{
		"added": itoa(c.People.Added), "changed": itoa(c.People.Changed), "gone": itoa(c.People.Gone), "rejected": itoa(c.Rejected)}}); err != nil {
		return err
	}
	return s.askAssessment(ctx, tx, actor)
}
