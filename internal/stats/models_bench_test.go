package stats_test

import (
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"tekentafel/internal/stats"
)

// modelBenchUnits is the number of units of the benchmarks: TEKENTAFEL_BENCH_N, else 200,000.
func modelBenchUnits(b *testing.B) int {
	b.Helper()
	if s := os.Getenv("TEKENTAFEL_BENCH_N"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			b.Fatal(err)
		}
		return n
	}
	return 200_000
}

// modelBenchData draws an outcome, five predictors with 21 values, 28 five-point items, weights and two margins.
type modelBenchData struct {
	d       *stats.Design
	columns []stats.Scored
	outcome stats.Scored
	scales  [][]stats.Scored
}

func newModelBenchData(n int) modelBenchData {
	data := modelBenchData{d: &stats.Design{N: n, Weights: make([]float64, n)}}
	block := func(seed uint64, fill func(rng *rand.Rand, i int)) {
		rng := rand.New(rand.NewPCG(seed, 5))
		for i := range n {
			fill(rng, i)
		}
	}
	common := make([]uint8, n)
	block(1, func(rng *rand.Rand, i int) {
		common[i] = uint8(rng.UintN(12))
		data.d.Weights[i] = 0.5 + rng.Float64()
	})
	values := []float64{}
	for k := range 32 {
		values = append(values, 1+float64(k)/5)
	}
	for j := range 6 {
		codes := make([]uint8, n)
		block(uint64(10+j), func(rng *rand.Rand, i int) { codes[i] = min(20, common[i]+uint8(rng.UintN(10))) })
		data.columns = append(data.columns, stats.Scored{Codes: stats.Codes{U8: codes, K: len(values)}, Values: values})
	}
	data.outcome = data.columns[5]
	nan := math.NaN()
	item := []float64{nan, nan, nan, nan, nan, 1, 2, 3, 4, 5}
	for s, k := range []int{6, 6, 6, 5, 5} {
		var scale []stats.Scored
		for j := range k {
			codes := make([]uint8, n)
			block(uint64(100+10*s+j), func(rng *rand.Rand, i int) {
				codes[i] = 5 + min(4, common[i]/4+uint8(rng.UintN(3)))
				if rng.UintN(64) == 0 {
					codes[i] = 1
				}
			})
			scale = append(scale, stats.Scored{Codes: stats.Codes{U8: codes, K: len(item)}, Values: item})
		}
		data.scales = append(data.scales, scale)
	}
	return data
}

func benchMoments(b *testing.B, change func(*stats.Design)) {
	n := modelBenchUnits(b)
	data := newModelBenchData(n)
	change(data.d)
	b.ReportAllocs()
	for b.Loop() {
		m, err := stats.GatherMoments(data.d, data.columns)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := m.Importance(5, []int{0, 1, 2, 3, 4}, stats.ImportanceOptions{Seed: 1}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Munits/s")
}

func BenchmarkDriversOfWeightedUnits(b *testing.B) { benchMoments(b, func(*stats.Design) {}) }

func BenchmarkDriversOfRakedUnits(b *testing.B) {
	benchMoments(b, func(d *stats.Design) {
		for g, k := range []int{12, 300} {
			codes := make([]uint16, d.N)
			for i := range codes {
				codes[i] = uint16(i * (7 + 6*g) % k)
			}
			d.Raked = append(d.Raked, stats.Codes{U16: codes, K: k})
		}
	})
}

func BenchmarkDriversOfClusters(b *testing.B) {
	benchMoments(b, func(d *stats.Design) {
		d.NStrata, d.NClusters = 10, 5000
		d.Strata, d.Clusters = make([]uint32, d.N), make([]uint32, d.N)
		for i := range d.N {
			d.Clusters[i] = uint32(i * 7919 % d.NClusters)
			d.Strata[i] = d.Clusters[i] % 10
		}
	})
}

func BenchmarkOrdinalRegression(b *testing.B) {
	data := newModelBenchData(modelBenchUnits(b))
	b.ReportAllocs()
	for b.Loop() {
		o, err := stats.OrdinalRegression(data.d, data.outcome, data.columns[:5])
		if err != nil || !o.Converged {
			b.Fatal(o, err)
		}
	}
}

func BenchmarkReliabilityOfFiveScales(b *testing.B) {
	data := newModelBenchData(modelBenchUnits(b))
	b.ReportAllocs()
	for b.Loop() {
		for _, s := range data.scales {
			r, err := stats.ReliabilityOf(s, stats.ReliabilityOptions{})
			if err != nil || !r.HasAlpha {
				b.Fatal(r, err)
			}
		}
	}
}
