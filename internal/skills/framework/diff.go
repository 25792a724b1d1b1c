package framework

import (
	"reflect"
	"strings"
)

// DifferenceKind says how two versions differ in one place.
type DifferenceKind string

// The kinds of differences.
const (
	Added   DifferenceKind = "added"
	Removed DifferenceKind = "removed"
	Changed DifferenceKind = "changed"
)

// Difference is one place in which two versions of a framework differ.
type Difference struct {
	Key    string         `json:"key"` // such as skills.critical.levels.basis.summary.fr
	Kind   DifferenceKind `json:"kind"`
	Before string         `json:"before,omitempty"`
	After  string         `json:"after,omitempty"`
}

// Diff returns where b differs from a, in the order of b, what b no longer has at the end. What stands in another order only
// does not differ.
func Diff(a, b *Framework) []Difference {
	before, keys := leaves(a)
	after, order := leaves(b)
	var out []Difference
	for _, k := range order {
		old, had := before[k]
		switch {
		case !had:
			out = append(out, Difference{Key: k, Kind: Added, After: after[k]})
		case old != after[k]:
			out = append(out, Difference{Key: k, Kind: Changed, Before: old, After: after[k]})
		}
	}
	for _, k := range keys {
		if _, has := after[k]; !has {
			out = append(out, Difference{Key: k, Kind: Removed, Before: before[k]})
		}
	}
	return out
}

// leaves returns everything that a framework says, by key, and the keys in order. What is empty says nothing.
func leaves(f *Framework) (values map[string]string, order []string) {
	values = map[string]string{}
	put := func(key, value string) {
		if _, twice := values[key]; value == "" || twice {
			return
		}
		values[key] = value
		order = append(order, key)
	}
	walk(reflect.ValueOf(f), "", func(key string, v reflect.Value) {
		switch value := v.Interface().(type) {
		case Text:
			for _, l := range Languages() {
				put(key+"."+string(l), value[l])
			}
		case []string:
			put(key, strings.Join(value, ", "))
		default:
			put(key, plainly(v))
		}
	})
	return values, order
}
