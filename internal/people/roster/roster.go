package roster

import (
	"embed"
	"net/http"
	"strconv"
	"sync"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/people"
	"tekentafel/internal/people/org"
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

// noticeBundle is the name under which notices of this package are known.
const noticeBundle = "roster"

// Roster is the pages.
type Roster struct {
	*people.Service
	boards boards
}

// New returns the pages on the feature.
func New(s *people.Service) *Roster { return &Roster{Service: s} }

// AddTo makes the routes and the notices known to a server.
func (x *Roster) AddTo(server *web.Server) error {
	server.AddNotices(noticeBundle, locale())
	read, change := access.ReadPeople, access.ChangePeople
	return server.Add(
		web.Route{Pattern: "GET /staff/units", Action: read, Handle: x.units},
		web.Route{Pattern: "GET /staff/units/new", Action: change, Handle: x.askNewUnit},
		web.Route{Pattern: "POST /staff/units", Action: change, Handle: x.addUnit},
		web.Route{Pattern: "GET /staff/units/{id}", Action: read, Handle: x.unit},
		web.Route{Pattern: "GET /staff/units/{id}/edit", Action: change, Handle: x.askUnit},
		web.Route{Pattern: "POST /staff/units/{id}/edit", Action: change, Handle: x.putUnit},

		web.Route{Pattern: "GET /staff/functions", Action: read, Handle: x.functions},
		web.Route{Pattern: "GET /staff/functions/new", Action: change, Handle: x.askNewFunction},
		web.Route{Pattern: "POST /staff/functions", Action: change, Handle: x.addFunction},
		web.Route{Pattern: "GET /staff/functions/{id}", Action: read, Handle: x.function},
		web.Route{Pattern: "GET /staff/functions/{id}/edit", Action: change, Handle: x.askFunction},
		web.Route{Pattern: "POST /staff/functions/{id}/edit", Action: change, Handle: x.putFunction},

		web.Route{Pattern: "GET /staff/list", Action: read, Handle: x.list},
		web.Route{Pattern: "GET /staff/list/export", Action: read, Handle: x.askExport},
		web.Route{Pattern: "POST /staff/list/export", Action: read, Slow: true, Handle: x.export},
		web.Route{Pattern: "GET /staff/list/{id}", Action: read, Handle: x.person},
		web.Route{Pattern: "GET /staff/list/{id}/file", Action: access.ReadPersonFile, Handle: x.askFile},
		web.Route{Pattern: "POST /staff/list/{id}/file", Action: access.ReadPersonFile, Handle: x.file},
		web.Route{Pattern: "GET /staff/list/{id}/move", Action: change, Handle: x.askMove},
		web.Route{Pattern: "POST /staff/list/{id}/move", Action: change, Handle: x.move},

		web.Route{Pattern: "GET /staff/team", Action: access.ReadTeam, Handle: x.team},
		web.Route{Pattern: "GET /staff/team/{id}", Action: access.ReadTeam, Handle: x.teamPerson},

		web.Route{Pattern: "GET /staff/quality", Action: access.ReadQuality, Handle: x.quality},
		web.Route{Pattern: "GET /staff/quality/progress", Action: access.ReadQuality, Handle: x.progress},
		web.Route{Pattern: "POST /staff/quality", Action: change, Handle: x.assess},
		web.Route{Pattern: "GET /staff/quality/{kind}", Action: read, Handle: x.examples},

		web.Route{Pattern: "GET /staff/titles", Action: read, Handle: x.titles},
		web.Route{Pattern: "GET /staff/titles/merge", Action: change, Handle: x.askMerge},
		web.Route{Pattern: "POST /staff/titles/merge", Action: change, Handle: x.merge},
		web.Route{Pattern: "POST /staff/titles/later", Action: change, Handle: x.takeUp(store.Title)},
		web.Route{Pattern: "GET /staff/duplicates", Action: read, Handle: x.duplicates},
		web.Route{Pattern: "GET /staff/duplicates/{a}/{b}", Action: read, Handle: x.pair},
		web.Route{Pattern: "POST /staff/duplicates/{a}/{b}", Action: change, Handle: x.decide},
		web.Route{Pattern: "POST /staff/duplicates/later", Action: change, Handle: x.takeUp(store.Duplicate)},
		web.Route{Pattern: "GET /staff/decisions/{id}/withdraw", Action: change, Handle: x.askWithdraw},
		web.Route{Pattern: "POST /staff/decisions/{id}/withdraw", Action: change, Handle: x.withdraw},
		web.Route{Pattern: "GET /staff/changes/{seq}/undo", Action: change, Handle: x.askUndo},
		web.Route{Pattern: "POST /staff/changes/{seq}/undo", Action: change, Handle: x.undo},
	)
}

// Offers says what a manager can do here at any time.
func (x *Roster) Offers(r *web.Request) []ui.Tile {
	if !r.Can(access.ReadTeam) {
		return nil
	}
	w := in(r)
	return []ui.Tile{{Title: w.say("team.title"), Href: "/staff/team", Text: w.say("team.offer")}}
}

// words writes in one language, with times where the organisation is.
type words struct {
	*i18n.Printer
	local func(time.Time) time.Time
}

func in(r *web.Request) words { return words{locale().Printer(r.Lang), r.Local} }

func (w words) say(key string) string { return w.T(key, nil) }

// n fills in a number, with the plural that it asks for.
func (w words) n(key string, n int) string { return w.N(key, n, i18n.Args{"n": w.Int(n)}) }

// moment writes a moment; "–" for none.
func (w words) moment(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return w.Moment(w.local(t))
}

// day writes a day; "" for none.
func (w words) day(d org.Date) string {
	if d == 0 {
		return ""
	}
	return w.Date(d.Time())
}

// fte writes thousandths of full time as a number of full-time equivalents.
func (w words) fte(thousandths int64) string { return w.Decimal(float64(thousandths)/1000, 1) }

// points writes points of a hundred without decimals; what is not nothing is at least "< 1".
func (w words) points(p float64) string {
	if p > 0 && p < 1 {
		return "< 1"
	}
	return w.Decimal(p, 0)
}

// span says from when until when something holds.
func (w words) span(s org.Span) string {
	from, to := w.day(s.From), w.day(s.To)
	switch {
	case from != "" && to != "":
		return w.T("span.both", i18n.Args{"from": from, "to": to})
	case from != "":
		return w.T("span.from", i18n.Args{"from": from})
	case to != "":
		return w.T("span.to", i18n.Args{"to": to})
	default:
		return w.say("span.open")
	}
}

// label names a language.
func (w words) language(l string) string {
	for _, known := range instrument.Languages() {
		if string(known) == l {
			return w.say("language." + l)
		}
	}
	return "–"
}

// page is a page of the area, with the pages above it.
func page(r *web.Request, title string, above ...ui.Link) web.Page {
	p := web.Page{}
	p.Title = title
	if r.Can(access.ReadQuality) { // who opens the door of the area
		p.Crumbs = append([]ui.Link{{Label: in(r).say("area"), Href: "/staff"}}, above...)
	} else {
		p.Crumbs = above
	}
	return p
}

// link leads to a page of the area by the key of its title.
func (w words) link(key, href string) ui.Link { return ui.Link{Label: w.say(key), Href: href} }

// at is the revision that a form was made on; what is no number is one that never was.
func at(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// hiddenAt is the field with the revision that a form is made on.
func hiddenAt(n int64) []ui.NameValue {
	return []ui.NameValue{{Name: "at", Value: strconv.FormatInt(n, 10)}}
}

// day is the day where the organisation is.
func (x *Roster) day() org.Date { return org.DateOf(x.Now().In(x.Zone)) }

func (x *Roster) read(r *web.Request) db.Reader { return x.DB.Of(r.Actor.Tenant) }

// conflict tells whether an error says that something changed since it was read.
func conflict(err error) bool { return problem.Is(err, problem.Conflict) }

// again shows a form again with what is wrong with it.
func again(r *web.Request, values map[string][]string, err error, show func(status int, form *ui.FormState) error) error {
	state, err := r.Refill(values, err)
	if err != nil {
		return err
	}
	return show(http.StatusUnprocessableEntity, state)
}
