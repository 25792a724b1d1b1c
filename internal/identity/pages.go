package identity

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// noticeBundle is the name under which notices of this feature are known.
const noticeBundle = "identity"

// Locale returns the texts of this feature, among them those that tell the log in words and those of its letters.
func Locale() *i18n.Bundle { return locale() }

// pages are the pages of the feature.
type pages struct{ *Service }

// AddTo makes the routes, lines of the menu and notices known to a server, and takes its cookies.
func (s *Service) AddTo(server *web.Server) error {
	s.UseCookies(server)
	server.AddNotices(noticeBundle, locale())
	label := func(key string) problem.Message { return problem.Message{Bundle: locale(), Key: key} }
	server.AddMenu(
		web.MenuItem{Href: "/me/security", Label: label("menu.security")},
		web.MenuItem{Href: "/people", Label: label("menu.people"), Action: access.ReadAccounts},
		web.MenuItem{Href: "/organisation", Label: label("menu.organisation"), Action: access.ReadOrganisation},
	)
	p := &pages{s}
	routes := append(p.signInRoutes(), p.myRoutes()...)
	routes = append(routes, p.peopleRoutes()...)
	routes = append(routes, p.organisationRoutes()...)
	return server.Add(append(routes, server.LanguageRoute(func(r *web.Request, lang instrument.Lang) error {
		return s.SetLanguage(r.Context(), r.Actor, lang)
	}))...)
}

// words writes the texts of a page.
type words struct{ *i18n.Printer }

func in(lang instrument.Lang) words { return words{locale().Printer(lang)} }

// say returns a text without arguments.
func (w words) say(key string) string { return w.T(key, nil) }

// with returns a text with one argument.
func (w words) with(key, name, value string) string { return w.T(key, i18n.Args{name: value}) }

// moment writes a day and time as they are where the reader is.
func (w words) moment(r *web.Request, t time.Time) string {
	local := r.Local(t)
	return w.Date(local) + ", " + local.Format("15:04")
}

// day writes a day where the reader is.
func (w words) day(r *web.Request, t time.Time) string { return w.Date(r.Local(t)) }

// page begins a page with a title.
func page(title string) web.Page { return web.Page{Page: ui.Page{Title: title}} }

// bare begins a page without navigation.
func bare(title string) web.Page { return web.Page{Page: ui.Page{Title: title}, Bare: true} }

// back adds the one page to go back to.
func back(p web.Page, label, href string) web.Page {
	p.Back = &ui.Link{Label: label, Href: href}
	return p
}

// again returns the state of a form that is shown again because err says what is wrong, with the status of that page. Too many
// attempts show in the form too. Any other error comes back.
func again(w http.ResponseWriter, r *web.Request, values url.Values, err error) (*ui.FormState, int, error) {
	if p, ok := problem.Of(err); ok && p.Kind == problem.TooMany && p.RetryAfter > 0 {
		state := ui.NewFormState(values)
		state.Fail("", p.Message.In(r.Lang))
		w.Header().Set("Retry-After", strconv.Itoa(p.RetryAfter))
		return state, http.StatusTooManyRequests, nil
	}
	state, err := r.Refill(values, err)
	return state, http.StatusUnprocessableEntity, err
}

// shaped marks a page with a form that is shown again.
func shaped(p web.Page, state *ui.FormState, status int) web.Page {
	p.Invalid, p.Status = !state.OK(), status
	return p
}

// notice is what the next page says.
func notice(key string) *web.Notice { return &web.Notice{Bundle: noticeBundle, Key: "notice." + key} }

// next writes an address with where to go afterwards.
func nextIn(path, next string) string {
	if next = web.Local(next, ""); next == "" || next == "/" {
		return path
	}
	return path + "?next=" + url.QueryEscape(next)
}

// version reads the version on which a form stands; what is no number is an old one.
func version(values url.Values) int64 {
	v, err := strconv.ParseInt(values.Get("version"), 10, 64)
	if err != nil {
		return -1
	}
	return v
}
