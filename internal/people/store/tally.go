package store

import (
	"context"

	"tekentafel/internal/db"
	"tekentafel/internal/people/org"
)

// Tally is how many people in service have a function in a unit.
type Tally struct {
	Unit, Function string // ids; "" for none
	People         int    // whose main post this is, so that everybody counts once
	FTE            int64  // of all posts, in thousandths of full time, without those of which it is unknown
	Unknown        int    // posts of which the part of full time is unknown
}

// Tallies counts the posts of people in service that hold on a day, at a revision. It reads every post. || ” keeps the posts in
// the order in which they were written, which is that of the people: by the index on units each would be fetched from another place.
func Tallies(ctx context.Context, r db.Reader, at int64, day org.Date) ([]Tally, error) {
	var out []Tally
	err := r.Rows(ctx, `SELECT q.unit_id || '', q.function_id, COUNT(*) FILTER (WHERE q.main = TRUE), COALESCE(SUM(q.fte) FILTER (WHERE q.fte >= 0), 0),
COUNT(*) FILTER (WHERE q.fte < 0) FROM people_posts q JOIN people_staff p ON p.tenant_id = q.tenant_id AND p.id = q.person_id AND +p.since <= $2 AND p.until > $2
WHERE q.tenant_id = $1 AND +q.since <= $2 AND q.until > $2 AND p.is_out = FALSE AND (q.from_day = 0 OR q.from_day <= $3) AND (q.to_day = 0 OR q.to_day > $3)
GROUP BY q.unit_id || '', q.function_id ORDER BY 1, 2`, func(scan func(...any) error) error {
		var v Tally
		err := scan(&v.Unit, &v.Function, &v.People, &v.FTE, &v.Unknown)
		out = append(out, v)
		return err
	}, at, int64(day))
	return out, err
}

// Headcount counts the people in service by the unit of their main post, of those that hold on a day, at a revision: the sums of Tally.People,
// faster. It reads every main post.
func Headcount(ctx context.Context, r db.Reader, at int64, day org.Date) (map[string]int, error) {
	out := map[string]int{}
	err := r.Rows(ctx, `SELECT q.unit_id || '', COUNT(*) FROM people_posts q
JOIN people_staff p ON p.tenant_id = q.tenant_id AND p.id = q.person_id AND +p.since <= $2 AND p.until > $2
WHERE q.tenant_id = $1 AND +q.since <= $2 AND q.until > $2 AND q.main = TRUE AND p.is_out = FALSE
AND (q.from_day = 0 OR q.from_day <= $3) AND (q.to_day = 0 OR q.to_day > $3) GROUP BY q.unit_id || ''`, func(scan func(...any) error) error {
		var unit string
		var people int
		err := scan(&unit, &people)
		out[unit] = people
		return err
	}, at, int64(day))
	return out, err
}
