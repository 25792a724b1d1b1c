package pool

import (
	"math"
	"math/rand/v2"
	"testing"
)

// drawn is a small data set with families, covariates and weights.
func drawn(seed uint64, share bool) *Data {
	r := rand.New(rand.NewPCG(seed, 2))
	d := &Data{Functions: 9, Departments: 5, Covariates: 1, Families: []int{0, 1, 2, 0, 1, 2, 0, 1, 2}}
	effect := make([]float64, 64)
	for i := range effect {
		effect[i] = 0.6 * r.NormFloat64()
	}
	for range 260 {
		c := Cell{Function: r.IntN(9), Department: r.IntN(5), X: []float64{float64(r.IntN(2))}}
		eta := effect[c.Function] + effect[10+c.Department] + effect[16+c.Function*5+c.Department] + 0.4*c.X[0]
		y, w := eta+0.8*r.NormFloat64(), 0.5+r.Float64()
		if share {
			w = 1
			y = 0
			if r.Float64() < expit(eta) {
				y = 1
			}
		}
		c.Add(y, w)
		d.Cells = append(d.Cells, c)
	}
	return d
}

var allTerms = []Term{FunctionTerm, DepartmentTerm, CellTerm, FamilyTerm}

func TestTheSlopeIsThatOfTheDeviance(t *testing.T) {
	t.Parallel()
	model := Model{Cell: true, Family: FamilyRandom}
	ml := model
	ml.ML = true
	d, s := drawn(1, false), drawn(2, true)
	free := newShares(newLayout(s, model), model)
	free.active = allTerms
	for range allTerms {
		free.moves = append(free.moves, free.s.zero())
	}
	for _, c := range []struct {
		name string
		criterion
		points [][]float64
	}{
		{"REML", newLinear(newLayout(d, model), model, allTerms), [][]float64{{1, 1, 1, 1}, {0.3, 0.02, 0.1, 2}, {0, 0.2, 0.1, 0.1}, {0.5, 0, 0.3, 0}, {0.4, 0.2, 0, 0.1}, {0, 0, 0, 0}}},
		{"ML", newLinear(newLayout(d, ml), ml, allTerms), [][]float64{{1, 1, 1, 1}, {0.3, 0.02, 0.1, 2}, {0, 0.2, 0.1, 0.1}, {0.5, 0, 0.3, 0}, {0, 0, 0, 0}}},
		{"Laplace", free, [][]float64{{1, 1, 1, 1, 0.1, 0.3}, {0.3, 0.02, 0.1, 2, -0.5, 1}, {0, 0.2, 0.1, 0.1, 0, 0}, {0.5, 0, 0.3, 0, 0.2, 0.2}, {0.4, 0.2, 0, 0.1, 1, 1}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, x := range c.points {
				if _, err := c.value(x); err != nil {
					t.Fatal(err)
				}
				g, h := c.slope()
				for i := range x {
					want := numericSlope(t, c.criterion, x, i)
					if math.Abs(g[i]-want) > 1e-5*(1+math.Abs(want)) {
						t.Errorf("at %v, coordinate %d: slope %v, by differences %v", x, i, g[i], want)
					}
					if !(h[i*len(x)+i] > 0) {
						t.Errorf("at %v, coordinate %d: curvature %v", x, i, h[i*len(x)+i])
					}
				}
			}
		})
	}
}

