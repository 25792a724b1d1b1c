package gateway

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"tekentafel/internal/gateway/budget"
	"tekentafel/internal/id"
	"tekentafel/internal/tenant"
)

// counter gathers what calls used to which no limit applied, and puts it in the book about once a second, many calls in one. So such a call waits for no disk. When
// the node is killed, what was gathered since is not in the book: no limit held for it.
type counter struct {
	book   Book
	within time.Duration

	mu      sync.Mutex
	sums    map[party]budget.Amount
	writing sync.Mutex
	waiting []*sum // of before, that the store did not take yet
}

// party is for whom calls count.
type party struct {
	tenant             tenant.ID
	person, key, group string
	teams              string // in lines
	estimate           bool
}

// sum is what calls used, under a name that is counted once.
type sum struct {
	party
	call   budget.Call
	amount budget.Amount
}

const (
	writeTogether = 64
	mostSum       = 1e14 // nano-euro or tokens; the book takes no larger call
)

func newCounter(b Book, within time.Duration) *counter {
	return &counter{book: b, within: within, sums: map[party]budget.Amount{}}
}

func (c *counter) add(t tenant.ID, call *budget.Call, a budget.Amount, estimate bool) {
	p := party{t, call.Person, call.Key, call.Group, strings.Join(call.Teams, "\n"), estimate}
	c.mu.Lock()
	defer c.mu.Unlock()
	was := c.sums[p]
	c.sums[p] = budget.Amount{Euro: min(was.Euro+a.Euro, mostSum), Tokens: min(was.Tokens+a.Tokens, mostSum/1000)}
}

// write puts what was gathered in the book. What the store does not take stays for the next time, under the same name, so that it is counted once.
func (c *counter) write(ctx context.Context, now time.Time) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	if len(c.waiting) == 0 {
		c.mu.Lock()
		sums := c.sums
		c.sums = map[party]budget.Amount{}
		c.mu.Unlock()
		name := id.Series(now)
		for p, a := range sums {
			call := budget.Call{ID: name(), Person: p.person, Key: p.key, Group: p.group, Within: c.within}
			if p.teams != "" {
				call.Teams = strings.Split(p.teams, "\n")
			}
			c.waiting = append(c.waiting, &sum{p, call, a})
		}
	}
	var all error
	left := c.waiting[:0:0]
	for part := range slices.Chunk(c.waiting, writeTogether) {
		errs := make([]error, len(part))
		var wg sync.WaitGroup
		for i, s := range part {
			wg.Go(func() { errs[i] = c.count(ctx, s) })
		}
		wg.Wait()
		for i, err := range errs {
			if err != nil {
				all = errors.Join(all, err)
				left = append(left, part[i])
			}
		}
	}
	c.waiting = left
	return all
}

// count counts a sum: nothing is held, so no limit that was set meanwhile refuses it.
func (c *counter) count(ctx context.Context, s *sum) error {
	if _, err := c.book.Reserve(ctx, s.tenant, &s.call); err != nil && !errors.Is(err, budget.ErrEnded) {
		return err
	}
	err := c.book.Settle(ctx, s.tenant, s.call.ID, s.amount, s.estimate)
	if errors.Is(err, budget.ErrEnded) {
		return nil
	}
	return err
}
