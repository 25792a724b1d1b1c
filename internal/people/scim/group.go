package scim

import (
	"context"
	"slices"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/id"
)

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
