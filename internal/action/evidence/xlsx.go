package evidence

import (
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"tekentafel/internal/spreadsheet"
)

// mostSheet is the longest name that a sheet may have, in characters.
const mostSheet = 31

// workbook writes the evidence as a workbook: what it is about and what is missing first, then a sheet for each part. No text of a cell is
// read as a formula.
func (w words) workbook(out io.Writer, e *Evidence) (err error) {
	file := excelize.NewFile()
	defer func() {
		if closed := file.Close(); err == nil {
			err = closed
		}
	}()
	if err := file.SetDocProps(&excelize.DocProperties{Title: w.say("title"), Creator: e.Organisation, Language: string(w.lang), Created: e.Made.Format("2006-01-02T15:04:05Z")}); err != nil {
		return err
	}
	about := [][]string{{w.say("title"), e.Organisation}, {w.say("column.day"), w.day(e.Made)}, {w.say("sheet.law"), w.with("law", "reference", e.Law.Reference.In(w.lang), "since", w.date(e.Law.Since), "checked", w.date(e.Law.Checked))},
		{"", e.Law.Asks.In(w.lang)}, {"", w.with("privacy", "k", w.Int(e.GroupSize))}}
	if e.Synthetic {
		about = append(about, []string{"", w.say("synthetic")})
	}
	about = append(about, []string{"", ""}, []string{w.say("missing"), ""})
	for i := range e.Missing {
		about = append(about, []string{w.say("part." + string(e.Missing[i].Part)), w.missing(&e.Missing[i])})
	}
	if err := file.SetSheetName(file.GetSheetName(0), w.say("sheet.about")); err != nil {
		return err
	}
	if err := sheet(file, w.say("sheet.about"), nil, about); err != nil {
		return err
	}
	for _, s := range w.sections(e) {
		if s.head == nil {
			continue
		}
		name := short(w.say("part." + string(s.part)))
		if _, err := file.NewSheet(name); err != nil {
			return fmt.Errorf("make the sheet %q: %w", name, err)
		}
		rows := s.rows
		for _, l := range s.lists {
			for _, item := range l.items {
				rows = append(rows, []string{l.title, item})
			}
		}
		if err := sheet(file, name, s.head, rows); err != nil {
			return err
		}
	}
	return file.Write(out)
}

func short(s string) string {
	if utf8.RuneCountInString(s) <= mostSheet {
		return s
	}
	return string([]rune(s)[:mostSheet])
}

// sheet fills a sheet; head may be nil.
func sheet(file *excelize.File, name string, head []column, rows [][]string) error {
	wrap, err := file.NewStyle(&excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return err
	}
	bold, err := file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return err
	}
	out, err := file.NewStreamWriter(name)
	if err != nil {
		return fmt.Errorf("write the sheet %q: %w", name, err)
	}
	widths := []float64{24, 90}
	if head != nil {
		widths = nil
		for _, c := range head {
			widths = append(widths, float64(8*c.width))
		}
	}
	for i, width := range widths {
		if err := out.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	at := 0
	put := func(cells []string, style int) error {
		at++
		values := make([]any, len(cells))
		for i, text := range cells {
			values[i] = excelize.Cell{StyleID: style, Value: spreadsheet.Guard(text)}
		}
		return out.SetRow("A"+strconv.Itoa(at), values)
	}
	if head != nil {
		if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
			return err
		}
		labels := make([]string, len(head))
		for i, c := range head {
			labels[i] = c.label
		}
		if err := put(labels, bold); err != nil {
			return err
		}
	}
	for _, r := range rows {
		if err := put(r, wrap); err != nil {
			return err
		}
	}
	return out.Flush()
}
