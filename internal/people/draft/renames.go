package draft

import (
	"cmp"
	"slices"
	"strings"

	"tekentafel/internal/people/mapping"
	"tekentafel/internal/people/org"
)

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
		into := after[person]
		for range mapping.MaxLevels { // a unit above that has a new name too
			old, ok := gone[unit]
			if !ok {
				break
			}
			in[unit]++
			now, isNew := fresh[into]
			if !isNew {
				into = ""
			} else {
				moved[pair{unit, into}]++
				into = r.next.Units[now].Parent
			}
			unit = r.now.Units[old].Parent
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
