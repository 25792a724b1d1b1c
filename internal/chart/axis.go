package chart

import (
	"math"
	"strconv"
	"strings"
)

// axis maps figures to positions on the sheet.
type axis struct {
	min, max float64 // in the unit of the figures, min < max, both finite
	x0, x1   float64 // positions of min and max
	percent  bool
	lang     string
}

// newAxis repairs limits that cannot be drawn: shares then run from 0 to 1, other figures from 0 to 1 as well.
func newAxis(lo, hi float64, percent bool, lang string) axis {
	if !finite(lo) || !finite(hi) || hi-lo <= 0 || !finite(hi-lo) {
		lo, hi = 0, 1
	}
	return axis{min: lo, max: hi, percent: percent, lang: lang}
}

// at returns the position of v; beyond the ends of the axis it stays at the end.
func (a axis) at(v float64) float64 {
	v = math.Max(a.min, math.Min(a.max, v))
	return a.x0 + (v-a.min)/(a.max-a.min)*(a.x1-a.x0)
}

// ticks returns at most count+1 round figures on the axis.
func (a axis) ticks(count int) []float64 {
	raw := (a.max - a.min) / float64(count)
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	step := 10 * power
	for _, m := range []float64{1, 2, 2.5, 5} {
		if m*power >= raw*(1-1e-9) {
			step = m * power
			break
		}
	}
	var out []float64
	first := math.Ceil(a.min/step - 1e-9)
	for i := range count + 2 {
		v := (first + float64(i)) * step
		if v > a.max+step*1e-9 {
			break
		}
		out = append(out, v)
	}
	return out
}

// tick writes a figure on the axis: no more decimals than the figures beside it need.
func (a axis) tick(v float64, decimals int) string {
	if a.percent {
		space := "\u00a0"
		if a.lang == "en" {
			space = ""
		}
		v *= 100
		return a.decimal(v, max(0, decimals-2)) + space + "%"
	}
	return a.decimal(v, decimals)
}

func (a axis) decimal(v float64, decimals int) string {
	s := strconv.FormatFloat(math.Abs(v), 'f', decimals, 64)
	if a.lang != "en" {
		s = strings.Replace(s, ".", ",", 1)
	}
	if v < 0 && strings.Trim(s, "0.,") != "" {
		s = "\u2212" + s
	}
	return s
}

// decimals returns how many decimals tell neighbouring ticks apart.
func decimals(ticks []float64) int {
	for d := range 6 {
		scale := math.Pow(10, float64(d))
		exact := true
		for _, t := range ticks {
			if math.Abs(t*scale-math.Round(t*scale)) > 1e-6*math.Max(1, math.Abs(t*scale)) {
				exact = false
			}
		}
		if exact {
			return d
		}
	}
	return 6
}

// fitting returns as many ticks as have room for their figures side by side, at most six, and their decimals.
func (s *scene) fitting(a axis, st style) ([]float64, int) {
	counts := []int{5, 4, 2}
	if s.layout == Narrow { // few lines on a phone
		counts = counts[2:]
	}
	for _, count := range counts {
		ticks := a.ticks(count)
		d := decimals(ticks)
		widest := 0.0
		for _, t := range ticks {
			widest = math.Max(widest, textWidth(a.tick(t, d), st.size, false))
		}
		if count == 2 || float64(len(ticks)-1)*(widest+10) <= a.at(ticks[len(ticks)-1])-a.at(ticks[0]) {
			return ticks, d
		}
	}
	return nil, 0
}

// drawAxis draws the grid in the bands and the figures below bottom, and returns the height of the figures.
func (s *scene) drawAxis(a axis, bands []band, bottom float64) float64 {
	st := s.layout.quiet()
	ticks, d := s.fitting(a, st)
	end := math.Inf(-1)
	var grid, zero []box
	for _, t := range ticks {
		x := a.at(t)
		for _, b := range bands {
			if t == 0 && a.min < 0 {
				zero = append(zero, box{x, b.top, x, b.bottom})
			} else {
				grid = append(grid, box{x, b.top, x, b.bottom})
			}
		}
	}
	s.lines(grid, "c-grid")
	s.lines(zero, "c-zero")
	for _, t := range ticks {
		x := a.at(t)
		words := a.tick(t, d)
		w := textWidth(words, st.size, false)
		mid := s.within(x, w)
		if mid-w/2 < end+8 {
			continue
		}
		s.text(mid, bottom+6+st.size, anchorMiddle, st, words)
		end = mid + w/2
	}
	return st.size * 1.75
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
