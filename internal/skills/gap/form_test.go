package gap_test

import (
	"encoding/json"
	"flag"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tekentafel/internal/skills/gap"
	"tekentafel/internal/skills/gap/synthetic"
)

var updateForm = flag.Bool("update-form", false, "write testdata/form.txt")

// The form of the stored result changes only with its version: each field and the kind of its value.
func TestFormOfTheResultIsStable(t *testing.T) {
	t.Parallel()
	w := small(21, func(r *synthetic.Recipe) { r.Untried, r.Unknown = 0.2, 0.05 })
	w.Input.Earlier = compute(t, &w.Input, options())
	w.Input.Readiness = &gap.Readiness{Conclusions: []gap.Conclusion{{Name: "gap by function", Losses: []gap.Loss{{Kind: "a", People: 1, Points: 1}}, Gains: []gap.Gain{{Kind: "a", Mend: "b", Count: 1, Points: 1}}}}}
	kinds := map[string]bool{}
	for _, g := range []*gap.Gap{compute(t, &w.Input, options()), compute(t, &small(22, func(r *synthetic.Recipe) { r.TestItems = 4 }).Input, options())} {
		var v any
		if err := json.Unmarshal(encoded(t, g), &v); err != nil {
			t.Fatal(err)
		}
		form(v, "", kinds)
	}
	got := strings.Join(slices.Sorted(maps.Keys(kinds)), "\n") + "\n"
	const file = "testdata/form.txt"
	if *updateForm {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the form changed; raise Version and write it anew with -update-form:\n%s", got)
	}
}

func form(v any, at string, into map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			form(x, at+"/"+k, into)
		}
	case []any:
		for _, x := range v {
			form(x, at+"[]", into)
		}
	case float64:
		into[at+" number"] = true
	case bool:
		into[at+" truth"] = true
	case string:
		into[at+" text"] = true
	}
}

// The result holds kinds and numbers, and no sentence that would have to be translated.
func TestResultHoldsNoSentences(t *testing.T) {
	t.Parallel()
	w := small(21, func(r *synthetic.Recipe) { r.Untried = 0.2 })
	for i := range w.Input.Functions {
		w.Input.Functions[i].Name = ""
	}
	for i := range w.Input.Departments {
		w.Input.Departments[i].Name = ""
	}
	for i := range w.Input.Families {
		w.Input.Families[i].Name = ""
	}
	if found := regexp.MustCompile(`"[^"]* [^"]*"`).FindString(string(encoded(t, compute(t, &w.Input, options())))); found != "" {
		t.Errorf("%s is a sentence", found)
	}
}
