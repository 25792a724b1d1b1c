package propose

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tekentafel/instruments"
	"tekentafel/internal/action"
	"tekentafel/internal/action/actiontest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/report/analysis"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/skills/gap"
	"tekentafel/internal/synth"
)

func of(list []Proposal, r Rule) (out []Proposal) {
	for _, p := range list {
		if p.Rule == r {
			out = append(out, p)
		}
	}
	return out
}

func TestEachRuleProposesWhatTheIntervalsSay(t *testing.T) {
	t.Parallel()
	list := From(actiontest.Monitor())
	lowest := of(list, LowestSkill)
	if len(lowest) != 1 || lowest[0].Figure.Key.Item != "technical" || lowest[0].Among != 2 || lowest[0].Direction != action.Up || lowest[0].Figure.Unit != action.Scale || lowest[0].Figure.To != 5 {
		t.Errorf("lowest skill: %+v", lowest)
	}
	reasons := of(list, NonUse)
	if len(reasons) != 1 || reasons[0].Reason != "skills" || !reasons[0].Leads || reasons[0].Target.Kind != action.NonUsers || reasons[0].Direction != action.Down {
		t.Errorf("reasons: %+v", reasons)
	}
	wishes := of(list, Support)
	if len(wishes) != 2 || !wishes[0].Leads || len(wishes[0].Ties) != 1 || wishes[0].Ties[0].Key.Option != "guidelines" {
		t.Errorf("wishes: %+v", wishes)
	}
	if x := of(list, Unknown); len(x) != 1 || x[0].Direction != action.Up || x[0].Figure.Claim.In("nl") == "" {
		t.Errorf("rules: %+v", x)
	}
	if x := of(list, Undisclosed); len(x) != 1 || !x[0].Figure.Sensitive || x[0].Direction != action.Down {
		t.Errorf("undisclosed: %+v", x)
	}
	groups := of(list, Behind)
	if len(groups) != 2 {
		t.Fatalf("groups: %+v", groups)
	}
	kinds := []action.Audience{groups[0].Target.Kind, groups[1].Target.Kind}
	if !slices.Contains(kinds, action.Department) || !slices.Contains(kinds, action.FieldWork) {
		t.Errorf("for %v", kinds)
	}
	for _, p := range groups {
		if p.Beside == nil || !p.Figure.Clear(p.Beside) || p.Figure.Key.Variable == "age" {
			t.Errorf("behind: %+v", p)
		}
	}
}

func TestNothingIsProposedWhereTheIntervalsSayNothing(t *testing.T) {
	t.Parallel()
	for name, blur := range map[string]func(f *findings.Findings){
		"wide intervals": func(f *findings.Findings) {
			for i := range f.Shares {
				f.Shares[i].Low, f.Shares[i].High = 0, 1
			}
			for i := range f.Means {
				f.Means[i].Low, f.Means[i].High = 1, 5
			}
		},
		"hidden": func(f *findings.Findings) {
			for i := range f.Shares {
				f.Shares[i].Suppressed = true
			}
			for i := range f.Means {
				f.Means[i].Suppressed = true
			}
		},
		"no answers": func(f *findings.Findings) { f.Shares, f.Means = nil, nil },
		"nothing":    func(f *findings.Findings) { *f = findings.Findings{} },
	} {
		f := actiontest.Monitor()
		blur(f)
		if list := From(f); len(list) > 0 {
			t.Errorf("%s: %+v", name, list)
		}
	}
	f := actiontest.Monitor()
	f.Comparisons = nil
	if list := of(From(f), Behind); len(list) > 0 {
		t.Errorf("groups of which no test says that they differ: %+v", list)
	}
}

