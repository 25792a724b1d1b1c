package closing

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestWhatMaySayWhoSomebodyIsIsMarked(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"Mail gerust jan.peeters@stad.example voor meer.":         {"jan.peeters@stad.example"},
		"Bel 09 123 45 67 of +32 (0)475 12 34 56.":                {"09 123 45 67", "+32 (0)475 12 34 56"},
		"Mijn nummer is 85.07.30-033.28, vreemd genoeg.":          {"85.07.30-033.28"},
		"Mijn chef mevrouw De Smet laat ons niets proberen.":      {"mevrouw De Smet"},
		"Vraag het aan Fatima El Amrani van HR.":                  {"Fatima El"},
		"Collega Piet van den Berge helpt mij.":                   {"Collega Piet van den Berge"},
		"Frau Müller hat recht, M. Dupont aussi.":                 {"Frau Müller", "M. Dupont"},
		"Ook Copilot is goed. De Stad doet veel.":                 nil,
		"We hebben 576 antwoorden in 2026 gezien, 41 % deed mee.": nil,
		"Meer opleiding graag.":                                   nil,
		"":                                                        nil,
	} {
		var got []string
		for _, m := range Marks(text) {
			got = append(got, text[m.From:m.To])
		}
		if strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("%q: marked %q, want %q", text, got, want)
		}
	}
}

func TestMarksNeverOverlapAndCanAlwaysBeTakenOut(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{" ", "jan@stad.be", "Jan Peeters", "0475 12 34 56", "mevrouw De Smet", "85073003328",
			". ", "[…]", "[naam]", "\n"})), 0, 8).Draw(t, "parts")
		text := strings.Join(parts, "")
		at := 0
		for _, m := range Marks(text) {
			if m.From < at || m.To <= m.From || m.To > len(text) {
				t.Fatalf("%q: %+v after %d", text, m, at)
			}
			at = m.To
		}
		if out := withoutMarks(text); len(Marks(text)) > 0 && !onlyTakesOut(text, out) {
			t.Fatalf("%q became %q", text, out)
		}
	})
}

func TestWordsCanBeTakenOutAndNoneBePutIn(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[a-zé]{1,6}`)
		words := rapid.SliceOfN(word, 1, 10).Draw(t, "words")
		kept := make([]string, len(words))
		some := false
		for i, w := range words {
			kept[i] = w
			if rapid.Bool().Draw(t, "out") {
				kept[i], some = rapid.SampledFrom([]string{"[…]", "[...]", "[..]", "[naam]"}).Draw(t, "hole"), true
			}
		}
		was, becomes := strings.Join(words, " "), strings.Join(kept, " ")
		if onlyTakesOut(was, becomes) != some {
			t.Fatalf("%q to %q", was, becomes)
		}
		at := rapid.IntRange(0, len(kept)).Draw(t, "at")
		forged := strings.Join(kept[:at], " ") + " ZZZ " + strings.Join(kept[at:], " ")
		if onlyTakesOut(was, forged) {
			t.Fatalf("%q became %q, which says something else", was, forged)
		}
	})
}
