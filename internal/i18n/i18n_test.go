package i18n_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
)

// bundle makes a bundle of four message files; a language that is not given gets the Dutch one.
func bundle(texts map[instrument.Lang]string) *i18n.Bundle {
	files := fstest.MapFS{}
	for _, lang := range instrument.Languages() {
		src, given := texts[lang]
		if !given {
			src = texts[instrument.NL]
		}
		files["locale/"+string(lang)+".yaml"] = &fstest.MapFile{Data: []byte(src)}
	}
	return i18n.New(files, "locale")
}

func TestMessagesArePluralisedAndFilledIn(t *testing.T) {
	t.Parallel()
	b := bundle(map[instrument.Lang]string{
		instrument.NL: "a:\n  people:\n    one: \"{n} collega\"\n    other: \"{n} collega’s\"\n  hi: Dag {name}.\n",
		instrument.FR: "a:\n  people:\n    one: \"{n} collègue\"\n    other: \"{n} collègues\"\n  hi: Bonjour {name}.\n",
	})
	nl, fr := b.Printer(instrument.NL), b.Printer(instrument.FR)
	for _, c := range []struct{ got, want string }{
		{nl.N("a.people", 1, i18n.Args{"n": "1"}), "1 collega"},
		{nl.N("a.people", 0, i18n.Args{"n": "0"}), "0 collega’s"},
		{fr.N("a.people", 0, i18n.Args{"n": "0"}), "0 collègue"},
		{fr.N("a.people", 2, i18n.Args{"n": "2"}), "2 collègues"},
		{nl.T("a.hi", i18n.Args{"name": "{name} {{.Evil}}"}), "Dag {name} {{.Evil}}."},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
	if err := nl.Err(); err != nil {
		t.Error(err)
	}
}

func TestWhatIsMissingIsNeverShown(t *testing.T) {
	t.Parallel()
	b := bundle(map[instrument.Lang]string{instrument.NL: "a: Dag {name}.\nb: Alleen hier.\n", instrument.EN: "a: Hello {name}.\n"})
	en := b.Printer(instrument.EN)
	if got := en.T("b", nil); got != "Alleen hier." {
		t.Errorf("the Dutch text should stand in, got %q", got)
	}
	if got := en.T("nowhere.at.all", nil); got != "" {
		t.Errorf("got %q, want nothing", got)
	}
	if got := en.T("a", i18n.Args{"naam": "x"}); got != "" {
		t.Errorf("got %q, want nothing", got)
	}
	err := en.Err()
	if err == nil {
		t.Fatal("want an error")
	}
	for _, want := range []string{`"b"`, `"nowhere.at.all"`, "{name}"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not name %s: %v", want, err)
		}
	}
	if !en.Has("a") || en.Has("b") {
		t.Error("Has must look at the own language")
	}
}

func TestCheckNamesEveryDifference(t *testing.T) {
	t.Parallel()
	b := bundle(map[instrument.Lang]string{
		instrument.NL: "a: Dag {name}.\nb: Ja\n",
		instrument.FR: "a: Bonjour {nom}.\nb: Oui\n",
		instrument.DE: "a: Tag {name}.\n",
		instrument.EN: "a: Hello {name}.\nb: \"\"\n",
	})
	err := b.Check()
	if err == nil {
		t.Fatal("want an error")
	}
	for _, want := range []string{`fr: "a" has the placeholders [nom]`, `de: "b" is missing`, `en: "b" has no text`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in: %v", want, err)
		}
	}
}

func TestBrokenFilesAreRefused(t *testing.T) {
	t.Parallel()
	for _, src := range []string{"a: '{'", "a: '}'", "a: '{Name}'", "a: '{{.Name}}'", "a: [", "- 1"} {
		if err := bundle(map[instrument.Lang]string{instrument.NL: src}).Check(); err == nil {
			t.Errorf("%q was accepted", src)
		}
	}
	if err := i18n.New(fstest.MapFS{}, "locale").Check(); err == nil {
		t.Error("absent files were accepted")
	}
}

func TestNumbersAndListsFollowTheLanguage(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		lang                                               instrument.Lang
		whole, decimal, percent, between, span, list, date string
	}{
		{"nl", "1.214", "0,84", "54_%", "tussen 51 en 57_%", "41–67_%", "a, b en c", "1 maart 2026"},
		{"fr", "1_214", "0,84", "54~%", "entre 51 et 57~%", "41–67~%", "a, b et c", "1er mars 2026"},
		{"de", "1.214", "0,84", "54_%", "zwischen 51 und 57_%", "41–67_%", "a, b und c", "1. März 2026"},
		{"en", "1,214", "0.84", "54%", "between 51% and 57%", "41–67%", "a, b and c", "1 March 2026"},
		{"xx", "1.214", "0,84", "54_%", "tussen 51 en 57_%", "41–67_%", "a, b en c", "1 maart 2026"},
	} {
		p := bundle(nil).Printer(c.lang)
		spaces := strings.NewReplacer("_", "\u00a0", "~", "\u202f")
		for _, x := range [][2]string{
			{p.Int(1214), c.whole}, {p.Decimal(0.841, 2), c.decimal}, {p.Percent(0.541), c.percent},
			{p.PercentRange(0.512, 0.568), c.between}, {p.PercentSpan(0.412, 0.668), c.span},
			{p.And([]string{"a", "b", "c"}), c.list}, {p.Date(day), c.date},
		} {
			if x[0] != spaces.Replace(x[1]) {
				t.Errorf("%s: got %q, want %q", c.lang, x[0], x[1])
			}
		}
	}
}

