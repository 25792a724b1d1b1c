package scim

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"tekentafel/internal/people/scim/filter"
)

// view returns a resource as a client sees it (RFC 7643, section 3). Members are in it when the record has them.
func (r Record) view(base string) map[string]any {
	t := typeOf(r.Kind)
	out := make(map[string]any, len(r.Resource)+4)
	maps.Copy(out, r.Resource)
	schemas := []any{t.schema}
	if t.extension != nil && r.Resource[t.extension.name] != nil {
		schemas = append(schemas, t.extension.name)
	}
	out["schemas"], out["id"] = schemas, r.ID
	out["meta"] = map[string]any{
		"resourceType": string(r.Kind), "created": stamp(r.Created), "lastModified": stamp(r.Changed),
		"location": r.location(base), "version": r.etag(),
	}
	if len(r.Members) > 0 {
		list := make([]any, len(r.Members))
		for i, m := range r.Members {
			list[i] = m.view(base)
		}
		out["members"] = list
	}
	return out
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

func (r Record) location(base string) string { return base + typeOf(r.Kind).endpoint + "/" + r.ID }

func (r Record) etag() string { return etag(r.Version) }

func etag(version int64) string { return `W/"` + strconv.FormatInt(version, 10) + `"` }

// matching reads an If-Match or If-None-Match header; nil for none. Versions are compared weakly: there is one form of a resource.
func matching(header string) Match {
	if strings.TrimSpace(header) == "" {
		return nil
	}
	return func(version int64) bool {
		for tag := range strings.SplitSeq(header, ",") {
			tag = strings.TrimPrefix(strings.TrimSpace(tag), "W/")
			if tag == "*" || strings.Trim(tag, `"`) == strconv.FormatInt(version, 10) {
				return true
			}
		}
		return false
	}
}

// selection is which attributes are asked for (RFC 7644, section 3.9). The zero value is all.
type selection struct {
	only, without []filter.Path
}

// newSelection reads the names of attributes. What is no name is passed over, as an attribute that is not there.
func newSelection(only, without []string) (selection, error) {
	if len(only) > 0 && len(without) > 0 {
		return selection{}, wrong(InvalidValue, "Give attributes or excludedAttributes, not both.")
	}
	return selection{paths(only), paths(without)}, nil
}

func paths(names []string) []filter.Path {
	var out []filter.Path
	for _, n := range names {
		if p, err := filter.ParsePath(n); err == nil {
			out = append(out, p)
		}
	}
	return out
}

// members tells whether the members of groups are asked for.
func (s selection) members() bool {
	is := func(p filter.Path) bool { return strings.EqualFold(p.Name, "members") && p.Sub == "" }
	if len(s.only) > 0 {
		return slices.ContainsFunc(s.only, func(p filter.Path) bool { return strings.EqualFold(p.Name, "members") })
	}
	return !slices.ContainsFunc(s.without, is)
}

// of returns the part of a view that is asked for.
func (s selection) of(t *resourceType, view map[string]any) map[string]any {
	if len(s.only) > 0 {
		out := map[string]any{}
		for _, a := range common {
			if a.always {
				out[a.name] = view[a.name]
			}
		}
		for _, p := range s.only {
			if at, f := t.find(p); f == kept {
				keepOnly(out, view, at)
			}
		}
		return out
	}
	if len(s.without) == 0 {
		return view
	}
	out := Resource(view).clone()
	for _, p := range s.without {
		at, f := t.find(p)
		if f != kept || at.top.always {
			continue
		}
		in := map[string]any(out)
		if at.ext {
			in, _ = out[EnterpriseSchema].(map[string]any)
		}
		if at.sub == nil {
			delete(in, at.top.name)
			continue
		}
		for _, v := range present(in[at.top.name]) {
			if m, ok := v.(map[string]any); ok {
				delete(m, at.sub.name)
			}
		}
	}
	return out
}

func keepOnly(out, view map[string]any, at place) {
	from, to := view, out
	if at.ext {
		from, _ = view[EnterpriseSchema].(map[string]any)
		if from[at.top.name] == nil {
			return
		}
		to = Resource(out).container(at, true)
	}
	v := from[at.top.name]
	if v == nil {
		return
	}
	if at.sub == nil {
		to[at.top.name] = v
		return
	}
	part := func(v any, into any) any {
		m, _ := v.(map[string]any)
		kept, ok := into.(map[string]any)
		if !ok {
			kept = map[string]any{}
		}
		if m[at.sub.name] != nil {
			kept[at.sub.name] = m[at.sub.name]
		}
		return kept
	}
	list, many := v.([]any)
	if !many {
		to[at.top.name] = part(v, to[at.top.name])
		return
	}
	parts, ok := to[at.top.name].([]any)
	if !ok {
		parts = make([]any, len(list))
	}
	for i := range list {
		parts[i] = part(list[i], parts[i])
	}
	to[at.top.name] = parts
}
