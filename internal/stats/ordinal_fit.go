package stats

import (
	"math"
	"sort"
)

// ordFit is a proportional-odds fit under way. Parameters are the thresholds, then the slopes, for predictors about
// their origin.
type ordFit struct {
	d      *Design
	codes  []Codes // predictors, then outcome
	rows   *momRows
	p      int
	level  []int // of each code of the outcome; 0 for a code without a case
	values []float64
	share  []float64 // weighted, of each level
	cases  int       // complete cases
	scale  float64   // brings the mean weight to 1
	span   []float64 // range of each predictor among the complete cases

	par       []float64
	now       *ordSums // at par, or a step of about a millionth before it
	stride    int      // one tile in so many is read
	steps     int
	converged bool
}

// ordCounts tells which codes occur among complete cases with a weight.
type ordCounts struct {
	n      int
	weight []float64 // of each code of the outcome
	used   [][]bool  // by column and code
}

func (f *ordFit) count() *ordCounts {
	fresh := func() *ordCounts {
		c := &ordCounts{weight: make([]float64, f.codes[f.p].K)}
		for _, column := range f.codes {
			c.used = append(c.used, make([]bool, column.K))
		}
		return c
	}
	total := fresh()
	pass := momPass[*ordCounts]{
		d: f.d, columns: f.codes, stride: 1, fresh: fresh,
		clear: func(c *ordCounts) {
			c.n = 0
			clear(c.weight)
		},
		visit: func(c *ordCounts, t *momTile) {
			f.rows.domain(t)
			for i, w := range t.weight[:t.n] {
				if t.in[i] == 0 || w == 0 {
					continue
				}
				c.n++
				c.weight[t.codes[f.p][i]] += w
				for j, codes := range t.codes {
					c.used[j][codes[i]] = true
				}
			}
		},
		merge: func(c *ordCounts) {
			total.n += c.n
			momAdd(total.weight, c.weight)
			for j := range c.used {
				for k, u := range c.used[j] {
					total.used[j][k] = total.used[j][k] || u
				}
			}
		},
	}
	pass.run()
	return total
}

// prepare finds which levels and predictor values occur, and sets the starting values.
func (f *ordFit) prepare(outcome Scored) error {
	c := f.count()
	if c.n == 0 {
		return ErrNoCases
	}
	sum := 0.0
	for k, w := range c.weight {
		if w > 0 {
			f.values = append(f.values, outcome.Values[k])
			sum += w
		}
	}
	f.values = ordDistinct(f.values)
	if k := len(f.values); k < 2 || k > ordMaxLevels {
		return &LevelsError{k}
	}
	f.cases, f.scale = c.n, float64(c.n)/sum
	f.level, f.share = make([]int, len(c.weight)), make([]float64, len(f.values))
	for k, w := range c.weight {
		if w > 0 {
			f.level[k] = sort.SearchFloat64s(f.values, outcome.Values[k])
			f.share[f.level[k]] += w / sum
		}
	}
	var constant []int
	for j := range f.p {
		lo, hi := math.Inf(1), math.Inf(-1)
		for k, u := range c.used[j] {
			if u {
				lo, hi = min(lo, f.rows.value[j][k]), max(hi, f.rows.value[j][k])
			}
		}
		f.span = append(f.span, hi-lo)
		if hi == lo {
			constant = append(constant, j)
		}
	}
	if constant != nil {
		return &CollinearError{constant}
	}
	f.start()
	return nil
}

// ordDistinct sorts values and drops repeats, in place.
func ordDistinct(values []float64) []float64 {
	sort.Float64s(values)
	k := 0
	for i, v := range values {
		if i == 0 || v != values[k-1] {
			values[k] = v
			k++
		}
	}
	return values[:k]
}

// start sets the thresholds of the outcome's margin and no slopes.
func (f *ordFit) start() {
	f.par = make([]float64, len(f.values)-1+f.p)
	below := 0.0
	for k := range len(f.values) - 1 {
		below += f.share[k]
		f.par[k] = math.Log(below) - math.Log1p(-below)
	}
	f.steps, f.converged = 0, false
}

