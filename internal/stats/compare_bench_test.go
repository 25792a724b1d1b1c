package stats

import (
	"context"
	"fmt"
	"testing"
)

// BenchmarkCompare measures the tests of one item over 300 groups from its tally.
func BenchmarkCompare(b *testing.B) {
	d, items, group := randomColumns(1_000_000, 1, 6, 300)
	e, err := New(d)
	if err != nil {
		b.Fatal(err)
	}
	tables, err := Tally(context.Background(), d, items, &group, 0)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("shares", func(b *testing.B) {
		for b.Loop() {
			if _, err := e.CompareShares(context.Background(), Cross{Item: items[0], Group: &group, Table: tables[0]}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("means", func(b *testing.B) {
		s := Scored{items[0], []float64{1, 2, 3, 4, 5, 6}}
		for b.Loop() {
			if _, err := e.CompareMeans(context.Background(), s, group, nil, tables[0]); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("share table", func(b *testing.B) {
		for b.Loop() {
			if _, err := e.Shares(context.Background(), Cross{Item: items[0], Group: &group, Table: tables[0]}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkPass measures shares of one item over 30 groups among 300,000 units in designs that need a pass over them.
func BenchmarkPass(b *testing.B) {
	const n = 300_000
	for mask := 1; mask < 8; mask++ {
		d, items, group := randomColumns(n, 3, 6, 30)
		name := "design"
		if mask&1 > 0 {
			name += "-strata"
			d.Strata, d.NStrata = make([]uint32, n), 50
			for i := range d.Strata {
				d.Strata[i] = uint32(i*7) % 50
			}
		}
		if mask&2 > 0 {
			name += "-clusters"
			d.Clusters, d.NClusters = make([]uint32, n), 50*200
			for i := range d.Clusters {
				d.Clusters[i] = uint32(i*7)%50*200 + uint32(i/50)%200
			}
		}
		if mask&4 > 0 {
			name += "-raked"
			d.Raked = items[1:]
		}
		b.Run(name, func(b *testing.B) {
			e, err := New(d)
			if err != nil {
				b.Fatal(err)
			}
			x := Cross{Item: items[0], Group: &group}
			for b.Loop() {
				if _, err := e.Shares(context.Background(), x); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/unit")
		})
		b.Run(fmt.Sprint(name, "-compare"), func(b *testing.B) {
			e, err := New(d)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := e.CompareShares(context.Background(), Cross{Item: items[0], Group: &group}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
