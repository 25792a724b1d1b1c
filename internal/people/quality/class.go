package quality

// class is people who are equal for all that a score counts.
type class struct {
	bits       uint64
	dept, fn   int32 // -1 none
	brk        int32
	band, work int8
}

// broken are the faults that are mended unit by unit.
var broken = set(UnitGone, UnitOrphan, UnitCycle, UnitRoots)

// titled are the faults of which the mend depends on the function.
var titled = set(FunctionGone, NoLevel, NoWork)

// tally is people by class, in the order in which the classes were first met.
type tally struct {
	classes []class
	amounts []Amount
	index   map[class]int32
}

func newTally() *tally { return &tally{index: map[class]int32{}} }

func (t *tally) add(c class, a Amount) {
	i, ok := t.index[c]
	if !ok {
		i = int32(len(t.classes))
		t.index[c] = i
		t.classes = append(t.classes, c)
		t.amounts = append(t.amounts, Amount{})
	}
	t.amounts[i].add(a)
}

// needed are the faults that some field or all conclusions mind.
func needed(in Input) uint64 {
	var m uint64
	for i := range in.Conclusions {
		m |= in.Conclusions[i].mask()
	}
	return m
}

// tally counts the staff by class.
func (r *roll) tally() *tally {
	t, mask := newTally(), needed(r.in)
	for i := range r.rows {
		x := &r.rows[i]
		c := class{bits: x.bits & mask, dept: x.dept, fn: x.fn, brk: -1, band: x.band, work: x.work}
		if c.bits&broken != 0 {
			c.brk = x.brk
		}
		t.add(c, Amount{1, int64(x.fte)})
	}
	return t
}

// narrow brings classes together that are equal for a conclusion.
func (t *tally) narrow(c *Conclusion) *tally {
	n, mask := newTally(), c.mask()
	dept, fn, band, work := c.by(ByDepartment), c.by(ByFunction), c.by(ByAge), c.by(ByWork)
	for i, x := range t.classes {
		x.bits &= mask
		if x.bits&broken == 0 {
			x.brk = -1
		}
		if !dept {
			x.dept = 0
		}
		if !fn && x.bits&titled == 0 {
			x.fn = 0
		}
		if !band {
			x.band = 0
		}
		if !work {
			x.work = 0
		}
		n.add(x, t.amounts[i])
	}
	return n
}
