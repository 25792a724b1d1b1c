package desk

import (
	"net/http"
	"net/url"

	"tekentafel/internal/access"
	"tekentafel/internal/i18n"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// noticeBundle is the name under which notices of this package are known.
const noticeBundle = "gap"

// Where the pages are.
const (
	door = "/learn"
	home = "/learn/gap"
)

// AddTo makes the routes and the notices known to a server.
func (s *Service) AddTo(server *web.Server) error {
	server.AddNotices(noticeBundle, locale())
	route := func(action access.Action, pattern string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: action, Handle: h}
	}
	slow := func(r web.Route) web.Route {
		r.Slow = true
		return r
	}
	large := func(r web.Route) web.Route {
		r.Body = 1 << 20
		return r
	}
	return server.Add(
		web.Route{Pattern: "GET " + assetPath + "{file}", Public: true, Handle: s.asset},
		route(reads, "GET /learn/gap", s.list),
		route(reads, "GET /learn/gap/{id}", s.overview),
		route(reads, "GET /learn/gap/{id}/progress", s.progress),
		route(makes, "POST /learn/gap/{id}/compute", s.ask),
		route(reads, "GET /learn/gap/{id}/map", s.heat),
		route(reads, "GET /learn/gap/{id}/where", s.where),
		route(reads, "GET /learn/gap/{id}/group", s.group),
		route(reads, "GET /learn/gap/{id}/change", s.change),
		route(reads, "GET /learn/gap/{id}/method", s.method),
		route(makes, "GET /learn/gap/{id}/reading", s.askReading),
		large(route(makes, "POST /learn/gap/{id}/reading", s.putReading)),
		slow(route(reads, "GET /learn/gap/{id}/export/{format}", s.export)),
	)
}

// words writes in one language.
type words struct{ *i18n.Printer }

func in(r *web.Request) words { return words{locale().Printer(r.Lang)} }

func (w words) say(key string) string { return w.T(key, nil) }

// n fills in a number, with the plural that it asks for.
func (w words) n(key string, n int) string { return w.N(key, n, i18n.Args{"n": w.Int(n)}) }

// with fills in pairs of a name and a text.
func (w words) with(key string, pairs ...string) string {
	a := i18n.Args{}
	for i := 0; i+1 < len(pairs); i += 2 {
		a[pairs[i]] = pairs[i+1]
	}
	return w.T(key, a)
}

func (w words) link(key, href string) ui.Link { return ui.Link{Label: w.say(key), Href: href} }

// page is a page of the area, with the pages above it.
func page(r *web.Request, title string, above ...ui.Link) web.Page {
	p := web.Page{Door: "learn"}
	p.Title = title
	p.Crumbs = append([]ui.Link{in(r).link("door", door)}, above...)
	return p
}

// query makes an address of a path and pairs of a name and a value, of which empty ones are left out.
func query(path string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

func notice(r *web.Request, key string) *web.Notice { return r.Notice(noticeBundle, "notice."+key) }

// again shows a form again with what is wrong with it.
func again(r *web.Request, values url.Values, err error, show func(status int, form *ui.FormState) error) error {
	state, err := r.Refill(values, err)
	if err != nil {
		return err
	}
	return show(http.StatusUnprocessableEntity, state)
}

// Offers says what a person can do here at any time.
func (s *Service) Offers(r *web.Request) []ui.Tile {
	if !r.Can(reads) {
		return nil
	}
	w := in(r)
	return []ui.Tile{{Title: w.say("title"), Href: home, Text: w.say("offer")}}
}
