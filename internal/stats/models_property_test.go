package stats_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tekentafel/internal/stats"
)

// modelUnits are rows that can be put in another order, weighted otherwise or cut in parts.
type modelUnits struct {
	columns [][]float64 // the last is the outcome
	weights []float64
	strata  []uint32
	psu     []uint32
}

func drawUnits(rt *rapid.T) modelUnits {
	p := rapid.IntRange(1, 4).Draw(rt, "predictors")
	n := rapid.IntRange(40, 400).Draw(rt, "units")
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 3))
	u := modelUnits{columns: make([][]float64, p+1)}
	for i := range n {
		common := rng.NormFloat64()
		for j := range p + 1 {
			v := math.Round(3 + common + rng.NormFloat64())
			if rng.IntN(40) == 0 {
				v = math.NaN()
			}
			u.columns[j] = append(u.columns[j], v)
		}
		u.weights = append(u.weights, 0.2+rng.Float64())
		u.psu = append(u.psu, uint32(i/3))
		u.strata = append(u.strata, uint32(i/3%3))
	}
	return u
}

func (u modelUnits) design() *stats.Design {
	d := &stats.Design{N: len(u.weights), Weights: u.weights, Strata: u.strata, NStrata: 3, Clusters: u.psu}
	for _, c := range u.psu {
		d.NClusters = max(d.NClusters, int(c)+1)
	}
	return d
}

// scored gives the columns one set of values, so that parts agree.
func (u modelUnits) scored() []stats.Scored {
	values := []float64{math.NaN()}
	for v := -6; v <= 12; v++ {
		values = append(values, float64(v))
	}
	var out []stats.Scored
	for _, column := range u.columns {
		codes := make([]uint8, len(column))
		for i, v := range column {
			if !math.IsNaN(v) {
				codes[i] = uint8(max(-6, min(12, v)) + 7)
			}
		}
		out = append(out, stats.Scored{Codes: stats.Codes{U8: codes, K: len(values)}, Values: values})
	}
	return out
}

// rows returns the units at some positions.
func (u modelUnits) rows(at []int) modelUnits {
	out := modelUnits{columns: make([][]float64, len(u.columns))}
	for _, i := range at {
		for j := range u.columns {
			out.columns[j] = append(out.columns[j], u.columns[j][i])
		}
		out.weights = append(out.weights, u.weights[i])
		out.strata = append(out.strata, u.strata[i])
		out.psu = append(out.psu, u.psu[i])
	}
	return out
}

// modelFigures are all figures of the models of some units; rounded to 9 digits where they hang on the order of sums.
func (u modelUnits) figures(rt *rapid.T, d *stats.Design) []float64 {
	columns := u.scored()
	m, err := stats.GatherMoments(d, columns)
	if err != nil {
		rt.Fatal(err)
	}
	figures := momentFigures(rt, m)
	o, err := stats.OrdinalRegression(d, columns[len(columns)-1], columns[:len(columns)-1])
	if err != nil {
		rt.Fatal(err)
	}
	for _, c := range o.Slopes {
		figures = append(figures, c.Estimate, c.SE)
	}
	return append(figures, o.Thresholds...)
}

func momentFigures(rt *rapid.T, m *stats.Moments) []float64 {
	outcome := len(m.Means) - 1
	var predictors []int
	for j := range outcome {
		predictors = append(predictors, j)
	}
	r, err := m.Regress(outcome, predictors)
	if err != nil {
		rt.Fatal(err)
	}
	imp, err := m.Importance(outcome, predictors, stats.ImportanceOptions{Draws: 60, Seed: 5})
	if err != nil {
		rt.Fatal(err)
	}
	figures := []float64{float64(r.N), r.DF, r.R2, imp.R2.Low, imp.R2.High, r.Intercept.Estimate, r.Intercept.SE}
	for j, c := range r.Slopes {
		figures = append(figures, c.Estimate, c.SE, c.P, c.Standard, c.VIF,
			imp.Parts[j], imp.Shares[j].Low, imp.Shares[j].High)
	}
	return figures
}

// same fails unless figures agree to rounding.
func same(rt *rapid.T, what string, got, want []float64) {
	for i := range want {
		if !(math.Abs(got[i]-want[i]) <= 1e-7*max(math.Abs(want[i]), 1e-3)) {
			rt.Fatalf("%s: figure %d is %v, was %v", what, i, got[i], want[i])
		}
	}
}

