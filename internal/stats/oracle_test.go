package stats

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"tekentafel/internal/testkit"
)

var updateDesignGolden = flag.Bool("update-design", false, "write testdata/oracle_design.json from R")

// oracleMargin is a raking margin as the R script reads it.
type oracleMargin struct {
	Codes   []int     `json:"codes"`
	Targets []float64 `json:"targets"`
}

// oracleCase is one generated design with an item (code 0 outside the base), a group and a score.
type oracleCase struct {
	Name       string         `json:"name"`
	Weights    []float64      `json:"weights"`
	Strata     []int          `json:"strata"`
	Clusters   []int          `json:"clusters"`
	Population []float64      `json:"population"`
	Margins    []oracleMargin `json:"margins"`
	Item       []int          `json:"item"`
	Classes    int            `json:"classes"`
	Group      []int          `json:"group"`
	Groups     int            `json:"groups"`
	Score      []*float64     `json:"score"`
}

type oracleShare struct {
	N, Base       int
	Share, SE, DF float64
	Logit, Beta   []float64
}

type oracleMean struct {
	Base           int
	Mean, SE       float64
	SD             *float64
	DF             float64
	CI             []float64
	Total, TotalSE float64
}

type oracleTest struct{ F, DF1, DF2, P, V float64 }

type oracleAnswer struct {
	Name    string
	Weights []float64
	Degf    float64
	Shares  [][]oracleShare // overall, then by group
	Means   []oracleMean
	Chisq   *oracleTest
	Wald    *oracleTest
}

type oracleShape struct {
	name                                  string
	n                                     int
	weights, strata, clusters, fpc, raked bool
	lonely, zeros, sparse                 bool
}

// oracleShapes crosses weights, strata, clusters, population and raking.
func oracleShapes() []oracleShape {
	var all []oracleShape
	for mask := range 32 {
		s := oracleShape{n: 90, weights: mask&1 > 0, strata: mask&2 > 0, clusters: mask&4 > 0, fpc: mask&8 > 0, raked: mask&16 > 0}
		parts := []string{"design"}
		for _, p := range []struct {
			on   bool
			name string
		}{{s.weights, "weights"}, {s.strata, "strata"}, {s.clusters, "clusters"}, {s.fpc, "fpc"}, {s.raked, "raked"}} {
			if p.on {
				parts = append(parts, p.name)
			}
		}
		s.name = strings.Join(parts, "-")
		all = append(all, s)
	}
	return append(all,
		oracleShape{name: "lonely strata", n: 70, weights: true, strata: true, lonely: true},
		oracleShape{name: "lonely clusters fpc", n: 80, weights: true, strata: true, clusters: true, fpc: true, lonely: true},
		oracleShape{name: "zero weights", n: 120, weights: true, zeros: true},
		oracleShape{name: "zero weights strata", n: 120, weights: true, strata: true, zeros: true},
		oracleShape{name: "empty cells", n: 60, weights: true, sparse: true},
		oracleShape{name: "empty cells clusters", n: 80, weights: true, clusters: true, sparse: true},
		oracleShape{name: "empty cells raked", n: 80, raked: true, sparse: true},
		oracleShape{name: "large", n: 1500, weights: true, strata: true, clusters: true, fpc: true, raked: true},
	)
}

