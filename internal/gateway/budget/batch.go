package budget

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
)

// deed is what is done to a call.
type deed int

const (
	reserve deed = iota
	settle
	release
	lapse // of one whose time is over; it is no fault when it ended meanwhile
)

// op is a deed that waits for its transaction.
type op struct {
	deed  deed
	id    string
	call  *Call // of a reservation
	terms Terms
	now   time.Time
	used  Amount // of a settlement
	guess bool   // used is an estimate

	answer answer
}

// answer is what became of an op.
type answer struct {
	receipt Receipt
	done    bool // a lapse: whether the call lapsed
	err     error
}

// batch works out a number of ops in memory, in one transaction: it reads what they need, decides one after the other, and writes each row
// that changed once. It decides anew each time that the transaction is run.
type batch struct {
	calls   map[string]record
	changed map[string]bool
	sums    sums
	added   map[place]tally
}

// run carries out the ops and returns an answer for each. What ends calls goes first, for it makes room.
func run(ctx context.Context, s *db.Scope, ops []*op) ([]answer, error) {
	b := &batch{changed: map[string]bool{}, sums: sums{}, added: map[place]tally{}}
	ids := map[string]bool{}
	for _, o := range ops {
		ids[o.id] = true
	}
	var err error
	if b.calls, err = readCalls(ctx, s.Reader, slices.Sorted(maps.Keys(ids))); err != nil {
		return nil, fmt.Errorf("read calls: %w", err)
	}
	if err := b.read(ctx, s.Reader, ops); err != nil {
		return nil, fmt.Errorf("read counters: %w", err)
	}
	answers := make([]answer, len(ops))
	for _, ends := range []bool{true, false} {
		for i, o := range ops {
			if (o.deed != reserve) == ends {
				answers[i] = b.decide(o)
			}
		}
	}
	if err := b.write(ctx, s); err != nil {
		return nil, fmt.Errorf("write calls and counters: %w", err)
	}
	return answers, nil
}

// read reads the sums that the limits of the reservations are about.
func (b *batch) read(ctx context.Context, r db.Reader, ops []*op) error {
	wanted := map[span]map[string]bool{}
	for _, o := range ops {
		if o.deed != reserve {
			continue
		}
		for i := range o.terms.Limits {
			l := &o.terms.Limits[i]
			days, _ := l.Period.around(o.now)
			if wanted[days] == nil {
				wanted[days] = map[string]bool{}
			}
			wanted[days][l.counter()] = true
			b.sums.want(pair{l.counter(), l.Group}, days)
		}
	}
	for days, counters := range wanted {
		if err := readSums(ctx, r, days, slices.Sorted(maps.Keys(counters)), b.sums); err != nil {
			return err
		}
	}
	return nil
}

func (b *batch) decide(o *op) answer {
	c, known := b.calls[o.id]
	switch o.deed {
	case reserve:
		return b.reserve(o, c, known)
	case settle:
		return b.end(o, c, known, settled)
	case release:
		return b.end(o, c, known, released)
	case lapse:
		if c.state != held { // it ended meanwhile
			return answer{}
		}
		b.add(&c, tally{held: Amount{}.minus(c.most), used: c.most, guess: c.most})
		c.state, c.at = lapsed, clock.Micros(o.now)
		b.keep(o.id, c)
		return answer{done: true}
	}
	return answer{}
}

// reserve holds the most that a call may use, or says which limit has the least left.
func (b *batch) reserve(o *op, c record, known bool) answer {
	if known {
		if c.state == held { // told twice, because the answer was lost
			return answer{}
		}
		return answer{err: ErrEnded}
	}
	var refused *Refused
	var receipt Receipt
	for i := range o.terms.Limits {
		l := &o.terms.Limits[i]
		s := b.stand(l, o.now)
		asked := o.call.Most.in(l.Unit)
		if asked > s.Left() && (refused == nil || ahead(&s, asked, refused)) {
			refused = &Refused{State: s, Asked: asked}
		}
		if s.Level >= Near {
			receipt.Warn = append(receipt.Warn, s)
		}
	}
	if refused != nil {
		return answer{err: refused}
	}
	c = record{state: held, at: clock.Micros(o.now.Add(o.call.Within)), day: civil(o.now), counters: strings.Join(o.call.counters(), "\n"),
		group: o.call.Group, most: o.call.Most}
	b.add(&c, tally{held: c.most})
	b.keep(o.id, c)
	return answer{receipt: receipt}
}

// ahead tells whether a limit is the one to speak of rather than the one before: the share of what is asked that it has left is smaller.
func ahead(s *State, asked int64, before *Refused) bool {
	return float64(s.Left())*float64(before.Asked) < float64(before.Left())*float64(asked)
}

// stand returns how a limit stands with what was decided so far.
func (b *batch) stand(l *Limit, now time.Time) State {
	days, next := l.Period.around(now)
	t := b.sums[pair{l.counter(), l.Group}][days]
	used := t.used.in(l.Unit)
	return State{Limit: *l, Used: used, Held: t.held.in(l.Unit), Guess: t.guess.in(l.Unit), Level: l.level(used), Resets: next}
}

// end settles or releases a call that runs or lapsed. The first end counts; the same again changes nothing.
func (b *batch) end(o *op, c record, known bool, as state) answer {
	var by tally
	switch {
	case !known && as == released:
		// It may still arrive from a transaction whose end nobody saw; then it finds that it has ended.
		b.keep(o.id, record{state: released, at: clock.Micros(o.now)})
		return answer{}
	case !known:
		return answer{err: ErrUnknown}
	case c.state == as:
		return answer{}
	case c.state == held:
		by.held = Amount{}.minus(c.most)
	case c.state == lapsed:
		by.used, by.guess = Amount{}.minus(c.most), Amount{}.minus(c.most)
	default:
		return answer{err: ErrEnded}
	}
	if as == settled {
		by.used = by.used.plus(o.used)
		if o.guess {
			by.guess = by.guess.plus(o.used)
		}
	}
	b.add(&c, by)
	b.keep(o.id, record{state: as, at: clock.Micros(o.now)}) // whose it was and what it used is not kept
	return answer{}
}

// add adds to all counters of a call, and to the sums that hold its day.
func (b *batch) add(c *record, by tally) {
	groups := []string{""}
	if c.group != "" {
		groups = append(groups, c.group)
	}
	for name := range strings.SplitSeq(c.counters, "\n") {
		for _, g := range groups {
			p := place{name, g, c.day}
			b.added[p] = b.added[p].plus(by)
			for days, t := range b.sums[pair{name, g}] {
				if days.holds(c.day) {
					*t = t.plus(by)
				}
			}
		}
	}
}

func (b *batch) keep(id string, c record) {
	b.calls[id] = c
	b.changed[id] = true
}

func (b *batch) write(ctx context.Context, s *db.Scope) error {
	places := slices.SortedFunc(maps.Keys(b.added), func(x, y place) int {
		return cmp.Or(cmp.Compare(x.counter, y.counter), cmp.Compare(x.group, y.group), cmp.Compare(x.day, y.day))
	})
	places = slices.DeleteFunc(places, func(p place) bool { return b.added[p] == tally{} })
	if err := addDays(ctx, s, places, b.added); err != nil {
		return err
	}
	return writeCalls(ctx, s, slices.Sorted(maps.Keys(b.changed)), b.calls)
}
