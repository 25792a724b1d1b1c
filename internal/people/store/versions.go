package store

import (
	"context"
	"slices"
	"strings"

	"tekentafel/internal/db"
)

// version is a row with the revisions for which it holds: since, up to and not including until.
type version[T Row] struct {
	since, until int64
	row          T
}

// versionsOf reads the versions of rows that ended in or after a revision, by id, the oldest first. Those that hold for no revision
// are left out.
func versionsOf[T Row](ctx context.Context, r db.Reader, ids []string, from int64) (map[string][]version[T], error) {
	t := tableOf[T]()
	found := make(map[string][]version[T], len(ids))
	var v version[T]
	into := append([]any{&v.since, &v.until}, t.into(&v.row)...)
	for part := range slices.Chunk(ids, idRows) {
		args := []any{from}
		for _, id := range part {
			args = append(args, id)
		}
		err := r.Rows(ctx, `SELECT since, until, `+t.read("")+` FROM `+t.name+` WHERE tenant_id = $1 AND until >= $2 AND since < until AND id IN (`+
			holders(3, len(part))+`) ORDER BY id, since`, func(scan func(...any) error) error {
			err := scan(into...)
			key := strings.Clone(*t.id(&v.row))
			found[key] = append(found[key], v)
			return err
		}, args...)
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

// at returns the version that holds at a revision, nil for none.
func at[T Row](versions []version[T], seq int64) *version[T] {
	for i := range versions {
		if versions[i].since <= seq && seq < versions[i].until {
			return &versions[i]
		}
	}
	return nil
}

// touched lists the ids of the rows of a kind that a revision wrote or ended, in order.
func touched[T Row](ctx context.Context, r db.Reader, seq int64) ([]string, error) {
	t := tableOf[T]()
	var ids []string
	for _, where := range []string{`since = $2`, `until = $2 AND ` + isEnded} {
		err := r.Rows(ctx, `SELECT id FROM `+t.name+` WHERE tenant_id = $1 AND `+where, func(scan func(...any) error) error {
			var id string
			err := scan(&id)
			ids = append(ids, id)
			return err
		}, seq)
		if err != nil {
			return nil, err
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

// standing returns which of ids stand at a revision.
func standing(ctx context.Context, r db.Reader, name string, ids []string, seq int64) (map[string]bool, error) {
	return those(ctx, r, `SELECT id FROM `+name+` WHERE tenant_id = $1 AND `+visible+` AND id IN (`, ids, seq)
}

// those runs a query for one text a row, which ends with "IN (", on all of ids.
func those(ctx context.Context, r db.Reader, query string, ids []string, seq int64) (map[string]bool, error) {
	found := map[string]bool{}
	for part := range slices.Chunk(ids, idRows) {
		args := []any{seq}
		for _, id := range part {
			args = append(args, id)
		}
		err := r.Rows(ctx, query+holders(3, len(part))+`)`, func(scan func(...any) error) error {
			var id string
			err := scan(&id)
			found[id] = true
			return err
		}, args...)
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}