// numericSlope is by central differences, forward ones at a variance of 0, extrapolated once.
func numericSlope(t *testing.T, c criterion, x []float64, i int) float64 {
	t.Helper()
	at := func(step float64) float64 {
		y := append([]float64(nil), x...)
		y[i] += step
		f, err := c.value(y)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	if i < len(allTerms) && x[i] == 0 {
		const h = 2e-4
		f := at(0)
		return (-25*f + 48*at(h) - 36*at(2*h) + 16*at(3*h) - 3*at(4*h)) / (12 * h)
	}
	h := 1e-3
	if i < len(allTerms) {
		h = 1e-2 * x[i]
	}
	one, two := (at(h)-at(-h))/(2*h), (at(2*h)-at(-2*h))/(4*h)
	return (4*one - two) / 3
}

func TestEffectsMoveWithVariancesAsTheySay(t *testing.T) {
	t.Parallel()
	model := Model{Cell: true, Family: FamilyRandom}
	c := newLinear(newLayout(drawn(1, false), model), model, allTerms)
	x := []float64{0.4, 0.2, 0.1, 0.7}
	if _, err := c.value(x); err != nil {
		t.Fatal(err)
	}
	c.slope()
	moves := c.moves
	copyOf := func(e effects) []float64 {
		return append(append(append(append([]float64(nil), e.cell...), e.function...), e.family...), e.dense...)
	}
	for i := range x {
		const h = 1e-5
		at := func(step float64) []float64 {
			y := append([]float64(nil), x...)
			y[i] += step
			if _, err := c.value(y); err != nil {
				t.Fatal(err)
			}
			return copyOf(c.values)
		}
		up, down := at(h), at(-h)
		for j, got := range copyOf(moves[i]) {
			if want := (up[j] - down[j]) / (2 * h); math.Abs(got-want) > 1e-6 {
				t.Fatalf("effect %d by the variance of term %v: %v, by differences %v", j, allTerms[i], got, want)
			}
		}
	}
}

func TestMomentsOfANormalCutOffAtZero(t *testing.T) {
	t.Parallel()
	for _, mu := range []float64{0, -0.3, -2, -19.9, -20.1, -60} {
		const sd = 0.7
		// By the midpoint rule on the part that has mass.
		width := 12.0 / math.Max(1, -mu)
		mass, first, second := 0.0, 0.0, 0.0
		const n = 200_000
		for i := range n {
			x := (float64(i) + 0.5) / n * width
			z0, z := mu, x/sd-mu
			p := math.Exp(-(z*z - z0*z0) / 2)
			mass += p
			first += p * x
			second += p * x * x
		}
		m, s := cutOff(mu*sd, sd)
		if math.Abs(m-first/mass) > 2e-2*m || math.Abs(s-second/mass) > 2e-2*s {
			t.Errorf("mean %v and second moment %v at %v standard deviations below 0, numerically %v and %v", m, s, -mu, first/mass, second/mass)
		}
	}
}

func TestCountsHaveTheQuantilesOfTheirDistribution(t *testing.T) {
	t.Parallel()
	h := newHermite()
	// A binomial, where the log odds are certain: qbinom(c(0.025, 0.975), n, p).
	for _, c := range []struct {
		n         int
		p         float64
		low, high int
	}{{1, 0.5, 0, 1}, {20, 0.5, 6, 14}, {20, 0.01, 0, 1}, {20, 0.99, 19, 20}, {200, 0.3, 48, 73}, {200, 0.9999, 200, 200}, {0, 0.4, 0, 0}} {
		low, high := h.count(c.n, math.Log(c.p/(1-c.p)), 0, 0.025)
		if low != c.low || high != c.high {
			t.Errorf("%d people of %v: %d to %d, not %d to %d", c.n, c.p, low, high, c.low, c.high)
		}
	}
	r := rand.New(rand.NewPCG(4, 4))
	below, above, draws := 0, 0, 100_000
	low, high := h.count(60, 0.4, 0.8, 0.025)
	for range draws {
		p, k := expit(0.4+0.8*r.NormFloat64()), 0
		for range 60 {
			if r.Float64() < p {
				k++
			}
		}
		if k < low {
			below++
		}
		if k > high {
			above++
		}
	}
	for _, tail := range []int{below, above} {
		if share := float64(tail) / float64(draws); share > 0.027 || share < 0.012 {
			t.Errorf("%v of draws lie outside %d to %d on one side", share, low, high)
		}
	}
}
