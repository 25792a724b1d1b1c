package analysis

import (
	"context"
	"errors"

	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/stats"
)

// Earlier is a wave that was analysed before.
type Earlier struct {
	Findings *findings.Findings
	// Answers of that wave, as they were analysed; nil when they are gone. They are needed to hold the composition of the
	// staff the same, and to lay the answers of who linked them beside each other; only for that.
	Answers *instrument.Answers
	Options Options // with which Answers were analysed: weights and population
}

// changes measures every figure that groups are compared on against the earlier wave.
//
// The waves count as independent samples, but for what people who linked their answers tell of both (see linked). Two waves among
// the same staff are positively correlated, because many people answer both, and Var(a-b) = Var(a) + Var(b) - 2 Cov(a,b) (Kish
// 1965, 12.4; Wood 2008): leaving the covariance out makes the intervals too wide, never too narrow.
func (e *estimator) changes(ctx context.Context, f *findings.Findings, d *designed, before *Earlier, step func(done, total int)) error {
	w := before.Findings
	f.Earlier = &findings.Earlier{
		Label: w.Wave.Label, Respondents: w.Respondents, Population: w.Wave.Population, Synthetic: w.Wave.Synthetic,
		Standardised: []string{}, Incomparable: []findings.Incomparable{},
	}
	c := &changer{estimator: e, now: figuresOf(f), before: figuresOf(w), incomparable: findings.Incomparables(f, w), renamed: findings.Renamed(f, w)}
	old, err := layOut(ctx, before)
	if err != nil && !errors.Is(err, errDiffers) {
		return err
	}
	c.standard = newStandardiser(c, d, old, before, f.Earlier)
	if c.linked, err = newLinked(e.sheet, d, e.stats, old); err != nil {
		return err
	}
	n := len(e.sheet.questions)
	for qi, q := range e.sheet.questions {
		step(qi, n)
		if !q.tested {
			continue
		}
		if why := c.incomparable[q.about.ID]; why != "" {
			f.Earlier.Incomparable = append(f.Earlier.Incomparable, findings.Incomparable{Item: q.about.ID, Reason: why})
			continue
		}
		made, err := c.question(ctx, qi)
		if err != nil {
			return err
		}
		f.Changes = append(f.Changes, made...)
	}
	if c.linked != nil && c.linked.used {
		f.Earlier.Linked = len(c.linked.pairs)
	}
	if c.standard != nil && c.standard.failed {
		f.Earlier.Note = findings.NotReached
	}
	adjust(f.Changes)
	return nil
}

// adjust adds Holm's p-values: over the changes of everyone, and apart from these over those of the groups, so that a report
// with many groups does not hide what changed for all.
func adjust(changes []findings.Change) {
	for _, groups := range []bool{false, true} {
		var p []float64
		var at []int
		for i := range changes {
			if c := &changes[i]; !c.Suppressed && (c.Group != nil) == groups {
				p, at = append(p, c.P), append(at, i)
			}
		}
		for i, adjusted := range stats.Holm(p) {
			changes[at[i]].PAdjusted = adjusted
		}
	}
}

// changer compares the figures of two waves.
type changer struct {
	*estimator
	now, before  figures
	incomparable map[string]string       // reason by question
	renamed      map[findings.Group]bool // groups that have the name of another one in the earlier wave
	standard     *standardiser           // nil where the composition cannot be held the same
	linked       *linked                 // nil where too few people linked their answers
}

