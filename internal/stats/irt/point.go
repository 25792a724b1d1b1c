package irt

import "math"

// Range of theta in which ML and WLE look for a maximum.
const (
	searchLimit = 8.0
	searchCells = 64
	fewCells    = 8
)

// ML is the maximum likelihood estimate, with the root of the inverse of the expected information as its standard error. Where the
// likelihood has no maximum, as for patterns that are all right or all wrong, it is Bounded. The errors are *ItemError and *AnswerError.
func ML(items []Item, answers []Answer) (Estimate, error) { return point(items, answers, false) }

// WLE is the weighted likelihood estimate (Warm 1989, Psychometrika 54; for graded items Samejima 1998): the root of the score
// plus J / 2I, with J the sum over items and categories of the first times the second derivative of a probability, over the
// probability. Its bias is of a smaller order than that of ML, and it is finite for patterns that are all right or all wrong, unless
// it lies beyond 8. The errors are *ItemError and *AnswerError.
func WLE(items []Item, answers []Answer) (Estimate, error) { return point(items, answers, true) }

func point(items []Item, answers []Answer, weighted bool) (Estimate, error) {
	if err := checkItems(items); err != nil {
		return Estimate{}, err
	}
	if err := checkAnswers(items, answers); err != nil {
		return Estimate{}, err
	}
	if len(answers) == 0 {
		return Estimate{SE: math.Inf(1), Bounded: true}, nil
	}
	slope := func(x float64) (float64, float64) {
		if weighted {
			return warm(items, answers, x)
		}
		return score(items, answers, x)
	}
	floors := false
	for _, a := range answers {
		floors = floors || items[a.Item].C > 0
	}
	cells := searchCells
	if !floors {
		cells = fewCells // the likelihood is concave
	}
	found, bounded := highest(slope, cells)
	asked := make([]Item, len(answers))
	for j, a := range answers {
		asked[j] = items[a.Item]
	}
	e := estimate(found, Information(asked, found))
	e.Bounded = bounded
	return e, nil
}

// highest finds the maximum of the function whose derivative slope is, between the limits of the search; bounded tells that it is at one of
// them. A floor can make several maxima: the cells are scanned for all of them, and an end is taken only where it is higher.
func highest(slope func(float64) (value, derivative float64), cells int) (found float64, bounded bool) {
	step := 2 * searchLimit / float64(cells)
	last, _ := slope(-searchLimit)
	best, bounded := math.Inf(-1), true
	if last < 0 {
		found, best = -searchLimit, 0
	}
	height := 0.0
	for cell := range cells {
		low := -searchLimit + step*float64(cell)
		now, _ := slope(low + step)
		if last > 0 && now <= 0 {
			root := crossing(slope, low, low+step)
			if top := height + last*(root-low)/2; top >= best {
				found, best, bounded = root, top, false
			}
		}
		height += (last + now) * step / 2
		last = now
	}
	if last > 0 && height > best {
		return searchLimit, true
	}
	return found, bounded
}

// warm is the score with J / 2I over the items answered, and the second derivative of the log-likelihood, which the steps to the root use.
func warm(items []Item, answers []Answer, theta float64) (value, second float64) {
	j, info := 0.0, 0.0
	for _, a := range answers {
		it := &items[a.Item]
		above, va := 1.0, 0.0
		for k := range it.Categories() {
			below, vb := 0.0, 0.0
			if k < len(it.B) {
				below = logistic(it.A * (theta - it.B[k]))
				vb = below * (1 - below)
			}
			if it.C > 0 {
				p := it.C + (1-it.C)*below
				h := (1 - it.C) * vb / p
				i := it.A * it.A * (1 - it.C) * below * vb / p // information
				j += i * it.A * (1 - 2*below)                  // P'P" (1/P + 1/Q) is information times P"/P'
				info += i
				if a.Category == 1 {
					value += it.A * h
					second += it.A * it.A * (h*(1-2*below) - h*h)
				} else {
					value -= it.A * below
					second -= it.A * it.A * vb
				}
				break
			}
			// P' is a P (1 - above - below), and also a (va - vb).
			lean := 1 - above - below
			j += it.A * it.A * it.A * lean * (va*(1-2*above) - vb*(1-2*below))
			info += it.A * it.A * lean * (va - vb)
			if k == a.Category {
				value += it.A * lean
				second -= it.A * it.A * (va + vb)
			}
			above, va = below, vb
		}
	}
	if info > 1e-300 {
		value += j / (2 * info)
	}
	return value, second
}

// crossing finds where slope, which is above 0 at low and below at high, is 0: Newton's steps, and halves of the interval where these
// leave it.
func crossing(slope func(float64) (value, derivative float64), low, high float64) float64 {
	x := (low + high) / 2
	for range 100 {
		value, derivative := slope(x)
		if value > 0 {
			low = x
		} else {
			high = x
		}
		next := x - value/derivative
		if !(next > low && next < high) {
			next = (low + high) / 2
		}
		if math.Abs(next-x) < 1e-13*(1+math.Abs(x)) {
			return next
		}
		x = next
	}
	return x
}

// estimate has the standard error that the information gives; without information it is +Inf.
func estimate(theta, info float64) Estimate {
	if !(info > 0) {
		return Estimate{Theta: theta, SE: math.Inf(1)}
	}
	return Estimate{Theta: theta, SE: 1 / math.Sqrt(info)}
}