func TestModelsDoNotHangOnTheOrderOfRows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		u := drawUnits(rt)
		want := u.figures(rt, u.design())
		at := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "order"), 1)).Perm(len(u.weights))
		mixed := u.rows(at)
		same(rt, "rows in another order", mixed.figures(rt, mixed.design()), want)
	})
}

func TestModelsDoNotHangOnTheScaleOfWeights(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		u := drawUnits(rt)
		want := u.figures(rt, u.design())
		factor := rapid.Float64Range(1e-3, 1e4).Draw(rt, "factor")
		d := u.design()
		d.Weights = make([]float64, len(u.weights))
		for i, w := range u.weights {
			d.Weights[i] = factor * w
		}
		same(rt, "weights on another scale", u.figures(rt, d), want)
	})
}

func TestModelsWithEqualWeightsAreUnweighted(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		u := drawUnits(rt)
		d := u.design()
		d.Weights = nil
		want := u.figures(rt, d)
		d.Weights = make([]float64, len(u.weights))
		for i := range d.Weights {
			d.Weights[i] = 1
		}
		same(rt, "weights of 1", u.figures(rt, d), want)
	})
}

func TestPartsOfAWaveGiveTheWholeWave(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		u := drawUnits(rt)
		whole, err := stats.GatherMoments(u.design(), u.scored())
		if err != nil {
			rt.Fatal(err)
		}
		cut := rapid.IntRange(4, len(u.weights)/3-4).Draw(rt, "cut") * 3 // between sampling units
		var head, tail []int
		for i := range u.weights {
			if i < cut {
				head = append(head, i)
			} else {
				tail = append(tail, i)
			}
		}
		var parts []*stats.Moments
		for _, at := range [][]int{head, tail} {
			part := u.rows(at)
			m, err := stats.GatherMoments(part.design(), part.scored())
			if err != nil {
				rt.Fatal(err)
			}
			parts = append(parts, m)
		}
		merged, err := stats.MergeMoments(parts...)
		if err != nil {
			rt.Fatal(err)
		}
		same(rt, "parts", momentFigures(rt, merged), momentFigures(rt, whole))
	})
}

func TestImportanceAddsUpToExplainedVariance(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		u := drawUnits(rt)
		m, err := stats.GatherMoments(u.design(), u.scored())
		if err != nil {
			rt.Fatal(err)
		}
		outcome := len(m.Means) - 1
		var predictors []int
		for j := range outcome {
			predictors = append(predictors, j)
		}
		r, err := m.Regress(outcome, predictors)
		if err != nil {
			rt.Fatal(err)
		}
		imp, err := m.Importance(outcome, predictors, stats.ImportanceOptions{Draws: 40})
		if err != nil {
			rt.Fatal(err)
		}
		parts, shares := 0.0, 0.0
		for j := range predictors {
			parts += imp.Parts[j]
			shares += imp.Shares[j].Estimate
			if imp.Parts[j] < -1e-12 {
				rt.Fatalf("predictor %d has a negative part %v", j, imp.Parts[j])
			}
		}
		same(rt, "sum of parts and shares", []float64{parts, shares}, []float64{r.R2, 1})
	})
}

// The same bits come out whatever the number of processors. It changes a setting of the whole process, so it does not
// run beside other tests.
func TestModelsDoNotHangOnTheNumberOfProcessors(t *testing.T) {
	c := newModelCase(modelShape{n: 150_000, p: 2, seed: 31, missing: 0.02, weighted: true, strata: true, clusters: true})
	d := c.design()
	var want string
	for _, processors := range []int{1, 2, 7} {
		before := runtime.GOMAXPROCS(processors)
		m, err := stats.GatherMoments(d, append(append([]stats.Scored(nil), c.x...), c.y))
		if err != nil {
			t.Fatal(err)
		}
		r, err := m.Regress(2, []int{0, 1})
		if err != nil {
			t.Fatal(err)
		}
		imp, err := m.Importance(2, []int{0, 1}, stats.ImportanceOptions{Draws: 50})
		if err != nil {
			t.Fatal(err)
		}
		o, err := stats.OrdinalRegression(d, c.o, c.x)
		if err != nil {
			t.Fatal(err)
		}
		s, err := stats.ReliabilityOf(c.x, stats.ReliabilityOptions{Weights: d.Weights})
		if err != nil {
			t.Fatal(err)
		}
		runtime.GOMAXPROCS(before)
		got := fmt.Sprint(*r, *imp, *o, *s)
		if want == "" {
			want = got
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d processors: %s", processors, diff)
		}
	}
}

