package budget

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/tenant"
)

// Left returns how the limits stand that hold for a person, key, team or organisation, in the order in which the rules give them; of the
// call only those names and the group are looked at.
func (b *Book) Left(ctx context.Context, t tenant.ID, c *Call) ([]State, error) {
	terms, err := b.rules.Terms(ctx, t, c)
	if err != nil {
		return nil, fmt.Errorf("limits to show: %w", err)
	}
	terms = terms.of(c)
	o := &op{deed: reserve, terms: terms, now: b.now().In(terms.Zone)}
	view := &batch{sums: sums{}}
	if err := view.read(ctx, b.db.Of(t), []*op{o}); err != nil {
		return nil, fmt.Errorf("read how limits stand: %w", err)
	}
	var out []State
	for i := range o.terms.Limits {
		out = append(out, view.stand(&o.terms.Limits[i], o.now))
	}
	return out, nil
}

// Lapse counts calls that did not end in their time as used, at the most that was held, as an estimate: the model may have done all of the work,
// and nobody can tell any more. It returns how many. Every node may run it as often as it likes.
func (b *Book) Lapse(ctx context.Context, t tenant.ID) (int, error) {
	n := 0
	for {
		now := b.now()
		due, err := dueCalls(ctx, b.db.Of(t), clock.Micros(now), mostTogether)
		if err != nil {
			return n, fmt.Errorf("look for calls that did not end: %w", err)
		}
		if len(due) == 0 {
			return n, nil
		}
		ops := make([]*op, len(due))
		for i, id := range due {
			ops[i] = &op{deed: lapse, id: id, now: now}
		}
		answers, err := b.commit(ctx, t, ops)
		if err != nil {
			return n, fmt.Errorf("count calls that did not end: %w", err)
		}
		for _, a := range answers {
			if a.done {
				n++
			}
		}
		if len(due) < mostTogether {
			return n, nil
		}
	}
}

// Forget deletes the names of calls that ended before a time, which must be longer ago than a node may still tell of them, and puts the days
// of people and keys before that time together in one row each, of which only the sum in all is known. Days of this month and of this
// week stay, whatever the time. It returns how many rows went.
func (b *Book) Forget(ctx context.Context, t tenant.ID, before time.Time, zone *time.Location) (n int64, err error) {
	err = b.db.Write(ctx, t, func(s *db.Scope) error {
		n, err = b.ForgetIn(ctx, s, before, zone)
		return err
	})
	return n, err
}

// ForgetIn is Forget in the transaction of s.
func (b *Book) ForgetIn(ctx context.Context, s *db.Scope, before time.Time, zone *time.Location) (int64, error) {
	calls, err := deleteCalls(ctx, s, clock.Micros(before))
	if err != nil {
		return 0, fmt.Errorf("forget calls: %w", err)
	}
	days, err := foldDays(ctx, s, b.foldable(before, zone))
	if err != nil {
		return 0, fmt.Errorf("put old days together: %w", err)
	}
	return calls + days, nil
}

// foldable returns the day before which days may be put together.
func (b *Book) foldable(before time.Time, zone *time.Location) int64 {
	now := b.now().In(zone)
	month, _ := Month.around(now)
	week, _ := Week.around(now)
	return min(civil(before.In(zone)), month.from, week.from)
}

// Erase takes a person out of what is kept, in the transaction of s: their own counters go, and calls of theirs that run count for their teams and the
// organisation alone. The sums of those stay.
func (b *Book) Erase(ctx context.Context, s *db.Scope, account string) error {
	name := counter(Person, account)
	calls, err := callsOf(ctx, s.Reader, name)
	if err != nil {
		return fmt.Errorf("look for calls of who is erased: %w", err)
	}
	for id, c := range calls {
		left := slices.DeleteFunc(strings.Split(c.counters, "\n"), func(line string) bool { return line == name })
		c.counters = strings.Join(left, "\n")
		calls[id] = c
	}
	if err := writeCalls(ctx, s, slices.Sorted(maps.Keys(calls)), calls); err != nil {
		return fmt.Errorf("take who is erased out of calls: %w", err)
	}
	if err := deleteCounter(ctx, s, name); err != nil {
		return fmt.Errorf("delete the counters of who is erased: %w", err)
	}
	return nil
}
