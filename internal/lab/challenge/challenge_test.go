package challenge

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	content "tekentafel/content/lab"
	"tekentafel/content/skills"
	"tekentafel/internal/guard"
	"tekentafel/internal/instrument"
	"tekentafel/internal/lab"
	"tekentafel/internal/skills/framework"
)

func builtIn(t testing.TB) []Challenge {
	t.Helper()
	list, err := BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestEachSkillHasATryForDeskAndForField(t *testing.T) {
	t.Parallel()
	src, err := skills.Framework()
	if err != nil {
		t.Fatal(err)
	}
	f, err := framework.Parse("framework.yaml", bytes.NewReader(src))
	if err != nil {
		t.Fatal(err)
	}
	n := map[string]int{}
	for _, x := range builtIn(t) {
		n[string(x.Skill)+" "+string(x.Work)]++
	}
	if len(f.Skills) != len(Skills()) {
		t.Errorf("%d skills in the framework, %d here", len(f.Skills), len(Skills()))
	}
	for _, s := range f.Skills {
		for _, w := range []Work{Desk, Field} {
			if n[string(s.ID)+" "+string(w)] == 0 {
				t.Errorf("no challenge for %s, %s", s.ID, w)
			}
		}
	}
}

// A made-up name or number would stop everyone at the guard. Where that is what one should learn, the steps say so.
func TestTheGuardStopsNobodyInAChallengeThatIsAboutSomethingElse(t *testing.T) {
	t.Parallel()
	scanner, policy := guard.New(), guard.DefaultPolicy()
	for _, x := range builtIn(t) {
		if x.ID == "ethical_desk" || x.ID == "ethical_field" {
			continue
		}
		for _, lang := range instrument.Languages() {
			text := x.prompt(lang)
			for _, f := range scanner.Scan(text) {
				if policy.Action(f) > guard.Warn {
					t.Errorf("%s, %s: %q is taken for %s", x.ID, lang, text[f.Start:f.End], f.Type)
				}
			}
		}
	}
}

// The guard finds who it is, and what it cannot find stays: that is what one should see.
func TestADescriptionOfOnePersonPassesTheGuard(t *testing.T) {
	t.Parallel()
	list := builtIn(t)
	i := slices.IndexFunc(list, func(c Challenge) bool { return c.ID == "ethical_desk" })
	if i < 0 {
		t.Fatal("the challenge is not there")
	}
	scanner, x := guard.New(), list[i]
	for lang, planted := range map[instrument.Lang]string{instrument.NL: "de enige bakker van het dorp", instrument.FR: "la seule boulangère du village", instrument.DE: "die einzige Bäckerin des Dorfes", instrument.EN: "the only baker in the village"} {
		var found []guard.Type
		text := x.Material[0].Text.In(lang)
		for _, f := range scanner.Scan(text) {
			found = append(found, f.Type)
		}
		if !slices.Equal(found, []guard.Type{guard.Person, guard.Address, guard.Phone}) {
			t.Errorf("%s: the guard finds %v", lang, found)
		}
		leaves := guard.NewPseudonyms(guard.LabelsOf(lang)).Mask(text, scanner.Scan(text), guard.DefaultPolicy())
		for _, name := range []string{"Griet", "Vermandere", "14", "0470"} {
			if strings.Contains(leaves, name) {
				t.Errorf("%s: %q leaves", lang, name)
			}
		}
		if told := x.Reveal[0].What.In(lang); !strings.Contains(leaves, planted) || !strings.Contains(told, planted) {
			t.Errorf("%s: %q is not what stays and is told:\n%s\n%s", lang, planted, leaves, told)
		}
	}
}

// The practice model says the same to everyone, and no other model is told it.
func TestWhatIsPlantedStandsInTheAnswerOfThePracticeModel(t *testing.T) {
	t.Parallel()
	for _, x := range builtIn(t) {
		for _, lang := range instrument.Languages() {
			plain, answer := lab.CutPractice(x.System(lang))
			if plain != "" || answer != x.Answer.In(lang) {
				t.Errorf("%s, %s: %q and %q", x.ID, lang, plain, answer)
			}
			if !strings.Contains(x.Prompt.In(lang), "{material}") || strings.Contains(x.prompt(lang), "{material}") || !strings.Contains(x.prompt(lang), x.Material[0].Text.In(lang)) {
				t.Errorf("%s, %s: the prompt does not hold the material", x.ID, lang)
			}
			for _, sign := range []string{" ?", " !", " ;", " :", " »", "« "} {
				if lang == instrument.FR && strings.Contains(x.Prompt[lang]+x.Answer[lang]+x.Lesson[lang]+x.Material[0].Text[lang], sign) {
					t.Errorf("%s: %q may break apart", x.ID, sign)
				}
			}
		}
	}
}

func sound(t testing.TB) string {
	t.Helper()
	files, err := content.Files(content.Challenges)
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	return string(files[0].YAML)
}

func TestWhatIsWrongIsSaid(t *testing.T) {
	t.Parallel()
	file := sound(t)
	for _, c := range []struct{ old, new, says string }{
		{"id: communicative_desk", "id: X", `"X" is no id`},
		{"skill: communicative", "skill: social", `unknown word "social"`},
		{"work: desk", "work: sea", `unknown word "sea"`},
		{"minutes: 10", "minutes: 60", "60 minutes"},
		{`title: {nl: "Van vaag naar klaar"`, `title: {nl: " "`, "the text is missing"},
		{"lesson: {nl", "les: {nl", `unknown key "les"`},
		{"{material}", "{materiaal}", "the prompt does not name {material}"},
	} {
		src := strings.Replace(file, "minutes: 10", "minutes: 10", 1)
		if c.old == "{material}" {
			at := strings.Index(file, "prompt: ")
			src = file[:at] + strings.Replace(file[at:], c.old, c.new, 1)
		} else {
			src = strings.Replace(src, c.old, c.new, 1)
		}
		if src == file {
			t.Fatalf("nothing to change: %q", c.old)
		}
		if _, err := Parse("f.yaml", []byte(src)); err == nil || !strings.Contains(err.Error(), c.says) || !strings.HasPrefix(err.Error(), "f.yaml:") {
			t.Errorf("%q in place of %q: %v", c.new, c.old, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(sound(f))
	f.Add("material: [{}]\nreveal: [{}]")
	f.Fuzz(func(t *testing.T, src string) {
		x, err := Parse("f.yaml", []byte(src))
		if err != nil {
			if !strings.HasPrefix(err.Error(), "f.yaml") {
				t.Fatalf("an error without its place: %v", err)
			}
			return
		}
		if fmt.Sprint(x.prompt(instrument.NL)) == "" {
			t.Fatal("a challenge without a prompt")
		}
	})
}
