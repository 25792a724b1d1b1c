package quality

import "math/bits"

// board is the state of a score while mends are tried: people by class, with the faults that they still have, and by group.
type board struct {
	k       int // 1 where there are no groups
	state   State
	bits    []uint64 // by class; gone for a class that was taken away
	amounts []Amount // by class
	group   []int32  // by class; -1 never shown
	use     []Amount // usable, by group
	into    []int32  // group that a group was merged into, itself otherwise
	keys    []class  // by group

	// For a trial.
	plus []Amount
	met  []bool
	seen []int32
}

// gone marks a class that was taken away.
const gone = 1 << 63

func newBoard(c *Conclusion, t *tally, k int) *board {
	b := &board{k: k, bits: make([]uint64, len(t.classes)), amounts: t.amounts, group: make([]int32, len(t.classes))}
	if len(c.Groups) == 0 {
		b.k = 1
	}
	groups := map[class]int32{}
	for i, x := range t.classes {
		b.bits[i] = x.bits
		b.state.Staff.add(t.amounts[i])
		x.bits, x.brk = 0, -1
		if !c.by(ByFunction) {
			x.fn = 0
		}
		if x.dept < 0 || x.fn < 0 || x.band < 0 || x.work < 0 {
			b.group[i] = -1
			continue
		}
		g, ok := groups[x]
		if !ok {
			g = int32(len(b.use))
			groups[x] = g
			b.use = append(b.use, Amount{})
			b.into = append(b.into, g)
			b.keys = append(b.keys, x)
		}
		b.group[i] = g
	}
	for i := range b.bits {
		if b.bits[i] == 0 {
			b.state.Usable.add(b.amounts[i])
			if g := b.group[i]; g >= 0 {
				b.use[g].add(b.amounts[i])
			}
		}
	}
	for _, a := range b.use {
		b.state.Shown.add(b.shown(a))
	}
	b.plus, b.met = make([]Amount, len(b.use)), make([]bool, len(b.use))
	return b
}

func (b *board) shown(a Amount) Amount {
	if a.People >= b.k {
		return a
	}
	return Amount{}
}

// root returns the group that a group is part of.
func (b *board) root(g int32) int32 {
	for b.into[g] != g {
		g = b.into[g]
	}
	return g
}

// step is what a mend does to the board.
type step struct {
	clear   uint64    // faults that it takes away
	classes []int32   // of these classes
	joins   [][]int32 // groups that become one
}

// outcome is what a step comes to.
type outcome struct {
	state    State
	progress int // faults of people taken away
}

// do takes a step, or only says what it would come to.
func (b *board) do(s *step, commit bool) outcome {
	out := outcome{state: b.state}
	b.seen = b.seen[:0]
	for _, c := range s.classes {
		b.clear(s, c, &out, commit)
	}
	for _, j := range s.joins {
		for _, g := range j {
			b.see(b.root(g))
		}
	}
	for _, g := range b.seen {
		out.state.Shown.sub(b.shown(b.use[g]))
		b.use[g].add(b.plus[g])
	}
	undo := b.join(s)
	for _, g := range b.seen {
		if b.into[g] == g {
			out.state.Shown.add(b.shown(b.use[g]))
		}
	}
	if commit {
		b.state = out.state
	} else {
		for i := len(undo) - 1; i >= 0; i-- {
			u := undo[i]
			b.into[u.from] = u.from
			b.use[u.to].sub(b.use[u.from])
		}
	}
	for _, g := range b.seen {
		if !commit {
			b.use[g].sub(b.plus[g])
		}
		b.plus[g], b.met[g] = Amount{}, false
	}
	return out
}

// clear takes the faults of a step away from a class.
func (b *board) clear(s *step, c int32, out *outcome, commit bool) {
	x := b.bits[c]
	if x == gone || x&s.clear == 0 {
		return
	}
	a := b.amounts[c]
	out.progress += a.People * bits.OnesCount64(x&s.clear)
	left := x &^ s.clear
	switch {
	case s.clear&removes != 0:
		out.state.Staff.sub(a)
		left = gone
	case left == 0:
		out.state.Usable.add(a)
		if g := b.group[c]; g >= 0 {
			g = b.root(g)
			b.see(g)
			b.plus[g].add(a)
		}
	}
	if commit {
		b.bits[c] = left
	}
}

type joined struct{ from, to int32 }

// join makes groups one, and returns what was joined.
func (b *board) join(s *step) []joined {
	var done []joined
	for _, j := range s.joins {
		to := b.root(j[0])
		for _, g := range j[1:] {
			if from := b.root(g); from != to {
				b.into[from] = to
				b.use[to].add(b.use[from])
				done = append(done, joined{from, to})
			}
		}
	}
	return done
}

// see notes a group of which the count may change.
func (b *board) see(g int32) {
	if !b.met[g] {
		b.met[g] = true
		b.seen = append(b.seen, g)
	}
}
