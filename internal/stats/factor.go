package stats

import "math"

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
	f := oneFactor{loadings: facStart(r, k)}
	if k == 2 {
		l := math.Sqrt(min(math.Abs(r[1]), 1))
		f.loadings = []float64{l, math.Copysign(l, r[1])}
		f.converged = true
		return f
	}
	damping := 1e-3
	now := facLoss(r, f.loadings)
	for range 2000 {
		gradient, curve := facDerivatives(r, f.loadings)
		steepest := 0.0
		for _, g := range gradient {
			steepest = max(steepest, math.Abs(g))
		}
		if steepest < 1e-11 {
			f.converged = true
			break
		}
		next, loss, ok := facStep(r, f.loadings, gradient, curve, damping)
		if !ok || loss > now {
			if damping > 1e12 {
				f.converged = steepest < 1e-8
				break
			}
			damping *= 8
			continue
		}
		f.loadings, now = next, loss
		damping = max(damping/8, 1e-15)
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

// facStart returns the first principal component's loadings, by power iteration.
func facStart(r []float64, k int) []float64 {
	v := make([]float64, k)
	for i := range v {
		// Not orthogonal to the first component unless by accident, whatever the signs.
		v[i] = 1 + 0.01*float64(i)
	}
	value := 1.0
	for range 100 {
		next := times(r, v)
		value = 0
		for _, x := range next {
			value += x * x
		}
		value = math.Sqrt(value)
		for i := range next {
			next[i] /= value
		}
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

// facStep takes a damped Newton step.
func facStep(r, l, gradient, curve []float64, damping float64) (next []float64, loss float64, ok bool) {
	k := len(l)
	a := append([]float64(nil), curve...)
	for i := range k {
		a[i*k+i] += damping * max(1, math.Abs(a[i*k+i]))
	}
	root := regCholesky(a, k)
	if root == nil {
		return nil, 0, false
	}
	step := append([]float64(nil), gradient...)
	regSolve(root, k, step)
	next = make([]float64, k)
	for i := range k {
		next[i] = l[i] - step[i]
	}
	return next, facLoss(r, next), true
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
