package disclosure

// respondentsRow is the question index of the table of respondents.
const respondentsRow = -1

// table gives the counts of one question, or of the respondents themselves, as figures of sets.
type table struct {
	question int
	total    figure
	bases    [][]int
	options  [][][]int // nil: no option counts to compare with the base
	earlier  []Earlier
	guard    bool // is not published itself, but follows from what is; nobody in it is no reason to hide
}

// figure is what is published of a set of respondents: its base and its option counts.
type figure struct {
	base    int
	options []int
}

func respondentsTable(p *Publication) *table {
	t := &table{question: respondentsRow, total: figure{base: p.Respondents}}
	for _, g := range p.Groupings {
		t.bases = append(t.bases, g.N)
	}
	return t
}

func questionTable(p *Publication, qi int) *table {
	q := &p.Questions[qi]
	t := &table{question: qi, total: figure{base: q.Base}, bases: q.Bases, earlier: q.Earlier}
	if q.Background {
		t.bases = make([][]int, len(p.Groupings))
	}
	if !q.Harmless && q.GroupOptions != nil {
		t.total.options = q.Options
		t.options = q.GroupOptions
	}
	return t
}

// unaskedTable returns the table of who was not asked a question, or nil where it needs no protection.
func unaskedTable(p *Publication, qi int) *table {
	q := &p.Questions[qi]
	if q.Unasked == nil {
		return nil
	}
	return &table{question: qi, total: figure{base: q.UnaskedTotal}, bases: q.Unasked, guard: true}
}

// cell returns the figure of one group.
func (t *table) cell(gi, i int) figure {
	f := figure{base: t.bases[gi][i]}
	if t.options != nil && t.options[gi] != nil {
		f.options = t.options[gi][i]
	}
	return f
}

// copied returns a figure whose option counts may be changed; without option counts unless keep.
func (f figure) copied(keep bool) figure {
	if !keep {
		return figure{base: f.base}
	}
	return figure{base: f.base, options: append([]int(nil), f.options...)}
}

// take takes the people of other away from f. The option counts of f stay only when other has them too.
func (f *figure) take(other figure) {
	f.base -= other.base
	if len(other.options) != len(f.options) {
		f.options = nil
	}
	for o, n := range other.options {
		if f.options != nil {
			f.options[o] -= n
		}
	}
}

// safe tells whether a set with this figure may be seen: it is empty, or has at least k people who do not all answer alike.
func (f figure) safe(k int) bool {
	if f.base == 0 {
		return true
	}
	return f.large(k) && !f.uniform() && !f.silent()
}

func (f figure) large(k int) bool { return f.base >= k || f.base <= -k }

// uniform tells whether all in the set gave the same answer. In a difference of two sets an option may count for more
// than the base; then those who are left may all have chosen it.
func (f figure) uniform() bool {
	for _, n := range f.options {
		if f.base > 0 && n >= f.base || f.base < 0 && n <= f.base {
			return true
		}
	}
	return false
}

// silent tells whether nobody in the set chose anything that is counted: all of them gave the answer that is not published, such
// as the "no" of an indicator.
func (f figure) silent() bool {
	for _, n := range f.options {
		if f.base > 0 && n > 0 || f.base < 0 && n < 0 {
			return false
		}
	}
	return len(f.options) > 0 && f.base != 0
}

// remainder returns the figure of everyone outside the shown groups of grouping gi: hidden groups and those without an answer.
//
// Among respondents the latter do not count: their number follows from the base of the background variable itself.
func (t *table) remainder(gi int, hidden []Reason) figure {
	if t.question == respondentsRow {
		sum := 0
		for i, r := range hidden {
			if r.Hidden() {
				sum += t.bases[gi][i]
			}
		}
		return figure{base: sum}
	}
	f := t.total.copied(t.options != nil && t.options[gi] != nil)
	for i, r := range hidden {
		if !r.Hidden() || t.known(gi, i) {
			f.take(t.cell(gi, i))
		}
	}
	return f
}

// separable tells whether the figures of region r without the inner sets that lie within it would say something of
// fewer than k people.
func (t *table) separable(o *overlap, r region, outerHidden, innerHidden []Reason, k int) bool {
	d := t.difference(o, r, outerHidden, innerHidden)
	if t.question != respondentsRow {
		return r.gives(d, r.left, k)
	}
	// Hidden outer groups are bounded by all who are left. Hidden inner groups find no cover in those without an
	// answer, for the number of these is known.
	if r.outer < 0 && r.left+r.unknown > 0 && r.gives(d, r.left+r.unknown, k) {
		return true
	}
	d.base -= r.unknown
	return r.left > 0 && r.gives(d, r.left, k)
}

// gives tells whether difference d, with so many respondents left in it, says something of fewer than k people.
//
// With people astray the difference is that of two sets of people. It is then safe only when it alone holds k people,
// or when nobody is left and the astray cannot be read off either.
func (r *region) gives(d figure, left, k int) bool {
	if r.astray == 0 || left == 0 {
		return !d.safe(k)
	}
	return d.base < k || d.uniform() || d.silent()
}

// difference returns the figure of region r without the inner sets that lie within it.
func (t *table) difference(o *overlap, r region, outerHidden, innerHidden []Reason) figure {
	var f figure
	if r.outer >= 0 {
		f = t.cell(o.outer, r.outer).copied(true)
	} else {
		f = t.remainder(o.outer, outerHidden)
	}
	for _, y := range r.shown {
		f.take(t.cell(o.inner, y))
	}
	if r.remainder {
		f.take(t.remainder(o.inner, innerHidden))
	}
	return f
}

// totalReason tells whether the question as a whole must stay hidden.
func (t *table) totalReason(k int) Reason {
	if t.guard {
		return Shown
	}
	if t.total.base < k {
		return BelowK
	}
	for _, e := range t.earlier {
		if !farApart(t.total.base, e.Base, k) {
			return Difference
		}
	}
	return Shown
}

// primary tells whether a cell must be hidden for what it is.
func (t *table) primary(gi, i, k int, sensitive bool) Reason {
	f := t.cell(gi, i)
	switch {
	case t.guard && f.base == 0:
		return Shown
	case sensitive:
		return Withheld
	case f.base < k:
		return BelowK
	case t.differs(gi, i, k):
		return Difference
	case f.uniform():
		return Homogeneous
	}
	return Shown
}

// outcome returns the reason to publish for a cell, in the words of this question: what the family hides for the sake
// of another member is complementary here.
func (t *table) outcome(f *family, total Reason, gi, i, k int, q *Question) Reason {
	if q.Background {
		return Withheld
	}
	if total.Hidden() {
		return total
	}
	if r := t.primary(gi, i, k, q.Sensitive); r.Hidden() {
		return r
	}
	if f.hidden[gi][i].Hidden() {
		return Complementary
	}
	return Shown
}
