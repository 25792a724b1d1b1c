package stats

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Regression is a linear regression by weighted least squares with design-based errors; it agrees with
// svyglm(family = gaussian()) of R's survey.
type Regression struct {
	Intercept Coefficient
	Slopes    []Coefficient // by predictor
	R2        float64       // weighted share of variance explained, 0..1
	N         int           // complete cases
	DF        float64       // of the t statistics: degrees of freedom of the design minus the number of slopes
	Residual  float64       // weighted standard deviation of the residuals, sum of weights as divisor
}

// Coefficient is one estimate of a regression.
type Coefficient struct {
	Estimate float64
	SE       float64
	T        float64 // Estimate/SE
	P        float64 // two-sided, Student's t on the regression's DF
	Low      float64 // 95 % interval
	High     float64

	// Standard is the slope in standard deviations: Estimate * SD(x)/SD(y), with StandardSE = SE * SD(x)/SD(y) and its
	// interval. The standard deviations count as known, so that an interval excludes 0 exactly when P < 0.05.
	Standard     float64
	StandardSE   float64
	StandardLow  float64
	StandardHigh float64

	VIF float64 // variance inflation factor 1/(1-R2 of this predictor on the others); 0 for the intercept
}

// CollinearError says that predictors cannot be told apart: each of Predictors (positions in the list of predictors) is
// constant or follows exactly from those before it.
type CollinearError struct{ Predictors []int }

func (e *CollinearError) Error() string {
	return fmt.Sprintf("predictors %v (counted from 0) are constant or follow from the predictors before them; leave them out",
		e.Predictors)
}

// ErrConstantOutcome says that there is nothing to explain.
var ErrConstantOutcome = errors.New("the outcome is the same for every case; a regression has nothing to explain")

// DegreesError says that the design has too few sampling units for the number of predictors.
type DegreesError struct{ DF float64 }

func (e *DegreesError) Error() string {
	return fmt.Sprintf("%v degrees of freedom are left for the errors; use fewer predictors, or more cases or clusters", e.DF)
}

// regTolerance is the share of a predictor's variance below which it counts as following from the others.
const regTolerance = 1e-10

// Regress explains the outcome column by the predictor columns (positions in the columns gathered).
//
// Errors: *CollinearError, *DegreesError, ErrConstantOutcome, or a position that is no column.
func (m *Moments) Regress(outcome int, predictors []int) (*Regression, error) {
	if err := m.checkModel(outcome, predictors); err != nil {
		return nil, err
	}
	p := len(predictors)
	r := &Regression{N: m.N, DF: m.DF - float64(p)}
	if r.DF < 1 {
		return nil, &DegreesError{r.DF}
	}
	inverse, slopes := m.leastSquares(outcome, predictors)
	yy := m.Covariance(outcome, outcome)
	explained := 0.0
	for j, b := range slopes {
		explained += b * m.Covariance(predictors[j], outcome)
	}
	r.R2 = min(1, max(0, explained/yy))
	r.Residual = math.Sqrt(max(0, yy-explained))

	intercept := m.Means[outcome]
	for j, x := range predictors {
		intercept -= slopes[j] * m.Means[x]
	}
	gradient := m.slopeGradients(outcome, predictors, inverse, slopes)
	cov := m.quadratic(gradient)
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: r.DF}
	quantile := t.Quantile(0.975)
	r.Intercept = regCoefficient(intercept, cov[0], t, quantile)
	sy := math.Sqrt(yy)
	for j, x := range predictors {
		c := regCoefficient(slopes[j], cov[j+1], t, quantile)
		scale := m.SD(x) / sy
		c.Standard, c.StandardSE = c.Estimate*scale, c.SE*scale
		c.StandardLow, c.StandardHigh = c.Low*scale, c.High*scale
		c.VIF = max(1, inverse[j*p+j]*m.Covariance(x, x))
		r.Slopes = append(r.Slopes, c)
	}
	return r, nil
}

func regCoefficient(estimate, variance float64, t distuv.StudentsT, quantile float64) Coefficient {
	c := Coefficient{Estimate: estimate, SE: math.Sqrt(max(0, variance)), P: 1}
	c.Low, c.High = estimate-quantile*c.SE, estimate+quantile*c.SE
	switch {
	case c.SE > 0:
		c.T = estimate / c.SE
		c.P = 2 * t.Survival(math.Abs(c.T))
	case estimate != 0:
		c.P = 0
	}
	return c
}

func (m *Moments) checkModel(outcome int, predictors []int) error {
	if outcome < 0 || outcome >= m.p {
		return fmt.Errorf("outcome %d is none of the %d columns", outcome, m.p)
	}
	if len(predictors) == 0 {
		return errors.New("a regression needs at least one predictor")
	}
	for _, x := range predictors {
		if x < 0 || x >= m.p || x == outcome {
			return fmt.Errorf("predictor %d is none of the %d columns other than the outcome", x, m.p)
		}
	}
	if m.constant(outcome) {
		return ErrConstantOutcome
	}
	return m.checkRank(predictors)
}

