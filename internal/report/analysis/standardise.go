package analysis

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/stats"
)

// standardiser weights the earlier wave to the composition of the newer one: direct standardisation, over several background
// variables by raking instead of over their joint cells. With one variable it is post-stratification, as
// survey::svystandardize and postStratify.
//
// The composition of the newer wave, as its own weights have it, is what the figures are standardised to and is taken as
// given; both standard errors are those of estimates raked to it. The groups of a variable that a question does not show in both waves,
// and whoever left the variable open, are one class that keeps its weight. So with one variable a standardised figure follows from
// figures that are shown and from their common remainder, and tells nothing of a hidden group; with several it also hangs on how
// their shown groups cross, over everyone.
type standardiser struct {
	c         *changer
	now       *designed
	old       *sheet
	oldDesign *designed
	pairs     []pair
	made      map[string]*standardised // by pattern of hidden groups
	failed    bool                     // some pattern could not be reached
}

// pair is a background variable that both waves have.
type pair struct {
	now, old *grouping
	oldCode  []int // code in the earlier wave of each value of the newer one; -1 for none
}

// standardised are both waves under one pattern of shown groups, the earlier one with the tally of each column.
type standardised struct {
	now, old *stats.Estimator
	tallies  []*stats.Table
}

// newStandardiser prepares the earlier answers, or says in about why it does not and returns nil.
func newStandardiser(c *changer, d *designed, old *laidOut, before *Earlier, about *findings.Earlier) *standardiser {
	switch {
	case before.Answers == nil:
		about.Note = findings.NoAnswers
		return nil
	case old == nil:
		about.Note = findings.BadlyMatched
		return nil
	}
	s := &standardiser{c: c, now: d, old: old.sheet, oldDesign: old.design, made: map[string]*standardised{}}
	for _, g := range c.sheet.groupings[:c.sheet.shown] {
		if q := c.sheet.byID[g.variable]; q != nil && q.about.Topic != instrument.TopicBackground {
			continue // how people use it is what changes, not who they are
		}
		if p, ok := s.pair(g); ok {
			s.pairs = append(s.pairs, p)
			about.Standardised = append(about.Standardised, g.variable)
		}
	}
	if len(s.pairs) == 0 {
		about.Note = findings.NoVariables
		return nil
	}
	return s
}

// laidOut are the answers of the earlier wave as they were analysed.
type laidOut struct {
	sheet  *sheet
	design *designed
}

// layOut lays the earlier answers out; nil where they are gone, or, with errDiffers, where they no longer can be, which is told and
// stops nothing.
func layOut(ctx context.Context, before *Earlier) (*laidOut, error) {
	if before.Answers == nil {
		return nil, nil
	}
	routing, err := instrument.CompileRouting(before.Answers.Instrument)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errDiffers, err)
	}
	routing.Apply(before.Answers)
	var old laidOut
	if old.sheet, err = newSheet(before.Answers, routing, []string{NoBreakdown}); err != nil {
		return nil, fmt.Errorf("%w: %w", errDiffers, err)
	}
	if old.design, err = newDesign(ctx, old.sheet, &before.Options); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("%w: %w", errDiffers, err)
	}
	return &old, nil
}

// pair finds a background variable in the earlier wave.
func (s *standardiser) pair(g *grouping) (pair, bool) {
	if s.c.changedGrouping(g) {
		return pair{}, false
	}
	old, err := s.old.grouping(g.variable)
	if err != nil {
		return pair{}, false
	}
	p := pair{now: g, old: old, oldCode: make([]int, len(g.values))}
	both := 0
	for i, v := range g.values {
		p.oldCode[i] = -1
		if at := slices.Index(old.values, v); at >= 0 && s.shown(nil, g, v) && !s.c.renamed[findings.Group{Variable: g.variable, Value: v}] {
			p.oldCode[i] = old.cell(at)
			both++
		}
	}
	return p, both > 1
}

