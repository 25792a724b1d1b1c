package gap_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"tekentafel/internal/skills/gap"
	"tekentafel/internal/skills/gap/synthetic"
	"tekentafel/internal/stats/irt"
)

func options() gap.Options { return gap.Options{Secret: secret, Draws: 100, Seed: 2} }

func note(g *gap.Gap, kind gap.NoteKind) *gap.Note {
	i := slices.IndexFunc(g.Caveats, func(n gap.Note) bool { return n.Kind == kind })
	if i < 0 {
		return nil
	}
	return &g.Caveats[i]
}

// The basis, and what follows from it, stands with every skill.
func TestBasisIsSaid(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(r *synthetic.Recipe)
		asked  gap.Basis
		want   gap.Basis
		note   gap.NoteKind
	}{
		"statements alone":               {func(*synthetic.Recipe) {}, gap.Auto, gap.Self, gap.SelfReport},
		"a test alone":                   {func(r *synthetic.Recipe) { r.Statements, r.TestItems = 0, 5 }, gap.Auto, gap.Test, ""},
		"both":                           {func(r *synthetic.Recipe) { r.TestItems = 5 }, gap.Auto, gap.Both, gap.PartlySelf},
		"both, statements asked for":     {func(r *synthetic.Recipe) { r.TestItems = 5 }, gap.Self, gap.Self, gap.SelfReport},
		"both, the test alone asked for": {func(r *synthetic.Recipe) { r.TestItems = 5 }, gap.Test, gap.Test, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := small(11, c.change)
			o := options()
			o.Basis = c.asked
			g := compute(t, &w.Input, o)
			if g.Skills[0].Basis != c.want {
				t.Errorf("the basis is %q", g.Skills[0].Basis)
			}
			if c.note != "" && note(g, c.note) == nil || c.note == "" && (note(g, gap.SelfReport) != nil || note(g, gap.PartlySelf) != nil) {
				t.Errorf("caveats are %v", g.Caveats)
			}
			truth := w.Truth(0, func(int, int) bool { return true })
			if f := g.Whole.Skills[0].Below; f.Low-0.02 > truth.Below || f.High+0.02 < truth.Below {
				t.Errorf("%.3f are below, said is %+v", truth.Below, *f)
			}
		})
	}
}

// Self-report that says nothing of the test changes nothing: what people believe of themselves does not enter by the back door.
func TestSelfReportCountsAsFarAsItGoesWithTheTest(t *testing.T) {
	t.Parallel()
	w := small(12, func(r *synthetic.Recipe) { r.TestItems = 6 })
	for _, items := range w.Input.People.Self {
		for _, column := range items {
			for i := range column {
				column[i] = int8(4 + i%2) // everybody thinks much of themselves
			}
		}
	}
	g := compute(t, &w.Input, options())
	truth := w.Truth(0, func(int, int) bool { return true })
	if g.Skills[0].Basis != gap.Both || *g.Skills[0].Correlation > 0.1 {
		t.Errorf("measured as %+v", g.Skills[0])
	}
	if f := g.Whole.Skills[0].Level; math.Abs(f.Value-truth.Level) > 0.08 {
		t.Errorf("the level is %.2f, said is %.2f", truth.Level, f.Value)
	}
}

// Parameters of statements are found from the answers, and the level of the wave with them.
func TestStatementsAreCalibrated(t *testing.T) {
	t.Parallel()
	w := small(13, func(r *synthetic.Recipe) { r.Mean, r.Staff = -0.4, 6000 })
	w.Hide()
	g := compute(t, &w.Input, options())
	truth := w.Truth(0, func(int, int) bool { return true })
	if g.Skills[0].Origin != gap.Calibrated || math.Abs(g.Whole.Skills[0].Level.Value-truth.Level) > 0.08 {
		t.Errorf("the level is %.2f, said is %+v from %s parameters %v", truth.Level, *g.Whole.Skills[0].Level, g.Skills[0].Origin, g.Skills[0].Items)
	}
	w = small(13, func(r *synthetic.Recipe) { r.Staff = 200 })
	w.Hide()
	g = compute(t, &w.Input, options())
	if g.Skills[0].Origin != gap.Assumed || note(g, gap.AssumedScale) == nil {
		t.Errorf("with 200 people the parameters are %s", g.Skills[0].Origin)
	}
}

