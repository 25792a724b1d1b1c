package stats

import (
	"fmt"
	"math"
	"sort"
)

// relCounts are the complete cases of a scale.
type relCounts struct {
	n          int
	effective  float64   // Kish's effective number; n without weights
	covariance []float64 // of the items, divisor n-1 (weighted: the sum of weights times (n-1)/n)
}

const (
	relWhole = 1 << 17 // cells up to which all items share one table
	relPart  = 1 << 8  // cells of a group of items; two groups share a table
	relGone  = 1 << 20 // what a missing value adds to a cell: more than any cell, and no overflow
	relItems = 1 << 10 // items that a scale can have
	relTile  = 2048
	relBlock = 1 << 20
)

// relGroup is a run of items whose joint answers are numbered.
type relGroup struct {
	items  []int
	stride []int
	cells  int
}

// relPlan says how the answers of a unit become cells of tables.
type relPlan struct {
	items  []Scored
	values [][]float64 // distinct values of each item, ascending
	groups []relGroup
	offset [][]uint32 // by item and code (any of the column's width): what it adds to the cell of its group
	tables []relTable
}

// relTable counts the joint answers to two groups; to one when b < 0.
type relTable struct{ a, b, size int }

// newRelPlan divides the items so that tables stay in the processor's cache: one table for the usual scale of five or
// six items, else groups of items and a table for each two.
func newRelPlan(items []Scored) (*relPlan, error) {
	if len(items) > relItems {
		return nil, fmt.Errorf("a scale of %d items; at most %d are possible", len(items), relItems)
	}
	p := &relPlan{items: items}
	whole := 1
	for i, item := range items {
		var values []float64
		for _, v := range item.Values {
			if !math.IsNaN(v) {
				values = append(values, v)
			}
		}
		values = ordDistinct(values)
		if len(values) > relPart {
			return nil, fmt.Errorf("item %d has %d values; a scale's items have at most %d", i, len(values), relPart)
		}
		p.values = append(p.values, values)
		whole = min(relWhole+1, whole*max(1, len(values)))
	}
	limit := relPart
	if whole <= relWhole {
		limit = relWhole
	}
	g := relGroup{cells: 1}
	for i, values := range p.values {
		k := max(1, len(values))
		if len(g.items) > 0 && g.cells*k > limit {
			p.groups = append(p.groups, g)
			g = relGroup{cells: 1}
		}
		g.items, g.stride = append(g.items, i), append(g.stride, g.cells)
		g.cells *= k
	}
	p.groups = append(p.groups, g)
	p.number()
	return p, nil
}

// number sets the offsets and the tables.
func (p *relPlan) number() {
	p.offset = make([][]uint32, len(p.items))
	for _, g := range p.groups {
		for at, i := range g.items {
			width := 1 << 8
			if p.items[i].Codes.U8 == nil {
				width = 1 << 16
			}
			p.offset[i] = make([]uint32, width)
			for c := range p.offset[i] {
				p.offset[i][c] = relGone
				if c < len(p.items[i].Values) && !math.IsNaN(p.items[i].Values[c]) {
					p.offset[i][c] = uint32(sort.SearchFloat64s(p.values[i], p.items[i].Values[c]) * g.stride[at])
				}
			}
		}
	}
	if len(p.groups) == 1 {
		p.tables = []relTable{{0, -1, p.groups[0].cells}}
		return
	}
	for a := range p.groups {
		for b := a + 1; b < len(p.groups); b++ {
			p.tables = append(p.tables, relTable{a, b, p.groups[a].cells * p.groups[b].cells})
		}
	}
}

// relSums are counts or weights by cell.
type relSums[T uint32 | float64] struct {
	n      int
	w, w2  float64
	tables [][]T
	cell   [][]uint32 // by group: cells of a tile
	gone   []uint32   // the cells of all groups together: relGone or more when a value is missing
}

func newRelSums[T uint32 | float64](p *relPlan) *relSums[T] {
	s := &relSums[T]{gone: make([]uint32, relTile)}
	for _, t := range p.tables {
		s.tables = append(s.tables, make([]T, t.size))
	}
	for range p.groups {
		s.cell = append(s.cell, make([]uint32, relTile))
	}
	return s
}

// relGather counts the complete cases.
func relGather(items []Scored, weights []float64) (*relCounts, error) {
	p, err := newRelPlan(items)
	if err != nil {
		return nil, err
	}
	if weights == nil {
		s := relTally[uint32](p, nil)
		return relSummary(p, s, float64(s.n), float64(s.n)), nil
	}
	s := relTally[float64](p, weights)
	effective := 0.0
	if s.w2 > 0 {
		effective = s.w * s.w / s.w2
	}
	return relSummary(p, s, s.w, effective), nil
}

