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

// MarshalJSON writes Findings so that a reader of any language can rely on its shape: lists are never null, a figure that
// is not finite is null, and where Suppressed is true every figure beside it is null whatever it holds. The same Findings
// give the same bytes.
func (f Findings) MarshalJSON() ([]byte, error) { return marshal(f) }

// MarshalJSON writes a suppressed share with null for each figure.
func (s Share) MarshalJSON() ([]byte, error) { return marshal(s) }

// MarshalJSON writes a suppressed mean with null for each figure.
func (m Mean) MarshalJSON() ([]byte, error) { return marshal(m) }

// MarshalJSON writes a suppressed reliability with null for each figure and empty lists.
func (r Reliab) MarshalJSON() ([]byte, error) { return marshal(r) }

// MarshalJSON writes a suppressed model with null for each figure.
func (m ModelFit) MarshalJSON() ([]byte, error) { return marshal(m) }

// MarshalJSON leaves out the number of respondents of a suppressed group.
func (g GroupValue) MarshalJSON() ([]byte, error) { return marshal(g) }

func marshal(v any) ([]byte, error) {
	e := encoder{}
	if err := e.value(reflect.ValueOf(v), false); err != nil {
		return nil, fmt.Errorf("write findings as JSON: %w", err)
	}
	return e.out, nil
}

// encoder writes JSON by the rules above. It knows the kinds of values that Findings is made of.
type encoder struct{ out []byte }

// value writes v; hidden says that figures are not to be shown.
func (e *encoder) value(v reflect.Value, hidden bool) error {
	switch v.Kind() {
	case reflect.Bool:
		e.out = strconv.AppendBool(e.out, v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		e.figure(hidden, func() { e.out = strconv.AppendInt(e.out, v.Int(), 10) })
	case reflect.Float32, reflect.Float64:
		x := v.Float()
		e.figure(hidden || math.IsNaN(x) || math.IsInf(x, 0), func() { e.out = strconv.AppendFloat(e.out, x, 'g', -1, 64) })
	case reflect.String:
		return e.text(v.String())
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			e.null()
			return nil
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

func (e *encoder) null() { e.out = append(e.out, "null"...) }

func (e *encoder) figure(hidden bool, write func()) {
	if hidden {
		e.null()
		return
	}
	write()
}

func (e *encoder) text(s string) error {
	quoted, err := json.Marshal(s)
	e.out = append(e.out, quoted...)
	return err
}

// list writes a list; one of figures is empty when they are hidden.
func (e *encoder) list(v reflect.Value, hidden bool) error {
	e.out = append(e.out, '[')
	if !hidden || !isFigure(v.Type().Elem()) {
		for i := range v.Len() {
			if i > 0 {
				e.out = append(e.out, ',')
			}
			if err := e.value(v.Index(i), hidden); err != nil {
				return err
			}
		}
	}
	e.out = append(e.out, ']')
	return nil
}

// table writes a map with its keys in order.
func (e *encoder) table(v reflect.Value, hidden bool) error {
	if v.Type().Key().Kind() != reflect.String {
		return fmt.Errorf("a map with keys of type %s has no form in JSON", v.Type().Key())
	}
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	e.out = append(e.out, '{')
	for i, k := range keys {
		if i > 0 {
			e.out = append(e.out, ',')
		}
		if err := e.text(k.String()); err != nil {
			return err
		}
		e.out = append(e.out, ':')
		if err := e.value(v.MapIndex(k), hidden); err != nil {
			return err
		}
	}
	e.out = append(e.out, '}')
	return nil
}

// object writes a struct by its json tags; a field Suppressed that is true hides the figures in it.
func (e *encoder) object(v reflect.Value, hidden bool) error {
	t := v.Type()
	if s := v.FieldByName("Suppressed"); s.IsValid() && s.Kind() == reflect.Bool && s.Bool() {
		hidden = true
	}
	e.out = append(e.out, '{')
	first := true
	for i := range t.NumField() {
		name, options, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if !t.Field(i).IsExported() || name == "-" {
			continue
		}
		if name == "" {
			name = t.Field(i).Name
		}
		field := v.Field(i)
		if options == "omitempty" && (isEmpty(field) || hidden && isFigure(field.Type())) {
			continue
		}
		if !first {
			e.out = append(e.out, ',')
		}
		first = false
		if err := e.text(name); err != nil {
			return err
		}
		e.out = append(e.out, ':')
		if err := e.value(field, hidden); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	e.out = append(e.out, '}')
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
