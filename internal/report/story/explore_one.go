package story

import (
	"slices"

	"tekentafel/internal/chart"
	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
)

// besideEveryone tells every figure of a topic in the chosen group beside everyone together.
func (v *visit) besideEveryone(tp *topicOf) []Panel {
	var indicators, scores []measure
	var panels []Panel
	for _, q := range v.wanted(v.brokenDown(tp, v.topic != nil)) {
		switch q.Kind {
		case kindIndicator:
			indicators = append(indicators, measure{q, optionYes})
		case kindConstruct:
			if len(scores) > 0 && !v.sameScale(scores[0].q, q) {
				panels = append(panels, v.pairPanel(q.ID, v.label(q), []measure{{q, ""}}))
				continue
			}
			scores = append(scores, measure{q, ""})
		case string(instrument.Number):
			panels = append(panels, v.pairPanel(q.ID, v.label(q), []measure{{q, ""}}))
		default:
			panels = append(panels, v.pairPanel(q.ID, v.label(q), v.answers(q)))
		}
	}
	if len(scores) > 0 {
		panels = slices.Insert(panels, 0, v.pairPanel(tp.id+".scores", v.say("explore.scores", nil), scores))
	}
	if len(indicators) > 0 {
		panels = slices.Insert(panels, 0, v.pairPanel(tp.id+".figures", v.say("explore.figures", nil), indicators))
	}
	return panels
}

func (t *teller) sameScale(a, b *findings.Question) bool {
	low, high := t.scaleEnds(a)
	l, h := t.scaleEnds(b)
	return low == l && high == h
}

// pair is a figure of the group beside that of everyone.
type pair struct {
	measure
	label      string
	group, all estimate
	verdict    verdict
	panel      string // where it is drawn
}

// verdict is what may be said of a group beside everyone.
type verdict int

const (
	untested verdict = iota // no test was made: both intervals are shown, nothing is claimed
	alike                   // tested, and no clear difference
	higher
	lower
	unknown // one of the two is hidden
)

// pairOf sets a figure of the group beside that of everyone; see Explore for what may be said of them.
func (v *visit) pairOf(m measure) pair {
	p := pair{measure: m, label: v.label(m.q), all: v.everyone(m), group: v.inGroup(m, findings.Group{Variable: v.sel.By, Value: v.sel.Value})}
	if !m.scored() && m.q.Kind != kindIndicator {
		p.label = v.optionLabel(m.q, m.option)
	}
	test := v.test(m, v.sel.By)
	switch {
	case p.group.hidden || p.all.hidden:
		p.verdict = unknown
	case test == nil:
		p.verdict = untested
	case !certain(test) || !clear(p.group, p.all):
		p.verdict = alike
	case p.group.value > p.all.value:
		p.verdict = higher
	default:
		p.verdict = lower
	}
	return p
}

// pairPanel draws figures of the group, each with that of everyone behind it.
func (v *visit) pairPanel(id, title string, measures []measure) Panel {
	p := Panel{ID: id, Title: v.p.Opening(title)}
	var pairs []pair
	for _, m := range measures {
		r := v.pairOf(m)
		r.panel = id
		pairs = append(pairs, r)
	}
	if !slices.ContainsFunc(pairs, func(r pair) bool { return !r.group.hidden }) {
		p.Text = []string{v.say("explore.hidden", args{"group": v.p.Quote(v.name), "remark": v.tooFew()})}
		return p
	}
	p.Text = v.tellPairs(pairs)
	v.told.pairs = append(v.told.pairs, pairs...)
	p.Figure = v.pairFigure(p, pairs)
	return p
}

// tellPairs says what may be said of figures beside those of everyone.
func (v *visit) tellPairs(pairs []pair) []string {
	var text []string
	for _, say := range []struct {
		verdict verdict
		key     string
	}{{higher, "explore.higher"}, {lower, "explore.lower"}, {alike, "explore.alike"}} {
		if list := ofVerdict(pairs, say.verdict); len(list) > 0 {
			var parts []string
			for _, r := range list {
				parts = append(parts, v.p.Quote(r.label))
			}
			text = append(text, v.say(say.key, args{"list": v.p.And(parts)}))
		}
	}
	return text
}

func ofVerdict(pairs []pair, wanted verdict) []pair {
	return slices.DeleteFunc(slices.Clone(pairs), func(r pair) bool { return r.verdict != wanted })
}

