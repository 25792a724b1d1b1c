package irt

import (
	"context"
	"fmt"
	"math"
	"runtime"

	"gonum.org/v1/gonum/mat"
)

// Calibrated is one item after a calibration.
type Calibrated struct {
	Item Item
	// SlopeSE and ThresholdSE are standard errors, from the observed information of all parameters together (with priors: posterior
	// standard deviations of the normal approximation). What is fixed has 0.
	SlopeSE     float64
	ThresholdSE []float64
	// Counts are the answers by category, weighted.
	Counts []float64
	// AtLimit tells that the slope or a threshold ran to the end of its range: the answers say nothing of it.
	AtLimit bool
	// Moved is the largest distance from the prior, in its standard deviations; 0 without one. Above 3 the guess and the answers
	// contradict each other.
	Moved float64
}

// GroupResult is the distribution of theta in a group.
type GroupResult struct {
	Mean, SD     float64
	MeanSE, SDSE float64 // 0 for what is not free
	People       float64
}

// Calibration is the result of Calibrate.
type Calibration struct {
	Items  []Calibrated
	Groups []GroupResult
	// LogLikelihood is the marginal log-likelihood; LogPosterior adds the priors' logarithms, without their constants.
	LogLikelihood, LogPosterior float64
	Free                        int // number of free parameters
	Steps                       int // passes over the answers
	Converged                   bool

	fit        *fit
	covariance *mat.SymDense // of the free parameters; nil where the information is not positive
	place      []int         // of each parameter among the free ones; -1
}

// Parameters are the items as calibrated.
func (c *Calibration) Parameters() []Item {
	out := make([]Item, len(c.Items))
	for i, it := range c.Items {
		out[i] = it.Item
	}
	return out
}

// Covariance is that of an item's parameters: the logarithm of the slope, then the thresholds, in rows. What is fixed has 0; NaN where
// the answers leave it open.
func (c *Calibration) Covariance(item int) [][]float64 {
	n := c.Items[item].Item.Categories()
	out := make([][]float64, n)
	for j := range out {
		out[j] = make([]float64, n)
		for k := range out[j] {
			out[j][k] = c.between(c.fit.par.first[item]+j, c.fit.par.first[item]+k)
		}
	}
	return out
}

func (c *Calibration) between(a, b int) float64 {
	switch {
	case c.place[a] < 0 || c.place[b] < 0:
		return 0
	case c.covariance == nil:
		return math.NaN()
	}
	return c.covariance.At(c.place[a], c.place[b])
}

// How the search goes on: SQUAREM cycles while they gain, then Newton's steps.
const (
	firstCycles   = 6     // cycles at most before the first of Newton's steps
	cycleGain     = 1e-2  // of log-posterior; a cycle that gains less ends the cycles
	decrementDone = 1e-13 // Newton decrement, twice what the log-posterior can still gain
	maxPasses     = 500
)

// Calibrate estimates item parameters, and what is free of the groups, by marginal maximum likelihood, or with priors by the mode of the
// marginal posterior. EM (Bock & Aitkin 1981, Psychometrika 46) with Newton's method per item in its M-step, accelerated by SQUAREM
// (Varadhan & Roland 2008), comes near; Newton's steps with the observed information of all parameters (Louis 1982) then reach the
// maximum and give standard errors. People answer only the items that they saw: items chosen from earlier answers need no correction,
// because the choice depends on nothing that is not in the data (Mislevy & Wu 1996). It is deterministic, to the bit, for any
// number of workers. The errors are *ItemError, *AnswerError, those that wrap ErrNoAnswers, ErrScale and ErrThin, and that of ctx.
func Calibrate(ctx context.Context, d *Answers, setup []Setup, o Options) (*Calibration, error) {
	f, err := newFit(d, setup, o)
	if err != nil {
		return nil, err
	}
	if err := f.climb(ctx); err != nil {
		return nil, err
	}
	return f.result(), nil
}

