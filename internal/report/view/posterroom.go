package view

import (
	"fmt"
	"strings"

	"tekentafel/internal/chart"
	"tekentafel/internal/report/story"
)

// leaf is the type of one page of the fact sheet on paper, in points, and how much it shows.
type leaf struct {
	scale   float64
	figures int // that the page shows; on a screen all are seen
	rows    int // that a chart of shares shows at most
	chart   chart.Layout
}

// Sizes of the page in millimetres. They are those of poster.css; a browser test holds the two together.
const (
	leafHeight  = 296.9
	leafWidth   = 178.0 // between the margins
	columnWidth = 84.0  // half of it without the gap
	point       = 0.3528
	spare       = 1.03 // what is reckoned on top, for what a browser breaks otherwise
)

// Lines that a text may take on paper; a browser cuts what is longer with an ellipsis.
const (
	titleLines, kickerLines, questionLines = 4, 2, 3
	bigLines, heardLines, stepLines        = 2, 6, 3
	privacyLines, contactLines             = 5, 5
)

const (
	maxAsked   = 6
	maxFigures = 4 // on the second page
	maxSteps   = 5
	smallest   = 0.7 // scale at which words are still read on a wall
)

// height returns the millimetres that a text takes at a size in points.
func height(words string, width, size, lineHeight float64, most int, bold bool) float64 {
	n := len(chart.Lines(words, width/point, size, bold))
	return float64(min(n, most)) * size * lineHeight * point
}

// frontLeaf chooses the largest type and the most rows with which the first page holds its words.
func frontLeaf(s *story.Story) leaf {
	for _, rows := range []int{5, 4, 3, 2} {
		for scale := 1.0; scale >= smallest; scale -= 0.03 {
			if l := (leaf{scale, 1, rows, chart.Wide}); l.frontHeight(s) <= leafHeight {
				return l
			}
		}
	}
	for scale := smallest; scale > 0.4; scale -= 0.03 {
		if l := (leaf{scale, 1, 1, chart.Wide}); l.frontHeight(s) <= leafHeight {
			return l
		}
	}
	return leaf{scale: 0.4, figures: 1, rows: 1, chart: chart.Wide}
}

func (l leaf) frontHeight(s *story.Story) float64 {
	head := 10 + 8 + 8 + 11 + height(joined(s.Words[story.WordFactSheet], s.Kicker), leafWidth, 14, 1.5, kickerLines, false) + 2.3 +
		height(s.Sheet.Title, leafWidth, l.title(), 1.08, titleLines, true)
	asked := 9 + heading
	questions := first(s.Sheet.Asked, maxAsked)
	for i := 0; i < len(questions); i += 2 {
		pair := questions[i:min(i+2, len(questions))]
		tallest := 0.0
		for _, q := range pair {
			tallest = max(tallest, height(q, columnWidth, l.question(), 1.25, questionLines, false))
		}
		asked += tallest + 5
	}
	hero := 10.0
	if len(s.Sheet.Heard) > 0 {
		h := s.Sheet.Heard[0]
		hero += 14 + heading + height(h.Big, leafWidth, l.heroBig(s), 1, bigLines, true) +
			height(h.Text, leafWidth, l.heroSay(), 1.15, heardLines, true) + 3 + 8.2 + 4 + leafWidth*chart.Aspect(top(h.Chart, l.rows), l.chart)
	}
	return (head + asked + hero) * spare
}

// heading is the height of a heading with what follows it.
const heading = 13*point*1.16 + 2

// backLeaf chooses the type and the number of figures with which the second page holds its words: first smaller type, then
// smaller charts, then fewer rows, then without the last figure.
func backLeaf(s *story.Story) leaf {
	for n := len(rest(s.Sheet.Heard)); n >= 0; n-- {
		for _, try := range []struct {
			rows  int
			chart chart.Layout
			least float64
		}{{3, chart.Small, 0.85}, {3, chart.Half, smallest}, {2, chart.Half, smallest}} {
			for scale := 1.0; scale >= try.least; scale -= 0.03 {
				l := leaf{scale, n, try.rows, try.chart}
				if n == 1 {
					l.chart = chart.Wide
				}
				if l.backHeight(s) <= leafHeight {
					return l
				}
			}
		}
	}
	return leaf{scale: 0.5, chart: chart.Half, rows: 2}
}

// lines returns the heights of the rows of figures on the second page, in millimetres. Four figures stand two by two; two or
// three have their chart beside their words; one has the whole width.
func (l leaf) lines(s *story.Story) []float64 {
	var out []float64
	big, width := l.big(s), l.width()
	for i, h := range rest(s.Sheet.Heard)[:l.figures] {
		words := 4 + height(h.Big, width, big, 1, bigLines, true) + height(h.Text, width, l.say(), 1.25, heardLines, true) + 1.5
		if h.Range != "" {
			words += l.scale*12.5*1.5*point + 1.5
		}
		plot := 4 + width*chart.Aspect(top(h.Chart, l.rows), l.chart)
		switch {
		case l.figures == 1:
			out = append(out, words+plot)
		case l.figures < maxFigures:
			out = append(out, max(words, plot))
		case i%2 == 0:
			out = append(out, words+plot)
		default:
			out[i/2] = max(out[i/2], words+plot)
		}
	}
	return out
}

