package command

import (
	"errors"
	"fmt"
	"io"
	"os"

	"tekentafel/internal/instrument"
	"tekentafel/internal/instrument/xlsform"
)

// importCommand makes an instrument of an XLSForm.
type importCommand struct {
	File string `arg:"" help:"Form (.xlsx), as KoboToolbox, ODK and others write it (xlsform.org)."`
	Out  string `short:"o" name:"output" required:"" placeholder:"FILE.yaml" help:"Instrument to write."`
}

// Run writes the instrument, and says everything that could not be carried over.
func (c *importCommand) Run(s *Streams) error {
	src, err := readForm(c.File)
	if err != nil {
		return refused(err)
	}
	form, err := xlsform.Read(c.File, src)
	if err != nil {
		var p *xlsform.Problem
		var list *instrument.Problems
		if errors.As(err, &p) || errors.As(err, &list) {
			return refused(err)
		}
		return err
	}
	file, err := stage(c.Out, func(w io.Writer) error { _, err := w.Write(form.YAML); return err })
	if err != nil {
		return err
	}
	if err := place([]staged{file}); err != nil {
		return err
	}
	for _, n := range form.Notes {
		_, _ = fmt.Fprintln(s.Err, n)
	}
	_, _ = fmt.Fprintf(s.Err, "%d questions written to %s; %d remarks. Check it: tekentafel check-instrument %s\n",
		questions(form.Instrument), c.Out, len(form.Notes), c.Out)
	return nil
}

// readForm reads a form whole, but no file that is too large to be one.
func readForm(path string) (src []byte, err error) {
	f, err := os.Open(path) //nolint:gosec // the file that was named on the command line
	if err != nil {
		return nil, fmt.Errorf("the form could not be read: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	src, err = io.ReadAll(io.LimitReader(f, xlsform.MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("the form could not be read: %w", err)
	}
	return src, nil
}
