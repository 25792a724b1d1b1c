package yamlfile

import (
	"cmp"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Reader has filled a value from a file and remembers where each part of it stood.
//
// yaml.Decoder's KnownFields is not used: it stops at type errors without columns, and knows no suggestions.
type Reader struct {
	file     string
	form     Form
	problems *Problems
	where    map[string]place // by path
	broken   map[string]bool  // paths of what could not be read: nothing more is said of them
}

type place struct{ line, column int }

// Worded is a pointer to a value, such as a list, in the place of which a file may also have one word.
type Worded interface {
	// Word takes the word, and tells whether it is one that it knows.
	Word(word string) bool
}

func read(file string, root *yaml.Node, value any, f Form, problems *Problems) *Reader {
	r := &Reader{file: file, form: f, problems: problems, where: map[string]place{}, broken: map[string]bool{}}
	r.decode(root, reflect.ValueOf(value).Elem(), "")
	if r.broken[""] {
		return nil
	}
	return r
}

// At reports a problem at a path, such as items[2].label.fr, or at the nearest thing around it that stands in the file. Of what could
// not be read nothing more is said.
func (r *Reader) At(path, message, mend string) {
	p := Problem{File: r.file, Path: path, Message: message, Mend: mend}
	for around := path; ; around = around[:max(0, strings.LastIndexAny(around, ".["))] {
		if r.broken[around] {
			return
		}
		if at, ok := r.where[around]; ok && p.Line == 0 {
			p.Line, p.Column = at.line, at.column
		}
		if around == "" {
			break
		}
	}
	r.problems.Add(p)
}

// Has tells whether something stood at a path.
func (r *Reader) Has(path string) bool {
	_, ok := r.where[path]
	return ok
}

// Line returns the line of what stood at a path; 0 when nothing did.
func (r *Reader) Line(path string) int { return r.where[path].line }

// Found is how many problems there are so far.
func (r *Reader) Found() int { return len(r.problems.List) + r.problems.More }

func (r *Reader) misread(path, message, mend string) {
	r.At(path, message, mend)
	r.broken[path] = true
}

// decode fills out from the node; what does not fit is a problem and leaves the zero value.
func (r *Reader) decode(n *yaml.Node, out reflect.Value, path string) {
	r.where[path] = place{n.Line, n.Column}
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		r.misread(path, "anchors and aliases (& and *) are not allowed", cmp.Or(r.form.Alias, "write the value out"))
		return
	case n.Style&yaml.TaggedStyle != 0:
		r.misread(path, "the YAML tag "+Quote(n.Tag)+" is not allowed", "remove it")
		return
	}
	if w, ok := out.Addr().Interface().(Worded); ok && n.Kind == yaml.ScalarNode && w.Word(n.Value) {
		return
	}
	switch out.Kind() {
	case reflect.Struct:
		r.structure(n, out, path)
	case reflect.Map:
		r.mapping(n, out, path)
	case reflect.Slice:
		r.list(n, out, path)
	case reflect.Pointer:
		value := reflect.New(out.Type().Elem())
		r.decode(n, value.Elem(), path)
		if !r.broken[path] {
			out.Set(value)
		}
	default:
		r.scalar(n, out, path)
	}
}

// pairs visits the pairs of a mapping whose keys are known, or any when known is nil. It returns false when there is no mapping.
func (r *Reader) pairs(n *yaml.Node, path string, known []string, visit func(key, value *yaml.Node, path string)) bool {
	if n.Kind != yaml.MappingNode {
		r.misread(path, "expected "+mappingOf(known)+", found "+describe(n), "write each part as `key: value`")
		return false
	}
	first := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		p := Problem{File: r.file, Line: key.Line, Column: key.Column, Path: strings.TrimPrefix(path+"."+key.Value, ".")}
		line, twice := first[key.Value]
		switch {
		case key.Kind != yaml.ScalarNode || key.Anchor != "":
			p.Path, p.Message, p.Mend = path, "a key must be a plain word", "write `key: value`"
		case twice:
			p.Message, p.Mend = fmt.Sprintf("key %s stands here for the second time (first on line %d)", Quote(key.Value), line), "keep one of the two"
		case known != nil && !slices.Contains(known, key.Value):
			p.Message, p.Mend = "unknown key "+Quote(key.Value), DidYouMean(key.Value, known, OneOf(known))
		default:
			first[key.Value] = key.Line
			visit(key, value, p.Path)
			continue
		}
		r.problems.Add(p)
	}
	return true
}

