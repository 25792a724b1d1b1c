package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxFile is how large a settings file may be, in bytes.
const maxFile = 1 << 20

// entry is a value in a settings file, as a flag takes it.
type entry struct {
	line int
	text string
}

// parseFile reads a settings file: one mapping from the names of settings to a value or a list of values. It returns what
// it understood and everything that is wrong; Where names the file and the line.
func parseFile(name string, data []byte, known []Field) (map[string]entry, Problems) {
	r := &fileReader{name: name, known: known, entries: map[string]entry{}}
	if len(data) > maxFile {
		r.add(1, "the file is larger than 1 MiB", "give the settings file, not another one")
		return nil, r.problems
	}
	var doc yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	if err := decoder.Decode(&doc); err != nil {
		if !errors.Is(err, io.EOF) { // an empty file sets nothing
			r.add(lineOf(err), "this is no YAML: "+strings.TrimPrefix(err.Error(), "yaml: "), "write one setting a line, as listen: 127.0.0.1:8080")
		}
		return r.entries, r.problems
	}
	var second yaml.Node
	if err := decoder.Decode(&second); !errors.Is(err, io.EOF) {
		r.add(max(1, second.Line), "a second document starts", "leave one, without --- in between")
	}
	if len(doc.Content) == 1 {
		r.mapping(doc.Content[0])
	}
	return r.entries, r.problems
}

// lineOf finds the line in an error of the YAML reader, which gives it in its text alone.
func lineOf(err error) int {
	var line int
	if _, scanned := fmt.Sscanf(err.Error(), "yaml: line %d:", &line); scanned != nil {
		return 1
	}
	return max(1, line)
}

type fileReader struct {
	name     string
	known    []Field
	entries  map[string]entry
	problems Problems
}

func (r *fileReader) add(line int, what, mend string) {
	r.problems = append(r.problems, Problem{What: what, Where: fmt.Sprintf("%s:%d", r.name, line), Mend: mend})
}

func (r *fileReader) mapping(n *yaml.Node) {
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return // comments alone
	}
	if n.Kind != yaml.MappingNode {
		r.add(n.Line, "the file is no list of settings with values", "write one setting a line, as listen: 127.0.0.1:8080")
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		r.pair(n.Content[i], n.Content[i+1])
	}
}

func (r *fileReader) pair(key, value *yaml.Node) {
	field, found := find(r.known, key.Value)
	switch before, twice := r.entries[key.Value]; {
	case key.Kind != yaml.ScalarNode || !found || field.Name == "config":
		r.add(key.Line, fmt.Sprintf("there is no setting %q", key.Value), nearest(r.known, key.Value))
		return
	case twice:
		r.add(key.Line, fmt.Sprintf("%s is set on line %d already", key.Value, before.line), "leave one of the two")
		return
	}
	text, ok := r.text(field, value)
	if !ok {
		return
	}
	r.entries[field.Name] = entry{line: value.Line, text: text}
	if err := field.fits(text); err != nil {
		r.add(value.Line, err.Error(), "see "+field.Name+" in docs/settings.md")
	}
}

// text returns a value as a flag would take it; a list is joined by commas.
func (r *fileReader) text(field Field, value *yaml.Node) (string, bool) {
	if value.Kind == yaml.SequenceNode && field.List {
		var parts []string
		for _, one := range value.Content {
			if one.Kind != yaml.ScalarNode || one.Tag == "!!null" {
				r.add(one.Line, field.Name+" is a list of texts, and this is none", "write each on a line of its own, as - 10.0.0.0/8")
				return "", false
			}
			parts = append(parts, one.Value)
		}
		return strings.Join(parts, ","), true
	}
	if value.Kind != yaml.ScalarNode {
		r.add(value.Line, field.Name+" takes a single value", "write it behind the colon, as "+field.Name+": "+field.Placeholder)
		return "", false
	}
	if value.Tag == "!!null" {
		r.add(value.Line, field.Name+" has no value", "give one, or leave the line out")
		return "", false
	}
	return value.Value, true
}
