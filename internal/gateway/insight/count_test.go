package insight

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/gateway/door"
	"tekentafel/internal/gateway/price"
	"tekentafel/internal/tenant"
)

func TestAMonthIsClosedOnceAndNothingButItsFiguresStays(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := newWorld(t, d), t.Context()
		w.month()
		if w.rows("use_marks") == 0 || w.rows("use_amounts") == 0 {
			t.Fatal("nothing was counted")
		}
		w.set(at("2026-12-02 08:00"))
		w.must(w.a.Close(ctx))
		if list, err := w.a.closedMonths(ctx, dbtest.Ours); err != nil || len(list) != 0 {
			t.Fatalf("closed before its time: %v %v", list, err)
		}
		w.set(at("2026-12-02 13:00"))
		var wait sync.WaitGroup
		for _, s := range []*Service{w.a, w.b} {
			wait.Go(func() {
				if err := s.Close(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if n := w.rows("use_marks") + w.rows("use_amounts"); n != 0 {
			t.Errorf("%d rows of marks and amounts are left", n)
		}
		var key []byte
		var text string
		w.must(d.Of(dbtest.Ours).Row(ctx, `SELECT key, figures FROM use_months WHERE tenant_id = $1`, nil, &key, &text))
		if len(key) != 0 {
			t.Error("the key of the month is left")
		}
		for _, never := range []string{"secret-task", "oefen", "citizens-3", "health", "key-1"} {
			if strings.Contains(text, never) {
				t.Errorf("%q is in what is shown: %s", never, text)
			}
		}
		f, _, err := w.a.figures(ctx, dbtest.Ours, "2026-11")
		w.must(err)
		if f.People != (People{N: 85}) || f.Heads != 299 || f.Days == 0 || len(f.Departments) != 4 || f.Hidden["model"] != 1 || f.Hidden["task"] != 1 {
			t.Errorf("%s", text)
		}
		if works := f.Departments[3]; !works.Hidden || works.People.N != 0 || works.Days != 0 {
			t.Errorf("three people of a department are shown: %+v", works)
		}
		if f.Amounts == nil || f.Amounts.Tokens == 0 || len(f.Amounts.Energy) != 1 {
			t.Errorf("amounts: %+v %s", f.Amounts, f.Why)
		}
		late := w.call("citizens-1", "groot", "", at("2026-11-30 23:59"))
		w.a.Count(late)
		w.must(w.a.Flush(ctx))
		if n := w.rows("use_marks") + w.rows("use_amounts"); n != 0 {
			t.Errorf("a call that came too late left %d rows", n)
		}
	})
}

func TestOnePersonCountsOnceOnEveryNodeAndInOneDepartmentAMonth(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := newWorld(t, d), t.Context()
		w.a.Count(w.call("green-1", "groot", "summary", at("2026-11-03 10:00")))
		w.must(w.a.Flush(ctx))
		w.staff.moved["green-1"] = "citizens"
		for range 50 {
			w.b.Count(w.call("green-1", "groot", "summary", at("2026-11-03 11:00")))
			w.b.Count(w.call("green-1", "groot", "summary", at("2026-11-04 11:00")))
		}
		w.must(w.b.Flush(ctx))
		r, err := w.a.raw(ctx, d.Of(dbtest.Ours), "2026-11")
		w.must(err)
		if got := fmt.Sprint(r.all, r.groups, r.days, r.models, r.tasks); got != "1 map[{green field}:1] map[{green field}:2] map[groot:1] map[summary:1]" {
			t.Error(got)
		}
		if tokens := r.amounts[amountTokens]; tokens != 101*1200 {
			t.Errorf("%d tokens", tokens)
		}
	})
}

