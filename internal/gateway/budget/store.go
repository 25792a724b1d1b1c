package budget

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"tekentafel/internal/db"
)

// state is how a call stands in the store.
type state string

const (
	held     state = "held"
	settled  state = "settled"
	released state = "released"
	lapsed   state = "lapsed"
)

// record is a call as it is kept.
type record struct {
	state    state
	at       int64 // microseconds: when it lapses, or when it ended
	day      int64
	counters string
	group    string
	most     Amount
}

// tally is what is held and used.
type tally struct{ held, used, guess Amount }

func (t tally) plus(o tally) tally {
	return tally{t.held.plus(o.held), t.used.plus(o.used), t.guess.plus(o.guess)}
}

// place is a row of budget_days.
type place struct {
	counter, group string
	day            int64
}

// pair is a counter and a group of models.
type pair struct{ counter, group string }

// sums are what counters say over the days of periods.
type sums map[pair]map[span]*tally

// want makes room for a sum.
func (s sums) want(p pair, days span) {
	if s[p] == nil {
		s[p] = map[span]*tally{}
	}
	if s[p][days] == nil {
		s[p][days] = &tally{}
	}
}

// inSizes are the lengths of lists in statements. There are few, so that the engine knows each statement already.
var inSizes = []int{1, 8, 64}

// eachPiece calls f with pieces of names, filled up to a length of inSizes with the last name, and the placeholders from $first.
func eachPiece(names []string, first int, f func(list string, args []any) error) error {
	for len(names) > 0 {
		size := inSizes[len(inSizes)-1]
		for _, s := range inSizes {
			if len(names) <= s {
				size = s
				break
			}
		}
		args, marks := make([]any, size), make([]string, size)
		for i := range args {
			args[i], marks[i] = names[min(i, len(names)-1)], "$"+strconv.Itoa(first+i)
		}
		if err := f(strings.Join(marks, ", "), args); err != nil {
			return err
		}
		names = names[min(size, len(names)):]
	}
	return nil
}

func readCalls(ctx context.Context, r db.Reader, ids []string) (map[string]record, error) {
	out := make(map[string]record, len(ids))
	err := eachPiece(ids, 2, func(list string, args []any) error {
		return r.Rows(ctx, selectCalls+`id IN (`+list+`)`, into(out), args...)
	})
	return out, err
}

const selectCalls = `SELECT id, state, at, day, counters, model_group, euro, tokens FROM budget_calls WHERE tenant_id = $1 AND `

func into(calls map[string]record) func(scan func(...any) error) error {
	return func(scan func(...any) error) error {
		var id string
		var c record
		if err := scan(&id, &c.state, &c.at, &c.day, &c.counters, &c.group, &c.most.Euro, &c.most.Tokens); err != nil {
			return err
		}
		calls[id] = c
		return nil
	}
}

// callsOf returns the calls that count on a counter and run, or lapsed.
func callsOf(ctx context.Context, r db.Reader, counter string) (map[string]record, error) {
	all := map[string]record{}
	if err := r.Rows(ctx, selectCalls+`state IN ('held', 'lapsed')`, into(all)); err != nil {
		return nil, err
	}
	maps.DeleteFunc(all, func(_ string, c record) bool { return !slices.Contains(strings.Split(c.counters, "\n"), counter) })
	return all, nil
}

func deleteCounter(ctx context.Context, s *db.Scope, counter string) error {
	_, err := s.Exec(ctx, `DELETE FROM budget_days WHERE tenant_id = $1 AND counter = $2`, counter)
	return err
}

// readSums fills in those of the sums that are wanted of counters over the days of a period.
func readSums(ctx context.Context, r db.Reader, days span, counters []string, into sums) error {
	return eachPiece(counters, 4, func(list string, args []any) error {
		return r.Rows(ctx, `SELECT counter, model_group, CAST(SUM(held_euro) AS BIGINT), CAST(SUM(held_tokens) AS BIGINT),
  CAST(SUM(used_euro) AS BIGINT), CAST(SUM(used_tokens) AS BIGINT), CAST(SUM(guess_euro) AS BIGINT), CAST(SUM(guess_tokens) AS BIGINT)
FROM budget_days WHERE tenant_id = $1 AND day >= $2 AND day <= $3 AND counter IN (`+list+`) GROUP BY counter, model_group`, //nolint:gosec // placeholders only
			func(scan func(...any) error) error {
				k, t := pair{}, tally{}
				if err := scan(&k.counter, &k.group, &t.held.Euro, &t.held.Tokens, &t.used.Euro, &t.used.Tokens, &t.guess.Euro, &t.guess.Tokens); err != nil {
					return err
				}
				if to := into[k][days]; to != nil {
					*to = t
				}
				return nil
			}, append([]any{days.from, days.to}, args...)...)
	})
}

func writeCalls(ctx context.Context, s *db.Scope, ids []string, calls map[string]record) error {
	return s.InsertAll(ctx, &db.Bulk{
		Table: "budget_calls", Columns: []string{"id", "state", "at", "day", "counters", "model_group", "euro", "tokens"},
		Conflict: `ON CONFLICT (tenant_id, id) DO UPDATE SET state = excluded.state, at = excluded.at, day = excluded.day, counters = excluded.counters,
  model_group = excluded.model_group, euro = excluded.euro, tokens = excluded.tokens`,
	}, len(ids), func(i int, to []any) []any {
		c := calls[ids[i]]
		return append(to, ids[i], string(c.state), c.at, c.day, c.counters, c.group, int64(c.most.Euro), c.most.Tokens)
	})
}

