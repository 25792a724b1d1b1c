package story

import (
	"slices"

	"tekentafel/internal/chart"
	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
)

// profileFigure draws the scores of constructs on one scale; false when none can be shown.
func (t *teller) profileFigure(id, title string, constructs []*findings.Question, strong []estimate) (Figure, bool) {
	list := t.meanEstimates(constructs)
	if len(shown(list)) == 0 {
		return Figure{}, false
	}
	low, high := t.scaleEnds(constructs[0])
	lowText, highText := t.endLabels(constructs[0])
	return Figure{
		ID: id, Title: title,
		Description: t.describe(list, t.oneDecimal),
		Caption:     paragraph(t.constructCaption(constructs), t.basis(constructs[0], baseOf(list)), t.say("caption.interval", nil)),
		Chart:       chart.Profile{Rows: t.rows(list, strong, t.oneDecimal), Min: low, Max: high, LowText: lowText, HighText: highText},
		Table:       t.meanTable(WordQuestion, list),
	}, true
}

// meanEstimates returns the scores of constructs, highest first.
func (t *teller) meanEstimates(constructs []*findings.Question) []estimate {
	var list []estimate
	for _, q := range constructs {
		e, _ := t.x.mean(q.ID)
		e.id, e.label = q.ID, t.label(q)
		list = append(list, e)
	}
	sortByValue(t.p, list)
	return list
}

// constructCaption tells of how many statements the scores are made and how reliable they are.
func (t *teller) constructCaption(constructs []*findings.Question) string {
	few, many := len(constructs[0].Items), 0
	for _, q := range constructs {
		few, many = min(few, len(q.Items)), max(many, len(q.Items))
	}
	var parts []string
	switch {
	case many == 0:
	case few == many:
		parts = append(parts, t.say("caption.statements", args{"n": t.p.Int(many)}))
	default:
		parts = append(parts, t.say("caption.statements-range", args{"few": t.p.Int(few), "many": t.p.Int(many)}))
	}
	low, high := 2.0, -1.0
	for _, r := range t.f.Reliability {
		if !r.Suppressed && r.Omega > 0 && slices.ContainsFunc(constructs, func(q *findings.Question) bool { return q.ID == r.Construct }) {
			low, high = min(low, r.Omega), max(high, r.Omega)
		}
	}
	if high >= low {
		parts = append(parts, t.say("caption.omega", args{"range": t.p.DecimalRange(low, high, 2)}))
	}
	return paragraph(parts...)
}

// endLabels writes what the ends of a construct's scale mean: "1 = helemaal oneens".
func (t *teller) endLabels(q *findings.Question) (low, high string) {
	lowest, highest := t.scaleEnds(q)
	low, high = t.p.Decimal(lowest, 0), t.p.Decimal(highest, 0)
	for _, id := range q.Items {
		item := t.x.question[id]
		if item == nil || slices.Contains(q.Reverse, id) {
			continue
		}
		if options := ordered(item); len(options) > 1 {
			return named(low, t.own(options[0].Label)), named(high, t.own(options[len(options)-1].Label))
		}
	}
	return low, high
}

// named puts what a score means behind it, unless the label is the score itself.
func named(score, label string) string {
	if label == score || label == "" {
		return score
	}
	return score + " = " + label
}

// ordered returns the options of a scale from lowest to highest value, without those that stand for no opinion. Options
// without values stand in their order already.
func ordered(q *findings.Question) []findings.Option {
	var list []findings.Option
	valued := true
	for _, o := range q.Options {
		if o.Missing == "" {
			list = append(list, o)
			valued = valued && o.Value != nil
		}
	}
	if valued {
		slices.SortStableFunc(list, func(a, b findings.Option) int { return compare(*a.Value, *b.Value) })
	}
	return list
}

// distribution is the share of each step of a scale, from lowest to highest; nil when it is hidden.
func (t *teller) distribution(q *findings.Question) (steps []float64, base int) {
	byOption := map[string]*findings.Share{}
	for _, s := range t.x.shares[q.ID] {
		byOption[s.Option] = s
	}
	for _, o := range ordered(q) {
		s := byOption[o.ID]
		if s == nil || s.Suppressed || s.Base == 0 {
			return nil, 0
		}
		steps, base = append(steps, s.Share), s.Base
	}
	return steps, base
}

// constructDistribution is the mean over a construct's items of their distributions, reversed items turned round; nil when
// an item is hidden or has another number of steps.
func (t *teller) constructDistribution(q *findings.Question) (steps []float64, base int) {
	var items int
	for _, id := range q.Items {
		item := t.x.question[id]
		if item == nil {
			continue // the wave did not ask it
		}
		d, n := t.distribution(item)
		if d == nil || steps != nil && len(d) != len(steps) {
			return nil, 0
		}
		if slices.Contains(q.Reverse, id) {
			slices.Reverse(d)
		}
		if steps == nil {
			steps = make([]float64, len(d))
		}
		for i := range d {
			steps[i] += d[i]
		}
		base, items = max(base, n), items+1
	}
	for i := range steps {
		steps[i] /= float64(items)
	}
	return steps, base
}

