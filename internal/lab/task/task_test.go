package task

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tekentafel/content/lab"
	"tekentafel/internal/guard"
	"tekentafel/internal/instrument"
)

func builtIn(t testing.TB) []Task {
	t.Helper()
	list, err := BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func find(t testing.TB, id string) *Task {
	t.Helper()
	list := builtIn(t)
	i := slices.IndexFunc(list, func(x Task) bool { return x.ID == id })
	if i < 0 {
		t.Fatalf("there is no task %q", id)
	}
	return &list[i]
}

func TestTheWorkThatPeopleDoIsThere(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"summarise", "plain_letter", "meeting", "check_text", "mind_map", "table", "conversation", "podcast", "explain_rule", "answer_citizen", "field_report"} {
		find(t, id)
	}
	seen := map[int]string{}
	for _, x := range builtIn(t) {
		if other := seen[x.Order]; other != "" {
			t.Errorf("%s stands where %s does", x.ID, other)
		}
		seen[x.Order] = x.ID
	}
}

// A sample fills in what is needed, so that every part stands, in every language.
func TestSamplesOfDeskAndFieldGiveWholePrompts(t *testing.T) {
	t.Parallel()
	for _, x := range builtIn(t) {
		for _, lang := range instrument.Languages() {
			desk, field := x.Sample(AtDesk, lang), x.Sample(InField, lang)
			for _, values := range []map[string]string{desk, field} {
				for _, p := range Build(&x, lang, values) {
					if len(p.Missing) > 0 || p.Why == "" {
						t.Errorf("%s, %s: %+v", x.ID, lang, p)
					}
				}
			}
			if Text(Build(&x, lang, desk)) == Text(Build(&x, lang, field)) {
				t.Errorf("%s, %s: the same for desk and field", x.ID, lang)
			}
		}
		if x.Sample("sea", instrument.NL) != nil {
			t.Error("a sample of other work")
		}
	}
}

// A sample that the guard takes for somebody's data would teach the wrong thing.
func TestTheGuardStopsNoSample(t *testing.T) {
	t.Parallel()
	scanner, policy := guard.New(), guard.DefaultPolicy()
	for _, x := range builtIn(t) {
		for _, lang := range instrument.Languages() {
			for _, work := range []Work{AtDesk, InField} {
				text := Text(Build(&x, lang, x.Sample(work, lang)))
				for _, f := range scanner.Scan(text) {
					if policy.Action(f) > guard.Warn {
						t.Errorf("%s, %s, %s: %q is taken for %s", x.ID, work, lang, text[f.Start:f.End], f.Type)
					}
				}
			}
		}
	}
}

func TestAnEmptyFieldTakesItsPartAway(t *testing.T) {
	t.Parallel()
	x := find(t, "summarise")
	parts := Build(x, instrument.NL, map[string]string{"text": "Wij sluiten.\r\nMorgen.", "size": "short", "reader": " \n "})
	want := "Vat de tekst hieronder samen.\n\nVorm: hoogstens vijf korte zinnen.\n\nGebruik alleen wat in de tekst staat. Neem cijfers, data en voorwaarden letterlijk over. Zeg wat nog niet beslist is.\n\nDe tekst:\n\"\"\"\nWij sluiten.\nMorgen.\n\"\"\""
	if got := Text(parts); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if p := parts[1]; !slices.Equal(p.Missing, []string{"Voor wie is de samenvatting?"}) || p.Preview != "De samenvatting is voor ‹Voor wie is de samenvatting?›." {
		t.Errorf("%+v", p)
	}
	if got := Build(x, instrument.NL, map[string]string{"size": "endless"})[2]; got.Text != "" || len(got.Missing) != 1 {
		t.Errorf("an option that is none: %+v", got)
	}
}

// What a person types stands in the prompt as it is, whatever it looks like, and a longer text never ends before it ends.
func TestWhatAPersonTypesIsNeverReadAsATemplate(t *testing.T) {
	t.Parallel()
	x := find(t, "summarise")
	rapid.Check(t, func(t *rapid.T) {
		long := rapid.StringMatching(`([a-z{}"\n ]|\{text\}|\{reader\}|""""){0,30}`).Draw(t, "text")
		line := rapid.StringMatching(`([a-z{} ]|\{text\}|\{size\}){0,20}`).Draw(t, "reader")
		got := Text(Build(x, instrument.EN, map[string]string{"text": long, "reader": line, "size": "short"}))
		long, line = strings.TrimSpace(long), strings.Join(strings.Fields(line), " ")
		if line != "" && !strings.Contains(got, "The summary is for "+line+".") {
			t.Fatalf("%q is not in %q", line, got)
		}
		if long == "" {
			if strings.Contains(got, `"""`) {
				t.Fatalf("an empty text in %q", got)
			}
			return
		}
		_, rest, _ := strings.Cut(got, "The text:\n")
		fence, rest, _ := strings.Cut(rest, "\n")
		inside, closed := strings.CutSuffix(rest, "\n"+fence)
		if !closed || inside != long || strings.Contains(long, fence) || len(fence) < 3 || strings.Trim(fence, `"`) != "" {
			t.Fatalf("%q in %q", long, got)
		}
	})
}

