package limits

import (
	"cmp"
	"slices"
)

// group is a unit, or the whole organisation, with how many people stand in it and how many of those used a model in a period.
type group struct {
	id     string // "" for the organisation
	people int
	users  int
}

// readable decides of which groups a figure may be shown, so that no figure of fewer than k people who used a model can be worked out of what is shown by subtraction.
// above returns the groups around a group, the nearest first, the organisation ("") last; groups of units lie within each other or apart. Larger groups go first.
//
// What follows from what is shown are sums over pieces: a shown group without the shown groups inside it. Each piece has nobody at all, or at least k who used a model.
func readable(groups []group, above func(id string) []string, k int) map[string]bool {
	slices.SortFunc(groups, func(a, b group) int {
		return cmp.Or(cmp.Compare(b.people, a.people), cmp.Compare(len(above(a.id)), len(above(b.id))), cmp.Compare(a.id, b.id))
	})
	shown := map[string]bool{}
	for i := range groups {
		shown[groups[i].id] = true
		if !safe(groups, shown, above, k) {
			delete(shown, groups[i].id)
		}
	}
	return shown
}

// safe tells whether each piece is large enough, or empty.
func safe(groups []group, shown map[string]bool, above func(id string) []string, k int) bool {
	pieces := map[string]group{}
	for _, g := range groups {
		if !shown[g.id] {
			continue
		}
		add(pieces, g.id, g.people, g.users)
		for _, around := range above(g.id) {
			if shown[around] {
				add(pieces, around, -g.people, -g.users) // only from the nearest: the next has lost it with that one
				break
			}
		}
	}
	for _, p := range pieces {
		if empty := p.people <= 0 && p.users <= 0; !empty && p.users < k {
			return false
		}
	}
	return true
}

func add(pieces map[string]group, id string, people, users int) {
	p := pieces[id]
	p.people += people
	p.users += users
	pieces[id] = p
}
