package story

import (
	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
)

// rulesChapter tells who knows the rules.
func (t *teller) rulesChapter() (chapter, bool) {
	return t.choiceChapter("rules", instrument.TopicRules)
}

// shadowChapter tells of private tools that nobody was told about: for everyone together only, and with care.
func (t *teller) shadowChapter() (chapter, bool) {
	c, any := t.choiceChapter("shadow", instrument.TopicShadow)
	if any && len(c.Figures)+len(c.Text) > 0 && c.Headline != t.say("not-enough-headline", nil) {
		c.Text = append(c.Text, t.say("shadow.care", nil), t.say("shadow.meaning", nil))
	}
	c.heard = nil // the wall is no place for it
	return c, any
}

// unknowing returns the share that does not know the rules, from the first indicator of the topic.
func (t *teller) unknowing() (*findings.Question, estimate, bool) {
	for _, q := range t.x.indicators(instrument.TopicRules) {
		e, ok := t.x.indicator(q)
		if !ok {
			continue
		}
		if !countsUnknowing(q) {
			e.value, e.low, e.high = 1-e.value, 1-e.high, 1-e.low
		}
		return q, e, true
	}
	return nil, estimate{}, false
}
