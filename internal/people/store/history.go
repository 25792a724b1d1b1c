package store

import (
	"context"
	"fmt"
	"slices"

	"tekentafel/internal/db"
	"tekentafel/internal/people/org"
)

// Version is a row as it stood for some revisions.
type Version[T Row] struct {
	Row   T
	Since Revision  // that wrote it
	Until *Revision // that replaced or ended it; nil while it stands
}

// History returns the versions of a row that are kept, the newest first; none when there are none. What a pending change writes is
// left out. The kind follows from the type: History[org.Person].
func History[T Row](ctx context.Context, r db.Reader, id string) ([]Version[T], error) {
	h, err := Head(ctx, r)
	if err != nil {
		return nil, err
	}
	found, err := versionsOf[T](ctx, r, []string{id}, 0)
	if err != nil {
		return nil, err
	}
	made := map[int64]Revision{}
	revision := func(seq int64) (v Revision, err error) {
		v, ok := made[seq]
		if !ok {
			v, err = RevisionOf(ctx, r, seq)
			made[seq] = v
		}
		return v, err
	}
	var out []Version[T]
	for _, v := range slices.Backward(found[id]) {
		if v.since > h.Current {
			continue
		}
		one := Version[T]{Row: v.row}
		if one.Since, err = revision(v.since); err != nil {
			return nil, err
		}
		if v.until <= h.Current {
			ended, err := revision(v.until)
			if err != nil {
				return nil, err
			}
			one.Until = &ended
		}
		out = append(out, one)
	}
	return out, nil
}

// PostsEver returns the ids of the posts that a person has or had in what is kept, in order.
func PostsEver(ctx context.Context, r db.Reader, person string) ([]string, error) {
	h, err := Head(ctx, r)
	if err != nil {
		return nil, err
	}
	var ids []string
	err = r.Rows(ctx, `SELECT DISTINCT id FROM people_posts WHERE tenant_id = $1 AND person_id = $2 AND since <= $3 ORDER BY id`,
		func(scan func(...any) error) error {
			var id string
			err := scan(&id)
			ids = append(ids, id)
			return err
		}, person, h.Current)
	return ids, err
}

// Pair is a row before and after a revision: Before is nil for one that it added, After for one that it ended.
type Pair[T Row] struct {
	ID            string
	Before, After *T
}

// Difference lists at most limit rows of a kind that a revision changed, in order of id from behind after on. The error is ErrPruned
// when what stood before it is gone.
func Difference[T Row](ctx context.Context, r db.Reader, seq int64, after string, limit int) ([]Pair[T], error) {
	h, err := Head(ctx, r)
	if err != nil {
		return nil, err
	}
	switch {
	case seq < 1 || seq > h.Current:
		return nil, fmt.Errorf("%w: %d", ErrNoRevision, seq)
	case seq < h.Oldest:
		return nil, fmt.Errorf("%w: what stood before %d is gone", ErrPruned, seq)
	}
	t := tableOf[T]()
	var ids []string
	err = r.Rows(ctx, `SELECT id FROM `+t.name+` WHERE tenant_id = $1 AND since = $2 AND since < until AND id > $3
UNION SELECT id FROM `+t.name+` WHERE tenant_id = $1 AND until = $2 AND `+isEnded+` AND since < until AND id > $3 ORDER BY id LIMIT $4`,
		func(scan func(...any) error) error {
			var id string
			err := scan(&id)
			ids = append(ids, id)
			return err
		}, seq, after, limit)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	found, err := versionsOf[T](ctx, r, ids, seq)
	if err != nil {
		return nil, err
	}
	out := make([]Pair[T], 0, len(ids))
	for _, id := range ids {
		p := Pair[T]{ID: id}
		if v := at(found[id], seq-1); v != nil {
			p.Before = &v.row
		}
		if v := at(found[id], seq); v != nil {
			p.After = &v.row
		}
		out = append(out, p)
	}
	return out, nil
}

// One returns a row as it stood at a revision; db.ErrNoRow when it did not. The kind follows from the type: One[org.Person].
func One[T Row](ctx context.Context, r db.Reader, at int64, id string) (T, error) {
	t := tableOf[T]()
	var row T
	err := r.Row(ctx, `SELECT `+t.read("")+` FROM `+t.name+` WHERE tenant_id = $1 AND `+visible+` AND id = $3`, []any{at, id}, t.into(&row)...)
	return row, err
}

