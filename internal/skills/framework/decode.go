package framework

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

type place struct{ line, column int }

// decoder fills values from YAML nodes and remembers where each stood. Nothing is guessed: unknown keys, keys that stand
// twice, anchors, tags and values of another kind are problems.
type decoder struct {
	file     string
	problems *Problems
	where    map[string]place // by path
	broken   map[string]bool  // paths of what could not be read: nothing more is said of them
}

// at reports a problem at a path, or at the nearest thing around it that stands in the file.
func (d *decoder) at(path, message, mend string) {
	p := Problem{File: d.file, Path: path, Message: message, Mend: mend}
	for around := path; ; around = around[:max(0, strings.LastIndexAny(around, ".["))] {
		if d.broken[around] {
			return
		}
		if at, ok := d.where[around]; ok && p.Line == 0 {
			p.Line, p.Column = at.line, at.column
		}
		if around == "" {
			break
		}
	}
	d.problems.add(p)
}

func (d *decoder) misread(path, message, mend string) {
	d.at(path, message, mend)
	d.broken[path] = true
}

func (d *decoder) decode(n *yaml.Node, out reflect.Value, path string) {
	d.where[path] = place{n.Line, n.Column}
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		d.misread(path, "anchors and aliases (& and *) are not allowed", "write the value out")
		return
	case n.Style&yaml.TaggedStyle != 0:
		d.misread(path, "the YAML tag "+quote(n.Tag)+" is not allowed", "remove it")
		return
	}
	switch out.Kind() {
	case reflect.Struct:
		d.structure(n, out, path)
	case reflect.Map:
		d.byLanguage(n, out, path)
	case reflect.Slice:
		d.list(n, out, path)
	case reflect.Pointer:
		value := reflect.New(out.Type().Elem())
		d.decode(n, value.Elem(), path)
		if !d.broken[path] {
			out.Set(value)
		}
	default:
		d.scalar(n, out, path)
	}
}

// pairs visits the pairs of a mapping whose keys are known.
func (d *decoder) pairs(n *yaml.Node, path string, known []string, visit func(key, value *yaml.Node, path string)) {
	if n.Kind != yaml.MappingNode {
		d.misread(path, "expected a mapping with "+strings.Join(known, ", ")+", found "+describe(n), "write each part as `key: value`")
		return
	}
	first := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		p := Problem{File: d.file, Line: key.Line, Column: key.Column, Path: strings.TrimPrefix(path+"."+key.Value, ".")}
		line, twice := first[key.Value]
		switch {
		case key.Kind != yaml.ScalarNode || key.Anchor != "":
			p.Path, p.Message, p.Mend = path, "a key must be a plain word", oneOf(known)
		case twice:
			p.Message, p.Mend = fmt.Sprintf("key %s stands here for the second time (first on line %d)", quote(key.Value), line), "keep one of the two"
		case !slices.Contains(known, key.Value):
			p.Message, p.Mend = "unknown key "+quote(key.Value), oneOf(known)
		default:
			first[key.Value] = key.Line
			visit(key, value, p.Path)
			continue
		}
		d.problems.add(p)
	}
}

// keyOf returns the key of a field in YAML.
func keyOf(f reflect.StructField) string {
	key, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	return key
}

func (d *decoder) structure(n *yaml.Node, out reflect.Value, path string) {
	var known []string
	for i := range out.NumField() {
		known = append(known, keyOf(out.Type().Field(i)))
	}
	d.pairs(n, path, known, func(key, value *yaml.Node, inner string) {
		d.decode(value, out.Field(slices.Index(known, key.Value)), inner)
	})
}

// byLanguage fills a text, or lists of words by language.
func (d *decoder) byLanguage(n *yaml.Node, out reflect.Value, path string) {
	var known []string
	for _, l := range Languages() {
		known = append(known, string(l))
	}
	out.Set(reflect.MakeMap(out.Type()))
	d.pairs(n, path, known, func(key, value *yaml.Node, inner string) {
		element := reflect.New(out.Type().Elem()).Elem()
		d.decode(value, element, inner)
		out.SetMapIndex(reflect.ValueOf(Lang(key.Value)), element)
	})
}

// maxList bounds the length of any list.
const maxList = 1000

func (d *decoder) list(n *yaml.Node, out reflect.Value, path string) {
	switch {
	case n.Kind != yaml.SequenceNode:
		d.misread(path, "expected a list, found "+describe(n), "start each element on a new line with `- `, or write [a, b]")
		return
	case len(n.Content) > maxList:
		d.misread(path, fmt.Sprintf("the list has %d elements", len(n.Content)), fmt.Sprintf("keep at most %d", maxList))
		return
	}
	out.Set(reflect.MakeSlice(out.Type(), len(n.Content), len(n.Content)))
	for i, element := range n.Content {
		d.decode(element, out.Index(i), fmt.Sprintf("%s[%d]", path, i))
	}
}

// scalar fills a text or a number. A text may be written as a plain number: its characters are taken as they stand.
func (d *decoder) scalar(n *yaml.Node, out reflect.Value, path string) {
	tag := n.ShortTag()
	switch out.Kind() {
	case reflect.String:
		if n.Kind != yaml.ScalarNode || tag == "!!null" || tag == "!!bool" {
			d.misread(path, "expected a text, found "+describe(n), "write the text between quotes")
			return
		}
		out.SetString(n.Value)
	case reflect.Int:
		v, err := strconv.Atoi(n.Value)
		if tag != "!!int" || err != nil {
			d.misread(path, "expected a whole number, found "+describe(n), "write digits only, without quotes")
			return
		}
		out.SetInt(int64(v))
	default:
		v, err := strconv.ParseFloat(n.Value, 64)
		if (tag != "!!int" && tag != "!!float") || err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
			d.misread(path, "expected a number, found "+describe(n), "write digits with a decimal point, without quotes")
			return
		}
		out.SetFloat(v)
	}
}

func describe(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Kind != yaml.ScalarNode:
		return "an alias"
	case n.ShortTag() == "!!null":
		return "nothing"
	default:
		return quote(n.Value)
	}
}
