package gap

// graph has a point for each line of functions and of departments, and an edge where two of them cross and hide people. Each
// table (respondents, people in a skill ...) gives every edge a number; published is, of each point, the sum over its edges.
//
// What follows from sums over points is a set of edges that all lead out of a set U of points at ends of one kind (functions, or
// departments): a combination of sums, with the coefficient 1 for lines of that kind in U and -1 for the others in U, leaves these
// edges and takes all others away. (Coefficients beyond these are sums of such sets.) So the fewest people that follow and are in
// an edge are a minimum cut between its ends, in which an edge counts from the one kind to the other, and costs without end the other
// way round.
type graph struct {
	edges  []edge
	at     [][]int32 // edges of each point
	cells  [][]int32 // cells of each point that is one shown line
	point  [2][]int  // of each function and department
	tables [][]int   // by table and edge
}

// edge leads from a point of functions to one of departments.
type edge struct{ a, b int }

func (x *crossing) graph() *graph {
	f, d, families := x.p.functions, x.p.departments, x.p.families
	points := f + families + 1 + d + 1
	g := &graph{at: make([][]int32, points), cells: make([][]int32, points), point: [2][]int{make([]int, f), make([]int, d)}}
	for i := range f {
		family := int(x.p.family[i])
		switch {
		case x.lines[0].shown[i]:
			g.point[0][i] = i
			g.cells[i] = x.lines[0].cells[i]
		case family < len(x.out.families) && x.out.families[family]:
			g.point[0][i] = f + family
		default:
			g.point[0][i] = f + families
		}
	}
	for i := range d {
		g.point[1][i] = points - 1
		if x.lines[1].shown[i] {
			g.point[1][i] = f + families + 1 + i
			g.cells[g.point[1][i]] = x.lines[1].cells[i]
		}
	}
	tables := x.tables()
	g.tables = make([][]int, len(tables))
	index := map[edge]int{}
	for cell := range x.p.function {
		if x.out.cells[cell] || x.c.n[cell] == 0 {
			continue
		}
		e := edge{g.point[0][x.p.function[cell]], g.point[1][x.p.department[cell]]}
		i, there := index[e]
		if !there {
			i = len(g.edges)
			index[e] = i
			g.edges = append(g.edges, e)
			g.at[e.a], g.at[e.b] = append(g.at[e.a], int32(i)), append(g.at[e.b], int32(i))
			for t := range g.tables {
				g.tables[t] = append(g.tables[t], 0)
			}
		}
		for t := range tables {
			g.tables[t][i] += tables[t][cell]
		}
	}
	return g
}

// mostCut is the number of edges up to which every minimum cut is looked at. Beyond it only edges that are the one way between
// their ends are: other small cuts than those, and than single lines, are rare among thousands of hidden cells.
const mostCut = 4000

// breach returns an edge that is among fewer than k people who follow, or nil.
func (g *graph) breach(k int) *edge {
	if len(g.edges) > mostCut {
		for _, i := range g.bridges() {
			for _, n := range g.tables {
				if n[i] > 0 && n[i] < k {
					return &g.edges[i]
				}
			}
		}
		return nil
	}
	c := cutter{g: g, left: make([]int, len(g.edges)), via: make([]int32, len(g.at))}
	for _, n := range g.tables {
		for i := range g.edges {
			if n[i] > 0 && n[i] < k && (c.cut(n, i, k, false) < k || c.cut(n, i, k, true) < k) {
				return &g.edges[i]
			}
		}
	}
	return nil
}

// cutter finds minimum cuts as maximum flows, along shortest ways (Edmonds & Karp 1972).
type cutter struct {
	g     *graph
	left  []int   // capacity of each edge that is left, in the direction that counts
	via   []int32 // edge by which a point was reached, plus 1
	queue []int32
}

// cut returns the smallest cut of an edge, or k when it is at least that. turned counts edges from departments to functions.
func (c *cutter) cut(n []int, i, k int, turned bool) int {
	copy(c.left, n)
	from, to := c.g.edges[i].a, c.g.edges[i].b
	if turned {
		from, to = to, from
	}
	for flow := 0; ; {
		if flow >= k {
			return k
		}
		if !c.reach(int32(from), int32(to), turned) {
			return flow
		}
		most := k - flow
		c.walk(from, to, turned, func(e int32, counts bool) {
			if counts {
				most = min(most, c.left[e])
			}
		})
		c.walk(from, to, turned, func(e int32, counts bool) {
			if counts {
				c.left[e] -= most
			} else {
				c.left[e] += most
			}
		})
		flow += most
	}
}

// other returns the other end of an edge, and whether going there counts.
func (c *cutter) other(e, point int32, turned bool) (int32, bool) {
	x := c.g.edges[e]
	if int32(x.a) == point {
		return int32(x.b), !turned
	}
	return int32(x.a), turned
}

func (c *cutter) reach(from, to int32, turned bool) bool {
	clear(c.via)
	c.queue = append(c.queue[:0], from)
	for len(c.queue) > 0 {
		p := c.queue[0]
		c.queue = c.queue[1:]
		for _, e := range c.g.at[p] {
			q, counts := c.other(e, p, turned)
			if q == from || c.via[q] > 0 || counts && c.left[e] == 0 {
				continue
			}
			c.via[q] = e + 1
			if q == to {
				return true
			}
			c.queue = append(c.queue, q)
		}
	}
	return false
}

// walk goes back along the way that reach found.
func (c *cutter) walk(from, to int, turned bool, visit func(e int32, counts bool)) {
	for p := int32(to); p != int32(from); {
		e := c.via[p] - 1
		q, back := c.other(e, p, turned)
		visit(e, !back)
		p = q
	}
}

// bridges returns the edges of which each is the only way between its ends (Tarjan 1974), in ascending order.
func (g *graph) bridges() []int {
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
	var out []int
	for e, is := range bridge {
		if is {
			out = append(out, e)
		}
	}
	return out
}
