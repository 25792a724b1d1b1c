package app

import (
	"net/http"
	"slices"

	"tekentafel/internal/access"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// addOwn adds the pages that belong to no feature: the components, and in the demonstration the way in.
func (a *App) addOwn() error {
	a.Web.AddFooter(
		web.MenuItem{Href: "/components", Label: problem.Message{Bundle: locale(), Key: "footer.components"}, Action: access.ChangeOrganisation},
		web.MenuItem{Href: "/api/openapi.json", Label: problem.Message{Bundle: locale(), Key: "footer.api"}, Action: access.ReadOrganisation},
	)
	routes := []web.Route{{Pattern: "GET /components", Public: true, Handle: a.components}}
	if a.Demo {
		door := demoDoor{a}
		a.Identity.AddOptions(door)
		routes = append(routes, web.Route{Pattern: "POST /demo/sign-in", Public: true, Handle: door.enter})
	}
	return a.Web.Add(routes...)
}

// components shows every component of the interface in its states.
func (a *App) components(w http.ResponseWriter, r *web.Request) error {
	lang := instrument.Lang(r.URL.Query().Get("lang"))
	if !slices.Contains(instrument.Languages(), lang) {
		lang = r.Lang
	}
	return r.Render(w, http.StatusOK, ui.ComponentsPage(lang))
}
