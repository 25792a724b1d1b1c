package view

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
)

// tables lays the findings out as the sheets of a workbook.
type tables struct {
	f     *findings.Findings
	lang  instrument.Lang
	words func(string) string
	names lookup

	remarks []string // what one must know to read the figures
}

// all lists the sheets in their order.
func (t tables) all() []grid {
	list := []grid{t.about(), t.questions(), t.shares(), t.means()}
	if t.f.Earlier != nil {
		list = append(list, t.changes())
	}
	return append(list, t.reliability(), t.comparisons(), t.drivers(), t.models(), t.benchmarks(), t.data(), t.caveats())
}

// changes has a row for each figure that is compared with the earlier wave, and one for each question that cannot be.
func (t tables) changes() grid {
	g := grid{name: "sheet.changes", columns: []column{
		{"head.question", 22, asText}, {"head.label", 34, asText}, {"head.answer", 34, asText}, {"head.variable", 16, asText}, {"head.group", 26, asText},
		{"head.before", 12, asDecimal}, {"head.beforebase", 12, asCount}, {"head.now", 12, asDecimal}, {"head.base", 9, asCount}, {"head.diff", 10, asDecimal},
		{"head.se", 10, asDecimal}, {"head.low", 10, asDecimal}, {"head.high", 10, asDecimal}, {"head.p", 10, asP}, {"head.padjusted", 12, asP},
		{"head.standardised", 14, asDecimal}, {"head.standardisedlow", 14, asDecimal}, {"head.standardisedhigh", 14, asDecimal}, {"head.composition", 14, asDecimal}, {"head.note", 40, asText},
	}}
	for _, c := range t.f.Changes {
		variable, value := t.names.group(c.Group)
		row := []any{c.Item, t.names.questions[c.Item], or(t.names.options[[2]string{c.Item, c.Option}], c.Option), variable, value}
		row = append(row, t.shown(c.Suppressed, c.Before, c.BeforeBase, c.Now, c.NowBase, c.Diff, c.SE, c.Low, c.High, c.P, c.PAdjusted)...)
		if s := c.Standard; s != nil && !c.Suppressed {
			row = append(row, s.Diff, s.Low, s.High, s.Composition)
		} else {
			row = append(row, nil, nil, nil, nil)
		}
		g.rows = append(g.rows, append(row, ""))
	}
	for _, i := range t.f.Earlier.Incomparable {
		row := make([]any, len(g.columns))
		row[0], row[1], row[len(row)-1] = i.Item, t.names.questions[i.Item], t.words("change."+i.Reason)
		g.rows = append(g.rows, row)
	}
	return g
}

// shown returns the figures of a row, or as many times "< k" when they are not to be shown.
func (t tables) shown(suppressed bool, figures ...any) []any {
	if !suppressed {
		return figures
	}
	out := make([]any, len(figures))
	for i := range out {
		out[i] = fmt.Sprintf("< %d", t.f.Disclosure.K)
	}
	return out
}

func (t tables) about() grid {
	f := t.f
	g := grid{name: "sheet.about", columns: []column{{"head.what", 34, asText}, {"head.value", 60, asText}}}
	add := func(key string, v any) {
		if v != "" && v != 0 && v != 0.0 {
			g.rows = append(g.rows, []any{t.words(key), v})
		}
	}
	add("about.instrument", strings.TrimSpace(f.Instrument.ID+" "+f.Instrument.Version))
	add("about.title", f.Instrument.Title.In(t.lang))
	add("about.pilot", f.Instrument.Pilot.In(t.lang))
	add("about.source", f.Instrument.Source)
	add("about.organisation", f.Wave.Organisation)
	add("about.wave", f.Wave.Label)
	if f.Wave.Synthetic {
		add("about.answers", t.words("synthetic"))
	}
	add("about.respondents", f.Respondents)
	add("about.population", f.Wave.Population)
	add("about.response", f.Wave.ResponseRate)
	add("about.weights", f.Weights.Method)
	add("about.margins", strings.Join(f.Weights.Margins, ", "))
	add("about.deff", f.Weights.KishDeff)
	add("about.effective", f.Weights.Effective)
	add("about.min", f.Weights.Min)
	add("about.max", f.Weights.Max)
	add("about.trimmed", f.Weights.Trimmed)
	add("about.strata", f.Design.Strata)
	add("about.clusters", f.Design.Clusters)
	add("about.df", f.Design.DF)
	if e := f.Earlier; e != nil {
		add("about.earlier", or(e.Label, t.words("about.earlier")))
		add("about.earlierrespondents", e.Respondents)
		if e.Linked > 0 {
			add("about.linked", e.Linked)
		}
		add("about.standardised", strings.Join(e.Standardised, ", "))
	}
	add("about.k", f.Disclosure.K)
	add("about.hidden", f.Disclosure.Primary+f.Disclosure.Complementary)
	add("about.schema", f.Schema)
	return g
}

