// Package start is the page on which one arrives in the place to try, and the door to it. It leads to tasks, challenges and examples, and tells the
// chat about each of them.
package start

import (
	"context"
	"embed"
	"net/http"
	"sync"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/lab"
	"tekentafel/internal/lab/challenge"
	"tekentafel/internal/lab/example"
	"tekentafel/internal/lab/shelf"
	"tekentafel/internal/lab/task"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Locale returns the messages of this package.
func Locale() *i18n.Bundle { return locale() }

// Beside is a page of another part that one finds here too, such as what somebody kept; ok is false for who may not read it.
type Beside func(r *web.Request) (link ui.Link, ok bool)

// Dependencies is what the page needs.
type Dependencies struct {
	Tasks      *task.Pages
	Challenges *challenge.Service
	Examples   *example.Service
	Beside     []Beside
}

// Service is the page, and what the chat is told.
type Service struct{ Dependencies }

// New returns the page.
func New(d Dependencies) *Service { return &Service{d} }

// tasks tells examples which entries by task there are.
type tasks struct{ *task.Pages }

// TasksOf returns the entries by task as examples know them.
func TasksOf(p *task.Pages) example.Tasks { return tasks{p} }

// Tasks implements example.Tasks.
func (t tasks) Tasks(lang instrument.Lang) []example.Place {
	var out []example.Place
	for _, x := range t.Titles(lang) {
		out = append(out, example.Place{ID: x.ID, Name: x.Title})
	}
	return out
}

// AddTo makes everything of tasks, challenges and examples known to a server, with the door to it.
func (s *Service) AddTo(server *web.Server) error {
	server.AddDoors(web.Door{Key: shelf.Door, Href: shelf.Home, Label: problem.Message{Bundle: locale(), Key: "door"}, Action: shelf.Uses})
	for _, add := range []func(*web.Server) error{shelf.AddTo, s.Tasks.AddTo, s.Challenges.AddTo, s.Examples.AddTo} {
		if err := add(server); err != nil {
			return err
		}
	}
	return server.Add(web.Route{Pattern: "GET /lab", Action: shelf.Uses, Handle: s.show})
}

// Entry implements lab.Entries.
func (s *Service) Entry(ctx context.Context, t tenant.ID, id string, lang instrument.Lang) (lab.Entry, bool, error) {
	if e, ok := s.Tasks.Entry(id, lang); ok {
		return e, true, nil
	}
	if e, ok := s.Challenges.Entry(id, lang); ok {
		return e, true, nil
	}
	return s.Examples.Entry(ctx, t, id, lang)
}

// fewTasks is how many tasks the chat offers to who has nothing to ask yet.
const fewTasks = 6

// Starts lists a few tasks for who has nothing to ask yet, the most useful first.
func (s *Service) Starts(_ context.Context, _ tenant.ID, lang instrument.Lang) ([]shelf.Entry, error) {
	list := s.Tasks.List(lang)
	return list[:min(fewTasks, len(list))], nil
}

// Offers says what a person can do here at any time.
func (s *Service) Offers(r *web.Request) []ui.Tile {
	if !r.Can(shelf.Uses) {
		return nil
	}
	w := shelf.In(locale(), r.Lang)
	return []ui.Tile{{Title: w.Say("offer"), Href: shelf.Home, Text: w.Say("offer.text")}}
}

// How many challenges and examples the page shows.
const (
	fewChallenges = 3
	fewExamples   = 3
)

// view is the page.
type view struct {
	shelf.Words
	tasks, challenges, examples []shelf.Entry
	beside                      []ui.Link
}

func (s *Service) show(w http.ResponseWriter, r *web.Request) error {
	done, err := s.Challenges.Done(r.Context(), r.Actor.Tenant, r.Actor.Owner)
	if err != nil {
		return err
	}
	v := view{Words: shelf.In(locale(), r.Lang), tasks: s.Tasks.List(r.Lang)}
	v.challenges = s.Challenges.Fresh(r.Lang, done, fewChallenges)
	if v.examples, err = s.Examples.Newest(r.Context(), r.Actor.Tenant, r.Lang, fewExamples); err != nil {
		return err
	}
	for _, beside := range s.Beside {
		if link, ok := beside(r); ok {
			v.beside = append(v.beside, link)
		}
	}
	p := web.Page{Door: shelf.Door}
	p.Title, p.Lead = v.Say("title"), v.Say("lead")
	p.Actions = []ui.Action{{Label: v.Say("chat"), Href: shelf.Chat, Kind: ui.Quiet}}
	return r.Show(w, p, body(v))
}
