package held

import (
	"context"
	"strings"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
)

// Table is a kind of data that is the rows of one table.
type Table struct {
	Name string // of the table, which has a column tenant_id
	Key  string // column that tells rows of an organisation apart
	At   string // column or expression with the time from which a row ages, in microseconds
	When string // condition on rows that age at all, or "" for all
}

// Fill sets the functions of k so that they work on the rows of the tables together.
func Fill(k Kept, tables ...Table) Kept {
	k.Count = func(ctx context.Context, r db.Reader, before time.Time) (n int, oldest time.Time, err error) {
		var first int64
		for _, t := range tables {
			var some int
			var at int64
			if err := r.Row(ctx, t.count(), []any{clock.Micros(before)}, &some, &at); err != nil {
				return 0, time.Time{}, err
			}
			n += some
			if at != 0 && (first == 0 || at < first) {
				first = at
			}
		}
		return n, clock.Time(first), nil
	}
	k.Held = func(ctx context.Context, r db.Reader) (n int, err error) {
		for _, t := range tables {
			var some int
			if err := r.Row(ctx, `SELECT COUNT(*) FROM `+t.Name+` WHERE tenant_id = $1`, nil, &some); err != nil {
				return 0, err
			}
			n += some
		}
		return n, nil
	}
	k.Delete = func(ctx context.Context, s *db.Scope, before time.Time, limit int) (n int, err error) {
		for _, t := range tables {
			if n >= limit {
				break
			}
			some, err := s.Exec(ctx, t.remove(), clock.Micros(before), limit-n)
			if err != nil {
				return n, err
			}
			n += int(some)
		}
		return n, nil
	}
	return k
}

func (t Table) ages() string {
	if t.When == "" {
		return ""
	}
	return " AND " + t.When
}

func (t Table) count() string {
	return t.fill(`SELECT COUNT(*) FILTER (WHERE {at} < $2), COALESCE(MIN({at}), 0) FROM {table} WHERE tenant_id = $1{when}`)
}

func (t Table) remove() string {
	return t.fill(`DELETE FROM {table} WHERE tenant_id = $1 AND {key} IN
(SELECT {key} FROM {table} WHERE tenant_id = $1 AND {at} < $2{when} ORDER BY {at}, {key} LIMIT $3)`)
}

// fill puts names that stand in the program, never what anybody typed, into a statement.
func (t Table) fill(statement string) string {
	return strings.NewReplacer("{table}", t.Name, "{key}", t.Key, "{at}", t.At, "{when}", t.ages()).Replace(statement)
}
