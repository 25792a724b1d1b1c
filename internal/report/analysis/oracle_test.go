package analysis_test

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"testing"

	"tekentafel/internal/intake"
	"tekentafel/internal/report/analysis"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/synth"
	"tekentafel/internal/testkit"
)

// oracleAnswer is what R makes of a wave.
type oracleAnswer struct {
	Respondents int
	Weights     struct{ Kish, Effective, Min, Max float64 }
	Degf        float64
	Shares      []struct {
		Item, Option, Value, Method string
		By                          any // a variable, or an empty list for everyone
		N, Base                     int
		Share, SE, Low, High        float64
	}
	Means []struct {
		Construct, Value        string
		By                      any
		Base                    int
		Mean, SD, SE, Low, High float64
	}
	Tests       []struct{ F, DF1, DF2, P, Effect, Low, High float64 }
	Adjusted    []float64
	Reliability []struct {
		Construct               string
		N                       int
		Alpha, Low, High, Omega float64
		Rest, Dropped, Loadings []float64
	}
	Models []struct {
		ID                                                          string
		N                                                           int
		R2, DF                                                      float64
		Estimate, SE, P, Low, High, Standard, Vif, Importance, Odds []float64
		OddsSE                                                      []float64 `json:"odds_se"`
	}
	Wilson [][]float64
}

// oracleCase is a wave with the findings that R must agree with.
type oracleCase struct {
	wave     oracleWave
	findings *findings.Findings
	closed   float64 // tolerance of what is computed in closed form: looser where the weights come from iteration
}

// Every figure of the Findings of whole waves, recomputed by R from the files with answers alone.
func TestFindingsAgreeWithR(t *testing.T) {
	t.Parallel()
	testkit.NeedR(t)
	cases := []*oracleCase{rakedCase(t), designCase(t)}
	if path, found := testkit.RealAnswers(t); found {
		cases = append(cases, studentCases(t, path)...)
	}
	for i, answer := range askR(t, cases) {
		t.Run(cases[i].wave.Name, func(t *testing.T) {
			t.Parallel()
			cases[i].check(t, &answer)
		})
	}
}

// studentCases are the real answers, without weights, and with a finite population.
func studentCases(t *testing.T, path string) []*oracleCase {
	t.Helper()
	in := builtIn(t, "chatgpt-literacy-cl")
	plain := &oracleCase{wave: oracleWave{Name: "students", CSV: path, Spot: 40}, closed: 1e-8}
	plain.findings = analyse(t, read(t, path, in, intake.Options{}), analysis.Options{})
	plain.wave.ask(t, in, plain.findings)

	population := 2000.0
	finite := &oracleCase{wave: oracleWave{Name: "students of a finite population", CSV: path, Spot: 15, Population: &population}, closed: 1e-8}
	finite.findings = analyse(t, read(t, path, in, intake.Options{}), analysis.Options{Population: population, By: []string{"sede"}})
	finite.wave.ask(t, in, finite.findings)
	return []*oracleCase{plain, finite}
}

// rakedCase is a synthetic wave weighted to departments and age, by department.
func rakedCase(t *testing.T) *oracleCase {
	t.Helper()
	in := builtIn(t, "genai-monitor")
	answers, margins := generated(t, synth.Options{Instrument: in, Size: 1214, Seed: 11})
	c := &oracleCase{wave: oracleWave{Name: "raked by department", CSV: answers, Margins: margins, Spot: 60}, closed: 1e-5}
	c.findings = analyse(t, read(t, answers, in, intake.Options{}), analysis.Options{Margins: marginsFrom(t, margins), By: []string{"department"}})
	c.wave.ask(t, in, c.findings)
	return c
}

