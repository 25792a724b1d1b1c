// Package stats holds the estimators: pure functions on columns of small integers, weights and a sampling design.
// It knows nothing of surveys, does no I/O, and each estimator names its source and the R function it agrees with.
package stats

// Codes is a column of small integers, one a unit, each below K. Exactly one of U8 and U16 is set.
type Codes struct {
	U8  []uint8
	U16 []uint16
	K   int
}

// Len returns the number of units.
func (c Codes) Len() int {
	if c.U8 != nil {
		return len(c.U8)
	}
	return len(c.U16)
}

// At returns the code of unit i.
func (c Codes) At(i int) int {
	if c.U8 != nil {
		return int(c.U8[i])
	}
	return int(c.U16[i])
}

// Scored is a column of numbers held as codes: unit i has the number Values[Codes.At(i)], NaN meaning that it has none.
// len(Values) == Codes.K. A scale score, an age or a 5-point answer takes few distinct values, so that every table,
// mean and moment can be gathered from codes.
type Scored struct {
	Codes  Codes
	Values []float64
}

// Design is a sampling design with single-stage (or ultimate-cluster) variance, as svydesign(ids, strata, weights, fpc).
//
// The zero value of each optional field means "none". All slices have one entry a unit, except Population.
type Design struct {
	N        int
	Weights  []float64 // finite, >= 0; nil: every unit counts as Equal (1 when Equal is 0)
	Equal    float64   // the common weight when Weights is nil
	Strata   []uint32  // stratum of each unit, below NStrata; nil: one stratum
	NStrata  int
	Clusters []uint32 // primary sampling unit of each unit, below NClusters, each inside one stratum; nil: the unit itself
	// NClusters is the number of primary sampling units when Clusters is set.
	NClusters int
	// Population is the number of primary sampling units in the population, by stratum (len NStrata, or 1 without
	// strata), for the finite population correction; nil: none.
	Population []float64
	// Raked lists the margins that the weights were raked to; standard errors then use residuals from the margins'
	// main effects, as survey::rake does. Nil: weights taken as given.
	Raked []Codes
}

// Weight returns the weight of unit i.
func (d *Design) Weight(i int) float64 {
	if d.Weights != nil {
		return d.Weights[i]
	}
	if d.Equal != 0 {
		return d.Equal
	}
	return 1
}
