package own

import (
	"embed"
	"sync"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/skills/framework"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Locale returns the messages of this package, for the log to tell what was done.
func Locale() *i18n.Bundle { return locale() }

func message(key string) problem.Message { return problem.Message{Bundle: locale(), Key: key} }

// refuse makes a problem with a message of this package.
func refuse(kind problem.Kind, key string) *problem.Problem {
	return problem.New(kind, locale(), key, nil)
}

// words writes in one language.
type words struct{ *i18n.Printer }

func in(lang instrument.Lang) words { return words{locale().Printer(lang)} }

func (w words) say(key string) string { return w.T(key, nil) }

// with fills in a message: names and values by turns.
func (w words) with(key string, pairs ...string) string {
	args := i18n.Args{}
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i]] = pairs[i+1]
	}
	return w.T(key, args)
}

// n says a message about a number.
func (w words) n(key string, n int) string { return w.N(key, n, i18n.Args{"n": w.Int(n)}) }

// text writes a text of the framework or of an item.
func (w words) text(t framework.Text) string { return t.In(textLang(w.Lang)) }

// KeptWords says what is kept of profiles, and on what basis, for the page on how long things stay.
func KeptWords() (label, basis problem.Message) { return message("kept.label"), message("kept.basis") }
