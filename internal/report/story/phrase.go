package story

import (
	"strings"

	"tekentafel/internal/report/findings"
)

// Widths of an interval, from its middle to its end, beyond which a figure is said less firmly.
const (
	aboutFrom = 0.05 // beyond 5 points: "ongeveer 54 %"
	spanFrom  = 0.10 // beyond 10 points: a range instead of a figure
)

// about writes a share as firmly as its interval allows.
func (t *teller) about(e estimate) string {
	if e.half() > aboutFrom {
		return t.say("figure.about", args{"figure": t.p.Percent(e.value)})
	}
	return t.p.Percent(e.value)
}

// big writes the share that leads a chapter: a figure, or a span when the interval is wide.
func (t *teller) big(e estimate) string {
	if e.half() > spanFrom {
		return t.p.PercentSpan(e.low, e.high)
	}
	return t.p.Percent(e.value)
}

// interval writes the interval of a share in words, "tussen 51 en 57 %"; "" when it has no width to speak of.
func (t *teller) interval(e estimate) string {
	if t.p.Percent(e.low) == t.p.Percent(e.high) {
		return ""
	}
	return t.p.PercentRange(e.low, e.high)
}

// between puts the interval between brackets after a figure; "" when it has no width to speak of.
func (t *teller) between(e estimate) string {
	if r := t.interval(e); r != "" {
		return " (" + r + ")"
	}
	return ""
}

// figure writes a share with its interval: "54 % (tussen 51 en 57 %)".
func (t *teller) figure(e estimate) string { return t.about(e) + t.between(e) }

// told writes a share and what it does as a sentence: "54 % gebruikt ... (tussen 51 en 57 %)."
func (t *teller) told(e estimate, claim string) string {
	if r := t.interval(e); r != "" && strings.HasSuffix(claim, ")") {
		return t.sentence(t.about(e) + " " + claim + ", " + r)
	}
	return t.sentence(t.about(e) + " " + claim + t.between(e))
}

// named writes an answer with its share: "‘Samenvatten’ (62 %)".
func (t *teller) named(e estimate) string { return t.p.Quote(e.label) + " (" + t.about(e) + ")" }

// score writes a mean with one decimal.
func (t *teller) score(e estimate) string { return t.p.Decimal(e.value, 1) }

// scoreInterval writes the interval of a mean in words.
func (t *teller) scoreInterval(e estimate) string {
	decimals := 1
	if t.p.Decimal(e.low, 1) == t.p.Decimal(e.high, 1) {
		decimals = 2
	}
	return t.p.DecimalRange(e.low, e.high, decimals)
}

// list writes up to most estimates with write and joins them.
func (t *teller) list(estimates []estimate, most int, write func(estimate) string) string {
	var parts []string
	for _, e := range estimates[:min(most, len(estimates))] {
		parts = append(parts, write(e))
	}
	return t.p.And(parts)
}

// label names a question.
func (t *teller) label(q *findings.Question) string {
	if s := t.own(q.Label); s != "" {
		return s
	}
	return t.own(q.Wording)
}

// insideLabels names variables as they stand inside a sentence.
func (t *teller) insideLabels(ids []string) []string {
	names := make([]string, 0, len(ids))
	for _, id := range ids {
		names = append(names, t.p.Inside(t.variable(id)))
	}
	return names
}

// variable names a background variable, a question or, for want of a name, its identifier.
func (t *teller) variable(id string) string {
	if g := t.x.grouping[id]; g != nil && t.own(g.Label) != "" {
		return t.own(g.Label)
	}
	if q := t.x.question[id]; q != nil && t.label(q) != "" {
		return t.label(q)
	}
	return id
}

// sentence closes s with a full stop and opens it with a capital, so that texts of an instrument can stand as sentences.
func (t *teller) sentence(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\n' || r == '\t' }), " ")
	if s == "" {
		return ""
	}
	if !strings.ContainsAny(s[len(s)-1:], ".!?") {
		s += "."
	}
	return t.p.Opening(s)
}

// prose joins sentences and gives each its capital.
func (t *teller) prose(sentences ...string) string {
	opened := make([]string, 0, len(sentences))
	for _, s := range filled(sentences) {
		opened = append(opened, t.p.Opening(s))
	}
	return strings.Join(opened, " ")
}

// paragraph joins the parts of a caption.
func paragraph(sentences ...string) string { return strings.Join(filled(sentences), " ") }

// filled keeps the texts that say something.
func filled(texts []string) []string {
	var list []string
	for _, s := range texts {
		if s != "" {
			list = append(list, s)
		}
	}
	return list
}
