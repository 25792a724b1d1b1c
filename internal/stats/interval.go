package stats

import (
	"math"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// Level is the confidence level of every interval that an estimator returns.
const Level = 0.95

// Methods of the interval of a share.
const (
	Logit = "logit" // t interval on the log odds, back-transformed
	Beta  = "beta"  // Korn-Graubard: exact binomial interval on the effective sample size
)

// fewEffective is the effective number of people with the rarer answer below which the log odds are too skewed for a
// t interval, and the Korn-Graubard interval is used.
const fewEffective = 5 - 1e-9 // rounding must not decide where it is five exactly

// Interval returns the confidence interval of the share at a level between 0 and 1.
//
// Logit agrees with survey::svyciprop(method = "logit"), Beta with method = "beta" (Korn & Graubard 1998): the exact
// binomial interval of EffectiveN people, corrected for the degrees of freedom. Where R's effective sample size is 0/0,
// at a share of 0 or 1, EffectiveN is Kish's. Without degrees of freedom the interval is 0 to 1; a share without
// sampling variance (a census, or a margin that the weights were raked to) is its own interval.
func (s Share) Interval(level float64) (low, high float64) {
	switch {
	case s.Base == 0:
		return 0, 0
	case math.IsInf(s.EffectiveN, 1):
		return s.Share, s.Share
	case s.DF <= 0:
		return 0, 1
	case s.Method == Beta:
		ratio := tQuantile(level, float64(s.Base-1)) / tQuantile(level, s.DF)
		return binomialInterval(s.Share, s.EffectiveN*ratio*ratio, level)
	default:
		logit := math.Log(s.Share / (1 - s.Share))
		margin := tQuantile(level, s.DF) * s.SE / (s.Share * (1 - s.Share))
		return expit(logit - margin), expit(logit + margin)
	}
}

func expit(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// binomialInterval is the Clopper-Pearson interval of the proportion p of n, where n need not be whole.
func binomialInterval(p, n, level float64) (low, high float64) {
	tail := (1 - level) / 2
	high = 1
	if p > 0 {
		low = mathext.InvRegIncBeta(n*p, n*(1-p)+1, tail)
	}
	if p < 1 {
		high = mathext.InvRegIncBeta(n*p+1, n*(1-p), 1-tail)
	}
	return low, high
}

// setInterval chooses the method and fills in the interval. kish is the base's effective sample size under weighting.
func (s *Share) setInterval(kish float64) {
	p := s.Share
	s.Method, s.EffectiveN = Logit, p*(1-p)/(s.SE*s.SE)
	switch {
	case p <= 0 || p >= 1:
		s.Method, s.EffectiveN = Beta, kish
	case s.SE == 0:
		s.EffectiveN = math.Inf(1)
	case s.DF <= 0 || s.EffectiveN*math.Min(p, 1-p) < fewEffective:
		s.Method = Beta
	}
	s.Low, s.High = s.Interval(Level)
}

// Wilson returns the score interval of a published proportion p among n respondents (Wilson 1927, as
// prop.test(correct = FALSE)$conf.int). n is at least 1.
func Wilson(p float64, n int, level float64) (low, high float64) {
	z := distuv.UnitNormal.Quantile((1 + level) / 2)
	m := float64(n)
	centre := p + z*z/(2*m)
	half := z * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	scale := 1 + z*z/m
	return math.Max(0, (centre-half)/scale), math.Min(1, (centre+half)/scale)
}

// fTail returns the probability that an F variable on df1 and df2 degrees of freedom exceeds f, accurate far into the
// tail. Beyond largeDF the chi-square limit with its first correction is closer than the incomplete beta function.
func fTail(f, df1, df2 float64) float64 {
	const largeDF = 1e7
	if f <= 0 {
		return 1
	}
	if df2 <= largeDF {
		return mathext.RegIncBeta(df2/2, df1/2, df2/(df2+df1*f))
	}
	x := df1 * f
	lg, _ := math.Lgamma(df1 / 2)
	density := math.Exp((df1/2-1)*math.Log(x/2)-x/2-lg) / 2
	slope := density * ((df1/2-1)/x - 0.5)
	return math.Max(0, mathext.GammaIncRegComp(df1/2, x/2)-x*x/df2*slope)
}