// newton climbs to the maximum of the likelihood, which is concave, halving steps that overshoot.
func (f *ordFit) newton() error {
	f.steps, f.converged = 0, false
	f.now = f.sums(f.par, false)
	cases := float64(f.cases) / float64(f.stride)
	for f.steps < ordMaxSteps {
		root, aliased := ordRoot(f.now.info, len(f.par), len(f.values)-1)
		if root == nil {
			if f.steps == 0 {
				return &CollinearError{aliased}
			}
			return f.separation()
		}
		step := append([]float64(nil), f.now.gradient...)
		regSolve(root, len(step), step)
		gain := 0.0
		for i, g := range f.now.gradient {
			gain += g * step[i]
		}
		f.steps++
		// gain/cases is the squared step, about, in log odds; the error that it leaves is of that size itself.
		if gain < 1e-12*cases {
			for i := range step {
				f.par[i] += step[i]
			}
			if f.flat(root) {
				return f.separation()
			}
			f.converged = true
			return nil
		}
		// Near the maximum a full step can't overshoot.
		careful := gain > 1e-3*cases
		if careful && !f.now.known {
			f.now = f.sums(f.par, true)
		}
		if !f.advance(step, careful) {
			return nil
		}
		for j, b := range f.par[len(f.values)-1:] {
			if math.Abs(b)*f.span[j] > ordLimit {
				return f.separation()
			}
		}
	}
	return nil
}

// advance takes a step, or the largest half, quarter ... of it that does not lose likelihood; false when there is none.
func (f *ordFit) advance(step []float64, careful bool) bool {
	for range 40 {
		par := make([]float64, len(f.par))
		for i := range par {
			par[i] = f.par[i] + step[i]
			step[i] /= 2
		}
		if !f.possible(par) {
			continue
		}
		s := f.sums(par, careful)
		if !careful || s.loglik >= f.now.loglik-1e-12*math.Abs(f.now.loglik) {
			f.par, f.now = par, s
			return true
		}
	}
	return false
}

// possible tells whether thresholds ascend and slopes are small enough to compute with.
func (f *ordFit) possible(par []float64) bool {
	q := len(f.values) - 1
	for k := 1; k < q; k++ {
		if !(par[k] > par[k-1]) {
			return false
		}
	}
	for j, b := range par[q:] {
		if !(math.Abs(b)*f.span[j] < 2*ordLimit) {
			return false
		}
	}
	return true
}

// flat tells whether the likelihood still rises, if hardly, with a slope of many log odds: its error is then larger than
// the slope.
func (f *ordFit) flat(root []float64) bool {
	n, q := len(f.par), len(f.values)-1
	for j, b := range f.par[q:] {
		if math.Abs(b)*f.span[j] < ordLimit/4 {
			continue
		}
		column := make([]float64, n)
		column[q+j] = 1
		regSolve(root, n, column)
		if column[q+j] > b*b {
			return true
		}
	}
	return false
}

// separation names the predictors whose slopes grow without end.
func (f *ordFit) separation() error {
	q, most := len(f.values)-1, 0.0
	for j, b := range f.par[q:] {
		most = max(most, math.Abs(b)*f.span[j])
	}
	e := &SeparationError{}
	for j, b := range f.par[q:] {
		if math.Abs(b)*f.span[j] >= most/2 {
			e.Predictors = append(e.Predictors, j)
		}
	}
	return e
}

// ordRoot returns the Cholesky root of the information, or nil with the predictors that follow from those before them.
func ordRoot(info []float64, n, thresholds int) (root []float64, aliased []int) {
	if root = regCholesky(info, n); root != nil {
		return root, nil
	}
	a := append([]float64(nil), info...)
	for k := range n {
		pivot := a[k*n+k]
		if !(pivot > regTolerance*info[k*n+k]) {
			if k >= thresholds {
				aliased = append(aliased, k-thresholds)
			}
			continue
		}
		for i := k + 1; i < n; i++ {
			c := a[i*n+k] / pivot
			for j := k + 1; j <= i; j++ {
				a[i*n+j] -= c * a[j*n+k]
			}
		}
	}
	return nil, aliased
}
