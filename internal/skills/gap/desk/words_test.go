package desk

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tekentafel/internal/access"
	"tekentafel/internal/instrument"
	"tekentafel/internal/people/quality"
	"tekentafel/internal/web"
)

func TestTheWordsAreThereInEveryLanguage(t *testing.T) {
	t.Parallel()
	if err := Locale().Check(); err != nil {
		t.Error(err)
	}
}

// constants reads the values of the constants of a type out of the source of package gap, so that one that comes is not missed.
func constants(t *testing.T, kind string) []string {
	t.Helper()
	files, err := filepath.Glob("../*.go")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	re := regexp.MustCompile(`(?m)^\s+[A-Z]\w*\s+` + kind + `\s+= "([^"]*)"`)
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range re.FindAllStringSubmatch(string(text), -1) {
			out = append(out, m[1])
		}
	}
	return out
}

func TestEveryConstantOfTheResultHasItsWords(t *testing.T) {
	t.Parallel()
	p := locale().Printer(instrument.NL)
	for kind, c := range map[string]struct {
		group string
		least int
	}{"NoteKind": {"note.", 15}, "Verdict": {"verdict.", 4}, "Why": {"why.", 9}, "Silence": {"silence.", 8}, "Severity": {"severity.", 3}, "Origin": {"origin.", 3}, "Basis": {"basis.", 3}, "Kind": {"by.", 4}} {
		list := constants(t, kind)
		if len(list) < c.least {
			t.Errorf("only %d constants of %s were found: the search is wrong", len(list), kind)
		}
		for _, name := range list {
			if name != "" && !p.Has(c.group+name) { // the empty ones say nothing: no silence, the basis that the computation chooses
				t.Errorf("there is no %s%s", c.group, name)
			}
		}
	}
	for _, k := range []string{"department", "family", "function", "cell", "work", "work-cell"} {
		for _, group := range []string{"by.", "map.caption-", "group.lead-", "sheet.", "sheet.rank-"} {
			if !p.Has(group + k) {
				t.Errorf("there is no %s%s", group, k)
			}
		}
	}
	for _, stage := range []string{stageRead, stagePlace, stageCompute, stageKeep} {
		if !p.Has("job." + stage) {
			t.Errorf("there is no job.%s", stage)
		}
	}
}

// Faults that take people from a conclusion about the gap, and what mends them, have words of their own.
func TestEveryFaultThatLimitsAConclusionHasItsWords(t *testing.T) {
	t.Parallel()
	p := locale().Printer(instrument.NL)
	for _, k := range []quality.Kind{quality.NoPost, quality.NoUnit, quality.NoEither, quality.UnitGone, quality.UnitOrphan, quality.UnitCycle, quality.UnitRoots, quality.NoFunction, quality.FunctionGone,
		quality.NoLevel, quality.SameNumber, quality.SameMail, quality.SameName, quality.SameLinked, quality.EndPast, quality.GroupSmall} {
		if !p.Has("fault." + slug(k.String())) {
			t.Errorf("there is no fault.%s", slug(k.String()))
		}
		if m := quality.Define(k).Mend; m != quality.NoMend && !p.Has("mend."+slug(string(m))) {
			t.Errorf("there is no mend.%s", slug(string(m)))
		}
	}
	for _, c := range quality.Conclusions() {
		if strings.HasPrefix(c.Name, "gap ") && !p.Has("conclusion."+slug(c.Name)) {
			t.Errorf("there is no conclusion.%s", slug(c.Name))
		}
	}
}

// TestEveryWordThatIsAskedForIsThere reads the keys out of the program.
func TestEveryWordThatIsAskedForIsThere(t *testing.T) {
	t.Parallel()
	p := locale().Printer(instrument.NL)
	sources, err := filepath.Glob("*.*")
	if err != nil {
		t.Fatal(err)
	}
	re := regexp.MustCompile(`(?:\.say|\.T|\.N|\.n|\.with|\.link|[^a-z]say)\("([a-z0-9.-]+[a-z0-9])"|(?:Wrong\([^,\n]+, |refuse\(problem\.[A-Za-z]+, )"([a-z0-9.-]+[a-z0-9])"`)
	noticed := regexp.MustCompile(`notice\(r, "([a-z-]+)"\)`)
	n := 0
	for _, name := range sources {
		if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "_templ.go") || !strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, ".templ") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range re.FindAllStringSubmatch(string(text), -1) {
			n++
			if key := m[1] + m[2]; !p.Has(key) {
				t.Errorf("%s: there is no %s", name, key)
			}
		}
		for _, m := range noticed.FindAllStringSubmatch(string(text), -1) {
			if !p.Has("notice." + m[1]) {
				t.Errorf("%s: there is no notice.%s", name, m[1])
			}
		}
	}
	if n < 150 {
		t.Errorf("only %d keys were found: the search is wrong", n)
	}
}

func TestSheetsHaveNamesThatSpreadsheetsTake(t *testing.T) {
	t.Parallel()
	keys, err := Locale().Keys()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range instrument.Languages() {
		p := locale().Printer(lang)
		seen := map[string]string{}
		for _, k := range []string{"read", "ready", "department", "family", "function", "cell", "work", "work-cell", "rank-department", "rank-family", "rank-function", "rank-cell", "rank-work", "rank-work-cell", "change"} {
			name := p.T("sheet."+k, nil)
			if len([]rune(name)) > 31 || strings.ContainsAny(name, `:\/?*[]`) || seen[strings.ToLower(name)] != "" {
				t.Errorf("%s: the sheet %q of %s and %s", lang, name, k, seen[strings.ToLower(name)])
			}
			seen[strings.ToLower(name)] = k
		}
	}
	if len(keys) < 300 {
		t.Errorf("%d keys", len(keys))
	}
}

func TestWhoMayNotReadIsOfferedNothing(t *testing.T) {
	t.Parallel()
	s := &Service{}
	for role, want := range map[access.Role]int{access.HR: 1, access.CoreTeam: 1, access.DPO: 1, access.Researcher: 1, access.Employee: 0, access.Manager: 0, access.Administrator: 0} {
		r := &web.Request{Visit: web.Visit{Actor: person("ours", role)}, Lang: instrument.NL}
		if got := s.Offers(r); len(got) != want {
			t.Errorf("%s: %+v", role, got)
		}
	}
}
