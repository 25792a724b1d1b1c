package record

import (
	"crypto/rand"
	"math/bits"
	random "math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"tekentafel/internal/instrument"
)

// Answers returns the records as columns, in a random order that does not follow from that in which they were added, so
// that a row leads back to no key; Order tells it, to whom has to join a column. The collector is empty afterwards, but for
// its Texts and Links. An item that nobody could answer here (a category without options) has no column.
func (c *Collector) Answers() *instrument.Answers {
	c.settle()
	c.order = shuffled(c.n)
	a := &instrument.Answers{
		Instrument: c.in, N: c.n, Variables: c.in.Variables(), Columns: make([]*instrument.Column, len(c.variables)), Texts: map[string]int{},
	}
	for j, at := range c.Codec.texts {
		a.Texts[c.variables[at].ID] = len(c.texts[j])
	}
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(c.variables)) {
		workers.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(c.variables) {
					return
				}
				a.Columns[i] = c.column(i)
			}
		})
	}
	workers.Wait()
	c.n = 0
	return a
}

// Order returns which record each row of Answers is, by the order of Add, from 0; nil before Answers.
func (c *Collector) Order() []uint32 { return c.order }

// shuffled returns the numbers below n in an order that nobody can tell.
func shuffled(n int) []uint32 {
	out := make([]uint32, n)
	for i := range out {
		out[i] = uint32(i)
	}
	var seed [32]byte
	_, _ = rand.Read(seed[:]) // never fails (crypto/rand)
	source := random.NewChaCha8(seed)
	for i := len(out) - 1; i > 0; i-- {
		j := below(source, uint32(i+1))
		out[i], out[j] = out[j], out[i]
	}
	return out
}

// below returns a number below n, each as likely (Lemire 2019, "Fast random integer generation in an interval").
func below(source *random.ChaCha8, n uint32) uint32 {
	for {
		high, low := bits.Mul32(uint32(source.Uint64()), n)
		if low >= n || low >= -n%n {
			return high
		}
	}
}

// column returns variable i in its new order, and drops what it was made from.
func (c *Collector) column(i int) *instrument.Column {
	switch c.kinds[i] {
	case closed:
		out := &instrument.Column{Narrow: arranged(c.columns[i], c.order), K: int(c.k[i])}
		c.columns[i] = c.columns[i][:0:0]
		if c.levels[i] != nil {
			c.found(out, c.levels[i])
		}
		return out
	case number:
		j, _ := slices.BinarySearch(c.numbers, i)
		return c.values[j].column(c.order)
	case text, absent:
	}
	return nil
}

func arranged[C uint8 | uint16](codes []C, order []uint32) []C {
	out := make([]C, len(order))
	for i, from := range order {
		out[i] = codes[from]
	}
	return out
}

// found leaves those levels of a category that somebody chose.
func (c *Collector) found(column *instrument.Column, levels []string) {
	seen := make([]bool, 256)
	for _, code := range column.Narrow {
		seen[code] = true
	}
	to := make([]uint8, 256)
	for code := range instrument.FirstOption {
		to[code] = uint8(code)
	}
	column.Levels = []string{}
	for l, name := range levels {
		if code := instrument.FirstOption + l; code < len(seen) && seen[code] {
			to[code] = uint8(instrument.FirstOption + len(column.Levels))
			column.Levels = append(column.Levels, name)
		}
	}
	column.K = instrument.FirstOption + len(column.Levels)
	for i, code := range column.Narrow {
		column.Narrow[i] = to[code]
	}
}

// column returns the values as codes that rise with the number.
func (v *values) column(order []uint32) *instrument.Column {
	numbers := slices.Sorted(slices.Values(v.list))
	to := make([]uint16, instrument.FirstOption+len(v.list))
	for code := range instrument.FirstOption {
		to[code] = uint16(code)
	}
	for i, number := range v.list {
		at, _ := slices.BinarySearch(numbers, number)
		to[instrument.FirstOption+i] = uint16(instrument.FirstOption + at)
	}
	out := &instrument.Column{K: instrument.FirstOption + len(numbers), Numbers: numbers}
	if out.K <= 256 {
		out.Narrow = make([]uint8, len(order))
		for i, from := range order {
			out.Narrow[i] = uint8(to[v.codes[from]])
		}
	} else {
		out.Wide = make([]uint16, len(order))
		for i, from := range order {
			out.Wide[i] = to[v.codes[from]]
		}
	}
	*v = values{known: map[float64]uint16{}}
	return out
}
