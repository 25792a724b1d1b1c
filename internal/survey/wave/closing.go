package wave

import (
	"context"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/jobs"
	"tekentafel/internal/problem"
)

// CloseJob is the kind of the job that turns the answers of a closed wave into a report.
const CloseJob = "wave-close"

// closeKind is that job. It has many attempts, because the answers wait until it succeeds.
func (s *Service) closeKind() jobs.Kind {
	k := jobs.Kind{
		Name: CloseJob, Title: say("job.title", nil), MaxAttempts: 20, Timeout: 2 * time.Hour,
		Link: func(j jobs.Job) string { return "/waves/" + j.Subject }, LinkAction: access.ReadWave,
		Run: func(context.Context, *jobs.Job, *jobs.Progress) (jobs.Finish, error) {
			return nil, refuse(problem.Invalid, "error.no-closer", nil)
		},
	}
	if s.Closer != nil {
		k.Run, k.StageTitle = s.Closer.Close, s.Closer.StageTitle
	}
	return k
}

// askReport adds the job for a wave, unless it waits or runs already.
func (s *Service) askReport(ctx context.Context, tx *db.Scope, actor access.Actor, waveID string) (string, error) {
	return s.Queue.Add(ctx, tx, jobs.New{Kind: CloseJob, Subject: waveID, Account: actor.Owner, Unique: waveID})
}

// MakeReport asks again for the report of a closed wave, after the job for it failed. A wave to which too few answered gets none:
// its answers are destroyed.
func (s *Service) MakeReport(ctx context.Context, actor access.Actor, waveID string, request asked.Request) error {
	return s.step(ctx, actor, waveID, func(tx *db.Scope, w *Wave) error {
		if w.State != Closed || w.Report != "" {
			return refuse(problem.Conflict, "error.not-failed", nil)
		}
		launch, err := LaunchOf(ctx, tx.Reader, w.ID)
		if err != nil {
			return err
		}
		if launch.Spent {
			return refuse(problem.Conflict, "error.too-few", nil)
		}
		_, err = asked.Once(ctx, tx, s.Now, request, func() (string, error) {
			job, err := s.askReport(ctx, tx, actor, waveID)
			if err != nil {
				return "", err
			}
			w.Settings.Job = job
			if _, err := move(ctx, tx, w, Closed, Closed); err != nil {
				return "", err
			}
			return job, s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "wave.report-asked", Subject: w.ID})
		})
		return err
	})
}

// Publish shows the report of a closed wave to all staff. Publishing it again changes nothing.
func (s *Service) Publish(ctx context.Context, actor access.Actor, waveID string) error {
	if err := allow(actor, access.RunWave); err != nil {
		return err
	}
	w, err := One(ctx, s.DB.Of(actor.Tenant), waveID)
	if err != nil {
		return err
	}
	if w.State == Published {
		return nil
	}
	if w.State != Closed || w.Report == "" || s.Reports == nil {
		return refuse(problem.Conflict, "error.no-report", nil)
	}
	// First the report, which may refuse; both can be asked again.
	if err := s.Reports.Publish(ctx, actor, w.Report); err != nil {
		return err
	}
	return s.step(ctx, actor, waveID, s.markPublished(ctx, actor))
}

// markPublished says of a closed wave that its report is shown to all staff.
func (s *Service) markPublished(ctx context.Context, actor access.Actor) func(*db.Scope, *Wave) error {
	return func(tx *db.Scope, w *Wave) error {
		moved, err := move(ctx, tx, w, Closed, Published)
		if err != nil || !moved {
			return err
		}
		return s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "wave.published", Subject: w.ID})
	}
}
