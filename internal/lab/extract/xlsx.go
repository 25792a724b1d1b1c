package extract

import (
	"bytes"
	"context"
	"errors"
	"strconv"
	"strings"

	"tekentafel/internal/i18n"
	"tekentafel/internal/intake"
)

// readXLSX reads the sheets of a workbook as tables, each below its name.
func readXLSX(ctx context.Context, name string, data []byte, out *output) error {
	book, err := intake.ReadBook(name, bytes.NewReader(data), int64(len(data)), intake.Options{
		Limits: intake.Limits{UnzipBytes: out.limits.Unpacked, UnzipRatio: 1000, CellBytes: 1 << 20},
	})
	if err != nil {
		return bookError(err)
	}
	defer book.Close() //nolint:errcheck // it is no file
	out.sheets = len(book.Sheets())
	for i, s := range book.Sheets() {
		if s.Hidden {
			out.note("note.sheets", nil)
		}
		if err := readSheet(ctx, book, i, out); err != nil {
			return err
		}
	}
	return nil
}

// errRows ends the reading of a sheet.
var errRows = errors.New("as many rows as are read")

func readSheet(ctx context.Context, book *intake.Book, i int, out *output) error {
	if err := out.add("## " + strings.Join(strings.Fields(book.Sheets()[i].Name), " ") + "\n"); err != nil {
		return err
	}
	rows, fault := 0, false
	layout, err := book.Rows(ctx, i, func(r *intake.BookRow) error {
		if err := out.step(); err != nil {
			return err
		}
		if rows++; rows > out.limits.Rows {
			return errRows
		}
		if r.Hidden {
			out.note("note.rows", nil)
		}
		var line strings.Builder
		at := 0
		for _, c := range r.Cells {
			fault = fault || c.Fault
			for ; at < c.Column && at < maxColumns; at++ {
				line.WriteString(" | ")
			}
			line.WriteString(strings.Join(strings.Fields(string(c.Text)), " "))
		}
		line.WriteByte('\n')
		return out.add(line.String())
	})
	switch {
	case errors.Is(err, errRows):
		out.cut = true
		out.note("note.first", i18n.Args{"rows": strconv.Itoa(out.limits.Rows)})
	case errors.Is(err, errCut) || out.ctx.Err() != nil:
		return err
	case err != nil:
		return bookError(err)
	case layout != nil && len(layout.HiddenColumns) > 0:
		out.note("note.rows", nil)
	}
	if fault {
		out.note("note.faults", nil)
	}
	return out.add("\n")
}

const maxColumns = 16384 // that of Excel

func bookError(err error) error {
	var e *intake.Error
	if !errors.As(err, &e) {
		return err
	}
	if e.Kind == intake.KindLimit {
		return refuseFor("error.bomb", err)
	}
	if e.Kind == intake.KindEmpty {
		return refuseFor("error.empty", err)
	}
	return damaged(err)
}