// designCase has a weight, strata with a lonely unit, and clusters whose names return in other strata.
func designCase(t *testing.T) *oracleCase {
	t.Helper()
	in := builtIn(t, "genai-monitor")
	plain, _ := generated(t, synth.Options{Instrument: in, Size: 900, Seed: 12})
	path := rewritten(t, plain, func(rows [][]string) [][]string {
		rows[0] = append(rows[0], "w", "layer", "team")
		for i, row := range rows[1:] {
			layer, team := "s"+strconv.Itoa(i*7%5), "t"+strconv.Itoa(i*i%23)
			if i < 25 {
				layer, team = "alone", "t1"
			}
			rows[i+1] = append(row, strconv.FormatFloat(0.4+float64(i*37%101)/40, 'g', -1, 64), layer, team)
		}
		return rows
	})
	c := &oracleCase{wave: oracleWave{Name: "weight, strata and clusters", CSV: path, Weight: "w", Strata: "layer", Cluster: "team", Spot: 25}, closed: 1e-8}
	a := read(t, path, in, intake.Options{Weight: "w", Strata: "layer", Cluster: "team"})
	c.findings = analyse(t, a, analysis.Options{Strata: "layer", Cluster: "team", By: []string{"workplace", "age"}})
	if c.findings.Design.Lonely != 1 || c.findings.Design.Strata != 6 {
		t.Fatalf("the design is not what this case means to test: %+v", c.findings.Design)
	}
	c.wave.ask(t, in, c.findings)
	return c
}

func askR(t *testing.T, cases []*oracleCase) (answers []oracleAnswer) {
	t.Helper()
	var waves []oracleWave
	for _, c := range cases {
		waves = append(waves, c.wave)
	}
	testkit.AskR(t, "oracle.R", waves, &answers)
	return answers
}

// Tolerance of what is found by iteration.
const iterative = 1e-5

// near fails unless got is want to a relative difference; below 1e-4 the difference counts as if want were 1e-4.
func near(t *testing.T, what string, got, want, relative float64) {
	t.Helper()
	if !(math.Abs(got-want) <= relative*max(math.Abs(want), 1e-4)) {
		t.Errorf("%s: %.12g, R has %.12g", what, got, want)
	}
}

func nearAll(t *testing.T, what string, got, want []float64, relative float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d figures, R has %d", what, len(got), len(want))
		return
	}
	for i := range got {
		near(t, fmt.Sprintf("%s[%d]", what, i), got[i], want[i], relative)
	}
}

func (c *oracleCase) check(t *testing.T, r *oracleAnswer) {
	f := c.findings
	if f.Respondents != r.Respondents {
		t.Fatalf("%d respondents, R has %d", f.Respondents, r.Respondents)
	}
	near(t, "degrees of freedom", f.Design.DF, r.Degf, 1e-12)
	near(t, "design effect", f.Weights.KishDeff, r.Weights.Kish, c.closed)
	near(t, "effective number", f.Weights.Effective, r.Weights.Effective, c.closed)
	near(t, "least weight", f.Weights.Min, r.Weights.Min, c.closed)
	near(t, "largest weight", f.Weights.Max, r.Weights.Max, c.closed)
	c.checkShares(t, r)
	c.checkMeans(t, r)
	c.checkTests(t, r)
	c.checkReliability(t, r)
	c.checkModels(t, r)
	c.checkBenchmarks(t, r)
}

// cell names a figure.
type cell struct{ item, option, variable, value string }

func cellOf(item, option string, g *findings.Group) cell {
	if g == nil {
		return cell{item: item, option: option}
	}
	return cell{item, option, g.Variable, g.Value}
}

func byName(by any) string {
	s, _ := by.(string)
	return s
}

