package intake

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"tekentafel/internal/instrument"
)

// mappingBytes bounds a mapping file.
const mappingBytes = 4 << 20

// ParseMapping reads a mapping from YAML. It is strict: the error is *instrument.Problems and names for everything that
// is wrong the line, the column and what to do about it. The keys are
//
//	columns:    variable: heading            which column holds which question
//	values:     heading: {cell: meaning}     what a cell stands for, as it stands in the file; "" for nothing;
//	                                         a cell of a category that stands for itself is not proposed for merging
//	ignore:     [heading, ...]               columns that are no answers
//	missing:    [cell, ...]                  cells that mean "nothing here", beside the empty one
//	consent:    {column: heading, yes: [cell, ...]}
//	sheet:      name                         of a workbook
//	delimiter:  "," ";" "|" or "tab"         of text
//	encoding:   utf-8, utf-16le, utf-16be or windows-1252
func ParseMapping(file string, src []byte) (*Mapping, error) {
	p := &mappingParser{file: file, m: &Mapping{}}
	if len(src) > mappingBytes {
		p.wrong(nil, "", fmt.Sprintf("the mapping has more than %d MiB", mappingBytes>>20), "check that this is a mapping")
		return nil, &p.problems
	}
	var root yaml.Node
	if err := yaml.Unmarshal(src, &root); err != nil {
		p.syntax(err)
		return nil, &p.problems
	}
	if root.Kind != 0 && len(root.Content) > 0 {
		p.document(root.Content[0])
	}
	if len(p.problems.List) > 0 {
		slices.SortStableFunc(p.problems.List, func(a, b instrument.Problem) int {
			if a.Line != b.Line {
				return a.Line - b.Line
			}
			return a.Column - b.Column
		})
		return nil, &p.problems
	}
	return p.m, nil
}

type mappingParser struct {
	file     string
	m        *Mapping
	problems instrument.Problems
}

// mostProblems bounds what a hostile mapping makes the parser remember.
const mostProblems = 100

func (p *mappingParser) wrong(n *yaml.Node, path, message, mend string) {
	if len(p.problems.List) >= mostProblems {
		p.problems.More++
		return
	}
	q := instrument.Problem{File: p.file, Path: path, Message: message, Mend: mend}
	if n != nil {
		q.Line, q.Column = n.Line, n.Column
	}
	p.problems.List = append(p.problems.List, q)
}

// syntax reports text that is no YAML; the library says "yaml: line 3: what", or no line
// when it is the first.
func (p *mappingParser) syntax(err error) {
	q := instrument.Problem{File: p.file, Line: 1, Column: 1, Message: strings.TrimPrefix(err.Error(), "yaml: "), Mend: "check the indentation, colons and quotation marks there"}
	var line int
	if _, scanErr := fmt.Sscanf(q.Message, "line %d:", &line); scanErr == nil {
		_, q.Message, _ = strings.Cut(q.Message, ": ")
		q.Line = line
	}
	p.problems.List = append(p.problems.List, q)
}

func (p *mappingParser) document(n *yaml.Node) {
	keys := []string{"columns", "values", "ignore", "missing", "consent", "sheet", "delimiter", "encoding"}
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return
	}
	p.entries(n, "the mapping", func(key, value *yaml.Node) {
		switch key.Value {
		case "columns":
			p.m.Columns = p.texts(value, "columns", "a heading")
			p.distinct(value)
		case "values":
			p.m.Values = map[string]map[string]string{}
			p.entries(value, "values", func(heading, cells *yaml.Node) {
				p.m.Values[heading.Value] = p.texts(cells, "values."+heading.Value, "what the cell stands for")
			})
		case "ignore":
			p.m.Ignore = p.list(value, "ignore", "headings")
		case "missing":
			if p.m.Missing = p.list(value, "missing", "cells"); p.m.Missing == nil {
				p.m.Missing = []string{}
			}
		case "consent":
			p.consent(value)
		case "sheet":
			p.m.Sheet = p.text(value, "sheet", "the name of a sheet")
		case "delimiter":
			p.m.Delimiter = p.oneOf(value, "delimiter", []string{",", ";", "|", "tab", "\t"})
			if p.m.Delimiter == "tab" {
				p.m.Delimiter = "\t"
			}
		case "encoding":
			p.m.Encoding = p.oneOf(value, "encoding", encodings())
		default:
			p.unknown(key, keys)
		}
	})
}

func (p *mappingParser) unknown(key *yaml.Node, keys []string) {
	var known []candidate
	for _, k := range keys {
		known = append(known, candidate{k, k})
	}
	mend := "the keys are " + strings.Join(keys, ", ")
	if near := nearest(key.Value, known); near != "" {
		mend = "did you mean " + quoted(near) + "?"
	}
	p.wrong(key, key.Value, "unknown key "+quoted(key.Value), mend)
}

