package irt

import "math"

// block is the expected log-likelihood of one item's answers, with its prior, over logarithm of slope and thresholds.
type block struct {
	grid   []float64
	counts []float64 // by category and point
	floor  float64
	setup  *Setup
}

func (f *fit) block(i int, s *sums) *block {
	q := len(f.grid)
	from, k := f.first[i]*q, f.setup[i].Start.Categories()
	return &block{grid: f.grid, counts: s.rows[from : from+k*q], floor: f.setup[i].Start.C, setup: &f.setup[i]}
}

// value is the function; where g is not nil, g gets its gradient and h its second derivatives, in rows.
func (m *block) value(logSlope float64, b, g, h []float64) float64 {
	q, n := len(m.grid), len(b)+1
	it := Item{A: math.Exp(logSlope), B: b, C: m.floor}
	clear(g)
	clear(h)
	sum := 0.0
	var room [8]float64
	for j, x := range m.grid {
		log := it.LogProbabilities(room[:0], x)
		for k := range n {
			r := m.counts[k*q+j]
			if r == 0 {
				continue
			}
			sum += r * log[k]
			if g != nil {
				c := it.bends(k, x)
				c.add(r, it.A, k, n, g, h)
			}
		}
	}
	if m.setup.Prior != nil {
		sum += m.setup.Prior.log(logSlope, b, m.setup.FixedSlope, g, h)
	}
	return sum
}

// bends are the derivatives of the log-probability of a category in u = a (theta - b) at its lower threshold and at the next one.
type bends struct {
	u, v           float64 // at the lower and at the next threshold; 0 where there is none
	du, dv         float64
	duu, duv, dvv  float64
	lower, further bool // whether there are such thresholds
}

// bends works out the derivatives for category k at theta.
func (it Item) bends(k int, theta float64) bends {
	c := bends{lower: k > 0, further: k < len(it.B)}
	var sv float64
	if c.further {
		c.v = it.A * (theta - it.B[k])
		sv = logistic(c.v)
		c.dv, c.dvv = -sv, -sv*(1-sv)
	}
	if !c.lower {
		return c
	}
	c.u = it.A * (theta - it.B[k-1])
	su := logistic(c.u)
	if it.C > 0 {
		h := (1 - it.C) * su * (1 - su) / (it.C + (1-it.C)*su)
		c.du, c.duu = h, h*(1-2*su)-h*h
		return c
	}
	c.du, c.duu = 1-su, -su*(1-su)
	if c.further {
		e := 1 / math.Expm1(it.A*(it.B[k]-it.B[k-1]))
		c.du += e
		c.dv -= e
		c.duu -= e * (1 + e)
		c.dvv -= e * (1 + e)
		c.duv = e * (1 + e)
	}
	return c
}

// gradient is that in the logarithm of the slope and in the lower and next threshold.
func (c *bends) gradient(a float64) (slope, lower, next float64) {
	return c.du*c.u + c.dv*c.v, -a * c.du, -a * c.dv
}

// add adds r times gradient and second derivatives in the logarithm of the slope and the thresholds.
func (c *bends) add(r, a float64, k, n int, g, h []float64) {
	slope, lower, next := c.gradient(a)
	g[0] += r * slope
	h[0] += r * (slope + c.duu*c.u*c.u + 2*c.duv*c.u*c.v + c.dvv*c.v*c.v)
	if c.lower {
		mixed := -r * a * (c.du + c.duu*c.u + c.duv*c.v)
		g[k] += r * lower
		h[k] += mixed
		h[k*n] += mixed
		h[k*n+k] += r * a * a * c.duu
	}
	if c.further {
		mixed := -r * a * (c.dv + c.dvv*c.v + c.duv*c.u)
		g[k+1] += r * next
		h[k+1] += mixed
		h[(k+1)*n] += mixed
		h[(k+1)*n+k+1] += r * a * a * c.dvv
	}
	if c.lower && c.further {
		h[k*n+k+1] += r * a * a * c.duv
		h[(k+1)*n+k] += r * a * a * c.duv
	}
}

// maximise climbs from the values given, in place, by Newton's steps with a ridge where the function is not concave.
func (m *block) maximise(logSlope *float64, b []float64) {
	n := len(b) + 1
	g, h, step, trial := make([]float64, n), make([]float64, n*n), make([]float64, n), make([]float64, n)
	now := m.value(*logSlope, b, g, h)
	for range 50 {
		if m.setup.FixedSlope {
			g[0] = 0
			for k := range n {
				h[k], h[k*n] = 0, 0
			}
			h[0] = -1
		}
		uphill(step, g, h)
		gain := 0.0
		for k := range n {
			gain += g[k] * step[k]
		}
		if gain < 1e-12 {
			return
		}
		size, moved := 1.0, false
		for range 30 {
			trial[0] = *logSlope + size*step[0]
			for k := range b {
				trial[1+k] = b[k] + size*step[1+k]
			}
			size /= 2
			if !possibleItem(trial[0], trial[1:]) {
				continue
			}
			if v := m.value(trial[0], trial[1:], nil, nil); v > now {
				moved = true
				break
			}
		}
		if !moved {
			return
		}
		*logSlope = trial[0]
		copy(b, trial[1:])
		now = m.value(*logSlope, b, g, h)
	}
}

// uphill writes the Newton step of a gradient g and second derivatives h into step; a ridge makes it point upwards.
func uphill(step, g, h []float64) {
	n := len(g)
	largest := 0.0
	for k := range n {
		largest = max(largest, math.Abs(h[k*(n+1)]))
	}
	root := make([]float64, n*n)
	for ridge := 0.0; ; ridge = max(1e-6*largest+1e-12, ridge*10) {
		for k := range root {
			root[k] = -h[k]
		}
		for k := range n {
			root[k*(n+1)] += ridge
		}
		if cholesky(root, n) {
			break
		}
	}
	copy(step, g)
	for i := range n {
		for j := range i {
			step[i] -= root[i*n+j] * step[j]
		}
		step[i] /= root[i*n+i]
	}
	for i := n - 1; i >= 0; i-- {
		for j := i + 1; j < n; j++ {
			step[i] -= root[j*n+i] * step[j]
		}
		step[i] /= root[i*n+i]
	}
}

// cholesky replaces the lower triangle of a by its root; false where a is not positive.
func cholesky(a []float64, n int) bool {
	for j := range n {
		d := a[j*n+j]
		for k := range j {
			d -= a[j*n+k] * a[j*n+k]
		}
		if !(d > 1e-14*math.Abs(a[j*n+j])) {
			return false
		}
		d = math.Sqrt(d)
		a[j*n+j] = d
		for i := j + 1; i < n; i++ {
			s := a[i*n+j]
			for k := range j {
				s -= a[i*n+k] * a[j*n+k]
			}
			a[i*n+j] = s / d
		}
	}
	return true
}
