package story

import (
	"math"
	"slices"

	"tekentafel/internal/chart"
	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
)

// maxNamedGroups bounds the groups that may share the highest or lowest place in a sentence.
const maxNamedGroups = 3

// tellGroups tells by which background variables a target differs, and draws it by group. Without a certain difference it
// says so; a figure is then drawn for the first grouping only.
func (t *teller) tellGroups(c *chapter, q *findings.Question) {
	var differ, same []*findings.Compare
	for _, cmp := range t.x.compared(q.ID) {
		if cmp.Option != "" {
			continue // a test of one answer of several; the chapter on groups tells it
		}
		if certain(cmp) {
			differ = append(differ, cmp)
		} else {
			same = append(same, cmp)
		}
	}
	slices.SortStableFunc(differ, func(a, b *findings.Compare) int { return compare(b.Effect, a.Effect) })
	for i, cmp := range differ {
		if i < maxGroupFigures {
			c.Text = append(c.Text, t.tellDifference(q, cmp))
			c.Figures = append(c.Figures, t.differenceFigure(q, cmp.By)...)
		}
	}
	if len(same) > 0 {
		c.Text = append(c.Text, t.say("groups.same", args{"by": t.p.And(t.insideLabels(variables(same)))}))
		if len(differ) == 0 {
			c.Figures = append(c.Figures, t.differenceFigure(q, same[0].By)...)
		}
	}
}

// tellDifference tells one certain difference: its size in words, and which groups lie clear of all others.
func (t *teller) tellDifference(q *findings.Question, cmp *findings.Compare) string {
	text := []string{t.say("groups.differs", args{"what": t.p.Opening(t.label(q)), "by": t.p.Inside(t.variable(cmp.By)), "effect": t.effect(cmp)})}
	return t.prose(append(text, t.order(t.groupEstimates(q, cmp.By), q.Kind == kindConstruct)...)...)
}

// order tells which groups lie clear above or below all others, or that none does; nothing of two groups or fewer.
func (t *teller) order(list []estimate, scores bool) []string {
	seen := shown(list)
	if len(seen) < 3 {
		return nil
	}
	kind, write := "share", t.groupShare
	if scores {
		kind, write = "score", t.groupScore
	}
	var text []string
	top, _ := leaders(seen, maxNamedGroups)
	bottom, _ := laggards(seen, maxNamedGroups)
	if len(top) > 0 {
		text = append(text, t.p.N("groups.highest-"+kind, len(top), args{"groups": t.list(top, maxNamedGroups, write)}))
	}
	if len(bottom) > 0 {
		text = append(text, t.p.N("groups.lowest-"+kind, len(bottom), args{"groups": t.list(bottom, maxNamedGroups, write)}))
	}
	if len(top)+len(bottom) == 0 {
		return []string{t.say("groups.order-unclear", nil)}
	}
	if anyHidden(list) {
		text = append(text, t.say("groups.partial", nil))
	}
	return text
}

func (t *teller) groupShare(e estimate) string {
	return t.p.Quote(e.label) + " (" + t.about(e) + ")"
}

func (t *teller) groupScore(e estimate) string {
	return t.p.Quote(e.label) + " (" + t.score(e) + ")"
}

// effectSize is the class of an effect, 0 (hardly any) to 3 (large). Thresholds: Cohen (1988), Statistical Power Analysis:
// Cramer's V .1, .3, .5 as w for two rows or columns (ch. 7); eta squared .01, .06, .14 (ch. 8).
func effectSize(cmp *findings.Compare, effect float64) int {
	steps := []float64{0.01, 0.06, 0.14}
	if cmp.EffectName == "cramers-v" {
		steps = []float64{0.1, 0.3, 0.5}
	}
	n := 0
	for _, s := range steps {
		if effect >= s {
			n++
		}
	}
	return n
}

// effect says the size of a difference in words, as a range where its interval spans several sizes.
func (t *teller) effect(cmp *findings.Compare) string {
	names := []string{"tiny", "small", "medium", "large"}
	low, high := effectSize(cmp, cmp.EffectLow), effectSize(cmp, cmp.EffectHigh)
	if math.IsNaN(cmp.EffectLow) || math.IsNaN(cmp.EffectHigh) || cmp.EffectHigh == 0 {
		low = effectSize(cmp, cmp.Effect)
		high = low
	}
	if low == high {
		return t.say("effect."+names[low], nil)
	}
	return t.say("effect."+names[low]+"-"+names[high], nil)
}

