package backend

import "time"

// State is how a backend fares.
type State string

// The states.
const (
	Well    State = "well"
	Resting State = "resting" // it failed, and is passed over until a time
	Trying  State = "trying"  // the rest is over; the next request, or the one under way, tells
)

// Health is how a model fares on a backend.
type Health struct {
	Backend  string // its name in the settings
	Kind     Kind
	Model    string // the name by which programs ask for it
	There    string // the name that it has on the backend
	State    State
	Reason   Reason    // of the last failure; "" when the last request went well
	Since    time.Time // when it began to fail; zero when it does not
	Until    time.Time // end of its rest; zero when it does not rest
	UnderWay int64     // requests at the backend now, of all models
}

// Health tells how each route fares, in the order of the settings. It holds nothing of anyone who asked.
func (p *Pool) Health() []Health {
	now := p.now()
	var list []Health
	for _, m := range p.models {
		for _, r := range p.routes[m.Name] {
			h := Health{Backend: r.to.Name, Kind: r.to.Kind, Model: m.Name, There: r.model, UnderWay: r.to.underWay.Load()}
			h.State, h.Reason, h.Since, h.Until = r.to.breaker.health(now)
			if state, reason, since, until := r.breaker.health(now); h.State == Well && reason != "" {
				h.State, h.Reason, h.Since, h.Until = state, reason, since, until
			}
			list = append(list, h)
		}
	}
	return list
}
