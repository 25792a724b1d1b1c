package jobs

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"sync"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/problem"
)

// Run works on jobs until ctx ends; then it gives back what it had begun. Errors of the store are logged and waited out.
func (q *Queue) Run(ctx context.Context) {
	if q.db.Engine == db.SQLite {
		// Nobody else uses this store, so whoever ran these jobs is dead.
		if err := q.db.System().Write(ctx, func(s *db.System) error { return abandonAll(ctx, s) }); err != nil {
			q.log.ErrorContext(ctx, "abandoned jobs could not be freed; they will be when their lease ends", "error", err.Error())
		}
	}
	var workers sync.WaitGroup
	for range q.Workers {
		workers.Go(func() { q.work(ctx, nil) })
	}
	workers.Wait()
}

// Help works on jobs of some kinds, one at a time, until ctx ends, beside whoever else works on this store: it takes no job away from
// anybody, and leaves those of other kinds to them.
func (q *Queue) Help(ctx context.Context, kinds ...string) {
	if len(kinds) > 0 {
		q.work(ctx, kinds)
	}
}

// work looks for jobs of some kinds, nil for all, and works on them until ctx ends.
func (q *Queue) work(ctx context.Context, kinds []string) {
	for ctx.Err() == nil {
		worked, err := q.next(ctx, kinds)
		if err != nil && ctx.Err() == nil {
			q.log.ErrorContext(ctx, "looking for work failed", "error", err.Error())
		}
		if worked {
			continue
		}
		pause := time.NewTimer(q.Poll)
		select {
		case <-ctx.Done():
		case <-q.wake:
		case <-pause.C:
		}
		pause.Stop()
	}
}

// next claims one job and works on it; false when there was none.
func (q *Queue) next(ctx context.Context, kinds []string) (bool, error) {
	waiting, err := anyDue(ctx, q.db.System(), q.now(), kinds)
	if err != nil || !waiting {
		return false, err
	}
	var j *Job
	most := 0
	err = q.db.System().Write(ctx, func(s *db.System) (err error) {
		j, most, err = claim(ctx, s, q.now(), q.Lease, kinds)
		return err
	})
	if err != nil || j == nil {
		return false, err
	}
	q.nudge() // another worker may find more
	q.attempt(ctx, j, most)
	return true, nil
}

// attempt runs one attempt of a job and settles it.
func (q *Queue) attempt(ctx context.Context, j *Job, most int) {
	kind, known := q.kinds[j.Kind]
	if !known {
		q.log.ErrorContext(ctx, "a job waits for a node whose version knows its kind", "job", j.ID, "kind", j.Kind)
		q.giveBack(ctx, j, q.now().Add(strangerWait))
		return
	}
	if j.Attempt > most {
		q.settleFailure(ctx, j, kind, problem.New(problem.Gone, locale(), "error.crashed", nil), most)
		return
	}
	run, stop := context.WithTimeoutCause(ctx, kind.Timeout, problem.New(problem.TooLarge, locale(), "error.timeout", nil))
	defer stop()
	p := &Progress{}
	lost := make(chan struct{})
	beating, stopBeating := context.WithCancel(ctx)
	var beats sync.WaitGroup
	beats.Go(func() {
		if q.beat(beating, j, p) {
			close(lost)
			stop()
		}
	})
	var finish Finish
	err := guard(func() (err error) {
		finish, err = kind.Run(run, j, p)
		return err
	})
	stopBeating()
	beats.Wait()
	select {
	case <-lost:
		q.log.WarnContext(ctx, "a job was taken over or stopped", "job", j.ID, "kind", j.Kind, "attempt", j.Attempt)
		return
	default:
	}
	if err != nil && errors.Is(run.Err(), context.DeadlineExceeded) && ctx.Err() == nil {
		err = context.Cause(run) // whatever the handler made of it
	}
	if err == nil {
		err = q.finish(ctx, j, finish)
	}
	switch {
	case err == nil:
		q.log.InfoContext(ctx, "a job is done", "job", j.ID, "kind", j.Kind, "attempt", j.Attempt)
	case errors.Is(err, errLost):
		q.log.WarnContext(ctx, "a job was finished by another attempt", "job", j.ID, "kind", j.Kind)
	case ctx.Err() != nil:
		q.giveBack(ctx, j, j.RunAt)
	default:
		q.settleFailure(ctx, j, kind, err, most)
	}
}

