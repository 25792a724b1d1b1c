package jobs

import (
	"context"
	"errors"
	"testing"
	"time"

	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
)

// claimed starts an attempt as a worker does, and leaves it at that: what a worker does that is killed next.
func (w *world) claimed() *Job {
	w.t.Helper()
	var j *Job
	err := w.d.System().Write(w.t.Context(), func(s *db.System) (err error) {
		j, _, err = claim(w.t.Context(), s, w.clock.now(), w.Lease, nil)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return j
}

func TestOnlyTheNewestAttemptCanFinish(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, simple())
		jobID := w.add(New{Kind: "simple"})
		slow := w.claimed()
		if again := w.claimed(); again != nil {
			t.Fatalf("a job that is worked on was given out again: %+v", again)
		}
		w.clock.step(w.Lease + time.Second)
		newer := w.claimed()
		if slow == nil || newer == nil || newer.ID != jobID || newer.Attempt != 2 {
			t.Fatalf("%+v, %+v", slow, newer)
		}
		ctx := t.Context()
		if err := w.finish(ctx, slow, effect("of the slow attempt")); !errors.Is(err, errLost) {
			t.Errorf("an attempt whose lease was lost finished: %v", err)
		}
		w.settleFailure(ctx, slow, w.kinds["simple"], errAgain, 1)
		w.giveBack(ctx, slow, w.clock.now())
		if j := w.job(jobID); j.State != Running || j.Attempt != 2 {
			t.Fatalf("an attempt whose lease was lost changed the job: %+v", j)
		}
		alive := true
		err := d.System().Write(ctx, func(s *db.System) (err error) {
			alive, err = beat(ctx, s, slow, w.clock.now().Add(time.Hour), "slow", 1, 2)
			return err
		})
		if err != nil || alive {
			t.Errorf("an attempt whose lease was lost counts as alive: %v", err)
		}
		if err := w.finish(ctx, newer, effect(jobID)); err != nil {
			t.Fatal(err)
		}
		if err := w.finish(ctx, newer, effect(jobID)); !errors.Is(err, errLost) {
			t.Errorf("it finished twice: %v", err)
		}
		if got := effects(t, d); len(got) != 1 || got[jobID] != 1 {
			t.Errorf("results: %v", got)
		}
	})
}

func TestAttemptThatWasGivenBackCannotFinish(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, simple())
		jobID := w.add(New{Kind: "simple"})
		slow := w.claimed()
		w.clock.step(w.Lease + time.Second)
		stopped := w.claimed() // a second node, which stops in order and gives the job back
		w.giveBack(t.Context(), stopped, w.clock.now())
		if err := w.finish(t.Context(), slow, effect("slow")); !errors.Is(err, errLost) {
			t.Errorf("the first attempt finished a job that waits: %v", err)
		}
		third := w.claimed()
		if err := w.finish(t.Context(), slow, effect("slow")); !errors.Is(err, errLost) {
			t.Errorf("the first attempt finished for the third: %v", err)
		}
		if err := w.finish(t.Context(), third, effect(jobID)); err != nil {
			t.Error(err)
		}
		if got := effects(t, d); len(got) != 1 || got[jobID] != 1 {
			t.Errorf("results: %v", got)
		}
	})
}

func TestJobThatCrashesTheProgramEachTimeIsGivenUpWithAMessageThatSaysSo(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := simple()
		k.MaxAttempts = 3
		k.Run = func(context.Context, *Job, *Progress) (Finish, error) {
			t.Error("it was started once more")
			return nil, nil
		}
		k.Failed = func(ctx context.Context, s *db.Scope, j *Job) error { return effect("gave up "+j.ID)(ctx, s) }
		w := newWorld(t, d, k)
		jobID := w.add(New{Kind: "simple"})
		for range k.MaxAttempts {
			if w.claimed() == nil {
				t.Fatal("it was not started")
			}
			w.clock.step(w.Lease + time.Second)
		}
		w.run()
		j := w.untilState(jobID, Failed)
		for _, lang := range instrument.Languages() {
			if got := j.Trouble.In(lang); got == "" || got != text(lang, "error.crashed") {
				t.Errorf("%s: it says %q", lang, got)
			}
		}
		if got := effects(t, d); got["gave up "+jobID] != 1 {
			t.Errorf("nobody was told: %v", got)
		}
	})
}

func TestProgramThatStartsTakesOverWhatADeadOneLeft(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, simple())
		jobID := w.add(New{Kind: "simple"})
		w.claimed()
		w.run()
		if d.Engine == db.PostgreSQL { // another node may live, so the lease is waited for
			time.Sleep(50 * time.Millisecond)
			if j := w.job(jobID); j.State != Running || j.Attempt != 1 {
				t.Errorf("taken from a node that may live: %+v", j)
			}
			w.clock.step(w.Lease + time.Second)
		} else {
			w.clock.step(time.Microsecond)
		}
		if j := w.untilState(jobID, Done); j.Attempt != 2 {
			t.Errorf("%+v", j)
		}
	})
}

func TestWaitGrowsFourfoldUpToAnHour(t *testing.T) {
	t.Parallel()
	want := 2 * time.Second
	for attempt := 1; attempt < 40; attempt++ {
		for range 50 {
			if got := backoff(attempt); got < want || got > want+want/5 {
				t.Fatalf("after attempt %d: %v, want %v to %v", attempt, got, want, want+want/5)
			}
		}
		want = min(4*want, time.Hour)
	}
}
