package ui

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
)

// Override holds the colours that an organisation sets instead of ours. The zero Override sets none.
type Override struct {
	Light, Dark []Token // in the order of the themes
}

// ThemeError is a colour that cannot be set.
type ThemeError struct {
	Key, Value string // as given
	Unknown    bool   // there is no such colour; otherwise Value is no #rrggbb
}

// Error says what is wrong and how to mend it, for a log; Text says it to a reader.
func (e *ThemeError) Error() string {
	if e.Unknown {
		return fmt.Sprintf("theme: no colour %q; write light. or dark. and the name of a token", e.Key)
	}
	return fmt.Sprintf("theme: %s: colour %q: write it as #rrggbb", e.Key, e.Value)
}

// Text says what is wrong and how to mend it.
func (e *ThemeError) Text(lang instrument.Lang) string {
	if e.Unknown {
		return WordThemeUnknown.In(lang)
	}
	return WordThemeMalformed.In(lang)
}

// The schemes of an override, as keys of ParseTheme begin.
const (
	SchemeLight = "light"
	SchemeDark  = "dark"
	SchemePrint = "print" // not for keys: on paper the light colours hold, on white
)

// ParseTheme reads colours by key: the scheme, a point and the name of a token, such as "dark.blue". A colour is # and six
// hexadecimal digits and nothing else, so that no colour can carry style sheet code; an empty value sets nothing. It returns what
// can be set together with a *ThemeError for each key that cannot, joined, in the order of the keys.
func ParseTheme(values map[string]string) (Override, error) {
	var o Override
	known := map[string]bool{}
	for _, token := range Light() {
		for scheme, tokens := range map[string]*[]Token{SchemeLight: &o.Light, SchemeDark: &o.Dark} {
			key := scheme + "." + token.Name
			known[key] = true
			value := strings.ToLower(strings.TrimSpace(values[key]))
			if isColor(value) {
				*tokens = append(*tokens, Token{token.Name, value})
			}
		}
	}
	var problems []error
	keys := make([]string, 0, len(values))
	for key := range values {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		value := strings.ToLower(strings.TrimSpace(values[key]))
		switch {
		case !known[key]:
			problems = append(problems, &ThemeError{Key: key, Value: values[key], Unknown: true})
		case value != "" && !isColor(value):
			problems = append(problems, &ThemeError{Key: key, Value: values[key]})
		}
	}
	return o, errors.Join(problems...)
}

// isColor tells whether s is # and six hexadecimal digits in small letters.
func isColor(s string) bool {
	return len(s) == 7 && s[0] == '#' && strings.Trim(s[1:], "0123456789abcdef") == ""
}

// over returns the theme with these colours in it.
func (t Theme) over(tokens []Token) Theme {
	out := slices.Clone(t)
	for i := range out {
		for _, token := range tokens {
			if token.Name == out[i].Name {
				out[i].Color = token.Color
			}
		}
	}
	return out
}

// themes returns what the override makes of the three themes.
func (o Override) themes() (light, dark, paper Theme) {
	ink := slices.DeleteFunc(slices.Clone(o.Light), func(t Token) bool { return onPaper(t.Name) })
	return Light().over(o.Light), Dark().over(o.Dark), Print().over(ink)
}

// onPaper names the colours that an organisation does not choose for print: paper is white, and lines suit a printer.
func onPaper(name string) bool {
	return slices.Contains([]string{"paper", "sheet", "line", "line-2"}, name)
}

// Clash is a combination of colours that some readers cannot read.
type Clash struct {
	Scheme string // SchemeLight, SchemeDark or SchemePrint
	Pair   Pair
	Fore   string  // the colour of Pair.Fore
	Ground string  // the colour of Pair.Ground
	Ratio  float64 // contrast, 1 to 21
	Mend   string  // the colour nearest to Fore that can be read on every ground it stands on, or "" when there is none
}

