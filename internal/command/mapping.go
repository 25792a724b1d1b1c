package command

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"tekentafel/internal/intake"
)

// mapCommand proposes a mapping.
type mapCommand struct {
	Instrument string `required:"" placeholder:"FILE" help:"Instrument (YAML), or the name of a built-in one."`
	Data       string `required:"" placeholder:"FILE" help:"Answers: CSV, XLSX or Parquet."`
	Mapping    string `placeholder:"FILE" help:"A mapping to start from."`
	Out        string `default:"-" placeholder:"FILE|-" help:"File to write, or - for standard output."`
}

// Run reads the answers and writes a mapping that a person can edit: what fits, and as comments what might.
func (c *mapCommand) Run(ctx context.Context, s *Streams) error {
	in, err := openInstrument(c.Instrument)
	if err != nil {
		return err
	}
	start, err := openMapping(c.Mapping)
	if err != nil {
		return err
	}
	p := newProgress(s.Err)
	defer p.clear()
	m, read, err := intake.Propose(ctx, c.Data, in, intake.Options{
		Mapping: start, Progress: func(done, total int64) { p.step("reading answers", done, total) },
	})
	if err != nil {
		return refused(err)
	}
	p.clear()
	if read != nil {
		explainIssues(s.Err, read)
	}
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		return err
	}
	if c.Out == "-" {
		return writeStream(s.Out, output{bytes: b.Bytes()})
	}
	if err := writeFile(c.Out, func(f io.Writer) error { _, err := f.Write(b.Bytes()); return err }); err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.Out, c.Out)
	return err
}
