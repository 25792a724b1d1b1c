package app

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The document says of each requirement in one of these words how it stands.
var securityStates = []string{"met", "operator", "partly", "open", "n/a"}

const root = "../.."

// requirement is a row of the document.
type requirement struct{ number, level, text, state, how string }

// TestTheSecurityDocumentIsCompleteAndTrue holds docs/security.md to the list of requirements and to the tree: every
// requirement has one row, and what a row names is there.
func TestTheSecurityDocumentIsCompleteAndTrue(t *testing.T) {
	t.Parallel()
	raw := must(os.ReadFile(root + "/docs/security.md"))(t)
	document := string(raw)
	levels := asvs(t)
	left := maps.Clone(levels)
	counts := map[string]int{}
	for _, r := range requirements(t, document) {
		level, known := left[r.number]
		switch {
		case !known && levels[r.number] == "":
			t.Errorf("there is no requirement %s at level 1 or 2", r.number)
		case !known:
			t.Errorf("%s has two rows", r.number)
		case level != r.level:
			t.Errorf("%s is of level %s", r.number, level)
		}
		delete(left, r.number)
		counts[r.state]++
		if !slices.Contains(securityStates, r.state) || len(r.text) < 10 || len(r.how) < 10 {
			t.Errorf("%s: %+v", r.number, r)
		}
		if names := quoted.FindAllString(r.how, -1); len(names) == 0 && (r.state == "met" || r.state == "partly") {
			t.Errorf("%s names no test and no file", r.number)
		}
	}
	for number := range left {
		t.Errorf("%s has no row", number)
	}
	for _, state := range securityStates {
		if said := "| " + state + " | " + strconv.Itoa(counts[state]) + " |"; !strings.Contains(document, said) {
			t.Errorf("the count does not say %q", said)
		}
	}
	for name := range named(document) {
		if !there(t, name) {
			t.Errorf("%s is not there", name)
		}
	}
}

// asvs reads the levels of the requirements by their number.
func asvs(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for line := range strings.Lines(string(must(os.ReadFile("testdata/asvs-5.0.0.txt"))(t))) {
		fields := strings.Fields(line)
		if len(fields) == 0 || fields[0] == "#" {
			continue
		}
		for _, f := range fields[1:] {
			n, level, _ := strings.Cut(f, ":")
			out[fields[0]+"."+n] = level
		}
	}
	if len(out) < 200 {
		t.Fatalf("%d requirements", len(out))
	}
	return out
}

func requirements(t *testing.T, document string) []requirement {
	t.Helper()
	var out []requirement
	for line := range strings.Lines(document) {
		number, is := strings.CutPrefix(line, "| v5.0.0-")
		if !is {
			continue
		}
		cells := strings.Split(strings.TrimSuffix(strings.TrimSpace(number), "|"), " | ")
		if len(cells) != 5 {
			t.Errorf("a row of %d cells: %s", len(cells), line)
			continue
		}
		out = append(out, requirement{cells[0], cells[1], cells[2], cells[3], strings.TrimSpace(cells[4])})
	}
	return out
}

var quoted = regexp.MustCompile("`([^`]+)`")

// testName is a package below internal and a test in it.
var testName = regexp.MustCompile(`^([a-z0-9/]+)\.((?:Test|Fuzz)\w+)$`)

// named returns the tests and files that a text names.
func named(document string) map[string]bool {
	out := map[string]bool{}
	for _, m := range quoted.FindAllStringSubmatch(document, -1) {
		top, _, _ := strings.Cut(m[1], "/")
		if testName.MatchString(m[1]) || slices.Contains([]string{"internal", "docs", "deploy", "scripts", ".ci", "cmd", ".golangci.yml", "go.mod", "go.sum", "Makefile"}, top) {
			out[m[1]] = true
		}
	}
	return out
}

// there tells whether the tree holds a test or a file.
func there(t *testing.T, name string) bool {
	t.Helper()
	m := testName.FindStringSubmatch(name)
	if m == nil {
		_, err := os.Stat(filepath.Join(root, name))
		return err == nil
	}
	for _, path := range must(filepath.Glob(filepath.Join(root, "internal", m[1], "*_test.go")))(t) {
		if strings.Contains(string(must(os.ReadFile(path))(t)), "\nfunc "+m[2]+"(") { //nolint:gosec // of this tree
			return true
		}
	}
	return false
}
