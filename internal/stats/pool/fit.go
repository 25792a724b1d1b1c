package pool

import (
	"context"
	"fmt"
	"math"
)

// Method is the criterion that an estimate minimises.
type Method string

// The criteria.
const (
	REML       Method = "REML"
	Likelihood Method = "ML"
	Laplace    Method = "Laplace" // maximum likelihood with the integral over the random effects approximated
)

// Component is the estimated variance of a term.
type Component struct {
	Term     Term
	Variance float64 // of the score, or of the log odds
	SE       float64 // of the variance, with the residual variance held; from the average information
	Levels   int     // with respondents
	Singular bool    // estimated as exactly 0: the data shows no difference between the levels (lme4: a singular fit)
	Doubt    Doubt   // why it could not be estimated and counts as 0; 0 when it was
}

// Fit is a fitted model. It is not changed after the fit: any number of goroutines may use it at once.
type Fit struct {
	Method Method
	// Coefficients are the intercept, the covariates and, with FamilyFixed, the families with respondents but the first;
	// Covariance is their covariance (lme4: vcov(use.hessian = FALSE)).
	Coefficients []float64
	Covariance   [][]float64
	Components   []Component
	Residual     float64 // variance of one answer of weight 1 about its cell; for a share 1, the scale of the log odds
	Deviance     float64 // the REML criterion, or minus twice the logarithm of the likelihood
	People       int
	Steps        int // of the search

	l      *layout
	point  *inverse // at the estimated variances, fixed effects estimated
	wide   *inverse // at the posterior means of the variances, of which the errors of predictions are made
	values effects
	active []Term
	shift  effects   // of a share: from the mode of the effects to their mean
	moves  []effects // derivatives of the effects by the relative variances
	hyper  []float64 // covariance of the estimated relative variances, by active term
	share  bool
	rule   *hermite
	degree float64 // degrees of freedom of intervals, +Inf for the normal
}

// FitLinear fits scores. It agrees with lme4::lmer: REML = !m.ML. Relative variances are found to about 1e-9; a variance
// of exactly 0 is an answer (Component.Singular). Errors: ErrEmpty, ErrConstant, ErrFew, ErrNoNoise, ErrNoMinimum, *DataError,
// *AliasedError, or that of the context.
func FitLinear(ctx context.Context, d *Data, m Model) (*Fit, error) {
	l, active, components, err := prepare(d, m)
	if err != nil {
		return nil, err
	}
	if l.people <= l.p {
		return nil, ErrFew
	}
	total := l.within
	for r, w := range l.weight {
		total += w * l.mean[r] * l.mean[r]
	}
	if !(total > 1e-13*l.sumW*(1+l.centre*l.centre)) {
		return nil, ErrConstant
	}
	c := newLinear(l, m, active)
	if err := c.dropAliased(components); err != nil {
		return nil, err
	}
	start := make([]float64, len(c.active))
	for i := range start {
		start[i] = 1 // as lme4
	}
	best, err := minimise(ctx, c, start, len(start))
	if err != nil {
		return nil, fmt.Errorf("linear mixed model: %w", err)
	}
	sigma2 := c.rss / c.freedom()
	if !(sigma2 > 1e-12*total/l.sumW) {
		return nil, ErrNoNoise
	}
	f := &Fit{Method: REML, Residual: sigma2, l: l, values: c.values, active: c.active, moves: c.moves, degree: c.freedom()}
	if m.ML {
		f.Method = Likelihood
	}
	f.rule = newHermite()
	f.finish(c.s, best, components, len(start))
	f.Coefficients[0] += l.centre
	return f, nil
}

// prepare checks and lays out the data, and finds which terms can be told apart.
func prepare(d *Data, m Model) (*layout, []Term, []Component, error) {
	if err := d.validate(m); err != nil {
		return nil, nil, nil, err
	}
	l := newLayout(d, m)
	if l.people == 0 {
		return nil, nil, nil, ErrEmpty
	}
	list := []Term{FunctionTerm, DepartmentTerm}
	if m.Cell {
		list = append(list, CellTerm)
	}
	if m.Family == FamilyRandom {
		list = append(list, FamilyTerm)
	}
	components, active := make([]Component, len(list)), []Term(nil)
	for i, t := range list {
		components[i] = Component{Term: t, Levels: l.levels(t)}
		switch {
		case components[i].Levels < 2:
			components[i].Doubt = OneLevel
		case components[i].Levels >= l.people || l.sameAsEarlier(t, active):
			components[i].Doubt = AsAnother
		default:
			active = append(active, t)
		}
	}
	return l, active, components, nil
}

// sameAsEarlier tells whether a term parts the cells as one of the earlier terms does.
func (l *layout) sameAsEarlier(t Term, earlier []Term) bool {
	for _, e := range earlier {
		if l.levels(t) != l.levels(e) {
			continue
		}
		type pair struct{ a, b int }
		pairs := map[pair]bool{}
		for c := range l.dept {
			pairs[pair{l.level(t, c), l.level(e, c)}] = true
		}
		if len(pairs) == l.levels(t) {
			return true
		}
	}
	return false
}

// dropAliased takes out terms of which the fixed effects leave nothing.
func (c *linear) dropAliased(components []Component) error {
	if aliased := c.s.factor([terms]float64{}); aliased >= 0 {
		return &AliasedError{aliased - 1}
	}
	traces := c.s.invert(true).traces(nil)
	c.active = dropAliased(c.l, c.active, traces, c.s.w, components)
	c.moves = c.moves[:len(c.active)]
	return nil
}

func dropAliased(l *layout, active []Term, traces [terms]float64, weight []float64, components []Component) []Term {
	sum := 0.0
	for _, w := range weight {
		sum += w
	}
	var kept []Term
	for _, t := range active {
		if traces[t] > 1e-9*sum {
			kept = append(kept, t)
			continue
		}
		for i := range components {
			if components[i].Term == t {
				components[i].Doubt = AsAnother
			}
		}
	}
	return kept
}

// finish works out what follows from the estimated variances. Coordinates after the k variances are left out.
func (f *Fit) finish(s *system, best minimum, components []Component, k int) {
	f.Deviance, f.Steps, f.People, f.Components = best.value, best.steps, f.l.people, components
	f.point = s.invert(true)
	n, d, p := s.n, f.l.departments, f.l.p
	f.Coefficients = append([]float64(nil), f.values.dense[d:]...)
	f.Covariance = make([][]float64, p)
	for i := range f.Covariance {
		row := f.point.t[(d+i)*n+d : (d+i+1)*n]
		for _, x := range row {
			f.Covariance[i] = append(f.Covariance[i], f.Residual*x)
		}
	}
	var mean []float64
	f.hyper, mean = hyper(best, k)
	gamma := s.gamma
	for i, t := range f.active {
		gamma[t] = mean[i]
		for j := range f.Components {
			if c := &f.Components[j]; c.Term == t {
				c.Variance, c.Singular = f.Residual*best.x[i], best.x[i] == 0
				c.SE = f.Residual * math.Sqrt(f.hyper[i*k+i])
			}
		}
	}
	wide := newSystem(f.l, s.families)
	wide.weigh(s.w)
	wide.factor(gamma)
	f.wide = wide.invert(true)
}
