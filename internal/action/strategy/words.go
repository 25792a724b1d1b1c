package strategy

import (
	"net/url"
	"slices"
	"time"

	"tekentafel/internal/action/wording"
	"tekentafel/internal/clock"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/ui"
)

// words write in one language: those of this package, and those about actions.
type words struct {
	*i18n.Printer
	lang   instrument.Lang
	action wording.Words
	zone   *time.Location
}

func in(lang instrument.Lang) words {
	return words{locale().Printer(lang), lang, wording.In(lang), clock.Brussels()}
}

func (s *Service) in(lang instrument.Lang) words {
	w := in(lang)
	w.zone = s.Zone
	return w
}

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

// day writes a moment as the day that it is at the organisation.
func (w words) day(t time.Time) string { return w.Date(t.In(w.zone)) }

// moment writes a moment to the minute.
func (w words) moment(t time.Time) string { return w.Moment(t.In(w.zone)) }

// langOf reads the language of the document from an address, among those of the organisation; that of the page when it names none.
func langOf(q url.Values, offered []instrument.Lang, page instrument.Lang) instrument.Lang {
	if len(offered) == 0 {
		offered = instrument.Languages()
	}
	if l := instrument.Lang(q.Get("lang")); slices.Contains(offered, l) {
		return l
	}
	if slices.Contains(offered, page) {
		return page
	}
	return offered[0]
}
