package pool

import (
	"context"
	"errors"
	"fmt"
	"math"
)

// ErrSeparated says that a covariate, or a family, tells yes from no without exception, so that its coefficient grows
// without end.
var ErrSeparated = errors.New("a covariate or family answers all yes or all no: leave it out, or merge it with another")

// farthest is the fixed part of the log odds beyond which a share counts as separated.
const farthest = 20

// shares is the deviance of a logistic mixed model, with the integral over the random effects by Laplace's approximation at
// their mode, as a function of the variances and the fixed coefficients (Bates et al. 2015b, lme4 vignette "Computational
// methods", glmer with nAGQ = 1).
type shares struct {
	l      *layout
	s      *system
	active []Term

	yes, no []float64 // of each record
	gamma   [terms]float64
	values  effects   // the mode; dense holds departments, then fixed coefficients
	eta     []float64 // log odds of each record
	weight  []float64 // its working weight
	score   []float64 // yes less what is expected
	mu      []float64 // share that eta stands for
	offset  []float64 // fixed part of eta
	next    effects
	scratch []float64
	moves   []effects
}

// FitShare fits the share of those who say yes (scores 0 and 1). It agrees with lme4::glmer(family = binomial, nAGQ = 1)
// given the answers one by one; the deviance lacks the binomial coefficients that counts by cell would add. Model.ML is not
// read. Where cells differ and have few respondents, their variance comes out too small and intervals too narrow (91 % for 95 %
// with two a cell); without Model.Cell they are far too narrow (76 %). Errors as FitLinear, and ErrSeparated.
func FitShare(ctx context.Context, d *Data, m Model) (*Fit, error) {
	for i := range d.Cells {
		if t := &d.Cells[i].Tally; !(t.WeightedSum >= 0 && t.WeightedSum <= t.Weight*(1+1e-12)) {
			return nil, &DataError{i, fmt.Sprintf("%v said yes of %v: a share needs scores 0 and 1", t.WeightedSum, t.Weight)}
		}
	}
	l, active, components, err := prepare(d, m)
	if err != nil {
		return nil, err
	}
	if l.people <= l.p {
		return nil, ErrFew
	}
	if !(l.centre > 0 && l.centre < 1) {
		return nil, ErrConstant
	}
	c := newShares(l, m)
	if c.active, err = c.drop(active, components); err != nil {
		return nil, err
	}
	for range c.active {
		c.moves = append(c.moves, c.s.zero())
	}
	k := len(c.active)
	start := make([]float64, k+l.p)
	for i := range k {
		start[i] = 1 // as lme4
	}
	start[k] = logit(l.centre)
	best, err := minimise(ctx, c, start, k)
	if c.far() {
		return nil, ErrSeparated
	}
	if err != nil {
		return nil, fmt.Errorf("logistic mixed model: %w", err)
	}
	f := &Fit{Method: Laplace, Residual: 1, l: l, values: c.values, active: c.active, moves: c.moves, share: true, rule: newHermite(), degree: math.Inf(1)}
	f.finish(c.s, best, components, k)
	f.shift = c.shift(f.wide)
	return f, nil
}

func newShares(l *layout, m Model) *shares {
	k := len(l.weight)
	c := &shares{l: l, s: newSystem(l, m.Family == FamilyRandom)}
	c.values, c.next = c.s.zero(), c.s.zero()
	for _, v := range []*[]float64{&c.yes, &c.no, &c.eta, &c.weight, &c.score, &c.mu, &c.offset, &c.scratch} {
		*v = make([]float64, k)
	}
	for r, n := range l.weight {
		c.yes[r] = math.Min(n, math.Max(0, n*(l.mean[r]+l.centre)))
		c.no[r] = n - c.yes[r]
	}
	return c
}

// drop takes out terms of which the fixed effects leave nothing.
func (c *shares) drop(active []Term, components []Component) ([]Term, error) {
	q := c.l.centre * (1 - c.l.centre)
	for r, n := range c.l.weight {
		c.weight[r] = n * q
	}
	c.s.weigh(c.weight)
	if aliased := c.s.factor([terms]float64{}); aliased >= 0 {
		return nil, &AliasedError{aliased - 1}
	}
	return dropAliased(c.l, active, c.s.invert(true).traces(nil), c.weight, components), nil
}

// far tells whether the fixed part of a record's log odds is out of all bounds.
func (c *shares) far() bool {
	for _, x := range c.offset {
		if !(math.Abs(x) < farthest) {
			return true
		}
	}
	return false
}

func (c *shares) value(x []float64) (float64, error) {
	d, k := c.l.departments, len(c.active)
	c.gamma = [terms]float64{}
	for i, t := range c.active {
		c.gamma[t] = x[i]
		if x[i] == 0 {
			clear(c.values.of(c.l, t))
		}
	}
	copy(c.values.dense[d:], x[k:])
	p := c.l.p
	for r := range c.offset {
		c.offset[r] = dot(c.l.x[r*p:(r+1)*p], x[k:])
		if !(math.Abs(c.offset[r]) < 2*farthest) {
			return math.Inf(1), nil
		}
	}
	f := c.penalised(c.values)
	for range maxInner {
		c.work()
		win := c.direction()
		f = c.walk(f, win)
		if win < settled {
			c.work()
			return f + c.s.logDet, nil
		}
	}
	return math.Inf(1), nil
}

