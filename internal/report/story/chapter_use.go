package story

import (
	"tekentafel/internal/chart"
	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
)

// maxGroupFigures bounds the figures by group of one chapter.
const maxGroupFigures = 4

// useChapter tells who uses it, where and how often.
func (t *teller) useChapter() (chapter, bool) {
	c := t.newChapter("use")
	indicators := t.x.indicators(instrument.TopicUse)
	var choices []*findings.Question
	for _, context := range contexts() {
		choices = append(choices, t.x.choices(instrument.TopicUse, context)...)
	}
	if len(indicators)+len(choices) == 0 {
		return c, false
	}
	var lead *findings.Question
	var first estimate
	for _, q := range indicators {
		e, ok := t.x.indicator(q)
		switch {
		case !ok:
		case lead == nil:
			lead, first = q, e
			t.leadWith(&c, q, e)
		default:
			c.Text = append(c.Text, t.secondIndicator(q, e, lead, first))
		}
	}
	drawn := map[instrument.Context]bool{}
	for _, q := range choices {
		top, _ := leaders(shown(t.optionEstimates(q)), len(q.Options))
		if lead == nil {
			t.tellChoice(&c, q, variantOf(q.Context), "use")
			continue
		}
		title := t.say("use.figure", args{"where": t.where(q.Context)})
		if drawn[q.Context] {
			title = t.label(q)
		}
		drawn[q.Context] = true
		c.Figures = append(c.Figures, t.choiceFigure(q, title, top)...)
	}
	if lead != nil {
		t.tellGroups(&c, lead)
		c.heard = append(c.heard, t.heardIndicators(indicators, lead, first))
	} else if len(choices) == 1 {
		t.tellGroups(&c, choices[0])
	}
	return t.finish(c), true
}

// leadWith opens a chapter with an indicator: its figure large, its claim as headline, its margin and published figures.
func (t *teller) leadWith(c *chapter, q *findings.Question, e estimate) {
	c.Big, c.Headline = t.big(e), t.claim(q)
	var margin string
	if r := t.interval(e); r != "" && c.ID == "use" {
		margin = t.say("margin.explained", args{"range": r})
	} else if r != "" {
		margin = t.say("margin.short", args{"range": r})
	}
	c.Text = append(c.Text, filled([]string{t.prose(margin, t.benchmarks(q.ID, optionYes))})...)
	c.summary = t.told(e, c.Headline)
}

// secondIndicator tells a further indicator beside the one that leads, and whether the two differ when they are the same
// figure in two contexts.
func (t *teller) secondIndicator(q *findings.Question, e estimate, lead *findings.Question, first estimate) string {
	text := t.prose(t.told(e, t.claim(q)), t.benchmarks(q.ID, optionYes))
	if q.Context == lead.Context || q.Context == "" || lead.Context == "" || withoutContext(q.ID) != withoutContext(lead.ID) {
		return text
	}
	key := "use.contrast-unclear"
	if clear(e, first) {
		key = "use.contrast-" + string(lead.Context)
		if e.value > first.value {
			key = "use.contrast-" + string(q.Context)
		}
	}
	return t.prose(text, t.say(key, nil))
}

// claim returns the words that complete "54 % ...".
func (t *teller) claim(q *findings.Question) string {
	if s := t.own(q.Claim); s != "" {
		return s
	}
	return t.say("figure.claim", args{"label": t.p.Quote(t.label(q))})
}

// heardRange is the interval below a big figure; "" when the figure is the interval already.
func (t *teller) heardRange(e estimate) string {
	if e.half() > spanFrom {
		return ""
	}
	return t.interval(e)
}

// heardIndicators is the figure of the fact sheet for indicators of use.
func (t *teller) heardIndicators(indicators []*findings.Question, lead *findings.Question, first estimate) Heard {
	var rows []estimate
	for _, q := range indicators {
		if e, ok := t.x.indicator(q); ok && len(rows) < 3 {
			e.id, e.label = q.ID, t.label(q)
			rows = append(rows, e)
		}
	}
	return Heard{
		Big: t.big(first), Text: t.claim(lead), Range: t.heardRange(first), Label: t.describe(rows, t.p.Percent),
		Chart: chart.Intervals{Rows: t.rows(rows, []estimate{{id: lead.ID}}, t.p.Percent), Max: 1, Percent: true},
	}
}
