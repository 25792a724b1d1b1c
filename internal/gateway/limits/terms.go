package limits

import (
	"context"
	"fmt"
	"sync"
	"time"

	"tekentafel/internal/gateway/budget"
	"tekentafel/internal/tenant"
)

// Fresh is how long limits that were read are believed: a change on another node counts here after that time.
const Fresh = 5 * time.Second

// book is the limits of an organisation as they stand, made to answer for a call.
type book struct {
	at   map[Place]*Limit // those that hold
	list []*Limit         // the same, in the order in which they are shown
	own  map[string][]Own // by account
}

func newBook(list []Limit, own map[string][]Own) *book {
	b := &book{at: map[Place]*Limit{}, own: own}
	for i := range list {
		b.at[list[i].Place] = &list[i]
		b.list = append(b.list, &list[i])
	}
	return b
}

// terms returns the limits that may hold for a call. What is set for each person, key or unit holds for the one of the call unless something is set for
// that one in the same group, period and unit. Of units that is the first of the call, in which the person stands; those above it are held to what is set for them alone.
func (b *book) terms(c *budget.Call) []budget.Limit {
	var out []budget.Limit
	for _, l := range b.list {
		if l.Group != "" && l.Group != c.Group {
			continue
		}
		for _, subject := range l.subjects(c) {
			if p := l.Place; l.Subject == "" && l.Kind != budget.Organisation {
				p.Subject = subject
				if b.at[p] != nil {
					continue
				}
			}
			out = append(out, l.of(subject))
		}
	}
	if c.Person != "" {
		for _, o := range b.own[c.Person] {
			out = append(out, o.of(c.Person))
		}
	}
	return out
}

// subjects returns whom of a call the limit is about.
func (l *Limit) subjects(c *budget.Call) []string {
	named := func(name string) []string {
		if name == "" || l.Subject != "" && l.Subject != name {
			return nil
		}
		return []string{name}
	}
	switch l.Kind {
	case budget.Organisation:
		return []string{""}
	case budget.Person:
		return named(c.Person)
	case budget.Key:
		return named(c.Key)
	case budget.Team:
		for i, t := range c.Teams {
			if l.Subject == "" && i > 0 {
				break
			}
			if got := named(t); got != nil {
				return got
			}
		}
	}
	return nil
}

func (l *Limit) of(subject string) budget.Limit {
	return budget.Limit{ID: l.ID, Kind: l.Kind, Subject: subject, Group: l.Group, Period: l.Period, Unit: l.Unit, Most: l.Most, Ask: l.Ask}
}

func (o Own) of(account string) budget.Limit {
	return budget.Limit{ID: "own-" + string(o.Period) + "-" + string(o.Unit), Kind: budget.Person, Subject: account, Period: o.Period, Unit: o.Unit, Most: o.Most, Own: true}
}

// shelf remembers the limits of an organisation for a while.
type shelf struct {
	mu    sync.Mutex
	book  *book
	until time.Time
}

// Terms implements budget.Rules.
func (s *Service) Terms(ctx context.Context, t tenant.ID, c *budget.Call) (budget.Terms, error) {
	b, err := s.standing(ctx, t)
	if err != nil {
		return budget.Terms{}, err
	}
	return budget.Terms{Zone: s.Zone(ctx, t), Limits: b.terms(c)}, nil
}

// shelfOf returns where the limits of an organisation are remembered.
func (s *Service) shelfOf(t tenant.ID) *shelf {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shelves[t] == nil {
		s.shelves[t] = &shelf{}
	}
	return s.shelves[t]
}

// standing reads the limits of an organisation, once for all who ask at a time.
func (s *Service) standing(ctx context.Context, t tenant.ID) (*book, error) {
	h := s.shelfOf(t)
	h.mu.Lock()
	defer h.mu.Unlock()
	now := s.Now()
	if h.book != nil && now.Before(h.until) {
		return h.book, nil
	}
	r := s.DB.Of(t)
	list, err := current(ctx, r)
	if err != nil {
		return nil, fmt.Errorf("read limits: %w", err)
	}
	own, err := allOwn(ctx, r)
	if err != nil {
		return nil, fmt.Errorf("read the limits that people set for themselves: %w", err)
	}
	h.book, h.until = newBook(list, own), now.Add(Fresh)
	return h.book, nil
}

// forget has the limits read anew: they were changed here.
func (s *Service) forget(t tenant.ID) {
	h := s.shelfOf(t)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.book = nil
}
