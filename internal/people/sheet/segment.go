package sheet

import "strings"

// runRows is how many rows a segment has; the last of a column may have fewer.
const runRows = 4096

// segment holds the cells of a run of rows in a column: as texts that follow each other, or as a list of values and the place
// of each cell in it.
type segment struct {
	n      int
	values []string // of the coded form; with one value there are no places
	narrow []uint8
	wide   []uint16
	text   string   // of the plain form
	ends   []uint32 // of each cell in text
}

func (s *segment) at(i int) string {
	switch {
	case s.ends != nil:
		from := uint32(0)
		if i > 0 {
			from = s.ends[i-1]
		}
		return s.text[from:s.ends[i]]
	case s.narrow != nil:
		return s.values[s.narrow[i]]
	case s.wide != nil:
		return s.values[s.wide[i]]
	}
	return s.values[0]
}

// cellColumn is a column that grows row by row, and can be edited when it is whole.
type cellColumn struct {
	runs  []segment
	buf   []byte // of the rows that are in no segment yet
	ends  []uint32
	known map[string]string // texts that several segments share
	seen  map[string]uint16 // scratch: places of the values of a segment
}

// most texts that a column shares; a column with more has few that repeat
const mostShared = 1 << 16

func newCellColumn() *cellColumn {
	return &cellColumn{known: map[string]string{"": ""}, seen: map[string]uint16{}}
}

func (c *cellColumn) len() int { return len(c.runs)*runRows + len(c.ends) }

func (c *cellColumn) add(cell []byte) {
	c.buf = append(c.buf, cell...)
	c.ends = append(c.ends, uint32(len(c.buf)))
	if len(c.ends) == runRows {
		c.flush()
	}
}

// pad adds empty cells until there are n cells.
func (c *cellColumn) pad(n int) {
	for missing := n - c.len(); missing > 0; missing = n - c.len() {
		if len(c.ends) == 0 && missing >= runRows {
			c.runs = append(c.runs, segment{n: runRows, values: []string{""}})
			continue
		}
		c.add(nil)
	}
}

// done ends the growth of the column.
func (c *cellColumn) done() {
	if len(c.ends) > 0 {
		c.flush()
	}
	c.buf, c.ends = nil, nil
}

func (c *cellColumn) flush() {
	c.runs = append(c.runs, c.encode(string(c.buf), c.ends))
	c.buf, c.ends = c.buf[:0], c.ends[:0]
}

// encode puts cells in the form that takes the least room.
func (c *cellColumn) encode(text string, ends []uint32) segment {
	clear(c.seen)
	var values []string
	places := make([]uint16, len(ends))
	from, room := uint32(0), 0
	for i, to := range ends {
		cell := text[from:to]
		from = to
		if i > 0 && cell == values[places[i-1]] {
			places[i] = places[i-1]
			continue
		}
		at, ok := c.seen[cell]
		if !ok {
			if len(values) > len(ends)/2 {
				return segment{n: len(ends), text: text, ends: append([]uint32(nil), ends...)}
			}
			at = uint16(len(values))
			c.seen[cell] = at
			values = append(values, cell)
			if room += 16; c.known[cell] == "" {
				room += len(cell)
			}
		}
		places[i] = at
	}
	if len(values) <= 256 {
		room += len(ends)
	} else {
		room += 2 * len(ends)
	}
	if room >= len(text)+4*len(ends) {
		return segment{n: len(ends), text: text, ends: append([]uint32(nil), ends...)}
	}
	s := segment{n: len(ends), values: make([]string, len(values))}
	for i, v := range values {
		s.values[i] = c.shared(v)
	}
	switch {
	case len(values) == 1:
	case len(values) <= 256:
		s.narrow = make([]uint8, len(places))
		for i, p := range places {
			s.narrow[i] = uint8(p)
		}
	default:
		s.wide = places
	}
	return s
}

// shared returns a text that holds no larger one in memory, the same for every segment where it pays.
func (c *cellColumn) shared(v string) string {
	if k, ok := c.known[v]; ok {
		return k
	}
	v = strings.Clone(v)
	if len(c.known) < mostShared {
		c.known[v] = v
	}
	return v
}

// cell returns the cell of a row of a column that is done.
func (c *cellColumn) cell(row int) string { return c.runs[row/runRows].at(row % runRows) }

// editor changes cells of a column that is done, run by run.
type editor struct {
	column *cellColumn
	run    int // that is unpacked, -1 for none
	cells  []string
}

func newEditor(c *cellColumn) *editor { return &editor{column: c, run: -1} }

func (e *editor) cell(row int) string {
	if row/runRows == e.run {
		return e.cells[row%runRows]
	}
	return e.column.cell(row)
}

func (e *editor) set(row int, cell string) {
	if run := row / runRows; run != e.run {
		e.close()
		e.run = run
		s := &e.column.runs[run]
		e.cells = e.cells[:0]
		for i := range s.n {
			e.cells = append(e.cells, s.at(i))
		}
	}
	e.cells[row%runRows] = cell
}

// close packs what was changed.
func (e *editor) close() {
	if e.run < 0 {
		return
	}
	var text strings.Builder
	ends := make([]uint32, len(e.cells))
	for i, c := range e.cells {
		text.WriteString(c)
		ends[i] = uint32(text.Len())
	}
	e.column.runs[e.run] = e.column.encode(text.String(), ends)
	e.run = -1
}
