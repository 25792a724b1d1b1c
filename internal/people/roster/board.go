package roster

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	"tekentafel/internal/db"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/store"
	"tekentafel/internal/tenant"
)

// count is how many people and how much work.
type count struct {
	people  int
	fte     int64 // thousandths
	unknown int   // posts of which the part of full time is unknown
}

func (c *count) add(t *store.Tally) {
	c.people, c.fte, c.unknown = c.people+t.People, c.fte+t.FTE, c.unknown+t.Unknown
}

// board is the units and functions of an organisation at a revision and a day, with headcounts. It is read only.
type board struct {
	at    int64
	day   org.Date
	units []org.Unit // by name
	ended []int      // positions of units that do not stand on the day
	unit  map[string]int
	below map[string][]int // positions of units that stand, by name; "" for those without one above that stands
	loose map[string]bool  // units that no top leads to, because they stand below each other
	label []string         // of units, unique

	functions []org.Function // by name
	function  map[string]int
	fnLabel   []string

	own, all map[string]*count // of a unit, and with those below
	has      map[string]*count // of a function
	tallies  []store.Tally
}

// mostBoards is how many organisations are kept at hand.
const mostBoards = 16

// boards keeps the last board of organisations: a revision does not change, and headcounts are dear.
type boards struct {
	mu   sync.Mutex
	last map[tenant.ID]*board
}

func (x *Roster) board(ctx context.Context, t tenant.ID) (*board, error) {
	r := x.DB.Of(t)
	head, err := store.Head(ctx, r)
	if err != nil {
		return nil, err
	}
	x.boards.mu.Lock()
	b := x.boards.last[t]
	x.boards.mu.Unlock()
	if b != nil && b.at == head.Current && b.day == x.day() {
		return b, nil
	}
	if b, err = readBoard(ctx, r, head.Current, x.day()); err != nil {
		return nil, err
	}
	x.boards.mu.Lock()
	defer x.boards.mu.Unlock()
	if x.boards.last == nil || len(x.boards.last) >= mostBoards {
		x.boards.last = map[tenant.ID]*board{}
	}
	x.boards.last[t] = b
	return b, nil
}

func readBoard(ctx context.Context, r db.Reader, at int64, day org.Date) (*board, error) {
	b := &board{at: at, day: day, unit: map[string]int{}, below: map[string][]int{}, loose: map[string]bool{}, function: map[string]int{}, own: map[string]*count{}, all: map[string]*count{}, has: map[string]*count{}}
	var err error
	if b.units, err = store.AllOf[org.Unit](ctx, r, at); err != nil {
		return nil, err
	}
	if b.functions, err = store.AllOf[org.Function](ctx, r, at); err != nil {
		return nil, err
	}
	if b.tallies, err = store.Tallies(ctx, r, at, day); err != nil {
		return nil, err
	}
	byName := func(a, b string, x, y string) int {
		return cmp.Or(strings.Compare(strings.ToLower(a), strings.ToLower(b)), strings.Compare(x, y))
	}
	slices.SortFunc(b.units, func(x, y org.Unit) int { return byName(x.Name, y.Name, x.ID, y.ID) })
	slices.SortFunc(b.functions, func(x, y org.Function) int { return byName(x.Name, y.Name, x.ID, y.ID) })
	b.tree()
	b.counts()
	b.labels()
	return b, nil
}

// tree puts the units below each other.
func (b *board) tree() {
	for i := range b.units {
		b.unit[b.units[i].ID] = i
	}
	for i := range b.units {
		u := &b.units[i]
		if !u.On(b.day) {
			b.ended = append(b.ended, i)
			continue
		}
		parent := u.Parent
		if p, ok := b.unit[parent]; !ok || !b.units[p].On(b.day) {
			parent = ""
		}
		b.below[parent] = append(b.below[parent], i)
	}
	reached := map[string]bool{}
	todo := slices.Clone(b.below[""])
	for len(todo) > 0 {
		u := &b.units[todo[len(todo)-1]]
		todo = todo[:len(todo)-1]
		if !reached[u.ID] {
			reached[u.ID] = true
			todo = append(todo, b.below[u.ID]...)
		}
	}
	for i := range b.units {
		if u := &b.units[i]; u.On(b.day) && !reached[u.ID] {
			b.loose[u.ID] = true
		}
	}
	for i := range b.functions {
		b.function[b.functions[i].ID] = i
	}
}

