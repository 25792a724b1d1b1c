package draft

import (
	"slices"
	"strings"
)

// inKeyOrder returns the people of the file who are new, in the order of their keys, so that ids do not depend on the order of the
// rows.
func (r *resolver) inKeyOrder(teams []team) []int32 {
	var list []int32
	for i := range teams {
		if r.people[i] < 0 && teams[i].into < 0 && !teams[i].left {
			list = append(list, int32(i))
		}
	}
	byKey(list, teams)
	return list
}

// sortedTeams returns all people of the file in the order of their keys.
func (r *resolver) sortedTeams(teams []team) []int32 {
	list := make([]int32, len(teams))
	for i := range list {
		list[i] = int32(i)
	}
	byKey(list, teams)
	return list
}

func byKey(list []int32, teams []team) {
	less := func(a, b int32) int { return strings.Compare(teams[a].key, teams[b].key) }
	if !slices.IsSortedFunc(list, less) {
		slices.SortFunc(list, less)
	}
}

// together brings the rows of two people who are one in the order in which they count, without those that say the same.
func (r *resolver) together(a, b []int32) []int32 {
	rows := slices.Concat(a, b)
	compare := func(x, y int32) int {
		one, two := r.d.Rows[x], r.d.Rows[y]
		one.Staff, two.Staff = "", ""
		return order(&one, &two)
	}
	slices.SortStableFunc(rows, compare)
	return slices.CompactFunc(rows, func(x, y int32) bool { return compare(x, y) == 0 })
}