// Verdicts say why.
func TestVerdictsSayWhy(t *testing.T) {
	t.Parallel()
	w := small(14)
	nothing := w.Input
	nothing.Required = nil
	g := compute(t, &nothing, options())
	if s := g.Whole.Skills[0]; s.Verdict != gap.NoRequirement || !slices.Contains(s.Why, gap.NothingAsked) || s.Level == nil || s.Below != nil || s.People != nil {
		t.Errorf("without requirements: %+v", s)
	}
	lowest := w.Input
	lowest.Required = func(int, int) []int8 { return []int8{1, 1} }
	if s := compute(t, &lowest, options()).Whole.Skills[0]; s.Verdict != gap.NoRequirement || !slices.Contains(s.Why, gap.LowestAsked) {
		t.Errorf("with the lowest level required: %+v", s)
	}
	some := w.Input
	some.Required = func(f, _ int) []int8 { return []int8{int8(2 * (f % 2)), 2} }
	if s := compute(t, &some, options()).Whole.Skills[0]; s.Verdict != gap.Enough || !slices.Contains(s.Why, gap.SomeNotAsked) {
		t.Errorf("with a requirement for some: %+v", s)
	}
	o := options()
	o.Rule = gap.Rule{MinPeople: 80, LevelWidth: 0.3, ShareWidth: 0.1}
	g = compute(t, &w.Input, o)
	verdicts := map[gap.Verdict]int{}
	for _, r := range g.Functions {
		for _, s := range r.Skills {
			verdicts[s.Verdict]++
			switch s.Verdict {
			case gap.TooFew:
				if s.Base >= 80 || s.Level != nil || s.Below != nil || !slices.Contains(s.Why, gap.FewPeople) {
					t.Errorf("too few: %+v", s)
				}
			case gap.TooUncertain:
				if s.Level == nil || !slices.Contains(s.Why, gap.WideLevel) && !slices.Contains(s.Why, gap.WideShare) {
					t.Errorf("too uncertain: %+v", s)
				}
			case gap.Enough, gap.NoRequirement:
			}
		}
	}
	if len(verdicts) < 3 {
		t.Errorf("verdicts are %v", verdicts)
	}
}

// Every figure has an interval around it, in steps of its grain, and people are those of the staff list.
func TestFiguresHaveIntervals(t *testing.T) {
	t.Parallel()
	w := small(15, func(r *synthetic.Recipe) { r.Untried, r.Unknown = 0.3, 0.05 })
	g := compute(t, &w.Input, options())
	figures := 0
	for _, list := range [][]gap.Row{{*g.Whole}, g.Functions, g.Departments, g.Families, g.Cells} {
		for _, r := range list {
			for _, s := range r.Skills {
				for _, f := range []*gap.Figure{s.Level, s.Below, s.Shortfall, s.Distance, s.People} {
					if f == nil {
						continue
					}
					figures++
					if steps := f.Value / f.Grain; !(f.Low <= f.Value && f.Value <= f.High) || math.Abs(steps-math.Round(steps)) > 1e-6 && f.Value != f.High && f.Value != f.Low {
						t.Errorf("%+v", *f)
					}
				}
				if s.People != nil && s.People.High > float64(r.Staff) {
					t.Errorf("%v of %d people are below", s.People.High, r.Staff)
				}
			}
		}
	}
	if figures < 200 || g.Whole.Staff != 2500 || note(g, gap.OnlyUsers) == nil || note(g, gap.UnknownFunction) == nil {
		t.Errorf("%d figures of %d staff, caveats %v", figures, g.Whole.Staff, g.Caveats)
	}
	truth := w.Truth(1, func(int, int) bool { return true })
	if u := g.Whole.Untried; truth.Untried < u.Low || truth.Untried > u.High {
		t.Errorf("%.3f never tried, said is %+v", truth.Untried, *u)
	}
	if p := g.Whole.Skills[1].People; truth.People < p.Low-60 || truth.People > p.High+60 {
		t.Errorf("%.0f people are below, said is %+v", truth.People, *p)
	}
}