func TestRegressionRefusesWhatItCannotTell(t *testing.T) {
	t.Parallel()
	n := 60
	columns := make([][]float64, 5)
	rng := rand.New(rand.NewPCG(1, 1))
	for range n {
		a, b := float64(rng.IntN(5)), float64(rng.IntN(5))
		for j, v := range []float64{a, b, a + 2*b, 3, a + float64(rng.IntN(3))} {
			columns[j] = append(columns[j], v)
		}
	}
	var all []stats.Scored
	for _, c := range columns {
		all = append(all, scored(c))
	}
	d := &stats.Design{N: n}
	m, err := stats.GatherMoments(d, all)
	if err != nil {
		t.Fatal(err)
	}
	_, err = m.Regress(4, []int{0, 1, 2, 3})
	var collinear *stats.CollinearError
	if !errors.As(err, &collinear) || cmp.Diff([]int{2, 3}, collinear.Predictors) != "" {
		t.Errorf("collinear and constant predictors: %v", err)
	}
	if _, err = m.Importance(4, []int{3, 0}, stats.ImportanceOptions{}); !errors.As(err, &collinear) {
		t.Errorf("importance of a constant: %v", err)
	}
	if _, err = stats.OrdinalRegression(d, all[4], []stats.Scored{all[0], all[1], all[2]}); !errors.As(err, &collinear) ||
		cmp.Diff([]int{2}, collinear.Predictors) != "" {
		t.Errorf("ordinal with a collinear predictor: %v", err)
	}
	if _, err = stats.OrdinalRegression(d, all[4], []stats.Scored{all[3]}); !errors.As(err, &collinear) {
		t.Errorf("ordinal with a constant: %v", err)
	}
	if _, err = m.Regress(3, []int{0}); !errors.Is(err, stats.ErrConstantOutcome) {
		t.Errorf("constant outcome: %v", err)
	}
	var levels *stats.LevelsError
	if _, err = stats.OrdinalRegression(d, all[3], all[:1]); !errors.As(err, &levels) {
		t.Errorf("ordinal with one level: %v", err)
	}
	nothing := stats.Scored{Codes: stats.Codes{U8: make([]uint8, n), K: 1}, Values: []float64{math.NaN()}}
	if _, err = stats.GatherMoments(d, []stats.Scored{all[0], nothing}); !errors.Is(err, stats.ErrNoCases) {
		t.Errorf("no cases: %v", err)
	}
	if _, err = stats.OrdinalRegression(d, all[4], []stats.Scored{nothing}); !errors.Is(err, stats.ErrNoCases) {
		t.Errorf("ordinal without cases: %v", err)
	}
	var degrees *stats.DegreesError
	two := &stats.Design{N: n, Clusters: make([]uint32, n), NClusters: 2}
	for i := range n / 2 {
		two.Clusters[i] = 1
	}
	if m, err = stats.GatherMoments(two, all); err != nil {
		t.Fatal(err)
	}
	if _, err = m.Regress(4, []int{0, 1}); !errors.As(err, &degrees) {
		t.Errorf("two clusters: %v", err)
	}
	census := &stats.Design{N: n, Population: []float64{float64(n) - 1}}
	if _, err = stats.GatherMoments(census, all); err == nil {
		t.Error("a population smaller than its sample passes")
	}
}

func TestCensusHasNoSamplingError(t *testing.T) {
	t.Parallel()
	c := newModelCase(modelShape{n: 200, p: 2, seed: 4})
	d := c.design()
	d.Population = []float64{200}
	m, err := stats.GatherMoments(d, append(append([]stats.Scored(nil), c.x...), c.y))
	if err != nil {
		t.Fatal(err)
	}
	r, err := m.Regress(2, []int{0, 1})
	if err != nil {
		t.Fatal(err)
	}
	imp, err := m.Importance(2, []int{0, 1}, stats.ImportanceOptions{Draws: 20})
	if err != nil {
		t.Fatal(err)
	}
	if r.Slopes[0].SE != 0 || math.Abs(imp.R2.High-imp.R2.Estimate) > 1e-12 {
		t.Errorf("census: se %v, R2 %v", r.Slopes[0].SE, imp.R2)
	}
}

