package analysis_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"tekentafel/internal/instrument"
	"tekentafel/internal/intake"
	"tekentafel/internal/report/analysis"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/synth"
	"tekentafel/internal/testkit"
)

// oraclePair asks R for changes between two waves.
type oraclePair struct {
	Now     oracleWave     `json:"now"`
	Before  oracleWave     `json:"before"`
	Changes []oracleChange `json:"changes"`
}

type oracleChange struct {
	Question int                 `json:"question"` // from 1, in each wave
	Then     int                 `json:"before"`
	By       *string             `json:"by,omitempty"`
	Value    string              `json:"value"`
	Shown    map[string][]string `json:"shown,omitempty"` // groups of the same question that both waves show
}

type oracleDifference struct {
	Diff, SE, Low, High, Before float64
	Standard                    *oracleDifference
}

// pairCase is two waves with the findings of the newer one.
type pairCase struct {
	pair      oraclePair
	findings  *findings.Findings
	before    *findings.Findings
	asked     []findings.Change
	tolerance float64
}

// waveOf is one wave of a pair: its file, its margins where it is weighted, its population where it has one.
type waveOf struct {
	size, departments int
	seed              uint64
	population        float64
	weighted          bool
	by                []string
}

func (w waveOf) read(t *testing.T, in *instrument.Instrument) (*instrument.Answers, analysis.Options, oracleWave) {
	t.Helper()
	path, margins := generated(t, synth.Options{Instrument: in, Size: w.size, Seed: w.seed, Departments: w.departments})
	opt := analysis.Options{By: w.by, Population: w.population}
	o := oracleWave{CSV: path, Spot: 1 << 30}
	if w.population > 0 {
		o.Population = &w.population
	}
	if w.weighted {
		opt.Margins, o.Margins = marginsFrom(t, margins), margins
	}
	return read(t, path, in, intake.Options{}), opt, o
}

func newPair(t *testing.T, name string, before, now waveOf, tolerance float64) *pairCase {
	t.Helper()
	in := builtIn(t, "genai-monitor")
	c := &pairCase{tolerance: tolerance}
	old, oldOptions, o := before.read(t, in)
	c.before = analyse(t, old, oldOptions)
	c.pair.Before = o
	c.pair.Before.ask(t, in, c.before)
	a, opt, n := now.read(t, in)
	// The earlier answers are read anew: what was analysed once is in line with its routing already.
	again, _, _ := before.read(t, in)
	opt.Earlier = &analysis.Earlier{Findings: c.before, Answers: again, Options: oldOptions}
	c.findings = analyse(t, a, opt)
	c.pair.Now = n
	c.pair.Now.Name = name
	c.pair.Now.ask(t, in, c.findings)
	c.ask()
	return c
}

// ask puts every change of an indicator or a construct to R.
func (c *pairCase) ask() {
	for _, change := range c.findings.Changes {
		named := func(q *oracleQuestion) bool { return q.Item == change.Item }
		at := slices.IndexFunc(c.pair.Now.Questions, named)
		kind := c.pair.Now.Questions[at].Kind
		if change.Suppressed || kind != "construct" && c.pair.Now.Questions[at].Option != "yes" {
			continue
		}
		o := oracleChange{Question: at + 1, Then: slices.IndexFunc(c.pair.Before.Questions, named) + 1}
		if change.Group != nil {
			o.By, o.Value = &change.Group.Variable, change.Group.Value
		}
		if change.Standard != nil {
			o.Shown = map[string][]string{}
			for _, v := range c.findings.Earlier.Standardised {
				o.Shown[v] = both(shownGroups(c.findings)[[2]string{change.Item, v}], shownGroups(c.before)[[2]string{change.Item, v}])
			}
		}
		c.asked = append(c.asked, change)
		c.pair.Changes = append(c.pair.Changes, o)
	}
}

func both(a, b []string) []string {
	out := []string{}
	for _, v := range a {
		if slices.Contains(b, v) {
			out = append(out, v)
		}
	}
	return out
}

