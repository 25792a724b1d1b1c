package ui

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Token is a custom property of the style sheet with its colour as #rrggbb.
type Token struct {
	Name  string // without the leading dashes
	Color string
}

// Theme is a full set of tokens, in the order in which the style sheet lists them.
type Theme []Token

// Light is paper-white ground with ink.
func Light() Theme {
	return Theme{
		{"paper", "#fbf9f4"}, {"sheet", "#fffefb"}, {"ink", "#16223a"}, {"ink-2", "#4a5468"},
		{"line", "#d9d3c5"}, {"line-2", "#ebe6da"}, {"grid", "#eef0ef"},
		{"blue", "#1f4a9c"}, {"blue-2", "#dfe8f5"}, {"marker", "#c9410b"}, {"marker-2", "#fdeadf"},
		{"agreed", "#1e6b50"}, {"agreed-2", "#e3f1eb"},
		{"n1", "#6f470d"}, {"n2", "#96631b"}, {"n3", "#b07f35"},
		{"p3", "#6a90cc"}, {"p2", "#416fb8"}, {"p1", "#1f4a9c"}, {"neutral", "#8b887f"},
		{"wrong", "#a8122f"}, {"wrong-2", "#fae9ea"},
	}
}

// Dark is the drawing board at night: deep blue ground, light ink, and the shades turned around so that the strongest
// opinion still stands out most.
func Dark() Theme {
	return Theme{
		{"paper", "#10182a"}, {"sheet", "#162036"}, {"ink", "#eef1f7"}, {"ink-2", "#aeb8cb"},
		{"line", "#35425f"}, {"line-2", "#263250"}, {"grid", "#172137"},
		{"blue", "#8db4f2"}, {"blue-2", "#1f2f52"}, {"marker", "#ff8a4c"}, {"marker-2", "#47281a"},
		{"agreed", "#7fd1ae"}, {"agreed-2", "#17352c"},
		{"n1", "#f0c277"}, {"n2", "#c4944a"}, {"n3", "#927043"},
		{"p3", "#5f7fb5"}, {"p2", "#86a9e2"}, {"p1", "#b9d2fb"}, {"neutral", "#838b9c"},
		{"wrong", "#ff9aa5"}, {"wrong-2", "#43202c"},
	}
}

// Print is Light on white paper, with lines dark enough for an office printer.
func Print() Theme {
	t := Light()
	for i := range t {
		switch t[i].Name {
		case "paper", "sheet":
			t[i].Color = "#ffffff"
		case "line":
			t[i].Color = "#c9c4b8"
		case "line-2":
			t[i].Color = "#e2ddd1"
		}
	}
	return t
}

// Color returns the colour of a token, "" when the theme has no such token.
func (t Theme) Color(name string) string {
	for _, token := range t {
		if token.Name == name {
			return token.Color
		}
	}
	return ""
}

// CSS writes the tokens as declarations of custom properties.
func (t Theme) CSS() string {
	var b strings.Builder
	for _, token := range t {
		b.WriteString("--" + token.Name + ":" + token.Color + ";")
	}
	return b.String()
}

// Pair is a foreground on a ground with the contrast ratio that it must reach.
type Pair struct {
	Fore, Ground string  // token names
	Least        float64 // WCAG 2.2: 4.5 for text (1.4.3), 3 for shapes that carry meaning (1.4.11)
}

// Pairs lists the combinations that the style sheet uses. A theme may be shown when each reaches its least contrast.
func Pairs() []Pair {
	var out []Pair
	for _, ground := range []string{"paper", "sheet"} {
		for _, text := range []string{"ink", "ink-2", "blue", "marker", "agreed", "wrong", "n1"} {
			out = append(out, Pair{text, ground, 4.5})
		}
		for _, shape := range []string{"n2", "n3", "p1", "p2", "p3", "neutral", "marker"} {
			out = append(out, Pair{shape, ground, 3})
		}
	}
	for _, text := range []string{"ink", "ink-2", "blue"} {
		out = append(out, Pair{text, "grid", 4.5})
	}
	return append(out,
		Pair{"ink", "blue-2", 4.5}, Pair{"ink-2", "blue-2", 4.5}, Pair{"blue", "blue-2", 3},
		Pair{"ink", "marker-2", 4.5}, Pair{"ink", "agreed-2", 4.5}, Pair{"agreed", "agreed-2", 4.5},
		Pair{"wrong", "wrong-2", 4.5}, Pair{"ink", "wrong-2", 4.5}, Pair{"paper", "ink", 4.5})
}

// Contrast returns the contrast ratio of two colours, 1 to 21 (WCAG 2.2, definition of contrast ratio). Colours are
// #rrggbb; anything else is an error.
func Contrast(a, b string) (float64, error) {
	la, err := luminance(a)
	if err != nil {
		return 0, err
	}
	lb, err := luminance(b)
	if err != nil {
		return 0, err
	}
	return (math.Max(la, lb) + 0.05) / (math.Min(la, lb) + 0.05), nil
}

// luminance is the relative luminance of WCAG 2.2.
func luminance(color string) (float64, error) {
	if len(color) != 7 || color[0] != '#' {
		return 0, fmt.Errorf("colour %q: write it as #rrggbb", color)
	}
	v, err := strconv.ParseUint(color[1:], 16, 32)
	if err != nil {
		return 0, fmt.Errorf("colour %q: write it as #rrggbb", color)
	}
	channel := func(c uint64) float64 {
		s := float64(c&0xff) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(v>>16) + 0.7152*channel(v>>8) + 0.0722*channel(v), nil
}
