package desk

import (
	"context"
	"encoding/binary"
	"hash/fnv"
	"sync"

	"tekentafel/internal/instrument"
	"tekentafel/internal/skills/gap/desk/placing"
	"tekentafel/internal/skills/needs/demand"
	"tekentafel/internal/tenant"
)

// Facts are what a result rests on, and how its groups are called.
type Facts struct {
	Needs      int64                      `json:"needs"` // the last change of the map of needs
	Staff      uint64                     `json:"staff"` // of functions, units and numbers of people
	Parameters int64                      `json:"parameters,omitempty"`
	Earlier    string                     `json:"earlier,omitempty"` // the report that it is compared with
	Before     string                     `json:"before,omitempty"`  // the file of the result of that
	Said       bool                       `json:"said"`              // HR said where respondents are; else only everyone is shown
	Proposed   placing.Reading            `json:"proposed"`          // what would be said
	Detail     placing.Detail             `json:"detail"`
	Divided    bool                       `json:"divided"`
	Labels     map[string]instrument.Text `json:"labels,omitempty"`
	Places     map[string]instrument.Text `json:"places,omitempty"`
	Rest       []string                   `json:"rest,omitempty"`
	Mixed      float64                    `json:"mixed,omitempty"`    // to two digits
	Decided    float64                    `json:"decided"`            // share of the staff of whom a person decided what their function asks, to two digits
	Ready      bool                       `json:"readiness"`          // somebody looked at the personnel data
	Weighted   bool                       `json:"weighted,omitempty"` // answers are weighted as in the report
	Columns    []placing.Column           `json:"columns"`            // what the wave offers to tell where respondents are
}

// kept is a reading as it is kept, with the family of each function as it was: respondents stay where they are when the staff list changes.
type kept struct {
	placing.Reading
	Families map[string]string `json:"families"`
	// Unstaffed tells that there was no staff list: each answer is a group of its own then, also when a list comes.
	Unstaffed bool `json:"unstaffed,omitempty"`
}

// print names what functions, units and numbers of people are.
type print struct {
	of *demand.Map
	is uint64
}

// prints keeps the newest of each organisation: the map of needs is the same value until something of it changes.
type prints struct {
	mu    sync.Mutex
	known map[tenant.ID]print
}

func (p *prints) of(t tenant.ID, m *demand.Map) uint64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	if known := p.known[t]; known.of == m {
		return known.is
	}
	is := staffPrint(m.Org)
	p.known[t] = print{m, is}
	return is
}

// staffPrint is a hash of what the gap takes of an organisation. The day alone does not change it, as it does the revision.
func staffPrint(o *demand.Organisation) uint64 {
	h := fnv.New64a()
	write := func(texts ...string) {
		for _, s := range texts {
			var n [4]byte
			binary.LittleEndian.PutUint32(n[:], uint32(len(s))) //nolint:gosec // a name
			_, _ = h.Write(n[:])
			_, _ = h.Write([]byte(s))
		}
	}
	for i := range o.Functions {
		write("f", o.Functions[i].ID, o.Functions[i].Name, o.Functions[i].Family)
	}
	for i := range o.Units {
		write("u", o.Units[i].ID, o.Units[i].Name, o.Units[i].Parent)
	}
	for _, t := range o.Tallies {
		var n [8]byte
		binary.LittleEndian.PutUint64(n[:], uint64(t.People)) //nolint:gosec // a number of people
		write("t", t.Function, t.Unit, string(n[:]))
	}
	return h.Sum64()
}

// Stale is what differs now from what a result rests on.
type Stale struct{ Needs, Staff, Parameters, Earlier, Places bool }

// Any tells whether anything differs.
func (s Stale) Any() bool { return s != Stale{} }

// stale compares what a result rests on with what holds now.
func (s *Service) stale(ctx context.Context, t tenant.ID, v *row, m *demand.Map, said *kept) (Stale, error) {
	if v.facts == nil {
		return Stale{}, nil
	}
	out := Stale{Needs: v.facts.Needs != m.State.Seq, Staff: v.facts.Staff != s.prints.of(t, m), Places: said != nil && !v.facts.Said}
	if s.Parameters != nil {
		now, err := s.Parameters.Revision(ctx, s.DB.Of(t))
		if err != nil {
			return out, err
		}
		out.Parameters = now != v.facts.Parameters
	}
	if v.facts.Earlier != "" {
		before, err := rowOf(ctx, s.DB.Of(t), v.facts.Earlier)
		if ignoreMissing(err) != nil {
			return out, err
		}
		out.Earlier = before.file != "" && before.file != v.facts.Before
	}
	return out, nil
}
