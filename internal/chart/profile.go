package chart

import (
	"math"
	"strings"
)

func (s *scene) profile(c Profile, lang string) float64 {
	a := newAxis(c.Min, c.Max, false, lang)
	marks := len(s.elements)
	a, rows, bottom := s.points(c.Rows, a, 4, nil, false)
	s.connect(c.Rows, rows, a, marks)
	return s.ends(c, a, bottom)
}

// connect draws the line through the means behind the marks; a hidden row interrupts it.
func (s *scene) connect(items []Interval, rows []row, a axis, behind int) {
	var d strings.Builder
	var b box
	pen := false
	for i, iv := range items {
		if _, _, ok := iv.drawable(); !ok {
			pen = false
			continue
		}
		x, y := a.at(iv.Value), rows[i].mid
		if d.Len() == 0 {
			b = box{x, y, x, y}
		}
		b = box{math.Min(b.x0, x), math.Min(b.y0, y), math.Max(b.x1, x), math.Max(b.y1, y)}
		if pen {
			d.WriteString("L")
		} else {
			d.WriteString("M")
		}
		d.WriteString(num(x) + " " + num(y))
		pen = true
	}
	if d.Len() == 0 {
		return
	}
	line := element{box: b, svg: `<path d="` + d.String() + `" class="c-link"/>`}
	s.elements = append(s.elements[:behind], append([]element{line}, s.elements[behind:]...)...)
}

// ends writes what the ends of the scale mean below the axis and returns the bottom. A bare number says no more than the
// axis does and is left out.
func (s *scene) ends(c Profile, a axis, y float64) float64 {
	st := s.layout.quiet()
	half := (s.layout.width()-a.x0)/2 - 12
	meaning := func(words string) []string {
		if words = plain(words); strings.Trim(words, "0123456789.,") == "" {
			return nil
		}
		return wrapText(words, half, st.size, false)
	}
	low, high := meaning(c.LowText), meaning(c.HighText)
	for i, words := range low {
		s.text(a.x0-min(7, a.x0), y+st.size+float64(i)*st.size*lineHeight, anchorStart, st, words)
	}
	for i, words := range high {
		s.text(s.layout.width(), y+st.size+float64(i)*st.size*lineHeight, anchorEnd, st, words)
	}
	return y + float64(max(len(low), len(high)))*st.size*lineHeight + 6
}
