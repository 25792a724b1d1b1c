package irt

import (
	"encoding/json"
	"flag"
	"math"
	"os"
	"testing"

	"tekentafel/internal/testkit"
)

// rGuess is a prior as the R script reads it.
type rGuess struct {
	A           float64   `json:"a"`
	B           []float64 `json:"b"`
	SlopeSD     float64   `json:"slopeSD"`
	ThresholdSD float64   `json:"thresholdSD"`
}

type rCalibration struct {
	Thresholds []int     `json:"thresholds"`
	Floors     []float64 `json:"floors"`
	People     [][]*int  `json:"people"`
	Group      []int     `json:"group"`
	Groups     int       `json:"groups"`
	Span       float64   `json:"span"`
	Points     int       `json:"points"`
	Priors     bool      `json:"priors"`
	Guess      []rGuess  `json:"guess"`
}

type rItem struct {
	A float64   `json:"a"`
	B []float64 `json:"b"`
	C float64   `json:"c"`
}

type rScore struct {
	Items   []rItem   `json:"items"`
	Answers []*int    `json:"answers"`
	Mean    float64   `json:"mean"`
	SD      float64   `json:"sd"`
	Cuts    []float64 `json:"cuts"`
}

type rLoading struct {
	Items  []rItem      `json:"items"`
	People [][]*int     `json:"people"`
	Self   []float64    `json:"self"`
	Prior  LoadingPrior `json:"prior"`
}

type rLink struct {
	Fresh   []rItem `json:"fresh"`
	Earlier []rItem `json:"earlier"`
}

type rInput struct {
	Loadings     []rLoading     `json:"loadings"`
	Links        []rLink        `json:"links"`
	Calibrations []rCalibration `json:"calibrations"`
	Rasch        []rCalibration `json:"rasch"`
	Scores       []rScore       `json:"scores"`
}

type rOutput struct {
	Loadings []struct {
		Nu, Lambda, Sigma, Loglik float64
		Errors                    []float64
	}
	Links               []struct{ A, B float64 }
	Calibrations, Rasch []struct {
		Estimates, Errors   []float64
		Logposterior, Slope float64
	}
	Scores []struct {
		Mean, SD, Logmarginal, Wle, WleSE, Map float64
		Levels                                 []float64
	}
}

// wide spreads a person's answers over all items; what was not asked is nil.
func wide(d *Answers, items int) (people [][]*int, group []int) {
	for p := range d.People() {
		answers, g := d.Of(p)
		row := make([]*int, items)
		for _, a := range answers {
			row[a.Item] = &a.Category
		}
		people, group = append(people, row), append(group, g)
	}
	return people, group
}

// oracleCalibration is a case with what calibrates it in both.
type oracleCalibration struct {
	name    string
	data    *Answers
	setup   []Setup
	options Options
}

func (c oracleCalibration) forR() rCalibration {
	o := c.options
	if o.Groups == nil {
		o.Groups = []Group{Reference()}
	}
	o.defaults()
	r := rCalibration{Groups: len(o.Groups), Span: o.Span, Points: o.Points}
	r.People, r.Group = wide(c.data, len(c.setup))
	for _, s := range c.setup {
		r.Thresholds, r.Floors = append(r.Thresholds, len(s.Start.B)), append(r.Floors, s.Start.C)
		if s.Prior != nil {
			r.Priors = true
			r.Guess = append(r.Guess, rGuess{s.Prior.Slope, s.Prior.Thresholds, s.Prior.SlopeSD, s.Prior.ThresholdSD})
		}
	}
	return r
}

