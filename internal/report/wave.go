package report

import (
	"context"
	"fmt"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/files"
	"tekentafel/internal/id"
	"tekentafel/internal/jobs"
	"tekentafel/internal/report/findings"
)

// WaveInput is what a wave hands over when it is closed.
type WaveInput struct {
	Wave          string // its id: the same wave is taken once
	Title         string // of the wave, and so of its answers and its report
	Questionnaire []byte // YAML
	Snapshot      string // id of a file in the store: a snapshot of package intake
	Respondents   int
	Margins       []byte   // CSV, nil for none
	Population    int      // people in the frame; 0 when it has none
	GroupSize     int      // the smallest group that may be shown
	Also          []string // columns of the snapshot outside the questionnaire to break down by
	Trim          float64  // largest weight as a multiple of the mean; 0 for no bound
	Previous      string   // id of the report to measure changes against, or ""
	Synthetic     bool
	Account       string // who closed the wave, "" for the program
}

// AddWave keeps the answers of a closed wave and starts to compute its report, in the transaction of s: both are there, or
// neither. Asked again for the same wave it returns what it made then. Publishing is left to somebody.
func (s *Service) AddWave(ctx context.Context, tx *db.Scope, in WaveInput) (sourceID, reportID string, err error) {
	type made struct{ Source, Report string }
	actor := access.Actor{Kind: access.System, Tenant: tx.Tenant()}
	ask := asked.Request{Key: "wave/" + in.Wave, What: in.Wave}
	got, err := asked.Once(ctx, tx, s.Now, ask, func() (made, error) {
		q, err := parseInstrument(in.Questionnaire)
		if err != nil {
			return made{}, fmt.Errorf("the questionnaire of the wave: %w", err)
		}
		file, err := files.Get(ctx, tx.Reader, in.Snapshot)
		if err != nil {
			return made{}, fmt.Errorf("the answers of the wave: %w", err)
		}
		src := Source{ID: id.New(s.Now()), Name: in.Title, Instrument: q.ID, Version: q.Version, FileName: file.Name, Respondents: in.Respondents,
			Synthetic: in.Synthetic, Weighted: len(in.Margins) > 0, CreatedBy: in.Account, Created: s.Now(), fileID: file.ID,
			Quality: Quality{Data: findings.DataQuality{Rows: in.Respondents}}}
		if err := insertSource(ctx, tx, &src, in.Questionnaire, nil, in.Margins); err != nil {
			return made{}, err
		}
		r := Report{ID: id.New(s.Now()), Source: src.ID, Title: in.Title, Wave: in.Title, State: Making, Synthetic: in.Synthetic,
			CreatedBy: in.Account, Created: s.Now(), Version: 1,
			Options: Options{Population: in.Population, Trim: in.Trim, Also: in.Also, GroupSize: in.GroupSize, Previous: in.Previous}}
		if r.Job, err = s.Queue.Add(ctx, tx, jobs.New{Kind: makeJob, Subject: r.ID, Args: makeArgs{Report: r.ID}, Account: in.Account}); err != nil {
			return made{}, err
		}
		if err := insertReport(ctx, tx, &r); err != nil {
			return made{}, err
		}
		if err := s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "answers.added", Subject: src.ID,
			Detail: map[string]string{"respondents": fmt.Sprint(in.Respondents), "instrument": src.Instrument}}); err != nil {
			return made{}, err
		}
		return made{src.ID, r.ID}, s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "report.made", Subject: r.ID, Detail: map[string]string{"answers": src.ID}})
	})
	return got.Source, got.Report, err
}
