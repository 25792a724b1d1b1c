// Package web is what every page of the product stands on: routes that say who may use them, one place that turns errors
// into answers, security headers, limits, languages and the page shell. It knows no feature.
//
// # A handler
//
// A handler decodes, calls its domain, and renders; it returns an error for everything that did not work.
//
//	{Pattern: "POST /reports/{id}/publish", Action: access.PublishReport, Handle: p.publish}
//
// The route names the action. Before the handler runs, web has refused whoever can do that action to nothing in their
// organisation; the domain decides on the resource itself, with access.Can.
//
// # Words
//
//   - visit: who sends a request, for which organisation, in which language.
//   - notice: what a page says at its top after something was done, carried over one redirect.
//   - once key: a random value in a form; a change asked for twice with the same key is made once.
package web
