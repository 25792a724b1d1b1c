package chart

import (
	"math"
	"strings"
)

// row is a labelled line of a chart after its label has been broken into lines.
type row struct {
	lines  []string
	st     style
	top    float64
	height float64
	marks  float64 // height of the marks
	mid    float64 // where the marks go
}

const (
	lineHeight = 1.28 // of the font size
	labelGap   = 18   // between labels and marks
)

// rows breaks the labels into lines and stacks them from top. Labels stand beside the marks when limit, the width that they
// may take, is above 0; in the layout Small only when each fits on one line. It returns the rows, where the marks may start, and the
// bottom of the last row.
func (s *scene) rows(labels []string, strong []bool, markHeight, top, limit float64) ([]row, float64, float64) {
	s.beside = limit > 0 && (s.layout != Small || s.widest(labels, strong) <= limit)
	if !s.beside {
		limit = s.layout.width()
	}
	column := 0.0
	out := make([]row, len(labels))
	for i, l := range labels {
		st := s.layout.label(strong[i])
		lines := wrapText(plain(l), limit, st.size, st.bold)
		if most := s.layout.labelLines(); len(lines) > most {
			lines = append(lines[:most-1], s.shorten(strings.TrimSuffix(lines[most-1], "-")+"…", s.layout.width()-limit, st))
		}
		for _, line := range lines {
			column = math.Max(column, textWidth(line, st.size, st.bold)+labelGap)
		}
		text := float64(len(lines)) * st.size * lineHeight
		r := row{lines: lines, st: st, top: top, marks: markHeight}
		if s.beside {
			r.height = math.Max(markHeight, text) + s.layout.gap()
			r.mid = top + r.height/2
		} else {
			r.height = text + markHeight + s.layout.gap()
			r.mid = top + text + markHeight/2 + 1
		}
		top += r.height
		out[i] = r
	}
	if !s.beside {
		column = 0
	}
	return out, column, top
}

// widest returns the width of the longest label on one line.
func (s *scene) widest(labels []string, strong []bool) float64 {
	w := 0.0
	for i, l := range labels {
		st := s.layout.label(strong[i])
		w = math.Max(w, textWidth(plain(l), st.size, st.bold))
	}
	return w
}

// label writes the lines of a row's label.
func (s *scene) label(r row) {
	step := r.st.size * lineHeight
	y := r.top + r.st.size
	if s.beside {
		y = r.mid - step*float64(len(r.lines))/2 + step/2 + r.st.size*0.34
	}
	for _, line := range r.lines {
		s.text(0, y, anchorStart, r.st, line)
		y += step
	}
}

// band is a stretch from top to bottom in which vertical lines may be drawn.
type band struct{ top, bottom float64 }

// bands returns where vertical lines go: from the first row to the last, or, where labels stand above the marks, past the
// labels.
func (s *scene) bands(rows []row, top, bottom float64) []band {
	if s.beside {
		return []band{{top, bottom}}
	}
	out := make([]band, len(rows))
	for i, r := range rows {
		out[i] = band{r.mid - r.marks/2, r.mid + r.marks/2 + 3}
	}
	return out
}

// stretches returns where a reference goes: past the rows with figures, not through the words about hidden ones.
func (s *scene) stretches(drawn []row) []band {
	if !s.beside {
		return s.bands(drawn, 0, 0)
	}
	var out []band
	for _, r := range drawn {
		if n := len(out); n > 0 && math.Abs(out[n-1].bottom-r.top) < 0.01 {
			out[n-1].bottom = r.top + r.height
			continue
		}
		out = append(out, band{r.top, r.top + r.height})
	}
	return out
}

// beside returns the baseline of a text of style st that stands level with the marks of a row.
func (r row) beside(st style) float64 { return r.mid + st.size*0.34 }

// drawable says whether an interval has a figure to show, and gives its whisker inside the order low <= value <= high.
func (iv Interval) drawable() (low, high float64, ok bool) {
	if iv.Hidden != "" || !finite(iv.Value) {
		return 0, 0, false
	}
	low, high = iv.Value, iv.Value
	if finite(iv.Low) {
		low = math.Min(iv.Low, iv.Value)
	}
	if finite(iv.High) {
		high = math.Max(iv.High, iv.Value)
	}
	return low, high, true
}

