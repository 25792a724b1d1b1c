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

// Tile is a short word on how things stand behind a door.
type Tile interface {
	// Tile returns how things stand for the person who sends r, or nil.
	Tile(ctx context.Context, r *web.Request) (*ui.Tile, error)
}

// Page is the home page.
type Page struct {
	now     clock.Clock
	sources []Source
	tiles   []Tile
}

// New returns the home page on what the features say.
func New(now clock.Clock, sources []Source, tiles []Tile) *Page {
	return &Page{now: now, sources: sources, tiles: tiles}
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
	slices.SortStableFunc(tasks, func(a, b web.Task) int { return cmp.Compare(a.Rank, b.Rank) })
	var tiles []ui.Tile
	for _, t := range p.tiles {
		tile, err := t.Tile(r.Context(), r)
		if err != nil {
			return err
		}
		if tile != nil {
			tiles = append(tiles, *tile)
		}
	}
	say := locale().Printer(r.Lang)
	page := web.Page{}
	page.Title, page.Cover = say.T("title", nil), true
	page.Kicker = say.Date(r.Local(p.now()))
	if len(tasks) == 0 {
		page.Heading, page.Lead = say.T("nothing", nil), say.T("nothing-text", nil)
		return r.Show(w, page, body(nil, tiles, say.T("waiting", nil)))
	}
	first := tasks[0]
	page.Heading, page.Lead = first.Title, first.Text
	page.Actions = []ui.Action{{Label: first.Label, Href: first.Href, Kind: ui.Next}}
	return r.Show(w, page, body(list(tasks[1:]), tiles, say.T("waiting", nil)))
}

// list writes tasks as lines.
func list(tasks []web.Task) []ui.Task {
	var out []ui.Task
	for _, t := range tasks {
		out = append(out, ui.Task{Title: t.Title, Text: t.Text, Href: t.Href, Tag: t.Tag, Tone: t.Tone})
	}
	return out
}
