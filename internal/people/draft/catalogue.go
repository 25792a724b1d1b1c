package draft

import (
	"cmp"
	"slices"
	"strings"

	"tekentafel/internal/people/mapping"
	"tekentafel/internal/people/org"
)

// FunctionKey returns the form in which the name of a function is compared, and in which Decisions.Functions names it.
func FunctionKey(name string) string { return foldName(name) }

// UnitKey returns the form in which the path of a unit, from the top down, is compared, and in which Decisions.Units names it.
func UnitKey(path []string) string { return pathKey(path) }

// resolveFunctions finds each function of the file among those that stand: by code, by what a person decided, by name. What is found nowhere
// is new.
func (r *resolver) resolveFunctions() {
	byCode, byName := map[string]int{}, map[string]int{}
	for i := range r.next.Functions {
		f := &r.next.Functions[i]
		if f.Code != "" {
			byCode[codeKey(f.Code)] = i
		}
		key := foldName(f.Name)
		if other, taken := byName[key]; !taken || better(f.Span, f.Code, r.next.Functions[other].Span, r.next.Functions[other].Code) {
			byName[key] = i
		}
	}
	r.functions = make([]int, len(r.d.Functions))
	claimed, codes := map[int]bool{}, map[string]bool{}
	for i := range r.d.Functions {
		if c := r.d.Functions[i].Code; c != "" {
			codes[codeKey(c)] = true
		}
	}
	for pass := range 3 {
		for i := range r.d.Functions {
			f := &r.d.Functions[i]
			if pass == 0 {
				r.functions[i] = -1
				if at, ok := byCode[codeKey(f.Code)]; ok && f.Code != "" {
					r.functions[i] = at
					claimed[at] = true
				}
				continue
			}
			if r.functions[i] >= 0 {
				continue
			}
			key := foldName(f.Name)
			if pass == 1 {
				if into := follow(r.how.Decisions.Functions, key); into != key {
					if at, ok := byCode[into]; ok {
						r.functions[i] = at
					} else if at, ok := byName[into]; ok {
						r.functions[i] = at
					}
				}
				continue
			}
			if at, ok := byName[key]; ok && f.Name != "" && r.sameFunction(f, at, claimed, codes) {
				r.functions[i] = at
				claimed[at] = true
				continue
			}
			r.functions[i] = r.newFunction(f, follow(r.how.Decisions.Functions, key), byName)
		}
	}
	for i := range r.d.Functions {
		r.setFunction(&r.d.Functions[i], &r.next.Functions[r.functions[i]])
	}
}

// better tells which of two with one name is meant by it: the one that goes on, then one without a code.
func better(a org.Span, codeA string, b org.Span, codeB string) bool {
	if (a.To == 0) != (b.To == 0) {
		return a.To == 0
	}
	return codeA == "" && codeB != ""
}

// sameFunction tells whether a function that has the name of one that stands is that one: unless their codes differ and the file has
// both.
func (r *resolver) sameFunction(f *Function, at int, claimed map[int]bool, codes map[string]bool) bool {
	return f.Code == "" || !claimed[at] && !codes[codeKey(r.next.Functions[at].Code)]
}

// newFunction adds a function, or returns the one that a decision leads to and that this file brought before.
func (r *resolver) newFunction(f *Function, into string, byName map[string]int) int {
	key := foldName(f.Name)
	if into != key {
		if at, ok := byName[into]; ok {
			return at
		}
		for k := range r.d.Functions { // the one that it is taken as is new too
			if other := &r.d.Functions[k]; foldName(other.Name) == into {
				if r.functions[k] < 0 {
					r.functions[k] = r.newFunction(other, into, byName)
				}
				return r.functions[k]
			}
		}
	}
	name := f.Name
	if name == "" {
		name = f.Code
	}
	at := len(r.next.Functions)
	r.next.Functions = append(r.next.Functions, org.Function{ID: r.how.NewID(), Code: f.Code, Name: name})
	if _, taken := byName[key]; !taken && key != "" {
		byName[key] = at
	}
	return at
}

// setFunction takes over what the file says of a function. A function that was decided to be another changes nothing of that one.
func (r *resolver) setFunction(f *Function, to *org.Function) {
	if !r.open(to.Span) {
		to.To = 0
	}
	own := f.Code != "" && codeKey(f.Code) == codeKey(to.Code) || foldName(f.Name) == foldName(to.Name)
	if !own && !(f.Code != "" && to.Code == "") {
		return
	}
	to.Code, to.Name = cmp.Or(f.Code, to.Code), cmp.Or(f.Name, to.Name)
	to.Family, to.ISCO = cmp.Or(f.Family, to.Family), cmp.Or(f.ISCO, to.ISCO)
	to.Level, to.Work = cmp.Or(f.Level, to.Level), cmp.Or(f.Work, to.Work)
}

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

