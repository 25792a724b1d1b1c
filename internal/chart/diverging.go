package chart

import (
	"math"
	"strconv"
)

const (
	neutralGap  = 24 // between the positive side and the neutral bar
	barTextSkip = 8
)

// sides are the totals of a stack.
type sides struct{ negative, positive, neutral float64 }

func (st Stack) sides() sides { return sides{total(st.Negative), total(st.Positive), st.Neutral} }

func total(shares []float64) float64 {
	sum := 0.0
	for _, v := range shares {
		sum += v
	}
	return sum
}

// possible returns the stack with impossible shares set to 0, shrunk where they add up to more than the whole.
func (st Stack) possible() Stack {
	st.Negative, st.Positive, st.Neutral = shares(st.Negative), shares(st.Positive), share(st.Neutral)
	if sum := total(st.Negative) + total(st.Positive) + st.Neutral; sum > 1 {
		for _, side := range [][]float64{st.Negative, st.Positive} {
			for i := range side {
				side[i] /= sum
			}
		}
		st.Neutral /= sum
	}
	return st
}

func shares(values []float64) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = share(v)
	}
	return out
}

func share(v float64) float64 {
	if math.IsNaN(v) || v < 0 {
		return 0
	}
	return math.Min(v, 1)
}

func (st Stack) text(i int) string {
	if i < len(st.Texts) {
		return plain(st.Texts[i])
	}
	return ""
}

// bars is the arrangement of a diverging chart: where the middle stands and how wide a share of 1 is.
type bars struct {
	middle  float64
	unit    float64
	neutral float64 // where neutral bars start
}

// arrange shares the room from x0 to the right edge among both sides, the neutral bar and the texts.
func (s *scene) arrange(c Diverging, x0 float64) bars {
	size := s.layout.label(true).size
	var largest sides
	var text [3]float64
	for _, st := range c.Rows {
		if st.Hidden != "" {
			continue
		}
		t := st.sides()
		largest.negative = math.Max(largest.negative, t.negative)
		largest.positive = math.Max(largest.positive, t.positive)
		largest.neutral = math.Max(largest.neutral, t.neutral)
		for i := range text {
			text[i] = math.Max(text[i], textWidth(st.text(i), size, true))
		}
	}
	room := s.layout.width() - x0 - text[0] - text[2] - 2*barTextSkip
	if c.Neutral == "" {
		largest.neutral = 0
	} else {
		room -= neutralGap + text[1] + barTextSkip
	}
	sum := largest.negative + largest.positive + largest.neutral
	b := bars{unit: math.Max(room, 1)}
	if sum > 0 {
		b.unit = math.Max(room, 1) / sum
	}
	b.middle = x0 + text[0] + barTextSkip + largest.negative*b.unit
	b.neutral = b.middle + largest.positive*b.unit + barTextSkip + text[2] + neutralGap
	return b
}

func (s *scene) diverging(c Diverging) float64 {
	stacks := make([]Stack, len(c.Rows))
	for i, st := range c.Rows {
		stacks[i] = st.possible()
	}
	c.Rows = stacks
	top := s.legend(c)
	labels, strong := make([]string, len(c.Rows)), make([]bool, len(c.Rows))
	for i, st := range c.Rows {
		labels[i], strong[i] = st.Label, st.Strong
	}
	column := 0.0 // on a small sheet the bars need the whole width
	switch s.layout {
	case Wide:
		column = 250
	case Half:
		column = s.layout.column() - 35
	case Narrow, Small:
	}
	rows, x0, bottom := s.rows(labels, strong, s.layout.bar(), top, column)
	b := s.arrange(c, x0)
	for i, st := range c.Rows {
		s.label(rows[i])
		if st.Hidden != "" {
			q := s.layout.quiet()
			s.text(x0, rows[i].beside(q), anchorStart, q, s.shorten(st.Hidden, x0, q))
			continue
		}
		s.stack(st, b, rows[i], c.Neutral != "")
		for _, band := range s.bands(rows[i:i+1], rows[i].top, rows[i].top+rows[i].height) {
			s.line(b.middle, band.top, b.middle, band.bottom, "c-middle")
		}
	}
	return bottom + 4
}

// stack draws the bars of one row and their totals.
func (s *scene) stack(st Stack, b bars, r row, neutral bool) {
	y := r.mid - s.layout.bar()/2
	x := b.middle
	for i := len(st.Negative) - 1; i >= 0; i-- {
		w := st.Negative[i] * b.unit
		x -= w
		s.rect(x, y, w, s.layout.bar(), "c-bar "+negativeShade(i, len(st.Negative)))
	}
	label := s.layout.label(st.Strong)
	s.text(x-barTextSkip, r.beside(label), anchorEnd, label, st.text(0))
	x = b.middle
	for i, v := range st.Positive {
		w := v * b.unit
		s.rect(x, y, w, s.layout.bar(), "c-bar "+positiveShade(i, len(st.Positive)))
		x += w
	}
	s.text(x+barTextSkip, r.beside(label), anchorStart, label, st.text(2))
	if !neutral {
		return
	}
	w := st.Neutral * b.unit
	s.rect(b.neutral, y, w, s.layout.bar(), "c-bar c-neutral")
	quiet := s.layout.label(false)
	s.text(b.neutral+w+barTextSkip, r.beside(quiet), anchorStart, quiet, st.text(1))
}

// negativeShade names the shade of the i-th of n negative options, outermost first: 1 is darkest, 3 lightest.
func negativeShade(i, n int) string { return "c-n" + strconv.Itoa(shade(i, n)) }

// positiveShade names the shade of the i-th of n positive options, innermost first.
func positiveShade(i, n int) string { return "c-p" + strconv.Itoa(shade(n-1-i, n)) }

func shade(fromOutside, n int) int {
	if n == 2 && fromOutside == 1 {
		return 3
	}
	return min(fromOutside, 2) + 1
}

// legend writes the options with their shades, broken into as many lines as they need, and returns its height.
func (s *scene) legend(c Diverging) float64 {
	type entry struct{ class, words string }
	var entries []entry
	negatives := (len(c.Legend) + 1) / 2
	if len(c.Rows) > 0 {
		negatives = min(len(c.Rows[0].Negative), len(c.Legend))
	}
	for i, words := range c.Legend {
		class := negativeShade(i, negatives)
		if i >= negatives {
			class = positiveShade(i-negatives, len(c.Legend)-negatives)
		}
		entries = append(entries, entry{class, words})
	}
	if c.Neutral != "" {
		entries = append(entries, entry{"c-neutral", c.Neutral})
	}
	if len(entries) == 0 {
		return 4
	}
	const swatch, gap = 14.0, 20.0
	st := s.layout.quiet()
	x, y := 0.0, 0.0
	for _, e := range entries {
		words := s.shorten(e.words, swatch+7, st)
		w := swatch + 7 + textWidth(words, st.size, false)
		if x > 0 && x+w > s.layout.width() {
			x, y = 0, y+st.size*1.5
		}
		s.rect(x, y+2, swatch, swatch, "c-bar "+e.class)
		s.text(x+swatch+7, y+2+swatch-1.5, anchorStart, st, words)
		x += w + gap
	}
	return y + st.size*1.5 + 10
}
