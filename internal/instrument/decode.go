package instrument

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// place is a position in the file.
type place struct{ line, column int }

// decoder fills the types of an instrument from YAML nodes and remembers where each value stood.
//
// yaml.Decoder's KnownFields is not used: it stops at type errors without columns, and knows no suggestions.
type decoder struct {
	file     string
	problems *Problems
	where    map[string]place // by path
	broken   map[string]bool  // paths of what could not be read: nothing more is said of them
}

// at reports a problem at a path, or at the nearest thing around it when nothing stands there.
func (d *decoder) at(path, message, mend string) {
	found := Problem{File: d.file, Path: path, Message: message, Mend: mend}
	for around := path; ; {
		if d.broken[around] {
			return
		}
		if p, ok := d.where[around]; ok && found.Line == 0 {
			found.Line, found.Column = p.line, p.column
		}
		if around == "" {
			break
		}
		around = around[:max(0, strings.LastIndexAny(around, ".["))]
	}
	d.problems.add(found)
}

// misread reports that what stands at a path cannot be read.
func (d *decoder) misread(path, message, mend string) {
	d.at(path, message, mend)
	d.broken[path] = true
}

// has reports whether something stood at the path.
func (d *decoder) has(path string) bool {
	_, ok := d.where[path]
	return ok
}

// decode fills out from the node; what does not fit is a problem and leaves the zero value.
func (d *decoder) decode(n *yaml.Node, out reflect.Value, path string) {
	d.where[path] = place{n.Line, n.Column}
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		d.misread(path, "anchors and aliases (& and *) are not allowed", "write the text out, or put shared options under scales and name them with options_from")
		return
	}
	if n.Style&yaml.TaggedStyle != 0 {
		d.misread(path, "the YAML tag "+quote(n.Tag)+" is not allowed", "remove it")
		return
	}
	switch {
	case out.Type() == reflect.TypeFor[Text]():
		d.text(n, out, path)
	case out.Kind() == reflect.Struct:
		d.structure(n, out, path)
	case out.Kind() == reflect.Map:
		d.dictionary(n, out, path)
	case out.Kind() == reflect.Slice:
		d.list(n, out, path)
	case out.Kind() == reflect.Pointer:
		value := reflect.New(out.Type().Elem())
		if d.scalar(n, value.Elem(), path) {
			out.Set(value)
		}
	default:
		d.scalar(n, out, path)
	}
}

// pairs visits the key-value pairs of a mapping, refusing duplicate keys.
func (d *decoder) pairs(n *yaml.Node, path, wanted string, visit func(key, value *yaml.Node, path string)) {
	if n.Kind != yaml.MappingNode {
		d.misread(path, "expected "+wanted+", found "+describe(n), "write each part on its own line as `key: value`")
		return
	}
	first := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		inner := key.Value
		if path != "" {
			inner = path + "." + key.Value
		}
		if key.Kind != yaml.ScalarNode || key.Anchor != "" {
			d.where[path+".?"] = place{key.Line, key.Column}
			d.misread(path+".?", "a key must be a plain word", "write `key: value`")
			continue
		}
		if line, seen := first[key.Value]; seen {
			d.problems.add(Problem{File: d.file, Line: key.Line, Column: key.Column, Path: inner,
				Message: fmt.Sprintf("key %s stands here for the second time (first on line %d)", quote(key.Value), line),
				Mend:    "keep one of the two"})
			continue
		}
		first[key.Value] = key.Line
		visit(key, value, inner)
	}
}

// unknownKey reports a key that has no meaning where it stands.
func (d *decoder) unknownKey(key *yaml.Node, path string, known []string) {
	d.problems.add(Problem{File: d.file, Line: key.Line, Column: key.Column, Path: path,
		Message: "unknown key " + quote(key.Value),
		Mend:    didYouMean(key.Value, known, "use one of: "+strings.Join(known, ", "))})
}

