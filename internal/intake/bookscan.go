package intake

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/xuri/excelize/v2"
)

// scanFault is a fault in the XML of a part, as opposed to one of the caller.
type scanFault struct{ err error }

func (f *scanFault) Error() string { return f.err.Error() }
func (f *scanFault) Unwrap() error { return f.err }

// bookScan reads the cells of one sheet.
type bookScan struct {
	book   *Book
	xml    *xmlScanner
	layout *BookLayout
	row    BookRow
	text   []byte // of the cells of the row
	value  []byte // of the cell
}

func (s *bookScan) sheet(ctx context.Context, f func(*BookRow) error) error {
	last, whole := 0, false
	for {
		token, err := s.xml.next()
		if errors.Is(err, io.EOF) {
			if !whole {
				return &scanFault{errors.New("the cells are missing")}
			}
			return nil
		}
		if err != nil {
			return &scanFault{err}
		}
		if token != xmlStart {
			continue
		}
		switch string(s.xml.name) {
		case "sheetData":
			whole = true
		case "row":
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := s.readRow(last); err != nil {
				return &scanFault{err}
			}
			if last = s.row.Number; len(s.row.Cells) > 0 {
				if err := f(&s.row); err != nil {
					return err
				}
			}
		case "mergeCell":
			if m, ok := parseRange(s.xml.attr("ref")); ok {
				s.layout.Merged = append(s.layout.Merged, m)
			}
		case "col":
			if isTrue(s.xml.attr("hidden")) {
				from, _ := strconv.Atoi(string(s.xml.attr("min"))) //nolint:errcheck // what cannot be read hides nothing
				to, _ := strconv.Atoi(string(s.xml.attr("max")))   //nolint:errcheck // the same
				if from >= 1 && to >= from && to <= maxSheetColumns {
					s.layout.HiddenColumns = append(s.layout.HiddenColumns, BookRange{FromColumn: from - 1, ToColumn: to - 1})
				}
			}
		}
	}
}

func isTrue(b []byte) bool { return string(b) == "1" || string(b) == "true" }

// parseRange reads B2:C4.
func parseRange(b []byte) (BookRange, bool) {
	from, to, ok := bytes.Cut(b, []byte(":"))
	if !ok {
		return BookRange{}, false
	}
	c1, r1, err1 := excelize.CellNameToCoordinates(string(from))
	c2, r2, err2 := excelize.CellNameToCoordinates(string(to))
	if err1 != nil || err2 != nil || c2 < c1 || r2 < r1 {
		return BookRange{}, false
	}
	return BookRange{FromRow: r1, ToRow: r2, FromColumn: c1 - 1, ToColumn: c2 - 1}, true
}

// readRow reads the row that was opened. Rows without a number follow the last.
func (s *bookScan) readRow(last int) error {
	s.row.Number, s.row.Hidden, s.row.Cells, s.text = last+1, isTrue(s.xml.attr("hidden")), s.row.Cells[:0], s.text[:0]
	if r := s.xml.attr("r"); r != nil {
		n, err := strconv.Atoi(string(r))
		if err != nil || n <= last || n > maxSheetRows {
			return fmt.Errorf("row %s follows row %d", quoted(string(r)), last)
		}
		s.row.Number = n
	}
	if s.xml.closed {
		return nil
	}
	column := -1
	for {
		token, err := s.xml.next()
		if err != nil {
			return noEOF(err)
		}
		switch {
		case token == xmlEnd:
			for i := range s.row.Cells {
				c := &s.row.Cells[i]
				c.Text = s.text[c.from:c.to:c.to]
			}
			return nil
		case token != xmlStart:
		case string(s.xml.name) == "c":
			cell, err := s.cell(column)
			if err != nil {
				return fmt.Errorf("row %d: %w", s.row.Number, err)
			}
			if column = cell.Column; cell.to > cell.from || cell.Formula {
				s.row.Cells = append(s.row.Cells, cell)
			}
		default:
			if err := s.xml.skip(); err != nil {
				return err
			}
		}
	}
}

// columnOf reads the column of a place such as AB12; -1 for what is no place.
func columnOf(place []byte) int {
	column, i := 0, 0
	for ; i < len(place) && i < 4; i++ {
		c := place[i] &^ 0x20
		if c < 'A' || c > 'Z' {
			break
		}
		column = column*26 + int(c-'A') + 1
	}
	if i == 0 || column > maxSheetColumns {
		return -1
	}
	return column - 1
}

