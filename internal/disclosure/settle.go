package disclosure

import "slices"

// settle hides complementary cells of the family until every computable set of every member is safe.
//
// Each step hides one more group, so it ends after at most as many steps as there are groups. Differences between
// groupings come first: what they hide within one directorate often covers the grouping as a whole too.
func (s *settler) settle(f *family) {
	for changed := true; changed; {
		changed = false
		for _, o := range s.overlaps {
			if f.hidden[o.outer] != nil && f.hidden[o.inner] != nil && s.mendOverlap(f, o) {
				changed = true
			}
		}
		for gi := range f.hidden {
			for f.hidden[gi] != nil && s.mendRemainder(f, gi) {
				changed = true
			}
		}
	}
}

// mendRemainder hides one more group of grouping gi when the hidden remainder of some member is not safe.
//
// Where no group is hidden the remainder is whoever left the background question open. That is no group: nobody knows
// who they are, and hiding hundreds of people to cover a handful of blanks would cost more than it protects.
func (s *settler) mendRemainder(f *family, gi int) bool {
	if !anyHidden(f.hidden[gi]) {
		return false
	}
	for _, t := range f.tables {
		if !t.brokenDown(gi, s.p.K) {
			continue
		}
		if t.remainder(gi, f.hidden[gi]).safe(s.p.K) && t.latecomersSafe(gi, f.hidden[gi], s.p.K) {
			continue
		}
		if s.hideSmallest(f, gi, s.nearby(f, gi)) || s.hideSmallest(f, gi, nil) {
			return true
		}
		if t.anyKnown(gi) {
			s.exposed[Exposure{Question: t.question, Grouping: gi}] = true
		}
	}
	return false
}

// nearby returns the shown groups in the same enclosing group as all that is hidden of grouping gi, or an empty list. One of
// these covers what is hidden in the grouping and in the enclosing group at once.
func (s *settler) nearby(f *family, gi int) []int {
	for _, o := range s.overlaps {
		if o.inner != gi || !o.nested || f.hidden[o.outer] == nil {
			continue
		}
		for x, reason := range f.hidden[o.outer] {
			if reason.Hidden() {
				continue
			}
			if r := o.regionOf(x, f.hidden[gi], s.includeRest(f)); r.remainder {
				return append([]int{}, r.shown...)
			}
		}
		if r := o.remainderRegion(f.hidden[o.outer], f.hidden[gi], s.includeRest(f)); r.remainder {
			return append([]int{}, r.shown...)
		}
	}
	return []int{}
}

// mendOverlap hides groups where the difference of sets of two groupings is not safe, and tells whether it hid any.
func (s *settler) mendOverlap(f *family, o *overlap) bool {
	changed := false
	for x := range o.members {
		for !f.hidden[o.outer][x].Hidden() {
			r := o.regionOf(x, f.hidden[o.inner], s.includeRest(f))
			if !s.mendRegion(f, o, r) {
				break
			}
			changed = true
		}
	}
	for anyHidden(f.hidden[o.outer]) && s.mendRegion(f, o, o.remainderRegion(f.hidden[o.outer], f.hidden[o.inner], s.includeRest(f))) {
		changed = true
	}
	return changed
}

func anyHidden(reasons []Reason) bool { return slices.ContainsFunc(reasons, Reason.Hidden) }

// includeRest tells whether people without an answer belong to the hidden remainder; among respondents they do not.
func (s *settler) includeRest(f *family) bool { return f.tables[0].question != respondentsRow }

// mendRegion hides one group when region r without the sets within it is not safe for some member.
//
// Best is a further group within the region; else the region itself; else whatever shown group is smallest.
func (s *settler) mendRegion(f *family, o *overlap, r region) bool {
	if r.empty() {
		return false
	}
	for _, t := range f.tables {
		if !t.brokenDown(o.outer, s.p.K) || !t.brokenDown(o.inner, s.p.K) {
			continue
		}
		if !t.separable(o, r, f.hidden[o.outer], f.hidden[o.inner], s.p.K) {
			continue
		}
		switch {
		case len(r.shown) > 0 && s.hideSmallest(f, o.inner, r.shown):
			return true
		case r.outer >= 0 && s.hideSmallest(f, o.outer, []int{r.outer}):
			return true
		case s.hideSmallest(f, o.outer, nil) || s.hideSmallest(f, o.inner, nil):
			return true
		}
	}
	return false
}

// hideSmallest hides the shown group with the fewest respondents among the candidates (nil: all groups of the grouping)
// and tells whether there was one. What an earlier publication shows is no hiding place.
func (s *settler) hideSmallest(f *family, gi int, candidates []int) bool {
	if candidates == nil {
		candidates = make([]int, len(f.hidden[gi]))
		for i := range candidates {
			candidates[i] = i
		}
	}
	best := -1
	for _, i := range candidates {
		if f.hidden[gi][i].Hidden() || f.anyKnows(gi, i) {
			continue
		}
		if n := s.p.Groupings[gi].N; best < 0 || n[i] < n[best] {
			best = i
		}
	}
	if best < 0 {
		return false
	}
	f.hidden[gi][best] = Complementary
	return true
}

func (f *family) anyKnows(gi, i int) bool {
	for _, t := range f.tables {
		if t.bases[gi] != nil && t.known(gi, i) {
			return true
		}
	}
	return false
}

// brokenDown tells whether anything of this table by grouping gi is up for publication.
func (t *table) brokenDown(gi, k int) bool {
	return t.bases[gi] != nil && !t.totalReason(k).Hidden()
}

func (t *table) anyKnown(gi int) bool {
	for i := range t.bases[gi] {
		if t.known(gi, i) {
			return true
		}
	}
	return false
}

func (t *table) latecomersSafe(gi int, hidden []Reason, k int) bool {
	for e := range t.earlier {
		if t.earlier[e].Bases[gi] != nil && !(figure{base: t.latecomers(&t.earlier[e], gi, hidden)}).safe(k) {
			return false
		}
	}
	return true
}
