package scim

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"tekentafel/internal/contact"
	"tekentafel/internal/people/scim/filter"
)

// Resource is what a client says of a user or group: the names of attributes as the schema spells them, and as values string, bool,
// map[string]any or []any. Attributes that only the server sets, and members, stand beside it in a Record.
type Resource map[string]any

// fold brings a text in a form in which small and capital letters are alike.
func fold(s string) string {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return norm.NFC.String(cases.Fold().String(norm.NFC.String(s)))
		}
	}
	return strings.ToLower(s)
}

func (r Resource) text(name string) string {
	s, _ := r[name].(string)
	return s
}

func (r Resource) below(name, sub string) string {
	m, _ := r[name].(map[string]any)
	s, _ := m[sub].(string)
	return s
}

func (r Resource) clone() Resource { return copied(map[string]any(r)).(map[string]any) }

func copied(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = copied(e)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = copied(e)
		}
		return out
	default:
		return v
	}
}

// read takes from a body what is kept, in the form in which it is kept.
func (t *resourceType) read(body map[string]any) (Resource, error) {
	out := Resource{}
	for _, key := range slices.Sorted(maps.Keys(body)) {
		p, err := filter.ParsePath(key)
		if err != nil {
			continue // no attribute is called so
		}
		at, f := t.find(p)
		if f != kept || at.sub != nil || at.leaf().fixed {
			continue
		}
		v, err := at.top.coerce(body[key], at.top.name)
		if err != nil {
			return nil, err
		}
		in := out.container(at, v != nil)
		if _, twice := in[at.top.name]; twice {
			return nil, wrong(InvalidSyntax, "%s is given twice; the names of attributes do not differ by capitals.", at.top.name)
		}
		if v != nil {
			in[at.top.name] = v
		}
	}
	return out, nil
}

// container returns the map in which the top attribute of a place stands.
func (r Resource) container(at place, add bool) map[string]any {
	if !at.ext {
		return r
	}
	m, ok := r[EnterpriseSchema].(map[string]any)
	if !ok && add {
		m = map[string]any{}
		r[EnterpriseSchema] = m
	}
	return m
}

// coerce brings a value in the form in which it is kept, nil for none. Clients send booleans as text, one value as a list and a
// list as one value.
func (a *attribute) coerce(v any, name string) (any, error) {
	list, isList := v.([]any)
	if !a.many {
		switch {
		case isList && len(list) == 0:
			return nil, nil
		case isList && len(list) > 1:
			return nil, wrong(InvalidValue, "%s takes one value.", name)
		case isList:
			v = list[0]
		}
		return a.one(v, name)
	}
	if v != nil && !isList {
		list = []any{v}
	}
	if len(list) > mostOfAValue && a.name != "members" {
		return nil, wrong(InvalidValue, "%s takes at most %d values.", name, mostOfAValue)
	}
	var out []any
	for _, e := range list {
		x, err := a.one(e, name)
		if err != nil {
			return nil, err
		}
		switch {
		case a.name == "members" && x == nil:
			return nil, noMember()
		case a.name == "members" || x != nil && !slices.ContainsFunc(out, func(o any) bool { return same(o, x) }):
			out = append(out, x)
		}
	}
	if out == nil {
		return nil, nil
	}
	return out, nil
}

// one brings one value in its form.
func (a *attribute) one(v any, name string) (any, error) {
	if v == nil {
		return nil, nil
	}
	if m, ok := v.(map[string]any); ok && a.kind != "complex" { // {"value": …} for the value itself
		v = pick(m, "value")
		if v == nil {
			return nil, nil
		}
	}
	switch a.kind {
	case "complex":
		return a.parts(v, name)
	case "boolean":
		switch x := v.(type) {
		case bool:
			return x, nil
		case string:
			if strings.EqualFold(x, "true") || strings.EqualFold(x, "false") {
				return strings.EqualFold(x, "true"), nil
			}
		}
		return nil, wrong(InvalidValue, "%s is true or false.", name)
	}
	switch x := v.(type) {
	case json.Number:
		v = x.String()
	case string:
	default:
		return nil, wrong(InvalidValue, "%s is a text.", name)
	}
	s := contact.Line(v.(string))
	if utf8.RuneCountInString(s) > longestValue {
		return nil, wrong(InvalidValue, "%s is longer than %d characters.", name, longestValue)
	}
	if s == "" {
		return nil, nil
	}
	return s, nil
}

func (a *attribute) parts(v any, name string) (any, error) {
	m, ok := v.(map[string]any)
	if !ok {
		if a.below("value") == nil {
			return nil, wrong(InvalidValue, "%s is an object.", name)
		}
		m = map[string]any{"value": v}
	}
	out := map[string]any{}
	for _, key := range slices.Sorted(maps.Keys(m)) {
		b := a.below(key)
		if b == nil || b.fixed {
			continue
		}
		x, err := b.coerce(m[key], name+"."+b.name)
		if err != nil {
			return nil, err
		}
		if _, twice := out[b.name]; twice {
			return nil, wrong(InvalidSyntax, "%s.%s is given twice.", name, b.name)
		}
		if x != nil {
			out[b.name] = x
		}
	}
	if len(out) == 0 {
		return nil, nil
	}
	return out, nil
}

// pick returns a value by its name without regard to case.
func pick(m map[string]any, name string) any {
	if v, ok := m[name]; ok {
		return v
	}
	for _, k := range slices.Sorted(maps.Keys(m)) {
		if strings.EqualFold(k, name) {
			return m[k]
		}
	}
	return nil
}

// same tells whether two values of an attribute are one: their value and type are.
func same(a, b any) bool {
	x, xOK := a.(map[string]any)
	y, yOK := b.(map[string]any)
	if !xOK || !yOK {
		return a == b
	}
	return equalText(x["value"], y["value"]) && equalText(x["type"], y["type"])
}

func equalText(a, b any) bool {
	x, _ := a.(string)
	y, _ := b.(string)
	return fold(x) == fold(y)
}

// finish checks what holds over attributes, and leaves out private mail addresses: only those that are used are kept.
func (t *resourceType) finish(r Resource) error {
	for _, a := range t.core {
		if a.required && r.text(a.name) == "" {
			return wrong(InvalidValue, "%s is needed.", a.name)
		}
	}
	if ext, ok := r[EnterpriseSchema].(map[string]any); ok && len(ext) == 0 {
		delete(r, EnterpriseSchema)
	}
	list, ok := r["emails"].([]any)
	if !ok {
		return nil
	}
	var out []any
	primary := 0
	for _, e := range list {
		m, _ := e.(map[string]any)
		if isTrue(m["primary"]) {
			primary++
		}
		if equalText(m["type"], "home") && !isTrue(m["primary"]) {
			continue
		}
		s, _ := m["value"].(string)
		if _, ok := contact.Mail(s); !ok {
			return wrong(InvalidValue, "emails.value is no mail address.")
		}
		out = append(out, m)
	}
	if primary > 1 {
		return wrong(InvalidValue, "At most one of emails is primary.")
	}
	if out == nil {
		delete(r, "emails")
	} else {
		r["emails"] = out
	}
	return nil
}

func isTrue(v any) bool {
	b, _ := v.(bool)
	return b
}

// tooLarge says that a body is larger than is taken.
func tooLarge() *Error {
	return &Error{Status: http.StatusRequestEntityTooLarge, Detail: "The body is larger than is taken; send fewer members at a time."}
}
