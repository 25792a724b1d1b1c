package pool

import "math"

// hyper is the covariance of the relative variances, twice the inverse of the curvature of the deviance, and their
// means. A posterior of a variance is skewed: with the error sd of the estimate its mean lies about sd^2 / (2 estimate) above it, as
// that of a log-normal, and at most as far as that of a normal cut off at 0. For a variance estimated at 0, which goes with
// no other, both are those of the normal cut off.
func hyper(best minimum, k int) (covariance, mean []float64) {
	m := len(best.x)
	covariance, mean = make([]float64, k*k), append([]float64(nil), best.x[:k]...)
	var free []int
	for i := range k {
		h := best.curvature[i*m+i]
		if best.x[i] > 0 {
			free = append(free, i)
		} else if h > 0 {
			mean[i], covariance[i*k+i] = cutOff(-best.gradient[i]/h, math.Sqrt(2/h))
		}
	}
	a := make([]float64, len(free)*len(free))
	for i, fi := range free {
		for j, fj := range free {
			a[i*len(free)+j] = best.curvature[fi*m+fj] / 2
		}
	}
	if !cholesky(a, len(free)) {
		return covariance, mean
	}
	for j, fj := range free {
		b := make([]float64, len(free))
		b[j] = 1
		choleskySolve(a, len(free), b)
		for i, fi := range free {
			covariance[fi*k+fj] = b[i]
		}
		sd := math.Sqrt(b[j])
		mean[fj] += sd * math.Min(sd/(2*mean[fj]), math.Sqrt(2/math.Pi))
	}
	return covariance, mean
}

// cutOff is the mean and the second moment of a normal variable with mean mu (at most 0), given that it is positive.
func cutOff(mu, sd float64) (mean, second float64) {
	z := mu / sd
	if z < -20 { // exponential with this rate
		return -sd / z, 2 * sd * sd / (z * z)
	}
	ratio := math.Exp(-z*z/2) / math.Sqrt(2*math.Pi) / (math.Erfc(-z/math.Sqrt2) / 2)
	return sd * (z + ratio), sd * sd * (1 + z*z + z*ratio)
}