func (c *oracleCase) checkShares(t *testing.T, r *oracleAnswer) {
	at := map[cell]int{}
	for i, s := range r.Shares {
		at[cell{s.Item, s.Option, byName(s.By), s.Value}] = i
	}
	compared := 0
	for _, s := range c.findings.Shares {
		name := cellOf(s.Item, s.Option, s.Group)
		i, ok := at[name]
		if s.Suppressed {
			continue
		}
		if !ok {
			t.Errorf("share %v: R has none", name)
			continue
		}
		compared++
		w := r.Shares[i]
		what := fmt.Sprint(name)
		if s.N != w.N || s.Base != w.Base || s.Method != w.Method {
			t.Errorf("%s: %d of %d by %s, R has %d of %d by %s", what, s.N, s.Base, s.Method, w.N, w.Base, w.Method)
		}
		near(t, what+" share", s.Share, w.Share, c.closed)
		near(t, what+" se", s.SE, w.SE, c.closed)
		near(t, what+" low", s.Low, w.Low, c.closed)
		near(t, what+" high", s.High, w.High, c.closed)
	}
	t.Logf("%d shares compared", compared)
	if compared < 300 {
		t.Errorf("only %d shares compared", compared)
	}
}

func (c *oracleCase) checkMeans(t *testing.T, r *oracleAnswer) {
	at := map[cell]int{}
	for i, m := range r.Means {
		at[cell{m.Construct, "", byName(m.By), m.Value}] = i
	}
	for _, m := range c.findings.Means {
		if m.Suppressed {
			continue
		}
		name := cellOf(m.Construct, "", m.Group)
		i, ok := at[name]
		if !ok {
			t.Errorf("mean %v: R has none", name)
			continue
		}
		w, what := r.Means[i], fmt.Sprint(name)
		if m.Base != w.Base {
			t.Errorf("%s: base %d, R has %d", what, m.Base, w.Base)
		}
		near(t, what+" mean", m.Mean, w.Mean, c.closed)
		near(t, what+" sd", m.SD, w.SD, c.closed)
		near(t, what+" se", m.SE, w.SE, c.closed)
		near(t, what+" low", m.Low, w.Low, c.closed)
		near(t, what+" high", m.High, w.High, c.closed)
	}
}

func (c *oracleCase) checkTests(t *testing.T, r *oracleAnswer) {
	if len(c.findings.Comparisons) == 0 || len(r.Tests) != len(c.findings.Comparisons) {
		t.Fatalf("%d comparisons, R has %d", len(c.findings.Comparisons), len(r.Tests))
	}
	for i, got := range c.findings.Comparisons {
		w, what := r.Tests[i], fmt.Sprintf("%s %s by %s ", got.Target, got.Option, got.By)
		near(t, what+"F", got.Statistic, w.F, 10*c.closed)
		near(t, what+"df1", got.DF1, w.DF1, 10*c.closed)
		near(t, what+"df2", got.DF2, w.DF2, 10*c.closed)
		near(t, what+"p", got.P, w.P, 1000*c.closed)
		near(t, what+"adjusted p", got.PAdjusted, r.Adjusted[i], 1000*c.closed)
		near(t, what+"effect", got.Effect, w.Effect, 10*c.closed)
		near(t, what+"effect low", got.EffectLow, w.Low, 10*iterative)
		near(t, what+"effect high", got.EffectHigh, w.High, 10*iterative)
	}
}

func (c *oracleCase) checkReliability(t *testing.T, r *oracleAnswer) {
	if len(r.Reliability) != len(c.findings.Reliability) {
		t.Fatalf("%d scales, R has %d", len(c.findings.Reliability), len(r.Reliability))
	}
	for i, got := range c.findings.Reliability {
		w, what := r.Reliability[i], got.Construct+" "
		if got.Construct != w.Construct || got.N != w.N || got.Suppressed {
			t.Errorf("%s on %d, R has %s on %d", got.Construct, got.N, w.Construct, w.N)
			continue
		}
		near(t, what+"alpha", got.Alpha, w.Alpha, 1e-8)
		near(t, what+"alpha low", got.AlphaLow, w.Low, 1e-8)
		near(t, what+"alpha high", got.AlphaHigh, w.High, 1e-8)
		near(t, what+"omega", got.Omega, w.Omega, iterative)
		nearAll(t, what+"item-rest", got.ItemRest, w.Rest, 1e-8)
		nearAll(t, what+"alpha without", got.AlphaDrop, w.Dropped, 1e-8)
		nearAll(t, what+"loadings", got.Loadings, w.Loadings, iterative)
	}
}

