package urn

import (
	"context"
	"errors"
	"sync"
	"time"

	"tekentafel/internal/db"
)

// Bounds of a queue.
const (
	mostTogether = 512              // changes in one transaction
	mostWaiting  = 16_384           // changes that wait for one
	longest      = 30 * time.Second // that a transaction may take, with its retries
)

// change is one thing to do, and where to tell what became of it.
type change[E any] struct {
	what E
	done chan error // holds one
}

// queue does changes many at a time: those that come in while a transaction is under way go into the next. It has no
// goroutine while nothing waits.
type queue[E any] struct {
	// commit does the changes in one transaction. It returns what became of each, nil for done, or why the transaction failed.
	commit func(ctx context.Context, list []E) ([]error, error)

	mu      sync.Mutex
	waiting []*change[E]
	running bool
}

// do returns when the change is durable or will not be made. When ctx ends before, the change may still be made; the
// others are not disturbed.
func (q *queue[E]) do(ctx context.Context, what E) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c := &change[E]{what: what, done: make(chan error, 1)}
	q.mu.Lock()
	if len(q.waiting) >= mostWaiting {
		q.mu.Unlock()
		return refused(ErrBusy)
	}
	q.waiting = append(q.waiting, c)
	if !q.running {
		q.running = true
		go q.run(context.WithoutCancel(ctx)) // it serves others too
	}
	q.mu.Unlock()
	select {
	case err := <-c.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// run does what waits until nothing does.
func (q *queue[E]) run(ctx context.Context) {
	for {
		q.mu.Lock()
		list := q.waiting[:min(len(q.waiting), mostTogether)]
		q.waiting = q.waiting[len(list):]
		if len(list) == 0 {
			q.running, q.waiting = false, nil
			q.mu.Unlock()
			return
		}
		q.mu.Unlock()
		q.serve(ctx, list)
	}
}

// serve does a list of changes and tells each what became of it.
func (q *queue[E]) serve(ctx context.Context, list []*change[E]) {
	results, err := q.together(ctx, list)
	if err != nil && len(list) > 1 && !passing(err) {
		for _, c := range list { // one that the store cannot take must not keep the others from it
			q.serve(ctx, []*change[E]{c})
		}
		return
	}
	for i, c := range list {
		if err != nil {
			c.done <- err
		} else {
			c.done <- results[i]
		}
	}
}

func (q *queue[E]) together(ctx context.Context, list []*change[E]) (results []error, err error) {
	ctx, stop := context.WithTimeout(ctx, longest)
	defer stop()
	what := make([]E, len(list))
	for i, c := range list {
		what[i] = c.what
	}
	return q.commit(ctx, what)
}

// passing tells whether an error is of the store and not of what it was given: smaller pieces would fail too.
func passing(err error) bool {
	for _, one := range []error{db.ErrBusy, db.ErrFull, db.ErrReadOnly, db.ErrUnreachable, context.DeadlineExceeded} {
		if errors.Is(err, one) {
			return true
		}
	}
	return false
}
