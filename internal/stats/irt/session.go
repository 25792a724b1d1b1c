package irt

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
)

// Given is an entry that was asked in a session, and the answer.
type Given struct {
	Entry    int     `json:"entry"`
	Category int     `json:"category"`
	Seconds  float64 `json:"seconds,omitempty"` // how long it took
}

// Known is what is known of a scale's theta before a session: a normal distribution.
type Known struct {
	Mean float64 `json:"mean"` // -4 to 4
	SD   float64 `json:"sd"`   // 0.1 to 4
}

// State is a session so far: a plain value that can be stored, as JSON too, and taken up again with the same bank.
type State struct {
	// Scales are those of the session.
	Scales []int `json:"scales"`
	// Given are the entries asked, in order.
	Given []Given `json:"given,omitempty"`
	// Known is what is known of a scale before the session; standard normal where there is none. Nothing that is known of the person from
	// elsewhere belongs in it unless the result may rest on that.
	Known map[int]Known `json:"known,omitempty"`
}

// With is the state after one more answer; s itself stays as it is.
func (s State) With(g Given) State {
	s.Given = append(append([]Given(nil), s.Given...), g)
	return s
}

// StopReason is why a scale, or a session, is finished.
type StopReason string

// Reasons; Open is none.
const (
	Open      StopReason = ""
	Precise   StopReason = "precise"    // the target precision is reached
	Full      StopReason = "full"       // the largest number of items is reached
	Exhausted StopReason = "exhausted"  // no item is left that may be asked
	NoGain    StopReason = "no gain"    // no item left would tell much more
	OutOfTime StopReason = "time"       // the time of the session is used
	AllScales StopReason = "all scales" // every scale is finished, for more than one reason
)

// Progress is where a session stands on one scale.
type Progress struct {
	Scale     int
	Asked     int
	Posterior Posterior
	Stop      StopReason // Open while the scale goes on

	tally    *tally
	eligible []int // entries that may still be asked, before exposure and minima
	before   float64
}

// StateError says what in a state does not fit the bank.
type StateError struct{ What string }

func (e *StateError) Error() string { return "state of the session: " + e.What }

// Stands gives the progress on each scale of the state, in its order. The errors are a *StateError and those of Rules.Check.
func Stands(s State, b *Bank, r Rules) ([]Progress, error) {
	if err := r.Check(b); err != nil {
		return nil, err
	}
	if err := s.check(b); err != nil {
		return nil, err
	}
	asked := make([]bool, len(b.entries))
	spent := 0.0
	for _, g := range s.Given {
		asked[g.Entry] = true
		spent += g.Seconds
	}
	out := make([]Progress, len(s.Scales))
	for j, scale := range s.Scales {
		p := Progress{Scale: scale, tally: r.tally(scale)}
		log := b.onPoints(s.Known, scale)
		before := make([]float64, len(log))
		exponentiate(before, log)
		_, p.before = moments(b.points, before)
		for _, g := range s.Given {
			e := &b.entries[g.Entry]
			if e.Scale != scale {
				continue
			}
			p.Asked++
			p.tally.add(e)
			floats.Add(log, b.log[b.first[g.Entry]+g.Category])
		}
		p.Posterior = Posterior{Points: b.points, Mass: log}
		p.Posterior.LogMarginal = exponentiate(log, log)
		p.Posterior.Mean, p.Posterior.SD = moments(b.points, log)
		late := false
		for _, i := range b.scales[scale] {
			if e := &b.entries[i]; asked[i] || e.Off || p.tally.full(e) {
				continue
			} else if r.MaxSeconds > 0 && (spent+e.Seconds > r.MaxSeconds || spent >= r.MaxSeconds) {
				late = true
				continue
			}
			p.eligible = append(p.eligible, i)
		}
		p.Stop = p.stop(b, r)
		if p.Stop == Exhausted && late {
			p.Stop = OutOfTime
		}
		out[j] = p
	}
	return out, nil
}

