package scim

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"tekentafel/internal/contact"
	"tekentafel/internal/db"
	"tekentafel/internal/people/scim/filter"
)

// narrow is what a filter says that the store can look up: what every resource that passes it has. "" is nothing said.
type narrow struct {
	id, external, name, member string
	word                       string   // a text that one of its attributes holds
	members                    []string // the only members that the filter asks for
	all                        bool     // the filter asks for other members, or for more of them
}

// narrowed reads a filter.
func (t *resourceType) narrowed(e filter.Expr) narrow {
	var n narrow
	t.need(e, &n)
	t.membersIn(e, &n)
	return n
}

// need notes what must hold for e to hold.
func (t *resourceType) need(e filter.Expr, n *narrow) {
	switch e := e.(type) {
	case filter.And:
		t.need(e.Left, n)
		t.need(e.Right, n)
	case filter.Compare:
		t.needValue(e, n)
	case filter.Within:
		at, f := t.find(e.Path)
		if f != kept {
			return
		}
		if ids, plain := named(e.Expr); plain && len(ids) == 1 && at.top.name == "members" {
			n.member = ids[0]
		}
		needWord(e.Expr, at.top, n)
	}
}

// needValue notes what a comparison asks for.
func (t *resourceType) needValue(e filter.Compare, n *narrow) {
	v, isText := e.Value.(string)
	at, f := t.find(e.Path)
	if !isText || f != kept {
		return
	}
	v = sought(e.Op, v)
	if !at.top.fixed && at.leaf().kind != "boolean" && holdsWord(e.Op) {
		n.word = longer(n.word, fold(v))
	}
	if e.Op != filter.Eq || at.ext {
		return
	}
	switch at.top.name {
	case "id":
		n.id = v
	case "externalId":
		n.external = v
	case "userName", "displayName":
		if t.core[0].name == at.top.name {
			n.name = fold(v)
		}
	case "members":
		if at.sub == nil || at.sub.name == "value" {
			n.member = v
		}
	}
}

// needWord notes which text must stand in one value of an attribute for a filter within it to hold.
func needWord(e filter.Expr, a *attribute, n *narrow) {
	switch e := e.(type) {
	case filter.And:
		needWord(e.Left, a, n)
		needWord(e.Right, a, n)
	case filter.Compare:
		v, isText := e.Value.(string)
		if b := a.below(e.Path.Name); isText && b != nil && b.kind != "boolean" && holdsWord(e.Op) {
			n.word = longer(n.word, fold(sought(e.Op, v)))
		}
	}
}

// holdsWord tells whether what passes a comparison holds its text.
func holdsWord(op filter.Op) bool {
	return op == filter.Eq || op == filter.Co || op == filter.Sw || op == filter.Ew
}

func longer(a, b string) string {
	if len(b) > len(a) {
		return b
	}
	return a
}

// membersIn notes which members must be known to tell whether e holds.
func (t *resourceType) membersIn(e filter.Expr, n *narrow) {
	of := func(p filter.Path) (place, bool) {
		at, f := t.find(p)
		return at, f == kept && at.top.name == "members"
	}
	switch e := e.(type) {
	case filter.And:
		t.membersIn(e.Left, n)
		t.membersIn(e.Right, n)
	case filter.Or:
		t.membersIn(e.Left, n)
		t.membersIn(e.Right, n)
	case filter.Not:
		t.membersIn(e.Expr, n)
	case filter.Present:
		if _, ok := of(e.Path); ok {
			n.all = true
		}
	case filter.Compare:
		if at, ok := of(e.Path); ok {
			v, isText := e.Value.(string)
			if isText && e.Op == filter.Eq && (at.sub == nil || at.sub.name == "value") {
				n.members = append(n.members, contact.Line(v))
			} else {
				n.all = true
			}
		}
	case filter.Within:
		if _, ok := of(e.Path); ok {
			ids, plain := named(e.Expr)
			n.members, n.all = append(n.members, ids...), n.all || !plain
		}
	}
}

// where writes the conditions of a narrow in SQL, with arguments from $2 on.
func (n narrow) where(k Kind) (string, []any) {
	var conditions []string
	var args []any
	add := func(value, condition string) {
		if value != "" {
			args = append(args, value)
			conditions = append(conditions, fmt.Sprintf(condition, len(args)+1))
		}
	}
	add(n.id, "id = $%d")
	add(n.external, "external_id = $%d")
	if k == Groups {
		add(n.name, "display_key = $%d")
		add(n.member, "id IN (SELECT group_id FROM scim_members WHERE tenant_id = $1 AND user_id = $%d)")
	} else {
		conditions = append(conditions, "deleted_at = 0")
		add(n.name, "user_name = $%d")
		if n.word != "" {
			add("%"+strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(n.word)+"%", `words LIKE $%d ESCAPE '\'`)
		}
	}
	if len(conditions) == 0 {
		return "1 = 1", nil
	}
	return strings.Join(conditions, " AND "), args
}