func (t tables) questions() grid {
	g := grid{name: "sheet.questions", columns: []column{
		{"head.code", 22, asText}, {"head.kind", 12, asText}, {"head.topic", 13, asText}, {"head.label", 34, asText}, {"head.wording", 60, asText},
		{"head.options", 50, asText}, {"head.asked", 10, asCount}, {"head.notasked", 10, asCount}, {"head.noanswer", 10, asCount},
		{"head.dontknow", 10, asCount}, {"head.na", 10, asCount}, {"head.invalid", 10, asCount}, {"head.condition", 30, asText},
	}}
	for _, q := range t.f.Questions {
		var options []string
		for _, o := range q.Options {
			options = append(options, o.ID+": "+or(o.Label.In(t.lang), o.ID))
		}
		if len(q.Items) > 0 {
			options = q.Items
		}
		g.rows = append(g.rows, []any{q.ID, q.Kind, string(q.Topic), q.Label.In(t.lang), q.Wording.In(t.lang), strings.Join(options, "; "),
			q.Asked, q.NotAsked, q.NoAnswer, q.DontKnow, q.NA, q.Invalid, q.Condition})
	}
	return g
}

func (t tables) shares() grid {
	g := grid{name: "sheet.shares", columns: []column{
		{"head.question", 22, asText}, {"head.label", 34, asText}, {"head.option", 16, asText}, {"head.answer", 34, asText},
		{"head.variable", 16, asText}, {"head.group", 26, asText}, {"head.n", 9, asCount}, {"head.base", 9, asCount},
		{"head.share", 10, asShare}, {"head.se", 10, asShare}, {"head.low", 10, asShare}, {"head.high", 10, asShare}, {"head.method", 10, asText},
	}}
	for _, s := range t.f.Shares {
		variable, value := t.names.group(s.Group)
		row := []any{s.Item, t.names.questions[s.Item], s.Option, t.names.options[[2]string{s.Item, s.Option}], variable, value}
		row = append(row, t.shown(s.Suppressed, s.N, s.Base, s.Share, s.SE, s.Low, s.High)...)
		g.rows = append(g.rows, append(row, s.Method))
	}
	return g
}

func (t tables) means() grid {
	g := grid{name: "sheet.means", columns: []column{
		{"head.construct", 22, asText}, {"head.label", 34, asText}, {"head.variable", 16, asText}, {"head.group", 26, asText},
		{"head.base", 9, asCount}, {"head.mean", 10, asDecimal}, {"head.sd", 10, asDecimal}, {"head.se", 10, asDecimal},
		{"head.low", 10, asDecimal}, {"head.high", 10, asDecimal},
	}}
	for _, m := range t.f.Means {
		variable, value := t.names.group(m.Group)
		row := []any{m.Construct, t.names.questions[m.Construct], variable, value}
		g.rows = append(g.rows, append(row, t.shown(m.Suppressed, m.Base, m.Mean, m.SD, m.SE, m.Low, m.High)...))
	}
	return g
}

// reliability has a row for each construct and one for each of its items.
func (t tables) reliability() grid {
	g := grid{name: "sheet.reliability", columns: []column{
		{"head.construct", 22, asText}, {"head.label", 34, asText}, {"head.item", 22, asText}, {"head.base", 9, asCount},
		{"head.alpha", 10, asDecimal}, {"head.low", 10, asDecimal}, {"head.high", 10, asDecimal}, {"head.omega", 10, asDecimal},
		{"head.itemrest", 12, asDecimal}, {"head.alphadrop", 12, asDecimal}, {"head.loading", 12, asDecimal}, {"head.note", 40, asText},
	}}
	for _, r := range t.f.Reliability {
		row := append([]any{r.Construct, t.names.questions[r.Construct], ""}, t.shown(r.Suppressed, r.N, r.Alpha, r.AlphaLow, r.AlphaHigh, r.Omega)...)
		g.rows = append(g.rows, append(row, nil, nil, nil, r.Note))
		if r.Suppressed {
			continue
		}
		for i, item := range r.Items {
			g.rows = append(g.rows, []any{r.Construct, t.names.questions[item], item, nil, nil, nil, nil, nil,
				at(r.ItemRest, i), at(r.AlphaDrop, i), at(r.Loadings, i), ""})
		}
	}
	return g
}

func at(values []float64, i int) any {
	if i < len(values) {
		return values[i]
	}
	return nil
}

func (t tables) comparisons() grid {
	g := grid{name: "sheet.comparisons", columns: []column{
		{"head.target", 22, asText}, {"head.label", 34, asText}, {"head.option", 16, asText}, {"head.by", 20, asText}, {"head.groups", 9, asCount}, {"head.test", 14, asText},
		{"head.statistic", 11, asDecimal}, {"head.df1", 9, asDecimal}, {"head.df2", 11, asDecimal}, {"head.p", 10, asP}, {"head.padjusted", 12, asP},
		{"head.effectname", 14, asText}, {"head.effect", 10, asDecimal}, {"head.low", 10, asDecimal}, {"head.high", 10, asDecimal},
	}}
	for _, c := range t.f.Comparisons {
		g.rows = append(g.rows, []any{c.Target, t.names.questions[c.Target], c.Option, or(t.names.variables[c.By], c.By), c.Groups, c.Test, c.Statistic, c.DF1, c.DF2,
			c.P, c.PAdjusted, c.EffectName, c.Effect, c.EffectLow, c.EffectHigh})
	}
	return g
}