// relTally fills the tables. Weights are added up by block and in the order of the blocks.
func relTally[T uint32 | float64](p *relPlan, weights []float64) *relSums[T] {
	n := p.items[0].Codes.Len()
	total := newRelSums[T](p)
	momOrdered((n+relBlock-1)/relBlock,
		func() *relSums[T] { return newRelSums[T](p) },
		func(s *relSums[T], block int) {
			s.n, s.w, s.w2 = 0, 0, 0
			for _, t := range s.tables {
				clear(t)
			}
			end := min((block+1)*relBlock, n)
			for at := block * relBlock; at < end; at += relTile {
				s.tile(p, weights, at, min(at+relTile, end))
			}
		},
		func(s *relSums[T]) {
			total.n += s.n
			total.w += s.w
			total.w2 += s.w2
			for t, table := range s.tables {
				into := total.tables[t]
				for c, v := range table {
					into[c] += v
				}
			}
		})
	return total
}

// tile adds units lo..hi-1.
func (s *relSums[T]) tile(p *relPlan, weights []float64, lo, hi int) {
	for g, group := range p.groups {
		cell := s.cell[g][:hi-lo]
		clear(cell)
		for _, i := range group.items {
			relOffsets(cell, p.items[i].Codes, p.offset[i], lo, hi)
		}
	}
	gone := s.cell[0][:hi-lo]
	if len(p.groups) > 1 {
		gone = s.gone[:hi-lo]
		clear(gone)
		for g := range p.groups {
			for i, c := range s.cell[g][:hi-lo] {
				gone[i] += c &^ (relGone - 1)
			}
		}
	}
	for i, g := range gone {
		w := 1.0
		if weights != nil {
			w = weights[lo+i]
		}
		if g >= relGone || w == 0 {
			continue
		}
		s.n++
		s.w += w
		s.w2 += w * w
		for t, table := range p.tables {
			c := s.cell[table.a][i]
			if table.b >= 0 {
				c = c*uint32(p.groups[table.b].cells) + s.cell[table.b][i]
			}
			s.tables[t][c] += T(w)
		}
	}
}

// relOffsets adds the offsets of a column's codes to cells.
func relOffsets(cell []uint32, c Codes, offset []uint32, lo, hi int) {
	if c.U8 != nil {
		table := (*[1 << 8]uint32)(offset)
		for i, code := range c.U8[lo:hi] {
			cell[i] += table[code]
		}
		return
	}
	table := (*[1 << 16]uint32)(offset)
	for i, code := range c.U16[lo:hi] {
		cell[i] += table[code]
	}
}

// relSummary turns tables into a covariance. Sums of whole-numbered scores are exact.
func relSummary[T uint32 | float64](p *relPlan, s *relSums[T], weight, effective float64) *relCounts {
	k := len(p.items)
	c := &relCounts{n: s.n, effective: effective, covariance: make([]float64, k*k)}
	if s.n < 2 {
		return c
	}
	sum, product := make([]float64, k), make([]float64, k*k)
	done := make([]bool, len(p.groups))
	for t, table := range p.tables {
		cells := s.tables[t]
		wide := 1
		if table.b >= 0 {
			wide = p.groups[table.b].cells
		}
		for _, side := range []int{table.a, table.b} {
			if side >= 0 && !done[side] {
				done[side] = true
				p.within(side, relMarginal(cells, wide, side == table.a), sum, product)
			}
		}
		if table.b >= 0 {
			relBetween(p, table, cells, product)
		}
	}
	for i := range k {
		for j := range i + 1 {
			v := weight*product[i*k+j] - sum[i]*sum[j]
			if i == j && v <= 1e-12*weight*product[i*k+j] {
				v = 0
			}
			v /= weight * weight
			v *= float64(s.n) / float64(s.n-1)
			c.covariance[i*k+j], c.covariance[j*k+i] = v, v
		}
	}
	return c
}

// relMarginal adds a table of two groups up to one of them.
func relMarginal[T uint32 | float64](cells []T, wide int, first bool) []float64 {
	size := wide
	if first {
		size = len(cells) / wide
	}
	out := make([]float64, size)
	for c, v := range cells {
		if first {
			out[c/wide] += float64(v)
		} else {
			out[c%wide] += float64(v)
		}
	}
	return out
}

// score returns the value, above the item's lowest, of the at-th item of a group in a cell.
func (p *relPlan) score(g relGroup, at, cell int) float64 {
	values := p.values[g.items[at]]
	if len(values) == 0 {
		return 0
	}
	return values[cell/g.stride[at]%len(values)] - values[0]
}

// within adds the sums, squares and products of the items of a group.
func (p *relPlan) within(group int, cells, sum, product []float64) {
	g, k := p.groups[group], len(p.items)
	for cell, w := range cells {
		if w == 0 {
			continue
		}
		for a, i := range g.items {
			x := w * p.score(g, a, cell)
			sum[i] += x
			for b, j := range g.items[:a+1] {
				product[i*k+j] += x * p.score(g, b, cell)
			}
		}
	}
}

// relBetween adds the products of the items of two groups, of which the second holds the later items.
func relBetween[T uint32 | float64](p *relPlan, t relTable, cells []T, product []float64) {
	a, b, k := p.groups[t.a], p.groups[t.b], len(p.items)
	for cell, v := range cells {
		if v == 0 {
			continue
		}
		for y, j := range b.items {
			w := float64(v) * p.score(b, y, cell%b.cells)
			for x, i := range a.items {
				product[j*k+i] += w * p.score(a, x, cell/b.cells)
			}
		}
	}
}
