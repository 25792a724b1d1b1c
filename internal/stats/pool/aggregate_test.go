package pool_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"tekentafel/internal/stats/pool"
)

func aggregate(t testing.TB, f *pool.Fit, targets []pool.Target, group []int, groups int, o pool.Options) *pool.Aggregates {
	t.Helper()
	a, err := f.Aggregate(targets, group, groups, o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestTheErrorOfAnAggregateIsThatOfDrawsFromItsCells(t *testing.T) {
	t.Parallel()
	for _, w := range smallWorlds() {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			c := w.build()
			f := c.fit(t)
			targets := c.everywhere()
			n := len(targets)
			// Cells one by one and departments, in one list, so that the covariance of any two can be had.
			list, group := append(append([]pool.Target(nil), targets...), targets...), make([]int, 2*n)
			for i := range targets {
				group[i], group[n+i] = i, n+targets[i].Department
			}
			a := aggregate(t, f, list, group, n+c.data.Departments, pool.Options{})
			size := make([]float64, c.data.Departments)
			for _, x := range targets {
				size[x.Department] += x.Size
			}
			for d := range c.data.Departments {
				mean, variance := 0.0, 0.0
				for i, x := range targets {
					if x.Department != d {
						continue
					}
					mean += x.Size / size[d] * a.Predictions[i].Estimate
					for j, y := range targets {
						if y.Department == d {
							variance += x.Size * y.Size / (size[d] * size[d]) * a.Covariance(i, j)
						}
					}
				}
				p := a.Predictions[n+d]
				if math.Abs(p.Estimate-mean) > 1e-9 || math.Abs(p.SE*p.SE-variance) > 1e-9*variance {
					t.Errorf("department %d: %v with error %v, from its cells %v and %v", d, p.Estimate, p.SE, mean, math.Sqrt(variance))
				}
			}
			for i, p := range predict(t, f, targets, pool.Options{}) {
				q := a.Predictions[i]
				for _, pair := range [][2]float64{{p.Estimate, q.Estimate}, {p.SE, q.SE}, {p.Low, q.Low}, {p.High, q.High}, {p.SE * p.SE, a.Covariance(i, i)}} {
					if math.Abs(pair[0]-pair[1]) > 1e-9 {
						t.Fatalf("a group of one cell says %+v, the cell %+v", q, p)
					}
				}
			}
		})
	}
}

// The plug-in covariance of two cells, by the whole matrix, with the variances of the model so well known that nothing is added.
func TestTheCovarianceOfCellsIsThatOfTheWholeMatrix(t *testing.T) {
	t.Parallel()
	c := world{name: "large", seed: 44, functions: 12, departments: 8, people: 400, sdF: 0.6, sdD: 0.4, sdC: 0.5, noise: 0.7, reml: true, covariates: 1, cell: true}.build()
	f := c.fit(t)
	// Without the two additions, which the other tests see, this is exact.
	f = pool.PluginOnly(f)
	m := newWhole(c, f)
	targets := c.everywhere()
	group := make([]int, len(targets))
	for i := range group {
		group[i] = i
	}
	a := aggregate(t, f, targets, group, len(targets), pool.Options{})
	for i := 0; i < len(targets); i += 5 {
		for j := range targets {
			x, y := m.row(targets[i]), m.row(targets[j])
			want := m.covariance(x, y)
			if math.Abs(a.Covariance(i, j)-want) > 1e-7*math.Sqrt(m.covariance(x, x)*m.covariance(y, y)) {
				t.Fatalf("covariance of %d and %d: %v, by the whole matrix %v", i, j, a.Covariance(i, j), want)
			}
		}
	}
}

func TestWhoIsKnownIsNotPredicted(t *testing.T) {
	t.Parallel()
	for _, share := range []bool{false, true} {
		r := rand.New(rand.NewPCG(3, 3))
		w := setting{functions: 20, departments: 8, perCell: 3, population: 1, sdF: 0.5, sdD: 0.4, noise: 0.7, share: share}.draw(r)
		fit := pool.FitLinear
		if share {
			fit = pool.FitShare
		}
		f, err := fit(t.Context(), &w.data, pool.Model{})
		if err != nil {
			t.Fatal(err)
		}
		all := append([]pool.Target(nil), w.targets...)
		for i := range all {
			if all[i].Known.N == 0 {
				all[i].Known = pool.TallyOfShare(1, 1)
			}
			all[i].Size = float64(all[i].Known.N)
		}
		for i, p := range predict(t, f, all, pool.Options{Finite: true}) {
			mean := all[i].Known.Sum / all[i].Size
			if math.Abs(p.Estimate-mean) > 1e-12 || p.SE != 0 || math.Abs(p.Low-mean) > 1e-12 || math.Abs(p.High-mean) > 1e-12 {
				t.Fatalf("everybody answered, with mean %v, and the prediction is %+v", mean, p)
			}
		}
		free, finite := predict(t, f, w.targets, pool.Options{}), predict(t, f, w.targets, pool.Options{Finite: true})
		for i, x := range w.targets {
			n := float64(x.Known.N)
			want := (x.Known.Sum + (x.Size-n)*free[i].Estimate) / x.Size
			if math.Abs(finite[i].Estimate-want) > 1e-12 {
				t.Fatalf("target %d: %v, not %v", i, finite[i].Estimate, want)
			}
			if p := finite[i]; share && (p.Low < x.Known.Sum/x.Size-1e-12 || p.High > (x.Known.Sum+x.Size-n)/x.Size+1e-12) {
				t.Fatalf("target %d: %v of %d people say yes, %v are there, and the interval is %v to %v", i, x.Known.Sum, x.Known.N, x.Size, p.Low, p.High)
			}
		}
	}
}

func TestSharesOfCellsAddUp(t *testing.T) {
	t.Parallel()
	c := shareWorlds()[0].build()
	f := c.fit(t)
	targets := c.everywhere()
	a := aggregate(t, f, targets, make([]int, len(targets)), 1, pool.Options{})
	sum, size := 0.0, 0.0
	for i, p := range predict(t, f, targets, pool.Options{}) {
		sum += targets[i].Size * p.Estimate
		size += targets[i].Size
	}
	p := a.Predictions[0]
	if math.Abs(p.Estimate-sum/size) > 1e-12 {
		t.Errorf("everybody: %v, from the cells %v", p.Estimate, sum/size)
	}
	if !(p.Low > 0 && p.Low < p.Estimate && p.Estimate < p.High && p.High < 1) {
		t.Errorf("interval %v to %v about %v", p.Low, p.High, p.Estimate)
	}
}

func TestADifferenceOfGroupsTakesOutWhatTheyShare(t *testing.T) {
	t.Parallel()
	c := linearWorlds()[0].build()
	f := c.fit(t)
	targets := []pool.Target{{Function: 3, Department: 2, Size: 1}, {Function: 3, Department: 5, Size: 1}}
	a := aggregate(t, f, targets, []int{0, 1}, 2, pool.Options{})
	d := a.Difference(0, 1)
	want := math.Sqrt(a.Covariance(0, 0) + a.Covariance(1, 1) - 2*a.Covariance(0, 1))
	if math.Abs(d.SE-want) > 1e-12 || math.Abs(d.Difference-(a.Predictions[0].Estimate-a.Predictions[1].Estimate)) > 1e-12 {
		t.Errorf("%+v; its error by the covariances is %v", d, want)
	}
	apart := pool.Compare(a.Predictions[1], a.Predictions[0], 0)
	if d.SE >= apart.SE {
		t.Errorf("cells of one function share an error, but the difference has error %v, and %v as if apart", d.SE, apart.SE)
	}
}
