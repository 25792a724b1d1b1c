package pool_test

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"tekentafel/internal/stats/pool"
)

// whole is the whole matrix of the mixed model equations over people, inverted: the definition that elimination shortens.
type whole struct {
	c       *oracleCase
	inverse *mat.Dense // of the effects: fixed, functions, departments, cells (every one), families
	base    []int
}

func newWhole(c *oracleCase, f *pool.Fit) *whole {
	w := &whole{c: c}
	p := len(f.Coefficients)
	families := 0
	for _, g := range c.data.Families {
		families = max(families, g+1)
	}
	sizes := []int{p, c.data.Functions, c.data.Departments, c.data.Functions * c.data.Departments, families}
	total := 0
	for _, s := range sizes {
		w.base = append(w.base, total)
		total += s
	}
	gamma := map[pool.Term]float64{}
	for _, k := range f.Components {
		gamma[k.Term] = k.Variance / f.Residual
	}
	m := mat.NewSymDense(total, nil)
	for i, t := range c.targets {
		row := w.row(t)
		for a, x := range row {
			for b, y := range row {
				if b >= a && x*y != 0 {
					m.SetSym(a, b, m.At(a, b)+c.People.W[i]*x*y)
				}
			}
		}
	}
	for k, t := range []pool.Term{pool.FunctionTerm, pool.DepartmentTerm, pool.CellTerm, pool.FamilyTerm} {
		for i := range sizes[k+1] {
			at := w.base[k+1] + i
			penalty := 1e12 // a term that is not there
			if gamma[t] > 0 {
				penalty = 1 / gamma[t]
			}
			m.SetSym(at, at, m.At(at, at)+penalty)
		}
	}
	w.inverse = mat.NewDense(total, total, nil)
	if err := w.inverse.Inverse(m); err != nil {
		panic(err)
	}
	w.inverse.Scale(f.Residual, w.inverse)
	return w
}

// row is the combination of all effects that a target is.
func (w *whole) row(t pool.Target) []float64 {
	d := &w.c.data
	families := 0
	for _, g := range d.Families {
		families = max(families, g+1)
	}
	row := make([]float64, w.base[4]+families)
	row[0] = 1
	copy(row[1:], t.X)
	row[w.base[1]+t.Function] = 1
	row[w.base[2]+t.Department] = 1
	row[w.base[3]+t.Function*d.Departments+t.Department] = 1
	if d.Families != nil {
		row[w.base[4]+d.Families[t.Function]] = 1
	}
	return row
}

func (w *whole) covariance(a, b []float64) float64 {
	x, y := mat.NewVecDense(len(a), a), mat.NewVecDense(len(b), b)
	return mat.Inner(x, w.inverse, y)
}

// everywhere is every function in every department, with covariates, those without respondents too.
func (c *oracleCase) everywhere() []pool.Target {
	var out []pool.Target
	for f := range c.data.Functions {
		for d := range c.data.Departments {
			x := []float64{float64((f + d) % 2), float64(f % 3)}[:c.covariates]
			out = append(out, pool.Target{Function: f, Department: d, X: x, Size: float64(1 + (3*f+d)%7)})
		}
	}
	return out
}

func smallWorlds() []world {
	return []world{
		{name: "crossed", seed: 41, functions: 9, departments: 5, people: 90, sdF: 0.6, sdD: 0.4, noise: 0.7, reml: true},
		{name: "covariates and cells", seed: 42, functions: 9, departments: 5, people: 160, sdF: 0.6, sdD: 0.4, sdC: 0.5, noise: 0.7, reml: true, covariates: 2, cell: true, weighted: true},
		{name: "families", seed: 43, functions: 12, departments: 5, families: 4, family: pool.FamilyRandom, people: 200, sdF: 0.6, sdD: 0.4, sdC: 0.5, sdG: 0.9, noise: 0.7,
			reml: true, covariates: 1, cell: true},
	}
}

func TestErrorsOfCellsNobodyAnsweredInAreThoseOfTheWholeMatrix(t *testing.T) {
	t.Parallel()
	for _, w := range smallWorlds() {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			c := w.build()
			// A function and a department in which nobody is.
			c.data.Functions++
			c.data.Departments++
			if c.data.Families != nil {
				c.data.Families = append(c.data.Families, 1)
			}
			f := c.fit(t)
			m := newWhole(c, f)
			seen, widest := 0.0, 0.0
			for i, p := range predict(t, f, c.everywhere(), pool.Options{}) {
				target := c.everywhere()[i]
				row := m.row(target)
				want := math.Sqrt(m.covariance(row, row))
				if math.Abs(p.PluginSE-want) > 1e-5*want {
					t.Fatalf("function %d, department %d (%d people): error %v, by the whole matrix %v", target.Function, target.Department, p.People, p.PluginSE, want)
				}
				if p.LinearSE < p.PluginSE*(1-1e-9) {
					t.Errorf("the error with variances estimated, %v, is smaller than with these known, %v", p.LinearSE, p.PluginSE)
				}
				if p.People > 0 {
					seen = math.Max(seen, p.PluginSE)
				} else {
					widest = math.Max(widest, p.PluginSE)
				}
			}
			if widest <= seen {
				t.Errorf("a cell without respondents has error %v, and one with has %v", widest, seen)
			}
		})
	}
}