func (s State) check(b *Bank) error {
	for scale, k := range s.Known {
		if !(math.Abs(k.Mean) <= 4) || !(k.SD >= 0.1 && k.SD <= 4) {
			return &StateError{fmt.Sprintf("scale %d is known with mean %v and standard deviation %v; give a mean from -4 to 4 and a standard deviation from 0.1 to 4", scale, k.Mean, k.SD)}
		}
	}
	seen := map[int]bool{}
	known := map[int]bool{}
	for _, scale := range s.Scales {
		if known[scale] {
			return &StateError{fmt.Sprintf("scale %d is named twice", scale)}
		}
		known[scale] = true
	}
	for n, g := range s.Given {
		switch {
		case g.Entry < 0 || g.Entry >= len(b.entries):
			return &StateError{fmt.Sprintf("answer %d is to entry %d; the bank has %d", n, g.Entry, len(b.entries))}
		case g.Category < 0 || g.Category > len(b.entries[g.Entry].Item.B):
			return &StateError{fmt.Sprintf("answer %d is category %d of entry %d, which has %d", n, g.Category, g.Entry, b.entries[g.Entry].Item.Categories())}
		case seen[g.Entry]:
			return &StateError{fmt.Sprintf("entry %d is answered twice", g.Entry)}
		case !known[b.entries[g.Entry].Scale]:
			return &StateError{fmt.Sprintf("entry %d is of scale %d, which is not in the session", g.Entry, b.entries[g.Entry].Scale)}
		case !(g.Seconds >= 0) || math.IsInf(g.Seconds, 1):
			return &StateError{fmt.Sprintf("answer %d took %v seconds", n, g.Seconds)}
		}
		seen[g.Entry] = true
	}
	return nil
}

// stop is why the scale is finished, or Open.
func (p *Progress) stop(b *Bank, r Rules) StopReason {
	if p.Asked >= r.MaxItems {
		return Full
	}
	if len(p.eligible) == 0 {
		return Exhausted
	}
	if p.Asked < r.MinItems || p.wanting(b) {
		return Open
	}
	if p.Posterior.SD <= r.TargetSD {
		return Precise
	}
	if r.MinGain > 0 {
		least := math.Inf(1)
		for _, i := range p.eligible {
			least = min(least, b.varianceAfter(i, &p.Posterior))
		}
		if p.Posterior.SD-math.Sqrt(max(0, least)) < r.MinGain {
			return NoGain
		}
	}
	return Open
}

// wanting tells whether a minimum is not met that an item left would serve.
func (p *Progress) wanting(b *Bank) bool {
	for d, quotas := range p.tally.quotas {
		for _, q := range quotas {
			if p.tally.given[d][q.Of] >= q.Min {
				continue
			}
			for _, i := range p.eligible {
				if e := &b.entries[i]; d == 0 && e.Area == q.Of || d == 1 && e.Kind == q.Of {
					return true
				}
			}
		}
	}
	return false
}

// Stop tells whether the session is finished, and why. The errors are those of Stands.
func Stop(s State, b *Bank, r Rules) (bool, StopReason, error) {
	all, err := Stands(s, b, r)
	if err != nil {
		return false, Open, err
	}
	why, _ := finished(s, r, all)
	return why != Open, why, nil
}

// finished is why the session is, or Open with the scales that go on.
func finished(s State, r Rules, all []Progress) (StopReason, []*Progress) {
	if r.MaxTotal > 0 && len(s.Given) >= r.MaxTotal {
		return Full, nil
	}
	var open []*Progress
	why := Open
	for j := range all {
		p := &all[j]
		switch {
		case p.Stop == Open:
			open = append(open, p)
		case why == Open:
			why = p.Stop
		case why != p.Stop:
			why = AllScales
		}
	}
	if open == nil && why == Open {
		return Exhausted, nil // no scale at all
	}
	if open != nil {
		return Open, open
	}
	return why, nil
}