func (c *oracleCase) checkModels(t *testing.T, r *oracleAnswer) {
	if len(r.Models) != len(c.findings.Models) {
		t.Fatalf("%d models, R has %d", len(c.findings.Models), len(r.Models))
	}
	for i, fit := range c.findings.Models {
		w := r.Models[i]
		drivers := slices.DeleteFunc(slices.Clone(c.findings.Drivers), func(d findings.Driver) bool { return d.Outcome != fit.Outcome })
		if fit.N != w.N || fit.Suppressed || fit.Note != "" || len(drivers) != len(w.Estimate) {
			t.Fatalf("model %+v with %d drivers, R has %d on %d", fit, len(drivers), len(w.Estimate), w.N)
		}
		near(t, "R2", fit.R2, w.R2, c.closed)
		near(t, "residual degrees of freedom", fit.DF, w.DF, 1e-12)
		total := 0.0
		for k, d := range drivers {
			what := d.Predictor + " "
			near(t, what+"estimate", d.Estimate, w.Estimate[k], c.closed)
			near(t, what+"se", d.SE, w.SE[k], c.closed)
			near(t, what+"low", d.Low, w.Low[k], c.closed)
			near(t, what+"high", d.High, w.High[k], c.closed)
			near(t, what+"p", d.P, w.P[k], 1000*c.closed)
			near(t, what+"standardised", d.Standard, w.Standard[k], c.closed)
			near(t, what+"vif", d.VIF, w.Vif[k], c.closed)
			near(t, what+"importance", d.Importance, w.Importance[k], c.closed)
			near(t, what+"log odds", d.OddsLog, w.Odds[k], iterative)
			near(t, what+"log odds se", d.OddsSE, w.OddsSE[k], iterative)
			total += d.Importance
		}
		near(t, "sum of importance", total, 1, 1e-12)
	}
}

// checkBenchmarks checks Wilson's interval, and the difference from both intervals (Newcombe 1998, method 10).
func (c *oracleCase) checkBenchmarks(t *testing.T, r *oracleAnswer) {
	if len(r.Wilson) != len(c.findings.Benchmarks) {
		t.Fatalf("%d benchmarks, R has %d", len(c.findings.Benchmarks), len(r.Wilson))
	}
	for i, b := range c.findings.Benchmarks {
		near(t, b.ID+" low", b.Low, r.Wilson[i][0], 1e-8)
		near(t, b.ID+" high", b.High, r.Wilson[i][1], 1e-8)
		at := slices.IndexFunc(c.findings.Shares, func(s findings.Share) bool { return s.Group == nil && s.Item == b.Item && s.Option == b.Option })
		if at < 0 {
			t.Fatalf("%s: no share %s.%s", b.ID, b.Item, b.Option)
		}
		s := c.findings.Shares[at]
		if b.Ours != s.Share || b.OursLow != s.Low || b.OursHigh != s.High {
			t.Errorf("%s: ours differs from the share: %+v", b.ID, s)
		}
		near(t, b.ID+" difference", b.Diff, s.Share-b.Published, 1e-12)
		near(t, b.ID+" difference low", b.DiffLow, b.Diff-math.Hypot(s.Share-s.Low, b.High-b.Published), 1e-10)
		near(t, b.ID+" difference high", b.DiffHigh, b.Diff+math.Hypot(s.High-s.Share, b.Published-b.Low), 1e-10)
		if outside := b.DiffLow > 0 || b.DiffHigh < 0; outside != (b.P < 0.05) {
			t.Errorf("%s: p is %g with an interval from %g to %g", b.ID, b.P, b.DiffLow, b.DiffHigh)
		}
	}
}
