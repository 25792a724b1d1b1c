package gap

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
)

// The measures of a skill in a group, each a fraction of its range.
const (
	levelOf     = iota // of the levels above the first
	belowOf            // of who tried and of whom a level is required
	shortfallOf        // levels short of those below, from 1 to all
	distanceOf         // levels short of everyone, from 0 to all
	peopleOf           // of the staff of whom a level is required
	measures
)

// slots number the groups with figures: the whole, functions, departments, families, cells.
type slots struct {
	n                            int
	function, department, family []int32 // -1: none
	cell                         []int32
	whole                        int32
}

func newSlots(p *places, s *shown) *slots {
	out := &slots{whole: -1}
	if s.whole {
		out.whole, out.n = 0, 1
	}
	number := func(n int, show []bool) []int32 {
		list := make([]int32, n)
		for i := range list {
			list[i] = -1
			if i < len(show) && show[i] {
				list[i] = int32(out.n)
				out.n++
			}
		}
		return list
	}
	out.function = number(p.functions, s.functions)
	out.department = number(p.departments, s.departments)
	out.family = number(p.families, s.families)
	out.cell = number(len(p.function), s.cells)
	return out
}

// moments of a measure over draws, of itself and of its log odds.
type moments struct{ n, sum, logit, square float64 }

func (m *moments) add(x float64) {
	m.n++
	m.sum += x
	x = math.Min(1-1e-9, math.Max(1e-9, x))
	l := math.Log(x / (1 - x))
	m.logit += l
	m.square += l * l
}

func (m *moments) merge(o *moments) {
	m.n += o.n
	m.sum += o.sum
	m.logit += o.logit
	m.square += o.square
}

// plain are moments of a share that is drawn from a linear model, cut off at 0 and 1: its log odds would say nothing.
type plain struct{ n, sum, square float64 }

func (m *plain) add(x float64) {
	m.n++
	m.sum += x
	m.square += x * x
}

func (m *plain) merge(o *plain) {
	m.n += o.n
	m.sum += o.sum
	m.square += o.square
}

// interval returns the mean and the 95 % interval, from 0 to 1.
func (m *plain) interval() (value, low, high float64) {
	if m.n == 0 {
		return math.NaN(), math.NaN(), math.NaN()
	}
	value = m.sum / m.n
	sd := math.Sqrt(max(0, m.square/m.n-value*value)) * drawnCritical(m.n)
	return value, max(0, value-sd), min(1, value+sd)
}

// critical value of the intervals, 95 %.
const critical = 1.959963984540054

// drawnCritical is the critical value with a standard deviation that rests on so many draws, in pairs (Student's t, by the first terms of
// Fisher's expansion: Abramowitz & Stegun 26.7.5).
func drawnCritical(draws float64) float64 {
	z, n := critical, max(1, draws/2-1)
	return z + (z*z*z+z)/(4*n) + (5*z*z*z*z*z+16*z*z*z+3*z)/(96*n*n)
}

// interval returns the mean, and the 95 % interval on the log odds.
func (m *moments) interval() (value, low, high float64) {
	if m.n == 0 {
		return math.NaN(), math.NaN(), math.NaN()
	}
	value = m.sum / m.n
	middle := m.logit / m.n
	sd := math.Sqrt(max(0, m.square/m.n-middle*middle))
	sd *= drawnCritical(m.n)
	low, high = 1/(1+math.Exp(sd-middle)), 1/(1+math.Exp(-sd-middle))
	return value, min(low, value), max(high, value)
}

// model is all that is drawn from: of each skill (nil: none) and of having tried (nil: all did), fields by node of the variances.
type model struct {
	p      *places
	cuts   []float64
	skills [][]*field
	tried  []*field
	nodes  int
}

// drawn is what comes of the draws.
type drawn struct {
	slots   *slots
	draws   int
	skills  [][][measures]moments // by skill and slot
	untried []plain               // by slot
	people  [][]float32           // by skill and draw, then slot: number below; of the groups that are ranked
	size    []float64             // by slot: staff
	asked   [][]float64           // by skill and slot: staff of whom a level is required
}