// build generates the case; the same seed gives the same case everywhere.
func (s oracleShape) build(seed uint64) oracleCase {
	r := rand.New(rand.NewPCG(seed, 77))
	c := oracleCase{Name: s.name, Classes: 4, Groups: 3}
	const strata, perStratum = 3, 5
	for i := range s.n {
		w := 2.5
		if s.weights {
			w = 1 + 4*r.Float64()
		}
		if s.zeros && i%9 == 0 {
			w = 0
		}
		c.Weights = append(c.Weights, w)
		h := r.IntN(strata)
		if s.lonely && i == 0 {
			h = strata
		} else if s.lonely && i == 1 {
			h = strata + 1
		}
		psu := h*perStratum + r.IntN(perStratum)
		if s.strata {
			c.Strata = append(c.Strata, h)
		}
		if s.clusters {
			c.Clusters = append(c.Clusters, psu)
		}
		g := r.IntN(3)
		lean := float64(g)*0.08 + float64(psu%perStratum)*0.05 + float64(h)*0.04
		y := 0
		if r.Float64() > 0.12 {
			y = 1 + min(3, int(4*math.Pow(r.Float64(), 1.2-lean)))
		}
		if s.sparse && (g == 0 && y == 4 || g == 2 && y == 1) {
			y = 2
		}
		c.Item, c.Group = append(c.Item, y), append(c.Group, g)
		var score *float64
		if r.Float64() > 0.1 {
			v := float64(r.IntN(9))/2 + lean*4
			v = math.Round(v*2) / 2
			score = &v
		}
		c.Score = append(c.Score, score)
	}
	if s.fpc {
		for range strata + 2 {
			pop := 40 + float64(r.IntN(30))
			if !s.clusters {
				pop += float64(s.n)
			}
			c.Population = append(c.Population, pop)
		}
		if !s.strata {
			c.Population = c.Population[:1]
		}
	}
	if s.raked {
		c.Margins = oracleMargins(r, s.n)
	}
	return c
}

func oracleMargins(r *rand.Rand, n int) []oracleMargin {
	m := []oracleMargin{{Targets: []float64{410, 590}}, {Targets: []float64{300, 280, 420}}}
	for range n {
		m[0].Codes = append(m[0].Codes, r.IntN(2))
		m[1].Codes = append(m[1].Codes, r.IntN(3))
	}
	return m
}

