package scim

import (
	"context"
	"maps"
	"slices"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/id"
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

func (g *Registry) groupRecord(ctx context.Context, r db.Reader, w groupRow, members bool) (Record, error) {
	out := Record{Kind: Groups, ID: w.ID, Resource: w.resource(), Version: w.Version, Created: clock.Time(w.Created), Changed: clock.Time(w.Changed)}
	if !members {
		return out, nil
	}
	var err error
	out.Members, err = membersOf(ctx, r, w.ID, nil)
	return out, err
}

// readGroup takes a group and the ids of its members from a body.
func readGroup(body map[string]any) (Resource, []string, error) {
	r, err := groupType.read(body)
	if err != nil {
		return nil, nil, err
	}
	ids, err := memberIDs(r["members"])
	delete(r, "members")
	if err == nil {
		err = groupType.finish(r)
	}
	return r, ids, err
}

func (w groupRow) with(r Resource) groupRow {
	w.Name, w.External = r.text("displayName"), r.text("externalId")
	w.Key = fold(w.Name)
	return w
}

func (g *Registry) createGroup(ctx context.Context, sc *db.Scope, by access.Actor, body map[string]any) (Record, error) {
	r, ids, err := readGroup(body)
	if err != nil {
		return Record{}, err
	}
	now := clock.Micros(g.Now())
	w := groupRow{ID: id.New(g.Now()), Version: 1, Created: now, Changed: now}.with(r)
	if err := freeGroup(ctx, sc.Reader, w); err != nil {
		return Record{}, err
	}
	if err := putGroup(ctx, sc, w); err != nil {
		return Record{}, err
	}
	if err := g.join(ctx, sc, w.ID, ids); err != nil {
		return Record{}, err
	}
	if err := g.giveRoles(ctx, sc, by, ids); err != nil {
		return Record{}, err
	}
	if err := g.noteGroup(ctx, sc, by, GroupAdded, w.ID); err != nil {
		return Record{}, err
	}
	return g.groupRecord(ctx, sc.Reader, w, true)
}

func freeGroup(ctx context.Context, r db.Reader, w groupRow) error {
	list, err := groupsWhere(ctx, r, `(display_key = $2 OR external_id = $3 AND external_id <> '') AND id <> $4`, w.Key, w.External, w.ID)
	if err != nil || len(list) == 0 {
		return err
	}
	if list[0].Key == w.Key {
		return taken("displayName")
	}
	return taken("externalId")
}

// join puts users in a group; all of them must be there.
func (g *Registry) join(ctx context.Context, sc *db.Scope, group string, users []string) error {
	there, err := known(ctx, sc.Reader, users)
	if err != nil {
		return err
	}
	for _, u := range users {
		if !there[u] {
			return wrong(InvalidValue, "A member is no user here; add the user first.")
		}
	}
	_, err = addMembers(ctx, sc, group, users)
	return err
}

func (g *Registry) changeGroup(ctx context.Context, sc *db.Scope, by access.Actor, groupID string, ch Change) (Record, error) {
	was, err := groupBy(ctx, sc.Reader, groupID)
	if err != nil {
		return Record{}, err
	}
	if err := stands(ch.Match, was.Version); err != nil {
		return Record{}, err
	}
	var r Resource
	members := &memberChange{clear: true}
	if ch.Replace != nil {
		var ids []string
		if r, ids, err = readGroup(ch.Replace); err == nil {
			members.join(ids)
		}
	} else {
		r, members, err = patchGroup(was.resource(), ch.Patch, func() ([]Member, error) { return membersOf(ctx, sc.Reader, groupID, nil) })
		if err == nil {
			err = groupType.finish(r)
		}
	}
	if err != nil {
		return Record{}, err
	}
	next := was.with(r)
	touched, moved, err := g.move(ctx, sc, groupID, members)
	if err != nil {
		return Record{}, err
	}
	if !moved && next == was {
		return g.groupRecord(ctx, sc.Reader, was, ch.Members)
	}
	if next.Key != was.Key || next.External != was.External { // the group may stand for other roles
		if err := freeGroup(ctx, sc.Reader, next); err != nil {
			return Record{}, err
		}
		stay, err := memberIDsOf(ctx, sc.Reader, groupID)
		if err != nil {
			return Record{}, err
		}
		touched = append(touched, stay...)
	}
	next.Version, next.Changed = was.Version+1, clock.Micros(g.Now())
	if err := putGroup(ctx, sc, next); err != nil {
		return Record{}, err
	}
	if err := g.giveRoles(ctx, sc, by, touched); err != nil {
		return Record{}, err
	}
	if err := g.noteGroup(ctx, sc, by, GroupChanged, groupID); err != nil {
		return Record{}, err
	}
	return g.groupRecord(ctx, sc.Reader, next, ch.Members)
}

// move carries out a change of members, and returns whom it may have touched and whether anything differs.
func (g *Registry) move(ctx context.Context, sc *db.Scope, group string, c *memberChange) (touched []string, moved bool, err error) {
	join, leave := c.add, c.remove
	if c.clear {
		were, err := memberIDsOf(ctx, sc.Reader, group)
		if err != nil {
			return nil, false, err
		}
		stays := map[string]bool{}
		for _, m := range were {
			stays[m] = c.joining[m]
			if !c.joining[m] {
				leave = append(leave, m)
			}
		}
		join = slices.DeleteFunc(slices.Clone(join), func(m string) bool { return stays[m] })
	}
	gone, err := dropMembers(ctx, sc, group, leave)
	if err != nil {
		return nil, false, err
	}
	there, err := known(ctx, sc.Reader, join)
	if err != nil {
		return nil, false, err
	}
	if len(there) < len(join) {
		return nil, false, wrong(InvalidValue, "A member is no user here; add the user first.")
	}
	came, err := addMembers(ctx, sc, group, join)
	return slices.Concat(join, leave), came+gone > 0, err
}

func (g *Registry) deleteGroup(ctx context.Context, sc *db.Scope, by access.Actor, groupID string, match Match) error {
	was, err := groupBy(ctx, sc.Reader, groupID)
	if err != nil {
		return err
	}
	if err := stands(match, was.Version); err != nil {
		return err
	}
	users, err := memberIDsOf(ctx, sc.Reader, groupID)
	if err != nil {
		return err
	}
	if err := dropGroup(ctx, sc, groupID); err != nil {
		return err
	}
	if err := g.giveRoles(ctx, sc, by, users); err != nil {
		return err
	}
	return g.noteGroup(ctx, sc, by, GroupOut, groupID)
}

func (g *Registry) noteGroup(ctx context.Context, sc *db.Scope, by access.Actor, action, group string) error {
	return g.Log.Record(ctx, sc, by, audit.Entry{Action: action, Subject: group})
}

// view returns a member as a client sees it; base is where the interface is.
func (m Member) view(base string) map[string]any {
	out := map[string]any{"value": m.ID, "type": string(Users), "$ref": base + userType.endpoint + "/" + m.ID}
	if m.Name != "" {
		out["display"] = m.Name
	}
	return maps.Clone(out)
}
