package stats

import (
	"context"
	"math/rand/v2"
	"os"
	"testing"
)

// BenchmarkTally measures the kernel: weighted items by 300 groups. TEKENTAFEL_BENCH_FULL=1 runs 10 million units and
// 80 items (about 1 GB of memory), else a twentieth of the units and a fifth of the items.
func BenchmarkTally(b *testing.B) {
	units, count := 500_000, 16
	if os.Getenv("TEKENTAFEL_BENCH_FULL") != "" {
		units, count = 10_000_000, 80
	}
	r := rand.New(rand.NewPCG(1, 2))
	d := &Design{N: units, Weights: make([]float64, units)}
	group := Codes{U16: make([]uint16, units), K: 300}
	for i := range units {
		d.Weights[i] = 0.5 + r.Float64()
		group.U16[i] = uint16(r.IntN(300))
	}
	items := make([]Codes, count)
	for j := range items {
		items[j] = Codes{U8: make([]uint8, units), K: 10}
		for i := range units {
			items[j].U8[i] = uint8(r.IntN(10))
		}
	}
	raked := *d
	raked.Raked = items[:3]
	for _, c := range []struct {
		name   string
		design *Design
		group  *Codes
	}{{"by group", d, &group}, {"overall", d, nil}, {"raked by group", &raked, &group}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := Tally(context.Background(), c.design, items, c.group, 0); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(units)/float64(count), "ns/update")
		})
	}
}