// The places with most people below come first, with how sure that is; what cannot be told apart is a tie.
func TestRankingSaysHowSure(t *testing.T) {
	t.Parallel()
	w := small(16)
	g := compute(t, &w.Input, options())
	r := gap.Rank(g, gap.ByFunction)
	if r == nil || gap.Rank(g, gap.Kind("none")) != nil || len(r.Places) < 20 {
		t.Fatalf("ranking is %+v", r)
	}
	sure, ties := 0.0, 0
	for i, p := range r.Places {
		sure += p.Sure
		if i > 0 {
			before := r.Places[i-1]
			switch {
			case p.Tie == before.Tie:
				ties++
				if p.People.Value > before.People.Value {
					t.Errorf("place %d has more people below than the one before in its tie", i)
				}
			case p.Tie != before.Tie+1:
				t.Errorf("tie %d follows %d", p.Tie, before.Tie)
			}
		}
		f := slices.IndexFunc(g.Functions, func(x gap.Row) bool { return x.Function == p.Function })
		s := slices.IndexFunc(g.Skills, func(m gap.Measured) bool { return m.ID == p.Skill })
		if *g.Functions[f].Skills[s].People != p.People {
			t.Errorf("place %d has %+v, its row %+v", i, p.People, *g.Functions[f].Skills[s].People)
		}
	}
	if ties == 0 || r.Places[0].Sure < 0.9 || math.Abs(sure-float64(r.Top)) > 1 {
		t.Errorf("%d ties, probabilities of %d places add up to %.2f, the first has %.2f", ties, r.Top, sure, r.Places[0].Sure)
	}
}

// A change is said where there is one, silence has a reason, and without a change there is none.
func TestChangesBetweenWaves(t *testing.T) {
	t.Parallel()
	first := small(17)
	before := compute(t, &first.Input, options())
	moved := small(17, func(r *synthetic.Recipe) { r.Mean += 0.5 })
	moved.Input.Wave = "later"
	moved.Hide()
	moved.Input.Skills, moved.Input.Earlier = gap.Hold(moved.Input.Skills, before), before
	g := compute(t, &moved.Input, options())
	c := g.Changes
	if c == nil || c.Earlier != before.Wave || g.Skills[0].Origin != gap.Held || c.Skills[0] != gap.NotSilent {
		t.Fatalf("changes are %+v", c)
	}
	whole := c.Rows[0].Skills[0]
	level := moved.Truth(0, func(int, int) bool { return true }).Level - first.Truth(0, func(int, int) bool { return true }).Level
	if !whole.Level.Clear || level < whole.Level.Low-0.02 || level > whole.Level.High+0.02 || !whole.Below.Clear || whole.Requirement {
		t.Errorf("levels rose by %.2f, said is %+v", level, *whole.Level)
	}
	same := gap.Compare(before, before)
	for _, r := range same.Rows {
		for _, s := range r.Skills {
			if s.Level != nil && (s.Level.Clear || s.Level.Value != 0) {
				t.Errorf("a wave differs from itself in %+v", r)
			}
		}
	}
	again := small(17)
	again.Hide()
	again.Input.Earlier = before
	if c := compute(t, &again.Input, options()).Changes; slices.Contains(c.Skills, gap.NotSilent) && !slices.Equal(c.Rows[0].Skills, same.Rows[0].Skills) && c.Rows[0].Skills[0].Level.Clear {
		t.Errorf("another scale is compared: %+v", c.Skills)
	}
	test := small(17, func(r *synthetic.Recipe) { r.Statements, r.TestItems = 0, 5 })
	test.Input.Earlier = before
	for _, r := range compute(t, &test.Input, options()).Changes.Rows {
		if s := r.Skills[0]; s.Silence != gap.OtherBasis || s.Level != nil {
			t.Fatalf("a test is compared with statements: %+v", s)
		}
	}
	hidden := *before
	hidden.Functions = before.Functions[1:]
	for _, r := range gap.Compare(&hidden, before).Rows {
		if r.Function == before.Functions[0].Function && r.Kind == gap.ByFunction && (r.Skills[0].Silence != gap.NotThen || r.Skills[0].Level != nil) {
			t.Errorf("a function that was hidden then is compared: %+v", r)
		}
	}
}

