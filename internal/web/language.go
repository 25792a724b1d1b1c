package web

import (
	"net/http"
	"slices"

	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
)

// LanguageRoute is where the language links of every page post to. Chosen keeps the choice of somebody who is signed in.
func (s *Server) LanguageRoute(chosen func(r *Request, lang instrument.Lang) error) Route {
	return Route{Pattern: "POST /language", Public: true, Handle: func(w http.ResponseWriter, r *Request) error {
		form, err := r.ReadForm()
		if err != nil {
			return err
		}
		lang := instrument.Lang(form.Get("lang"))
		if !slices.Contains(instrument.Languages(), lang) {
			return say(problem.Invalid, "error.form")
		}
		s.rememberLanguage(w, lang)
		if r.Session != "" {
			if err := chosen(r, lang); err != nil {
				return err
			}
		}
		return r.Redirect(w, Local(form.Get("back"), "/"), nil)
	}}
}
