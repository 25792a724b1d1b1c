package story

import (
	"math"

	"tekentafel/internal/chart"
	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
)

// driversChapter tells what willingness hangs together with. A regression shows association: no word of it says cause.
func (t *teller) driversChapter() (chapter, bool) {
	c := t.newChapter("drivers")
	any := false
	for i := range t.f.Models {
		any = true
		t.tellModel(&c, &t.f.Models[i])
	}
	constructs := t.x.constructs(instrument.TopicDrivers)
	if f, ok := t.driverProfile(constructs); ok {
		c.Figures = append(c.Figures, f)
	}
	if !any && len(c.Figures) == 0 {
		return c, false
	}
	if c.Headline == "" && len(c.Figures) > 0 {
		c.Headline = t.say("drivers.no-model", nil)
	}
	return t.finish(c), true
}

// tellModel tells one regression.
func (t *teller) tellModel(c *chapter, m *findings.ModelFit) {
	importance, signs := t.importances(m)
	if m.Suppressed || m.N == 0 || len(importance) == 0 {
		return
	}
	outcome := t.p.Term(t.variable(m.Outcome))
	top, _ := leaders(importance, maxNamedGroups)
	if c.Headline == "" {
		c.Headline = t.say("drivers.flat", args{"outcome": t.p.Opening(outcome)})
		if len(top) > 0 && !math.IsNaN(top[0].value) {
			c.Headline = t.say("drivers.headline", args{"outcome": t.p.Opening(outcome), "top": t.list(top, len(top), t.term)})
			c.summary = t.sentence(c.Headline)
		}
	}
	text := t.say("drivers.together", args{"outcome": outcome, "share": t.p.Percent(m.R2), "within": t.within(m.R2Low, m.R2High)})
	if len(top) > 0 {
		text = t.prose(text, t.p.N("drivers.top", len(top), args{"top": t.list(top, len(top), t.term), "part": t.figure(top[0])}))
	} else {
		text = t.prose(text, t.say("drivers.top-unclear", nil))
	}
	if m.Collinear {
		text = t.prose(text, t.say("drivers.collinear", nil))
	}
	c.Text = append(c.Text, text)
	for _, sign := range []string{"positive", "negative", "unclear"} {
		if list := signs[sign]; len(list) > 0 {
			c.Text = append(c.Text, t.p.N("drivers."+sign, len(list), args{"outcome": outcome, "list": t.list(list, len(list), t.term)}))
		}
	}
	c.Text = append(c.Text, t.say("drivers.association", nil))
	c.Figures = append(c.Figures, Figure{
		ID: "drivers." + m.ID, Title: t.say("drivers.figure", args{"outcome": outcome}),
		Description: t.describe(importance, t.p.Percent),
		Caption:     t.say("drivers.caption", args{"n": t.p.Int(m.N)}),
		Chart:       chart.Intervals{Rows: t.rows(importance, top, t.p.Percent), Max: niceMax(importance), Percent: true},
		Table:       t.importanceTable(importance),
	})
}

// within puts an interval of shares between brackets, with a space before it; "" when it is not known.
func (t *teller) within(low, high float64) string {
	if math.IsNaN(low) || math.IsNaN(high) || high <= low {
		return ""
	}
	return " (" + t.p.PercentRange(low, high) + ")"
}

// importances returns the part of each predictor, largest first, and the predictors by the certain sign of their
// association.
func (t *teller) importances(m *findings.ModelFit) (list []estimate, signs map[string][]estimate) {
	signs = map[string][]estimate{}
	for i := range t.f.Drivers {
		d := &t.f.Drivers[i]
		if d.Outcome != m.Outcome {
			continue
		}
		e := estimate{id: d.Predictor, label: t.variable(d.Predictor), value: d.Importance, low: d.ImportanceLow, high: d.ImportanceHigh, n: m.N, base: m.N}
		list = append(list, e)
		switch {
		case d.Low > 0:
			signs["positive"] = append(signs["positive"], e)
		case d.High < 0:
			signs["negative"] = append(signs["negative"], e)
		default:
			signs["unclear"] = append(signs["unclear"], e)
		}
	}
	sortByValue(t.p, list)
	return list, signs
}

// importanceTable is the table of the parts.
func (t *teller) importanceTable(list []estimate) Table {
	table := Table{Head: t.heads(WordQuestion, WordImportance, WordFrom, WordTo)}
	for _, e := range list {
		table.Rows = append(table.Rows, []string{e.label, t.p.Percent(e.value), t.p.Percent(e.low), t.p.Percent(e.high)})
	}
	return table
}

// term writes the name of a construct behind a preposition.
func (t *teller) term(e estimate) string { return t.p.Term(e.label) }

// driverProfile draws the scores of the constructs behind the regression, when they share one scale.
func (t *teller) driverProfile(constructs []*findings.Question) (Figure, bool) {
	if len(constructs) == 0 {
		return Figure{}, false
	}
	low, high := t.scaleEnds(constructs[0])
	for _, q := range constructs {
		if l, h := t.scaleEnds(q); l != low || h != high {
			return Figure{}, false
		}
	}
	return t.profileFigure("drivers.profile", t.say("drivers.profile-figure", nil), constructs, nil)
}
