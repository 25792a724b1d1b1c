package insight

import (
	"cmp"
	"context"
	"math"
	"slices"

	"tekentafel/internal/disclosure"
)

const (
	peopleStep = 5  // numbers of people are rounded to this
	daysStep   = 10 // and days to this
	// rest is how large what others used must be beside what the largest used, for an amount to be shown: who used second most and knows it, cannot tell
	// what the largest used better than within this share (the p% rule; Hundepool and others, Statistical Disclosure Control, 2012, 4.2.2).
	rest = 0.25
)

// protect makes what may be shown of what a month was.
func protect(ctx context.Context, r *raw, k int) (*Figures, error) {
	f := &Figures{K: k, Hidden: map[string]int{}}
	if r.all < k {
		return &Figures{K: k, Few: true}, nil
	}
	groups, days := placed(r, k)
	all := sum(groups)
	if all < k {
		return &Figures{K: k, Few: true}, nil
	}
	f.People, f.Days = people(all, r.heads, k), round(sum(days), daysStep)
	if r.heads >= all {
		f.Heads = r.heads
	}
	if err := f.takeGroups(ctx, r, groups, days, k); err != nil {
		return nil, err
	}
	take := func(kind string, of map[string]int, whole int) []Item {
		var out []Item
		for id, n := range of {
			if n < k {
				f.Hidden[kind]++
				continue
			}
			out = append(out, Item{ID: id, People: people(n, whole, k)})
		}
		slices.SortFunc(out, func(a, b Item) int { return cmp.Or(b.People.N-a.People.N, cmp.Compare(a.ID, b.ID)) })
		return out
	}
	f.Models, f.Tasks = take("model", r.models, r.all), take("task", r.tasks, r.all)
	if r.tried >= k {
		f.Outcomes, f.Found = take("outcome", r.outcomes, r.tried), take("found", r.found, r.tried)
	}
	f.Amounts, f.Why = amounts(r, k)
	return f, nil
}

// people rounds a number of people. Where fewer than k of a whole are left, how many is not told.
func people(n, whole, k int) People {
	if whole >= n && whole-n < k {
		if most := max(whole-k, 0) / peopleStep * peopleStep; most >= k {
			return People{N: min(round(n, peopleStep), most), AtLeast: true}
		}
		return People{N: k / peopleStep * peopleStep, AtLeast: true}
	}
	return People{N: round(n, peopleStep)}
}

func round(n, step int) int { return (n + step/2) / step * step }

func sum(of map[place]int) int {
	n := 0
	for _, x := range of {
		n += x
	}
	return n
}

// placed returns people and days by group. Those few of whom the department or the family is not known are left out, in the total too: otherwise what they
// used would follow from the others, or others would be hidden for them. When they are k or more, they are a group.
func placed(r *raw, k int) (groups, days map[place]int) {
	lost := func(p place) bool {
		return p.department == "" && len(r.departments) > 1 || p.family == "" && len(r.families) > 1
	}
	n := 0
	for where, people := range r.groups {
		if lost(where) {
			n += people
		}
	}
	if n == 0 || n >= k {
		return r.groups, r.days
	}
	groups, days = map[place]int{}, map[place]int{}
	for where := range r.groups {
		if !lost(where) {
			groups[where], days[where] = r.groups[where], r.days[where]
		}
	}
	return groups, days
}

