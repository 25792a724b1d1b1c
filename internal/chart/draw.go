package chart

import (
	"fmt"
	"io"
	"math"
)

// Layout is one of the ways in which each chart is laid out.
type Layout int

// The layouts. A page usually holds the first two; CSS shows the one that fits the room (classes chart-wide and
// chart-narrow). The others are for a place of known width on paper.
const (
	Wide   Layout = iota // 760 units, labels beside the marks; readable from 560 px
	Narrow               // 340 units, labels above the marks; readable from 284 px
	Small                // 340 units, labels beside the marks where they are short, on two lines at most; for paper on a wall
	Half                 // 410 units, labels beside the marks, rows close together; for half the width of a report on paper
)

func (l Layout) width() float64 {
	switch l {
	case Wide:
		return 760
	case Half:
		return 410
	case Narrow, Small:
	}
	return 340
}

// gap is the room between rows, in units.
func (l Layout) gap() float64 {
	if l == Half {
		return 5
	}
	return 12
}

// roomy is the height that marks get, as a multiple of the size of labels.
func (l Layout) roomy() float64 {
	if l == Half {
		return 1.1
	}
	return 1.3
}

// bar is the height of a bar, in units.
func (l Layout) bar() float64 {
	if l == Half {
		return 18
	}
	return 24
}

// labelLines is the number of lines that a label may take; what is cut off stands in the table and the description.
func (l Layout) labelLines() int {
	if l == Small {
		return 2
	}
	return math.MaxInt
}

// column is the widest that labels beside the marks may be, in units; 0 puts labels above.
func (l Layout) column() float64 {
	switch l {
	case Wide:
		return 280
	case Small:
		return 160
	case Half:
		return 195
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
	case Half:
		return "half"
	case Wide:
	}
	return "wide"
}

// Type sizes in units. At the smallest width of each layout the smallest text is 12 px: 16.4*560/760, 14.5*284/340.
func (l Layout) label(strong bool) style {
	st := style{class: "c-label", size: 17, bold: strong}
	switch l {
	case Narrow:
		st.size = 15.5
	case Half:
		st.size = 14.5
	case Wide, Small:
	}
	if strong {
		st.class = "c-label c-strong"
	}
	return st
}

func (l Layout) quiet() style {
	st := style{class: "c-quiet", size: 16.4}
	switch l {
	case Narrow, Small:
		st.size = 14.5
	case Half:
		st.size = 14
	case Wide:
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
	case Half:
		return 4
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
	return s.render(f, height, l)
}

// Draw writes a chart in the layouts Wide and Narrow, one after the other. They share one title and description.
func Draw(w io.Writer, f Frame, c Chart) error {
	for _, l := range []Layout{Wide, Narrow} {
		s, height := compose(f, c, l)
		if s == nil {
			return nil
		}
		if _, err := io.WriteString(w, s.render(f, height, Wide)); err != nil {
			return fmt.Errorf("write chart %q: %w", f.ID, err)
		}
	}
	return nil
}

// Aspect returns the height of a chart in a layout as a multiple of its width; 0 for a nil chart.
func Aspect(c Chart, l Layout) float64 {
	s, height := compose(Frame{}, c, l)
	if s == nil {
		return 0
	}
	return height / l.width()
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
