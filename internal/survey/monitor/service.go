package monitor

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/tenant"
)

// Service keeps what is shown of waves that run.
type Service struct {
	DB   *db.DB
	Now  clock.Clock
	Log  *slog.Logger
	Zone func(context.Context, tenant.ID) *time.Location // of an organisation: its day begins at its own midnight
	Poll time.Duration                                   // how often it looks whether a day began; 0 means a minute
}

// Run counts each running wave when a day begins, until ctx ends; on any number of nodes, once a day.
func (s *Service) Run(ctx context.Context) {
	every := s.Poll
	if every == 0 {
		every = time.Minute
	}
	for {
		if err := s.Due(ctx); err != nil && ctx.Err() == nil {
			s.Log.ErrorContext(ctx, "the response of waves could not be counted; it is tried again", "error", err.Error())
		}
		if clock.Wait(ctx, every) != nil {
			return
		}
	}
}

// Due counts every open wave that was not counted today. What a person who looks at a page does has no part in it.
func (s *Service) Due(ctx context.Context) error {
	open, err := wave.OpenNow(ctx, s.DB)
	if err != nil {
		return err
	}
	var failed []error
	for _, o := range open {
		failed = append(failed, s.count(ctx, o.Tenant, o.ID))
	}
	return errors.Join(failed...)
}

// count makes the release of today, unless it is there or the wave opened today.
func (s *Service) count(ctx context.Context, t tenant.ID, waveID string) error {
	zone := s.Zone(ctx, t)
	day := s.Now().In(zone).Format(time.DateOnly)
	done, err := counted(ctx, s.DB.Of(t), waveID, day)
	if err != nil || done {
		return err
	}
	return s.DB.Write(ctx, t, func(tx *db.Scope) error {
		if done, err := counted(ctx, tx.Reader, waveID, day); err != nil || done {
			return err
		}
		w, err := wave.One(ctx, tx.Reader, waveID)
		if err != nil || w.State != wave.Open || w.Opens.In(zone).Format(time.DateOnly) >= day {
			return err
		}
		frame, err := people(ctx, tx.Reader, waveID)
		if err != nil {
			return err
		}
		answers, err := answers(ctx, tx.Reader, waveID)
		if err != nil {
			return err
		}
		return insert(ctx, tx, waveID, release(day, w.GroupSize, frame, answers))
	})
}
