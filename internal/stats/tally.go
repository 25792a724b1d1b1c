package stats

import (
	"context"
	"fmt"
	"runtime"
	"sync"
)

// Cell is what a tally keeps of the units that share a group and a code.
type Cell struct {
	N  int64   // units, unweighted
	W  float64 // sum of their weights
	W2 float64 // sum of their squared weights
}

func (c *Cell) add(o Cell) {
	c.N += o.N
	c.W += o.W
	c.W2 += o.W2
}

// Table is the tally of one item by one group column: the sufficient statistics from which shares, means, their
// standard errors and the comparisons of groups follow, for a design without strata, clusters and raking.
type Table struct {
	K, G  int     // codes of the item, groups (1 without a group column)
	Cells []Cell  // group g, code k at g*K+k
	Zeros []int64 // of Cell.N, the units with weight zero, in the same order; nil when no unit has weight zero

	levels []levelTally // by raking margin, of a raked design without strata and clusters
}

// NewTable returns an empty tally of k codes by g groups.
func NewTable(k, g int) *Table { return &Table{K: k, G: g, Cells: make([]Cell, k*g)} }

// At returns the cell of group g and code k.
func (t *Table) At(g, k int) Cell { return t.Cells[g*t.K+k] }

// Merge adds the tally of other units on the same codes and groups. Counts are exact; sums of weights are those of one
// piece up to rounding. What Tally keeps for the standard errors of raked weights is dropped: the estimator then reads
// the units.
func (t *Table) Merge(o *Table) error {
	if t.K != o.K || t.G != o.G {
		return fmt.Errorf("merge of tallies: %d codes by %d groups against %d by %d; tally both parts with the same codes and groups",
			t.K, t.G, o.K, o.G)
	}
	t.levels = nil
	for i := range t.Cells {
		t.Cells[i].add(o.Cells[i])
	}
	if o.Zeros != nil {
		if t.Zeros == nil {
			t.Zeros = make([]int64, len(t.Cells))
		}
		for i, z := range o.Zeros {
			t.Zeros[i] += z
		}
	}
	return nil
}

// Total returns the tally of all groups together.
func (t *Table) Total() *Table { return t.Regroup(make([]int, t.G), 1) }

// Regroup returns the tally with groups merged or left out: group g becomes to[g], below groups, or is left out when
// to[g] is negative.
func (t *Table) Regroup(to []int, groups int) *Table {
	r := NewTable(t.K, groups)
	if t.Zeros != nil {
		r.Zeros = make([]int64, len(r.Cells))
	}
	for g := range t.G {
		for k := range t.K {
			t.move(r, g*t.K+k, to[g], k)
		}
	}
	for _, l := range t.levels {
		r.levels = append(r.levels, l.regroup(to))
	}
	return r
}

// Recode returns the tally with codes merged or left out: code k becomes to[k], below codes, or is left out when to[k]
// is negative. So an indicator ("weekly or more") comes from its item's tally without reading the units again.
func (t *Table) Recode(to []int, codes int) *Table {
	r := NewTable(codes, t.G)
	if t.Zeros != nil {
		r.Zeros = make([]int64, len(r.Cells))
	}
	for g := range t.G {
		for k := range t.K {
			t.move(r, g*t.K+k, g, to[k])
		}
	}
	for _, l := range t.levels {
		l.table = l.table.Recode(to, codes)
		r.levels = append(r.levels, l)
	}
	return r
}

func (t *Table) move(r *Table, from, g, k int) {
	if g < 0 || k < 0 {
		return
	}
	r.Cells[g*r.K+k].add(t.Cells[from])
	if t.Zeros != nil {
		r.Zeros[g*r.K+k] += t.Zeros[from]
	}
}

// positive returns the number of units with a weight above zero in the cell.
func (t *Table) positive(i int) int64 {
	if t.Zeros == nil {
		return t.Cells[i].N
	}
	return t.Cells[i].N - t.Zeros[i]
}

const (
	// tallyBlock rows of a group column and of weights stay in the first cache levels while a batch of items reads them.
	tallyBlock = 16384
	// tallyBatch is the number of items that one worker sums together.
	tallyBatch = 8
	// tallyCells is the number of cells of such a batch that stay in the second cache level; large tables are summed one
	// by one.
	tallyCells = 1 << 15
)

// Tally gathers one table an item, by group when group is not nil, over the units of the design.
//
// Workers sum disjoint batches of items, each item in the order of its rows, so that the result has the same bits
// whatever the number of workers (0: one a processor). It stops between blocks when ctx is done. A code that is not
// below K is an error that names the unit.
//
// For a raked design without strata and clusters the tables also carry what raked standard errors need.
func Tally(ctx context.Context, d *Design, items []Codes, group *Codes, workers int) ([]*Table, error) {
	if err := d.validateWeights(); err != nil {
		return nil, err
	}
	tables, err := tally(ctx, d, items, group, workers)
	if err != nil || len(d.Raked) == 0 || d.Strata != nil || d.Clusters != nil {
		return tables, err
	}
	crossed := crossLevels(d, group)
	if crossed == nil {
		return tables, nil
	}
	for _, l := range crossed {
		by, err := tally(ctx, d, items, &l.codes, workers)
		if err != nil {
			return nil, err
		}
		for i, t := range by {
			tables[i].levels = append(tables[i].levels, levelTally{table: t, group: l.group, level: l.level})
		}
	}
	return tables, nil
}

