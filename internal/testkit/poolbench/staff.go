package main

import (
	"math"
	"math/rand/v2"
	"sort"
)

// staff are made-up people: few large functions and departments, many small ones.
type staff struct {
	function, department []uint16
	level                [skills][]uint8 // 1 to 4
	below                [skills][]uint8 // 1 where the level is below that which the function asks
}

func newStaff(people int) *staff {
	r := rand.New(rand.NewPCG(20_261_129, 1))
	s := &staff{function: make([]uint16, people), department: make([]uint16, people)}
	function, department := sizes(functions), sizes(departments)
	for i := range people {
		s.function[i], s.department[i] = pick(function, r.Float64()), pick(department, r.Float64())
	}
	for k := range skills {
		bf, bd, bc := normal(r, functions, 0.4), normal(r, departments, 0.2), normal(r, functions*departments, 0.15)
		s.level[k], s.below[k] = make([]uint8, people), make([]uint8, people)
		for i := range people {
			f, d := int(s.function[i]), int(s.department[i])
			y := math.Round(2.4 + bf[f] + bd[d] + bc[f*departments+d] + 0.8*r.NormFloat64())
			s.level[k][i] = uint8(math.Min(4, math.Max(1, y)))
			if int(s.level[k][i]) < 2+f%2 {
				s.below[k][i] = 1
			}
		}
	}
	return s
}

// sizes are the shares of n groups, added up.
func sizes(n int) []float64 {
	out, total := make([]float64, n), 0.0
	for i := range out {
		total += math.Pow(float64(i+3), -0.8)
		out[i] = total
	}
	for i := range out {
		out[i] /= total
	}
	return out
}

func pick(upTo []float64, u float64) uint16 { return uint16(sort.SearchFloat64s(upTo, u)) }

func normal(r *rand.Rand, n int, sd float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = sd * r.NormFloat64()
	}
	return out
}
