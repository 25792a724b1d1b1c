package command

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// proxyLog is a week of a proxy in which people of two departments ask for ChatGPT.
func proxyLog() (log, departments string) {
	var b, d strings.Builder
	for i := range 50 {
		unit := []string{"groen", "burgers"}[i%2]
		fmt.Fprintf(&b, "%d.000 5 10.0.0.%d TCP_TUNNEL/200 900 CONNECT chatgpt.com:443 canary%d HIER_DIRECT/1.2.3.4 -\n", 1795420800+i*3600, i, i) // from Monday 2026-11-23 on
		fmt.Fprintf(&d, "canary%d,%s\nother%d,%s\n", i, unit, i, unit)                                                                             // half of a department: nearly all of one would not be shown by itself
	}
	return b.String(), d.String()
}

func TestLogsAreCountedOnTheCommandLineByGroups(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	log, table := proxyLog()
	half := len(log)/2 + strings.IndexByte(log[len(log)/2:], '\n') + 1
	one, two, departments, broken := filepath.Join(dir, "1.log"), filepath.Join(dir, "2.log"), filepath.Join(dir, "d.csv"), filepath.Join(dir, "report.txt")
	for path, text := range map[string]string{one: log[:half], two: log[half:] + "canary without a shape\n", departments: table, broken: "Dear colleague\n"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	code, stdout, stderr := run(t, "shadow", "count", one, two, "--departments", departments)
	var out struct {
		K     int `json:"k"`
		Weeks []struct {
			Week string `json:"week"`
			Used []struct {
				Name  string `json:"name"`
				Units []any  `json:"units"`
			} `json:"used"`
		} `json:"weeks"`
		Logs  []any    `json:"logs"`
		Blind []string `json:"blind"`
	}
	if err := json.Unmarshal([]byte(stdout), &out); err != nil || code != ExitOK {
		t.Fatalf("%d %v\n%s\n%s", code, err, stdout, stderr)
	}
	if out.K != 10 || len(out.Weeks) != 1 || out.Weeks[0].Week != "2026-W48" || out.Weeks[0].Used[0].Name != "ChatGPT" || len(out.Weeks[0].Used[0].Units) != 2 || len(out.Logs) != 2 || len(out.Blind) < 7 {
		t.Errorf("%s", stdout)
	}
	if strings.Contains(stdout+stderr, "canary") || !strings.Contains(stderr, "not understood") {
		t.Errorf("%s\n%s", stdout, stderr)
	}
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"no log":              {[]string{"shadow", "count"}, ExitUsage, "logs"},
		"a log that is gone":  {[]string{"shadow", "count", filepath.Join(dir, "gone.log")}, ExitUsage, "gone.log"},
		"another text":        {[]string{"shadow", "count", broken}, ExitRefused, "not recognised"},
		"groups too small":    {[]string{"shadow", "count", one, "--k", "3"}, ExitUsage, "at least 5"},
		"no such format":      {[]string{"shadow", "count", one, "--format", "generic"}, ExitUsage, "squid"},
		"no such zone":        {[]string{"shadow", "count", one, "--zone", "Moon"}, ExitUsage, "Europe/Brussels"},
		"departments of text": {[]string{"shadow", "count", one, "--departments", broken}, ExitRefused, "the department"},
		"a list of text":      {[]string{"shadow", "count", one, "--services", broken}, ExitRefused, "report.txt"},
	} {
		if code, _, stderr := run(t, c.args...); code != c.code || !strings.Contains(stderr, c.says) {
			t.Errorf("%s: %d\n%s", name, code, stderr)
		}
	}
}
