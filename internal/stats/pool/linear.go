package pool

import (
	"math"
)

// linear is the profiled deviance, or REML criterion, of a linear mixed model as a function of the relative variances of
// its active terms (Bates et al. 2015, eq. 34 and 42).
type linear struct {
	l      *layout
	s      *system
	ml     bool
	active []Term

	weighted []float64 // weight times mean of each record
	values   effects   // of the coefficients at the last point
	fit, out []float64 // linear predictor, and weighted residual, of each record
	left     effects   // Z'Py: sums of residuals by level
	rss      float64   // penalised weighted residual sum of squares
	moves    []effects // derivative of all effects by each active variance; set by slope
}

func newLinear(l *layout, m Model, active []Term) *linear {
	k := len(l.weight)
	c := &linear{l: l, s: newSystem(l, m.Family == FamilyRandom), ml: m.ML, active: active}
	c.s.weigh(l.weight)
	c.weighted, c.fit, c.out = make([]float64, k), make([]float64, k), make([]float64, k)
	for r, w := range l.weight {
		c.weighted[r] = w * l.mean[r]
	}
	c.values, c.left = c.s.zero(), c.s.zero()
	for range active {
		c.moves = append(c.moves, c.s.zero())
	}
	return c
}

// freedom is the divisor of the residual variance.
func (c *linear) freedom() float64 {
	if c.ml {
		return float64(c.l.people)
	}
	return float64(c.l.people - c.l.p)
}

func (c *linear) value(x []float64) (float64, error) {
	var gamma [terms]float64
	for i, t := range c.active {
		gamma[t] = x[i]
	}
	if aliased := c.s.factor(gamma); aliased >= 0 {
		return 0, &AliasedError{aliased - 1}
	}
	c.s.gather(c.weighted, c.values)
	c.s.solve(c.values, true)
	c.s.fitted(c.values, c.fit)
	c.rss = c.l.within
	for r, w := range c.l.weight {
		e := c.l.mean[r] - c.fit[r]
		c.out[r] = w * e
		c.rss += w * e * e
	}
	c.s.gather(c.out, c.left)
	for _, t := range c.active {
		of := c.left.of(c.l, t)
		c.rss += gamma[t] * dot(of, of)
	}
	nu := c.freedom()
	f := c.s.logDet + nu*(1+math.Log(2*math.Pi*c.rss/nu)) - c.l.logW
	if !c.ml {
		f += c.s.logFixed()
	}
	return f, nil
}

// slope gives the gradient and the average information of the profiled deviance (Gilmour, Thompson & Cullis 1995, with
// the residual variance profiled out).
func (c *linear) slope() (gradient, curvature []float64) {
	k, nu := len(c.active), c.freedom()
	sigma2 := c.rss / nu
	traces := c.s.invert(!c.ml).traces(nil)
	q := make([]float64, k)
	gradient, curvature = make([]float64, k), make([]float64, k*k)
	for i, t := range c.active {
		of := c.left.of(c.l, t)
		q[i] = dot(of, of) / sigma2
		gradient[i] = traces[t] - q[i]
	}
	c.average(curvature, c.l.weight, sigma2)
	for i := range k {
		for j := range k {
			curvature[i*k+j] -= q[i] * q[j] / nu
		}
	}
	return gradient, curvature
}

// average fills in y'P V_i P V_j P y over the residual variance, and the derivatives of the effects: with V_i P y as
// response, what the model leaves of it.
func (c *linear) average(into, weight []float64, sigma2 float64) {
	k := len(c.active)
	averageInformation(c.s, c.active, c.left, weight, c.moves, into[:k*k], k)
	for i := range into[:k*k] {
		into[i] /= sigma2
	}
}

// averageInformation writes v_i'Pv_j with v_i = V_i P y, and into moves the derivative of all effects by each variance:
// minus the effects that fit v_i, plus the residual sums of its own term.
func averageInformation(s *system, active []Term, left effects, weight []float64, moves []effects, into []float64, stride int) {
	l := s.l
	rows := len(weight)
	response, fit := make([]float64, rows), make([]float64, rows)
	of := func(t Term, r int) float64 { return left.level(l, t, int(l.cellOf[r])) }
	for j, t := range active {
		for r, w := range weight {
			response[r] = w * of(t, r)
		}
		e := moves[j]
		s.gather(response, e)
		s.solve(e, true)
		s.fitted(e, fit)
		for i, u := range active[:j+1] {
			sum := 0.0
			for r, w := range weight {
				sum += of(u, r) * (response[r] - w*fit[r])
			}
			into[i*stride+j], into[j*stride+i] = sum, sum
		}
		for _, part := range [][]float64{e.cell, e.function, e.family, e.dense} {
			for i := range part {
				part[i] = -part[i]
			}
		}
		own := e.of(l, t)
		for i, x := range left.of(l, t) {
			own[i] += x
		}
	}
}
