package practice

import (
	"testing"

	"tekentafel/internal/instrument"
)

func TestTheWordsOfEachLanguageAreWhole(t *testing.T) {
	t.Parallel()
	for _, lang := range instrument.Languages() {
		w, err := readWords(string(lang) + ".yaml")
		if err != nil {
			t.Error(err)
			continue
		}
		if len(w.stop) < 60 || len(w.plain) < 15 || len(w.talk) != 5 || len(w.join) < 3 || len(w.role) < 3 {
			t.Errorf("%s: %d, %d, %d, %d, %d", lang, len(w.stop), len(w.plain), len(w.talk), len(w.join), len(w.role))
		}
		for _, task := range tasks() {
			if len(w.tasks[task]) == 0 {
				t.Errorf("%s has no phrase for %s", lang, task)
			}
		}
		for _, s := range w.plain {
			if s.Was == "" || s.Now == "" || s.Was == s.Now {
				t.Errorf("%s: %+v", lang, s)
			}
		}
	}
}

func TestNumbersAreReadAsALanguageWritesThem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		s      string
		lang   instrument.Lang
		want   float64
		places int
	}{
		{"1.234", instrument.NL, 1234, 0}, {"1,234", instrument.EN, 1234, 0}, {"1,234", instrument.NL, 1.234, 3}, {"1.234", instrument.EN, 1.234, 3}, {"0.125", instrument.NL, 0.125, 3},
		{"1.234,56", instrument.EN, 1234.56, 2}, {"1,234.56", instrument.NL, 1234.56, 2}, {"1.234.567", instrument.NL, 1234567, 0}, {"12,5 %", instrument.FR, 12.5, 1}, {"€ 1 200", instrument.NL, 1200, 0}, {"-3,0", instrument.DE, -3, 1},
	} {
		if x, places, ok := number(c.s, c.lang); !ok || x != c.want || places != c.places {
			t.Errorf("%q in %s is %v with %d decimals (%v)", c.s, c.lang, x, places, ok)
		}
	}
	for _, s := range []string{"", "a", "1a", "-", ".5", "1e5", "29/11", "2026-11-29", "0476 12 34 56 78 90 12 34 56 78 90 12 34"} {
		if x, _, ok := number(s, instrument.NL); ok {
			t.Errorf("%q is read as %v", s, x)
		}
	}
}

func TestSentencesEndWhereTheyEnd(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int{
		"Een. Twee! Drie?": 3, "Zie art. 5 van de wet.": 2, "J. Peeters kwam om 9.30 uur.": 1, "- eerste\n- tweede\n": 2, "": 0, "Bv. dit, d.w.z. Dat.": 1, "“Ja.” Nee.": 1,
	} {
		if got := sentences(s); len(got) != want {
			t.Errorf("%q is %d sentences: %q", s, len(got), got)
		}
	}
}
