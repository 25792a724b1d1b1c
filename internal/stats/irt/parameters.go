package irt

import "math"

// parameters are all of a calibration: for each item the logarithm of the slope and the thresholds, then for each group the mean and
// the logarithm of the standard deviation.
type parameters struct {
	value  []float64
	first  []int // of each item
	size   []int // number of thresholds of each item
	floor  []float64
	groups int   // first of the groups
	free   []int // those that are estimated
}

func newParameters(setup []Setup, groups []Group) *parameters {
	p := &parameters{}
	estimate := func(free bool, v float64) {
		if free {
			p.free = append(p.free, len(p.value))
		}
		p.value = append(p.value, v)
	}
	for _, s := range setup {
		p.first, p.size, p.floor = append(p.first, len(p.value)), append(p.size, len(s.Start.B)), append(p.floor, s.Start.C)
		estimate(!s.Fixed && !s.FixedSlope, math.Log(s.Start.A))
		for _, b := range s.Start.B {
			estimate(!s.Fixed, b)
		}
	}
	p.groups = len(p.value)
	for _, g := range groups {
		estimate(g.FreeMean, g.Mean)
		estimate(g.FreeSD, math.Log(g.SD))
	}
	return p
}

func (p *parameters) clone() *parameters {
	out := *p
	out.value = append([]float64(nil), p.value...)
	return &out
}

// place is the index of each parameter among the free ones, or -1.
func (p *parameters) place() []int {
	out := make([]int, len(p.value))
	for j := range out {
		out[j] = -1
	}
	for k, j := range p.free {
		out[j] = k
	}
	return out
}

func (p *parameters) thresholds(i int) []float64 {
	return p.value[p.first[i]+1 : p.first[i]+1+p.size[i]]
}

func (p *parameters) item(i int) Item {
	return Item{A: math.Exp(p.value[p.first[i]]), B: append([]float64(nil), p.thresholds(i)...), C: p.floor[i]}
}

// possible tells whether all values are in range and thresholds rise.
func (p *parameters) possible() bool {
	for i := range p.first {
		if !possibleItem(p.value[p.first[i]], p.thresholds(i)) {
			return false
		}
	}
	for j := p.groups; j < len(p.value); j += 2 {
		if !(math.Abs(p.value[j]) <= 10) || !(p.value[j+1] >= math.Log(0.01) && p.value[j+1] <= math.Log(10)) {
			return false
		}
	}
	return true
}

func possibleItem(logSlope float64, b []float64) bool {
	if !(logSlope >= math.Log(MinSlope) && logSlope <= math.Log(MaxSlope)) {
		return false
	}
	for k := range b {
		if !(math.Abs(b[k]) <= MaxThreshold) || k > 0 && !(b[k]-b[k-1] >= minGap) {
			return false
		}
	}
	return true
}

// open has the values in coordinates where each may be anything: distances of thresholds by their logarithms.
func (p *parameters) open() []float64 {
	out := append([]float64(nil), p.value...)
	for i := range p.first {
		b := p.thresholds(i)
		for k := 1; k < len(b); k++ {
			out[p.first[i]+1+k] = math.Log(b[k] - b[k-1])
		}
	}
	return out
}

// take sets the values from those of open.
func (p *parameters) take(open []float64) {
	copy(p.value, open)
	for i := range p.first {
		b := p.thresholds(i)
		for k := 1; k < len(b); k++ {
			b[k] = b[k-1] + math.Exp(b[k])
		}
	}
}

// prior is the logarithm of the prior density of the items that are not fixed, without constants.
func (p *parameters) prior(setup []Setup) float64 {
	sum := 0.0
	for i, s := range setup {
		if s.Prior == nil || s.Fixed {
			continue
		}
		sum += s.Prior.log(p.value[p.first[i]], p.thresholds(i), s.FixedSlope, nil, nil)
	}
	return sum
}

// log is the logarithm of the density at a logarithm of the slope and thresholds. Where g is not nil its gradient is added to g and
// its second derivatives to h, a square matrix in rows.
func (p *ItemPrior) log(logSlope float64, b []float64, fixedSlope bool, g, h []float64) float64 {
	n := len(b) + 1
	sum := 0.0
	if !fixedSlope {
		z := (logSlope - math.Log(p.Slope)) / p.SlopeSD
		sum -= z * z / 2
		if g != nil {
			g[0] -= z / p.SlopeSD
			h[0] -= 1 / (p.SlopeSD * p.SlopeSD)
		}
	}
	for k := range b {
		z := (b[k] - p.Thresholds[k]) / p.ThresholdSD
		sum -= z * z / 2
		if g != nil {
			g[1+k] -= z / p.ThresholdSD
			h[(1+k)*(n+1)] -= 1 / (p.ThresholdSD * p.ThresholdSD)
		}
		if k == 0 {
			continue
		}
		gap, usual := b[k]-b[k-1], p.Thresholds[k]-p.Thresholds[k-1]
		sum += math.Log(gap) - gap/usual
		if g != nil {
			slope, bend := 1/gap-1/usual, -1/(gap*gap)
			g[1+k] += slope
			g[k] -= slope
			h[(1+k)*(n+1)] += bend
			h[k*(n+1)] += bend
			h[(1+k)*n+k] -= bend
			h[k*n+1+k] -= bend
		}
	}
	return sum
}
