package story

import (
	"slices"

	"tekentafel/internal/chart"
	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
)

// skillsChapter tells how skilled people feel, and which skill lags: only one whose interval lies clear of the others.
func (t *teller) skillsChapter() (chapter, bool) {
	c := t.newChapter("skills")
	constructs := t.x.constructs(instrument.TopicSkills)
	statements := t.statementFigures(instrument.TopicSkills, "")
	if len(constructs)+len(statements) == 0 {
		return c, false
	}
	scores := shown(t.meanEstimates(constructs))
	if len(scores) == 0 {
		c.Figures = statements
		return t.finish(c), true
	}
	low, high := t.scaleEnds(constructs[0])
	lagging := t.lagging()
	c.Text = append(c.Text, t.say("skills.scores", args{
		"low": t.p.Decimal(low, 0), "high": t.p.Decimal(high, 0), "list": t.list(scores, len(scores), t.scored),
	}))
	switch {
	case len(lagging) > 0:
		a := args{"skills": t.list(lagging, len(lagging), t.inside)}
		c.Headline = t.p.N("skills.headline", len(lagging), a)
		c.Text = append(c.Text, t.p.N("skills.lag", len(lagging), args{"skills": t.p.Opening(t.list(lagging, len(lagging), t.scoredWithin))}))
	case len(scores) > 1:
		c.Headline = t.say("skills.flat", nil)
		c.Text = append(c.Text, t.say("skills.lag-unclear", nil))
	default:
		c.Headline = t.say("skills.single", args{"skill": t.p.Opening(t.p.Inside(scores[0].label)), "score": t.score(scores[0]), "high": t.p.Decimal(high, 0)})
	}
	if top, _ := leaders(scores, len(scores)/2); len(top) > 0 {
		c.Text = append(c.Text, t.p.N("skills.top", len(top), args{"skills": t.list(top, len(top), t.inside)}))
	}
	c.Text = append(c.Text, t.say("skills.self", nil))
	c.summary = t.sentence(c.Headline)
	if f, ok := t.profileFigure("skills.profile", t.say("skills.figure", nil), constructs, lagging); ok {
		c.Figures = append(c.Figures, f)
		c.heard = append(c.heard, t.heardSkills(scores, lagging, high, f)...)
	}
	t.skillAnswers(&c, constructs, lagging)
	c.Figures = append(c.Figures, statements...)
	return c, true
}

// skillAnswers draws how people answered, by construct and for the statements of the skills that lag.
func (t *teller) skillAnswers(c *chapter, constructs []*findings.Question, lagging []estimate) {
	var sorted []*findings.Question
	for _, e := range t.meanEstimates(constructs) {
		sorted = append(sorted, t.x.question[e.id])
	}
	if f, ok := t.divergingFigure("skills.answers", t.say("skills.answers-figure", nil), sorted, lagging); ok {
		c.Figures = append(c.Figures, f)
	}
	for _, e := range lagging {
		q := t.x.question[e.id]
		var items []*findings.Question
		for _, id := range q.Items {
			if item := t.x.question[id]; item != nil && !slices.Contains(q.Reverse, id) {
				items = append(items, item)
			}
		}
		if len(items) < 2 {
			continue
		}
		if f, ok := t.divergingFigure(e.id+".items", t.say("skills.items-figure", args{"skill": t.p.Opening(e.label)}), items, nil); ok {
			c.Figures = append(c.Figures, f)
		}
	}
}

// lagging returns the skills whose scores lie clear below all others: at most half of them.
func (t *teller) lagging() []estimate {
	scores := shown(t.meanEstimates(t.x.constructs(instrument.TopicSkills)))
	bottom, _ := laggards(scores, len(scores)/2)
	return bottom
}

// heardSkills is the figure of the fact sheet for skills: the one that lags, or nothing when none clearly does.
func (t *teller) heardSkills(scores, lagging []estimate, high float64, f Figure) []Heard {
	if len(lagging) != 1 {
		return nil
	}
	e := lagging[0]
	profile, drawn := f.Chart.(chart.Profile)
	if !drawn || len(scores) < 2 {
		return nil
	}
	return []Heard{{
		Big:   t.say("skills.heard-big", args{"score": t.score(e), "high": t.p.Decimal(high, 0)}),
		Text:  t.say("skills.heard", args{"skill": t.p.Inside(e.label)}),
		Range: t.scoreInterval(e), Chart: profile, Label: f.Description,
	}}
}

// inside writes the name of a construct inside a sentence.
func (t *teller) inside(e estimate) string { return t.p.Inside(e.label) }

// scored writes a construct with its score: "technische vaardigheid (2,5)".
func (t *teller) scored(e estimate) string { return t.p.Inside(e.label) + " (" + t.score(e) + ")" }

// scoredWithin writes a construct with its score and interval.
func (t *teller) scoredWithin(e estimate) string {
	return t.p.Inside(e.label) + " (" + t.p.Series([]string{t.score(e), t.scoreInterval(e)}) + ")"
}
