package gap

import (
	"math"
	"math/rand/v2"
	"testing"

	"tekentafel/internal/stats/pool"
)

// world makes scores up, with people who are not known to be anywhere and cells where nobody answered.
func world(seed uint64, functions, departments, families, people int) (*places, *tallies) {
	r := rand.New(rand.NewPCG(seed, 3))
	in := &Input{Functions: make([]Group, functions), Departments: make([]Group, departments), Families: make([]Group, families), Skills: make([]Skill, 1)}
	for f := range in.Functions {
		in.Functions[f].Family = f%(families+1) - 1
	}
	value := make([]float64, people)
	bf, bd := make([]float64, functions+1), make([]float64, departments+1)
	for i := range bf {
		bf[i] = 0.5 * r.NormFloat64()
	}
	for i := range bd {
		bd[i] = 0.3 * r.NormFloat64()
	}
	for i := range people {
		f, d := int32(r.IntN(functions)), int32(r.IntN(departments))
		value[i] = 0.4 + bf[f] + bd[d] + 0.9*r.NormFloat64()
		if r.IntN(20) == 0 {
			f = -1
		}
		in.People.Function, in.People.Department = append(in.People.Function, f), append(in.People.Department, d)
	}
	for range 3 * functions {
		in.Staff = append(in.Staff, Staff{r.IntN(functions), r.IntN(departments), 1 + r.IntN(9)})
	}
	p := newPlaces(in)
	return p, tally(p, nil, 0, nil, func(r int32) (answer, bool) { return answer{value[r], 0, -1}, true })
}

// The posterior that is drawn from is the one of stats/pool: the same means, and the same errors with the variances as if known.
func TestFieldIsThatOfThePool(t *testing.T) {
	t.Parallel()
	p, tl := world(1, 12, 6, 3, 400)
	data := pool.Data{Functions: p.functions, Departments: p.departments, Cells: tl.cells}
	for _, g := range p.family {
		data.Families = append(data.Families, int(g))
	}
	for _, m := range []pool.Model{{Cell: true, Family: pool.FamilyRandom}, {Family: pool.FamilyRandom}, {Cell: true, Family: pool.FamilyFixed}, {}} {
		fit, err := pool.FitLinear(t.Context(), &data, m)
		if err != nil {
			t.Fatal(err)
		}
		var variance [4]float64
		for _, c := range fit.Components {
			variance[c.Term] = c.Variance
		}
		tolerance := 1e-8
		if m.Family == pool.FamilyFixed {
			variance[pool.FamilyTerm] = flat
			tolerance = 0.01
		}
		f := newField(p, tl, variance, fit.Residual, 1)
		targets := make([]pool.Target, len(p.function))
		for c := range targets {
			targets[c] = pool.Target{Function: int(p.function[c]), Department: int(p.department[c])}
		}
		want, err := fit.Predict(targets, pool.Options{})
		if err != nil {
			t.Fatal(err)
		}
		eta, dense := make([]float64, len(targets)), make([]float64, f.n)
		f.draw(nil, 0, eta, dense)
		for c := range targets {
			if math.Abs(eta[c]-want[c].Linear) > tolerance {
				t.Errorf("%+v: cell %d has mean %v, the pool %v", m, c, eta[c], want[c].Linear)
			}
		}
		r, draws := rand.New(rand.NewPCG(1, 2)), 20000
		first, second := make([]float64, len(targets)), make([]float64, len(targets))
		drawn := make([]float64, len(targets))
		for range draws {
			f.draw(r, 1, drawn, dense)
			for c, x := range drawn {
				first[c] += x - eta[c]
				second[c] += (x - eta[c]) * (x - eta[c])
			}
		}
		for c := range targets {
			sd := math.Sqrt(second[c] / float64(draws))
			if math.Abs(first[c])/float64(draws) > 5*sd/math.Sqrt(float64(draws)) || math.Abs(sd/want[c].PluginSE-1) > 0.03 {
				t.Errorf("%+v: cell %d is drawn with mean %v and error %v, the pool has %v", m, c, first[c]/float64(draws), sd, want[c].PluginSE)
			}
		}
	}
}
