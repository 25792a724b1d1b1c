package desk

import (
	"net/http"

	"tekentafel/internal/access"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// noticeBundle is the name under which notices of this package are known.
const noticeBundle = "shadow"

// Where the pages are.
const (
	door       = "try"
	home       = "/shadow"
	listAt     = home + "/services"
	serviceAt  = listAt + "/"
	newAt      = listAt + "/new"
	countAt    = home + "/count"
	stopAt     = countAt + "/stop"
	countsAt   = home + "/counts"
	oneCountAt = countsAt + "/"
	publishAt  = home + "/publish"
	howAt      = home + "/how"
	exportAt   = home + "/export/"
)

// AddTo makes the routes and the notices known to a server. What is published is read by everyone, so the pages to read decide themselves.
func (d *Desk) AddTo(server *web.Server) error {
	server.AddNotices(noticeBundle, locale())
	read := func(pattern string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Any: true, Handle: func(w http.ResponseWriter, r *web.Request) error {
			if err := d.mayRead(r.Context(), r.Actor); err != nil {
				return err
			}
			return h(w, r)
		}}
	}
	route := func(action access.Action, pattern string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: action, Handle: h}
	}
	return server.Add(
		read("GET /shadow", d.overview),
		read("GET /shadow/how", d.how),
		read("GET /shadow/export/{form}", d.export),
		read("GET /shadow/services", d.services),
		read("GET /shadow/services/{id}", d.service),
		read("GET /shadow/counts", d.history),
		read("GET /shadow/counts/{id}", d.oneCount),

		route(counts, "GET /shadow/count", d.askCount),
		web.Route{Pattern: "POST /shadow/count", Action: counts, Handle: d.putCount, Body: d.MaxUpload, Slow: true},
		route(counts, "POST /shadow/count/stop", d.stop),
		route(counts, "GET /shadow/counts/{id}/delete", d.askDelete),
		route(counts, "POST /shadow/counts/{id}/delete", d.delete),
		route(counts, "GET /shadow/publish", d.askPublish),
		route(counts, "POST /shadow/publish", d.publish),
		route(counts, "POST /shadow/services/{id}/rule", d.putRule),
		route(counts, "GET /shadow/services/new", d.askOwn),
		route(counts, "POST /shadow/services/new", d.putOwn),
		route(counts, "GET /shadow/services/{id}/edit", d.askOwn),
		route(counts, "POST /shadow/services/{id}/edit", d.putOwn),
		route(counts, "GET /shadow/services/{id}/drop", d.askDrop),
		route(counts, "POST /shadow/services/{id}/drop", d.drop),
	)
}

// page is a page of the feature, below the first one.
func page(r *web.Request, title string, above ...ui.Link) web.Page {
	p := web.Page{Door: door}
	p.Title = title
	p.Crumbs = append([]ui.Link{in(r).link("above", "/lab"), in(r).link("title", home)}, above...)
	return p
}

// tabs are the pages beside each other, with the one that is shown.
func tabs(r *web.Request, current string) []ui.Link {
	w := in(r)
	out := []ui.Link{w.link("tab.overview", home), w.link("tab.services", listAt), w.link("tab.counts", countsAt), w.link("tab.how", howAt)}
	for i := range out {
		out[i].Current = out[i].Href == current
	}
	return out
}

// Beside leads to the first page, for who may read it.
func (d *Desk) Beside(r *web.Request) (link ui.Link, ok bool) {
	return in(r).link("title", home), d.mayRead(r.Context(), r.Actor) == nil
}

// Offers says what a person can do here at any time.
func (d *Desk) Offers(r *web.Request) []ui.Tile {
	if d.mayRead(r.Context(), r.Actor) != nil {
		return nil
	}
	w := in(r)
	return []ui.Tile{{Title: w.say("title"), Href: home, Text: w.say("offer")}}
}
