package backend

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/gateway/wire"
)

// Parts are what a pool stands on. A test gives others.
type Parts struct {
	Now  clock.Clock
	Wait func(ctx context.Context, d time.Duration) error // nil for clock.Wait
	Draw func(n int) int                                  // a random number from 0 to n-1, for the weights; nil for the usual one
}

// Pool is the Upstream of the settings. It is safe for concurrent use. Close it.
type Pool struct {
	now       clock.Clock
	wait      func(context.Context, time.Duration) error
	draw      func(int) int
	models    []Model
	byName    map[string]Model
	upstreams []*upstream
	routes    map[string][]*route
}

// upstream is a backend with what is needed to reach it.
type upstream struct {
	Backend
	transport *http.Transport // nil for the practice model
	free      chan struct{}   // one for each request that may be under way; nil for no limit
	underWay  atomic.Int64
	breaker   breaker
	manners   manners
}

// route leads to a model on an upstream.
type route struct {
	to      *upstream
	model   string
	weight  int
	ends    map[wire.Shape]endpoint
	breaker breaker
}

// New returns a pool. The error says which setting cannot be used.
func New(s *Settings, parts Parts) (*Pool, error) {
	p := &Pool{now: parts.Now, wait: parts.Wait, draw: parts.Draw, models: s.Models, byName: map[string]Model{}, routes: map[string][]*route{}}
	if p.wait == nil {
		p.wait = clock.Wait
	}
	if p.draw == nil {
		p.draw = rand.IntN
	}
	for _, b := range s.Backends {
		u := &upstream{Backend: b}
		if b.Kind != Practice {
			var err error
			if u.transport, err = b.transport(&u.manners); err != nil {
				return nil, err
			}
		}
		if b.Connections > 0 {
			u.free = make(chan struct{}, b.Connections)
		}
		p.upstreams = append(p.upstreams, u)
	}
	for _, m := range s.Models {
		p.byName[m.Name] = m
		for _, r := range s.Routes[m.Name] {
			i := slices.IndexFunc(p.upstreams, func(u *upstream) bool { return u.Name == r.Backend })
			if i < 0 {
				return nil, fmt.Errorf("model %s: there is no backend %s", m.Name, r.Backend)
			}
			p.routes[m.Name] = append(p.routes[m.Name], &route{to: p.upstreams[i], model: r.Model, weight: r.Weight, ends: p.upstreams[i].endpoints(r.Model)})
		}
		if len(p.routes[m.Name]) == 0 {
			return nil, fmt.Errorf("model %s: no route leads to it", m.Name)
		}
	}
	return p, nil
}

// Models lists what is offered, in the order of the settings.
func (p *Pool) Models() []Model { return p.models }

// Model returns what is offered under a name.
func (p *Pool) Model(name string) (Model, bool) {
	m, ok := p.byName[name]
	return m, ok
}

// Close lets go of connections that are idle. Requests under way go on.
func (p *Pool) Close() error {
	for _, u := range p.upstreams {
		if u.transport != nil {
			u.transport.CloseIdleConnections()
		}
	}
	return nil
}

// order returns the routes to a model in the order in which they are to be tried: that of the settings, and at random by weight among those next
// to each other that have one.
func (p *Pool) order(model string) []*route {
	all := p.routes[model]
	if len(all) == 1 {
		return all
	}
	out := slices.Clone(all)
	for i := 0; i < len(out); {
		j := i
		for j < len(out) && out[j].weight > 0 {
			j++
		}
		p.shuffle(out[i:j])
		i = j + 1
	}
	return out
}

// shuffle puts routes in a random order in which each comes first by its weight.
func (p *Pool) shuffle(routes []*route) {
	for ; len(routes) > 1; routes = routes[1:] {
		sum := 0
		for _, r := range routes {
			sum += r.weight
		}
		at := p.draw(sum)
		for i, r := range routes {
			if at -= r.weight; at < 0 {
				first := routes[i]
				copy(routes[1:i+1], routes[:i])
				routes[0] = first
				break
			}
		}
	}
}

// Bounds of trying again.
const (
	mostTries = 4                      // requests to backends for one of a program
	mostStale = 16                     // connections that the server had closed, on top
	patience  = 3 * time.Second        // the most that a request waits for a backend that asked to
	pause     = 200 * time.Millisecond // before the first round again, when no backend says how long; four times that before the next
)

// Do sends a request to a backend that has the model, and to another or again when that cannot change anything twice.
func (p *Pool) Do(ctx context.Context, r *wire.Request) (*Reply, error) {
	m, ok := p.byName[r.Model]
	if !ok {
		return nil, unknownModel()
	}
	if f := m.fits(r); f != nil {
		return nil, unfit("", f)
	}
	a := &asking{pool: p, ctx: ctx, request: r, model: m, began: p.now(), from: hopsOf(ctx)}
	if a.from >= mostHops {
		return nil, unfit("", loop())
	}
	return a.ask(ctx, p.order(m.Name))
}

// fits tells what a request asks that the model does not do; nil when it fits.
func (m *Model) fits(r *wire.Request) *wire.Fault {
	switch {
	case r.Shape == wire.Models:
		return &wire.Fault{Status: http.StatusBadRequest, Code: "unsupported_value", Message: "this is no question to a model"}
	case m.Embeds && r.Shape != wire.Embeddings:
		return &wire.Fault{Status: http.StatusBadRequest, Code: "unsupported_model", Field: "model", Message: "this model makes embeddings and does not answer; choose another"}
	case !m.Embeds && r.Shape == wire.Embeddings:
		return &wire.Fault{Status: http.StatusBadRequest, Code: "unsupported_model", Field: "model", Message: "this model makes no embeddings; choose another"}
	case !m.Tools && !m.Practice && r.Tools > 0:
		return &wire.Fault{Status: http.StatusBadRequest, Code: "unsupported_parameter", Field: "tools", Message: "this model calls no tools; leave them out, or choose another"}
	}
	return nil
}
