package main

import "testing"

// TestAnAdaptiveTestNeedsAtMostHalfOfAFixedOne holds the promise: for the precision that the adaptive test gives to 99 of 100 people, the
// best fixed form from the same bank needs at least twice the items, and one that is spread evenly over the scale even for 95 of 100.
func TestAnAdaptiveTestNeedsAtMostHalfOfAFixedOne(t *testing.T) {
	t.Parallel()
	const target = 0.45
	items := bank(seeded(60), 60)
	for _, people := range populations() {
		rules := plain()
		rules.TargetSD = target
		a, err := giveAdaptive(items, people, rules)
		if err != nil {
			t.Fatal(err)
		}
		best := bestForm(items, people, func(info float64) float64 { return min(1, (1+info)*target*target) })
		fixed, err := shortest(items, people, target, 99, func(m int) []int { return best[:m] })
		if err != nil {
			t.Fatal(err)
		}
		even, err := shortest(items, people, target, 95, func(m int) []int { return evenForm(len(items), m) })
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("people %s: adaptive %.1f items, %.3f reach it; best form %d, even form %d", people.name, a.items, a.reached, fixed, even)
		if a.reached < 0.99 || fixed == 0 || even == 0 || a.items > float64(fixed)/2 || a.items > float64(even)/2 {
			t.Errorf("people %s: adaptive %.1f items, %.3f reach it; best form %d, even form %d", people.name, a.items, a.reached, fixed, even)
		}
	}
}
