package desk

import (
	"embed"
	"net/http"
	"strconv"
	"sync"

	"github.com/a-h/templ"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/people"
	"tekentafel/internal/people/store"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Locale returns the messages of this package.
func Locale() *i18n.Bundle { return locale() }

// Part is a part of the page of settings that another feature brings.
type Part interface {
	// Setting draws the part for who sends r; nil when it has nothing for them.
	Setting(r *web.Request) (templ.Component, error)
}

// Dependencies of the pages.
type Dependencies struct {
	People   *people.Service
	Settings []Part // below what this package sets
}

// Desk is the pages.
type Desk struct{ Dependencies }

// New returns the pages.
func New(d Dependencies) *Desk { return &Desk{d} }

const noticeBundle = "staff"

// Where the pages are.
const (
	home         = "/staff"
	importsAt    = "/staff/imports"
	sourcesAt    = "/staff/sources"
	revisionsAt  = "/staff/revisions"
	settingsAt   = "/staff/settings"
	exampleAt    = "/staff/example.csv"
	unitsAt      = "/staff/units"
	functionsAt  = "/staff/functions"
	listAt       = "/staff/list"
	qualityAt    = "/staff/quality"
	titlesAt     = "/staff/titles"
	duplicatesAt = "/staff/duplicates"
)

// AddTo makes the routes, the line in the menu and the notices known to a server.
func (d *Desk) AddTo(server *web.Server) error {
	server.AddNotices(noticeBundle, locale())
	server.AddMenu(web.MenuItem{Href: home, Label: message("title"), Action: access.ReadQuality})
	route := func(action access.Action, pattern string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: action, Handle: h}
	}
	slow := func(r web.Route) web.Route {
		r.Slow = true
		return r
	}
	const brings, reads, changes = access.ImportPeople, access.ReadPeople, access.ChangePeople
	upload := slow(route(brings, "POST /staff/imports", d.bring))
	upload.Body = d.People.MaxUpload + 16*maxPart
	columns := route(brings, "POST /staff/imports/{id}/columns", d.columns)
	columns.Body = 1 << 20
	return server.Add(
		route(access.ReadQuality, "GET /staff", d.door),
		route(brings, "GET /staff/example.csv", d.example),

		route(brings, "GET /staff/sources/new", d.askSource),
		route(brings, "POST /staff/sources", d.addSource),
		route(brings, "GET /staff/sources/{id}", d.source),
		route(brings, "POST /staff/sources/{id}", d.changeSource),
		route(brings, "GET /staff/sources/{id}/delete", d.askDeleteSource),
		route(brings, "POST /staff/sources/{id}/delete", d.deleteSource),

		route(brings, "GET /staff/imports", d.imports),
		route(brings, "GET /staff/imports/new", d.askBring),
		upload,
		route(brings, "GET /staff/imports/{id}", d.show),
		route(brings, "GET /staff/imports/{id}/progress", d.progress),
		route(brings, "GET /staff/imports/{id}/columns", d.askColumns),
		columns,
		slow(route(brings, "GET /staff/imports/{id}/rows.csv", d.rows)),
		route(brings, "POST /staff/imports/{id}/same", d.same),
		route(brings, "POST /staff/imports/{id}/apply", d.apply),
		route(brings, "GET /staff/imports/{id}/refuse", d.askRefuse),
		route(brings, "POST /staff/imports/{id}/refuse", d.refuse),

		route(reads, "GET /staff/revisions", d.revisions),
		route(reads, "GET /staff/revisions/{seq}", d.revision),
		route(changes, "GET /staff/revisions/{seq}/undo", d.askUndo),
		route(changes, "POST /staff/revisions/{seq}/undo", d.undo),

		web.Route{Pattern: "GET /staff/settings", Any: true, Handle: d.settings},
		route(access.SetNational, "POST /staff/settings", d.setNational),
	)
}

// words writes in one language.
type words struct{ *i18n.Printer }

func in(lang instrument.Lang) words { return words{locale().Printer(lang)} }

func (w words) say(key string) string { return w.T(key, nil) }

// n says a message about a number.
func (w words) n(key string, n int) string { return w.N(key, n, i18n.Args{"n": w.Int(n)}) }

func message(key string) problem.Message { return problem.Message{Bundle: locale(), Key: key} }

// page is a page of the area, below the given pages.
func page(r *web.Request, title string, above ...ui.Link) web.Page {
	p := web.Page{}
	p.Title = title
	p.Crumbs = append([]ui.Link{{Label: in(r.Lang).say("title"), Href: home}}, above...)
	return p
}

func importsCrumb(w words) ui.Link { return ui.Link{Label: w.say("imports.title"), Href: importsAt} }

func revisionsCrumb(w words) ui.Link {
	return ui.Link{Label: w.say("revisions.title"), Href: revisionsAt}
}

func importAt(id string) string { return importsAt + "/" + id }

func revisionAt(seq int64) string { return revisionsAt + "/" + strconv.FormatInt(seq, 10) }

// version is the field with the version that a form is made on.
func version(v int64) ui.NameValue {
	return ui.NameValue{Name: "version", Value: strconv.FormatInt(v, 10)}
}

// number reads a whole number of a form; -1 for anything else.
func number(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// who names the accounts that did something, each asked for once.
type who struct {
	d     *Desk
	r     *web.Request
	w     words
	names map[string]string
}

func (d *Desk) who(r *web.Request, w words) *who { return &who{d, r, w, map[string]string{}} }

// name returns the name of an account, and words for the program and for one that is gone.
func (x *who) name(account string) (string, error) {
	if account == "" {
		return x.w.say("who.program"), nil
	}
	if known, ok := x.names[account]; ok {
		return known, nil
	}
	name, err := x.d.People.Accounts.Name(x.r.Context(), x.d.store(x.r), account)
	if err != nil {
		return "", err
	}
	if name == "" {
		name = x.w.say("who.gone")
	}
	x.names[account] = name
	return name, nil
}

// store reads the organisation of who sends r.
func (d *Desk) store(r *web.Request) db.Reader { return d.People.DB.Of(r.Actor.Tenant) }

func refuse(kind problem.Kind, key string) *problem.Problem {
	return problem.New(kind, locale(), key, nil)
}

// tones of the states of an import.
func tone(s store.ImportState) ui.Tone {
	switch s {
	case store.Received, store.Previewed:
		return ui.Warning
	case store.Applying:
		return ui.Info
	case store.Applied:
		return ui.Success
	case store.Failed:
		return ui.Failure
	case store.WasUndone, store.Refused:
	}
	return ui.Muted
}

// refilled is a form that comes back with what is wrong, or the error that is no such thing.
func refilled(r *web.Request, form map[string][]string, err error, show func(status int, state *ui.FormState) error) error {
	state, err := r.Refill(form, err)
	if err != nil {
		return err
	}
	return show(http.StatusUnprocessableEntity, state)
}
