package tune

import (
	"tekentafel/internal/stats/irt"
)

// predicted is what the model expects of one answer from the same person's others.
type predicted struct {
	item, source   int
	x              float64 // category
	mean, variance float64
}

// expecting is what the expectation of an answer follows from where there is one other answer.
type expecting struct {
	prior *irt.Prior
	other irt.Answer
	item  int
}

// predict tells f what parameters expect of each answer: from the answers before it where they were chosen by these (gifts), from all others of
// the person otherwise. priors has the population of each person's group; nil is standard normal for all.
func predict(s *Skill, items []irt.Item, ordered func(source int) bool, prior func(person int) *irt.Prior, f func(predicted)) error {
	scorers := map[*irt.Prior]*irt.Scorer{}
	known := map[expecting]predicted{} // of a wave that asks two items of a skill, many people give the same answers
	for p := range s.People {
		one := &s.People[p]
		from := prior(p)
		scorer := scorers[from]
		if scorer == nil {
			var err error
			if scorer, err = irt.NewScorer(items, from); err != nil {
				return err
			}
			scorers[from] = scorer
		}
		others := make([]irt.Answer, 0, len(one.Answers))
		for i, a := range one.Answers {
			others = others[:0]
			for j, o := range one.Answers {
				if j < i || j > i && !ordered(one.Source) {
					others = append(others, irt.Answer{Item: o.Item, Category: o.Category})
				}
			}
			if len(others) == 0 {
				continue // nothing says anything of this answer
			}
			key := expecting{from, others[0], a.Item}
			e, found := known[key]
			if !found || len(others) > 1 {
				post, err := scorer.Posterior(others)
				if err != nil {
					return err
				}
				e.mean, e.variance = expected(items[a.Item], post)
				if len(others) == 1 {
					known[key] = e
				}
			}
			e.item, e.source, e.x = a.Item, one.Source, float64(a.Category)
			f(e)
		}
	}
	return nil
}

// expected is the mean and the variance of the category of an item over a posterior of theta.
func expected(it irt.Item, p irt.Posterior) (mean, variance float64) {
	var probs []float64
	square := 0.0
	for q, mass := range p.Mass {
		if mass < 1e-7 {
			continue
		}
		probs = it.Probabilities(probs[:0], p.Points[q])
		for k, x := range probs {
			mean += mass * x * float64(k)
			square += mass * x * float64(k*k)
		}
	}
	return mean, square - mean*mean
}

// fitting gathers infit and outfit.
type fitting struct{ n, squares, variances, standardised float64 }

func (f *fitting) add(p predicted) {
	d := p.x - p.mean
	v := max(p.variance, 1e-4)
	f.n++
	f.squares += d * d
	f.variances += v
	f.standardised += d * d / v
}

func (f *fitting) infit() float64 {
	if f.n == 0 {
		return 0
	}
	return f.squares / f.variances
}

func (f *fitting) outfit() float64 {
	if f.n == 0 {
		return 0
	}
	return f.standardised / f.n
}

// agreeing gathers the consistency: the slope of answers on what is expected of them, within items, so that guesses that are too high or too low do not count.
type agreeing struct {
	n      float64
	byItem map[int]*moments
}

type moments struct{ n, x, m, xm, mm float64 }

func (a *agreeing) add(p predicted) {
	if a.byItem == nil {
		a.byItem = map[int]*moments{}
	}
	k := a.byItem[p.item]
	if k == nil {
		k = &moments{}
		a.byItem[p.item] = k
	}
	a.n++
	k.n++
	k.x += p.x
	k.m += p.mean
	k.xm += p.x * p.mean
	k.mm += p.mean * p.mean
}

// sums are the covariance and the variance within items.
func (a *agreeing) sums(items int) (xm, mm float64) {
	for i := range items { // in a fixed order, so that the result has the same bits
		if k := a.byItem[i]; k != nil && k.n > 1 {
			xm += k.xm - k.x*k.m/k.n
			mm += k.mm - k.m*k.m/k.n
		}
	}
	return xm, mm
}
