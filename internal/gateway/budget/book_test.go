package budget_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/gateway/budget"
	"tekentafel/internal/gateway/price"
	"tekentafel/internal/privacy/heldtest"
)

func TestARefusalSaysWhichLimitHowMuchIsLeftWhenItResetsAndWhomToAsk(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := &hands{at: at("2026-10-25 02:15:00")}
		b := budget.New(d, limits{
			{ID: "team", Kind: budget.Team, Subject: "t", Period: budget.Month, Unit: budget.Euros, Most: int64(euro("1")), Ask: "Hilde"},
			{ID: "own", Kind: budget.Person, Subject: "an", Period: budget.Day, Unit: budget.Euros, Most: int64(euro("0.10")), Own: true},
			{ID: "other", Kind: budget.Person, Subject: "bo", Period: budget.Day, Unit: budget.Tokens, Most: 0},
		}, h.now)
		call := func(id, most string) *budget.Call {
			return &budget.Call{ID: id, Person: "an", Teams: []string{"t"}, Most: budget.Amount{Euro: euro(most), Tokens: 10}, Within: time.Minute}
		}
		if _, err := b.Reserve(t.Context(), dbtest.Ours, call("1", "0.06")); err != nil {
			t.Fatal(err)
		}
		_, err := b.Reserve(t.Context(), dbtest.Ours, call("2", "0.050000001"))
		var refused *budget.Refused
		if !errors.As(err, &refused) || refused.ID != "own" || !refused.Own || price.Nano(refused.Left()) != euro("0.04") || !refused.Resets.Equal(at("2026-10-26 00:00:00")) {
			t.Fatalf("%v: %+v", err, refused)
		}
		for _, want := range []string{"person", "day", "0.04 euro left", "0.050000001", "2026-10-26T00:00:00+01:00", "who sets the limits"} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%q says nothing of %s", err, want)
			}
		}
		if _, err := b.Reserve(t.Context(), dbtest.Ours, call("3", "20")); !errors.As(err, &refused) || refused.ID != "own" {
			t.Errorf("of two limits that refuse, %+v is told, which has more left", refused)
		}
		if err := b.Settle(t.Context(), dbtest.Ours, "1", budget.Amount{Euro: euro("0.08")}, true); err != nil { // more than was held
			t.Fatal(err)
		}
		receipt, err := b.Reserve(t.Context(), dbtest.Ours, call("4", "0.02"))
		if err != nil || len(receipt.Warn) != 1 || receipt.Warn[0].ID != "own" || receipt.Warn[0].Level != budget.Near || receipt.Warn[0].Guess != int64(euro("0.08")) {
			t.Fatalf("%+v (%v)", receipt, err)
		}
		if _, err := b.Reserve(t.Context(), dbtest.Theirs, call("1", "0.10")); err != nil {
			t.Errorf("another organisation is refused by what ours used: %v", err)
		}
		h.set(at("2026-10-26 00:00:00"))
		if _, err := b.Reserve(t.Context(), dbtest.Ours, call("5", "0.10")); err != nil {
			t.Errorf("the next day: %v", err)
		}
	})
}

