package example

import (
	"context"
	"slices"
	"sync"

	"tekentafel/internal/instrument"
	"tekentafel/internal/lab/example/find"
	"tekentafel/internal/tenant"
)

// Query says which examples somebody looks for. The zero value asks for all.
type Query struct {
	Text       string
	Family     string
	Department string // id, or the name of a made-up one
	Task       string
}

// stored is what an organisation shows, as it stood when it was read.
type stored struct {
	at    string
	list  []Example
	index *find.Index
}

// shelves remembers what organisations show, so that a search need not read it each time.
type shelves struct {
	mu sync.Mutex
	by map[tenant.ID]*stored
}

// mostShelves bounds the organisations that are remembered.
const mostShelves = 64

// stored returns what an organisation shows. One small query says whether it changed, on this node or another.
func (s *Service) stored(ctx context.Context, t tenant.ID) (*stored, error) {
	r := s.DB.Of(t)
	at, err := stand(ctx, r)
	if err != nil {
		return nil, err
	}
	s.shelves.mu.Lock()
	have := s.shelves.by[t]
	s.shelves.mu.Unlock()
	if have != nil && have.at == at {
		return have, nil
	}
	list, err := inState(ctx, r, Shown)
	if err != nil {
		return nil, err
	}
	slices.Reverse(list) // the newest first
	docs := make([]find.Document, 0, len(list)+len(s.MadeUp))
	for i := range list {
		docs = append(docs, list[i].document())
	}
	for i := range s.MadeUp {
		docs = append(docs, s.MadeUp[i].document())
	}
	have = &stored{at: at, list: list, index: find.New(docs)}
	s.shelves.mu.Lock()
	defer s.shelves.mu.Unlock()
	if s.shelves.by == nil || len(s.shelves.by) >= mostShelves {
		s.shelves.by = map[tenant.ID]*stored{}
	}
	s.shelves.by[t] = have
	return have, nil
}

func (e *Example) document() find.Document {
	return find.Document{ID: e.ID, Title: e.Title, Tags: e.Tags + " " + e.Tools + " " + e.Family + " " + e.DeptName, Body: e.Did + " " + e.Prompt + " " + e.Result + " " + e.Watch}
}

// document holds a made-up example in every language: it is found in each.
func (m *MadeUp) document() find.Document {
	d := find.Document{ID: madeUp + m.ID}
	for _, lang := range instrument.Languages() {
		e := m.in(lang)
		one := e.document()
		d.Title, d.Tags, d.Body = d.Title+" "+one.Title, d.Tags+" "+one.Tags, d.Body+" "+one.Body
	}
	return d
}

// Search lists the examples that are shown and fit a query: the best first for words, otherwise those of colleagues first, the newest at the
// top, and then the made-up ones. Made-up ones are in the language lang.
func (s *Service) Search(ctx context.Context, t tenant.ID, q Query, lang instrument.Lang) ([]Example, error) {
	have, err := s.stored(ctx, t)
	if err != nil {
		return nil, err
	}
	all := slices.Clone(have.list)
	for i := range s.MadeUp {
		all = append(all, s.MadeUp[i].in(lang))
	}
	if q.Text != "" {
		by := map[string]*Example{}
		for i := range all {
			by[all[i].ID] = &all[i]
		}
		var hits []Example
		for _, h := range have.index.Search(q.Text) {
			if e := by[h.ID]; e != nil {
				hits = append(hits, *e)
			}
		}
		all = hits
	}
	return slices.DeleteFunc(all, func(e Example) bool {
		return q.Family != "" && e.Family != q.Family || q.Department != "" && e.Department != q.Department || q.Task != "" && e.Task != q.Task
	}), nil
}
