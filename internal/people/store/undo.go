package store

import (
	"context"
	"fmt"
	"slices"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/people/org"
	"tekentafel/internal/tenant"
)

// Why says why a row was not put back.
type Why string

// The reasons not to put a row back.
const (
	// Changed says that a later revision changed the row, and not back.
	Changed Why = "changed"
	// Used says that something that stands now needs the row, such as a later post in a unit that would go.
	Used Why = "used"
	// Missing says that what the row pointed to is no longer there, such as the unit of a post.
	Missing Why = "missing"
)

// Conflict is a row that Undo leaves as it is.
type Conflict struct {
	Kind Kind
	ID   string
	Why  Why
	By   int64  // the last revision that changed it, for Changed
	Of   string // id of what is missing, for Missing
}

// Undone says what an undo put back.
type Undone struct {
	Revision  int64 // that put it back; 0 when nothing could be, and nothing was changed
	Put       int64 // rows that stand as before
	Ended     int64 // rows that are gone as before
	Conflicts []Conflict
}

// Undo makes a revision that puts back what revision seq changed. Rows that changed again since, that something else needs, or that
// point to what is gone are left alone and returned. Of v count Account and Note. also runs in the transaction in which it appears.
// Errors are those of BeginUndo and Apply.
func Undo(ctx context.Context, d *db.DB, t tenant.ID, now clock.Clock, seq int64, v Revision, also func(*db.Scope, Undone) error) (Undone, error) {
	c, undone, err := BeginUndo(ctx, d, t, now, seq, v)
	if err != nil {
		return Undone{}, err
	}
	if undone.Put+undone.Ended == 0 && len(undone.Conflicts) > 0 {
		undone.Revision = 0
		return undone, c.Abort(ctx)
	}
	err = c.Apply(ctx, func(s *db.Scope) error {
		if also == nil {
			return nil
		}
		return also(s, undone)
	})
	if err != nil {
		_ = c.Abort(ctx) // the next change sweeps
		return Undone{}, err
	}
	return undone, nil
}

// BeginUndo writes what Undo would, and leaves it to the caller to apply or abort it, such as to say first what cannot be put back.
// Errors are ErrNoRevision, ErrPruned, ErrUndone, those of Begin, ErrLost and those of the store.
func BeginUndo(ctx context.Context, d *db.DB, t tenant.ID, now clock.Clock, seq int64, v Revision) (*Change, Undone, error) {
	v.Kind, v.Undoes = ByUndo, seq
	c, err := Begin(ctx, d, t, now, v)
	if err != nil {
		return nil, Undone{}, err
	}
	u := &undo{c: c, r: d.Of(t), seq: seq}
	if err := u.run(ctx); err != nil {
		_ = c.Abort(ctx) // the next change sweeps
		return nil, Undone{}, err
	}
	return c, Undone{Revision: c.Seq(), Put: c.revision.Put, Ended: c.revision.Ended, Conflicts: u.conflicts}, nil
}

type undo struct {
	c         *Change
	r         db.Reader
	seq       int64
	conflicts []Conflict
	remove    map[Kind][]string // what the revision added
	back      map[string]bool   // units, functions and people that are put back
}

func (u *undo) run(ctx context.Context) error {
	h, err := Head(ctx, u.r)
	if err != nil {
		return err
	}
	v, err := RevisionOf(ctx, u.r, u.seq)
	switch {
	case err != nil:
		return err
	case v.UndoneBy != 0:
		return fmt.Errorf("%w, by %d", ErrUndone, v.UndoneBy)
	case u.seq < h.Oldest:
		return fmt.Errorf("%w: %d; the oldest that can be undone is %d", ErrPruned, u.seq, h.Oldest)
	}
	u.remove, u.back = map[Kind][]string{}, map[string]bool{}
	// What others refer to comes back first, and goes last.
	if err := putBack[org.Unit](ctx, u, u.fitsUnit); err != nil {
		return err
	}
	if err := putBack[org.Function](ctx, u, nil); err != nil {
		return err
	}
	if err := putBack[org.Person](ctx, u, nil); err != nil {
		return err
	}
	if err := putBack[org.Post](ctx, u, u.fitsPost); err != nil {
		return err
	}
	if err := u.c.End(ctx, Posts, u.remove[Posts]); err != nil {
		return err
	}
	if err := u.removeUnused(ctx, People, `person_id`); err != nil {
		return err
	}
	if err := u.removeUnused(ctx, Functions, `function_id`); err != nil {
		return err
	}
	return u.removeUnits(ctx)
}

