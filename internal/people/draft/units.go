package draft

import (
	"cmp"
	"slices"

	"tekentafel/internal/people/org"
)

// UnitKey returns the form in which the path of a unit, from the top down, is compared, and in which Decisions.Units names it.
func UnitKey(path []string) string { return pathKey(path) }

// paths returns the keys of the paths of units: of all at once, because each hangs on the one above.
func paths(n int, name func(int) string, above func(int) int) []string {
	list, state := make([]string, n), make([]uint8, n)
	var path func(i int) string
	path = func(i int) string {
		switch state[i] {
		case 2:
			return list[i]
		case 1: // a circle
			return foldName(name(i))
		}
		state[i] = 1
		key := foldName(name(i))
		if up := above(i); up >= 0 {
			key = path(up) + joint + key
		}
		list[i], state[i] = key, 2
		return key
	}
	for i := range n {
		path(i)
	}
	return list
}

// resolveUnits finds each unit of the file among those that stand: by code; by what a person decided; by name below the unit that the
// one above it was found to be; by name alone where the file knows no tree and one unit has the name.
func (r *resolver) resolveUnits() {
	d, next := r.d, r.next
	l := &lookup{resolver: r, at: make(map[string]int, len(next.Units)), byCode: map[string]int{}, byChild: map[string]int{}, byName: map[string]int{}, names: map[string]int{}, claimed: map[int]bool{}, codes: map[string]bool{}}
	l.read()
	r.units, r.newUnits = make([]int, len(d.Units)), len(next.Units)
	for i := range d.Units {
		r.units[i] = -1
		if c := d.Units[i].Code; c != "" {
			l.codes[codeKey(c)] = true
			if u, ok := l.byCode[codeKey(c)]; ok {
				l.claim(i, u)
			}
		}
	}
	own := l.decided()
	state := make([]bool, len(d.Units))
	for i := range d.Units {
		l.find(i, state)
	}
	for i := range d.Units {
		if r.units[i] < 0 {
			r.units[i] = len(next.Units)
			next.Units = append(next.Units, org.Unit{ID: r.how.NewID(), Code: d.Units[i].Code, Name: cmp.Or(d.Units[i].Name, d.Units[i].Code)})
		}
	}
	for i := range d.Units {
		r.setUnit(&d.Units[i], &next.Units[r.units[i]], own[i])
	}
}

// lookup finds units that stand.
type lookup struct {
	*resolver
	at      map[string]int // by id
	byCode  map[string]int
	byChild map[string]int // by id of the unit above and name
	byName  map[string]int
	names   map[string]int  // how many go on with a name
	claimed map[int]bool    // units that are found already
	codes   map[string]bool // of the file
}

func childKey(parent, name string) string { return parent + joint + foldName(name) }

func (l *lookup) read() {
	put := func(m map[string]int, key string, i int) {
		units := l.next.Units
		if other, taken := m[key]; !taken || better(units[i].Span, units[i].Code, units[other].Span, units[other].Code) {
			m[key] = i
		}
	}
	for i := range l.next.Units {
		u := &l.next.Units[i]
		l.at[u.ID] = i
		if u.Code != "" {
			put(l.byCode, codeKey(u.Code), i)
		}
		put(l.byChild, childKey(u.Parent, u.Name), i)
		put(l.byName, foldName(u.Name), i)
		if l.open(u.Span) {
			l.names[foldName(u.Name)]++
		}
	}
}

func (l *lookup) claim(i, unit int) {
	l.units[i] = unit
	l.claimed[unit] = true
}

// decided finds units that a person decided to be others, and tells of which the file says what they are: not of one that is
// taken as another that the file has too.
func (l *lookup) decided() (own []bool) {
	own = make([]bool, len(l.d.Units))
	for i := range own {
		own[i] = true
	}
	if len(l.how.Decisions.Units) == 0 {
		return own
	}
	next := l.next
	standing := paths(len(next.Units), func(i int) string { return next.Units[i].Name }, func(i int) int {
		if up, ok := l.at[next.Units[i].Parent]; ok {
			return up
		}
		return -1
	})
	byPath := map[string]int{}
	for i, p := range standing {
		if other, taken := byPath[p]; !taken || better(next.Units[i].Span, next.Units[i].Code, next.Units[other].Span, next.Units[other].Code) {
			byPath[p] = i
		}
	}
	drafted := paths(len(l.d.Units), func(i int) string { return cmp.Or(l.d.Units[i].Name, l.d.Units[i].Code) }, func(i int) int { return l.d.Units[i].Parent })
	for i := range l.d.Units {
		into := follow(l.how.Decisions.Units, drafted[i])
		if l.units[i] >= 0 || into == drafted[i] {
			continue
		}
		u, ok := l.byCode[into]
		if !ok {
			u, ok = byPath[into]
		}
		if ok {
			own[i] = !l.claimed[u] && !slices.Contains(drafted, into)
			l.claim(i, u)
		}
	}
	return own
}

// find finds a unit after the one above it.
func (l *lookup) find(i int, passed []bool) {
	if passed[i] || l.units[i] >= 0 {
		return
	}
	passed[i] = true
	d := &l.d.Units[i]
	u, ok := 0, false
	switch {
	case d.Name == "":
	case !d.Placed:
		if u, ok = l.byName[foldName(d.Name)]; l.names[foldName(d.Name)] > 1 {
			u, ok = l.byChild[childKey("", d.Name)] // at the top, where a file without a tree put it
		}
	case d.Parent < 0:
		u, ok = l.byChild[childKey("", d.Name)]
	default:
		if l.find(d.Parent, passed); l.units[d.Parent] >= 0 {
			u, ok = l.byChild[childKey(l.next.Units[l.units[d.Parent]].ID, d.Name)]
		}
	}
	// A unit that has another code now is the same, unless the old code is still in the file.
	if ok && !l.claimed[u] && (d.Code == "" || !l.codes[codeKey(l.next.Units[u].Code)]) {
		l.claim(i, u)
	}
}

// setUnit takes over what the file says of a unit.
func (r *resolver) setUnit(u *Unit, to *org.Unit, own bool) {
	if !r.open(to.Span) {
		to.To = 0
	}
	if !own {
		return
	}
	to.Code, to.Name, to.Kind = cmp.Or(u.Code, to.Code), cmp.Or(u.Name, to.Name), cmp.Or(u.Kind, to.Kind)
	if !u.Placed {
		return
	}
	to.Parent = ""
	if u.Parent >= 0 {
		if up := r.next.Units[r.units[u.Parent]].ID; up != to.ID {
			to.Parent = up
		}
	}
}
