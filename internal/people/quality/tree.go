package quality

import "tekentafel/internal/people/org"

// tree is the units that stand on the day, followed by the ones that something points to and that are not there. Parents are as they
// are when each break is mended: what has no way to the top comes right below it.
type tree struct {
	register // people are those in the unit itself
	units    []org.Unit
	parent   []int32 // -1 none
	brk      []int32 // by which unit the way up is broken, -1 not
	why      []Kind  // how it is broken
	dept     []int32
	depth    []int32
	rounds   map[int32][]int32 // units that stand below each other, by the first by id
	top      int32             // -1 none
}

func (t *tree) open(units []org.Unit, day org.Date) {
	t.register = newRegister(len(units))
	for i := range units {
		if units[i].On(day) {
			t.stand(units[i].ID)
			t.units = append(t.units, units[i])
		}
	}
}

// buildTree finds the top, and mends the tree for the sake of counting.
func (r *roll) buildTree() {
	t := &r.tree
	t.parent = make([]int32, t.stands)
	for i := range t.units {
		t.parent[i] = -1
		if p := t.units[i].Parent; p != "" {
			t.parent[i] = t.find(p)
		}
	}
	for len(t.parent) < len(t.ids) {
		t.parent = append(t.parent, -1)
	}
	end := t.ends()
	t.findTop(r.in, end)
	t.mend(r.in, end)
	for i := range r.rows {
		x := &r.rows[i]
		if x.unit < 0 {
			continue
		}
		x.brk = t.brk[x.unit]
		if !t.there(x.unit) {
			x.brk = x.unit
			x.bits |= UnitGone.bit()
		} else if x.brk >= 0 {
			x.bits |= t.why[x.unit].bit()
		}
	}
}

// ends returns where the way up from each unit ends: at a unit without one above, one that is not there, or the first by id of a circle.
func (t *tree) ends() (end []int32) {
	const unseen, passing = -1, -2
	end = make([]int32, len(t.ids))
	for i := range end {
		end[i] = unseen
	}
	t.rounds = map[int32][]int32{}
	var way []int32
	for i := range end {
		way = way[:0]
		u := int32(i)
		for u >= 0 && end[u] == unseen {
			end[u] = passing
			way = append(way, u)
			u = t.parent[u]
		}
		var to int32
		switch {
		case u < 0:
			to = way[len(way)-1]
		case end[u] == passing:
			to = u
			var round []int32
			for k := len(way) - 1; ; k-- {
				round = append(round, way[k])
				if t.ids[way[k]] < t.ids[to] {
					to = way[k]
				}
				if way[k] == u {
					break
				}
			}
			t.rounds[to] = round
		default:
			to = end[u]
		}
		for _, w := range way {
			end[w] = to
		}
	}
	return end
}

// findTop chooses the unit above all departments.
func (t *tree) findTop(in Input, end []int32) {
	t.top = -1
	if in.Forest {
		return
	}
	if in.Top != "" {
		if i, ok := t.index[in.Top]; ok && end[i] == i && t.rounds[i] == nil {
			t.top = i
			return
		}
	}
	sum, all := make([]int64, len(end)), int64(0)
	parents := make([]bool, len(end))
	var roots []int32
	for i := range end {
		sum[end[i]] += int64(t.people[i])
		all += int64(t.people[i])
		if t.parent[i] >= 0 {
			parents[t.parent[i]] = true
		} else if t.there(int32(i)) {
			roots = append(roots, int32(i))
		}
	}
	for i := range sum {
		if sum[i]*2 > all && t.rounds[int32(i)] == nil && (t.there(int32(i)) || parents[i]) {
			t.top = int32(i)
			return
		}
	}
	if len(roots) == 1 {
		t.top = roots[0]
	}
}

// mend gives each unit a way to the top, and says how it was broken.
func (t *tree) mend(in Input, end []int32) {
	n := len(t.ids)
	t.brk, t.why, t.dept, t.depth = make([]int32, n), make([]Kind, n), make([]int32, n), make([]int32, n)
	for i := range n {
		e := end[i]
		t.brk[i] = -1
		switch {
		case e == t.top:
		case t.rounds[e] != nil:
			t.brk[i], t.why[i] = e, UnitCycle
		case !t.there(e):
			t.brk[i], t.why[i] = e, UnitOrphan
		case t.top >= 0:
			t.brk[i], t.why[i] = e, UnitRoots
		}
	}
	for i := range n {
		if e := end[i]; e == int32(i) && e != t.top {
			t.parent[i] = t.top
		}
	}
	for i := range t.dept {
		t.dept[i] = -1
	}
	var way []int32
	for i := range t.dept {
		way = way[:0]
		u := int32(i)
		for ; u >= 0 && t.dept[u] < 0; u = t.parent[u] {
			way = append(way, u)
		}
		for k := len(way) - 1; k >= 0; k-- {
			w, p := way[k], t.parent[way[k]]
			switch {
			case w == t.top:
				t.depth[w] = 0
			case p < 0:
				t.depth[w] = 1
			default:
				t.depth[w] = t.depth[p] + 1
			}
			t.dept[w] = w
			if int(t.depth[w]) > in.Depth {
				t.dept[w] = t.dept[p]
			}
		}
	}
}
