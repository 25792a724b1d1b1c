package quality

import (
	"cmp"
	"math/bits"
	"slices"
)

// candidate is a mend that can be tried.
type candidate struct {
	step
	gain Gain
}

// candidates lists the mends that could move a conclusion, in the order of the kinds and then of the ids.
func (r *roll) candidates(c *Conclusion, t *tally, b *board) []candidate {
	var byKind [kindCount][]int32
	for i := range t.classes {
		for x := t.classes[i].bits; x != 0; x &= x - 1 {
			k := bits.TrailingZeros64(x)
			byKind[k] = append(byKind[k], int32(i))
		}
	}
	var all []candidate
	var second []int32
	for k := range kindCount {
		classes := byKind[k]
		switch {
		case len(classes) == 0:
		case k == UnitGone || k == UnitOrphan || k == UnitCycle || k == UnitRoots:
			// with the units below
		case k == FunctionGone:
			all = append(all, r.eachFunction(t, classes)...)
		case removes&k.bit() != 0 && k != EndPast:
			second = append(second, classes...)
		default:
			all = append(all, r.bulk(k, t, classes))
		}
	}
	if len(second) > 0 {
		slices.Sort(second)
		most := slices.MaxFunc([]Kind{SameNumber, SameMail, SameName, SameLinked}, func(a, b Kind) int {
			return cmp.Compare(people(t, byKind[a]), people(t, byKind[b]))
		})
		x := r.bulk(most, t, slices.Compact(second))
		x.clear = removes &^ EndPast.bit()
		all = append(all, x)
	}
	all = append(all, r.eachUnit(t)...)
	all = append(all, r.eachSet(c, t, b)...)
	for i := range all {
		all[i].gain.People = max(all[i].gain.People, people(t, all[i].classes))
		if all[i].gain.Count == 0 {
			all[i].gain.Count = all[i].gain.People
		}
		for _, d := range c.Groups {
			all[i].gain.Assumed = all[i].gain.Assumed || has(assumes(d), all[i].gain.Check)
		}
	}
	return all
}

func people(t *tally, classes []int32) int {
	n := 0
	for _, c := range classes {
		n += t.amounts[c].People
	}
	return n
}

// assumes are the faults of which the mend decides in which group of a dimension somebody falls.
func assumes(d Dimension) uint64 {
	switch d {
	case ByDepartment:
		return set(NoPost, NoUnit, NoEither, UnitGone, UnitOrphan, UnitCycle, UnitRoots)
	case ByFunction:
		return set(NoPost, NoFunction, NoEither)
	case ByAge:
		return set(BirthUnknown, BirthRange)
	case ByWork:
		return set(NoPost, NoFunction, NoEither, FunctionGone, NoWork)
	default:
		return 0
	}
}

// bulk is the mend of all that have a fault.
func (r *roll) bulk(k Kind, t *tally, classes []int32) candidate {
	x := candidate{step: step{clear: k.bit(), classes: classes}, gain: Gain{Mend: definitions[k].Mend, Check: k}}
	if k == NoLevel || k == NoWork {
		fs := map[int32]int{}
		for _, c := range classes {
			fs[t.classes[c].fn] += t.amounts[c].People
		}
		order := make([]int32, 0, len(fs))
		for f := range fs {
			order = append(order, f)
		}
		slices.SortFunc(order, func(a, b int32) int {
			return cmp.Or(cmp.Compare(fs[b], fs[a]), cmp.Compare(r.cat.ids[a], r.cat.ids[b]))
		})
		x.gain.Count = len(order)
		for _, f := range order[:min(len(order), 20)] {
			x.gain.IDs = append(x.gain.IDs, r.cat.ids[f])
		}
	}
	return x
}

// eachFunction are the mends of functions that are not there, one by one.
func (r *roll) eachFunction(t *tally, classes []int32) []candidate {
	by := map[int32][]int32{}
	for _, c := range classes {
		by[t.classes[c].fn] = append(by[t.classes[c].fn], c)
	}
	return each(by, func(f int32, cs []int32) candidate {
		return candidate{
			step: step{clear: FunctionGone.bit(), classes: cs},
			gain: Gain{Mend: RestoreTitle, Check: FunctionGone, IDs: []string{r.cat.ids[f]}, Count: 1},
		}
	})
}

// eachUnit are the mends of the places where the tree is broken, one by one.
func (r *roll) eachUnit(t *tally) []candidate {
	by := map[int32][]int32{}
	for i := range t.classes {
		if u := t.classes[i].brk; u >= 0 {
			by[u] = append(by[u], int32(i))
		}
	}
	return each(by, func(u int32, cs []int32) candidate {
		x := candidate{step: step{clear: broken, classes: cs}, gain: Gain{Mend: PlaceUnit, IDs: []string{r.tree.ids[u]}, Count: 1}}
		switch {
		case !r.tree.there(u):
			x.gain.Mend, x.gain.Check = RestoreUnit, UnitOrphan
			if slices.ContainsFunc(cs, func(c int32) bool { return has(t.classes[c].bits, UnitGone) }) {
				x.gain.Check = UnitGone
			}
		case r.tree.rounds[u] != nil:
			x.gain.Check = UnitCycle
		default:
			x.gain.Check = UnitRoots
		}
		return x
	})
}

func each(by map[int32][]int32, build func(int32, []int32) candidate) []candidate {
	keys := make([]int32, 0, len(by))
	for k := range by {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	var out []candidate
	for _, k := range keys {
		out = append(out, build(k, by[k]))
	}
	return out
}

// eachSet are the merges of functions. A merge joins groups that differ in the function alone, and gives functions without level
// or kind of work those of the others.
func (r *roll) eachSet(c *Conclusion, t *tally, b *board) []candidate {
	if len(r.cat.sets) == 0 {
		return nil
	}
	joins := make([][][]int32, len(r.cat.sets))
	if c.by(ByFunction) {
		at := map[class]int{} // by the group without its function, and the set
		for g, key := range b.keys {
			s := r.cat.of[key.fn]
			if s < 0 {
				continue
			}
			key.fn, key.brk = 0, s
			i, ok := at[key]
			if !ok {
				i = len(joins[s])
				at[key] = i
				joins[s] = append(joins[s], nil)
			}
			joins[s][i] = append(joins[s][i], int32(g))
		}
	}
	lacking := make([][]int32, len(r.cat.sets))
	for i := range t.classes {
		if x := &t.classes[i]; x.bits&set(NoLevel, NoWork) != 0 && x.fn >= 0 && r.cat.of[x.fn] >= 0 {
			lacking[r.cat.of[x.fn]] = append(lacking[r.cat.of[x.fn]], int32(i))
		}
	}
	var out []candidate
	for i := range r.cat.sets {
		s := &r.cat.sets[i]
		x := candidate{step: step{joins: slices.DeleteFunc(joins[i], func(j []int32) bool { return len(j) < 2 })}}
		if s.level != "" {
			x.clear |= NoLevel.bit()
		}
		if s.work != "" {
			x.clear |= NoWork.bit()
		}
		if x.clear != 0 {
			x.classes = lacking[i]
		}
		if len(x.joins) == 0 && len(x.classes) == 0 {
			continue
		}
		x.gain = Gain{Mend: MergeFunctions, Check: s.kind, Into: r.cat.ids[s.members[0]], Count: len(s.members)}
		for _, f := range s.members {
			x.gain.IDs = append(x.gain.IDs, r.cat.ids[f])
			x.gain.People += int(r.cat.people[f])
		}
		out = append(out, x)
	}
	return out
}
