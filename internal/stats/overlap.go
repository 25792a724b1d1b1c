package stats

import (
	"errors"
	"math"
)

// ErrUnits says that a covariance between two samples is asked where one has strata or clusters.
var ErrUnits = errors.New("the covariance of two samples is worked out for designs without strata and clusters")

// Pair is a person who is in two samples: their place in each.
type Pair struct{ A, B int }

// CorrelationOfMeans returns the correlation between a mean (or share, with values 0 and 1) in sample a and one in sample b, when
// some people are in both: the covariance of the two estimates over the root of their variances, from -1 to 1. Pairs are the
// people who are known to be in both, each once.
//
// The covariance is that of the linearised estimates on both samples stacked, with a person as sampling unit (Kish 1965, 12.4;
// Wood 2008), as vcov(svyby(~y, ~wave, svydesign(ids = ~person), svymean, covmat = TRUE)). Where a population is finite, two samples
// that are drawn without regard to each other share n1 n2 / N people, and are uncorrelated all the same: the covariance is
// that of m shared people times 1 - n1 n2 / (N m), and 0 where fewer are shared (Tam 1984). Who is in both samples without being known
// to be makes a positive correlation larger: what is returned is then too small, and a difference that is made with it too wide.
//
// Zero where nobody who has a value in both samples is known, and where one of the estimates has no variance.
func CorrelationOfMeans(a, b *Estimator, x, y Scored, pairs []Pair) (float64, error) {
	for _, e := range []*Estimator{a, b} {
		if e.design.Strata != nil || e.design.Clusters != nil {
			return 0, ErrUnits
		}
	}
	if x.Codes.Len() != a.design.N || y.Codes.Len() != b.design.N {
		return 0, errors.New("correlation: a column has another length than its design")
	}
	finite := shared(a.design, b.design, len(pairs))
	if finite == 0 {
		return 0, nil
	}
	u, v := a.influence(x), b.influence(y)
	cross := 0.0
	for _, p := range pairs {
		cross += u[p.A] * v[p.B]
	}
	units := float64(len(u) + len(v) - len(pairs))
	if units < 2 {
		return 0, nil
	}
	sumU, sumV := sum(u), sum(v)
	cov := finite * units / (units - 1) * (cross - sumU*sumV/units)
	scale := math.Sqrt(a.spreadOf(u) * b.spreadOf(v))
	if !(scale > 0) || !(math.Abs(cov) > rounding*scale) {
		return 0, nil
	}
	return max(-1, min(1, cov/scale)), nil
}

// shared is the finite population factor of a covariance.
func shared(a, b *Design, pairs int) float64 {
	if pairs == 0 {
		return 0
	}
	people := math.Inf(1)
	for _, d := range []*Design{a, b} {
		if d.Population != nil {
			people = min(people, d.Population[0])
		}
	}
	f := 1 - float64(a.N)*float64(b.N)/(people*float64(pairs))
	if f < 1e-7 { // as survey::onestrat
		return 0
	}
	return f
}

// influence returns what each unit adds to the linearised mean: their centred sum of squares is its variance but for a factor.
func (e *Estimator) influence(y Scored) []float64 {
	d := e.design
	value := func(i int) float64 { return y.Values[y.Codes.At(i)] }
	var w, total float64
	for i := range d.N {
		if v := value(i); !math.IsNaN(v) {
			w += d.Weight(i)
			total += d.Weight(i) * v
		}
	}
	out := make([]float64, d.N)
	if !(w > 0) {
		return out
	}
	mean := total / w
	for i := range out {
		if v := value(i); !math.IsNaN(v) {
			out[i] = (v - mean) / w
		}
	}
	var fitted []float64
	if e.margins != nil {
		fitted = e.margins.fit(d, out)
	}
	for i := range out {
		for m := range d.Raked {
			if fitted != nil {
				out[i] -= fitted[e.margins.level(m, i)]
			}
		}
		out[i] *= d.Weight(i)
	}
	return out
}

// fit regresses a number of each unit on the main effects of the margins, unweighted, and returns the effect of each level.
func (m *margins) fit(d *Design, number []float64) []float64 {
	plain := make([]float64, m.levels)
	for i, v := range number {
		if d.Weight(i) > 0 {
			for at := range m.codes {
				plain[m.level(at, i)] += v
			}
		}
	}
	out := make([]float64, m.levels)
	for l := range out {
		for k, s := range plain {
			out[l] += m.inverse[l*m.levels+k] * s
		}
	}
	return out
}

// spreadOf is the variance of an estimate from the influences of its units.
func (e *Estimator) spreadOf(u []float64) float64 {
	total, squares := sum(u), 0.0
	for _, v := range u {
		squares += v * v
	}
	n := float64(len(u))
	if len(u) > 1 {
		squares -= total * total / n
	}
	return e.sampled * spread(len(u)) * squares
}

func sum(list []float64) float64 {
	total := 0.0
	for _, v := range list {
		total += v
	}
	return total
}

// DependentShares returns a - b for shares of samples that some people are in both of: DifferenceOfShares with the correlation of
// the two in its interval (Newcombe 1998, paired method 10; Zou 2007). It returns the standard error of the difference besides.
func DependentShares(a, b Share, correlation float64) (Difference, float64, error) {
	if a.Base == 0 || b.Base == 0 {
		return Difference{}, 0, errors.New("difference of shares: a base is empty; there is nothing to compare")
	}
	limits := func(level float64) (low, high float64) {
		l1, u1 := a.Interval(level)
		l2, u2 := b.Interval(level)
		d := a.Share - b.Share
		return d - dependent(a.Share-l1, u2-b.Share, correlation), d + dependent(u1-a.Share, b.Share-l2, correlation)
	}
	d := Difference{Diff: a.Share - b.Share}
	d.Low, d.High = limits(Level)
	d.P = touching(func(level float64) bool {
		low, high := limits(level)
		return low <= 0 && high >= 0
	})
	return d, dependent(a.SE, b.SE, correlation), nil
}

// DependentMeans returns a - b for means of samples that some people are in both of, and its standard error: a t interval on the
// smaller number of degrees of freedom. Without correlation it is DifferenceOfMeans.
func DependentMeans(a, b Mean, correlation float64) (Difference, float64, error) {
	if a.Base == 0 || b.Base == 0 || a.DF <= 0 || b.DF <= 0 {
		return Difference{}, 0, errors.New("difference of means: a base is empty or has no degrees of freedom")
	}
	if correlation == 0 {
		d, err := DifferenceOfMeans(a, b)
		return d, math.Hypot(a.SE, b.SE), err
	}
	se := dependent(a.SE, b.SE, correlation)
	return tDifference(a.Mean-b.Mean, se, min(a.DF, b.DF)), se, nil
}

// dependent is the length of the difference of two numbers whose correlation is known: sqrt(s^2 + t^2 - 2rst).
func dependent(s, t, r float64) float64 { return math.Sqrt(max(0, s*s+t*t-2*r*s*t)) }