// entries calls f with each key and value of a mapping node.
func (p *mappingParser) entries(n *yaml.Node, path string, f func(key, value *yaml.Node)) {
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return // a key whose lines are all comments
	}
	if n.Kind != yaml.MappingNode {
		p.wrong(n, path, path+" is not a list of lines like \"name: value\"", "write each entry on a line of its own, indented")
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch {
		case key.Kind != yaml.ScalarNode || key.Tag == "!!merge":
			p.wrong(key, path, "a key is no plain text", "write it on one line, between quotation marks")
		case seen[key.Value]:
			p.wrong(key, path, quoted(key.Value)+" stands twice in "+path, "keep one of the two lines")
		default:
			seen[key.Value] = true
			f(key, value)
		}
	}
}

// text returns a scalar as it is written; YAML's own ideas of numbers and truth (NO, 1.0) do not count.
func (p *mappingParser) text(n *yaml.Node, path, what string) string {
	if n.Kind != yaml.ScalarNode {
		p.wrong(n, path, path+" is no plain text", "write "+what+", between quotation marks when it has a colon or spaces around it")
		return ""
	}
	if n.Tag == "!!null" && n.Style == 0 && n.Value != "null" && n.Value != "Null" && n.Value != "NULL" {
		p.wrong(n, path, path+" is empty", `write `+what+`, or "" for nothing`)
	}
	return n.Value
}

func (p *mappingParser) texts(n *yaml.Node, path, what string) map[string]string {
	m := map[string]string{}
	p.entries(n, path, func(key, value *yaml.Node) { m[key.Value] = p.text(value, path+"."+key.Value, what) })
	return m
}

// distinct refuses two variables that are read from the same column, and empty headings.
func (p *mappingParser) distinct(n *yaml.Node) {
	first := map[string]string{}
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		heading := trimmed(value.Value)
		other, double := first[heading]
		switch {
		case value.Kind != yaml.ScalarNode || value.Tag == "!!null":
		case heading == "":
			p.wrong(value, "columns."+key.Value, "columns."+key.Value+" is empty", "write the heading, or remove the line")
		case double && other != key.Value:
			p.wrong(value, "columns."+key.Value, fmt.Sprintf("%s and %s are read from the same column %s", quoted(other), quoted(key.Value), quoted(heading)),
				"give each question a column of its own")
		}
		first[heading] = key.Value
	}
}

func (p *mappingParser) list(n *yaml.Node, path, what string) []string {
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		p.wrong(n, path, path+" is no list of "+what, `write them as a list: ["first", "second"]`)
		return nil
	}
	var list []string
	for _, item := range n.Content {
		if item.Kind != yaml.ScalarNode {
			p.wrong(item, path, "an entry of "+path+" is no plain text", "write it between quotation marks")
			continue
		}
		list = append(list, item.Value)
	}
	return list
}

func (p *mappingParser) oneOf(n *yaml.Node, path string, known []string) string {
	value := p.text(n, path, "one of "+strings.Join(known, ", "))
	if value != "" && !slices.Contains(known, value) {
		p.wrong(n, path, path+" "+quoted(value)+" is not known", "use one of "+listed(known))
		return ""
	}
	return value
}

func (p *mappingParser) consent(n *yaml.Node) {
	c := &Consent{}
	p.entries(n, "consent", func(key, value *yaml.Node) {
		switch key.Value {
		case "column":
			c.Column = p.text(value, "consent.column", "a heading")
		case "yes":
			c.Yes = p.list(value, "consent.yes", "cells")
		default:
			p.unknown(key, []string{"column", "yes"})
		}
	})
	if c.Column == "" || len(c.Yes) == 0 {
		p.wrong(n, "consent", "consent says not which column, or not which cells mean yes", `write consent: {column: "consent", yes: ["yes"]}`)
	}
	p.m.Consent = c
}

// check names the first variable of the mapping that the instrument does not have.
func (m *Mapping) check(file string, in *instrument.Instrument) error {
	var known []candidate
	ids := map[string]bool{}
	for _, t := range targets(in.Variables()) {
		if !ids[t.id] {
			ids[t.id] = true
			known = append(known, candidate{unaccented(t.id), t.id})
		}
	}
	for _, id := range slices.Sorted(maps.Keys(m.Columns)) {
		if ids[id] {
			continue
		}
		mend := "correct the name, or remove the line"
		if near := nearest(id, known); near != "" {
			mend += "; did you mean " + quoted(near) + "?"
		}
		return &Error{Kind: KindColumns, File: file, Message: fmt.Sprintf("the mapping names %s, which the instrument %s does not have", quoted(id), quoted(in.ID)), Mend: mend}
	}
	return nil
}