// mappingOf names a mapping by its first keys.
func mappingOf(known []string) string {
	const few, first = 5, 3
	switch {
	case known == nil:
		return "a mapping of names"
	case len(known) > few:
		return "a mapping with " + strings.Join(known[:first], ", ") + " and so on"
	default:
		return "a mapping with " + strings.Join(known, ", ")
	}
}

// Key returns the key of a field of a struct in YAML.
func Key(f reflect.StructField) string {
	key, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	return key
}

func (r *Reader) structure(n *yaml.Node, out reflect.Value, path string) {
	known := make([]string, out.NumField())
	for i := range known {
		known[i] = Key(out.Type().Field(i))
	}
	r.pairs(n, path, known, func(key, value *yaml.Node, inner string) {
		r.decode(value, out.Field(slices.Index(known, key.Value)), inner)
	})
}

// mapping fills a mapping of names, or of words of the form.
func (r *Reader) mapping(n *yaml.Node, out reflect.Value, path string) {
	known := r.form.Words
	if out.Type().Key() == reflect.TypeFor[string]() {
		known = nil
	}
	filled := reflect.MakeMap(out.Type())
	if r.pairs(n, path, known, func(key, value *yaml.Node, inner string) {
		element := reflect.New(out.Type().Elem()).Elem()
		r.decode(value, element, inner)
		filled.SetMapIndex(reflect.ValueOf(key.Value).Convert(out.Type().Key()), element)
	}) {
		out.Set(filled)
	}
}

func (r *Reader) list(n *yaml.Node, out reflect.Value, path string) {
	switch {
	case n.Kind != yaml.SequenceNode:
		r.misread(path, "expected a list, found "+describe(n), "start each element on a new line with `- `, or write [a, b]")
		return
	case len(n.Content) > r.form.MaxList:
		r.misread(path, fmt.Sprintf("the list has %d elements", len(n.Content)), fmt.Sprintf("keep at most %d", r.form.MaxList))
		return
	}
	out.Set(reflect.MakeSlice(out.Type(), len(n.Content), len(n.Content)))
	for i, element := range n.Content {
		r.decode(element, out.Index(i), fmt.Sprintf("%s[%d]", path, i))
	}
}

// scalar fills a text, a number or a yes/no value. A text may be written as a plain number or date (an option with id 1): its characters are
// taken as they stand.
func (r *Reader) scalar(n *yaml.Node, out reflect.Value, path string) {
	tag := n.ShortTag()
	fail := func(wanted, mend string) { r.misread(path, "expected "+wanted+", found "+describe(n), mend) }
	switch out.Kind() {
	case reflect.String:
		if n.Kind != yaml.ScalarNode || tag == "!!null" || tag == "!!bool" {
			fail("a text", "write the text between quotes")
			return
		}
		out.SetString(n.Value)
	case reflect.Bool:
		if tag != "!!bool" {
			fail("true or false", "write true or false without quotes")
			return
		}
		out.SetBool(strings.EqualFold(n.Value, "true"))
	case reflect.Int:
		v, err := strconv.Atoi(n.Value)
		if tag != "!!int" || err != nil {
			fail("a whole number", "write digits only, without quotes")
			return
		}
		out.SetInt(int64(v))
	case reflect.Float64:
		v, err := strconv.ParseFloat(n.Value, 64)
		if (tag != "!!int" && tag != "!!float") || err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
			fail("a number", "write digits with a decimal point, without quotes")
			return
		}
		out.SetFloat(v)
	default:
		fail("nothing", "remove it")
	}
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
		return Quote(n.Value)
	default:
		return "something else"
	}
}
