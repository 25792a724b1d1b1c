package placing

import (
	"cmp"
	"slices"

	"tekentafel/internal/instrument"
	"tekentafel/internal/skills/gap"
	"tekentafel/internal/skills/needs/demand"
)

// Detail is how finely work is told.
type Detail string

// The details.
const (
	ByFunction Detail = "function"
	ByFamily   Detail = "family" // what gap calls functions are families
	Undivided  Detail = ""       // what gap calls functions is one for everybody, of whom it cannot be said what is asked
)

// everyone is the code of the only group where nothing divides people.
const everyone = "all"

// Layout is an organisation as package gap takes it.
type Layout struct {
	Functions, Departments, Families []gap.Group
	Staff                            []gap.Staff // nil where there is no staff list
	Detail                           Detail
	Divided                          bool                       // into departments
	Labels                           map[string]instrument.Text // of functions that are answers, by code
	Places                           map[string]instrument.Text // of departments that are answers, by code
	Rest                             []string                   // codes of departments of which a part stands apart
	// Mixed is the share of the staff of whom their function asks another level than is taken for their group, over the skills.
	Mixed float64

	function, department map[string]int // by answer
	columns              [2]*Column     // that tell function or family, and department
	required             []int8
	skills               int
}

// Lay lays out the organisation of a map of needs, as a reading sees it. A function is in the family that frozen says, by ids and names, and in
// that of the staff list where it says nothing.
func Lay(columns []Column, r *Reading, m *demand.Map, frozen map[string]string) *Layout {
	l := &Layout{function: map[string]int{}, department: map[string]int{}, Labels: map[string]instrument.Text{}, Places: map[string]instrument.Text{}, skills: len(m.Framework.Skills)}
	staffed := len(m.Org.Tallies) > 0
	inGroup, inFamily := map[string]int{}, l.work(columns, r, m, frozen, staffed)
	t := newTree(m.Org.Units)
	unitOf := l.places(columns, r, t, staffed)
	if !staffed {
		return l
	}
	switch l.Detail {
	case ByFunction:
		for i, f := range l.Functions {
			inGroup[f.Code] = i
		}
	case ByFamily:
		for i := range m.Org.Functions {
			if at, there := inFamily[m.Org.Functions[i].Family]; there {
				inGroup[m.Org.Functions[i].ID] = at
			}
		}
	case Undivided:
		for i := range m.Org.Functions {
			inGroup[m.Org.Functions[i].ID] = 0
		}
	}
	l.count(m, inGroup, unitOf, t)
	return l
}

// work makes the groups of work, and returns in which group the people of a family are.
func (l *Layout) work(columns []Column, r *Reading, m *demand.Map, frozen map[string]string, staffed bool) map[string]int {
	inFamily := map[string]int{}
	if c := Find(columns, r.Function.Column); c != nil {
		l.Detail, l.columns[0] = ByFunction, c
		if !staffed {
			l.answers(&l.Functions, l.function, l.Labels, c, &r.Function)
			return inFamily
		}
		at := l.catalogue(withGone(m.Org, c, r.Function.Pairs), frozen)
		for answer, id := range r.Function.Pairs {
			if i, there := at[id]; there {
				l.function[answer] = i
			}
		}
		if len(l.Functions) > 0 {
			return inFamily
		}
	}
	if c := Find(columns, r.Family.Column); c != nil {
		l.Detail, l.columns[0] = ByFamily, c
		for i := range c.Answers {
			a := &c.Answers[i]
			if !told(a.ID, r.Family.Pairs, staffed) {
				continue
			}
			l.function[a.ID] = len(l.Functions)
			l.Labels[a.ID] = a.Label
			l.Functions = append(l.Functions, gap.Group{Code: a.ID, Name: a.Label.In(instrument.NL), Family: -1})
		}
		for family, answer := range r.Family.Pairs {
			if i, there := l.function[answer]; there {
				inFamily[family] = i
			}
		}
		if len(l.Functions) > 0 {
			return inFamily
		}
	}
	l.Detail, l.columns[0], l.Functions = Undivided, nil, []gap.Group{{Code: everyone, Family: -1}}
	return inFamily
}

// withGone lists the functions of an organisation, and those that answers stand for and that are not there any more: their respondents stay
// where they were.
func withGone(o *demand.Organisation, c *Column, pairs map[string]string) []demand.Function {
	list := slices.Clone(o.Functions)
	for i := range c.Answers {
		id := pairs[c.Answers[i].ID]
		if id != "" && !slices.ContainsFunc(list, func(f demand.Function) bool { return f.ID == id }) {
			list = append(list, demand.Function{ID: id, Name: c.Answers[i].Label.In(instrument.NL)})
		}
	}
	return list
}

