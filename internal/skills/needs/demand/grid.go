package demand

import (
	"slices"

	"tekentafel/internal/skills/framework"
)

// Grid is the levels that functions ask in units, of people without a role.
type Grid struct {
	Functions []string // ids, in the order of Map.Rows
	Units     []string // ids; the first is "", for who is in no unit
	Skills    []string
	levels    []uint8 // by unit, function and skill
	function  map[string]int
	unit      map[string]int
}

// Levels returns the levels of the skills that the function of number f asks in the unit of number u: positions in Functions and Units.
// The slice is part of the grid.
func (g *Grid) Levels(f, u int) []uint8 {
	n := len(g.Skills)
	at := (u*len(g.Functions) + f) * n
	return g.levels[at : at+n : at+n]
}

// Find returns the levels by ids; a unit that is not known counts as none. ok is false when the function is not known.
func (g *Grid) Find(function, unit string) (levels []uint8, ok bool) {
	f, ok := g.function[function]
	if !ok {
		return nil, false
	}
	return g.Levels(f, g.unit[unit]), true
}

// Grid returns the levels of every function in every unit. It is computed once.
func (m *Map) Grid() *Grid { return m.grid() }

// rule is an override by position, for the grid.
type rule struct {
	skill  int
	level  uint8
	family string
	row    int // of a function; -1 for none
}

// makeGrid goes down the units: each has the levels of its functions without any unit, over which what is set for it and for those
// around it is laid, from the least to the most specific, and within that from the outermost unit to the own one. That is the order
// of framework.Overrides; a test holds the two together.
func (m *Map) makeGrid() *Grid {
	g := &Grid{Functions: make([]string, len(m.Rows)), Units: make([]string, 1, len(m.Org.Units)+1), function: map[string]int{}, unit: map[string]int{}}
	for _, s := range m.Framework.Skills {
		g.Skills = append(g.Skills, s.ID)
	}
	n, width := len(g.Skills), len(g.Skills)*len(m.Rows)
	base := make([]uint8, 0, width)
	for i := range m.Rows {
		g.Functions[i], g.function[m.Rows[i].ID] = m.Rows[i].ID, i
		for _, need := range m.Rows[i].Needs {
			base = append(base, uint8(need.Level)) //nolint:gosec // a level is 1 to 4
		}
	}
	rows := map[string][]int{}
	for i := range m.Families {
		rows[m.Families[i].Name] = m.Families[i].Rows
	}
	laid := m.laid()
	g.levels = make([]uint8, 0, width*(len(m.Org.Units)+1))
	g.levels = append(g.levels, base...)
	for i := range m.Org.Units {
		id := m.Org.Units[i].ID
		g.unit[id] = len(g.Units)
		g.Units = append(g.Units, id)
		from := len(g.levels)
		g.levels = append(g.levels, base...)
		own := g.levels[from:]
		path := m.Path(id)
		slices.Reverse(path)
		for _, weight := range laid {
			for _, unit := range path {
				for _, r := range weight[unit] {
					lay(own, n, r, rows)
				}
			}
		}
	}
	return g
}

// laid returns what is set for units, by unit, from the least to the most specific: the unit alone, with a family, with a function,
// with both.
func (m *Map) laid() [4]map[string][]rule {
	var out [4]map[string][]rule
	for i := range out {
		out[i] = map[string][]rule{}
	}
	for _, w := range m.State.All(Level) {
		if w.Department == "" || w.Role != "" || len(w.Value.Value) != 1 || w.Value.Value[0] < '1' || w.Value.Value[0] > '0'+framework.MostLevels {
			continue
		}
		r := rule{level: w.Value.Value[0] - '0', family: w.Family, row: -1}
		r.skill = slices.IndexFunc(m.Framework.Skills, func(s framework.Skill) bool { return s.ID == w.Item })
		if r.skill < 0 {
			continue
		}
		weight := 0
		if w.Family != "" {
			weight |= 1
		}
		if w.Function != "" {
			weight |= 2
			row, known := m.row[w.Function]
			if !known || w.Family != "" && m.Rows[row].Family != w.Family {
				continue
			}
			r.row = row
		}
		out[weight][w.Department] = append(out[weight][w.Department], r)
	}
	return out
}

// lay puts a level over those of a unit.
func lay(own []uint8, skills int, r rule, families map[string][]int) {
	switch {
	case r.row >= 0:
		own[r.row*skills+r.skill] = r.level
	case r.family != "":
		for _, i := range families[r.family] {
			own[i*skills+r.skill] = r.level
		}
	default:
		for at := r.skill; at < len(own); at += skills {
			own[at] = r.level
		}
	}
}
