package scim

import (
	"path"
	"slices"
	"strings"

	"tekentafel/internal/people/scim/filter"
)

// memberChange is what becomes of the members of a group. It is kept apart from the group, so that one who joins a group of a hundred
// thousand costs one row.
type memberChange struct {
	clear   bool // none of those who were in it stays, but who is in add
	add     []string
	remove  []string
	joining map[string]bool // those in add
	leaving map[string]bool // those in remove
}

func (c *memberChange) join(ids []string) {
	for _, m := range ids {
		if c.leaving[m] {
			delete(c.leaving, m)
			c.remove = slices.DeleteFunc(c.remove, func(r string) bool { return r == m })
		}
		if !c.joining[m] {
			if c.joining == nil {
				c.joining = map[string]bool{}
			}
			c.joining[m] = true
			c.add = append(c.add, m)
		}
	}
}

func (c *memberChange) leave(ids []string) {
	for _, m := range ids {
		if c.joining[m] {
			delete(c.joining, m)
			c.add = slices.DeleteFunc(c.add, func(r string) bool { return r == m })
		}
		if !c.clear && !c.leaving[m] {
			if c.leaving == nil {
				c.leaving = map[string]bool{}
			}
			c.leaving[m] = true
			c.remove = append(c.remove, m)
		}
	}
}

func (c *memberChange) empty() { *c = memberChange{clear: true} }

// now returns who is in the group after the change, of those who were.
func (c *memberChange) now(were []Member) []Member {
	var out []Member
	seen := map[string]bool{}
	for _, m := range were {
		seen[m.ID] = true
		if c.joining[m.ID] || !c.clear && !c.leaving[m.ID] {
			out = append(out, m)
		}
	}
	for _, m := range c.add {
		if !seen[m] {
			out = append(out, Member{ID: m})
		}
	}
	return out
}

// patchGroup returns what becomes of a group and its members; load reads who is in it now, which is needed for unusual filters alone.
func patchGroup(r Resource, ops []Operation, load func() ([]Member, error)) (Resource, *memberChange, error) {
	r = r.clone()
	c := &memberChange{}
	for _, o := range ops {
		steps, err := groupType.steps(o)
		if err != nil {
			return nil, nil, err
		}
		for _, s := range steps {
			if s.at.top.name == "members" {
				err = c.take(s, load)
			} else {
				err = r.take(groupType, s)
			}
			if err != nil {
				return nil, nil, err
			}
		}
	}
	return r, c, nil
}

func (c *memberChange) take(s step, load func() ([]Member, error)) error {
	if s.target.Filter != nil {
		return c.takeChosen(s, load)
	}
	if s.at.sub != nil {
		return wrong(InvalidPath, "Parts of a member do not change; add or remove members.")
	}
	if s.op == "remove" && s.value == nil {
		c.empty()
		return nil
	}
	ids, err := memberIDs(s.value)
	if err != nil {
		return err
	}
	switch s.op {
	case "remove":
		c.leave(ids)
	case "replace":
		c.empty()
		c.join(ids)
	default:
		c.join(ids)
	}
	return nil
}

// takeChosen changes the members that a filter chooses: they can only leave.
func (c *memberChange) takeChosen(s step, load func() ([]Member, error)) error {
	if s.op != "remove" || s.at.sub != nil && s.at.sub.name != "value" {
		return wrong(Mutability, "Parts of a member do not change; add or remove members.")
	}
	if err := (sight{t: groupType, of: s.at.top}).check(s.target.Filter); err != nil {
		return err
	}
	if ids, plain := named(s.target.Filter); plain {
		c.leave(ids)
		return nil
	}
	were, err := load()
	if err != nil {
		return err
	}
	var ids []string
	for _, m := range c.now(were) {
		if (sight{t: groupType, of: s.at.top, view: m.view("")}).holds(s.target.Filter) {
			ids = append(ids, m.ID)
		}
	}
	c.leave(ids)
	return nil
}

// named returns the ids that a filter on members names: value eq "1" or value eq "2". False when it says more.
func named(e filter.Expr) ([]string, bool) {
	switch e := e.(type) {
	case filter.Or:
		left, ok := named(e.Left)
		right, also := named(e.Right)
		return append(left, right...), ok && also
	case filter.Compare:
		s, ok := e.Value.(string)
		return []string{s}, ok && e.Op == filter.Eq && groupType.core[1].below(e.Path.Name) == groupType.core[1].below("value") && e.Path.Sub == "" && e.Path.URN == ""
	default:
		return nil, false
	}
}

// view returns a member as a client sees it; base is where the interface is.
func (m Member) view(base string) map[string]any {
	out := map[string]any{"value": m.ID, "type": string(Users), "$ref": base + userType.endpoint + "/" + m.ID}
	if m.Name != "" {
		out["display"] = m.Name
	}
	return out
}

// memberIDs returns the ids of users that members name, each once, in order.
func memberIDs(v any) ([]string, error) {
	coerced, err := lookup(groupType.core, "members").coerce(v, "members")
	if err != nil {
		return nil, err
	}
	list, _ := coerced.([]any)
	var out []string
	seen := map[string]bool{}
	for _, e := range list {
		m, _ := e.(map[string]any)
		if kind, ok := m["type"].(string); ok && !strings.EqualFold(kind, string(Users)) {
			return nil, wrong(InvalidValue, "Only users can be members of a group; groups within groups are not taken.")
		}
		id, _ := m["value"].(string)
		if ref, ok := m["$ref"].(string); ok && id == "" {
			id = path.Base(ref)
		}
		if id == "" {
			return nil, noMember()
		}
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out, nil
}

func noMember() *Error { return wrong(InvalidValue, "A member needs its value: the id of a user.") }
