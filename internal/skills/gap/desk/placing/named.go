package placing

import (
	"strconv"

	"tekentafel/internal/people/mapping/value"
	"tekentafel/internal/skills/needs/demand"
)

// Named is a unit or a function by a name that no other of its list has.
type Named struct{ ID, Name string }

// Units lists the units by names that differ: with the one above where they must.
func Units(o *demand.Organisation) []Named {
	t := newTree(o.Units)
	return apart(len(o.Units), func(i int) (id, name, more string) {
		u := &o.Units[i]
		if p := t.parent[i]; p >= 0 {
			more = t.units[p].Name
		}
		return u.ID, u.Name, more
	})
}

// Functions lists the functions by names that differ: with their code where they must.
func Functions(o *demand.Organisation) []Named {
	return apart(len(o.Functions), func(i int) (id, name, more string) {
		f := &o.Functions[i]
		return f.ID, f.Name, f.Code
	})
}

// Families lists the families of functions by name.
func Families(o *demand.Organisation) []string { return families(o) }

func apart(n int, of func(i int) (id, name, more string)) []Named {
	count := map[string]int{}
	for i := range n {
		_, name, _ := of(i)
		count[value.Fold(name)]++
	}
	taken := map[string]bool{}
	out := make([]Named, n)
	for i := range n {
		id, name, more := of(i)
		if count[value.Fold(name)] > 1 && more != "" {
			name += " (" + more + ")"
		}
		base := name
		for k := 2; taken[value.Fold(name)]; k++ {
			name = base + " " + strconv.Itoa(k)
		}
		taken[value.Fold(name)] = true
		out[i] = Named{id, name}
	}
	return out
}

// NameOf is the name of the one with an id; "" for none.
func NameOf(list []Named, id string) string {
	for i := range list {
		if list[i].ID == id {
			return list[i].Name
		}
	}
	return ""
}
