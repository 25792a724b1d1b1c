package desk

import (
	"context"
	"embed"
	"sync"

	"tekentafel/internal/access"
	"tekentafel/internal/action"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
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

// Help is something that helps with a reason not to use AI, at a desk and in the field.
type Help struct{ Kind, Office, Field string }

// Helps knows what helps with the reasons not to use AI.
type Helps interface {
	// Helps returns how a reason is called and what helps with it, in a language; ok is false for a reason that it does not know. what is
	// how the kind of a help is called.
	Helps(reason string, lang instrument.Lang) (name string, list []Help, ok bool)
	// Question returns the question of a questionnaire that asks people why they do not use AI for their work.
	Question() string
}

// Place is a part of the organisation for which something can be done.
type Place struct {
	Kind     action.Audience // Department or Family
	ID, Name string
}

// Places knows the parts of the organisation.
type Places interface {
	// Places lists the departments and the families of functions, by name; none when there is no staff list.
	Places(ctx context.Context, r db.Reader) ([]Place, error)
}

// Organisations tells how an organisation looks to whoever reads a page without an account.
type Organisations interface {
	// Organisation returns an organisation as pages show it.
	Organisation(ctx context.Context, t tenant.ID) (web.Organisation, error)
}

// Beside is a page of another feature that stands beside the actions.
type Beside func(r *web.Request) (link ui.Link, ok bool)

// Dependencies is what the pages need. Helps and Places may be nil.
type Dependencies struct {
	Actions       *action.Service
	Helps         Helps
	Places        Places
	Organisations Organisations
	Beside        []Beside
}

// Desk is the pages.
type Desk struct{ Dependencies }

// New returns the pages.
func New(d Dependencies) *Desk { return &Desk{d} }

// Act returns the address at which an action is made of a reason not to use AI.
func (d *Desk) Act(reason string) string { return newAt + "?from=reason:" + reason }

func say(key string, args i18n.Args) problem.Message {
	return problem.Message{Bundle: locale(), Key: key, Args: args}
}

func refuse(kind problem.Kind, key string) error { return problem.New(kind, locale(), key, nil) }

// What one must be able to do.
const (
	reads   = access.ReadActions
	changes = access.ChangeActions
	runs    = access.RunAction
	tells   = access.TellActions
)

// noticeBundle is the name under which notices of this package are known.
const noticeBundle = "actions"

// Where the pages are.
const (
	doorKey     = "plan"
	home        = "/actions"
	itemsAt     = home + "/items/"
	newAt       = home + "/new"
	proposalsAt = home + "/proposals"
	timelineAt  = home + "/timeline"
	toldAt      = home + "/told"
	posterPath  = "/poster"
)

// AddTo makes the routes, the door and the notices known to a server.
func (d *Desk) AddTo(server *web.Server) error {
	server.AddNotices(noticeBundle, locale())
	server.AddDoors(web.Door{Key: doorKey, Href: home, Label: say("door", nil), Action: reads})
	route := func(action access.Action, pattern string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: action, Handle: h}
	}
	return server.Add(
		route(reads, "GET /actions", d.list),
		route(reads, "GET /actions/timeline", d.timeline),
		route(changes, "GET /actions/new", d.askNew),
		route(changes, "POST /actions/new", d.putNew),

		route(reads, "GET /actions/items/{id}", d.show),
		route(changes, "GET /actions/items/{id}/edit", d.askEdit),
		route(changes, "POST /actions/items/{id}/edit", d.putEdit),
		route(runs, "POST /actions/items/{id}/state", d.move),
		route(runs, "GET /actions/items/{id}/stop", d.askStop),
		route(runs, "GET /actions/items/{id}/reach", d.askReach),
		route(runs, "POST /actions/items/{id}/reach", d.putReach),
		route(runs, "GET /actions/items/{id}/material", d.askMaterial),
		route(runs, "POST /actions/items/{id}/material", d.putMaterial),
		route(runs, "GET /actions/items/{id}/review", d.askReview),
		route(runs, "POST /actions/items/{id}/review", d.putReview),
		route(runs, "POST /actions/items/{id}/clear", d.clear),
		route(runs, "GET /actions/items/{id}/undo", d.askUndo),
		route(runs, "POST /actions/items/{id}/undo", d.undo),
		route(changes, "GET /actions/items/{id}/delete", d.askDelete),
		route(changes, "POST /actions/items/{id}/delete", d.delete),

		route(reads, "GET /actions/proposals", d.newest),
		route(reads, "GET /actions/proposals/{report}", d.proposals),
		route(changes, "GET /actions/proposals/{report}/aside", d.askAside),
		route(changes, "POST /actions/proposals/{report}/aside", d.putAside),
		route(changes, "POST /actions/proposals/{report}/back", d.takeBack),

		route(reads, "GET /actions/told", d.told),
		route(tells, "GET /actions/told/{report}", d.askTold),
		route(tells, "POST /actions/told/{report}", d.putTold),
		route(reads, "GET /actions/told/{report}/preview", d.preview),
		route(tells, "POST /actions/told/{report}/publish", d.publish),
		route(tells, "GET /actions/told/{report}/withdraw", d.askWithdraw),
		route(tells, "POST /actions/told/{report}/withdraw", d.withdraw),
		route(tells, "GET /actions/told/{report}/poster", d.poster),

		web.Route{Pattern: "GET /t/{key}", Public: true, Crowd: true, Handle: d.public},
	)
}

// Tabs are the pages beside each other, with the one at current marked. Pages of other features come behind those of this one.
func (d *Desk) Tabs(r *web.Request, current string) []ui.Link {
	if !r.Can(reads) {
		return nil
	}
	w := in(r)
	out := []ui.Link{w.link("tab.list", home), w.link("tab.proposals", proposalsAt), w.link("tab.timeline", timelineAt), w.link("tab.told", toldAt)}
	for _, beside := range d.Beside {
		if link, ok := beside(r); ok {
			out = append(out, link)
		}
	}
	for i := range out {
		out[i].Current = out[i].Href == current
	}
	return out
}

// Offers says what a person can do here at any time.
func (d *Desk) Offers(r *web.Request) []ui.Tile {
	if !r.Can(reads) {
		return nil
	}
	w := in(r)
	return []ui.Tile{{Title: w.say("title"), Href: home, Text: w.say("offer")}}
}

// refuseGone says that something is not there any more.
func refuseGone() error { return refuse(problem.NotFound, "error.proposal") }

// notYours says that somebody who reads only their own actions may not see this.
func notYours() error { return problem.New(problem.Forbidden, action.Locale(), "error.forbidden", nil) }
