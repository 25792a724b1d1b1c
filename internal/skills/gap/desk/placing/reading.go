package placing

import (
	"maps"
	"slices"

	"tekentafel/internal/skills/needs/demand"
)

// Reading says what tells where respondents are.
type Reading struct {
	Department Axis `json:"department"` // Pairs: id of the unit by answer
	Function   Axis `json:"function"`   // Pairs: id of the function by answer
	Family     Axis `json:"family"`     // Pairs: the answer by family of the staff list, since several families may give one answer
}

// Axis is the column that tells one thing, and what its answers stand for.
type Axis struct {
	Column string            `json:"column,omitempty"` // "" for none
	Pairs  map[string]string `json:"pairs,omitempty"`  // "" says that there is no counterpart
}

// preferred are the ids and names under which questionnaires ask for each.
var preferred = [3][]string{
	{"department", "unit", "dienst", "eenheid", "afdeling", "service", "abteilung"},
	{"function", "functie", "fonction", "funktion", "job"},
	{"function_family", "family", "functiefamilie", "famille", "funktionsfamilie"},
}

// Propose finds what tells where respondents are. What HR said of it goes first, where it still can; nil when nothing was said. Counts are of
// the respondents by column and answer; those of a column may be nil, as it was when only the words are known.
func Propose(columns []Column, counts [][]int, o *demand.Organisation, said *Reading) Reading {
	t := newTree(o.Units)
	units, functions, fams := newNames(t.targets()), newNames(functionTargets(o)), families(o)
	pairs := [3]func(c *Column) map[string]string{
		func(c *Column) map[string]string { return pairsOf(c, units, o) },
		func(c *Column) map[string]string { return pairsOf(c, functions, o) },
		func(c *Column) map[string]string {
			out := map[string]string{}
			if len(o.Tallies) == 0 {
				return itself(c)
			}
			for _, f := range fams {
				out[f] = familyOf(f, c.Answers)
			}
			return out
		},
	}
	var r Reading
	axes := [3]*Axis{&r.Department, &r.Function, &r.Family}
	for i, axis := range axes {
		var was *Axis
		if said != nil {
			was = [3]*Axis{&said.Department, &said.Function, &said.Family}[i]
		}
		if was != nil && (was.Column == "" || Find(columns, was.Column) != nil) {
			axis.Column = was.Column
		} else {
			axis.Column = choose(columns, counts, preferred[i], pairs[i], i == family, len(o.Tallies) == 0)
		}
		c := Find(columns, axis.Column)
		if c == nil {
			continue
		}
		axis.Pairs = pairs[i](c)
		if was == nil || was.Column != axis.Column {
			continue
		}
		for key := range axis.Pairs {
			if to, there := was.Pairs[key]; there && (to == "" || stands(i, to, c, t, o)) {
				axis.Pairs[key] = to
			}
		}
	}
	return r
}

// The axes by number.
const (
	department = iota
	function
	family
)

// pairsOf finds the counterparts of answers. Without a staff list each answer is its own.
func pairsOf(c *Column, n *names, o *demand.Organisation) map[string]string {
	if len(o.Tallies) == 0 {
		return itself(c)
	}
	out := make(map[string]string, len(c.Answers))
	for i := range c.Answers {
		out[c.Answers[i].ID] = n.find(&c.Answers[i])
	}
	return out
}

func itself(c *Column) map[string]string {
	out := make(map[string]string, len(c.Answers))
	for i := range c.Answers {
		out[c.Answers[i].ID] = c.Answers[i].ID
	}
	return out
}

// stands tells whether the counterpart that was said is still there.
func stands(axis int, to string, c *Column, t *tree, o *demand.Organisation) bool {
	if len(o.Tallies) == 0 {
		return slices.ContainsFunc(c.Answers, func(a Answer) bool { return a.ID == to })
	}
	switch axis {
	case department:
		_, there := t.at[to]
		return there
	case function:
		return slices.ContainsFunc(o.Functions, func(f demand.Function) bool { return f.ID == to })
	}
	return slices.ContainsFunc(c.Answers, func(a Answer) bool { return a.ID == to })
}

// choose returns the column that tells an axis: one that is called so and finds a counterpart, else the one that places most respondents
// in at least two places; "" for none. Without a staff list a question must be called so.
func choose(columns []Column, counts [][]int, called []string, pairs func(c *Column) map[string]string, turned, identity bool) string {
	best, most := "", 0
	for _, name := range called {
		for i := range columns {
			if c := &columns[i]; c.ID == name && len(found(pairs(c))) > 0 {
				return c.ID
			}
		}
	}
	if identity {
		return ""
	}
	for i := range columns {
		c := &columns[i]
		p := pairs(c)
		if places := found(p); len(places) < 2 || !turned && 3*matched(p) < len(p) {
			continue
		}
		n := 0
		for k := range c.Answers {
			id := c.Answers[k].ID
			if turned && slices.Contains(found(p), id) || !turned && p[id] != "" {
				if n++; i < len(counts) && k < len(counts[i]) {
					n += counts[i][k]
				}
			}
		}
		if n > most {
			best, most = c.ID, n
		}
	}
	return best
}

// found lists the counterparts of pairs.
func found(pairs map[string]string) []string {
	var out []string
	for _, to := range pairs {
		if to != "" && !slices.Contains(out, to) {
			out = append(out, to)
		}
	}
	return out
}

func matched(pairs map[string]string) int {
	n := 0
	for _, to := range pairs {
		if to != "" {
			n++
		}
	}
	return n
}

// With returns the reading with what is proposed of families that came to the staff list since: only where others give the same answer, so
// that no group comes or goes.
func (r Reading) With(columns []Column, o *demand.Organisation) Reading {
	c := Find(columns, r.Family.Column)
	if c == nil || len(o.Tallies) == 0 {
		return r
	}
	given := found(r.Family.Pairs)
	pairs := maps.Clone(r.Family.Pairs)
	for _, f := range families(o) {
		if _, known := pairs[f]; known {
			continue
		}
		if answer := familyOf(f, c.Answers); slices.Contains(given, answer) {
			pairs[f] = answer
		}
	}
	r.Family.Pairs = pairs
	return r
}