// pairFigure draws the rows of a panel: the group, and everyone as a line with its band. Rows that lie clear stand out.
func (v *visit) pairFigure(p Panel, pairs []pair) *Figure {
	write := v.p.Percent
	c := chart.Intervals{Max: 1, Percent: true}
	if pairs[0].scored() {
		write = v.oneDecimal
		c = chart.Intervals{}
		c.Min, c.Max = v.scaleEnds(pairs[0].q)
	}
	f := &Figure{ID: p.ID, Title: p.Title, Caption: v.pairCaption(pairs), Table: v.pairTable(pairs)}
	c.Legend = &chart.Legend{Own: v.name, Beside: v.say("explore.everyone", nil)}
	var parts []string
	for _, r := range pairs {
		r.group.label = r.label
		var strong []estimate
		if r.verdict == higher || r.verdict == lower {
			strong = []estimate{r.group}
		}
		row := v.rows([]estimate{r.group}, strong, write)[0]
		if !r.all.hidden {
			row.Beside = &chart.Reference{Value: r.all.value, Low: r.all.low, High: r.all.high, Label: write(r.all.value)}
		}
		c.Rows = append(c.Rows, row)
		if len(parts) < maxReadRows && !r.group.hidden && !r.all.hidden {
			parts = append(parts, v.say("read.pair", args{"label": r.label, "value": v.range3(r.group, write), "all": v.range3(r.all, write)}))
		}
	}
	f.Chart = c
	f.Description = v.say("read.pairs", args{"group": v.p.Quote(v.name), "rows": v.p.Series(parts)})
	if more := len(pairs) - len(parts); more > 0 {
		f.Description = paragraph(f.Description, v.p.N("read.more", more, args{"n": v.p.Int(more)}))
	}
	if len(parts) == 0 {
		f.Description = v.say("not-enough", nil)
	}
	return f
}

// range3 writes a figure with the ends of its interval: "54 % (51 % tot 57 %)".
func (v *visit) range3(e estimate, write func(float64) string) string {
	return v.say("read.range", args{"value": write(e.value), "low": write(e.low), "high": write(e.high)})
}

// pairCaption tells the wording, how many answered in the group and of everyone, weighting and interval.
func (v *visit) pairCaption(pairs []pair) string {
	var parts []string
	q := pairs[0].q
	if one := pairs[len(pairs)-1].q == q; one && q.Kind != kindConstruct && v.own(q.Wording) != "" {
		parts = append(parts, v.say("caption.question", args{"wording": v.sentence(v.own(q.Wording))}))
		if q.Kind == string(instrument.Multiple) {
			parts = append(parts, v.say("caption.multiple", nil))
		}
	}
	var group, all []int
	for _, r := range pairs {
		if !r.group.hidden {
			group = append(group, r.group.base)
		}
		if !r.all.hidden {
			all = append(all, r.all.base)
		}
	}
	parts = append(parts, v.say("explore.caption-n", args{"group": v.p.Quote(v.name), "n": v.span(group), "all": v.span(all)}))
	if v.weighted() {
		parts = append(parts, v.say("caption.weighted", nil))
	} else {
		parts = append(parts, v.say("caption.unweighted", nil))
	}
	return paragraph(append(parts, v.say("caption.interval", nil))...)
}

// span writes the least and the largest of numbers: "95–101".
func (v *visit) span(numbers []int) string {
	if len(numbers) == 0 {
		return "–"
	}
	low, high := slices.Min(numbers), slices.Max(numbers)
	if low == high {
		return v.p.Int(low)
	}
	return v.p.Int(low) + "–" + v.p.Int(high)
}

// pairTable is the table of a panel, with two rows a figure: the group and everyone.
func (v *visit) pairTable(pairs []pair) Table {
	var list []estimate
	for _, r := range pairs {
		r.group.label = v.say("explore.row", args{"what": r.label, "who": v.name})
		r.all.label = v.say("explore.row", args{"what": r.label, "who": v.say("explore.everyone", nil)})
		list = append(list, r.group, r.all)
	}
	head := WordAnswer
	if pairs[0].scored() {
		return v.meanTable(WordQuestion, list)
	}
	if pairs[0].q.Kind == kindIndicator {
		head = WordQuestion
	}
	return v.shareTable(head, list)
}
