package story

import (
	"math"
	"slices"

	"tekentafel/internal/chart"
	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
)

// Bounds of what the chapter on changes names.
const (
	maxChanges      = 6 // changes of everyone in sentences
	maxGroupChanges = 5 // changes of groups
	maxUncompared   = 5 // questions that are not compared
)

// changesChapter tells what changed since the earlier wave: a change is told only where its interval excludes zero and it stands
// after Holm's correction over all changes.
func (t *teller) changesChapter() (chapter, bool) {
	c := t.newChapter("changes")
	c.asked = "" // nobody was asked
	if t.f.Earlier == nil || len(t.f.Changes)+len(t.f.Earlier.Incomparable) == 0 {
		return c, false
	}
	e := t.f.Earlier
	c.Text = append(c.Text, t.p.N("changes.against", e.Respondents, args{"wave": t.earlier(), "n": t.p.Int(e.Respondents)}))
	everyone := t.changesOf(func(ch *findings.Change) bool { return ch.Group == nil && !ch.Suppressed })
	certain := slices.DeleteFunc(slices.Clone(everyone), func(ch *findings.Change) bool { return !changed(ch) })
	t.byWeight(certain)
	if len(certain) == 0 {
		c.Headline = t.say("changes.flat", nil)
		if n := len(everyone); n > 0 {
			c.Text = append(c.Text, t.p.N("changes.none", n, args{"n": t.p.Int(n)}), t.say("changes.absence", nil))
		}
	} else {
		c.Headline = t.changeHeadline(certain[0])
		c.Big = t.changeBig(certain[0])
		c.heard = t.heardChange(certain[0])
		for i, ch := range certain[:min(len(certain), maxChanges)] {
			text := t.tellChange(ch, "")
			if s := ch.Standard; s != nil && (i == 0 || s.Low <= 0 && s.High >= 0) { // said once where it says the same each time
				text = t.prose(text, t.tellStandard(ch))
			}
			c.Text = append(c.Text, text)
		}
		if more := len(certain) - maxChanges; more > 0 {
			c.Text = append(c.Text, t.p.N("changes.more", more, args{"n": t.p.Int(more)}))
		}
		if rest := len(everyone) - len(certain); rest > 0 {
			c.Text = append(c.Text, t.prose(t.p.N("changes.rest", rest, args{"n": t.p.Int(rest)}), t.say("changes.absence", nil)))
		}
	}
	c.summary = t.sentence(c.Headline)
	c.Text = append(c.Text, filled([]string{t.groupChanges(), t.linkedNote(), t.standardNote(), t.uncompared(), t.say("changes.why", nil)})...)
	c.Figures = t.changeFigures(everyone)
	return c, true
}

// changed tells whether a change is beyond chance, with all changes of its family taken together.
func changed(c *findings.Change) bool {
	return !c.Suppressed && c.PAdjusted < 0.05 && (c.Low > 0 || c.High < 0)
}

// changesOf lists the changes that may be told: not of sensitive figures, nor of single questions that test people.
func (t *teller) changesOf(keep func(*findings.Change) bool) []*findings.Change {
	var list []*findings.Change
	for i := range t.f.Changes {
		c := &t.f.Changes[i]
		if q := t.x.question[c.Item]; q != nil && !q.Sensitive && q.Topic != instrument.TopicTest && keep(c) {
			list = append(list, c)
		}
	}
	return list
}

