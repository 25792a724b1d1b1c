package guard

import (
	"embed"
	"sync"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Texts returns the sentences of this package: "limits", "type.<type>", "label.<type>", "action.<action>", "confidence.<low, medium or high>" and
// the keys of Reasons.
func Texts() *i18n.Bundle { return locale() }

func languages() []instrument.Lang { return instrument.Languages() }

// LabelsOf returns the words of placeholders in a language.
func LabelsOf(lang instrument.Lang) Labels {
	p := locale().Printer(lang)
	l := Labels{}
	for _, t := range append(Types(), placeholderAlike) {
		if !t.Category() {
			l[t] = p.T("label."+string(t), nil)
		}
	}
	return l
}
