package room

import (
	"testing"

	"tekentafel/internal/guard"
	"tekentafel/internal/instrument"
	"tekentafel/internal/lab"
)

func TestTheWordsAreThereInEveryLanguage(t *testing.T) {
	t.Parallel()
	if err := Locale().Check(); err != nil {
		t.Error(err)
	}
	for _, lang := range instrument.Languages() {
		w := in(lang)
		for _, kind := range guard.Types() {
			if w.learn(kind) == "" || w.kind(kind) == "" {
				t.Errorf("%s: nothing to learn about %s", lang, kind)
			}
		}
		for _, trouble := range lab.Troubles() {
			if w.failed(&lab.Failure{Trouble: trouble}).Error == "" {
				t.Errorf("%s: no sentence for %s", lang, trouble)
			}
		}
		for _, key := range guard.Reasons() {
			if w.why(key) == "" {
				t.Errorf("%s: no sentence for %s", lang, key)
			}
		}
		if err := w.Err(); err != nil {
			t.Errorf("%s: %v", lang, err)
		}
	}
}