// newFit checks what is given and takes the starting values.
func newFit(d *Answers, setup []Setup, o Options) (*fit, error) {
	if len(o.Groups) == 0 {
		o.Groups = []Group{Reference()}
	}
	if err := checkSetup(setup, o.Groups); err != nil {
		return nil, err
	}
	if d.People() == 0 {
		return nil, ErrNoAnswers
	}
	o.defaults()
	if o.Points < 5 || !(o.Span > 0) {
		return nil, fmt.Errorf("quadrature with %d points from -%v to %v; give at least 5 points and a span above 0", o.Points, o.Span, o.Span)
	}
	f := &fit{d: d, setup: setup, options: o, par: newParameters(setup, o.Groups)}
	f.first = make([]int, len(setup))
	rows := 0
	items := make([]Item, len(setup))
	for i, s := range setup {
		f.first[i] = rows
		rows += s.Start.Categories()
		items[i] = s.Start
	}
	f.nrows = rows
	var err error
	if f.rows, err = d.rows(items, f.first, len(o.Groups)); err != nil {
		return nil, err
	}
	f.grid = make([]float64, o.Points)
	for q := range f.grid {
		f.grid[q] = o.Span * (2*float64(q)/float64(o.Points-1) - 1)
	}
	return f, f.count()
}

func (o *Options) defaults() {
	free := false
	for _, g := range o.Groups {
		free = free || g.FreeMean || g.FreeSD || math.Abs(g.Mean) > 1 || g.SD > 1.2
	}
	if o.Span == 0 {
		o.Span = 6
		if free {
			o.Span = 8
		}
	}
	if o.Points == 0 {
		o.Points = 1 + int(math.Round(8*o.Span))
	}
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.MaxSteps <= 0 {
		o.MaxSteps = maxPasses
	}
}

// count tallies answers and people, and refuses what can't be estimated from them.
func (f *fit) count() error {
	f.counts, f.people = make([]float64, f.nrows), make([]float64, len(f.options.Groups))
	for p, w := range f.d.weight {
		f.people[f.d.group[p]] += w
		for j := f.d.start[p]; j < f.d.start[p+1]; j++ {
			f.counts[f.rows[j]] += w
		}
	}
	for i, s := range f.setup {
		if s.Fixed || s.Prior != nil {
			continue
		}
		for k := range s.Start.Categories() {
			if f.counts[f.first[i]+k] == 0 {
				return fmt.Errorf("%w: nobody gave category %d of item %d; give the item a prior, or merge the category with its neighbour", ErrThin, k, i)
			}
		}
	}
	for g, group := range f.options.Groups {
		if (group.FreeMean || group.FreeSD) && f.people[g] < 2 {
			return fmt.Errorf("%w: group %d has %v people; its distribution can't be free", ErrThin, g, f.people[g])
		}
	}
	return nil
}

// result gathers what the search found.
func (f *fit) result() *Calibration {
	c := &Calibration{
		LogLikelihood: f.now.loglik, LogPosterior: f.now.loglik + f.par.prior(f.setup), Free: len(f.par.free), Steps: f.steps, Converged: f.converged,
		fit: f, place: f.par.place(),
	}
	if f.root != nil {
		c.covariance = new(mat.SymDense)
		if err := f.root.InverseTo(c.covariance); err != nil {
			c.covariance = nil
		}
	}
	for i, s := range f.setup {
		it := f.par.item(i)
		out := Calibrated{Item: it, Counts: f.counts[f.first[i] : f.first[i]+it.Categories()]}
		base := f.par.first[i]
		out.SlopeSE = it.A * math.Sqrt(c.between(base, base))
		for k := range it.B {
			out.ThresholdSE = append(out.ThresholdSE, math.Sqrt(c.between(base+1+k, base+1+k)))
			out.AtLimit = out.AtLimit || math.Abs(it.B[k]) > 0.98*MaxThreshold
		}
		out.AtLimit = out.AtLimit || it.A < 1.02*MinSlope || it.A > 0.98*MaxSlope
		if s.Prior != nil && !s.Fixed {
			out.Moved = math.Abs(math.Log(it.A/s.Prior.Slope)) / s.Prior.SlopeSD
			for k, b := range it.B {
				out.Moved = max(out.Moved, math.Abs(b-s.Prior.Thresholds[k])/s.Prior.ThresholdSD)
			}
		}
		c.Items = append(c.Items, out)
	}
	for g := range f.options.Groups {
		at := f.par.groups + 2*g
		mean, sd := f.par.value[at], math.Exp(f.par.value[at+1])
		c.Groups = append(c.Groups, GroupResult{
			Mean: mean, SD: sd, People: f.people[g],
			MeanSE: math.Sqrt(c.between(at, at)), SDSE: sd * math.Sqrt(c.between(at+1, at+1)),
		})
	}
	return c
}
