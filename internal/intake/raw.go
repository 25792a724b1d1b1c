package intake

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
	"sync"
	"unicode/utf8"
)

// table is a file as its reader leaves it: per wanted column a dictionary of distinct cells and an id a row.
type table struct {
	rows      int
	headerRow int   // row of the headings, as a spreadsheet counts
	blank     []int // for each blank line, the number of data rows before it; ascending
	short     int   // rows with fewer cells than headings
	columns   []*rawColumn
}

// rowNumber returns the row of data row i as a spreadsheet counts it.
func (t *table) rowNumber(i int) int {
	return t.headerRow + 1 + i + sort.Search(len(t.blank), func(j int) bool { return t.blank[j] > i })
}

// rawColumn is one wanted file column. Its parts follow each other in row order.
type rawColumn struct {
	heading string
	dict    *dictionary // nil when only numbers are wanted
	parts   []part
	whole   []uint8     // when every part is a run of it, the ids of all rows in one piece
	numbers [][]float64 // when the column is read as a weight: NaN where there is none
	bad     []badCell   // weights that are no number
	uses    int         // how many variables and factors read the ids; one alone may overwrite them
}

// badCell is a cell that is no number in a column of weights.
type badCell struct {
	row  int
	cell string
}

// part holds the ids of a run of rows in the narrowest type that fits; exactly one is set.
type part struct {
	u8  []uint8
	u16 []uint16
	u32 []uint32
}

func (p part) len() int { return len(p.u8) + len(p.u16) + len(p.u32) }

func (p part) at(i int) uint32 {
	switch {
	case p.u8 != nil:
		return uint32(p.u8[i])
	case p.u16 != nil:
		return uint32(p.u16[i])
	}
	return p.u32[i]
}

// narrow copies ids into the narrowest part.
func narrow(ids []uint32) part {
	var all uint32
	for _, id := range ids {
		all |= id
	}
	switch {
	case all < 1<<8:
		p := make([]uint8, len(ids))
		for i, id := range ids {
			p[i] = uint8(id)
		}
		return part{u8: p}
	case all < 1<<16:
		p := make([]uint16, len(ids))
		for i, id := range ids {
			p[i] = uint16(id)
		}
		return part{u16: p}
	}
	return part{u32: slices.Clone(ids)}
}

// each calls f with each part and the first row in it.
func (c *rawColumn) each(f func(first int, p part)) {
	first := 0
	for _, p := range c.parts {
		f(first, p)
		first += p.len()
	}
}

// rows calls f for each row whose id is marked, in order.
func (c *rawColumn) marked(mark []bool, f func(row int, id uint32)) {
	c.each(func(first int, p part) {
		switch {
		case p.u8 != nil:
			for i, id := range p.u8 {
				if mark[id] {
					f(first+i, uint32(id))
				}
			}
		case p.u16 != nil:
			for i, id := range p.u16 {
				if mark[id] {
					f(first+i, uint32(id))
				}
			}
		default:
			for i, id := range p.u32 {
				if mark[id] {
					f(first+i, id)
				}
			}
		}
	})
}

// counts returns how often each id occurs in the rows that are not dropped (ascending row numbers).
func (c *rawColumn) counts(dropped []int) []int {
	n := make([]int, c.dict.len())
	c.each(func(_ int, p part) {
		for _, id := range p.u8 {
			n[id]++
		}
		for _, id := range p.u16 {
			n[id]++
		}
		for _, id := range p.u32 {
			n[id]++
		}
	})
	c.at(dropped, func(_ int, id uint32) { n[id]-- })
	return n
}

// at calls f with the id of each of the rows, which ascend.
func (c *rawColumn) at(rows []int, f func(row int, id uint32)) {
	c.each(func(first int, p part) {
		for len(rows) > 0 && rows[0] < first+p.len() {
			f(rows[0], p.at(rows[0]-first))
			rows = rows[1:]
		}
	})
}

// dictionary numbers the distinct cells of a column as they come. It is safe for concurrent use. Id 0 is the empty cell.
type dictionary struct {
	mu     sync.Mutex
	ids    map[string]uint32
	values []string
	bytes  int

	maxValues int
	maxCell   int // bytes
	maxBytes  int
}

func newDictionary(l Limits, maxValues int) *dictionary {
	return &dictionary{
		ids: map[string]uint32{"": 0}, values: []string{""},
		maxValues: maxValues, maxCell: l.CellBytes, maxBytes: l.ColumnBytes,
	}
}

func (d *dictionary) len() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.values)
}

// id returns the number of a cell, and checks a cell that it has not seen before.
func (d *dictionary) id(cell string) (uint32, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if id, ok := d.ids[cell]; ok {
		return id, nil
	}
	if err := checkCell(cell, d.maxCell); err != nil {
		return 0, err
	}
	if len(d.values) >= d.maxValues || d.bytes+len(cell) > d.maxBytes {
		return 0, &Error{
			Kind:    KindLimit,
			Message: fmt.Sprintf("the column has more than %d different values, or more than %d MiB of them", len(d.values)-1, d.bytes>>20),
			Mend:    "it looks like a name, a number of a person or free text: leave it out of the mapping",
		}
	}
	id := uint32(len(d.values))
	cell = strings.Clone(cell)
	d.ids[cell] = id
	d.values = append(d.values, strings.ToValidUTF8(cell, "\uFFFD"))
	d.bytes += len(cell)
	return id, nil
}

