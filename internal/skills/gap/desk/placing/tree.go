package placing

import "tekentafel/internal/skills/needs/demand"

// tree is the units of an organisation.
type tree struct {
	units  []demand.Unit
	at     map[string]int
	parent []int // -1 at the top, and in a circle
	depth  []int
	root   int // the only unit at the top that has units below it; -1 where there are several
}

func newTree(units []demand.Unit) *tree {
	t := &tree{units: units, at: make(map[string]int, len(units)), parent: make([]int, len(units)), depth: make([]int, len(units)), root: -1}
	for i := range units {
		t.at[units[i].ID] = i
	}
	below := make([]int, len(units))
	for i := range units {
		t.parent[i] = -1
		if p, stands := t.at[units[i].Parent]; stands && p != i {
			t.parent[i] = p
		}
	}
	for i := range units { // a circle is cut where one comes back
		for at, steps := t.parent[i], 0; at >= 0; at, steps = t.parent[at], steps+1 {
			if at == i || steps > len(units) {
				t.parent[i] = -1
				break
			}
		}
	}
	tops := 0
	for i := range units {
		for at := t.parent[i]; at >= 0; at = t.parent[at] {
			t.depth[i]++
		}
		if p := t.parent[i]; p >= 0 {
			below[p]++
		}
	}
	for i := range units {
		if t.parent[i] < 0 && below[i] > 0 {
			t.root = i
			tops++
		}
	}
	if tops != 1 {
		t.root = -1
	}
	return t
}

// department returns the unit right below the top that holds a unit: below the only top, else a top. -1 for the top itself.
func (t *tree) department(unit int) int {
	for unit >= 0 && unit != t.root && t.parent[unit] >= 0 && t.parent[unit] != t.root {
		unit = t.parent[unit]
	}
	if unit == t.root {
		return -1
	}
	return unit
}

func (t *tree) targets() []target {
	out := make([]target, len(t.units))
	for i := range t.units {
		u := &t.units[i]
		out[i] = target{id: u.ID, depth: t.depth[i], names: []string{u.ID, u.Code, u.Name}}
		if u.Code != "" {
			out[i].names = append(out[i].names, u.Name+" ("+u.Code+")")
		}
		if p := t.parent[i]; p >= 0 {
			out[i].names = append(out[i].names, u.Name+" ("+t.units[p].Name+")")
		}
	}
	return out
}
