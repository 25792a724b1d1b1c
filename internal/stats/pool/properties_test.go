package pool_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"tekentafel/internal/stats/pool"
)

// figures are what a reader sees of a fit.
func figures(t testing.TB, f *pool.Fit, targets []pool.Target) []float64 {
	t.Helper()
	out := append([]float64{f.Deviance, f.Residual}, f.Coefficients...)
	for _, c := range f.Components {
		out = append(out, c.Variance)
	}
	for _, p := range predict(t, f, targets, pool.Options{}) {
		out = append(out, p.Estimate, p.SE, p.Low, p.High, p.PluginSE)
	}
	return out
}

func same(t testing.TB, what string, a, b []float64, tolerance float64) {
	t.Helper()
	for i := range a {
		if !(math.Abs(a[i]-b[i]) <= tolerance*(1+math.Abs(a[i]))) {
			t.Fatalf("%s: figure %d is %v, then %v", what, i, a[i], b[i])
		}
	}
}

func TestNeitherTheOrderNorTheSplitOfCellsMatters(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := world{name: "drawn", seed: rapid.Uint64().Draw(rt, "seed"), functions: rapid.IntRange(3, 15).Draw(rt, "functions"), departments: rapid.IntRange(3, 8).Draw(rt, "departments"),
			people: rapid.IntRange(150, 400).Draw(rt, "people"), sdF: 0.6, sdD: 0.4, sdC: 0.4, noise: 0.7, reml: rapid.Bool().Draw(rt, "reml"), share: rapid.Bool().Draw(rt, "share"),
			cell: rapid.Bool().Draw(rt, "cell"), covariates: rapid.IntRange(0, 2).Draw(rt, "covariates")}
		c := w.build()
		targets := c.everywhere()
		before := figures(t, c.fit(t), targets)
		r := rand.New(rand.NewPCG(w.seed, 1))
		r.Shuffle(len(c.data.Cells), func(i, j int) { c.data.Cells[i], c.data.Cells[j] = c.data.Cells[j], c.data.Cells[i] })
		same(t, "another order", before, figures(t, c.fit(t), targets), 1e-6)
		// Cells of one person each, as they are, against cells of everybody.
		type key struct{ f, d, x, z int }
		merged := map[key]*pool.Cell{}
		var order []key
		for _, cell := range c.data.Cells {
			k := key{f: cell.Function, d: cell.Department}
			if len(cell.X) > 0 {
				k.x = int(cell.X[0])
			}
			if len(cell.X) > 1 {
				k.z = int(cell.X[1])
			}
			if merged[k] == nil {
				merged[k] = &pool.Cell{Function: cell.Function, Department: cell.Department, X: cell.X}
				order = append(order, k)
			}
			merged[k].Merge(cell.Tally)
		}
		c.data.Cells = nil
		for _, k := range order {
			c.data.Cells = append(c.data.Cells, *merged[k])
		}
		same(t, "merged", before, figures(t, c.fit(t), targets), 1e-6)
	})
}

func TestAScaleMovesAlong(t *testing.T) {
	t.Parallel()
	c := linearWorlds()[3].build()
	targets := c.everywhere()
	f := c.fit(t)
	moved := c.data
	moved.Cells = nil
	for i, cell := range c.data.Cells {
		other := pool.Cell{Function: cell.Function, Department: cell.Department}
		other.Add(1000+10*c.People.Y[i], 1)
		moved.Cells = append(moved.Cells, other)
	}
	g, err := pool.FitLinear(t.Context(), &moved, c.model)
	if err != nil {
		t.Fatal(err)
	}
	a, b := predict(t, f, targets, pool.Options{}), predict(t, g, targets, pool.Options{})
	for i := range a {
		same(t, "ten times and a thousand more", []float64{1000 + 10*a[i].Estimate, 10 * a[i].SE, 1000 + 10*a[i].Low}, []float64{b[i].Estimate, b[i].SE, b[i].Low}, 1e-7)
	}
}

