package stats_test

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"tekentafel/internal/stats"
	"tekentafel/internal/testkit"
)

var updateModels = flag.Bool("update-models", false, "write testdata/golden_models.json from R")

// modelCase is what the oracle reads; null is a missing value.
type modelCase struct {
	X          [][]*float64 `json:"x"`
	Y          []*float64   `json:"y"`
	O          []*float64   `json:"o,omitempty"`
	Weights    []float64    `json:"weights,omitempty"` // before raking
	Strata     []uint32     `json:"strata,omitempty"`
	Clusters   []uint32     `json:"clusters,omitempty"`
	Population []float64    `json:"population,omitempty"`
	Margins    [][]uint16   `json:"margins,omitempty"`
	Totals     [][]float64  `json:"totals,omitempty"`

	x       []stats.Scored
	y, o    stats.Scored
	nStrata int
}

type scaleCase struct {
	Items [][]*float64 `json:"items"`
	Exact bool         `json:"exact"`
	// Weights of the units, for the weighted variant.
	Weights []float64 `json:"weights,omitempty"`
	items   []stats.Scored
}

type modelCases struct {
	Models map[string]*modelCase `json:"models"`
	Scales map[string]*scaleCase `json:"scales"`
}

type modelAnswer struct {
	N                                  int
	Coef, SE, T, P, Standard, Vif, Lmg []float64
	DF, R2                             float64
	Slopes, Thresholds                 []float64
	SlopeSE                            []float64 `json:"slope_se"`
	OrdinalDF                          float64   `json:"ordinal_df"`
}

type scaleAnswer struct {
	N                       int
	Alpha, Low, High, Omega float64
	Rest, Dropped, Loadings []float64
	OmegaExact              float64 `json:"omega_exact"`
}

type modelAnswers struct {
	Models map[string]modelAnswer
	Scales map[string]scaleAnswer
}

// scored makes a column of numbers, NaN for missing, with values in an order of their own.
func scored(values []float64) stats.Scored {
	s := stats.Scored{Values: []float64{math.NaN()}}
	code := map[float64]uint16{}
	codes := make([]uint16, len(values))
	for i, v := range values {
		if math.IsNaN(v) {
			continue
		}
		c, ok := code[v]
		if !ok {
			c = uint16(len(s.Values))
			code[v] = c
			s.Values = append(s.Values, v)
		}
		codes[i] = c
	}
	s.Codes = stats.Codes{U16: codes, K: len(s.Values)}
	if s.Codes.K <= 256 {
		narrow := make([]uint8, len(codes))
		for i, c := range codes {
			narrow[i] = uint8(c)
		}
		s.Codes = stats.Codes{U8: narrow, K: s.Codes.K}
	}
	return s
}

func nullable(values []float64) []*float64 {
	out := make([]*float64, len(values))
	for i := range values {
		if !math.IsNaN(values[i]) {
			out[i] = &values[i]
		}
	}
	return out
}

// survey options for generated cases.
type modelShape struct {
	n, p, seed                      int
	missing                         float64
	weighted, strata, clusters, fpc bool
	lonely, raked, binary           bool
	weightless                      bool // some units have weight 0
}

