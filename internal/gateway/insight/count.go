package insight

import (
	"strings"
	"sync"
	"time"

	"tekentafel/internal/gateway/door"
	"tekentafel/internal/tenant"
)

// Bounds on what is gathered in memory between two writings.
const (
	maxSeen  = 500_000 // marks
	maxNames = 300     // models, and tasks, of an organisation; what comes beyond is counted as other
	maxName  = 120     // bytes
	other    = "~"
)

// seen is that somebody is in a cell, before it is marked.
type seen struct {
	month Month
	who   string // account
	day   string // 2026-11-03
	cell  string // without who and day
}

// gathered is what was counted of an organisation and is not written yet.
type gathered struct {
	seen    map[seen]struct{}
	amounts map[Month]map[string]int64
}

func newGathered() *gathered {
	return &gathered{seen: map[seen]struct{}{}, amounts: map[Month]map[string]int64{}}
}

// counter gathers calls. It never waits for anything but its own lock.
type counter struct {
	zone *time.Location

	mu    sync.Mutex
	of    map[tenant.ID]*gathered
	names map[tenant.ID]map[string]map[string]bool // kind, name
	size  int
	lost  int // marks for which there was no room
}

func newCounter(zone *time.Location) *counter {
	return &counter{zone: zone, of: map[tenant.ID]*gathered{}, names: map[tenant.ID]map[string]map[string]bool{}}
}

// used tells whether a call gave somebody something: an answer, or a part of one.
func used(o door.Outcome) bool {
	switch o {
	case door.Answered, door.Stopped, door.Cut:
		return true
	case door.Failed, door.Refused, door.Blocked:
	}
	return false
}

// Cells. Those of days get their day when they are marked, those of groups their group.
const (
	cellAll     = "all"      // who used a model
	cellTried   = "tried"    // who asked, whatever came of it
	cellDay     = "day"      // who used a model on a day
	cellModel   = "model:"   // who used a model of this name
	cellTask    = "task:"    // who came by this entry
	cellOutcome = "outcome:" // to whom this happened
	cellFound   = "found:"   // of whom the guard found this in a question
	cellKeys    = "keys"     // programs
)

// Count implements door.Tally.
func (c *counter) Count(d *door.Done) {
	month, day := monthOf(d.At, c.zone), d.At.In(c.zone).Format(time.DateOnly)
	c.mu.Lock()
	defer c.mu.Unlock()
	g := c.of[d.Tenant]
	if g == nil {
		g = newGathered()
		c.of[d.Tenant] = g
	}
	amounts := g.amounts[month]
	if amounts == nil {
		amounts = map[string]int64{}
		g.amounts[month] = amounts
	}
	for name, n := range amountsOf(d) {
		amounts[name] += n
	}
	if d.Person == "" {
		if d.Key != "" && used(d.Outcome) {
			c.add(g, seen{month: month, who: "key " + d.Key, cell: cellKeys})
		}
		return
	}
	add := func(cell string) { c.add(g, seen{month: month, who: d.Person, cell: cell}) }
	add(cellTried)
	add(cellOutcome + string(d.Outcome))
	for t, n := range d.Found {
		if n > 0 {
			add(cellFound + string(t))
		}
	}
	if !used(d.Outcome) {
		return
	}
	add(cellAll)
	c.add(g, seen{month: month, who: d.Person, day: day, cell: cellDay})
	add(cellModel + c.name(d.Tenant, "model", d.Model))
	if d.Task != "" {
		add(cellTask + c.name(d.Tenant, "task", d.Task))
	}
}

func (c *counter) add(g *gathered, s seen) {
	if _, there := g.seen[s]; there {
		return
	}
	if c.size >= maxSeen {
		c.lost++
		return
	}
	c.size++
	g.seen[s] = struct{}{}
}

// name bounds how many names there are: whoever asks for a thousand made-up models fills no store.
func (c *counter) name(t tenant.ID, kind, name string) string {
	if name = strings.ToValidUTF8(strings.ReplaceAll(name, "\x00", ""), ""); name == "" || len(name) > maxName {
		return other
	}
	known := c.names[t]
	if known == nil {
		known = map[string]map[string]bool{"model": {}, "task": {}}
		c.names[t] = known
	}
	if !known[kind][name] {
		if len(known[kind]) >= maxNames {
			return other
		}
		known[kind][name] = true
	}
	return name
}

// take takes what was gathered of all organisations.
func (c *counter) take() map[tenant.ID]*gathered {
	c.mu.Lock()
	defer c.mu.Unlock()
	of := c.of
	c.of, c.size = map[tenant.ID]*gathered{}, 0
	return of
}

// back gives back what could not be written.
func (c *counter) back(t tenant.ID, old *gathered) {
	c.mu.Lock()
	defer c.mu.Unlock()
	g := c.of[t]
	if g == nil {
		g = newGathered()
		c.of[t] = g
	}
	for s := range old.seen {
		c.add(g, s)
	}
	for month, amounts := range old.amounts {
		if g.amounts[month] == nil {
			g.amounts[month] = map[string]int64{}
		}
		for name, n := range amounts {
			g.amounts[month][name] += n
		}
	}
}

// takeLost returns how many marks found no room since it was last asked.
func (c *counter) takeLost() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := c.lost
	c.lost = 0
	return n
}

// forget drops what was gathered of an account.
func (c *counter) forget(t tenant.ID, account string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if g := c.of[t]; g != nil {
		for s := range g.seen {
			if s.who == account {
				delete(g.seen, s)
				c.size--
			}
		}
	}
}
