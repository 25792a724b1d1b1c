package chart

import (
	"html"
	"math"
	"strconv"
	"strings"
)

// box is a rectangle in the units of the view box.
type box struct{ x0, y0, x1, y1 float64 }

// element is something drawn, with the room it takes.
type element struct {
	box  box
	text string // what it says; "" for a shape
	svg  string

	strokes []box // of which it is made, where they are many
}

// scene collects what is drawn, in order, on a sheet of a fixed width.
type scene struct {
	layout   Layout
	beside   bool // labels stand beside the marks, not above
	elements []element
}

// anchor says which point of a text its x names.
type anchor string

const (
	anchorStart  anchor = "start"
	anchorMiddle anchor = "middle"
	anchorEnd    anchor = "end"
)

// A line of text reaches this far above and below its baseline, as a part of the font size.
const (
	ascent  = 0.76
	descent = 0.24
)

// type style of a text: its size and weight.
type style struct {
	class string
	size  float64
	bold  bool
}

// text writes one line with its baseline at y.
func (s *scene) text(x, y float64, a anchor, st style, words string) {
	words = plain(words)
	if words == "" {
		return
	}
	w := textWidth(words, st.size, st.bold)
	left := x
	switch a {
	case anchorMiddle:
		left = x - w/2
	case anchorEnd:
		left = x - w
	case anchorStart:
	}
	var b strings.Builder
	b.WriteString(`<text x="` + num(x) + `" y="` + num(y) + `" class="` + st.class + `"`)
	if st.size != s.layout.label(false).size {
		b.WriteString(` font-size="` + num(st.size) + `"`)
	}
	if a != anchorStart {
		b.WriteString(` text-anchor="` + string(a) + `"`)
	}
	b.WriteString(`>` + escape(words) + `</text>`)
	s.elements = append(s.elements, element{
		box:  box{left, y - ascent*st.size, left + w, y + descent*st.size},
		text: words, svg: b.String(),
	})
}

// within moves the middle of a text of width w so that it stays on the sheet.
func (s *scene) within(x, w float64) float64 {
	return math.Max(w/2, math.Min(s.layout.width()-w/2, x))
}

// line draws a horizontal or vertical stroke.
func (s *scene) line(x1, y1, x2, y2 float64, class string) {
	s.lines([]box{{x1, y1, x2, y2}}, class)
}

// lines draws horizontal and vertical strokes of one kind as one element, from each first corner to the second.
func (s *scene) lines(strokes []box, class string) {
	if len(strokes) == 0 {
		return
	}
	var d strings.Builder
	around := strokes[0]
	for _, l := range strokes {
		d.WriteString("M" + num(l.x0) + " " + num(l.y0))
		if l.x0 == l.x1 {
			d.WriteString("V" + num(l.y1))
		} else {
			d.WriteString("H" + num(l.x1))
		}
		around = box{math.Min(around.x0, l.x0), math.Min(around.y0, l.y0), math.Max(around.x1, l.x1), math.Max(around.y1, l.y1)}
	}
	s.elements = append(s.elements, element{box: around, strokes: strokes, svg: `<path d="` + d.String() + `" class="` + class + `"/>`})
}

// rect draws a filled rectangle; one without width is left out.
func (s *scene) rect(x, y, w, h float64, class string) {
	if w < 0.05 {
		return
	}
	s.elements = append(s.elements, element{
		box: box{x, y, x + w, y + h},
		svg: `<rect x="` + num(x) + `" y="` + num(y) + `" width="` + num(w) + `" height="` + num(h) + `" class="` + class + `"/>`,
	})
}

// dot draws a filled circle.
func (s *scene) dot(x, y, r float64, class string) {
	s.elements = append(s.elements, element{
		box: box{x - r, y - r, x + r, y + r},
		svg: `<circle cx="` + num(x) + `" cy="` + num(y) + `" r="` + num(r) + `" class="` + class + `"/>`,
	})
}

// render writes the scene as an SVG of the given height. It names itself with the title and description of the drawing
// namedBy; where that is another one, it has none of its own.
func (s *scene) render(f Frame, height float64, namedBy Layout) string {
	id := f.ID + "-" + namedBy.suffix()
	room := 600 + len(f.Title) + len(f.Description)
	for _, e := range s.elements {
		room += len(e.svg)
	}
	var b strings.Builder
	b.Grow(room)
	b.WriteString(`<svg class="chart chart-` + s.layout.suffix() + `" viewBox="0 0 ` + num(s.layout.width()) + " " + num(height) +
		`" preserveAspectRatio="xMinYMin" font-size="` + num(s.layout.label(false).size) + `" role="img" aria-labelledby="` + escape(id) + `-t ` + escape(id) + `-d" lang="` + escape(f.Lang) + `">`)
	if namedBy == s.layout {
		b.WriteString(`<title id="` + escape(id) + `-t">` + escape(plain(f.Title)) + `</title>`)
		b.WriteString(`<desc id="` + escape(id) + `-d">` + escape(plain(f.Description)) + `</desc>`)
	}
	for _, e := range s.elements {
		b.WriteString(e.svg)
	}
	b.WriteString(`</svg>`)
	return b.String()
}

// num writes a coordinate with at most one decimal: a tenth of a unit is a sixth of a pixel at most.
func num(v float64) string {
	tenths := math.Round(v * 10)
	if !(math.Abs(tenths) < 1e15) {
		return strconv.FormatFloat(tenths/10, 'f', -1, 64)
	}
	n := int64(tenths)
	b := strconv.AppendInt(make([]byte, 0, 8), n/10, 10)
	if rest := n % 10; rest != 0 {
		if n < 0 {
			if rest = -rest; n > -10 {
				b = append([]byte("-"), b...)
			}
		}
		b = append(b, '.', byte('0'+rest))
	}
	return string(b)
}

func escape(s string) string { return html.EscapeString(s) }
