package story

import (
	"fmt"
	"strings"
)

// written lays a story out as plain text, so that one can read it and a change shows.
func written(s Story) string {
	var b strings.Builder
	line := func(indent, label, text string) {
		if text != "" {
			fmt.Fprintf(&b, "%s%s%s\n", indent, label, text)
		}
	}
	line("", "", s.Kicker)
	line("", "[", s.Synthetic)
	line("", "[", s.Pilot)
	line("", "# ", s.Title)
	line("", "", s.Lead)
	for _, t := range s.Summary {
		line("", "* ", t)
	}
	for _, c := range s.Chapters {
		fmt.Fprintf(&b, "\n## %s · %s\n", c.ID, c.Short)
		line("", "BIG ", c.Big)
		line("", "= ", c.Headline)
		for _, t := range c.Text {
			line("  ", "", t)
		}
		for _, f := range c.Figures {
			fmt.Fprintf(&b, "  [%s] %s\n", f.ID, f.Title)
			line("    ", "alt: ", f.Description)
			line("    ", "cap: ", f.Caption)
			line("    ", "", strings.Join(f.Table.Head, " | "))
			for _, r := range f.Table.Rows {
				line("    ", "", strings.Join(r, " | "))
			}
		}
	}
	b.WriteString("\n")
	for i, a := range s.Actions {
		fmt.Fprintf(&b, "%d. %s\n", i+1, a.Title)
		line("   ", "", a.Why)
		for _, t := range a.Steps {
			line("   ", "- ", t)
		}
		line("   ", "-> ", a.Reach)
		line("   ", "^ ", strings.Join(a.Evidence, ", "))
	}
	for _, part := range [][]string{s.Caveats, s.Method, s.Data} {
		b.WriteString("\n")
		for _, t := range part {
			line("", "~ ", t)
		}
	}
	fmt.Fprintf(&b, "\nSHEET %s\n", s.Sheet.Title)
	for _, t := range s.Sheet.Asked {
		line("", "? ", t)
	}
	for _, h := range s.Sheet.Heard {
		fmt.Fprintf(&b, "! %s %s (%s)\n", h.Big, h.Text, h.Range)
		line("  ", "alt: ", h.Label)
	}
	for _, t := range s.Sheet.Doing {
		line("", "> ", t)
	}
	line("", "", s.Sheet.Privacy)
	line("", "", s.Sheet.Contact)
	return b.String()
}
