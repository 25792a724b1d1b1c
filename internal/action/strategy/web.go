package strategy

import (
	"net/http"
	"net/url"
	"strconv"

	"tekentafel/internal/access"
	"tekentafel/internal/instrument"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// noticeBundle is the name under which notices of this package are known.
const noticeBundle = "strategy"

// Where the pages are.
const (
	above      = "/actions"
	home       = "/actions/strategy"
	readAt     = home + "/read"
	paperAt    = home + "/paper"
	filesAt    = home + "/file/"
	figuresAt  = home + "/figures"
	versionsAt = home + "/versions"
	chaptersAt = home + "/chapters/"
)

// textBody is the largest form with a text that is taken, in bytes.
const textBody = 256 << 10

// AddTo makes the routes and the notices known to a server.
func (s *Service) AddTo(server *web.Server) error {
	server.AddNotices(noticeBundle, locale())
	route := func(a access.Action, pattern string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: a, Body: textBody, Handle: h}
	}
	return server.Add(
		route(reads, "GET /actions/strategy", s.overview),
		route(writes, "POST /actions/strategy/figures", s.putFigures),
		route(reads, "GET /actions/strategy/read", s.readPage),
		route(reads, "GET /actions/strategy/paper", s.onPaper),
		web.Route{Pattern: "GET /actions/strategy/file/{format}", Action: reads, Slow: true, Handle: s.file},
		route(writes, "GET /actions/strategy/chapters/{id}", s.askText),
		route(writes, "POST /actions/strategy/chapters/{id}", s.putText),
		route(reads, "GET /actions/strategy/chapters/{id}/versions", s.versions),
		route(writes, "POST /actions/strategy/chapters/{id}/versions", s.restore),
		route(reads, "GET /actions/strategy/versions", s.history),
	)
}

// Beside is the link to these pages among those of the actions; ok is false for who may not read them.
func (s *Service) Beside(r *web.Request) (link ui.Link, ok bool) {
	return ui.Link{Label: s.in(r.Lang).say("tab"), Href: home}, r.Can(reads)
}

// Offers says what a person can do here at any time.
func (s *Service) Offers(r *web.Request) []ui.Tile {
	if !r.Can(reads) {
		return nil
	}
	w := s.in(r.Lang)
	return []ui.Tile{{Title: w.say("title"), Href: home, Text: w.say("offer")}}
}

// page is a page of the area, with the pages above it.
func (s *Service) page(r *web.Request, title string, crumbs ...ui.Link) web.Page {
	p := web.Page{Door: s.Door}
	p.Title = title
	p.Crumbs = append([]ui.Link{s.in(r.Lang).link("above", above)}, crumbs...)
	return p
}

// under is a page below the first of the area.
func (s *Service) under(r *web.Request, title string, lang instrument.Lang, crumbs ...ui.Link) web.Page {
	return s.page(r, title, append([]ui.Link{s.in(r.Lang).link("title", at(home, lang))}, crumbs...)...)
}

// at is an address in a language of the document.
func at(path string, lang instrument.Lang, pairs ...string) string {
	q := url.Values{"lang": {string(lang)}}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return path + "?" + q.Encode()
}

// languages are the languages of the document, as links to the same page; none where there is only one.
func (s *Service) languages(r *web.Request, path string, now instrument.Lang) []ui.Link {
	if len(r.Org.Languages) < 2 {
		return nil
	}
	w := s.in(r.Lang)
	var out []ui.Link
	for _, l := range r.Org.Languages {
		out = append(out, ui.Link{Label: w.say("language." + string(l)), Href: at(path, l), Current: l == now})
	}
	return out
}

func (s *Service) langOf(r *web.Request) instrument.Lang {
	return langOf(r.URL.Query(), r.Org.Languages, r.Lang)
}

// again shows a form again with what is wrong with it.
func again(r *web.Request, values url.Values, err error, show func(status int, form *ui.FormState) error) error {
	state, err := r.Refill(values, err)
	if err != nil {
		return err
	}
	status := http.StatusUnprocessableEntity
	return show(status, state)
}

func notice(r *web.Request, key string) *web.Notice { return r.Notice(noticeBundle, "notice."+key) }

// number reads a number of an address or a form; -1 for anything else.
func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return -1
	}
	return n
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
