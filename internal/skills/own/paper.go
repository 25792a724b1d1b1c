package own

import (
	"bytes"
	_ "embed"
	"fmt"
	"strings"
	"time"

	"github.com/a-h/templ"
	"rsc.io/qr"

	"tekentafel/internal/instrument"
	"tekentafel/internal/ui"
)

//go:embed paper.css
var paperStyle string

// paper makes a document that needs no other file.
func paper(lang instrument.Lang, title string, content templ.Component) ([]byte, error) {
	var out bytes.Buffer
	err := ui.Paper(&out, lang, title, paperStyle, content)
	return out.Bytes(), err
}

// posterView is the page for a wall.
type posterView struct {
	words
	organisation, address, scan string
	synthetic                   bool
}

func posterOf(lang instrument.Lang, organisation string, synthetic bool, address, scan string) ([]byte, error) {
	w := in(lang)
	return paper(lang, w.say("poster.title"), posterPaper(posterView{w, organisation, plainAddress(address), scan, synthetic}))
}

// plainAddress is an address as one types it.
func plainAddress(s string) string {
	return strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://")
}

// hostAndPath cuts an address as one types it in two.
func hostAndPath(s string) (host, path string) {
	host, path, _ = strings.Cut(s, "/")
	return host, "/" + path
}

// document lays the profile out on paper.
func (v *profileView) document(now time.Time) ([]byte, error) {
	return paper(v.Lang, v.say("profile.title"), profilePaper(v, v.Date(v.Local(now))))
}

// quiet is how many modules of white stand around a QR code: what ISO/IEC 18004 asks for.
const quiet = 4

// qrCode draws text as a QR code in SVG with its quiet zone, error correction M (15 %). Label is read aloud.
func qrCode(text, label string) (string, error) {
	c, err := qr.Encode(text, qr.M)
	if err != nil {
		return "", fmt.Errorf("make a QR code: %w", err)
	}
	var b strings.Builder
	side := c.Size + 2*quiet
	fmt.Fprintf(&b, `<svg class="qr" viewBox="0 0 %d %d" role="img" aria-label="%s" shape-rendering="crispEdges"><rect width="%d" height="%d" fill="#fff"/><path fill="#000" d="`,
		side, side, templ.EscapeString(label), side, side)
	for y := range c.Size {
		for x := range c.Size {
			if c.Black(x, y) {
				fmt.Fprintf(&b, "M%d %dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	b.WriteString(`"/></svg>`)
	return b.String(), nil
}
