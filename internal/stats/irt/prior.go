package irt

import (
	"errors"
	"fmt"
	"math"
)

// The grid of a normal prior: from priorSpan standard deviations below the mean to as many above.
const (
	priorPoints = 113
	priorSpan   = 7.0
)

// Prior is what is known of theta before the answers: masses on evenly spaced points, which add up to 1.
type Prior struct {
	points, mass, log []float64
	mean, sd          float64
	normal            bool
}

// ErrPrior says that a prior can't be used; the error around it says why.
var ErrPrior = errors.New("prior can't be used")

// Normal is a normal prior on 113 points from 7 standard deviations below the mean to 7 above, an eighth of a standard deviation apart. The standard deviation is above 0.
func Normal(mean, sd float64) (*Prior, error) {
	if math.IsNaN(mean) || math.Abs(mean) > 10 || !(sd >= 0.01 && sd <= 10) {
		return nil, fmt.Errorf("%w: normal with mean %v and standard deviation %v; give a mean from -10 to 10 and a standard deviation from 0.01 to 10", ErrPrior, mean, sd)
	}
	points, log := make([]float64, priorPoints), make([]float64, priorPoints)
	for q := range points {
		z := priorSpan * (2*float64(q)/(priorPoints-1) - 1)
		points[q], log[q] = mean+sd*z, -z*z/2
	}
	p := newPrior(points, log)
	p.mean, p.sd, p.normal = mean, sd, true
	return p, nil
}

// Standard is the normal prior of the reference population: mean 0, standard deviation 1.
func Standard() *Prior {
	p, err := Normal(0, 1)
	if err != nil {
		panic(err) // its arguments are in range
	}
	return p
}

// Histogram is a prior with masses of any shape on evenly spaced rising points, at least 3. Masses are not negative; they are scaled to 1.
func Histogram(points, mass []float64) (*Prior, error) {
	if len(points) != len(mass) || len(points) < 3 {
		return nil, fmt.Errorf("%w: %d points and %d masses; give as many of both, at least 3", ErrPrior, len(points), len(mass))
	}
	step := (points[len(points)-1] - points[0]) / float64(len(points)-1)
	if !(step > 0) || math.IsInf(step, 0) {
		return nil, fmt.Errorf("%w: its points do not rise", ErrPrior)
	}
	sum, log := 0.0, make([]float64, len(mass))
	for q, m := range mass {
		if !(math.Abs(points[q]-points[0]-step*float64(q)) <= 1e-6*step) {
			return nil, fmt.Errorf("%w: point %d is %v; points are evenly spaced", ErrPrior, q, points[q])
		}
		if !(m >= 0) || math.IsInf(m, 1) {
			return nil, fmt.Errorf("%w: mass %d is %v; give one of 0 or more", ErrPrior, q, m)
		}
		sum += m
		log[q] = math.Log(m)
	}
	if !(sum > 0) || math.IsInf(sum, 1) {
		return nil, fmt.Errorf("%w: its masses add up to %v", ErrPrior, sum)
	}
	return newPrior(append([]float64(nil), points...), log), nil
}

// newPrior scales exp(log) to masses that add up to 1.
func newPrior(points, log []float64) *Prior {
	p := &Prior{points: points, log: log, mass: make([]float64, len(log))}
	total := exponentiate(p.mass, log)
	for q := range log {
		log[q] -= total
	}
	p.mean, p.sd = moments(p.points, p.mass)
	return p
}

// exponentiate writes exp(log), scaled to add up to 1, into mass, and returns the logarithm of the sum of exp(log).
func exponentiate(mass, log []float64) float64 {
	top := math.Inf(-1)
	for _, l := range log {
		top = max(top, l)
	}
	sum := 0.0
	for q, l := range log {
		mass[q] = math.Exp(l - top)
		sum += mass[q]
	}
	for q := range mass {
		mass[q] /= sum
	}
	return top + math.Log(sum)
}

func moments(points, mass []float64) (mean, sd float64) {
	for q, m := range mass {
		mean += m * points[q]
	}
	for q, m := range mass {
		d := points[q] - mean
		sd += m * d * d
	}
	return mean, math.Sqrt(sd)
}

// Posterior is the prior as a posterior of somebody who answered nothing.
func (p *Prior) Posterior() Posterior {
	return Posterior{Points: p.points, Mass: append([]float64(nil), p.mass...), Mean: p.mean, SD: p.sd}
}

// Posterior is what is known of one person's theta: masses on evenly spaced points, which add up to 1.
type Posterior struct {
	Points []float64 // shared; not to be changed
	Mass   []float64
	Mean   float64 // expected a posteriori estimate (EAP)
	SD     float64 // its standard error
	// LogMarginal is the logarithm of the probability of the answers, over the prior.
	LogMarginal float64
}

// Prior is the posterior as a prior of what comes next.
func (p Posterior) Prior() (*Prior, error) { return Histogram(p.Points, p.Mass) }

// Mode is the peak of the posterior, by a parabola through the logarithms of the three highest neighbouring masses; the spacing of
// the points bounds its error.
func (p Posterior) Mode() float64 {
	j := p.peak()
	if j == 0 || j == len(p.Mass)-1 || p.Mass[j-1] == 0 || p.Mass[j+1] == 0 {
		return p.Points[j]
	}
	l, m, r := math.Log(p.Mass[j-1]), math.Log(p.Mass[j]), math.Log(p.Mass[j+1])
	bend := l - 2*m + r
	if !(bend < 0) {
		return p.Points[j]
	}
	return p.Points[j] + (l-r)/(2*bend)*(p.Points[1]-p.Points[0])
}

func (p Posterior) peak() int {
	j := 0
	for q, m := range p.Mass {
		if m > p.Mass[j] {
			j = q
		}
	}
	return j
}

// Below is the probability that theta is below x, 0 to 1. Between points the density is the cubic through the four nearest, so that
// the sum over whole intervals is that of the trapezoid rule.
func (p Posterior) Below(x float64) float64 {
	n := len(p.Points)
	step := p.Points[1] - p.Points[0]
	at := func(q int) float64 {
		if q < 0 || q >= n {
			return 0
		}
		return p.Mass[q]
	}
	place := (x - p.Points[0]) / step
	if !(place > -2) {
		return 0
	}
	if place >= float64(n)+1 {
		return 1
	}
	whole := int(math.Floor(place))
	t := place - float64(whole)
	sum := 0.0
	for j := -2; j < whole; j++ {
		sum += (13*(at(j)+at(j+1)) - at(j-1) - at(j+2)) / 24
	}
	// Integral from 0 to t of Lagrange's cubic through the values at -1, 0, 1 and 2.
	t2, t3, t4 := t*t, t*t*t, t*t*t*t
	sum += at(whole-1)*(-t4/4+t3-t2)/6 + at(whole)*(t4/4-2*t3/3-t2/2+2*t)/2 + at(whole+1)*(-t4/4+t3/3+t2)/2 + at(whole+2)*(t4/4-t2/2)/6
	return min(1, max(0, sum))
}

// Interval is the central interval that holds a share of the posterior, such as 0.9.
func (p Posterior) Interval(share float64) (low, high float64) {
	return p.Quantile((1 - share) / 2), p.Quantile((1 + share) / 2)
}

// Quantile is the theta below which a share of the posterior lies, within the range of its points.
func (p Posterior) Quantile(share float64) float64 {
	low, high := p.Points[0], p.Points[len(p.Points)-1]
	for range 60 {
		if mid := (low + high) / 2; p.Below(mid) < share {
			low = mid
		} else {
			high = mid
		}
	}
	return (low + high) / 2
}
