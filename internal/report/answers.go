package report

import (
	"context"
	"slices"

	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
	"tekentafel/internal/jobs"
	"tekentafel/internal/report/analysis"
)

// Answered is what a report was computed from, for other features that compute from it in a job. It is of single people: it goes to no page,
// operation or file.
type Answered struct {
	Report  Report
	Answers *instrument.Answers // in line with the routing: who was not asked is NotAsked; the group size of its questionnaire is the strictest that holds
	Weights []float64           // by respondent, as in the figures of the report; nil where everyone counts the same
	Columns []string            // those outside the questionnaire that the report breaks down by, such as the stratum
}

// Answers reads the answers behind a report, and weights them as it does, from what r sees. The job's progress tells of the stage "read". The
// error is a problem: Gone when report or answers were taken away, Invalid when they can no longer be used.
func (s *Service) Answers(ctx context.Context, r db.Reader, reportID string, p *jobs.Progress) (*Answered, error) {
	rep, err := oneReport(ctx, r, reportID)
	if err != nil {
		return nil, gone(err)
	}
	if rep.Source == "" {
		return nil, gone(db.ErrNoRow)
	}
	read, opt, err := s.answers(ctx, r, &rep, p)
	if err != nil {
		return nil, err
	}
	w, err := analysis.Weigh(ctx, read.Answers, opt)
	if err != nil {
		return nil, unusable(err)
	}
	out := &Answered{Report: rep, Answers: read.Answers, Columns: slices.DeleteFunc(slices.Clone(opt.Also), func(name string) bool { return read.Answers.Extra[name] == nil })}
	if len(w.Raked) > 0 || read.Answers.Weights != nil {
		out.Weights = w.Weights
	}
	return out, nil
}

// Asked returns the questionnaire of the answers behind a report, from what r sees; db.ErrNoRow when report or answers are gone.
func (s *Service) Asked(ctx context.Context, r db.Reader, reportID string) (*instrument.Instrument, error) {
	rep, err := oneReport(ctx, r, reportID)
	if err != nil {
		return nil, err
	}
	if rep.Source == "" {
		return nil, db.ErrNoRow
	}
	parts, err := sourceParts(ctx, r, rep.Source)
	if err != nil {
		return nil, err
	}
	return parseInstrument(parts.instrument)
}

// WhenReady lets another feature know, in the transaction that makes a report ready, that it is. Call it before the jobs run.
func (s *Service) WhenReady(f func(ctx context.Context, tx *db.Scope, reportID string) error) {
	s.whenReady = append(s.whenReady, f)
}

// tellReady tells the others.
func (s *Service) tellReady(ctx context.Context, tx *db.Scope, reportID string) error {
	for _, f := range s.whenReady {
		if err := f(ctx, tx, reportID); err != nil {
			return err
		}
	}
	return nil
}
