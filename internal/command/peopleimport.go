package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"tekentafel/internal/instrument"
	"tekentafel/internal/jobs"
	"tekentafel/internal/people"
	"tekentafel/internal/people/sheet"
	"tekentafel/internal/people/store"
)

// peopleImportCommand brings a file in.
type peopleImportCommand struct {
	staffPlace
	File       string `arg:"" help:"CSV or XLSX, as the personnel system exports it."`
	Source     string `required:"" placeholder:"NAME" help:"Source that the file comes from, as it is called in the pages. Its columns are known from an earlier file."`
	DryRun     bool   `help:"Show what the file would change, and put it aside."`
	Yes        bool   `help:"Apply without asking."`
	AcceptLoss bool   `help:"Apply also when more goes than the limits of the source allow."`
	Names      bool   `help:"Show the first people, units and functions by name; without it only numbers and rows are shown."`

	Sheet      string `group:"Reading the file" help:"Sheet of a workbook."`
	HeadingRow int    `group:"Reading the file" placeholder:"ROW" help:"Last row of the headings, as a spreadsheet counts; -1: there are none."`
	Encoding   string `group:"Reading the file" enum:",utf-8,utf-16le,utf-16be,windows-1252,ibm850,macintosh" default:"" placeholder:"NAME" help:"Encoding of a text: utf-8, utf-16le, utf-16be, windows-1252, ibm850 or macintosh."`
	Separator  string `group:"Reading the file" placeholder:"SIGN" help:"Sign between the cells of a text."`
}

// Run brings the file in, and says with its exit code whether it was applied.
func (c *peopleImportCommand) Run(ctx context.Context, s *Streams) error {
	if err := readable(c.File); err != nil {
		return err
	}
	return c.work(ctx, s, func(ctx context.Context, w *staffWork) error { return c.run(ctx, s, w) })
}

// mostLooks is how often the difference is looked at anew because the organisation changed meanwhile.
const mostLooks = 5

func (c *peopleImportCommand) run(ctx context.Context, s *Streams, w *staffWork) error {
	source, err := c.source(ctx, w)
	if err != nil {
		return err
	}
	importID, err := w.Receive(ctx, w.actor, people.Arrival{Source: source, FileName: filepath.Base(c.File), Path: c.File,
		Options:  sheet.Options{Sheet: c.Sheet, HeadingRow: c.HeadingRow, Encoding: c.Encoding, Separator: c.Separator},
		Progress: func(done, total int64) { w.line.step("Reading the file", done, total) }})
	w.line.clear()
	if err != nil {
		return fmt.Errorf("%s was not taken: %w", c.File, said(err))
	}
	for range mostLooks {
		again, err := c.look(ctx, s, w, importID)
		if err != nil || !again {
			return err
		}
		_, _ = fmt.Fprintln(s.Err, "The organisation changed meanwhile; this is the difference with what stands now.")
	}
	return waiting("the organisation changes all the time; look at the import at /staff/imports/%s", importID)
}

// source finds the source by its name.
func (c *peopleImportCommand) source(ctx context.Context, w *staffWork) (string, error) {
	list, err := w.Sources(ctx, w.actor)
	if err != nil {
		return "", err
	}
	names := make([]string, len(list))
	for i := range list {
		if names[i] = list[i].Name; strings.EqualFold(list[i].Name, strings.TrimSpace(c.Source)) {
			return list[i].ID, nil
		}
	}
	if len(names) == 0 {
		return "", usage("there is no source yet; add it at /staff/sources/new and bring its first file there")
	}
	return "", usage("there is no source %q; there is: %s", c.Source, strings.Join(names, ", "))
}

// look shows what an import would change and, when that is wanted, applies it; true when the organisation changed meanwhile.
func (c *peopleImportCommand) look(ctx context.Context, s *Streams, w *staffWork, importID string) (again bool, err error) {
	at := "/staff/imports/" + importID
	v, err := w.Import(ctx, w.actor, importID)
	if err != nil {
		return false, err
	}
	reading, err := people.ReadingOf(&v)
	if err != nil {
		return false, err
	}
	if !reading.Saved {
		err := showColumns(s.Out, reading)
		return false, errors.Join(err, c.aside(ctx, w, &v, waiting("the columns of this file are not known for this source; say at %s what they are", at)))
	}
	if v, err = w.ended(ctx, importID, store.Received); err != nil {
		return false, err
	}
	shown, err := people.PreviewOf(&v)
	if err != nil {
		return false, err
	}
	if shown == nil {
		return false, waiting("somebody dealt with this import meanwhile; it is %s, at %s", v.State, at)
	}
	if err := showPreview(s.Out, shown, reading, c.Names); err != nil {
		return false, err
	}
	switch {
	case len(reading.New) > 0:
		return false, c.aside(ctx, w, &v, waiting("the file has columns that are new; say at %s what they are", at))
	case shown.Taken == 0:
		return false, c.aside(ctx, w, &v, waiting("no row of the file could be taken; look at %s", at))
	case shown.Difference.Stops() && !c.AcceptLoss:
		return false, c.aside(ctx, w, &v, waiting("more goes than the limits of the source allow; when that is right, give --accept-loss or apply it at %s", at))
	case c.DryRun:
		return false, c.aside(ctx, w, &v, nil)
	case !c.Yes:
		yes, asked := agreed(s, "Apply this?")
		if !asked {
			return false, waiting("nobody was asked; give --yes, or apply it at %s", at)
		}
		if !yes {
			return false, waiting("it was not applied; it waits at %s", at)
		}
	}
	if err := w.Apply(ctx, w.actor, importID, v.Version, c.AcceptLoss); err != nil {
		return false, said(err)
	}
	if v, err = w.ended(ctx, importID, store.Applying); err != nil {
		return false, err
	}
	if v.State == store.Received || v.State == store.Previewed {
		return true, nil
	}
	if err := showApplied(s.Out, &v); err != nil {
		return false, err
	}
	return false, w.settled(ctx)
}

// aside puts a trial aside; what is no trial waits for a person.
func (c *peopleImportCommand) aside(ctx context.Context, w *staffWork, v *store.Import, why error) error {
	if !c.DryRun {
		return why
	}
	if err := w.Refuse(ctx, w.actor, v.ID, v.Version); err != nil {
		return said(err)
	}
	return why
}

// ended waits until an import has left a state, and fails with what is known when it came to nothing.
func (w *staffWork) ended(ctx context.Context, importID string, state store.ImportState) (v store.Import, err error) {
	err = w.waits(ctx, func(ctx context.Context) (bool, error) {
		v, err = w.Import(ctx, w.actor, importID)
		return v.State != state, err
	})
	if err == nil && v.State == store.Failed {
		why := jobs.Trouble{}
		_ = json.Unmarshal([]byte(v.Counts), &why) // without it nothing more is known
		err = fmt.Errorf("the import came to nothing: %s", why.In(instrument.EN))
	}
	return v, err
}
