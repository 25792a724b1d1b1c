package sheet

// grid is a sheet as it stands in the file: every row that holds something.
type grid struct {
	columns []*cellColumn
	place   []uint32 // number of each row in the file
	blank   spans
	last    int // number of the last row
	limits  Limits
	maxCols int
}

func newGrid(l Limits) *grid { return &grid{limits: l, blank: spans{most: 1000}} }

// begin opens a row; rows that were passed over are blank.
func (g *grid) begin(number int) error {
	if number > g.last+1 {
		g.blank.addRun(g.last+1, number-1)
	}
	g.last = number
	if len(g.place) >= g.limits.Rows {
		return errLimit(number, "rows", g.limits.Rows)
	}
	g.place = append(g.place, uint32(number))
	return nil
}

// set fills a cell of the row that was opened last; columns come in ascending order.
func (g *grid) set(column int, cell []byte) error {
	if column >= g.limits.Columns {
		return errLimit(g.last, "columns", g.limits.Columns)
	}
	if len(cell) > g.limits.CellBytes {
		return errLimit(g.last, "cell", g.limits.CellBytes)
	}
	for len(g.columns) <= column {
		g.columns = append(g.columns, newCellColumn())
	}
	c := g.columns[column]
	c.pad(len(g.place) - 1)
	c.add(cell)
	return nil
}

// done ends the growth of the grid.
func (g *grid) done() {
	for _, c := range g.columns {
		c.pad(len(g.place))
		c.done()
	}
}

func (g *grid) rows() int { return len(g.place) }

func (g *grid) cell(row, column int) string { return g.columns[column].cell(row) }

func (g *grid) row(row int) []string {
	cells := make([]string, len(g.columns))
	for i, c := range g.columns {
		cells[i] = c.cell(row)
	}
	return cells
}
