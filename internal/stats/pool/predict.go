package pool

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"tekentafel/internal/stats"
)

// Level is the confidence level of every interval.
const Level = stats.Level

// Target is what something is said about: the people of a function in a department with the same covariates. Nobody of
// them need have answered, nor anybody of the function or the department.
type Target struct {
	Function, Department int
	X                    []float64 // covariates, as in Cell
	// Size is how many people there are: the weight of the target in an aggregate, and the population of Options.Finite.
	Size float64
	// Known are those of them who answered, with Options.Finite; only N and Sum are read.
	Known Tally
}

// Options of what is said about targets.
type Options struct {
	Rule Rule
	// Finite asks for the mean of the Size people who are there, of whom Known are known and only the rest is predicted,
	// each with their own residual (Valliant, Dorfman & Royall 2000, chapter 2). Without it the mean is that which the model
	// expects of many people in the same place.
	Finite bool
}

// Prediction is what is said about a target or an aggregate.
type Prediction struct {
	// Linear is the linear predictor, a score or log odds (lme4: predict(re.form = NULL); for a share type = "link"). PluginSE is
	// its standard error with fixed effects estimated and variances of the terms as if known; LinearSE adds what these are uncertain
	// by: the first is taken at their posterior means, and the movement of Linear with them is added (Kass & Steffey 1989, eq. 3.5).
	// All are NaN for an aggregate of shares.
	Linear, PluginSE, LinearSE float64
	// Estimate is the mean score or the share, SE its standard error. A share is the mean of its posterior, so that shares of
	// cells add up to that of their aggregate; that at the mode of the log odds, Linear, is another (lme4: type = "response").
	Estimate, SE float64
	// Low and High are the 95 % interval: Student's t on the residual degrees of freedom for a score; on the log odds for a
	// share. With Options.Finite a share stays between those known to say no and those known to say yes.
	Low, High float64
	// People who answered: in the cells of the target, in its function and in its department (0 for an aggregate).
	People, FunctionPeople, DepartmentPeople int
	// Doubt is why the figure is not enough to go by; 0 when it is.
	Doubt Doubt
}

// Predict says something about each target. Errors: *TargetError.
func (f *Fit) Predict(targets []Target, o Options) ([]Prediction, error) {
	if err := f.check(targets, o.Finite, false); err != nil {
		return nil, err
	}
	model := o.Rule.model(f)
	out := make([]Prediction, len(targets))
	z := f.critical()
	f.visit(targets, needs{plugin: true, variance: true}, func(i int, m moments) {
		t, p := &targets[i], &out[i]
		p.Linear, p.PluginSE, p.LinearSE = m.linear, math.Sqrt(m.plugin), math.Sqrt(m.variance)
		p.FunctionPeople = int(f.l.peopleOf[FunctionTerm][t.Function])
		p.DepartmentPeople = int(f.l.peopleOf[DepartmentTerm][t.Department])
		if c := f.l.cell(t.Function, t.Department); c >= 0 {
			p.People = int(f.l.peopleOf[CellTerm][c])
		}
		a := f.answer(m)
		if o.Finite {
			known, rest := t.rest()
			p.Estimate = (known + rest*a.mean) / t.Size
			p.SE = math.Sqrt(rest*rest*a.variance+rest*a.noise) / t.Size
			f.finite(p, z, population{t.Size, known, rest}, m.mean, math.Sqrt(m.variance))
		} else {
			p.Estimate, p.SE = a.mean, math.Sqrt(a.variance)
			if f.share {
				p.Low, p.High = expit(m.mean-z*p.LinearSE), expit(m.mean+z*p.LinearSE)
			} else {
				f.interval(p, z)
			}
		}
		p.Doubt = model | o.Rule.width(p)
		if p.FunctionPeople < o.Rule.MinFunction {
			p.Doubt |= FewInFunction
		}
		if p.DepartmentPeople < o.Rule.MinDepartment {
			p.Doubt |= FewInDepartment
		}
	})
	return out, nil
}

