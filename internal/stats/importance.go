package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sort"

	"gonum.org/v1/gonum/stat/distuv"
)

// Importance divides the explained variance of a linear regression over its predictors (LMG: Lindeman, Merenda and Gold
// 1980; Shapley values of R²): the mean gain in R² from adding a predictor, over all orders in which predictors can be
// added. The shares of all predictors add up to R².
type Importance struct {
	R2       Interval95
	Parts    []float64    // by predictor: its part of R²; they add up to R2.Estimate
	Shares   []Interval95 // by predictor: its part divided by R²; they add up to 1 (all 0 when nothing is explained)
	Draws    int          // bootstrap draws behind the intervals
	Rejected int          // draws set aside because they were no possible moments
}

// Interval95 is an estimate with its 95 % interval.
type Interval95 struct{ Estimate, Low, High float64 }

// ImportanceOptions steer the intervals.
type ImportanceOptions struct {
	Draws int    // 0: 1,000
	Seed  uint64 // of the draws
}

// impMaxPredictors keeps the 2^p regressions within a blink.
const impMaxPredictors = 12

// Importance computes LMG shares from the moments, with intervals from a parametric bootstrap: moments are drawn from
// their estimated sampling distribution, normal with their design covariance, and the shares computed from each draw.
// So intervals respect strata, clusters, finite population and raking, cost no pass over the units, and the order of
// the rows doesn't matter. The draws follow from the seed.
//
// Shares have percentile intervals (quantile type 7 of R). R², which is too high in a small sample and higher still in
// a draw from it, has the bias-corrected percentile interval (Efron 1981), widened where needed to hold the estimate.
// In simulations with five predictors, 60 to 600 cases and R² of 0.13 to 0.48 these covered the truth in 87-99 % (shares)
// and 87-96 % (R²) of samples; plain percentiles of R² in 67-94 %, bias-corrected shares in 74-97 %, and resampling of
// sampling units (Rao and Wu 1988) did no better than normal draws for either.
//
// Errors: as Regress, and more than 12 predictors.
func (m *Moments) Importance(outcome int, predictors []int, opt ImportanceOptions) (*Importance, error) {
	p := len(predictors)
	if p > impMaxPredictors {
		return nil, fmt.Errorf("importance of %d predictors; at most %d are possible", p, impMaxPredictors)
	}
	if err := m.checkModel(outcome, predictors); err != nil {
		return nil, err
	}
	if opt.Draws <= 0 {
		opt.Draws = 1000
	}
	columns := append(append([]int(nil), predictors...), outcome)
	sub, root := m.submoments(columns)
	l := newImpLattice(p)
	if !l.shares(sub) {
		return nil, &CollinearError{[]int{p - 1}}
	}
	out := &Importance{Draws: opt.Draws}
	total := l.total()
	out.R2.Estimate = total
	for _, part := range l.part {
		out.Parts = append(out.Parts, part)
		out.Shares = append(out.Shares, Interval95{Estimate: impRatio(part, total)})
	}
	draws := impDraws(l, sub, root, opt, out)
	low, high := impCorrected(draws[p], total)
	out.R2.Low, out.R2.High = min(low, total), max(high, total)
	for j := range p {
		sort.Float64s(draws[j])
		out.Shares[j].Low, out.Shares[j].High = impQuantile(draws[j], 0.025), impQuantile(draws[j], 0.975)
	}
	return out, nil
}

// impDraws returns the shares and, last, R² of each accepted draw.
func impDraws(l *impLattice, total, root []float64, opt ImportanceOptions, out *Importance) [][]float64 {
	p, dim := l.p, len(total)
	rng := rand.New(rand.NewPCG(opt.Seed, 0x9e3779b97f4a7c15))
	draws := make([][]float64, p+1)
	normal, drawn := make([]float64, dim), make([]float64, dim)
	accepted := 0
	for accepted < opt.Draws && out.Rejected < 10*opt.Draws {
		for i := range normal {
			normal[i] = rng.NormFloat64()
		}
		for i := range drawn {
			drawn[i] = total[i]
			for k, r := range root[i*dim : i*dim+i+1] {
				drawn[i] += r * normal[k]
			}
		}
		if !l.shares(drawn) {
			out.Rejected++
			continue
		}
		accepted++
		r2 := l.total()
		for j, part := range l.part {
			draws[j] = append(draws[j], impRatio(part, r2))
		}
		draws[p] = append(draws[p], r2)
	}
	out.Draws = accepted
	return draws
}

// impRatio is the share of a part, 0 when there is nothing to divide.
func impRatio(part, total float64) float64 {
	if !(total > 1e-15) {
		return 0
	}
	return part / total
}

// impQuantile returns a quantile of sorted draws (type 7 of R), 0 without draws.
func impQuantile(draws []float64, q float64) float64 {
	if len(draws) == 0 {
		return 0
	}
	h := q * float64(len(draws)-1)
	i := min(int(h), len(draws)-1)
	j := min(i+1, len(draws)-1)
	return draws[i] + (h-float64(i))*(draws[j]-draws[i])
}

