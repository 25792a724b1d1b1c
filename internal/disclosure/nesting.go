package disclosure

// overlap answers which groups of one grouping (the inner) lie within groups of another (the outer).
//
// It works on respondents, not on answers: who sits where is what an attacker may know from the organisation chart.
// A group lies within another when all its people who gave both answers are there, and most gave both.
type overlap struct {
	outer, inner int
	n            [][]int // (outer groups + rest) x (inner groups + rest)
	people       []int   // by inner group, and its rest: the sum over n
	members      [][]int // by outer group: the inner groups that it holds
}

// overlaps returns both directions of every pair of groupings of which joint counts are given.
func overlaps(p *Publication) []*overlap {
	var out []*overlap
	for _, j := range p.Joint {
		out = append(out, newOverlap(j.A, j.B, j.Counts), newOverlap(j.B, j.A, transpose(j.Counts)))
	}
	return out
}

func newOverlap(outer, inner int, n [][]int) *overlap {
	o := &overlap{outer: outer, inner: inner, n: n}
	rest := len(n) - 1
	o.members = make([][]int, rest)
	o.people = make([]int, len(n[0]))
	for y := range o.people {
		for x := range n {
			o.people[y] += n[x][y]
		}
	}
	for x := range rest {
		for y := range len(o.people) - 1 {
			if within(n[x][y], n[rest][y], o.people[y]) {
				o.members[x] = append(o.members[x], y)
			}
		}
	}
	return o
}

// within tells whether a set of total people, of whom inside are in a group and unknown gave no answer, lies in that group.
func within(inside, unknown, total int) bool {
	return inside > 0 && inside+unknown == total && inside > unknown
}

func transpose(m [][]int) [][]int {
	t := make([][]int, len(m[0]))
	for c := range t {
		t[c] = make([]int, len(m))
		for r := range m {
			t[c][r] = m[r][c]
		}
	}
	return t
}

// region is a computable set of the outer grouping with the computable sets of the inner grouping that lie within it.
type region struct {
	outer     int   // the shown outer group, or -1 for the hidden remainder
	shown     []int // shown inner groups within
	remainder bool  // whether the hidden remainder of the inner grouping lies within too
}

// regionOf returns the region of shown outer group x.
func (o *overlap) regionOf(x int, innerHidden []Reason, includeRest bool) region {
	r := region{outer: x}
	for _, y := range o.members[x] {
		if !innerHidden[y].Hidden() {
			r.shown = append(r.shown, y)
		}
	}
	inside, unknown, total := 0, 0, 0
	rest := len(o.n) - 1
	o.eachHidden(innerHidden, includeRest, func(y int) {
		total += o.people[y]
		inside += o.n[x][y]
		unknown += o.n[rest][y]
	})
	r.remainder = within(inside, unknown, total)
	return r
}

// remainderRegion returns the region of the outer grouping's hidden remainder.
func (o *overlap) remainderRegion(outerHidden, innerHidden []Reason, includeRest bool) region {
	r := region{outer: -1}
	for y := range innerHidden {
		if !innerHidden[y].Hidden() && o.shownPart(outerHidden, y) == 0 {
			r.shown = append(r.shown, y)
		}
	}
	people, outside := 0, 0
	o.eachHidden(innerHidden, includeRest, func(y int) {
		outside += o.shownPart(outerHidden, y)
		people += o.people[y]
	})
	r.remainder = people > 0 && outside == 0
	return r
}

// shownPart returns how many people of inner group y are in shown groups of the outer grouping.
func (o *overlap) shownPart(outerHidden []Reason, y int) int {
	sum := 0
	for x, reason := range outerHidden {
		if !reason.Hidden() {
			sum += o.n[x][y]
		}
	}
	return sum
}

func (o *overlap) eachHidden(innerHidden []Reason, includeRest bool, visit func(y int)) {
	for y, reason := range innerHidden {
		if reason.Hidden() {
			visit(y)
		}
	}
	if includeRest {
		visit(len(innerHidden))
	}
}

// withoutAnswer returns how many people of region r gave no answer to the inner variable.
func (o *overlap) withoutAnswer(r region, outerHidden []Reason) int {
	rest := len(o.n[0]) - 1
	if r.outer >= 0 {
		return o.n[r.outer][rest]
	}
	sum := 0
	for x, reason := range outerHidden {
		if reason.Hidden() {
			sum += o.n[x][rest]
		}
	}
	return sum
}
