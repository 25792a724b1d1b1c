package intake

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"unicode/utf8"
)

// Cells is what stands in a file that is no answers to a questionnaire, such as a list of staff.
type Cells struct {
	Headings []string // trimmed, none empty, none double
	Rows     []CellsRow
}

// CellsRow is a row that holds something.
type CellsRow struct {
	Number int      // as a spreadsheet counts
	Cells  []string // one for each heading, as written; a formula gives its last result
}

// ReadCells reads every cell of a CSV or XLSX file into memory, in the encodings and with the delimiters that Read knows.
// Rows without anything are left out. Only Limits and Progress of the options are heeded; Limits.Rows bounds the rows and
// Limits.RowBytes the text of one. The error is an *Error that says the place and the mend, or that of the context.
func ReadCells(ctx context.Context, path string, opt Options) (*Cells, error) {
	opt.Limits, opt.Mapping = opt.Limits.orDefault(), nil
	f, size, err := openFile(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read from
	in, err := opt.input(path, f, size)
	if err != nil {
		return nil, err
	}
	src, err := in.source(ctx)
	if err != nil {
		return nil, err
	}
	row, names, err := src.headings()
	if err != nil {
		return nil, err
	}
	c := &Cells{}
	if c.Headings, err = checkHeadings(in.name, row, names, in.limits); err != nil {
		return nil, err
	}
	switch s := src.(type) {
	case *textSource:
		err = s.cells(ctx, c)
	case *workbook:
		err = s.all(ctx, c)
	default:
		err = &Error{Kind: KindFormat, File: in.name, Message: "the file is neither CSV nor XLSX", Mend: "save it as CSV in UTF-8 or as .xlsx"}
	}
	if err != nil {
		if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			return nil, err
		}
		return nil, in.fail(err, "the file cannot be read")
	}
	if len(c.Rows) == 0 {
		return nil, &Error{Kind: KindEmpty, File: in.name, Message: "the file has headings but no rows", Mend: "export the list anew"}
	}
	return c, nil
}

// add takes a row over, unless nothing stands in it.
func (c *Cells) add(number int, cells []string, limits Limits) error {
	filled := false
	for _, cell := range cells {
		filled = filled || strings.TrimSpace(cell) != ""
	}
	if !filled {
		return nil
	}
	if len(c.Rows) >= limits.Rows {
		return &Error{Kind: KindLimit, Row: number, Message: fmt.Sprintf("the file has more than %d rows", limits.Rows), Mend: "split the file"}
	}
	c.Rows = append(c.Rows, CellsRow{Number: number, Cells: cells})
	return nil
}

// cells reads the text; where it turns out to be no UTF-8 although it looked so, from the start again as windows-1252.
func (s *textSource) cells(ctx context.Context, c *Cells) error {
	err := s.records(ctx, c)
	if errors.Is(err, errNotUTF8) {
		s.encoding, s.guessed = encodingWindows1252, false
		c.Rows = nil
		err = s.records(ctx, c)
	}
	return err
}

func (s *textSource) records(ctx context.Context, c *Cells) error {
	var n atomic.Int64
	raw := &countingReader{r: io.NewSectionReader(s.file, int64(s.bom), s.size-int64(s.bom)), n: &n}
	cut := cutter{r: s.decoder(raw), delimiter: s.delimiter, limits: s.limits, oldMac: s.oldMac}
	number, first, multi := 1+s.skip, true, false
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		text, err := cut.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if first {
			first = false
			rest, wrong := s.behindHeadings(text)
			if wrong != nil {
				return wrong
			}
			text = rest
		}
		if err := s.checkText(text, number, multi); err != nil {
			return err
		}
		multi = multi || s.encoding == encodingUTF8 && utf8.RuneCount(text) != len(text)
		if number, err = s.block(c, text, number); err != nil {
			return err
		}
		s.progress(n.Load(), s.size)
	}
}

// checkText refuses text that is damaged, or says that it is in another encoding than it seemed.
func (s *textSource) checkText(text []byte, number int, multi bool) error {
	if i := bytes.IndexByte(text, 0); i >= 0 {
		e := errNUL()
		e.Row = number + 1 + bytes.Count(text[:i], []byte("\n"))
		return e
	}
	if s.encoding != encodingUTF8 || utf8.Valid(text) {
		return nil
	}
	if s.guessed && !multi {
		return errNotUTF8
	}
	return &Error{Kind: KindEncoding, Message: "the text is partly UTF-8 and partly not", Mend: "export the list anew in UTF-8"}
}

// block takes the records of a block over and returns the number of the last.
func (s *textSource) block(c *Cells, text []byte, number int) (int, error) {
	p := recordParser{delimiter: s.delimiter}
	for len(text) > 0 {
		list, n, wrong := p.cells(text)
		number++
		if wrong != nil {
			wrong.Row = number
			return number, wrong
		}
		text = text[n:]
		row := make([]string, len(c.Headings))
		for i, cell := range list {
			if len(cell) > s.limits.CellBytes {
				e := errCellSize(s.limits.CellBytes)
				e.Row = number
				return number, e
			}
			if i < len(row) {
				row[i] = string(cell)
			} else if len(bytes.TrimSpace(cell)) > 0 {
				return number, &Error{
					Kind: KindRagged, Row: number, Message: fmt.Sprintf("the row has %d cells, but there are %d headings", len(list), len(row)),
					Mend: "put a cell that contains the delimiter between quotation marks, or give the column a heading",
				}
			}
		}
		if err := c.add(number, row, s.limits); err != nil {
			return number, err
		}
	}
	return number, nil
}

// all reads the sheet.
func (w *workbook) all(ctx context.Context, c *Cells) (err error) {
	defer w.guard(&err)
	heading := true
	return w.cells(ctx, func(r sheetRow) (bool, error) {
		if heading {
			heading = false
			return true, nil
		}
		row := make([]string, len(c.Headings))
		for _, cell := range r.cells {
			if cell.column >= len(row) {
				return false, &Error{
					Kind: KindRagged, Row: r.number, Message: fmt.Sprintf("a cell stands to the right of the %d headings", len(row)),
					Mend: "give the column a heading, or clear the cell",
				}
			}
			row[cell.column] = cell.text
		}
		w.progress(int64(r.number), maxSheetRows)
		return true, c.add(r.number, row, w.limits)
	})
}

// Alike returns the spellings among levels that look like one, each with the one that occurs most: they differ in capitals,
// accents, white space, punctuation or a letter. Counts tells how often each occurs.
func Alike(levels []string, counts []int) []Merge { return merges(levels, counts, nil) }