// Some returns the rows with these ids that stood at a revision, in order of id.
func Some[T Row](ctx context.Context, r db.Reader, at int64, ids []string) ([]T, error) {
	t := tableOf[T]()
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	out := make([]T, 0, len(ids))
	var row T
	into := t.into(&row)
	for part := range slices.Chunk(ids, idRows) {
		args := []any{at}
		for _, id := range part {
			args = append(args, id)
		}
		err := r.Rows(ctx, `SELECT `+t.read("")+` FROM `+t.name+` WHERE tenant_id = $1 AND `+visible+` AND id IN (`+holders(3, len(part))+`) ORDER BY id`,
			func(scan func(...any) error) error {
				err := scan(into...)
				out = append(out, row)
				return err
			}, args...)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// where reads rows of a kind at a revision with a condition whose arguments follow from $3.
func where[T Row](ctx context.Context, r db.Reader, at int64, condition string, args ...any) ([]T, error) {
	t := tableOf[T]()
	var out []T
	var row T
	into := t.into(&row)
	err := r.Rows(ctx, `SELECT `+t.read("")+` FROM `+t.name+` WHERE tenant_id = $1 AND `+visible+` AND `+condition, func(scan func(...any) error) error {
		err := scan(into...)
		out = append(out, row)
		return err
	}, append([]any{at}, args...)...)
	return out, err
}

// PostsOf returns the posts of a person at a revision, the main one first.
func PostsOf(ctx context.Context, r db.Reader, at int64, person string) ([]org.Post, error) {
	return where[org.Post](ctx, r, at, `person_id = $3 ORDER BY main DESC, id`, person)
}

// PostsOfAll returns the posts of people at a revision, by person, the main one first.
func PostsOfAll(ctx context.Context, r db.Reader, at int64, people []string) (map[string][]org.Post, error) {
	out := make(map[string][]org.Post, len(people))
	for part := range slices.Chunk(people, idRows) {
		args := make([]any, len(part))
		for i, id := range part {
			args[i] = id
		}
		posts, err := where[org.Post](ctx, r, at, `person_id IN (`+holders(3, len(part))+`) ORDER BY person_id, main DESC, id`, args...)
		if err != nil {
			return nil, err
		}
		for _, p := range posts {
			out[p.Person] = append(out[p.Person], p)
		}
	}
	return out, nil
}

// UnitsBelow returns the units right below one at a revision, in order of name; the roots for "".
func UnitsBelow(ctx context.Context, r db.Reader, at int64, parent string) ([]org.Unit, error) {
	return where[org.Unit](ctx, r, at, `parent_id = $3 ORDER BY name, id`, parent)
}

// UnitsLedBy returns the units that a person leads at a revision, in order of name.
func UnitsLedBy(ctx context.Context, r db.Reader, at int64, person string) ([]org.Unit, error) {
	return where[org.Unit](ctx, r, at, `head_id = $3 AND head_id <> '' ORDER BY name, id`, person)
}

// ByNumber returns the people with a staff number (contact.Number) at a revision, in order of id. There is one at most where the
// data is in order.
func ByNumber(ctx context.Context, r db.Reader, at int64, number string) ([]org.Person, error) {
	return where[org.Person](ctx, r, at, `number = $3 AND number <> '' ORDER BY id`, number)
}

// ByMail returns the people with a mail address (contact.Mail) at a revision, in order of id.
func ByMail(ctx context.Context, r db.Reader, at int64, mail string) ([]org.Person, error) {
	return where[org.Person](ctx, r, at, `mail = $3 AND mail <> '' ORDER BY id`, mail)
}

// Within returns the ids of units and of all below them at a revision, in order. A tree with a cycle is walked once.
func Within(ctx context.Context, r db.Reader, at int64, units ...string) ([]string, error) {
	if len(units) == 0 {
		return nil, nil
	}
	args := []any{at}
	for _, u := range units {
		args = append(args, u)
	}
	var ids []string
	err := r.Rows(ctx, `WITH RECURSIVE below (id) AS (
SELECT id FROM people_units WHERE tenant_id = $1 AND `+visible+` AND id IN (`+holders(3, len(units))+`)
UNION SELECT u.id FROM people_units u JOIN below b ON u.parent_id = b.id WHERE u.tenant_id = $1 AND +u.since <= $2 AND u.until > $2)
SELECT id FROM below ORDER BY id`, func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		ids = append(ids, id)
		return err
	}, args...)
	return ids, err
}

// Below returns the ids of the people whose manager somebody is at a revision, and of those below them, in order and without the
// person. Managers in a circle are walked once.
func Below(ctx context.Context, r db.Reader, at int64, person string) ([]string, error) {
	var ids []string
	err := r.Rows(ctx, `WITH RECURSIVE below (id) AS (
SELECT id FROM people_staff WHERE tenant_id = $1 AND `+visible+` AND manager_id = $3 AND manager_id <> ''
UNION SELECT p.id FROM people_staff p JOIN below b ON p.manager_id = b.id WHERE p.tenant_id = $1 AND +p.since <= $2 AND p.until > $2 AND p.manager_id <> '')
SELECT id FROM below WHERE id <> $3 ORDER BY id`, func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		ids = append(ids, id)
		return err
	}, at, person)
	return ids, err
}
