package quality

import (
	"cmp"
	"math/bits"
	"slices"
)

// score says how much of the staff a conclusion can be drawn of, where the rest is, and what helps most.
func (r *roll) score(c *Conclusion, all *tally) Score {
	t := all.narrow(c)
	b := newBoard(c, t, r.in.K)
	s := Score{Name: c.Name, State: b.state}
	for _, a := range b.use {
		if a.People > 0 {
			s.Groups++
			s.Small += one(a.People < b.k)
		}
	}
	if len(c.Groups) == 0 {
		s.Groups, s.Small = 0, 0
	}
	todo := r.candidates(c, t, b)
	s.Losses = losses(t, b, todo)
	s.Gains, todo, s.Rest.Count = greedy(b, todo, r.in.Mends)
	listed := b.state
	for i := range todo {
		before := b.state
		if out := b.do(&todo[i].step, true); out.progress > 0 || out.state != before {
			s.Rest.Count++
		}
	}
	s.Best = b.state
	s.Rest.Points = s.Best.Points() - listed.Points()
	return s
}

// greedy takes the mend that adds most, again and again, and lists what it took. When none adds anything it takes the one that brings most people
// nearer, because another may need it; such mends at the end of the list are counted in idle instead.
func greedy(b *board, todo []candidate, most int) (taken []Gain, left []candidate, idle int) {
	left = todo
	for most < 0 || len(taken) < most {
		at, best := -1, outcome{state: b.state}
		for i := range left {
			out := b.do(&left[i].step, false)
			if better(&out, &best) {
				at, best = i, out
			}
		}
		if at < 0 {
			break
		}
		x := left[at]
		before := b.state
		b.do(&x.step, true)
		x.gain.After, x.gain.Points = b.state, b.state.Points()-before.Points()
		taken = append(taken, x.gain)
		left = slices.Delete(left, at, at+1)
	}
	for len(taken) > 0 && taken[len(taken)-1].Points <= 0 {
		taken = taken[:len(taken)-1]
		idle++
	}
	return taken, left, idle
}

// better tells whether one outcome is better than another: a higher score, or an equal one and more faults taken away.
func better(a, b *outcome) bool {
	// Shares are compared as fractions, so that equal ones are equal.
	x, y := int64(a.state.Shown.People)*int64(b.state.Staff.People), int64(b.state.Shown.People)*int64(a.state.Staff.People)
	return x > y || x == y && a.progress > b.progress
}

// losses says where the points that are missing go.
func losses(t *tally, b *board, todo []candidate) []Loss {
	staff := b.state.Staff.People
	if staff == 0 {
		return nil
	}
	var by [kindCount]Loss
	for i := range t.classes {
		x, n := t.classes[i].bits, t.amounts[i].People
		if x == 0 {
			continue
		}
		m := bits.OnesCount64(x)
		for k := range kindCount {
			if !has(x, k) {
				continue
			}
			by[k].People += n
			by[k].Points += 100 * float64(n) / float64(m) / float64(staff)
			if m == 1 {
				by[k].Alone += n
			}
		}
	}
	// Of groups that are too small, part is titles that fall apart.
	small := b.state.Usable.People - b.state.Shown.People
	for _, k := range []Kind{FunctionSame, FunctionAlike} {
		n := 0
		for i := range todo {
			if x := &todo[i]; x.gain.Check == k && x.gain.Mend == MergeFunctions {
				out := b.do(&step{joins: x.joins}, false)
				n += out.state.Shown.People - b.state.Shown.People
			}
		}
		by[k] = Loss{People: n, Alone: n, Points: points(n, staff)}
		small -= n
	}
	by[GroupSmall] = Loss{People: small, Alone: small, Points: points(small, staff)}
	var out []Loss
	for k := range kindCount {
		if by[k].People > 0 {
			by[k].Kind = k
			out = append(out, by[k])
		}
	}
	slices.SortStableFunc(out, func(a, b Loss) int { return cmp.Compare(b.Points, a.Points) })
	return out
}
