package kept

import (
	"net/http"
	"net/url"

	"tekentafel/internal/access"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// noticeBundle is the name under which notices of this package are known.
const noticeBundle = "lab-kept"

// Where the pages are.
const (
	home     = "/lab/kept"
	allAt    = home + "/all/delete"
	sharesAt = "/lab/shared/"
	chatAt   = "/lab/chat"
	startAt  = chatAt + "/start"
)

// mostForm is how large a form of these pages may be, in bytes.
const mostForm = 64 << 10

// AddTo makes the routes and notices known to a server.
func (s *Service) AddTo(server *web.Server) error {
	server.AddNotices(noticeBundle, locale())
	route := func(pattern string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: access.UseModels, Body: mostForm, Handle: h}
	}
	return server.Add(
		route("GET /lab/kept", s.listPage),
		route("GET /lab/kept/all/delete", s.askDeleteAll),
		route("POST /lab/kept/all/delete", s.deleteAll),
		route("GET /lab/kept/{id}", s.showPage),
		route("GET /lab/kept/{id}/data", s.data),
		route("GET /lab/kept/{id}/export", s.export),
		route("GET /lab/kept/{id}/change", s.askChange),
		route("POST /lab/kept/{id}/change", s.change),
		route("GET /lab/kept/{id}/delete", s.askDelete),
		route("POST /lab/kept/{id}/delete", s.delete),
		route("GET /lab/kept/{id}/share", s.askShare),
		route("POST /lab/kept/{id}/share", s.share),
		route("GET /lab/shared/{id}", s.readPage),
		route("GET /lab/shared/{id}/withdraw", s.askWithdraw),
		route("POST /lab/shared/{id}/withdraw", s.withdrawPage),
		web.Route{Pattern: "GET " + assetPath + "{file}", Public: true, Handle: serve},
	)
}

// Offers says what a person can do here at any time: nothing while they keep and share nothing.
func (s *Service) Offers(r *web.Request) []ui.Tile {
	if !r.Can(access.UseModels) {
		return nil
	}
	list, err := s.List(r.Context(), r.Actor, "")
	if err != nil || len(list) == 0 {
		return nil
	}
	w := in(r)
	return []ui.Tile{{Title: w.say("title"), Href: home, Text: w.n("offer", len(list))}}
}

func notice(r *web.Request, key string) *web.Notice { return r.Notice(noticeBundle, "notice."+key) }

func at(id string) string { return home + "/" + url.PathEscape(id) }

func shareAt(id string) string { return sharesAt + url.PathEscape(id) }

// quiet keeps a page with somebody's conversation out of every cache, and browsers from looking up hosts in it.
func quiet(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-DNS-Prefetch-Control", "off")
}
