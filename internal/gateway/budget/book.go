package budget

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/tenant"
)

const (
	mostTogether = 256              // ops of one transaction
	longest      = 20 * time.Second // that a transaction may take with all its attempts
)

// Book keeps the calls of all organisations within their limits. Each node of the program has one; they share a store. It is safe for
// concurrent use.
type Book struct {
	db    *db.DB
	rules Rules
	now   clock.Clock

	mu     sync.Mutex
	queues map[tenant.ID]*queue
}

// queue is what waits for the next transaction of an organisation.
type queue struct{ waiting []*waiter }

// waiter is an op and who waits for it.
type waiter struct {
	*op
	done chan struct{} // closed when the op has its answer

	mu        sync.Mutex
	answered  bool
	abandoned bool
}

// New returns a book on a store.
func New(d *db.DB, rules Rules, now clock.Clock) *Book {
	return &Book{db: d, rules: rules, now: now, queues: map[tenant.ID]*queue{}}
}

// Reserve holds the most that a call may use on every limit that applies, or on none. It returns when that is on disk. The error is a
// *Refused when a limit has too little left, ErrEnded when the name was used before. Reserving the same call again changes nothing.
// When ctx ends first nothing stays held.
func (b *Book) Reserve(ctx context.Context, t tenant.ID, c *Call) (Receipt, error) {
	terms, err := b.terms(ctx, t, c)
	if err != nil {
		return Receipt{}, err
	}
	return b.reserve(ctx, t, c, terms)
}

// ReserveLimited is Reserve for a call to which a limit applies. Where none does it holds nothing and writes nothing, and says so: nobody's limit can be passed by the
// call, so it need not wait for the disk. What it used is to be counted when it ended, so that a limit that is set later finds it.
func (b *Book) ReserveLimited(ctx context.Context, t tenant.ID, c *Call) (r Receipt, limited bool, err error) {
	terms, err := b.terms(ctx, t, c)
	if err != nil || len(terms.Limits) == 0 {
		return Receipt{}, false, err
	}
	r, err = b.reserve(ctx, t, c, terms)
	return r, true, err
}

func (b *Book) terms(ctx context.Context, t tenant.ID, c *Call) (Terms, error) {
	if err := c.check(); err != nil {
		return Terms{}, err
	}
	terms, err := b.rules.Terms(ctx, t, c)
	if err != nil {
		return Terms{}, fmt.Errorf("limits of a call: %w", err)
	}
	return terms.of(c), nil
}

func (b *Book) reserve(ctx context.Context, t tenant.ID, c *Call, terms Terms) (Receipt, error) {
	a := b.do(ctx, t, &op{deed: reserve, id: c.ID, call: c, terms: terms, now: b.now().In(terms.Zone)})
	return a.receipt, a.err
}

// Settle counts what a call used in the place of what was held; estimate says that the model did not tell and used is an estimate, as when an
// answer was cut. The error is ErrUnknown for a call that was never reserved, ErrEnded for one that was released. Settling again changes nothing: the first counts. A
// call that had lapsed is counted as it is settled now.
func (b *Book) Settle(ctx context.Context, t tenant.ID, id string, used Amount, estimate bool) error {
	if used.Euro < 0 || used.Tokens < 0 || used.Euro > mostEuro || used.Tokens > mostTokens {
		return fmt.Errorf("budget: a call cannot have used %v euro and %d tokens", used.Euro, used.Tokens)
	}
	return b.finish(ctx, t, &op{deed: settle, id: id, used: used, guess: estimate})
}

// Release gives back what was held for a call of which the model used nothing: it was never sent, or refused before any work. The error is
// ErrEnded for a call that was settled. Releasing again, or what was never reserved, changes nothing.
func (b *Book) Release(ctx context.Context, t tenant.ID, id string) error {
	return b.finish(ctx, t, &op{deed: release, id: id})
}

func (b *Book) finish(ctx context.Context, t tenant.ID, o *op) error {
	if err := (&Call{ID: o.id, Within: 1}).check(); err != nil {
		return err
	}
	o.now = b.now()
	return b.do(ctx, t, o).err
}

// do has an op carried out with the next transaction and waits for its answer.
func (b *Book) do(ctx context.Context, t tenant.ID, o *op) answer {
	if err := ctx.Err(); err != nil {
		return answer{err: err}
	}
	w := &waiter{op: o, done: make(chan struct{})}
	b.enqueue(ctx, t, w)
	select {
	case <-w.done:
		return w.answer
	case <-ctx.Done():
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.answered {
		return w.answer
	}
	w.abandoned = true
	return answer{err: ctx.Err()}
}

// enqueue puts an op in the queue of its organisation, and starts to empty it unless somebody does already.
func (b *Book) enqueue(ctx context.Context, t tenant.ID, w *waiter) {
	b.mu.Lock()
	defer b.mu.Unlock()
	q := b.queues[t]
	if q == nil {
		q = &queue{}
		b.queues[t] = q
		go b.empty(context.WithoutCancel(ctx), t, q)
	}
	q.waiting = append(q.waiting, w)
}

// empty carries out what waits, in one transaction after the other, until nothing does.
func (b *Book) empty(ctx context.Context, t tenant.ID, q *queue) {
	for {
		b.mu.Lock()
		n := min(mostTogether, len(q.waiting))
		if n == 0 {
			delete(b.queues, t)
			b.mu.Unlock()
			return
		}
		now := q.waiting[:n:n]
		q.waiting = q.waiting[n:]
		b.mu.Unlock()
		b.together(ctx, t, now)
	}
}

// together carries out ops in one transaction. When it fails for a reason that may lie with one of them, each gets a transaction of its own.
func (b *Book) together(ctx context.Context, t tenant.ID, all []*waiter) {
	ops := make([]*op, len(all))
	for i, w := range all {
		ops[i] = w.op
	}
	answers, err := b.commit(ctx, t, ops)
	if err != nil && len(all) > 1 && !passing(err) {
		for _, w := range all {
			b.together(ctx, t, []*waiter{w})
		}
		return
	}
	for i, w := range all {
		if err != nil {
			b.tell(ctx, t, w, answer{err: err})
			continue
		}
		b.tell(ctx, t, w, answers[i])
	}
}

// passing tells whether an error lies with the store and not with what was asked.
func passing(err error) bool {
	for _, e := range []error{db.ErrBusy, db.ErrUnreachable, db.ErrFull, db.ErrReadOnly, context.DeadlineExceeded, context.Canceled} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

func (b *Book) commit(ctx context.Context, t tenant.ID, ops []*op) (answers []answer, err error) {
	ctx, stop := context.WithTimeout(ctx, longest)
	defer stop()
	err = b.db.Write(ctx, t, func(s *db.Scope) error {
		answers, err = run(ctx, s, ops)
		return err
	})
	return answers, err
}

// tell gives an op its answer. A reservation that nobody waits for any more, or of which it is not known whether it is kept, is released.
func (b *Book) tell(ctx context.Context, t tenant.ID, w *waiter, a answer) {
	w.mu.Lock()
	w.answer, w.answered = a, true
	lost := w.deed == reserve && (a.err == nil && w.abandoned || errors.Is(a.err, db.ErrUnreachable) || errors.Is(a.err, context.DeadlineExceeded))
	w.mu.Unlock()
	close(w.done)
	if lost {
		b.enqueue(ctx, t, &waiter{op: &op{deed: release, id: w.id, now: b.now()}, done: make(chan struct{})})
	}
}