// impCorrected returns the bias-corrected percentile interval (Efron 1981): twice the normal score of the share of
// draws below the estimate moves both ends.
func impCorrected(draws []float64, estimate float64) (low, high float64) {
	sort.Float64s(draws)
	n := float64(len(draws))
	below := float64(sort.SearchFloat64s(draws, estimate))
	bias := distuv.UnitNormal.Quantile(max(0.5, min(n-0.5, below)) / max(n, 1))
	end := func(z float64) float64 { return impQuantile(draws, distuv.UnitNormal.CDF(2*bias+z)) }
	z := distuv.UnitNormal.Quantile(0.975)
	return end(-z), end(z)
}

// submoments returns the moments of some columns in their order, and a root of their covariance.
func (m *Moments) submoments(columns []int) (total, root []float64) {
	p := len(columns)
	dim := momDim(p)
	at := make([]int, 0, dim)
	z := func(a int) int {
		if a == 0 {
			return 0
		}
		return columns[a-1] + 1
	}
	for a := range p + 1 {
		for b := a; b <= p; b++ {
			at = append(at, momIndex(m.p, min(z(a), z(b)), max(z(a), z(b))))
		}
	}
	total, root = make([]float64, dim), make([]float64, dim*dim)
	for i, k := range at {
		total[i] = m.total[k]
		for j, l := range at {
			root[i*dim+j] = m.cov[k*len(m.total)+l]
		}
	}
	impRoot(root, dim)
	return total, root
}

// impRoot replaces a non-negative definite matrix by its lower triangular root; a row that depends on earlier ones (a
// two-valued column and its square, or as many sampling units as moments) but for a thousandth of its deviation gets no
// variance of its own, so that rounding can't blow up.
func impRoot(a []float64, n int) {
	for j := range n {
		d := a[j*n+j]
		whole := d
		for k := range j {
			d -= a[j*n+k] * a[j*n+k]
		}
		if !(d > 1e-6*whole) {
			for i := j; i < n; i++ {
				a[i*n+j] = 0
			}
			continue
		}
		d = math.Sqrt(d)
		for i := j + 1; i < n; i++ {
			s := a[i*n+j]
			for k := range j {
				s -= a[i*n+k] * a[j*n+k]
			}
			a[i*n+j] = s / d
		}
		a[j*n+j] = d
	}
}

// impLattice walks all subsets of predictors, adding one at a time: each step is one pivot of the covariance.
type impLattice struct {
	p      int
	weight []float64 // by size of the subset: share of the orders in which exactly it stands before a predictor
	left   []float64 // by subset: variance of the outcome that it leaves
	part   []float64
	level  [][]float64 // by depth: covariance given the subset, (p+1)^2, lower triangle
	floor  []float64   // by predictor: the variance below which it follows from others
}

func newImpLattice(p int) *impLattice {
	l := &impLattice{p: p, weight: make([]float64, p), left: make([]float64, 1<<p), part: make([]float64, p)}
	for range p + 1 {
		l.level = append(l.level, make([]float64, (p+1)*(p+1)))
	}
	l.floor = make([]float64, p)
	choose := 1.0 // p-1 over s
	for s := range p {
		l.weight[s] = 1 / (float64(p) * choose)
		choose *= float64(p-1-s) / float64(s+1)
	}
	return l
}

// shares fills part from the moments of the predictors and the outcome; false when they are no moments of anything.
func (l *impLattice) shares(total []float64) bool {
	p, n := l.p, l.p+1
	if !(total[0] > 0) {
		return false
	}
	a := l.level[0]
	for i := range n {
		for j := range i + 1 {
			a[i*n+j] = total[momIndex(n, j+1, i+1)]/total[0] - total[i+1]/total[0]*(total[j+1]/total[0])
		}
	}
	for j := range p {
		l.floor[j] = regTolerance * a[j*n+j]
		if !(a[j*n+j] > 0) {
			return false
		}
	}
	variance := a[p*n+p]
	if !(variance > 0) {
		return false
	}
	l.left[0] = variance
	if !l.walk(0, 0, 0) {
		return false
	}
	if !(l.left[len(l.left)-1] >= -1e-12*variance) {
		return false
	}
	clear(l.part)
	for set, left := range l.left {
		size := 0
		for rest := set; rest != 0; rest &= rest - 1 {
			size++
		}
		if size == p {
			break
		}
		for j := range p {
			if set>>j&1 == 0 {
				l.part[j] += l.weight[size] * (left - l.left[set|1<<j])
			}
		}
	}
	for j := range l.part {
		l.part[j] /= variance
	}
	return true
}

// walk visits the subsets that extend set with predictors from first on; each subset is reached once, in ascending
// order of its members.
func (l *impLattice) walk(set, first, depth int) bool {
	p, n := l.p, l.p+1
	a := l.level[depth]
	for j := first; j < p; j++ {
		pivot := a[j*n+j]
		if !(pivot > l.floor[j]) {
			return false
		}
		b := l.level[depth+1]
		for r := j + 1; r < n; r++ {
			f := a[r*n+j] / pivot
			for c := j + 1; c <= r; c++ {
				b[r*n+c] = a[r*n+c] - f*a[c*n+j]
			}
		}
		l.left[set|1<<j] = b[p*n+p]
		if !l.walk(set|1<<j, j+1, depth+1) {
			return false
		}
	}
	return true
}

// total is R² of all predictors.
func (l *impLattice) total() float64 {
	sum := 0.0
	for _, part := range l.part {
		sum += part
	}
	return sum
}
