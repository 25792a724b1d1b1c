package stats

import (
	"fmt"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
)

// momBlock is the number of units that one worker takes at a time. Blocks are merged in their order, so a result
// depends on this number and on nothing that differs from run to run.
const momBlock = 1 << 16

// momOrdered runs work on blocks 0..blocks-1 on all processors and hands each result to merge in block order, so that
// sums of floats come out the same whatever the number of processors. Accumulators are used again: work starts by
// clearing the one it gets.
func momOrdered[A any](blocks int, fresh func() A, work func(acc A, block int), merge func(acc A)) {
	workers := min(runtime.GOMAXPROCS(0), blocks)
	if workers <= 1 {
		acc := fresh()
		for b := range blocks {
			work(acc, b)
			merge(acc)
		}
		return
	}
	free := make(chan A, 2*workers)
	for range 2 * workers {
		free <- fresh()
	}
	done := make([]chan A, blocks)
	for b := range done {
		done[b] = make(chan A, 1)
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for {
				// An accumulator is taken before a block, so the lowest block under way always has one.
				acc := <-free
				b := int(next.Add(1)) - 1
				if b >= blocks {
					free <- acc
					return
				}
				work(acc, b)
				done[b] <- acc
			}
		})
	}
	for b := range blocks {
		acc := <-done[b]
		merge(acc)
		free <- acc
	}
	wg.Wait()
}

// momLayout is the order in which the sampling units of a design are visited: by stratum, and within it by primary
// sampling unit. Without strata and clusters that is the order of the rows.
type momLayout struct {
	n     int
	order []uint32 // position -> unit; nil: the same
	psu   []uint32 // cluster of each unit; nil: the unit itself
	// starts holds, for each stratum that occurs, its number and its first position; a sentinel closes the list.
	starts []momStart
}

type momStart struct{ stratum, pos int }

// cut moves a position forward to the start of a primary sampling unit.
func (l *momLayout) cut(pos int) int {
	if l.psu == nil {
		return min(pos, l.n)
	}
	for pos > 0 && pos < l.n && l.psu[l.order[pos]] == l.psu[l.order[pos-1]] {
		pos++
	}
	return min(pos, l.n)
}

// newMomLayout lays out the units of a valid design in O(N).
func newMomLayout(d *Design) *momLayout {
	l := &momLayout{n: d.N}
	switch {
	case d.Clusters != nil:
		rank := momClusterRanks(d)
		l.psu = d.Clusters
		l.order = momCountingSort(d.N, d.NClusters, func(i int) int { return int(rank[d.Clusters[i]]) })
	case d.Strata != nil && d.NStrata > 1:
		l.order = momCountingSort(d.N, d.NStrata, func(i int) int { return int(d.Strata[i]) })
	}
	if d.Strata == nil || l.order == nil {
		l.starts = []momStart{{0, 0}, {-1, d.N}}
		return l
	}
	last := -1
	for pos, u := range l.order {
		if h := int(d.Strata[u]); h != last {
			l.starts = append(l.starts, momStart{h, pos})
			last = h
		}
	}
	l.starts = append(l.starts, momStart{-1, d.N})
	return l
}

// momClusterRanks numbers the clusters by stratum and then by number, so that sorting by rank groups strata.
func momClusterRanks(d *Design) []uint32 {
	home := make([]uint32, d.NClusters)
	for i, c := range d.Clusters {
		if d.Strata != nil {
			home[c] = d.Strata[i]
		}
	}
	starts := make([]uint32, max(d.NStrata, 1)+1)
	for _, h := range home {
		starts[h+1]++
	}
	for h := 1; h < len(starts); h++ {
		starts[h] += starts[h-1]
	}
	rank := make([]uint32, d.NClusters)
	for c, h := range home {
		rank[c] = starts[h]
		starts[h]++
	}
	return rank
}

// momCountingSort returns the units in order of key (below keys), stable.
func momCountingSort(n, keys int, key func(i int) int) []uint32 {
	starts := make([]uint32, keys+1)
	for i := range n {
		starts[key(i)+1]++
	}
	for k := range keys {
		starts[k+1] += starts[k]
	}
	order := make([]uint32, n)
	for i := range n {
		k := key(i)
		order[starts[k]] = uint32(i)
		starts[k]++
	}
	return order
}

// momCheck tells whether a design and columns are sound and fit together.
func momCheck(d *Design, columns []Codes) error {
	if err := d.Validate(); err != nil {
		return err
	}
	for j, c := range columns {
		if c.Len() != d.N {
			return fmt.Errorf("column %d has %d units, the design %d; they must be the same units", j, c.Len(), d.N)
		}
	}
	wrong := make([]error, len(columns))
	momOrdered(len(columns), func() struct{} { return struct{}{} },
		func(_ struct{}, j int) { wrong[j] = columns[j].Validate() }, func(struct{}) {})
	for j, err := range wrong {
		if err != nil {
			return fmt.Errorf("column %d: %w", j, err)
		}
	}
	return nil
}

// momScored tells whether every code of each column has a value, and returns the columns' codes.
func momScored(columns []Scored) ([]Codes, error) {
	codes := make([]Codes, len(columns))
	for j, c := range columns {
		if len(c.Values) != c.Codes.K {
			return nil, fmt.Errorf("column %d has %d values for %d codes; give one a code, NaN for none", j, len(c.Values), c.Codes.K)
		}
		for k, v := range c.Values {
			if math.IsInf(v, 0) {
				return nil, fmt.Errorf("column %d: the value of code %d is infinite; give a finite value, or NaN for none", j, k)
			}
		}
		codes[j] = c.Codes
	}
	return codes, nil
}
