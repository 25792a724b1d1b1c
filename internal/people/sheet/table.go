package sheet

import "iter"

// Table is a list as it was read. Its methods that read may be called by several goroutines at once.
type Table struct {
	Columns []Column
	Notes   []Note

	cells []*cellColumn // one for each column
	keep  []uint32      // of each row, where it stands in cells; nil when all rows do, in order
	place []uint32      // of each row in cells, its number in the file
	rows  int
}

// Column is what is known of a column.
type Column struct {
	Heading  string   `json:"heading"`         // never empty, never twice in a table
	Group    string   `json:"group,omitempty"` // the heading that stands above it and others, "" without one
	Examples []string `json:"examples"`        // the first distinct cells that are not empty, at most five
	Filled   int      `json:"filled"`          // cells that are not empty
	Distinct int      `json:"distinct"`        // different texts among those
	Shape    Shape    `json:"shape"`           // what most of those are
	Share    float64  `json:"share"`           // of those that have the shape, 0 to 1
	Digits   int      `json:"digits"`          // the number of digits that most whole numbers have, 0 without any
}

// Row is a row of the table.
type Row struct {
	Number int      // in the file, as a spreadsheet counts; the first is 1
	Cells  []string // one for each column, as written; leading spaces may say how far a name is indented
}

// Len returns the number of rows.
func (t *Table) Len() int { return t.rows }

// Headings returns the headings.
func (t *Table) Headings() []string {
	list := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		list[i] = c.Heading
	}
	return list
}

func (t *Table) at(row int) int {
	if t.keep == nil {
		return row
	}
	return int(t.keep[row])
}

// Number returns the number of a row in the file; rows count from 0.
func (t *Table) Number(row int) int { return int(t.place[t.at(row)]) }

// Cell returns a cell; rows and columns count from 0.
func (t *Table) Cell(row, column int) string { return t.cells[column].cell(t.at(row)) }

// Row returns the number of a row in the file and its cells, in a slice of their own.
func (t *Table) Row(row int) (number int, cells []string) {
	return t.Number(row), t.AppendRow(make([]string, 0, len(t.Columns)), row)
}

// AppendRow appends the cells of a row.
func (t *Table) AppendRow(to []string, row int) []string {
	at := t.at(row)
	for _, c := range t.cells {
		to = append(to, c.cell(at))
	}
	return to
}

// Rows returns the rows in order. The cells of a row are overwritten by the next.
func (t *Table) Rows() iter.Seq2[int, Row] {
	return func(yield func(int, Row) bool) {
		var r Row
		for i := range t.rows {
			r.Number, r.Cells = t.Number(i), t.AppendRow(r.Cells[:0], i)
			if !yield(i, r) {
				return
			}
		}
	}
}

// Column returns the place of a heading, -1 without one.
func (t *Table) Column(heading string) int {
	for i, c := range t.Columns {
		if c.Heading == heading {
			return i
		}
	}
	return -1
}

// tableColumn is a column that a Cleaner or a conversion can change; indexes are rows of the table.
type tableColumn struct {
	t *Table
	e *editor
}

func (t *Table) edit(column int) *tableColumn { return &tableColumn{t, newEditor(t.cells[column])} }

func (c *tableColumn) Len() int               { return c.t.rows }
func (c *tableColumn) Cell(i int) string      { return c.e.cell(c.t.at(i)) }
func (c *tableColumn) Set(i int, cell string) { c.e.set(c.t.at(i), cell) }

// Pad puts zeros in front of the whole numbers of a column that have fewer than width digits, and returns how many those were.
// It is what a note NoteLostZeros proposes.
func (t *Table) Pad(column, width int) int {
	c, n := t.edit(column), 0
	for i := range t.rows {
		if cell := c.Cell(i); allDigits(cell) && len(cell) < width {
			c.Set(i, zeros(width-len(cell))+cell)
			n++
		}
	}
	c.e.close()
	t.describe(column)
	return n
}

func zeros(n int) string {
	const some = "0000000000000000000000000000000000000000"
	return some[:min(n, len(some))]
}
