package command

import (
	"context"
	"fmt"

	"tekentafel/internal/intake"
)

// snapshotCommand saves answers as columns of codes.
type snapshotCommand struct {
	Instrument string `required:"" placeholder:"FILE" help:"Instrument (YAML), or the name of a built-in one."`
	Data       string `required:"" placeholder:"FILE" help:"Answers: CSV, XLSX or Parquet."`
	Mapping    string `placeholder:"FILE" help:"How columns and values of the data fit the instrument."`
	Weight     string `placeholder:"COLUMN" help:"Column of the data with a weight per respondent."`
	Strata     string `placeholder:"COLUMN" help:"Column of the data with the sampling stratum."`
	Cluster    string `placeholder:"COLUMN" help:"Column of the data with the sampling cluster."`
	Out        string `required:"" placeholder:"FILE" help:"File to write."`
}

// Run reads the answers and saves them.
func (c *snapshotCommand) Run(ctx context.Context, s *Streams) error {
	in, err := openInstrument(c.Instrument)
	if err != nil {
		return err
	}
	mapping, err := openMapping(c.Mapping)
	if err != nil {
		return err
	}
	p := newProgress(s.Err)
	defer p.clear()
	read, err := readAnswers(ctx, c.Data, in, intake.Options{Mapping: mapping, Weight: c.Weight, Strata: c.Strata, Cluster: c.Cluster}, p)
	if err != nil {
		return err
	}
	explainIssues(s.Err, read)
	if err := read.WriteSnapshot(c.Out, c.Weight); err != nil {
		return notWritten(err)
	}
	_, err = fmt.Fprintln(s.Out, c.Out)
	return err
}
