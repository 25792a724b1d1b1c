package story

import (
	"tekentafel/internal/chart"
	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
)

// Bounds of what the text says of one question; the figure shows all of it.
const (
	maxTop  = 4 // answers that may share the first place
	maxRest = 3 // further answers that are named
)

// systemsChapter tells which systems people use.
func (t *teller) systemsChapter() (chapter, bool) {
	return t.choiceChapter("systems", instrument.TopicSystems)
}

// tasksChapter tells what people use it for.
func (t *teller) tasksChapter() (chapter, bool) {
	return t.choiceChapter("tasks", instrument.TopicTasks)
}

// viewsChapter tells what people see in it: advantages and drawbacks.
func (t *teller) viewsChapter() (chapter, bool) {
	return t.choiceChapter("views", instrument.TopicAdvantages, instrument.TopicDrawbacks)
}

// supportChapter tells what support people ask for.
func (t *teller) supportChapter() (chapter, bool) {
	return t.choiceChapter("support", instrument.TopicSupport)
}

// nonUseChapter tells who does not use it, and why, in each context.
func (t *teller) nonUseChapter() (chapter, bool) {
	c, any := t.choiceChapter("nonuse", instrument.TopicNonUse)
	if !any || c.Big != "" {
		return c, any
	}
	var opening []string
	for _, context := range contexts() {
		q, e, known := t.never(context)
		if !known || len(t.x.choices(instrument.TopicNonUse, context)) == 0 {
			continue
		}
		told := t.say("nonuse.never", args{"where": t.where(context)})
		if c.Big == "" {
			reasons := c.Headline
			c.Big, c.Headline = t.big(e), told
			margin := ""
			if r := t.interval(e); r != "" {
				margin = t.say("margin.short", args{"range": r})
			}
			opening = append(opening, t.prose(margin, t.benchmarks(q.ID, e.id)))
			c.summary = t.prose(t.told(e, told), t.sentence(reasons))
		} else {
			opening = append(opening, t.told(e, told))
		}
	}
	c.Text = filled(append(opening, c.Text...))
	return c, true
}

// never returns the share that never uses it in a context.
func (t *teller) never(context instrument.Context) (*findings.Question, estimate, bool) {
	for _, q := range t.x.choices(instrument.TopicUse, context) {
		for i := range q.Options {
			if !countsNever(&q.Options[i]) {
				continue
			}
			for _, e := range t.optionEstimates(q) {
				if e.id == q.Options[i].ID && !e.hidden {
					return q, e, true
				}
			}
		}
	}
	return nil, estimate{}, false
}

// choiceChapter tells topics in which people chose among answers.
func (t *teller) choiceChapter(id string, topics ...instrument.Topic) (chapter, bool) {
	c := t.newChapter(id)
	any := false
	for _, topic := range topics {
		message := id
		if len(topics) > 1 {
			message = string(topic)
		}
		for _, q := range t.x.indicators(topic) {
			any = true
			e, ok := t.x.indicator(q)
			switch {
			case !ok:
			case c.Headline == "":
				t.leadWith(&c, q, e)
			default:
				c.Text = append(c.Text, t.prose(t.told(e, t.claim(q)), t.benchmarks(q.ID, optionYes)))
			}
		}
		for _, context := range contexts() {
			questions := t.x.choices(topic, context)
			for i, q := range questions {
				any = true
				variant := variantOf(context)
				switch {
				case i > 0:
					variant = "label"
				case len(topics) > 1 && context == "":
					variant = string(topic)
				}
				if t.x.told(q) {
					list := t.optionEstimates(q)
					top, _ := leaders(shown(list), maxTop)
					c.Text = append(c.Text, filled([]string{t.optionBenchmarks(q, list)})...)
					c.Figures = append(c.Figures, t.choiceFigure(q, t.figureTitle(message, q, variant), top)...)
					continue
				}
				t.tellChoice(&c, q, variant, message)
			}
			if figures := t.statementFigures(topic, context); len(figures) > 0 {
				any = true
				c.Figures = append(c.Figures, figures...)
			}
		}
	}
	if !any {
		return c, false
	}
	return t.finish(c), true
}

