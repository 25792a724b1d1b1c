// Package stats holds the estimators: pure functions on columns of small integers, weights and a sampling design.
// It knows nothing of surveys, does no I/O, and each estimator names its source and the R function it agrees with.
package stats

import (
	"fmt"
	"math"
)

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

// Validate tells what is wrong with the design, or returns nil. It reads every weight, stratum and cluster once.
func (d *Design) Validate() error {
	if d.N < 1 {
		return fmt.Errorf("design: N is %d; a design needs at least one unit", d.N)
	}
	if err := d.validateWeights(); err != nil {
		return err
	}
	if err := d.validateUnits(); err != nil {
		return err
	}
	for m, c := range d.Raked {
		if c.Len() != d.N {
			return fmt.Errorf("design: raked margin %d has %d units, the design %d; give one code a unit", m, c.Len(), d.N)
		}
		if err := c.Validate(); err != nil {
			return fmt.Errorf("design: raked margin %d: %w", m, err)
		}
	}
	return d.validatePopulation()
}

// Weights beyond these are mistakes, and their squares would leave the range of numbers.
const (
	leastWeight = 1e-15
	mostWeight  = 1e15
)

func (d *Design) validateWeights() error {
	if d.Weights == nil {
		if d.Equal != 0 && !(d.Equal >= leastWeight && d.Equal <= mostWeight) {
			return fmt.Errorf("design: the common weight is %v; it is 0 (meaning 1) or between %v and %v", d.Equal, leastWeight, mostWeight)
		}
		return nil
	}
	if len(d.Weights) != d.N {
		return fmt.Errorf("design: %d weights for %d units; give one weight a unit", len(d.Weights), d.N)
	}
	some := false
	for i, w := range d.Weights {
		if w != 0 && !(w >= leastWeight && w <= mostWeight) {
			return fmt.Errorf("design: the weight of unit %d is %v; a weight is 0 or between %v and %v", i, w, leastWeight, mostWeight)
		}
		some = some || w > 0
	}
	if !some {
		return fmt.Errorf("design: all %d weights are zero; at least one unit must count", d.N)
	}
	return nil
}

func (d *Design) validateUnits() error {
	if d.Strata != nil {
		if len(d.Strata) != d.N {
			return fmt.Errorf("design: %d strata for %d units; give one stratum a unit", len(d.Strata), d.N)
		}
		for i, h := range d.Strata {
			if int(h) >= d.NStrata {
				return fmt.Errorf("design: unit %d is in stratum %d, but NStrata is %d", i, h, d.NStrata)
			}
		}
	}
	if d.Clusters == nil {
		return nil
	}
	if len(d.Clusters) != d.N {
		return fmt.Errorf("design: %d clusters for %d units; give one cluster a unit", len(d.Clusters), d.N)
	}
	home := make([]int64, d.NClusters)
	for i, c := range d.Clusters {
		if int(c) >= d.NClusters {
			return fmt.Errorf("design: unit %d is in cluster %d, but NClusters is %d", i, c, d.NClusters)
		}
		h := int64(1)
		if d.Strata != nil {
			h = int64(d.Strata[i]) + 1
		}
		if home[c] != 0 && home[c] != h {
			return fmt.Errorf("design: cluster %d lies in strata %d and %d; number clusters so that each lies in one stratum",
				c, home[c]-1, h-1)
		}
		home[c] = h
	}
	return nil
}

// validatePopulation checks the shape; that a stratum holds no more sampling units than its population is checked
// where they are counted.
func (d *Design) validatePopulation() error {
	if d.Population == nil {
		return nil
	}
	want := 1
	if d.Strata != nil {
		want = d.NStrata
	}
	if len(d.Population) != want {
		return fmt.Errorf("design: %d population sizes for %d strata; give one a stratum", len(d.Population), want)
	}
	for h, n := range d.Population {
		if math.IsNaN(n) || n < 0 {
			return fmt.Errorf("design: the population of stratum %d is %v; it must be a number of sampling units", h, n)
		}
	}
	return nil
}

// Validate tells whether the column has exactly one slice and every code is below K.
func (c Codes) Validate() error {
	if (c.U8 != nil) == (c.U16 != nil) && c.Len() > 0 {
		return fmt.Errorf("codes: exactly one of U8 and U16 must be set")
	}
	if i := firstAtLeast(c.U8, c.K); i >= 0 {
		return fmt.Errorf("codes: unit %d has code %d, but K is %d", i, c.U8[i], c.K)
	}
	if i := firstAtLeast(c.U16, c.K); i >= 0 {
		return fmt.Errorf("codes: unit %d has code %d, but K is %d", i, c.U16[i], c.K)
	}
	return nil
}

func firstAtLeast[T uint8 | uint16](codes []T, k int) int {
	for i, c := range codes {
		if int(c) >= k {
			return i
		}
	}
	return -1
}
