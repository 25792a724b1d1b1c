package pool_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"tekentafel/internal/stats/pool"
	"tekentafel/internal/testkit"
)

// people are what R reads; a pointer that is nil is a column that is not there.
type people struct {
	F []int     `json:"f"`
	D []int     `json:"d"`
	G []int     `json:"g,omitempty"`
	C []int     `json:"c"` // cell
	X []float64 `json:"x"`
	Z []float64 `json:"z"`
	Y []float64 `json:"y"`
	W []float64 `json:"w"`
}

type oracleCase struct {
	Name    string `json:"name"`
	Formula string `json:"formula"`
	Share   bool   `json:"share"`
	REML    bool   `json:"reml"`
	People  people `json:"people"`
	// Our estimates: standard deviations over that of the residual, and the coefficients of a share.
	Theta map[string]float64 `json:"theta"`
	Beta  []float64          `json:"beta"`

	model      pool.Model
	covariates int
	data       pool.Data
	targets    []pool.Target // of each person
	fitted     *pool.Fit
	singular   int
}

// oracleAnswer is what R finds itself, and what it says at our estimates.
type oracleAnswer struct{ Search, Point oracleFit }

type oracleFit struct {
	Fixed     []float64
	Vcov      [][]float64
	Variance  map[string]float64
	Sigma2    float64
	Criterion float64
	Effects   map[string]struct {
		Level    []string
		Value    []float64
		Variance []float64
	}
	Linear, SE []float64
}

// world is how people are made up.
type world struct {
	name                             string
	seed                             uint64
	functions, departments, families int
	people                           int
	sdF, sdD, sdC, sdG, noise        float64
	covariates                       int
	cell, reml, weighted, share      bool
	family                           pool.FamilyAs
	skewed                           bool // few large functions, many small ones
	rare                             float64
	nested                           bool // each function in few departments
	singular                         int  // terms that are estimated at 0
}

func (w world) build() *oracleCase {
	r := rand.New(rand.NewPCG(w.seed, 5))
	normal := func(n int, sd float64) []float64 {
		out := make([]float64, n)
		for i := range out {
			out[i] = sd * r.NormFloat64()
		}
		return out
	}
	c := &oracleCase{Name: w.name, Share: w.share, REML: w.reml, covariates: w.covariates,
		singular: w.singular, model: pool.Model{Cell: w.cell, Family: w.family, ML: !w.reml}}
	bf, bd, bg := normal(w.functions, w.sdF), normal(w.departments, w.sdD), normal(max(1, w.families), w.sdG)
	bc := normal(w.functions*w.departments, w.sdC)
	c.data = pool.Data{Functions: w.functions, Departments: w.departments, Covariates: w.covariates}
	if w.families > 0 {
		for f := range w.functions {
			c.data.Families = append(c.data.Families, f%w.families)
		}
	}
	p := &c.People
	for range w.people {
		f, d := r.IntN(w.functions), r.IntN(w.departments)
		if w.skewed {
			f = int(float64(w.functions) * math.Pow(r.Float64(), 3))
		}
		if w.nested {
			d = (f*7 + r.IntN(3)) % w.departments
		}
		x, z := float64(r.IntN(2)), float64(r.IntN(3))
		eta := bf[f] + bd[d] + bc[f*w.departments+d]
		if w.families > 0 {
			g := c.data.Families[f]
			eta += bg[g]
			p.G = append(p.G, g)
		}
		if w.covariates > 0 {
			eta += 0.5 * x
		}
		if w.covariates > 1 {
			eta -= 0.2 * z
		}
		weight := 1.0
		if w.weighted {
			weight = 0.3 + 2*r.Float64()
		}
		y := 0.0
		if w.share {
			if r.Float64() < 1/(1+math.Exp(-eta-w.rare)) {
				y = 1
			}
		} else {
			y = 2.5 + eta + w.noise/math.Sqrt(weight)*r.NormFloat64()
		}
		p.F, p.D, p.C = append(p.F, f), append(p.D, d), append(p.C, f*w.departments+d)
		p.X, p.Z, p.Y, p.W = append(p.X, x), append(p.Z, z), append(p.Y, y), append(p.W, weight)
		covariates := []float64{x, z}[:w.covariates]
		cell := pool.Cell{Function: f, Department: d, X: covariates}
		cell.Add(y, weight)
		c.data.Cells = append(c.data.Cells, cell)
		c.targets = append(c.targets, pool.Target{Function: f, Department: d, X: covariates})
	}
	c.Formula = "y ~ 1"
	for i := range w.covariates {
		c.Formula += " + " + []string{"x", "z"}[i]
	}
	if w.family == pool.FamilyFixed {
		c.Formula += " + g"
	}
	c.Formula += " + (1 | f) + (1 | d)"
	if w.cell {
		c.Formula += " + (1 | c)"
	}
	if w.family == pool.FamilyRandom {
		c.Formula += " + (1 | g)"
	}
	return c
}

