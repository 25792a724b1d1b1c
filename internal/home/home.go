package home

import (
	"cmp"
	"context"
	"embed"
	"net/http"
	"slices"
	"sync"

	"tekentafel/internal/access"
	"tekentafel/internal/clock"
	"tekentafel/internal/i18n"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Source is a feature that knows what waits for a person.
type Source interface {
	// Tasks lists what waits for the person who sends r. It costs at most a few queries: everyone comes by here.
	Tasks(ctx context.Context, r *web.Request) ([]web.Task, error)
}

// Offerer is a feature that has something for a person also when nothing waits.
type Offerer interface {
	// Offers lists what the person who sends r can do here at any time, the most used first. It asks the store nothing.
	Offers(r *web.Request) []ui.Tile
}

// Page is the home page.
type Page struct {
	now      clock.Clock
	sources  []Source
	offerers []Offerer
}

// New returns the home page on what the features say.
func New(now clock.Clock, sources []Source, offerers []Offerer) *Page {
	return &Page{now: now, sources: sources, offerers: offerers}
}

// AddTo makes the route known to a server.
func (p *Page) AddTo(server *web.Server) error {
	return server.Add(web.Route{Pattern: "GET /{$}", Action: access.UseInterface, Handle: p.show})
}

func (p *Page) show(w http.ResponseWriter, r *web.Request) error {
	var tasks []web.Task
	for _, s := range p.sources {
		more, err := s.Tasks(r.Context(), r)
		if err != nil {
			return err
		}
		tasks = append(tasks, more...)
	}
	tasks = inOrder(tasks)
	var tiles []ui.Tile
	for _, o := range p.offerers {
		tiles = append(tiles, o.Offers(r)...)
	}
	say := locale().Printer(r.Lang)
	page := web.Page{}
	page.Title, page.Cover = say.T("title", nil), true
	page.Kicker = say.Date(r.Local(p.now()))
	if len(tasks) == 0 {
		page.Heading, page.Lead = say.T("nothing", nil), say.T("nothing-text", nil)
		return r.Show(w, page, body(say, nil, tiles))
	}
	first := tasks[0]
	page.Heading, page.Lead = first.Title, first.Text
	page.Actions = []ui.Action{{Label: first.Label, Href: first.Href, Kind: ui.Next}}
	return r.Show(w, page, body(say, list(tasks[1:]), tiles))
}

// inOrder sorts tasks by rank. Of those that two features have about the same thing only the first stays.
func inOrder(tasks []web.Task) []web.Task {
	slices.SortStableFunc(tasks, func(a, b web.Task) int { return cmp.Compare(a.Rank, b.Rank) })
	seen := map[string]bool{}
	return slices.DeleteFunc(tasks, func(t web.Task) bool {
		double := t.About != "" && seen[t.About]
		seen[t.About] = true
		return double
	})
}

// list writes tasks as lines.
func list(tasks []web.Task) []ui.Task {
	var out []ui.Task
	for _, t := range tasks {
		out = append(out, ui.Task{Title: t.Title, Text: t.Text, Href: t.Href, Tag: t.Tag, Tone: t.Tone})
	}
	return out
}