// differenceFigure draws a target by a grouping.
func (t *teller) differenceFigure(q *findings.Question, by string) []Figure {
	if q.Kind != kindIndicator && q.Kind != kindConstruct {
		return nil
	}
	list := shown(t.groupEstimates(q, by))
	top, _ := leaders(list, maxNamedGroups)
	bottom, _ := laggards(list, maxNamedGroups)
	title := t.say("groups.figure", args{"what": t.p.Opening(t.label(q)), "by": t.p.Inside(t.variable(by))})
	f, ok := t.groupFigure(q, by, title, t.reference(q), append(top, bottom...))
	if !ok {
		return nil
	}
	return []Figure{f}
}

// reference is the published figure of an indicator, to draw beside the groups; nil without one.
func (t *teller) reference(q *findings.Question) *chart.Reference {
	for i := range t.f.Benchmarks {
		b := &t.f.Benchmarks[i]
		if b.Item == q.ID && q.Kind == kindIndicator {
			return &chart.Reference{Value: b.Published, Low: b.Low, High: b.High, Label: t.p.Opening(t.own(b.Name)) + ": " + t.p.Percent(b.Published)}
		}
	}
	return nil
}

// groupsChapter tells where groups differ, over all targets; what the other chapters drew is not drawn again.
func (t *teller) groupsChapter() (chapter, bool) {
	c := t.newChapter("groups")
	all := t.x.comparisons()
	if len(all) == 0 {
		return c, false
	}
	var differ []*findings.Compare
	var by []string
	for _, cmp := range all {
		if !certain(cmp) {
			continue
		}
		differ = append(differ, cmp)
		if !slices.Contains(by, cmp.By) {
			by = append(by, cmp.By)
		}
	}
	total := len(all)
	if len(differ) == 0 {
		c.Headline = t.say("groups.flat", nil)
		c.Text = []string{t.p.N("groups.none", total, args{"n": t.p.Int(total)}), t.say("groups.absence", nil)}
		return c, true
	}
	c.Headline = t.say("groups.headline", args{"by": t.p.And(t.insideLabels(by))})
	c.summary = t.sentence(c.Headline)
	slices.SortStableFunc(differ, func(a, b *findings.Compare) int {
		if d := effectSize(b, b.Effect) - effectSize(a, a.Effect); d != 0 {
			return d
		}
		return t.weightOf(a) - t.weightOf(b)
	})
	for _, variable := range by {
		c.Text = append(c.Text, t.tellVariable(variable, differ))
	}
	if rest := total - len(differ); rest > 0 {
		c.Text = append(c.Text, t.p.N("groups.rest", rest, args{"n": t.p.Int(rest), "all": t.p.Int(total)}))
	}
	c.Text = append(c.Text, t.say("groups.association", nil))
	for _, cmp := range differ {
		q := t.x.question[cmp.Target]
		if q.Topic == instrument.TopicUse || cmp.Option != "" || len(c.Figures) == maxGroupFigures {
			continue
		}
		c.Figures = append(c.Figures, t.differenceFigure(q, cmp.By)...)
	}
	return c, true
}

// weightOf orders differences of one size by what the report is about: use and skills before the rest.
func (t *teller) weightOf(cmp *findings.Compare) int {
	order := []instrument.Topic{instrument.TopicUse, instrument.TopicSkills, instrument.TopicDrivers, instrument.TopicRules, instrument.TopicSupport}
	if i := slices.Index(order, t.x.question[cmp.Target].Topic); i >= 0 {
		return i
	}
	return len(order)
}

// maxNamedDifferences bounds the differences that a sentence names.
const maxNamedDifferences = 5

// tellVariable tells in what the groups of one background variable differ.
func (t *teller) tellVariable(by string, differ []*findings.Compare) string {
	var parts []string
	n := 0
	for _, cmp := range differ {
		if cmp.By != by {
			continue
		}
		if n++; n <= maxNamedDifferences {
			parts = append(parts, t.say("groups.difference", args{"what": t.comparedLabel(cmp), "effect": t.effect(cmp)}))
		}
	}
	a := args{"n": t.p.Int(n), "by": t.p.Inside(t.variable(by)), "list": t.p.Series(parts)}
	if n > maxNamedDifferences {
		return t.p.N("groups.variable-among", n, a)
	}
	return t.p.N("groups.variable", n, a)
}

// comparedLabel names what groups are compared on: a figure, or one answer of a multiple choice.
func (t *teller) comparedLabel(cmp *findings.Compare) string {
	q := t.x.question[cmp.Target]
	for i := range q.Options {
		if q.Options[i].ID == cmp.Option && cmp.Option != "" {
			return t.p.Quote(t.own(q.Options[i].Label))
		}
	}
	return t.p.Quote(t.label(q))
}

// variables lists the background variables of comparisons.
func variables(list []*findings.Compare) []string {
	ids := make([]string, 0, len(list))
	for _, c := range list {
		ids = append(ids, c.By)
	}
	return ids
}
