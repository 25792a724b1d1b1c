package main

import (
	"math"
	"math/rand/v2"

	"tekentafel/internal/stats/irt"
)

func seeded(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 2026)) } //nolint:gosec // repeatable

// bank draws items as an item bank of a skill has them: slopes about 1.3 (0.7 to 2.2), places evenly over -2 to 2.2; of three, one is a
// choice between four options with a floor of 0.2, two are graded in three categories.
func bank(r *rand.Rand, n int) []irt.Item {
	out := make([]irt.Item, n)
	for i := range out {
		middle := -2 + 4.2*(float64(i)+0.5)/float64(n)
		out[i].A = min(2.2, max(0.7, 1.3*math.Exp(0.3*r.NormFloat64())))
		if i%3 == 1 {
			out[i].B, out[i].C = []float64{middle}, 0.2
			continue
		}
		half := 0.3 + 0.5*r.Float64()
		out[i].B = []float64{middle - half, middle + half}
	}
	return out
}

// answersTo draws the answers of people with standard normal thetas to some of the items, which are drawn at random.
func answersTo(r *rand.Rand, items []irt.Item, people, asked int) (*irt.Answers, []float64, error) {
	var d irt.Answers
	thetas := make([]float64, people)
	order := make([]int, len(items))
	for i := range order {
		order[i] = i
	}
	answers := make([]irt.Answer, asked)
	for p := range thetas {
		thetas[p] = r.NormFloat64()
		for j := range answers {
			k := j + r.IntN(len(order)-j)
			order[j], order[k] = order[k], order[j]
			answers[j] = irt.Answer{Item: order[j], Category: items[order[j]].Draw(r, thetas[p])}
		}
		if err := d.Add(0, answers...); err != nil {
			return nil, nil, err
		}
	}
	return &d, thetas, nil
}