func TestChangesAgreeWithR(t *testing.T) {
	t.Parallel()
	testkit.NeedR(t)
	cases := []*pairCase{
		newPair(t, "two plain waves", waveOf{size: 700, seed: 21, departments: 14}, waveOf{size: 900, seed: 22, departments: 12}, 1e-7),
		newPair(t, "two waves of a finite population", waveOf{size: 800, seed: 23, departments: 8, population: 1500},
			waveOf{size: 600, seed: 24, departments: 8, population: 1400}, 1e-7),
		newPair(t, "two raked waves", waveOf{size: 900, seed: 25, departments: 9, weighted: true, by: []string{"department", "age"}},
			waveOf{size: 1100, seed: 26, departments: 9, weighted: true, by: []string{"department", "age"}}, 1e-5),
	}
	var pairs []oraclePair
	for _, c := range cases {
		pairs = append(pairs, c.pair)
	}
	var answers [][]oracleDifference
	testkit.AskR(t, "change.R", pairs, &answers)
	for i, c := range cases {
		t.Run(c.pair.Now.Name, func(t *testing.T) {
			t.Parallel()
			c.check(t, answers[i])
		})
	}
}

func (c *pairCase) check(t *testing.T, r []oracleDifference) {
	standards, groups := 0, 0
	for i, got := range c.asked {
		what := fmt.Sprint(cellOf(got.Item, got.Option, got.Group))
		near(t, what+" difference", got.Diff, r[i].Diff, c.tolerance)
		near(t, what+" se", got.SE, r[i].SE, c.tolerance)
		near(t, what+" low", got.Low, r[i].Low, c.tolerance)
		near(t, what+" high", got.High, r[i].High, c.tolerance)
		if outside := got.Low > 0 || got.High < 0; outside != (got.P < 0.05) || got.PAdjusted < got.P {
			t.Errorf("%s: p is %g and %g with an interval from %g to %g", what, got.P, got.PAdjusted, got.Low, got.High)
		}
		if got.Group != nil {
			groups++
		}
		if got.Standard == nil {
			continue
		}
		standards++
		s, w := got.Standard, r[i].Standard
		near(t, what+" standardised before", s.Before, w.Before, max(c.tolerance, 1e-6))
		near(t, what+" standardised difference", s.Diff, w.Diff, 1e-4)
		near(t, what+" standardised se", s.SE, w.SE, max(c.tolerance, 1e-6))
		near(t, what+" standardised low", s.Low, w.Low, 1e-4)
		near(t, what+" standardised high", s.High, w.High, 1e-4)
		near(t, what+" parts", s.Diff+s.Composition, got.Diff, 1e-9)
	}
	t.Logf("%d changes compared, %d of groups, %d with the composition held the same", len(c.asked), groups, standards)
	if standards < 8 || groups < 20 {
		t.Errorf("only %d standardised and %d of groups", standards, groups)
	}
}

func TestAChangeIsShownOnlyWhereBothWavesShowTheFigure(t *testing.T) {
	t.Parallel()
	c := newPair(t, "small", waveOf{size: 240, seed: 31, departments: 14}, waveOf{size: 260, seed: 32, departments: 14}, 0)
	shown := func(f *findings.Findings, change *findings.Change) bool {
		for _, s := range f.Shares {
			if s.Item == change.Item && s.Option == change.Option && cellOf("", "", s.Group) == cellOf("", "", change.Group) {
				return !s.Suppressed
			}
		}
		for _, m := range f.Means {
			if m.Construct == change.Item && cellOf("", "", m.Group) == cellOf("", "", change.Group) {
				return !m.Suppressed
			}
		}
		return false
	}
	hidden := 0
	for i := range c.findings.Changes {
		change := &c.findings.Changes[i]
		if want := shown(c.findings, change) && shown(c.before, change); want == change.Suppressed {
			t.Errorf("%+v: shown in both waves is %t", change, want)
		}
		if change.Suppressed {
			hidden++
			bare := findings.Change{Item: change.Item, Option: change.Option, Group: change.Group, Suppressed: true}
			if *change != bare {
				t.Errorf("a suppressed change holds figures: %+v", change)
			}
		}
	}
	if hidden == 0 || hidden == len(c.findings.Changes) {
		t.Fatalf("%d of %d changes are hidden", hidden, len(c.findings.Changes))
	}
}

