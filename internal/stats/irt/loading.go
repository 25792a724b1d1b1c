package irt

import (
	"context"
	"errors"
	"fmt"
	"math"
)

// LoadingPrior is what is known of a Loading before the answers: Nu and Lambda normal, and Sigma^2 scaled inverse chi-squared with
// SigmaDF degrees of freedom and its peak at Sigma^2, as if SigmaDF people had been seen.
type LoadingPrior struct {
	Nu, NuSD, Lambda, LambdaSD, Sigma, SigmaDF float64
}

// WeakLoading is the prior for a self-report whose scale has this middle and this usual standard deviation among people. Nu is within one
// of these of the middle; Lambda is 0.3 of it with a standard deviation of 0.3, which covers no relation at all and a
// strong one; Sigma is about it, worth 5 people.
func WeakLoading(middle, spread float64) LoadingPrior {
	return LoadingPrior{Nu: middle, NuSD: spread, Lambda: 0.3 * spread, LambdaSD: 0.3 * spread, Sigma: spread, SigmaDF: 5}
}

// Both is what one person answered in the test and said of the own skill.
type Both struct {
	Answers []Answer
	Self    float64
}

// LoadingFit is the result of FitLoading.
type LoadingFit struct {
	Loading Loading
	// NuSE, LambdaSE and SigmaSE are posterior standard deviations of the normal approximation, from the observed information.
	NuSE, LambdaSE, SigmaSE float64
	// LogLikelihood is the marginal one of test answers and self-reports.
	LogLikelihood float64
	People        int
	Steps         int
	Converged     bool
}

// ErrLoadingPrior says that a LoadingPrior has a standard deviation or degrees of freedom that are not above 0.
var ErrLoadingPrior = errors.New("prior of the loading can't be used")

// FitLoading estimates Nu, Lambda and Sigma from people who did both, by marginal maximum likelihood with the prior: EM over the
// posterior of theta given both, with items and prior of theta as the Scorer has them. reliability is that of the self-report, from 0 to
// 1 (1: no error is told apart from bias); it sets Loading.Error. With few people the prior prevails, with none the result is the
// prior's mode. Errors are *AnswerError, those that wrap ErrLoading and ErrLoadingPrior, and that of ctx.
func FitLoading(ctx context.Context, s *Scorer, people []Both, prior LoadingPrior, reliability float64) (LoadingFit, error) {
	if !(prior.NuSD > 0) || !(prior.LambdaSD > 0) || !(prior.Sigma > 0) || !(prior.SigmaDF > 0) {
		return LoadingFit{}, fmt.Errorf("%w: %+v", ErrLoadingPrior, prior)
	}
	if !(reliability >= 0 && reliability <= 1) {
		return LoadingFit{}, fmt.Errorf("%w: reliability is %v; give one from 0 to 1", ErrLoading, reliability)
	}
	tests := make([]Posterior, len(people))
	for j, p := range people {
		if math.IsNaN(p.Self) || math.IsInf(p.Self, 0) {
			return LoadingFit{}, fmt.Errorf("%w: self-report %d is %v", ErrLoading, j, p.Self)
		}
		var err error
		if tests[j], err = s.Posterior(p.Answers); err != nil {
			return LoadingFit{}, err
		}
	}
	e := &loadingEM{people: people, tests: tests, prior: prior, mass: make([]float64, len(s.prior.points))}
	return e.run(ctx, reliability)
}

// loadingEM is a fit of a Loading under way.
type loadingEM struct {
	people []Both
	tests  []Posterior
	prior  LoadingPrior
	mass   []float64
}

// loadingSums are expected sums over people, for the M-step, and the posterior covariances of the scores for Louis' formula.
type loadingSums struct {
	s, ss, t, tt, st float64
	loglik           float64
	missing          [3][3]float64
}

func (e *loadingEM) pass(l Loading, louis bool) loadingSums {
	var sum loadingSums
	for j, p := range e.people {
		test := &e.tests[j]
		top := math.Inf(-1)
		for q, x := range test.Points {
			z := (p.Self - l.Nu - l.Lambda*x) / l.Sigma
			e.mass[q] = -z * z / 2
			if test.Mass[q] > 0 {
				top = max(top, e.mass[q])
			}
		}
		total, t, tt := 0.0, 0.0, 0.0
		for q, x := range test.Points {
			m := test.Mass[q] * math.Exp(min(0, e.mass[q]-top))
			e.mass[q] = m
			total, t, tt = total+m, t+m*x, tt+m*x*x
		}
		t, tt = t/total, tt/total
		sum.s, sum.ss, sum.t, sum.tt, sum.st = sum.s+p.Self, sum.ss+p.Self*p.Self, sum.t+t, sum.tt+tt, sum.st+p.Self*t
		sum.loglik += test.LogMarginal + top + math.Log(total) - math.Log(l.Sigma*math.Sqrt(2*math.Pi))
		if louis {
			e.covariance(&sum, l, p.Self, total)
		}
	}
	return sum
}