// newModelCase draws predictors that hang together, an outcome on a half-point scale and a five-level one.
func newModelCase(s modelShape) *modelCase {
	rng := rand.New(rand.NewPCG(uint64(s.seed), 7))
	c := &modelCase{}
	round := func(v float64) float64 { return min(5, max(1, math.Round(v*4)/4)) }
	xs := make([][]float64, s.p)
	var ys, os []float64
	for i := range s.n {
		common := rng.NormFloat64()
		eta := 0.0
		for j := range s.p {
			v := round(3 + 0.6*common + 0.8*rng.NormFloat64())
			if s.binary && j == 0 {
				v = float64(rng.IntN(2))
			}
			eta += v * 0.25 * float64(j%3)
			xs[j] = append(xs[j], v)
		}
		ys = append(ys, round(1+eta/2+0.8*rng.NormFloat64()))
		os = append(os, min(5, max(1, math.Round(eta-0.3*float64(s.p)+1.5+1.3*rng.NormFloat64()))))
		for j := range s.p {
			if rng.Float64() < s.missing {
				xs[j][i] = math.NaN()
			}
		}
		if rng.Float64() < s.missing {
			ys[i], os[i] = math.NaN(), math.NaN()
		}
	}
	for _, x := range xs {
		c.x, c.X = append(c.x, scored(x)), append(c.X, nullable(x))
	}
	c.y, c.Y, c.o, c.O = scored(ys), nullable(ys), scored(os), nullable(os)
	c.structure(s, rng)
	return c
}

// structure adds strata, clusters, weights and margins.
func (c *modelCase) structure(s modelShape, rng *rand.Rand) {
	const perCluster = 7
	clusters := (s.n + perCluster - 1) / perCluster
	c.nStrata = 1
	if s.strata {
		c.nStrata = 6
	}
	home := func(i int) uint32 {
		if s.clusters {
			i = i * 5 % s.n % clusters // clusters lie scattered over the rows
			if s.lonely && i == 0 {
				return uint32(c.nStrata - 1)
			}
			return uint32(i % (c.nStrata - 1))
		}
		return uint32(i * 7 % c.nStrata)
	}
	sampled := make([]map[uint32]bool, c.nStrata)
	for h := range sampled {
		sampled[h] = map[uint32]bool{}
	}
	for i := range s.n {
		unit, h := uint32(i), uint32(0)
		if s.strata {
			h = home(i)
			c.Strata = append(c.Strata, h)
		}
		if s.clusters {
			unit = uint32(i * 5 % s.n % clusters)
			c.Clusters = append(c.Clusters, unit)
		}
		sampled[h][unit] = true
		if s.weighted {
			c.Weights = append(c.Weights, 0.5+3*rng.Float64()+0.1*float64(h))
			if s.weightless && i%9 == 0 {
				c.Weights[i] = 0
			}
		}
	}
	if s.fpc {
		for h := range sampled {
			c.Population = append(c.Population, math.Ceil(float64(len(sampled[h]))*(1.2+0.4*float64(h)))+1)
		}
	}
	if s.raked {
		for g, k := range []int{3, 5} {
			margin, totals := make([]uint16, s.n), make([]float64, k)
			for i := range margin {
				margin[i] = uint16(rng.IntN(k))
				totals[margin[i]] += 2 + float64(g)
			}
			sum := 0.0
			for a := range totals {
				totals[a] *= 1 + 0.3*float64(a)
				sum += totals[a]
			}
			for a := range totals {
				totals[a] *= 5000 / sum
			}
			c.Margins, c.Totals = append(c.Margins, margin), append(c.Totals, totals)
		}
	}
}

// design returns the design with weights raked by plain iterative proportional fitting.
func (c *modelCase) design() *stats.Design {
	n := len(c.Y)
	d := &stats.Design{N: n, Weights: c.Weights, Strata: c.Strata, Clusters: c.Clusters, Population: c.Population}
	if c.Strata != nil {
		d.NStrata = c.nStrata
	}
	if c.Clusters != nil {
		for _, k := range c.Clusters {
			d.NClusters = max(d.NClusters, int(k)+1)
		}
	}
	if c.Margins == nil {
		return d
	}
	w := make([]float64, n)
	for i := range w {
		w[i] = 1
		if c.Weights != nil {
			w[i] = c.Weights[i]
		}
	}
	for range 500 {
		for g, margin := range c.Margins {
			now := make([]float64, len(c.Totals[g]))
			for i, a := range margin {
				now[a] += w[i]
			}
			for i, a := range margin {
				w[i] *= c.Totals[g][a] / now[a]
			}
		}
	}
	d.Weights = w
	for g, margin := range c.Margins {
		d.Raked = append(d.Raked, stats.Codes{U16: margin, K: len(c.Totals[g])})
	}
	return d
}

