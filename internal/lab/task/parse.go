package task

import (
	"fmt"
	"slices"
	"strings"

	"tekentafel/internal/instrument"
	"tekentafel/internal/lab/content"
)

// Bounds of a task.
const (
	mostFields  = 6
	mostOptions = 7
	mostParts   = 8
)

// Parse reads a task from YAML. The error is a *yamlfile.Problems that lists everything that is wrong, each with its place and how to mend it.
func Parse(file string, src []byte) (*Task, error) { return content.Read(file, src, check) }

func check(t *Task, c *content.Checker) {
	c.ID("id", t.ID, nil)
	if t.Order < 1 {
		c.Wrong("order", "there is no place in the list", "write order: 1 or more")
	}
	c.Text("title", t.Title, 60)
	c.Text("about", t.About, 200)
	c.Texts("good", t.Good, 1, 5)
	c.Texts("not", t.Not, 1, 5)
	fields(t, c)
	parts(t, c)
	c.Text("rule", t.Rule, 300)
	c.Texts("look", t.Look, 2, 6)
	c.Texts("next", t.Next, 2, 6)
}

func fields(t *Task, c *content.Checker) {
	if n := len(t.Fields); n == 0 || n > mostFields {
		c.Wrong("fields", fmt.Sprintf("there are %d", n), fmt.Sprintf("give one to %d: a short form is filled in", mostFields))
	}
	seen := map[string]bool{"text": false}
	for i := range t.Fields {
		f, at := &t.Fields[i], fmt.Sprintf("fields[%d]", i)
		c.ID(at+".id", f.ID, seen)
		content.Word(c, at+".kind", f.Kind, []Kind{Line, Long, Choice})
		c.Text(at+".label", f.Label, 80)
		if len(f.Hint) > 0 {
			c.Text(at+".hint", f.Hint, content.Line)
		}
		if f.Kind == Choice {
			options(c, at, f)
			continue
		}
		if len(f.Options) > 0 {
			c.Wrong(at+".options", "only a choice has options", "write kind: choice, or remove them")
		}
		for name, sample := range map[string]instrument.Text{"desk": f.Desk, "field": f.Field} {
			if len(sample) > 0 || f.Needed {
				c.Lines(at+"."+name, sample, content.Block)
			}
		}
	}
}

func options(c *content.Checker, at string, f *Field) {
	if n := len(f.Options); n < 2 || n > mostOptions {
		c.Wrong(at+".options", fmt.Sprintf("there are %d", n), fmt.Sprintf("give two to %d", mostOptions))
	}
	if len(f.Desk) > 0 || len(f.Field) > 0 {
		c.Wrong(at, "a choice has no samples: its first option is chosen", "remove desk and field")
	}
	seen := map[string]bool{}
	for j := range f.Options {
		in := fmt.Sprintf("%s.options[%d]", at, j)
		c.ID(in+".id", f.Options[j].ID, seen)
		c.Text(in+".label", f.Options[j].Label, 80)
		c.Text(in+".says", f.Options[j].Says, content.Line)
	}
}

func parts(t *Task, c *content.Checker) {
	if n := len(t.Parts); n < 2 || n > mostParts {
		c.Wrong("parts", fmt.Sprintf("there are %d", n), fmt.Sprintf("give two to %d", mostParts))
	}
	used := map[string]bool{}
	for i := range t.Parts {
		p, at := &t.Parts[i], fmt.Sprintf("parts[%d]", i)
		content.Word(c, at+".kind", p.Kind, PartKinds())
		c.Lines(at+".text", p.Text, content.Block)
		c.Text(at+".why", p.Why, content.Line)
		var first []string
		for _, l := range instrument.Languages() {
			names := named(p.Text[l])
			for _, n := range names {
				used[n] = true
				f := t.field(n)
				switch {
				case f == nil:
					c.Wrong(at+".text."+string(l), fmt.Sprintf("there is no field %q", n), "use the id of a field")
				case f.Kind == Long && !alone(p.Text[l], n):
					c.Wrong(at+".text."+string(l), fmt.Sprintf("{%s} is a longer text and does not stand on a line of its own", n), "put it on a line of its own")
				}
			}
			slices.Sort(names)
			if l == instrument.NL {
				first = names
			} else if !slices.Equal(names, first) {
				c.Wrong(at+".text."+string(l), "it names other fields than the Dutch text", "name the same fields in every language")
			}
		}
	}
	for i := range t.Fields {
		if !used[t.Fields[i].ID] {
			c.Wrong(fmt.Sprintf("fields[%d]", i), fmt.Sprintf("no part uses {%s}", t.Fields[i].ID), "use it in a part, or remove the field")
		}
	}
}

// named lists the fields that a template names.
func named(template string) (out []string) {
	for _, p := range pieces(template) {
		if p.field != "" {
			out = append(out, p.field)
		}
	}
	return out
}

// alone tells whether a placeholder stands on lines of its own.
func alone(template, field string) bool {
	for line := range strings.SplitSeq(template, "\n") {
		if strings.Contains(line, "{"+field+"}") && line != "{"+field+"}" {
			return false
		}
	}
	return true
}
