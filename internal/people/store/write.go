package store

import (
	"context"
	"slices"

	"tekentafel/internal/db"
	"tekentafel/internal/people/org"
)

// How much is written at a time.
const (
	batchRows = 5_000  // in a transaction: others wait for it where there is one writer
	roomyRows = 10_000 // the same where the store has made room, in which they take no longer
	idRows    = 200    // ids in a statement
)

// end ends the rows with these ids at a revision and returns how many ended. A row that the revision itself wrote is not there
// afterwards.
func end(ctx context.Context, s *db.Scope, name string, seq int64, ids []string) (n int64, err error) {
	for list := range slices.Chunk(ids, idRows) {
		args := []any{seq}
		for _, id := range list {
			args = append(args, id)
		}
		ended, err := s.Exec(ctx, `UPDATE `+name+` SET until = $2 WHERE tenant_id = $1 AND `+isOpen+` AND id IN (`+holders(3, len(list))+`)`, args...)
		if err != nil {
			return n, err
		}
		n += ended
	}
	return n, nil
}

// how says what a write may leave out.
type how struct {
	fresh bool // no row stands that could have to end
	once  bool // no row of these was written by the revision before; db.ErrExists when one was
}

// put writes rows at a revision, in the place of those with the same id. Of several with one id the last counts.
func put[T Row](ctx context.Context, s *db.Scope, seq int64, rows []T, how how) error {
	t := tableOf[T]()
	if !how.once {
		rows = lastOfEach(t, rows)
	}
	if !how.fresh {
		ids := make([]string, len(rows))
		for i := range rows {
			ids[i] = *t.id(&rows[i])
		}
		if _, err := end(ctx, s, t.name, seq, ids); err != nil {
			return err
		}
	}
	return s.InsertAll(ctx, t.bulk(!how.once), len(rows), func(i int, to []any) []any {
		return t.values(&rows[i], append(to, *t.id(&rows[i]), seq, int64(open)))
	})
}

// lastOfEach leaves out the rows of which a later one has the id.
func lastOfEach[T Row](t *table[T], rows []T) []T {
	last := make(map[string]int, len(rows))
	for i := range rows {
		last[*t.id(&rows[i])] = i
	}
	if len(last) == len(rows) {
		return rows
	}
	out := make([]T, 0, len(last))
	for i := range rows {
		if last[*t.id(&rows[i])] == i {
			out = append(out, rows[i])
		}
	}
	return out
}

// putAll writes the rows of every kind.
func putAll(ctx context.Context, s *db.Scope, seq int64, rows *org.Organisation, how how) error {
	if err := put(ctx, s, seq, rows.Units, how); err != nil {
		return err
	}
	if err := put(ctx, s, seq, rows.Functions, how); err != nil {
		return err
	}
	if err := put(ctx, s, seq, rows.People, how); err != nil {
		return err
	}
	return put(ctx, s, seq, rows.Posts, how)
}

// batches cuts rows into parts of one transaction each, of n rows at most.
func batches(rows *org.Organisation, n int) []org.Organisation {
	var out []org.Organisation
	for part := range slices.Chunk(rows.Units, n) {
		out = append(out, org.Organisation{Units: part})
	}
	for part := range slices.Chunk(rows.Functions, n) {
		out = append(out, org.Organisation{Functions: part})
	}
	for part := range slices.Chunk(rows.People, n) {
		out = append(out, org.Organisation{People: part})
	}
	for part := range slices.Chunk(rows.Posts, n) {
		out = append(out, org.Organisation{Posts: part})
	}
	return out
}

func size(rows *org.Organisation) int64 {
	return int64(len(rows.Units) + len(rows.Functions) + len(rows.People) + len(rows.Posts))
}