// question returns the changes of one question: of each of its options or of its mean, for everyone and by group.
func (c *changer) question(ctx context.Context, qi int) ([]findings.Change, error) {
	q := c.sheet.questions[qi]
	var out []findings.Change
	add := func(g *findings.Group) error {
		if q.values != nil {
			change, ok, err := c.mean(ctx, qi, g)
			if ok {
				out = append(out, change)
			}
			return err
		}
		for i := range q.parts {
			for class, option := range q.parts[i].options {
				if option == "" {
					continue
				}
				change, ok, err := c.share(ctx, qi, i, class, g)
				if err != nil {
					return err
				}
				if ok {
					out = append(out, change)
				}
			}
		}
		return nil
	}
	if err := add(nil); err != nil {
		return nil, err
	}
	for gi, g := range c.sheet.groupings[:c.sheet.shown] {
		if !q.breaksDownBy(g) || c.changedGrouping(g) {
			continue
		}
		for _, row := range c.rows(gi) {
			if c.renamed[*row.group] {
				continue
			}
			if err := add(row.group); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// changedGrouping tells whether the groups of a variable are not those of the earlier wave. A column outside the
// questionnaire has no wording, and counts as the same where it has the same name. Departments come and go: other options
// leave the groups comparable that are called the same in both waves.
func (c *changer) changedGrouping(g *grouping) bool {
	q := c.sheet.byID[g.variable]
	if q == nil {
		return false
	}
	why := c.incomparable[g.variable]
	return why != "" && (why != findings.OtherOptions || q.about.Topic != instrument.TopicBackground)
}

// share compares an option; ok is false where one of the waves has no such group.
func (c *changer) share(ctx context.Context, qi, part, class int, g *findings.Group) (findings.Change, bool, error) {
	q := c.sheet.questions[qi]
	option := q.parts[part].options[class]
	key := keyOf(q.about.ID, option, g)
	now, before := c.now.shares[key], c.before.shares[key]
	change := findings.Change{Item: q.about.ID, Option: option, Group: g}
	if now == nil || before == nil {
		return change, false, nil
	}
	if now.Suppressed || before.Suppressed || now.Base == 0 || before.Base == 0 {
		change.Suppressed = true
		return change, true, nil
	}
	correlation, err := c.correlation(qi, part, class, g)
	if err != nil {
		return change, false, err
	}
	d, se, err := stats.DependentShares(estimateOf(now), estimateOf(before), correlation)
	if err != nil {
		return change, false, err
	}
	change.Before, change.BeforeLow, change.BeforeHigh, change.BeforeBase = before.Share, before.Low, before.High, before.Base
	change.Now, change.NowLow, change.NowHigh, change.NowBase = now.Share, now.Low, now.High, now.Base
	set(&change, d, se)
	if g == nil && c.standard != nil && q.headline() {
		change.Standard, err = c.standard.share(ctx, qi, part, class, change.Diff)
	}
	return change, true, err
}

// mean compares a mean; ok is false where one of the waves has no such group.
func (c *changer) mean(ctx context.Context, qi int, g *findings.Group) (findings.Change, bool, error) {
	q := c.sheet.questions[qi]
	key := keyOf(q.about.ID, "", g)
	now, before := c.now.means[key], c.before.means[key]
	change := findings.Change{Item: q.about.ID, Group: g}
	if now == nil || before == nil {
		return change, false, nil
	}
	if now.Suppressed || before.Suppressed || now.DF <= 0 || before.DF <= 0 {
		change.Suppressed = true
		return change, true, nil
	}
	correlation, err := c.correlation(qi, 0, -1, g)
	if err != nil {
		return change, false, err
	}
	d, se, err := stats.DependentMeans(stats.Mean{Base: now.Base, Mean: now.Mean, SE: now.SE, DF: now.DF},
		stats.Mean{Base: before.Base, Mean: before.Mean, SE: before.SE, DF: before.DF}, correlation)
	if err != nil {
		return change, false, err
	}
	change.Before, change.BeforeLow, change.BeforeHigh, change.BeforeBase = before.Mean, before.Low, before.High, before.Base
	change.Now, change.NowLow, change.NowHigh, change.NowBase = now.Mean, now.Low, now.High, now.Base
	set(&change, d, se)
	if g == nil && c.standard != nil && q.headline() {
		change.Standard, err = c.standard.mean(ctx, qi, change.Diff)
	}
	return change, true, err
}

// headline tells whether a question is one that a report leads with: these are also compared with the composition held the
// same, which costs a look at every answer of the earlier wave.
func (q *question) headline() bool { return q.construct != nil || q.about.Kind == "indicator" }

// figures finds published figures by what they are about.
type figures struct {
	shares map[figureKey]*findings.Share
	means  map[figureKey]*findings.Mean
	groups map[findings.Group]bool // whether the number of respondents in a group is shown
}

type figureKey struct {
	item, option string
	group        findings.Group
}

func keyOf(item, option string, g *findings.Group) figureKey {
	if g == nil {
		return figureKey{item: item, option: option}
	}
	return figureKey{item, option, *g}
}

func figuresOf(f *findings.Findings) figures {
	out := figures{map[figureKey]*findings.Share{}, map[figureKey]*findings.Mean{}, map[findings.Group]bool{}}
	for i := range f.Shares {
		s := &f.Shares[i]
		out.shares[keyOf(s.Item, s.Option, s.Group)] = s
	}
	for i := range f.Means {
		m := &f.Means[i]
		out.means[keyOf(m.Construct, "", m.Group)] = m
	}
	for _, g := range f.Groups {
		for _, v := range g.Values {
			out.groups[findings.Group{Variable: g.Variable, Value: v.Value}] = !v.Suppressed
		}
	}
	return out
}

// shows tells whether anything of a question is shown in a group, or, where it is not broken down by that variable, whether the
// group itself is.
func (f *figures) shows(q *question, g findings.Group) bool {
	if !f.groups[g] {
		return false
	}
	if q.values != nil {
		m := f.means[keyOf(q.about.ID, "", &g)]
		return m == nil || !m.Suppressed
	}
	for i := range q.parts {
		for _, option := range q.parts[i].options {
			if s := f.shares[keyOf(q.about.ID, option, &g)]; s != nil && s.Suppressed {
				return false
			}
		}
	}
	return true
}

// estimateOf turns a published share into the estimate that it is.
func estimateOf(s *findings.Share) stats.Share {
	return stats.Share{N: s.N, Base: s.Base, Share: s.Share, SE: s.SE, DF: s.DF, Low: s.Low, High: s.High, Method: s.Method, EffectiveN: s.Effective}
}

// errDiffers says that something cannot be held the same, which is no fault.
var errDiffers = errors.New("the composition cannot be held the same")

func set(c *findings.Change, d stats.Difference, se float64) {
	c.Diff, c.SE, c.Low, c.High, c.P = d.Diff, se, d.Low, d.High, d.P
}