func oracleCalibrations(t *testing.T) []oracleCalibration {
	t.Helper()
	r := seeded(1)
	var all []oracleCalibration
	{
		items := append(drawBank(r, 3, 2), drawBank(r, 2, 3)...)
		items = append(items, drawBank(r, 1, 4)...)
		var d Answers
		drawAnswers(t, r, &d, items, Reference(), 0, 300, len(items))
		setup := make([]Setup, len(items))
		for i, it := range items {
			setup[i].Start = Item{A: 1, B: []float64{0, 1, 2}[:len(it.B)]}
		}
		all = append(all, oracleCalibration{"complete, no priors", &d, setup, Options{}})
	}
	{
		items := drawBank(r, 3, 3)
		for i, it := range drawBank(r, 3, 2) {
			it.C = []float64{0, 0.2, 0.25}[i]
			items = append(items, it)
		}
		var d Answers
		drawAnswers(t, r, &d, items, Reference(), 0, 80, 4)
		setup := Experts(items)
		for i := range setup {
			p := setup[i].Prior
			p.Slope *= 1.2
			for k := range p.Thresholds {
				p.Thresholds[k] += 0.3
			}
			setup[i].Start = Item{A: p.Slope, B: p.Thresholds, C: items[i].C}.clone()
		}
		all = append(all, oracleCalibration{"few and sparse, with priors and floors", &d, setup, Options{}})
	}
	{
		items := drawBank(r, 5, 2)
		groups := []Group{Reference(), {SD: 1, FreeMean: true, FreeSD: true}, {SD: 1, FreeMean: true, FreeSD: true}}
		var d Answers
		drawAnswers(t, r, &d, items, Reference(), 0, 200, 5)
		drawAnswers(t, r, &d, items, Group{Mean: 0.5, SD: 0.8}, 1, 150, 4)
		drawAnswers(t, r, &d, items, Group{Mean: -0.6, SD: 1.2}, 2, 150, 5)
		all = append(all, oracleCalibration{"three groups", &d, binarySetup(5), Options{Groups: groups}})
	}
	return all
}

func oracleScores() []rScore {
	r := seeded(2)
	var all []rScore
	for n := range 24 {
		c := rScore{Mean: 0.3 * r.NormFloat64(), SD: 0.6 + 0.6*r.Float64(), Cuts: []float64{-1, 0, 1}}
		theta := c.Mean + c.SD*r.NormFloat64()
		for i, it := range append(drawBank(r, 3, 3), drawBank(r, 4, 2)...) {
			it.A *= 0.6 + r.Float64()
			if n%3 == 0 && i > 4 {
				it.C = 0.2
			}
			k := it.Draw(r, theta)
			c.Items = append(c.Items, rItem(it))
			if i == n%7 {
				c.Answers = append(c.Answers, nil)
			} else {
				c.Answers = append(c.Answers, &k)
			}
		}
		if n == 1 || n == 2 { // all wrong, all right
			for i, it := range c.Items {
				k := (n - 1) * len(it.B)
				c.Answers[i] = &k
			}
		}
		all = append(all, c)
	}
	return all
}

// agree holds a relative difference, or an absolute one for values below 1.
func agree(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within*max(1, math.Abs(want))) {
		t.Errorf("%s is %.9g, R has %.9g", what, got, want)
	}
}

// oracleCases are all that is given to both.
type oracleCases struct {
	calibrations []oracleCalibration
	rasch        oracleCalibration
	in           rInput
}

