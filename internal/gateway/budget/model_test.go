package budget_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/gateway/budget"
	"tekentafel/internal/gateway/price"
	"tekentafel/internal/tenant"
)

// modelCall is a call as the simple model knows it.
type modelCall struct {
	budget.Call
	state string // held, settled, released, lapsed
	node  int    // that reserved it
	at    time.Time
	due   time.Time
	used  budget.Amount
	guess bool
}

// counts tells whether the call counts on a limit at a moment of a node. It names periods by how a calendar prints them.
func (c *modelCall) counts(l *budget.Limit, now time.Time) bool {
	if l.Group != "" && l.Group != c.Group {
		return false
	}
	switch l.Kind {
	case budget.Person:
		if c.Person != l.Subject {
			return false
		}
	case budget.Key:
		if c.Key != l.Subject {
			return false
		}
	case budget.Team:
		if !slices.Contains(c.Teams, l.Subject) {
			return false
		}
	case budget.Organisation:
	}
	name := func(t time.Time) string {
		t = t.In(clock.Brussels())
		switch l.Period {
		case budget.Day:
			return t.Format("2 January 2006")
		case budget.Week:
			y, w := t.ISOWeek()
			return fmt.Sprint(y, w)
		case budget.Month:
			return t.Format("January 2006")
		case budget.Ever:
		}
		return "ever"
	}
	return name(now) == name(c.at)
}

func in(a budget.Amount, u budget.Unit) int64 {
	if u == budget.Tokens {
		return a.Tokens
	}
	return int64(a.Euro)
}

// world is two nodes on a store beside the model.
type world struct {
	t      *rapid.T
	in     tenant.ID
	nodes  [2]*budget.Book
	clocks [2]*hands
	fresh  func(node int) *budget.Book
	limits []budget.Limit
	calls  []*modelCall
	next   int
}

// stand is what the model says about a limit.
func (w *world) stand(l *budget.Limit, now time.Time) (used, held, guess int64) {
	for _, c := range w.calls {
		if !c.counts(l, now) {
			continue
		}
		switch c.state {
		case "held":
			held += in(c.Most, l.Unit)
		case "settled":
			used += in(c.used, l.Unit)
			if c.guess {
				guess += in(c.used, l.Unit)
			}
		case "lapsed":
			used += in(c.Most, l.Unit)
			guess += in(c.Most, l.Unit)
		}
	}
	return used, held, guess
}

func (w *world) check(t *rapid.T) {
	for i, node := range w.nodes {
		now := w.clocks[i].now()
		for _, p := range []string{"an", "bo"} {
			for _, group := range []string{"", "large"} {
				states, err := node.Left(context.Background(), w.in, &budget.Call{Person: p, Key: "k", Teams: []string{"t", "u"}, Group: group})
				if err != nil {
					t.Fatal(err)
				}
				for _, s := range states {
					used, held, guess := w.stand(&s.Limit, now)
					if s.Used != used || s.Held != held || s.Guess != guess {
						t.Fatalf("node %d at %v: %s says used %d, held %d, estimated %d; the model %d, %d, %d", i, now, s.ID, s.Used, s.Held, s.Guess, used, held, guess)
					}
				}
			}
		}
	}
}

func amount() *rapid.Generator[budget.Amount] {
	return rapid.Custom(func(t *rapid.T) budget.Amount {
		return budget.Amount{Euro: price.Nano(rapid.Int64Range(0, 60).Draw(t, "cents")) * price.Cent / 10, Tokens: rapid.Int64Range(0, 500).Draw(t, "tokens")}
	})
}

func (w *world) reserve(t *rapid.T) {
	node := rapid.IntRange(0, 1).Draw(t, "node")
	now := w.clocks[node].now()
	w.next++
	c := &modelCall{Call: budget.Call{ID: fmt.Sprint("call", w.next), Person: rapid.SampledFrom([]string{"an", "bo", ""}).Draw(t, "person"),
		Key: rapid.SampledFrom([]string{"", "k"}).Draw(t, "key"), Teams: rapid.SampledFrom([][]string{nil, {"t"}, {"t", "u", "t"}}).Draw(t, "teams"),
		Group: rapid.SampledFrom([]string{"", "large", "small"}).Draw(t, "group"), Most: amount().Draw(t, "most"),
		Within: time.Duration(rapid.IntRange(1, 90).Draw(t, "minutes")) * time.Minute}, state: "held", node: node, at: now}
	c.due = now.Add(c.Within)
	var full []string
	for i := range w.limits {
		l := &w.limits[i]
		used, held, _ := w.stand(l, now)
		if asked := in(c.Most, l.Unit); c.counts(l, now) && asked > 0 && used+held+asked > l.Most {
			full = append(full, l.ID)
		}
	}
	_, err := w.nodes[node].Reserve(context.Background(), w.in, &c.Call)
	var refused *budget.Refused
	switch {
	case errors.As(err, &refused):
		if !slices.Contains(full, refused.ID) {
			t.Fatalf("refused by %s; full are %v", refused.ID, full)
		}
		if !refused.Resets.IsZero() && !refused.Resets.After(now) {
			t.Fatalf("%s starts anew at %v, before %v", refused.ID, refused.Resets, now)
		}
	case err != nil:
		t.Fatal(err)
	case full != nil:
		t.Fatalf("reserved beyond %v", full)
	default:
		w.calls = append(w.calls, c)
	}
}

