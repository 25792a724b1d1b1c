package quality

import "slices"

// totals returns the people of each unit and all below it.
func (t *tree) totals() []int32 {
	total := append([]int32(nil), t.people...)
	deepest := int32(0)
	for _, d := range t.depth {
		deepest = max(deepest, d)
	}
	level := make([][]int32, deepest+1)
	for i, d := range t.depth {
		level[d] = append(level[d], int32(i))
	}
	for d := deepest; d > 0; d-- {
		for _, i := range level[d] {
			if p := t.parent[i]; p >= 0 {
				total[p] += total[i]
			}
		}
	}
	return total
}

// units counts what is wrong with units. It comes last: filling in where people are does not move what is counted here.
func (r *roll) units() {
	t := &r.tree
	total := t.totals()
	roots := 0
	for i := range t.units {
		if t.units[i].Parent == "" {
			roots++
		}
	}
	for i, id := range t.ids {
		i := int32(i)
		n := int(total[i])
		if !t.there(i) {
			if t.people[i] > 0 {
				r.hit(UnitGone, int(t.people[i]), id)
			}
			continue
		}
		switch p := t.units[i].Parent; {
		case p == "":
			if roots > 1 && i != t.top {
				r.hit(UnitRoots, n, id)
			}
		case !t.there(t.index[p]):
			r.hit(UnitOrphan, n, id)
		case t.rounds[i] != nil:
			var with []string
			for _, u := range t.rounds[i] {
				if u != i {
					with = append(with, t.ids[u])
				}
			}
			slices.Sort(with)
			r.hit(UnitCycle, n, id, with...)
		}
		switch n {
		case 0:
			r.hit(UnitEmpty, 0, id)
		case 1:
			r.hit(UnitSingle, 1, id)
		}
	}
}