const blocks = 8

// block is a part of the draws, made in their order by one worker. Blocks are merged in order, so that results have the same
// bits for any number of workers.
type block struct {
	skills  [][][measures]moments
	untried []plain
}

func (m *model) draw(ctx context.Context, sl *slots, o *Options) (*drawn, error) {
	out := &drawn{slots: sl, draws: o.Draws, size: make([]float64, sl.n)}
	for s := range m.skills {
		out.people = append(out.people, make([]float32, o.Draws*sl.n))
		out.asked = append(out.asked, make([]float64, sl.n))
		m.weigh(s, sl, out)
	}
	list := make([]*block, blocks)
	var group sync.WaitGroup
	next := make(chan int)
	for range min(blocks, processors(o.Workers)) {
		group.Go(func() {
			w := m.newWorker(sl)
			for b := range next {
				list[b] = w.block(ctx, b, out, o)
			}
		})
	}
	for b := range blocks {
		next <- b
	}
	close(next)
	group.Wait()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("gap: %w", err)
	}
	for i, b := range list {
		if i == 0 {
			out.skills, out.untried = b.skills, b.untried
			continue
		}
		for s := range b.skills {
			for g := range b.skills[s] {
				for k := range measures {
					out.skills[s][g][k].merge(&b.skills[s][g][k])
				}
			}
		}
		for g := range b.untried {
			out.untried[g].merge(&b.untried[g])
		}
	}
	return out, nil
}

// weigh sums staff by group: all, and those of whom a level is required.
func (m *model) weigh(s int, sl *slots, out *drawn) {
	for c, n := range m.p.size {
		for _, g := range []int32{sl.whole, sl.function[m.p.function[c]], sl.department[m.p.department[c]], sl.family[m.p.family[m.p.function[c]]], sl.cell[c]} {
			if g < 0 {
				continue
			}
			if s == 0 {
				out.size[g] += n
			}
			if m.p.required[s][c] > 0 {
				out.asked[s][g] += n
			}
		}
	}
}

// worker holds the scratch of one goroutine.
type worker struct {
	m                *model
	sl               *slots
	eta, part, dense []float64
	sums             []sums // by slot
}

// sums of a draw over the cells of a group: people who tried, their levels short of the highest, those of whom a level is
// required, those below, and the levels that they are short.
type sums struct{ size, high, asked, below, short float64 }

func (s *sums) add(o *sums) {
	s.size += o.size
	s.high += o.high
	s.asked += o.asked
	s.below += o.below
	s.short += o.short
}

func (m *model) newWorker(sl *slots) *worker {
	cells := len(m.p.function)
	w := &worker{m: m, sl: sl, eta: make([]float64, cells), part: make([]float64, cells), sums: make([]sums, sl.n),
		dense: make([]float64, m.p.departments+m.p.families+1)}
	for c := range w.part {
		w.part[c] = 1
	}
	return w
}

func (w *worker) block(ctx context.Context, b int, out *drawn, o *Options) *block {
	blk := &block{untried: make([]plain, w.sl.n)}
	for range w.m.skills {
		blk.skills = append(blk.skills, make([][measures]moments, w.sl.n))
	}
	pairs := o.Draws / 2
	for pair := b * pairs / blocks; pair < (b+1)*pairs/blocks; pair++ {
		for side, sign := range []float64{1, -1} {
			if ctx.Err() != nil {
				return blk
			}
			w.once(pair, sign, 2*pair+side, blk, out, o)
		}
	}
	return blk
}

// stream is the source of normals of a pair of draws of a variable.
func stream(seed uint64, what, variable int) *rand.Rand {
	return rand.New(rand.NewPCG(seed, uint64(what)<<8|uint64(variable)))
}