// With one department the model is one-way, and the BLUP has a closed form (Searle, Casella & McCulloch 1992, section 3.3): a mean is
// drawn towards the mean of all by 1 / (1 + n gamma).
func TestAMeanIsDrawnTowardsTheMeanOfAllByWhatItLacks(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(8, 8))
	d := pool.Data{Functions: 25, Departments: 1}
	var targets []pool.Target
	for f := range d.Functions {
		b := 0.5 * r.NormFloat64()
		c := pool.Cell{Function: f}
		for range 1 + r.IntN(30) {
			c.Add(2.5+b+0.8*r.NormFloat64(), 1)
		}
		d.Cells = append(d.Cells, c)
		targets = append(targets, pool.Target{Function: f})
	}
	f, err := pool.FitLinear(t.Context(), &d, pool.Model{})
	if err != nil {
		t.Fatal(err)
	}
	if f.Components[1].Doubt != pool.OneLevel || f.Components[1].Variance != 0 {
		t.Errorf("one department: %+v", f.Components[1])
	}
	gamma, mu := f.Components[0].Variance/f.Residual, f.Coefficients[0]
	for i, p := range predict(t, f, targets, pool.Options{}) {
		n := float64(d.Cells[i].N)
		raw := d.Cells[i].Sum / n
		if want := mu + (raw-mu)*n*gamma/(1+n*gamma); math.Abs(p.Estimate-want) > 1e-10 {
			t.Errorf("function %d of %v people: %v, not %v", i, n, p.Estimate, want)
		}
		if math.Abs(p.Estimate-mu) > math.Abs(raw-mu) {
			t.Errorf("function %d lies farther from the mean of all than its own mean", i)
		}
	}
}

func TestAVarianceOfZeroIsFoundAndIsALowerDeviance(t *testing.T) {
	t.Parallel()
	singular := 0
	for seed := range uint64(40) {
		for _, share := range []bool{false, true} {
			w := world{name: "singular", seed: seed, functions: 12, departments: 6, people: 300, sdF: 0.6, noise: 0.8, reml: true, share: share, cell: true}
			c := w.build()
			f := c.fit(t)
			for _, k := range f.Components {
				if !k.Singular {
					continue
				}
				singular++
				if k.Variance != 0 || k.Doubt != 0 || k.SE <= 0 {
					t.Errorf("%+v", k)
				}
				for _, e := range f.Effects(k.Term) {
					if e.Value != 0 || e.Conditional != 0 {
						t.Fatalf("a term without variance has the effect %+v", e)
					}
				}
			}
			for _, p := range predict(t, f, c.everywhere(), pool.Options{}) {
				if math.IsNaN(p.Estimate) || !(p.SE > 0) || !(p.Low < p.Estimate && p.Estimate < p.High) {
					t.Fatalf("seed %d: %+v", seed, p)
				}
				if p.LinearSE < p.PluginSE {
					t.Fatalf("seed %d: %+v", seed, p)
				}
			}
		}
	}
	if singular < 20 {
		t.Errorf("only %d terms were singular: the test has nothing to look at", singular)
	}
}

func TestTermsThatCannotBeToldApartAreNamed(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 5))
	// Data of persons whose function, department and family follow from a number.
	made := func(functions, departments int, place func(i int) (f, d int), families []int) *pool.Data {
		d := &pool.Data{Functions: functions, Departments: departments, Families: families}
		for i := range 200 {
			f, k := place(i)
			c := pool.Cell{Function: f, Department: k}
			c.Add(2+0.3*float64(f%3)+0.2*float64(k%2)+0.7*r.NormFloat64(), 1)
			d.Cells = append(d.Cells, c)
		}
		return d
	}
	crossed := func(i int) (int, int) { return i % 8, i / 8 % 5 }
	for _, c := range []struct {
		name  string
		data  *pool.Data
		model pool.Model
		doubt []pool.Doubt // of each component
	}{
		{"crossed", made(8, 5, crossed, nil), pool.Model{Cell: true}, []pool.Doubt{0, 0, 0}},
		{"one function", made(1, 5, func(i int) (int, int) { return 0, i % 5 }, nil), pool.Model{Cell: true}, []pool.Doubt{pool.OneLevel, 0, pool.AsAnother}},
		{"one department", made(8, 1, func(i int) (int, int) { return i % 8, 0 }, nil), pool.Model{Cell: true}, []pool.Doubt{0, pool.OneLevel, pool.AsAnother}},
		{"one of both", made(1, 1, func(int) (int, int) { return 0, 0 }, nil), pool.Model{Cell: true}, []pool.Doubt{pool.OneLevel, pool.OneLevel, pool.OneLevel}},
		{"a department for each function", made(8, 8, func(i int) (int, int) { return i % 8, i % 8 }, nil), pool.Model{}, []pool.Doubt{0, pool.AsAnother}},
		{"functions in one department each", made(8, 4, func(i int) (int, int) { return i % 8, i % 4 }, nil), pool.Model{Cell: true}, []pool.Doubt{0, 0, pool.AsAnother}},
		{"a function for each person", made(200, 4, func(i int) (int, int) { return i, i % 4 }, nil), pool.Model{}, []pool.Doubt{pool.AsAnother, 0}},
		{"a family for each function", made(8, 5, crossed, []int{0, 1, 2, 3, 4, 5, 6, 7}), pool.Model{Family: pool.FamilyRandom}, []pool.Doubt{0, 0, pool.AsAnother}},
		{"a fixed family for each function", made(8, 5, crossed, []int{0, 1, 2, 3, 4, 5, 6, 7}), pool.Model{Family: pool.FamilyFixed}, []pool.Doubt{pool.AsAnother, 0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f, err := pool.FitLinear(t.Context(), c.data, c.model)
			if err != nil {
				t.Fatal(err)
			}
			for i, k := range f.Components {
				if k.Doubt != c.doubt[i] {
					t.Errorf("%v: %q, not %q", k.Term, k.Doubt, c.doubt[i])
				}
				if k.Doubt != 0 && (k.Variance != 0 || k.Singular) {
					t.Errorf("%v was not estimated but is %+v", k.Term, k)
				}
			}
			p := predict(t, f, []pool.Target{{Function: 0, Department: 0}}, pool.Options{Rule: pool.Rule{MinLevels: 1}})[0]
			if math.IsNaN(p.Estimate) || !(p.SE > 0) {
				t.Errorf("%+v", p)
			}
			if want := f.Components[0].Doubt | f.Components[1].Doubt; p.Doubt != want {
				t.Errorf("the cell is doubted for %q, not %q", p.Doubt, want)
			}
		})
	}
}

