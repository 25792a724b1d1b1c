package command

import (
	"context"
	"fmt"
	"slices"

	"tekentafel/internal/instrument"
	"tekentafel/internal/intake"
	"tekentafel/internal/report/analysis"
	"tekentafel/internal/report/findings"
)

// analyseCommand goes from answers to a report: Instrument + Answers -> Design -> Findings -> views.
type analyseCommand struct {
	Instrument   string   `required:"" placeholder:"FILE" help:"Instrument (YAML), or the name of a built-in one."`
	Data         string   `required:"" placeholder:"FILE" help:"Answers: CSV, XLSX, Parquet or a snapshot."`
	Mapping      string   `placeholder:"FILE" help:"How columns and values of the data fit the instrument (see propose-mapping)."`
	Population   float64  `placeholder:"N" help:"People in the whole population, for the finite population correction and the response rate."`
	Margins      string   `placeholder:"FILE.csv" help:"Population counts (variable,value,count) to weight the answers to by raking."`
	Trim         float64  `placeholder:"RATIO" help:"Largest weight when raking, as a multiple of the mean weight, such as 5. Default: no bound."`
	Weight       string   `placeholder:"COLUMN" help:"Column of the data with a weight per respondent."`
	Strata       string   `placeholder:"COLUMN" help:"Column of the data with the sampling stratum."`
	Cluster      string   `placeholder:"COLUMN" help:"Column of the data with the sampling cluster."`
	By           []string `sep:"none" placeholder:"VARIABLE" help:"Background variable to break down by; may be given again. Default: those that the instrument marks; \"none\" for no breakdown."`
	Lang         []string `default:"nl" placeholder:"nl" help:"Language of the report: nl, fr, de or en; may be given again; \"all\" for the four."`
	Format       []string `default:"html" placeholder:"html" help:"html, pdf, factsheet, xlsx or json; may be given again."`
	Out          string   `default:"." placeholder:"DIR|-" help:"Folder for the files, or - for standard output (one format, one language)."`
	Organisation string   `placeholder:"NAME" help:"Name of the organisation, for the cover."`
	Wave         string   `placeholder:"NAME" help:"Name of the wave, for the cover, such as \"spring 2026\"."`
}

// Run reads, analyses and writes; on any error nothing is written.
func (c *analyseCommand) Run(ctx context.Context, s *Streams) error {
	langs, formats, err := c.outputs()
	if err != nil {
		return err
	}
	p := newProgress(s.Err)
	defer p.clear()

	f, read, err := c.findings(ctx, p)
	if err != nil {
		return err
	}
	p.clear()
	explainIssues(s.Err, read)

	files, err := render(ctx, f, langs, formats, p)
	if err != nil {
		return err
	}
	p.clear()
	if c.Out == "-" {
		return writeStream(s.Out, files[0])
	}
	paths, err := writeAll(c.Out, files)
	for _, path := range paths {
		_, _ = fmt.Fprintln(s.Out, path)
	}
	return err
}

// findings goes from the files to Findings.
func (c *analyseCommand) findings(ctx context.Context, p *progress) (*findings.Findings, *intake.Result, error) {
	in, err := openInstrument(c.Instrument)
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
	f, err := analysis.Analyse(ctx, read.Answers, analysis.Options{
		Organisation: c.Organisation,
		Wave:         c.Wave,
		Population:   c.Population,
		Margins:      margins,
		Trim:         c.Trim,
		Strata:       c.Strata,
		Cluster:      c.Cluster,
		By:           c.By,
		Data:         dataQuality(read),
		Progress:     func(stage string, done, total int) { p.step(stage, int64(done), int64(total)) },
	})
	return f, read, refused(err)
}

// outside returns the variables to break down by that the instrument does not know: columns of the data.
func outside(in *instrument.Instrument, by []string) []string {
	var out []string
	for _, id := range by {
		if _, known := in.Variable(id); !known && id != analysis.NoBreakdown {
			out = append(out, id)
		}
	}
	return out
}

// outputs checks which languages and formats are asked for.
func (c *analyseCommand) outputs() ([]instrument.Lang, []string, error) {
	var langs []instrument.Lang
	for _, l := range c.Lang {
		switch {
		case l == "all":
			langs = append(langs, instrument.Languages()...)
		case slices.Contains(instrument.Languages(), instrument.Lang(l)):
			langs = append(langs, instrument.Lang(l))
		default:
			return nil, nil, usage("--lang %q is not a language of the report; choose nl, fr, de, en or all", l)
		}
	}
	for _, f := range c.Format {
		if !slices.Contains([]string{"html", "pdf", "factsheet", "xlsx", "json"}, f) {
			return nil, nil, usage("--format %q is not known; choose html, pdf, factsheet, xlsx or json", f)
		}
	}
	langs, formats := unique(langs), unique(c.Format)
	if c.Out == "-" && (len(formats) != 1 || (len(langs) != 1 && formats[0] != "json")) {
		return nil, nil, usage("standard output takes one format in one language; give --out a folder for more")
	}
	if c.Trim != 0 && !(c.Trim > 1) {
		return nil, nil, usage("--trim must be above 1, such as 5 for at most five times the mean weight, not %v", c.Trim)
	}
	if c.Population < 0 || c.Population != c.Population {
		return nil, nil, usage("--population must be a number of people, not %v", c.Population)
	}
	return langs, formats, nil
}

// unique returns the values of s without repeats, in order.
func unique[T comparable](s []T) []T {
	var out []T
	for _, v := range s {
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}