func linearWorlds() []world {
	base := world{functions: 20, departments: 8, people: 500, sdF: 0.5, sdD: 0.3, noise: 0.8, reml: true}
	var out []world
	add := func(name string, change func(*world)) {
		w := base
		w.name, w.seed = name, uint64(len(out)+1)
		change(&w)
		out = append(out, w)
	}
	add("crossed", func(*world) {})
	add("maximum likelihood", func(w *world) { w.reml = false })
	add("covariates", func(w *world) { w.covariates = 2 })
	add("cell", func(w *world) { w.cell, w.sdC, w.people = true, 0.4, 900 })
	add("cell covariates weights", func(w *world) { w.cell, w.sdC, w.people, w.covariates, w.weighted = true, 0.4, 900, 2, true })
	add("weights", func(w *world) { w.weighted = true })
	add("weights ml", func(w *world) { w.weighted, w.reml = true, false })
	add("random families", func(w *world) { w.families, w.family, w.sdG, w.functions = 6, pool.FamilyRandom, 0.7, 40 })
	add("fixed families", func(w *world) { w.families, w.family, w.sdG = 4, pool.FamilyFixed, 0.7 })
	add("all terms", func(w *world) {
		w.families, w.family, w.sdG, w.functions, w.cell, w.sdC, w.covariates, w.weighted, w.people = 6, pool.FamilyRandom, 0.7, 40, true, 0.3, 2, true, 1500
	})
	add("all terms ml", func(w *world) {
		w.families, w.family, w.sdG, w.functions, w.cell, w.sdC, w.covariates, w.people, w.reml = 6, pool.FamilyRandom, 0.7, 40, true, 0.3, 1, 1500, false
	})
	add("singular department", func(w *world) { w.sdD, w.people, w.seed, w.singular = 0, 300, 1001, 1 })
	add("singular cell", func(w *world) { w.cell, w.people, w.seed, w.singular = true, 700, 1000, 1 })
	add("nothing differs", func(w *world) { w.sdD, w.sdF, w.people, w.seed, w.singular = 0, 0, 300, 1002, 2 })
	add("large differences", func(w *world) { w.sdD, w.sdF, w.noise = 4, 6, 0.2 })
	add("three departments", func(w *world) { w.departments, w.people = 3, 200 })
	add("skewed", func(w *world) { w.skewed, w.functions, w.departments, w.people = true, 100, 30, 1500 })
	add("nested", func(w *world) { w.nested, w.functions, w.departments, w.people = true, 60, 30, 1000 })
	add("sparse", func(w *world) { w.functions, w.departments, w.people = 150, 40, 400 })
	return out
}

func shareWorlds() []world {
	base := world{functions: 20, departments: 8, people: 900, sdF: 0.8, sdD: 0.5, share: true}
	var out []world
	add := func(name string, change func(*world)) {
		w := base
		w.name, w.seed = name, uint64(len(out)+101)
		change(&w)
		out = append(out, w)
	}
	add("crossed", func(*world) {})
	add("covariates", func(w *world) { w.covariates = 2 })
	add("cell", func(w *world) { w.cell, w.sdC, w.people = true, 0.8, 2500 })
	add("random families", func(w *world) {
		w.families, w.family, w.sdG, w.functions, w.people = 6, pool.FamilyRandom, 0.9, 40, 2000
	})
	add("fixed families", func(w *world) { w.families, w.family, w.sdG = 4, pool.FamilyFixed, 0.7 })
	add("all terms", func(w *world) {
		w.families, w.family, w.sdG, w.functions, w.cell, w.sdC, w.covariates, w.people = 6, pool.FamilyRandom, 0.9, 40, true, 0.7, 1, 3000
	})
	add("rare", func(w *world) { w.rare, w.people = -3, 1500 })
	add("singular department", func(w *world) { w.sdD, w.people, w.seed, w.singular = 0, 400, 1001, 1 })
	add("skewed", func(w *world) { w.skewed, w.functions, w.departments, w.people = true, 80, 25, 2500 })
	return out
}

// worst keeps the largest relative difference.
type worst struct {
	difference float64
	where      string
}

func (w *worst) see(where string, got, want, scale float64) {
	d := math.Abs(got-want) / math.Max(math.Abs(want), scale)
	if math.IsNaN(d) || d > w.difference {
		w.difference, w.where = d, fmt.Sprintf("%s: got %.12g, R %.12g", where, got, want)
	}
}