// Faults in the personnel data are listed by the conclusion that they limit, the worst first, with what would mend them.
func TestReadinessSaysWhatLimitsWhat(t *testing.T) {
	t.Parallel()
	w := small(18, func(r *synthetic.Recipe) { r.Functions, r.Staff = 60, 900 })
	w.Input.Staff = append(w.Input.Staff, gap.Staff{Function: -1, Department: 0, N: 100})
	w.Input.Readiness = &gap.Readiness{Conclusions: []gap.Conclusion{{Name: "gap by function", Staff: 1000, Usable: 900, Shown: 500,
		Losses: []gap.Loss{{Kind: "person.no_function", People: 100, Points: 10}, {Kind: "group.small", People: 400, Points: 40}},
		Gains:  []gap.Gain{{Kind: "person.no_function", Mend: "give function", Count: 60, Points: 7}, {Kind: "person.no_function", Mend: "give function", Count: 40, Points: 2}}}}}
	g := compute(t, &w.Input, options())
	want := []gap.Limit{{Conclusion: "gap by function", Fault: "group.small", Severity: gap.Harms, People: 400, Points: 40},
		{Conclusion: "gap by function", Fault: "person.no_function", Severity: gap.Harms, People: 100, Points: 10, Mend: "give function", Count: 100, Gain: 9}}
	if !slices.Equal(g.Limits, want) {
		t.Errorf("limits are %+v", g.Limits)
	}
	for _, r := range g.Reach {
		if sum := r.Enough + r.Doubted + r.Hidden + r.Nobody + r.Unknown; math.Abs(sum-1) > 1e-9 {
			t.Errorf("%s adds up to %v", r.Kind, sum)
		}
		if r.Kind == gap.ByFunction && (r.Unknown != 0.1 || r.Hidden == 0) {
			t.Errorf("reach is %+v", r)
		}
	}
}

// Going down from a group leads to its functions and cells that are shown, and to no others.
func TestGoingDownStaysInside(t *testing.T) {
	t.Parallel()
	w := small(19)
	g := compute(t, &w.Input, options())
	if len(gap.Heat(g, gap.ByDepartment)) != len(g.Departments) || len(gap.Heat(g, "")) != 1 || len(gap.Heat(g, gap.ByFamily)) != len(g.Families) {
		t.Error("a heat map misses lines")
	}
	cells, functions := 0, 0
	for _, r := range g.Functions {
		for _, h := range gap.Inside(g, gap.ByFunction, r.Function) {
			cells++
			if h.Row.Function != r.Function || h.Row.N > r.N {
				t.Errorf("%+v stands in %s", *h.Row, r.Function)
			}
		}
	}
	for _, r := range g.Families {
		functions += len(gap.Inside(g, gap.ByFamily, r.Family))
	}
	if cells != len(g.Cells) || cells == 0 || functions == 0 || gap.Inside(g, gap.ByCell, "f0") != nil {
		t.Errorf("%d of %d cells and %d functions", cells, len(g.Cells), functions)
	}
}

// Fewer than k people give no figure at all, and an organisation of one place gives one.
func TestSmallestOrganisations(t *testing.T) {
	t.Parallel()
	few := crossed([][]int{{3}, {1}}, func(int) int8 { return 1 })
	g := compute(t, few, options())
	if g.Whole != nil || g.Functions != nil || g.Rankings != nil || len(g.Skills) != 1 {
		t.Errorf("four people give %+v", g)
	}
	g = compute(t, crossed([][]int{{40}}, func(int) int8 { return 1 }), options())
	if g.Whole == nil || g.Whole.Skills[0].Level == nil || note(g, gap.FewFunctions) == nil {
		t.Errorf("one place gives %+v", g)
	}
	same := crossed([][]int{{40}, {30}}, func(int) int8 { return 1 })
	for i := range same.People.Self[0][0] {
		same.People.Self[0][0][i], same.People.Self[0][1][i] = 3, 3
	}
	if g = compute(t, same, options()); len(g.Functions) > 0 {
		t.Errorf("groups in which all answer alike are shown: %+v", g.Functions)
	}
	never := crossed([][]int{{40}, {30}}, func(int) int8 { return 0 })
	g = compute(t, never, options())
	if s := g.Whole.Skills[0]; s.Verdict != gap.TooFew || s.Level != nil {
		t.Errorf("nobody tried, and yet: %+v", s)
	}
}