// TestNothingPassesALimitAndNothingIsLostWhenTwoNodesWorkAtOnce has many at work on one limit, of whom some die, some give up waiting, and
// some tell twice.
func TestNothingPassesALimitAndNothingIsLostWhenTwoNodesWorkAtOnce(t *testing.T) {
	t.Parallel()
	eachPair(t, func(t *testing.T, one, two *db.DB) {
		const workers, each = 12, 25
		h := &hands{at: at("2026-11-29 12:00:00")}
		most := int64(euro("2.40"))
		rules := limits{{ID: "day", Kind: budget.Organisation, Period: budget.Day, Unit: budget.Euros, Most: most}, organisationLimit(budget.Tokens, 1e12)}
		nodes := []*budget.Book{budget.New(one, rules, h.now), budget.New(two, rules, h.now)}
		var used, tokens, lost, guessed atomic.Int64
		var refusals atomic.Int64
		work := func(worker int) error {
			random := rand.New(rand.NewPCG(7, uint64(worker)))
			node, other := nodes[worker%2], nodes[(worker+1)%2]
			for i := range each {
				id := fmt.Sprintf("%d-%d", worker, i)
				c := &budget.Call{ID: id, Person: fmt.Sprint("p", worker), Teams: []string{"t"}, Group: "large", Most: budget.Amount{Euro: euro("0.02"), Tokens: 100}, Within: time.Hour}
				ctx, stop := context.WithCancel(t.Context())
				if random.IntN(8) == 0 {
					time.AfterFunc(time.Duration(random.IntN(3000))*time.Microsecond, stop)
				}
				_, err := node.Reserve(ctx, dbtest.Ours, c)
				stop()
				var refused *budget.Refused
				switch {
				case errors.As(err, &refused):
					refusals.Add(1)
					continue
				case errors.Is(err, context.Canceled):
					continue
				case err != nil:
					return fmt.Errorf("reserve %s: %w", id, err)
				}
				is := budget.Amount{Euro: price.Nano(random.Int64N(int64(euro("0.02")))), Tokens: random.Int64N(100)}
				switch random.IntN(5) {
				case 0: // the node dies
					lost.Add(1)
					used.Add(int64(c.Most.Euro))
					guessed.Add(int64(c.Most.Euro))
					tokens.Add(c.Most.Tokens)
				case 1:
					if err := errors.Join(node.Release(t.Context(), dbtest.Ours, id), other.Release(t.Context(), dbtest.Ours, id)); err != nil {
						return err
					}
				default:
					var group sync.WaitGroup
					told := make([]error, 2)
					for i, n := range []*budget.Book{node, other} {
						group.Go(func() { told[i] = n.Settle(t.Context(), dbtest.Ours, id, is, false) })
					}
					group.Wait()
					if err := errors.Join(told...); err != nil {
						return fmt.Errorf("settle %s: %w", id, err)
					}
					used.Add(int64(is.Euro))
					tokens.Add(is.Tokens)
				}
			}
			return nil
		}
		var group sync.WaitGroup
		for w := range workers {
			group.Go(func() {
				if err := work(w); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		waitForReleases(t, nodes[0], int(lost.Load()))
		h.set(h.now().Add(2 * time.Hour))
		a, errA := nodes[0].Lapse(t.Context(), dbtest.Ours)
		b, errB := nodes[1].Lapse(t.Context(), dbtest.Ours)
		if err := errors.Join(errA, errB); err != nil || int64(a+b) != lost.Load() {
			t.Errorf("%d and %d lapsed (%v), %d were lost", a, b, err, lost.Load())
		}
		states, err := nodes[1].Left(t.Context(), dbtest.Ours, &budget.Call{})
		if err != nil {
			t.Fatal(err)
		}
		day, all := states[0], states[1]
		if day.Used != used.Load() || day.Held != 0 || day.Guess != guessed.Load() || day.Used > most || all.Used != tokens.Load() || all.Held != 0 {
			t.Errorf("%+v and %+v; %d nano-euro (%d estimated) and %d tokens were used", day, all, used.Load(), guessed.Load(), tokens.Load())
		}
		if refusals.Load() == 0 {
			t.Error("nothing was refused, so the limit was not tried")
		}
		var sum, people int64
		if err := one.Of(dbtest.Ours).Row(t.Context(), `SELECT CAST(SUM(used_euro) FILTER (WHERE counter LIKE 'person:%') AS BIGINT), CAST(SUM(used_euro) FILTER (WHERE counter = 'team:t') AS BIGINT)
FROM budget_days WHERE tenant_id = $1 AND model_group = 'large'`, nil, &people, &sum); err != nil || sum != used.Load() || people != used.Load() {
			t.Errorf("team %d, people %d (%v), want %d", sum, people, err, used.Load())
		}
	})
}

func TestExactlyAsManyCallsPassAtOnceAsALimitHolds(t *testing.T) {
	t.Parallel()
	eachPair(t, func(t *testing.T, one, two *db.DB) {
		const fit, try = 17, 160
		h := &hands{at: at("2026-11-29 12:00:00")}
		rules := limits{{ID: "large", Kind: budget.Organisation, Group: "large", Period: budget.Week, Unit: budget.Euros, Most: fit*int64(euro("0.03")) + int64(euro("0.029999999"))}}
		nodes := []*budget.Book{budget.New(one, rules, h.now), budget.New(two, rules, h.now)}
		var passed, refused atomic.Int64
		var group sync.WaitGroup
		for i := range try {
			group.Go(func() {
				_, err := nodes[i%2].Reserve(t.Context(), dbtest.Ours, &budget.Call{ID: fmt.Sprint(i), Group: "large", Most: budget.Amount{Euro: euro("0.03")}, Within: time.Hour})
				var r *budget.Refused
				switch {
				case err == nil:
					passed.Add(1)
				case errors.As(err, &r):
					refused.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		group.Wait()
		if passed.Load() != fit || refused.Load() != try-fit {
			t.Errorf("%d passed and %d were refused; %d fit", passed.Load(), refused.Load(), fit)
		}
	})
}

// waitForReleases waits until only lost calls are held: what nobody waited for is released in the background.
func waitForReleases(t *testing.T, b *budget.Book, lost int) {
	t.Helper()
	for range 200 {
		states, err := b.Left(t.Context(), dbtest.Ours, &budget.Call{})
		if err != nil {
			t.Fatal(err)
		}
		if states[1].Held == int64(lost)*100 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Errorf("more than the %d lost calls stay held", lost)
}

func TestALateSettlementReplacesTheEstimate(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := &hands{at: at("2026-11-30 23:59:00")}
		b := budget.New(d, limits{organisationLimit(budget.Euros, 1e15), {ID: "month", Kind: budget.Organisation, Period: budget.Month, Unit: budget.Euros, Most: 1e15}}, h.now)
		for _, id := range []string{"late", "never"} {
			if _, err := b.Reserve(t.Context(), dbtest.Ours, &budget.Call{ID: id, Person: "an", Most: budget.Amount{Euro: euro("0.50")}, Within: time.Minute}); err != nil {
				t.Fatal(err)
			}
		}
		h.set(at("2026-12-01 01:00:00")) // an hour ahead of the truth, and in another month
		if n, err := b.Lapse(t.Context(), dbtest.Ours); n != 2 || err != nil {
			t.Fatal(n, err)
		}
		if err := b.Settle(t.Context(), dbtest.Ours, "late", budget.Amount{Euro: euro("0.123456789")}, false); err != nil {
			t.Fatal(err)
		}
		states, err := b.Left(t.Context(), dbtest.Ours, &budget.Call{})
		if err != nil || states[0].Used != int64(euro("0.623456789")) || states[0].Guess != int64(euro("0.50")) || states[1].Used != 0 {
			t.Errorf("%+v (%v)", states, err)
		}
	})
}

// TestACallThatWasReleasedBeforeItArrivedIsNotReserved: a node that lost the answer to a reservation releases it, while its transaction may still be under way.
func TestACallThatWasReleasedBeforeItArrivedIsNotReserved(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := budget.New(d, limits{organisationLimit(budget.Euros, 1e15)}, clock.System())
		if err := b.Release(t.Context(), dbtest.Ours, "x"); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Reserve(t.Context(), dbtest.Ours, &budget.Call{ID: "x", Most: budget.Amount{Euro: 7}, Within: time.Minute}); !errors.Is(err, budget.ErrEnded) {
			t.Errorf("reserved after it was released: %v", err)
		}
		if states, err := b.Left(t.Context(), dbtest.Ours, &budget.Call{}); err != nil || states[0].Held != 0 {
			t.Errorf("%+v (%v)", states, err)
		}
	})
}

func TestNothingNamesAPersonOnceACallHasEndedButTheSumOfTheDay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := &hands{at: at("2026-11-29 12:00:00")}
		b := budget.New(d, limits{{ID: "ever", Kind: budget.Person, Subject: "anna", Period: budget.Ever, Unit: budget.Tokens, Most: 1000},
			{ID: "month", Kind: budget.Person, Subject: "anna", Period: budget.Month, Unit: budget.Tokens, Most: 1000}}, h.now)
		for i := range 3 {
			h.set(at("2026-11-29 12:00:00").AddDate(0, 0, i))
			c := &budget.Call{ID: fmt.Sprint(i), Person: "anna", Teams: []string{"t"}, Most: budget.Amount{Tokens: 100}, Within: time.Minute}
			if _, err := b.Reserve(t.Context(), dbtest.Ours, c); err != nil {
				t.Fatal(err)
			}
			if i < 2 {
				if err := b.Settle(t.Context(), dbtest.Ours, c.ID, budget.Amount{Tokens: 40}, false); err != nil {
					t.Fatal(err)
				}
			}
		}
		tables := func() (out []string) {
			for _, f := range heldtest.Mentions(t, d, dbtest.Ours, "anna") {
				out = append(out, f.Table+"/"+f.Key)
			}
			return out
		}
		if got := strings.Join(tables(), " "); strings.Count(got, "budget_calls") != 1 || strings.Count(got, "budget_days") != 3 {
			t.Errorf("named in %s", got)
		}
		if err := b.Release(t.Context(), dbtest.Ours, "2"); err != nil {
			t.Fatal(err)
		}
		h.set(at("2027-01-15 00:00:00"))
		if _, err := b.Forget(t.Context(), dbtest.Ours, h.now(), clock.Brussels()); err != nil {
			t.Fatal(err)
		}
		if got := tables(); len(got) != 1 || !strings.HasPrefix(got[0], "budget_days") {
			t.Errorf("named in %v after it was put together", got)
		}
		states, err := b.Left(t.Context(), dbtest.Ours, &budget.Call{Person: "anna"})
		if err != nil || states[0].Used != 80 || states[0].Held != 0 || states[1].Used != 0 {
			t.Errorf("%+v (%v)", states, err)
		}
		if err := b.Settle(t.Context(), dbtest.Ours, "0", budget.Amount{}, false); !errors.Is(err, budget.ErrUnknown) {
			t.Errorf("a call whose name is gone: %v", err)
		}
	})
}

func TestWhoIsErasedIsNowhereAndTheirTeamIsRight(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := &hands{at: at("2026-11-29 12:00:00")}
		b := budget.New(d, limits{{ID: "team", Kind: budget.Team, Subject: "t", Period: budget.Month, Unit: budget.Tokens, Most: 1000},
			{ID: "anna", Kind: budget.Person, Subject: "anna", Period: budget.Month, Unit: budget.Tokens, Most: 1000}}, h.now)
		for _, id := range []string{"ended", "runs", "lapses", "other"} {
			c := &budget.Call{ID: id, Person: "anna", Teams: []string{"t"}, Group: "large", Most: budget.Amount{Tokens: 100}, Within: time.Hour}
			if id == "lapses" {
				c.Within = time.Minute
			}
			if id == "other" {
				c.Person = "annabel"
			}
			if _, err := b.Reserve(t.Context(), dbtest.Ours, c); err != nil {
				t.Fatal(err)
			}
		}
		if err := b.Settle(t.Context(), dbtest.Ours, "ended", budget.Amount{Tokens: 10}, false); err != nil {
			t.Fatal(err)
		}
		h.set(h.now().Add(2 * time.Minute))
		if n, err := b.Lapse(t.Context(), dbtest.Ours); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		if err := d.Write(t.Context(), dbtest.Ours, func(s *db.Scope) error { return b.Erase(t.Context(), s, "anna") }); err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{"runs", "lapses"} {
			if err := b.Settle(t.Context(), dbtest.Ours, id, budget.Amount{Tokens: 20}, false); err != nil {
				t.Fatal(err)
			}
		}
		for _, f := range heldtest.Mentions(t, d, dbtest.Ours, "anna") {
			if !strings.Contains(f.Key, "annabel") && f.Key != "other" {
				t.Errorf("still named in %s/%s", f.Table, f.Key)
			}
		}
		states, err := b.Left(t.Context(), dbtest.Ours, &budget.Call{Person: "anna", Teams: []string{"t"}})
		if err != nil || states[0].Used != 50 || states[0].Held != 100 || states[1].Used != 0 || states[1].Held != 0 {
			t.Errorf("%+v (%v)", states, err)
		}
	})
}