// shown tells whether a group is shown in both waves: for a question, or its number of respondents where q is nil.
func (s *standardiser) shown(q *question, g *grouping, value string) bool {
	group := findings.Group{Variable: g.variable, Value: value}
	if q == nil {
		return s.c.now.groups[group] && s.c.before.groups[group]
	}
	return s.c.now.shows(q, group) && s.c.before.shows(q, group)
}

// pattern says which groups a question shows in both waves: by variable and value.
func (s *standardiser) pattern(q *question) (shown [][]bool, key string) {
	var b strings.Builder
	for _, p := range s.pairs {
		row := make([]bool, len(p.now.values))
		for i, v := range p.now.values {
			row[i] = p.oldCode[i] >= 0 && s.shown(q, p.now, v)
			b.WriteByte("01"[map[bool]int{true: 1}[row[i]]])
		}
		shown = append(shown, row)
		b.WriteByte(' ')
	}
	return shown, b.String()
}

// of returns both waves as they are for a question; nil where the composition cannot be reached.
func (s *standardiser) of(ctx context.Context, q *question) (*standardised, error) {
	shown, key := s.pattern(q)
	if m, ok := s.made[key]; ok {
		return m, nil
	}
	m, err := s.make(ctx, shown)
	if err != nil {
		return nil, err
	}
	if m == nil {
		s.failed = true
	}
	s.made[key] = m
	return m, nil
}

func (s *standardiser) make(ctx context.Context, shown [][]bool) (*standardised, error) {
	now := *s.now.design
	now.Raked = slices.Clone(now.Raked)
	old := *s.oldDesign.design
	old.Raked = nil
	var margins []stats.Margin
	for i, p := range s.pairs {
		a, b, targets := p.classes(shown[i], s.now.design, float64(old.N))
		if targets == nil {
			continue // no group is shown, so that this variable says nothing
		}
		margins = append(margins, stats.Margin{Name: p.now.variable, Codes: b, Targets: targets})
		if !slices.Contains(s.now.weights.Margins, p.now.variable) {
			now.Raked = append(now.Raked, a)
		}
	}
	if len(margins) == 0 {
		return nil, nil
	}
	for _, m := range s.oldDesign.margins {
		if !slices.ContainsFunc(margins, func(n stats.Margin) bool { return n.Name == m.Name }) {
			margins = append(margins, scaledTo(m, float64(old.N)))
		}
	}
	from := old
	if s.oldDesign.margins != nil {
		from.Weights = s.oldDesign.base
	}
	r, err := stats.Rake(ctx, &from, margins, stats.RakeOptions{Upper: s.oldDesign.trim})
	if err != nil || !r.Converged {
		return nil, ctx.Err() // the margins cannot be had together; that is told
	}
	old.Weights = r.Weights
	for _, m := range margins {
		old.Raked = append(old.Raked, m.Codes)
	}
	var out standardised
	if out.now, err = stats.New(&now); err != nil {
		return nil, err
	}
	if out.old, err = stats.New(&old); err != nil {
		return nil, err
	}
	out.tallies, err = stats.Tally(ctx, &old, s.old.columns, nil, 0)
	return &out, err
}

// classes returns the class of everyone in both waves, and the weighted totals of the classes in the newer one, scaled so that
// they add up to total. Class 0 is everyone outside the shown groups; it has no target and keeps its weight.
func (p *pair) classes(shown []bool, d *stats.Design, total float64) (now, old stats.Codes, targets []float64) {
	nowClass, oldClass := make([]uint16, p.now.codes.K), make([]uint16, p.old.codes.K)
	k := uint16(0)
	for i := range p.now.values {
		if shown[i] {
			k++
			nowClass[p.now.cell(i)], oldClass[p.oldCode[i]] = k, k
		}
	}
	if k == 0 {
		return now, old, nil
	}
	now, old = recoded(p.now.codes, nowClass, int(k)+1), recoded(p.old.codes, oldClass, int(k)+1)
	targets = make([]float64, k+1)
	sum := 0.0
	for i := range d.N {
		w := d.Weight(i)
		if c := now.At(i); c > 0 {
			targets[c] += w
			sum += w
		}
	}
	for c := range targets {
		targets[c] *= total / sum
	}
	targets[0] = math.NaN()
	return now, old, targets
}

