package pool

import (
	"context"
	"errors"
	"math"
)

// ErrNoMinimum says that the deviance has no minimum that could be found.
var ErrNoMinimum = errors.New("no estimate was found: the data says too little for this model; fit fewer terms or covariates")

// criterion is a function of k variances, not negative, and of free coefficients after these.
type criterion interface {
	// value is NaN where it cannot be computed.
	value(x []float64) (float64, error)
	// slope returns gradient and curvature (approximate, positive semidefinite, m by m) at the point of the last value.
	slope() (gradient, curvature []float64)
}

// minimum is where a search ended; the criterion was evaluated there last.
type minimum struct {
	x, gradient, curvature []float64
	value                  float64
	steps                  int
}

const (
	maxSteps    = 200
	enough      = 1e-17 // of the deviance that a step could still win
	nearly      = 1e-7  // the same, where rounding ends the search
	near        = 0.1   // the same, from which the curvature is learnt from the gradients
	largest     = 1e9   // variance over that of the residual
	largestStep = 2     // in the logarithm of a variance
)

// search is a quasi-Newton descent in the logarithm of the variances. Far from the minimum the curvature is the average
// information (Gilmour, Thompson & Cullis 1995); close to it BFGS corrects that. A variance of exactly 0 is tried where
// the step points there, and kept only where the deviance does not fall with the variance (the Kuhn-Tucker condition).
type search struct {
	c      criterion
	k      int
	at     minimum
	b      []float64 // curvature in the coordinates of the search, learnt; nil when it is to be taken from the criterion
	rested []int     // step until which 0 is not tried again
}

func minimise(ctx context.Context, c criterion, x []float64, k int) (minimum, error) {
	s := search{c: c, k: k, rested: make([]int, len(x))}
	s.at.x = append([]float64(nil), x...)
	var err error
	if s.at.value, err = c.value(s.at.x); err != nil {
		return s.at, err
	}
	s.at.gradient, s.at.curvature = c.slope()
	for ; s.at.steps < maxSteps; s.at.steps++ {
		if err := ctx.Err(); err != nil {
			return s.at, err
		}
		done, err := s.step()
		if err != nil || done {
			return s.at, err
		}
	}
	return s.at, ErrNoMinimum
}

func (s *search) step() (done bool, err error) {
	if freed, err := s.free(); freed || err != nil {
		return false, err
	}
	g := s.scaled(s.at.x, s.at.gradient)
	if s.b == nil {
		s.b = s.curvature()
	}
	p := s.newton(g)
	win := -dot(g, p)
	if math.IsNaN(win) {
		return false, ErrNoMinimum
	}
	if win < enough {
		return true, nil
	}
	if i := s.towardsZero(p); i >= 0 {
		if taken, err := s.tryZero(i); taken || err != nil {
			return false, err
		}
	}
	most := 0.0
	for i := range s.k {
		most = math.Max(most, math.Abs(p[i]))
	}
	length := math.Min(1, largestStep/math.Max(most, 1e-300))
	return s.along(g, p, length, win)
}

// along takes the largest half, quarter ... of the step that lowers the deviance.
func (s *search) along(g, p []float64, length, win float64) (done bool, err error) {
	slack := 0.0
	if win < 1e-3 {
		slack = 1e-11 * (1 + math.Abs(s.at.value)) // rounding
	}
	for range 40 {
		x := s.moved(p, length)
		f, err := s.c.value(x)
		if err != nil {
			return false, err
		}
		if f <= s.at.value-1e-4*length*win+slack {
			return s.accept(x, f, g, p, length, win)
		}
		length /= 2
	}
	if _, err := s.c.value(s.at.x); err != nil {
		return false, err
	}
	s.at.gradient, s.at.curvature = s.c.slope()
	if win < nearly {
		return true, nil
	}
	return false, ErrNoMinimum
}

func (s *search) accept(x []float64, f float64, g, p []float64, length, win float64) (done bool, err error) {
	for i := range s.k {
		if x[i] > largest {
			return false, ErrNoNoise
		}
	}
	s.at.x, s.at.value = x, f
	s.at.gradient, s.at.curvature = s.c.slope()
	if win > near || length < 1 {
		s.b = nil
		return false, nil
	}
	next := s.scaled(x, s.at.gradient)
	if s.learn(g, next, p) {
		return false, nil
	}
	s.b = nil
	// What the gradient says is below its own rounding.
	return win < 1e-12, nil
}

// scaled is a gradient in the coordinates of the search; 0 for what rests at 0.
func (s *search) scaled(x, gradient []float64) []float64 {
	g := append([]float64(nil), gradient...)
	for i := range s.k {
		g[i] *= x[i]
	}
	return g
}

func (s *search) moved(p []float64, length float64) []float64 {
	x := append([]float64(nil), s.at.x...)
	for i := range x {
		if i < s.k {
			x[i] *= math.Exp(length * p[i])
		} else {
			x[i] += length * p[i]
		}
	}
	return x
}

