package ui

import (
	"context"
	"embed"
	"sync"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
)

//go:embed locale
var locale embed.FS

// messages reads the message files of this package once.
var messages = sync.OnceValue(func() *i18n.Bundle { return i18n.New(locale, "locale") })

type langKey struct{}

// WithLang returns a context in which components speak lang. Shell does this for a whole page; a handler that renders a
// part of a page for htmx does it itself.
func WithLang(ctx context.Context, lang instrument.Lang) context.Context {
	return context.WithValue(ctx, langKey{}, lang)
}

// Lang returns the language in which a component speaks: that of WithLang, otherwise Dutch.
func Lang(ctx context.Context) instrument.Lang {
	if lang, ok := ctx.Value(langKey{}).(instrument.Lang); ok {
		return lang
	}
	return instrument.NL
}

// T returns a word in the language of ctx; for templates.
func T(ctx context.Context, w Word) string { return w.In(Lang(ctx)) }

// In returns the word in lang. A word with placeholders keeps them; Fill fills them in.
func (w Word) In(lang instrument.Lang) string {
	texts, spoken := words()[lang]
	if !spoken {
		texts = words()[instrument.NL]
	}
	return texts[w]
}

// Fill returns the word in lang with its placeholders filled in.
func (w Word) Fill(lang instrument.Lang, args i18n.Args) string {
	return messages().Printer(lang).T(string(w), args)
}

// words holds every text as it stands in its file, so that a page costs a look-up a word and no parsing.
var words = sync.OnceValue(func() map[instrument.Lang]map[Word]string {
	out := map[instrument.Lang]map[Word]string{}
	keys, err := messages().Keys()
	if err != nil {
		panic(err) // the files are inside the program: a broken one is a broken build, which the tests find
	}
	for _, lang := range instrument.Languages() {
		p := messages().Printer(lang)
		texts := map[Word]string{}
		for _, key := range keys {
			texts[Word(key)] = p.T(key, nil)
		}
		out[lang] = texts
	}
	return out
})

// LanguageName returns the name of a language in that language.
func LanguageName(lang instrument.Lang) string {
	switch lang {
	case instrument.FR:
		return "Français"
	case instrument.DE:
		return "Deutsch"
	case instrument.EN:
		return "English"
	default:
		return "Nederlands"
	}
}