func TestSeparationIsNamed(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(2, 2))
	var x, z, y []float64
	for range 200 {
		a := float64(rng.IntN(9))
		x, z, y = append(x, a), append(z, float64(rng.IntN(5))), append(y, math.Floor(a/3))
	}
	var separation *stats.SeparationError
	_, err := stats.OrdinalRegression(&stats.Design{N: len(x)}, scored(y), []stats.Scored{scored(z), scored(x)})
	if !errors.As(err, &separation) || cmp.Diff([]int{1}, separation.Predictors) != "" {
		t.Errorf("complete separation: %v", err)
	}
	// Quasi-complete: a yes/no predictor that only goes with the highest level.
	for i := range x {
		x[i], y[i] = 0, float64(rng.IntN(3))
		if i%10 == 0 {
			x[i], y[i] = 1, 2
		}
	}
	_, err = stats.OrdinalRegression(&stats.Design{N: len(x)}, scored(y), []stats.Scored{scored(x), scored(z)})
	if !errors.As(err, &separation) || cmp.Diff([]int{0}, separation.Predictors) != "" {
		t.Errorf("quasi-complete separation: %v", err)
	}
}

// A sample repeated many times has the same estimates and errors smaller by a known factor; so many units pass through
// several blocks and through the starting values from a part of the units.
func TestModelsOfARepeatedSample(t *testing.T) {
	t.Parallel()
	const n, times = 1500, 800
	for name, shape := range map[string]modelShape{
		"plain":    {n: n, p: 2, seed: 41, missing: 0.03, weighted: true},
		"raked":    {n: n, p: 2, seed: 42, missing: 0.03, weighted: true, raked: true},
		"strata":   {n: n, p: 2, seed: 43, missing: 0.03, weighted: true, strata: true},
		"clusters": {n: n, p: 2, seed: 44, missing: 0.03, weighted: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			small := newModelCase(shape)
			d := small.design()
			units := n // sampling units of a stratum
			if shape.strata {
				units = n / small.nStrata
			}
			if name == "clusters" {
				units = n / 5
				d.NClusters = units
				for i := range n {
					d.Clusters = append(d.Clusters, uint32(i%units))
				}
			}
			factor := math.Sqrt(float64(units-1) / float64(units*times-1))
			big := repeatDesign(d, times)
			columns := append(append([]stats.Scored(nil), small.x...), small.y)
			var many []stats.Scored
			for _, c := range append(columns, small.o) {
				c.Codes.U8 = repeatUnits(c.Codes.U8, times)
				many = append(many, c)
			}
			before, after := fitBoth(t, d, columns, small.o), fitBoth(t, big, many[:3], many[3])
			for i := range before {
				want := before[i]
				if i%2 == 1 {
					want *= factor
				}
				if !(math.Abs(after[i]-want) <= 1e-7*math.Abs(want)) {
					t.Errorf("figure %d is %v, should be %v", i, after[i], want)
				}
			}
		})
	}
}

func repeatUnits[T any](of []T, times int) []T {
	var out []T
	for range times {
		out = append(out, of...)
	}
	return out
}

func repeatDesign(d *stats.Design, times int) *stats.Design {
	out := *d
	out.N *= times
	out.Weights, out.Strata = repeatUnits(d.Weights, times), repeatUnits(d.Strata, times)
	if d.Clusters != nil {
		out.NClusters *= times
		out.Clusters = nil
		for r := range times {
			for _, c := range d.Clusters {
				out.Clusters = append(out.Clusters, c+uint32(r*d.NClusters))
			}
		}
	}
	out.Raked = nil
	for _, c := range d.Raked {
		out.Raked = append(out.Raked, stats.Codes{U16: repeatUnits(c.U16, times), K: c.K})
	}
	return &out
}

// fitBoth returns estimates, each followed by its error, of a linear and an ordinal regression.
func fitBoth(t *testing.T, d *stats.Design, columns []stats.Scored, ordered stats.Scored) (out []float64) {
	t.Helper()
	m, err := stats.GatherMoments(d, columns)
	if err != nil {
		t.Fatal(err)
	}
	r, err := m.Regress(2, []int{0, 1})
	if err != nil {
		t.Fatal(err)
	}
	o, err := stats.OrdinalRegression(d, ordered, columns[:2])
	if err != nil {
		t.Fatal(err)
	}
	if !o.Converged {
		t.Errorf("no convergence in %d steps", o.Iterations)
	}
	for _, c := range append(append([]stats.Coefficient{r.Intercept}, r.Slopes...), o.Slopes...) {
		out = append(out, c.Estimate, c.SE)
	}
	return out
}
