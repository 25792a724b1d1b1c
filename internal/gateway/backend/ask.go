package backend

import (
	"context"
	"sync"
	"time"

	"tekentafel/internal/gateway/wire"
)

// asking is one request of a program, which may become several to backends.
type asking struct {
	pool    *Pool
	ctx     context.Context // of the caller, for what goes on after Do
	request *wire.Request
	model   Model
	began   time.Time
	from    int // gateways that it passed already
	tries   int
	stale   int
	anyhow  bool // no backend is left that does not rest, so those that failed without asking for rest are asked all the same
}

// ask goes over the routes in rounds until one answers, or no further try can be without effect.
func (a *asking) ask(ctx context.Context, routes []*route) (*Reply, error) {
	var last *Error
	for round := 0; ; round++ {
		var again []*route
		soonest, tried := time.Duration(-1), a.tries
		for i, r := range routes {
			reply, e, next := a.visit(ctx, r, i == len(routes)-1)
			if e == nil {
				return reply, nil
			}
			if last == nil || e.Reason != Unfit {
				last = e
			}
			if next == never || a.tries >= mostTries {
				return nil, e
			}
			if next == anywhere {
				again = append(again, r)
				if soonest < 0 || e.Retry < soonest {
					soonest = e.Retry
				}
			}
		}
		if a.tries == tried && !a.anyhow && last.passed() {
			a.anyhow, round = true, -1
			continue
		}
		if len(again) == 0 {
			return nil, last
		}
		soonest = max(soonest, pause<<(2*round))
		if soonest > patience || a.late(ctx, soonest) {
			return nil, last
		}
		if err := a.pool.wait(ctx, soonest); err != nil {
			return nil, routes[0].to.gone(ctx, false)
		}
		routes = again
	}
}

// late tells whether the time of the request is over when it has waited so long.
func (a *asking) late(ctx context.Context, wait time.Duration) bool {
	until, ok := ctx.Deadline()
	return ok && !a.pool.now().Add(wait).Before(until)
}

// visit sends the request along a route, unless the backend rests or is full.
func (a *asking) visit(ctx context.Context, r *route, last bool) (*Reply, *Error, more) {
	u := r.to
	if ctx.Err() != nil {
		return nil, u.gone(ctx, false), never
	}
	shape, body, f := r.body(a.request, &a.model)
	if f != nil {
		return nil, unfit(u.Name, f), elsewhere
	}
	now := a.pool.now()
	if ok, wait, why := u.breaker.may(now); !ok && !a.past(why) {
		return u.resting(why, wait)
	}
	if ok, wait, why := r.breaker.may(now); !ok && !a.past(why) {
		u.breaker.nothing()
		return u.resting(why, wait)
	}
	release, ok := u.enter(ctx, last)
	if !ok {
		u.breaker.nothing()
		r.breaker.nothing()
		if ctx.Err() != nil {
			return nil, u.gone(ctx, false), never
		}
		return nil, u.failed(Busy, false), anywhere
	}
	t := &try{asking: a, route: r, up: u, shape: shape, body: body, release: release}
	for {
		reply, e, next := t.send(ctx)
		if e == nil {
			return reply, nil, never
		}
		if t.closedBefore && a.stale < mostStale {
			a.stale++
			continue
		}
		a.tries++
		release()
		t.judge(e)
		return nil, e, next
	}
}

// resting is the error of a backend that is passed over. Waiting helps when it has no room or cannot be reached, and not when something is wrong.
func (b *upstream) resting(why Reason, wait time.Duration) (*Reply, *Error, more) {
	e := b.failed(why, false)
	e.Retry = wait
	if why == Busy || why == Unreachable {
		return nil, e, anywhere
	}
	return nil, e, elsewhere
}

// past tells whether a rest does not hold now.
func (a *asking) past(why Reason) bool { return a.anyhow && why != Busy && why != Unreachable }

// passed tells whether a backend was passed over that can be asked all the same.
func (e *Error) passed() bool {
	return !e.Maybe && e.Retry > 0 && e.Reason != Busy && e.Reason != Unreachable && e.Reason != Unfit
}

// enter takes one of the places at a backend. It waits a little for one when no other backend is left.
func (b *upstream) enter(ctx context.Context, wait bool) (release func(), ok bool) {
	if b.free != nil {
		select {
		case b.free <- struct{}{}:
		default:
			if !wait {
				return nil, false
			}
			t := time.NewTimer(patience)
			defer t.Stop()
			select {
			case b.free <- struct{}{}:
			case <-t.C:
				return nil, false
			case <-ctx.Done():
				return nil, false
			}
		}
	}
	b.underWay.Add(1)
	return sync.OnceFunc(func() {
		b.underWay.Add(-1)
		if b.free != nil {
			<-b.free
		}
	}), true
}

// judge tells the breakers how a try failed.
func (t *try) judge(e *Error) {
	now := t.asking.pool.now()
	up, r := &t.up.breaker, &t.route.breaker
	switch e.Reason {
	case Gone:
		up.nothing()
		r.nothing()
	case Unreachable:
		up.fail(now, e.Reason, 1, 0)
		r.nothing()
	case Slow, Severed:
		up.fail(now, e.Reason, 2, 0)
		r.nothing()
	case Credentials:
		up.fail(now, e.Reason, 0, 0)
		r.nothing()
	case Busy:
		up.well()
		r.fail(now, e.Reason, 2, e.Retry)
	case Broken:
		up.well()
		r.fail(now, e.Reason, 2, 0)
	default: // it answered, and is well
		up.well()
		r.well()
	}
}

// well tells the breakers that a try went well.
func (t *try) well() {
	t.up.breaker.well()
	t.route.breaker.well()
}