func (b *board) counts() {
	to := func(m map[string]*count, id string) *count {
		if m[id] == nil {
			m[id] = &count{}
		}
		return m[id]
	}
	for i := range b.tallies {
		t := &b.tallies[i]
		to(b.own, t.Unit).add(t)
		to(b.has, t.Function).add(t)
		for _, u := range b.up(t.Unit) {
			to(b.all, u).add(t)
		}
	}
}

// up lists a unit and those above it. A circle is walked once.
func (b *board) up(unit string) []string {
	var ids []string
	for unit != "" && !slices.Contains(ids, unit) {
		i, ok := b.unit[unit]
		if !ok {
			break
		}
		ids = append(ids, unit)
		unit = b.units[i].Parent
	}
	return ids
}

// path lists the names from the top down to a unit.
func (b *board) path(unit string) []string {
	var names []string
	for _, id := range slices.Backward(b.up(unit)) {
		names = append(names, b.units[b.unit[id]].Name)
	}
	return names
}

const step = " › "

// labels names units and functions so that each name is of one: with what stands above, and the code where that is not enough.
func (b *board) labels() {
	names := map[string]int{}
	for i := range b.units {
		names[strings.ToLower(b.units[i].Name)]++
	}
	b.label = make([]string, len(b.units))
	taken := map[string]bool{}
	unique := func(label, code, id string) string {
		if taken[strings.ToLower(label)] && code != "" {
			label += " (" + code + ")"
		}
		if taken[strings.ToLower(label)] {
			label += " [" + id[max(0, len(id)-6):] + "]"
		}
		taken[strings.ToLower(label)] = true
		return label
	}
	for i := range b.units {
		u := &b.units[i]
		label := u.Name
		if names[strings.ToLower(u.Name)] > 1 {
			label = strings.Join(b.path(u.ID), step)
		}
		b.label[i] = unique(label, u.Code, u.ID)
	}
	taken = map[string]bool{}
	b.fnLabel = make([]string, len(b.functions))
	for i := range b.functions {
		f := &b.functions[i]
		b.fnLabel[i] = unique(f.Name, f.Code, f.ID)
	}
}

func (b *board) unitLabel(id string) string {
	if i, ok := b.unit[id]; ok {
		return b.label[i]
	}
	return ""
}

func (b *board) functionLabel(id string) string {
	if i, ok := b.function[id]; ok {
		return b.fnLabel[i]
	}
	return ""
}

func (b *board) unitName(id string) string {
	if i, ok := b.unit[id]; ok {
		return b.units[i].Name
	}
	return ""
}

func (b *board) functionName(id string) string {
	if i, ok := b.function[id]; ok {
		return b.functions[i].Name
	}
	return ""
}

func of(m map[string]*count, id string) count {
	if c := m[id]; c != nil {
		return *c
	}
	return count{}
}

// within lists a unit and all below it that stand.
func (b *board) within(unit string) []string {
	ids := []string{unit}
	seen := map[string]bool{unit: true}
	for i := 0; i < len(ids); i++ {
		for _, u := range b.below[ids[i]] {
			if id := b.units[u].ID; !seen[id] {
				seen[id] = true
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// names returns the names of people by their ids: those who lead units or colleagues, as the organisation chart has them.
func (x *Roster) names(ctx context.Context, r db.Reader, at int64, ids ...string) (map[string]string, error) {
	ids = slices.DeleteFunc(ids, func(s string) bool { return s == "" })
	rows, err := store.Some[org.Person](ctx, r, at, ids)
	out := map[string]string{}
	for i := range rows {
		out[rows[i].ID] = rows[i].Name()
	}
	return out, err
}
