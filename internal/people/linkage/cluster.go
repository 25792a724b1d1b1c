package linkage

import (
	"cmp"
	"slices"
)

const (
	largestCluster = 100
	// looseness is the part of the threshold that each pair within a cluster must reach; their mean must reach the threshold itself.
	looseness = 0.2
)

// cluster joins rows from the most probable pair down. Two groups become one only when each member of one is probable enough with each
// member of the other, no decision keeps two of them apart, and their mean reaches the threshold (complete linkage with a mean), so that A~B~C does not
// tie A to C when A and C are different.
func (r *run) cluster(probable []scored, known *knowledge) {
	group := map[int]int{} // by row; rows alone are not in it
	members := map[int][]int{}
	for i := range r.keys {
		if root := known.root(i); root != i {
			group[root], group[i] = root, root
			if members[root] == nil {
				members[root] = []int{root}
			}
			members[root] = append(members[root], i)
		}
	}
	of := func(row int) (int, []int) {
		if g, in := group[row]; in {
			return g, members[g]
		}
		return row, []int{row}
	}
	for _, s := range probable {
		one, two := r.candidates.pair(int(s.at))
		a, inA := of(one)
		b, inB := of(two)
		if a == b || len(inA)+len(inB) > largestCluster || !r.together(inA, inB, known) {
			continue
		}
		if b < a {
			a, b = b, a
		}
		all := append(slices.Clone(inA), inB...)
		slices.Sort(all)
		delete(members, b)
		members[a] = all
		for _, row := range all {
			group[row] = a
		}
	}
	for _, rows := range members {
		r.out.Clusters = append(r.out.Clusters, r.describeCluster(rows, known))
	}
	slices.SortFunc(r.out.Clusters, func(x, y Cluster) int {
		return cmp.Or(cmp.Compare(len(y.Members), len(x.Members)), cmp.Compare(y.Mean, x.Mean), cmp.Compare(x.Members[0], y.Members[0]))
	})
}

func (r *run) together(a, b []int, known *knowledge) bool {
	sum := 0.0
	for _, x := range a {
		for _, y := range b {
			if known.decided(x, y) {
				return false // different: the same would be one group
			}
			w, possible := r.bits(x, y)
			p := probability(w)
			if !possible || p < r.o.Threshold*looseness {
				return false
			}
			sum += p
		}
	}
	return sum/float64(len(a)*len(b)) >= r.o.Threshold
}

func (r *run) describeCluster(rows []int, known *knowledge) Cluster {
	c := Cluster{Members: rows, Canonical: rows[0], Lowest: 1, Decided: true}
	pairs := 0
	for i, x := range rows {
		if r.better(x, c.Canonical) {
			c.Canonical = x
		}
		for _, y := range rows[i+1:] {
			p := 1.0
			if !known.decided(x, y) {
				w, _ := r.bits(x, y)
				p = probability(w)
				c.Decided = false
			}
			c.Lowest = min(c.Lowest, p)
			c.Mean += p
			pairs++
		}
	}
	c.Mean /= float64(pairs)
	return c
}