// end ends a call on either node: any, also one that ended or lapsed.
func (w *world) end(t *rapid.T, as string) {
	if len(w.calls) == 0 {
		return
	}
	c, node := rapid.SampledFrom(w.calls).Draw(t, "call"), w.nodes[rapid.IntRange(0, 1).Draw(t, "by")]
	used, guess := amount().Draw(t, "used"), rapid.Bool().Draw(t, "estimate")
	var err error
	if as == "settled" {
		err = node.Settle(context.Background(), w.in, c.ID, used, guess)
	} else {
		err = node.Release(context.Background(), w.in, c.ID)
	}
	switch {
	case c.state == "held" || c.state == "lapsed":
		if err != nil {
			t.Fatal(err)
		}
		c.state, c.used, c.guess = as, used, guess
	case c.state == as:
		if err != nil {
			t.Fatalf("%s again: %v", as, err)
		}
	case !errors.Is(err, budget.ErrEnded):
		t.Fatalf("%s a call that is %s: %v", as, c.state, err)
	}
}

// TestTheBookIsTheSimpleModel runs anything that can happen to two nodes, one thing after the other, beside a model that keeps a list of calls.
func TestTheBookIsTheSimpleModel(t *testing.T) {
	t.Parallel()
	var number atomic.Int64
	eachPair(t, func(t *testing.T, a, b *db.DB) {
		rapid.Check(t, func(r *rapid.T) {
			w := &world{t: r, in: tenant.ID(fmt.Sprint("org", number.Add(1)))}
			organisation(t, a, w.in)
			start := rapid.SampledFrom([]string{"2026-10-24 22:30:00", "2026-03-28 23:00:00", "2026-12-31 22:00:00", "2026-02-28 21:00:00", "2026-11-29 12:00:00"}).Draw(r, "start")
			for i, l := range []struct {
				kind           budget.Kind
				subject, group string
			}{{budget.Person, "an", ""}, {budget.Person, "bo", "large"}, {budget.Team, "t", ""}, {budget.Key, "k", ""}, {budget.Organisation, "", ""}, {budget.Organisation, "", "large"}} {
				period := rapid.SampledFrom([]budget.Period{budget.Day, budget.Week, budget.Month, budget.Ever}).Draw(r, "period")
				w.limits = append(w.limits,
					budget.Limit{ID: fmt.Sprint("e", i), Kind: l.kind, Subject: l.subject, Group: l.group, Period: period, Unit: budget.Euros, Most: rapid.Int64Range(0, 40).Draw(r, "cents") * int64(price.Cent)},
					budget.Limit{ID: fmt.Sprint("t", i), Kind: l.kind, Subject: l.subject, Group: l.group, Period: budget.Day, Unit: budget.Tokens, Most: rapid.Int64Range(0, 4000).Draw(r, "most")})
			}
			w.fresh = func(i int) *budget.Book {
				return budget.New([]*db.DB{a, b}[i], limits(w.limits), w.clocks[i].now)
			}
			for i := range w.nodes {
				w.clocks[i] = &hands{at: at(start)}
				w.nodes[i] = w.fresh(i)
			}
			r.Repeat(map[string]func(*rapid.T){
				"reserve":  w.reserve,
				"reserve2": w.reserve,
				"settle":   func(t *rapid.T) { w.end(t, "settled") },
				"release":  func(t *rapid.T) { w.end(t, "released") },
				"again": func(t *rapid.T) { // the answer was lost, and the node asks again
					if len(w.calls) == 0 {
						return
					}
					c := rapid.SampledFrom(w.calls).Draw(t, "call")
					if _, err := w.nodes[0].Reserve(context.Background(), w.in, &c.Call); (c.state == "held") != (err == nil) || err != nil && !errors.Is(err, budget.ErrEnded) {
						t.Fatalf("again %s while %s: %v", c.ID, c.state, err)
					}
				},
				"pass": func(t *rapid.T) {
					by := time.Duration(rapid.IntRange(1, 300).Draw(t, "minutes")) * time.Minute
					for _, c := range w.clocks {
						c.set(c.now().Add(by))
					}
				},
				"jump": func(t *rapid.T) { // the clock of one node
					c := w.clocks[rapid.IntRange(0, 1).Draw(t, "node")]
					c.set(c.now().Add(rapid.SampledFrom([]time.Duration{time.Hour, -time.Hour}).Draw(t, "by")))
				},
				"die": func(t *rapid.T) { // what it knew is gone, what it reserved is not
					i := rapid.IntRange(0, 1).Draw(t, "node")
					w.nodes[i] = w.fresh(i)
				},
				"lapse": func(t *rapid.T) {
					i := rapid.IntRange(0, 1).Draw(t, "node")
					want, now := 0, w.clocks[i].now()
					for _, c := range w.calls {
						if c.state == "held" && c.due.Before(now) {
							c.state = "lapsed"
							want++
						}
					}
					if n, err := w.nodes[i].Lapse(context.Background(), w.in); err != nil || n != want {
						t.Fatalf("%d lapsed (%v), want %d", n, err, want)
					}
				},
				"": w.check,
			})
		})
	})
}
