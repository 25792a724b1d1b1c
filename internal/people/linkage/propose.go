package linkage

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// scored is a candidate, by its place among them, with its weight without the prior.
type scored struct {
	at   int32
	bits float64
}

// propose weighs each candidate with the rarity of its values, brings the prior in line with that, and keeps what is probable enough.
func (r *run) propose(ctx context.Context, known *knowledge) error {
	r.o.Progress(StagePropose, 0, 3)
	const rarest = 14                        // bits that rarity can add at most, in what is passed over here
	weights, n := map[pattern]float64{}, 0.0 // of patterns that are not passed over, and how many candidates have one
	for p, count := range r.counts {
		if p == impossible {
			continue
		}
		if w := r.fit.weight(p); w+r.prior > -rarest-7 {
			weights[p] = w
			n += count
		}
	}
	near := make([]scored, 0, int(n))
	for i, p := range r.patterns {
		if w, is := weights[p]; is {
			a, b := r.candidates.pair(i)
			for _, more := range r.rarity(a, b, p, r.fit) {
				w += more
			}
			near = append(near, scored{int32(i), w})
		}
	}
	r.patterns = nil // the few that are asked for again are compared again
	if err := ctx.Err(); err != nil {
		return err
	}
	r.o.Progress(StagePropose, 1, 3)
	r.settle(near)
	var probable []scored
	var one, two, all float64
	limit := logOdds(r.o.Threshold)
	for _, s := range near {
		p := probability(s.bits + r.prior)
		all += p
		passes := r.candidates.passes[s.at]
		switch passes &= passes - 1; {
		case passes == 0:
			one += p
		case passes&(passes-1) == 0:
			two += p
		}
		if s.bits+r.prior >= limit {
			probable = append(probable, s)
		}
	}
	r.out.Recall = chao(one, two, all)
	slices.SortFunc(probable, func(x, y scored) int {
		return cmp.Or(cmp.Compare(y.bits, x.bits), cmp.Compare(x.at, y.at))
	})
	r.cluster(probable, known)
	r.o.Progress(StagePropose, 2, 3)
	for _, s := range probable {
		a, b := r.candidates.pair(int(s.at))
		if known.decided(a, b) {
			continue
		}
		if r.o.MaxPairs > 0 && len(r.out.Pairs) == r.o.MaxPairs {
			break
		}
		r.out.Pairs = append(r.out.Pairs, r.pair(a, b))
	}
	r.o.Progress(StagePropose, 3, 3)
	return ctx.Err()
}

// settle finds the prior with which the probabilities add up to the matches that they imply, now that rarity is in the
// weights (the same iteration as learning, with m and u fixed).
func (r *run) settle(near []scored) {
	if r.out.Model.Designed && len(near) == 0 {
		return
	}
	share := r.out.Model.Share
	for range 100 {
		prior, sum := logOdds(share), 0.0
		for i := range near {
			sum += probability(near[i].bits + prior)
		}
		next := min(max(sum/r.out.Possible, 1e-3/r.out.Possible), 0.9)
		done := math.Abs(next-share) < 1e-6*share
		share = next
		if done {
			break
		}
	}
	r.out.Model.Share, r.out.Model.Matches = share, share*r.out.Possible
	r.prior = logOdds(share)
}

// bits weighs any two rows, with the prior; false where they cannot be one thing.
func (r *run) bits(a, b int) (float64, bool) {
	a, b = min(a, b), max(a, b)
	p, possible := r.compare(a, b)
	if !possible {
		return math.Inf(-1), false
	}
	w := r.fit.weight(p) + r.prior
	for _, more := range r.rarity(a, b, p, r.fit) {
		w += more
	}
	return w, true
}

// pair explains two rows.
func (r *run) pair(a, b int) Pair {
	p, _ := r.compare(a, b)
	rare := r.rarity(a, b, p, r.fit)
	pair := Pair{A: a, B: b, Prior: r.prior}
	for i := range r.fit.designs {
		e := Evidence{Field: r.fit.designs[i].field, Level: Missing, Bits: r.fit.bits(p, i) + rare[i]}
		if p[i] != missing {
			e.Level = r.fit.designs[i].levels[p[i]]
		}
		pair.Evidence = append(pair.Evidence, e)
	}
	r.describe(a, b, p, pair.Evidence)
	pair.Probability = probability(pair.Bits())
	return pair
}
