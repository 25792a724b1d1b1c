package irt

import (
	"fmt"

	"gonum.org/v1/gonum/floats"
)

// Scorer scores people on one set of items and one prior; it holds the log-probabilities of all categories at the points of the
// prior. It may be used by many goroutines at once.
type Scorer struct {
	items []Item
	prior *Prior
	first []int       // row of category 0 of each item
	rows  [][]float64 // by item and category: log-probability at each point
}

// NewScorer makes a Scorer; a nil prior is Standard. The error is an *ItemError.
func NewScorer(items []Item, prior *Prior) (*Scorer, error) {
	if err := checkItems(items); err != nil {
		return nil, err
	}
	if prior == nil {
		prior = Standard()
	}
	s := &Scorer{prior: prior, first: make([]int, len(items))}
	for i, it := range items {
		s.items = append(s.items, it.clone())
		s.first[i] = len(s.rows)
		s.rows = append(s.rows, tabulate(it, prior.points)...)
	}
	return s, nil
}

// tabulate holds the log-probabilities of an item by category and point.
func tabulate(it Item, points []float64) [][]float64 {
	k := it.Categories()
	all := make([]float64, k*len(points))
	rows := make([][]float64, k)
	for c := range rows {
		rows[c] = all[c*len(points) : (c+1)*len(points)]
	}
	var room [8]float64
	for q, x := range points {
		for c, l := range it.LogProbabilities(room[:0], x) {
			rows[c][q] = l
		}
	}
	return rows
}

// Posterior is what the answers say of theta, with the EAP estimate and its standard error (Bock & Mislevy 1982). Items without an
// answer are left out of answers; patterns that are all right, all wrong or empty give finite results. The error is an *AnswerError.
func (s *Scorer) Posterior(answers []Answer) (Posterior, error) {
	if err := checkAnswers(s.items, answers); err != nil {
		return Posterior{}, err
	}
	return s.posterior(answers), nil
}

func (s *Scorer) posterior(answers []Answer) Posterior {
	log := append([]float64(nil), s.prior.log...)
	for _, a := range answers {
		floats.Add(log, s.rows[s.first[a.Item]+a.Category])
	}
	p := Posterior{Points: s.prior.points, Mass: log}
	p.LogMarginal = exponentiate(p.Mass, log)
	p.Mean, p.SD = moments(p.Points, p.Mass)
	return p
}

// Estimate is a point estimate of theta.
type Estimate struct {
	Theta float64
	SE    float64 // standard error
	// Bounded tells that there is no finite estimate: Theta is the end of the range that was searched.
	Bounded bool
}

// String shows the estimate with its standard error.
func (e Estimate) String() string { return fmt.Sprintf("%.3f (%.3f)", e.Theta, e.SE) }

// MAP is the mode of the posterior; its standard error is from the observed information and the prior's curvature. With a prior that
// is not normal the mode is found to the spacing of its points (Posterior.Mode), with the posterior's standard deviation.
func (s *Scorer) MAP(answers []Answer) (Estimate, error) {
	p, err := s.Posterior(answers)
	if err != nil {
		return Estimate{}, err
	}
	if !s.prior.normal {
		return Estimate{Theta: p.Mode(), SE: p.SD}, nil
	}
	precision := 1 / (s.prior.sd * s.prior.sd)
	slope := func(x float64) (float64, float64) {
		first, second := score(s.items, answers, x)
		return first - (x-s.prior.mean)*precision, second - precision
	}
	j := p.peak()
	step := p.Points[1] - p.Points[0]
	theta := crossing(slope, p.Points[j]-step, p.Points[j]+step)
	_, second := slope(theta)
	return estimate(theta, -second), nil
}