// resolveUnits finds each unit of the file among those that stand: by code, by what a person decided, by path; by name where the
// file knows no tree and one unit alone has the name.
func (r *resolver) resolveUnits() {
	d, next := r.d, r.next
	at := make(map[string]int, len(next.Units))
	for i := range next.Units {
		at[next.Units[i].ID] = i
	}
	standing := paths(len(next.Units), func(i int) string { return next.Units[i].Name }, func(i int) int {
		if up, ok := at[next.Units[i].Parent]; ok {
			return up
		}
		return -1
	})
	byCode, byPath, byName := map[string]int{}, map[string]int{}, map[string]int{}
	put := func(m map[string]int, key string, i int) {
		if other, taken := m[key]; !taken || better(next.Units[i].Span, next.Units[i].Code, next.Units[other].Span, next.Units[other].Code) {
			m[key] = i
		}
	}
	names := map[string]int{} // how many go on with a name
	for i := range next.Units {
		u := &next.Units[i]
		if u.Code != "" {
			byCode[codeKey(u.Code)] = i
		}
		put(byPath, standing[i], i)
		put(byName, foldName(u.Name), i)
		if r.open(u.Span) {
			names[foldName(u.Name)]++
		}
	}
	drafted := paths(len(d.Units), func(i int) string { return cmp.Or(d.Units[i].Name, d.Units[i].Code) }, func(i int) int { return d.Units[i].Parent })
	r.units, r.newUnits = make([]int, len(d.Units)), len(next.Units)
	claimed, codes := make(map[int]bool), make(map[string]bool)
	for i := range d.Units {
		if c := d.Units[i].Code; c != "" {
			codes[codeKey(c)] = true
		}
	}
	claim := func(i, unit int) {
		r.units[i] = unit
		claimed[unit] = true
	}
	for i := range d.Units {
		r.units[i] = -1
		if u, ok := byCode[codeKey(d.Units[i].Code)]; ok && d.Units[i].Code != "" {
			claim(i, u)
		}
	}
	own := make([]bool, len(d.Units)) // the file says what the unit is; not so where a decision leads to another
	for i := range d.Units {
		own[i] = true
		if into := follow(r.how.Decisions.Units, drafted[i]); r.units[i] < 0 && into != drafted[i] {
			u, ok := byCode[into]
			if !ok {
				u, ok = byPath[into]
			}
			if ok {
				own[i] = !claimed[u] && !slices.Contains(drafted, into)
				claim(i, u)
			}
		}
	}
	for i := range d.Units {
		if r.units[i] >= 0 {
			continue
		}
		u, ok := byPath[drafted[i]]
		if !d.Units[i].Placed {
			name := foldName(d.Units[i].Name)
			if u, ok = byName[name]; names[name] > 1 {
				ok = false
				if u, ok = byPath[name]; ok { // at the top, where a file without a tree put it
					ok = next.Units[u].Parent == ""
				}
			}
		}
		if ok && !claimed[u] && (d.Units[i].Code == "" || !codes[codeKey(next.Units[u].Code)]) {
			claim(i, u)
		}
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

// renames finds units that went whose people are for the most part in one new unit.
func (r *resolver) renames() []Rename {
	if !r.how.Complete || r.d.Content != mapping.People || r.newUnits == len(r.next.Units) {
		return nil
	}
	fresh, gone := map[string]int{}, map[string]int{}
	for i := range r.next.Units {
		switch u := &r.next.Units[i]; {
		case i >= r.newUnits:
			fresh[u.ID] = i
		case !r.open(u.Span) && r.open(r.now.Units[i].Span) && u.Code == "":
			gone[u.ID] = i
		}
	}
	if len(gone) == 0 {
		return nil
	}
	type pair struct{ from, into string }
	moved, in := map[pair]int{}, map[string]int{}
	after := mainUnits(r.next, r.how.Day)
	for person, unit := range mainUnits(r.now, r.how.Day) {
		if _, ok := gone[unit]; ok {
			in[unit]++
			if _, ok := fresh[after[person]]; ok {
				moved[pair{unit, after[person]}]++
			}
		}
	}
	index := org.NewIndex(&org.Organisation{Units: r.next.Units})
	before := org.NewIndex(&org.Organisation{Units: r.now.Units})
	var list []Rename
	for p, n := range moved {
		if n >= 3 && n*10 >= in[p.from]*6 {
			list = append(list, Rename{Unit: p.from, Into: p.into, From: UnitKey(before.Path(p.from)), To: UnitKey(index.Path(p.into)), People: in[p.from], Moved: n})
		}
	}
	slices.SortFunc(list, func(a, b Rename) int {
		return cmp.Or(cmp.Compare(b.Moved, a.Moved), strings.Compare(a.From, b.From), strings.Compare(a.To, b.To))
	})
	return list
}

// mainUnits returns the unit of the main post of who is in service.
func mainUnits(o *org.Organisation, day org.Date) map[string]string {
	out := map[string]bool{}
	for i := range o.People {
		if o.People[i].Out {
			out[o.People[i].ID] = true
		}
	}
	m := make(map[string]string, len(o.People))
	for i := range o.Posts {
		if p := &o.Posts[i]; p.Main && p.Unit != "" && !out[p.Person] && (p.To == 0 || p.To > day) {
			m[p.Person] = p.Unit
		}
	}
	return m
}
