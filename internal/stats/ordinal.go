package stats

import (
	"errors"
	"fmt"

	"gonum.org/v1/gonum/stat/distuv"
)

// Ordinal is a proportional-odds regression by weighted maximum likelihood, logit(P(y <= k)) = threshold_k - x'b, with
// design-based errors of the slopes; it agrees with svyolr of R's survey (polr of MASS when weights are equal).
type Ordinal struct {
	Slopes     []Coefficient // log odds of a higher answer, one scale point of the predictor more; no Standard, no VIF
	Thresholds []float64     // ascending; between Levels[k] and Levels[k+1]
	Levels     []float64     // values of the outcome that occur, ascending
	N          int           // complete cases
	DF         float64       // of the t statistics: degrees of freedom of the design minus the number of slopes
	Iterations int           // Newton steps over all units
	Converged  bool          // the last step was of the order of a millionth log odds
}

// SeparationError says that predictors tell the levels of the outcome apart without error, so that their slopes have no
// finite estimate. Predictors are positions in the list of predictors.
type SeparationError struct{ Predictors []int }

func (e *SeparationError) Error() string {
	return fmt.Sprintf("predictors %v (counted from 0) separate the levels of the outcome; leave them out or merge levels",
		e.Predictors)
}

// LevelsError says that the outcome has too few or too many levels for a proportional-odds regression.
type LevelsError struct{ Levels int }

func (e *LevelsError) Error() string {
	if e.Levels < 2 {
		return "the outcome has one level; a regression has nothing to explain"
	}
	return fmt.Sprintf("the outcome has %d levels, at most %d are possible; round it", e.Levels, ordMaxLevels)
}

const (
	ordMaxLevels = 128
	ordMaxSteps  = 50
	// ordWarm is the number of units above which a sample of about that size finds the starting values.
	ordWarm = 1 << 18
	// ordLimit is the log odds between the ends of a predictor's range beyond which its slope is taken to be infinite.
	ordLimit = 40
)

// OrdinalRegression explains an ordered outcome by predictors on the units that have a value in each, by Newton's
// method over the units (a few passes in parallel, no more memory than the columns).
//
// Errors: ErrNoCases, *LevelsError, *CollinearError, *SeparationError, *DegreesError.
func OrdinalRegression(d *Design, outcome Scored, predictors []Scored) (*Ordinal, error) {
	if len(predictors) == 0 {
		return nil, errors.New("a regression needs at least one predictor")
	}
	columns := append(append([]Scored(nil), predictors...), outcome)
	codes, err := momScored(columns)
	if err != nil {
		return nil, err
	}
	if err := momCheck(d, codes); err != nil {
		return nil, err
	}
	f := &ordFit{d: d, codes: codes, rows: newMomRows(columns), p: len(predictors), stride: 1}
	if err := f.prepare(outcome); err != nil {
		return nil, err
	}
	if d.N > 4*ordWarm {
		f.stride = d.N / ordWarm
		if err := f.newton(); err != nil || !f.converged {
			f.start() // the sample was of no use
		}
		f.stride = 1
	}
	if err := f.newton(); err != nil {
		return nil, err
	}
	return f.result()
}

// result works out the design-based errors at the maximum.
func (f *ordFit) result() (*Ordinal, error) {
	q := len(f.values) - 1
	problem := &momProblem{d: f.d, columns: f.codes, dim: f.p, work: ordX + f.p, fill: f.influence()}
	t, err := problem.gather()
	if err != nil {
		return nil, err
	}
	o := &Ordinal{
		Thresholds: append([]float64(nil), f.par[:q]...), Levels: f.values, N: t.n,
		DF: float64(t.psus - t.strata - f.p), Iterations: f.steps, Converged: f.converged,
	}
	if o.DF < 1 {
		return nil, &DegreesError{o.DF}
	}
	student := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: o.DF}
	quantile := student.Quantile(0.975)
	for j, b := range f.par[q:] {
		o.Slopes = append(o.Slopes, regCoefficient(b, t.cov[j*f.p+j], student, quantile))
		for k := range o.Thresholds {
			o.Thresholds[k] += b * f.rows.origin[j]
		}
	}
	return o, nil
}