// Answers that move between hidden groups must leave every standardised figure as it is: it would tell them apart from what
// the total says already.
func TestAStandardisedChangeTellsNothingOfAHiddenGroup(t *testing.T) {
	t.Parallel()
	in := builtIn(t, "genai-monitor")
	before, now := waveOf{size: 300, seed: 41, departments: 24, by: []string{"department"}}, waveOf{size: 320, seed: 42, departments: 24, by: []string{"department"}}
	old, oldOptions, _ := before.read(t, in)
	f := analyse(t, old, oldOptions)
	var hidden []string
	for _, v := range f.Groups[0].Values {
		if v.Suppressed {
			hidden = append(hidden, v.Value)
		}
	}
	if len(hidden) < 2 {
		t.Fatal("too few hidden groups for this test")
	}
	changesWith := func(swap bool) []findings.Change {
		again, _, _ := before.read(t, in)
		if swap {
			swapGroups(t, again, "department", hidden[0], hidden[1])
		}
		a, opt, _ := now.read(t, in)
		opt.Earlier = &analysis.Earlier{Findings: f, Answers: again, Options: oldOptions}
		return analyse(t, a, opt).Changes
	}
	plain, swapped := changesWith(false), changesWith(true)
	standards := 0
	for i := range plain {
		if plain[i].Standard == nil {
			continue
		}
		standards++
		near(t, plain[i].Item, swapped[i].Standard.Before, plain[i].Standard.Before, 1e-9)
		near(t, plain[i].Item, swapped[i].Standard.SE, plain[i].Standard.SE, 1e-9)
	}
	if standards == 0 {
		t.Fatal("nothing was standardised")
	}
}

// swapGroups gives everyone of one group the other, and the reverse for half of them, so that who is in which changes.
func swapGroups(t *testing.T, a *instrument.Answers, variable, one, other string) {
	t.Helper()
	i := slices.IndexFunc(a.Variables, func(v instrument.Variable) bool { return v.ID == variable })
	c := a.Columns[i]
	codeOf := func(v string) int { return instrument.FirstOption + slices.Index(c.Levels, v) }
	x, y := codeOf(one), codeOf(other)
	set := func(n, code int) {
		if c.Narrow != nil {
			c.Narrow[n] = uint8(code)
		} else {
			c.Wide[n] = uint16(code)
		}
	}
	for n := range a.N {
		switch c.At(n) {
		case x:
			set(n, y)
		case y:
			if n%2 == 0 {
				set(n, x)
			}
		}
	}
}

func TestWithoutTheEarlierAnswersChangesFollowFromTheFindings(t *testing.T) {
	t.Parallel()
	in := builtIn(t, "genai-monitor")
	old, oldOptions, _ := waveOf{size: 500, seed: 51}.read(t, in)
	f := analyse(t, old, oldOptions)
	a, opt, _ := waveOf{size: 500, seed: 52}.read(t, in)
	opt.Earlier = &analysis.Earlier{Findings: f}
	got := analyse(t, a, opt)
	if got.Earlier.Note != findings.NoAnswers || len(got.Changes) == 0 || len(got.Earlier.Incomparable) != 0 {
		t.Fatalf("%+v with %d changes", got.Earlier, len(got.Changes))
	}
	for _, c := range got.Changes {
		if c.Standard != nil {
			t.Fatalf("%+v was standardised without answers", c)
		}
	}
}

