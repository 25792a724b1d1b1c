package mapping

import (
	"tekentafel/internal/contact"
	"tekentafel/internal/people/mapping/value"
	"tekentafel/internal/people/org"
)

// Known is what an organisation knows, by which columns are recognised.
type Known struct {
	numbers, units, unitCodes, functions, functionCodes map[string]bool
}

// NewKnown reads what an organisation knows.
func NewKnown(o *org.Organisation) *Known {
	k := &Known{map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}}
	put := func(m map[string]bool, key string) {
		if key != "" {
			m[key] = true
		}
	}
	for i := range o.People {
		put(k.numbers, contact.Number(o.People[i].Number))
	}
	for i := range o.Units {
		put(k.units, value.Fold(o.Units[i].Name))
		put(k.unitCodes, value.Fold(o.Units[i].Code))
	}
	for i := range o.Functions {
		put(k.functions, value.Fold(o.Functions[i].Name))
		put(k.functionCodes, value.Fold(o.Functions[i].Code))
	}
	return k
}
