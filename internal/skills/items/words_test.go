package items

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tekentafel/internal/instrument"
	"tekentafel/internal/skills/items/tune"
)

func TestTheWordsAreThereInEveryLanguage(t *testing.T) {
	t.Parallel()
	if err := Locale().Check(); err != nil {
		t.Error(err)
	}
}

// TestEveryWordThatIsAskedForIsThere reads the keys out of the program: those in so many words, and those that are put together. No word is left over.
func TestEveryWordThatIsAskedForIsThere(t *testing.T) {
	t.Parallel()
	wanted := map[string]bool{}
	add := func(keys ...string) {
		for _, k := range keys {
			wanted[k] = true
		}
	}
	sources, err := filepath.Glob("*.*")
	if err != nil {
		t.Fatal(err)
	}
	text := regexp.MustCompile(`"([a-z0-9_-]+(?:\.[a-z0-9_-]+)*)"`)
	told := regexp.MustCompile(`(?:\.say|\.T|\.N|\.n|\.with|\.link|say|Wrong)\((?:"note", )?"([a-z0-9.-]+[a-z0-9])"|refuse\(problem\.[A-Za-z]+, "([a-z0-9.-]+)"`)
	noticed := regexp.MustCompile(`notice\(r, "([a-z-]+)"\)`)
	every := map[string]bool{}
	for _, name := range sources {
		if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "_templ.go") || !strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, ".templ") {
			continue
		}
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range text.FindAllStringSubmatch(string(content), -1) {
			every[m[1]] = true
		}
		for _, m := range told.FindAllStringSubmatch(string(content), -1) {
			add(m[1] + m[2])
		}
		for _, m := range noticed.FindAllStringSubmatch(string(content), -1) {
			add("notice." + m[1])
		}
	}
	for _, v := range tune.Verdicts() {
		add("verdict."+string(v), "verdict."+string(v)+"-text")
	}
	for _, table := range personalTables() {
		add("held." + table)
	}
	add("job."+stageRead, "job."+stageSkill, "audit.skill-items.calibrated", "audit.skill-items.adopted", "audit.skill-items.put-back", "audit.skill-items.gifts-dropped")
	p := locale().Printer(instrument.NL)
	if len(wanted) < 120 {
		t.Errorf("only %d keys were found: the search is wrong", len(wanted))
	}
	for key := range wanted {
		if !p.Has(key) {
			t.Errorf("there is no text %q", key)
		}
	}
	keys, err := locale().Keys()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		if key = strings.TrimSuffix(strings.TrimSuffix(key, ".one"), ".other"); !wanted[key] && !every[key] {
			t.Errorf("nothing says %q", key)
		}
	}
}
