package story

import (
	"slices"
	"strings"

	"tekentafel/internal/report/findings"
)

// CaveatKeys lists the caveats that the story knows how to tell; any other is told by its English text.
func CaveatKeys() []string {
	return []string{
		"synthetic", "pilot", "self-report", "self-selection", "no-population", "small-n", "unweighted", "raking-not-converged",
		"weights-extreme", "lonely-psu", "low-reliability", "collinear", "benchmark-differs", "suppressed", "invalid-values",
		"merged-values", "routing-violations", "excluded-rows", "empty-rows", "missing-columns", "margin-empty", "margin-missing",
		"margin-scaled", "fpc-clusters", "fpc-equal-fraction", "grouping-left-out", "earlier-gone",
	}
}

// caveats tells what one must know to read the figures, each once.
func (t *teller) caveats() []string {
	var list []string
	for i := range t.f.Caveats {
		text := t.caveat(&t.f.Caveats[i])
		if text != "" && !slices.Contains(list, text) {
			list = append(list, text)
		}
	}
	return list
}

// caveat tells one. Its figures come from the findings, so that a caveat cannot disagree with them.
func (t *teller) caveat(c *findings.Caveat) string {
	if !slices.Contains(CaveatKeys(), c.Key) {
		return t.sentence(c.Text)
	}
	key, d := "caveat."+c.Key, &t.f.Data
	// A caveat about nothing is none.
	counted := func(n int) string {
		if n == 0 {
			return ""
		}
		return t.p.N(key, n, args{"n": t.p.Int(n)})
	}
	switch c.Key {
	case "small-n":
		return t.p.N(key, t.f.Respondents, args{"n": t.p.Int(t.f.Respondents)})
	case "weights-extreme":
		return t.say(key, args{"max": t.p.Decimal(t.f.Weights.Max, 1)})
	case "low-reliability":
		return t.say(key, args{"list": t.p.And(t.unreliable())})
	case "suppressed":
		return t.say(key, args{"k": t.p.Int(t.f.Disclosure.K)})
	case "lonely-psu":
		return counted(t.f.Design.Lonely)
	case "invalid-values":
		return counted(d.Unknown)
	case "merged-values":
		return counted(d.Merged)
	case "routing-violations":
		return counted(d.Violations)
	case "empty-rows":
		return counted(d.Empty)
	case "missing-columns":
		return counted(len(d.Missing))
	case "excluded-rows":
		return counted(d.LeftOut())
	case "margin-empty":
		values, _ := c.Data["values"].(string)
		return t.say(key, args{"variable": t.margin(c), "values": values})
	case "margin-missing", "margin-scaled", "grouping-left-out":
		return t.say(key, args{"variable": t.margin(c)})
	}
	return t.say(key, nil)
}

// margin names the variable that a caveat about weighting or breaking down is about.
func (t *teller) margin(c *findings.Caveat) string {
	id, _ := c.Data["variable"].(string)
	return t.p.Inside(t.variable(id))
}

// unreliable names the constructs whose items hang together weakly.
func (t *teller) unreliable() []string {
	var list []string
	for _, r := range t.f.Reliability {
		if r.Weak() {
			list = append(list, t.p.Inside(t.variable(r.Construct)))
		}
	}
	if len(list) == 0 {
		return []string{t.say("caveat.some-scores", nil)}
	}
	return list
}

// data tells what was read, set aside and not understood.
func (t *teller) data() []string {
	d := &t.f.Data
	var list []string
	count := func(key string, n int) {
		if n > 0 {
			list = append(list, t.p.N("data."+key, n, args{"n": t.p.Int(n)}))
		}
	}
	count("rows", d.Rows)
	count("empty", d.Empty)
	for _, e := range d.Excluded {
		if e.N > 0 && e.Reason != findings.ReasonEmpty {
			key := "data.excluded-" + e.Reason
			if !t.p.Has(key) {
				key = "data.excluded"
			}
			list = append(list, t.p.N(key, e.N, args{"n": t.p.Int(e.N)}))
		}
	}
	count("respondents", t.f.Respondents)
	count("unknown", d.Unknown)
	count("merged", d.Merged)
	count("violations", d.Violations)
	if n := len(d.Unread); n > 0 {
		list = append(list, t.p.N("data.unread", n, args{"n": t.p.Int(n), "columns": t.columns(d.Unread)}))
	}
	if n := len(d.Missing); n > 0 {
		list = append(list, t.p.N("data.missing", n, args{"n": t.p.Int(n), "columns": t.columns(d.Missing)}))
	}
	if t.f.Disclosure.Primary > 0 {
		n := t.f.Disclosure.Primary
		list = append(list, t.p.N("data.primary", n, args{"n": t.p.Int(n), "k": t.p.Int(t.f.Disclosure.K)}))
	}
	count("complementary", t.f.Disclosure.Complementary)
	return list
}

// maxColumns bounds the headings that a sentence names.
const maxColumns = 8

// columns names headings of a file, the first of them when there are many.
func (t *teller) columns(names []string) string {
	quoted := make([]string, 0, maxColumns)
	for _, n := range names[:min(len(names), maxColumns)] {
		quoted = append(quoted, t.p.Quote(strings.Join(strings.Fields(n), " ")))
	}
	if len(names) > maxColumns {
		return strings.Join(quoted, ", ") + " …"
	}
	return t.p.And(quoted)
}
