// Package book reads and writes the spreadsheet of what functions ask. It knows sheets and cells, and finds out what they say by
// words that its caller gives; what they mean for the organisation is the caller's.
package book

import (
	"fmt"
	"io"
	"strconv"

	"github.com/xuri/excelize/v2"

	"tekentafel/internal/spreadsheet"
)

// Sheet is a sheet to be written.
type Sheet struct {
	Name   string // at most 31 characters
	Widths []float64
	Head   []string // nil for none
	Rows   [][]any  // texts and whole numbers
	Frozen int      // columns that stay in sight
}

// Write writes a workbook. No text of a cell is read as a formula.
func Write(w io.Writer, sheets []Sheet) (err error) {
	file := excelize.NewFile()
	defer func() {
		if closed := file.Close(); err == nil {
			err = closed
		}
	}()
	bold, err := file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return err
	}
	wrap, err := file.NewStyle(&excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return err
	}
	for i := range sheets {
		if i == 0 {
			err = file.SetSheetName(file.GetSheetName(0), sheets[i].Name)
		} else {
			_, err = file.NewSheet(sheets[i].Name)
		}
		if err == nil {
			err = write(file, &sheets[i], bold, wrap)
		}
		if err != nil {
			return fmt.Errorf("write the sheet %q: %w", sheets[i].Name, err)
		}
	}
	return file.Write(w)
}

func write(file *excelize.File, s *Sheet, bold, wrap int) error {
	out, err := file.NewStreamWriter(s.Name)
	if err != nil {
		return err
	}
	for i, width := range s.Widths {
		if err := out.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	row := 0
	if s.Head != nil {
		if err := out.SetPanes(&excelize.Panes{Freeze: true, XSplit: s.Frozen, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
			return err
		}
		head := make([]any, len(s.Head))
		for i, text := range s.Head {
			head[i] = excelize.Cell{StyleID: bold, Value: spreadsheet.Guard(text)}
		}
		row++
		if err := out.SetRow("A1", head); err != nil {
			return err
		}
	}
	for _, cells := range s.Rows {
		values := make([]any, len(cells))
		for i, c := range cells {
			values[i] = c
			if text, ok := c.(string); ok {
				values[i] = spreadsheet.Guard(text)
				if s.Head == nil {
					values[i] = excelize.Cell{StyleID: wrap, Value: spreadsheet.Guard(text)}
				}
			}
		}
		row++
		if err := out.SetRow("A"+strconv.Itoa(row), values); err != nil {
			return err
		}
	}
	return out.Flush()
}
