// Package synthetic makes organisations up of which the gap is known: staff, answers and required levels, with a seed. What it
// makes is labelled as synthetic.
package synthetic

import (
	"fmt"
	"math"
	"math/rand/v2"

	"tekentafel/internal/skills/gap"
	"tekentafel/internal/stats/irt"
)

// Recipe says what to make.
type Recipe struct {
	Seed                             uint64
	Staff                            int
	Functions, Departments, Families int
	Skills                           int
	Response                         float64 // share of the staff that answers, 0 to 1
	Statements, TestItems            int     // for each skill
	Slope                            float64 // of the statements; 0: 1.8
	Untried                          float64 // share that never used GenAI
	Unknown                          float64 // share of respondents whose function is not known
	Missing                          float64 // share of the answers that is left open
	// Standard deviations of theta: between functions, departments, cells and families, and within cells. The mean is Mean.
	Mean, Function, Department, Cell, Family, Within float64
}

// Usual is a recipe with differences as one may expect them.
func Usual(seed uint64, staff, functions, departments int) Recipe {
	return Recipe{Seed: seed, Staff: staff, Functions: functions, Departments: departments, Families: max(1, functions/40), Skills: 5, Response: 1, Statements: 5,
		Mean: -0.1, Function: 0.4, Department: 0.2, Cell: 0.15, Family: 0.3, Within: 0.85}
}

// World is what was made, with its truth.
type World struct {
	Input gap.Input
	r     Recipe
	theta [][]float64 // by skill: mean theta of each function in each department
	tried []float64   // share that ever used GenAI, likewise
	staff []int
}

// Cuts are the cut points of the levels.
func Cuts() []float64 { return []float64{-1, 0, 1} }

