package book

import (
	"context"
	"errors"
	"strings"

	"tekentafel/internal/contact"
	"tekentafel/internal/intake"
)

// Bounds of what is read. A sheet of all functions of a large city stays far below.
const (
	MostRows    = 20_000 // of all sheets together
	MostColumns = 200
	mostCell    = 4096 // bytes
)

// ErrTooLarge says that a workbook holds more than is read.
var ErrTooLarge = errors.New("the workbook holds more rows or columns than are read")

// ErrNoBook says that a file is no workbook that can be read.
var ErrNoBook = errors.New("the file is no workbook that can be read")

// Table is the cells of a sheet.
type Table struct {
	Name string
	Rows []Row
}

// Row is a row that holds something.
type Row struct {
	Number int // as a spreadsheet counts, from 1
	Cells  []string
}

// Read reads the cells of all sheets of a workbook (XLSX) that are not hidden. The error is ErrTooLarge, ErrNoBook, or that of the
// context.
func Read(ctx context.Context, path string) (tables []Table, err error) {
	b, err := intake.OpenBook(path, intake.Options{Limits: intake.Limits{CellBytes: mostCell}})
	if err != nil {
		return nil, errors.Join(ErrNoBook, err)
	}
	defer b.Close() //nolint:errcheck // only read from
	rows := 0
	for i, s := range b.Sheets() {
		if s.Hidden {
			continue
		}
		t := Table{Name: s.Name}
		_, err := b.Rows(ctx, i, func(r *intake.BookRow) error {
			if rows++; rows > MostRows {
				return ErrTooLarge
			}
			row := Row{Number: r.Number}
			for _, c := range r.Cells {
				if c.Column >= MostColumns {
					return ErrTooLarge
				}
				for len(row.Cells) <= c.Column {
					row.Cells = append(row.Cells, "")
				}
				row.Cells[c.Column] = plain(string(c.Text))
			}
			t.Rows = append(t.Rows, row)
			return nil
		})
		switch {
		case err == nil:
		case errors.Is(err, ErrTooLarge), ctx.Err() != nil:
			return nil, err
		default:
			return nil, errors.Join(ErrNoBook, err)
		}
		tables = append(tables, t)
	}
	return tables, nil
}

// plain is a cell as one reads it, without the apostrophe that keeps it from being a formula.
func plain(s string) string {
	s = contact.Line(s)
	if rest, guarded := strings.CutPrefix(s, "'"); guarded {
		return contact.Line(rest)
	}
	return s
}
