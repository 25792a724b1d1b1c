package desk

import (
	"math"
	"time"

	"tekentafel/internal/chart"
	"tekentafel/internal/i18n"
	"tekentafel/internal/survey/monitor"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/ui"
)

// last is the newest release, nil when there is none.
func (v waveView) last() *monitor.Release {
	if len(v.releases) == 0 {
		return nil
	}
	return &v.releases[len(v.releases)-1]
}

// counted tells whether people of a frame take part, so that a rate can be said.
func (v waveView) counted() bool { return v.wave.Mode != wave.OpenLink }

// span writes a range: "20–29".
func (w words) span(r monitor.Range) string {
	return w.DecimalRange(float64(r.Low), float64(r.High), 0)
}

// of writes how many of a group took part.
func (w words) of(r monitor.Range, people, k int) string {
	if !r.Says(people) {
		return w.T("monitor.too-few", i18n.Args{"k": w.Int(monitor.Smallest(k))})
	}
	return w.T("monitor.of", i18n.Args{"range": w.span(r), "n": w.Int(people)})
}

// day writes the day of a release.
func (w words) day(day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return w.Date(at)
}

// tiles are the figures of the whole.
func (v waveView) tiles() []ui.Tile {
	r := v.last()
	answers := ui.Tile{Title: v.say.say("monitor.answers"), Big: v.say.span(r.Answers), Text: v.say.say("monitor.answers-text")}
	if !v.counted() {
		return []ui.Tile{answers}
	}
	taken := ui.Tile{Title: v.say.say("monitor.taken-" + string(v.wave.Mode)), Big: v.say.span(r.Taken), Text: v.say.T("monitor.of-all", i18n.Args{"n": v.say.Int(r.People)}),
		Bar: &ui.Bar{Share: r.Taken.Middle() / math.Max(1, float64(r.People)), Label: v.say.say("monitor.taken-" + string(v.wave.Mode))}}
	out := []ui.Tile{taken}
	if v.wave.Mode == wave.Anonymous {
		out = append(out, answers)
	}
	if o, known := monitor.Expect(v.releases, v.wave.Opens, v.wave.Closes); known && v.wave.State == wave.Open {
		out = append(out, ui.Tile{Title: v.say.say("monitor.expected"), Big: "± " + v.say.Int(o.Expected), Text: v.say.T("monitor.expected-text", i18n.Args{"closes": v.say.Date(v.local(v.wave.Closes))}),
			Bar: &ui.Bar{Share: float64(o.Expected) / math.Max(1, float64(r.People)), Label: v.say.say("monitor.expected")}})
	}
	return out
}

// trust says how far a share could be off, in sentences.
func (v waveView) trust() []string {
	o, known := monitor.Expect(v.releases, v.wave.Opens, v.wave.Closes)
	if !known {
		return nil
	}
	points := func(x float64) string { return v.say.Decimal(100*x, 0) }
	out := []string{v.say.T("monitor.off", i18n.Args{"likely": points(o.Likely), "differ": points(monitor.Differ), "most": points(o.AtMost)})}
	if !math.IsNaN(o.R) {
		key := "monitor.even"
		if o.R < evenFrom {
			key = "monitor.uneven"
		}
		out = append(out, v.say.T(key, i18n.Args{"variable": o.By, "r": v.say.Decimal(o.R, 2)}))
	}
	return out
}

// evenFrom is the R-indicator from which groups are said to take part about alike. It is a rule of thumb of ours: at 0.8 the
// rates of two halves differ by 20 points.
const evenFrom = 0.8

// risks are the groups that endanger a conclusion, with what to do.
func (v waveView) risks() []monitor.Risk {
	if v.wave.State != wave.Open {
		return nil
	}
	return monitor.Risks(v.releases, v.wave.Opens, v.wave.Closes, v.wave.GroupSize)
}

