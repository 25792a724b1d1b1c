package store

import (
	"maps"
	"slices"

	"tekentafel/internal/people/org"
)

// organisation returns rows of one kind as a set of rows of every kind.
func organisation[T Row](rows []T) *org.Organisation {
	o := &org.Organisation{}
	switch list := any(rows).(type) {
	case []org.Unit:
		o.Units = list
	case []org.Function:
		o.Functions = list
	case []org.Person:
		o.People = list
	case []org.Post:
		o.Posts = list
	}
	return o
}

func sortedKeys(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }
