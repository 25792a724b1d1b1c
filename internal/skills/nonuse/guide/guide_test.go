package guide

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tekentafel/content/skills"
	"tekentafel/instruments"
	"tekentafel/internal/instrument"
	"tekentafel/internal/skills/framework"
)

func builtIn(t testing.TB) *Guide {
	t.Helper()
	g, err := Parse("nonuse.yaml", skills.NonUse())
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// TestReasonsAreThoseOfTheQuestionnaire holds the content against the monitor: no answer without what helps, and none that nobody can give.
func TestReasonsAreThoseOfTheQuestionnaire(t *testing.T) {
	t.Parallel()
	src, err := instruments.Open("genai-monitor")
	if err != nil {
		t.Fatal(err)
	}
	in, err := instrument.Parse("genai-monitor.yaml", src)
	if err != nil {
		t.Fatal(err)
	}
	g := builtIn(t)
	options := func(id string) (list []string) {
		if v := in.Item(id); v != nil {
			for _, o := range v.Options {
				list = append(list, o.ID)
			}
		}
		if len(list) == 0 {
			t.Fatalf("the questionnaire has no question %s with options", id)
		}
		return list
	}
	asked := map[string]bool{}
	for _, c := range g.Contexts {
		use := options(c.Use)
		for _, o := range slices.Concat(c.Never, c.Hardly) {
			if !slices.Contains(use, o) {
				t.Errorf("%s has no answer %q", c.Use, o)
			}
		}
		for _, o := range options(c.Reasons) {
			asked[o] = true
			if g.Reason(o) == nil {
				t.Errorf("%s has the answer %q, of which nothing is said", c.Reasons, o)
			}
		}
	}
	for _, r := range g.Reasons {
		if !asked[r.ID] {
			t.Errorf("nobody can give the reason %q", r.ID)
		}
	}
	if g.Reason("nothing") != nil || g.Question("nothing") != nil || g.Context("nothing") != nil {
		t.Error("what is not there is found")
	}
}

// TestDeskAndFieldGetOtherHelp shows that work in the field is not an afterthought.
func TestDeskAndFieldGetOtherHelp(t *testing.T) {
	t.Parallel()
	for _, r := range builtIn(t).Reasons {
		for _, h := range r.Helps {
			for _, l := range framework.Languages() {
				if h.Office[l] == h.Field[l] {
					t.Errorf("%s, %s, %s: the same for desk and field", r.ID, h.Kind, l)
				}
			}
		}
	}
}

// TestFrenchSignsDoNotStandAlone holds French to a fixed space before ? ! ; : and inside guillemets.
func TestFrenchSignsDoNotStandAlone(t *testing.T) {
	t.Parallel()
	for i, line := range strings.Split(string(skills.NonUse()), "\n") {
		_, text, french := strings.Cut(line, "fr: ")
		for _, sign := range []string{" ?", " !", " ;", " :", " »", "« "} {
			if french && strings.Contains(text, sign) {
				t.Errorf("line %d: %q may break apart", i+1, sign)
			}
		}
	}
}

// TestWhatIsWrongIsSaid changes the sound content in one place, and wants to be told which.
func TestWhatIsWrongIsSaid(t *testing.T) {
	t.Parallel()
	sound := string(skills.NonUse())
	for _, c := range []struct{ old, new, says string }{
		{"version: \"1\"\n", "version: \"\"\n", "there is no version"},
		{"- id: skills\n", "- id: Skills\n", `"Skills" is no id`},
		{"- id: no_benefit\n", "- id: skills\n", `the id "skills" stands twice`},
		{"- id: own_craft\n", "- id: quote\n", "choose another id"},
		{"kind: training\n", "kind: course\n", `unknown kind "course"`},
		{"kind: talk\n", "kind: training\n", `the kind "training" stands twice`},
		{`      nl: "Niet weten hoe"`, `      nl: ""`, "the text is missing"},
		{`      nl: "Niet weten hoe"`, `      nl: "Niet weten hoe "`, "there is white space"},
		{`      nl: "Niet weten hoe"`, `      es: "No saber"`, `unknown key "es"`},
		{"date: 2026-11-29", "date: 29/11/2026", `"29/11/2026" is no date`},
		{"    meaning:", "    means:", `unknown key "means"`},
		{"- id: heard\n", "- id: skills\n", `the id "skills" stands twice`},
		{"never: [never]", "never: []", "there is no option"},
		{"hardly: [tried]", "hardly: [never]", `"never" is also in never`},
		{"use: use_work", "use: \"\"", "is no question"},
		{"version: \"1\"\n", "version: &v \"1\"\n", "anchors and aliases"},
	} {
		src := strings.Replace(sound, c.old, c.new, 1)
		if src == sound {
			t.Fatalf("nothing to change: %q", c.old)
		}
		if _, err := Parse("f.yaml", []byte(src)); err == nil || !saysAt(err, 1+strings.Count(sound[:strings.Index(sound, c.old)], "\n"), c.says) {
			t.Errorf("%q in place of %q: %v", c.new, c.old, err)
		}
	}
	for src, says := range map[string]string{"": "empty", "\xff": "not valid UTF-8", sound + "\n---\na: b\n": "goes on after the first document", strings.Repeat("#", most+1): "larger than 1 MB"} {
		if _, err := Parse("f.yaml", []byte(src)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%.20q: %v", src, err)
		}
	}
}

// saysAt tells whether an error says something of a line.
func saysAt(err error, line int, text string) bool {
	for said := range strings.Lines(err.Error()) {
		if strings.HasPrefix(said, fmt.Sprintf("f.yaml:%d:", line)) && strings.Contains(said, text) {
			return true
		}
	}
	return false
}

func FuzzParse(f *testing.F) {
	f.Add(skills.NonUse())
	for _, s := range []string{"", "{", "reasons: [{}]", "version: &a [*a]", "consent: {text: [{}]}", "guide: {questions: [{id: quote}]}", "contexts: [{}]\n---\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		g, err := Parse("f.yaml", src)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "f.yaml:") {
				t.Fatalf("an error without its place: %v", err)
			}
			return
		}
		if list := g.Check(); len(list) > 0 {
			t.Fatal(list)
		}
	})
}
