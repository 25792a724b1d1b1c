package scim

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"tekentafel/internal/people/scim/filter"
)

// The bounds of a page.
const (
	usualCount = 100
	mostCount  = 200
)

// single answers with one resource.
func (s *service) single(a ask, status int, r Record, sel selection) answer {
	return answer{status, sel.of(typeOf(a.kind), r.view(s.base)), &r}
}

func (s *service) get(a ask) (answer, error) {
	sel, err := a.selected()
	if err != nil {
		return answer{}, err
	}
	r, err := s.directory.Get(a.Context(), a.caller, a.kind, a.id, sel.members())
	if err != nil {
		return answer{}, err
	}
	if m := matching(a.Header.Get("If-None-Match")); m != nil && m(r.Version) {
		return answer{http.StatusNotModified, nil, &r}, nil
	}
	return s.single(a, http.StatusOK, r, sel), nil
}

func (s *service) create(a ask) (answer, error) {
	sel, err := a.selected()
	if err != nil {
		return answer{}, err
	}
	body, err := a.body(typeOf(a.kind).schema)
	if err != nil {
		return answer{}, err
	}
	r, err := s.directory.Create(a.Context(), a.caller, a.kind, body)
	if err != nil {
		return answer{}, err
	}
	return s.single(a, http.StatusCreated, r, sel), nil
}

func (s *service) replace(a ask) (answer, error) {
	sel, err := a.selected()
	if err != nil {
		return answer{}, err
	}
	body, err := a.body(typeOf(a.kind).schema)
	if err != nil {
		return answer{}, err
	}
	r, err := s.directory.Change(a.Context(), a.caller, a.kind, a.id, Change{Replace: body, Match: matching(a.Header.Get("If-Match")), Members: sel.members()})
	if err != nil {
		return answer{}, err
	}
	return s.single(a, http.StatusOK, r, sel), nil
}

// patch answers for a user with the user, and for a group, which may be large, with nothing unless attributes are asked for.
func (s *service) patch(a ask) (answer, error) {
	sel, err := a.selected()
	if err != nil {
		return answer{}, err
	}
	body, err := a.body(patchMessage)
	if err != nil {
		return answer{}, err
	}
	ops, err := readPatch(body)
	if err != nil {
		return answer{}, err
	}
	silent := a.kind == Groups && len(sel.only)+len(sel.without) == 0
	ch := Change{Patch: ops, Match: matching(a.Header.Get("If-Match")), Members: !silent && sel.members()}
	r, err := s.directory.Change(a.Context(), a.caller, a.kind, a.id, ch)
	if err != nil {
		return answer{}, err
	}
	if silent {
		return answer{http.StatusNoContent, nil, &r}, nil
	}
	return s.single(a, http.StatusOK, r, sel), nil
}

func (s *service) remove(a ask) (answer, error) {
	err := s.directory.Delete(a.Context(), a.caller, a.kind, a.id, matching(a.Header.Get("If-Match")))
	return answer{status: http.StatusNoContent}, err
}

// wish is a query as a client writes it, in an address or in a body.
type wish struct {
	filter, sortBy, sortOrder, start, count string
	only, without                           []string
}

func (s *service) list(a ask) (answer, error) {
	q := a.URL.Query()
	return s.find(a, []Kind{a.kind}, wish{
		q.Get("filter"), q.Get("sortBy"), q.Get("sortOrder"), q.Get("startIndex"), q.Get("count"), listed(q.Get("attributes")), listed(q.Get("excludedAttributes")),
	})
}

func (s *service) search(a ask) (answer, error) { return s.searchIn(a, a.kind) }

// searchAll finds users, and behind them groups.
func (s *service) searchAll(a ask) (answer, error) { return s.searchIn(a, Users, Groups) }

