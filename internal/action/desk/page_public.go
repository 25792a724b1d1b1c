package desk

import (
	"bytes"
	_ "embed"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/a-h/templ"
	"rsc.io/qr"

	"tekentafel/internal/action"
	"tekentafel/internal/instrument"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// publicView is what people are told.
type publicView struct {
	words
	told    *action.Told
	lines   []action.ToldLine
	preview bool
}

// public shows what people are told to whoever has the address.
func (d *Desk) public(w http.ResponseWriter, r *web.Request) error {
	w.Header().Set("X-Robots-Tag", "noindex, nofollow")
	w.Header().Set("Referrer-Policy", "no-referrer")
	t, told, err := d.Actions.Open(r.Context(), r.PathValue("key"))
	if err != nil {
		return err
	}
	if r.Org, err = d.Organisations.Organisation(r.Context(), t); err != nil {
		return err
	}
	if wanted := instrument.Lang(r.URL.Query().Get("lang")); slices.Contains(r.Org.Languages, wanted) {
		r.Lang = wanted
	}
	v := publicView{words: in(r), told: &told}
	if v.lines, err = d.Actions.Lines(r.Context(), t, &told); err != nil {
		return err
	}
	p := web.Page{Bare: true}
	p.Title, p.Lead = v.say("public.title"), v.say("public.lead")
	p.Synthetic = madeUp(v.lines)
	return r.Show(w, p, publicPage(v))
}

// preview shows the page as people would read it.
func (d *Desk) preview(w http.ResponseWriter, r *web.Request) error {
	if !r.Can(reads) {
		return notYours()
	}
	id := r.PathValue("report")
	x, err := d.found(r, id)
	if err != nil {
		return err
	}
	told, err := d.Actions.ToldAbout(r.Context(), r.Actor, id)
	if err != nil {
		return err
	}
	v := publicView{words: in(r), told: &told, preview: true}
	if v.lines, err = d.Actions.Lines(r.Context(), r.Actor.Tenant, &told); err != nil {
		return err
	}
	above := []ui.Link{v.link("told.title", toldAt)}
	if r.Can(tells) {
		above = append(above, ui.Link{Label: x.report.Title, Href: reportAt(toldAt, id)})
	}
	p := below(r, v.say("public.title"), above...)
	p.Lead, p.Synthetic = v.say("public.lead"), madeUp(v.lines)
	return r.Show(w, p, publicPage(v))
}

// madeUp tells whether a figure of made-up answers is among lines.
func madeUp(list []action.ToldLine) bool {
	return slices.ContainsFunc(list, func(l action.ToldLine) bool { return l.Figure != nil && l.Figure.Synthetic })
}

//go:embed paper.css
var paperStyle string

// posterView is the page for a wall.
type posterView struct {
	words
	organisation, address, scan string
	synthetic                   bool
	told                        *action.Told
	lines                       []action.ToldLine
	more                        int // actions that the poster leaves to the page
}

// What fits on a poster, so that it is one sheet.
const (
	mostOnPoster = 5
	sheetLines   = 18 // of its text, beside the heading and the code
	lineSigns    = 72 // signs on a line, at the least
	itemLines    = 2  // of an action beside its words: where it stands, and the space around it
)

// linesOf is how many lines a text takes on a poster, at the most.
func linesOf(text string) int {
	n := 0
	for _, p := range lines(text) {
		n += utf8.RuneCountInString(p)/lineSigns + 1
	}
	return n
}

// intro is the introduction, unless it would take half the sheet: then the page alone has it.
func (v *posterView) intro() string {
	text := v.told.Intro.In(v.lang)
	if linesOf(text) > sheetLines/2-2 {
		return ""
	}
	return text
}

// fit leaves to the page what does not fit on the sheet. The first action always stands there.
func (v *posterView) fit() {
	left := sheetLines - linesOf(v.intro())
	n := 0
	for n < len(v.lines) && n < mostOnPoster {
		need := itemLines + linesOf(v.lines[n].Words.In(v.lang))
		if n > 0 && need > left {
			break
		}
		left -= need
		n++
	}
	v.more = len(v.lines) - n
	v.lines = v.lines[:n]
}

// poster sends the page for a wall, while the page is published.
func (d *Desk) poster(w http.ResponseWriter, r *web.Request) error {
	id := r.PathValue("report")
	told, err := d.Actions.ToldAbout(r.Context(), r.Actor, id)
	if err != nil {
		return err
	}
	if told.Key == "" {
		return refuseGone()
	}
	lang := langOf(r, r.URL.Query().Get("lang"))
	v := posterView{words: words{locale().Printer(lang), lang, r.Local}, organisation: r.Org.Name, synthetic: r.Org.Synthetic, told: &told}
	v.scan = r.Absolute(action.ToldPath+told.Key) + "?lang=" + string(lang)
	v.address = strings.TrimPrefix(strings.TrimPrefix(r.Absolute(action.ToldPath+told.Key), "https://"), "http://")
	if v.lines, err = d.Actions.Lines(r.Context(), r.Actor.Tenant, &told); err != nil {
		return err
	}
	v.fit()
	var out bytes.Buffer
	if err := ui.Paper(&out, lang, v.say("public.title"), paperStyle, posterPaper(v)); err != nil {
		return err
	}
	w.Header().Set("Content-Security-Policy", ui.PaperPolicy)
	return r.Send(w, http.StatusOK, "text/html; charset=utf-8", out.Bytes())
}

// hostAndPath cuts an address as one types it in two.
func hostAndPath(s string) (host, path string) {
	host, path, _ = strings.Cut(s, "/")
	return host, "/" + path
}

// around is how many modules of white stand around a QR code: what ISO/IEC 18004 asks for.
const around = 4

// qrCode draws text as a QR code in SVG with its quiet zone, error correction M (15 %). Label is read aloud.
func qrCode(text, label string) (string, error) {
	c, err := qr.Encode(text, qr.M)
	if err != nil {
		return "", fmt.Errorf("make a QR code: %w", err)
	}
	var b strings.Builder
	side := c.Size + 2*around
	fmt.Fprintf(&b, `<svg class="qr" viewBox="0 0 %d %d" role="img" aria-label="%s" shape-rendering="crispEdges"><rect width="%d" height="%d" fill="#fff"/><path fill="#000" d="`,
		side, side, templ.EscapeString(label), side, side)
	for y := range c.Size {
		for x := range c.Size {
			if c.Black(x, y) {
				fmt.Fprintf(&b, "M%d %dh1v1h-1z", x+around, y+around)
			}
		}
	}
	b.WriteString(`"/></svg>`)
	return b.String(), nil
}
