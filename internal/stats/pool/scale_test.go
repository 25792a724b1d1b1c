package pool_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"tekentafel/internal/stats/pool"
)

// city is a made-up organisation with sizes as they are: few large functions and departments, many small ones.
func city(seed uint64, people, functions, departments int, share bool) pool.Data {
	r := rand.New(rand.NewPCG(seed, 9))
	pick := func(n int) func() int {
		total, upTo := 0.0, make([]float64, n)
		for i := range n {
			total += 1 / math.Pow(float64(i+3), 0.8)
			upTo[i] = total
		}
		return func() int {
			u, lo, hi := r.Float64()*total, 0, n-1
			for lo < hi {
				if m := (lo + hi) / 2; upTo[m] < u {
					lo = m + 1
				} else {
					hi = m
				}
			}
			return lo
		}
	}
	function, department := pick(functions), pick(departments)
	bf, bd := make([]float64, functions), make([]float64, departments)
	for i := range bf {
		bf[i] = 0.4 * r.NormFloat64()
	}
	for i := range bd {
		bd[i] = 0.2 * r.NormFloat64()
	}
	bc := make([]float64, functions*departments)
	for i := range bc {
		bc[i] = 0.15 * r.NormFloat64()
	}
	tallies := make([]pool.Tally, functions*departments)
	for range people {
		f, d := function(), department()
		eta := bf[f] + bd[d] + bc[f*departments+d]
		y := math.Min(4, math.Max(1, math.Round(2.4+eta+0.8*r.NormFloat64())))
		if share {
			y = 0
			if r.Float64() < 1/(1+math.Exp(-2*eta)) {
				y = 1
			}
		}
		tallies[f*departments+d].Add(y, 1)
	}
	data := pool.Data{Functions: functions, Departments: departments}
	for i, t := range tallies {
		if t.N > 0 {
			data.Cells = append(data.Cells, pool.Cell{Function: i / departments, Department: i % departments, Tally: t})
		}
	}
	return data
}

func BenchmarkFit(b *testing.B) {
	for _, c := range []struct {
		name  string
		share bool
		cell  bool
	}{{"level", false, false}, {"level cell", false, true}, {"share", true, false}, {"share cell", true, true}} {
		b.Run(c.name, func(b *testing.B) {
			data := city(1, 350_000, 2000, 300, c.share)
			targets := make([]pool.Target, len(data.Cells))
			for i, cell := range data.Cells {
				targets[i] = pool.Target{Function: cell.Function, Department: cell.Department}
			}
			fit := pool.FitLinear
			if c.share {
				fit = pool.FitShare
			}
			b.ReportMetric(float64(len(data.Cells)), "cells")
			for b.Loop() {
				f, err := fit(b.Context(), &data, pool.Model{Cell: c.cell})
				if err != nil {
					b.Fatal(err)
				}
				if _, err := f.Predict(targets, pool.Options{}); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(f.Steps), "steps")
			}
		})
	}
}
