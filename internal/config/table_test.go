package config

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tekentafel/internal/testkit"
)

var update = flag.Bool("update", false, "write docs/settings.md anew")

const tableHead = `# Settings

Written from the program by ` + "`go test ./internal/config -update`" + `; a test fails when they differ.

Each setting has one name in three forms: the flag ` + "`--mail-host`" + `, the environment variable ` + "`TEKENTAFEL_MAIL_HOST`" + ` and the key
` + "`mail-host:`" + ` of the settings file, a YAML file that ` + "`--config`" + ` or ` + "`TEKENTAFEL_CONFIG`" + ` names
([an example](../deploy/settings.example.yaml)). A flag comes before an environment variable, that before the file, and that
before the default. Lists are separated by commas; in the file they may stand as a YAML list. The key of the installation
never stands in the settings file, and no secret on the command line. ` + "`tekentafel doctor`" + ` checks the settings and what they lead to.
`

func table(t *testing.T) string {
	fields, err := Fields()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString(tableHead)
	group := ""
	for _, f := range fields {
		if f.Group != group {
			group = f.Group
			fmt.Fprintf(&b, "\n## %s\n\n| setting | environment | default | meaning |\n|---|---|---|---|\n", group)
		}
		value := "-"
		if f.Default != "" {
			value = "`" + f.Default + "`"
		}
		name := "`" + f.Name + "`"
		if f.flag.IsBool() {
			name += " (true or false)"
		} else {
			name += " " + f.Placeholder
			if f.List {
				name += ",..."
			}
		}
		fmt.Fprintf(&b, "| %s | `%s` | %s | %s |\n", name, f.Env, value, f.Help)
	}
	return b.String()
}

func TestTableOfSettingsIsWhatTheProgramTakes(t *testing.T) {
	t.Parallel()
	path := filepath.Join(testkit.Root(t), "docs", "settings.md")
	want := table(t)
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil || string(got) != want {
		t.Errorf("docs/settings.md differs from the tags of Settings; run go test ./internal/config -update (%v)", err)
	}
}

func TestEverySettingIsDescribedAndNamedAlike(t *testing.T) {
	t.Parallel()
	fields, err := Fields()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range fields {
		if f.Help == "" || f.Group == "" || f.Env != envOf(f.Name) || strings.Contains(f.Help, "|") {
			t.Errorf("%s: environment %s, group %q, help %q", f.Name, f.Env, f.Group, f.Help)
		}
		if got, found := find(fields, f.Name); !found || got.Secret != (f.Name == "database" || f.Name == "key" || f.Name == "mail-password") {
			t.Errorf("%s: secret %v", f.Name, got.Secret)
		}
	}
	if len(fields) < 33 {
		t.Errorf("only %d settings", len(fields))
	}
}

func TestExampleSettingsFileIsTaken(t *testing.T) {
	path := filepath.Join(testkit.Root(t), "deploy", "settings.example.yaml")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s, err := parse(t, "", "--config", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Check(); err != nil {
		t.Error(err)
	}
	// What is commented out must be true too.
	fields, err := Fields()
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	seen := 0
	for line := range strings.Lines(string(data)) {
		setting, found := strings.CutPrefix(line, "#")
		if name, _, is := strings.Cut(setting, ":"); found && is && !strings.Contains(name, " ") {
			line, seen = setting, seen+1
		}
		all.WriteString(line)
	}
	if _, problems := parseFile(path, []byte(all.String()), fields); len(problems) > 0 || seen < 10 {
		t.Errorf("%d settings are commented out; %v", seen, problems.orNil())
	}
}

func FuzzFileIsRefusedOrUnderstood(f *testing.F) {
	for _, seed := range []string{"workers: 2", "a: [1, {b: c}]", "- x", "workers: 1\nworkers: 2", "&a workers: *a", "<<: {workers: 1}", "? [a]\n: b", "\x00", "---\n---\n", "workers: !!binary aGk=", "trusted-proxies:\n  - 10.0.0.0/8\n"} {
		f.Add([]byte(seed))
	}
	fields, err := Fields()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		entries, problems := parseFile("f", data, fields)
		for name, e := range entries {
			if _, known := find(fields, name); !known || e.line < 1 {
				t.Errorf("%q: %+v", name, e)
			}
		}
		for _, p := range problems {
			if p.What == "" || p.Mend == "" || !strings.HasPrefix(p.Where, "f:") || strings.HasSuffix(p.Where, ":0") {
				t.Errorf("%+v", p)
			}
		}
	})
}