// points draws dots with whiskers, the texts beside them, and the grid; it returns the rows and the bottom.
func (s *scene) points(items []Interval, a axis, top float64, ref *Reference, stems bool) (axis, []row, float64) {
	labels, strong := make([]string, len(items)), make([]bool, len(items))
	value, beside := 0.0, s.besideColumn(items)
	for i, iv := range items {
		labels[i], strong[i] = iv.Label, iv.Strong
		if _, _, ok := iv.drawable(); ok {
			value = math.Max(value, textWidth(plain(iv.Text), s.layout.label(true).size, true))
		}
	}
	rows, start, bottom := s.rows(labels, strong, s.layout.label(false).size*s.layout.roomy(), top, s.layout.column())
	a.x0 = math.Max(start, 7)
	a.x1 = math.Max(a.x0+24, s.layout.width()-beside-math.Max(value+20, 24))

	var drawn []row
	for i, iv := range items {
		if _, _, ok := iv.drawable(); ok {
			drawn = append(drawn, rows[i])
		}
	}
	bands := s.bands(drawn, top, bottom)
	foot := s.drawAxis(a, bands, bottom)
	if ref != nil {
		s.reference(*ref, a, s.stretches(drawn))
	}
	s.besides(items, rows, a)
	s.whiskers(items, rows, a, stems)
	for i, iv := range items {
		s.label(rows[i])
		s.point(iv, a, rows[i], ref != nil || beside > 0, beside)
	}
	return a, rows, bottom + foot
}

// whiskers draws the intervals of all rows and, with stems, how far each figure is from zero.
func (s *scene) whiskers(items []Interval, rows []row, a axis, stems bool) {
	var whiskers, bars []box
	for i, iv := range items {
		if low, high, ok := iv.drawable(); ok {
			y := rows[i].mid
			whiskers = append(whiskers, box{a.at(low), y, a.at(high), y})
			bars = append(bars, box{a.at(math.Max(0, a.min)), y, a.at(iv.Value), y})
		}
	}
	if stems {
		s.lines(bars, "c-stem")
	}
	s.lines(whiskers, "c-whisker")
}

// point draws the dot and the text of one interval, or the words that say why there is none. Its text stands beside it, or aside: at the edge of the
// sheet, where no reference runs through it, left of the column of figures beside it.
func (s *scene) point(iv Interval, a axis, r row, aside bool, beside float64) {
	_, high, ok := iv.drawable()
	if !ok {
		words := iv.Hidden
		if words == "" {
			words = iv.Text
		}
		st := s.layout.quiet()
		s.text(a.x0+6, r.beside(st), anchorStart, st, s.shorten(words, a.x0+6+beside, st))
		return
	}
	class := "c-point"
	if iv.Strong {
		class = "c-point c-strong"
	}
	s.dot(a.at(iv.Value), r.mid, s.layout.radius(), class)
	st := s.layout.label(iv.Strong)
	if aside {
		s.text(s.layout.width()-beside, r.beside(st), anchorEnd, st, iv.Text)
		return
	}
	s.text(math.Max(a.at(high), a.at(iv.Value)+s.layout.radius())+10, r.beside(st), anchorStart, st, iv.Text)
}

// shorten keeps words on the sheet; the table below the chart has them in full.
func (s *scene) shorten(words string, x float64, st style) string {
	words = plain(words)
	room := s.layout.width() - x
	if textWidth(words, st.size, st.bold) <= room {
		return words
	}
	runes := []rune(words)
	for len(runes) > 0 && textWidth(string(runes)+"…", st.size, st.bold) > room {
		runes = runes[:len(runes)-1]
	}
	return string(runes) + "…"
}

// reference draws the published figure behind the rows.
func (s *scene) reference(ref Reference, a axis, bands []band) {
	if !finite(ref.Value) {
		return
	}
	var strokes []box
	for i, b := range bands {
		top := b.top
		if i == 0 {
			top -= 5
		}
		if finite(ref.Low) && finite(ref.High) && ref.High > ref.Low {
			s.rect(a.at(ref.Low), b.top, a.at(ref.High)-a.at(ref.Low), b.bottom-b.top, "c-band")
		}
		strokes = append(strokes, box{a.at(ref.Value), top, a.at(ref.Value), b.bottom})
	}
	s.lines(strokes, "c-ref")
}

// referenceLines breaks the name of the published figure into lines and returns the room that they need above the rows.
func (s *scene) referenceLines(ref *Reference) ([]string, float64) {
	if ref == nil || !finite(ref.Value) {
		return nil, 0
	}
	st := s.layout.quiet()
	lines := wrapText(plain(ref.Label), math.Min(s.layout.width(), 420), st.size, false)
	return lines, float64(len(lines))*st.size*lineHeight + 8
}

func (s *scene) intervals(c Intervals, lang string) float64 {
	lines, top := s.referenceLines(c.Ref)
	if c.Legend != nil {
		top = s.pairLegend(*c.Legend, top)
	}
	a := newAxis(c.Min, c.Max, c.Percent, lang)
	a, _, bottom := s.points(c.Rows, a, top+4, c.Ref, c.Percent && a.min <= 0)
	st := s.layout.quiet()
	for i, line := range lines {
		x := s.within(a.at(c.Ref.Value), textWidth(line, st.size, false))
		s.text(x, st.size+float64(i)*st.size*lineHeight, anchorMiddle, st, line)
	}
	return bottom + 2
}
