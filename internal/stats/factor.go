package stats

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// oneFactor is a one-factor model of a correlation matrix, fitted by minimum residuals (Harman and Jones 1966).
type oneFactor struct {
	loadings  []float64 // their sum is not negative
	heywood   []int     // items whose uniqueness stands at its lower bound
	converged bool
}

// facFloor is the lowest uniqueness, as psych::fa has it.
const facFloor = 0.005

// fitOneFactor fits the model to correlations r (k x k). It minimises what psych::fa(fm = "minres") does, the sum of
// squared residuals off the diagonal, with uniquenesses of at least 0.005: on the diagonal only the excess of a squared
// loading over 0.995 counts. Two items have no unique solution; like psych's the one found has equal loadings.
func fitOneFactor(r []float64, k int) oneFactor {
	var f oneFactor
	if k == 2 {
		l := math.Sqrt(min(math.Abs(r[1]), 1))
		f = oneFactor{loadings: []float64{l, math.Copysign(l, r[1])}, converged: true}
	} else {
		f.loadings, f.converged = facDescend(r, facStart(r, k))
	}
	sum := 0.0
	for _, l := range f.loadings {
		sum += l
	}
	for i := range f.loadings {
		if sum < 0 {
			f.loadings[i] = -f.loadings[i]
		}
		if f.loadings[i]*f.loadings[i] >= 1-facFloor {
			f.heywood = append(f.heywood, i)
		}
	}
	return f
}

// facDescend goes down from a start by damped Newton steps (Levenberg-Marquardt).
func facDescend(r, loadings []float64) (at []float64, converged bool) {
	damping := 1e-3
	now := facLoss(r, loadings)
	gradient, curve := facDerivatives(r, loadings)
	for range 500 {
		steepest := facLargest(gradient)
		if steepest < 1e-12 {
			return loadings, true
		}
		if damping > 1e12 {
			return loadings, steepest < 1e-7
		}
		next := facStep(loadings, gradient, curve, damping)
		if next == nil {
			damping = max(8*damping, 1e-6)
			continue
		}
		loss := facLoss(r, next)
		g, c := facDerivatives(r, next)
		// Where the loss no longer tells two places apart, the gradient does.
		level := math.Abs(loss-now) <= 1e-13*(1+now)
		if loss < now && !level || level && facLargest(g) < steepest {
			loadings, now, gradient, curve = next, loss, g, c
			damping /= 8
			continue
		}
		damping = max(8*damping, 1e-6)
	}
	return loadings, facLargest(gradient) < 1e-7
}

func facLargest(v []float64) float64 {
	most := 0.0
	for _, x := range v {
		most = max(most, math.Abs(x))
	}
	return most
}

// facStart returns the first principal component's loadings, by power iteration.
func facStart(r []float64, k int) []float64 {
	v := make([]float64, k)
	for i := range v {
		// Not orthogonal to the first component unless by accident, whatever the signs.
		v[i] = 1 + 0.01*float64(i)
	}
	for range 100 {
		next := make([]float64, k)
		for i := range next {
			next[i] = floats.Dot(r[i*k:(i+1)*k], v)
		}
		floats.Scale(1/floats.Norm(next, 2), next)
		v = next
	}
	// Scaled to fit best off the diagonal: c minimises the sum of (r_ij - c v_i v_j)^2.
	above, below := 0.0, 0.0
	for i := range k {
		for j := range i {
			above += r[i*k+j] * v[i] * v[j]
			below += v[i] * v[i] * v[j] * v[j]
		}
	}
	c := 0.0
	if below > 0 {
		c = math.Sqrt(max(above/below, 1e-6))
	}
	for i := range v {
		v[i] *= c
	}
	return v
}

// facLoss is the sum of squared residuals below the diagonal plus half that on it.
func facLoss(r, l []float64) float64 {
	k := len(l)
	loss := 0.0
	for i, x := range l {
		for j, y := range l[:i] {
			d := r[i*k+j] - x*y
			loss += d * d
		}
		if over := x*x - (1 - facFloor); over > 0 {
			loss += over * over / 2
		}
	}
	return loss
}

// facDerivatives returns half the first and second derivatives of facLoss.
func facDerivatives(r, l []float64) (gradient, curve []float64) {
	k := len(l)
	gradient, curve = make([]float64, k), make([]float64, k*k)
	for i, x := range l {
		for j, y := range l {
			if i == j {
				continue
			}
			d := x*y - r[i*k+j]
			gradient[i] += d * y
			curve[i*k+i] += y * y
			curve[i*k+j] = d + x*y
		}
		if over := x*x - (1 - facFloor); over > 0 {
			gradient[i] += over * x
			curve[i*k+i] += over + 2*x*x
		}
	}
	return gradient, curve
}

// facStep takes a damped Newton step; nil where the damped curve is not convex.
func facStep(l, gradient, curve []float64, damping float64) []float64 {
	k := len(l)
	a := append([]float64(nil), curve...)
	for i := range k {
		a[i*k+i] += damping * max(1, math.Abs(a[i*k+i]))
	}
	root := regCholesky(a, k)
	if root == nil {
		return nil
	}
	next := append([]float64(nil), gradient...)
	regSolve(root, k, next)
	for i := range next {
		next[i] = l[i] - next[i]
	}
	return next
}

// omega returns omega total of a correlation matrix under a one-factor model, items with a negative loading reversed:
// (sum of correlations - sum of uniquenesses) / sum of correlations, as psych::omega(nfactors = 1)$omega.tot.
func (f oneFactor) omega(r []float64) float64 {
	k := len(f.loadings)
	whole, unique := 0.0, 0.0
	for i, x := range f.loadings {
		for j, y := range f.loadings {
			s := 1.0
			if (x < 0) != (y < 0) {
				s = -1
			}
			whole += s * r[i*k+j]
		}
		unique += 1 - x*x
	}
	if !(whole > 0) {
		return 0
	}
	return (whole - unique) / whole
}