// cell reads the cell that was opened. Cells without a place follow the last.
func (s *bookScan) cell(last int) (BookCell, error) {
	cell := BookCell{Column: last + 1}
	if place := s.xml.attr("r"); place != nil {
		if cell.Column = columnOf(place); cell.Column <= last {
			return cell, fmt.Errorf("the place of a cell, %s, cannot be right", quoted(string(place)))
		}
	}
	kind := kindOf(s.xml.attr("t"))
	style, _ := strconv.Atoi(string(s.xml.attr("s"))) //nolint:errcheck // an unreadable style is no style
	s.value = s.value[:0]
	if s.xml.closed {
		return cell, nil
	}
	for {
		token, err := s.xml.next()
		if err != nil {
			return cell, noEOF(err)
		}
		switch {
		case token == xmlEnd:
			cell.from = len(s.text)
			err := s.show(&cell, kind, style)
			cell.to = len(s.text)
			return cell, err
		case token != xmlStart:
		case string(s.xml.name) == "f":
			cell.Formula = true
			err = s.xml.skip()
		case string(s.xml.name) == "v":
			s.value, err = s.xml.text(s.value)
		case string(s.xml.name) == "is":
			s.value, err = s.xml.rich(s.value)
		default:
			err = s.xml.skip()
		}
		if err != nil {
			return cell, err
		}
	}
}

// cellKind is how the value of a cell is written.
type cellKind byte

const (
	kindNumber cellKind = iota
	kindShared
	kindBool
	kindText
	kindFault
)

func kindOf(t []byte) cellKind {
	switch string(t) {
	case "s":
		return kindShared
	case "b":
		return kindBool
	case "str", "inlineStr", "d":
		return kindText
	case "e":
		return kindFault
	}
	return kindNumber
}

// show appends the text of a cell.
func (s *bookScan) show(cell *BookCell, kind cellKind, style int) error {
	var how bookStyle
	if style > 0 && style < len(s.book.styles) {
		how = s.book.styles[style]
	}
	value := s.value
	switch kind {
	case kindShared:
		if len(bytes.TrimSpace(value)) == 0 {
			return nil
		}
		i, err := strconv.Atoi(string(bytes.TrimSpace(value)))
		if err != nil || i < 0 || i >= len(s.book.w.shared) {
			return errors.New("a cell refers to a text that the workbook does not have")
		}
		s.indented(cell, how)
		s.text = append(s.text, s.book.w.shared[i]...)
	case kindBool:
		switch string(bytes.TrimSpace(value)) {
		case "1":
			s.text = append(s.text, "true"...)
		case "0":
			s.text = append(s.text, "false"...)
		}
	case kindFault:
		cell.Fault = true
		s.text = append(s.text, value...)
	case kindText:
		s.indented(cell, how)
		s.text = append(s.text, value...)
	default:
		s.number(cell, how)
	}
	return nil
}

func (s *bookScan) indented(cell *BookCell, how bookStyle) {
	cell.Indent = how.indent
	for range how.indent {
		s.text = append(s.text, "  "...)
	}
}

// number appends a number, as a date where it is shown as one.
func (s *bookScan) number(cell *BookCell, how bookStyle) {
	value := s.value
	whole := len(value) > 0 && len(value) <= 15
	for _, c := range value {
		whole = whole && c >= '0' && c <= '9'
	}
	if whole && !how.date && (value[0] != '0' || len(value) == 1) {
		for i := len(value); i < how.zeros; i++ {
			s.text = append(s.text, '0')
			cell.Padded = true
		}
		s.text = append(s.text, value...)
		return
	}
	v, ok := parseNumber(string(value))
	if !ok {
		s.text = append(s.text, value...)
		return
	}
	if how.date {
		if at, err := excelize.ExcelDateToTime(v, s.book.is1904); err == nil {
			cell.Date = true
			layout := "2006-01-02 15:04:05"
			if at.Hour() == 0 && at.Minute() == 0 && at.Second() == 0 {
				layout = "2006-01-02"
			}
			s.text = at.AppendFormat(s.text, layout)
			return
		}
	}
	s.text = append(s.text, numberText(v)...)
}

// readShared reads the texts that cells refer to.
func (b *Book) readShared() error {
	p := b.w.part("xl/sharedStrings.xml")
	if p == nil {
		return nil
	}
	r, err := p.Open()
	if err != nil {
		return b.w.fail(err, "the workbook is damaged or incomplete")
	}
	defer r.Close() //nolint:errcheck // only read from
	x := newXMLScanner(&meter{r: r, left: int64(p.UncompressedSize64)}, b.w.limits.CellBytes)
	var text []byte
	for {
		token, err := x.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil && token == xmlStart && string(x.name) == "si" {
			if text, err = x.rich(text[:0]); err == nil {
				b.w.shared = append(b.w.shared, string(text))
			}
		}
		if err != nil {
			return b.w.fail(err, "the texts of the workbook are damaged or incomplete")
		}
	}
}
