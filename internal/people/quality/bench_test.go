package quality

import (
	"context"
	"fmt"
	"testing"

	"tekentafel/internal/people/madeup"
)

func BenchmarkAssess(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			made := madeup.Make(madeup.Recipe{Seed: 1, People: n, Faults: madeup.Ugly()})
			in := Input{Day: made.Day, Merges: merges(made), Same: made.Double}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Assess(context.Background(), made.Organisation, in); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "people/s")
		})
	}
}
