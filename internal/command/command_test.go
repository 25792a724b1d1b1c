package command

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// run executes a command line and returns its exit code and what it printed.
func run(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, said bytes.Buffer
	code = Run(context.Background(), args, Streams{In: strings.NewReader(""), Out: &out, Err: &said})
	return code, out.String(), said.String()
}

// mustRun fails the test unless the command line does what it is asked.
func mustRun(t *testing.T, args ...string) string {
	t.Helper()
	code, stdout, stderr := run(t, args...)
	if code != ExitOK {
		t.Fatalf("%v: exit code %d\n%s", args, code, stderr)
	}
	return stdout
}

// wave writes a synthetic wave with margins and returns both paths.
func wave(t *testing.T, size string) (data, margins string) {
	t.Helper()
	dir := t.TempDir()
	data, margins = filepath.Join(dir, "wave.csv"), filepath.Join(dir, "margins.csv")
	mustRun(t, "generate", "--size", size, "--seed", "7", "--out", data, "--margins-out", margins)
	return data, margins
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	var list []string
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}

func TestEveryFormatIsWritten(t *testing.T) {
	t.Parallel()
	data, margins := wave(t, "400")
	out := filepath.Join(t.TempDir(), "report")
	stdout := mustRun(t, "analyse", "--instrument", "genai-monitor", "--data", data, "--margins", margins, "--population", "1000",
		"--lang", "all", "--format", "html", "--format", "xlsx", "--format", "json", "--out", out)
	want := []string{"findings.json"}
	for _, l := range []string{"nl", "fr", "de", "en"} {
		want = append(want, "report-"+l+".html", "tables-"+l+".xlsx")
	}
	for _, name := range want {
		if !strings.Contains(stdout, filepath.Join(out, name)+"\n") {
			t.Errorf("%s is not named on standard output:\n%s", name, stdout)
		}
	}
	if got := names(t, out); len(got) != len(want) {
		t.Errorf("%d files are written, want %d: %v", len(got), len(want), got)
	}
	for _, l := range []string{"nl", "fr", "de", "en"} {
		page, err := os.ReadFile(filepath.Join(out, "report-"+l+".html"))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(page, []byte(`lang="`+l)) {
			t.Errorf("the report in %s does not say its language", l)
		}
	}
}

func TestStandardOutputCarriesTheFindingsAlone(t *testing.T) {
	t.Parallel()
	data, _ := wave(t, "150")
	stdout := mustRun(t, "analyse", "--instrument", "genai-monitor", "--data", data, "--format", "json", "--out", "-")
	var f struct {
		Respondents int
		Shares      []struct {
			N, Base *int
			Share   *float64
		}
		Wave struct{ Synthetic bool }
	}
	if err := json.Unmarshal([]byte(stdout), &f); err != nil {
		t.Fatal(err)
	}
	if f.Respondents != 150 || len(f.Shares) == 0 || !f.Wave.Synthetic {
		t.Errorf("%d respondents, %d shares, synthetic %v", f.Respondents, len(f.Shares), f.Wave.Synthetic)
	}
	for _, s := range f.Shares {
		if (s.N == nil) != (s.Share == nil) || s.N != nil && *s.N > *s.Base {
			t.Fatalf("a share is half hidden, or more chose it than answered: %+v", s)
		}
	}
}

func TestSnapshotGivesTheSameFindings(t *testing.T) {
	t.Parallel()
	data, _ := wave(t, "300")
	snapshot := filepath.Join(t.TempDir(), "wave.snapshot")
	mustRun(t, "snapshot", "--instrument", "genai-monitor", "--data", data, "--out", snapshot)
	findings := func(from string) string {
		return mustRun(t, "analyse", "--instrument", "genai-monitor", "--data", from, "--format", "json", "--out", "-")
	}
	if findings(data) != findings(snapshot) {
		t.Error("the findings from a snapshot differ from those of its answers")
	}
}

