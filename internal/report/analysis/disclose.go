package analysis

import (
	"context"
	"fmt"
	"slices"

	"tekentafel/internal/disclosure"
	"tekentafel/internal/instrument"
	"tekentafel/internal/stats"
)

// tallies holds the tally of every column by every grouping, and over everyone.
type tallies struct {
	overall []*stats.Table   // by column
	by      [][]*stats.Table // by grouping and column
}

// gather tallies every column once a grouping.
func (s *sheet) gather(ctx context.Context, d *stats.Design, step func(done, total int)) (*tallies, error) {
	t := &tallies{by: make([][]*stats.Table, s.shown)}
	rounds := max(1, s.shown)
	for gi, g := range s.groupings[:s.shown] {
		step(gi, rounds)
		var err error
		if t.by[gi], err = stats.Tally(ctx, d, s.columns, &g.codes, 0); err != nil {
			return nil, err
		}
	}
	if s.shown > 0 {
		for _, table := range t.by[0] {
			t.overall = append(t.overall, table.Total())
		}
		return t, nil
	}
	step(0, rounds)
	var err error
	t.overall, err = stats.Tally(ctx, d, s.columns, nil, 0)
	return t, err
}

// base returns the unweighted number of respondents in the base of a part, in row g of the tally.
func (p *part) base(t *stats.Table, g int) int {
	n := 0
	for code, class := range p.class {
		if class >= 0 {
			n += int(t.At(g, code).N)
		}
	}
	return n
}

// counts returns the unweighted number per reported option of the parts, in row g of the tallies by column.
func counts(parts []*part, tables []*stats.Table, g int) []int {
	var out []int
	for _, p := range parts {
		n := make([]int, len(p.options))
		for code, class := range p.class {
			if class >= 0 {
				n[class] += int(tables[p.column].At(g, code).N)
			}
		}
		for class, id := range p.options {
			if id != "" {
				out = append(out, n[class])
			}
		}
	}
	return out
}

// protect decides which cells of the whole publication stay hidden.
func (s *sheet) protect(ctx context.Context, d *stats.Design, t *tallies, k, respondents int) (*disclosure.Decision, error) {
	p := disclosure.Publication{K: k, Respondents: respondents}
	for _, g := range s.groupings {
		p.Groupings = append(p.Groupings, disclosure.Grouping{Variable: g.variable, Values: g.values, N: g.people(t.overall[g.column])})
	}
	joint, err := s.joint(ctx, d)
	if err != nil {
		return nil, err
	}
	p.Joint = joint
	index := map[string]int{}
	for i, q := range s.questions {
		index[q.about.ID] = i
	}
	var further []disclosure.Question // of options with a base of their own
	var of []int                      // the question of each
	for qi, q := range s.questions {
		for i, parts := range s.byBase(q, t) {
			published := s.published(q, parts, t, index)
			if i == 0 {
				p.Questions = append(p.Questions, published)
				continue
			}
			published.Linked = append(published.Linked, qi)
			further, of = append(further, published), append(of, qi)
		}
	}
	p.Questions = append(p.Questions, further...)
	decision, err := disclosure.Protect(ctx, p)
	if err != nil {
		return nil, fmt.Errorf("disclosure control: %w", err)
	}
	for i, qi := range of {
		hideWith(&decision.Questions[qi], &decision.Questions[len(s.questions)+i])
	}
	return &decision, nil
}

// hideWith hides in d what is hidden in other, a part of the same question.
func hideWith(d, other *disclosure.QuestionDecision) {
	if !d.Total.Hidden() {
		d.Total = other.Total
	}
	for gi, cells := range other.Cells {
		for i, r := range cells {
			if !d.Cells[gi][i].Hidden() {
				d.Cells[gi][i] = r
			}
		}
	}
}

// byBase puts the parts of a question together that have the same base in every group. The options of a multiple choice
// differ where a cell of one of them was not understood.
func (s *sheet) byBase(q *question, t *tallies) [][]*part {
	var out [][]*part
	var bases [][]int
	for i := range q.parts {
		p := &q.parts[i]
		b := []int{p.base(t.overall[p.column], 0)}
		for gi, g := range s.groupings[:s.shown] {
			for i := range g.values {
				b = append(b, p.base(t.by[gi][p.column], g.cell(i)))
			}
		}
		k := slices.IndexFunc(bases, func(known []int) bool { return slices.Equal(known, b) })
		if k < 0 {
			k = len(out)
			out, bases = append(out, nil), append(bases, b)
		}
		out[k] = append(out[k], p)
	}
	return out
}