// divergingFigure draws questions on one ordered scale as bars around its middle; false when none can be shown or their
// scales differ. Constructs are drawn as the mean of their items.
func (t *teller) divergingFigure(id, title string, questions []*findings.Question, strong []estimate) (Figure, bool) {
	var options []findings.Option
	var c chart.Diverging
	var bases int
	table := Table{Head: t.heads(WordQuestion, WordBase, WordNegative, WordNeutral, WordPositive)}
	drawn, averaged := 0, false
	var parts []string
	for _, q := range questions {
		scale := q
		steps, base := t.distribution(q)
		if q.Kind == kindConstruct {
			steps, base = t.constructDistribution(q)
			scale, averaged = t.firstItem(q), true
		}
		label := t.label(q)
		if steps == nil {
			c.Rows = append(c.Rows, chart.Stack{Label: label, Hidden: t.tooFew()})
			table.Rows = append(table.Rows, []string{label, "–", t.tooFew(), "–", "–"})
			continue
		}
		if options == nil {
			options = ordered(scale)
		}
		if len(steps) != len(options) || len(steps) < 2 {
			return Figure{}, false
		}
		row, negative, positive := stack(label, steps)
		row.Texts = []string{t.p.Percent(negative), "–", t.p.Percent(positive)}
		if len(steps)%2 == 1 {
			row.Texts[1] = t.p.Percent(row.Neutral)
		}
		row.Strong = slices.ContainsFunc(strong, func(e estimate) bool { return e.id == q.ID })
		c.Rows = append(c.Rows, row)
		table.Rows = append(table.Rows, append([]string{label, t.p.Int(base)}, row.Texts...))
		if drawn < maxReadRows {
			parts = append(parts, t.say("read.stack", args{"label": label, "negative": row.Texts[0], "neutral": row.Texts[1], "positive": row.Texts[2]}))
		}
		drawn, bases = drawn+1, max(bases, base)
	}
	if drawn == 0 {
		return Figure{}, false
	}
	half := len(options) / 2
	for i, o := range options {
		if len(options)%2 == 1 && i == half {
			c.Neutral = t.own(o.Label)
		} else {
			c.Legend = append(c.Legend, t.own(o.Label))
		}
	}
	description := t.say("read.diverging", args{"rows": t.p.Series(parts)})
	if more := drawn - len(parts); more > 0 {
		description = paragraph(description, t.p.N("read.more", more, args{"n": t.p.Int(more)}))
	}
	caption := t.basis(questions[0], bases)
	if averaged {
		caption = paragraph(t.say("caption.averaged", nil), caption)
	} else if parent := t.x.question[questions[0].Parent]; parent != nil && t.own(parent.Wording) != "" {
		caption = paragraph(t.say("caption.question", args{"wording": t.sentence(t.own(parent.Wording))}), caption)
	}
	return Figure{ID: id, Title: title, Description: description, Caption: caption, Chart: c, Table: table}, true
}

// firstItem returns the first item of a construct that was asked; the construct itself when there is none.
func (t *teller) firstItem(q *findings.Question) *findings.Question {
	for _, id := range q.Items {
		if item := t.x.question[id]; item != nil && !slices.Contains(q.Reverse, id) {
			return item
		}
	}
	return q
}

// stack splits the steps of a scale around its middle.
func stack(label string, steps []float64) (row chart.Stack, negative, positive float64) {
	half := len(steps) / 2
	row = chart.Stack{Label: label, Negative: slices.Clone(steps[:half]), Positive: slices.Clone(steps[len(steps)-half:])}
	if len(steps)%2 == 1 {
		row.Neutral = steps[half]
	}
	for i := range half {
		negative += row.Negative[i]
		positive += row.Positive[i]
	}
	return row, negative, positive
}

// statementFigures draws the statements of a topic that share a scale, one figure a matrix.
func (t *teller) statementFigures(topic instrument.Topic, context instrument.Context) []Figure {
	var figures []Figure
	var parents []string
	rows := map[string][]*findings.Question{}
	for _, q := range t.x.statements(topic, context) {
		if rows[q.Parent] == nil {
			parents = append(parents, q.Parent)
		}
		rows[q.Parent] = append(rows[q.Parent], q)
	}
	for _, parent := range parents {
		title := t.say("figure.statements", nil)
		if q := t.x.question[parent]; q != nil && t.label(q) != "" {
			title = t.label(q)
		}
		if f, ok := t.divergingFigure(parent, title, rows[parent], nil); ok {
			figures = append(figures, f)
		}
	}
	return figures
}
