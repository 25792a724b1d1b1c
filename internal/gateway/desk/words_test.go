package desk

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"tekentafel/internal/gateway/backend"
	"tekentafel/internal/gateway/budget"
	"tekentafel/internal/gateway/limits"
	"tekentafel/internal/gateway/price"
	"tekentafel/internal/guard"
	"tekentafel/internal/instrument"
)

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
	said := regexp.MustCompile(`(?:say|with|\.n|link|refuse\([a-zA-Z.]+,) ?\(?"([a-z0-9.-]*[a-z0-9])"[,)]`)
	noticed := regexp.MustCompile(`notice\(r, "([a-z-]+)"\)`)
	wrong := regexp.MustCompile(`f\.Wrong\("[a-z]+", "([a-z.-]+)"`)
	tabbed := regexp.MustCompile(`"(tab\.[a-z]+)"`)
	for _, name := range sources {
		if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "_templ.go") || !strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, ".templ") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, re := range []*regexp.Regexp{said, wrong, tabbed} {
			for _, m := range re.FindAllStringSubmatch(string(text), -1) {
				asked[m[1]] = true
			}
		}
		for _, m := range noticed.FindAllStringSubmatch(string(text), -1) {
			asked["notice."+m[1]] = true
		}
	}
	for _, k := range limits.Kinds() {
		add("whom.", string(k), string(k)+"-one", string(k)+"-gone")
		add("limits.of-", string(k))
	}
	delete(asked, "whom.organisation-one")
	delete(asked, "whom.organisation-gone")
	add("stands.each-", string(budget.Team), string(budget.Key))
	add("stands.level-", "fine", "near", "full")
	for _, p := range limits.Periods() {
		add("per.", string(p))
		add("each.", string(p))
	}
	for _, a := range []guard.Action{guard.Ignore, guard.Warn, guard.Mask, guard.Block} {
		add("does.", a.String())
		add("means.", a.String())
	}
	for _, r := range []backend.Reason{backend.Unknown, backend.Unfit, backend.Refusal, backend.Credentials, backend.Busy, backend.Unreachable, backend.Slow, backend.Broken, backend.Severed} {
		add("reason.", string(r))
	}
	for _, s := range []backend.State{backend.Well, backend.Resting, backend.Trying} {
		add("health.", string(s))
	}
	for _, m := range []price.Method{price.Formula, price.Meter} {
		add("method.", string(m))
		add("use.energy-", string(m))
	}
	for _, g := range []price.Grade{price.Measured, price.Open, price.Guessed} {
		add("grade.", string(g))
	}
	for _, ref := range price.References() {
		add("reference.", referenceKey(ref))
	}
	for i := range misses {
		add("guard.miss-", strconv.Itoa(i+1))
	}
	for i := range examples {
		add("guard.example-", strconv.Itoa(i+1))
	}
	add("column.", "name", "unit", "models", "until", "used")
	add("unit.", string(budget.Euros), string(budget.Tokens))
	for _, k := range []string{"own", "shared"} {
		add("task.", k+"-near", k+"-full", k+"-text", k+"-do")
	}
	p := locale().Printer(instrument.NL)
	for key := range asked {
		if !p.Has(key) {
			t.Errorf("there is no text %q", key)
		}
	}
	keys, err := locale().Keys()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		if !asked[key] {
			t.Errorf("nothing asks for the text %q", key)
		}
	}
}

// TestExamplesOfTheGuardShowSomethingInEachLanguage lets each made-up text pass the policy as shipped.
func TestExamplesOfTheGuardShowSomethingInEachLanguage(t *testing.T) {
	t.Parallel()
	for _, lang := range instrument.Languages() {
		for i := range examples {
			text := locale().Printer(lang).T("guard.example-"+strconv.Itoa(i+1), nil)
			if len(guard.New().Scan(text)) == 0 {
				t.Errorf("%s: nothing is found in %q", lang, text)
			}
		}
	}
}