func TestGenerateIsReproducible(t *testing.T) {
	t.Parallel()
	read := func(seed string) string {
		path := filepath.Join(t.TempDir(), "wave.csv")
		mustRun(t, "generate", "--size", "50", "--seed", seed, "--out", path)
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	first, again, other := read("3"), read("3"), read("4")
	if first != again || first == other {
		t.Error("the seed does not decide the wave")
	}
	if !strings.HasPrefix(first, "tekentafel_synthetic,") {
		t.Error("the file does not say that it is synthetic")
	}
}

func TestProposedMappingReadsTheFileItWasMadeFor(t *testing.T) {
	t.Parallel()
	data, _ := wave(t, "120")
	mapping := filepath.Join(t.TempDir(), "mapping.yaml")
	mustRun(t, "propose-mapping", "--instrument", "genai-monitor", "--data", data, "--out", mapping)
	with := mustRun(t, "analyse", "--instrument", "genai-monitor", "--data", data, "--mapping", mapping, "--format", "json", "--out", "-")
	without := mustRun(t, "analyse", "--instrument", "genai-monitor", "--data", data, "--format", "json", "--out", "-")
	if with != without {
		t.Error("the proposed mapping changes the findings")
	}
}

func TestBreakDownByAColumnOutsideTheInstrument(t *testing.T) {
	t.Parallel()
	data, _ := wave(t, "200")
	src, err := os.ReadFile(data)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for i, line := range strings.Split(strings.TrimSpace(string(src)), "\n") {
		site := "Noord"
		switch {
		case i == 0:
			site = "site"
		case i%3 == 0:
			site = "Zuid"
		}
		fmt.Fprintf(&b, "%s,%s\n", line, site)
	}
	if err := os.WriteFile(data, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	stdout := mustRun(t, "analyse", "--instrument", "genai-monitor", "--data", data, "--by", "site", "--format", "json", "--out", "-")
	if !strings.Contains(stdout, `"group":{"variable":"site","value":"Zuid"}`) {
		t.Error("nothing is broken down by the column of the data")
	}
}

// Whatever is wrong, the exit code says so, the message says where and how to mend it, and nothing is written.
func TestWrongInputIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	data, _ := wave(t, "60")
	analyse := func(args ...string) []string {
		return append([]string{"analyse", "--instrument", "genai-monitor", "--format", "html"}, args...)
	}
	wide := strings.TrimSuffix(strings.Repeat("c,", 10_000), ",")
	option := "options: [{id: y, label: {same: y}}, {id: n, label: {same: n}}]"
	cycle := "id: x\nversion: 1\ntitle: {same: X}\ngroup_size: 10\nitems:\n" +
		"  - {id: a, kind: single, question: {same: A}, visible: 'b == \"y\"', " + option + "}\n" +
		"  - {id: b, kind: single, question: {same: B}, visible: 'a == \"y\"', " + option + "}\n"
	tests := map[string]struct {
		args []string
		code int
		says []string
	}{
		"empty file":           {analyse("--data", file("empty.csv", "")), ExitRefused, []string{"empty.csv", "empty"}},
		"headings only":        {analyse("--data", file("head.csv", "use_work\n")), ExitRefused, []string{"head.csv"}},
		"one foreign column":   {analyse("--data", file("one.csv", "x\n1\n")), ExitRefused, []string{"one.csv", `"use_work"`, "mapping"}},
		"10,000 columns":       {analyse("--data", file("wide.csv", wide+"\n")), ExitRefused, []string{"wide.csv", "5000"}},
		"NUL bytes":            {analyse("--data", file("nul.csv", "use_work\nne\x00ver\n")), ExitRefused, []string{"nul.csv", "NUL"}},
		"endless cell":         {analyse("--data", file("cell.csv", "use_work\n"+strings.Repeat("x", 1<<20))), ExitRefused, []string{"cell.csv", "row 2"}},
		"truncated parquet":    {analyse("--data", file("cut.parquet", "PAR1\x15\x04\x15")), ExitRefused, []string{"cut.parquet"}},
		"archive that is none": {analyse("--data", file("no.xlsx", "PK\x03\x04rest")), ExitRefused, []string{"no.xlsx"}},
		"archive bomb":         {analyse("--data", bomb(t, dir)), ExitRefused, []string{"bomb.xlsx"}},
		"folder":               {analyse("--data", dir), ExitRefused, []string{"file"}},
		"no such file":         {analyse("--data", filepath.Join(dir, "none.csv")), ExitRefused, []string{"none.csv"}},
		"no such instrument":   {[]string{"check-instrument", "nothing"}, ExitRefused, []string{"nothing", "genai-monitor"}},
		"circular conditions":  {[]string{"check-instrument", file("cycle.yaml", cycle)}, ExitRefused, []string{"cycle.yaml:6", "a -> b -> a"}},
		"broken mapping":       {analyse("--data", data, "--mapping", file("m.yaml", "columns:\n  use_wrok: use_work\n")), ExitRefused, []string{`"use_wrok"`, `"use_work"`}},
		"broken margins":       {analyse("--data", data, "--margins", file("m.csv", "variable,value,count\nage,under35,many\n")), ExitRefused, []string{"m.csv:2", "many"}},
		"margins of nothing":   {analyse("--data", data, "--margins", file("n.csv", "variable,value,count\nshoe,42,10\n")), ExitRefused, []string{"shoe", "age"}},
		"unknown background":   {analyse("--data", data, "--by", "shoe"), ExitRefused, []string{"shoe"}},
		"sensitive breakdown":  {analyse("--data", data, "--by", "shadow_use"), ExitRefused, []string{"sensitive"}},
		"small population":     {analyse("--data", data, "--population", "5"), ExitRefused, []string{"60", "population"}},
		"unknown weights":      {analyse("--data", data, "--weight", "w"), ExitRefused, []string{`"w"`}},
		"unknown flag":         {analyse("--data", data, "--nope"), ExitUsage, []string{"--nope"}},
		"unknown language":     {analyse("--data", data, "--lang", "es"), ExitUsage, []string{"es", "nl"}},
		"unknown format":       {analyse("--data", data, "--format", "doc"), ExitUsage, []string{"doc", "xlsx"}},
		"two formats to -":     {analyse("--data", data, "--format", "json", "--out", "-"), ExitUsage, []string{"one format"}},
		"trim below the mean":  {analyse("--data", data, "--trim", "0.5"), ExitUsage, []string{"--trim"}},
		"size of nothing":      {[]string{"generate", "--size", "0", "--out", filepath.Join(dir, "w.csv")}, ExitUsage, []string{"size"}},
		"unknown ending":       {[]string{"generate", "--size", "5", "--out", filepath.Join(dir, "w.doc")}, ExitUsage, []string{".csv"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := filepath.Join(t.TempDir(), "out")
			args := tt.args
			if args[0] == "analyse" && !strings.Contains(strings.Join(args, " "), "--out -") {
				args = append(args[:len(args):len(args)], "--out", out)
			}
			code, stdout, stderr := run(t, args...)
			if code != tt.code || stdout != "" {
				t.Errorf("exit code %d, want %d; standard output %q", code, tt.code, stdout)
			}
			for _, part := range tt.says {
				if !strings.Contains(stderr, part) {
					t.Errorf("the message does not say %q: %s", part, stderr)
				}
			}
			if left := names(t, out); left != nil {
				t.Errorf("files were left behind: %v", left)
			}
		})
	}
}

// bomb writes a workbook whose first sheet unpacks to far more than it weighs.
func bomb(t *testing.T, dir string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	zeros := make([]byte, 1<<20)
	for range 300 {
		if _, err := w.Write(zeros); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "bomb.xlsx")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestUnwritableFolderLeavesNothing(t *testing.T) {
	t.Parallel()
	data, _ := wave(t, "60")
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	code, _, stderr := run(t, "analyse", "--instrument", "genai-monitor", "--data", data, "--out", filepath.Join(blocked, "out"))
	if code != ExitNotWritten {
		t.Errorf("exit code %d, want %d: %s", code, ExitNotWritten, stderr)
	}
}

func TestWithoutChromiumAPDFIsRefusedAndNothingWritten(t *testing.T) {
	data, _ := wave(t, "60")
	t.Setenv("TEKENTAFEL_CHROMIUM", filepath.Join(t.TempDir(), "none"))
	out := filepath.Join(t.TempDir(), "out")
	code, _, stderr := run(t, "analyse", "--instrument", "genai-monitor", "--data", data, "--format", "html", "--format", "pdf", "--out", out)
	if code != ExitNoChromium || !strings.Contains(stderr, "Chromium") || names(t, out) != nil {
		t.Errorf("exit code %d, files %v: %s", code, names(t, out), stderr)
	}
	mustRun(t, "analyse", "--instrument", "genai-monitor", "--data", data, "--format", "factsheet", "--out", out)
	if got := names(t, out); len(got) != 1 || got[0] != "factsheet-nl.html" {
		t.Errorf("the fact sheet without Chromium: %v", got)
	}
}

func TestInterruptedRunSaysSo(t *testing.T) {
	t.Parallel()
	data, _ := wave(t, "60")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out, said bytes.Buffer
	dir := filepath.Join(t.TempDir(), "out")
	code := Run(ctx, []string{"analyse", "--instrument", "genai-monitor", "--data", data, "--out", dir}, Streams{Out: &out, Err: &said})
	if code != ExitInterrupted || names(t, dir) != nil {
		t.Errorf("exit code %d, files %v: %s", code, names(t, dir), said.String())
	}
}