func (w *worker) once(pair int, sign float64, draw int, blk *block, out *drawn, o *Options) {
	m := w.m
	if m.tried != nil {
		f := m.tried[pair%m.nodes]
		f.draw(stream(o.Seed, pair, len(m.skills)), sign, w.part, w.dense)
		for c, u := range w.part {
			w.part[c] = math.Min(1, math.Max(0, u))
		}
		clear(w.sums)
		w.users()
		for g := range w.sums {
			if out.size[g] > 0 {
				blk.untried[g].add(1 - w.sums[g].size/out.size[g])
			}
		}
	}
	for s, fields := range m.skills {
		if fields == nil {
			continue
		}
		f := fields[pair%m.nodes]
		f.draw(stream(o.Seed, pair, s), sign, w.eta, w.dense)
		clear(w.sums)
		w.skill(s, 1/math.Sqrt(f.within))
		w.read(s, draw, blk, out)
	}
}

// spread hands the sums of one function on to its family and the whole.
func (w *worker) spread(fn int, own *sums) {
	if g := w.sl.function[fn]; g >= 0 {
		w.sums[g] = *own
	}
	if g := w.sl.family[w.m.p.family[fn]]; g >= 0 {
		w.sums[g].add(own)
	}
	if w.sl.whole >= 0 {
		w.sums[w.sl.whole].add(own)
	}
}

// users sums who ever tried over the cells of every group.
func (w *worker) users() {
	p := w.m.p
	for fn := range p.functions {
		var own sums
		for c := p.start[fn]; c < p.start[fn+1]; c++ {
			n := p.size[c] * w.part[c]
			own.size += n
			if g := w.sl.department[p.department[c]]; g >= 0 {
				w.sums[g].size += n
			}
			if g := w.sl.cell[c]; g >= 0 {
				w.sums[g].size = n
			}
		}
		w.spread(fn, &own)
	}
}

// skill turns the means of cells into shares below each cut point, and sums these over the cells of every group.
func (w *worker) skill(s int, precision float64) {
	p, cuts, required := w.m.p, w.m.cuts, w.m.p.required[s]
	var below [10]float64
	for fn := range p.functions {
		var own sums
		for c := p.start[fn]; c < p.start[fn+1]; c++ {
			n := p.size[c] * w.part[c]
			if n == 0 {
				continue
			}
			x := sums{size: n}
			for j, cut := range cuts {
				below[j] = n * normal((cut-w.eta[c])*precision)
				x.high += below[j]
			}
			if r := int(required[c]); r > 0 {
				x.asked = n
				for j := range r - 1 {
					x.short += below[j]
					x.below = below[j]
				}
			}
			own.add(&x)
			if g := w.sl.department[p.department[c]]; g >= 0 {
				w.sums[g].add(&x)
			}
			if g := w.sl.cell[c]; g >= 0 {
				w.sums[g] = x
			}
		}
		w.spread(fn, &own)
	}
}

func (w *worker) read(s, draw int, blk *block, out *drawn) {
	steps := float64(len(w.m.cuts))
	row := out.people[s][draw*w.sl.n : (draw+1)*w.sl.n]
	for g := range w.sums {
		x, to := &w.sums[g], &blk.skills[s][g]
		row[g] = float32(x.below)
		if x.size > 0 {
			to[levelOf].add(1 - x.high/(x.size*steps))
		}
		if x.asked > 0 {
			to[belowOf].add(x.below / x.asked)
			to[distanceOf].add(x.short / (x.asked * steps))
			to[peopleOf].add(x.below / out.asked[s][g])
		}
		if x.below > 0 && steps > 1 {
			to[shortfallOf].add((x.short/x.below - 1) / (steps - 1))
		}
	}
}

// normalTable holds the standard normal distribution function from -8 to 8, in steps of 1/256.
var normalTable = func() (t [16*256 + 2]float64) {
	for i := range t {
		t[i] = math.Erfc(-(float64(i)/256-8)/math.Sqrt2) / 2
	}
	return t
}()

// normal is the standard normal distribution function, to about 1e-6.
func normal(z float64) float64 {
	x := (z + 8) * 256
	if !(x > 0) {
		return 0
	}
	if x >= 16*256 {
		return 1
	}
	i := int(x)
	return normalTable[i] + (x-float64(i))*(normalTable[i+1]-normalTable[i])
}
