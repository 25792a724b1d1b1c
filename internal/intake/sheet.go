package intake

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// sheetRow is a row with the cells that hold something, by column.
type sheetRow struct {
	number int // from 1
	cells  []sheetCell
}

type sheetCell struct {
	column  int // from 0
	text    string
	formula bool
}

// maxSheetRows and maxSheetColumns are those of Excel.
const (
	maxSheetRows    = 1 << 20
	maxSheetColumns = 1 << 14
)

// cells calls f with each row that holds something, until f says that it has had enough.
func (w *workbook) cells(ctx context.Context, f func(sheetRow) (more bool, err error)) error {
	r, err := w.xml.Open()
	if err != nil {
		return w.fail(err, "the workbook is damaged or incomplete")
	}
	defer r.Close() //nolint:errcheck // only read from
	d := newXMLDecoder(&meter{r: r, left: int64(w.xml.UncompressedSize64)})
	last := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return w.fail(err, "the sheet "+quoted(w.sheet)+" is damaged or incomplete")
		}
		start, ok := token.(xml.StartElement)
		switch {
		case !ok:
		case start.Name.Local == "row":
			if err := ctx.Err(); err != nil {
				return err
			}
			row, err := w.rowOf(d, start, last)
			if err != nil {
				return w.fail(err, "the sheet "+quoted(w.sheet)+" is damaged or incomplete")
			}
			last = row.number
			if len(row.cells) == 0 {
				continue
			}
			if more, err := f(row); err != nil || !more {
				return err
			}
		case start.Name.Local == "mergeCell":
			if err := w.merged(start); err != nil {
				return err
			}
		}
	}
}

// meter refuses more bytes than a part of a package said to have.
type meter struct {
	r    io.Reader
	left int64
}

func (m *meter) Read(b []byte) (int, error) {
	n, err := m.r.Read(b)
	if m.left -= int64(n); m.left < 0 {
		return 0, errors.New("a part of the workbook is larger than it says")
	}
	return n, err
}

// rowOf reads a row. Rows without a number follow the last.
func (w *workbook) rowOf(d *xml.Decoder, start xml.StartElement, last int) (sheetRow, error) {
	row := sheetRow{number: last + 1}
	for _, a := range start.Attr {
		if a.Name.Local == "r" {
			n, err := strconv.Atoi(a.Value)
			if err != nil || n <= last || n > maxSheetRows {
				return row, fmt.Errorf("row %s follows row %d", quoted(a.Value), last)
			}
			row.number = n
		}
	}
	column := -1
	for {
		token, err := d.Token()
		if err != nil {
			return row, err
		}
		switch t := token.(type) {
		case xml.EndElement:
			if t.Name.Local == "row" {
				return row, nil
			}
		case xml.StartElement:
			if t.Name.Local != "c" {
				if err := d.Skip(); err != nil {
					return row, err
				}
				continue
			}
			cell, err := w.cellOf(d, t, column)
			if err != nil {
				return row, fmt.Errorf("row %d: %w", row.number, err)
			}
			if column = cell.column; cell.text != "" || cell.formula {
				row.cells = append(row.cells, cell)
			}
		}
	}
}

// cellOf reads a cell. Cells without a place follow the last.
func (w *workbook) cellOf(d *xml.Decoder, start xml.StartElement, last int) (sheetCell, error) {
	cell := sheetCell{column: last + 1}
	kind, style := "", 0
	for _, a := range start.Attr {
		switch a.Name.Local {
		case "r":
			column, _, err := excelize.CellNameToCoordinates(a.Value)
			if err != nil || column-1 <= last || column > maxSheetColumns {
				return cell, fmt.Errorf("the place of a cell, %s, cannot be right", quoted(a.Value))
			}
			cell.column = column - 1
		case "t":
			kind = a.Value
		case "s":
			style, _ = strconv.Atoi(a.Value) //nolint:errcheck // an unreadable style is no style
		}
	}
	var value strings.Builder
	for {
		token, err := d.Token()
		if err != nil {
			return cell, err
		}
		switch t := token.(type) {
		case xml.EndElement:
			if t.Name.Local != "c" {
				continue
			}
			if value.Len() > w.limits.CellBytes {
				return cell, errCellSize(w.limits.CellBytes)
			}
			cell.text, err = w.textOf(value.String(), kind, style)
			return cell, err
		case xml.StartElement:
			switch t.Name.Local {
			case "f":
				cell.formula = true
				err = d.Skip()
			case "v":
				err = collect(d, &value, w.limits.CellBytes)
			case "is":
				err = collectRich(d, &value, w.limits.CellBytes)
			default:
				err = d.Skip()
			}
			if err != nil {
				return cell, err
			}
		}
	}
}

// collect appends the text of the element that was just opened.
func collect(d *xml.Decoder, to *strings.Builder, most int) error {
	for depth := 1; depth > 0; {
		token, err := d.Token()
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		case xml.CharData:
			if to.Len()+len(t) > most {
				return errCellSize(most)
			}
			to.Write(t)
		}
	}
	return nil
}

// collectRich appends the texts of a string item: plain, or in runs; how to pronounce it is left out.
func collectRich(d *xml.Decoder, to *strings.Builder, most int) error {
	for depth := 1; depth > 0; {
		token, err := d.Token()
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "t":
				err = collect(d, to, most)
			case "rPh":
				err = d.Skip()
			default:
				depth++
			}
			if err != nil {
				return err
			}
		case xml.EndElement:
			depth--
		}
	}
	return nil
}

// textOf writes a cell as the text that a CSV file would have.
func (w *workbook) textOf(value, kind string, style int) (string, error) {
	switch kind {
	case "s":
		if value == "" {
			return "", nil
		}
		i, err := strconv.Atoi(strings.TrimSpace(value))
		if err != nil || i < 0 || i >= len(w.shared) {
			return "", fmt.Errorf("a cell refers to the text %s, which the workbook does not have", quoted(value))
		}
		return w.shared[i], nil
	case "b":
		return map[string]string{"1": "true", "0": "false"}[strings.TrimSpace(value)], nil
	case "str", "inlineStr", "e", "d":
		return value, nil
	}
	number, ok := parseNumber(value)
	if !ok {
		return value, nil
	}
	if style > 0 && w.isDate(style) {
		if at, err := excelize.ExcelDateToTime(number, false); err == nil {
			return strings.TrimSuffix(at.Format("2006-01-02 15:04:05"), " 00:00:00"), nil
		}
	}
	return numberText(number), nil
}

// readShared reads the texts that cells refer to.
func (w *workbook) readShared() error {
	p := w.part("xl/sharedStrings.xml")
	if p == nil {
		return nil
	}
	r, err := p.Open()
	if err != nil {
		return w.fail(err, "the workbook is damaged or incomplete")
	}
	defer r.Close() //nolint:errcheck // only read from
	d := newXMLDecoder(&meter{r: r, left: int64(p.UncompressedSize64)})
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return w.fail(err, "the texts of the workbook are damaged or incomplete")
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "si" {
			var text strings.Builder
			if err := collectRich(d, &text, w.limits.CellBytes); err != nil {
				return w.fail(err, "the texts of the workbook are damaged or incomplete")
			}
			w.shared = append(w.shared, text.String())
		}
	}
}