func (d *decoder) structure(n *yaml.Node, out reflect.Value, path string) {
	fields := map[string]int{}
	var known []string
	for i := range out.NumField() {
		name := out.Type().Field(i).Tag.Get("yaml")
		fields[name] = i
		known = append(known, name)
	}
	d.pairs(n, path, "a mapping with "+strings.Join(known[:min(3, len(known))], ", ")+" and so on",
		func(key, value *yaml.Node, inner string) {
			i, ok := fields[key.Value]
			if !ok {
				d.unknownKey(key, inner, known)
				return
			}
			d.decode(value, out.Field(i), inner)
		})
}

// same is the key of a text that reads alike in every language, such as an item code.
const same = "same"

func (d *decoder) text(n *yaml.Node, out reflect.Value, path string) {
	text := Text{}
	known := []string{same}
	for _, l := range Languages() {
		known = append(known, string(l))
	}
	d.pairs(n, path, "a text by language", func(key, value *yaml.Node, inner string) {
		if !slices.Contains(known, key.Value) {
			d.unknownKey(key, inner, known)
			return
		}
		var s string
		d.decode(value, reflect.ValueOf(&s).Elem(), inner)
		text[Lang(key.Value)] = s
	})
	if n.Kind == yaml.MappingNode {
		out.Set(reflect.ValueOf(text))
	}
}

func (d *decoder) dictionary(n *yaml.Node, out reflect.Value, path string) {
	out.Set(reflect.MakeMap(out.Type()))
	d.pairs(n, path, "a mapping of names", func(key, value *yaml.Node, inner string) {
		element := reflect.New(out.Type().Elem()).Elem()
		d.decode(value, element, inner)
		out.SetMapIndex(reflect.ValueOf(key.Value), element)
	})
}

// maxList bounds the length of any list.
const maxList = 5000

func (d *decoder) list(n *yaml.Node, out reflect.Value, path string) {
	if n.Kind != yaml.SequenceNode {
		d.misread(path, "expected a list, found "+describe(n), "start each element on a new line with `- `, or write [a, b]")
		return
	}
	if len(n.Content) > maxList {
		d.misread(path, fmt.Sprintf("the list has %d elements", len(n.Content)), fmt.Sprintf("keep at most %d", maxList))
		return
	}
	out.Set(reflect.MakeSlice(out.Type(), len(n.Content), len(n.Content)))
	for i, element := range n.Content {
		d.decode(element, out.Index(i), fmt.Sprintf("%s[%d]", path, i))
	}
}

// scalar fills a text, number or yes/no value and reports whether it fitted.
//
// A text may be written as a plain number or date (an option with id 1): its characters are taken as they stand.
func (d *decoder) scalar(n *yaml.Node, out reflect.Value, path string) bool {
	tag := n.ShortTag()
	fail := func(wanted, mend string) bool {
		d.misread(path, "expected "+wanted+", found "+describe(n), mend)
		return false
	}
	switch out.Kind() {
	case reflect.String:
		if n.Kind != yaml.ScalarNode || tag == "!!null" || tag == "!!bool" {
			return fail("a text", "write the text between quotes")
		}
		out.SetString(n.Value)
	case reflect.Bool:
		if tag != "!!bool" {
			return fail("true or false", "write true or false without quotes")
		}
		out.SetBool(strings.EqualFold(n.Value, "true"))
	case reflect.Int:
		v, err := strconv.Atoi(n.Value)
		if tag != "!!int" || err != nil {
			return fail("a whole number", "write digits only, without quotes")
		}
		out.SetInt(int64(v))
	case reflect.Float64:
		v, err := strconv.ParseFloat(n.Value, 64)
		if (tag != "!!int" && tag != "!!float") || err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
			return fail("a number", "write digits with a decimal point, without quotes")
		}
		out.SetFloat(v)
	default:
		return fail("nothing", "remove it")
	}
	return true
}

// describe names what stands at a node.
func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	case yaml.AliasNode:
		return "an alias"
	case yaml.ScalarNode:
		if n.ShortTag() == "!!null" {
			return "nothing"
		}
		return quote(n.Value)
	default:
		return "something else"
	}
}
