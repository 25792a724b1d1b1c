// Package filter reads the filters and the paths of SCIM (RFC 7644, sections 3.4.2.2 and 3.5.2). It knows the grammar, not which
// attributes there are.
package filter

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Longest is the longest filter or path that is read, in bytes.
const Longest = 8 << 10

// deepest is how many brackets may stand within each other.
const deepest = 40

// Path names an attribute, and possibly one below it: "urn:…:User:name.familyName".
type Path struct {
	URN  string // of the schema; "" when none is given
	Name string
	Sub  string // "" for the attribute itself
}

// String writes the path as Parse reads it.
func (p Path) String() string {
	s := p.Name
	if p.URN != "" {
		s = p.URN + ":" + s
	}
	if p.Sub != "" {
		s += "." + p.Sub
	}
	return s
}

// Op compares an attribute with a value.
type Op string

// The operators (RFC 7644, table 3).
const (
	Eq Op = "eq"
	Ne Op = "ne"
	Co Op = "co"
	Sw Op = "sw"
	Ew Op = "ew"
	Gt Op = "gt"
	Ge Op = "ge"
	Lt Op = "lt"
	Le Op = "le"
)

// Expr is a filter: one of And, Or, Not, Compare, Present and Within.
type Expr interface{ String() string }

// And holds when both hold.
type And struct{ Left, Right Expr }

// Or holds when one of both holds.
type Or struct{ Left, Right Expr }

// Not holds when its filter does not.
type Not struct{ Expr Expr }

// Compare holds when a value of an attribute compares so with Value.
type Compare struct {
	Path  Path
	Op    Op
	Value any // string, bool, json.Number or nil
}

// Present holds when an attribute has a value.
type Present struct{ Path Path }

// Within holds when one value of an attribute with many values passes a filter, whose paths are below that attribute.
type Within struct {
	Path Path
	Expr Expr
}

// String writes the filter as Parse reads it.
func (e And) String() string { return group(e.Left) + " and " + group(e.Right) }

// String writes the filter as Parse reads it.
func (e Or) String() string { return group(e.Left) + " or " + group(e.Right) }

// String writes the filter as Parse reads it.
func (e Not) String() string { return "not (" + e.Expr.String() + ")" }

// String writes the filter as Parse reads it.
func (e Compare) String() string {
	return e.Path.String() + " " + string(e.Op) + " " + literal(e.Value)
}

// String writes the filter as Parse reads it.
func (e Present) String() string { return e.Path.String() + " pr" }

// String writes the filter as Parse reads it.
func (e Within) String() string { return e.Path.String() + "[" + e.Expr.String() + "]" }

// group puts brackets around what holds less tightly together than "and".
func group(e Expr) string {
	switch e.(type) {
	case And, Or:
		return "(" + e.String() + ")"
	default:
		return e.String()
	}
}

func literal(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case json.Number:
		return v.String()
	case bool:
		return fmt.Sprint(v)
	case string:
		var b strings.Builder
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		_ = enc.Encode(v) // a string always encodes
		return strings.TrimSuffix(b.String(), "\n")
	default:
		return ""
	}
}

// Target is what an operation of a patch is about: an attribute, or those of its values that pass a filter.
type Target struct {
	Path
	Filter Expr // nil for all values
}

// String writes the target as ParseTarget reads it.
func (t Target) String() string {
	if t.Filter == nil {
		return t.Path.String()
	}
	s := Path{URN: t.URN, Name: t.Name}.String() + "[" + t.Filter.String() + "]"
	if t.Sub != "" {
		s += "." + t.Sub
	}
	return s
}

// Error says where a text is no filter or no path.
type Error struct {
	At   int    // in bytes
	Want string // what was expected there
}

// Error implements error. It does not repeat the text, which may hold a name.
func (e *Error) Error() string { return fmt.Sprintf("at character %d: %s is expected", e.At+1, e.Want) }
