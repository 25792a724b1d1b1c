package stats

import (
	"errors"
	"fmt"
	"math"
)

// ErrNoCases says that no unit has a value in every column, or none of these has a weight.
var ErrNoCases = errors.New("no unit with a weight has a value in every column; use fewer columns")

// Moments are the weighted totals of all first and second moments of columns, on the units that have a value in each
// (a domain of the design), and the design covariance of these totals. Linear regression, explained variance and the
// importance of predictors follow from them without another look at the units.
//
// With z = (1, x1-m1, ..., xp-mp), x centred at its weighted means m, the moments are the total of w*vech(zz').
type Moments struct {
	N          int       // complete cases with a positive weight
	SumWeights float64   // of these
	EffectiveN float64   // Kish: (sum w)^2 / sum w^2
	Means      []float64 // weighted, by column
	DF         float64   // sampling units minus strata among the complete cases, as degf(subset(design))
	Lonely     int       // strata of the sample with one sampling unit

	p      int
	total  []float64 // centred at Means, by momIndex
	cov    []float64 // of total, len(total)^2
	design *Design
	origin []float64 // what was taken from each column before gathering
	raw    []float64 // totals about origin
	kept   []momStratum
	psus   int
	strata int
	w2     float64
}

// momDim is the number of moments of p columns.
func momDim(p int) int { return (p + 1) * (p + 2) / 2 }

// momIndex is the place of the moment of z_a and z_b, a <= b <= p, where z_0 is 1.
func momIndex(p, a, b int) int { return a*(2*p+3-a)/2 + b - a }

// GatherMoments reads the units once (twice for a raked design) in parallel. The covariance agrees with
// vcov(svytotal(...)) of the products on subset(design, complete cases), strata with one sampling unit as under
// options(survey.lonely.psu = "adjust"); see momTotals.close.
//
// Columns of more than some 20 make it slow: the covariance has p^4/4 numbers.
func GatherMoments(d *Design, columns []Scored) (*Moments, error) {
	if len(columns) == 0 {
		return nil, errors.New("no columns to gather moments of")
	}
	codes, err := momScored(columns)
	if err != nil {
		return nil, err
	}
	p := len(columns)
	rows := newMomRows(columns)
	problem := &momProblem{
		d: d, columns: codes, dim: momDim(p), work: p + 1, fill: rows.fill, keep: len(d.Raked) == 0,
	}
	t, err := problem.gather()
	if err != nil {
		return nil, err
	}
	if t.n == 0 {
		return nil, ErrNoCases
	}
	m := &Moments{
		N: t.n, Lonely: t.lonely, p: p, design: d, origin: rows.origin, raw: t.total, kept: t.kept,
		psus: t.psus, strata: t.strata, w2: t.w2,
	}
	m.centre(t.cov)
	return m, nil
}

// momRows turns codes into the vectors whose totals are the moments.
type momRows struct {
	origin []float64
	value  [][]float64 // by column and code, about origin; 0 where there is none
	has    [][]float64 // 1 where the code has a value, else 0
	gaps   []bool      // some code has none
}

func newMomRows(columns []Scored) *momRows {
	r := &momRows{}
	for _, c := range columns {
		lo, hi := math.Inf(1), math.Inf(-1)
		for _, v := range c.Values {
			if !math.IsNaN(v) {
				lo, hi = min(lo, v), max(hi, v)
			}
		}
		// Half-way the scale: a fixed origin near the mean, so that sums of squares don't cancel and parts can be added.
		origin := 0.0
		if lo <= hi {
			origin = lo + (hi-lo)/2
		}
		value, has, gaps := make([]float64, len(c.Values)), make([]float64, len(c.Values)), false
		for k, v := range c.Values {
			if math.IsNaN(v) {
				gaps = true
				continue
			}
			value[k], has[k] = v-origin, 1
		}
		r.origin = append(r.origin, origin)
		r.value = append(r.value, value)
		r.has = append(r.has, has)
		r.gaps = append(r.gaps, gaps)
	}
	return r
}

// domain sets which units of a tile have a value in every column.
func (r *momRows) domain(t *momTile) {
	in := t.in[:t.n]
	for i := range in {
		in[i] = 1
	}
	for j, has := range r.has {
		if !r.gaps[j] {
			continue
		}
		for i, c := range t.codes[j][:t.n] {
			in[i] *= has[c]
		}
	}
}

// fill sets the products of a tile.
func (r *momRows) fill(t *momTile) {
	r.domain(t)
	p := len(r.value)
	copy(t.room(0), t.in[:t.n])
	for j, value := range r.value {
		z := t.room(j + 1)
		for i, c := range t.codes[j][:t.n] {
			z[i] = value[c] * t.in[i]
		}
	}
	m := 0
	for a := range p + 1 {
		za := t.room(a)
		for b := a; b <= p; b++ {
			zb := t.room(b)
			x := t.column(m)
			for i, v := range za {
				x[i] = v * zb[i]
			}
			m++
		}
	}
}

