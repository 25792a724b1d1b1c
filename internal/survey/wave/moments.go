package wave

import (
	"context"
	"errors"
	"slices"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

const (
	// jumpAfter is by how much a pause may be longer than asked before the clock is taken to have been set.
	jumpAfter = time.Minute
	// heldFor is how long nothing is moved on after the clock was set: closing cannot be undone, so somebody must have time to
	// set it right.
	heldFor = 5 * time.Minute
)

// Run moves waves on at their moments until ctx ends: on any number of nodes, each move once. Whether a wave takes answers
// does not hang on it (Takes).
func (s *Service) Run(ctx context.Context) {
	held := time.Duration(0)
	for last := s.Now(); clock.Wait(ctx, s.Poll) == nil; {
		now := s.Now()
		switch passed := now.Sub(last); {
		case passed > s.Poll+jumpAfter || passed < 0:
			held = heldFor
			s.Log.WarnContext(ctx, "the clock of this machine jumped, or the program stood still; no wave is opened or closed by itself for five minutes", "by", (passed - s.Poll).String())
		case held > 0:
			held -= s.Poll
		}
		last = now
		if held > 0 {
			continue
		}
		// What is due is decided by the reading that was looked at: the clock may be set meanwhile.
		if err := s.moveOn(ctx, now); err != nil && ctx.Err() == nil {
			s.Log.ErrorContext(ctx, "waves could not be moved on; it is tried again", "error", err.Error())
		}
	}
}

// due is a wave that may have come to a moment.
type due struct {
	tenant tenant.ID
	id     string
}

// Due moves on every wave whose moment has come. A wave that fails does not keep the others.
func (s *Service) Due(ctx context.Context) error { return s.moveOn(ctx, s.Now()) }

func (s *Service) moveOn(ctx context.Context, now time.Time) error {
	var list []due
	err := s.DB.System().Rows(ctx, `SELECT tenant_id, id FROM waves WHERE (state = 'scheduled' AND opens_at > 0 AND opens_at <= $1)
OR state = 'open' OR (state = 'closed' AND report_id <> '') OR (state IN ('closed', 'published') AND source_id <> '' AND closes_at + retention_days * 86400000000 <= $1) ORDER BY opens_at, id`,
		func(scan func(...any) error) error {
			var d due
			err := scan(&d.tenant, &d.id)
			list = append(list, d)
			return err
		}, clock.Micros(now))
	if err != nil {
		return err
	}
	var failed []error
	for _, d := range list {
		failed = append(failed, s.next(ctx, d, now))
	}
	return errors.Join(failed...)
}

// next does what is due for one wave.
func (s *Service) next(ctx context.Context, d due, now time.Time) error {
	w, err := One(ctx, s.DB.Of(d.tenant), d.id)
	if err != nil {
		return err
	}
	actor := program(d.tenant)
	switch {
	case w.opensBy(now):
		return s.DB.Write(ctx, d.tenant, func(tx *db.Scope) error {
			w, err := One(ctx, tx.Reader, d.id)
			if err != nil || !w.opensBy(now) {
				return err
			}
			return s.open(ctx, tx, actor, &w, w.Opens)
		})
	case w.closesBy(now):
		return s.DB.Write(ctx, d.tenant, func(tx *db.Scope) error {
			w, err := One(ctx, tx.Reader, d.id)
			if err != nil || !w.closesBy(now) {
				return err
			}
			return s.close(ctx, tx, actor, &w, w.Closes)
		})
	case w.remindsBy(now):
		return s.DB.Write(ctx, d.tenant, func(tx *db.Scope) error {
			w, err := One(ctx, tx.Reader, d.id)
			if err != nil || !w.remindsBy(now) {
				return err
			}
			return s.remind(ctx, tx, actor, &w, now)
		})
	case w.forgetsBy(now):
		return s.forget(ctx, d)
	case w.State == Closed && w.Report != "" && s.Reports != nil:
		return s.follow(ctx, &w)
	}
	return nil
}

// follow publishes a wave whose report was published among the reports.
func (s *Service) follow(ctx context.Context, w *Wave) error {
	shown, err := s.Reports.Published(ctx, w.Tenant, w.Report)
	if err != nil || !shown {
		return err
	}
	return s.step(ctx, program(w.Tenant), w.ID, s.markPublished(ctx, program(w.Tenant)))
}

// opensBy tells whether a wave is to open. One whose whole time passed while the server was off waits for somebody to move
// its closing: opening it to close it at once would lose it.
func (w *Wave) opensBy(now time.Time) bool {
	return w.State == Scheduled && !w.Opens.IsZero() && !now.Before(w.Opens) && now.Before(w.Closes)
}

func (w *Wave) closesBy(now time.Time) bool {
	return w.State == Open && !w.Closes.IsZero() && !now.Before(w.Closes)
}

// remindsBy tells whether a reminder is due that was not sent: several that came due together are one.
func (w *Wave) remindsBy(now time.Time) bool {
	return w.Takes(now) && w.Mode != OpenLink && slices.ContainsFunc(w.Settings.Reminders, func(r time.Time) bool {
		return !now.Before(r) && r.After(w.Settings.Reminded) && r.After(w.Opens)
	})
}

func (w *Wave) forgetsBy(now time.Time) bool {
	return (w.State == Closed || w.State == Published) && w.Source != "" && !now.Before(w.Closes.AddDate(0, 0, w.Retention))
}

// open opens a scheduled wave.
func (s *Service) open(ctx context.Context, tx *db.Scope, actor access.Actor, w *Wave, opens time.Time) error {
	w.Opens = opens
	moved, err := move(ctx, tx, w, Scheduled, Open)
	if err != nil || !moved {
		return err
	}
	w.State = Open
	if s.Inviter != nil {
		if err := s.Inviter.Opened(ctx, tx, w); err != nil {
			return err
		}
	}
	return s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "wave.opened", Subject: w.ID})
}

