package stats

import (
	"math"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// noncentralFCDF returns the probability that a noncentral F variable on df1 and df2 degrees of freedom with
// noncentrality lambda is at most f, as pf(f, df1, df2, ncp): a Poisson mixture of beta distributions, summed downwards
// from the top so that every step adds positive terms. Beyond 1e6 denominator degrees of freedom it takes the
// noncentral chi-square limit.
func noncentralFCDF(f, df1, df2, lambda float64) float64 {
	if f <= 0 {
		return 0
	}
	m := newMixture(f, df1, df2)
	if lambda <= 0 {
		return m.cdf(0)
	}
	half := lambda / 2
	width := 8*math.Sqrt(half) + 30
	bottom, top := math.Max(0, math.Floor(half-width)), math.Ceil(half+width)
	lg, _ := math.Lgamma(top + 1)
	poisson := math.Exp(top*math.Log(half) - half - lg)
	cdf, gain, sum := m.cdf(top), m.gain(top), 0.0
	for j := top; ; j-- {
		sum += poisson * cdf
		if !(j > bottom) {
			return math.Min(1, sum)
		}
		gain *= m.ratio(j - 1)
		if gain < 1e-280 {
			gain = m.gain(j - 1)
		}
		cdf += gain
		poisson *= j / half
	}
}

// mixture is the distribution function at one f of the components j of a noncentral F: incomplete beta functions, or
// incomplete gamma functions in the chi-square limit.
type mixture struct {
	a, b       float64 // df1/2, df2/2
	x          float64 // beta: df1 f/(df1 f+df2); gamma: df1 f/2
	logX, logY float64
	gamma      bool
}

func newMixture(f, df1, df2 float64) mixture {
	if df2 > 1e6 {
		x := df1 * f / 2
		return mixture{a: df1 / 2, x: x, logX: math.Log(x), gamma: true}
	}
	x, y := df1*f/(df1*f+df2), df2/(df1*f+df2)
	return mixture{a: df1 / 2, b: df2 / 2, x: x, logX: math.Log(x), logY: math.Log(y)}
}

func (m mixture) cdf(j float64) float64 {
	if m.gamma {
		return mathext.GammaIncReg(m.a+j, m.x)
	}
	return mathext.RegIncBeta(m.a+j, m.b, m.x)
}

// gain is cdf(j) - cdf(j+1).
func (m mixture) gain(j float64) float64 {
	a := m.a + j
	lgA, _ := math.Lgamma(a + 1)
	if m.gamma {
		return math.Exp(a*m.logX - m.x - lgA)
	}
	lgAB, _ := math.Lgamma(a + m.b)
	lgB, _ := math.Lgamma(m.b)
	return math.Exp(lgAB - lgA - lgB + a*m.logX + m.b*m.logY)
}

// ratio is gain(j) / gain(j+1).
func (m mixture) ratio(j float64) float64 {
	a := m.a + j
	if m.gamma {
		return (a + 1) / m.x
	}
	return (a + 1) / ((a + m.b) * m.x)
}

// noncentralityInterval returns the noncentralities under which the observed f is the upper and the lower tail quantile
// (Steiger & Fouladi 1997); 0 where f is small even without an effect.
func noncentralityInterval(f, df1, df2, level float64) (low, high float64) {
	tail := (1 - level) / 2
	return noncentralityAt(f, df1, df2, 1-tail), noncentralityAt(f, df1, df2, tail)
}

// noncentralityAt solves noncentralFCDF = probability for lambda. On the normal scale the distribution function is
// nearly linear in the root of lambda, so that a bracketed secant needs few steps.
func noncentralityAt(f, df1, df2, probability float64) float64 {
	const vast = 1e9
	if df1*f > vast { // only the denominator varies
		return df1 * f * distuv.ChiSquared{K: df2}.Quantile(1-probability) / df2
	}
	target := distuv.UnitNormal.Quantile(probability)
	above := func(root float64) float64 {
		p := noncentralFCDF(f, df1, df2, root*root)
		return distuv.UnitNormal.Quantile(math.Min(1-1e-15, math.Max(1e-300, p))) - target
	}
	if above(0) <= 0 {
		return 0
	}
	start := math.Sqrt(math.Max(0, df1*(f-1)))
	low, high := start, start
	step := 1 + start*math.Sqrt(1/df2)
	for low > 0 && above(low) <= 0 {
		low, step = math.Max(0, low-step), 2*step
	}
	for step = 1 + start*math.Sqrt(1/df2); above(high) > 0; step *= 2 {
		low, high = high, high+step
	}
	root := illinois(above, low, high)
	return root * root
}

// illinois finds the zero of a falling function between low, where it is positive, and high, where it is not (Dowell &
// Jarratt 1971).
func illinois(f func(float64) float64, low, high float64) float64 {
	fl, fh := f(low), f(high)
	for range 100 {
		if high-low <= 1e-11*high+1e-9 {
			break
		}
		mid := (low*fh - high*fl) / (fh - fl)
		if !(mid > low && mid < high) {
			mid = (low + high) / 2
		}
		fm := f(mid)
		switch {
		case math.Abs(fm) < 1e-13:
			return mid
		case fm > 0:
			low, fl = mid, fm
			fh /= 2
		default:
			high, fh = mid, fm
			fl /= 2
		}
	}
	return (low + high) / 2
}
