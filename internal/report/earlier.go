package report

import (
	"context"
	"errors"

	"tekentafel/internal/db"
	"tekentafel/internal/jobs"
	"tekentafel/internal/problem"
	"tekentafel/internal/report/analysis"
)

// earlier loads the wave that a report is measured against; nil when there is none. That its report is gone is told, and stops
// nothing. Its answers may be gone while its Findings are there: changes then follow from these alone.
func (s *Service) earlier(ctx context.Context, store db.Reader, r *Report, p *jobs.Progress) (before *analysis.Earlier, lost bool, err error) {
	if r.Options.Previous == "" {
		return nil, false, nil
	}
	old, err := oneReport(ctx, store, r.Options.Previous)
	if errors.Is(err, db.ErrNoRow) || err == nil && old.State != Ready {
		return nil, true, nil
	}
	if err != nil {
		return nil, false, err
	}
	before = &analysis.Earlier{}
	if before.Findings, err = load(ctx, store, old.findings); err != nil {
		return nil, false, err
	}
	if old.Source == "" {
		return before, false, nil
	}
	read, opt, err := s.answers(ctx, store, &old, p)
	if err != nil {
		if known, ok := problem.Of(err); ok && (known.Kind == problem.Gone || known.Kind == problem.Invalid) {
			return before, false, nil // taken away meanwhile, or no longer readable
		}
		return nil, false, err
	}
	before.Answers, before.Options = read.Answers, opt
	return before, false, nil
}