// covariance adds the posterior covariance of the scores in Nu, Lambda and log Sigma of one person.
func (e *loadingEM) covariance(sum *loadingSums, l Loading, self, total float64) {
	var mean [3]float64
	var square [3][3]float64
	for q, x := range e.tests[0].Points {
		m := e.mass[q] / total
		z := (self - l.Nu - l.Lambda*x) / l.Sigma
		score := [3]float64{z / l.Sigma, x * z / l.Sigma, z*z - 1}
		for a := range score {
			mean[a] += m * score[a]
			for b := range score {
				square[a][b] += m * score[a] * score[b]
			}
		}
	}
	for a := range mean {
		for b := range mean {
			sum.missing[a][b] += square[a][b] - mean[a]*mean[b]
		}
	}
}

// residual is the expected sum of squares about nu + lambda theta.
func (s *loadingSums) residual(n, nu, lambda float64) float64 {
	return s.ss - 2*nu*s.s - 2*lambda*s.st + n*nu*nu + 2*nu*lambda*s.t + lambda*lambda*s.tt
}

func (e *loadingEM) run(ctx context.Context, reliability float64) (LoadingFit, error) {
	n, p := float64(len(e.people)), e.prior
	l := Loading{Nu: p.Nu, Lambda: p.Lambda, Sigma: p.Sigma}
	fit := LoadingFit{People: len(e.people)}
	for fit.Steps < 2000 && !fit.Converged {
		if err := ctx.Err(); err != nil {
			return LoadingFit{}, err
		}
		sum := e.pass(l, false)
		fit.Steps++
		next := l
		for range 50 { // conditional maxima in turn: of Nu and Lambda, and of Sigma
			w := 1 / (next.Sigma * next.Sigma)
			a, b, c := n*w+1/(p.NuSD*p.NuSD), sum.t*w, sum.tt*w+1/(p.LambdaSD*p.LambdaSD)
			u, v := sum.s*w+p.Nu/(p.NuSD*p.NuSD), sum.st*w+p.Lambda/(p.LambdaSD*p.LambdaSD)
			det := a*c - b*b
			before := next
			next.Nu, next.Lambda = (c*u-b*v)/det, (a*v-b*u)/det
			next.Sigma = math.Sqrt((max(0, sum.residual(n, next.Nu, next.Lambda)) + p.SigmaDF*p.Sigma*p.Sigma) / (n + p.SigmaDF))
			if math.Abs(next.Nu-before.Nu)+math.Abs(next.Lambda-before.Lambda)+math.Abs(next.Sigma-before.Sigma) < 1e-13*p.Sigma {
				break
			}
		}
		fit.Converged = math.Abs(next.Nu-l.Nu)+math.Abs(next.Lambda-l.Lambda)+math.Abs(next.Sigma-l.Sigma) < 1e-9*p.Sigma
		l = next
	}
	sum := e.pass(l, true)
	fit.LogLikelihood = sum.loglik
	e.errors(&fit, l, &sum)
	// The standard deviation that the Loading gives self-reports, in the reference population.
	l.Error = min(math.Hypot(l.Lambda, l.Sigma)*math.Sqrt(1-reliability), maxErrorShare*l.Sigma)
	fit.Loading = l
	return fit, nil
}

// maxErrorShare keeps some bias where a low reliability would have the error explain everything.
const maxErrorShare = 0.999

// errors sets the standard errors: expected second derivatives of complete data and prior, less the covariances of the scores.
func (e *loadingEM) errors(fit *LoadingFit, l Loading, sum *loadingSums) {
	n, p := float64(len(e.people)), e.prior
	w := 1 / (l.Sigma * l.Sigma)
	rs, rt := sum.s-n*l.Nu-l.Lambda*sum.t, sum.st-l.Nu*sum.t-l.Lambda*sum.tt
	info := []float64{
		n*w + 1/(p.NuSD*p.NuSD), sum.t * w, 2 * rs * w,
		sum.t * w, sum.tt*w + 1/(p.LambdaSD*p.LambdaSD), 2 * rt * w,
		2 * rs * w, 2 * rt * w, 2*w*sum.residual(n, l.Nu, l.Lambda) + 2*p.SigmaDF*p.Sigma*p.Sigma*w,
	}
	for a := range 3 {
		for b := range 3 {
			info[3*a+b] -= sum.missing[a][b]
		}
	}
	var se [3]float64
	for a := range se {
		unit, column := make([]float64, 3), make([]float64, 3)
		unit[a] = 1
		negative := make([]float64, 9)
		for k, v := range info {
			negative[k] = -v
		}
		uphill(column, unit, negative)
		se[a] = math.Sqrt(max(0, column[a]))
	}
	fit.NuSE, fit.LambdaSE, fit.SigmaSE = se[0], se[1], l.Sigma*se[2]
}
