package sheet

import (
	"strconv"

	"tekentafel/internal/national"
)

// table makes a table of a sheet: finds its headings, leaves out what is no row of the list, names the columns, takes national
// numbers out, and puts right what spreadsheets did to days.
func (s *source) table(opt Options) (*Table, error) {
	g := s.grid
	top := newTop(g)
	names := s.name(top, opt)
	t := &Table{place: g.place, Notes: s.notes}
	heading := s.headingNotes(t, top, names)
	filled := s.fillMerged(s.firstBodyRow(names))

	b := newBody(g, names.last+1)
	if names.last >= 0 {
		b.repeats(heading)
	}
	b.totals()
	b.footers()
	t.Notes = append(t.Notes, b.done()...)
	if g.blank.count > 0 {
		t.Notes = append(t.Notes, g.blank.note(NoteBlankRows))
	}
	t.rows = g.rows() - b.first - len(b.removed)
	if t.rows == 0 {
		return nil, &Error{Kind: ErrEmpty}
	}
	if t.rows < g.rows() {
		t.keep = make([]uint32, 0, t.rows)
		for row := b.first; row < g.rows(); row++ {
			if !b.removed[row] {
				t.keep = append(t.keep, uint32(row))
			}
		}
	}
	kept := s.keepColumns(t, names)
	t.Notes = append(t.Notes, s.widthNotes(t, names)...)
	if s.sheet != "" {
		t.Notes = append(t.Notes, notesOfOthers(s.others, heading)...)
	}
	for i, c := range kept {
		if c < len(s.columns) {
			t.Notes = append(t.Notes, s.columns[c].notesOf(i, t.Columns[i].Heading)...)
		}
		if n := filled[c]; n > 0 {
			t.Notes = append(t.Notes, Note{Kind: NoteMergedFilled, Column: i, Heading: t.Columns[i].Heading, Count: n})
		}
	}
	if err := t.clean(opt.Cleaner); err != nil {
		return nil, err
	}
	for i, c := range kept {
		days := 0
		if c < len(s.columns) {
			days = s.columns[c].dates.count
		}
		t.finish(i, days)
	}
	t.mask()
	return t, nil
}

// firstBodyRow returns the number in the file from which on rows are of the list.
func (s *source) firstBodyRow(n naming) int {
	if n.last+1 < s.grid.rows() {
		return int(s.grid.place[n.last+1])
	}
	return 1 << 30
}

// headingNotes says which rows stand above the headings and which hold them, and returns the last of those.
func (s *source) headingNotes(t *Table, top *top, n naming) []string {
	if n.first < 0 {
		t.Notes = append(t.Notes, Note{Kind: NoteNoHeadings, Column: -1})
		return nil
	}
	for r := range n.first {
		number := int(s.grid.place[r])
		t.Notes = append(t.Notes, Note{Kind: NotePreamble, Column: -1, Rows: []Span{{number, number}}, Count: 1, Args: pairs([]string{"text", s.grid.text(r)})})
	}
	rows := spans{}
	for r := n.first; r <= n.last; r++ {
		rows.add(int(s.grid.place[r]))
	}
	t.Notes = append(t.Notes, rows.note(NoteHeadings, "count", strconv.Itoa(rows.count)))
	return top.rows[n.last]
}

// keepColumns leaves out the columns in which nothing stands, and names the others.
func (s *source) keepColumns(t *Table, n naming) []int {
	var kept []int
	var empty []Note
	for c, cells := range s.grid.columns {
		if n.names[c] == "" && n.groups[c] == "" && !s.holds(t, cells) {
			empty = append(empty, Note{Kind: NoteEmptyColumn, Column: -1, Args: pairs([]string{"letter", letter(c)})})
			continue
		}
		kept = append(kept, c)
		t.cells = append(t.cells, cells)
	}
	if len(empty) > 0 && kept != nil {
		t.Notes = append(t.Notes, empty...)
	}
	columns, notes := n.headingsOf(kept)
	t.Columns = columns
	t.Notes = append(t.Notes, notes...)
	return kept
}

// holds tells whether a row of the table has something in a column.
func (s *source) holds(t *Table, c *cellColumn) bool {
	for i := range t.rows {
		if c.cell(t.at(i)) != "" {
			return true
		}
	}
	return false
}

// widthNotes says which records of a text have fewer or more cells than the headings. Separators behind the last heading that
// programs leave out are none.
func (s *source) widthNotes(t *Table, n naming) []Note {
	if s.widths == nil || n.last < 0 {
		return nil
	}
	named := 0
	for c := range n.names {
		if n.names[c] != "" {
			named = c + 1
		}
	}
	width := max(named, int(s.widths[n.last]))
	short, wide := spans{most: firstRows}, spans{most: firstRows}
	for i := range t.rows {
		switch w := int(s.widths[t.at(i)]); {
		case w < named:
			short.add(t.Number(i))
		case w > width:
			wide.add(t.Number(i))
		}
	}
	var list []Note
	if short.count > 0 {
		list = append(list, short.note(NoteShortRows))
	}
	if wide.count > 0 {
		list = append(list, wide.note(NoteWideRows))
	}
	return list
}

// clean takes the national numbers out of the columns.
func (t *Table) clean(c *national.Cleaner) error {
	refused := &Error{Kind: ErrNational}
	for i := range t.Columns {
		column := t.edit(i)
		r := c.Clean(t.Columns[i].Heading, column)
		column.e.close()
		if c.Refused(r) {
			refused.National = append(refused.National, Finding{
				Heading: t.Columns[i].Heading, Count: r.Kept.Count, Level: r.Verdict.Level, Rows: t.numbers(r.Kept.First),
			})
			continue
		}
		country, named := "be", ""
		if r.Verdict.Dutch {
			country = "nl"
		}
		if r.Verdict.Named {
			named = "yes"
		}
		for _, of := range []struct {
			kind NoteKind
			rows national.Rows
		}{{NoteNationalHashed, r.Hashed}, {NoteNationalEmptied, r.Emptied}, {NoteNationalCut, r.Cut}, {NoteNationalFaulty, r.Faulty}, {NoteNationalKept, r.Kept}} {
			if of.rows.Count > 0 {
				t.Notes = append(t.Notes, Note{
					Kind: of.kind, Column: i, Heading: t.Columns[i].Heading, Rows: t.numbers(of.rows.First), Count: of.rows.Count,
					Args: pairs([]string{"country", country, "named", named}),
				})
			}
		}
	}
	if refused.National != nil {
		return refused
	}
	return nil
}

// numbers returns where rows of the table stand in the file.
func (t *Table) numbers(rows []int) []Span {
	var s spans
	for _, r := range rows {
		s.add(t.Number(r))
	}
	return s.list
}

// mask makes sure that no note shows a national number that stands in a name, such as that of a sheet.
func (t *Table) mask() {
	for _, n := range t.Notes {
		for k, v := range n.Args {
			n.Args[k], _ = national.Mask(v)
		}
	}
}