// catalogue makes the functions and their families, and returns where each function is.
func (l *Layout) catalogue(list []demand.Function, frozen map[string]string) map[string]int {
	of := func(f *demand.Function) string {
		if name, said := frozen[f.ID]; said {
			return name
		}
		return f.Family
	}
	var fams []string
	for i := range list {
		if name := of(&list[i]); name != "" {
			fams = append(fams, name)
		}
	}
	slices.Sort(fams)
	fams = slices.Compact(fams)
	for _, f := range fams {
		l.Families = append(l.Families, gap.Group{Code: f, Name: f})
	}
	at := map[string]int{}
	for i := range list {
		f := &list[i]
		at[f.ID] = len(l.Functions)
		family := -1
		if k, there := slices.BinarySearch(fams, of(f)); there {
			family = k
		}
		l.Functions = append(l.Functions, gap.Group{Code: f.ID, Name: f.Name, Family: family})
	}
	return at
}

// told tells whether somebody of the staff list would give an answer.
func told(answer string, pairs map[string]string, staffed bool) bool {
	if !staffed {
		return true
	}
	for _, a := range pairs {
		if a == answer {
			return true
		}
	}
	return false
}

// answers makes a group of each answer, where there is no staff list.
func (l *Layout) answers(groups *[]gap.Group, at map[string]int, labels map[string]instrument.Text, c *Column, axis *Axis) {
	for i := range c.Answers {
		a := &c.Answers[i]
		code := axis.Pairs[a.ID]
		if code == "" {
			continue
		}
		if k := slices.IndexFunc(*groups, func(g gap.Group) bool { return g.Code == code }); k >= 0 {
			at[a.ID] = k
			continue
		}
		at[a.ID] = len(*groups)
		labels[code] = a.Label
		*groups = append(*groups, gap.Group{Code: code, Name: a.Label.In(instrument.NL), Family: -1})
	}
}

// places makes the departments, and returns in which one each unit is, -1 for none. A unit that an answer stands for is one, with all below it
// that no other answer stands for; and so is a unit right below the top in which nobody answered for itself.
func (l *Layout) places(columns []Column, r *Reading, t *tree, staffed bool) []int {
	of := make([]int, len(t.units))
	c := Find(columns, r.Department.Column)
	l.columns[1] = c
	if c != nil && !staffed {
		l.answers(&l.Departments, l.department, l.Places, c, &r.Department)
	}
	if c == nil || !staffed || len(t.units) == 0 {
		if len(l.Departments) == 0 {
			l.columns[1], l.Departments = nil, []gap.Group{{Code: everyone, Family: -1}}
		} else {
			l.Divided = true
		}
		return of
	}
	l.Divided = true
	own := map[int]int{} // department by unit
	open := func(unit int) int {
		d, there := own[unit]
		if !there {
			d = len(l.Departments)
			own[unit] = d
			l.Departments = append(l.Departments, gap.Group{Code: t.units[unit].ID, Name: t.units[unit].Name, Family: -1})
		}
		return d
	}
	for i := range t.units { // in the order of the units, so that the same list gives the same departments
		id := t.units[i].ID
		for k := range c.Answers {
			if r.Department.Pairs[c.Answers[k].ID] == id {
				l.department[c.Answers[k].ID] = open(i)
			}
		}
	}
	l.gone(c, &r.Department, t)
	meant := make(map[int]bool, len(own))
	for unit := range own {
		meant[unit] = true
	}
	for i := range t.units {
		at := i
		for at >= 0 && !meant[at] {
			at = t.parent[at]
		}
		switch {
		case at >= 0:
			of[i] = own[at]
		default:
			if of[i] = -1; t.department(i) >= 0 {
				of[i] = open(t.department(i))
			}
		}
	}
	l.rest(t, own, of)
	return of
}

// gone makes a department of each unit that an answer stands for and that is not there any more: its respondents stay where they were.
func (l *Layout) gone(c *Column, axis *Axis, t *tree) {
	at := map[string]int{}
	for i := range c.Answers {
		a := &c.Answers[i]
		id := axis.Pairs[a.ID]
		if _, stands := t.at[id]; stands || id == "" {
			continue
		}
		d, there := at[id]
		if !there {
			d = len(l.Departments)
			at[id] = d
			l.Departments = append(l.Departments, gap.Group{Code: id, Name: a.Label.In(instrument.NL), Family: -1})
		}
		l.department[a.ID] = d
	}
}

// rest notes the departments below which another stands apart.
func (l *Layout) rest(t *tree, own map[int]int, of []int) {
	for unit, d := range own {
		for above := t.parent[unit]; above >= 0; above = t.parent[above] {
			if of[above] >= 0 && of[above] != d {
				if code := l.Departments[of[above]].Code; !slices.Contains(l.Rest, code) {
					l.Rest = append(l.Rest, code)
				}
				break
			}
		}
	}
	slices.Sort(l.Rest)
}

