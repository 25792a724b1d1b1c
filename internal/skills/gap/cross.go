package gap

// crossing protects cells beside the margins that are shown, and margins beside each other.
//
// A cell is shown when it has at least k people in every skill who are not all on one level, and its function and its department
// are shown. All that is published of numbers of people then says how many hidden people each line has: a line is a shown
// function, the hidden functions of a shown family, all other functions together, a shown department, or all other departments together.
// Seen as a graph, lines are points and what is hidden where two cross is an edge (graph.go). Nothing that follows by adding and
// subtracting may be of 1 to k-1 people, of the respondents, of who was asked whether they tried, and of each skill; nor may all that a
// line hides be people on one level. Each step hides one thing more, the smallest cell that helps or else the smallest line.
type crossing struct {
	p     *places
	k     int
	c     *counts
	out   *shown
	lines [2]lines // functions, departments
}

// lines are the functions, or the departments, with their cells.
type lines struct {
	cells [][]int32
	of    []int32 // of each cell
	shown []bool  // that of the result, and false for what is not known
	n     []int   // respondents
}

func protectCells(p *places, k int, c *counts, out *shown) {
	x := &crossing{p: p, k: k, c: c, out: out}
	x.lines[0] = x.line(p.functions, p.function, out.functions)
	x.lines[1] = x.line(p.departments, p.department, out.departments)
	for cell := range p.function {
		out.cells[cell] = x.lines[0].shown[p.function[cell]] && x.lines[1].shown[p.department[cell]] && x.large(cell)
	}
	for x.remainders(0) || x.remainders(1) || x.cuts() {
	}
	copy(out.functions, x.lines[0].shown)
	copy(out.departments, x.lines[1].shown)
}

func (x *crossing) line(n int, of []int32, show []bool) lines {
	l := lines{cells: make([][]int32, n), of: of, shown: make([]bool, n), n: make([]int, n)}
	copy(l.shown, show)
	for cell, i := range of {
		l.cells[i] = append(l.cells[i], int32(cell))
		l.n[i] += x.c.n[cell]
	}
	return l
}

// large tells whether a cell may be shown for what it is.
func (x *crossing) large(cell int) bool {
	if x.c.n[cell] < x.k {
		return false
	}
	for _, t := range x.c.skills {
		if t != nil && (t.base[cell] == 0 || !x.safe(t, []int32{int32(cell)})) {
			return false
		}
	}
	return true
}

// safe tells whether figures of the people of some cells together may be seen: there are none, or at least k on two levels.
func (x *crossing) safe(t *tallies, cells []int32) bool {
	base := 0
	var levels [16]int
	for _, c := range cells {
		base += t.base[c]
		for l, n := range t.levels[c] {
			levels[l] += n
		}
	}
	if base == 0 {
		return true
	}
	for _, n := range levels {
		if n == base {
			return false
		}
	}
	return base >= x.k
}

// safeAll tells the same of the respondents, of who was asked whether they tried, and of each skill.
func (x *crossing) safeAll(cells []int32) bool {
	for _, list := range x.tables() {
		n := 0
		for _, c := range cells {
			n += list[c]
		}
		if n > 0 && n < x.k {
			return false
		}
	}
	for _, t := range x.c.skills {
		if t != nil && !x.safe(t, cells) {
			return false
		}
	}
	return true
}

// tables are the numbers of people by cell that may be published.
func (x *crossing) tables() [][]int {
	out := [][]int{x.c.n}
	if x.c.tried != nil {
		out = append(out, x.c.tried.base)
	}
	for _, t := range x.c.skills {
		if t != nil {
			out = append(out, t.base)
		}
	}
	return out
}

// remainders hides cells until what each shown line hides is safe, with and without the hidden cells that crossing lines give away
// by hiding nothing else.
func (x *crossing) remainders(kind int) bool {
	changed := false
	own, other := &x.lines[kind], &x.lines[1-kind]
	for i, public := range own.shown {
		for public {
			var rest, left []int32
			any := false
			for _, c := range own.cells[i] {
				if x.out.cells[c] {
					any = true
					continue
				}
				rest = append(rest, c)
				if !x.alone(other, int(other.of[c]), int32(i), own) {
					left = append(left, c)
				}
			}
			if !any || x.safeAll(rest) && x.safeAll(left) {
				break
			}
			x.hideCell(own.cells[i])
			changed = true
		}
	}
	return changed
}

// alone tells whether all that a shown line hides lies in line i of the other kind.
func (x *crossing) alone(l *lines, j int, i int32, own *lines) bool {
	if !l.shown[j] {
		return false
	}
	for _, c := range l.cells[j] {
		if !x.out.cells[c] && own.of[c] != i && x.c.n[c] > 0 {
			return false
		}
	}
	return true
}

// hideCell hides the shown cell with the fewest respondents, the first of equals, and tells whether there was one.
func (x *crossing) hideCell(cells []int32) bool {
	best := int32(-1)
	for _, c := range cells {
		if x.out.cells[c] && (best < 0 || x.c.n[c] < x.c.n[best]) {
			best = c
		}
	}
	if best >= 0 {
		x.out.cells[best] = false
	}
	return best >= 0
}

// cuts hides one thing where fewer than k people follow from several lines, and tells whether it did.
func (x *crossing) cuts() bool {
	g := x.graph()
	e := g.breach(x.k)
	if e == nil {
		return false
	}
	var cells []int32
	near := map[int]bool{}
	for _, point := range []int{e.a, e.b} {
		cells = append(cells, g.cells[point]...)
		near[point] = true
		for _, i := range g.at[point] {
			near[g.edges[i].a], near[g.edges[i].b] = true, true
		}
	}
	if x.hideCell(cells) || x.hideLine(g, func(point int) bool { return near[point] }) || x.hideLine(g, func(int) bool { return true }) {
		return true
	}
	for f, show := range x.out.families { // nothing but families is left
		if show {
			x.out.families[f] = false
			return true
		}
	}
	return false
}

// hideLine hides the shown function or department with the fewest respondents among some points, with its cells.
func (x *crossing) hideLine(g *graph, among func(point int) bool) bool {
	kind, best := 0, -1
	for k := range x.lines {
		l := &x.lines[k]
		for i, show := range l.shown {
			if show && among(g.point[k][i]) && (best < 0 || l.n[i] < x.lines[kind].n[best]) {
				kind, best = k, i
			}
		}
	}
	if best < 0 {
		return false
	}
	x.lines[kind].shown[best] = false
	for _, c := range x.lines[kind].cells[best] {
		x.out.cells[c] = false
	}
	return true
}

// count counts the groups with respondents that are not shown.
func (s *shown) count(p *places, c *counts) {
	functions, departments, families := make([]int, p.functions), make([]int, p.departments), make([]int, p.families)
	for cell, n := range c.n {
		functions[p.function[cell]] += n
		departments[p.department[cell]] += n
		families[p.family[p.function[cell]]] += n
		if n > 0 && p.known(cell) && !s.cells[cell] {
			s.hidden.Cells++
		}
	}
	hidden := func(n []int, list []bool) int {
		k := 0
		for i, show := range list {
			if n[i] > 0 && !show {
				k++
			}
		}
		return k
	}
	s.hidden.Functions = hidden(functions, s.functions)
	s.hidden.Departments = hidden(departments, s.departments)
	s.hidden.Families = hidden(families, s.families)
}
