package chart

import "math"

// besideGap is the room between the figure of a row and the one beside it, in units.
const besideGap = 14

// besideColumn returns the width of the column at the edge of the sheet that holds the figures beside those of the rows; 0
// when no row has one.
func (s *scene) besideColumn(items []Interval) float64 {
	w := 0.0
	for _, iv := range items {
		if iv.Beside != nil {
			w = math.Max(w, textWidth(plain(iv.Beside.Label), s.layout.quiet().size, false)+besideGap)
		}
	}
	return w
}

// besides draws the figures beside those of the rows: a line with its band behind the row, and the figure in words at the
// edge. A hidden row keeps the words alone, because its own words stand where the band would be.
func (s *scene) besides(items []Interval, rows []row, a axis) {
	st := s.layout.quiet()
	var strokes []box
	for i, iv := range items {
		b, r := iv.Beside, rows[i]
		if b == nil {
			continue
		}
		s.text(s.layout.width(), r.beside(st), anchorEnd, st, b.Label)
		if _, _, ok := iv.drawable(); !ok || !finite(b.Value) {
			continue
		}
		half := r.marks/2 + 2
		if finite(b.Low) && finite(b.High) && b.High > b.Low {
			s.rect(a.at(b.Low), r.mid-half, a.at(b.High)-a.at(b.Low), 2*half, "c-band")
		}
		strokes = append(strokes, box{a.at(b.Value), r.mid - half, a.at(b.Value), r.mid + half})
	}
	s.lines(strokes, "c-ref")
}

// pairLegend names both figures of a row from top on, beside each other where they fit, and returns where the rows may start.
func (s *scene) pairLegend(l Legend, top float64) float64 {
	const swatch, gap = 30, 8
	st := s.layout.quiet()
	step := st.size * 1.5
	own := s.shorten(l.Own, swatch+gap, st)
	other := s.shorten(l.Beside, swatch+gap, st)
	x, y := 0.0, top+step/2

	s.line(x, y, x+swatch, y, "c-whisker")
	s.dot(x+swatch/2, y, s.layout.radius(), "c-point")
	s.text(x+swatch+gap, y+st.size*0.34, anchorStart, st, own)

	if next := swatch + gap + textWidth(own, st.size, false) + 3*gap; next+swatch+gap+textWidth(other, st.size, false) <= s.layout.width() {
		x = next
	} else {
		y += step
	}
	s.rect(x+swatch/2-7, y-step*0.38, 14, step*0.76, "c-band")
	s.line(x+swatch/2, y-step*0.38, x+swatch/2, y+step*0.38, "c-ref")
	s.text(x+swatch+gap, y+st.size*0.34, anchorStart, st, other)
	return y + step/2 + 8
}