// takeGroups lets package disclosure decide which departments and families are shown, and settle hide what follows from more than two of them. Who is in none is a group as well, so that those few do not follow
// from the others.
func (f *Figures) takeGroups(ctx context.Context, r *raw, groups, days map[place]int, k int) error {
	departments := parts(r.departments, groups, func(p place) string { return p.department })
	families := parts(r.families, groups, func(p place) string { return p.family })
	if len(departments) < 2 && len(families) < 2 {
		return nil
	}
	p := disclosure.Publication{K: k, Respondents: sum(groups), Groupings: []disclosure.Grouping{{Variable: "department"}, {Variable: "family"}},
		Joint: []disclosure.Joint{{A: 0, B: 1, Counts: make([][]int, len(departments)+1)}}}
	for i := range p.Joint[0].Counts {
		p.Joint[0].Counts[i] = make([]int, len(families)+1)
	}
	for g, list := range [][]Part{departments, families} {
		for _, part := range list {
			p.Groupings[g].Values, p.Groupings[g].N = append(p.Groupings[g].Values, part.ID), append(p.Groupings[g].N, 0)
		}
	}
	dept, fam := make([]int, len(departments)), make([]int, len(families)) // days
	for where, n := range groups {
		i, j := indexOf(departments, where.department), indexOf(families, where.family)
		p.Groupings[0].N[i] += n
		p.Groupings[1].N[j] += n
		p.Joint[0].Counts[i][j] += n
		dept[i] += days[where]
		fam[j] += days[where]
	}
	decision, err := disclosure.Protect(ctx, p)
	if err != nil {
		return err
	}
	var hidden [2][]bool
	for g := range hidden {
		for i := range p.Groupings[g].N {
			hidden[g] = append(hidden[g], decision.Groups[g][i].Hidden())
		}
	}
	settle(p.Joint[0].Counts, hidden, k)
	show := func(g int, list []Part, days []int) []Group {
		out := make([]Group, len(list))
		for i, part := range list {
			out[i] = Group{ID: part.ID, Name: part.Name, Hidden: hidden[g][i]}
			if n := p.Groupings[g].N[i]; !out[i].Hidden {
				out[i].People, out[i].Days = people(n, part.Heads, k), round(days[i], daysStep)
				if part.Heads >= n {
					out[i].Heads = part.Heads
				}
			}
		}
		return out
	}
	if len(departments) > 1 {
		f.Departments = show(0, departments, dept)
	}
	if len(families) > 1 {
		f.Families = show(1, families, fam)
	}
	return nil
}

// parts returns the parts that stand, those that are gone but were used, and "" for who is in none.
func parts(standing []Part, groups map[place]int, of func(place) string) []Part {
	out := slices.Clone(standing)
	var gone []string
	for where := range groups {
		if id := of(where); !slices.ContainsFunc(out, func(p Part) bool { return p.ID == id }) && !slices.Contains(gone, id) {
			gone = append(gone, id)
		}
	}
	slices.Sort(gone)
	for _, id := range gone {
		out = append(out, Part{ID: id})
	}
	return out
}

func indexOf(parts []Part, id string) int {
	return slices.IndexFunc(parts, func(p Part) bool { return p.ID == id })
}

// amounts tells what was used in all, unless one person or program weighs too much in it.
func amounts(r *raw, k int) (*Amounts, string) {
	switch w := r.weights; {
	case w == nil:
		return nil, "unknown"
	case w.Users < k:
		return nil, "few"
	case w.Tokens.heavy() || w.Nano.Total > 0 && w.Nano.heavy():
		return nil, "heavy"
	}
	tokens := r.amounts[amountTokens]
	a := &Amounts{Tokens: twoDigits(tokens), Cents: twoDigits(int64(math.Round(float64(r.amounts[amountNano]) / 1e7))),
		Guessed: r.amounts[amountGuessed]*10 >= max(tokens, 1), Dark: r.amounts[amountUnknown]*10 >= max(tokens, 1)}
	for _, e := range energies(r.amounts) {
		low, high := e.Shown()
		a.Energy = append(a.Energy, Energy{Method: e.Method, Grade: e.Grade, Low: low, High: high})
	}
	return a, ""
}

// heavy tells whether the second largest could tell what the largest used.
func (w Weight) heavy() bool { return float64(w.Total-w.First-w.Second) < rest*float64(w.First) }

// twoDigits rounds to two significant digits.
func twoDigits(n int64) int64 {
	step := int64(1)
	for n/step >= 100 {
		step *= 10
	}
	return (n + step/2) / step * step
}
