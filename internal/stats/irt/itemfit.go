package irt

import (
	"context"
	"math"
	"sort"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// FitBin is one of the groups of people, by what their other answers, or those before the item, say, in which answers are held against the model.
type FitBin struct {
	People   float64
	Theta    float64 // mean of what those answers said
	Observed float64 // mean category
	Expected float64 // the same under the model
	SE       float64 // standard error of the difference, with the parameters known
}

// ItemFit is how well the model holds for an item.
type ItemFit struct {
	People float64
	Bins   []FitBin // at most 5, from low to high
	// Statistic is the sum of squared standardised differences; P is its probability where the model holds, from a chi-squared with DF
	// degrees of freedom and a scale that match its mean and variance with the parameters estimated. DF 0 and P 1: it can't be told.
	Statistic, DF, P float64
	// Largest is the largest difference between observed and expected mean, as a share of the highest category: below 0.05 or so
	// a misfit, however sure, matters little.
	Largest float64
}

// fitBins is the number of bins.
const fitBins = 5

// ItemFit checks each item. S-X2 (Orlando & Thissen 2000) compares people with the same sum score and needs everybody to answer the same
// items. With sparse answers, each is held against its prediction from the other answers of the same person, by the posterior of theta
// that these give; the residuals are summed in bins of the predicted theta, and that the parameters are estimated from the same answers
// is taken out of their covariance (Pierce 1982). Where items were chosen from the answers before them, a later item tells of this answer
// by having been chosen: adaptive then predicts from the answers before it alone, in the order of asking (prequential, Dawid 1984, JRSS
// A 147), which holds under every rule of choice and sees less. The error is that of ctx.
func (c *Calibration) ItemFit(ctx context.Context, adaptive bool) ([]ItemFit, error) {
	f := c.fit
	t := f.tables(f.par)
	items := make([]itemCurve, len(f.setup))
	for i := range items {
		items[i] = f.curve(i)
	}
	predicted := make([]float64, f.d.Len())
	_, err := f.blocks(ctx, maxBlocks, func(_, from, to int) {
		f.foresee(t, adaptive, from, to, func(_, j int, mass []float64) {
			for q, m := range mass {
				predicted[j] += m * f.grid[q]
			}
		})
	})
	if err != nil {
		return nil, err
	}
	cuts := f.cuts(predicted)
	parts := make([][]fitSums, maxBlocks)
	n, err := f.blocks(ctx, maxBlocks, func(block, from, to int) {
		sums := make([]fitSums, len(items))
		for i := range sums {
			for b := range sums[i] {
				sums[i][b].slopes = make([]float64, items[i].categories)
			}
		}
		parts[block] = sums
		f.foresee(t, adaptive, from, to, func(p, j int, mass []float64) {
			i := int(f.d.item[j])
			bin := sort.SearchFloat64s(cuts[i], predicted[j])
			sums[i][bin].add(&items[i], mass, f.d.weight[p], float64(f.d.level[j]), predicted[j])
		})
	})
	if err != nil {
		return nil, err
	}
	out := make([]ItemFit, len(items))
	for i := range items {
		total := parts[0][i]
		for _, part := range parts[1:n] {
			for b := range total {
				total[b].merge(&part[i][b])
			}
		}
		out[i] = total.result(c.Covariance(i), items[i].categories)
	}
	return out, nil
}

// itemCurve is, by point, the expected category, the expected square, and the derivatives of the expectation in the item's parameters.
type itemCurve struct {
	mean, square []float64
	slopes       [][]float64
	categories   int
}

func (f *fit) curve(i int) itemCurve {
	it := f.par.item(i)
	q, n := len(f.grid), it.Categories()
	c := itemCurve{mean: make([]float64, q), square: make([]float64, q), slopes: make([][]float64, n), categories: n}
	for a := range c.slopes {
		c.slopes[a] = make([]float64, q)
	}
	for j, x := range f.grid {
		for k, p := range it.Probabilities(nil, x) {
			c.mean[j] += p * float64(k)
			c.square[j] += p * float64(k*k)
		}
		for k, b := range it.B { // the expectation is the sum of the cumulative probabilities
			s := logistic(it.A * (x - b))
			v := (1 - it.C) * s * (1 - s)
			c.slopes[0][j] += v * it.A * (x - b)
			c.slopes[1+k][j] = -v * it.A
		}
	}
	return c
}

// foresee calls visit with each answer, and what the other answers of the person, or those before it alone, said.
func (f *fit) foresee(t *tables, before bool, from, to int, visit func(person, answer int, mass []float64)) {
	log, mass := make([]float64, len(f.grid)), make([]float64, len(f.grid))
	for p := from; p < to; p++ {
		copy(log, t.groups[f.d.group[p]])
		if !before {
			for _, row := range f.rows[f.d.start[p]:f.d.start[p+1]] {
				floats.Add(log, t.rows[row])
			}
		}
		for j := f.d.start[p]; j < f.d.start[p+1]; j++ {
			own := t.rows[f.rows[j]]
			if before {
				exponentiate(mass, log)
				floats.Add(log, own)
			} else {
				floats.SubTo(mass, log, own)
				exponentiate(mass, mass)
			}
			visit(p, j, mass)
		}
	}
}

// cuts divides the answers of each item into bins of about as many.
func (f *fit) cuts(predicted []float64) [][]float64 {
	of := make([][]float64, len(f.setup))
	for j, i := range f.d.item {
		of[i] = append(of[i], predicted[j])
	}
	out := make([][]float64, len(of))
	for i, all := range of {
		sort.Float64s(all)
		for b := 1; b < fitBins && len(all) > 0; b++ {
			cut := all[b*len(all)/fitBins]
			if cut < all[len(all)-1] && (len(out[i]) == 0 || cut > out[i][len(out[i])-1]) {
				out[i] = append(out[i], cut)
			}
		}
	}
	return out
}

// fitSums are the sums of an item by bin.
type fitSums [fitBins]fitSum

type fitSum struct {
	people, theta, observed, expected, variance float64
	slopes                                      []float64
}

func (s *fitSum) add(c *itemCurve, mass []float64, weight, category, predicted float64) {
	mean, square := 0.0, 0.0
	for q, m := range mass {
		mean += m * c.mean[q]
		square += m * c.square[q]
	}
	s.people += weight
	s.theta += weight * predicted
	s.observed += weight * category
	s.expected += weight * mean
	s.variance += weight * (square - mean*mean)
	for a, slope := range c.slopes {
		sum := 0.0
		for q, m := range mass {
			sum += m * slope[q]
		}
		s.slopes[a] += weight * sum
	}
}

func (s *fitSum) merge(o *fitSum) {
	s.people += o.people
	s.theta += o.theta
	s.observed += o.observed
	s.expected += o.expected
	s.variance += o.variance
	for a := range s.slopes {
		s.slopes[a] += o.slopes[a]
	}
}

func (s *fitSums) result(covariance [][]float64, categories int) ItemFit {
	fit := ItemFit{P: 1}
	var used []*fitSum
	for b := range s {
		sum := &s[b]
		fit.People += sum.people
		if sum.people == 0 || !(sum.variance > 0) {
			continue
		}
		used = append(used, sum)
		bin := FitBin{People: sum.people, Theta: sum.theta / sum.people, Observed: sum.observed / sum.people, Expected: sum.expected / sum.people, SE: math.Sqrt(sum.variance) / sum.people}
		fit.Bins = append(fit.Bins, bin)
		z := (sum.observed - sum.expected) / math.Sqrt(sum.variance)
		fit.Statistic += z * z
		fit.Largest = max(fit.Largest, math.Abs(bin.Observed-bin.Expected)/float64(categories-1))
	}
	if len(used) == 0 {
		return fit
	}
	w := mat.NewSymDense(len(used), nil)
	for a := range used {
		for b := a; b < len(used); b++ {
			v := 0.0
			for j := range covariance {
				for k := range covariance {
					v -= used[a].slopes[j] * covariance[j][k] * used[b].slopes[k]
				}
			}
			v /= math.Sqrt(used[a].variance * used[b].variance)
			if a == b {
				v++
			}
			w.SetSym(a, b, v)
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(w, false) {
		return fit
	}
	sum, squares := 0.0, 0.0
	for _, v := range eigen.Values(nil) {
		v = max(0, v)
		sum, squares = sum+v, squares+v*v
	}
	if !(sum > 0.2) { // the parameters take up nearly all that the residuals could tell
		return fit
	}
	fit.DF = sum * sum / squares
	fit.P = distuv.ChiSquared{K: fit.DF}.Survival(fit.Statistic * sum / squares)
	return fit
}