// TestAProposalHoldsWhateverTheAnswers draws figures and intervals: what is called lowest lies below all others, what leads above, who is
// behind below everyone; nothing is proposed twice, and no hidden figure.
func TestAProposalHoldsWhateverTheAnswers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := actiontest.Monitor()
		for i := range f.Shares {
			s := &f.Shares[i]
			half := rapid.Float64Range(.005, .3).Draw(t, "half")
			s.Share = rapid.Float64Range(0, 1).Draw(t, "share")
			s.Low, s.High = max(0, s.Share-half), min(1, s.Share+half)
			s.Suppressed = rapid.IntRange(0, 5).Draw(t, "hidden") == 0
		}
		for i := range f.Means {
			m := &f.Means[i]
			half := rapid.Float64Range(.05, 1).Draw(t, "half")
			m.Mean = rapid.Float64Range(1, 5).Draw(t, "mean")
			m.Low, m.High = m.Mean-half, m.Mean+half
			m.Suppressed = rapid.IntRange(0, 5).Draw(t, "hidden") == 0
		}
		list := From(f)
		seen := map[string]bool{}
		for i := range list {
			p := &list[i]
			if seen[p.Key()] {
				t.Fatalf("twice: %s", p.Key())
			}
			seen[p.Key()] = true
			x, ok := action.Read(f, p.Figure.Key)
			if !ok || x.Value != p.Figure.Value || x.Low != p.Figure.Low {
				t.Fatalf("%s is not in the report: %+v", p.Key(), p.Figure)
			}
			if Find(list, p.Key()) != p {
				t.Fatalf("%s is not found", p.Key())
			}
			switch p.Rule {
			case LowestSkill:
				others := 0
				for j := range f.Means {
					m := &f.Means[j]
					if m.Group != nil || m.Suppressed || m.Construct == p.Figure.Key.Item || slices.ContainsFunc(p.Ties, func(x action.Figure) bool { return x.Key.Item == m.Construct }) {
						continue
					}
					if others++; m.Low <= p.Figure.High {
						t.Fatalf("%s is called lowest beside %+v", p.Key(), m)
					}
				}
				if others == 0 {
					t.Fatal("lowest of nothing")
				}
			case Behind:
				if p.Figure.High >= p.Beside.Low {
					t.Fatalf("%s is called behind %+v", p.Key(), p.Beside)
				}
			case NonUse, Support:
				if !p.Leads && p.Figure.Low < LeastReason {
					t.Fatalf("%s: %+v", p.Key(), p.Figure)
				}
			case Unknown, Undisclosed, Short:
			}
		}
	})
}

func TestAGapProposesPlacesOfWhichItIsSureEnough(t *testing.T) {
	t.Parallel()
	names := map[string]instrument.Text{"technical": actiontest.Text("Technische vaardigheid")}
	list := FromGap(actiontest.Gap(.5), names)
	if len(list) != 2 {
		t.Fatalf("%+v", list)
	}
	whole, place := list[0], list[1]
	if !whole.Figure.Key.Everyone() || whole.Figure.Key.Item != "technical" || whole.Target.Kind != action.Everyone {
		t.Errorf("whole: %+v", whole)
	}
	if place.Figure.Group.In("nl") != "Groen en ruimte" || place.Target.Kind != action.Department || place.People == nil || place.People.Value != 60 || place.Sure != .9 || place.Figure.What.In("nl") != "Technische vaardigheid" {
		t.Errorf("place: %+v", place)
	}
	if list := FromGap(actiontest.Gap(.12), names); len(list) > 0 {
		t.Errorf("few are below: %+v", list)
	}
	g := actiontest.Gap(.5)
	g.Departments, g.Whole = nil, nil // hidden since
	if list := FromGap(g, names); len(list) > 0 {
		t.Errorf("of what is not shown: %+v", list)
	}
	if FromGap(nil, names) != nil || FromGap(&gap.Gap{}, names) != nil {
		t.Error("of nothing")
	}
	all := All(From(actiontest.Monitor()), FromGap(actiontest.Gap(.5), names))
	order := Rules()
	for i := 1; i < len(all); i++ {
		if slices.Index(order, all[i-1].Rule) > slices.Index(order, all[i].Rule) {
			t.Errorf("%s before %s", all[i-1].Rule, all[i].Rule)
		}
	}
	if len(all) != len(From(actiontest.Monitor()))+2 {
		t.Errorf("%d of all", len(all))
	}
}

// TestTheMonitorGivesProposals reads a wave of the monitor as it comes with the product.
func TestTheMonitorGivesProposals(t *testing.T) {
	t.Parallel()
	src, err := instruments.Open("genai-monitor")
	if err != nil {
		t.Fatal(err)
	}
	monitor, err := instrument.Parse("genai-monitor.yaml", src)
	if err != nil {
		t.Fatal(err)
	}
	w, err := synth.New(synth.Options{Instrument: monitor, Size: 1500, Seed: 4})
	if err != nil {
		t.Fatal(err)
	}
	a, err := w.Answers(t.Context(), 0, 1500)
	if err != nil {
		t.Fatal(err)
	}
	f, err := analysis.Analyse(t.Context(), a, analysis.Options{Wave: "Golf"})
	if err != nil {
		t.Fatal(err)
	}
	list := From(f)
	found := map[Rule]int{}
	for i := range list {
		p := &list[i]
		found[p.Rule]++
		t.Logf("%s: %s %v: %.3f (%.3f-%.3f) %v", p.Key(), p.Figure.What.In("nl"), p.Figure.Group.In("nl"), p.Figure.Value, p.Figure.Low, p.Figure.High, p.Target.Kind)
		if p.Figure.What.In("fr") == "" || strings.Contains(p.Figure.Key.Variable, "age") {
			t.Errorf("%s: %+v", p.Key(), p)
		}
	}
	for _, r := range []Rule{LowestSkill, NonUse, Support, Behind} {
		if found[r] == 0 {
			t.Errorf("nothing by rule %s", r)
		}
	}
}