// dataCases reads the real answers, by campus and discipline, with and without weights.
func dataCases(t *testing.T) []oracleCase {
	t.Helper()
	path, found := testkit.RealAnswers(t)
	if !found {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := map[string]int{}
	for i, h := range rows[0] {
		column[strings.TrimPrefix(h, "\ufeff")] = i
	}
	var cases []oracleCase
	for _, of := range [][3]string{{"sede", "CT1", "edad"}, {"disciplina_OCDE", "EC3", "HE2"}, {"sexo", "aceptacion", "AC1"}} {
		cases = append(cases, realCase(rows[1:], column, of[0], of[1], of[2]))
	}
	nested := realCase(rows[1:], column, "sexo", "CC2", "edad")
	nested.Name = "real strata clusters"
	for _, row := range rows[1:] {
		age, _ := strconv.Atoi(row[column["edad"]])
		nested.Strata = append(nested.Strata, nested.Group[len(nested.Strata)])
		nested.Clusters = append(nested.Clusters, nested.Strata[len(nested.Strata)-1]*100+age)
	}
	return append(cases, nested)
}

func realCase(rows [][]string, column map[string]int, group, item, score string) oracleCase {
	c := oracleCase{Name: "real " + group + " " + item, Classes: 5}
	groups := map[string]int{}
	for i, row := range rows {
		c.Weights = append(c.Weights, 1+float64(i%7)/3)
		y, err := strconv.Atoi(row[column[item]])
		if err != nil {
			y = 0
		}
		g := row[column[group]]
		if _, ok := groups[g]; !ok {
			groups[g] = len(groups)
		}
		c.Item, c.Group = append(c.Item, y), append(c.Group, groups[g])
		var v *float64
		if x, err := strconv.ParseFloat(row[column[score]], 64); err == nil {
			v = &x
		}
		c.Score = append(c.Score, v)
	}
	c.Groups = len(groups)
	return c
}

func toCodes(v []int, k int) Codes {
	c := Codes{U16: make([]uint16, len(v)), K: k}
	for i, x := range v {
		c.U16[i] = uint16(x)
	}
	return c
}

func toScored(v []*float64) Scored {
	at := map[float64]int{}
	s := Scored{Codes: Codes{U16: make([]uint16, len(v))}, Values: []float64{math.NaN()}}
	for i, x := range v {
		if x == nil {
			continue
		}
		if _, ok := at[*x]; !ok {
			at[*x] = len(s.Values)
			s.Values = append(s.Values, *x)
		}
		s.Codes.U16[i] = uint16(at[*x])
	}
	s.Codes.K = len(s.Values)
	return s
}

// design returns the case's design, raked where it has margins.
func (c *oracleCase) design(t *testing.T) *Design {
	t.Helper()
	d := &Design{N: len(c.Weights), Weights: c.Weights, Population: c.Population}
	for i, h := range c.Strata {
		d.Strata = append(d.Strata, uint32(h))
		d.NStrata = max(d.NStrata, c.Strata[i]+1, len(c.Population))
	}
	for _, p := range c.Clusters {
		d.Clusters = append(d.Clusters, uint32(p))
		d.NClusters = max(d.NClusters, p+1)
	}
	if len(c.Margins) == 0 {
		return d
	}
	var margins []Margin
	for _, m := range c.Margins {
		margins = append(margins, Margin{Name: "m", Codes: toCodes(m.Codes, len(m.Targets)), Targets: m.Targets})
		d.Raked = append(d.Raked, toCodes(m.Codes, len(m.Targets)))
	}
	r, err := Rake(context.Background(), d, margins, RakeOptions{})
	if err != nil || !r.Converged {
		t.Fatalf("rake: %v, converged %v", err, r.Converged)
	}
	d.Weights = r.Weights
	return d
}

// checker compares with a relative tolerance, and an absolute one a thousandth of it around zero.
type checker struct {
	t   *testing.T
	tol float64
}

func (k checker) near(what string, got, want float64) {
	k.t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > k.tol*math.Abs(want)+k.tol*1e-2 {
		k.t.Errorf("%s: got %.12g, R says %.12g", what, got, want)
	}
}

func (k checker) same(what string, got, want int) {
	k.t.Helper()
	if got != want {
		k.t.Errorf("%s: got %d, R says %d", what, got, want)
	}
}

func checkCase(t *testing.T, c oracleCase, want oracleAnswer) {
	t.Helper()
	d := c.design(t)
	e, err := New(d)
	if err != nil {
		t.Fatal(err)
	}
	k := checker{t, 1e-8}
	if len(d.Raked) > 0 {
		k.tol = 1e-5
		for i, w := range want.Weights {
			k.near("weight", d.Weights[i], w)
		}
	}
	k.near("degf", e.Info().DF, want.Degf)
	class := make([]int, c.Classes+1)
	for i := range class {
		class[i] = i - 1
	}
	group := toCodes(c.Group, c.Groups)
	x := Cross{Item: toCodes(c.Item, c.Classes+1), Class: class, Classes: c.Classes}
	s := toScored(c.Score)
	ctx := context.Background()
	for level, g := range []*Codes{nil, &group} {
		x.Group = g
		shares, err := e.Shares(ctx, x)
		if err != nil {
			t.Fatal(err)
		}
		means, err := e.Means(ctx, s, g, nil)
		if err != nil {
			t.Fatal(err)
		}
		totals, err := e.Totals(ctx, s, g, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i := range shares.Groups {
			checkShares(k, shares, i, want.Shares[level+i])
			checkMeans(k, means[i], totals[i], want.Means[level+i])
		}
	}
	x.Group = &group
	chisq, err := e.CompareShares(ctx, x)
	checkTest(k, "chisq", chisq, err, want.Chisq)
	if err == nil && want.Chisq != nil {
		k.near("chisq V", chisq.Effect, want.Chisq.V)
	}
	wald, err := e.CompareMeans(ctx, s, group, nil, nil)
	checkTest(k, "wald", wald, err, want.Wald)
}

func checkShares(k checker, got *ShareTable, g int, want []oracleShare) {
	k.t.Helper()
	for c := range want {
		s, w := got.At(g, c), want[c]
		k.same("n", s.N, w.N)
		k.same("base", s.Base, w.Base)
		if w.Base == 0 {
			continue
		}
		k.near("share", s.Share, w.Share)
		k.near("se", s.SE, w.SE)
		k.near("df", s.DF, w.DF)
		limits := w.Logit
		if s.Method == Beta {
			limits = w.Beta
		}
		if len(limits) == 2 {
			k.near(s.Method+" low", s.Low, limits[0])
			k.near(s.Method+" high", s.High, limits[1])
			other := s
			other.Method = map[string]string{Beta: Logit, Logit: Beta}[s.Method]
			low, high := other.Interval(Level)
			limits = map[string][]float64{Beta: w.Beta, Logit: w.Logit}[other.Method]
			k.near(other.Method+" low", low, limits[0])
			k.near(other.Method+" high", high, limits[1])
		}
	}
}

func checkMeans(k checker, m Mean, total Total, w oracleMean) {
	k.t.Helper()
	k.same("mean base", m.Base, w.Base)
	if w.Base == 0 {
		return
	}
	k.near("mean", m.Mean, w.Mean)
	k.near("mean se", m.SE, w.SE)
	if w.SD != nil {
		k.near("sd", m.SD, *w.SD)
	}
	k.near("mean df", m.DF, w.DF)
	if len(w.CI) == 2 {
		k.near("mean low", m.Low, w.CI[0])
		k.near("mean high", m.High, w.CI[1])
	}
	k.near("total", total.Total, w.Total)
	k.near("total se", total.SE, w.TotalSE)
}

func checkTest(k checker, name string, got Test, err error, want *oracleTest) {
	k.t.Helper()
	if want == nil {
		return
	}
	if err != nil {
		k.t.Errorf("%s: %v, R says F = %v", name, err, want.F)
		return
	}
	k.near(name+" F", got.F, want.F)
	k.near(name+" df1", got.DF1, want.DF1)
	k.near(name+" df2", got.DF2, want.DF2)
	k.near(name+" p", got.P, want.P)
	if !(0 <= got.Low && got.Low <= got.Effect && got.Effect <= got.High && got.High <= 1) {
		k.t.Errorf("%s: effect %v outside [%v, %v]", name, got.Effect, got.Low, got.High)
	}
}

func oracleCases(seed uint64) []oracleCase {
	var cases []oracleCase
	for i, s := range oracleShapes() {
		cases = append(cases, s.build(seed+uint64(i)))
	}
	return cases
}

const goldenSeed = 1000

func TestDesignAgreesWithR(t *testing.T) {
	t.Parallel()
	testkit.NeedR(t)
	cases := append(oracleCases(goldenSeed), dataCases(t)...)
	var answers []oracleAnswer
	testkit.AskR(t, "oracle_design.R", cases, &answers)
	for i, c := range cases {
		t.Run(c.Name, func(t *testing.T) { checkCase(t, c, answers[i]) })
	}
	if *updateDesignGolden {
		writeGolden(t, answers[:len(oracleShapes())])
	}
}

func writeGolden(t *testing.T, answers []oracleAnswer) {
	t.Helper()
	var lines [][]byte // a line a case
	for _, a := range answers {
		line, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	data := append(append([]byte("["), bytes.Join(lines, []byte(",\n"))...), ']')
	if err := os.WriteFile("testdata/oracle_design.json", append(data, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestDesignAgreesWithGolden(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/oracle_design.json")
	if errors.Is(err, os.ErrNotExist) {
		t.Fatal("testdata/oracle_design.json is missing; write it with go test -run TestDesignAgreesWithR -update-design")
	}
	var answers []oracleAnswer
	if err := json.Unmarshal(data, &answers); err != nil {
		t.Fatal(err)
	}
	cases := oracleCases(goldenSeed)
	if len(cases) != len(answers) {
		t.Fatalf("%d cases, %d answers", len(cases), len(answers))
	}
	for i, c := range cases {
		t.Run(c.Name, func(t *testing.T) { checkCase(t, c, answers[i]) })
	}
}