func (s *service) searchIn(a ask, kinds ...Kind) (answer, error) {
	body, err := a.body(searchMessage)
	if err != nil {
		return answer{}, err
	}
	texts := func(name string) (out []string) {
		for _, v := range present(pick(body, name)) {
			if t, ok := v.(string); ok {
				out = append(out, t)
			}
		}
		return out
	}
	text := func(name string) string {
		switch v := pick(body, name).(type) {
		case string:
			return v
		case json.Number:
			return v.String()
		default:
			return ""
		}
	}
	return s.find(a, kinds, wish{text("filter"), text("sortBy"), text("sortOrder"), text("startIndex"), text("count"), texts("attributes"), texts("excludedAttributes")})
}

// query reads a wish. A start below 1 is 1 and a count below 0 is 0 (RFC 7644, section 3.4.2.4).
func (w wish) query() (Query, error) {
	q := Query{Start: 1, Count: usualCount}
	var err error
	for _, n := range []struct {
		name, given string
		into        *int
		least, most int
	}{{"startIndex", w.start, &q.Start, 1, 1 << 40}, {"count", w.count, &q.Count, 0, mostCount}} {
		if n.given == "" {
			continue
		}
		v, err := strconv.Atoi(n.given)
		if err != nil {
			return q, wrong(InvalidValue, "%s is a whole number.", n.name)
		}
		*n.into = min(max(v, n.least), n.most)
	}
	if strings.TrimSpace(w.filter) != "" {
		if q.Filter, err = filter.Parse(w.filter); err != nil {
			return q, err
		}
	}
	switch strings.ToLower(w.sortOrder) {
	case "", "ascending":
	case "descending":
		q.Descending = true
	default:
		return q, wrong(InvalidValue, "sortOrder is ascending or descending.")
	}
	if w.sortBy != "" {
		p, err := filter.ParsePath(w.sortBy)
		if err != nil {
			return q, wrong(InvalidPath, "sortBy cannot be read: %s.", err)
		}
		q.SortBy = &p
	}
	return q, nil
}

func (s *service) find(a ask, kinds []Kind, w wish) (answer, error) {
	q, err := w.query()
	if err != nil {
		return answer{}, err
	}
	sel, err := newSelection(w.only, w.without)
	if err != nil {
		return answer{}, err
	}
	q.Members = sel.members()
	start, total, resources := q.Start, 0, []any{}
	for _, k := range kinds {
		page, err := s.directory.Find(a.Context(), a.caller, k, q)
		if err != nil {
			return answer{}, err
		}
		total += page.Total
		for _, r := range page.Records {
			resources = append(resources, sel.of(typeOf(k), r.view(s.base)))
		}
		q.Start = max(1, q.Start-page.Total) // where the next kind goes on
		q.Count -= len(page.Records)
	}
	return answer{status: http.StatusOK, body: map[string]any{
		"schemas": []string{listMessage}, "totalResults": total, "startIndex": start, "itemsPerPage": len(resources), "Resources": resources,
	}}, nil
}

// unfiltered refuses to search what describes the interface (RFC 7644, section 4).
func (a ask) unfiltered() error {
	if q := a.URL.Query(); q.Has("filter") {
		return &Error{Status: http.StatusForbidden, Detail: "What describes the interface cannot be searched."}
	}
	return nil
}

// described answers with a list of what describes the interface, or one of it.
func (s *service) described(a ask, list []map[string]any) (answer, error) {
	if err := a.unfiltered(); err != nil {
		return answer{}, err
	}
	if a.id == "" {
		return answer{status: http.StatusOK, body: map[string]any{
			"schemas": []string{listMessage}, "totalResults": len(list), "startIndex": 1, "itemsPerPage": len(list), "Resources": list,
		}}, nil
	}
	for _, d := range list {
		if id, _ := d["id"].(string); strings.EqualFold(id, a.id) {
			return answer{status: http.StatusOK, body: d}, nil
		}
	}
	return answer{}, notFound()
}

func (s *service) at(path ...string) string {
	u, err := url.JoinPath(s.base, path...)
	if err != nil {
		return s.base
	}
	return u
}
