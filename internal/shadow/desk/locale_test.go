package desk

import (
	"testing"

	"tekentafel/internal/instrument"
	"tekentafel/internal/shadow/services"
)

func TestEveryLanguageSaysTheSame(t *testing.T) {
	t.Parallel()
	if err := Locale().Check(); err != nil {
		t.Error(err)
	}
}

// Keys that are put together must be there for everything they may be put together with.
func TestEverythingThatIsNamedByItsIdHasAName(t *testing.T) {
	t.Parallel()
	l, err := services.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, s := range l.Sources {
		keys = append(keys, "source."+s.ID)
	}
	for _, p := range products() {
		for i := range p.steps {
			keys = append(keys, "how."+p.format+"."+itoa(i+1))
		}
	}
	for _, s := range services.Standings() {
		keys = append(keys, "rule.hint-"+string(s))
	}
	for _, k := range kinds {
		keys = append(keys, k.key)
	}
	for _, lang := range instrument.Languages() {
		p := Locale().Printer(lang)
		for _, k := range keys {
			if !p.Has(k) {
				t.Errorf("%s has no %s", lang, k)
			}
		}
	}
}