// checkRank names the predictors that follow from earlier ones, by the pivots of a Cholesky decomposition.
func (m *Moments) checkRank(predictors []int) error {
	p := len(predictors)
	a := make([]float64, p*p)
	for i, x := range predictors {
		for j, y := range predictors {
			a[i*p+j] = m.Covariance(x, y)
		}
	}
	var bad []int
	for k, x := range predictors {
		pivot := a[k*p+k]
		if m.constant(x) || !(pivot > regTolerance*m.Covariance(x, x)) {
			bad = append(bad, k)
			continue
		}
		for i := k + 1; i < p; i++ {
			f := a[i*p+k] / pivot
			for j := k + 1; j < p; j++ {
				a[i*p+j] -= f * a[k*p+j]
			}
		}
	}
	if bad != nil {
		return &CollinearError{bad}
	}
	return nil
}

// leastSquares returns the inverse covariance of the predictors and the slopes.
func (m *Moments) leastSquares(outcome int, predictors []int) (inverse, slopes []float64) {
	p := len(predictors)
	// Standardised, so that the scales of the predictors don't matter to the inversion.
	sd := make([]float64, p)
	for i, x := range predictors {
		sd[i] = m.SD(x)
	}
	inverse = make([]float64, p*p)
	for i, x := range predictors {
		for j, y := range predictors {
			inverse[i*p+j] = m.Covariance(x, y) / (sd[i] * sd[j])
		}
	}
	l := regCholesky(inverse, p)
	for k := range p {
		column := make([]float64, p)
		column[k] = 1
		regSolve(l, p, column)
		for i := range p {
			inverse[i*p+k] = column[i] / (sd[i] * sd[k])
		}
	}
	slopes = make([]float64, p)
	for i := range p {
		for j, x := range predictors {
			slopes[i] += inverse[i*p+j] * m.Covariance(x, outcome)
		}
	}
	return inverse, slopes
}

// slopeGradients returns the derivatives of (intercept, slopes) to the moments: the linear form that turns the
// covariance of moments into the sandwich (X'WX)^-1 V(sum w x e) (X'WX)^-1.
func (m *Moments) slopeGradients(outcome int, predictors []int, inverse, slopes []float64) [][]float64 {
	p, dim := len(predictors), len(m.total)
	scores := make([][]float64, p+1)
	for k := range scores {
		z := 0
		if k > 0 {
			z = predictors[k-1] + 1
		}
		g := make([]float64, dim)
		g[momIndex(m.p, min(z, outcome+1), max(z, outcome+1))]++
		for j, x := range predictors {
			g[momIndex(m.p, min(z, x+1), max(z, x+1))] -= slopes[j]
		}
		scores[k] = g
	}
	out := make([][]float64, p+1)
	for i := range p {
		g := make([]float64, dim)
		for j := range p {
			f := inverse[i*p+j] / m.SumWeights
			for k, s := range scores[j+1] {
				g[k] += f * s
			}
		}
		out[i+1] = g
	}
	g := make([]float64, dim)
	for k, s := range scores[0] {
		g[k] = s / m.SumWeights
		for i, x := range predictors {
			g[k] -= m.Means[x] * out[i+1][k]
		}
	}
	out[0] = g
	return out
}

// quadratic returns the variance of each linear form of the moments.
func (m *Moments) quadratic(gradients [][]float64) []float64 {
	dim := len(m.total)
	out := make([]float64, len(gradients))
	for g, a := range gradients {
		for i, x := range a {
			if x == 0 {
				continue
			}
			row := m.cov[i*dim : (i+1)*dim]
			s := 0.0
			for j, y := range a {
				s += row[j] * y
			}
			out[g] += x * s
		}
	}
	return out
}

// regCholesky returns the lower triangular root of a positive definite matrix; nil when it is not.
func regCholesky(a []float64, n int) []float64 {
	l := make([]float64, n*n)
	for i := range n {
		for j := range i + 1 {
			s := a[i*n+j]
			for k := range j {
				s -= l[i*n+k] * l[j*n+k]
			}
			if i == j {
				if !(s > 1e-14*a[i*n+i]) {
					return nil
				}
				l[i*n+i] = math.Sqrt(s)
				continue
			}
			l[i*n+j] = s / l[j*n+j]
		}
	}
	return l
}

// regSolve replaces b by the solution of l l' x = b.
func regSolve(l []float64, n int, b []float64) {
	for i := range n {
		for k := range i {
			b[i] -= l[i*n+k] * b[k]
		}
		b[i] /= l[i*n+i]
	}
	for i := n - 1; i >= 0; i-- {
		for k := i + 1; k < n; k++ {
			b[i] -= l[k*n+i] * b[k]
		}
		b[i] /= l[i*n+i]
	}
}
