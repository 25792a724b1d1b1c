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
	nested       bool    // every inner group lies within an outer one, and there are more inner ones
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
	homeless := 0
	for y := range len(o.people) - 1 {
		held := false
		for x := range rest {
			if within(n[x][y], n[rest][y], o.people[y]) {
				o.members[x] = append(o.members[x], y)
				held = true
			}
		}
		if !held && o.people[y] > 0 {
			homeless++
		}
	}
	o.nested = homeless == 0 && len(o.people) > len(n)
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
	left      int   // respondents of the region who are in none of these sets
	astray    int   // respondents in these sets who gave no answer to the outer variable, so are not in the region
	unknown   int   // respondents of the region who gave no answer to the inner variable
}

// empty tells whether nothing lies within the region, so that nothing can be subtracted.
func (r *region) empty() bool { return len(r.shown) == 0 && !r.remainder }

// regionOf returns the region of shown outer group x. With includeRest the people without an answer to the inner
// variable belong to its hidden remainder, and to those left.
func (o *overlap) regionOf(x int, innerHidden []Reason, includeRest bool) region {
	r := region{outer: x}
	rest := len(o.n) - 1
	for _, n := range o.n[x] {
		r.left += n
	}
	for _, y := range o.members[x] {
		if !innerHidden[y].Hidden() {
			r.shown = append(r.shown, y)
			r.left -= o.n[x][y]
			r.astray += o.n[rest][y]
		}
	}
	inside, astray, total := 0, 0, 0
	o.eachHidden(innerHidden, includeRest, func(y int) {
		total += o.people[y]
		inside += o.n[x][y]
		astray += o.n[rest][y]
	})
	if r.remainder = within(inside, astray, total); r.remainder {
		r.left -= inside
		r.astray += astray
	}
	r.unknown = o.n[x][len(innerHidden)]
	if !includeRest {
		r.left -= r.unknown
	}
	return r
}

// remainderRegion returns the region of the outer grouping's hidden remainder.
//
// With includeRest whoever gave no answer to the outer variable belongs to it, so that nobody is astray.
func (o *overlap) remainderRegion(outerHidden, innerHidden []Reason, includeRest bool) region {
	r := region{outer: -1}
	inside := make([]int, len(o.people)) // by inner group: people in the region
	for x, reason := range outerHidden {
		if reason.Hidden() {
			addTo(inside, o.n[x])
			r.unknown += o.n[x][len(innerHidden)]
		}
	}
	astray := o.n[len(outerHidden)]
	if includeRest {
		addTo(inside, astray)
		astray = make([]int, len(o.people))
	}
	for y := range innerHidden {
		r.left += inside[y]
		if !innerHidden[y].Hidden() && within(inside[y], astray[y], o.people[y]) {
			r.shown = append(r.shown, y)
			r.left -= inside[y]
			r.astray += astray[y]
		}
	}
	if includeRest {
		r.left += inside[len(innerHidden)]
	}
	in, out, people := 0, 0, 0
	o.eachHidden(innerHidden, includeRest, func(y int) {
		in += inside[y]
		out += astray[y]
		people += o.people[y]
	})
	if r.remainder = within(in, out, people); r.remainder {
		r.left -= in
		r.astray += out
	}
	return r
}

func addTo(sum, part []int) {
	for i, n := range part {
		sum[i] += n
	}
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
