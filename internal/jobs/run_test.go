package jobs

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/testkit/pgtest"
)

func TestEachJobIsDoneOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := simple()
		run := k.Run
		k.Run = func(ctx context.Context, j *Job, p *Progress) (Finish, error) {
			var args struct{ N int }
			if err := j.Args(&args); err != nil || fmt.Sprint(args.N) != j.Subject {
				t.Errorf("the job on %q was given %+v, %v", j.Subject, args, err)
			}
			return run(ctx, j, p)
		}
		w := newWorld(t, d, k)
		w.run()
		var list []string
		for n := range 20 {
			list = append(list, w.add(New{Kind: "simple", Subject: fmt.Sprint(n), Args: map[string]int{"N": n}, Account: "me"}))
		}
		for _, jobID := range list {
			j := w.untilState(jobID, Done)
			if j.Attempt != 1 || j.Started.IsZero() || j.Finished.IsZero() || len(j.Trouble) > 0 || j.Account != "me" {
				t.Errorf("%+v", j)
			}
		}
		got := effects(t, d)
		for _, jobID := range list {
			if got[jobID] != 1 {
				t.Errorf("the job %s left %d results", jobID, got[jobID])
			}
		}
	})
}

func TestResultAndDoneMarkAreKeptTogetherOrNotAtAll(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var tries atomic.Int32
		k := simple()
		k.Run = func(_ context.Context, j *Job, _ *Progress) (Finish, error) {
			return func(ctx context.Context, s *db.Scope) error {
				if err := effect(j.ID)(ctx, s); err != nil {
					return err
				}
				if tries.Add(1) == 1 {
					return errAgain // after the result was written
				}
				return nil
			}, nil
		}
		w := newWorld(t, d, k)
		w.run()
		jobID := w.add(New{Kind: "simple"})
		j := w.until(jobID, "failed once", func(j *Job) bool { return j.State == Waiting && len(j.Trouble) > 0 })
		if n := len(effects(t, d)); n != 0 || j.Attempt != 1 {
			t.Errorf("after an end that failed: %d results, %+v", n, j)
		}
		w.clock.step(time.Minute)
		if j := w.untilState(jobID, Done); len(j.Trouble) > 0 {
			t.Errorf("a job that is done still tells of trouble: %v", j.Trouble)
		}
		if got := effects(t, d); got[jobID] != 1 {
			t.Errorf("the job left %d results", got[jobID])
		}
	})
}

func TestJobThatFailsIsTriedLaterAndLaterAndThenGivenUp(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := simple()
		k.MaxAttempts = 3
		k.Run = func(context.Context, *Job, *Progress) (Finish, error) { return nil, errAgain }
		k.Failed = func(ctx context.Context, s *db.Scope, j *Job) error { return effect("gave up "+j.ID)(ctx, s) }
		w := newWorld(t, d, k)
		w.run()
		jobID := w.add(New{Kind: "simple"})
		for attempt, wait := range []time.Duration{2 * time.Second, 8 * time.Second} {
			j := w.until(jobID, "waits", func(j *Job) bool { return j.State == Waiting && j.Attempt == attempt+1 })
			if again := j.RunAt.Sub(w.clock.now()); again < wait || again > wait+wait/5 {
				t.Errorf("after attempt %d it is tried again in %v, want %v", j.Attempt, again, wait)
			}
			w.clock.step(wait - time.Millisecond)
			time.Sleep(30 * time.Millisecond)
			if got := w.job(jobID); got.Attempt != j.Attempt {
				t.Errorf("attempt %d came too early", got.Attempt)
			}
			w.clock.step(wait/5 + time.Millisecond)
		}
		j := w.untilState(jobID, Failed)
		if j.Attempt != 3 || j.Finished.IsZero() {
			t.Errorf("%+v", j)
		}
		for _, lang := range instrument.Languages() {
			if j.Trouble.In(lang) == "" {
				t.Errorf("%s: nothing says what went wrong", lang)
			}
		}
		w.clock.step(24 * time.Hour)
		time.Sleep(30 * time.Millisecond)
		if got := effects(t, d); len(got) != 1 || got["gave up "+jobID] != 1 {
			t.Errorf("given up: %v", got)
		}
	})
}

func TestProblemThatTryingAgainCannotMendEndsTheJobAtOnce(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	k := simple()
	k.Run = func(_ context.Context, j *Job, _ *Progress) (Finish, error) {
		return nil, fmt.Errorf("deep inside: %w", problem.New(problem.Kind(j.Subject), locale(), "error.ended", nil))
	}
	w := newWorld(t, d, k)
	w.run()
	for kind, ends := range map[problem.Kind]bool{
		problem.Invalid: true, problem.NotFound: true, problem.Forbidden: true, problem.Gone: true, problem.Conflict: true,
		problem.TooLarge: true, problem.Unsupported: true,
		problem.Unavailable: false, problem.Full: false, problem.Internal: false, problem.TooMany: false,
	} {
		want := Waiting
		if ends {
			want = Failed
		}
		j := w.until(w.add(New{Kind: "simple", Subject: string(kind)}), "failed", func(j *Job) bool { return len(j.Trouble) > 0 })
		if j.State != want || j.Attempt != 1 || j.Trouble.In("nl") != text("nl", "error.ended") {
			t.Errorf("%s: %+v", kind, j)
		}
	}
}

