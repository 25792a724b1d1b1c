package gap

// crossing protects cells beside the margins that are shown.
//
// A cell is shown when it has at least k people in every skill who are not all on one level, and its function and its department
// have figures. Then, for the respondents and for each skill, what a shown function or department has beside its
// shown cells must be nobody, or at least k people who are not all on one level; and neither may a hidden cell follow from
// several functions and departments together. That is so when it is a bridge of the graph in which functions and departments are points and
// hidden cells lines: what lies on one side of a bridge adds up to it. Functions without figures are one point together, for the
// whole gives their sum; so are such departments. Each step hides one more cell, the smallest that helps.
type crossing struct {
	p     *places
	k     int
	c     *counts
	out   *shown
	lines [2]lines // functions, departments
}

// lines are the functions, or the departments, with their cells.
type lines struct {
	cells  [][]int32
	of     []int32 // of each cell
	public []bool
}

func protectCells(p *places, k int, c *counts, out *shown) {
	x := &crossing{p: p, k: k, c: c, out: out}
	x.lines[0] = x.line(p.functions, p.function, out.functions)
	x.lines[1] = x.line(p.departments, p.department, out.departments)
	any := false
	for cell := range p.function {
		f, d := p.function[cell], p.department[cell]
		if x.lines[0].public[f] && x.lines[1].public[d] && x.large(cell) {
			out.cells[cell] = true
			any = true
		}
	}
	for changed := any; changed; {
		changed = x.remainders(0)
		changed = x.remainders(1) || changed
		if !changed {
			changed = x.bridges()
		}
	}
}

func (x *crossing) line(n int, of []int32, show []bool) lines {
	l := lines{cells: make([][]int32, n), of: of, public: make([]bool, n)}
	copy(l.public, show)
	for cell, i := range of {
		l.cells[i] = append(l.cells[i], int32(cell))
	}
	return l
}

// large tells whether a cell may be shown for what it is.
func (x *crossing) large(cell int) bool {
	if x.c.n[cell] < x.k {
		return false
	}
	for _, t := range x.tables() {
		if !x.safe(t, []int32{int32(cell)}) || t.base[cell] == 0 {
			return false
		}
	}
	return true
}

// tables are the skills with figures.
func (x *crossing) tables() []*tallies {
	var out []*tallies
	for _, t := range x.c.skills {
		if t != nil {
			out = append(out, t)
		}
	}
	return out
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

// safeAll tells the same of the respondents, of who ever tried, and of each skill.
func (x *crossing) safeAll(cells []int32) bool {
	n, tried := 0, 0
	for _, c := range cells {
		n += x.c.n[c]
		if x.c.tried != nil {
			tried += x.c.tried.base[c]
		}
	}
	if n > 0 && n < x.k || tried > 0 && tried < x.k {
		return false
	}
	for _, t := range x.tables() {
		if !x.safe(t, cells) {
			return false
		}
	}
	return true
}

// remainders hides cells until what is hidden of each line of a kind is safe, with and without the hidden cells that the
// crossing lines give away by being all that these hide.
func (x *crossing) remainders(kind int) bool {
	changed := false
	own, other := &x.lines[kind], &x.lines[1-kind]
	for i, public := range own.public {
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
			x.hideSmallest(own.cells[i])
			changed = true
		}
	}
	return changed
}

// alone tells whether all that a public line hides lies in line i of the other kind.
func (x *crossing) alone(l *lines, j int, i int32, own *lines) bool {
	if !l.public[j] {
		return false
	}
	for _, c := range l.cells[j] {
		if !x.out.cells[c] && own.of[c] != i && x.c.n[c] > 0 {
			return false
		}
	}
	return true
}

// hideSmallest hides the shown cell with the fewest respondents, the first of equals.
func (x *crossing) hideSmallest(cells []int32) bool {
	best := int32(-1)
	for _, c := range cells {
		if x.out.cells[c] && (best < 0 || x.c.n[c] < x.c.n[best]) {
			best = c
		}
	}
	if best < 0 {
		return false
	}
	x.out.cells[best] = false
	return true
}