// few tells whether one resource at most is left.
func (n narrow) few() bool { return n.id != "" || n.external != "" || n.name != "" }

// scanned is how many rows are looked through at a time.
const scanned = 1000

// Find implements Directory.
func (g *Registry) Find(ctx context.Context, c Caller, k Kind, q Query) (Page, error) {
	t, r := typeOf(k), g.DB.Of(c.Actor.Tenant)
	var n narrow
	if q.Filter != nil {
		if err := (sight{t: t}).check(q.Filter); err != nil {
			return Page{}, err
		}
		n = t.narrowed(q.Filter)
	}
	where, args := n.where(k)
	if q.Filter == nil && q.SortBy == nil {
		return g.plain(ctx, r, k, q, where)
	}
	return g.search(ctx, r, c, t, q, n, where, args)
}

// plain returns a page of all, which the store counts and orders itself.
func (g *Registry) plain(ctx context.Context, r db.Reader, k Kind, q Query, where string) (Page, error) {
	table := "scim_users"
	if k == Groups {
		table = "scim_groups"
	}
	var p Page
	if err := r.Row(ctx, `SELECT COUNT(*) FROM `+table+` WHERE tenant_id = $1 AND `+where, nil, &p.Total); err != nil || q.Count == 0 {
		return p, err
	}
	var err error
	p.Records, err = g.rows(ctx, r, k, where+` ORDER BY id LIMIT $2 OFFSET $3`, q.Members, q.Count, q.Start-1)
	return p, err
}

// rows reads records.
func (g *Registry) rows(ctx context.Context, r db.Reader, k Kind, where string, members bool, args ...any) ([]Record, error) {
	var out []Record
	if k == Users {
		list, err := usersWhere(ctx, r, where, args...)
		for _, u := range list {
			out = append(out, u.record())
		}
		return out, err
	}
	list, err := groupsWhere(ctx, r, where, args...)
	if err != nil {
		return nil, err
	}
	for _, w := range list {
		rec, err := g.groupRecord(ctx, r, w, members)
		if err != nil {
			return nil, err
		}
		out = append(out, rec)
	}
	return out, nil
}

// search looks through what the store narrows it down to. It keeps the ids and what they are sorted by, and reads the page in the end.
func (g *Registry) search(ctx context.Context, r db.Reader, c Caller, t *resourceType, q Query, n narrow, where string, args []any) (Page, error) {
	type hit struct {
		id, key string
		has     bool
	}
	var hits []hit
	for last := ""; ; {
		condition, more := where, args
		if !n.few() {
			condition = fmt.Sprintf("%s AND id > $%d ORDER BY id LIMIT $%d", where, len(args)+2, len(args)+3)
			more = append(slices.Clone(args), last, scanned)
		}
		list, err := g.rows(ctx, r, t.kind, condition, false, more...)
		if err != nil {
			return Page{}, err
		}
		for _, rec := range list {
			last = rec.ID
			if t.kind == Groups && (n.all || len(n.members) > 0) {
				among := n.members
				if n.all {
					among = nil
				}
				if rec.Members, err = membersOf(ctx, r, rec.ID, among); err != nil {
					return Page{}, err
				}
			}
			s := sight{t: t, view: rec.view(c.Base)}
			if q.Filter != nil && !s.holds(q.Filter) {
				continue
			}
			h := hit{id: rec.ID}
			if q.SortBy != nil {
				h.key, h.has = s.sortKey(*q.SortBy)
			}
			hits = append(hits, h)
		}
		if len(list) < scanned || n.few() {
			break
		}
	}
	if q.SortBy != nil {
		slices.SortStableFunc(hits, func(a, b hit) int {
			order := cmp.Compare(a.key, b.key)
			if a.has != b.has {
				order = map[bool]int{true: -1, false: 1}[a.has] // without a value last, or first in the other order
			}
			if q.Descending {
				order = -order
			}
			return order
		})
	}
	p := Page{Total: len(hits)}
	from := min(q.Start-1, len(hits))
	for _, h := range hits[from:min(from+q.Count, len(hits))] {
		rec, err := g.rows(ctx, r, t.kind, liveID(t.kind), q.Members, h.id)
		if err != nil {
			return Page{}, err
		}
		p.Records = append(p.Records, rec...) // none when it went meanwhile
	}
	return p, nil
}

func liveID(k Kind) string {
	if k == Users {
		return "id = $2 AND deleted_at = 0"
	}
	return "id = $2"
}