// CheckTheme returns every combination of the style sheet that an override makes hard to read, in the order of the schemes and of
// Pairs. An override without clashes may be shown.
func CheckTheme(o Override) []Clash {
	light, dark, paper := o.themes()
	var out []Clash
	for _, s := range []struct {
		name  string
		theme Theme
	}{{SchemeLight, light}, {SchemeDark, dark}, {SchemePrint, paper}} {
		for _, p := range Pairs() {
			fore, ground := s.theme.Color(p.Fore), s.theme.Color(p.Ground)
			ratio, err := Contrast(fore, ground)
			if err == nil && ratio >= p.Least {
				continue
			}
			out = append(out, Clash{Scheme: s.name, Pair: p, Fore: fore, Ground: ground, Ratio: ratio, Mend: mend(s.theme, p)})
		}
	}
	return out
}

// mend looks for the colour nearest to that of p.Fore that can be read wherever it stands.
func mend(t Theme, p Pair) string {
	var red, green, blue int
	if _, err := fmt.Sscanf(t.Color(p.Fore), "#%02x%02x%02x", &red, &green, &blue); err != nil {
		return ""
	}
	for step := 1; step <= 100; step++ {
		for _, end := range []float64{0, 255} {
			toward := func(c int) int { return int(math.Round(float64(c) + (end-float64(c))*float64(step)/100)) }
			color := fmt.Sprintf("#%02x%02x%02x", toward(red), toward(green), toward(blue))
			if readable(t.over([]Token{{p.Fore, color}}), p.Fore) {
				return color
			}
		}
	}
	return ""
}

// readable tells whether every combination with a token can be read.
func readable(t Theme, token string) bool {
	for _, p := range Pairs() {
		if p.Fore != token && p.Ground != token {
			continue
		}
		if ratio, err := Contrast(t.Color(p.Fore), t.Color(p.Ground)); err != nil || ratio < p.Least {
			return false
		}
	}
	return true
}

// Text says what clashes and how to mend it.
func (c Clash) Text(lang instrument.Lang) string {
	p := messages().Printer(lang)
	fore, ground := TokenName(c.Pair.Fore, lang), TokenName(c.Pair.Ground, lang)
	scheme := map[string]Word{SchemeLight: WordThemeLight, SchemeDark: WordThemeDark, SchemePrint: WordThemePrint}[c.Scheme]
	text := scheme.In(lang) + ": " + p.T(string(WordThemeClash), i18n.Args{
		"fore": fore, "ground": ground, "ratio": p.Decimal(math.Floor(c.Ratio*10)/10, 1), "least": p.Decimal(c.Pair.Least, 1),
	})
	if c.Mend == "" {
		return p.Opening(text) + " " + p.T(string(WordThemeMendOther), i18n.Args{"fore": fore, "ground": ground})
	}
	return p.Opening(text) + " " + p.T(string(WordThemeMend), i18n.Args{"name": fore, "color": c.Mend})
}

// TokenName says what a colour is for.
func TokenName(token string, lang instrument.Lang) string { return Word("token." + token).In(lang) }

// ThemeCSS writes an override as a style sheet that comes after ours. It holds nothing but declarations of our tokens, with
// colours of the form #rrggbb; anything else in the override is left out.
func ThemeCSS(o Override) string {
	_, _, paper := o.themes()
	var b strings.Builder
	b.WriteString(declare(o.Light, ":root{", "}"))
	b.WriteString(declare(o.Dark, "@media (prefers-color-scheme:dark){:root{", "}}"))
	var printed []Token
	for _, token := range paper {
		if slices.ContainsFunc(append(slices.Clone(o.Light), o.Dark...), func(t Token) bool { return t.Name == token.Name }) {
			printed = append(printed, token)
		}
	}
	b.WriteString(declare(printed, "@media print{:root{", "}}"))
	return b.String()
}

// declare writes the tokens that are ours and have a colour.
func declare(tokens []Token, before, after string) string {
	var safe Theme
	for _, t := range tokens {
		if Light().Color(t.Name) != "" && isColor(t.Color) {
			safe = append(safe, t)
		}
	}
	if len(safe) == 0 {
		return ""
	}
	return before + safe.CSS() + after
}
