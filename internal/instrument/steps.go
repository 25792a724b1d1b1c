package instrument

import (
	"errors"
	"math"
	"slices"
)

// scoring turns the sum and number of the answered items of a construct into a code, and codes into scores.
//
// Scores are worked out on whole numbers, so that equal means get equal codes whatever the order of the items.
type scoring struct {
	low    float64
	unit   float64 // value = low + unit * steps
	steps  []int   // by point of the scale
	most   int     // steps of the highest point
	values []float64
	width  int      // sums of the items: 0 .. width-1 steps
	codes  []uint16 // by count*width+sum; NoAnswer where fewer than the minimum are answered
}

// maxScores bounds the sums and counts of a construct, so that its scores fit in the codes of a wide column.
const maxScores = 60_000

// newScoring prepares the scores of a construct of so many items on a scale with the given rising points.
func newScoring(points []float64, items, minAnswered int) (*scoring, error) {
	s, err := newSteps(points, items)
	if err != nil {
		return nil, err
	}
	s.fill(items, minAnswered)
	return s, nil
}

// newSteps expresses the points in whole steps, or says why no mean of them can be a code.
func newSteps(points []float64, items int) (*scoring, error) {
	if len(points) < 2 {
		return nil, errors.New("a scale needs two points with a value")
	}
	for _, per := range []float64{1, 2, 3, 4, 5, 6, 8, 10, 20, 50, 100, 1000} {
		if steps, ok := wholeSteps(points, per); ok {
			s := &scoring{low: points[0], unit: 1 / per, steps: steps, most: steps[len(steps)-1]}
			if s.most*items*(items+1)/2 > maxScores {
				break
			}
			return s, nil
		}
	}
	return nil, errors.New("the values of the scale are too fine to take a mean of")
}

// wholeSteps returns the distances of the points from the first in units of 1/per, when all are whole.
func wholeSteps(points []float64, per float64) ([]int, bool) {
	steps := make([]int, len(points))
	for i, p := range points {
		x := (p - points[0]) * per
		if x > maxScores || math.Abs(x-math.Round(x)) > 1e-9 {
			return nil, false
		}
		steps[i] = int(math.Round(x))
	}
	return steps, true
}

// fill finds the reachable sums for each number of answered items, and orders the means.
func (s *scoring) fill(items, minAnswered int) {
	type mean struct{ sum, count int }
	width := items*s.most + 1
	s.width, s.codes = width, make([]uint16, (items+1)*width)
	for i := range s.codes {
		s.codes[i] = NoAnswer
	}
	reach := make([]bool, width)
	reach[0] = true
	var means []mean
	for count := 1; count <= items; count++ {
		next := make([]bool, width)
		for sum, ok := range reach {
			if !ok {
				continue
			}
			for _, step := range s.steps {
				next[sum+step] = true
			}
		}
		reach = next
		for sum, ok := range reach {
			if ok && count >= minAnswered {
				means = append(means, mean{sum, count})
			}
		}
	}
	slices.SortFunc(means, func(a, b mean) int { return a.sum*b.count - b.sum*a.count })
	for i, m := range means {
		if i == 0 || m.sum*means[i-1].count != means[i-1].sum*m.count {
			s.values = append(s.values, s.low+s.unit*float64(m.sum)/float64(m.count))
		}
		s.codes[m.count*width+m.sum] = uint16(FirstOption + len(s.values) - 1)
	}
}
