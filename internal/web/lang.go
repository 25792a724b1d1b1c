package web

import (
	"net/http"
	"slices"
	"time"

	"golang.org/x/text/language"

	"tekentafel/internal/instrument"
)

// languageCookie keeps the choice of somebody who is not signed in.
const languageCookie = "tt_lang"

// languageOf decides on the language of an answer: the person's choice, that of the cookie, the browser's, the organisation's.
func (s *Server) languageOf(r *http.Request, v Visit) instrument.Lang {
	offered := v.Org.Languages
	if len(offered) == 0 {
		offered = instrument.Languages()
	}
	if slices.Contains(offered, v.Lang) {
		return v.Lang
	}
	if chosen := instrument.Lang(s.Cookie(r, languageCookie)); slices.Contains(offered, chosen) {
		return chosen
	}
	tags := make([]language.Tag, len(offered))
	for i, l := range offered {
		tags[i] = language.Make(string(l))
	}
	wanted, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil || len(wanted) == 0 {
		return offered[0]
	}
	_, i, confidence := language.NewMatcher(tags).Match(wanted...)
	if confidence == language.No {
		return offered[0]
	}
	return offered[i]
}

// rememberLanguage keeps the choice for a year.
func (s *Server) rememberLanguage(w http.ResponseWriter, lang instrument.Lang) {
	http.SetCookie(w, s.cookie(languageCookie, string(lang), 365*24*time.Hour))
}

// KeepLanguage keeps the language of the answer in the browser, for pages that know no person and so not what the person chose.
func (r *Request) KeepLanguage(w http.ResponseWriter) { r.server.rememberLanguage(w, r.Lang) }
