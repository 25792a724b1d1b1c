package app

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/people"
	"tekentafel/internal/tenant"
)

// places tells where in the organisation people stand: what features that group people build on. It remembers what it read for as long as the staff data stays
// the same, and where somebody stands for a minute.
type places struct {
	staff *people.Service
	db    *db.DB
	now   clock.Clock

	mu   sync.Mutex
	last map[tenant.ID]*layout
	who  map[whose]seat
}

type whose struct {
	tenant  tenant.ID
	account string
}

// seat is where somebody stands.
type seat struct {
	Units      []string // their unit, then those above it; none when it is not known
	Department string   // "" when it is not known
	Family     string   // of their function; "" when it is not known
	until      time.Time
}

// How long and for how many people it is remembered where they stand.
const (
	seatHolds = time.Minute
	mostSeats = 20_000
)

func newPlaces(staff *people.Service, d *db.DB, now clock.Clock) *places {
	return &places{staff: staff, db: d, now: now, last: map[tenant.ID]*layout{}, who: map[whose]seat{}}
}

// layout is how an organisation is made up today.
type layout struct {
	revision    int64
	seen        time.Time         // when it was read, or found to be as it was
	above, name map[string]string // of units
	Units       []unit            // by name
	Departments []department      // by name
	Families    []family          // by name
}

// unit is a part of the organisation, with the people in service in it and below.
type unit struct {
	ID, Name, Parent string
	People           int
}

// family is a family of functions, with the people in service who have one of them as their main one.
type family struct {
	Name   string
	People int
}

// department is a unit right below the top, with the people in service in it and below.
type department struct {
	ID, Name string
	People   int
}

// Standing reads how an organisation is made up today.
func (p *places) Standing(ctx context.Context, t tenant.ID) (*layout, error) {
	r := p.db.Of(t)
	revision, err := p.staff.DutiesRevision(ctx, r)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	last := p.last[t]
	p.mu.Unlock()
	if last != nil && last.revision == revision {
		same := *last
		same.seen = p.now()
		p.keep(t, &same)
		return &same, nil
	}
	found, err := p.staff.Duties(ctx, r)
	if err != nil {
		return nil, err
	}
	s := &layout{revision: found.Revision, seen: p.now(), above: map[string]string{}, name: map[string]string{}}
	for i := range found.Units {
		s.above[found.Units[i].ID], s.name[found.Units[i].ID] = found.Units[i].Parent, found.Units[i].Name
	}
	s.fill(found)
	p.keep(t, s)
	return s, nil
}

func (p *places) keep(t tenant.ID, s *layout) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last[t] = s
}

// fill counts people and puts the parts in order.
func (s *layout) fill(found *people.Duties) {
	below, doing, familyOf := map[string]int{}, map[string]int{}, map[string]string{}
	for i := range found.Functions {
		f := &found.Functions[i]
		familyOf[f.ID] = f.Family
		if f.Family != "" {
			doing[f.Family] += 0
		}
	}
	for _, x := range found.Tallies {
		for _, u := range s.chain(x.Unit) {
			below[u] += x.People
		}
		if f := familyOf[x.Function]; f != "" {
			doing[f] += x.People
		}
	}
	for i := range found.Units {
		u := &found.Units[i]
		s.Units = append(s.Units, unit{u.ID, u.Name, u.Parent, below[u.ID]})
		if s.department(u.ID) == u.ID {
			s.Departments = append(s.Departments, department{u.ID, u.Name, below[u.ID]})
		}
	}
	slices.SortFunc(s.Units, func(a, b unit) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID))
	})
	slices.SortFunc(s.Departments, func(a, b department) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID))
	})
	for _, name := range slices.Sorted(maps.Keys(doing)) {
		s.Families = append(s.Families, family{name, doing[name]})
	}
}

// department walks up from a unit to the one right below the top; "" for the top itself, and for what hangs under no top. A circle ends after as many
// steps as there are units.
func (s *layout) department(unit string) string {
	for range s.above {
		over, stands := s.above[unit]
		if !stands || over == "" {
			return ""
		}
		if top, stands := s.above[over]; stands && top == "" {
			return unit
		}
		unit = over
	}
	return ""
}

// chain returns a unit and those above it.
func (s *layout) chain(unit string) []string {
	var out []string
	for unit != "" && !slices.Contains(out, unit) {
		if _, stands := s.above[unit]; !stands {
			break
		}
		out = append(out, unit)
		unit = s.above[unit]
	}
	return out
}

// above returns the units above one, the nearest first, as they were at most a minute ago: it is asked at each call of a program.
func (p *places) above(ctx context.Context, t tenant.ID, unit string) ([]string, error) {
	now := p.now()
	p.mu.Lock()
	last := p.last[t]
	p.mu.Unlock()
	if last == nil || now.Sub(last.seen).Abs() >= seatHolds {
		var err error
		if last, err = p.Standing(ctx, t); err != nil {
			return nil, err
		}
	}
	chain := last.chain(unit)
	return chain[min(1, len(chain)):], nil
}

// Of returns where the person of an account stands today.
func (p *places) Of(ctx context.Context, t tenant.ID, account string) (seat, error) {
	key, now := whose{t, account}, p.now()
	p.mu.Lock()
	found, known := p.who[key]
	p.mu.Unlock()
	if known && now.Before(found.until) {
		return found, nil
	}
	does, err := p.staff.OwnDuties(ctx, p.db.Of(t), account)
	if err != nil {
		return seat{}, err
	}
	s, err := p.Standing(ctx, t)
	if err != nil {
		return seat{}, err
	}
	out := seat{until: now.Add(seatHolds)}
	if does.Unit.ID != "" {
		out.Units, out.Department = s.chain(does.Unit.ID), s.department(does.Unit.ID)
	}
	if len(does.Functions) > 0 {
		out.Family = does.Functions[0].Family
	}
	p.mu.Lock()
	if len(p.who) >= mostSeats {
		clear(p.who)
	}
	p.who[key] = out
	p.mu.Unlock()
	return out, nil
}
