package ui

import (
	"bytes"
	"compress/gzip"
	"regexp"
	"strings"
	"testing"
)

func TestColoursCanBeToldApart(t *testing.T) {
	t.Parallel()
	for name, theme := range map[string]Theme{"light": Light(), "dark": Dark(), "print": Print()} {
		for _, p := range Pairs() {
			fore, ground := theme.Color(p.Fore), theme.Color(p.Ground)
			ratio, err := Contrast(fore, ground)
			if err != nil {
				t.Fatalf("%s: %s on %s: %v", name, p.Fore, p.Ground, err)
			}
			if ratio < p.Least {
				t.Errorf("%s: %s on %s has contrast %.2f, below %.1f", name, p.Fore, p.Ground, ratio, p.Least)
			}
		}
	}
}

func TestThemesHaveTheSameTokens(t *testing.T) {
	t.Parallel()
	for i, token := range Light() {
		if Dark()[i].Name != token.Name || Print()[i].Name != token.Name {
			t.Errorf("token %d: %s, %s, %s", i, token.Name, Dark()[i].Name, Print()[i].Name)
		}
	}
	if Light().Color("none") != "" {
		t.Error("an unknown token has a colour")
	}
}

func TestContrast(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want float64
	}{{"#000000", "#ffffff", 21}, {"#777777", "#ffffff", 4.48}, {"#ffffff", "#ffffff", 1}, {"#1f4a9c", "#fbf9f4", 7.93}} {
		got, err := Contrast(c.a, c.b)
		if err != nil || got < c.want-0.05 || got > c.want+0.05 {
			t.Errorf("%s on %s: %.3f, %v; want %.2f", c.a, c.b, got, err, c.want)
		}
	}
	for _, bad := range []string{"", "red", "#fff", "#gggggg", "#1234567"} {
		if _, err := Contrast(bad, "#000000"); err == nil {
			t.Errorf("%q passes as a colour", bad)
		}
		if _, err := Contrast("#000000", bad); err == nil {
			t.Errorf("%q passes as a colour", bad)
		}
	}
}

func everyPart() string { return CSS(Base, Charts, App, Forms, Report, Poster) }

func TestStyleSheetIsSmall(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(everyPart())); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes, %d gzipped", len(everyPart()), b.Len())
	if b.Len() > 20_000 {
		t.Errorf("style sheet is %d bytes gzipped, above 20 kB", b.Len())
	}
}

func TestStyleSheetUsesKnownTokensOnly(t *testing.T) {
	t.Parallel()
	css := everyPart()
	own := regexp.MustCompile(`--([a-z0-9-]+):`)
	known := map[string]bool{}
	for _, m := range own.FindAllStringSubmatch(css, -1) {
		known[m[1]] = true
	}
	for _, m := range regexp.MustCompile(`var\(--([a-z0-9-]+)\)`).FindAllStringSubmatch(css, -1) {
		if !known[m[1]] {
			t.Errorf("unknown token --%s", m[1])
		}
	}
	body := css[strings.Index(css, "@media (prefers-color-scheme:dark)"):]
	body = regexp.MustCompile(`--[a-z0-9-]+:#[0-9a-f]{6};`).ReplaceAllString(body, "")
	if m := regexp.MustCompile(`#[0-9a-fA-F]{3,8}\b|rgba?\(`).FindString(body); m != "" {
		t.Errorf("a colour outside the tokens: %s", m)
	}
	if strings.Contains(css, "url(") || strings.Contains(css, "@import") || strings.Contains(css, "expression") {
		t.Error("the style sheet reaches outside")
	}
	if open, closed := strings.Count(css, "{"), strings.Count(css, "}"); open != closed {
		t.Errorf("%d braces open, %d close", open, closed)
	}
	if n := strings.Count(css, "gradient("); n != 2 {
		t.Errorf("%d gradients; the grid on covers needs two and nothing else needs any", n)
	}
}

func TestSqueezeKeepsWhatCounts(t *testing.T) {
	t.Parallel()
	in := "/* c { } */\na  b , c > d{ color : red ;\n margin: calc(1px + 2px) }\n@media (min-width: 3px) and print { x:hover { y: z } }"
	want := "a b,c>d{color :red;margin:calc(1px + 2px)}@media (min-width:3px) and print{x:hover{y:z}}"
	if got := squeeze(in); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestTypefaceAndItsLicenceAreInside(t *testing.T) {
	t.Parallel()
	if l := asset("fonts/OFL.txt"); !strings.Contains(l, "SIL OPEN FONT LICENSE Version 1.1") || !strings.Contains(l, "Atkinson Hyperlegible Next") {
		t.Error("the licence of the typeface is missing")
	}
	for _, subset := range []string{"latin", "latin-ext"} {
		if font := asset("fonts/atkinson-hyperlegible-next-" + subset + "-wght-normal.woff2"); !strings.HasPrefix(font, "wOF2") {
			t.Errorf("%s is no woff2 file", subset)
		}
	}
	for text, want := range map[string]int{"café œuvre €": 1, "Łódź": 2, "": 1} {
		if n := strings.Count(Faces(text), "@font-face"); n != want {
			t.Errorf("%q: %d typefaces, want %d", text, n, want)
		}
	}
	if !strings.Contains(Mark, `aria-hidden="true"`) {
		t.Error("the mark is read aloud beside its name")
	}
}

func TestMissingAssetIsABrokenBuild(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("a missing file went unnoticed")
		}
	}()
	asset("css/none.css")
}