// compare returns the largest difference of estimates and the like. Values near zero are compared on the scale of their spread.
func (c *oracleCase) compare(t *testing.T, f *pool.Fit, a oracleFit) (estimates, criterion worst) {
	t.Helper()
	criterion.see("criterion", f.Deviance, a.Criterion, 0)
	estimates.see("sigma2", f.Residual, a.Sigma2, 0)
	for i, v := range a.Fixed {
		estimates.see("fixed "+strconv.Itoa(i), f.Coefficients[i], v, math.Sqrt(a.Vcov[i][i]))
		for j, v := range a.Vcov[i] {
			estimates.see(fmt.Sprintf("vcov %d %d", i, j), f.Covariance[i][j], v, math.Sqrt(a.Vcov[i][i]*a.Vcov[j][j]))
		}
	}
	for _, k := range f.Components {
		name := termNames[k.Term]
		want, there := a.Variance[name]
		if !there {
			t.Fatalf("R has no term %s", name)
		}
		estimates.see("variance "+name, k.Variance, want, 1e-2*a.Sigma2)
		effects := f.Effects(k.Term)
		place := map[int]int{}
		for i, e := range effects {
			if k.Term == pool.CellTerm {
				place[e.Function*c.data.Departments+e.Department] = i
			} else {
				place[i] = i
			}
		}
		sd := math.Sqrt(want) + 0.1*math.Sqrt(a.Sigma2)
		for i, level := range a.Effects[name].Level {
			n, err := strconv.Atoi(level)
			if err != nil {
				t.Fatal(err)
			}
			e := effects[place[n]]
			estimates.see("ranef "+name+level, e.Value, a.Effects[name].Value[i], sd)
			estimates.see("condVar "+name+level, e.Conditional, a.Effects[name].Variance[i], 1e-2*a.Sigma2)
		}
	}
	predictions, err := f.Predict(c.targets, pool.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range predictions {
		estimates.see(fmt.Sprintf("predict %d", i), p.Linear, a.Linear[i], a.SE[i])
		estimates.see(fmt.Sprintf("se %d", i), p.PluginSE, a.SE[i], 0)
	}
	return estimates, criterion
}

func (c *oracleCase) fit(t testing.TB) *pool.Fit {
	t.Helper()
	fit := pool.FitLinear
	if c.Share {
		fit = pool.FitShare
	}
	f, err := fit(t.Context(), &c.data, c.model)
	if err != nil {
		t.Fatalf("%s: %v", c.Name, err)
	}
	return f
}

var termNames = map[pool.Term]string{pool.FunctionTerm: "f", pool.DepartmentTerm: "d", pool.CellTerm: "c", pool.FamilyTerm: "g"}

// askR fits all cases and asks R about them.
func askR(t *testing.T, worlds []world) ([]*oracleCase, []oracleAnswer) {
	t.Helper()
	var cases []*oracleCase
	for _, w := range worlds {
		c := w.build()
		c.fitted = c.fit(t)
		c.Theta = map[string]float64{}
		for _, k := range c.fitted.Components {
			c.Theta[termNames[k.Term]] = math.Sqrt(k.Variance / c.fitted.Residual)
		}
		c.Beta = c.fitted.Coefficients
		cases = append(cases, c)
	}
	var answers []oracleAnswer
	testkit.AskR(t, "oracle_pool.R", cases, &answers)
	return cases, answers
}

// agrees compares a fit with R: at the same estimates to point, with what R finds itself to search; and no deviance that
// R finds may be lower than ours by more than rounding.
func (c *oracleCase) agrees(t *testing.T, a oracleAnswer, point, search float64) {
	t.Helper()
	singular := 0
	for _, k := range c.fitted.Components {
		if k.Singular {
			singular++
		}
	}
	if singular != c.singular {
		t.Errorf("%d terms are estimated at 0, not %d", singular, c.singular)
	}
	at, criterion := c.compare(t, c.fitted, a.Point)
	found, _ := c.compare(t, c.fitted, a.Search)
	t.Logf("%d steps; at our estimates %.1e, criterion %.1e; R's own %.1e (%s), deviance %.1e below R's", c.fitted.Steps, at.difference, criterion.difference,
		found.difference, found.where, a.Search.Criterion-c.fitted.Deviance)
	if !(at.difference <= point) {
		t.Errorf("differs at the same estimates: %s", at.where)
	}
	if !(criterion.difference <= 1e-11) {
		t.Errorf("the criterion differs at the same estimates: %s", criterion.where)
	}
	if !(found.difference <= search) {
		t.Errorf("R finds something else: %s", found.where)
	}
	if !(c.fitted.Deviance <= a.Search.Criterion+1e-10*math.Abs(a.Search.Criterion)) {
		t.Errorf("R finds a lower criterion: %v, not %v", a.Search.Criterion, c.fitted.Deviance)
	}
}

func TestLinearAgreesWithLmer(t *testing.T) {
	t.Parallel()
	cases, answers := askR(t, linearWorlds())
	for i, c := range cases {
		t.Run(c.Name, func(t *testing.T) { c.agrees(t, answers[i], 1e-8, 1e-5) })
	}
}

func TestShareAgreesWithGlmer(t *testing.T) {
	t.Parallel()
	cases, answers := askR(t, shareWorlds())
	for i, c := range cases {
		t.Run(c.Name, func(t *testing.T) { c.agrees(t, answers[i], 1e-8, 1e-4) })
	}
}
