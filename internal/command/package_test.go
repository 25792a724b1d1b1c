package command

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tekentafel/internal/testkit"
)

// The package of the command line, with Findings that came from a file, agrees with R.
func TestRReproducesThePackageOfTheCommandLine(t *testing.T) {
	t.Parallel()
	testkit.NeedR(t)
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	for _, args := range [][]string{
		{"generate", "--size", "400", "--seed", "8", "--out", at("wave.csv"), "--margins-out", at("margins.csv")},
		{"analyse", "--instrument", "genai-monitor", "--data", at("wave.csv"), "--margins", at("margins.csv"), "--by", "age", "--format", "json", "--out", dir},
		{"package", "--instrument", "genai-monitor", "--data", at("wave.csv"), "--margins", at("margins.csv"), "--by", "age", "--findings", at("findings.json"),
			"--out", at("package.zip")},
	} {
		var said bytes.Buffer
		if code := Run(context.Background(), args, Streams{In: strings.NewReader(""), Out: io.Discard, Err: &said}); code != ExitOK {
			t.Fatalf("%v: exit code %d\n%s", args, code, said.String())
		}
	}
	z, err := zip.OpenReader(at("package.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close() //nolint:errcheck // only read from
	if err := os.CopyFS(at("package"), z); err != nil {
		t.Fatal(err)
	}
	said, err := exec.CommandContext(t.Context(), "Rscript", "--vanilla", filepath.Join(at("package"), "reproduce.R"), at("package")).CombinedOutput()
	if err != nil || !strings.Contains(string(said), "All figures agree.") {
		t.Errorf("%v\n%s", err, said)
	}
}