// guard turns a panic in a feature's function into an error: one job that is wrong must not end the program.
func guard(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the job failed in the program: %v\n%s", r, debug.Stack())
		}
	}()
	return f()
}

// finish keeps the result and marks the job done, in one transaction.
func (q *Queue) finish(ctx context.Context, j *Job, finish Finish) error {
	return q.db.System().Write(ctx, func(s *db.System) error {
		ours, err := settle(ctx, s, j, Done, j.RunAt, q.now(), nil)
		if err != nil {
			return err
		}
		if !ours {
			return errLost
		}
		if finish == nil {
			return nil
		}
		return guard(func() error { return finish(ctx, s.Scope(j.Tenant)) })
	})
}

// settleFailure lets a job try again later, or gives it up.
func (q *Queue) settleFailure(ctx context.Context, j *Job, kind Kind, cause error, most int) {
	message := problem.Message{Bundle: locale(), Key: "error.failed"}
	if p, known := problem.Of(cause); known && p.Message.Bundle != nil {
		message = p.Message
	}
	j.Trouble = troubleOf(message)
	again := mendable(cause) && j.Attempt < most
	q.log.WarnContext(ctx, "a job failed", "job", j.ID, "kind", j.Kind, "attempt", j.Attempt, "again", again, "error", cause.Error())
	err := q.db.System().Write(ctx, func(s *db.System) error {
		if again {
			_, err := settle(ctx, s, j, Waiting, q.now().Add(backoff(j.Attempt)), time.Time{}, j.Trouble)
			return err
		}
		ours, err := settle(ctx, s, j, Failed, j.RunAt, q.now(), j.Trouble)
		if err != nil || !ours || kind.Failed == nil {
			return err
		}
		j.State = Failed
		return guard(func() error { return kind.Failed(ctx, s.Scope(j.Tenant), j) })
	})
	if err != nil {
		q.log.ErrorContext(ctx, "the end of a job could not be kept; it will be tried again when its lease ends", "job", j.ID, "error", err.Error())
	}
}

// backoff is how long to wait after an attempt: 2 s, 8 s, 32 s ... at most an hour, with a fifth of jitter.
func backoff(attempt int) time.Duration {
	d := 2 * time.Second
	for range min(attempt-1, 10) {
		d = min(4*d, time.Hour)
	}
	return d + rand.N(d/5)
}

const (
	giveBackIn   = 5 * time.Second // how long a stopping program takes to give a job back
	strangerWait = time.Minute     // until a job of an unknown kind is tried again, by a node of another version
)

// giveBack lets another node take a job that this one does not work on, from runAt on.
func (q *Queue) giveBack(ctx context.Context, j *Job, runAt time.Time) {
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), giveBackIn)
	defer stop()
	if err := q.db.System().Write(ctx, func(s *db.System) error { return release(ctx, s, j, runAt) }); err != nil {
		q.log.ErrorContext(ctx, "a job could not be given back; it will be taken over when its lease ends", "job", j.ID, "error", err.Error())
	}
}

// progressEvery is how often what a job is doing is written down.
const progressEvery = 500 * time.Millisecond

// beat keeps an attempt alive and its progress up to date until ctx ends; true when the attempt no longer counts.
func (q *Queue) beat(ctx context.Context, j *Job, p *Progress) (lost bool) {
	var last step
	renewed := q.now()
	for clock.Wait(ctx, progressEvery) == nil {
		at, now := p.current(), q.now()
		if at == last && now.Sub(renewed).Abs() < q.Lease/3 {
			continue
		}
		alive := true
		err := q.db.System().Write(ctx, func(s *db.System) (err error) {
			alive, err = beat(ctx, s, j, now.Add(q.Lease), at.stage, at.done, at.total)
			return err
		})
		switch {
		case err == nil && !alive:
			return true
		case err == nil:
			last, renewed = at, now
		case ctx.Err() == nil:
			q.log.WarnContext(ctx, "the progress of a job could not be kept", "job", j.ID, "error", err.Error())
		}
	}
	return false
}

// Progress takes what a job is doing. It is safe for concurrent use.
type Progress struct {
	mu sync.Mutex
	at step
}

type step struct {
	stage       string
	done, total int64
}

// Step says that done of total parts of a stage are ready; a total of 0 means that it is not known.
func (p *Progress) Step(stage string, done, total int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at = step{stage, done, total}
}

func (p *Progress) current() step {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.at
}
