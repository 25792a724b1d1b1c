package story

import (
	"slices"
	"strings"
	"testing"

	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
)

// situations are findings of a wave that also tested people, with everything that findings could hold of it.
func situations() *findings.Findings {
	f := rich()
	m := &maker{f: f}
	m.choice("situation", instrument.Single, instrument.TopicTest, "", text("Nakijken (bureau)", "Checking (desk)"), 400,
		answer{"o1", "geloven wat er staat", "believe it", 0.2, false}, answer{"o2", "nakijken in de bron", "look at the source", 0.8, false})
	m.indicator("best_situation", instrument.TopicTest, "", text("Beste antwoord: Nakijken (bureau)", "Best answer: Checking (desk)"),
		text("kiest het beste antwoord", "choose the best answer"), 0.8, 400)
	f.Questions[len(f.Questions)-1].Parent = "situation"
	by := f.Groups[0].Variable
	for i, g := range f.Groups[0].Values {
		for _, s := range []findings.Share{share("situation", "o2", 0.7, 100), share("best_situation", optionYes, 0.7, 100)} {
			if s.Group = (&findings.Group{Variable: by, Value: g.Value}); i == 0 {
				s.Suppressed, s.Share, s.Low, s.High, s.N, s.Base = true, 0, 0, 0, 0, 0
			}
			f.Shares = append(f.Shares, s)
		}
	}
	f.Comparisons = append(f.Comparisons, findings.Compare{Target: "best_situation", By: by, PAdjusted: 1e-9, Effect: 0.9, EffectName: "cramers-v"})
	return f
}

// What people answered to a question that tests them is told nowhere as an opinion.
func TestTheReportTellsNothingOfSituations(t *testing.T) {
	t.Parallel()
	for _, lang := range instrument.Languages() {
		s := Tell(situations(), lang)
		if said := written(s); strings.Contains(said, "situation") || strings.Contains(said, "desk)") || strings.Contains(said, "bureau)") || strings.Contains(said, "source") {
			t.Errorf("%s: the report tells of a situation", lang)
		}
	}
}

// The exploration shows the share of the best answer, in a section of its own at the end that says what it is, and no answer by itself.
func TestTheExplorationShowsSituationsApart(t *testing.T) {
	t.Parallel()
	f := situations()
	for _, value := range []string{"", f.Groups[0].Values[0].Value, f.Groups[0].Values[1].Value} {
		for _, topic := range []string{"", "test"} {
			e, err := Explore(f, instrument.NL, Selection{By: f.Groups[0].Variable, Value: value, Topic: topic})
			if err != nil {
				t.Fatal(err)
			}
			last := e.Sections[len(e.Sections)-1]
			panels, choose := 1, value == "" && topic == ""
			if choose {
				panels = 0
			} else if value == "" {
				panels = 2 // everyone together, and by group
			}
			if last.ID != "test" || last.Title != "Situaties" || !strings.Contains(last.Lead, "geen meningen") || len(last.Panels) != panels ||
				strings.Contains(last.Lead, "Kies bij Onderwerp ‘Situaties’") != choose {
				t.Errorf("%q, %q: the last section is %+v", value, topic, last)
			}
			for _, s := range e.Sections[:len(e.Sections)-1] {
				if s.Lead != "" || slices.ContainsFunc(s.Panels, func(p Panel) bool { return strings.Contains(p.ID, "situation") }) {
					t.Errorf("%q, %q: the section %s tells of a situation", value, topic, s.ID)
				}
			}
			if value == f.Groups[0].Values[0].Value && last.Panels[0].Figure != nil {
				t.Error("what is hidden of a group is drawn")
			}
			said := writtenExploration(e)
			for _, secret := range []string{"nakijken in de bron", "geloven wat er staat", "grote samenhang"} {
				if strings.Contains(said, secret) {
					t.Errorf("%q, %q: the exploration says %q", value, topic, secret)
				}
			}
		}
	}
	if _, err := Explore(f, instrument.NL, Selection{By: f.Groups[0].Variable, Question: "situation"}); err == nil {
		t.Error("the answers to a situation can be looked at by group")
	}
}
