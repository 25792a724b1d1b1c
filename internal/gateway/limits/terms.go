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
	of   map[whose][]*Limit
	own  map[string][]Own // by account
}

func newBook(list []Limit, own map[string][]Own) *book {
	b := &book{at: map[Place]*Limit{}, of: map[whose][]*Limit{}, own: own}
	for i := range list {
		l := &list[i]
		b.at[l.Place] = l
		b.list = append(b.list, l)
		b.of[whose{l.Kind, l.Subject}] = append(b.of[whose{l.Kind, l.Subject}], l)
	}
	return b
}

// whose is whom limits are about.
type whose struct {
	kind    budget.Kind
	subject string // "" for each, and for the organisation
}

// terms returns the limits that may hold for a call. What is set for each person, key or unit holds for the one of the call unless something is set for
// that one in the same group, period and unit. Of units that is the first of the call, in which the person stands; those above it are held to what is set for them alone.
func (b *book) terms(c *budget.Call) []budget.Limit {
	var out []budget.Limit
	add := func(kind budget.Kind, subject, as string) {
		for _, l := range b.of[whose{kind, subject}] {
			if l.Group != "" && l.Group != c.Group {
				continue
			}
			if p := l.Place; subject != as {
				if p.Subject = as; b.at[p] != nil {
					continue
				}
			}
			out = append(out, l.of(as))
		}
	}
	one := func(kind budget.Kind, subject string) {
		if subject != "" {
			add(kind, "", subject)
			add(kind, subject, subject)
		}
	}
	add(budget.Organisation, "", "")
	one(budget.Person, c.Person)
	one(budget.Key, c.Key)
	for i, t := range c.Teams {
		if i == 0 {
			one(budget.Team, t)
		} else if t != "" {
			add(budget.Team, t, t)
		}
	}
	if c.Person != "" {
		for _, o := range b.own[c.Person] {
			out = append(out, o.of(c.Person))
		}
	}
	return out
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
