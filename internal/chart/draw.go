package chart

import (
	"fmt"
	"io"
)

// Layout is one of the two ways in which each chart is laid out.
type Layout int

// The layouts. A page holds both; CSS shows the one that fits the room (classes chart-wide and chart-narrow).
const (
	Wide   Layout = iota // 760 units, labels beside the marks; readable from 560 px
	Narrow               // 340 units, labels above the marks; readable from 284 px
)

func (l Layout) width() float64 {
	if l == Narrow {
		return 340
	}
	return 760
}

func (l Layout) suffix() string {
	if l == Narrow {
		return "narrow"
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
	if l == Narrow {
		st.size = 14.5
	}
	return st
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

// Draw writes a chart in both layouts, one after the other.
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
