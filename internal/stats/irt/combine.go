package irt

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Loading is how the self-report hangs on the latent skill, the second loading beside that of the test items:
//
//	self = Nu + Lambda theta + bias + error.
//
// The bias is how a person's view of the own skill departs from what people of that skill usually say; the error is what would differ if
// the same person answered again. Sigma is the standard deviation of both together, Error that of the error alone: from the reliability r
// of the self-report and its standard deviation S, Error = S sqrt(1 - r). All but theta is in units of the self-report.
type Loading struct{ Nu, Lambda, Sigma, Error float64 }

// ErrLoading says that a Loading is none; the error around it says why.
var ErrLoading = errors.New("loading can't be used")

// Check returns an error that wraps ErrLoading unless all values are finite, Sigma is above 0, and Error from 0 to below Sigma.
func (l Loading) Check() error {
	for _, v := range []float64{l.Nu, l.Lambda, l.Sigma, l.Error} {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("%w: %+v has a value that is no number", ErrLoading, l)
		}
	}
	if !(l.Sigma > 0) || !(l.Error >= 0 && l.Error < l.Sigma) {
		return fmt.Errorf("%w: sigma is %v and error %v; give a sigma above 0 and an error from 0 to below it", ErrLoading, l.Sigma, l.Error)
	}
	return nil
}

// Correlation is that of skill and self-report in the reference population.
func (l Loading) Correlation() float64 { return l.Lambda / math.Hypot(l.Lambda, l.Sigma) }

// Combine adds a self-report to what the test, or the prior, says: the posterior given both. With Prior.Posterior it is the posterior
// given the self-report alone. LogMarginal grows by the log-density of the self-report.
func (l Loading) Combine(p Posterior, self float64) (Posterior, error) {
	if err := l.Check(); err != nil {
		return Posterior{}, err
	}
	if math.IsNaN(self) || math.IsInf(self, 0) {
		return Posterior{}, fmt.Errorf("%w: the self-report is %v", ErrLoading, self)
	}
	out := Posterior{Points: p.Points, Mass: make([]float64, len(p.Mass))}
	for q, m := range p.Mass {
		z := (self - l.Nu - l.Lambda*p.Points[q]) / l.Sigma
		out.Mass[q] = math.Log(m) - z*z/2
	}
	out.LogMarginal = p.LogMarginal + exponentiate(out.Mass, out.Mass) - math.Log(l.Sigma*math.Sqrt(2*math.Pi))
	out.Mean, out.SD = moments(out.Points, out.Mass)
	if math.IsNaN(out.Mean) {
		return Posterior{}, fmt.Errorf("%w: a self-report of %v is beyond all that it makes possible", ErrLoading, self)
	}
	return out, nil
}

// Difference is what somebody's view of the own skill and the test differ by, in standard deviations of the reference population: above 0
// where the person thinks more of the own skill, compared with others, than the test shows.
type Difference struct {
	Self  float64 // the person's view, freed of error as far as known, as a place among others: mean 0, standard deviation 1
	Test  float64 // theta, given test and self-report
	Value float64 // Self - Test
	SE    float64 // posterior standard deviation of Value
	// TestSD is the posterior standard deviation of theta given the test alone, before the self-report.
	TestSD float64

	pieces []piece
}

// piece is a normal part of the posterior of a difference.
type piece struct{ mass, mean, sd float64 }

// Z is the standardised difference, Value / SE; 0 where both are 0.
func (d Difference) Z() float64 {
	if d.Value == 0 {
		return 0
	}
	return d.Value / d.SE
}

// Above is the posterior probability that the difference is above x.
func (d Difference) Above(x float64) float64 {
	sum := 0.0
	for _, p := range d.pieces {
		if p.sd == 0 {
			if p.mean > x {
				sum += p.mass
			}
			continue
		}
		sum += p.mass * distuv.UnitNormal.Survival((x-p.mean)/p.sd)
	}
	return min(1, sum)
}

