package irt

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
)

// Choice is the next entry of a session, and how it came about.
type Choice struct {
	// Entry is the entry to ask; -1 where the session is finished, for the reason Stop.
	Entry int
	Stop  StopReason
	Scale int
	// Worth is the entry's value under the criterion, and Best that of the best one that the content rules allow.
	Worth, Best float64
	// Candidates is how many entries the content rules left; Held how many of them the exposure rate held back.
	Candidates, Held int
	// Needed tells that only entries that a minimum needs were looked at.
	Needed bool
	// Overexposed tells that all candidates were above the highest exposure rate; the least exposed were then taken.
	Overexposed bool
}

// Next chooses the next entry of a session. It hangs on its arguments alone: the same state, bank, rules and numbers of rng give the same
// entry; rng may be nil where Random is 0 and Top at most 1. The errors are those of Stands.
func Next(s State, b *Bank, r Rules, rng *rand.Rand) (Choice, error) {
	all, err := Stands(s, b, r)
	if err != nil {
		return Choice{Entry: -1}, err
	}
	if rng == nil && (r.Random > 0 || r.Top > 1) {
		return Choice{Entry: -1}, fmt.Errorf("%w: chance has a part and there are no random numbers", ErrRules)
	}
	why, open := finished(s, r, all)
	if why != Open {
		return Choice{Entry: -1, Stop: why}, nil
	}
	p := r.scale(open, s, b)
	c := Choice{Scale: p.Scale}
	candidates := p.candidates(b, r, &c)
	c.Candidates = len(candidates)
	worth := make(map[int]float64, len(candidates))
	for _, i := range candidates {
		worth[i] = b.worth(r.Criterion, i, &p.Posterior)
		c.Best = max(c.Best, worth[i])
	}
	bound := max(r.MaxRate, feasible*b.rate(p.Scale))
	allowed := slices.DeleteFunc(slices.Clone(candidates), func(i int) bool { return b.entries[i].Rate > bound })
	if c.Held = len(candidates) - len(allowed); len(allowed) == 0 {
		c.Overexposed, allowed = true, candidates
		// The least exposed are the best of a bad lot.
		least := slices.MinFunc(allowed, func(a, b2 int) int { return cmp.Compare(b.entries[a].Rate, b.entries[b2].Rate) })
		allowed = slices.DeleteFunc(slices.Clone(allowed), func(i int) bool { return b.entries[i].Rate > b.entries[least].Rate+overexposedBand })
	}
	chance := r.Random * (1 - p.done(r))
	rank := make(map[int]float64, len(allowed))
	for _, i := range allowed {
		rank[i] = worth[i]
		if chance > 0 {
			rank[i] = (1-chance)*worth[i] + chance*c.Best*rng.Float64()
		}
	}
	slices.SortStableFunc(allowed, func(a, b int) int { return cmp.Compare(rank[b], rank[a]) })
	pick := 0
	if top := min(r.Top, len(allowed)); top > 1 {
		pick = rng.IntN(top)
	}
	c.Entry = allowed[pick]
	c.Worth = worth[c.Entry]
	return c, nil
}

// feasible is how far above the mean rate of a scale a bound of the rate has to be: a lower one only makes tests longer.
const feasible = 1.5

// overexposedBand is how far above the lowest rate entries are still taken where all are above the highest.
const overexposedBand = 0.02

// scale chooses among the open scales.
func (r Rules) scale(open []*Progress, s State, b *Bank) *Progress {
	if r.Order == Neediest {
		return slices.MaxFunc(open, func(a, b *Progress) int {
			if (a.Asked == 0) != (b.Asked == 0) { // each is asked once before one is asked twice
				return cmp.Compare(b.Asked, a.Asked)
			}
			return cmp.Compare(a.Posterior.SD, b.Posterior.SD)
		})
	}
	spent, own := 0.0, map[int]float64{}
	for _, g := range s.Given {
		spent += g.Seconds
		own[b.entries[g.Entry].Scale] += g.Seconds
	}
	for n, p := range open {
		// What other scales left of a limit, divided equally over this scale and those after it.
		parts := float64(len(open) - n)
		items := float64(r.MaxTotal-len(s.Given)+p.Asked) / parts
		time := (r.MaxSeconds - spent + own[p.Scale]) / parts
		if (r.MaxTotal == 0 || float64(p.Asked) < items) && (r.MaxSeconds == 0 || own[p.Scale] < time) {
			return p
		}
	}
	return open[len(open)-1]
}

// candidates are the entries that the content rules allow: all eligible ones, or, when the minima need all that is left until the least
// number of items, those that serve them best.
func (p *Progress) candidates(b *Bank, r Rules, c *Choice) []int {
	missing := p.tally.missing()
	if missing == 0 {
		return p.eligible
	}
	slots := max(r.MinItems-p.Asked, missing)
	after := func(i int) int { return p.tally.missingAfter(&b.entries[i]) }
	kept := slices.DeleteFunc(slices.Clone(p.eligible), func(i int) bool { return after(i) > slots-1 })
	if len(kept) == len(p.eligible) {
		return kept
	}
	if len(kept) == 0 {
		least := after(slices.MinFunc(p.eligible, func(x, y int) int { return cmp.Compare(after(x), after(y)) }))
		kept = slices.DeleteFunc(slices.Clone(p.eligible), func(i int) bool { return after(i) > least })
		if least >= missing { // nothing left serves a minimum
			return p.eligible
		}
	}
	c.Needed = true
	return kept
}

// done is how far the scale is, 0 to 1: by items, or by precision where that is further.
func (p *Progress) done(r Rules) float64 {
	done := float64(p.Asked) / float64(r.MaxItems)
	if r.TargetSD > 0 && r.TargetSD < p.before {
		precision := func(sd float64) float64 { return 1 / (sd * sd) }
		done = max(done, (precision(p.Posterior.SD)-precision(p.before))/(precision(r.TargetSD)-precision(p.before)))
	}
	return min(1, max(0, done))
}
