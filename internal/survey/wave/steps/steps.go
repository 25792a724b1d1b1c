// Package steps leads who prepares a wave from one page to the next: the five steps to a launch, in the same words and order on
// every page, whichever package the page is of.
package steps

import (
	"embed"
	"sync"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/ui"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Step is one on the way to a launch.
type Step int

// The steps, in their order.
const (
	What Step = iota
	Mode
	Who
	When
	Check
)

// pages are where the steps are taken, below the address of a wave, with the key of their name.
var pages = [...]struct{ key, path string }{
	{"what", "/questions"}, {"mode", "/settings"}, {"who", "/people"}, {"when", "/plan"}, {"check", "/launch"},
}

func known(s Step) bool { return s >= What && s <= Check }

// Page is the address of a step of a wave; the wave's own page for what is no step.
func Page(waveID string, s Step) string {
	if !known(s) {
		return "/waves/" + waveID
	}
	return "/waves/" + waveID + pages[s].path
}

// After is where the step after s is taken; of the last step, and of what is no step, the wave's own page.
func After(waveID string, s Step) string {
	if s == Check || !known(s) {
		return Page(waveID, -1)
	}
	return Page(waveID, s+1)
}

// line is the five steps, with links back to those before; without a wave there is nothing to go back to.
func line(lang instrument.Lang, waveID string, at Step) ui.Steps {
	p := locale().Printer(lang)
	s := ui.Steps{At: int(at)}
	for i := range pages {
		s.Labels = append(s.Labels, p.T(pages[i].key, nil))
		if waveID != "" {
			s.Links = append(s.Links, Page(waveID, Step(i)))
		}
	}
	return s
}

// onward are the ways from a step: to the next one, and back to the wave.
func onward(lang instrument.Lang, waveID string, at Step, kind ui.Kind) []ui.Action {
	out := []ui.Action{{Label: NextLabel(lang, at), Href: After(waveID, at), Kind: kind}, Back(lang, waveID)}
	if at == Check {
		return out[1:]
	}
	return out
}

// NextLabel names the way to the step after s.
func NextLabel(lang instrument.Lang, s Step) string {
	p := locale().Printer(lang)
	if s == Check || !known(s) {
		return p.T("back", nil)
	}
	return p.T("next", i18n.Args{"step": p.T(pages[s+1].key, nil)})
}

// Back is the way back to the page of a wave.
func Back(lang instrument.Lang, waveID string) ui.Action {
	return ui.Action{Label: locale().Printer(lang).T("back", nil), Href: Page(waveID, -1), Kind: ui.Quiet}
}

// saves are the buttons of the form of a step: the first keeps what was filled in and goes on to the next step, as its value of
// the field To says; the second keeps it and goes back to the wave.
func saves(lang instrument.Lang) (on, back ui.Action) {
	p := locale().Printer(lang)
	return ui.Action{Label: p.T("save-on", nil), Name: To, Value: onValue}, ui.Action{Label: p.T("save-back", nil), Kind: ui.Quiet}
}

// To is the field with where the form of a step leads once it is kept.
const (
	To      = "to"
	onValue = "next"
)

// Kept is where the form of a step leads once it is kept, by its field To.
func Kept(waveID string, s Step, to string) string {
	if to == onValue {
		return After(waveID, s)
	}
	return Page(waveID, -1)
}