// tellChoice tells one question: what its intervals allow to say about the order of its answers, published figures beside
// it, and the figure. message names the topic in the message files, variant how the sentence opens.
func (t *teller) tellChoice(c *chapter, q *findings.Question, variant, message string) {
	list := t.optionEstimates(q)
	ranked := shown(list)
	if len(ranked) == 0 {
		return
	}
	top, rest := leaders(ranked, maxTop)
	headline := t.say(message+".flat", args{"where": t.where(q.Context)})
	label := t.p.Quote(t.label(q))
	var text string
	if len(top) > 0 {
		headline = t.p.N(message+".headline", len(top), args{"top": t.list(top, maxTop, t.quoted), "where": t.where(q.Context)})
		text = t.prose(
			t.p.N("rank.top-"+variant, len(top), args{"top": t.list(top, maxTop, t.namedWithin), "label": label}),
			t.restText(rest))
	} else {
		text = t.say("rank.flat-"+variant, args{"list": t.list(ranked, maxRest, t.namedWithin), "label": label})
		if len(ranked) == 1 {
			headline, text = "", t.say("rank.single", args{"answer": t.namedWithin(ranked[0]), "label": label})
		}
	}
	if anyHidden(list) {
		text = t.prose(text, t.say("rank.partial", nil))
	}
	for _, e := range list {
		if e.last && !e.hidden && t.none(q, e.id) {
			text = t.prose(text, t.say("rank.none", args{"share": t.about(e), "answer": t.p.Quote(e.label)}))
		}
	}
	c.Text = append(c.Text, filled([]string{text, t.optionBenchmarks(q, list)})...)
	c.Figures = append(c.Figures, t.choiceFigure(q, t.figureTitle(message, q, variant), top)...)
	if headline = t.p.Opening(headline); c.Headline == "" {
		c.Headline = headline
		if len(top) > 0 {
			c.summary = t.sentence(headline)
		}
	} else if c.ID == "views" && len(top) > 0 {
		c.summary = t.prose(c.summary, t.sentence(headline))
	}
	if len(c.heard) == 0 && t.p.Has(message+".heard") {
		best := ranked[0]
		for _, e := range ranked {
			if e.value > best.value {
				best = e
			}
		}
		rows := list[:min(len(list), 5)]
		c.heard = append(c.heard, Heard{
			Big: t.big(best), Text: t.say(message+".heard", args{"answer": t.p.Quote(best.label), "where": t.where(q.Context)}), Range: t.heardRange(best),
			Chart: chart.Intervals{Rows: t.rows(rows, []estimate{best}, t.p.Percent), Max: 1, Percent: true}, Label: t.describe(rows, t.p.Percent),
		})
	}
}

// restText names answers that are clear of the first, without an order among them.
func (t *teller) restText(rest []estimate) string {
	key := "rank.rest"
	if len(rest) > maxRest {
		key = "rank.rest-among"
	}
	return t.p.N(key, len(rest), args{"rest": t.list(rest, maxRest, t.named)})
}

// choiceFigure draws a question; nothing when all of it is hidden.
func (t *teller) choiceFigure(q *findings.Question, title string, strong []estimate) []Figure {
	f := t.optionFigure(q, title, strong)
	if rows := f.Chart.(chart.Intervals).Rows; len(rows) == 0 || len(shownRows(rows)) == 0 {
		return nil
	}
	return []Figure{f}
}

func shownRows(rows []chart.Interval) (list []chart.Interval) {
	for _, r := range rows {
		if r.Hidden == "" {
			list = append(list, r)
		}
	}
	return list
}

// figureTitle names the figure of a question by its topic and context, or by its own label.
func (t *teller) figureTitle(message string, q *findings.Question, variant string) string {
	if variant == "label" {
		return t.label(q)
	}
	return t.say(message+".figure", args{"where": t.where(q.Context)})
}

// quoted writes an answer between quotation marks.
func (t *teller) quoted(e estimate) string { return t.p.Quote(e.label) }

// namedWithin writes an answer with its share and interval: "‘Samenvatten’ (62 %, tussen 58 en 66 %)".
func (t *teller) namedWithin(e estimate) string {
	if r := t.interval(e); r != "" {
		return t.p.Quote(e.label) + " (" + t.about(e) + ", " + r + ")"
	}
	return t.named(e)
}

// none tells whether an option of q stands for "none of these".
func (t *teller) none(q *findings.Question, option string) bool {
	for i := range q.Options {
		if q.Options[i].ID == option {
			return q.Options[i].None
		}
	}
	return false
}

// where says the context behind a phrase, with its space: " op het werk"; "" without a context.
func (t *teller) where(context instrument.Context) string {
	if context == instrument.Work || context == instrument.Leisure {
		return " " + t.say("where."+string(context), nil)
	}
	return ""
}

// variantOf names how a sentence about a context opens.
func variantOf(context instrument.Context) string {
	if context == instrument.Work || context == instrument.Leisure {
		return string(context)
	}
	return "plain"
}

// newChapter starts a chapter.
func (t *teller) newChapter(id string) chapter {
	t.study = ""
	return chapter{Chapter: Chapter{ID: id, Short: t.say(id+".short", nil)}, asked: t.say(id+".asked", nil)}
}

// finish closes a chapter: one without a finding says so.
func (t *teller) finish(c chapter) chapter {
	if c.Headline == "" && len(c.Text) == 0 && len(c.Figures) == 0 {
		c.Headline = t.say("not-enough-headline", nil)
		c.Text = []string{t.notEnough()}
	}
	if c.Headline == "" {
		c.Headline = t.say(c.ID+".flat", args{"where": ""})
	}
	return c
}

// notEnough says that, and why, nothing can be said.
func (t *teller) notEnough() string {
	if k := t.f.Disclosure.K; k > 0 {
		return t.say("not-enough-below", args{"k": t.p.Int(k)})
	}
	return t.say("not-enough", nil)
}