func (v waveView) riskTable(risks []monitor.Risk) ui.Table {
	t := ui.Table{Caption: v.say.say("monitor.risks"), HideCaption: true, Columns: []ui.Column{{Label: v.say.say("monitor.group")}, {Label: v.say.say("monitor.danger"), Long: true},
		{Label: v.say.say("monitor.do"), Long: true}}}
	for _, r := range risks {
		args := i18n.Args{"missing": v.say.Int(max(1, r.Missing)), "half": v.say.Decimal(100*r.Half, 0), "k": v.say.Int(v.wave.GroupSize),
			"range": v.say.span(r.Group.Taken), "n": v.say.Int(r.Group.People)}
		var advice string
		for i, a := range r.Advice {
			if i > 0 {
				advice += " "
			}
			advice += v.say.say("advice." + string(a))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: ui.Texts(v.group(&r.Group), v.say.T("danger."+string(r.Danger), args), advice)})
	}
	return t
}

// group is the name of a group.
func (v waveView) group(g *monitor.Group) string {
	switch {
	case g.Merged > 0:
		return v.say.n("monitor.merged", g.Merged)
	case g.Value == "":
		return v.say.say("monitor.none")
	}
	return g.Value
}

// figures are the charts by group, with their tables.
func (v waveView) figures() []ui.Figure {
	r, k := v.last(), v.wave.GroupSize
	caption := v.say.T("monitor.caption", i18n.Args{"day": v.say.day(r.Day), "k": v.say.Int(k)})
	columns := func(first string) []ui.Column {
		return []ui.Column{{Label: first}, {Label: v.say.say("monitor.people"), Numeric: true}, {Label: v.say.say("monitor.range"), Numeric: true}}
	}
	var out []ui.Figure
	for _, variable := range r.Variables {
		c := chart.Intervals{Max: 1, Percent: true}
		t := &ui.Table{Caption: variable.Name, HideCaption: true, Columns: columns(variable.Name)}
		for i := range variable.Groups {
			g := &variable.Groups[i]
			text := v.say.of(g.Taken, g.People, k)
			row := interval(v.group(g), g.Taken, g.People, text)
			if !g.Taken.Says(g.People) {
				row.Hidden = text
			}
			c.Rows = append(c.Rows, row)
			t.Rows = append(t.Rows, ui.Row{Cells: ui.Texts(v.group(g), v.say.Int(g.People), text)})
		}
		out = append(out, ui.Figure{ID: "by-" + variable.Name, Title: v.say.T("monitor.by", i18n.Args{"variable": variable.Name}), Description: v.say.say("monitor.by-about"),
			Chart: c, Caption: caption, Table: t})
	}
	if len(v.releases) > 1 {
		out = append(out, v.byDay(columns(v.say.say("monitor.day")), caption))
	}
	return out
}

// byDay is how many took part by each day.
func (v waveView) byDay(columns []ui.Column, caption string) ui.Figure {
	c := chart.Intervals{Max: 1, Percent: true}
	t := &ui.Table{Caption: v.say.say("monitor.by-day"), HideCaption: true, Columns: columns}
	for _, r := range v.releases[max(0, len(v.releases)-daysShown):] {
		text := v.say.of(r.Taken, r.People, v.wave.GroupSize)
		c.Rows = append(c.Rows, interval(v.say.day(r.Day), r.Taken, r.People, text))
		t.Rows = append(t.Rows, ui.Row{Cells: ui.Texts(v.say.day(r.Day), v.say.Int(r.People), text)})
	}
	return ui.Figure{ID: "by-day", Title: v.say.say("monitor.by-day"), Description: v.say.say("monitor.by-day-about"), Chart: c, Caption: caption, Table: t}
}

// daysShown is how many days the chart by day shows at most.
const daysShown = 31

func interval(label string, r monitor.Range, people int, text string) chart.Interval {
	n := math.Max(1, float64(people))
	return chart.Interval{Label: label, Value: r.Middle() / n, Low: float64(r.Low) / n, High: float64(r.High) / n, Text: text}
}
