// Package testkit holds what the tests of several packages need: the rule for what is missing, R as an oracle, and the
// real answers beside the repository. Only tests and their helpers import it.
package testkit

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Required tells whether every test must run: an oracle, browser or tool that is absent is then a failure. It is so where
// CI is "true" or TEKENTAFEL_REQUIRE_ALL is "1".
func Required() bool {
	return os.Getenv("CI") == "true" || os.Getenv("TEKENTAFEL_REQUIRE_ALL") == "1"
}

// Missing skips the test for want of a tool, or fails it where every test must run. Why says what to install.
func Missing(t testing.TB, why string) {
	t.Helper()
	if Required() {
		t.Fatal(why)
	}
	t.Skip(why)
}

// NeedR is Missing where R is not installed.
func NeedR(t testing.TB) {
	t.Helper()
	if _, err := exec.LookPath("Rscript"); err != nil {
		Missing(t, "Rscript is not installed; run scripts/setup")
	}
}

// AskR gives in, as JSON in a file, to an R script of testdata and reads the file that it writes into out. A script that
// fails, or writes something else, fails the test.
func AskR(t testing.TB, script string, in, out any) {
	t.Helper()
	NeedR(t)
	dir := t.TempDir()
	asked, answered := filepath.Join(dir, "in.json"), filepath.Join(dir, "out.json")
	data, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(asked, data, 0o600); err != nil {
		t.Fatal(err)
	}
	run := exec.CommandContext(t.Context(), "Rscript", "--vanilla", filepath.Join("testdata", script), asked, answered) //nolint:gosec // a script of our own testdata
	if text, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", script, err, text)
	}
	if data, err = os.ReadFile(answered); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, out); err != nil {
		t.Fatalf("%s: %v\n%.400s", script, err, data)
	}
}

// Root returns the folder of the repository.
func Root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if filepath.Dir(dir) == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
}

// RealAnswers returns the file with 703 real answers, which lies beside the repository and never in it; where it is absent
// the log says so.
func RealAnswers(t testing.TB) (path string, found bool) {
	t.Helper()
	path = filepath.Join(Root(t), "..", "shared", "data", "chatgpt-literacy-cl", "answers.csv")
	if _, err := os.Stat(path); err != nil {
		t.Logf("the real answers are absent: %v", err)
		return "", false
	}
	return path, true
}

// NeedRealAnswers is RealAnswers, and skips the test where they are absent.
func NeedRealAnswers(t testing.TB) string {
	t.Helper()
	path, found := RealAnswers(t)
	if !found {
		t.Skip("the real answers are absent")
	}
	return path
}