func (u *undo) leave(c Conflict) { u.conflicts = append(u.conflicts, c) }

// putBack writes the rows of a kind as they stood before the revision, and notes which it added. fits returns the conflicts of
// those that cannot come back as they were, by id; nil where there can be none.
func putBack[T Row](ctx context.Context, u *undo, fits func(context.Context, []T) (map[string]Conflict, error)) error {
	t := tableOf[T]()
	ids, err := touched[T](ctx, u.r, u.seq)
	if err != nil {
		return err
	}
	var rows []T
	flush := func(least int) error {
		if len(rows) < least || len(rows) == 0 {
			return nil
		}
		if fits != nil {
			unfit, err := fits(ctx, rows)
			if err != nil {
				return err
			}
			rows = slices.DeleteFunc(rows, func(row T) bool {
				c, ok := unfit[*t.id(&row)]
				if ok {
					u.leave(c)
					delete(u.back, c.ID)
				}
				return ok
			})
		}
		err := u.c.Put(ctx, organisation(rows))
		rows = rows[:0]
		return err
	}
	for part := range slices.Chunk(ids, idRows) {
		found, err := versionsOf[T](ctx, u.r, part, u.seq)
		if err != nil {
			return err
		}
		for _, id := range part {
			before, after, now := at(found[id], u.seq-1), at(found[id], u.seq), at(found[id], u.c.base)
			switch {
			case same(before, after), same(before, now): // nothing to put back
			case !same(after, now):
				u.leave(Conflict{Kind: t.kind, ID: id, Why: Changed, By: lastChange(found[id], u.c.base)})
			case before != nil:
				rows = append(rows, before.row)
				if t.kind != Posts {
					u.back[id] = true
				}
			default:
				u.remove[t.kind] = append(u.remove[t.kind], id)
			}
		}
		if err := u.c.Renew(ctx); err != nil {
			return err
		}
		if t.kind == Units {
			continue // they refer to each other, so all are looked at together
		}
		if err := flush(batchRows); err != nil {
			return err
		}
	}
	return flush(0)
}

// same tells whether two versions say the same, or neither is there.
func same[T Row](a, b *version[T]) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return a.row == b.row
}

// lastChange returns the last revision up to one that wrote or ended a row.
func lastChange[T Row](versions []version[T], upTo int64) int64 {
	last := int64(0)
	for _, v := range versions {
		last = max(last, v.since)
		if v.until <= upTo {
			last = max(last, v.until)
		}
	}
	return last
}

// fitsUnit finds units whose place in the tree is gone.
func (u *undo) fitsUnit(ctx context.Context, units []org.Unit) (map[string]Conflict, error) {
	out := map[string]Conflict{}
	for {
		more, err := unfit(ctx, u, unitTable, units, func(x *org.Unit) []reference { return []reference{{unitTable.name, x.Parent}} })
		if err != nil {
			return nil, err
		}
		known := len(out)
		for id, c := range more {
			out[id] = c
			delete(u.back, id) // so those below it cannot come back either
		}
		if len(out) == known {
			return out, nil
		}
	}
}

// fitsPost finds posts whose person, unit or function is gone.
func (u *undo) fitsPost(ctx context.Context, posts []org.Post) (map[string]Conflict, error) {
	return unfit(ctx, u, postTable, posts, func(x *org.Post) []reference {
		return []reference{{personTable.name, x.Person}, {unitTable.name, x.Unit}, {functionTable.name, x.Function}}
	})
}

