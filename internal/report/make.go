package report

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/files"
	"tekentafel/internal/i18n"
	"tekentafel/internal/intake"
	"tekentafel/internal/jobs"
	"tekentafel/internal/problem"
	"tekentafel/internal/report/analysis"
	"tekentafel/internal/report/findings"
)

const makeJob = "report"

// makeArgs are what the job is given.
type makeArgs struct {
	Report string `json:"report"`
}

// stages are what the job does, as keys of messages.
const (
	stageRead     = "read"
	stageAnalyse  = "analyse"
	stageCount    = "count"
	stageEstimate = "estimate"
	stageCompare  = "compare"
	stageChange   = "change"
	stageKeep     = "keep"
)

// makeKind is the job that computes a report.
func (s *Service) makeKind() jobs.Kind {
	return jobs.Kind{
		Name:       makeJob,
		Title:      say("job.title", nil),
		StageTitle: func(stage string) problem.Message { return say("job."+stage, nil) },
		Link:       func(j jobs.Job) string { return "/reports/" + j.Subject },
		LinkAction: access.ReadReport,
		Run:        s.compute,
		Failed:     s.failed,
	}
}

// compute goes from stored answers to Findings: Instrument + Answers -> Findings -> file.
func (s *Service) compute(ctx context.Context, j *jobs.Job, p *jobs.Progress) (jobs.Finish, error) {
	var args makeArgs
	if err := j.Args(&args); err != nil {
		return nil, err
	}
	store := s.DB.Of(j.Tenant)
	r, err := oneReport(ctx, store, args.Report)
	if err != nil {
		return nil, gone(err)
	}
	f, err := s.analyse(ctx, store, &r, p)
	if err != nil {
		return nil, err
	}
	p.Step(stageKeep, 0, 0)
	packed, err := pack(f)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, tx *db.Scope) error {
		file, err := files.Add(ctx, tx, s.Now, "findings", findingsType, bytes.NewReader(packed))
		if err != nil {
			return err
		}
		ours, err := setReady(ctx, tx, r.ID, file.ID, f.Respondents, f.Wave.Synthetic)
		if err == nil && !ours {
			return files.Delete(ctx, tx, file.ID)
		}
		if err != nil {
			return err
		}
		return s.tellReady(ctx, tx, r.ID)
	}, nil
}

// analyse reads the answers of a report and computes its Findings.
func (s *Service) analyse(ctx context.Context, store db.Reader, r *Report, p *jobs.Progress) (*findings.Findings, error) {
	name, _, _, err := s.Organisations.About(ctx, store.Tenant())
	if err != nil {
		return nil, err
	}
	earlier, lost, err := s.earlier(ctx, store, r, p)
	if err != nil {
		return nil, err
	}
	read, opt, err := s.answers(ctx, store, r, p)
	if err != nil {
		return nil, err
	}
	p.Step(stageAnalyse, 0, 0)
	opt.Organisation, opt.Wave, opt.Data, opt.Earlier = name, r.Wave, DataQuality(read), earlier
	opt.Progress = func(stage string, done, total int) { p.Step(stageOf(stage), int64(done), int64(total)) }
	f, err := analysis.Analyse(ctx, read.Answers, opt)
	if err != nil {
		return nil, unusable(err)
	}
	if lost {
		f.Caveats = append(f.Caveats, findings.Caveat{Key: "earlier-gone", Text: "The report of the earlier wave is gone, so nothing is said about what changed."})
	}
	return f, nil
}

// answers reads what a report is computed from, with what is known beside it.
func (s *Service) answers(ctx context.Context, store db.Reader, r *Report, p *jobs.Progress) (*intake.Result, analysis.Options, error) {
	opt := analysis.Options{Population: float64(r.Options.Population), Trim: r.Options.Trim, By: r.Options.By, Also: r.Options.Also}
	src, err := oneSource(ctx, store, r.Source)
	if err != nil {
		return nil, opt, gone(err)
	}
	parts, err := sourceParts(ctx, store, r.Source)
	if err != nil {
		return nil, opt, gone(err)
	}
	_, groupSize, synthetic, err := s.Organisations.About(ctx, store.Tenant())
	if err != nil {
		return nil, opt, err
	}
	in, err := parseInstrument(parts.instrument)
	if err != nil {
		return nil, opt, unusable(err)
	}
	in.GroupSize = max(in.GroupSize, groupSize, r.Options.GroupSize) // the strictest
	mapping, err := parseMapping(parts.mapping)
	if err != nil {
		return nil, opt, unusable(err)
	}
	if opt.Margins, err = parseMargins(parts.margins); err != nil {
		return nil, opt, unusable(err)
	}
	path, remove, err := files.Spool(ctx, store, src.fileID, s.Dir)
	if err != nil {
		return nil, opt, err
	}
	defer remove()
	read, err := intake.Read(ctx, path, in, intake.Options{Mapping: mapping, Progress: func(done, total int64) { p.Step(stageRead, done, total) }})
	if err != nil {
		return nil, opt, unusable(err)
	}
	read.Answers.Synthetic = read.Answers.Synthetic || synthetic
	return read, opt, nil
}

// stageOf translates a stage of the analysis.
func stageOf(stage string) string {
	switch stage {
	case "counting":
		return stageCount
	case "estimating":
		return stageEstimate
	case "comparing groups":
		return stageCompare
	case "comparing waves":
		return stageChange
	default:
		return stageAnalyse
	}
}

// unusable is an error of the input, which trying again cannot mend. A context that ended, or a full disk, is no such error.
func unusable(err error) error {
	var disk *fs.PathError
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || errors.As(err, &disk) {
		return err
	}
	var bad *intake.Error
	if errors.As(err, &bad) {
		return refuse(problem.Invalid, "error.analysis", i18n.Args{"detail": withoutPath(bad)}).Because(err)
	}
	return refuse(problem.Invalid, "error.analysis", i18n.Args{"detail": firstLines(err.Error())}).Because(err)
}

// gone says that what the job works on was taken away meanwhile.
func gone(err error) error {
	if errors.Is(err, db.ErrNoRow) {
		return refuse(problem.Gone, "error.source-gone", nil).Because(err)
	}
	return err
}

// failed keeps why a report could not be made, with the transaction that gives the job up.
func (s *Service) failed(ctx context.Context, tx *db.Scope, j *jobs.Job) error {
	trouble, err := json.Marshal(j.Trouble)
	if err != nil {
		return err
	}
	return setFailed(ctx, tx, j.Subject, trouble)
}
