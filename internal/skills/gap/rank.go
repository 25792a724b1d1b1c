package gap

import (
	"cmp"
	"slices"
)

// Kind is a kind of group.
type Kind string

// The kinds of groups.
const (
	ByFunction   Kind = "function"
	ByDepartment Kind = "department"
	ByFamily     Kind = "family"
	ByCell       Kind = "cell"
)

// Ranking says where training would matter most, among groups of one kind, over all skills: the places with most people below
// the required level. Skills are drawn apart, so that what they share of a place's error is not in it.
type Ranking struct {
	Kind   Kind     `json:"kind"`
	Top    int      `json:"top"` // places that count as top
	Places []Ranked `json:"places"`
}

// Ranked is a group and a skill in a ranking, by expected number of people below the required level.
type Ranked struct {
	Function   string `json:"function,omitempty"` // codes
	Department string `json:"department,omitempty"`
	Family     string `json:"family,omitempty"`
	Skill      string `json:"skill"`
	// Tie numbers the ties, from 1. The places of one tie follow each other, and none is below the first of them with a probability of
	// 90 % or more: their order says nothing.
	Tie      int     `json:"tie"`
	People   Figure  `json:"people"`   // below the required level
	Below    Figure  `json:"below"`    // share
	Distance Figure  `json:"distance"` // levels, over everyone
	Sure     float64 `json:"sure"`     // probability to be among the top, in steps of 0.05
	Verdict  Verdict `json:"verdict"`  // Enough or TooUncertain
}

const (
	mostRanked = 100  // places of a ranking that are kept
	parted     = 0.9  // probability from which two places are no tie
	sureGrain  = 0.05 //
)

// rank ranks the groups of each kind.
func (w *rows) rank() {
	sl := w.d.slots
	lists := []struct {
		kind Kind
		slot []int32
		rows []Row
	}{{ByFunction, sl.function, w.result.Functions}, {ByDepartment, sl.department, w.result.Departments}, {ByFamily, sl.family, w.result.Families}, {ByCell, sl.cell, w.result.Cells}}
	for _, l := range lists {
		var slots []int32
		for _, g := range l.slot {
			if g >= 0 {
				slots = append(slots, g)
			}
		}
		if len(slots) > 1 {
			w.rankKind(l.kind, slots, l.rows)
		}
	}
}

// candidate is a group and a skill under way to a ranking.
type candidate struct {
	row, skill int
	slot       int32
	mean       float64
	top        int
}

func (w *rows) rankKind(kind Kind, slots []int32, list []Row) {
	var all []candidate
	for i, g := range slots {
		for s := range w.in.Skills {
			if st := &list[i].Skills[s]; st.People != nil {
				c := candidate{row: i, skill: s, slot: g}
				for t := range w.d.draws {
					c.mean += float64(w.below(&c, t))
				}
				c.mean /= float64(w.d.draws)
				all = append(all, c)
			}
		}
	}
	if len(all) < 2 {
		return
	}
	top := min(w.o.Top, len(all)-1)
	w.count(all, top)
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(b.mean, a.mean) })
	out := Ranking{Kind: kind, Top: top}
	tie, first := 0, 0
	for i := range all[:min(len(all), mostRanked)] {
		if i == 0 || w.above(&all[first], &all[i]) >= parted {
			tie, first = tie+1, i
		}
		r, st := &list[all[i].row], &list[all[i].row].Skills[all[i].skill]
		out.Places = append(out.Places, Ranked{Function: r.Function, Department: r.Department, Family: r.Family, Skill: w.in.Skills[all[i].skill].ID, Tie: tie,
			People: *st.People, Below: *st.Below, Distance: *st.Distance, Verdict: st.Verdict,
			Sure: digits(sureGrain*float64(int(float64(all[i].top)/float64(w.d.draws)/sureGrain+0.5)), 2)})
		if kind == ByFunction {
			out.Places[i].Family = ""
		}
	}
	// Within a tie the order is that of the rounded numbers, so that it tells no more than these.
	slices.SortStableFunc(out.Places, func(a, b Ranked) int {
		return cmp.Or(cmp.Compare(a.Tie, b.Tie), cmp.Compare(b.People.Value, a.People.Value), cmp.Compare(a.Skill, b.Skill),
			cmp.Compare(a.Function, b.Function), cmp.Compare(a.Department, b.Department), cmp.Compare(a.Family, b.Family))
	})
	w.result.Rankings = append(w.result.Rankings, out)
}

func (w *rows) below(c *candidate, draw int) float32 {
	return w.d.people[c.skill][draw*w.d.slots.n+int(c.slot)]
}

// count counts in how many draws each candidate is among the top. Of equals the first goes first.
func (w *rows) count(all []candidate, top int) {
	values := make([]float32, len(all))
	order := make([]int32, len(all))
	for t := range w.d.draws {
		for i := range all {
			values[i], order[i] = w.below(&all[i], t), int32(i)
		}
		better := func(a, b int32) bool { return values[a] > values[b] || values[a] == values[b] && a < b }
		lo, hi := 0, len(order)
		for hi-lo > 1 { // quickselect
			pivot := order[lo+(hi-lo)/2]
			i, j := lo, hi-1
			for i <= j {
				for better(order[i], pivot) {
					i++
				}
				for better(pivot, order[j]) {
					j--
				}
				if i <= j {
					order[i], order[j] = order[j], order[i]
					i, j = i+1, j-1
				}
			}
			switch {
			case top <= j:
				hi = j + 1
			case top >= i:
				lo = i
			default:
				lo, hi = top, top
			}
		}
		for _, i := range order[:top] {
			all[i].top++
		}
	}
}

// above is the probability that one candidate has more people below than another.
func (w *rows) above(a, b *candidate) float64 {
	n := 0.0
	for t := range w.d.draws {
		switch x, y := w.below(a, t), w.below(b, t); {
		case x > y:
			n++
		case x == y:
			n += 0.5
		}
	}
	return n / float64(w.d.draws)
}
