package command

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"tekentafel/internal/instrument"
	"tekentafel/internal/synth"
)

// generateCommand makes a synthetic wave.
type generateCommand struct {
	Instrument  string   `default:"genai-monitor" placeholder:"FILE" help:"Instrument (YAML), or the name of a built-in one. Default: genai-monitor."`
	Size        int      `required:"" placeholder:"N" help:"Number of respondents."`
	Seed        uint64   `default:"1" placeholder:"S" help:"The same seed makes the same wave. Default: 1."`
	Extra       []string `placeholder:"PART" help:"Answer this extra part of the instrument too, such as test. Can be repeated."`
	Departments int      `placeholder:"D" help:"Number of departments. Default: 24."`
	Population  int      `placeholder:"N" help:"People in the organisation. Default: such that 41 % answer."`
	Out         string   `required:"" placeholder:"FILE" help:"File to write: .csv or .parquet."`
	MarginsOut  string   `placeholder:"FILE.csv" help:"Write the population counts too, for analyse --margins."`
}

// Run makes the wave and writes it whole or not at all.
func (c *generateCommand) Run(ctx context.Context, s *Streams) error {
	if !slices.Contains([]string{".csv", ".parquet"}, strings.ToLower(filepath.Ext(c.Out))) {
		return usage("--out %s: let the file name end in .csv or .parquet", c.Out)
	}
	if c.MarginsOut != "" && filepath.Clean(c.MarginsOut) == filepath.Clean(c.Out) {
		return usage("--margins-out and --out are the same file; name two")
	}
	in, err := openInstrument(c.Instrument)
	if err != nil {
		return err
	}
	for _, id := range c.Extra {
		if !slices.ContainsFunc(in.Modules, func(m instrument.Module) bool { return m.Extra && m.ID == id }) {
			return usage("--extra %s: the instrument has no extra part of that name", id)
		}
	}
	in = in.Asking(c.Extra...)
	p := newProgress(s.Err)
	defer p.clear()
	w, err := synth.New(synth.Options{
		Instrument: in, Size: c.Size, Seed: c.Seed, Departments: c.Departments, Population: c.Population,
		Progress: func(done, total int64) { p.step("making respondents", done, total) },
	})
	if err != nil {
		return usage("%w", err)
	}
	if err := c.write(ctx, w); err != nil {
		return err
	}
	p.clear()
	_, _ = fmt.Fprintf(s.Err, "%d synthetic respondents, made with seed %d, no real person's answers: %s\n", c.Size, c.Seed, c.Out)
	return nil
}

// write writes the wave and, where asked for, its margins.
func (c *generateCommand) write(ctx context.Context, w *synth.Wave) error {
	var files []staged
	if c.MarginsOut != "" {
		var margins bytes.Buffer
		if err := w.WriteMargins(&margins); err != nil {
			return usage("--margins-out: %w", err)
		}
		m, err := stage(c.MarginsOut, func(f io.Writer) error { _, err := margins.WriteTo(f); return err })
		if err != nil {
			return err
		}
		files = append(files, m)
	}
	answers, err := stage(c.Out, func(f io.Writer) error { return w.Write(ctx, f, c.Out) })
	if err != nil {
		return errors.Join(err, discard(files))
	}
	return place(append(files, answers))
}
