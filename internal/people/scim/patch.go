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

// takeMany changes an attribute with many values.
func (s step) takeMany(t *resourceType, list []any) ([]any, error) {
	chosen := make([]bool, len(list))
	for i, e := range list {
		m, ok := e.(map[string]any)
		chosen[i] = s.target.Filter == nil || ok && sight{t: t, of: s.at.top, view: m}.holds(s.target.Filter)
	}
	if s.target.Filter != nil {
		if err := (sight{t: t, of: s.at.top}).check(s.target.Filter); err != nil {
			return nil, err
		}
	}
	if s.op == "remove" {
		return s.removeMany(list, chosen)
	}
	if s.target.Filter == nil && s.at.sub == nil {
		v, err := s.at.top.coerce(s.value, s.at.top.name)
		added, _ := v.([]any)
		if s.op == "replace" || err != nil {
			return added, err
		}
		return merge(list, added), nil
	}
	return s.changeMany(list, chosen)
}

// removeMany takes away the chosen values, or those that are given beside the path, as Entra ID does, or a part of them.
func (s step) removeMany(list []any, chosen []bool) ([]any, error) {
	var given []any
	if s.value != nil && s.target.Filter == nil && s.at.sub == nil {
		v, err := s.at.top.coerce(s.value, s.at.top.name)
		if err != nil {
			return nil, err
		}
		given, _ = v.([]any)
	}
	var out []any
	for i, e := range list {
		m, _ := e.(map[string]any)
		hit := chosen[i]
		if given != nil {
			hit = slices.ContainsFunc(given, func(g any) bool { return covers(g, m) })
		}
		switch {
		case !hit:
			out = append(out, e)
		case s.at.sub != nil && s.at.sub.name != "value":
			m = maps.Clone(m)
			delete(m, s.at.sub.name)
			out = append(out, m)
		}
	}
	return out, nil
}

// covers tells whether all that g says holds of a value.
func covers(g any, m map[string]any) bool {
	want, _ := g.(map[string]any)
	for k, v := range want {
		if _, ok := v.(string); ok && !equalText(v, m[k]) || !ok && v != m[k] {
			return false
		}
	}
	return len(want) > 0
}

// changeMany changes the chosen values. Where none is chosen one is made of what the filter says: Entra ID replaces the mail address
// of work of somebody who has none.
func (s step) changeMany(list []any, chosen []bool) ([]any, error) {
	if !slices.Contains(chosen, true) {
		made := map[string]any{}
		if s.target.Filter != nil && !equalities(s.target.Filter, s.at.top, made) {
			return nil, wrong(NoTarget, "No value of %s passes the filter.", s.at.top.name)
		}
		list, chosen = append(slices.Clone(list), made), append(chosen, true)
	}
	var v any
	var err error
	name := s.at.top.name
	if s.at.sub != nil {
		v, err = s.at.sub.coerce(s.value, name+"."+s.at.sub.name)
	} else {
		v, err = s.at.top.one(s.value, name)
	}
	if err != nil {
		return nil, err
	}
	var out, touched []any
	for i, e := range list {
		m, _ := e.(map[string]any)
		if !chosen[i] {
			out = append(out, e)
			continue
		}
		next := maps.Clone(m)
		parts, _ := v.(map[string]any)
		switch {
		case s.at.sub != nil:
			set(next, s.at.sub.name, v, v != nil)
		case s.op == "replace" && len(parts) > 0 && len(m) > 0 && parts["value"] != nil:
			next = maps.Clone(parts)
			if next["type"] == nil && m["type"] != nil {
				next["type"] = m["type"] // by which it was chosen
			}
		default:
			maps.Copy(next, parts)
		}
		if next["value"] != nil {
			out, touched = append(out, next), append(touched, next)
		}
	}
	return onePrimary(out, touched), nil
}

// merge adds values; one that is there already gets what the new one says beside.
func merge(list, added []any) []any {
	out := slices.Clone(list)
	var touched []any
	for _, e := range added {
		i := slices.IndexFunc(out, func(o any) bool { return same(o, e) })
		m, isMap := e.(map[string]any)
		if i < 0 {
			out, touched = append(out, e), append(touched, e)
		} else if old, ok := out[i].(map[string]any); ok && isMap {
			next := maps.Clone(old)
			maps.Copy(next, m)
			out[i] = next
			touched = append(touched, next)
		}
	}
	return onePrimary(out, touched)
}

// onePrimary leaves one value primary: of those that an operation touched the first, for they win from the others (RFC 7644, section
// 3.5.2).
func onePrimary(list, touched []any) []any {
	isTouched := func(e any) bool {
		m, _ := e.(map[string]any)
		return slices.ContainsFunc(touched, func(o any) bool { n, _ := o.(map[string]any); return maps.Equal(m, n) })
	}
	won := slices.IndexFunc(list, func(e any) bool { m, _ := e.(map[string]any); return isTrue(m["primary"]) && isTouched(e) })
	if won < 0 {
		return list
	}
	for i, e := range list {
		if m, ok := e.(map[string]any); ok && i != won && isTrue(m["primary"]) {
			m = maps.Clone(m)
			m["primary"] = false
			list[i] = m
		}
	}
	return list
}

// equalities writes into made what a value must say to pass a filter, and false when that is not plain: anything but equalities that
// all hold.
func equalities(e filter.Expr, a *attribute, made map[string]any) bool {
	switch e := e.(type) {
	case filter.And:
		return equalities(e.Left, a, made) && equalities(e.Right, a, made)
	case filter.Compare:
		b := a.below(e.Path.Name)
		if e.Op != filter.Eq || b == nil || e.Path.Sub != "" || e.Path.URN != "" {
			return false
		}
		v, err := b.coerce(e.Value, b.name)
		if err != nil || v == nil || made[b.name] != nil && made[b.name] != v {
			return false
		}
		made[b.name] = v
		return true
	default:
		return false
	}
}
