package ui

import (
	"embed"
	"encoding/base64"
	"regexp"
	"strings"
)

//go:embed assets
var assets embed.FS

// Sheet names a part of the style sheet.
type Sheet string

// The parts of the style sheet.
const (
	Base   Sheet = "base"   // type, links, tables, tags; every page
	Charts Sheet = "charts" // the classes of package chart
	Report Sheet = "report" // the report page
	Poster Sheet = "poster" // the fact sheet
	App    Sheet = "app"    // the page shell and the components
	Forms  Sheet = "forms"  // fields, buttons and what belongs to forms

	Explore Sheet = "explore" // the report inside the interface, and its figures by group; beside Base, Charts and Report
)

// CSS returns the tokens for light, dark and print, followed by the named parts, without comments.
func CSS(parts ...Sheet) string {
	var b strings.Builder
	b.WriteString(":root{" + Light().CSS() + "color-scheme:light dark}")
	b.WriteString("@media (prefers-color-scheme:dark){:root{" + Dark().CSS() + "}}")
	for _, p := range parts {
		b.WriteString(squeeze(asset("css/" + string(p) + ".css")))
	}
	b.WriteString("@media print{:root{" + Print().CSS() + "color-scheme:light}}")
	return b.String()
}

// Mark is the drawing table of the product as an SVG that is read as nothing; its name stands beside it.
const Mark = `<svg class="mark-sign" viewBox="0 0 28 28" width="28" height="28" aria-hidden="true" focusable="false">` +
	`<path d="M3 24 12 4h13v20z" class="mark-board"/><path d="M7 15h18M16 4v20" class="mark-ruler"/></svg>`

// Faces returns the typeface as @font-face rules with the font inside, so that a file needs no other file. The second
// part of the alphabet (central European letters) is 25 kB more and is only worth it for a text that has such letters.
func Faces(text string) string {
	out := face("latin", latinRanges)
	if hasExtended(text) {
		out += face("latin-ext", latinExtRanges)
	}
	return out
}

func hasExtended(text string) bool {
	for _, r := range text {
		if r >= 0x100 && r < 0x2ba && r != 0x131 && r != 0x152 && r != 0x153 || r >= 0x1e00 && r < 0x1f00 {
			return true
		}
	}
	return false
}

// The letters that each file of the typeface holds.
const (
	latinRanges = "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329," +
		"U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD"
	latinExtRanges = "U+0100-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+1D00-1DBF," +
		"U+1E00-1E9F,U+1EF2-1EFF,U+20A0-20AB,U+20AD-20C0,U+2113"
)

func face(subset, ranges string) string {
	font := asset("fonts/atkinson-hyperlegible-next-" + subset + "-wght-normal.woff2")
	return faceFile(ranges, "data:font/woff2;base64,"+base64.StdEncoding.EncodeToString([]byte(font)))
}

func faceFile(ranges, address string) string {
	return `@font-face{font-family:"Atkinson Hyperlegible Next";font-style:normal;font-display:swap;font-weight:200 800;` +
		`src:url(` + address + `) format("woff2");unicode-range:` + ranges + `}`
}

// asset returns an embedded file. The files are part of the program: a missing one is a broken build, which the tests
// of this package find.
func asset(name string) string {
	data, err := assets.ReadFile("assets/" + name)
	if err != nil {
		panic(err)
	}
	return string(data)
}

var (
	comments = regexp.MustCompile(`(?s)/\*.*?\*/`)
	spaces   = regexp.MustCompile(`\s+`)
	around   = regexp.MustCompile(` ?([{};,>]) ?`)
	colons   = regexp.MustCompile(`: `)
)

// squeeze removes comments and the white space that CSS does not need.
func squeeze(css string) string {
	css = comments.ReplaceAllString(css, "")
	css = spaces.ReplaceAllString(css, " ")
	css = around.ReplaceAllString(css, "$1")
	return strings.TrimSpace(colons.ReplaceAllString(css, ":"))
}
