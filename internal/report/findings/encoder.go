package findings

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// encoder writes JSON by the rules of MarshalJSON. It knows the kinds of values that Findings is made of, and plans each
// struct once: a wave with hundreds of departments has a hundred thousand shares.
type encoder struct {
	out   []byte
	lines bool // a line for each element down to linesDepth
	depth int  // of objects and lists around what is written
	plans map[reflect.Type]*plan
}

// linesDepth is how deep objects and lists are laid out in lines.
const linesDepth = 2

// plan is how a struct is written.
type plan struct {
	fields     []field
	suppressed int // index of the field Suppressed, -1 for none
}

// field is one member of an object.
type field struct {
	index     int
	key       string // quoted, with its colon
	omitEmpty bool
	figure    bool
}

func (e *encoder) plan(t reflect.Type) *plan {
	if p := e.plans[t]; p != nil {
		return p
	}
	p := &plan{suppressed: -1}
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !f.IsExported() || name == "-" {
			continue
		}
		if name == "" {
			name = f.Name
		}
		if f.Name == "Suppressed" && f.Type.Kind() == reflect.Bool {
			p.suppressed = i
		}
		p.fields = append(p.fields, field{index: i, key: strconv.Quote(name) + ":", omitEmpty: options == "omitempty", figure: isFigure(f.Type)})
	}
	if e.plans == nil {
		e.plans = map[reflect.Type]*plan{}
	}
	e.plans[t] = p
	return p
}

// value writes v; hidden says that figures are not to be shown.
func (e *encoder) value(v reflect.Value, hidden bool) error {
	switch v.Kind() {
	case reflect.Bool:
		e.out = strconv.AppendBool(e.out, v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if hidden {
			return e.null()
		}
		e.out = strconv.AppendInt(e.out, v.Int(), 10)
	case reflect.Float32, reflect.Float64:
		x := v.Float()
		if hidden || math.IsNaN(x) || math.IsInf(x, 0) {
			return e.null()
		}
		e.out = strconv.AppendFloat(e.out, x, 'g', -1, 64)
	case reflect.String:
		return e.text(v.String())
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return e.null()
		}
		return e.value(v.Elem(), hidden)
	case reflect.Slice, reflect.Array:
		return e.list(v, hidden)
	case reflect.Map:
		return e.table(v, hidden)
	case reflect.Struct:
		return e.object(v, hidden)
	default:
		return fmt.Errorf("a value of type %s has no form in JSON", v.Type())
	}
	return nil
}

func (e *encoder) null() error {
	e.out = append(e.out, "null"...)
	return nil
}

// text writes a string; printable ASCII needs no more than quotes.
func (e *encoder) text(s string) error {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			quoted, err := json.Marshal(s)
			e.out = append(e.out, quoted...)
			return err
		}
	}
	e.out = append(append(append(e.out, '"'), s...), '"')
	return nil
}

func (e *encoder) open(bracket byte) {
	e.out = append(e.out, bracket)
	e.depth++
}

// next begins an element: a comma but for the first, and where lines are asked for a line of its own.
func (e *encoder) next(first bool) {
	if !first {
		e.out = append(e.out, ',')
	}
	if e.lines && e.depth <= linesDepth {
		e.line(e.depth)
	}
}

func (e *encoder) shut(bracket byte, empty bool) {
	e.depth--
	if e.lines && e.depth < linesDepth && !empty {
		e.line(e.depth)
	}
	e.out = append(e.out, bracket)
}

func (e *encoder) line(indent int) {
	e.out = append(e.out, '\n')
	for range indent {
		e.out = append(e.out, ' ', ' ')
	}
}

// list writes a list; one of figures is empty when they are hidden.
func (e *encoder) list(v reflect.Value, hidden bool) error {
	n := v.Len()
	if hidden && isFigure(v.Type().Elem()) {
		n = 0
	}
	e.open('[')
	for i := range n {
		e.next(i == 0)
		if err := e.value(v.Index(i), hidden); err != nil {
			return err
		}
	}
	e.shut(']', n == 0)
	return nil
}

// table writes a map with its keys in order.
func (e *encoder) table(v reflect.Value, hidden bool) error {
	if v.Type().Key().Kind() != reflect.String {
		return fmt.Errorf("a map with keys of type %s has no form in JSON", v.Type().Key())
	}
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	e.open('{')
	for i, k := range keys {
		e.next(i == 0)
		if err := e.text(k.String()); err != nil {
			return err
		}
		e.out = append(e.out, ':')
		if err := e.value(v.MapIndex(k), hidden); err != nil {
			return err
		}
	}
	e.shut('}', len(keys) == 0)
	return nil
}

// object writes a struct by its json tags; a field Suppressed that is true hides the figures in it.
func (e *encoder) object(v reflect.Value, hidden bool) error {
	p := e.plan(v.Type())
	if p.suppressed >= 0 && v.Field(p.suppressed).Bool() {
		hidden = true
	}
	e.open('{')
	first := true
	for _, f := range p.fields {
		value := v.Field(f.index)
		if f.omitEmpty && (hidden && f.figure || isEmpty(value)) {
			continue
		}
		e.next(first)
		first = false
		e.out = append(e.out, f.key...)
		if err := e.value(value, hidden); err != nil {
			return fmt.Errorf("%s %w", f.key, err)
		}
	}
	e.shut('}', first)
	return nil
}

func isFigure(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Float32, reflect.Float64:
		return true
	default:
		return false
	}
}

// isEmpty is what encoding/json leaves out with omitempty.
func isEmpty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Slice, reflect.Map, reflect.String, reflect.Array:
		return v.Len() == 0
	case reflect.Pointer, reflect.Interface:
		return v.IsNil()
	default:
		return v.Kind() != reflect.Struct && v.IsZero()
	}
}
