package gateway_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/gateway"
	"tekentafel/internal/gateway/backend"
	"tekentafel/internal/gateway/budget"
	"tekentafel/internal/gateway/door"
	"tekentafel/internal/gateway/wire"
	"tekentafel/internal/guard"
	"tekentafel/internal/tenant"
)

// forgetful is a book whose store does not answer now and then, before or after it did what was asked.
type forgetful struct{ gateway.Book }

var errStore = errors.New("the store does not answer")

func (f *forgetful) Reserve(ctx context.Context, t tenant.ID, c *budget.Call) (budget.Receipt, error) {
	if rand.IntN(4) == 0 {
		return budget.Receipt{}, errStore
	}
	r, err := f.Book.Reserve(ctx, t, c)
	if rand.IntN(4) == 0 {
		return r, errStore
	}
	return r, err
}

func (f *forgetful) Settle(ctx context.Context, t tenant.ID, id string, used budget.Amount, estimate bool) error {
	if rand.IntN(4) == 0 {
		return errStore
	}
	err := f.Book.Settle(ctx, t, id, used, estimate)
	if rand.IntN(4) == 0 {
		return errStore
	}
	return err
}

func TestWhatNeedsNoLimitIsCountedOnceWhateverTheStoreDoes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{change: func(d *gateway.Dependencies) { d.Book = &forgetful{d.Book} }})
	var want int64
	failed := 0
	for i := range 40 {
		who := door.Caller{Tenant: dbtest.Ours, Person: string(rune('a' + i%5)), Teams: []string{"t1", "t2"}}
		r, err := w.engine.Do(t.Context(), who, request(t, wire.Chat, chat("mock", "Hallo", false)), gateway.Options{}, &collected{})
		if err != nil {
			t.Fatal(err)
		}
		want += int64(r.Cost)
		if i%7 == 0 && w.engine.Flush(t.Context()) != nil {
			failed++
		}
	}
	for well := 0; well < 2; { // what waited, and what came meanwhile
		if w.engine.Flush(t.Context()) == nil {
			well++
			continue
		}
		failed++
	}
	if used, held, _ := w.used(); used != want || held != 0 || failed == 0 {
		t.Errorf("%d used, %d held, want %d; it failed %d times", used, held, want, failed)
	}
}

func TestRunCountsAndLetsCallsLapse(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{change: func(d *gateway.Dependencies) {
		d.Tenants = func(context.Context) ([]tenant.ID, error) { return []tenant.ID{dbtest.Ours, dbtest.Theirs}, nil }
	}})
	r, err := w.engine.Do(t.Context(), program, request(t, wire.Chat, chat("mock", "Hallo", false)), gateway.Options{}, &collected{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.book.Reserve(t.Context(), dbtest.Ours, &budget.Call{ID: "left", Most: budget.Amount{Euro: 77}, Within: time.Millisecond}); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { w.engine.Run(ctx); close(done) }()
	within(t, "all is counted", func() bool {
		used, held, guess := w.used()
		return used == int64(r.Cost)+77 && held == 0 && guess == 77
	})
	stop()
	<-done
}

func TestTheChatAsksAndCanStop(t *testing.T) {
	t.Parallel()
	w := newPooled(t, "anthropic", "echo;bytes=3", settings{})
	person := door.Caller{Tenant: dbtest.Ours, Person: "an", Teams: []string{"unit-1"}}
	talk := func() *wire.Conversation {
		return &wire.Conversation{Model: "m", System: []wire.Part{{Text: "Wees beleefd."}}, Turns: []wire.Turn{{Role: wire.RoleUser, Parts: []wire.Part{{Text: told}}}}}
	}
	text, masked := "", 0
	r, err := w.engine.Ask(t.Context(), person, talk(), gateway.Options{Task: "brief", Labels: guard.LabelsOf("fr")}, func(p gateway.Passed) { masked = len(p.Masked) }, func(s wire.Step) error {
		if s.Kind == wire.StepText {
			text += s.Text
		}
		return nil
	})
	if err != nil || text != told || masked != 3 || r.Task != "brief" || r.Person != "an" || r.Outcome != door.Answered || !strings.Contains(string(w.mock.Received()[0]), "[PERSONNE-1]") {
		t.Errorf("%q, %+v: %v", text, r, err)
	}
	w.unseen()
	enough := errors.New("enough")
	r, err = w.engine.Ask(t.Context(), person, talk(), gateway.Options{}, nil, func(s wire.Step) error {
		if s.Kind == wire.StepText {
			return enough
		}
		return nil
	})
	if !errors.Is(err, enough) || r.Outcome != door.Stopped || !r.Estimate || r.Cost == 0 {
		t.Errorf("%+v: %v", r, err)
	}
	within(t, "the model is stopped", func() bool { return w.mock.Counts().Open == 0 })
}

func TestThePracticeModelAnswersThroughTheGateway(t *testing.T) {
	t.Parallel()
	s := backend.PracticeAlone()
	pool, err := backend.New(s, backend.Parts{Now: clock.System(), Wait: func(context.Context, time.Duration) error { return nil }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pool.Close() })
	w := newWorld(t, settings{change: func(d *gateway.Dependencies) { d.Upstream, d.Prices = pool, s.Prices }})
	for _, stream := range []bool{false, true} {
		out := &collected{}
		r, err := w.engine.Do(t.Context(), program, request(t, wire.Chat, chat(backend.PracticeName, "Vat samen: mevrouw An Peeters belde.", stream)), gateway.Options{}, out)
		if err != nil || out.text(t) == "" || r.Cost != 0 || r.Estimate || r.Used.Output == 0 || r.Masked != 1 || strings.Contains(out.text(t), "[PERSOON") {
			t.Errorf("%q %+v: %v", out.text(t), r, err)
		}
	}
}
