package framework

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// builtIn reads the framework that comes with the product.
func builtIn(t testing.TB) *Framework {
	t.Helper()
	f, err := Parse("framework.yaml", bytes.NewReader(content(t, "framework.yaml")))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func content(t testing.TB, name string) []byte {
	t.Helper()
	src, err := os.ReadFile(filepath.Join("..", "..", "..", "content", "skills", name))
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// say is a text in four languages, in YAML.
func say(s string) string { return fmt.Sprintf("{nl: %s, fr: %s, de: %s, en: %s}", s, s, s, s) }

// small is a sound framework of one skill. A line of a skill's level holds the whole level.
func small() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("id: small")
	line("version: 1")
	line("title: %s", say("a b c"))
	line("source: %s", say("a b c"))
	line("levels:")
	for i, id := range []string{"start", "basis", "independent", "guide"} {
		from := fmt.Sprintf(", from: %d", i-2)
		if i == 0 {
			from = ""
		}
		line("  - {id: %s, name: %s, description: %s%s}", id, say("n"), say("a b c"), from)
	}
	line("digcomp: [{code: 1.2, title: %s}]", say("a b"))
	line("skills:")
	line("  - id: critical")
	line("    name: %s", say("n"))
	line("    summary: %s", say("a b c"))
	line(`    digcomp: ["1.2"]`)
	line("    areas: [{id: verify, name: %s}, {id: trust, name: %s}]", say("v"), say("t"))
	line("    levels:")
	for _, id := range []string{"start", "basis", "independent", "guide"} {
		step := fmt.Sprintf("{text: %s, minutes: 10, place: lab}", say("a b c"))
		line("      - {id: %s, summary: %s, behaviours: [%s, %s], meaning: %s, next: {office: %s, field: %s}}", id, say("a b c"), say("a b c"), say("a b d"), say("a b c"), step, step)
	}
	line("everyone: [{skill: critical, level: 1, reason: %s}]", say("a b c"))
	line("rules:")
	line("  - {id: r1, name: %s, question: %s, words: {nl: [loket*]}, asks: [{skill: critical, level: 3, reason: %s}]}", say("n"), say("a b c"), say("a b c"))
	line("factors: [{id: x, name: %s, question: %s}]", say("n"), say("a b c"))
	return b.String()
}

// item is a sound graded item of a bank, on one line.
func item(number int) string {
	return fmt.Sprintf("  - {id: cri-verify-%02d, area: verify, digcomp: 1.2, kind: graded, parameters: {a: 1.2, b: [-1, 0.5]}, office: %s, field: %s}\n", number, worded("x"), worded("y"))
}

func worded(word string) string {
	options := make([]string, 4)
	for i := range options {
		options[i] = fmt.Sprintf("{credit: %d, text: %s}", []int{0, 2, 1, 0}[i], say(word+string(rune('a'+i))))
	}
	return fmt.Sprintf("{stem: %s, options: [%s], rationale: %s}", say(`"`+strings.Repeat(word+" ", 8)+`?"`), strings.Join(options, ", "), say(strings.TrimSpace(strings.Repeat(word+" ", 30))))
}

const bankHead = "skill: critical\nversion: 1\nitems:\n"

// messages are those of an error, one a line, without the name of the file.
func messages(err error) string {
	if err == nil {
		return ""
	}
	lines := strings.Split(err.Error(), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimPrefix(l, "t.yaml:")
	}
	return strings.Join(lines, "\n")
}