func newScaleCase(n, k, points int, loading, missing float64, seed uint64, exact bool) *scaleCase {
	rng := rand.New(rand.NewPCG(seed, 11))
	columns := make([][]float64, k)
	for range n {
		f := rng.NormFloat64()
		for j := range k {
			v := loading*f*(0.7+0.1*float64(j%5)) + rng.NormFloat64()
			v = min(float64(points), max(1, math.Round(float64(points+1)/2+v)))
			if rng.Float64() < missing {
				v = math.NaN()
			}
			columns[j] = append(columns[j], v)
		}
	}
	return scaleOf(columns, exact)
}

// weigh gives the cases weights.
func (c *scaleCase) weigh(seed uint64) *scaleCase {
	rng := rand.New(rand.NewPCG(seed, 1))
	for range c.Items[0] {
		c.Weights = append(c.Weights, 0.3+2*rng.Float64())
	}
	return c
}

// change replaces each value of an item.
func (c *scaleCase) change(item int, to func(unit int, v float64) float64) *scaleCase {
	values := make([]float64, len(c.Items[item]))
	for i, v := range c.Items[item] {
		values[i] = math.NaN()
		if v != nil {
			values[i] = to(i, *v)
		}
	}
	c.items[item], c.Items[item] = scored(values), nullable(values)
	return c
}

// reverse turns an item around.
func (c *scaleCase) reverse(item int) *scaleCase {
	return c.change(item, func(_ int, v float64) float64 { return 6 - v })
}

// around makes two items stray from a third in opposite directions, so that the third seems more than all common.
func (c *scaleCase) around(middle, one, other int) *scaleCase {
	stray := func(sign float64) func(int, float64) float64 {
		return func(unit int, _ float64) float64 { return *c.Items[middle][unit] + sign*float64(unit%3-1) }
	}
	return c.change(one, stray(1)).change(other, stray(-1))
}

func scaleOf(columns [][]float64, exact bool) *scaleCase {
	c := &scaleCase{Exact: exact}
	for _, v := range columns {
		c.items, c.Items = append(c.items, scored(v)), append(c.Items, nullable(v))
	}
	return c
}

func generatedCases() modelCases {
	shapes := map[string]modelShape{
		"plain":            {n: 400, p: 5, seed: 1},
		"weights-missing":  {n: 500, p: 4, seed: 2, missing: 0.05, weighted: true},
		"census-fraction":  {n: 300, p: 3, seed: 3, fpc: true},
		"strata-fpc":       {n: 480, p: 5, seed: 4, missing: 0.04, weighted: true, strata: true, fpc: true},
		"clusters":         {n: 600, p: 3, seed: 5, weighted: true, strata: true, clusters: true},
		"clusters-lonely":  {n: 560, p: 3, seed: 6, missing: 0.1, weighted: true, strata: true, clusters: true, lonely: true, fpc: true},
		"raked":            {n: 700, p: 4, seed: 7, missing: 0.05, weighted: true, raked: true},
		"raked-clusters":   {n: 700, p: 3, seed: 8, missing: 0.05, weighted: true, strata: true, clusters: true, raked: true},
		"weightless":       {n: 400, p: 3, seed: 10, weighted: true, strata: true, weightless: true, missing: 0.05},
		"binary-predictor": {n: 400, p: 3, seed: 9, weighted: true, binary: true},
	}
	all := modelCases{Models: map[string]*modelCase{}, Scales: map[string]*scaleCase{}}
	for name, s := range shapes {
		all.Models[name] = newModelCase(s)
	}
	all.Scales["six-items"] = newScaleCase(500, 6, 5, 1, 0.03, 21, true)
	all.Scales["ten-items"] = newScaleCase(300, 10, 7, 0.8, 0, 22, true)
	all.Scales["three-items"] = newScaleCase(400, 3, 5, 0.9, 0, 23, true)
	all.Scales["weighted"] = newScaleCase(300, 5, 5, 1, 0.02, 25, true).weigh(26)
	all.Scales["reversed-item"] = newScaleCase(300, 5, 5, 1, 0.02, 27, true).reverse(3)
	all.Scales["heywood"] = newScaleCase(400, 4, 7, 0.6, 0, 28, false).around(0, 1, 2)
	all.Scales["two-items"] = newScaleCase(200, 2, 5, 1, 0, 24, false)
	return all
}

