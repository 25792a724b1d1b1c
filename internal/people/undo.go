package people

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/jobs"
	"tekentafel/internal/people/store"
	"tekentafel/internal/problem"
)

// Note is what a revision keeps beside its rows, as JSON.
type Note struct {
	Decisions []string         `json:"decisions,omitempty"` // that it carried out, by id
	Carried   []Carried        `json:"carried,omitempty"`   // decisions that it named anew, as they were
	Conflicts []store.Conflict `json:"conflicts,omitempty"` // of an undo: what was left as it is
	What      string           `json:"what,omitempty"`      // of an edit: the kind of row
	Subject   string           `json:"subject,omitempty"`   // of an edit: its id
}

// NoteOf returns what a revision keeps beside its rows.
func NoteOf(v *store.Revision) Note {
	var n Note
	_ = json.Unmarshal([]byte(v.Note), &n) // an older form says nothing
	return n
}

func (n Note) text() string {
	b, _ := json.Marshal(n) // texts alone
	return string(b)
}

// Revisions lists at most limit revisions from the newest on, those before a number where before is not 0.
func (s *Service) Revisions(ctx context.Context, actor access.Actor, before int64, limit int) ([]store.Revision, error) {
	if err := allow(actor, access.ReadPeople); err != nil {
		return nil, err
	}
	return store.Revisions(ctx, s.DB.Of(actor.Tenant), before, limit)
}

// Undo starts to put back what a revision changed, with the decisions that it carried out. What changed again since stays and is
// listed. It returns the id of the job.
func (s *Service) Undo(ctx context.Context, actor access.Actor, seq int64) (jobID string, err error) {
	return s.UndoFrom(ctx, actor, seq, "")
}

// UndoFrom is Undo for somebody who came from a page of this program, to which the job leads back with "undone" and the number of the
// revision in its query; "" for the list of revisions.
func (s *Service) UndoFrom(ctx context.Context, actor access.Actor, seq int64, page string) (jobID string, err error) {
	if err := allow(actor, access.ChangePeople); err != nil {
		return "", err
	}
	err = s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		head, err := store.Head(ctx, tx.Reader)
		if err != nil {
			return err
		}
		v, err := store.RevisionOf(ctx, tx.Reader, seq)
		switch {
		case err != nil:
			return err
		case v.UndoneBy != 0:
			return store.ErrUndone
		case seq < head.Oldest:
			return store.ErrPruned
		}
		jobID, err = s.Queue.Add(ctx, tx, jobs.New{Kind: undoJob, Subject: itoa(int(seq)), Args: undoArgs{seq, page}, Account: actor.Owner, Unique: itoa(int(seq))})
		return err
	})
	return jobID, said(err)
}

type undoArgs struct {
	Revision int64  `json:"revision"`
	Page     string `json:"page,omitempty"` // that one came from
}

func (s *Service) undoKind() jobs.Kind {
	return jobs.Kind{
		Name: undoJob, Title: say("job.undo-title", nil), StageTitle: stageTitle, Timeout: 2 * time.Hour, MaxAttempts: 20,
		Link: func(j jobs.Job) string {
			var args undoArgs
			if j.Args(&args) != nil || args.Page == "" {
				return "/staff/revisions"
			}
			return args.Page + "?undone=" + itoa(int(args.Revision))
		}, LinkAction: access.ReadPeople,
		Run: s.undo,
	}
}

// undo is the job.
func (s *Service) undo(ctx context.Context, j *jobs.Job, p *jobs.Progress) (jobs.Finish, error) {
	var args undoArgs
	if err := j.Args(&args); err != nil {
		return nil, err
	}
	actor := access.Actor{Kind: access.Person, Tenant: j.Tenant, Owner: j.Account}
	p.Step(stageWrite, 0, 0)
	undone, err := store.RevisionOf(ctx, s.DB.Of(j.Tenant), args.Revision)
	if err != nil {
		return nil, said(err)
	}
	if undone.UndoneBy != 0 { // an attempt before this one came to its end
		return nil, nil
	}
	change, back, err := store.BeginUndo(ctx, s.DB, j.Tenant, s.Now, args.Revision, store.Revision{Account: j.Account})
	if busy := (*store.BusyError)(nil); errors.As(err, &busy) {
		return nil, err // tried again
	}
	if err != nil {
		return nil, said(err)
	}
	if back.Put+back.Ended == 0 && len(back.Conflicts) > 0 {
		return nil, errors.Join(refuse(problem.Conflict, "error.nothing-back", nil), change.Abort(ctx))
	}
	err = change.Apply(ctx, func(tx *db.Scope) error {
		const most = 200
		note := Note{Conflicts: back.Conflicts[:min(len(back.Conflicts), most)]}
		if _, err := tx.Exec(ctx, `UPDATE people_revisions SET note = $3 WHERE tenant_id = $1 AND seq = $2`, back.Revision, note.text()); err != nil {
			return err
		}
		for _, d := range NoteOf(&undone).Decisions {
			if err := store.UndoDecision(ctx, tx, d, s.Now()); err != nil && !errors.Is(err, store.ErrChanged) { // undone before
				return err
			}
		}
		if err := s.carryBack(ctx, tx, NoteOf(&undone).Carried); err != nil {
			return err
		}
		if undone.Import != "" && undone.Kind == store.ByImport {
			if err := s.importUndone(ctx, tx, undone.Import); err != nil {
				return err
			}
		}
		if err := s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "people.undone", Subject: itoa(int(args.Revision)),
			Detail: map[string]string{"put": itoa(int(back.Put)), "ended": itoa(int(back.Ended)), "left": itoa(len(back.Conflicts))}}); err != nil {
			return err
		}
		return s.askAssessment(ctx, tx, actor)
	})
	if err != nil {
		return nil, errors.Join(err, change.Abort(ctx))
	}
	return nil, nil
}

func (s *Service) importUndone(ctx context.Context, tx *db.Scope, importID string) error {
	v, err := store.ImportOf(ctx, tx.Reader, importID)
	if errors.Is(err, db.ErrNoRow) {
		return nil
	}
	if err != nil {
		return err
	}
	v.State, v.Finished = store.WasUndone, s.Now()
	return store.UpdateImport(ctx, tx, v)
}