func TestNumbersAtTheEdges(t *testing.T) {
	t.Parallel()
	p := bundle(nil).Printer(instrument.NL)
	for _, x := range [][2]string{
		{p.Percent(0), "0\u00a0%"}, {p.Percent(0.003), "<\u00a01\u00a0%"}, {p.Percent(0.997), ">\u00a099\u00a0%"}, {p.Percent(1), "100\u00a0%"},
		{p.PercentRange(0.541, 0.543), "54\u00a0%"}, {p.DecimalRange(3.41, 3.44, 1), "3,4"}, {p.DecimalRange(3.4, 3.6, 1), "tussen 3,4 en 3,6"},
		{p.Decimal(math.NaN(), 1), "–"}, {p.Decimal(math.Inf(1), 1), "–"}, {p.Decimal(-0.01, 1), "0,0"}, {p.And(nil), ""}, {p.Series([]string{"a", "b"}), "a; b"}, {p.And([]string{"a"}), "a"},
	} {
		if x[0] != x[1] {
			t.Errorf("got %q, want %q", x[0], x[1])
		}
	}
}

func TestLabelsInsideASentence(t *testing.T) {
	t.Parallel()
	nl, de := bundle(nil).Printer(instrument.NL), bundle(nil).Printer(instrument.DE)
	for label, want := range map[string]string{
		"Leeftijd": "leeftijd", "ChatGPT": "ChatGPT", "HR-functie": "HR-functie", "A": "A", "": "", "Élan": "élan", "E-learning": "e-learning", "Dienst X": "dienst X",
	} {
		if got := nl.Inside(label); got != want {
			t.Errorf("%q became %q, want %q", label, got, want)
		}
	}
	if got := de.Inside("Alter"); got != "Alter" {
		t.Errorf("a German noun lost its capital: %q", got)
	}
	if got := nl.Term("Gebruiksgemak"); got != "gebruiksgemak" {
		t.Errorf("got %q", got)
	}
	if got := nl.Term("Toegang, tijd en hulp"); got != "‘Toegang, tijd en hulp’" {
		t.Errorf("got %q", got)
	}
	if got := de.Term("Einfache Bedienung"); got != "„Einfache Bedienung“" {
		t.Errorf("got %q", got)
	}
	for s, want := range map[string]string{"élan vital": "Élan vital", "‘ja’ zegt men": "‘Ja’ zegt men", "54 % zegt": "54 % zegt", "": "", "‘": "‘"} {
		if got := nl.Opening(s); got != want {
			t.Errorf("%q became %q, want %q", s, got, want)
		}
	}
}

func TestCollateKnowsAccentsAndNumbers(t *testing.T) {
	t.Parallel()
	words := []string{"zone 10", "zone 9", "Écoles", "eau", "Fêtes"}
	i18n.Collate(bundle(nil).Printer(instrument.FR), words, func(s string) string { return s })
	if want := []string{"eau", "Écoles", "Fêtes", "zone 9", "zone 10"}; !slices.Equal(words, want) {
		t.Errorf("got %v, want %v", words, want)
	}
}

func TestRangesKeepTheirOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		low := rapid.Float64Range(0, 1).Draw(t, "low")
		high := rapid.Float64Range(low, 1).Draw(t, "high")
		lang := rapid.SampledFrom(instrument.Languages()).Draw(t, "lang")
		p := bundle(nil).Printer(lang)
		for _, s := range []string{p.Percent(low), p.PercentRange(low, high), p.PercentSpan(low, high)} {
			if !strings.HasSuffix(s, "%") || strings.Contains(s, "  ") {
				t.Fatalf("%q", s)
			}
		}
	})
}

func FuzzMessages(f *testing.F) {
	for _, s := range []string{"Dag {name}.", "{", "}", "{{.X}}", "{a}{b}", "é{naam}'", "{n"} {
		f.Add(s, "x")
	}
	f.Fuzz(func(t *testing.T, src, value string) {
		b := bundle(map[instrument.Lang]string{instrument.NL: "a:\n  text: " + src + "\n"})
		p := b.Printer(instrument.NL)
		s := p.T("a.text", i18n.Args{"name": value})
		if p.Err() != nil && s != "" {
			t.Fatalf("%q came with an error: %v", s, p.Err())
		}
	})
}

func FuzzDecimal(f *testing.F) {
	f.Add(0.5, 2)
	f.Add(-1e300, 0)
	f.Add(math.NaN(), 1)
	f.Fuzz(func(t *testing.T, x float64, decimals int) {
		for _, lang := range instrument.Languages() {
			if s := bundle(nil).Printer(lang).Decimal(x, min(max(decimals, 0), 6)); s == "" {
				t.Fatalf("%g became nothing", x)
			}
		}
	})
}
