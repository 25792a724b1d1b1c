package framework

import (
	"fmt"
	"reflect"
	"strings"

	"tekentafel/internal/yamlfile"
)

// keyed is an element of a list that has a name of its own. Keys name it by that, so that they hold in every version.
type keyed interface{ key() string }

func (r Rank) key() string       { return r.ID }
func (c Competence) key() string { return c.Code }
func (s Skill) key() string      { return s.ID }
func (a Area) key() string       { return a.ID }
func (l Level) key() string      { return l.ID }
func (a Ask) key() string        { return a.Skill }
func (r Rule) key() string       { return r.ID }
func (f Factor) key() string     { return f.ID }

// walk visits texts, lists of words, words and numbers in their order, each with its key, such as
// skills.critical.levels.basis.summary or rules.citizens.asks.ethical.level. visit returns false to go no deeper.
func walk(v reflect.Value, key string, visit func(key string, v reflect.Value)) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			walk(v.Elem(), key, visit)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			walk(v.Field(i), strings.TrimPrefix(key+"."+yamlfile.Key(v.Type().Field(i)), "."), visit)
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.String {
			visit(key, v)
			return
		}
		for i := range v.Len() {
			inner := fmt.Sprintf("%s.%d", key, i+1)
			if k, ok := v.Index(i).Interface().(keyed); ok {
				inner = key + "." + k.key()
			}
			walk(v.Index(i), inner, visit)
		}
	case reflect.Map:
		if v.Type() == reflect.TypeFor[Text]() {
			visit(key, v)
			return
		}
		for _, l := range Languages() {
			if inner := v.MapIndex(reflect.ValueOf(l)); inner.IsValid() {
				walk(inner, key+"."+string(l), visit)
			}
		}
	default:
		visit(key, v)
	}
}