func tally(ctx context.Context, d *Design, items []Codes, group *Codes, workers int) ([]*Table, error) {
	groups := 1
	if group != nil {
		groups = group.K
		if err := checkColumn(d, *group, "the group column"); err != nil {
			return nil, err
		}
		if err := group.Validate(); err != nil {
			return nil, fmt.Errorf("tally: the group column: %w", err)
		}
	}
	tables := make([]*Table, len(items))
	for i, it := range items {
		if err := checkColumn(d, it, fmt.Sprintf("item %d", i)); err != nil {
			return nil, err
		}
		tables[i] = NewTable(it.K, groups)
	}
	zeros := zeroWeights(d)
	err := inBatches(len(items), workers, func(from, to int) error {
		batch := cachedBatch(tables[from])
		for i := from; i < to; i += batch {
			last := min(to, i+batch)
			if err := tallyItems(ctx, d, items[i:last], group, tables[i:last], i); err != nil {
				return err
			}
		}
		for i := from; i < to; i++ {
			tables[i].countZeros(items[i], group, zeros)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return tables, nil
}

// inBatches calls do on consecutive ranges of 0..n from several goroutines and returns the error of the first range
// that failed.
func inBatches(n, workers int, do func(from, to int) error) error {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	size := min(tallyBatch, max(1, (n+workers-1)/workers))
	batches := (n + size - 1) / size
	errs := make([]error, batches)
	next := make(chan int, batches)
	for b := range batches {
		next <- b
	}
	close(next)
	var wg sync.WaitGroup
	for range min(workers, batches) {
		wg.Go(func() {
			for b := range next {
				errs[b] = do(b*size, min(n, (b+1)*size))
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// cachedBatch returns how many tables like t to sum together.
func cachedBatch(t *Table) int { return max(1, tallyCells/max(1, len(t.Cells))) }

func checkColumn(d *Design, c Codes, what string) error {
	if c.U8 != nil && c.U16 != nil {
		return fmt.Errorf("tally: %s: exactly one of U8 and U16 must be set", what)
	}
	if c.Len() != d.N {
		return fmt.Errorf("tally: %s has %d units, the design %d; give one code a unit", what, c.Len(), d.N)
	}
	return nil
}

func zeroWeights(d *Design) []int {
	var zeros []int
	for i, w := range d.Weights {
		if w == 0 {
			zeros = append(zeros, i)
		}
	}
	return zeros
}

func (t *Table) countZeros(item Codes, group *Codes, zeros []int) {
	if zeros == nil {
		return
	}
	t.Zeros = make([]int64, len(t.Cells))
	for _, i := range zeros {
		g := 0
		if group != nil {
			g = group.At(i)
		}
		t.Zeros[g*t.K+item.At(i)]++
	}
}

func tallyItems(ctx context.Context, d *Design, items []Codes, group *Codes, tables []*Table, first int) error {
	for lo := 0; lo < d.N; lo += tallyBlock {
		if err := ctx.Err(); err != nil {
			return err
		}
		hi := min(lo+tallyBlock, d.N)
		var w []float64
		if d.Weights != nil {
			w = d.Weights[lo:hi]
		}
		for i, it := range items {
			t := tables[i]
			var bad int
			if it.U8 != nil {
				bad = tallyGroups(t, it.U8[lo:hi], group, w, lo, hi)
			} else {
				bad = tallyGroups(t, it.U16[lo:hi], group, w, lo, hi)
			}
			if bad >= 0 {
				return fmt.Errorf("tally: item %d: unit %d has code %d, but K is %d", first+i, lo+bad, it.At(lo+bad), it.K)
			}
		}
	}
	if d.Weights == nil {
		w := d.Weight(0)
		for _, t := range tables {
			for i := range t.Cells {
				c := &t.Cells[i]
				c.W, c.W2 = float64(c.N)*w, float64(c.N)*w*w
			}
		}
	}
	return nil
}

func tallyGroups[I uint8 | uint16](t *Table, item []I, group *Codes, w []float64, lo, hi int) int {
	switch {
	case group == nil:
		return tallyOverall(t.Cells, item, w)
	case group.U8 != nil:
		return tallyCross(t.Cells, item, group.U8[lo:hi], w, t.K)
	default:
		return tallyCross(t.Cells, item, group.U16[lo:hi], w, t.K)
	}
}

// tallyOverall returns the row of the first code out of range, or -1.
func tallyOverall[I uint8 | uint16](cells []Cell, item []I, w []float64) int {
	if w == nil {
		for i, c := range item {
			if int(c) >= len(cells) {
				return i
			}
			cells[c].N++
		}
		return -1
	}
	w = w[:len(item)]
	for i, c := range item {
		if int(c) >= len(cells) {
			return i
		}
		v := w[i]
		p := &cells[c]
		p.N++
		p.W += v
		p.W2 += v * v
	}
	return -1
}

// tallyCross returns the row of the first code out of range, or -1; groups were checked before.
func tallyCross[I, J uint8 | uint16](cells []Cell, item []I, group []J, w []float64, k int) int {
	group = group[:len(item)]
	if w == nil {
		for i, c := range item {
			if int(c) >= k {
				return i
			}
			cells[int(group[i])*k+int(c)].N++
		}
		return -1
	}
	w = w[:len(item)]
	for i, c := range item {
		if int(c) >= k {
			return i
		}
		v := w[i]
		p := &cells[int(group[i])*k+int(c)]
		p.N++
		p.W += v
		p.W2 += v * v
	}
	return -1
}
