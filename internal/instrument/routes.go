package instrument

import (
	"math"
	"slices"
)

// routes are the ways through an instrument. Items that share a condition's operands form an island; what is asked on
// one island says nothing about another, so each is walked on its own.
type routes struct {
	in         *Instrument
	conditions []*condition
	islands    []*island
	budget     int // items judged that may still be spent on walking
}

// island is a set of items linked by conditions, in order.
type island struct {
	items   []int
	sources []*source // operands that conditions of the island refer to
	combos  int       // combinations of their answers; 0: more than can be walked
}

// source is an operand with the answers that conditions can tell apart.
type source struct {
	*operand
	values []any
}

// Bounds on walking: the combinations of answers of an island, and the items judged along all of them, islands together.
const (
	maxRoutes = 1 << 14
	maxJudged = 1 << 20
)

// newRoutes finds the islands.
func newRoutes(in *Instrument, conditions []*condition) *routes {
	r := &routes{in: in, conditions: conditions, budget: maxJudged}
	leader := make([]int, len(conditions))
	for i := range leader {
		leader[i] = i
	}
	find := func(i int) int {
		for leader[i] != i {
			leader[i] = leader[leader[i]]
			i = leader[i]
		}
		return i
	}
	for i, c := range conditions {
		if c == nil {
			continue
		}
		for _, ref := range c.references {
			leader[find(i)] = find(ref.at)
		}
	}
	members := map[int][]int{}
	for i := range conditions {
		members[find(i)] = append(members[find(i)], i)
	}
	for i := range conditions {
		if items := members[find(i)]; items[0] == i {
			r.islands = append(r.islands, r.newIsland(items))
		}
	}
	return r
}

// newIsland gathers what the conditions of the items refer to.
func (r *routes) newIsland(items []int) *island {
	merged := map[string]*reference{}
	var order []string
	seen := map[*condition]bool{}
	for _, i := range items {
		c := r.conditions[i]
		if c == nil || seen[c] {
			continue
		}
		seen[c] = true
		for _, ref := range c.references {
			m := merged[ref.name]
			if m == nil {
				m = &reference{operand: ref.operand}
				merged[ref.name] = m
				order = append(order, ref.name)
			}
			m.options = append(m.options, ref.options...)
			m.numbers = append(m.numbers, ref.numbers...)
		}
	}
	out := &island{items: items, combos: 1}
	for _, name := range order {
		s := &source{operand: merged[name].operand, values: distinctAnswers(merged[name])}
		out.sources = append(out.sources, s)
		if len(s.values) == 0 || out.combos*len(s.values) > maxRoutes {
			out.combos = 0
		}
		out.combos *= len(s.values)
	}
	return out
}

// distinctAnswers lists one answer of each sort that conditions tell apart; none when there are too many.
func distinctAnswers(r *reference) []any {
	slices.Sort(r.options)
	r.options = slices.Compact(r.options)
	switch r.item.Kind {
	case Number:
		return distinctNumbers(r)
	case Multiple:
		return distinctChoices(r)
	default:
		return distinctOptions(r)
	}
}

// distinctOptions lists no answer, the options that conditions name, and one that they do not.
func distinctOptions(r *reference) []any {
	var out []any
	if !r.item.Required {
		out = append(out, "")
	}
	for _, id := range r.options {
		out = append(out, id)
	}
	if r.item.Kind == Category {
		return append(out, otherLevel)
	}
	missing := false
	for i := range r.item.Options {
		o := &r.item.Options[i]
		if o.Missing != NotMissing {
			missing = true
		} else if !slices.Contains(r.options, o.ID) {
			out = append(out, o.ID)
			break
		}
	}
	if r.item.Required && (missing || len(out) == 0) {
		out = append(out, "")
	}
	return out
}

// otherLevel stands for any level of a category that no condition names.
const otherLevel = "\x00"

// distinctNumbers lists the numbers at, below and above those that conditions name, within the limits of the item.
func distinctNumbers(r *reference) []any {
	out := []any{math.NaN()}
	slices.Sort(r.numbers)
	numbers := slices.Compact(r.numbers)
	for i, x := range numbers {
		near := []float64{x}
		if i == 0 {
			near = []float64{x - 1, x}
			if r.item.Min != nil {
				near[0] = *r.item.Min
			}
		}
		if i+1 < len(numbers) {
			near = append(near, (x+numbers[i+1])/2)
		} else if r.item.Max != nil {
			near = append(near, *r.item.Max)
		} else {
			near = append(near, x+1)
		}
		for _, y := range near {
			if (r.item.Min == nil || y >= *r.item.Min) && (r.item.Max == nil || y <= *r.item.Max) {
				out = append(out, y)
			}
		}
	}
	return out
}

// maxNamed bounds the options of one multiple choice of which all subsets are walked.
const maxNamed = 10