func TestPanicOfAFeatureDoesNotEndTheProgram(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	boom := simple()
	boom.Name, boom.MaxAttempts = "boom", 1
	boom.Run = func(_ context.Context, j *Job, _ *Progress) (Finish, error) {
		if j.Subject == "run" {
			panic("in the work")
		}
		return func(context.Context, *db.Scope) error { panic("in the end") }, nil
	}
	boom.Failed = func(_ context.Context, _ *db.Scope, j *Job) error {
		if j.Subject == "failed" {
			panic("in giving up")
		}
		return nil
	}
	w := newWorld(t, d, boom, simple())
	w.run()
	for _, where := range []string{"run", "finish"} {
		j := w.untilState(w.add(New{Kind: "boom", Subject: where}), Failed)
		if got := j.Trouble.In("nl"); got != text("nl", "error.failed") {
			t.Errorf("%s: says %q", where, got)
		}
	}
	w.add(New{Kind: "boom", Subject: "failed"})
	w.untilState(w.add(New{Kind: "simple"}), Done)
	w.untilState(w.add(New{Kind: "simple"}), Done)
}

func TestAttemptThatTakesTooLongEndsTheJobWithAMessageThatSaysSo(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	k := simple()
	k.Timeout = 20 * time.Millisecond
	k.Run = func(ctx context.Context, _ *Job, _ *Progress) (Finish, error) {
		<-ctx.Done()
		return nil, errAgain // many libraries hide why they stopped
	}
	w := newWorld(t, d, k)
	w.run()
	j := w.untilState(w.add(New{Kind: "simple"}), Failed)
	if j.Attempt != 1 || j.Trouble.In("nl") != text("nl", "error.timeout") {
		t.Errorf("%+v", j)
	}
}

func TestWhatAJobIsDoingShows(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		seen := make(chan struct{})
		k := simple()
		k.Run = func(_ context.Context, j *Job, p *Progress) (Finish, error) {
			p.Step("reading", 3, 12)
			<-seen
			return effect(j.ID), nil
		}
		w := newWorld(t, d, k)
		w.run()
		jobID := w.add(New{Kind: "simple"})
		j := w.until(jobID, "tells how far it is", func(j *Job) bool { return j.Stage != "" })
		if j.State != Running || j.Stage != "reading" || j.Done != 3 || j.Total != 12 {
			t.Errorf("%+v", j)
		}
		if waiting, running, err := w.Waiting(t.Context()); err != nil || waiting != 0 || running != 1 {
			t.Errorf("%d wait and %d run, %v", waiting, running, err)
		}
		close(seen)
		w.untilState(jobID, Done)
	})
}

func TestStoppingProgramGivesItsJobBackUncounted(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		began := make(chan struct{})
		var begin sync.Once
		var patience atomic.Bool
		k := simple()
		k.Run = func(ctx context.Context, j *Job, _ *Progress) (Finish, error) {
			if patience.Load() {
				return effect(j.ID), nil
			}
			begin.Do(func() { close(began) })
			<-ctx.Done()
			return nil, ctx.Err()
		}
		w := newWorld(t, d, k)
		stop := w.run()
		jobID := w.add(New{Kind: "simple"})
		<-began
		stop()
		if j := w.job(jobID); j.State != Waiting || j.Attempt != 0 {
			t.Fatalf("%+v", j)
		}
		patience.Store(true)
		w.run()
		if j := w.untilState(jobID, Done); j.Attempt != 1 {
			t.Errorf("%+v", j)
		}
	})
}

func TestJobOfAnUnknownKindWaitsForANodeThatKnowsIt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, simple())
		jobID := w.add(New{Kind: "simple"})
		old := queueOn(d, w.clock.now, Options{Poll: time.Millisecond})
		stop := runQueue(t, old)
		w.until(jobID, "was put off", func(j *Job) bool { return j.RunAt.After(w.clock.now()) })
		stop()
		if j := w.job(jobID); j.State != Waiting || j.Attempt != 0 {
			t.Fatalf("an older version spoilt it: %+v", j)
		}
		w.clock.step(strangerWait)
		w.run()
		w.untilState(jobID, Done)
	})
}

func TestTwoNodesShareTheWorkAndEachResultComesOnce(t *testing.T) {
	t.Parallel()
	address := pgtest.New(t)
	one := dbtest.Open(t, address)
	two, err := db.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := two.Close(); err != nil {
			t.Error(err)
		}
	})
	kind := func(did *atomic.Int32) Kind {
		k := simple()
		k.MaxAttempts = 100
		k.Run = func(_ context.Context, j *Job, _ *Progress) (Finish, error) {
			did.Add(1)
			time.Sleep(2 * time.Millisecond)
			return effect(j.ID), nil
		}
		return k
	}
	var first, second atomic.Int32
	w := newWorld(t, one, kind(&first))
	other := queueOn(two, w.clock.now, Options{Workers: 2, Poll: 2 * time.Millisecond})
	other.Register(kind(&second))
	const n = 120
	err = one.Write(t.Context(), dbtest.Ours, func(s *db.Scope) error {
		for range n {
			if _, err := w.Add(t.Context(), s, New{Kind: "simple"}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	w.run()
	runQueue(t, other)
	eventually(t, "every job is done", func() bool {
		w.clock.step(time.Second) // those that lost a race for the store wait for their time
		var left int
		if err := one.System().Row(t.Context(), `SELECT COUNT(*) FROM jobs WHERE state <> 'done'`, nil, &left); err != nil {
			t.Fatal(err)
		}
		return left == 0
	})
	got := effects(t, one)
	for jobID, times := range got {
		if times != 1 {
			t.Errorf("the job %s left %d results", jobID, times)
		}
	}
	if len(got) != n || first.Load() == 0 || second.Load() == 0 {
		t.Errorf("%d of %d jobs left a result; the nodes did %d and %d", len(got), n, first.Load(), second.Load())
	}
}