// byWeight puts indicators and scores before single answers, and of each the surest first.
func (t *teller) byWeight(list []*findings.Change) {
	rank := func(c *findings.Change) int {
		switch t.x.question[c.Item].Kind {
		case kindIndicator:
			return 0
		case kindConstruct:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(list, func(a, b *findings.Change) int {
		if d := rank(a) - rank(b); d != 0 {
			return d
		}
		return compare(math.Abs(b.Diff)/b.SE, math.Abs(a.Diff)/a.SE)
	})
}

// earlier names the wave that changes are measured against.
func (t *teller) earlier() string {
	if t.f.Earlier.Label == "" {
		return t.say("changes.earlier", nil)
	}
	return t.p.Quote(t.f.Earlier.Label)
}

// changeLabel names the figure that changed.
func (t *teller) changeLabel(c *findings.Change) string {
	q := t.x.question[c.Item]
	if c.Option == "" || q.Kind == kindIndicator {
		return t.label(q)
	}
	return t.label(q) + ": " + t.optionLabel(q, c.Option)
}

// changeFigure writes a figure of a change as its kind is written.
func (t *teller) changeFigure(c *findings.Change, x float64) string {
	if c.Option == "" {
		return t.p.Decimal(x, t.changeDecimals(c))
	}
	return t.p.Percent(x)
}

// changeDecimals is how many decimals tell two means apart.
func (t *teller) changeDecimals(c *findings.Change) int {
	if t.p.Decimal(c.Before, 1) == t.p.Decimal(c.Now, 1) {
		return 2
	}
	return 1
}

// signed writes a difference with its sign: "+12" points, or "+0,3" on a scale.
func (t *teller) signed(c *findings.Change, x float64) string {
	figure, decimals := x, t.changeDecimals(c)
	if c.Option != "" {
		figure, decimals = 100*x, 0
		if math.Abs(figure) < 1 {
			decimals = 1
		}
	}
	text := t.p.Decimal(math.Abs(figure), decimals)
	switch {
	case text == t.p.Decimal(0, decimals):
		return text
	case x > 0:
		return "+" + text
	default:
		return "−" + text
	}
}

// changeSize writes a change with its unit: "+12 procentpunten".
func (t *teller) changeSize(c *findings.Change) string {
	if c.Option == "" {
		return t.signed(c, c.Diff)
	}
	return t.p.N("changes.points", t.whole(math.Abs(c.Diff)), args{"n": t.signed(c, c.Diff)})
}

// changeBig writes a change as the figure that leads a chapter: "53 → 60 %". Its spaces do not break.
func (t *teller) changeBig(c *findings.Change) string {
	before := t.changeFigure(c, c.Before)
	if c.Option != "" {
		before = t.p.Decimal(100*c.Before, 0)
	}
	return before + "\u00a0→\u00a0" + t.changeFigure(c, c.Now)
}

// changeWords are what a sentence about a change is filled with.
func (t *teller) changeWords(c *findings.Change) args {
	return args{
		"what": t.p.Opening(t.changeLabel(c)), "before": t.changeFigure(c, c.Before), "now": t.changeFigure(c, c.Now), "size": t.changeSize(c),
		"from": t.signed(c, c.Low), "to": t.signed(c, c.High),
	}
}

func (t *teller) changeHeadline(c *findings.Change) string {
	if c.Diff > 0 {
		return t.say("changes.headline-up", t.changeWords(c))
	}
	return t.say("changes.headline-down", t.changeWords(c))
}

// tellChange tells one change, of everyone or of a named group.
func (t *teller) tellChange(c *findings.Change, group string) string {
	a := t.changeWords(c)
	key := "changes.up"
	if c.Diff < 0 {
		key = "changes.down"
	}
	if group == "" {
		return t.say(key, a)
	}
	a["group"], a["what"] = group, t.p.Inside(t.changeLabel(c))
	if c.Diff < 0 {
		return t.say("changes.group-down", a)
	}
	return t.say("changes.group-up", a)
}

// tellStandard says how much of a change is left with the composition held the same.
func (t *teller) tellStandard(c *findings.Change) string {
	s := c.Standard
	left := *c
	left.Diff, left.Low, left.High = s.Diff, s.Low, s.High
	a := args{"size": t.changeSize(&left), "from": t.signed(&left, s.Low), "to": t.signed(&left, s.High)}
	if s.Low <= 0 && s.High >= 0 {
		return t.say("changes.standard-none", a)
	}
	return t.say("changes.standard", a)
}

// linkedNote says how many people linked their answers to both waves, where that made something sharper.
func (t *teller) linkedNote() string {
	n := t.f.Earlier.Linked
	if n == 0 {
		return ""
	}
	return t.p.N("changes.linked", n, args{"n": t.p.Int(n)})
}

// standardNote says what was held the same, or why nothing was.
func (t *teller) standardNote() string {
	e := t.f.Earlier
	switch {
	case e.Note == findings.NoAnswers:
		return t.say("changes.note-no-answers", nil)
	case e.Note == findings.NoVariables:
		return t.say("changes.note-no-variables", nil)
	case e.Note != "":
		return t.say("changes.note-not-reached", nil)
	case len(e.Standardised) > 0:
		return t.say("changes.standardised", args{"by": t.p.And(t.insideLabels(e.Standardised))})
	}
	return ""
}

// groupChanges tells the surest changes of groups.
func (t *teller) groupChanges() string {
	list := t.changesOf(func(c *findings.Change) bool { return c.Group != nil && changed(c) })
	t.byWeight(list)
	var parts []string
	for _, c := range list[:min(len(list), maxGroupChanges)] {
		parts = append(parts, t.tellChange(c, t.p.Inside(t.variable(c.Group.Variable))+" "+t.p.Quote(t.groupLabel(c.Group))))
	}
	if more := len(list) - len(parts); more > 0 {
		parts = append(parts, t.p.N("changes.groups-more", more, args{"n": t.p.Int(more)}))
	}
	return t.prose(parts...)
}

// groupLabel names a group.
func (t *teller) groupLabel(g *findings.Group) string {
	if of := t.x.grouping[g.Variable]; of != nil {
		for i := range of.Values {
			if of.Values[i].Value == g.Value && t.own(of.Values[i].Label) != "" {
				return t.own(of.Values[i].Label)
			}
		}
	}
	return g.Value
}

// uncompared names what is not compared because it was asked in another way; what is new needs no reason.
func (t *teller) uncompared() string {
	var names []string
	for _, i := range t.f.Earlier.Incomparable {
		if q := t.x.question[i.Item]; q != nil && i.Reason != findings.NewQuestion {
			names = append(names, t.p.Quote(t.label(q)))
		}
	}
	if len(names) == 0 {
		return ""
	}
	a := args{"n": t.p.Int(len(names)), "list": t.p.And(names[:min(len(names), maxUncompared)])}
	if len(names) > maxUncompared {
		return t.p.N("changes.uncompared-among", len(names), a)
	}
	return t.p.N("changes.uncompared", len(names), a)
}

// heardChange is a change on the fact sheet.
func (t *teller) heardChange(c *findings.Change) []Heard {
	if c.Option == "" {
		return nil
	}
	row, ok := t.changeChart([]*findings.Change{c}, "")
	if !ok {
		return nil
	}
	return []Heard{{
		Big: t.signed(c, c.Diff), Text: t.p.N("changes.heard", t.whole(math.Abs(c.Diff)), args{"what": t.p.Inside(t.changeLabel(c)), "before": t.p.Percent(c.Before), "now": t.p.Percent(c.Now)}),
		Range: t.say("changes.range", args{"from": t.signed(c, c.Low), "to": t.signed(c, c.High)}), Chart: row.Chart, Label: row.Description,
	}}
}

// changeFigures draws the figures that changed or stayed, shares and scores apart: then beside now.
func (t *teller) changeFigures(list []*findings.Change) []Figure {
	var figures []Figure
	for _, kind := range []string{kindIndicator, kindConstruct} {
		var of []*findings.Change
		for _, c := range list {
			if t.x.question[c.Item].Kind == kind {
				of = append(of, c)
			}
		}
		if f, ok := t.changeChart(of, kind); ok {
			figures = append(figures, f)
		}
	}
	return figures
}

// changeChart draws changes; false when there are none. Scores on different scales have no chart of their own.
func (t *teller) changeChart(list []*findings.Change, kind string) (Figure, bool) {
	if len(list) == 0 {
		return Figure{}, false
	}
	c := chart.Intervals{Max: 1, Percent: true, Legend: &chart.Legend{Own: t.say("word."+WordNow, nil), Beside: t.earlier()}}
	title := t.say("changes.figure", nil)
	if kind == kindConstruct {
		title = t.say("changes.figure-scores", nil)
		c.Percent = false
		c.Min, c.Max = t.scaleEnds(t.x.question[list[0].Item])
	}
	id := "changes"
	if kind != "" {
		id += "." + kind
	}
	f := Figure{ID: id, Title: title, Caption: t.say("changes.caption", nil)}
	f.Table.Head = t.heads(WordQuestion, WordBefore, WordNow, WordChange, WordFrom, WordTo, WordStandardised)
	var read []string
	for _, ch := range list[:min(len(list), maxRows)] {
		if low, high := t.scaleEnds(t.x.question[ch.Item]); kind == kindConstruct && (low != c.Min || high != c.Max) {
			continue
		}
		label := t.changeLabel(ch)
		c.Rows = append(c.Rows, chart.Interval{
			Label: label, Value: ch.Now, Low: ch.NowLow, High: ch.NowHigh, Text: t.changeFigure(ch, ch.Now), Strong: changed(ch),
			Beside: &chart.Reference{Value: ch.Before, Low: ch.BeforeLow, High: ch.BeforeHigh, Label: t.changeFigure(ch, ch.Before)},
		})
		if len(read) < maxReadRows {
			read = append(read, t.say("changes.read", args{"label": label, "before": t.changeFigure(ch, ch.Before), "now": t.changeFigure(ch, ch.Now)}))
		}
	}
	for _, ch := range list {
		standard := "–"
		if ch.Standard != nil {
			standard = t.signed(ch, ch.Standard.Diff)
		}
		f.Table.Rows = append(f.Table.Rows, []string{t.changeLabel(ch), t.changeFigure(ch, ch.Before), t.changeFigure(ch, ch.Now), t.signed(ch, ch.Diff),
			t.signed(ch, ch.Low), t.signed(ch, ch.High), standard})
	}
	f.Description = t.say("changes.read-all", args{"rows": t.p.Series(read)})
	f.Chart = c
	return f, true
}