// centre moves the origin of totals and covariance to the weighted means: a linear change of the moments.
func (m *Moments) centre(cov []float64) {
	p, dim := m.p, len(m.raw)
	m.SumWeights = m.raw[0]
	m.EffectiveN = m.SumWeights * m.SumWeights / m.w2
	m.DF = float64(m.psus - m.strata)
	shift := make([]float64, p+1)
	m.Means = make([]float64, p)
	for j := 1; j <= p; j++ {
		shift[j] = m.raw[momIndex(p, 0, j)] / m.SumWeights
		m.Means[j-1] = m.origin[j-1] + shift[j]
	}
	// (z_a - s_a)(z_b - s_b) = z_a z_b - s_a z_b - s_b z_a + s_a s_b, with s_0 = 0 and z_0 = 1.
	apply := func(at func(int) float64, set func(int, float64)) {
		for a := p; a >= 0; a-- {
			for b := p; b >= a; b-- {
				v := at(momIndex(p, a, b))
				switch {
				case a > 0:
					v += -shift[a]*at(momIndex(p, 0, b)) - shift[b]*at(momIndex(p, 0, a)) + shift[a]*shift[b]*at(0)
				case b > 0:
					v -= shift[b] * at(0)
				}
				set(momIndex(p, a, b), v)
			}
		}
	}
	m.total = append([]float64(nil), m.raw...)
	apply(func(i int) float64 { return m.total[i] }, func(i int, v float64) { m.total[i] = v })
	for j := 1; j <= p; j++ {
		m.total[momIndex(p, 0, j)] = 0
	}
	m.cov = append([]float64(nil), cov...)
	for i := range dim {
		apply(func(k int) float64 { return m.cov[i*dim+k] }, func(k int, v float64) { m.cov[i*dim+k] = v })
	}
	for k := range dim {
		apply(func(i int) float64 { return m.cov[i*dim+k] }, func(i int, v float64) { m.cov[i*dim+k] = v })
	}
}

// MergeMoments adds the moments of parts of one sample, gathered with the same columns: rows may be divided anywhere
// between sampling units, and strata are matched by number. The population sizes are those of the first part's design.
// It gives what the whole sample gives, up to the rounding of sums in another order. A raked design can't be gathered
// in parts, since its margins belong to the whole, and neither can one of more than 256 strata.
func MergeMoments(parts ...*Moments) (*Moments, error) {
	if len(parts) == 0 {
		return nil, errors.New("no parts to merge")
	}
	first := parts[0]
	dim := len(first.raw)
	out := &momTotals{total: make([]float64, dim), cov: make([]float64, dim*dim)}
	byStratum := map[int]int{}
	for i, part := range parts {
		if part.p != first.p {
			return nil, fmt.Errorf("part %d has %d columns, the first %d; gather the same columns", i, part.p, first.p)
		}
		for j := range part.origin {
			if part.origin[j] != first.origin[j] {
				return nil, fmt.Errorf("column %d of part %d has other values; give each part the values of the whole", j, i)
			}
		}
		if part.kept == nil {
			return nil, fmt.Errorf("part %d is raked or has more than %d strata; gather the whole sample at once", i, momKeepStrata)
		}
		out.n += part.N
		out.w2 += part.w2
		momAdd(out.total, part.raw)
		for _, s := range part.kept {
			at, known := byStratum[s.stratum]
			if !known {
				at = len(out.kept)
				byStratum[s.stratum] = at
				out.kept = append(out.kept, newMomStratum(s.stratum, dim))
			}
			out.kept[at].add(&s)
		}
	}
	for i := range out.kept {
		out.close(first.design, &out.kept[i])
	}
	if out.err != nil {
		return nil, out.err
	}
	momMirror(out.cov, dim)
	m := &Moments{
		N: out.n, Lonely: out.lonely, p: first.p, design: first.design, origin: first.origin, raw: out.total,
		kept: out.kept, psus: out.psus, strata: out.strata, w2: out.w2,
	}
	m.centre(out.cov)
	return m, nil
}

// Covariance returns the weighted covariance of columns i and j, with the sum of weights as divisor.
func (m *Moments) Covariance(i, j int) float64 {
	return m.total[momIndex(m.p, min(i, j)+1, max(i, j)+1)] / m.SumWeights
}

// SD returns the weighted standard deviation of column i, with the sum of weights as divisor.
func (m *Moments) SD(i int) float64 { return math.Sqrt(max(0, m.Covariance(i, i))) }

// constant tells whether column i varies by no more than rounding.
func (m *Moments) constant(i int) bool {
	square := m.raw[momIndex(m.p, i+1, i+1)]
	return !(m.total[momIndex(m.p, i+1, i+1)] > 1e-13*square)
}