// Compare puts what somebody says beside what the test says. Both scales are joined by equal places among others (mean and standard
// deviation of the reference population), not by regression: the difference stays in range however little self-reports hang on the
// skill. Self is the view without its error of measurement, so its spread in the population is sqrt(Lambda^2 + Sigma^2 - Error^2).
// The value is the mean of the joint posterior of theta and view, given both and the Loading, and so drawn towards what is usual.
func (l Loading) Compare(test Posterior, self float64) (Difference, error) {
	both, err := l.Combine(test, self)
	if err != nil {
		return Difference{}, err
	}
	bias := l.Sigma*l.Sigma - l.Error*l.Error
	spread := math.Sqrt(l.Lambda*l.Lambda + bias)
	share := bias / (l.Sigma * l.Sigma) // of a departure from the usual that is bias
	within := l.Error * math.Sqrt(share) / spread
	d := Difference{Test: both.Mean, TestSD: test.SD, pieces: make([]piece, 0, len(both.Mass))}
	step := both.Points[1] - both.Points[0]
	slope := (l.Lambda*(1-share))/spread - 1
	for q, m := range both.Mass {
		theta := both.Points[q]
		view := l.Lambda*theta + share*(self-l.Nu-l.Lambda*theta)
		value := view/spread - theta
		d.pieces = append(d.pieces, piece{m, value, within})
		d.Self += m * view / spread
		d.Value += m * value
	}
	between := 0.0
	for _, p := range d.pieces {
		e := p.mean - d.Value
		between += p.mass * e * e
	}
	d.SE = math.Sqrt(within*within + between)
	if cell := step * math.Abs(slope); within < cell {
		d.smooth(cell*cell/12, between)
	}
	return d, nil
}

// smooth lets each mass stand for the cell around its point, with this variance within it, and draws the points together so that the
// variance of the whole, of which between is that of the points, stays.
func (d *Difference) smooth(cell, between float64) {
	cell = min(cell, between)
	shrink := 0.0
	if between > 0 {
		shrink = math.Sqrt((between - cell) / between)
	}
	for k := range d.pieces {
		p := &d.pieces[k]
		p.mean = d.Value + shrink*(p.mean-d.Value)
		p.sd = math.Sqrt(p.sd*p.sd + cell)
	}
}

// Say is the rule for when to tell somebody of a difference. The zero value is DefaultSay.
type Say struct {
	Least  float64 // smallest difference worth a word, in standard deviations
	Close  float64 // differences below it are close
	Sure   float64 // least probability of what is said
	TestSD float64 // largest posterior standard deviation of a test that may speak
}

// DefaultSay speaks of half a level or more, and of less than one level as close, where that is 90 % sure, after a test that leaves a
// posterior standard deviation of at most 0.6 (a reliability of 0.64).
func DefaultSay() Say { return Say{Least: 0.5, Close: 1, Sure: 0.9, TestSD: 0.6} }

// Verdict is what may be said of a difference.
type Verdict string

// Verdicts.
const (
	Silent  Verdict = "silent"  // nothing: not sure enough
	Close   Verdict = "close"   // self-report and test are close
	Higher  Verdict = "higher"  // the person rates the skill higher than the test shows
	Lower   Verdict = "lower"   // the person rates the skill lower than the test shows
	Unclear Verdict = "unclear" // nothing: the test itself is not precise enough
)

// Verdict applies the rule. Where the Loading holds, of all who are told Higher or Lower at least the share Sure do differ by Least in
// that direction.
func (d Difference) Verdict(say Say) Verdict {
	if say == (Say{}) {
		say = DefaultSay()
	}
	above, below := d.Above(say.Least), 1-d.Above(-say.Least)
	switch {
	case d.TestSD > say.TestSD:
		return Unclear
	case above >= say.Sure:
		return Higher
	case below >= say.Sure:
		return Lower
	case d.Above(-say.Close)-d.Above(say.Close) >= say.Sure:
		return Close
	}
	return Silent
}
