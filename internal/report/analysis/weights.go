package analysis

import (
	"context"

	"tekentafel/internal/instrument"
)

// Weighting is how each respondent counts in the figures of a wave, for whoever recomputes them from single answers.
type Weighting struct {
	Weights []float64 // by respondent: final weights, those after raking; never nil
	Method  string    // as findings.Weights.Method: none, column or raking
	// Raked lists the variables that the weights were raked to: standard errors use residuals from their main effects.
	Raked []string
	// Population is the number of people behind the finite population correction by stratum, in order of the levels of
	// Options.Strata; one number without strata; nil without correction.
	Population []float64
}

// Weigh returns the weights and the design with which Analyse computes its figures for the same answers and options. It
// brings the columns of a in line with the routing, in place, as Analyse does.
func Weigh(ctx context.Context, a *instrument.Answers, opt Options) (*Weighting, error) {
	if a.N == 0 {
		return nil, ErrNoRespondents
	}
	routing, err := instrument.CompileRouting(a.Instrument)
	if err != nil {
		return nil, err
	}
	routing.Apply(a)
	s, err := newSheet(a, routing, opt.By, opt.Also...)
	if err != nil {
		return nil, err
	}
	d, err := newDesign(ctx, s, &opt)
	if err != nil {
		return nil, err
	}
	w := &Weighting{Weights: make([]float64, a.N), Method: d.weights.Method, Raked: d.weights.Margins, Population: d.design.Population}
	for i := range w.Weights {
		w.Weights[i] = d.design.Weight(i)
	}
	return w, nil
}
