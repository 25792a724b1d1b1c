package intake

import (
	"math"
	"slices"
	"sort"
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

// maxDistinct bounds the distinct cells of a column of the instrument, whatever becomes of them.
const maxDistinct = 2_000_000

// newTable makes room for the wanted columns.
func newTable(p *plan, l Limits) *table {
	t := &table{columns: make([]*rawColumn, len(p.headings))}
	outside := map[int]bool{}
	for _, column := range p.factors {
		outside[column] = true
	}
	for i, w := range p.wants {
		if w == 0 {
			continue
		}
		c := &rawColumn{heading: p.headings[i]}
		switch {
		case outside[i]:
			c.dict = newDictionary(l, math.MaxInt32)
		case w&wantIDs != 0:
			c.dict = newDictionary(l, maxDistinct)
		case w&wantPresence != 0:
			c.dict = newDictionary(l, 2)
			c.dict.values = append(c.dict.values, "1") // something stands there
		}
		t.columns[i] = c
	}
	return t
}