// bridges hides one cell where a hidden set of fewer than k people follows from several lines, and tells whether it did.
func (x *crossing) bridges() bool {
	g := x.graph()
	for _, e := range g.bridges() {
		if x.safeAll(e.cells) {
			continue
		}
		near := append(append([]int32(nil), x.cellsAt(e.a)...), x.cellsAt(e.b)...)
		if x.hideSmallest(near) {
			return true
		}
		all := make([]int32, len(x.p.function))
		for c := range all {
			all[c] = int32(c)
		}
		return x.hideSmallest(all)
	}
	return false
}

// cellsAt returns the cells of a point of the graph.
func (x *crossing) cellsAt(point int) []int32 {
	f := len(x.lines[0].public)
	switch {
	case point < f && x.lines[0].public[point]:
		return x.lines[0].cells[point]
	case point >= f+1 && point < f+1+len(x.lines[1].public) && x.lines[1].public[point-f-1]:
		return x.lines[1].cells[point-f-1]
	}
	return nil
}

// graph is that of functions (the last point for those without figures together), departments (likewise) and what is hidden.
type graph struct {
	edges []edge
	at    [][]int32 // edges of each point
}

type edge struct {
	a, b  int
	cells []int32
}

func (x *crossing) graph() *graph {
	f, d := len(x.lines[0].public), len(x.lines[1].public)
	g := &graph{at: make([][]int32, f+1+d+1)}
	merged := map[[2]int]int32{}
	for cell := range x.p.function {
		if x.out.cells[cell] || x.c.n[cell] == 0 {
			continue
		}
		a, b := int(x.p.function[cell]), f+1+int(x.p.department[cell])
		if !x.lines[0].public[a] {
			a = f
		}
		if !x.lines[1].public[b-f-1] {
			b = f + 1 + d
		}
		if a == f || b == f+1+d {
			if e, there := merged[[2]int{a, b}]; there {
				g.edges[e].cells = append(g.edges[e].cells, int32(cell))
				continue
			}
			merged[[2]int{a, b}] = int32(len(g.edges))
		}
		e := int32(len(g.edges))
		g.edges = append(g.edges, edge{a, b, []int32{int32(cell)}})
		g.at[a], g.at[b] = append(g.at[a], e), append(g.at[b], e)
	}
	return g
}

// bridges returns the edges of which each is the only way between its ends (Tarjan 1974), in the order of the edges.
func (g *graph) bridges() []edge {
	seen, low := make([]int32, len(g.at)), make([]int32, len(g.at))
	bridge := make([]bool, len(g.edges))
	type step struct{ point, via, next int32 }
	clock := int32(0)
	for start := range g.at {
		if seen[start] > 0 {
			continue
		}
		clock++
		seen[start], low[start] = clock, clock
		stack := []step{{int32(start), -1, 0}}
		for len(stack) > 0 {
			top := &stack[len(stack)-1]
			v := top.point
			if int(top.next) < len(g.at[v]) {
				e := g.at[v][top.next]
				top.next++
				if e == top.via {
					continue
				}
				w := int32(g.edges[e].a + g.edges[e].b - int(v))
				if seen[w] > 0 {
					low[v] = min(low[v], seen[w])
					continue
				}
				clock++
				seen[w], low[w] = clock, clock
				stack = append(stack, step{w, e, 0})
				continue
			}
			via := top.via
			stack = stack[:len(stack)-1]
			if via >= 0 {
				u := stack[len(stack)-1].point
				low[u] = min(low[u], low[v])
				bridge[via] = low[v] > seen[u]
			}
		}
	}
	var out []edge
	for e, is := range bridge {
		if is {
			out = append(out, g.edges[e])
		}
	}
	return out
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
