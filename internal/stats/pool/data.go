package pool

import (
	"errors"
	"fmt"
	"math"
)

// Errors of data that no model can be fitted to.
var (
	ErrEmpty    = errors.New("nobody answered: there is nothing to pool")
	ErrConstant = errors.New("everybody answered the same: there is no difference to pool")
	ErrNoNoise  = errors.New("whoever shares a cell answered the same: leave the cell term out of the model, or fit fewer terms")
	ErrFew      = errors.New("there are no more answers than coefficients: leave covariates out of the model")
)

// DataError says which part of the data is not as it must be.
type DataError struct {
	Cell int // index in Data.Cells, -1 when no cell is at fault
	What string
}

func (e *DataError) Error() string {
	if e.Cell < 0 {
		return e.What
	}
	return fmt.Sprintf("cell %d: %s", e.Cell, e.What)
}

// AliasedError names a covariate that follows from those before it, so that it has no effect of its own.
type AliasedError struct{ Covariate int }

func (e *AliasedError) Error() string {
	return fmt.Sprintf("covariate %d is constant or follows from the covariates before it: leave it out", e.Covariate)
}

// Tally is the sufficient statistic of the answers of some people: everything that the model reads of them.
type Tally struct {
	N               int     // people
	Sum             float64 // of y, unweighted: what is known of a finite population
	Weight          float64 // sum of the prior weights, as lmer's weights: the variance of y is that of the residual over the weight
	WeightedSum     float64 // of weight times y
	WeightedSquares float64 // of weight times y squared
	LogWeight       float64 // sum of the logarithms of the weights; shifts the deviance only
}

// Add counts one person with a score y and a positive prior weight, 1 where people weigh the same. A person of weight zero
// is not counted.
func (t *Tally) Add(y, weight float64) {
	if weight == 0 {
		return
	}
	t.N++
	t.Sum += y
	t.Weight += weight
	t.WeightedSum += weight * y
	t.WeightedSquares += weight * y * y
	if weight != 1 {
		t.LogWeight += math.Log(weight)
	}
}

// Merge counts the people of o too.
func (t *Tally) Merge(o Tally) {
	t.N += o.N
	t.Sum += o.Sum
	t.Weight += o.Weight
	t.WeightedSum += o.WeightedSum
	t.WeightedSquares += o.WeightedSquares
	t.LogWeight += o.LogWeight
}

// TallyOf is the tally of n people of weight 1, of the sum of their scores and the sum of the squares of these.
func TallyOf(n int, sum, squares float64) Tally {
	return Tally{N: n, Sum: sum, Weight: float64(n), WeightedSum: sum, WeightedSquares: squares}
}

// TallyOfShare is the tally of n people of weight 1 of whom some say yes.
func TallyOfShare(n, yes int) Tally { return TallyOf(n, float64(yes), float64(yes)) }

// Cell is what people of one function in one department, with the same covariates, answered. The same function and
// department may stand in several cells of Data: with other covariates, or split in any way.
type Cell struct {
	Function, Department int       // from 0, below Data.Functions and Data.Departments
	X                    []float64 // covariates, Data.Covariates of them, without the intercept
	Tally
}

// Data is what a model is fitted to. Functions and departments without respondents have a number too, so that
// something can be said about them.
type Data struct {
	Functions, Departments int
	// Families holds the family of each function, from 0 and without a gap; nil without families.
	Families   []int
	Covariates int
	Cells      []Cell
}

// FamilyAs says what the family of a function is in the model.
type FamilyAs int

const (
	FamilyNone   FamilyAs = iota // left out
	FamilyRandom                 // a random intercept in which functions are nested
	FamilyFixed                  // a coefficient for each family that has respondents but the first of these
)

// Model says which terms are fitted beside the intercept, the covariates, function and department.
type Model struct {
	Cell   bool     // a random intercept of function by department
	Family FamilyAs // needs Data.Families unless FamilyNone
	ML     bool     // maximum likelihood; else REML. A share is always fitted by maximum likelihood.
}

func (d *Data) validate(m Model) error {
	if d.Functions < 1 || d.Departments < 1 {
		return &DataError{-1, "there must be at least one function and one department"}
	}
	if d.Families != nil && len(d.Families) != d.Functions {
		return &DataError{-1, fmt.Sprintf("families are given for %d functions of %d: give each function its family", len(d.Families), d.Functions)}
	}
	if m.Family != FamilyNone && d.Families == nil {
		return &DataError{-1, "the model has families and the data has none: give Families or leave them out of the model"}
	}
	for i, g := range d.Families {
		if g < 0 || g >= d.Functions {
			return &DataError{-1, fmt.Sprintf("function %d has family %d: number families from 0, below the number of functions", i, g)}
		}
	}
	for i := range d.Cells {
		if what := d.Cells[i].fault(d); what != "" {
			return &DataError{i, what}
		}
	}
	return nil
}

func (c *Cell) fault(d *Data) string {
	switch {
	case c.Function < 0 || c.Function >= d.Functions:
		return fmt.Sprintf("function %d is not below %d", c.Function, d.Functions)
	case c.Department < 0 || c.Department >= d.Departments:
		return fmt.Sprintf("department %d is not below %d", c.Department, d.Departments)
	case len(c.X) != d.Covariates:
		return fmt.Sprintf("%d covariates where the data has %d", len(c.X), d.Covariates)
	case c.N < 0 || !(c.Weight >= 0) || (c.N == 0) != (c.Weight == 0):
		return fmt.Sprintf("%d people of weight %v together: both must be 0 or positive", c.N, c.Weight)
	}
	for _, x := range c.X {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return fmt.Sprintf("covariate %v is no number: leave out who has no value", x)
		}
	}
	for _, x := range []float64{c.Sum, c.Weight, c.WeightedSum, c.WeightedSquares, c.LogWeight} {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return fmt.Sprintf("a sum is %v: leave out who has no score", x)
		}
	}
	if c.Weight > 0 && c.WeightedSquares < c.WeightedSum*c.WeightedSum/c.Weight*(1-1e-9) {
		return "the sum of squares is smaller than the sum allows"
	}
	return ""
}
