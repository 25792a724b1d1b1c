package gateway

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tekentafel/internal/clock"
)

const (
	everyCount  = time.Second
	everyLapse  = time.Minute
	everyForget = 24 * time.Hour
)

// Run counts what needs no limit, lets calls lapse that did not end, and forgets what is old, until ctx ends. Every node runs it.
func (e *Engine) Run(ctx context.Context) {
	var lapsed, forgot time.Time
	for clock.Wait(ctx, everyCount) == nil {
		if err := e.Flush(ctx); err != nil && ctx.Err() == nil {
			e.Log.WarnContext(ctx, "what calls without a limit used is counted later", "error", err.Error())
		}
		now := e.Now()
		if now.Sub(lapsed).Abs() < everyLapse || e.Tenants == nil {
			continue
		}
		lapsed = now
		forget := now.Sub(forgot).Abs() >= everyForget
		if err := e.upkeep(ctx, now, forget); err != nil && ctx.Err() == nil {
			e.Log.WarnContext(ctx, "upkeep of budgets failed; it is tried again in a minute", "error", err.Error())
		} else if forget {
			forgot = now
		}
	}
}

func (e *Engine) upkeep(ctx context.Context, now time.Time, forget bool) error {
	tenants, err := e.Tenants(ctx)
	if err != nil {
		return fmt.Errorf("organisations: %w", err)
	}
	for _, t := range tenants {
		if _, lapse := e.Book.Lapse(ctx, t); lapse != nil {
			err = errors.Join(err, lapse)
		}
		if forget {
			if _, old := e.Book.Forget(ctx, t, now.Add(-e.Remember), e.Zone); old != nil {
				err = errors.Join(err, old)
			}
		}
	}
	return err
}

// Flush puts in the book what calls used to which no limit applies. Run does it each second.
func (e *Engine) Flush(ctx context.Context) error { return e.counter.write(ctx, e.Now()) }

// Shutdown takes no new calls, gives those that run until ctx ends, breaks off what is left, and settles all. An error says that something could not be counted.
func (e *Engine) Shutdown(ctx context.Context) error {
	e.mu.Lock()
	e.closing = true
	e.mu.Unlock()
	done := make(chan struct{})
	go func() { e.running.Wait(); close(done) }()
	select {
	case <-done:
	case <-ctx.Done():
	}
	e.cancel()
	after, stop := context.WithTimeout(context.WithoutCancel(ctx), settleFor)
	defer stop()
	settled := make(chan struct{})
	go func() { <-done; e.ending.Wait(); close(settled) }()
	select {
	case <-settled:
	case <-after.Done():
		return errors.New("calls to models did not end in time; they lapse to the most that was held")
	}
	return e.Flush(after)
}
