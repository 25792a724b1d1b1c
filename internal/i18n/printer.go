package i18n

import (
	"errors"
	"fmt"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"tekentafel/internal/instrument"
)

// Printer writes in one language. It is for one goroutine.
type Printer struct {
	Lang   instrument.Lang
	bundle *Bundle
	conv   convention
	digits *message.Printer
	order  *collate.Collator
	errs   []error
}

// Printer returns a printer for lang; a language that the interface does not speak becomes Dutch.
func (b *Bundle) Printer(lang instrument.Lang) *Printer {
	conv, spoken := conventions()[lang]
	if !spoken {
		lang = instrument.NL
		conv = conventions()[lang]
	}
	return &Printer{
		Lang:   lang,
		bundle: b,
		conv:   conv,
		digits: message.NewPrinter(conv.digits),
		order:  collate.New(language.Make(string(lang)), collate.IgnoreCase, collate.Numeric),
	}
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