// formula returns the id of formulaCell.
func (d *dictionary) formula() uint32 {
	d.mu.Lock()
	defer d.mu.Unlock()
	id, ok := d.ids[formulaCell]
	if !ok {
		id = uint32(len(d.values))
		d.ids[formulaCell] = id
		d.values = append(d.values, formulaCell)
	}
	return id
}

// checkCell refuses what no answer holds.
func checkCell(cell string, maxCell int) error {
	if len(cell) > maxCell {
		return errCellSize(maxCell)
	}
	if strings.IndexByte(cell, 0) >= 0 {
		return errNUL()
	}
	return nil
}

func errCellSize(maxCell int) *Error {
	return &Error{
		Kind:    KindLimit,
		Message: fmt.Sprintf("a cell has more than %d bytes", maxCell),
		Mend:    "check that the file is a table with one row for each respondent, and that no quotation mark is left open",
	}
}

func errNUL() *Error {
	return &Error{
		Kind:    KindEncoding,
		Message: "the text holds a NUL character, so this is no text file or a damaged one",
		Mend:    "export the answers anew as CSV in UTF-8",
	}
}

// lookup is one worker's view of a dictionary: a small cache in front of the lock.
type lookup struct {
	dict  *dictionary
	short [256]uint32 // id + 1 of a cell of one byte
	ids   map[string]uint32
}

// entries that a worker keeps for itself; a column with more distinct cells is rare, and costs a lock a cell
const lookupEntries = 1 << 16

func newLookup(d *dictionary) *lookup { return &lookup{dict: d, ids: map[string]uint32{}} }

func (l *lookup) id(cell []byte) (uint32, error) {
	switch len(cell) {
	case 0:
		return 0, nil
	case 1:
		if id := l.short[cell[0]]; id != 0 {
			return id - 1, nil
		}
	}
	if id, ok := l.ids[string(cell)]; ok {
		return id, nil
	}
	id, err := l.dict.id(string(cell))
	if err != nil {
		return 0, err
	}
	if len(cell) == 1 {
		l.short[cell[0]] = id + 1
	}
	if len(l.ids) < lookupEntries {
		l.ids[string(cell)] = id
	}
	return id, nil
}

// sink gathers the cells of one wanted column for a run of rows.
type sink struct {
	want    want
	lookup  *lookup
	missing spellings
	ids     []uint32
	numbers []float64
	bad     []badCell // rows within the run
}

// want says what a file column is read for.
type want uint8

const (
	wantIDs      want = 1 << iota // distinct cells
	wantPresence                  // whether something stands there: id 1, else 0
	wantNumber                    // the number that stands there
)

// badCellsKept bounds the weights that a run of rows reports one by one.
const badCellsKept = 10_000

func (s *sink) add(cell []byte) error {
	if s.want&wantIDs != 0 {
		id, err := s.lookup.id(cell)
		if err != nil {
			return err
		}
		s.ids = append(s.ids, id)
	} else if s.want&wantPresence != 0 {
		var id uint32
		if !s.missing.has(string(bytes.TrimSpace(cell))) {
			id = 1
		}
		s.ids = append(s.ids, id)
	}
	if s.want&wantNumber != 0 {
		v, ok := parseNumber(string(cell))
		if !ok && len(s.bad) < badCellsKept && !s.missing.has(string(bytes.TrimSpace(cell))) {
			s.bad = append(s.bad, badCell{len(s.numbers), strings.ToValidUTF8(string(cell[:min(len(cell), 4*issueValueLength)]), "\uFFFD")})
		}
		s.numbers = append(s.numbers, v)
	}
	return nil
}

// formulaCell stands in a dictionary for a cell with a formula, whatever its result; no text holds a NUL.
const formulaCell = "\x00formula"

// formulaShown stands for such a cell in an issue.
const formulaShown = "(formula)"

// addFormula adds a cell with a formula, which is no answer.
func (s *sink) addFormula() {
	if s.want&wantIDs != 0 {
		s.ids = append(s.ids, s.lookup.dict.formula())
	} else if s.want&wantPresence != 0 {
		s.ids = append(s.ids, 1)
	}
	if s.want&wantNumber != 0 {
		if len(s.bad) < badCellsKept {
			s.bad = append(s.bad, badCell{len(s.numbers), formulaCell})
		}
		s.numbers = append(s.numbers, math.NaN())
	}
}

// run is what a sink gathered.
type run struct {
	part    part
	numbers []float64
	bad     []badCell
}

// take returns what was gathered and makes the sink ready for the next run.
func (s *sink) take() run {
	r := run{part: narrow(s.ids), numbers: s.numbers, bad: s.bad}
	s.ids, s.numbers, s.bad = s.ids[:0], nil, nil
	return r
}

// append puts a run behind the rows that the column has.
func (c *rawColumn) append(first int, r run) {
	if c.dict != nil {
		c.parts = append(c.parts, r.part)
	}
	if r.numbers != nil {
		c.numbers = append(c.numbers, r.numbers)
	}
	for _, b := range r.bad {
		c.bad = append(c.bad, badCell{first + b.row, b.cell})
	}
}

// validText tells whether b is UTF-8, allowing for a rune that is cut off at the end.
func validText(b []byte) bool {
	for i := 1; i <= utf8.UTFMax && i <= len(b); i++ {
		if utf8.RuneStart(b[len(b)-i]) {
			if !utf8.FullRune(b[len(b)-i:]) {
				b = b[:len(b)-i]
			}
			break
		}
	}
	return utf8.Valid(b)
}