// close closes an open wave and asks for its report.
func (s *Service) close(ctx context.Context, tx *db.Scope, actor access.Actor, w *Wave, closes time.Time) error {
	w.Closes = closes
	job, err := s.askReport(ctx, tx, actor, w.ID)
	if err != nil {
		return err
	}
	w.Settings.Job = job
	moved, err := move(ctx, tx, w, Open, Closed)
	if err != nil || !moved {
		return err
	}
	w.State = Closed
	if s.Inviter != nil {
		if err := s.Inviter.Closed(ctx, tx, w); err != nil {
			return err
		}
	}
	return s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "wave.closed", Subject: w.ID})
}

func (s *Service) remind(ctx context.Context, tx *db.Scope, actor access.Actor, w *Wave, now time.Time) error {
	w.Settings.Reminded = now
	if _, err := move(ctx, tx, w, Open, Open); err != nil {
		return err
	}
	if s.Inviter != nil {
		if err := s.Inviter.Remind(ctx, tx, w); err != nil {
			return err
		}
	}
	return s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "wave.reminded", Subject: w.ID})
}

// forget lets the answers of a closed wave go when they have been kept long enough. The report stays.
func (s *Service) forget(ctx context.Context, d due) error {
	w, err := One(ctx, s.DB.Of(d.tenant), d.id)
	if err != nil || w.Source == "" {
		return err
	}
	if s.Reports != nil {
		if err := s.Reports.DeleteSource(ctx, program(d.tenant), w.Source); err != nil && !errors.Is(err, db.ErrNoRow) {
			return err
		}
	}
	return s.DB.Write(ctx, d.tenant, func(tx *db.Scope) error {
		if err := forgetAnswers(ctx, tx, w.ID); err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, program(d.tenant), audit.Entry{Action: "wave.forgotten", Subject: w.ID})
	})
}

// OpenNow opens a scheduled wave before its moment.
func (s *Service) OpenNow(ctx context.Context, actor access.Actor, waveID string) error {
	return s.step(ctx, actor, waveID, func(tx *db.Scope, w *Wave) error {
		if w.State == Open {
			return nil // somebody was a moment earlier
		}
		if w.State != Scheduled {
			return refuse(problem.Conflict, "error.not-scheduled", nil)
		}
		if !w.Closes.After(s.Now()) {
			return refuse(problem.Conflict, "error.closes-past", nil)
		}
		return s.open(ctx, tx, actor, w, s.Now())
	})
}

// CloseNow closes an open wave before its moment. Nobody can answer any more, and it cannot be undone.
func (s *Service) CloseNow(ctx context.Context, actor access.Actor, waveID string) error {
	return s.step(ctx, actor, waveID, func(tx *db.Scope, w *Wave) error {
		if w.State == Closed {
			return nil
		}
		if w.State != Open {
			return refuse(problem.Conflict, "error.not-open", nil)
		}
		closes := s.Now()
		if !w.Closes.IsZero() && w.Closes.Before(closes) {
			closes = w.Closes
		}
		return s.close(ctx, tx, actor, w, closes)
	})
}

// step runs a move that actor may make.
func (s *Service) step(ctx context.Context, actor access.Actor, waveID string, do func(*db.Scope, *Wave) error) error {
	if err := allow(actor, access.RunWave); err != nil {
		return err
	}
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		w, err := One(ctx, tx.Reader, waveID)
		if err != nil {
			return err
		}
		return do(tx, &w)
	})
}
