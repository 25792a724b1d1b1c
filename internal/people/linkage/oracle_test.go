package linkage

import (
	"math"
	"math/rand/v2"
	"testing"

	"tekentafel/internal/testkit"
)

type oracleField struct {
	M, U      any
	MStrength float64
	UStrength float64
	Firm      []float64
	Held      int
	Confused  []float64
	Class     []int
}

type oracleCase struct {
	Patterns [][]int
	Counts   []float64
	Apart    []bool
	Sampled  float64
	Share    float64
	Fields   []oracleField
}

// drawn makes counts of patterns as matches and others would give them, with values missing at random.
func drawn(r *rand.Rand, designs []design, pairs int, share float64, apart func(pattern) bool) []tally {
	counts := map[pattern]float64{}
	level := func(v []float64) int8 {
		x := r.Float64()
		for l, p := range normalised(v) {
			if x -= p; x < 0 {
				return int8(l)
			}
		}
		return int8(len(v) - 1)
	}
	for range pairs {
		p := pattern{missing, missing, missing, missing, missing, missing, missing, missing}
		match := r.Float64() < share
		for i := range designs {
			if i > 0 && r.Float64() < 0.2 {
				continue
			}
			if match {
				p[i] = level(designs[i].m)
			} else {
				p[i] = level(designs[i].u[designs[i].classOf(p)])
			}
		}
		counts[p]++
	}
	var all []tally
	for p, n := range counts {
		all = append(all, tally{p, n, apart(p)})
	}
	return all
}

// What learning finds is what R finds, and nothing near it is more probable.
func TestLearningAgreesWithR(t *testing.T) {
	t.Parallel()
	never := func(pattern) bool { return false }
	simple := []design{
		{m: []float64{.8, .15, .05}, mStrength: 20, u: [][]float64{{.05, .1, .85}}, uStrength: 1},
		{m: []float64{.9, .1}, mStrength: 20, u: [][]float64{{.1, .9}}, uStrength: 1},
		{m: []float64{.7, .2, .1}, mStrength: 20, u: [][]float64{{.2, .2, .6}}, uStrength: 1},
	}
	classed := append([]design{}, simple...)
	classed[2].u = [][]float64{{.5, .2, .3}, {.1, .1, .8}}
	classed[2].firm = []float64{12, 0}
	classed[2].class = func(p pattern) int {
		if p[0] == 0 {
			return 0
		}
		return 1
	}
	titles := (&titleRows{}).designs()
	people := (&personRows{}).designs()
	shapes := []struct {
		name    string
		designs []design
		share   float64
		sampled float64
		apart   func(pattern) bool
	}{
		{"independent", simple, .1, 1, never},
		{"class", classed, .1, 3, never},
		{"titles", titles, .03, 2, (&titleRows{}).apart},
		{"people", people, .02, 4, (&personRows{}).apart},
	}
	var cases []oracleCase
	var fits []*fit
	for k, s := range shapes {
		tallies := drawn(rand.New(rand.NewPCG(9, uint64(k))), s.designs, 20_000, s.share, s.apart)
		f := newFit(s.designs, 0.05)
		total := 0.0
		c := oracleCase{Sampled: s.sampled, Share: 0.05}
		for _, x := range tallies {
			total += x.count
			var levels []int
			for i := range s.designs {
				levels = append(levels, int(x.pattern[i]))
			}
			c.Patterns, c.Counts, c.Apart = append(c.Patterns, levels), append(c.Counts, x.count), append(c.Apart, x.apart)
		}
		for step := 0; ; step++ {
			change, _ := f.step(tallies, total, s.sampled, false)
			if change < 1e-12 {
				break
			}
			if step == 20_000 {
				t.Fatalf("%s: learning does not end", s.name)
			}
		}
		for i := range s.designs {
			d := &s.designs[i]
			o := oracleField{M: d.m, U: d.u, MStrength: d.mStrength, UStrength: d.uStrength, Firm: d.firm, Held: d.held, Confused: d.confused}
			if o.Firm == nil {
				o.Firm = make([]float64, len(d.u))
			}
			for _, x := range tallies {
				o.Class = append(o.Class, d.classOf(x.pattern))
			}
			c.Fields = append(c.Fields, o)
		}
		cases, fits = append(cases, c), append(fits, f)
	}
	var answers []struct {
		Share   float64
		M, U    []float64
		Climbed float64
	}
	testkit.AskR(t, "oracle_em.R", cases, &answers)
	for k, a := range answers {
		f := fits[k]
		var m, u []float64
		for i := range f.m {
			m = append(m, f.m[i]...)
			for _, row := range f.u[i] {
				u = append(u, row...)
			}
		}
		if math.Abs(f.share-a.Share) > 1e-8*a.Share || !near8(m, a.M) || !near8(u, a.U) {
			t.Errorf("%s: share %v and R %v\nm %v\nR %v\nu %v\nR %v", shapes[k].name, f.share, a.Share, m, a.M, u, a.U)
		}
		if a.Climbed > 1e-7 {
			t.Errorf("%s: R climbs %v higher", shapes[k].name, a.Climbed)
		}
	}
}

func near8(a, b []float64) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if math.Abs(a[i]-b[i]) > 1e-8 {
			return false
		}
	}
	return true
}