// addDays adds to the rows of the places, in their order, which is the same on every node.
func addDays(ctx context.Context, s *db.Scope, places []place, by map[place]tally) error {
	const add = `ON CONFLICT (tenant_id, counter, model_group, day) DO UPDATE SET
  held_euro = budget_days.held_euro + excluded.held_euro, held_tokens = budget_days.held_tokens + excluded.held_tokens,
  used_euro = budget_days.used_euro + excluded.used_euro, used_tokens = budget_days.used_tokens + excluded.used_tokens,
  guess_euro = budget_days.guess_euro + excluded.guess_euro, guess_tokens = budget_days.guess_tokens + excluded.guess_tokens`
	return s.InsertAll(ctx, &db.Bulk{
		Table: "budget_days", Conflict: add,
		Columns: []string{"counter", "model_group", "day", "held_euro", "held_tokens", "used_euro", "used_tokens", "guess_euro", "guess_tokens"},
	}, len(places), func(i int, to []any) []any {
		p := places[i]
		t := by[p]
		return append(to, p.counter, p.group, p.day, int64(t.held.Euro), t.held.Tokens, int64(t.used.Euro), t.used.Tokens, int64(t.guess.Euro), t.guess.Tokens)
	})
}

// dueCalls returns up to limit calls that run and should have ended before.
func dueCalls(ctx context.Context, r db.Reader, before int64, limit int) (ids []string, err error) {
	err = r.Rows(ctx, `SELECT id FROM budget_calls WHERE tenant_id = $1 AND state = 'held' AND at < $2 ORDER BY at, id LIMIT $3`, func(scan func(...any) error) error {
		var id string
		ids = append(ids, id)
		return scan(&ids[len(ids)-1])
	}, before, limit)
	return ids, err
}

// deleteCalls deletes calls that ended before.
func deleteCalls(ctx context.Context, s *db.Scope, before int64) (int64, error) {
	return s.Exec(ctx, `DELETE FROM budget_calls WHERE tenant_id = $1 AND state <> 'held' AND at < $2`, before)
}

// foldDays puts the days of people and keys before a day together in one row each, of which only the sum is known.
func foldDays(ctx context.Context, s *db.Scope, before int64) (int64, error) {
	const old = ` FROM budget_days WHERE tenant_id = $1 AND day > 0 AND day < $2 AND (counter LIKE 'person:%' OR counter LIKE 'key:%')`
	if _, err := s.Exec(ctx, `INSERT INTO budget_days (tenant_id, counter, model_group, day, held_euro, held_tokens, used_euro, used_tokens, guess_euro, guess_tokens)
SELECT tenant_id, counter, model_group, 0, CAST(SUM(held_euro) AS BIGINT), CAST(SUM(held_tokens) AS BIGINT), CAST(SUM(used_euro) AS BIGINT),
  CAST(SUM(used_tokens) AS BIGINT), CAST(SUM(guess_euro) AS BIGINT), CAST(SUM(guess_tokens) AS BIGINT)`+old+` GROUP BY tenant_id, counter, model_group
ON CONFLICT (tenant_id, counter, model_group, day) DO UPDATE SET
  held_euro = budget_days.held_euro + excluded.held_euro, held_tokens = budget_days.held_tokens + excluded.held_tokens,
  used_euro = budget_days.used_euro + excluded.used_euro, used_tokens = budget_days.used_tokens + excluded.used_tokens,
  guess_euro = budget_days.guess_euro + excluded.guess_euro, guess_tokens = budget_days.guess_tokens + excluded.guess_tokens`, before); err != nil {
		return 0, err
	}
	return s.Exec(ctx, `DELETE`+old, before)
}

// daysOf returns the rows of a counter, the last day first.
func daysOf(ctx context.Context, r db.Reader, counter string) ([]OwnDay, error) {
	var out []OwnDay
	err := r.Rows(ctx, `SELECT model_group, day, held_euro, held_tokens, used_euro, used_tokens, guess_euro, guess_tokens FROM budget_days
WHERE tenant_id = $1 AND counter = $2 ORDER BY day DESC, model_group`, func(scan func(...any) error) error {
		var d OwnDay
		var day int64
		if err := scan(&d.Group, &day, &d.Held.Euro, &d.Held.Tokens, &d.Used.Euro, &d.Used.Tokens, &d.Guess.Euro, &d.Guess.Tokens); err != nil {
			return err
		}
		if day > 0 {
			d.On = time.Unix(day*86400, 0).UTC()
		}
		d.Key = counter + "/" + d.Group + "/" + strconv.FormatInt(day, 10)
		out = append(out, d)
		return nil
	}, counter)
	return out, err
}

// peopleOf returns the accounts that have a row in the days of a period.
func peopleOf(ctx context.Context, r db.Reader, days span) ([]string, error) {
	var out []string
	prefix := counter(Person, "")
	err := r.Rows(ctx, `SELECT DISTINCT counter FROM budget_days WHERE tenant_id = $1 AND counter LIKE 'person:%' AND day >= $2 AND day <= $3 ORDER BY counter`,
		func(scan func(...any) error) error {
			var name string
			err := scan(&name)
			out = append(out, strings.TrimPrefix(name, prefix))
			return err
		}, days.from, days.to)
	return out, err
}

// countDays counts days of people and keys before a day, with the first day of any.
func countDays(ctx context.Context, r db.Reader, before int64) (n int, first int64, err error) {
	err = r.Row(ctx, `SELECT COUNT(*) FILTER (WHERE day < $2), COALESCE(MIN(day), 0) FROM budget_days
WHERE tenant_id = $1 AND day > 0 AND (counter LIKE 'person:%' OR counter LIKE 'key:%')`, []any{before}, &n, &first)
	return n, first, err
}
