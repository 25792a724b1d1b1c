package chart

import (
	"fmt"
	"io"
)

// Layout is one of the ways in which each chart is laid out.
type Layout int

// The layouts. A page usually holds the first two; CSS shows the one that fits the room (classes chart-wide and
// chart-narrow). The third (chart-small) is for a place of known width, such as half a sheet of paper.
const (
	Wide   Layout = iota // 760 units, labels beside the marks; readable from 560 px
	Narrow               // 340 units, labels above the marks; readable from 284 px
	Small                // 340 units, labels beside the marks where they are short; low, for paper on a wall
)

func (l Layout) width() float64 {
	if l == Wide {
		return 760
	}
	return 340
}

// column is the widest that labels beside the marks may be, in units; 0 puts labels above.
func (l Layout) column() float64 {
	switch l {
	case Wide:
		return 280
	case Small:
		return 160
	case Narrow:
	}
	return 0
}

func (l Layout) suffix() string {
	switch l {
	case Narrow:
		return "narrow"
	case Small:
		return "small"
	case Wide:
	}
	return "wide"
}

// Type sizes in units. At the smallest width of each layout the smallest text is 12 px: 16.4*560/760, 14.5*284/340.
func (l Layout) label(strong bool) style {
	st := style{class: "c-label", size: 17, bold: strong}
	if l == Narrow {
		st.size = 15.5
	}
	if strong {
		st.class = "c-label c-strong"
	}
	return st
}

func (l Layout) quiet() style {
	st := style{class: "c-quiet", size: 16.4}
	if l != Wide {
		st.size = 14.5
	}
	return st
}

// radius is that of a dot, in units: small enough to leave an interval of two points in a hundred to be seen.
func (l Layout) radius() float64 {
	switch l {
	case Narrow:
		return 4.5
	case Small:
		return 3.5
	case Wide:
	}
	return 5.5
}

// Frame is what surrounds a chart.
type Frame struct {
	ID          string // unique in the page; the ids of title and description begin with it
	Title       string
	Description string // what the chart shows, for who cannot see it
	Lang        string // two letters; how ticks on the axis write numbers
}

// SVG draws a chart in one layout. Figures that are not finite are not drawn. It returns "" for a nil chart.
func SVG(f Frame, c Chart, l Layout) string {
	s, height := compose(f, c, l)
	if s == nil {
		return ""
	}
	return s.render(f, height)
}

// Draw writes a chart in the layouts Wide and Narrow, one after the other.
func Draw(w io.Writer, f Frame, c Chart) error {
	for _, l := range []Layout{Wide, Narrow} {
		if _, err := io.WriteString(w, SVG(f, c, l)); err != nil {
			return fmt.Errorf("write chart %q: %w", f.ID, err)
		}
	}
	return nil
}

func compose(f Frame, c Chart, l Layout) (*scene, float64) {
	s := &scene{layout: l}
	switch c := c.(type) {
	case Intervals:
		return s, s.intervals(c, f.Lang)
	case Diverging:
		return s, s.diverging(c)
	case Profile:
		return s, s.profile(c, f.Lang)
	}
	return nil, 0
}
