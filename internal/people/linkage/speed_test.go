package linkage_test

import (
	"testing"
	"time"

	"tekentafel/internal/people/linkage"
	"tekentafel/internal/people/linkage/synthetic"
)

func TestSpeed(t *testing.T) {
	people, labels := synthetic.People(5, 100000, synthetic.HeldOut, synthetic.HeldOutPeople())
	start := time.Now()
	last := linkage.Stage("")
	p, err := linkage.People(t.Context(), people, linkage.Options{Seed: 3, Progress: func(s linkage.Stage, a, b int) {
		if s != last {
			t.Log(time.Since(start), s)
			last = s
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Log(time.Since(start), "done")
	show(t, "people 100k", p, labels)
}
