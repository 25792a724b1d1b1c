package story

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tekentafel/internal/chart"
	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
)

// departments are the rich findings with figures of every kind by department: indicators, scores and answers.
func departments() *findings.Findings {
	f := rich()
	for value, shares := range map[string][]float64{"bz": {0.5, 0.4, 0.6, 0.1}, "co": {0.9, 0.3, 0.2, 0.05}, "gr": {0.2, 0.6, 0.4, 0.3}, "ar": nil} {
		g := &findings.Group{Variable: "department", Value: value}
		for i, option := range []string{"examples", "guidelines", "training", "none"} {
			s := findings.Share{Item: "support", Option: option, Suppressed: true}
			if shares != nil {
				s = share("support", option, shares[i], 120)
			}
			s.Group = g
			f.Shares = append(f.Shares, s)
		}
		if shares == nil {
			f.Means = append(f.Means, findings.Mean{Construct: "technical", Group: g, Suppressed: true})
		}
	}
	f.Groups[0].Values[3].N = 0
	m := &maker{f}
	m.compare("support", "examples", "department", 0.0001, 0.4)
	return f
}

// visits are looks at the departments, by name of the golden file.
func visits() map[string]Selection {
	return map[string]Selection{
		"by": {By: "department"}, "topic": {By: "department", Topic: "support"}, "one": {By: "department", Value: "co"},
		"hidden": {By: "department", Value: "ar"},
	}
}

func explored(t *testing.T, f *findings.Findings, lang instrument.Lang, sel Selection) *Exploration {
	t.Helper()
	e, err := Explore(f, lang, sel)
	if err != nil {
		t.Fatalf("%s, %+v: %v", lang, sel, err)
	}
	return e
}

func TestExplorationsReadAsBefore(t *testing.T) {
	t.Parallel()
	for name, sel := range visits() {
		langs := []instrument.Lang{instrument.NL}
		if name == "one" || name == "by" {
			langs = instrument.Languages()
		}
		for _, lang := range langs {
			got := writtenExploration(explored(t, departments(), lang, sel))
			file := filepath.Join("testdata", "explore-"+name+"-"+string(lang)+".txt")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want), got); d != "" {
				t.Errorf("%s, %s; run with -update when the change is meant:\n%s", name, lang, d)
			}
		}
	}
}

// writtenExploration lays an exploration out as plain text.
func writtenExploration(e *Exploration) string {
	var b strings.Builder
	line := func(indent, label, text string) {
		if text != "" {
			fmt.Fprintf(&b, "%s%s%s\n", indent, label, text)
		}
	}
	line("", "", e.Kicker)
	line("", "[", e.Synthetic)
	line("", "# ", e.Title)
	line("", "", e.Lead)
	for _, c := range e.Groups {
		mark := "- "
		if c.Chosen {
			mark = "x "
		}
		line("", mark, c.Label+" | "+c.Note)
	}
	line("", "EMPTY ", e.Empty)
	for _, s := range e.Summary {
		line("", "* ", s.Text)
		for _, i := range s.Items {
			line("    ", i.Panel+" ", i.Text)
		}
		line("    ", "", s.More)
	}
	for _, s := range e.Sections {
		fmt.Fprintf(&b, "\n## %s · %s\n", s.ID, s.Title)
		line("  ", "", s.Lead)
		for _, p := range s.Panels {
			fmt.Fprintf(&b, "  [%s] %s\n", p.ID, p.Title)
			for _, text := range p.Text {
				line("    ", "", text)
			}
			if p.Figure == nil {
				continue
			}
			line("    ", "alt: ", p.Figure.Description)
			line("    ", "cap: ", p.Figure.Caption)
			line("    ", "", strings.Join(p.Figure.Table.Head, " | "))
			for _, r := range p.Figure.Table.Rows {
				line("    ", "", strings.Join(r, " | "))
			}
		}
	}
	for _, n := range e.Notes {
		line("", "~ ", n)
	}
	return b.String()
}

// storyOf lays an exploration out as a story, so that what holds for stories is asked of it too.
func storyOf(e *Exploration) Story {
	s := Story{Lang: e.Lang, Kicker: e.Kicker, Title: e.Title, Lead: e.Lead, Caveats: e.Notes, Sheet: Sheet{Title: "-", Privacy: ".", Contact: "."}, Words: e.Words}
	for _, said := range e.Summary {
		s.Summary = append(s.Summary, said.Text)
		for _, item := range said.Items {
			s.Sheet.Heard = append(s.Sheet.Heard, Heard{Text: item.Text})
		}
		if said.More != "" {
			s.Summary = append(s.Summary, said.More)
		}
	}
	if e.Empty != "" {
		s.Summary = append(s.Summary, e.Empty)
	}
	for _, section := range e.Sections {
		c := Chapter{ID: section.ID, Short: section.Title, Headline: section.Title}
		for _, p := range section.Panels {
			c.Text = append(c.Text, p.Text...)
			if p.Figure != nil {
				c.Figures = append(c.Figures, *p.Figure)
			}
		}
		s.Chapters = append(s.Chapters, c)
	}
	return s
}

func TestExplorationsAreCleanInEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, lang := range instrument.Languages() {
		for name, sel := range visits() {
			e := explored(t, departments(), lang, sel)
			lint(t, storyOf(e))
			for key, word := range e.Words {
				if word == "" {
					t.Errorf("%s, %s: no word for %q", lang, name, key)
				}
			}
			if lang != instrument.NL {
				continue
			}
			for _, text := range append(sentences(storyOf(e)), phrases(storyOf(e))...) {
				if w := english.FindString(text); w != "" {
					t.Errorf("%s: the English %q in %q", name, w, text)
				}
			}
		}
	}
}

// TestHigherIsSaidOnlyOfWhatATestAndTheMarginsShow goes through the ways in which a group can lie beside everyone.
func TestHigherIsSaidOnlyOfWhatATestAndTheMarginsShow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name         string
		group, padj  float64
		tested, less bool
		want         verdict
	}{
		{name: "clear and certain", group: 0.82, padj: 0.001, tested: true, want: higher},
		{name: "clear below and certain", group: 0.2, padj: 0.001, tested: true, want: lower},
		{name: "clear, but the groups may be alike", group: 0.82, padj: 0.06, tested: true, want: alike},
		{name: "certain that groups differ, but the margins touch", group: 0.6, padj: 0.001, tested: true, want: alike},
		{name: "clear, without a test", group: 0.82, want: untested},
		{name: "hidden", group: -1, padj: 0.001, tested: true, want: unknown},
	} {
		m := newMaker(1000).indicator("use_x", instrument.TopicUse, "", text("Gebruik", "Use"), text("gebruikt", "use"), 0.5, 1000)
		m.grouping("dep", instrument.Category, text("Dienst", "Department"), "use_x", c.padj, 0.3,
			answer{"a", "A", "A", c.group, false}, answer{"b", "B", "B", 0.5, false})
		if !c.tested {
			m.f.Comparisons = nil
		}
		m.f.Groups[0].Values[0].Suppressed = false
		v, err := (&teller{f: m.f, p: messages.Printer(instrument.NL), x: indexOf(m.f)}).visit(&Selection{By: "dep", Value: "a"})
		if err != nil {
			t.Fatal(err)
		}
		if got := v.pairOf(measure{v.x.question["use_x"], optionYes}).verdict; got != c.want {
			t.Errorf("%s: verdict %d, want %d", c.name, got, c.want)
		}
		said := writtenExploration(explored(t, m.f, instrument.NL, Selection{By: "dep", Value: "a"}))
		body, _, _ := strings.Cut(said, "~ ")
		for word, when := range map[string]bool{"oger": c.want == higher, "ager": c.want == lower} {
			if strings.Contains(body, word) != when {
				t.Errorf("%s: %q is %v said, in:\n%s", c.name, word, !when, body)
			}
		}
	}
}

func TestWhatIsNotThereIsNamedWithWhatIs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		sel   Selection
		what  string
		known string
	}{
		{Selection{By: "colour"}, "variable", "department"},
		{Selection{By: "department", Value: "moon"}, "group", "co"},
		{Selection{By: "age", Value: "co"}, "group", "y"},
		{Selection{By: "department", Topic: "cooking"}, "topic", "support"},
		{Selection{By: "department", Question: "no_such"}, "question", "technical"},
		{Selection{By: "department", Topic: "skills", Question: "support"}, "question", "technical"},
	} {
		_, err := Explore(departments(), instrument.NL, c.sel)
		var missing *NotFoundError
		if !errors.As(err, &missing) || missing.What != c.what || !slices.Contains(missing.Known, c.known) {
			t.Errorf("%+v: %v", c.sel, err)
			continue
		}
		if !strings.Contains(err.Error(), c.known) || !strings.Contains(err.Error(), c.what) {
			t.Errorf("%+v: the message does not help: %v", c.sel, err)
		}
	}
	_, err := Explore(&findings.Findings{}, instrument.NL, Selection{By: "department"})
	var missing *NotFoundError
	if !errors.As(err, &missing) || len(missing.Known) != 0 || !strings.Contains(err.Error(), "none") {
		t.Errorf("without breakdowns: %v", err)
	}
	many := &NotFoundError{What: "group", Name: "x", Known: make([]string, 300)}
	if n := len(many.Error()); n > 300 {
		t.Errorf("a message of %d bytes", n)
	}
}

