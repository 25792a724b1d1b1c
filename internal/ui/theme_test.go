package ui

import (
	"errors"
	"maps"
	"regexp"
	"strings"
	"testing"

	"tekentafel/internal/instrument"
)

func TestThemeTakesColoursAndNothingElse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		key, value string
		ok, sets   bool
	}{
		{"light.blue", "#0b5c3a", true, true},
		{"dark.blue", " #ABCDEF ", true, true},
		{"light.blue", "", true, false},
		{"light.blue", "green", false, false},
		{"light.blue", "#fff", false, false},
		{"light.blue", "#12345g", false, false},
		{"light.blue", "#123456;}body{display:none", false, false},
		{"light.blue", "url(//example.org)", false, false},
		{"light.blue", "#１２３４５６", false, false},
		{"blue", "#123456", false, false},
		{"print.blue", "#123456", false, false},
		{"light.blue:red;--x", "#123456", false, false},
	} {
		o, err := ParseTheme(map[string]string{c.key: c.value})
		if (err == nil) != c.ok || (len(o.Light)+len(o.Dark) > 0) != c.sets {
			t.Errorf("%s = %q: %v, %v", c.key, c.value, o, err)
		}
		var problem *ThemeError
		if err != nil && (!errors.As(err, &problem) || problem.Key != c.key || problem.Text(instrument.NL) == "") {
			t.Errorf("%s = %q: the error does not say which key and what to do: %v", c.key, c.value, err)
		}
	}
}

func TestThemeSaysAllThatIsWrongAndKeepsTheRest(t *testing.T) {
	t.Parallel()
	o, err := ParseTheme(map[string]string{"light.blue": "blue", "light.ink": "#101010", "dark.none": "#101010"})
	if err == nil || !strings.Contains(err.Error(), "light.blue") || !strings.Contains(err.Error(), "dark.none") {
		t.Errorf("got %v", err)
	}
	if len(o.Light) != 1 || o.Light[0] != (Token{"ink", "#101010"}) {
		t.Errorf("got %v", o)
	}
}

func TestOurOwnColoursDoNotClash(t *testing.T) {
	t.Parallel()
	if out := CheckTheme(Override{}); len(out) > 0 {
		t.Errorf("%+v", out)
	}
}

func TestClashesComeWithAColourThatMendsThem(t *testing.T) {
	t.Parallel()
	for name, values := range map[string]map[string]string{
		"pale links":      {"light.blue": "#8fb4ff"},
		"dark links":      {"dark.blue": "#1f4a9c"},
		"grey text":       {"light.ink-2": "#999999", "dark.ink-2": "#555555"},
		"yellow marker":   {"light.marker": "#ffd400"},
		"coloured paper":  {"light.paper": "#f0e0a0"},
		"nearly, not yet": {"light.agreed": "#3d8d72"},
	} {
		o, err := ParseTheme(values)
		if err != nil {
			t.Fatal(err)
		}
		clashes := CheckTheme(o)
		if len(clashes) == 0 {
			t.Errorf("%s: no clash", name)
		}
		mended := maps.Clone(values)
		for _, c := range clashes {
			if c.Ratio >= c.Pair.Least {
				t.Errorf("%s: %+v is no clash", name, c)
			}
			if c.Scheme == SchemePrint {
				continue // mended together with light
			}
			if c.Mend == "" {
				t.Errorf("%s: no mend for %+v", name, c)
			}
			mended[c.Scheme+"."+c.Pair.Fore] = c.Mend
		}
		o, err = ParseTheme(mended)
		if err != nil {
			t.Fatal(err)
		}
		if left := CheckTheme(o); len(left) > 0 {
			t.Errorf("%s: mended with %v, still %+v", name, mended, left)
		}
	}
}

func TestClashWithoutMendAsksForAnotherGround(t *testing.T) {
	t.Parallel()
	o := Override{Light: []Token{{"paper", "#000000"}, {"sheet", "#ffffff"}}}
	var without int
	for _, c := range CheckTheme(o) {
		if c.Mend == "" {
			without++
			if text := c.Text(instrument.NL); !strings.Contains(text, "Kies een andere kleur voor") {
				t.Errorf("got %q", text)
			}
		}
	}
	if without == 0 {
		t.Error("text is readable on black and white at once")
	}
}

func TestClashIsToldInEveryLanguage(t *testing.T) {
	t.Parallel()
	c := Clash{Scheme: SchemeLight, Pair: Pair{"blue", "paper", 4.5}, Fore: "#8fb4ff", Ground: "#fbf9f4", Ratio: 4.49, Mend: "#123456"}
	want := "Licht: Blauw (links en cijfers) op Papier (achtergrond) heeft contrast 4,4. Er is minstens 4,5 nodig. " +
		"Blauw (links en cijfers) wordt leesbaar met bijvoorbeeld #123456."
	if got := c.Text(instrument.NL); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for _, lang := range instrument.Languages() {
		if text := c.Text(lang); !strings.Contains(text, "#123456") || strings.Contains(text, "{") {
			t.Errorf("%s: %q", lang, text)
		}
		for _, token := range Light() {
			if TokenName(token.Name, lang) == "" {
				t.Errorf("%s: the colour %s has no name", lang, token.Name)
			}
		}
	}
}

func TestThemeOnPaperStaysWhite(t *testing.T) {
	t.Parallel()
	o, err := ParseTheme(map[string]string{"light.paper": "#fff8e0", "light.blue": "#0b3d91", "dark.marker": "#ff9a5c"})
	if err != nil {
		t.Fatal(err)
	}
	want := ":root{--paper:#fff8e0;--blue:#0b3d91;}@media (prefers-color-scheme:dark){:root{--marker:#ff9a5c;}}" +
		"@media print{:root{--paper:#ffffff;--blue:#0b3d91;--marker:#c9410b;}}"
	if got := ThemeCSS(o); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := ThemeCSS(Override{}); got != "" {
		t.Errorf("no colours: %q", got)
	}
}

var themeForm = regexp.MustCompile(`^(:root\{(--[a-z0-9-]+:#[0-9a-f]{6};)+\})?(@media \(prefers-color-scheme:dark\)\{:root\{(--[a-z0-9-]+:#[0-9a-f]{6};)+\}\})?` +
	`(@media print\{:root\{(--[a-z0-9-]+:#[0-9a-f]{6};)+\}\})?$`)

func FuzzThemeHoldsNothingButColours(f *testing.F) {
	f.Add("light.blue", "#1f4a9c", "x")
	f.Add("dark.ink", "#fff;}*{color:red", "--ink")
	f.Add("light.paper", "\\23 ffffff", "paper;}")
	f.Fuzz(func(t *testing.T, key, value, name string) {
		o, err := ParseTheme(map[string]string{key: value})
		if css := ThemeCSS(o); !themeForm.MatchString(css) {
			t.Errorf("%q = %q writes %s", key, value, css)
		}
		if err == nil && strings.TrimSpace(value) != "" && len(o.Light)+len(o.Dark) != 1 {
			t.Errorf("%q = %q passes and sets nothing", key, value)
		}
		byHand := Override{Light: []Token{{name, value}}, Dark: []Token{{key, name}}} // an override that was not parsed
		if css := ThemeCSS(byHand); !themeForm.MatchString(css) {
			t.Errorf("%q, %q, %q write %s", key, value, name, css)
		}
		for _, c := range CheckTheme(o) {
			if c.Text(instrument.NL) == "" {
				t.Errorf("%+v says nothing", c)
			}
		}
	})
}
