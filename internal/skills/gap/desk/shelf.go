package desk

import (
	"bytes"
	"compress/gzip"
	"container/list"
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"tekentafel/internal/db"
	"tekentafel/internal/files"
	"tekentafel/internal/skills/gap"
	"tekentafel/internal/tenant"
)

// resultType is the media type under which results are kept.
const resultType = "application/x-tekentafel-gap"

// pack writes a result as it is kept.
func pack(g *gap.Gap) ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if err := json.NewEncoder(z).Encode(g); err != nil {
		return nil, fmt.Errorf("keep the gap: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// unpack is the reverse of pack.
func unpack(packed []byte) (*gap.Gap, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("read the gap: %w", err)
	}
	g, err := gap.Read(z)
	if err != nil {
		return nil, err
	}
	return g, z.Close()
}

// place finds a result in memory.
type place struct {
	tenant tenant.ID
	file   string
}

// shelf keeps results that were read lately. What was not used longest goes first; the newest one always stays, however large. A result is
// never changed, and who may read it is decided before.
type shelf struct {
	mu    sync.Mutex
	most  int64
	size  int64
	order *list.List // of *shelved, the most recently used in front
	at    map[place]*list.Element
}

type shelved struct {
	place
	x    *index
	size int64
}

func newShelf(most int64) *shelf {
	return &shelf{most: most, order: list.New(), at: map[place]*list.Element{}}
}

func (s *shelf) get(p place) *index {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.at[p]
	if e == nil {
		return nil
	}
	s.order.MoveToFront(e)
	return book(e).x
}

func (s *shelf) put(p place, x *index) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.at[p]; e != nil {
		s.drop(e)
	}
	size := sizeOf(x.Gap)
	s.at[p] = s.order.PushFront(&shelved{p, x, size})
	for s.size += size; s.size > s.most && s.order.Len() > 1; {
		s.drop(s.order.Back())
	}
}

func (s *shelf) drop(e *list.Element) {
	v := book(e)
	s.order.Remove(e)
	delete(s.at, v.place)
	s.size -= v.size
}

func book(e *list.Element) *shelved {
	return e.Value.(*shelved) //nolint:forcetypeassert // the list holds nothing else
}

// sizeOf is about how many bytes a result takes in memory: each standing has up to five figures.
func sizeOf(g *gap.Gap) int64 {
	const row, standing, moved = 200, 320, 180
	n := int64(1 + len(g.Functions) + len(g.Departments) + len(g.Families) + len(g.Cells))
	size := n * (row + standing*int64(len(g.Skills)))
	if g.Changes != nil {
		size += int64(len(g.Changes.Rows)) * moved * int64(len(g.Skills))
	}
	return size
}

// index is a result with where its rows are.
type index struct {
	*gap.Gap
	function, department, family map[string]int
	skill                        map[string]int
	byFunction, byDepartment     map[string][]int // cells

	mu     sync.Mutex
	orders map[string]order
}

// order is the rows of a kind in an order, with the names by which they are found.
type order struct {
	rows   []gap.HeatRow
	folded []string
}

// ordered returns an order of rows, made once. Callers do not change it.
func (x *index) ordered(key string, make func() order) order {
	x.mu.Lock()
	defer x.mu.Unlock()
	o, there := x.orders[key]
	if !there {
		o = make()
		x.orders[key] = o
	}
	return o
}

func newIndex(g *gap.Gap) *index {
	x := &index{Gap: g, function: map[string]int{}, department: map[string]int{}, family: map[string]int{}, skill: map[string]int{}, byFunction: map[string][]int{}, byDepartment: map[string][]int{}, orders: map[string]order{}}
	for i := range g.Functions {
		x.function[g.Functions[i].Function] = i
	}
	for i := range g.Departments {
		x.department[g.Departments[i].Department] = i
	}
	for i := range g.Families {
		x.family[g.Families[i].Family] = i
	}
	for i := range g.Skills {
		x.skill[g.Skills[i].ID] = i
	}
	for i := range g.Cells {
		c := &g.Cells[i]
		x.byFunction[c.Function] = append(x.byFunction[c.Function], i)
		x.byDepartment[c.Department] = append(x.byDepartment[c.Department], i)
	}
	return x
}

// load returns the result of a gap, from memory where it is there.
func (s *Service) load(ctx context.Context, r db.Reader, file string) (*index, error) {
	p := place{r.Tenant(), file}
	if x := s.boards.get(p); x != nil {
		return x, nil
	}
	var b bytes.Buffer
	if err := files.Copy(ctx, r, file, &b); err != nil {
		return nil, err
	}
	g, err := unpack(b.Bytes())
	if err != nil {
		return nil, err
	}
	x := newIndex(g)
	s.boards.put(p, x)
	return x, nil
}
