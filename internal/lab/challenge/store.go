package challenge

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
)

func insertMark(ctx context.Context, tx *db.Scope, mark, challenge, department string, month int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO lab_challenge_marks (tenant_id, mark, month, challenge, department) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`, mark, month, challenge, department)
	return err
}

// in writes placeholders for values and returns them as arguments.
func in[V any](values map[string]V, from int) (string, []any) {
	var list []string
	var args []any
	for i, v := range slices.Sorted(maps.Keys(values)) {
		list, args = append(list, fmt.Sprintf("$%d", from+i)), append(args, v)
	}
	return strings.Join(list, ", "), args
}

// marksOf returns which of the marks there are, with their month.
func marksOf[V any](ctx context.Context, r db.Reader, of map[string]V) (map[string]int64, error) {
	out := map[string]int64{}
	if len(of) == 0 {
		return out, nil
	}
	list, args := in(of, 2)
	err := r.Rows(ctx, `SELECT mark, month FROM lab_challenge_marks WHERE tenant_id = $1 AND mark IN (`+list+`)`, func(scan func(...any) error) error {
		var m string
		var month int64
		err := scan(&m, &month)
		out[m] = month
		return err
	}, args...)
	return out, err
}

func deleteMarks(ctx context.Context, tx *db.Scope, marks ...string) error {
	of := map[string]bool{}
	for _, m := range marks {
		of[m] = true
	}
	if len(of) == 0 {
		return nil
	}
	list, args := in(of, 2)
	_, err := tx.Exec(ctx, `DELETE FROM lab_challenge_marks WHERE tenant_id = $1 AND mark IN (`+list+`)`, args...)
	return err
}

// toClose counts the marks of months before one that were not counted yet.
func toClose(ctx context.Context, r db.Reader, month int64) (n int, err error) {
	err = r.Row(ctx, `SELECT COUNT(*) FROM lab_challenge_marks WHERE tenant_id = $1 AND month < $2 AND challenge <> ''`, []any{month}, &n)
	return n, err
}

// closeMarks adds marks of months that are over to what waits, and takes challenge and department off them.
func closeMarks(ctx context.Context, tx *db.Scope, month int64, wait map[string]map[string]waiting) error {
	err := tx.Rows(ctx, `SELECT challenge, department, COUNT(*), MIN(month) FROM lab_challenge_marks WHERE tenant_id = $1 AND month < $2 AND challenge <> '' GROUP BY challenge, department`,
		func(scan func(...any) error) error {
			var c, d string
			var n int
			var since int64
			if err := scan(&c, &d, &n, &since); err != nil {
				return err
			}
			if wait[c] == nil {
				wait[c] = map[string]waiting{}
			}
			if w, is := wait[c][d]; is {
				n, since = n+w.people, min(since, w.since)
			}
			wait[c][d] = waiting{n, since}
			return nil
		}, month)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE lab_challenge_marks SET challenge = '', department = '' WHERE tenant_id = $1 AND month < $2 AND challenge <> ''`, month)
	return err
}

// waitingOf reads what waits, by challenge and department.
func waitingOf(ctx context.Context, r db.Reader) (map[string]map[string]waiting, error) {
	out := map[string]map[string]waiting{}
	err := r.Rows(ctx, `SELECT challenge, department, month, people FROM lab_challenge_reach WHERE tenant_id = $1 AND told = 0`, func(scan func(...any) error) error {
		var c, d string
		var w waiting
		if err := scan(&c, &d, &w.since, &w.people); err != nil {
			return err
		}
		if out[c] == nil {
			out[c] = map[string]waiting{}
		}
		out[c][d] = w
		return nil
	})
	return out, err
}

func putWaiting(ctx context.Context, tx *db.Scope, wait map[string]map[string]waiting) error {
	if _, err := tx.Exec(ctx, `DELETE FROM lab_challenge_reach WHERE tenant_id = $1 AND told = 0`); err != nil {
		return err
	}
	for c, by := range wait {
		for d, w := range by {
			if _, err := tx.Exec(ctx, `INSERT INTO lab_challenge_reach (tenant_id, challenge, department, month, told, people) VALUES ($1, $2, $3, $4, 0, $5)`, c, d, w.since, w.people); err != nil {
				return err
			}
		}
	}
	return nil
}

func insertTold(ctx context.Context, tx *db.Scope, r *Reach, month int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO lab_challenge_reach (tenant_id, challenge, department, month, told, people) VALUES ($1, $2, $3, $4, 1, $5)
ON CONFLICT (tenant_id, challenge, department, month, told) DO UPDATE SET people = lab_challenge_reach.people + excluded.people`, r.Challenge, r.Department, month, r.People)
	return err
}

// toldOf lists what was told, by month.
func toldOf(ctx context.Context, r db.Reader) ([]Reach, error) {
	var out []Reach
	err := r.Rows(ctx, `SELECT challenge, department, month, people FROM lab_challenge_reach WHERE tenant_id = $1 AND told = 1 ORDER BY month, challenge, department`, func(scan func(...any) error) error {
		var x Reach
		var month int64
		err := scan(&x.Challenge, &x.Department, &month, &x.People)
		x.Until = clock.Time(month)
		out = append(out, x)
		return err
	})
	return out, err
}