func makeOracleCases(t *testing.T) oracleCases {
	t.Helper()
	o := oracleCases{calibrations: oracleCalibrations(t)}
	for _, c := range o.calibrations {
		o.in.Calibrations = append(o.in.Calibrations, c.forR())
	}
	// The Rasch case: slopes of 1, and a free standard deviation of theta.
	r := seeded(3)
	o.rasch = oracleCalibration{data: &Answers{}, setup: binarySetup(6), options: Options{Groups: []Group{{SD: 1, FreeSD: true}}}}
	for i := range o.rasch.setup {
		o.rasch.setup[i].FixedSlope = true
	}
	items := drawBank(r, 6, 2)
	for i := range items {
		items[i].A = 1.3
	}
	drawAnswers(t, r, o.rasch.data, items, Reference(), 0, 400, 6)
	o.in.Rasch = []rCalibration{o.rasch.forR()}
	o.in.Scores = oracleScores()
	for n, truth := range []Loading{{Nu: 3, Lambda: 0.3, Sigma: 0.6}, {Nu: 3, Lambda: 0.05, Sigma: 0.9}} {
		c := rLoading{Prior: WeakLoading(3, 0.8)}
		items, people := drawPeople(t, uint64(80+n), 60+200*n, truth)
		for _, it := range items {
			c.Items = append(c.Items, rItem(it))
		}
		for _, p := range people {
			row := make([]*int, len(items))
			for _, a := range p.answers {
				row[a.Item] = &a.Category
			}
			c.People, c.Self = append(c.People, row), append(c.Self, p.self)
		}
		o.in.Loadings = append(o.in.Loadings, c)
	}
	var l rLink
	for _, it := range append(drawBank(r, 4, 2), drawBank(r, 4, 3)...) {
		l.Earlier = append(l.Earlier, rItem(it))
		moved := Link{A: 1.2, B: -0.4}.Item(it)
		moved.A *= math.Exp(0.1 * r.NormFloat64())
		moved.B[0] -= 0.1 * r.Float64()
		l.Fresh = append(l.Fresh, rItem(moved))
	}
	o.in.Links = []rLink{l}
	return o
}

var updateGolden = flag.Bool("update-irt", false, "write testdata/oracle_irt.json from R")

