package dataset

import (
	"cmp"
	"crypto/sha256"
	"math/rand/v2"
	"slices"
)

// orderOf returns the order of the rows. They are sorted by what stands in them, which forgets the order in which they
// came, and then shuffled by the seed: the same data and seed give the same files, and no place in them tells when somebody
// answered.
func orderOf(columns []*column, n int, seed string) []int32 {
	order := make([]int32, n)
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		for _, c := range columns {
			var d int
			if c.numbers != nil {
				d = cmp.Compare(c.numbers[a], c.numbers[b])
			} else {
				d = cmp.Compare(c.at(int(a)), c.at(int(b)))
			}
			if d != 0 {
				return d
			}
		}
		return 0
	})
	r := rand.New(rand.NewChaCha8(sha256.Sum256([]byte("rows of the package of " + seed))))
	r.Shuffle(n, func(i, j int) { order[i], order[j] = order[j], order[i] })
	return order
}
