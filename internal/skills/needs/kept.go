package needs

import (
	"context"
	"sync"

	"tekentafel/internal/db"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/needs/demand"
	"tekentafel/internal/tenant"
)

// mostKept bounds for how many organisations a map is kept in memory. One of 2,000 functions in 300 units takes some 10 MB.
const mostKept = 24

// adapted is a version of a framework; number 0 is the one of the product.
type adapted struct {
	number    int64
	framework *framework.Framework
}

// kept is what was read and computed, by organisation. Each is right for its number of change, and values are never changed.
type kept struct {
	mu         sync.Mutex
	states     map[tenant.ID]*demand.State
	frameworks map[tenant.ID]adapted
	maps       map[tenant.ID]*demand.Map
}

// state returns the newest state that is kept.
func (k *kept) state(t tenant.ID) *demand.State {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.states[t]
}

func (k *kept) keepState(t tenant.ID, s *demand.State) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if old := k.states[t]; old == nil || old.Seq < s.Seq {
		k.makeRoom(t)
		k.states[t] = s
	}
}

// makeRoom forgets an organisation when there are too many.
func (k *kept) makeRoom(t tenant.ID) {
	if k.states[t] != nil || len(k.states) < mostKept {
		return
	}
	for other := range k.states {
		delete(k.states, other)
		delete(k.frameworks, other)
		delete(k.maps, other)
		return
	}
}

func (k *kept) keepMap(t tenant.ID, m *demand.Map) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.maps[t] == nil && len(k.maps) >= mostKept {
		for other := range k.maps {
			delete(k.maps, other)
			break
		}
	}
	k.maps[t] = m
}

// stateOf returns the facts that hold for what r sees. It reads only what came since the state that is kept.
func (s *Service) stateOf(ctx context.Context, r db.Reader) (*demand.State, error) {
	seq, err := headOf(ctx, r)
	if err != nil {
		return nil, err
	}
	state := s.kept.state(r.Tenant())
	if state == nil || state.Seq > seq { // r may see less than another saw
		state = demand.Empty()
	}
	if state.Seq == seq {
		return state, nil
	}
	keys, values, err := factsSince(ctx, r, state.Seq, seq)
	if err != nil {
		return nil, err
	}
	return state.With(seq, keys, values), nil
}

// committed is stateOf outside a transaction, and keeps what it read.
func (s *Service) committed(ctx context.Context, r db.Reader) (*demand.State, error) {
	state, err := s.stateOf(ctx, r)
	if err == nil && state.Seq > 0 {
		s.kept.keepState(r.Tenant(), state)
	}
	return state, err
}

// frameworkOf returns the framework that holds in a state.
func (s *Service) frameworkOf(ctx context.Context, r db.Reader, state *demand.State) (*framework.Framework, error) {
	number := adaptedNumber(state)
	if number == 0 {
		return s.Base, nil
	}
	s.kept.mu.Lock()
	known := s.kept.frameworks[r.Tenant()]
	s.kept.mu.Unlock()
	if known.number == number {
		return known.framework, nil
	}
	v, err := versionOf(ctx, r, number)
	if err != nil {
		return nil, err
	}
	f, err := v.whole()
	if err != nil {
		return nil, err
	}
	s.kept.mu.Lock()
	defer s.kept.mu.Unlock()
	s.kept.frameworks[r.Tenant()] = adapted{number, f}
	return f, nil
}

// mapOf returns what functions ask as it stands.
func (s *Service) mapOf(ctx context.Context, r db.Reader) (*demand.Map, error) {
	state, err := s.committed(ctx, r)
	if err != nil {
		return nil, err
	}
	revision, err := s.Staff.Revision(ctx, r)
	if err != nil {
		return nil, err
	}
	s.kept.mu.Lock()
	m := s.kept.maps[r.Tenant()]
	s.kept.mu.Unlock()
	if m != nil && m.State.Seq == state.Seq && m.Org.Revision == revision {
		return m, nil
	}
	f, err := s.frameworkOf(ctx, r, state)
	if err != nil {
		return nil, err
	}
	o, err := s.Staff.Standing(ctx, r)
	if err != nil {
		return nil, err
	}
	m = demand.Make(state, f, o)
	s.kept.keepMap(r.Tenant(), m)
	return m, nil
}

// forget lets everything of an organisation be read anew.
func (k *kept) forget(t tenant.ID) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.states, t)
	delete(k.maps, t)
	delete(k.frameworks, t)
}