// TargetError says which target is not as it must be.
type TargetError struct {
	Target int
	What   string
}

func (e *TargetError) Error() string { return fmt.Sprintf("target %d: %s", e.Target, e.What) }

func (f *Fit) check(targets []Target, finite, sized bool) error {
	covariates := f.l.p - 1
	for _, j := range f.l.dummies {
		if j > 0 {
			covariates--
		}
	}
	for i := range targets {
		t := &targets[i]
		what := ""
		switch {
		case t.Function < 0 || t.Function >= f.l.functions:
			what = fmt.Sprintf("function %d is not below %d", t.Function, f.l.functions)
		case t.Department < 0 || t.Department >= f.l.departments:
			what = fmt.Sprintf("department %d is not below %d", t.Department, f.l.departments)
		case len(t.X) != covariates:
			what = fmt.Sprintf("%d covariates where the model has %d", len(t.X), covariates)
		case slices.ContainsFunc(t.X, func(x float64) bool { return math.IsNaN(x) || math.IsInf(x, 0) }):
			what = "a covariate is no number"
		case (finite || sized) && !(t.Size >= 0 && t.Size < math.Inf(1)):
			what = fmt.Sprintf("size %v is no number of people", t.Size)
		case finite && !sized && t.Size == 0:
			what = "nobody is there: leave the target out"
		case finite && (t.Known.N < 0 || float64(t.Known.N) > t.Size):
			what = fmt.Sprintf("%d people answered of %v who are there", t.Known.N, t.Size)
		case finite && f.share && !(t.Known.Sum >= 0 && t.Known.Sum <= float64(t.Known.N)):
			what = fmt.Sprintf("%v people said yes of %d who answered", t.Known.Sum, t.Known.N)
		}
		if what != "" {
			return &TargetError{i, what}
		}
	}
	return nil
}

// rest returns the sum of those known and how many are not.
func (t *Target) rest() (known, rest float64) { return t.Known.Sum, t.Size - float64(t.Known.N) }

// critical is the two-sided critical value of the intervals.
func (f *Fit) critical() float64 {
	if math.IsInf(f.degree, 1) {
		return distuv.UnitNormal.Quantile((1 + Level) / 2)
	}
	return distuv.StudentsT{Sigma: 1, Nu: f.degree}.Quantile((1 + Level) / 2)
}

// moments of the linear predictor of a target.
type moments struct {
	linear   float64   // at the mode
	mean     float64   // over the posterior
	plugin   float64   // variance with the variances of the terms as if known
	variance float64   // with what their uncertainty adds
	moves    []float64 // derivative by each relative variance; read before the next target
	cell     int       // -1 where nobody answered
}

// needs says which variances visit works out; the others are 0.
type needs struct{ plugin, variance bool }

// visit works out the moments of each target, function by function. What is passed is overwritten by the next.
func (f *Fit) visit(targets []Target, needed needs, yield func(i int, m moments)) {
	order := make([]int32, len(targets))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return targets[a].Function - targets[b].Function })
	l, d := f.l, f.l.departments
	row, point, wide := make([]float64, l.p), f.point.reader(), f.wide.reader()
	m := moments{moves: make([]float64, len(f.active))}
	for _, i := range order {
		t := &targets[i]
		l.columns(row, t.X, t.Function)
		m.cell = l.cell(t.Function, t.Department)
		at := func(e effects) float64 {
			v := e.function[t.Function] + e.dense[t.Department] + e.family[l.family[t.Function]] + dot(row, e.dense[d:])
			if m.cell >= 0 {
				v += e.cell[m.cell]
			}
			return v
		}
		m.linear = at(f.values) + f.offset()
		m.mean = m.linear
		if f.share {
			m.mean += at(f.shift)
		}
		for j := range m.moves {
			m.moves[j] = at(f.moves[j])
		}
		if needed.plugin {
			m.plugin = f.Residual * point.variance(t.Function, t.Department, m.cell, row)
		}
		if needed.variance {
			m.variance = f.Residual*wide.variance(t.Function, t.Department, m.cell, row) + f.hyperVariance(m.moves, m.moves)
		}
		yield(int(i), m)
	}
}

