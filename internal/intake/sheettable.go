package intake

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"
)

// merged refuses merged cells among the answers: the covered ones are empty, whatever they seem to say.
func (w *workbook) merged(start xml.StartElement) error {
	for _, a := range start.Attr {
		if a.Name.Local != "ref" {
			continue
		}
		_, to, ok := strings.Cut(a.Value, ":")
		if !ok {
			continue
		}
		if column, row, err := excelize.CellNameToCoordinates(to); err == nil && row >= w.row && column-1 < max(len(w.names), 1) {
			return &Error{
				Kind: KindFormat, File: w.name, Row: row, Message: "the cells " + quoted(a.Value) + " are merged into one",
				Mend: "unmerge them and fill in each cell, so that every row stands on its own",
			}
		}
	}
	return nil
}

// table reads the wanted columns of all rows behind the headings.
func (w *workbook) table(ctx context.Context, p *plan, missing spellings) (t *table, err error) {
	defer w.guard(&err)
	t = newTable(p, w.limits)
	t.headerRow = w.row
	sinks := t.sinks(p, missing)
	cells := make([]sheetCell, len(p.headings))
	last := w.row
	heading, flushed := true, 0
	err = w.cells(ctx, func(r sheetRow) (bool, error) {
		if heading {
			heading = false
			return true, nil
		}
		for ; last+1 < r.number; last++ {
			t.blank = append(t.blank, t.rows)
		}
		last = r.number
		clear(cells)
		filled := 0
		for _, c := range r.cells {
			if c.column >= len(cells) {
				return false, &Error{
					Kind: KindRagged, Row: r.number, Message: fmt.Sprintf("a cell stands to the right of the %d headings", len(cells)),
					Mend: "give the column a heading, or clear the cell",
				}
			}
			cells[c.column] = c
			filled = c.column + 1
		}
		if filled < len(cells) {
			t.short++
		}
		for i, s := range sinks {
			if s == nil {
				continue
			}
			if cells[i].formula {
				s.addFormula()
				continue
			}
			if err := s.add([]byte(cells[i].text)); err != nil {
				var e *Error
				if errors.As(err, &e) {
					e.Row, e.Column = r.number, p.headings[i]
				}
				return false, err
			}
		}
		if t.rows++; t.rows-flushed == sheetRun {
			t.flush(sinks, flushed)
			flushed = t.rows
			w.progress(int64(t.rows), maxSheetRows)
		}
		return true, nil
	})
	if err != nil {
		if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			return nil, err
		}
		return nil, w.fail(err, "the sheet cannot be read")
	}
	t.flush(sinks, flushed)
	return t, nil
}

// sheetRun is how many rows are gathered before they are stored narrowly.
const sheetRun = 1 << 14

// flush moves what the sinks gathered from row first on into the columns.
func (t *table) flush(sinks []*sink, first int) {
	for i, c := range t.columns {
		if c != nil {
			c.append(first, sinks[i].take())
		}
	}
}
