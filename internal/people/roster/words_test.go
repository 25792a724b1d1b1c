package roster

import (
	"testing"

	"tekentafel/internal/instrument"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/quality"
)

func unitOf(id, name, parent string) org.Unit { return org.Unit{ID: id, Name: name, Parent: parent} }

// boardOf is a board with these units and nobody in them.
func boardOf(units ...org.Unit) *board {
	b := &board{day: 20261129, units: units, unit: map[string]int{}, below: map[string][]int{}, loose: map[string]bool{}, function: map[string]int{}, own: map[string]*count{}, all: map[string]*count{}, has: map[string]*count{}}
	b.tree()
	b.counts()
	b.labels()
	return b
}

// TestEveryFaultMendAndConclusionHasItsWords goes by all that an assessment can name.
func TestEveryFaultMendAndConclusionHasItsWords(t *testing.T) {
	t.Parallel()
	p := locale().Printer(instrument.NL)
	for _, d := range quality.Definitions() {
		for _, key := range []string{"check." + slugOf(d.Kind), "severity." + string(d.Severity)} {
			if !p.Has(key) {
				t.Errorf("there is no %s", key)
			}
		}
		if d.Mend == quality.NoMend {
			continue
		}
		for _, key := range []string{"mend." + slug(string(d.Mend)), "gain." + slug(string(d.Mend))} {
			if !p.Has(key) {
				t.Errorf("there is no %s", key)
			}
		}
	}
	for _, c := range quality.Conclusions() {
		for _, key := range []string{"conclusion." + slug(c.Name), "conclusion." + slug(c.Name) + "-text"} {
			if !p.Has(key) {
				t.Errorf("there is no %s", key)
			}
		}
	}
}
