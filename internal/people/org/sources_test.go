package org

import (
	"testing"

	"pgregory.net/rapid"
)

func TestWhoIsNamedBySeveralStaysUntilTheLastLetsGo(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var p Person
		want := map[string]bool{}
		for range rapid.IntRange(0, 12).Draw(t, "steps") {
			source := rapid.SampledFrom([]string{"a", "ab", "b", "c"}).Draw(t, "source")
			if rapid.Bool().Draw(t, "names") {
				p.NamedBy(source)
				want[source] = true
				continue
			}
			delete(want, source)
			if left := p.LeftBy(source); left != (len(want) == 0) {
				t.Fatalf("left: %v, and named by %v", left, want)
			}
		}
		for _, s := range p.sources() {
			if !want[s] {
				t.Fatalf("%q still names, and %v should", s, want)
			}
			delete(want, s)
		}
		if len(want) > 0 {
			t.Fatalf("%v is forgotten", want)
		}
	})
}
