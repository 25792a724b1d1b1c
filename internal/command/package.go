package command

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"tekentafel/internal/clock"
	"tekentafel/internal/instrument"
	"tekentafel/internal/intake"
	"tekentafel/internal/report/analysis"
	"tekentafel/internal/report/dataset"
	"tekentafel/internal/report/findings"
)

// packageCommand makes the package with which a researcher checks a report: Answers + Findings -> zip.
type packageCommand struct {
	Instrument   string   `required:"" placeholder:"FILE" help:"Instrument (YAML), or the name of a built-in one."`
	Data         string   `required:"" placeholder:"FILE" help:"Answers: CSV, XLSX, Parquet or a snapshot."`
	Mapping      string   `placeholder:"FILE" help:"How columns and values of the data fit the instrument."`
	Findings     string   `placeholder:"FILE.json" help:"The published Findings, made with the same flags. Default: they are computed."`
	Population   float64  `placeholder:"N" help:"As for analyse."`
	Margins      string   `placeholder:"FILE.csv" help:"As for analyse."`
	Trim         float64  `placeholder:"RATIO" help:"As for analyse."`
	Weight       string   `placeholder:"COLUMN" help:"As for analyse."`
	Strata       string   `placeholder:"COLUMN" help:"As for analyse."`
	Cluster      string   `placeholder:"COLUMN" help:"As for analyse."`
	By           []string `sep:"none" placeholder:"VARIABLE" help:"As for analyse."`
	Organisation string   `placeholder:"NAME" help:"Name of the organisation."`
	Wave         string   `placeholder:"NAME" help:"Name of the wave, such as \"spring 2026\"."`
	Title        string   `placeholder:"TEXT" help:"Title of the report. Default: that of the instrument."`
	Terms        string   `placeholder:"TEXT" help:"Under which terms the data may be used. Default: for this research only, not to be passed on."`
	Background   bool     `help:"With all background variables, also those by which the report breaks nothing down."`
	Lang         string   `default:"nl" enum:"nl,fr,de,en" help:"Language of labels, codebook and README: nl, fr, de or en."`
	Out          string   `required:"" placeholder:"FILE.zip" help:"Package to write."`
}

// Run reads, weighs, computes what was not given, and writes the package whole or not at all.
func (c *packageCommand) Run(ctx context.Context, s *Streams) error {
	p := newProgress(s.Err)
	defer p.clear()
	in, read, err := c.input(ctx, p)
	if err != nil {
		return err
	}
	p.clear()
	explainIssues(s.Err, read)
	title := c.Title
	if title == "" {
		title = in.Answers.Instrument.Title.In(instrument.Lang(c.Lang))
	}
	opt := dataset.Options{Lang: instrument.Lang(c.Lang), Title: title, Seed: c.Data, Made: clock.System()(), Program: "Tekentafel " + version(), Terms: c.Terms,
		Background: c.Background, Strata: c.Strata, Cluster: c.Cluster}
	if err := writeFile(c.Out, func(w io.Writer) error { return refused(dataset.Write(ctx, w, *in, opt)) }); err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.Out, c.Out)
	return err
}

// input goes from the files to what a package is made from.
func (c *packageCommand) input(ctx context.Context, p *progress) (*dataset.Input, *intake.Result, error) {
	if c.Trim != 0 && !(c.Trim > 1) {
		return nil, nil, usage("--trim must be above 1, such as 5 for at most five times the mean weight, not %v", c.Trim)
	}
	in, err := openInstrument(c.Instrument)
	if err != nil {
		return nil, nil, err
	}
	yaml, err := instrument.Marshal(in)
	if err != nil {
		return nil, nil, err
	}
	mapping, err := openMapping(c.Mapping)
	if err != nil {
		return nil, nil, err
	}
	margins, err := openMargins(c.Margins)
	if err != nil {
		return nil, nil, err
	}
	read, err := readAnswers(ctx, c.Data, in, intake.Options{
		Mapping: mapping, Weight: c.Weight, Strata: c.Strata, Cluster: c.Cluster, Extra: outside(in, c.By),
	}, p)
	if err != nil {
		return nil, nil, err
	}
	opt := analysis.Options{Organisation: c.Organisation, Wave: c.Wave, Population: c.Population, Margins: margins, Trim: c.Trim,
		Strata: c.Strata, Cluster: c.Cluster, By: c.By, Data: dataQuality(read),
		Progress: func(stage string, done, total int) { p.step(stage, int64(done), int64(total)) }}
	weights, err := analysis.Weigh(ctx, read.Answers, opt)
	if err != nil {
		return nil, nil, refused(err)
	}
	f, err := c.published(ctx, read.Answers, opt)
	if err != nil {
		return nil, nil, err
	}
	return &dataset.Input{Answers: read.Answers, Findings: f, Weights: weights, Margins: margins, Questionnaire: yaml}, read, nil
}

// published returns the Findings that were given, or computes them.
func (c *packageCommand) published(ctx context.Context, a *instrument.Answers, opt analysis.Options) (*findings.Findings, error) {
	if c.Findings == "" {
		f, err := analysis.Analyse(ctx, a, opt)
		return f, refused(err)
	}
	src, err := readBounded(c.Findings, maxFindings)
	if err != nil {
		return nil, refused(fmt.Errorf("the findings could not be read: %w", err))
	}
	f := &findings.Findings{}
	if err := json.Unmarshal(src, f); err != nil {
		return nil, refused(fmt.Errorf("%s holds no findings: %w; give the file that analyse --format json wrote", c.Findings, err))
	}
	if f.Instrument.ID != a.Instrument.ID || !slices.Equal(f.Weights.Margins, marginsOf(opt)) {
		return nil, refused(fmt.Errorf("%s is about the instrument %q weighted to %q; give the flags with which it was made", c.Findings, f.Instrument.ID, f.Weights.Margins))
	}
	return f, nil
}

// marginsOf names what is weighted to.
func marginsOf(opt analysis.Options) []string {
	var out []string
	for _, m := range opt.Margins {
		if m.Variable != opt.Strata {
			out = append(out, m.Variable)
		}
	}
	return out
}
