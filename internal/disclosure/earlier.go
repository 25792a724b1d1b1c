package disclosure

// farApart tells whether two bases of the same cell at two moments are equal, or at least k apart.
func farApart(now, before, k int) bool {
	return figure{base: now - before}.safe(k)
}

// before returns the base that earlier publication e showed of a cell, and whether it showed it.
func (e *Earlier) before(gi, i int) (int, bool) {
	if e.Bases[gi] == nil || e.Bases[gi][i] < 0 {
		return 0, false
	}
	return e.Bases[gi][i], true
}

// known tells whether an earlier publication already shows this cell as it is now.
func (t *table) known(gi, i int) bool {
	for k := range t.earlier {
		if b, ok := t.earlier[k].before(gi, i); ok && b == t.bases[gi][i] {
			return true
		}
	}
	return false
}

// differs tells whether the cell beside an earlier publication would show fewer than k people.
func (t *table) differs(gi, i, k int) bool {
	for e := range t.earlier {
		if b, ok := t.earlier[e].before(gi, i); ok && !farApart(t.bases[gi][i], b, k) {
			return true
		}
	}
	return false
}

// latecomers returns, for an earlier publication, how many people came in outside the groups shown both then and now.
func (t *table) latecomers(e *Earlier, gi int, hidden []Reason) int {
	n := t.total.base - e.Base
	for i, r := range hidden {
		if b, ok := e.before(gi, i); ok && !r.Hidden() {
			n -= t.bases[gi][i] - b
		}
	}
	return n
}
