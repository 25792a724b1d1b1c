package stats

import (
	"cmp"
	"math"
	"slices"
)

// Holm returns the p-values adjusted for their number, in the same order, as p.adjust(method = "holm") (Holm 1979).
func Holm(p []float64) []float64 {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	adjusted := make([]float64, len(p))
	var least float64
	for rank, i := range order {
		least = math.Max(least, math.Min(1, float64(len(p)-rank)*p[i]))
		adjusted[i] = least
	}
	return adjusted
}