func TestMarksOfOnePersonCannotBeToldToBeOfOnePerson(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t, dbtest.SQLite(t)), t.Context()
	w.month()
	seen := map[string]bool{}
	w.must(w.d.Of(dbtest.Ours).Rows(ctx, `SELECT cell, mark FROM use_marks WHERE tenant_id = $1`, func(scan func(...any) error) error {
		var cell string
		var m []byte
		if err := scan(&cell, &m); err != nil {
			return err
		}
		if seen[string(m)] {
			t.Errorf("a mark stands twice")
		}
		seen[string(m)] = true
		if strings.Contains(cell, "green-") || strings.Contains(cell, "citizens-") {
			t.Errorf("a cell names an account: %s", cell)
		}
		return nil
	}))
}

func TestTheFilesOfTheStoreNameNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t))
	w.month()
	for _, name := range []string{w.d.Address, w.d.Address + "-wal"} {
		text, err := os.ReadFile(name)
		w.must(err)
		for _, never := range []string{"green-3", "citizens-1", "key-1"} {
			if bytes.Contains(text, []byte(never)) {
				t.Errorf("%s names %s", filepath.Base(name), never)
			}
		}
	}
}

// BenchmarkFlush measures the writing of 2,000 people who used a model for the first time in a month, and then of the same people on the next day.
func BenchmarkFlush(b *testing.B) {
	for b.Loop() {
		w := newWorld(b, dbtest.SQLite(b))
		for day := range 2 {
			for i := range 2000 {
				w.a.Count(w.call(fmt.Sprintf("green-%d", i), "groot", "summary", at(fmt.Sprintf("2026-11-%02d 10:00", day+2))))
			}
			begin := time.Now()
			w.must(w.a.Flush(b.Context()))
			b.ReportMetric(float64(time.Since(begin).Milliseconds()), fmt.Sprintf("ms-day-%d", day+1))
		}
		begin := time.Now()
		w.set(at("2026-12-03 10:00"))
		w.must(w.a.CloseOf(b.Context(), dbtest.Ours))
		b.ReportMetric(float64(time.Since(begin).Milliseconds()), "ms-close")
	}
}

func TestWhatCouldNotBeWrittenIsWrittenLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t))
	w.a.Count(w.call("green-1", "groot", "", at("2026-11-03 10:00")))
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.a.Flush(gone); err == nil {
		t.Fatal("a writing without time worked")
	}
	w.must(w.a.Flush(t.Context()))
	if w.rows("use_marks") == 0 {
		t.Error("what was counted is lost")
	}
	stray := w.call("x", "groot", "", at("2026-11-03 10:00"))
	stray.Tenant = tenant.ID("gone")
	w.a.Count(stray)
	w.must(w.a.Flush(t.Context()))
	if len(w.a.counter.take()) != 0 {
		t.Error("what belongs to no organisation is kept for ever")
	}
}

func TestRunWritesOnceMoreWhenItEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.a.Run(ctx) }()
	time.Sleep(100 * time.Millisecond)
	w.a.Count(w.call("green-1", "groot", "", at("2026-11-03 10:00")))
	cancel()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if w.rows("use_marks") == 0 {
		t.Error("the last seconds are lost")
	}
}

func TestMadeUpNamesFillNoStore(t *testing.T) {
	t.Parallel()
	c := newCounter(at("2026-11-03 10:00").Location())
	for i := range 10_000 {
		c.Count(&door.Done{Caller: door.Caller{Tenant: "o", Person: "p"}, Model: fmt.Sprint("model ", i), Task: strings.Repeat("x", 200), Outcome: door.Answered, At: at("2026-11-03 10:00")})
	}
	if n := len(c.of["o"].seen); n > maxNames+10 {
		t.Errorf("%d cells", n)
	}
}

