package sheet

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"tekentafel/internal/intake"
)

// merge is a rectangle of cells that are one; rows of the file, columns of the grid, both ends included.
type merge = intake.BookRange

// columnNotes is what a workbook tells of the cells of a column.
type columnNotes struct {
	faults, indented, padded, dates spans
	hidden                          bool
	cells                           int
}

// readWorkbook reads the chosen sheet of a workbook, or the one with the most cells. Sheets that are hidden are read only when
// chosen, or when no other holds anything.
func readWorkbook(ctx context.Context, path string, opt Options) (*source, error) {
	book, err := intake.OpenBook(path, intake.Options{Limits: intake.Limits{CellBytes: opt.Limits.CellBytes}})
	if err != nil {
		return nil, bookError(err)
	}
	defer book.Close() //nolint:errcheck // only read from
	var best *source
	var others []other
	chosen := slices.IndexFunc(book.Sheets(), func(s intake.BookSheet) bool { return strings.EqualFold(s.Name, opt.Sheet) })
	if opt.Sheet != "" && chosen < 0 {
		return nil, &Error{Kind: ErrNoSheet, Args: pairs([]string{"sheet", opt.Sheet})}
	}
	progress := opt.progress(1 << 20)
	for i, info := range book.Sheets() {
		s, err := readSheet(ctx, book, i, opt, progress)
		if err != nil {
			return nil, err
		}
		s.sheet = info.Name
		if s.hidden = info.Hidden; info.Hidden {
			s.rank = -1 << 40
		}
		for _, c := range s.columns {
			s.rank += c.cells
		}
		if i == chosen {
			s.rank = 1 << 50
		}
		if best == nil || s.rank > best.rank {
			best, s = s, best
		}
		if s != nil {
			others = append(others, s.abstract())
		}
	}
	if best == nil || best.grid.rows() == 0 {
		return nil, &Error{Kind: ErrEmpty}
	}
	best.notes = append(best.notes, Note{Kind: NoteWorkbook, Column: -1, Args: pairs([]string{"sheet", best.sheet})})
	best.others = others
	return best, nil
}

func bookError(err error) error {
	var e *intake.Error
	if errors.As(err, &e) {
		return fromIntake(e)
	}
	return err
}

func readSheet(ctx context.Context, book *intake.Book, sheet int, opt Options, progress func(int)) (*source, error) {
	s := &source{grid: newGrid(opt.Limits)}
	hidden := spans{most: firstRows}
	layout, err := book.Rows(ctx, sheet, func(r *intake.BookRow) error {
		filled := false
		for _, c := range r.Cells {
			filled = filled || !isBlank(c.Text)
		}
		if !filled {
			return nil
		}
		if r.Number%4096 == 0 {
			progress(r.Number)
		}
		if r.Hidden {
			hidden.add(r.Number)
		}
		if err := s.grid.begin(r.Number); err != nil {
			return err
		}
		for _, c := range r.Cells {
			if isBlank(c.Text) {
				continue
			}
			if err := s.grid.set(c.Column, c.Text); err != nil {
				return err
			}
			for len(s.columns) <= c.Column {
				s.columns = append(s.columns, newColumnNotes())
			}
			s.columns[c.Column].add(r.Number, &c)
		}
		return nil
	})
	if err != nil {
		return nil, bookError(err)
	}
	s.grid.done()
	s.merged = layout.Merged
	for _, h := range layout.HiddenColumns {
		for c := h.FromColumn; c <= h.ToColumn && c < len(s.columns); c++ {
			s.columns[c].hidden = true
		}
	}
	if hidden.count > 0 {
		s.notes = append(s.notes, hidden.note(NoteHiddenRows))
	}
	return s, nil
}

func newColumnNotes() columnNotes {
	few := spans{most: firstRows}
	return columnNotes{faults: few, indented: few, padded: few, dates: few}
}

func (c *columnNotes) add(row int, cell *intake.BookCell) {
	c.cells++
	if cell.Fault {
		c.faults.add(row)
	}
	if cell.Indent > 0 {
		c.indented.add(row)
	}
	if cell.Padded {
		c.padded.add(row)
	}
	if cell.Date {
		c.dates.add(row)
	}
}

// notesOf says what the workbook told of a column of the table.
func (c *columnNotes) notesOf(column int, heading string) []Note {
	var list []Note
	add := func(kind NoteKind, s spans) {
		if s.count > 0 {
			n := s.note(kind)
			n.Column, n.Heading = column, heading
			list = append(list, n)
		}
	}
	add(NoteFaults, c.faults)
	add(NoteIndented, c.indented)
	add(NoteZerosShown, c.padded)
	if c.hidden {
		list = append(list, Note{Kind: NoteHiddenColumn, Column: column, Heading: heading})
	}
	return list
}

// other is a sheet that is not read: how many rows it has, and the first ones to tell whether it is of the same kind.
type other struct {
	name   string
	hidden bool
	rows   int
	top    [][]string
}

func (s *source) abstract() other {
	o := other{name: s.sheet, hidden: s.hidden, rows: s.grid.rows()}
	for r := range min(o.rows, 20) {
		o.top = append(o.top, s.grid.row(r))
	}
	return o
}

// notesOfOthers says which sheets were left out, and whether one has the same headings.
func notesOfOthers(others []other, headings []string) []Note {
	var list []Note
	for _, o := range others {
		kind := NoteSheetSkipped
		for _, row := range o.top {
			same := 0
			for i, h := range headings {
				if i < len(row) && h != "" && strings.EqualFold(strings.TrimSpace(row[i]), h) {
					same++
				}
			}
			if same >= 2 && same*10 >= len(headings)*7 {
				kind = NoteSheetAlike
			}
		}
		hidden := ""
		if o.hidden {
			hidden = "yes"
		}
		list = append(list, Note{Kind: kind, Column: -1, Count: o.rows, Args: pairs([]string{"sheet", o.name, "rows", strconv.Itoa(o.rows), "hidden", hidden})})
	}
	return list
}

// fillMerged puts the text of cells that are merged over several rows into each of them, below the headings. A title merged
// over several columns stays where it is.
func (s *source) fillMerged(firstRow int) map[int]int {
	filled := map[int]int{}
	list := slices.Clone(s.merged)
	slices.SortFunc(list, func(a, b merge) int { return a.FromRow - b.FromRow })
	editors := map[int]*editor{}
	for _, m := range list {
		if m.FromRow < firstRow || m.FromRow == m.ToRow || m.FromColumn != m.ToColumn || m.FromColumn >= len(s.grid.columns) {
			continue
		}
		at, ok := slices.BinarySearch(s.grid.place, uint32(m.FromRow))
		if !ok {
			continue
		}
		e := editors[m.FromColumn]
		if e == nil {
			e = newEditor(s.grid.columns[m.FromColumn])
			editors[m.FromColumn] = e
		}
		text := e.cell(at)
		if text == "" {
			continue
		}
		for at++; at < s.grid.rows() && int(s.grid.place[at]) <= m.ToRow; at++ {
			if e.cell(at) == "" {
				e.set(at, text)
				filled[m.FromColumn]++
			}
		}
	}
	for _, e := range editors {
		e.close()
	}
	return filled
}
