package draft

import (
	"cmp"
	"slices"
	"strings"

	"tekentafel/internal/people/mapping"
)

// doubts collects doubts by kind and column.
type doubts struct {
	list []Doubt
	at   map[doubtKey]int
}

type doubtKey struct {
	kind   Kind
	field  mapping.Field
	column int
}

func (d *doubts) add(kind Kind, f mapping.Field, column int, c Cell) {
	key := doubtKey{kind, f, column}
	i, ok := d.at[key]
	if !ok {
		if d.at == nil {
			d.at = map[doubtKey]int{}
		}
		i = len(d.list)
		d.at[key] = i
		d.list = append(d.list, Doubt{Kind: kind, Field: f, Column: column})
	}
	x := &d.list[i]
	x.Count++
	if len(x.First) < Shown {
		c.Value, c.Other = short(c.Value), short(c.Other)
		x.First = append(x.First, c)
	}
}

// done returns the doubts in an order of their own.
func (d *doubts) done() []Doubt {
	slices.SortFunc(d.list, func(a, b Doubt) int {
		return cmp.Or(cmp.Compare(a.Column, b.Column), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Field, b.Field))
	})
	return d.list
}

// short returns a copy of a text that is cut after 60 characters.
func short(s string) string {
	n := 0
	for i := range s {
		if n++; n > 60 {
			return strings.Clone(s[:i]) + "…"
		}
	}
	return strings.Clone(s)
}
