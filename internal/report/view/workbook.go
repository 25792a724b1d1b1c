package view

import (
	"fmt"
	"math"

	"github.com/xuri/excelize/v2"

	"tekentafel/internal/spreadsheet"
)

// format is how a column writes numbers.
type format int

const (
	asText    format = iota
	asCount          // whole numbers
	asShare          // proportions as percents with a decimal
	asDecimal        // three decimals
	asP              // p-values, four decimals
)

// column is a heading (a key of the messages) with the width in characters and the format of its numbers.
type column struct {
	head   string
	width  float64
	format format
}

// grid is one sheet of the workbook. A cell is a string, an int, a float64, a bool or nil.
type grid struct {
	name    string // key of the messages
	columns []column
	rows    [][]any
}

// workbook writes grids to sheets.
type workbook struct {
	file   *excelize.File
	words  func(key string) string
	banner string // first line of each sheet
	styles map[format]int
	strong int
	quiet  int
}

func newWorkbook(words func(string) string, banner string) (*workbook, error) {
	b := &workbook{file: excelize.NewFile(), words: words, banner: banner, styles: map[format]int{}}
	for f, code := range []string{asCount: "#,##0", asShare: "0.0%", asDecimal: "0.000", asP: "0.0000"} {
		if code == "" {
			continue
		}
		id, err := b.file.NewStyle(&excelize.Style{CustomNumFmt: &code, Alignment: &excelize.Alignment{Horizontal: "right", Vertical: "top"}})
		if err != nil {
			return nil, err
		}
		b.styles[format(f)] = id
	}
	wrap, err := b.file.NewStyle(&excelize.Style{Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}})
	if err != nil {
		return nil, err
	}
	b.styles[asText] = wrap
	if b.strong, err = b.file.NewStyle(&excelize.Style{
		Font: &excelize.Font{Bold: true, Color: "16223A"}, Alignment: &excelize.Alignment{Vertical: "center", WrapText: true},
		Border: []excelize.Border{{Type: "bottom", Color: "16223A", Style: 2}},
	}); err != nil {
		return nil, err
	}
	b.quiet, err = b.file.NewStyle(&excelize.Style{Font: &excelize.Font{Italic: true, Color: "4A5468"}})
	return b, err
}

// add writes a sheet: the banner, the headings (both stay in sight when one scrolls), the rows.
func (b *workbook) add(n int, g grid) error {
	name := b.words(g.name)
	if n == 0 {
		if err := b.file.SetSheetName(b.file.GetSheetName(0), name); err != nil {
			return err
		}
	} else if _, err := b.file.NewSheet(name); err != nil {
		return err
	}
	out, err := b.file.NewStreamWriter(name)
	if err != nil {
		return err
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 2, TopLeftCell: "A3", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	head := make([]any, len(g.columns))
	for i, c := range g.columns {
		if err := out.SetColWidth(i+1, i+1, c.width); err != nil {
			return err
		}
		head[i] = excelize.Cell{StyleID: b.strong, Value: b.words(c.head)}
	}
	if err := out.SetRow("A1", []any{excelize.Cell{StyleID: b.quiet, Value: spreadsheet.Guard(b.banner)}}); err != nil {
		return err
	}
	if err := out.SetRow("A2", head); err != nil {
		return err
	}
	for i, row := range g.rows {
		cells := make([]any, len(row))
		for j, v := range row {
			cells[j] = excelize.Cell{StyleID: b.styles[g.columns[j].format], Value: b.cell(v)}
		}
		if err := out.SetRow(fmt.Sprintf("A%d", i+3), cells); err != nil {
			return err
		}
	}
	return out.Flush()
}

// cell is a value as the spreadsheet takes it: what is no figure is left empty.
func (b *workbook) cell(v any) any {
	switch v := v.(type) {
	case string:
		return spreadsheet.Guard(v)
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil
		}
	case bool:
		if v {
			return b.words("yes")
		}
		return b.words("no")
	}
	return v
}