func TestDataThatSaysNothingIsAClearError(t *testing.T) {
	t.Parallel()
	cell := func(f, d int, ys ...float64) pool.Cell {
		c := pool.Cell{Function: f, Department: d}
		for _, y := range ys {
			c.Add(y, 1)
		}
		return c
	}
	with := func(x float64, c pool.Cell) pool.Cell {
		c.X = []float64{x}
		return c
	}
	two := func(cells ...pool.Cell) pool.Data { return pool.Data{Functions: 2, Departments: 2, Cells: cells} }
	withX := func(cells ...pool.Cell) pool.Data {
		return pool.Data{Functions: 2, Departments: 2, Covariates: 1, Cells: cells}
	}
	broken := func(change func(*pool.Cell)) pool.Data {
		c := cell(0, 0, 1, 2, 3)
		change(&c)
		return two(c, cell(1, 1, 1, 2, 3))
	}
	for _, c := range []struct {
		name  string
		data  pool.Data
		model pool.Model
		share bool
		want  any // an error, or a pointer to one of a type
	}{
		{"nothing", pool.Data{}, pool.Model{}, false, new(*pool.DataError)},
		{"no cell", two(), pool.Model{}, false, pool.ErrEmpty},
		{"cells of nobody", two(cell(0, 0), cell(1, 1)), pool.Model{}, true, pool.ErrEmpty},
		{"one person", two(cell(0, 0, 2)), pool.Model{}, false, pool.ErrFew},
		{"constant", two(cell(0, 0, 2, 2), cell(1, 1, 2, 2)), pool.Model{}, false, pool.ErrConstant},
		{"constant, far from zero", two(cell(0, 0, 0.1, 0.1, 0.1), cell(1, 1, 0.1, 0.1), cell(0, 1, 0.1)), pool.Model{}, false, pool.ErrConstant},
		{"all yes", two(cell(0, 0, 1, 1), cell(1, 1, 1)), pool.Model{}, true, pool.ErrConstant},
		{"all no", two(cell(0, 0, 0, 0), cell(1, 1, 0)), pool.Model{}, true, pool.ErrConstant},
		{"no share", two(cell(0, 0, 2, 1), cell(1, 1, 3)), pool.Model{}, true, new(*pool.DataError)},
		{"cells that agree", two(cell(0, 0, 1, 1), cell(0, 1, 3, 3), cell(1, 0, 2, 2), cell(1, 1, 2, 2)), pool.Model{Cell: true}, false, pool.ErrNoNoise},
		{"constant covariate", withX(with(3, cell(0, 0, 1, 2)), with(3, cell(1, 1, 2, 3))), pool.Model{}, false, new(*pool.AliasedError)},
		{"separated", withX(with(0, cell(0, 0, 0, 0, 0)), with(0, cell(1, 1, 0, 0)), with(1, cell(0, 1, 1, 1)), with(1, cell(1, 0, 1, 1, 1))), pool.Model{}, true, pool.ErrSeparated},
		{"function", two(cell(2, 0, 1, 2)), pool.Model{}, false, new(*pool.DataError)},
		{"department", two(cell(0, -1, 1, 2)), pool.Model{}, false, new(*pool.DataError)},
		{"covariates", withX(cell(0, 0, 1, 2)), pool.Model{}, false, new(*pool.DataError)},
		{"covariate", withX(with(math.NaN(), cell(0, 0, 1, 2))), pool.Model{}, false, new(*pool.DataError)},
		{"infinite", broken(func(c *pool.Cell) { c.WeightedSum = math.Inf(1) }), pool.Model{}, false, new(*pool.DataError)},
		{"negative weight", broken(func(c *pool.Cell) { c.Weight = -1 }), pool.Model{}, false, new(*pool.DataError)},
		{"people without weight", broken(func(c *pool.Cell) { c.Weight = 0 }), pool.Model{}, false, new(*pool.DataError)},
		{"squares", broken(func(c *pool.Cell) { c.WeightedSquares = 1 }), pool.Model{}, false, new(*pool.DataError)},
		{"no families", two(cell(0, 0, 1, 2)), pool.Model{Family: pool.FamilyRandom}, false, new(*pool.DataError)},
		{"too few families", pool.Data{Functions: 2, Departments: 1, Families: []int{0}}, pool.Model{}, false, new(*pool.DataError)},
		{"family", pool.Data{Functions: 2, Departments: 1, Families: []int{0, 5}}, pool.Model{}, false, new(*pool.DataError)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			fit := pool.FitLinear
			if c.share {
				fit = pool.FitShare
			}
			f, err := fit(t.Context(), &c.data, c.model)
			if f != nil || err == nil || err.Error() == "" {
				t.Fatalf("a fit, or no error: %v", err)
			}
			right := false
			switch want := c.want.(type) {
			case error:
				right = errors.Is(err, want)
			default:
				right = errors.As(err, want)
			}
			if !right {
				t.Errorf("%T: %v", err, err)
			}
		})
	}
}

func TestAFitStopsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c := linearWorlds()[0].build()
	if _, err := pool.FitLinear(ctx, &c.data, c.model); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	f := c.fit(t)
	targets := c.everywhere()
	if _, err := f.Rank(ctx, targets, make([]int, len(targets)), 1, pool.RankOptions{Worst: 1}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestTargetsThatAreNotAreRefused(t *testing.T) {
	t.Parallel()
	linear, share := linearWorlds()[2].build(), shareWorlds()[0].build()
	f, s := linear.fit(t), share.fit(t)
	x := []float64{1, 1}
	for i, c := range []struct {
		fit    *pool.Fit
		target pool.Target
		finite bool
	}{
		{f, pool.Target{Function: -1, X: x}, false},
		{f, pool.Target{Function: 20, X: x}, false},
		{f, pool.Target{Department: 8, X: x}, false},
		{f, pool.Target{X: x[:1]}, false},
		{f, pool.Target{X: []float64{1, math.Inf(1)}}, false},
		{f, pool.Target{X: x}, true},
		{f, pool.Target{X: x, Size: math.NaN()}, true},
		{f, pool.Target{X: x, Size: 2, Known: pool.TallyOf(3, 6, 12)}, true},
		{s, pool.Target{Size: 9, Known: pool.TallyOf(3, 4, 12)}, true},
	} {
		var e *pool.TargetError
		if _, err := c.fit.Predict([]pool.Target{c.target}, pool.Options{Finite: c.finite}); !errors.As(err, &e) || e.Target != 0 {
			t.Errorf("%d: %v", i, err)
		}
	}
	good := pool.Target{X: x, Size: 3}
	for i, c := range []struct {
		targets []pool.Target
		group   []int
		groups  int
	}{
		{[]pool.Target{good}, nil, 1},
		{[]pool.Target{good}, []int{1}, 1},
		{[]pool.Target{good}, []int{0}, 2},
		{[]pool.Target{{X: x}}, []int{0}, 1},
		{[]pool.Target{{X: x, Size: -1}}, []int{0}, 1},
	} {
		var e *pool.TargetError
		if _, err := f.Aggregate(c.targets, c.group, c.groups, pool.Options{}); !errors.As(err, &e) {
			t.Errorf("%d: %v", i, err)
		}
	}
}

func ExampleDoubt() {
	fmt.Println(pool.FewInFunction | pool.WideInterval)
	// Output: few respondents in the function, wide interval
}
