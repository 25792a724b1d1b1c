package irt

import (
	"math"
	"math/rand/v2"
	"testing"
)

// drawBank draws n items with k categories: slopes around 1.3, places evenly over -2 to 2.
func drawBank(r *rand.Rand, n, k int) []Item {
	out := make([]Item, n)
	for i := range out {
		middle := -2 + 4*(float64(i)+0.5)/float64(n) + 0.1*r.NormFloat64()
		it := Item{A: 1.3 * math.Exp(0.25*r.NormFloat64())}
		for c := range k - 1 {
			it.B = append(it.B, middle+1.2*(float64(c)-float64(k-2)/2)+0.1*r.Float64())
		}
		out[i] = it
	}
	return out
}

// drawAnswers has n people of a group answer some of the items, drawn at random (all where most is the number of items).
func drawAnswers(t testing.TB, r *rand.Rand, d *Answers, items []Item, group Group, index, n, most int) (thetas []float64) {
	t.Helper()
	for range n {
		theta := group.Mean + group.SD*r.NormFloat64()
		thetas = append(thetas, theta)
		var answers []Answer
		for _, i := range r.Perm(len(items))[:most] {
			answers = append(answers, Answer{i, items[i].Draw(r, theta)})
		}
		if err := d.Add(index, answers...); err != nil {
			t.Fatal(err)
		}
	}
	return thetas
}

func seeded(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 6)) }
