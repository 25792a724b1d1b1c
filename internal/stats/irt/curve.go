package irt

import (
	"math"
	"math/rand/v2"
)

// logistic is 1 / (1 + exp(-x)) without overflow.
func logistic(x float64) float64 {
	if x >= 0 {
		return 1 / (1 + math.Exp(-x))
	}
	e := math.Exp(x)
	return e / (1 + e)
}

// softplus is log(1 + exp(x)) without overflow.
func softplus(x float64) float64 { return math.Max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

// LogProbabilities appends the logarithms of the probabilities of the categories at theta to dst. A difference of two cumulative
// probabilities is computed as the product S_k (1 - S_k+1) (1 - exp(-a (b_k+1 - b_k))), which cancels nowhere.
func (it Item) LogProbabilities(dst []float64, theta float64) []float64 {
	if it.C > 0 {
		u := it.A * (theta - it.B[0])
		return append(dst, math.Log1p(-it.C)-softplus(u), math.Log(it.C+(1-it.C)*logistic(u)))
	}
	u := it.A * (theta - it.B[0])
	dst = append(dst, -softplus(u))
	for k := 1; k < len(it.B); k++ {
		next := it.A * (theta - it.B[k])
		dst = append(dst, math.Log(-math.Expm1(-it.A*(it.B[k]-it.B[k-1])))-softplus(-u)-softplus(next))
		u = next
	}
	return append(dst, -softplus(-u))
}

// Probabilities appends the probabilities of the categories at theta to dst; they add up to 1.
func (it Item) Probabilities(dst []float64, theta float64) []float64 {
	n := len(dst)
	dst = it.LogProbabilities(dst, theta)
	for k := n; k < len(dst); k++ {
		dst[k] = math.Exp(dst[k])
	}
	return dst
}

// Draw draws the category of somebody with this theta, as simulations and made-up data need.
func (it Item) Draw(rng *rand.Rand, theta float64) int {
	var room [8]float64
	u := rng.Float64()
	for k, p := range it.Probabilities(room[:0], theta) {
		if u -= p; u < 0 {
			return k
		}
	}
	return len(it.B)
}

// slopes returns the first and second derivative in theta of the log-probability of a category.
func (it Item) slopes(category int, theta float64) (first, second float64) {
	if it.C > 0 && category == 1 {
		s := logistic(it.A * (theta - it.B[0]))
		v := (1 - it.C) * s * (1 - s)
		p := it.C + (1-it.C)*s
		h := v / p
		return it.A * h, it.A * it.A * (h*(1-2*s) - h*h)
	}
	above, below, va, vb := 1.0, 0.0, 0.0, 0.0 // cumulative probabilities of the category and of the next one
	if category > 0 {
		above = logistic(it.A * (theta - it.B[category-1]))
		va = above * (1 - above)
	}
	if category < len(it.B) {
		below = logistic(it.A * (theta - it.B[category]))
		vb = below * (1 - below)
	}
	return it.A * (1 - above - below), -it.A * it.A * (va + vb)
}

// Information is the expected (Fisher) information of the item at theta, never negative (Samejima 1969; with a floor
// Lord 1980).
func (it Item) Information(theta float64) float64 {
	if len(it.B) == 1 {
		s := logistic(it.A * (theta - it.B[0]))
		info := it.A * it.A * s * (1 - s)
		if it.C > 0 {
			info *= (1 - it.C) * s / (it.C + (1-it.C)*s)
		}
		return info
	}
	var room [8]float64
	sum := 0.0
	for k, p := range it.Probabilities(room[:0], theta) {
		_, second := it.slopes(k, theta)
		sum -= p * second
	}
	return sum
}

// Expected is the expected category at theta.
func (it Item) Expected(theta float64) float64 {
	sum := 0.0
	if it.C > 0 {
		return it.C + (1-it.C)*logistic(it.A*(theta-it.B[0]))
	}
	for _, b := range it.B {
		sum += logistic(it.A * (theta - b))
	}
	return sum
}

// Information is the expected information of a test of these items at theta: the sum over its items. Its root's inverse is the
// Cramer-Rao bound of the standard error.
func Information(items []Item, theta float64) float64 {
	sum := 0.0
	for _, it := range items {
		sum += it.Information(theta)
	}
	return sum
}

// LogLikelihood is the log-likelihood of one person's answers at theta; 0 without answers. The error is an *AnswerError.
func LogLikelihood(items []Item, answers []Answer, theta float64) (float64, error) {
	if err := checkAnswers(items, answers); err != nil {
		return 0, err
	}
	var room [8]float64
	sum := 0.0
	for _, a := range answers {
		sum += items[a.Item].LogProbabilities(room[:0], theta)[a.Category]
	}
	return sum, nil
}

// Score is the first derivative in theta of LogLikelihood, and its second derivative.
func Score(items []Item, answers []Answer, theta float64) (first, second float64, err error) {
	if err := checkAnswers(items, answers); err != nil {
		return 0, 0, err
	}
	first, second = score(items, answers, theta)
	return first, second, nil
}

func score(items []Item, answers []Answer, theta float64) (first, second float64) {
	for _, a := range answers {
		f, s := items[a.Item].slopes(a.Category, theta)
		first += f
		second += s
	}
	return first, second
}