// Who answered from a place that the staff list does not have gives no figure there, and takes part in what is said elsewhere.
func TestPlacesThatTheStaffListLacks(t *testing.T) {
	t.Parallel()
	in := crossed([][]int{{40, 20}, {30, 20}, {25, 25}}, func(int) int8 { return 1 })
	for f := range 2 {
		for d := range 2 {
			in.Staff = append(in.Staff, gap.Staff{Function: f, Department: d, N: 60})
		}
	}
	g := compute(t, in, options())
	encoded(t, g)
	for _, r := range g.Functions {
		s := r.Skills[0]
		if lacks := r.Function == "f2"; lacks != (s.Level == nil) || lacks && (s.Verdict != gap.TooFew || !slices.Contains(s.Why, gap.NotStaffed)) {
			t.Errorf("%s: %+v", r.Function, s)
		}
	}
}

// Wrong input is refused with what is wrong.
func TestWrongInputIsRefused(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(in *gap.Input, o *gap.Options){
		"k":               func(in *gap.Input, _ *gap.Options) { in.K = 3 },
		"cuts":            func(in *gap.Input, _ *gap.Options) { in.Cuts = []float64{1, 0} },
		"skills":          func(in *gap.Input, _ *gap.Options) { in.Skills = nil },
		"functions":       func(in *gap.Input, _ *gap.Options) { in.Functions = nil },
		"same code":       func(in *gap.Input, _ *gap.Options) { in.Functions[0].Code = in.Functions[1].Code },
		"family":          func(in *gap.Input, _ *gap.Options) { in.Functions[0].Family = 99 },
		"staff":           func(in *gap.Input, _ *gap.Options) { in.Staff = []gap.Staff{{Function: 0, Department: 0, N: -1}} },
		"column":          func(in *gap.Input, _ *gap.Options) { in.People.Department = in.People.Department[1:] },
		"respondent":      func(in *gap.Input, _ *gap.Options) { in.People.Function[3] = 1000 },
		"weight":          func(in *gap.Input, _ *gap.Options) { in.People.Weight = make([]float64, len(in.People.Function)) },
		"tried":           func(in *gap.Input, _ *gap.Options) { in.People.Tried[0] = 5 },
		"answer":          func(in *gap.Input, _ *gap.Options) { in.People.Self[0][0][0] = 6 },
		"answers":         func(in *gap.Input, _ *gap.Options) { in.People.Self[0] = in.People.Self[0][:1] },
		"skills answered": func(in *gap.Input, _ *gap.Options) { in.People.Self = append(in.People.Self, nil) },
		"parameters": func(in *gap.Input, _ *gap.Options) {
			in.Skills[0].Self[0].Parameters = &irt.Item{A: 1, B: []float64{0}}
		},
		"items":     func(in *gap.Input, _ *gap.Options) { in.Skills[0].Test = make([]gap.TestItem, 18) },
		"odd draws": func(_ *gap.Input, o *gap.Options) { o.Draws = 7 },
		"no secret": func(_ *gap.Input, o *gap.Options) { o.Secret = nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in, o := crossed([][]int{{20}, {20}}, func(int) int8 { return 1 }), options()
			change(in, &o)
			var wrong *gap.InputError
			if _, err := gap.Compute(t.Context(), in, o); !errors.As(err, &wrong) {
				t.Errorf("the error is %v", err)
			}
		})
	}
	if _, err := gap.Compute(t.Context(), &gap.Input{Cuts: synthetic.Cuts(), Skills: make([]gap.Skill, 1), Functions: make([]gap.Group, 1), Departments: make([]gap.Group, 1)}, options()); !errors.Is(err, gap.ErrNobody) {
		t.Errorf("nobody: %v", err)
	}
}
