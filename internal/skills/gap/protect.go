package gap

import (
	"context"
	"fmt"

	"tekentafel/internal/disclosure"
)

// counts are what groups are protected by: respondents, and those who count in each skill, by level of their own score.
type counts struct {
	n      []int      // respondents; of each cell of places
	skills []*tallies // of the skills that have at least k people at all; nil else
	tried  *tallies   // nil when everyone did
}

// shown says which groups may be shown, with the number of respondents and all skills; a group of which only the number may be shown is not.
type shown struct {
	whole                            bool
	functions, departments, families []bool
	cells                            []bool // by cell of places
	hidden                           Hidden
}

// protect decides what is shown: margins with internal/disclosure, then cells.
func protect(ctx context.Context, p *places, k int, c *counts) (*shown, error) {
	out := &shown{cells: make([]bool, len(p.function))}
	total := 0
	for _, n := range c.n {
		total += n
	}
	margins := []margin{
		{name: "function", groups: p.functions - 1, of: func(cell int) int { return int(p.function[cell]) }, into: &out.functions},
		{name: "department", groups: p.departments - 1, of: func(cell int) int { return int(p.department[cell]) }, into: &out.departments},
		{name: "family", groups: p.families - 1, of: func(cell int) int { return int(p.family[p.function[cell]]) }, into: &out.families},
	}
	for _, m := range margins {
		*m.into = make([]bool, m.groups)
	}
	if total < k {
		return out, nil
	}
	out.whole = true
	if len(out.families) == 0 {
		margins = margins[:2]
	}
	pub := disclosure.Publication{K: k, Respondents: total}
	for _, m := range margins {
		values := make([]string, m.groups)
		pub.Groupings = append(pub.Groupings, disclosure.Grouping{Variable: m.name, Values: values, N: m.sum(c.n)})
	}
	for a := range margins {
		for b := a + 1; b < len(margins); b++ {
			pub.Joint = append(pub.Joint, disclosure.Joint{A: a, B: b, Counts: cross(&margins[a], &margins[b], c.n)})
		}
	}
	if c.tried != nil {
		pub.Questions = append(pub.Questions, question("tried", margins, c.tried, true))
	}
	first := len(pub.Questions)
	for s, t := range c.skills {
		if t == nil {
			continue
		}
		q := question(fmt.Sprint(s), margins, t, false)
		if c.tried != nil {
			q.Filters = []int{0}
		}
		if len(pub.Questions) > first {
			q.Linked = []int{first}
		}
		pub.Questions = append(pub.Questions, q)
	}
	d, err := disclosure.Protect(ctx, pub)
	if err != nil {
		return nil, fmt.Errorf("gap: %w", err)
	}
	for g, m := range margins {
		for i := range m.groups {
			show := !d.Groups[g][i].Hidden() && len(pub.Questions) > first
			for q := range pub.Questions {
				show = show && !d.Cell(q, g, i).Hidden()
			}
			(*m.into)[i] = show
		}
	}
	protectCells(p, k, c, out)
	out.count(p, c)
	return out, nil
}

// margin is a way to part the cells into groups; one group more stands for what is not known.
type margin struct {
	name   string
	groups int
	of     func(cell int) int
	into   *[]bool
}

func (m *margin) sum(counts []int) []int {
	out := make([]int, m.groups)
	for cell, n := range counts {
		if g := m.of(cell); g < m.groups {
			out[g] += n
		}
	}
	return out
}

func question(id string, margins []margin, t *tallies, harmless bool) disclosure.Question {
	levels := 0
	for _, l := range t.levels {
		levels = max(levels, len(l))
	}
	q := disclosure.Question{ID: id, Base: t.people, Options: make([]int, levels), Harmless: harmless}
	for _, l := range t.levels {
		for i, n := range l {
			q.Options[i] += n
		}
	}
	for g := range margins {
		m := &margins[g]
		q.Bases = append(q.Bases, m.sum(t.base))
		options := make([][]int, m.groups)
		for i := range options {
			options[i] = make([]int, levels)
		}
		for cell, l := range t.levels {
			if i := m.of(cell); i < m.groups {
				for o, n := range l {
					options[i][o] += n
				}
			}
		}
		q.GroupOptions = append(q.GroupOptions, options)
	}
	return q
}

func cross(a, b *margin, n []int) [][]int {
	out := make([][]int, a.groups+1)
	for i := range out {
		out[i] = make([]int, b.groups+1)
	}
	for cell, x := range n {
		out[a.of(cell)][b.of(cell)] += x
	}
	return out
}