// distinctChoices lists the sets of named options that can be chosen together, with and without an unnamed one.
func distinctChoices(r *reference) []any {
	named := r.options
	if len(named) > maxNamed {
		return nil
	}
	exclusive := map[string]bool{}
	for i := range r.item.Options {
		o := &r.item.Options[i]
		exclusive[o.ID] = o.Exclusive
		if o.Missing == NotMissing && !slices.Contains(r.options, o.ID) && len(named) == len(r.options) {
			named = append(slices.Clone(named), o.ID)
		}
	}
	var out []any
	for set := range 1 << len(named) {
		chosen := []string{}
		alone := false
		for i, id := range named {
			if set>>i&1 == 1 {
				chosen = append(chosen, id)
				alone = alone || exclusive[id]
			}
		}
		if !alone || len(chosen) == 1 {
			out = append(out, chosen)
		}
	}
	return out
}

// walkIsland calls visit with what is asked on the island for each combination of answers. Asked is in the order of
// island.items and is overwritten between calls; visit returns false when it has seen enough. WalkIsland reports false,
// without calls, when there are too many.
func (r *routes) walkIsland(is *island, visit func(asked []bool) (more bool)) bool {
	if is.combos == 0 || is.combos*len(is.items) > r.budget {
		return false
	}
	tables := r.truthTables(is)
	asked := make([]bool, len(is.items))
	digits := make([]int, len(is.sources))
	for range is.combos {
		for k, t := range tables {
			asked[k] = t == nil || t.holds(asked, digits)
		}
		r.budget -= len(is.items)
		if !visit(asked) {
			break
		}
		for k := range digits {
			if digits[k]++; digits[k] < len(is.sources[k].values) {
				break
			}
			digits[k] = 0
		}
	}
	return true
}

// truthTable remembers a condition's outcome by the answers to what it names.
type truthTable struct {
	condition *condition
	eval      *evaluator
	sources   []*source // by reference of the condition
	source    []int     // their index in the island
	item      []int     // the index of their item in the island
	known     map[int]bool
}

// truthTables returns the table of each item's condition, nil where everyone is asked.
func (r *routes) truthTables(is *island) []*truthTable {
	at, index := map[int]int{}, map[string]int{}
	for k, i := range is.items {
		at[i] = k
	}
	for k, s := range is.sources {
		index[s.name] = k
	}
	eval := &evaluator{}
	shared := map[*condition]*truthTable{}
	out := make([]*truthTable, len(is.items))
	for k, i := range is.items {
		c := r.conditions[i]
		if c != nil && shared[c] == nil {
			t := &truthTable{condition: c, eval: eval, known: map[int]bool{}}
			for _, ref := range c.references {
				s := index[ref.name]
				t.sources, t.source, t.item = append(t.sources, is.sources[s]), append(t.source, s), append(t.item, at[ref.at])
			}
			shared[c] = t
		}
		out[k] = shared[c]
	}
	return out
}

// holds looks the outcome up, or works it out the first time.
func (t *truthTable) holds(asked []bool, digits []int) bool {
	key := 0
	for i, s := range t.sources {
		key *= len(s.values) + 1
		if asked[t.item[i]] {
			key += 1 + digits[t.source[i]]
		}
	}
	result, known := t.known[key]
	if !known {
		result = t.eval.holds(t.condition, func(i int, ref *reference) any {
			if !asked[t.item[i]] {
				return ref.unanswered()
			}
			return t.sources[i].values[digits[t.source[i]]]
		})
		t.known[key] = result
	}
	return result
}

// everAsked reports for each item whether some answers lead to it; true where there are too many answers to tell.
func everAsked(r *routes) []bool {
	out := make([]bool, len(r.conditions))
	for _, is := range r.islands {
		left := len(is.items)
		walked := r.walkIsland(is, func(asked []bool) bool {
			for k, i := range is.items {
				if asked[k] && !out[i] {
					out[i] = true
					left--
				}
			}
			return left > 0
		})
		if walked {
			continue
		}
		for _, i := range is.items {
			out[i] = r.satisfiable(i)
		}
	}
	return out
}

// satisfiable reports whether some answers to what its own condition names lead to the item, whatever comes before;
// true where there are too many answers to tell.
func (r *routes) satisfiable(item int) bool {
	c := r.conditions[item]
	if c == nil {
		return true
	}
	alone := &routes{in: r.in, conditions: make([]*condition, len(r.conditions)), budget: r.budget}
	alone.conditions[item] = c
	items := []int{item}
	for _, ref := range c.references {
		items = append(items, ref.at)
	}
	slices.Sort(items)
	is := alone.newIsland(slices.Compact(items))
	ever := false
	walked := alone.walkIsland(is, func(asked []bool) bool {
		ever = asked[slices.Index(is.items, item)]
		return !ever
	})
	r.budget = alone.budget
	return ever || !walked
}
