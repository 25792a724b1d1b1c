package stats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// manyDegrees is the number of degrees of freedom from which four terms of the expansion give the quantile of Student's
// t to all but the last digits.
const manyDegrees = 500

// tQuantile returns the two-sided critical value of Student's t, as qt((1+level)/2, df); +Inf without degrees of freedom.
//
// With many degrees of freedom it follows from the normal quantile (Abramowitz & Stegun 1964, 26.7.5): a report with
// hundreds of departments asks for a hundred thousand of them.
func tQuantile(level, df float64) float64 {
	if df <= 0 {
		return math.Inf(1)
	}
	const far = 3.5 // normal quantile beyond which the terms grow too fast
	z := distuv.UnitNormal.Quantile((1 + level) / 2)
	if df < manyDegrees || z > far {
		return distuv.StudentsT{Sigma: 1, Nu: df}.Quantile((1 + level) / 2)
	}
	s := z * z
	g1 := z * (s + 1) / 4
	g2 := z * ((5*s+16)*s + 3) / 96
	g3 := z * (((3*s+19)*s+17)*s - 15) / 384
	g4 := z * ((((79*s+776)*s+1482)*s-1920)*s - 945) / 92160
	return z + (g1+(g2+(g3+g4/df)/df)/df)/df
}
