package scim

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"tekentafel/internal/contact"
	"tekentafel/internal/people/scim/filter"
)

// sight is what the paths of a filter lead into: a resource as a client sees it, or one value of an attribute.
type sight struct {
	t    *resourceType
	of   *attribute // nil for a resource
	view map[string]any
}

// look returns the attribute that a path names and its values. A complex attribute stands for its value; nil when there is none.
func (s sight) look(p filter.Path) (*attribute, []any) {
	if s.of != nil {
		b := s.of.below(p.Name)
		if b == nil || p.URN != "" || p.Sub != "" {
			return nil, nil
		}
		return b, present(s.view[b.name])
	}
	at, f := s.t.find(p)
	if f != kept {
		return nil, nil
	}
	in := s.view
	if at.ext {
		in, _ = s.view[EnterpriseSchema].(map[string]any)
	}
	all := present(in[at.top.name])
	sub := at.sub
	if sub == nil {
		if at.top.kind != "complex" {
			return at.top, all
		}
		if sub = at.top.below("value"); sub == nil {
			return at.top, all
		}
	}
	var out []any
	for _, v := range all {
		m, _ := v.(map[string]any)
		out = append(out, present(m[sub.name])...)
	}
	return sub, out
}

// present returns the values in v: those of a list, v itself, or none.
func present(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	case []string:
		out := make([]any, len(v))
		for i, s := range v {
			out[i] = s
		}
		return out
	default:
		return []any{v}
	}
}

// check refuses a filter that asks for what cannot be asked (RFC 7644, section 3.4.2.2): whether a truth is greater than another.
func (s sight) check(e filter.Expr) error {
	switch e := e.(type) {
	case filter.And:
		return cmp.Or(s.check(e.Left), s.check(e.Right))
	case filter.Or:
		return cmp.Or(s.check(e.Left), s.check(e.Right))
	case filter.Not:
		return s.check(e.Expr)
	case filter.Within:
		if at, f := s.t.find(e.Path); f == kept && at.sub == nil {
			return sight{t: s.t, of: at.top}.check(e.Expr)
		}
	case filter.Compare:
		a, _ := s.look(e.Path)
		if e.Value == nil && e.Op != filter.Eq && e.Op != filter.Ne {
			return wrong(InvalidFilter, "null is compared with eq and ne alone.")
		}
		if a == nil || a.kind != "boolean" {
			return nil
		}
		if e.Op != filter.Eq && e.Op != filter.Ne {
			return wrong(InvalidFilter, "%s is true or false, which %s does not compare.", e.Path.Name, e.Op)
		}
		if _, err := a.one(e.Value, e.Path.Name); err != nil {
			return wrong(InvalidFilter, "%s is true or false.", e.Path.Name)
		}
	}
	return nil
}

// holds tells whether a filter that passed check holds. An attribute that is not there has no value: nothing equals it.
func (s sight) holds(e filter.Expr) bool {
	switch e := e.(type) {
	case filter.And:
		return s.holds(e.Left) && s.holds(e.Right)
	case filter.Or:
		return s.holds(e.Left) || s.holds(e.Right)
	case filter.Not:
		return !s.holds(e.Expr)
	case filter.Present:
		_, values := s.look(e.Path)
		return len(values) > 0
	case filter.Within:
		return s.holdsWithin(e)
	case filter.Compare:
		a, values := s.look(e.Path)
		if e.Value == nil {
			return (len(values) == 0) == (e.Op == filter.Eq)
		}
		if len(values) == 0 {
			return e.Op == filter.Ne
		}
		return slices.ContainsFunc(values, func(v any) bool { return compares(a, v, e.Op, e.Value) })
	}
	return false
}

func (s sight) holdsWithin(e filter.Within) bool {
	if s.of != nil {
		return false
	}
	at, f := s.t.find(e.Path)
	if f != kept || at.sub != nil {
		return false
	}
	in := s.view
	if at.ext {
		in, _ = s.view[EnterpriseSchema].(map[string]any)
	}
	return slices.ContainsFunc(present(in[at.top.name]), func(v any) bool {
		m, ok := v.(map[string]any)
		return ok && sight{t: s.t, of: at.top, view: m}.holds(e.Expr)
	})
}

func compares(a *attribute, got any, op filter.Op, want any) bool {
	switch x := got.(type) {
	case bool:
		b, err := a.one(want, a.name)
		return err == nil && (b == x) == (op == filter.Eq)
	case string:
		var y string
		switch w := want.(type) {
		case string:
			y = sought(op, w)
		case json.Number:
			y = w.String()
		default:
			return op == filter.Ne
		}
		if a.kind == "dateTime" {
			if n, ok := times(x, y); ok {
				return ordered(op, n)
			}
		}
		if !a.exact {
			x, y = fold(x), fold(y)
		}
		switch op {
		case filter.Co:
			return strings.Contains(x, y)
		case filter.Sw:
			return strings.HasPrefix(x, y)
		case filter.Ew:
			return strings.HasSuffix(x, y)
		default:
			return ordered(op, strings.Compare(x, y))
		}
	}
	return false
}

// sought brings the text of a comparison in the form of what is kept. One that is to be part of another keeps the space at its ends:
// "Jan " does not begin "Janssens".
func sought(op filter.Op, s string) string {
	switch op {
	case filter.Co, filter.Sw, filter.Ew:
		s = contact.Line("|" + s + "|")
		return s[1 : len(s)-1]
	default:
		return contact.Line(s)
	}
}

func times(x, y string) (int, bool) {
	a, errA := time.Parse(time.RFC3339, x)
	b, errB := time.Parse(time.RFC3339, y)
	return a.Compare(b), errA == nil && errB == nil
}

func ordered(op filter.Op, n int) bool {
	switch op {
	case filter.Eq:
		return n == 0
	case filter.Ne:
		return n != 0
	case filter.Gt:
		return n > 0
	case filter.Ge:
		return n >= 0
	case filter.Lt:
		return n < 0
	case filter.Le:
		return n <= 0
	default:
		return false
	}
}

// sortKey returns what a resource is sorted by: the primary value, else the first (RFC 7644, section 3.4.2.3); false without one.
func (s sight) sortKey(p filter.Path) (string, bool) {
	at, f := s.t.find(p)
	if f != kept {
		return "", false
	}
	a, values := s.look(p)
	if at.top.many {
		for i, v := range present(s.view[at.top.name]) {
			if m, ok := v.(map[string]any); ok && isTrue(m["primary"]) && i < len(values) {
				values = values[i:]
				break
			}
		}
	}
	if len(values) == 0 {
		return "", false
	}
	switch v := values[0].(type) {
	case bool:
		return map[bool]string{false: "0", true: "1"}[v], true
	case string:
		if a.exact || a.kind == "dateTime" {
			return v, true
		}
		return fold(v), true
	}
	return "", false
}