// asked counts of how many people which levels are asked, by skill.
type asked struct {
	people int
	levels [][5]int
}

func (a *asked) add(levels []uint8, n int) {
	a.people += n
	for s := range a.levels {
		a.levels[s][min(levels[s], 4)] += n
	}
}

// middle is the level that is asked of the person in the middle.
func (a *asked) middle(skill int) int8 {
	n := 0
	for level, people := range a.levels[skill] {
		if n += people; 2*n >= a.people {
			return int8(level) //nolint:gosec // at most 4
		}
	}
	return 0
}

// count counts the staff, and says what is asked in each group: of most, where functions in it differ.
func (l *Layout) count(m *demand.Map, inGroup map[string]int, unitOf []int, t *tree) {
	grid := m.Grid()
	width := len(l.Departments) + 1
	cells, groups := map[int]*asked{}, make([]*asked, len(l.Functions))
	at := func(to *asked) *asked {
		if to == nil {
			to = &asked{levels: make([][5]int, l.skills)}
		}
		return to
	}
	staff := map[[2]int]int{}
	for _, x := range m.Org.Tallies {
		f, d := -1, -1
		if i, there := inGroup[x.Function]; there {
			f = i
		}
		if u, there := t.at[x.Unit]; there && l.Divided {
			d = unitOf[u]
		} else if !l.Divided {
			d = 0
		}
		if l.Detail == Undivided {
			f = 0 // also who has no function: nothing divides by it
		}
		staff[[2]int{f, d}] += x.People
		levels, known := grid.Find(x.Function, x.Unit)
		if f < 0 || !known {
			continue
		}
		groups[f] = at(groups[f])
		groups[f].add(levels, x.People)
		key := f*width + d
		if d < 0 {
			continue
		}
		cells[key] = at(cells[key])
		cells[key].add(levels, x.People)
	}
	for k, n := range staff {
		l.Staff = append(l.Staff, gap.Staff{Function: k[0], Department: k[1], N: n})
	}
	slices.SortFunc(l.Staff, func(a, b gap.Staff) int {
		return cmp.Or(cmp.Compare(a.Function, b.Function), cmp.Compare(a.Department, b.Department))
	})
	if len(l.Staff) == 0 {
		l.Staff = []gap.Staff{}
	}
	if l.Detail != Undivided {
		l.require(grid, groups, cells, width)
	}
}

// require fills in what is asked: in a cell with staff of its middle person; where there is none, what the function asks in the department, or
// the family of its middle person.
func (l *Layout) require(grid *demand.Grid, groups []*asked, cells map[int]*asked, width int) {
	l.required = make([]int8, len(l.Functions)*width*l.skills)
	other, people := 0, 0
	for f := range l.Functions {
		for d := range width {
			to := l.required[(f*width+d)*l.skills:][:l.skills]
			cell := cells[f*width+d]
			if d == width-1 {
				cell = nil
			}
			switch {
			case cell != nil:
				for s := range to {
					to[s] = cell.middle(s)
					other += cell.people - cell.levels[s][to[s]]
				}
				people += cell.people
			case l.Detail == ByFunction:
				unit := ""
				if d < width-1 && l.Divided {
					unit = l.Departments[d].Code
				}
				if levels, known := grid.Find(l.Functions[f].Code, unit); known {
					for s := range to {
						to[s] = int8(min(levels[s], 4)) //nolint:gosec // at most 4
					}
				}
			case groups[f] != nil:
				for s := range to {
					to[s] = groups[f].middle(s)
				}
			}
		}
	}
	if people > 0 && l.skills > 0 {
		l.Mixed = float64(other) / float64(people*l.skills)
	}
}

// Required is gap.Input.Required.
func (l *Layout) Required(f, d int) []int8 {
	width := len(l.Departments) + 1
	if f < 0 || l.required == nil {
		return nil
	}
	if d < 0 {
		d = width - 1
	}
	return l.required[(f*width+d)*l.skills:][:l.skills]
}

// Place returns where each respondent is, as positions in Functions and Departments; -1 for unknown.
func (l *Layout) Place(a *instrument.Answers) (function, department []int32) {
	return place(a, l.columns[0], l.function), place(a, l.columns[1], l.department)
}

func place(a *instrument.Answers, c *Column, at map[string]int) []int32 {
	if c == nil {
		return make([]int32, a.N) // all in the only group
	}
	to := make([]int32, len(c.Answers))
	for i := range to {
		to[i] = -1
		if k, there := at[c.Answers[i].ID]; there {
			to[i] = int32(k) //nolint:gosec // a group
		}
	}
	out := c.Given(a)
	for i, x := range out {
		if x >= 0 {
			out[i] = to[x]
		}
	}
	return out
}