// offset is what the fitted values lack.
func (f *Fit) offset() float64 {
	if f.share {
		return 0
	}
	return f.l.centre
}

func (f *Fit) hyperVariance(a, b []float64) float64 {
	k, sum := len(f.active), 0.0
	for i, x := range a {
		sum += x * dot(f.hyper[i*k:(i+1)*k], b)
	}
	return sum
}

// answered is what is expected of one person of a target.
type answered struct {
	mean, variance float64 // of the mean score or share, over the posterior
	noise          float64 // variance of one person about it
	slope          float64 // of the mean by the linear predictor
}

func (f *Fit) answer(m moments) answered {
	v := m.variance
	if !f.share {
		return answered{m.mean, v, f.Residual, 1}
	}
	mean, square := f.rule.logitNormal(m.mean, math.Sqrt(v))
	a := answered{mean: mean, variance: math.Max(0, square-mean*mean), noise: mean - square}
	if v > 0 {
		a.slope = math.Sqrt(a.variance / v)
	}
	return a
}

// interval fills in low and high from estimate and standard error; a share has its interval on the log odds.
func (f *Fit) interval(p *Prediction, z float64) {
	margin := z * p.SE
	q := p.Estimate * (1 - p.Estimate)
	switch {
	case p.SE == 0:
		p.Low, p.High = p.Estimate, p.Estimate
	case f.share && q > 0:
		centre := logit(p.Estimate)
		p.Low, p.High = expit(centre-margin/q), expit(centre+margin/q)
	default:
		p.Low, p.High = p.Estimate-margin, p.Estimate+margin
	}
}

// population are the people who are there: how many, the sum of those known, and how many are not known.
type population struct{ size, known, rest float64 }

// finite is the interval of the mean of a population. Of a share it stays within what is possible, and where few are left to
// predict it is that of their count. Mean and sd are of the log odds of the rest.
func (f *Fit) finite(p *Prediction, z float64, of population, mean, sd float64) {
	f.interval(p, z)
	if !f.share {
		return
	}
	if of.rest > 0 && of.rest <= counted && of.rest == math.Trunc(of.rest) {
		low, high := f.rule.count(int(of.rest), mean, sd, (1-Level)/2)
		p.Low, p.High = (of.known+float64(low))/of.size, (of.known+float64(high))/of.size
		return
	}
	p.Low, p.High = math.Max(of.known/of.size, p.Low), math.Min((of.known+of.rest)/of.size, p.High)
}

// Below returns the probability that the mean, or the share, lies below a limit: by Student's t for a score, by a normal on the
// log odds with the same interval for a share. For a population of few people it is approximate.
func (f *Fit) Below(p Prediction, limit float64) float64 {
	switch {
	case p.SE == 0:
		if p.Estimate < limit {
			return 1
		}
		return 0
	case !f.share:
		return distuv.StudentsT{Sigma: 1, Nu: f.degree}.CDF((limit - p.Estimate) / p.SE)
	case limit <= 0:
		return 0
	case limit >= 1:
		return 1
	}
	q := p.Estimate * (1 - p.Estimate)
	centre, sd := logit(p.Estimate), p.SE/q
	if 0 < p.Low && p.High < 1 {
		low, high := logit(p.Low), logit(p.High)
		centre, sd = (low+high)/2, (high-low)/(2*f.critical())
	}
	return distuv.UnitNormal.CDF((logit(limit) - centre) / sd)
}

func logit(p float64) float64 { return math.Log(p / (1 - p)) }

func expit(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
