// Package qrcode draws what a phone reads from paper.
package qrcode

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/a-h/templ"
	"rsc.io/qr"
)

// Quiet is how many modules of white stand around a QR code: what ISO/IEC 18004 asks for.
const Quiet = 4

// SVG draws text as a QR code of the class qr, with its quiet zone, error correction M (15 %). Label is read aloud. The error says that the
// text is too long for a code.
func SVG(text, label string) (string, error) {
	c, err := qr.Encode(text, qr.M)
	if err != nil {
		return "", fmt.Errorf("make a QR code of %d bytes: %w", len(text), err)
	}
	var b strings.Builder
	side := c.Size + 2*Quiet
	fmt.Fprintf(&b, `<svg class="qr" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="%s" shape-rendering="crispEdges">`, side, side, templ.EscapeString(label))
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="#fff"/><path fill="#000" d="`, side, side)
	for y := range c.Size {
		for x := 0; x < c.Size; x++ {
			run := 0
			for x+run < c.Size && c.Black(x+run, y) {
				run++
			}
			if run > 0 {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", x+Quiet, y+Quiet, run, run)
				x += run
			}
		}
	}
	b.WriteString(`"/></svg>`)
	return b.String(), nil
}

// Draw is SVG as a part of a page.
func Draw(text, label string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		drawn, err := SVG(text, label)
		if err != nil {
			return err
		}
		_, err = io.WriteString(w, drawn)
		return err
	})
}