func (l leaf) backHeight(s *story.Story) float64 {
	total := 19.0
	for i, line := range l.lines(s) {
		total += line
		if i > 0 {
			total += 7
		}
	}
	total += 7 + heading
	for _, step := range first(s.Sheet.Doing, maxSteps) {
		total += height(step, leafWidth-16, l.step(), 1.25, stepLines, true) + 4.9*l.scale
	}
	foot := max(height(s.Sheet.Privacy, 95, l.foot(), 1.5, privacyLines, false), height(s.Sheet.Contact, 68, l.foot(), 1.5, contactLines, false))
	return (total + foot + 12 + 5.5 + 11) * spare
}

func (l leaf) title() float64    { return 44 * l.scale }
func (l leaf) question() float64 { return 15 * l.scale }
func (l leaf) heroSay() float64  { return 26 * l.scale }
func (l leaf) step() float64     { return 15.5 * l.scale }
func (l leaf) foot() float64     { return 11.5 * l.scale }

// width is that of a figure on the second page, in millimetres.
func (l leaf) width() float64 {
	if l.figures == 1 {
		return leafWidth
	}
	return columnWidth
}

func (l leaf) heroBig(s *story.Story) float64 {
	if len(s.Sheet.Heard) == 0 {
		return 128 * l.scale
	}
	return oneLine(s.Sheet.Heard[0].Big, leafWidth, 128*l.scale)
}

// big and say are larger where few figures share the page. All figures of the page have one size, at which each stands on a
// line.
func (l leaf) big(s *story.Story) float64 {
	size := 62 * l.scale
	switch l.figures {
	case 1:
		size = 112 * l.scale
	case 2:
		size = 80 * l.scale
	}
	for _, h := range rest(s.Sheet.Heard)[:l.figures] {
		size = min(size, oneLine(h.Big, l.width(), size))
	}
	return size
}

// oneLine returns the largest size in points, down to half of the given one, at which words stand on one line.
func oneLine(words string, width, size float64) float64 {
	for smaller := size; smaller > size/2; smaller -= 1 {
		if len(chart.Lines(words, width/point, smaller, true)) < 2 {
			return smaller
		}
	}
	return size / 2
}

func (l leaf) say() float64 {
	switch l.figures {
	case 1:
		return 26 * l.scale
	case 2:
		return 19 * l.scale
	}
	return 15.5 * l.scale
}

// posterType writes the type of both pages as custom properties that the style sheet reads when it prints.
func posterType(s *story.Story, front, back leaf) string {
	var b strings.Builder
	b.WriteString(".poster{")
	for _, p := range []struct {
		name string
		size float64
	}{
		{"title", front.title()}, {"question", front.question()}, {"hero-big", front.heroBig(s)}, {"hero-say", front.heroSay()},
		{"big", back.big(s)}, {"say", back.say()}, {"step", back.step()}, {"foot", back.foot()}, {"range", 12.5 * back.scale},
	} {
		fmt.Fprintf(&b, "--%s:%.1fpt;", p.name, p.size)
	}
	fmt.Fprintf(&b, "--pad:%.1fmm;--lines:", 2.3*back.scale)
	lines := back.lines(s)
	for _, line := range lines {
		fmt.Fprintf(&b, "minmax(0,%.0ffr) ", line)
	}
	if len(lines) == 0 {
		b.WriteString("none")
	}
	b.WriteString("}")
	return b.String()
}

// top keeps the first rows of a chart and the row that its headline is about. A profile keeps two more: it is read as a whole.
func top(c chart.Chart, n int) chart.Chart {
	switch c := c.(type) {
	case chart.Intervals:
		c.Rows = topRows(c.Rows, n)
		return c
	case chart.Profile:
		c.Rows = topRows(c.Rows, n+2)
		return c
	case chart.Diverging:
		c.Rows = c.Rows[:min(n, len(c.Rows))]
		return c
	}
	return c
}

func topRows(rows []chart.Interval, n int) []chart.Interval {
	if len(rows) <= n {
		return rows
	}
	out := make([]chart.Interval, 0, n)
	strong := 0
	for _, r := range rows {
		if r.Strong {
			strong++
		}
	}
	others := max(0, n-strong)
	for _, r := range rows {
		switch {
		case len(out) == n:
		case r.Strong:
			out = append(out, r)
		case others > 0:
			others--
			out = append(out, r)
		}
	}
	return out
}
