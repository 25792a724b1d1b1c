package nonuse

import (
	"regexp"
	"testing"

	"tekentafel/internal/instrument"
)

// What belongs to a reason are proposals whose effect nobody studied: no page says that they help, or that they come from practice.
func TestProposalsAreNotSaidToHelp(t *testing.T) {
	t.Parallel()
	claims := regexp.MustCompile(`(?i)\bhelpt\b|\bhelps\b|\bhilft\b|\baide\b|praktijk|pratique|praxis|practice`)
	unstudied := map[instrument.Lang]string{instrument.NL: "effect is niet onderzocht", instrument.FR: "effet n’a pas été étudié", instrument.DE: "Wirkung ist nicht untersucht", instrument.EN: "effect has not been studied"}
	for _, lang := range instrument.Languages() {
		p := Locale().Printer(lang)
		for _, key := range []string{"offer", "who.lead", "who.empty-text", "why.text", "why.table", "why.all", "reason.helps-office", "reason.helps-field", "reason.choice"} {
			if text := p.T(key, nil); claims.MatchString(text) {
				t.Errorf("%s, %s: %s", lang, key, text)
			}
		}
		if !regexp.MustCompile(unstudied[lang]).MatchString(p.T("reason.choice", nil)) {
			t.Errorf("%s: %s", lang, p.T("reason.choice", nil))
		}
	}
}