func TestFrenchSignsDoNotStandAlone(t *testing.T) {
	t.Parallel()
	for _, x := range builtIn(t) {
		for _, p := range x.Parts {
			for _, sign := range []string{" ?", " !", " ;", " :", " »", "« "} {
				if strings.Contains(p.Text[instrument.FR]+p.Why[instrument.FR], sign) {
					t.Errorf("%s: %q may break apart", x.ID, sign)
				}
			}
		}
	}
}

func sound(t testing.TB) string {
	t.Helper()
	files, err := lab.Files(lab.Tasks)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if f.Name == "tasks/summarise.yaml" {
			return string(f.YAML)
		}
	}
	t.Fatal("no file to change")
	return ""
}

// TestWhatIsWrongIsSaid changes the sound content in one place, and wants to be told which.
func TestWhatIsWrongIsSaid(t *testing.T) {
	t.Parallel()
	file := sound(t)
	for _, c := range []struct{ old, new, says string }{
		{"id: summarise", "id: Sum", `"Sum" is no id`},
		{"order: 1", "order: 0", "there is no place in the list"},
		{`title: {nl: "Samenvatten"`, `title: {nl: ""`, "the text is missing"},
		{`title: {nl: "Samenvatten"`, `title: {es: "Resumir"`, `unknown key "es"`},
		{"- id: reader", "- id: text", `the id "text" stands twice`},
		{"kind: long", "kind: big", `unknown word "big"`},
		{"kind: long", "kind: line\n    options: [{id: a}]", "only a choice has options"},
		{"- id: decisions", "- id: short", `the id "short" stands twice`},
		{`text: {nl: "Vat de tekst hieronder samen."`, `text: {nl: "Vat {tekst} samen."`, `there is no field "tekst"`},
		{`text: {nl: "De tekst:\n{text}"`, `text: {nl: "De tekst: {text}"`, "does not stand on a line of its own"},
		{`fr: "Le résumé est pour {reader}."`, `fr: "Le résumé."`, "names other fields than the Dutch text"},
		{"- kind: limits", "- kind: magic", `unknown word "magic"`},
		{"rule: {nl", "regel: {nl", `unknown key "regel"`},
	} {
		src := strings.Replace(file, c.old, c.new, 1)
		if src == file {
			t.Fatalf("nothing to change: %q", c.old)
		}
		line := 1 + strings.Count(file[:strings.Index(file, c.old)], "\n")
		if _, err := Parse("f.yaml", []byte(src)); err == nil || !saysNear(err, line, c.says) {
			t.Errorf("%q in place of %q, line %d: %v", c.new, c.old, line, err)
		}
	}
}

// saysNear tells whether an error says something of a line or the one after.
func saysNear(err error, line int, text string) bool {
	for said := range strings.Lines(err.Error()) {
		if (strings.HasPrefix(said, fmt.Sprintf("f.yaml:%d:", line)) || strings.HasPrefix(said, fmt.Sprintf("f.yaml:%d:", line+1))) && strings.Contains(said, text) {
			return true
		}
	}
	return false
}

func FuzzParse(f *testing.F) {
	f.Add(sound(f))
	f.Add("parts: [{text: {nl: \"{a}\"}}]")
	f.Add("fields: [{kind: choice, options: [{}]}]")
	f.Fuzz(func(t *testing.T, src string) {
		x, err := Parse("f.yaml", []byte(src))
		if err != nil {
			if !strings.HasPrefix(err.Error(), "f.yaml") {
				t.Fatalf("an error without its place: %v", err)
			}
			return
		}
		for _, lang := range instrument.Languages() {
			if Text(Build(x, lang, x.Sample(AtDesk, lang))) == "" {
				t.Fatal("a task without a prompt")
			}
		}
	})
}