const (
	maxInner = 100
	settled  = 1e-9 // of the deviance that a step won; the next, which is not taken, would win the square of it
)

// penalised is minus twice the logarithm of the joint density of answers and random effects, without constants. It leaves
// what is expected of each record in mu.
func (c *shares) penalised(e effects) float64 {
	c.s.fitted(e, c.eta)
	f := 0.0
	for r, eta := range c.eta {
		small := math.Exp(-math.Abs(eta))
		c.mu[r] = 1 / (1 + small)
		loss := c.no[r]
		if eta < 0 {
			c.mu[r] *= small
			loss = c.yes[r]
		}
		// yes log(1 + exp(-eta)) + no log(1 + exp(eta)), the larger power taken out
		f += loss*math.Abs(eta) + (c.yes[r]+c.no[r])*math.Log(1+small)
	}
	f *= 2
	for _, t := range c.active {
		if g := c.gamma[t]; g > 0 {
			of := e.of(c.l, t)
			f += dot(of, of) / g
		}
	}
	return f
}

// work sets working weights and scores at the last point, and factors the system under them.
func (c *shares) work() {
	for r, mu := range c.mu {
		n := c.yes[r] + c.no[r]
		c.weight[r] = n * mu * (1 - mu)
		c.score[r] = c.yes[r] - n*mu
	}
	c.s.weigh(c.weight)
	c.s.factor(c.gamma)
}

// direction puts the Newton point of the random effects, coefficients held, into next, and returns what the step towards
// it wins, about.
func (c *shares) direction() float64 {
	d := c.l.departments
	for r, w := range c.weight {
		c.scratch[r] = w*(c.eta[r]-c.offset[r]) + c.score[r]
	}
	c.s.gather(c.scratch, c.next)
	c.s.solve(c.next, false)
	win := 0.0
	// The gradient of the penalised deviance is minus twice the score less what the penalty takes of it.
	c.s.fitted(c.next, c.scratch)
	for r, eta := range c.scratch {
		win += c.score[r] * (eta + c.offset[r] - c.eta[r])
	}
	for _, t := range c.active {
		g := c.gamma[t]
		if g == 0 {
			continue
		}
		from, to := c.values.of(c.l, t), c.next.of(c.l, t)
		for i, b := range from {
			win -= b * (to[i] - b) / g
		}
	}
	copy(c.next.dense[d:], c.values.dense[d:])
	return win
}

// walk goes to the Newton point, or half, a quarter ... of the way when that is too far.
func (c *shares) walk(f, win float64) float64 {
	from := effects{append([]float64(nil), c.values.cell...), append([]float64(nil), c.values.function...),
		append([]float64(nil), c.values.family...), append([]float64(nil), c.values.dense...)}
	for part := 1.0; ; part /= 2 {
		mix := func(to, a, b []float64) {
			for i := range to {
				to[i] = a[i] + part*(b[i]-a[i])
			}
		}
		mix(c.values.cell, from.cell, c.next.cell)
		mix(c.values.function, from.function, c.next.function)
		mix(c.values.family, from.family, c.next.family)
		mix(c.values.dense, from.dense, c.next.dense)
		now := c.penalised(c.values)
		if now <= f+1e-12*math.Abs(f) || part < 1e-9 {
			return now
		}
	}
}

// slope is exact: the mode and the determinant move with variances and coefficients.
func (c *shares) slope() (gradient, curvature []float64) {
	l, s, k, d, p := c.l, c.s, len(c.active), c.l.departments, c.l.p
	m := k + p
	gradient, curvature = make([]float64, m), make([]float64, m*m)
	left, pull := s.zero(), s.zero()
	s.gather(c.score, left)
	averageInformation(s, c.active, left, c.weight, c.moves, curvature, m)

	variance := make([]float64, len(c.eta))
	traces := s.invert(false).traces(variance)
	// Derivative of the log determinant by eta, then what is left of it when the mode has followed.
	for r, v := range variance {
		variance[r] = v * c.weight[r] * (1 - 2*c.mu[r])
	}
	s.gather(variance, pull)
	s.solve(pull, false)
	s.fitted(pull, c.scratch)
	for r := range variance {
		variance[r] -= c.weight[r] * c.scratch[r]
	}
	s.gather(variance, pull)
	for i, t := range c.active {
		of := left.of(l, t)
		gradient[i] = traces[t] - dot(of, of) + dot(of, pull.of(l, t))
	}
	for i := range p {
		gradient[k+i] = pull.dense[d+i] - 2*left.dense[d+i]
		for j := range p {
			sum := 0.0
			for h := range min(i, j) + 1 {
				sum += s.root[(d+h)*s.n+d+i] * s.root[(d+h)*s.n+d+j]
			}
			curvature[(k+i)*m+k+j] = 2 * sum
		}
	}
	return gradient, curvature
}

// shift is how far the posterior mean of the effects lies from their mode, to the first order of the skewness of the
// likelihood (Tierney, Kass & Kadane 1989): minus half the effects that fit the derivative of the log determinant.
func (c *shares) shift(v *inverse) effects {
	variance := make([]float64, len(c.eta))
	v.traces(variance)
	for r, x := range variance {
		variance[r] = -x * c.weight[r] * (1 - 2*c.mu[r]) / 2
	}
	e := v.s.zero()
	v.s.gather(variance, e)
	v.s.solve(e, true)
	return e
}
