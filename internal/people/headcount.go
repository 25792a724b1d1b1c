package people

import (
	"context"
	"sync"

	"tekentafel/internal/db"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/store"
	"tekentafel/internal/tenant"
)

// headcount is how many people in service have their main post in each unit itself, at a revision and on a day. Who leaves the store
// altogether was out of service before, so that it holds as long as the revision stands.
type headcount struct {
	at    int64
	day   org.Date
	units map[string]int // by id
}

// headcounts keeps the last headcount of each organisation: counting reads every post.
type headcounts struct {
	mu   sync.Mutex
	last map[tenant.ID]*headcount
}

// mostHeadcounts is of how many organisations one is kept.
const mostHeadcounts = 100

func (h *headcounts) keep(t tenant.ID, c *headcount) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.last == nil || len(h.last) >= mostHeadcounts {
		h.last = map[tenant.ID]*headcount{}
	}
	h.last[t] = c
}

func (h *headcounts) of(t tenant.ID, at int64, day org.Date) *headcount {
	h.mu.Lock()
	defer h.mu.Unlock()
	if c := h.last[t]; c != nil && c.at == at && c.day == day {
		return c
	}
	return nil
}

// headcount returns the headcount of a revision on a day, counted where it is not kept.
func (s *Service) headcount(ctx context.Context, r db.Reader, at int64, day org.Date) (map[string]int, error) {
	if c := s.counted.of(r.Tenant(), at, day); c != nil {
		return c.units, nil
	}
	units, err := store.Headcount(ctx, r, at, day)
	if err != nil {
		return nil, err
	}
	s.counted.keep(r.Tenant(), &headcount{at, day, units})
	return units, nil
}

// headcountOf is what store.Headcount counts, of an organisation that was read.
func headcountOf(o *org.Organisation, day org.Date) map[string]int {
	units := map[string]int{}
	i := 0
	for j := range o.Posts {
		p := &o.Posts[j]
		for i < len(o.People) && o.People[i].ID < p.Person {
			i++
		}
		if p.Main && p.On(day) && i < len(o.People) && o.People[i].ID == p.Person && !o.People[i].Out {
			units[p.Unit]++
		}
	}
	return units
}