// sizes returns a choice of n groups, few of them large.
func sizes(r *rand.Rand, n int) func() int {
	upTo, total := make([]float64, n), 0.0
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

// Make makes an organisation and its answers.
func Make(rec Recipe) *World {
	r := rand.New(rand.NewPCG(rec.Seed, 77))
	w := &World{r: rec, staff: make([]int, rec.Functions*rec.Departments)}
	in := &w.Input
	in.Wave, in.Synthetic, in.Cuts = fmt.Sprintf("synthetic-%d", rec.Seed), true, Cuts()
	for i := range rec.Families {
		in.Families = append(in.Families, gap.Group{Code: fmt.Sprintf("g%d", i), Name: fmt.Sprintf("Family %d", i)})
	}
	for i := range rec.Functions {
		in.Functions = append(in.Functions, gap.Group{Code: fmt.Sprintf("f%d", i), Name: fmt.Sprintf("Function %d", i), Family: i%(rec.Families+1) - 1})
	}
	for i := range rec.Departments {
		in.Departments = append(in.Departments, gap.Group{Code: fmt.Sprintf("d%d", i), Name: fmt.Sprintf("Department %d", i)})
	}
	w.levels(r)
	w.require()
	w.people(r)
	for c, n := range w.staff {
		if n > 0 {
			in.Staff = append(in.Staff, gap.Staff{Function: c / rec.Departments, Department: c % rec.Departments, N: n})
		}
	}
	return w
}

// levels draws the mean theta of every cell, and the share that ever tried.
func (w *World) levels(r *rand.Rand) {
	rec := &w.r
	normal := func(n int, sd float64) []float64 {
		out := make([]float64, n)
		for i := range out {
			out[i] = sd * r.NormFloat64()
		}
		return out
	}
	cells := rec.Functions * rec.Departments
	for s := range rec.Skills {
		f, d, g, c := normal(rec.Functions, rec.Function), normal(rec.Departments, rec.Department), normal(rec.Families, rec.Family), normal(cells, rec.Cell)
		for i := range c {
			c[i] += rec.Mean + 0.1*float64(s) + f[i/rec.Departments] + d[i%rec.Departments]
			if family := w.Input.Functions[i/rec.Departments].Family; family >= 0 {
				c[i] += g[family]
			}
		}
		w.theta = append(w.theta, c)
	}
	w.tried = make([]float64, cells)
	f, d := normal(rec.Functions, 0.1), normal(rec.Departments, 0.05)
	for i := range w.tried {
		w.tried[i] = 1
		if rec.Untried > 0 {
			w.tried[i] = math.Min(0.98, math.Max(0.05, 1-rec.Untried+f[i/rec.Departments]+d[i%rec.Departments]))
		}
	}
}

// require asks level 2 of all, and more of some functions and departments.
func (w *World) require() {
	level := make([]int8, w.r.Skills)
	w.Input.Required = func(f, d int) []int8 {
		for s := range level {
			level[s] = 2
			if (f+s)%3 == 0 {
				level[s] = 3
			}
			if (f+2*s)%7 == 0 && d%5 == 0 {
				level[s] = 4
			}
		}
		return level
	}
}

// Required is the level that is required of a skill in a cell.
func (w *World) Required(function, department, skill int) int {
	return int(w.Input.Required(function, department)[skill])
}

func (w *World) people(r *rand.Rand) {
	rec, in := &w.r, &w.Input
	slope := rec.Slope
	if slope == 0 {
		slope = 1.8
	}
	for s := range rec.Skills {
		sk := gap.Skill{ID: fmt.Sprintf("s%d", s)}
		for i := range rec.Statements {
			it := irt.Item{A: slope, B: []float64{-2, -1, 0, 1}}
			sk.Self = append(sk.Self, gap.SelfItem{ID: fmt.Sprintf("s%d.%d", s, i), Reversed: i == 4, Parameters: &it})
		}
		for i := range rec.TestItems {
			b := -1.5 + 3*float64(i)/float64(max(1, rec.TestItems-1))
			sk.Test = append(sk.Test, gap.TestItem{ID: fmt.Sprintf("t%d.%d", s, i), Parameters: irt.Item{A: 1.5, B: []float64{b - 0.4, b + 0.4}}})
		}
		in.Skills = append(in.Skills, sk)
		in.People.Self = append(in.People.Self, make([][]int8, rec.Statements))
		in.People.Test = append(in.People.Test, make([][]int8, rec.TestItems))
	}
	function, department := sizes(r, rec.Functions), sizes(r, rec.Departments)
	for range rec.Staff {
		f, d := function(), department()
		if r.Float64() < 0.6 { // most people of a function are in a few departments
			d = (f*31 + r.IntN(4)*17) % rec.Departments
		}
		w.staff[f*rec.Departments+d]++
		if r.Float64() < rec.Response {
			w.answer(r, f, d)
		}
	}
}

func (w *World) answer(r *rand.Rand, f, d int) {
	rec, p := &w.r, &w.Input.People
	cell := f*rec.Departments + d
	function := int32(f)
	if rec.Unknown > 0 && r.Float64() < rec.Unknown {
		function = -1
	}
	p.Function, p.Department = append(p.Function, function), append(p.Department, int32(d))
	tried := r.Float64() < w.tried[cell]
	if rec.Untried > 0 {
		t := int8(0)
		if tried {
			t = 1
		}
		p.Tried = append(p.Tried, t)
	}
	for s := range rec.Skills {
		theta := w.theta[s][cell] + rec.Within*r.NormFloat64()
		for i := range rec.Statements {
			a := w.say(r, w.Input.Skills[s].Self[i].Parameters, theta, tried)
			if a > 0 && w.Input.Skills[s].Self[i].Reversed {
				a = 6 - a
			}
			p.Self[s][i] = append(p.Self[s][i], a)
		}
		for i := range rec.TestItems {
			p.Test[s][i] = append(p.Test[s][i], w.say(r, &w.Input.Skills[s].Test[i].Parameters, theta, tried))
		}
	}
}

// say draws an answer, from 1; 0 for none.
func (w *World) say(r *rand.Rand, it *irt.Item, theta float64, tried bool) int8 {
	u := r.Float64()
	if !tried || w.r.Missing > 0 && r.Float64() < w.r.Missing {
		return 0
	}
	a := int8(1)
	for _, b := range it.B { // P(above b) falls with b
		if u < 1/(1+math.Exp(-it.A*(theta-b))) {
			a++
		}
	}
	return a
}

// Truth is what holds of the people of some cells.
type Truth struct{ Level, Below, Distance, People, Untried float64 }

// Truth sums over the cells for which in holds, each weighted by its staff.
func (w *World) Truth(skill int, in func(function, department int) bool) Truth {
	var t Truth
	cuts, staff, size := Cuts(), 0.0, 0.0
	for c, n := range w.staff {
		f, d := c/w.r.Departments, c%w.r.Departments
		if n == 0 || !in(f, d) {
			continue
		}
		users := float64(n) * w.tried[c]
		staff, size = staff+float64(n), size+users
		required := w.Required(f, d, skill)
		t.Level += users
		for j, cut := range cuts {
			below := math.Erfc((w.theta[skill][c]-cut)/w.r.Within/math.Sqrt2) / 2
			t.Level += users * (1 - below)
			if j < required-1 {
				t.Distance += users * below
			}
			if j == required-2 {
				t.People += users * below
			}
		}
	}
	t.Level, t.Below, t.Distance, t.Untried = t.Level/size, t.People/size, t.Distance/size, 1-size/staff
	return t
}

// Hide forgets the parameters of the statements, so that they are estimated from the answers.
func (w *World) Hide() {
	for s := range w.Input.Skills {
		for i := range w.Input.Skills[s].Self {
			w.Input.Skills[s].Self[i].Parameters = nil
		}
	}
}