// TestCalibrationScoresAndLinksAgreeWithR holds them to independent formulations in R, and the Rasch case to lme4::glmer.
func TestCalibrationScoresAndLinksAgreeWithR(t *testing.T) {
	t.Parallel()
	testkit.NeedR(t)
	o := makeOracleCases(t)
	var out rOutput
	testkit.AskR(t, "oracle_irt.R", o.in, &out)
	o.agree(t, out)
	if *updateGolden {
		text, err := json.MarshalIndent(out, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("testdata/oracle_irt.json", append(text, '\n'), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// TestCalibrationScoresAndLinksAgreeWithWhatRSaid does so where R is not installed, by the answers that testdata/oracle_irt.R gave.
func TestCalibrationScoresAndLinksAgreeWithWhatRSaid(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/oracle_irt.json")
	if err != nil {
		t.Fatal(err)
	}
	var out rOutput
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	makeOracleCases(t).agree(t, out)
}

func (o oracleCases) agree(t *testing.T, out rOutput) {
	t.Helper()
	for n, c := range o.calibrations {
		want := out.Calibrations[n]
		got, err := Calibrate(t.Context(), c.data, c.setup, c.options)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		t.Logf("%s: %d passes; R's largest slope at its maximum %.1e", c.name, got.Steps, want.Slope)
		if !got.Converged {
			t.Errorf("%s did not converge", c.name)
		}
		agree(t, c.name+": log-posterior", got.LogPosterior, want.Logposterior, 1e-9)
		at := 0
		for i, item := range got.Items {
			agree(t, c.name+": slope", item.Item.A, math.Exp(want.Estimates[at]), 1e-6)
			agree(t, c.name+": error of slope", item.SlopeSE, math.Exp(want.Estimates[at])*want.Errors[at], 1e-4)
			for k, b := range item.Item.B {
				agree(t, c.name+": threshold", b, want.Estimates[at+1+k], 1e-6)
				agree(t, c.name+": error of threshold", item.ThresholdSE[k], want.Errors[at+1+k], 1e-4)
			}
			at += len(c.setup[i].Start.B) + 1
		}
		for _, g := range got.Groups[1:] {
			agree(t, c.name+": mean", g.Mean, want.Estimates[at], 1e-6)
			agree(t, c.name+": error of mean", g.MeanSE, want.Errors[at], 1e-4)
			agree(t, c.name+": sd", g.SD, math.Exp(want.Estimates[at+1]), 1e-6)
			agree(t, c.name+": error of sd", g.SDSE, g.SD*want.Errors[at+1], 1e-4)
			at += 2
		}
	}
	got, err := Calibrate(t.Context(), o.rasch.data, o.rasch.setup, o.rasch.options)
	if err != nil {
		t.Fatal(err)
	}
	for i, item := range got.Items {
		agree(t, "glmer: threshold", item.Item.B[0], -out.Rasch[0].Estimates[i], 1e-5)
		agree(t, "glmer: error of threshold", item.ThresholdSE[0], out.Rasch[0].Errors[i], 1e-3) // glmer's are from finite differences
	}
	agree(t, "glmer: standard deviation", got.Groups[0].SD, out.Rasch[0].Estimates[6], 1e-5)
	for n, c := range o.in.Scores {
		scoreAgrees(t, n, c, out)
	}
	for n, c := range o.in.Loadings {
		loadingAgrees(t, c, out, n)
	}
	for n, c := range o.in.Links {
		link, err := StockingLord(plainItems(c.Fresh), plainItems(c.Earlier))
		if err != nil {
			t.Fatal(err)
		}
		agree(t, "Stocking-Lord: A", link.A, out.Links[n].A, 1e-4) // R sums over quantiles
		agree(t, "Stocking-Lord: B", link.B, out.Links[n].B, 1e-4)
	}
}

func plainItems(items []rItem) []Item {
	var out []Item
	for _, it := range items {
		out = append(out, Item(it))
	}
	return out
}

func loadingAgrees(t *testing.T, c rLoading, out rOutput, n int) {
	t.Helper()
	want := out.Loadings[n]
	s, err := NewScorer(plainItems(c.Items), nil)
	if err != nil {
		t.Fatal(err)
	}
	var people []Both
	for p, row := range c.People {
		b := Both{Self: c.Self[p]}
		for i, k := range row {
			b.Answers = append(b.Answers, Answer{i, *k})
		}
		people = append(people, b)
	}
	got, err := FitLoading(t.Context(), s, people, c.Prior, 1)
	if err != nil || !got.Converged {
		t.Fatal(err)
	}
	agree(t, "loading: nu", got.Loading.Nu, want.Nu, 1e-6)
	agree(t, "loading: lambda", got.Loading.Lambda, want.Lambda, 1e-6)
	agree(t, "loading: sigma", got.Loading.Sigma, want.Sigma, 1e-6)
	agree(t, "loading: log-likelihood", got.LogLikelihood, want.Loglik, 1e-8)
	for k, se := range []float64{got.NuSE, got.LambdaSE, got.SigmaSE} {
		agree(t, "loading: standard error", se, want.Errors[k], 1e-4)
	}
}

func scoreAgrees(t *testing.T, n int, c rScore, out rOutput) {
	t.Helper()
	want := out.Scores[n]
	var items []Item
	var answers []Answer
	for i, it := range c.Items {
		items = append(items, Item(it))
		if c.Answers[i] != nil {
			answers = append(answers, Answer{i, *c.Answers[i]})
		}
	}
	prior, err := Normal(c.Mean, c.SD)
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewScorer(items, prior)
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Posterior(answers)
	if err != nil {
		t.Fatal(err)
	}
	agree(t, "EAP", p.Mean, want.Mean, 1e-8)
	agree(t, "posterior SD", p.SD, want.SD, 1e-8)
	agree(t, "log-marginal", p.LogMarginal, want.Logmarginal, 1e-8)
	level, err := LevelOf(p, c.Cuts)
	if err != nil {
		t.Fatal(err)
	}
	for j, got := range level.Probabilities {
		agree(t, "probability of a level", got, want.Levels[j], 1e-4)
	}
	m, err := s.MAP(answers)
	if err != nil {
		t.Fatal(err)
	}
	agree(t, "MAP", m.Theta, want.Map, 1e-6) // R's optimize
	w, err := WLE(items, answers)
	if err != nil {
		t.Fatal(err)
	}
	agree(t, "WLE", w.Theta, want.Wle, 1e-6)
	agree(t, "error of the WLE", w.SE, want.WleSE, 1e-6)
}
