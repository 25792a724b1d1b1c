package scim

import (
	"maps"
	"slices"
	"strings"

	"tekentafel/internal/people/scim/filter"
)

// Operation is one step of a patch (RFC 7644, section 3.5.2).
type Operation struct {
	Op    string // add, replace or remove
	Path  string // "" for the resource itself
	Value any
}

// readPatch takes the operations from a body. Names and operators are read without regard to case: Entra ID writes "Replace".
func readPatch(body map[string]any) ([]Operation, error) {
	list, ok := pick(body, "Operations").([]any)
	if !ok || len(list) == 0 {
		return nil, wrong(InvalidSyntax, "Operations, a list of at least one, is needed.")
	}
	if len(list) > mostOperations {
		return nil, wrong(InvalidValue, "A patch takes at most %d operations.", mostOperations)
	}
	out := make([]Operation, 0, len(list))
	for i, e := range list {
		m, ok := e.(map[string]any)
		if !ok {
			return nil, wrong(InvalidSyntax, "Operation %d is no object.", i+1)
		}
		op, _ := pick(m, "op").(string)
		op = strings.ToLower(op)
		if op != "add" && op != "replace" && op != "remove" {
			return nil, wrong(InvalidSyntax, "Operation %d: op is add, replace or remove.", i+1)
		}
		p, ok := pick(m, "path").(string)
		if !ok && pick(m, "path") != nil {
			return nil, wrong(InvalidPath, "Operation %d: path is a text.", i+1)
		}
		out = append(out, Operation{Op: op, Path: strings.TrimSpace(p), Value: pick(m, "value")})
	}
	return out, nil
}

// step is an operation of a patch on one attribute.
type step struct {
	op     string
	target filter.Target
	at     place
	value  any
}

// steps takes an operation apart into steps on attributes that are kept. What a client may not set, or what is not kept, is passed
// over where it comes with others, and is an error where the path names it.
func (t *resourceType) steps(o Operation) ([]step, error) {
	if o.Path != "" {
		target, err := filter.ParseTarget(o.Path)
		if err != nil {
			return nil, wrong(InvalidPath, "The path cannot be read: %s.", err)
		}
		at, f := t.find(target.Path)
		switch {
		case f == unknown:
			return nil, wrong(InvalidPath, "There is no attribute of this path; /Schemas lists them.")
		case f == dropped:
			return nil, nil
		case at.top.fixed || at.leaf().fixed:
			return nil, wrong(Mutability, "%s is set by the server.", at.leaf().name)
		}
		return []step{{o.Op, target, at, o.Value}}, nil
	}
	if o.Op == "remove" {
		return nil, wrong(NoTarget, "To remove something, a path is needed.")
	}
	m, ok := o.Value.(map[string]any)
	if !ok {
		return nil, wrong(InvalidValue, "Without a path the value is an object.")
	}
	var out []step
	for _, key := range slices.Sorted(maps.Keys(m)) {
		target, err := filter.ParseTarget(key)
		if err != nil {
			continue
		}
		at, f := t.find(target.Path)
		if f == kept && !at.top.fixed && !at.leaf().fixed {
			out = append(out, step{o.Op, target, at, m[key]})
		}
	}
	return out, nil
}

// patch returns what becomes of a resource. Members of groups are not in it.
func (t *resourceType) patch(r Resource, ops []Operation) (Resource, error) {
	r = r.clone()
	for _, o := range ops {
		steps, err := t.steps(o)
		if err != nil {
			return nil, err
		}
		for _, s := range steps {
			if err := r.take(t, s); err != nil {
				return nil, err
			}
		}
	}
	return r, nil
}

func (r Resource) take(t *resourceType, s step) error {
	if s.at.top == t.extension {
		return r.takeExtension(t, s)
	}
	if s.target.Filter != nil && !s.at.top.many {
		return wrong(InvalidPath, "%s has one value, so no filter chooses among them.", s.at.top.name)
	}
	in := r.container(s.at, s.op != "remove")
	if in == nil {
		return nil
	}
	name := s.at.top.name
	if s.at.top.many {
		list, _ := in[name].([]any)
		list, err := s.takeMany(t, list)
		if err == nil {
			set(in, name, list, len(list) > 0)
		}
		return err
	}
	if s.at.sub != nil || s.at.top.kind == "complex" {
		m, _ := in[name].(map[string]any)
		m, err := s.takeParts(m)
		if err == nil {
			set(in, name, m, len(m) > 0)
		}
		return err
	}
	var v any
	var err error
	if s.op != "remove" {
		v, err = s.at.top.coerce(s.value, name)
	}
	if err == nil && v == nil && (s.at.top.required || name == "active") {
		err = wrong(Mutability, "%s cannot be taken away.", name)
	}
	if err == nil {
		set(in, name, v, v != nil)
	}
	return err
}

func set(in map[string]any, name string, v any, keep bool) {
	if keep {
		in[name] = v
	} else {
		delete(in, name)
	}
}

func (r Resource) takeExtension(t *resourceType, s step) error {
	if s.op == "remove" {
		delete(r, t.extension.name)
		return nil
	}
	m, ok := s.value.(map[string]any)
	if !ok {
		return wrong(InvalidValue, "The value of an extension is an object.")
	}
	for _, key := range slices.Sorted(maps.Keys(m)) {
		a := t.extension.below(key)
		if a == nil {
			continue
		}
		if err := r.take(t, step{op: s.op, target: filter.Target{Path: filter.Path{URN: t.extension.name, Name: a.name}}, at: place{top: a, ext: true}, value: m[key]}); err != nil {
			return err
		}
	}
	return nil
}

// takeParts changes an attribute with parts: those that are given, the others stay (RFC 7644, section 3.5.2.3).
func (s step) takeParts(m map[string]any) (map[string]any, error) {
	out := maps.Clone(m)
	if out == nil {
		out = map[string]any{}
	}
	if s.at.sub != nil {
		var v any
		var err error
		if s.op != "remove" {
			v, err = s.at.sub.coerce(s.value, s.at.top.name+"."+s.at.sub.name)
		}
		set(out, s.at.sub.name, v, v != nil)
		return out, err
	}
	if s.op == "remove" {
		return nil, nil
	}
	v, err := s.at.top.coerce(s.value, s.at.top.name)
	if v == nil {
		return nil, err
	}
	maps.Copy(out, v.(map[string]any))
	return out, err
}