func TestNothingToSeeSaysWhy(t *testing.T) {
	t.Parallel()
	left := rich()
	left.Groups = nil
	left.Caveats = []findings.Caveat{{Key: "grouping-left-out", Data: map[string]any{"variable": "department"}}}
	hollow := departments()
	hollow.Shares = slices.DeleteFunc(hollow.Shares, func(s findings.Share) bool { return s.Group != nil })
	hollow.Means = slices.DeleteFunc(hollow.Means, func(m findings.Mean) bool { return m.Group != nil })
	for _, c := range []struct {
		name string
		f    *findings.Findings
		sel  Selection
		want string
	}{
		{"no breakdowns", small(), Selection{}, "Dit rapport heeft geen uitsplitsingen. De cijfers zijn alleen voor iedereen samen berekend."},
		{"a breakdown left out", left, Selection{}, "Dit rapport heeft geen uitsplitsingen. We tonen niets per groep van dienst: een van die groepen is te klein."},
		{"a group too small", departments(), Selection{By: "department", Value: "ar"}, "Over ‘Archief’ tonen we niets: te weinig antwoorden (< 10). Zo kan niemand te weten komen wat enkele mensen antwoordden."},
		{"a sensitive topic", departments(), Selection{By: "department", Topic: "shadow"}, "Deze vragen liggen gevoelig. We tonen de antwoorden alleen voor iedereen samen."},
		{"a topic without figures by group", departments(), Selection{By: "department", Topic: "systems"}, "Over dit onderwerp zijn er geen cijfers naar dienst."},
		{"a variable without figures", hollow, Selection{By: "age"}, "Er zijn geen cijfers naar leeftijd."},
	} {
		e := explored(t, c.f, instrument.NL, c.sel)
		if strings.ReplaceAll(e.Empty, "\u00a0", " ") != c.want || len(e.Sections) != 0 || e.Title == "" {
			t.Errorf("%s: %q, %d sections", c.name, e.Empty, len(e.Sections))
		}
	}
}

func TestTheFirstVariableIsTakenWhenNoneIsChosen(t *testing.T) {
	t.Parallel()
	e := explored(t, departments(), instrument.NL, Selection{})
	if e.Selection.By != "department" || !e.Variables[0].Chosen || e.Variables[1].Chosen || !e.Groups[0].Chosen || !e.Topics[0].Chosen || len(e.Questions) != 0 {
		t.Errorf("%+v %+v", e.Selection, e.Variables)
	}
}

func TestAQuestionShowsAllItsAnswers(t *testing.T) {
	t.Parallel()
	e := explored(t, departments(), instrument.NL, Selection{By: "department", Question: "support"})
	if e.Selection.Topic != "support" || len(e.Sections) != 1 || len(e.Sections[0].Panels) != 4 {
		t.Fatalf("%+v, %d sections", e.Selection, len(e.Sections))
	}
	chosen := slices.IndexFunc(e.Questions, func(c Choice) bool { return c.Chosen })
	if chosen < 1 || e.Questions[chosen].ID != "support" {
		t.Errorf("the filter does not show the question: %+v", e.Questions)
	}
	one := explored(t, departments(), instrument.NL, Selection{By: "department", Value: "co", Question: "support"})
	rows := one.Sections[0].Panels[0].Figure.Chart.(chart.Intervals).Rows
	if len(one.Sections[0].Panels) != 1 || len(rows) != 4 || rows[0].Beside == nil {
		t.Errorf("%d panels, %d answers", len(one.Sections[0].Panels), len(rows))
	}
}

func TestExploringChangesNoFindings(t *testing.T) {
	t.Parallel()
	f := departments()
	for _, sel := range visits() {
		explored(t, f, instrument.NL, sel)
		if d := cmp.Diff(departments().Groups, f.Groups); d != "" || len(departments().Shares) != len(f.Shares) {
			t.Errorf("%+v changed the findings: %s", sel, d)
		}
	}
}
