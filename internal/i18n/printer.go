package i18n

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"

	"tekentafel/internal/instrument"
)

// Printer writes in one language. It is for one goroutine.
type Printer struct {
	Lang   instrument.Lang
	bundle *Bundle
	conv   *convention
	tools  *tools
	errs   []error
}

// tools are what the libraries need long to make for a language, made once.
type tools struct {
	digits  *message.Printer
	decimal string    // the sign between whole and fraction
	orders  sync.Pool // of *collate.Collator, which is for one goroutine at a time
}

// spoken is a language of the interface.
type spoken struct {
	conv  convention
	tools *tools
}

// languages holds the convention and the tools of each language of the interface. It is safe for concurrent use.
var languages = sync.OnceValue(func() map[instrument.Lang]*spoken {
	all := map[instrument.Lang]*spoken{}
	for lang, conv := range conventions() {
		t := &tools{digits: message.NewPrinter(conv.digits)}
		t.decimal = strings.Trim(t.digits.Sprint(number.Decimal(0.5, number.Scale(1))), "05")
		t.orders.New = func() any { return collate.New(language.Make(string(lang)), collate.IgnoreCase, collate.Numeric) }
		all[lang] = &spoken{conv, t}
	}
	return all
})

// Printer returns a printer for lang; a language that the interface does not speak becomes Dutch.
func (b *Bundle) Printer(lang instrument.Lang) *Printer {
	l, known := languages()[lang]
	if !known {
		lang = instrument.NL
		l = languages()[lang]
	}
	return &Printer{Lang: lang, bundle: b, conv: &l.conv, tools: l.tools}
}

// T returns the message under key with its placeholders filled in.
//
// A message that is missing in this language is taken from Dutch; one that exists nowhere, or lacks an argument, is
// left empty: a reader never sees a key. Err tells what went wrong.
func (p *Printer) T(key string, args Args) string {
	return p.localize(&goi18n.LocalizeConfig{MessageID: key, TemplateData: args, TemplateParser: parser{}})
}

// N is T with the plural form for count.
func (p *Printer) N(key string, count int, args Args) string {
	return p.localize(&goi18n.LocalizeConfig{MessageID: key, TemplateData: args, PluralCount: count, TemplateParser: parser{}})
}

func (p *Printer) localize(config *goi18n.LocalizeConfig) string {
	for _, lang := range []instrument.Lang{p.Lang, instrument.NL} {
		c, err := p.bundle.catalogue(lang)
		if err == nil {
			var s string
			if s, err = c.localizer.Localize(config); err == nil {
				return s
			}
		}
		p.errs = append(p.errs, fmt.Errorf("%s: message %q: %w", lang, config.MessageID, err))
	}
	return ""
}

// Has tells whether this language has a message under key.
func (p *Printer) Has(key string) bool {
	c, err := p.bundle.catalogue(p.Lang)
	return err == nil && c.messages[key] != nil
}

// Err returns what could not be said, or nil.
func (p *Printer) Err() error { return errors.Join(p.errs...) }
