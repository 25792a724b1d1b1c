package desk

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tekentafel/internal/action"
	"tekentafel/internal/action/propose"
	"tekentafel/internal/instrument"
)

func TestEveryLanguageSaysTheSame(t *testing.T) {
	t.Parallel()
	if err := Locale().Check(); err != nil {
		t.Error(err)
	}
}

// TestEveryWordThatIsAskedForIsThereAndNoOther reads the keys out of the program: those in so many words, and those that are put together.
func TestEveryWordThatIsAskedForIsThereAndNoOther(t *testing.T) {
	t.Parallel()
	asked := map[string]bool{}
	add := func(prefix string, names ...string) {
		for _, n := range names {
			asked[prefix+n] = true
		}
	}
	sources, err := filepath.Glob("*.*")
	if err != nil {
		t.Fatal(err)
	}
	said := regexp.MustCompile(`(?:say|with|\.n|\.N|link|refuse\([a-zA-Z.]+,|step\(w, r,|key :?=) ?\(?"([a-z0-9.-]*[a-z0-9])"`)
	noticed := regexp.MustCompile(`notice\(r, "([a-z-]+)"\)`)
	labelled := regexp.MustCompile(`v\.(?:text|day|number|field)\("[a-z-]+", "([a-z.-]+)"`)
	fields := regexp.MustCompile(`v\.(?:field|text)\("([a-z-]+)", (?:true|false|action\.)`)
	for _, name := range sources {
		if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "_templ.go") || !strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, ".templ") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range said.FindAllStringSubmatch(string(text), -1) {
			asked[m[1]] = true
		}
		for _, m := range noticed.FindAllStringSubmatch(string(text), -1) {
			asked["notice."+m[1]] = true
		}
		for _, m := range labelled.FindAllStringSubmatch(string(text), -1) {
			asked[m[1]] = true
		}
		for _, m := range fields.FindAllStringSubmatch(string(text), -1) {
			asked["field."+m[1]] = true
		}
	}
	for _, s := range action.States() {
		add("state.", string(s))
		add("to.", string(s))
		add("public.state-", string(s))
		if s != action.Proposed {
			add("public.state-", string(s)+"-day")
		}
	}
	for _, a := range action.Audiences() {
		add("audience.", string(a), "by-"+string(a))
	}
	for _, k := range action.ChangeKinds() {
		add("change.", string(k))
	}
	for _, u := range []action.Unit{action.Share, action.Scale, action.Level} {
		add("figure.", string(u))
	}
	for _, b := range []action.Because{action.TooFew, action.NotComparable, action.Unread} {
		add("effect.cannot-", string(b))
	}
	for _, g := range []action.Goal{action.GoalReached, action.GoalMissed, action.GoalUnclear} {
		add("effect.goal-", string(g))
	}
	for _, v := range []action.Verdict{action.Waiting, action.NotShown, action.CannotSay} {
		add("effect.short-", string(v))
	}
	for _, d := range []action.Direction{action.Up, action.Down} {
		add("measure.", string(d), string(d)+"-goal")
	}
	for _, r := range propose.Rules() {
		add("propose.rule-", string(r))
		if r != propose.Behind {
			add("propose.title-", string(r))
		}
		add("propose.why-", string(r))
	}
	add("propose.", "title-behind-use", "title-behind-skills", "title-behind-rules", "title-gap-place", "why-gap-place", "why-non-use-many", "why-support-many", "why-rules-plain", "why-undisclosed-plain")
	for _, s := range shows() {
		add("list.show-", s)
	}
	for _, kind := range []string{"stop", "reach", "material", "review"} {
		add(kind, ".page", ".lead")
	}
	for _, what := range []string{"undo", "delete"} {
		add(what, ".title", ".text", ".do")
	}
	for _, e := range []string{"starts", "due", "review", "report", "ended-done", "ended-stopped"} {
		add("timeline.", e)
	}
	for _, k := range []string{"late", "soon", "review"} {
		add("task.", k, k+"-text", k+"-do")
	}
	add("edit.then-", "planned", "running")
	add("notice.", "made", "edited")
	p := locale().Printer(instrument.NL)
	for key := range asked {
		if strings.ContainsAny(key, ".") && !p.Has(key) && !strings.HasSuffix(key, ".") {
			t.Errorf("there is no text %q", key)
		}
	}
	keys, err := locale().Keys()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		if bare := strings.TrimSuffix(key, "-hint"); !asked[key] && !asked[bare] {
			t.Errorf("nothing asks for the text %q", key)
		}
	}
}
