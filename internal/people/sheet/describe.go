package sheet

import (
	"hash/maphash"
	"slices"
	"strings"
)

// tally counts the cells of a column by what they look like.
type tally struct {
	shapes  map[Shape]int
	serials int
	digits  [24]int // whole numbers without sign by their number of digits
	zero    int     // those that begin with a zero
	filled  int
	sci     int // long numbers that lost their last digits
}

func (t *tally) add(cell string, n int) {
	shape := shapeOf(cell)
	if shape == ShapeEmpty {
		return
	}
	t.filled += n
	t.shapes[shape] += n
	switch shape {
	case ShapeInteger, ShapeDecimal:
		if isSerial(cell) {
			t.serials += n
		}
		if allDigits(cell) && len(cell) < len(t.digits) {
			t.digits[len(cell)] += n
			if cell[0] == '0' {
				t.zero += n
			}
		}
	case ShapeText, ShapeCode:
		if isScientific(cell) {
			t.sci += n
		}
	default:
	}
}

// isScientific tells whether a cell is a long number of which a spreadsheet left the first digits only: 8,50730E+10.
func isScientific(cell string) bool {
	s := strings.TrimSpace(cell)
	e := strings.IndexAny(s, "eE")
	if e < 3 || len(s)-e < 3 || len(s)-e > 4 || s[1] != '.' && s[1] != ',' || !allDigits(s[:1]+s[2:e]+s[e+2:]) || s[e+1] != '+' {
		return false
	}
	power := 0
	for _, c := range s[e+2:] {
		power = power*10 + int(c-'0')
	}
	return e-2 < power && power >= 6
}

// eachCell calls f with the cells of a column: n cells with the same text, in the order of the first of them where it is
// examples that count. Rows that are not in the table are passed over.
func (t *Table) eachCell(column int, f func(cell string, n int)) {
	c := t.cells[column]
	at := 0 // in t.keep
	var counts []int
	for run := range c.runs {
		s := &c.runs[run]
		first, last := run*runRows, run*runRows+s.n
		whole := t.keep == nil
		to := at
		if !whole {
			if len(t.keep)-at >= s.n && int(t.keep[at]) == first && int(t.keep[at+s.n-1]) == last-1 {
				whole, to = true, at+s.n
			} else {
				for to < len(t.keep) && int(t.keep[to]) < last {
					to++
				}
			}
		}
		switch {
		case whole && s.ends == nil && len(s.values) == 1:
			f(s.values[0], s.n)
		case whole && s.ends == nil:
			counts = append(counts[:0], make([]int, len(s.values))...)
			for _, p := range s.narrow {
				counts[p]++
			}
			for _, p := range s.wide {
				counts[p]++
			}
			for i, v := range s.values { // places are given out in order of occurrence
				f(v, counts[i])
			}
		case whole:
			for i := range s.n {
				f(s.at(i), 1)
			}
		default:
			for _, row := range t.keep[at:to] {
				f(s.at(int(row)-first), 1)
			}
		}
		at = to
	}
}

const mostExamples = 5

// describe counts what stands in a column.
func (t *Table) describe(column int) tally {
	c := &t.Columns[column]
	count := tally{shapes: map[Shape]int{}}
	seen := newHashSet()
	c.Examples = nil
	t.eachCell(column, func(cell string, n int) {
		if n == 0 {
			return
		}
		before := count.filled
		if count.add(cell, n); count.filled == before {
			return
		}
		if seen.add(cell) && len(c.Examples) < mostExamples {
			c.Examples = append(c.Examples, strings.Clone(cell))
		}
	})
	c.Filled, c.Distinct = count.filled, seen.n
	c.Shape, c.Share = count.main()
	c.Digits = count.width()
	return count
}

// main returns the shape that most cells have, and their share.
func (t *tally) main() (Shape, float64) {
	if t.filled == 0 {
		return ShapeEmpty, 0
	}
	best, most := ShapeEmpty, 0
	for _, s := range []Shape{ShapeText, ShapeCode, ShapeInteger, ShapeDecimal, ShapePercent, ShapeDate, ShapeMail, ShapeHash, ShapeFlag} {
		if t.shapes[s] > most {
			best, most = s, t.shapes[s]
		}
	}
	if best == ShapeInteger && t.serials >= t.shapes[ShapeInteger]*9/10 && t.serials > 0 {
		return ShapeSerial, float64(t.serials) / float64(t.filled)
	}
	return best, float64(most) / float64(t.filled)
}

// width returns the number of digits that most whole numbers have.
func (t *tally) width() int {
	most := slices.Max(t.digits[:])
	if most == 0 {
		return 0
	}
	return slices.Index(t.digits[:], most)
}

// hashSet counts different texts by their hashes: a collision of two among a million has a chance below one in ten million.
type hashSet struct {
	seed  maphash.Seed
	slots []uint64
	n     int
}

func newHashSet() *hashSet { return &hashSet{seed: maphash.MakeSeed(), slots: make([]uint64, 64)} }

// add tells whether the text is new.
func (h *hashSet) add(s string) bool {
	if 2*h.n >= len(h.slots) {
		old := h.slots
		h.slots = make([]uint64, 2*len(old))
		for _, v := range old {
			if v != 0 {
				h.put(v)
			}
		}
	}
	if !h.put(maphash.String(h.seed, s) | 1<<63) {
		return false
	}
	h.n++
	return true
}

func (h *hashSet) put(v uint64) bool {
	mask := uint64(len(h.slots) - 1) // the length is a power of two
	for i := v & mask; ; i = (i + 1) & mask {
		switch h.slots[i] {
		case 0:
			h.slots[i] = v
			return true
		case v:
			return false
		}
	}
}