func (s *search) curvature() []float64 {
	m := len(s.at.x)
	b := append([]float64(nil), s.at.curvature...)
	for i := range s.k {
		for j := range m {
			b[i*m+j] *= s.at.x[i]
			b[j*m+i] *= s.at.x[i]
		}
	}
	return b
}

// newton solves b p = -g; what rests at 0 stays there. A ridge mends curvature that is not positive.
func (s *search) newton(g []float64) []float64 {
	m := len(g)
	p := make([]float64, m)
	for ridge := 1e-10; ridge < 1e10; ridge *= 100 {
		a := append([]float64(nil), s.b...)
		for i := range m {
			if i < s.k && s.at.x[i] == 0 {
				for j := range m {
					a[i*m+j], a[j*m+i] = 0, 0
				}
				a[i*m+i] = 1
				continue
			}
			a[i*m+i] += ridge * (s.b[i*m+i] + 1e-8)
		}
		if cholesky(a, m) {
			for i := range p {
				p[i] = -g[i]
			}
			choleskySolve(a, m, p)
			return p
		}
	}
	p[0] = math.NaN()
	return p
}

// learn updates the curvature by a step and the change of the gradient along it (BFGS). False where the step shows none.
func (s *search) learn(before, after, p []float64) bool {
	m := len(p)
	y, bp := make([]float64, m), make([]float64, m)
	for i := range y {
		y[i] = after[i] - before[i]
		bp[i] = dot(s.b[i*m:(i+1)*m], p)
	}
	py, pbp := dot(p, y), dot(p, bp)
	if !(py > 1e-8*pbp) || pbp <= 0 {
		return false
	}
	for i := range m {
		for j := range m {
			s.b[i*m+j] += y[i]*y[j]/py - bp[i]*bp[j]/pbp
		}
	}
	return true
}

// free lets a variance of 0 grow where the deviance falls with it.
func (s *search) free() (bool, error) {
	m := len(s.at.x)
	for i := range s.k {
		g, h := s.at.gradient[i], s.at.curvature[i*m+i]
		if s.at.x[i] > 0 || g >= 0 || -g*math.Min(1, -g/math.Max(h, 1e-300)) < nearly {
			continue
		}
		for size := math.Min(1, -g/math.Max(h, 1e-300)); size > 1e-14; size /= 8 {
			x := append([]float64(nil), s.at.x...)
			x[i] = size
			f, err := s.c.value(x)
			if err != nil {
				return false, err
			}
			if f < s.at.value {
				s.settle(x, f)
				s.rested[i] = s.at.steps + 10
				return true, nil
			}
		}
		if _, err := s.c.value(s.at.x); err != nil {
			return false, err
		}
		s.at.gradient, s.at.curvature = s.c.slope()
	}
	return false, nil
}

func (s *search) settle(x []float64, f float64) {
	s.at.x, s.at.value, s.b = x, f, nil
	s.at.gradient, s.at.curvature = s.c.slope()
}

// towardsZero returns a variance that a step makes a lot smaller, or -1.
func (s *search) towardsZero(p []float64) int {
	for i := range s.k {
		if s.at.x[i] > 0 && p[i] <= -1 && s.at.steps >= max(1, s.rested[i]) || s.at.x[i] > 0 && s.at.x[i] < 1e-10 {
			return i
		}
	}
	return -1
}

func (s *search) tryZero(i int) (bool, error) {
	x := append([]float64(nil), s.at.x...)
	x[i] = 0
	s.rested[i] = s.at.steps + 3
	f, err := s.c.value(x)
	if err != nil || !(f <= s.at.value+1e-12*math.Abs(s.at.value)) {
		return false, err
	}
	gradient, curvature := s.c.slope()
	if gradient[i] < 0 {
		return false, nil
	}
	s.at.x, s.at.value, s.b = x, f, nil
	s.at.gradient, s.at.curvature = gradient, curvature
	return true, nil
}

// cholesky replaces a small symmetric matrix by its lower factor; false when it is not positive definite.
func cholesky(a []float64, m int) bool {
	for i := range m {
		for j := range i + 1 {
			sum := a[i*m+j] - dot(a[i*m:i*m+j], a[j*m:j*m+j])
			if i > j {
				a[i*m+j] = sum / a[j*m+j]
				continue
			}
			if !(sum > 0) {
				return false
			}
			a[i*m+i] = math.Sqrt(sum)
		}
	}
	return true
}

func choleskySolve(a []float64, m int, b []float64) {
	for i := range m {
		b[i] = (b[i] - dot(a[i*m:i*m+i], b)) / a[i*m+i]
	}
	for i := m - 1; i >= 0; i-- {
		for k := i + 1; k < m; k++ {
			b[i] -= a[k*m+i] * b[k]
		}
		b[i] /= a[i*m+i]
	}
}