func recoded(c stats.Codes, class []uint16, k int) stats.Codes {
	out := make([]uint16, c.Len())
	for i := range out {
		out[i] = class[c.At(i)]
	}
	return stats.Codes{U16: out, K: k}
}

// scaledTo brings the known targets of a margin to a total.
func scaledTo(m stats.Margin, total float64) stats.Margin {
	sum := 0.0
	for _, t := range m.Targets {
		if !math.IsNaN(t) {
			sum += t
		}
	}
	scaled := make([]float64, len(m.Targets))
	for i, t := range m.Targets {
		scaled[i] = t * total / sum
	}
	m.Targets = scaled
	return m
}

// oldQuestion finds a question in the earlier wave, which is comparable.
func (s *standardiser) oldQuestion(q *question) *question { return s.old.byID[q.about.ID] }

// share compares an option with the composition held the same; nil where that cannot be.
func (s *standardiser) share(ctx context.Context, qi, at, class int, diff float64) (*findings.Standard, error) {
	q := s.c.sheet.questions[qi]
	then, m, err := s.both(ctx, q)
	if m == nil {
		return nil, err
	}
	one := func(e *stats.Estimator, sh *sheet, tallies []*stats.Table, p *part) (stats.Share, error) {
		table, err := e.Shares(ctx, stats.Cross{Item: sh.columns[p.column], Class: p.class, Classes: len(p.options), Table: tallies[p.column]})
		if err != nil {
			return stats.Share{}, err
		}
		return table.At(0, slices.Index(p.options, q.parts[at].options[class])), nil
	}
	now, err := one(m.now, s.c.sheet, s.c.tally.overall, &q.parts[at])
	if err != nil {
		return nil, err
	}
	before, err := one(m.old, s.old, m.tallies, &then.parts[at])
	if err != nil || now.Base == 0 || before.Base == 0 {
		return nil, err
	}
	d, err := stats.DifferenceOfShares(now, before)
	return standardOf(d, before.Share, math.Hypot(now.SE, before.SE), diff), err
}

// mean compares a mean with the composition held the same; nil where that cannot be.
func (s *standardiser) mean(ctx context.Context, qi int, diff float64) (*findings.Standard, error) {
	q := s.c.sheet.questions[qi]
	then, m, err := s.both(ctx, q)
	if m == nil {
		return nil, err
	}
	one := func(e *stats.Estimator, sh *sheet, tallies []*stats.Table, q *question) (stats.Mean, error) {
		at := q.parts[0].column
		means, err := e.Means(ctx, stats.Scored{Codes: sh.columns[at], Values: q.values}, nil, tallies[at])
		if err != nil {
			return stats.Mean{}, err
		}
		return means[0], nil
	}
	now, err := one(m.now, s.c.sheet, s.c.tally.overall, q)
	if err != nil {
		return nil, err
	}
	before, err := one(m.old, s.old, m.tallies, then)
	if err != nil || now.DF <= 0 || before.DF <= 0 {
		return nil, err
	}
	d, err := stats.DifferenceOfMeans(now, before)
	return standardOf(d, before.Mean, math.Hypot(now.SE, before.SE), diff), err
}

// both finds the question in the earlier wave and the estimators under its pattern; nil where there are none.
func (s *standardiser) both(ctx context.Context, q *question) (*question, *standardised, error) {
	then := s.oldQuestion(q)
	if then == nil || len(then.parts) != len(q.parts) {
		return nil, nil, nil
	}
	m, err := s.of(ctx, q)
	return then, m, err
}

func standardOf(d stats.Difference, before, se, diff float64) *findings.Standard {
	return &findings.Standard{Before: before, Diff: d.Diff, SE: se, Low: d.Low, High: d.High, P: d.P, Composition: diff - d.Diff}
}