// realCases reads the answers of students who use ChatGPT; nil when the data is absent.
func realCases(t *testing.T) map[string]*scaleCase {
	t.Helper()
	path, found := testkit.RealAnswers(t)
	if !found {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(f).ReadAll()
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for j, name := range rows[0] {
		at[name] = j
	}
	out := map[string]*scaleCase{}
	for scale, items := range map[string]int{"CT": 6, "EC": 6, "CC": 5, "AC": 4, "HE": 4} {
		columns := make([][]float64, items)
		for _, row := range rows[1:] {
			if row[at["usa_ChatGPT"]] != "SI" {
				continue
			}
			for j := range items {
				v, err := strconv.ParseFloat(row[at[fmt.Sprintf("%s%d", scale, j+1)]], 64)
				if err != nil {
					v = math.NaN()
				}
				columns[j] = append(columns[j], v)
			}
		}
		out["real-"+scale] = scaleOf(columns, true)
	}
	return out
}

// askR runs the oracle; golden values are tested all the same where R is not installed.
func askR(t *testing.T, cases modelCases) (answers modelAnswers) {
	t.Helper()
	testkit.AskR(t, "oracle_models.R", cases, &answers)
	return answers
}

func readAnswers(t *testing.T, path string) modelAnswers {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var a modelAnswers
	if err := json.Unmarshal(data, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

// near fails unless got is want to a relative difference.
func near(t *testing.T, what string, got, want, relative float64) {
	t.Helper()
	if !(math.Abs(got-want) <= relative*max(math.Abs(want), 1e-6)) {
		t.Errorf("%s: %.12g, R has %.12g (relative difference %.2g)", what, got, want, math.Abs(got-want)/math.Abs(want))
	}
}

func nearAll(t *testing.T, what string, got, want []float64, relative float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d figures, R has %d", what, len(got), len(want))
	}
	for i := range got {
		near(t, fmt.Sprintf("%s[%d]", what, i), got[i], want[i], relative)
	}
}

func checkModel(t *testing.T, c *modelCase, want modelAnswer) {
	t.Helper()
	d := c.design()
	p := len(c.x)
	closed, iterative := 1e-8, 1e-5
	if c.Margins != nil {
		closed = 1e-5
	}
	m, err := stats.GatherMoments(d, append(append([]stats.Scored(nil), c.x...), c.y))
	if err != nil {
		t.Fatal(err)
	}
	predictors := make([]int, p)
	for j := range predictors {
		predictors[j] = j
	}
	r, err := m.Regress(p, predictors)
	if err != nil {
		t.Fatal(err)
	}
	if r.N != want.N || r.DF != want.DF {
		t.Errorf("n %d, df %v; R has %d, %v", r.N, r.DF, want.N, want.DF)
	}
	near(t, "R2", r.R2, want.R2, 1e-8)
	for j, b := range append([]stats.Coefficient{r.Intercept}, r.Slopes...) {
		what := fmt.Sprintf("coefficient %d ", j)
		near(t, what+"estimate", b.Estimate, want.Coef[j], 1e-8)
		near(t, what+"se", b.SE, want.SE[j], closed)
		near(t, what+"t", b.T, want.T[j], closed)
		near(t, what+"p", b.P, want.P[j], max(closed*100, 1e-7))
		if j > 0 {
			near(t, what+"standardised", b.Standard, want.Standard[j-1], 1e-8)
			near(t, what+"vif", b.VIF, want.Vif[j-1], 1e-8)
		}
	}
	imp, err := m.Importance(p, predictors, stats.ImportanceOptions{Draws: 200, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	for j, part := range imp.Parts {
		near(t, fmt.Sprintf("lmg %d", j), part, want.Lmg[j], 1e-8)
	}
	near(t, "R2 of importance", imp.R2.Estimate, want.R2, 1e-8)
	o, err := stats.OrdinalRegression(d, c.o, c.x)
	if err != nil {
		t.Fatal(err)
	}
	if !o.Converged || o.DF != want.OrdinalDF {
		t.Errorf("ordinal: converged %v, df %v; R has %v", o.Converged, o.DF, want.OrdinalDF)
	}
	nearAll(t, "thresholds", o.Thresholds, want.Thresholds, iterative)
	for j, b := range o.Slopes {
		near(t, fmt.Sprintf("ordinal slope %d", j), b.Estimate, want.Slopes[j], iterative)
		near(t, fmt.Sprintf("ordinal slope %d se", j), b.SE, want.SlopeSE[j], iterative)
	}
}

func checkScale(t *testing.T, c *scaleCase, want scaleAnswer) {
	t.Helper()
	r, err := stats.ReliabilityOf(c.items, stats.ReliabilityOptions{Weights: c.Weights})
	if err != nil {
		t.Fatal(err)
	}
	if r.N != want.N || !r.HasAlpha || !r.HasOmega {
		t.Fatalf("n %d (R %d), alpha %v, omega %v", r.N, want.N, r.HasAlpha, r.HasOmega)
	}
	near(t, "alpha", r.Alpha, want.Alpha, 1e-8)
	near(t, "alpha low", r.AlphaLow, want.Low, 1e-8)
	near(t, "alpha high", r.AlphaHigh, want.High, 1e-8)
	nearAll(t, "item-rest", r.ItemRest, want.Rest, 1e-8)
	if len(c.items) > 2 {
		nearAll(t, "alpha without", r.Dropped, want.Dropped, 1e-8)
	}
	// At the bound of a uniqueness psych stops its search early; the figure is marked as doubtful in any case.
	tolerance := 1e-5
	if _, doubtful := notesOf(r)[stats.NoteHeywood]; doubtful {
		tolerance = 2e-4
	}
	near(t, "omega of psych", r.Omega, want.Omega, tolerance)
	if c.Exact {
		near(t, "omega", r.Omega, want.OmegaExact, 1e-7)
		nearAll(t, "loadings", r.Loadings, want.Loadings, 1e-6)
	}
}

func TestModelsAgreeWithR(t *testing.T) {
	t.Parallel()
	cases := generatedCases()
	answers := askR(t, cases)
	if *updateModels {
		data, err := json.MarshalIndent(answers, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join("testdata", "golden_models.json"), append(data, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	checkAll(t, cases, answers)
}

func TestModelsAgreeWithGoldenValues(t *testing.T) {
	t.Parallel()
	checkAll(t, generatedCases(), readAnswers(t, filepath.Join("testdata", "golden_models.json")))
}

func TestReliabilityOfRealAnswersAgreesWithR(t *testing.T) {
	t.Parallel()
	scales := realCases(t)
	if scales == nil {
		t.Skip("../shared/data is absent")
	}
	cases := modelCases{Scales: scales}
	checkAll(t, cases, askR(t, cases))
}

func checkAll(t *testing.T, cases modelCases, answers modelAnswers) {
	t.Helper()
	for name, c := range cases.Models {
		t.Run(name, func(t *testing.T) { checkModel(t, c, answers.Models[name]) })
	}
	for name, c := range cases.Scales {
		t.Run(name, func(t *testing.T) { checkScale(t, c, answers.Scales[name]) })
	}
}