// published states the counts of parts of one question that a reader would see if nothing were hidden.
func (s *sheet) published(q *question, parts []*part, t *tallies, index map[string]int) disclosure.Question {
	first := parts[0]
	out := disclosure.Question{
		ID:         q.about.ID,
		Base:       first.base(t.overall[first.column], 0),
		Bases:      make([][]int, len(s.groupings)),
		Sensitive:  q.about.Sensitive,
		Background: q.about.Topic == instrument.TopicBackground,
	}
	if q.shares {
		out.Options = counts(parts, t.overall, 0)
		out.GroupOptions = make([][][]int, len(s.groupings))
	}
	for gi, g := range s.groupings[:s.shown] {
		if !q.breaksDownBy(g) {
			continue
		}
		for i := range g.values {
			out.Bases[gi] = append(out.Bases[gi], first.base(t.by[gi][first.column], g.cell(i)))
			if q.shares {
				out.GroupOptions[gi] = append(out.GroupOptions[gi], counts(parts, t.by[gi], g.cell(i)))
			}
		}
	}
	for _, id := range q.linked {
		if i, ok := index[id]; ok {
			out.Linked = append(out.Linked, i)
		}
	}
	for _, id := range q.filters {
		if i, ok := index[id]; ok && id != q.about.ID {
			out.Filters = append(out.Filters, i)
		}
	}
	s.unasked(q, &out, t)
	return out
}

// unasked counts who was not asked an item where a background variable decided that.
func (s *sheet) unasked(q *question, out *disclosure.Question, t *tallies) {
	byBackground := slices.ContainsFunc(q.filters, func(id string) bool {
		f := s.byID[id]
		return f != nil && f.about.Topic == instrument.TopicBackground
	})
	if !byBackground || q.construct != nil || q.about.Kind == "indicator" {
		return // the figures of an indicator or a construct hide with those of the items behind them
	}
	column := q.parts[0].column
	out.UnaskedTotal = int(t.overall[column].At(0, instrument.NotAsked).N)
	out.Unasked = make([][]int, len(s.groupings))
	for gi, g := range s.groupings[:s.shown] {
		if out.Bases[gi] == nil || slices.Contains(q.filters, g.variable) {
			continue
		}
		for i := range g.values {
			out.Unasked[gi] = append(out.Unasked[gi], int(t.by[gi][column].At(g.cell(i), instrument.NotAsked).N))
		}
	}
}

// joint counts the respondents by each pair of groupings.
func (s *sheet) joint(ctx context.Context, d *stats.Design) ([]disclosure.Joint, error) {
	unweighted := &stats.Design{N: d.N}
	var out []disclosure.Joint
	for a, rows := range s.groupings {
		var columns []stats.Codes
		for _, g := range s.groupings[a+1:] {
			columns = append(columns, g.codes)
		}
		if len(columns) == 0 {
			break
		}
		tables, err := stats.Tally(ctx, unweighted, columns, &rows.codes, 0)
		if err != nil {
			return nil, err
		}
		for i, t := range tables {
			b := a + 1 + i
			out = append(out, disclosure.Joint{A: a, B: b, Counts: crossed(t, len(rows.values), len(s.groupings[b].values))})
		}
	}
	return out, nil
}

// crossed returns the counts of a x b groups, with whoever is in none of them in the last row and column.
func crossed(t *stats.Table, a, b int) [][]int {
	line := func(code, groups int) int {
		if code < instrument.FirstOption {
			return groups
		}
		return code - instrument.FirstOption
	}
	counts := make([][]int, a+1)
	for i := range counts {
		counts[i] = make([]int, b+1)
	}
	for g := range t.G {
		for k := range t.K {
			counts[line(g, a)][line(k, b)] += int(t.At(g, k).N)
		}
	}
	return counts
}
