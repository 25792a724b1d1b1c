package instrument

import (
	"bytes"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// Marshal writes an instrument as YAML that Parse reads back as the same. The same instrument always gives the same bytes.
// What is empty is left out, and an item that names a shared list of options does not repeat it.
func Marshal(in *Instrument) ([]byte, error) {
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(encode(reflect.ValueOf(in).Elem())); err != nil {
		return nil, fmt.Errorf("write the instrument: %w", err)
	}
	if err := e.Close(); err != nil {
		return nil, fmt.Errorf("write the instrument: %w", err)
	}
	return b.Bytes(), nil
}

// encode returns the node for a value.
func encode(v reflect.Value) *yaml.Node {
	switch {
	case v.Kind() == reflect.Pointer:
		return encode(v.Elem())
	case v.Kind() == reflect.Struct:
		return encodeStruct(v)
	case v.Kind() == reflect.Map:
		return encodeMap(v)
	case v.Kind() == reflect.Slice:
		n := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
		for i := range v.Len() {
			n.Content = append(n.Content, encode(v.Index(i)))
		}
		if v.Type().Elem().Kind() == reflect.String {
			n.Style = yaml.FlowStyle
		}
		return n
	default:
		return encodeScalar(v)
	}
}

func encodeScalar(v reflect.Value) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode}
	switch v.Kind() {
	case reflect.Bool:
		n.Tag, n.Value = "!!bool", strconv.FormatBool(v.Bool())
	case reflect.Int:
		n.Tag, n.Value = "!!int", strconv.FormatInt(v.Int(), 10)
	case reflect.Float64:
		n.Tag, n.Value = "!!float", strconv.FormatFloat(v.Float(), 'g', -1, 64)
		if _, err := strconv.Atoi(n.Value); err == nil {
			n.Tag = "!!int"
		}
	default:
		n.Tag, n.Value, n.Style = "!!str", v.String(), yaml.DoubleQuotedStyle
	}
	return n
}

func encodeMap(v reflect.Value) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	var keys []string
	if text, ok := v.Interface().(Text); ok {
		for _, l := range Languages() {
			if _, written := text[l]; written {
				keys = append(keys, string(l))
			}
		}
	} else {
		set := map[string]bool{}
		for _, k := range v.MapKeys() {
			set[k.String()] = true
		}
		keys = slices.Sorted(maps.Keys(set))
	}
	for _, k := range keys {
		n.Content = append(n.Content, plainKey(k), encode(v.MapIndex(reflect.ValueOf(k).Convert(v.Type().Key()))))
	}
	return n
}

func plainKey(k string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: k} }

// encodeStruct writes the fields that say something, in their order.
func encodeStruct(v reflect.Value) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	_, isBenchmark := v.Interface().(Benchmark)
	for i := range v.NumField() {
		key, field := v.Type().Field(i).Tag.Get("yaml"), v.Field(i)
		silent := field.IsZero() || (field.Kind() == reflect.Slice || field.Kind() == reflect.Map) && field.Len() == 0
		if silent && !(isBenchmark && key == "share") { // a share of nothing says something
			continue
		}
		if it, ok := v.Interface().(Item); ok && key == "options" && it.OptionsFrom != "" {
			continue
		}
		n.Content = append(n.Content, plainKey(key), encode(field))
	}
	return n
}