// reference is what a row points to.
type reference struct{ table, id string }

// unfit finds the rows that point to something that stood before the revision and will not stand after the undo. What pointed to
// nothing before may do so again.
func unfit[T Row](ctx context.Context, u *undo, t *table[T], rows []T, refers func(*T) []reference) (map[string]Conflict, error) {
	wanted := map[string]map[string]bool{}
	for i := range rows {
		for _, ref := range refers(&rows[i]) {
			if ref.id == "" || u.back[ref.id] {
				continue
			}
			if wanted[ref.table] == nil {
				wanted[ref.table] = map[string]bool{}
			}
			wanted[ref.table][ref.id] = true
		}
	}
	gone := map[reference]bool{}
	for name, set := range wanted {
		ids := sortedKeys(set)
		stood, err := standing(ctx, u.r, name, ids, u.seq-1)
		if err != nil {
			return nil, err
		}
		stands, err := standing(ctx, u.r, name, ids, u.c.Seq())
		if err != nil {
			return nil, err
		}
		for id := range stood {
			if !stands[id] {
				gone[reference{name, id}] = true
			}
		}
	}
	out := map[string]Conflict{}
	for i := range rows {
		for _, ref := range refers(&rows[i]) {
			if gone[ref] {
				out[*t.id(&rows[i])] = Conflict{Kind: t.kind, ID: *t.id(&rows[i]), Why: Missing, Of: ref.id}
			}
		}
	}
	return out, nil
}

// removeUnused ends what the revision added of a kind, but for what posts that stay point to with a column.
func (u *undo) removeUnused(ctx context.Context, kind Kind, column string) error {
	for part := range slices.Chunk(u.remove[kind], batchRows) {
		used, err := u.used(ctx, column, part)
		if err != nil {
			return err
		}
		if err := u.c.End(ctx, kind, u.without(kind, part, used)); err != nil {
			return err
		}
	}
	return nil
}

// removeUnits ends the units that the revision added, but for those that posts need, or units that stay.
func (u *undo) removeUnits(ctx context.Context) error {
	ids := u.remove[Units]
	used, err := u.used(ctx, `unit_id`, ids)
	if err != nil {
		return err
	}
	ids = u.without(Units, ids, used)
	for {
		if used, err = u.parents(ctx, ids); err != nil {
			return err
		}
		if len(used) == 0 {
			break
		}
		ids = u.without(Units, ids, used)
	}
	return u.c.End(ctx, Units, ids)
}

// used returns which of ids the posts that stand after the undo point to.
func (u *undo) used(ctx context.Context, column string, ids []string) (map[string]bool, error) {
	return those(ctx, u.r, `SELECT DISTINCT `+column+` FROM people_posts WHERE tenant_id = $1 AND `+visible+` AND `+column+` IN (`, ids, u.c.Seq())
}

// parents returns which of the units of ids have a unit below them that is none of ids and stands after the undo.
func (u *undo) parents(ctx context.Context, ids []string) (map[string]bool, error) {
	going := make(map[string]bool, len(ids))
	for _, id := range ids {
		going[id] = true
	}
	found := map[string]bool{}
	for part := range slices.Chunk(ids, idRows) {
		args := []any{u.c.Seq()}
		for _, id := range part {
			args = append(args, id)
		}
		err := u.r.Rows(ctx, `SELECT id, parent_id FROM people_units WHERE tenant_id = $1 AND `+visible+` AND parent_id IN (`+holders(3, len(part))+`)`,
			func(scan func(...any) error) error {
				var id, parent string
				err := scan(&id, &parent)
				if !going[id] {
					found[parent] = true
				}
				return err
			}, args...)
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

// without returns the ids that are not in used, and leaves the others.
func (u *undo) without(kind Kind, ids []string, used map[string]bool) []string {
	var out []string
	for _, id := range ids {
		if used[id] {
			u.leave(Conflict{Kind: kind, ID: id, Why: Used})
		} else {
			out = append(out, id)
		}
	}
	return out
}
