// Package analysis goes from Answers to Findings: routing, design, figures, disclosure control. Each step is a file.
package analysis

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"

	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/stats"
)

// schema names the version of the Findings that this package makes.
const schema = "tekentafel-findings/1"

// Options say what is known beside the answers.
type Options struct {
	Organisation string
	Wave         string
	Population   float64              // people in the population; 0 when unknown
	Margins      []Margin             // population counts to weight to; nil: weights as they are
	Trim         float64              // largest weight as a multiple of the mean when raking; 0: no bound
	Strata       string               // heading of the stratum in Answers.Extra; "" for none
	Cluster      string               // heading of the primary sampling unit in Answers.Extra; "" for none
	By           []string             // background variables to break down by; none: those that the instrument marks
	Also         []string             // columns outside the questionnaire to break down by besides
	Data         findings.DataQuality // what was read and set aside
	Earlier      *Earlier             // the wave to measure changes against; nil for none
	// Progress is told what is being done and how far it is; nil for no one.
	Progress func(stage string, done, total int)
}

// ErrNoRespondents says that there is nothing to analyse.
var ErrNoRespondents = errors.New("the file holds no answers to analyse; check that it is the right file and that the mapping fits")

// Analyse computes everything that the report says. It brings the columns of a in line with the routing, in place.
func Analyse(ctx context.Context, a *instrument.Answers, opt Options) (*findings.Findings, error) {
	step := func(stage string) func(done, total int) {
		return func(done, total int) {
			if opt.Progress != nil {
				opt.Progress(stage, done, total)
			}
		}
	}
	if a.N == 0 {
		return nil, ErrNoRespondents
	}
	routing, err := instrument.CompileRouting(a.Instrument)
	if err != nil {
		return nil, err
	}
	violations := routing.Apply(a)

	sheet, err := newSheet(a, routing, opt.By, opt.Also...)
	if err != nil {
		return nil, err
	}
	design, err := newDesign(ctx, sheet, &opt)
	if err != nil {
		return nil, err
	}
	estimates, err := stats.New(design.design)
	if err != nil {
		return nil, err
	}
	k := a.Instrument.GroupSize
	f := describe(sheet, design, estimates.Info(), &opt)
	f.Data.Violations = violations.Total

	// What needs the whole answers and what needs only their tallies go side by side.
	whole := ctx
	work, ctx := errgroup.WithContext(ctx)
	work.Go(func() (err error) {
		if f.Reliability, err = sheet.reliability(k); err != nil {
			return err
		}
		f.Drivers, f.Models, err = sheet.drivers(ctx, design.design, k)
		return err
	})
	var figures *estimator
	work.Go(func() (err error) {
		figures, err = tabulate(ctx, f, sheet, design.design, estimates, step)
		return err
	})
	if err := work.Wait(); err != nil {
		return nil, err
	}
	if opt.Earlier != nil {
		if err := figures.changes(whole, f, design, opt.Earlier, step("comparing waves")); err != nil {
			return nil, err
		}
	}
	f.Caveats = append(append(caveats(f), design.notes...), sheet.notes()...)
	return f, nil
}

// tabulate adds what follows from tallies: shares, means and comparisons, after disclosure control over all of them.
func tabulate(ctx context.Context, f *findings.Findings, s *sheet, d *stats.Design, estimates *stats.Estimator,
	step func(stage string) func(done, total int)) (*estimator, error) {
	tallies, err := s.gather(ctx, d, step("counting"))
	if err != nil {
		return nil, err
	}
	hide, err := s.protect(ctx, d, tallies, s.in.GroupSize, s.answers.N)
	if err != nil {
		return nil, err
	}
	e := &estimator{sheet: s, stats: estimates, tally: tallies, hide: hide}
	f.Disclosure = findings.Disclosure{K: hide.K, Primary: hide.Primary, Complementary: hide.Complementary}
	f.Questions, f.Groups = e.questions(), e.groups()
	if f.Shares, f.Means, err = e.figures(ctx, step("estimating")); err != nil {
		return nil, err
	}
	if f.Comparisons, err = e.comparisons(ctx, step("comparing groups")); err != nil {
		return nil, err
	}
	f.Benchmarks, err = e.benchmarks(ctx)
	return e, err
}

// describe says which wave the figures are about, and how it was weighted.
func describe(s *sheet, d *designed, info stats.DesignInfo, opt *Options) *findings.Findings {
	in := s.in
	f := &findings.Findings{
		Schema:      schema,
		Instrument:  findings.About{ID: in.ID, Version: in.Version, Title: in.Title, Pilot: in.Pilot, Source: in.Source},
		Wave:        findings.Wave{Organisation: opt.Organisation, Label: opt.Wave, Synthetic: s.answers.Synthetic},
		Respondents: s.answers.N,
		Weights:     d.weights,
		Design:      findings.Design{Strata: info.Strata, Clusters: info.Clusters, DF: info.DF, FPC: info.FPC, Lonely: info.Lonely},
		Data:        opt.Data,
		Changes:     []findings.Change{},
		Pooled:      []findings.Pooled{},
	}
	f.Wave.Population = populationOf(opt, s.answers.N)
	if f.Wave.Population > 0 {
		f.Wave.ResponseRate = float64(s.answers.N) / f.Wave.Population
	}
	return f
}

// populationOf returns the number of people in the population: as given, else as the first margin counts it.
func populationOf(opt *Options, respondents int) float64 {
	if opt.Population > 0 {
		return opt.Population
	}
	if len(opt.Margins) > 0 {
		if total := opt.Margins[0].Total(); total >= float64(respondents) {
			return total
		}
	}
	return 0
}
