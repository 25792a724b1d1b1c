package org

import (
	"cmp"
	"slices"
	"strings"
)

// Sort brings the slices in their order.
func (o *Organisation) Sort() {
	slices.SortFunc(o.Units, func(a, b Unit) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(o.Functions, func(a, b Function) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(o.People, func(a, b Person) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(o.Posts, func(a, b Post) int {
		return cmp.Or(strings.Compare(a.Person, b.Person), boolFirst(a.Main, b.Main), strings.Compare(a.ID, b.ID))
	})
}

func boolFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	default:
		return 1
	}
}

// Index finds things by what points to them. Values are positions in the slices of the organisation that it was made from, which
// may not change meanwhile.
type Index struct {
	*Organisation
	Unit, Function, Person map[string]int // by id
	posts                  map[string]span
	Below                  map[string][]int // units by id of their parent; "" for the roots
}

type span struct{ from, to int }

// NewIndex reads an organisation that is in order (Sort).
func NewIndex(o *Organisation) *Index {
	x := &Index{
		Organisation: o, Unit: make(map[string]int, len(o.Units)), Function: make(map[string]int, len(o.Functions)),
		Person: make(map[string]int, len(o.People)), posts: make(map[string]span, len(o.People)), Below: map[string][]int{},
	}
	for i := range o.Units {
		x.Unit[o.Units[i].ID] = i
	}
	for i := range o.Units {
		x.Below[o.Units[i].Parent] = append(x.Below[o.Units[i].Parent], i)
	}
	for i := range o.Functions {
		x.Function[o.Functions[i].ID] = i
	}
	for i := range o.People {
		x.Person[o.People[i].ID] = i
	}
	for from := 0; from < len(o.Posts); {
		to := from + 1
		for to < len(o.Posts) && o.Posts[to].Person == o.Posts[from].Person {
			to++
		}
		x.posts[o.Posts[from].Person] = span{from, to}
		from = to
	}
	return x
}

// PostsOf returns the posts of a person, the main one first.
func (x *Index) PostsOf(person string) []Post {
	s := x.posts[person]
	return x.Posts[s.from:s.to]
}

// Path returns the names of the units from the root down to a unit. It ends where the tree is broken: at a unit that is not
// there, or that was passed before.
func (x *Index) Path(unit string) []string {
	var names []string
	passed := map[string]bool{}
	for unit != "" && !passed[unit] {
		i, ok := x.Unit[unit]
		if !ok {
			break
		}
		passed[unit] = true
		names = append(names, x.Units[i].Name)
		unit = x.Units[i].Parent
	}
	slices.Reverse(names)
	return names
}