func (t tables) drivers() grid {
	g := grid{name: "sheet.drivers", columns: []column{
		{"head.outcome", 20, asText}, {"head.predictor", 22, asText}, {"head.label", 34, asText}, {"head.estimate", 11, asDecimal}, {"head.se", 10, asDecimal},
		{"head.low", 10, asDecimal}, {"head.high", 10, asDecimal}, {"head.p", 10, asP}, {"head.standard", 14, asDecimal}, {"head.standardse", 14, asDecimal},
		{"head.logodds", 11, asDecimal}, {"head.logoddsse", 11, asDecimal}, {"head.importance", 12, asShare}, {"head.importancelow", 12, asShare},
		{"head.importancehigh", 12, asShare}, {"head.vif", 9, asDecimal},
	}}
	for _, d := range t.f.Drivers {
		g.rows = append(g.rows, []any{d.Outcome, d.Predictor, t.names.questions[d.Predictor], d.Estimate, d.SE, d.Low, d.High, d.P, d.Standard, d.StandardSE,
			d.OddsLog, d.OddsSE, d.Importance, d.ImportanceLow, d.ImportanceHigh, d.VIF})
	}
	return g
}

func (t tables) models() grid {
	g := grid{name: "sheet.models", columns: []column{
		{"head.model", 20, asText}, {"head.outcome", 22, asText}, {"head.n", 9, asCount}, {"head.r2", 10, asDecimal}, {"head.low", 10, asDecimal},
		{"head.high", 10, asDecimal}, {"head.df", 10, asDecimal}, {"head.collinear", 12, asText}, {"head.note", 50, asText},
	}}
	for _, m := range t.f.Models {
		row := append([]any{m.ID, or(t.names.questions[m.Outcome], m.Outcome)}, t.shown(m.Suppressed, m.N, m.R2, m.R2Low, m.R2High, m.DF)...)
		g.rows = append(g.rows, append(row, m.Collinear, m.Note))
	}
	return g
}

func (t tables) benchmarks() grid {
	g := grid{name: "sheet.benchmarks", columns: []column{
		{"head.question", 22, asText}, {"head.answer", 20, asText}, {"head.study", 44, asText}, {"head.ours", 10, asShare}, {"head.low", 10, asShare},
		{"head.high", 10, asShare}, {"head.published", 12, asShare}, {"head.publishedlow", 12, asShare}, {"head.publishedhigh", 12, asShare},
		{"head.publishedn", 12, asCount}, {"head.diff", 10, asShare}, {"head.difflow", 10, asShare}, {"head.diffhigh", 10, asShare}, {"head.p", 10, asP},
		{"head.caveat", 60, asText}, {"head.source", 50, asText}, {"head.year", 8, asText},
	}}
	for _, b := range t.f.Benchmarks {
		var year any
		if b.Year != 0 {
			year = b.Year
		}
		source := strings.TrimSpace(b.Source + " " + b.URL)
		g.rows = append(g.rows, []any{or(t.names.questions[b.Item], b.Item), or(t.names.options[[2]string{b.Item, b.Option}], b.Option), b.Name.In(t.lang),
			b.Ours, b.OursLow, b.OursHigh, b.Published, b.Low, b.High, b.N, b.Diff, b.DiffLow, b.DiffHigh, b.P, b.Caveat.In(t.lang), source, year})
	}
	return g
}

func (t tables) data() grid {
	d := t.f.Data
	g := grid{name: "sheet.data", columns: []column{{"head.what", 44, asText}, {"head.detail", 34, asText}, {"head.count", 12, asCount}}}
	add := func(key, detail string, n any) { g.rows = append(g.rows, []any{t.words(key), detail, n}) }
	add("data.rows", "", d.Rows)
	add("data.empty", "", d.Empty)
	for _, e := range d.Excluded {
		add("data.excluded", e.Reason, e.N)
	}
	add("data.merged", "", d.Merged)
	add("data.violations", "", d.Violations)
	add("data.unknown", "", d.Unknown)
	for _, item := range slices.Sorted(maps.Keys(d.ByItem)) {
		add("data.unknownin", item, d.ByItem[item])
	}
	for _, c := range d.Unread {
		add("data.unread", c, nil)
	}
	for _, c := range d.Missing {
		add("data.missing", c, nil)
	}
	return g
}

func (t tables) caveats() grid {
	g := grid{name: "sheet.caveats", columns: []column{{"head.caveat", 110, asText}}}
	for _, text := range t.remarks {
		g.rows = append(g.rows, []any{text})
	}
	return g
}