func TestEnergyOfDifferentMethodsIsNeverAdded(t *testing.T) {
	t.Parallel()
	sum := map[string]int64{}
	for _, e := range []price.Estimate{{Method: price.Formula, Grade: price.Open, Low: 1, High: 10}, {Method: price.Formula, Grade: price.Guessed, Low: 2, High: 30}, {Method: price.Meter, Grade: price.Measured, Low: 5, High: 5}} {
		for name, n := range amountsOf(&door.Done{Energy: e, Used: price.Usage{Output: 1}}) {
			sum[name] += n
		}
	}
	list := energies(sum)
	if len(list) != 2 || list[0] != (price.Estimate{Method: price.Meter, Grade: price.Measured, Low: 5, High: 5}) || list[1] != (price.Estimate{Method: price.Formula, Grade: price.Guessed, Low: 3, High: 40}) {
		t.Errorf("%+v", list)
	}
}

func TestAPersonIsToldWhatIsHeldAndForgotten(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := newWorld(t, d), t.Context()
		w.month()
		before := w.rows("use_marks")
		sections, err := w.a.Held(ctx, dbtest.Ours, "green-3")
		w.must(err)
		if len(sections) != 1 || len(sections[0].Rows) < 5 {
			t.Fatalf("%+v", sections)
		}
		w.a.Count(w.call("green-3", "groot", "", at("2026-11-20 10:00")))
		w.must(d.Write(ctx, dbtest.Ours, func(tx *db.Scope) error { return w.a.Erase(ctx, tx, "green-3") }))
		w.must(w.a.Flush(ctx))
		if after := w.rows("use_marks"); after != before-len(sections[0].Rows) {
			t.Errorf("%d marks before, %d after, %d were held", before, after, len(sections[0].Rows))
		}
		if sections, err = w.a.Held(ctx, dbtest.Ours, "green-3"); err != nil || len(sections) != 0 {
			t.Errorf("%v %+v", err, sections)
		}
	})
}

func TestFiguresOfClosedMonthsGoWhenTheirTimeIsOver(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := newWorld(t, d), t.Context()
		w.month()
		w.set(at("2026-12-02 13:00"))
		w.must(w.a.Close(ctx))
		w.a.Count(w.call("green-3", "groot", "", at("2026-12-02 10:00")))
		w.must(w.a.Flush(ctx))
		kept := w.a.Kept()[0]
		n, oldest, err := kept.Count(ctx, d.Of(dbtest.Ours), at("2027-01-01 00:00"))
		if err != nil || n != 1 || oldest.IsZero() {
			t.Errorf("%d %v %v", n, oldest, err)
		}
		w.must(d.Write(ctx, dbtest.Ours, func(tx *db.Scope) error {
			_, err := kept.Delete(ctx, tx, at("2027-01-01 00:00"), 10)
			return err
		}))
		if n := w.rows("use_months"); n != 1 { // the one that runs
			t.Errorf("%d months are left", n)
		}
	})
}

func TestReachIsWhatEveryoneSees(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t, dbtest.SQLite(t)), t.Context()
	w.month()
	w.set(at("2026-12-02 13:00"))
	w.must(w.a.Close(ctx))
	list, err := w.a.Reach(ctx, dbtest.Ours, 12)
	if err != nil || len(list) != 1 || list[0].People.N != 85 || len(list[0].Tasks) != 2 {
		t.Errorf("%v %+v", err, list)
	}
	if _, err := w.a.read(ctx, dbtest.Ours, "2026-12", "nl"); err == nil {
		t.Error("the month that runs is shown")
	}
	if f, _, err := w.a.figures(ctx, dbtest.Theirs, "2026-11"); err == nil || !errors.Is(err, db.ErrNoRow) {
		t.Errorf("another organisation sees %+v %v", f, err)
	}
	if text, err := json.Marshal(list); err != nil || strings.Contains(string(text), "green-") {
		t.Errorf("%s %v", text, err)
	}
}

// BenchmarkCount measures what counting costs a call.
func BenchmarkCount(b *testing.B) {
	w := &world{}
	c := newCounter(at("2026-11-03 10:00").Location())
	calls := make([]*door.Done, 500)
	for i := range calls {
		calls[i] = w.call(fmt.Sprint("person-", i), "groot", "summary", at("2026-11-03 10:00"))
	}
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			c.Count(calls[i%len(calls)])
		}
	})
}