func TestWhatIsAskedInAnotherWayIsNotCompared(t *testing.T) {
	t.Parallel()
	in := builtIn(t, "genai-monitor")
	old, oldOptions, _ := waveOf{size: 400, seed: 61}.read(t, in)
	before := analyse(t, old, oldOptions)
	now := analyseSynthetic(t, 400, 62, analysis.Options{Earlier: &analysis.Earlier{Findings: before}})
	if r := findings.Incomparables(now, before); len(r) > 0 {
		t.Fatal(r)
	}
	reasonsAfter := func(change func(q *findings.Question)) map[string]string {
		other := *before
		other.Questions = slices.Clone(before.Questions)
		for i := range other.Questions {
			change(&other.Questions[i])
		}
		return findings.Incomparables(now, &other)
	}
	var indicator findings.Question
	for _, q := range now.Questions {
		if q.Kind == "indicator" {
			indicator = q
			break
		}
	}
	for name, c := range map[string]struct {
		change    func(q *findings.Question)
		item, why string
	}{
		"wording": {func(q *findings.Question) {
			if q.ID == indicator.Parent {
				q.Wording = instrument.Text{instrument.Languages()[0]: "Anders gevraagd"}
			}
		}, indicator.Parent, findings.OtherWording},
		"an item behind an indicator": {func(q *findings.Question) {
			if q.ID == indicator.Parent {
				q.Wording = instrument.Text{instrument.Languages()[0]: "Anders gevraagd"}
			}
		}, indicator.ID, findings.OtherIngredient},
		"options": {func(q *findings.Question) {
			if q.ID == indicator.Parent {
				q.Options = q.Options[1:]
			}
		}, indicator.Parent, findings.OtherOptions},
		"rule": {func(q *findings.Question) {
			if q.ID == indicator.ID {
				q.Rule = "another"
			}
		}, indicator.ID, findings.OtherRule},
		"who is asked": {func(q *findings.Question) {
			if q.ID == indicator.Parent {
				q.Condition = "true"
			}
		}, indicator.Parent, findings.OtherPeople},
		"kind": {func(q *findings.Question) {
			if q.ID == indicator.Parent {
				q.Kind = "number"
			}
		}, indicator.Parent, findings.OtherKind},
		"new": {func(q *findings.Question) {
			if q.ID == indicator.Parent {
				q.ID = "gone"
			}
		}, indicator.Parent, findings.NewQuestion},
	} {
		if r := reasonsAfter(c.change); r[c.item] != c.why {
			t.Errorf("%s: %q of %v", name, r[c.item], slices.Sorted(maps.Keys(r)))
		}
	}
	// One language more is no other wording.
	more := reasonsAfter(func(q *findings.Question) {
		q.Wording = maps.Clone(q.Wording)
		delete(q.Wording, instrument.Languages()[3])
	})
	if len(more) > 0 {
		t.Error(more)
	}
}

func TestGroupsThatComeAndGoLeaveTheOthersComparable(t *testing.T) {
	t.Parallel()
	in := builtIn(t, "genai-monitor")
	at := slices.IndexFunc(in.Items, func(it instrument.Item) bool { return it.Group && it.Kind == instrument.Single })
	if at < 0 {
		t.Fatal("the questionnaire has no single choice to break down by")
	}
	variable := in.Items[at].ID
	old, oldOptions, _ := waveOf{size: 600, seed: 71}.read(t, in)
	before := analyse(t, old, oldOptions)
	for i := range before.Questions {
		if q := &before.Questions[i]; q.ID == variable {
			q.Options = q.Options[1:]
		}
	}
	var other string
	for i := range before.Groups {
		if g := &before.Groups[i]; g.Variable == variable {
			other = g.Values[1].Value
			g.Values[1].Label = instrument.Text{instrument.NL: "Iets anders"}
		}
	}
	a, opt, _ := waveOf{size: 600, seed: 72}.read(t, in)
	opt.Earlier = &analysis.Earlier{Findings: before}
	seen := map[string]bool{}
	for _, c := range analyse(t, a, opt).Changes {
		if c.Group != nil && c.Group.Variable == variable {
			seen[c.Group.Value] = true
		}
	}
	if len(seen) == 0 || seen[other] {
		t.Errorf("changes of %v; %s has another name now", slices.Sorted(maps.Keys(seen)), other)
	}
}