func TestACallThatCannotBeKeptIsRefusedAlone(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	b := budget.New(d, limits{}, clock.System())
	good := func() *budget.Call {
		return &budget.Call{ID: "x", Person: "an", Most: budget.Amount{Euro: 1, Tokens: 1}, Within: time.Second}
	}
	for name, spoil := range map[string]func(*budget.Call){
		"no name": func(c *budget.Call) { c.ID = "" }, "a line in a name": func(c *budget.Call) { c.Person = "a\nteam:t" },
		"broken UTF-8": func(c *budget.Call) { c.Teams = []string{"\xff"} }, "long": func(c *budget.Call) { c.Group = strings.Repeat("g", 201) },
		"less than nothing": func(c *budget.Call) { c.Most.Euro = -1 }, "no time": func(c *budget.Call) { c.Within = 0 },
		"more than there is": func(c *budget.Call) { c.Most.Tokens = 1e13 },
	} {
		c := good()
		spoil(c)
		if _, err := b.Reserve(t.Context(), dbtest.Ours, c); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	if _, err := b.Reserve(t.Context(), dbtest.Ours, good()); err != nil {
		t.Error(err)
	}
	if err := b.Settle(t.Context(), dbtest.Ours, "x", budget.Amount{Euro: -1}, false); err == nil {
		t.Error("a call used less than nothing")
	}
	if err := b.Settle(t.Context(), dbtest.Ours, "y", budget.Amount{}, false); !errors.Is(err, budget.ErrUnknown) {
		t.Error(err)
	}
}
