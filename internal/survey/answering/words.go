package answering

import (
	"embed"
	"strings"
	"sync"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
)

//go:embed locale
var localeFiles embed.FS

// locale reads the messages of this package once.
var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// words speak one language.
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

// refuse makes a problem with a message of this package.
func refuse(kind problem.Kind, key string) *problem.Problem {
	return problem.New(kind, locale(), key, nil)
}

// scriptArgs are the placeholders that the script fills in itself.
var scriptArgs = i18n.Args{"n": "{n}", "all": "{all}", "minutes": "{minutes}", "question": "{question}", "min": "{min}", "max": "{max}", "date": "{date}", "seconds": "{seconds}"}

// scriptPrefix is where the messages stand that the script says.
const scriptPrefix = "script."

// scriptWords returns what the script says in a language, by key. Nobody changes it.
func scriptWords(lang instrument.Lang) (map[string]string, error) {
	all, err := allScriptWords()
	return all[lang], err
}

// allScriptWords writes the messages of the script once.
var allScriptWords = sync.OnceValues(func() (map[instrument.Lang]map[string]string, error) {
	keys, err := locale().Keys()
	if err != nil {
		return nil, err
	}
	out := map[instrument.Lang]map[string]string{}
	for _, lang := range instrument.Languages() {
		w := in(lang)
		out[lang] = map[string]string{}
		for _, key := range keys {
			if name, ok := strings.CutPrefix(key, scriptPrefix); ok {
				out[lang][name] = w.T(key, scriptArgs)
			}
		}
		if err := w.Err(); err != nil {
			return nil, err
		}
	}
	return out, nil
})
