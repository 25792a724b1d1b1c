package scim

import (
	"maps"
	"slices"

	"tekentafel/internal/people/scim/filter"
)

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

// changeMany changes the chosen values. Where none is chosen that is an error (RFC 7644, section 3.5.2.3), but for a part: a value is
// made of it and of what the filter says, because Entra ID replaces the mail address of work of somebody who has none.
func (s step) changeMany(list []any, chosen []bool) ([]any, error) {
	if !slices.Contains(chosen, true) {
		made := map[string]any{}
		if s.target.Filter != nil && (s.at.sub == nil || !equalities(s.target.Filter, s.at.top, made)) {
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
