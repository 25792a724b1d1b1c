package report

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"unicode/utf8"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/files"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/jobs"
	"tekentafel/internal/problem"
	"tekentafel/internal/report/analysis"
	"tekentafel/internal/report/dataset"
	"tekentafel/internal/ui"
)

// PackageInput is what one gives to take the answers behind a report away for research.
type PackageInput struct {
	Report     string
	Purpose    string // what it is for; kept in the audit log
	Lang       instrument.Lang
	Background bool // with all background variables
}

// Package is a researcher's package on the disk.
type Package struct {
	Name string // for whoever downloads it
	Path string
	Size int64 // bytes
}

// Remove takes the file away; to be called when it has been sent.
func (p *Package) Remove() { _ = os.Remove(p.Path) }

// Bounds of a purpose, in characters: a few words at least, no more than a line of the log can show.
const (
	minPurpose = 10
	maxPurpose = 500
)

// PackageFor makes the researcher's package of a report. That it was taken, by whom and for what stands in the audit log
// before the caller has it. Packages are made a few at a time: each may take much memory.
func (s *Service) PackageFor(ctx context.Context, actor access.Actor, in PackageInput) (_ *Package, err error) {
	if err := allow(actor, access.ExportAnswers); err != nil {
		return nil, err
	}
	r, err := s.Report(ctx, actor, in.Report)
	if err != nil {
		return nil, err
	}
	if err := packable(&r); err != nil {
		return nil, err
	}
	purpose := strings.Join(strings.Fields(in.Purpose), " ")
	if err := checkPurpose(purpose); err != nil {
		return nil, err
	}
	select {
	case s.readers <- struct{}{}:
		defer func() { <-s.readers }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	p, err := s.pack(ctx, actor, &r, in)
	if err != nil {
		return nil, err
	}
	err = s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		detail := map[string]string{"answers": r.Source, "purpose": purpose, "language": string(in.Lang)}
		if in.Background {
			detail["background"] = "all"
		}
		return s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "report.exported", Subject: r.ID, Detail: detail})
	})
	if err != nil {
		p.Remove()
		return nil, err
	}
	return p, nil
}

// packable tells whether there is something to make a package of.
func packable(r *Report) error {
	switch {
	case r.State != Ready:
		return refuse(problem.Conflict, "error.not-ready", nil)
	case r.Source == "":
		return refuse(problem.Gone, "error.source-gone", nil)
	default:
		return nil
	}
}

func checkPurpose(purpose string) error {
	form := &problem.Form{Bundle: locale()}
	switch n := utf8.RuneCountInString(purpose); {
	case n < minPurpose:
		form.Wrong("purpose", "error.purpose-short", i18n.Args{"min": fmt.Sprint(minPurpose)})
	case n > maxPurpose:
		form.Wrong("purpose", "error.name-long", i18n.Args{"max": fmt.Sprint(maxPurpose)})
	case strings.ContainsFunc(purpose, files.Hidden):
		form.Wrong("purpose", "error.name-control", nil)
	}
	return form.Err()
}

// pack reads the answers, weighs them as the report did, and writes the package to the disk.
func (s *Service) pack(ctx context.Context, actor access.Actor, r *Report, in PackageInput) (_ *Package, err error) {
	store := s.DB.Of(actor.Tenant)
	read, opt, err := s.answers(ctx, store, r, new(jobs.Progress))
	if err != nil {
		return nil, err
	}
	parts, err := sourceParts(ctx, store, r.Source)
	if err != nil {
		return nil, gone(err)
	}
	weights, err := analysis.Weigh(ctx, read.Answers, opt)
	if err != nil {
		return nil, unusable(err)
	}
	f, err := s.findings(ctx, actor.Tenant, r)
	if err != nil {
		return nil, err
	}
	file, err := os.CreateTemp(s.Dir, "package-*")
	if err != nil {
		return nil, err
	}
	defer func() {
		if err = errors.Join(err, file.Close()); err != nil {
			_ = os.Remove(file.Name())
		}
	}()
	if err := dataset.Write(ctx, file, dataset.Input{Answers: read.Answers, Findings: f, Weights: weights, Margins: opt.Margins, Questionnaire: parts.instrument},
		dataset.Options{Lang: in.Lang, Title: r.Title, Seed: r.ID, Made: s.Now(), Program: ui.Product, Background: in.Background}); err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	return &Package{Name: "package-" + r.ID + ".zip", Path: file.Name(), Size: info.Size()}, nil
}
