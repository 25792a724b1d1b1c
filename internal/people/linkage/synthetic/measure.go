package synthetic

import (
	"math"

	"tekentafel/internal/people/linkage"
)

// Quality is how good proposals are, by the truth.
type Quality struct {
	True, Proposed, Right int // pairs that are one thing; pairs that were proposed; those of them that are one thing
	Bins                  []Bin
	Brier                 float64 // mean squared error of the probability of proposed pairs
	Error                 float64 // expected calibration error: mean distance of probability and share, weighted by pairs
	Blocked               float64 // share of true pairs that blocking found, where it is measured
}

// Bin is a range of probabilities: pairs in it, their mean probability, and the share of them that is one thing.
type Bin struct {
	From, To    float64
	Pairs       int
	Mean, Share float64
}

// Precision is the share of proposed pairs that is one thing; 1 where nothing is proposed.
func (q *Quality) Precision() float64 { return ratio(q.Right, q.Proposed) }

// Recall is the share of true pairs that is proposed.
func (q *Quality) Recall() float64 { return ratio(q.Right, q.True) }

// F1 is the harmonic mean of both.
func (q *Quality) F1() float64 {
	p, r := q.Precision(), q.Recall()
	if p+r == 0 {
		return 0
	}
	return 2 * p * r / (p + r)
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 1
	}
	return float64(a) / float64(b)
}

// TruePairs counts the pairs that are one thing.
func TruePairs(labels []int) int {
	count := map[int]int{}
	n := 0
	for _, l := range labels {
		n += count[l]
		count[l]++
	}
	return n
}

// Measure holds pairs of at least a threshold against the truth.
func Measure(pairs []linkage.Pair, labels []int, threshold float64) Quality {
	q := Quality{True: TruePairs(labels)}
	edges := []float64{0, .1, .3, .5, .7, .9, .97, .99, .999, 1.0000001}
	for i := range len(edges) - 1 {
		q.Bins = append(q.Bins, Bin{From: edges[i], To: edges[i+1]})
	}
	var right = make([]int, len(q.Bins))
	for _, p := range pairs {
		same := labels[p.A] == labels[p.B]
		for b := range q.Bins {
			if p.Probability >= q.Bins[b].From && p.Probability < q.Bins[b].To {
				q.Bins[b].Pairs++
				q.Bins[b].Mean += p.Probability
				if same {
					right[b]++
				}
			}
		}
		hit := 0.0
		if same {
			hit = 1
		}
		q.Brier += (p.Probability - hit) * (p.Probability - hit)
		if p.Probability < threshold {
			continue
		}
		q.Proposed++
		if same {
			q.Right++
		}
	}
	for b := range q.Bins {
		if n := float64(q.Bins[b].Pairs); n > 0 {
			q.Bins[b].Mean /= n
			q.Bins[b].Share = float64(right[b]) / n
			q.Error += math.Abs(q.Bins[b].Mean-q.Bins[b].Share) * n / float64(len(pairs))
		}
	}
	if len(pairs) > 0 {
		q.Brier /= float64(len(pairs))
	}
	return q
}

// Clusters holds the pairs within clusters against the truth.
func Clusters(clusters []linkage.Cluster, labels []int) Quality {
	q := Quality{True: TruePairs(labels)}
	for _, c := range clusters {
		for i, a := range c.Members {
			for _, b := range c.Members[i+1:] {
				q.Proposed++
				if labels[a] == labels[b] {
					q.Right++
				}
			}
		}
	}
	return q
}
