package insight

import (
	"cmp"
	"slices"
)

// Which sets of people follow from numbers by department and by family, when both are shown?
//
// Take departments and families as nodes, and the people of a department in a family as an edge between them. Every number that is shown is the sum of the
// edges at a node; hidden departments are one node together, for their sum follows from the total, and so are hidden families. What follows by adding and
// subtracting is then: the edges between a set A of departments and all families but B, where all of B's edges lead to A. The smallest such set that
// holds an edge from a to b is the smallest cut of a directed graph, in which an edge leads from a department to a family with its people as capacity, and
// back without a bound. Package disclosure takes differences of two groups; this takes those of any number.

// edge is the people of a department in a family, or of those that are hidden.
type edge struct{ from, to, people int }

// arc is an arc of the graph of flows, with the arc back beside it (its number with the last bit turned).
type arc struct{ to, room int }

const boundless = 1 << 40

// cut looks for a set of 1 to k-1 people that follows, and returns its edges; none when there is none.
func cut(nodes int, edges []edge, k int) []edge {
	for _, e := range edges {
		if e.people >= k {
			continue // it lies in no such set
		}
		arcs, at := make([]arc, 0, 4*len(edges)), make([][]int, nodes)
		add := func(from, to, room int) {
			at[from], at[to] = append(at[from], len(arcs)), append(at[to], len(arcs)+1)
			arcs = append(arcs, arc{to, room}, arc{from, 0})
		}
		for _, x := range edges {
			add(x.from, x.to, x.people)
			add(x.to, x.from, boundless)
		}
		flow := 0
		for flow < k {
			more, reached := push(arcs, at, e.from, e.to)
			if more == 0 {
				var out []edge
				for _, x := range edges {
					if reached[x.from] && !reached[x.to] {
						out = append(out, x)
					}
				}
				return out
			}
			flow += more
		}
	}
	return nil
}

// push sends as much as fits along the shortest way, and returns how much, with the nodes that can be reached when nothing fits.
func push(arcs []arc, at [][]int, from, to int) (int, []bool) {
	by, reached := make([]int, len(at)), make([]bool, len(at))
	queue := []int{from}
	reached[from] = true
	for len(queue) > 0 && !reached[to] {
		n := queue[0]
		queue = queue[1:]
		for _, a := range at[n] {
			if next := arcs[a].to; arcs[a].room > 0 && !reached[next] {
				reached[next], by[next] = true, a
				queue = append(queue, next)
			}
		}
	}
	if !reached[to] {
		return 0, reached
	}
	most := boundless
	for n := to; n != from; n = arcs[by[n]^1].to {
		most = min(most, arcs[by[n]].room)
	}
	for n := to; n != from; n = arcs[by[n]^1].to {
		arcs[by[n]].room -= most
		arcs[by[n]^1].room += most
	}
	return most, reached
}

// settle hides groups until no set of 1 to k-1 people follows. counts are people by department and family; hidden tells by grouping and group. Each time it
// hides the group with the fewest people of those that the set touches.
func settle(counts [][]int, hidden [2][]bool, k int) {
	departments, families := len(hidden[0]), len(hidden[1])
	node := func(grouping, i int) int { // the last two nodes are those that are hidden
		switch {
		case hidden[grouping][i]:
			return departments + families + grouping
		case grouping == 1:
			return departments + i
		}
		return i
	}
	for {
		sums, size := map[[2]int]int{}, make([]int, departments+families+2)
		for i := range departments {
			for j := range families {
				if n := counts[i][j]; n > 0 {
					a, b := node(0, i), node(1, j)
					sums[[2]int{a, b}] += n
					size[a] += n
					size[b] += n
				}
			}
		}
		edges := make([]edge, 0, len(sums))
		for ends, n := range sums {
			edges = append(edges, edge{ends[0], ends[1], n})
		}
		slices.SortFunc(edges, func(a, b edge) int { return cmp.Or(a.from-b.from, a.to-b.to) })
		found := cut(len(size), edges, k)
		if len(found) == 0 {
			return
		}
		least := -1
		try := func(n int) {
			if n < departments+families && size[n] > 0 && (least < 0 || size[n] < size[least]) {
				least = n
			}
		}
		for _, e := range found {
			try(e.from)
			try(e.to)
		}
		if least < 0 { // all of it is hidden already: something must be hidden beside it
			for n := range departments + families {
				try(n)
			}
		}
		if least < 0 {
			return // everything is hidden
		}
		if least < departments {
			hidden[0][least] = true
		} else {
			hidden[1][least-departments] = true
		}
	}
}
