package action

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tekentafel/internal/instrument"
)

// TestEveryWordThatIsAskedForIsThereAndNoOther reads the keys out of the program.
func TestEveryWordThatIsAskedForIsThereAndNoOther(t *testing.T) {
	t.Parallel()
	asked := map[string]bool{"field.date": true} // of the forms of package desk
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	said := regexp.MustCompile(`(?:say\(|refuse\(problem\.[A-Za-z]+, |conflictOr\([a-z]+, |Wrong\([^,\n]+, )"([a-z_.-]*[a-z])"`)
	recorded := regexp.MustCompile(`"(action\.[a-z-]+[a-z])"`)
	bounded := regexp.MustCompile(`bounded\("([a-z-]+)", [A-Za-z.]+, Least`)
	for _, name := range sources {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range said.FindAllStringSubmatch(string(text), -1) {
			asked[m[1]] = true
		}
		for _, m := range recorded.FindAllStringSubmatch(string(text), -1) {
			asked["audit."+m[1]] = true
		}
		for _, m := range bounded.FindAllStringSubmatch(string(text), -1) {
			asked["field.empty-"+m[1]] = true
		}
	}
	for _, k := range ChangeKinds() {
		asked["audit.action."+string(k)] = true
	}
	for table := range personalTables() {
		if table != "actions" {
			asked["held."+table] = true
		}
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
