package story

import (
	"slices"

	"tekentafel/internal/report/findings"
)

// method tells how it was measured and computed, for the researcher: only what this report rests on.
func (t *teller) method() []string {
	f := t.f
	if f.Respondents == 0 {
		return nil
	}
	var list []string
	add := func(s string) { list = append(list, filled([]string{s})...) }
	add(t.say("method.instrument", args{"title": t.own(f.Instrument.Title), "version": f.Instrument.Version}))
	if f.Instrument.Source != "" {
		add(t.sentence(t.say("method.source", args{"source": f.Instrument.Source})))
	}
	add(t.say("method.base", nil))
	add(t.weightMethod())
	add(t.design())
	if len(f.Shares) > 0 {
		add(t.say("method.shares", nil))
		if slices.ContainsFunc(f.Shares, func(s findings.Share) bool { return s.Method == "beta" }) {
			add(t.say("method.beta", nil))
		}
	}
	if len(f.Means) > 0 {
		add(t.say("method.means", nil))
	}
	add(t.say("method.order", nil))
	if len(f.Reliability) > 0 {
		add(t.say("method.reliability", nil))
	}
	if n := len(f.Comparisons); n > 0 {
		add(t.p.N("method.comparisons", n, args{"n": t.p.Int(n)}))
	}
	if slices.ContainsFunc(f.Models, func(m findings.ModelFit) bool { return !m.Suppressed }) {
		add(t.say("method.drivers", nil))
	}
	if len(f.Changes) > 0 {
		add(t.say("method.changes", nil))
		if f.Earlier.Linked > 0 {
			add(t.say("method.linked", nil))
		}
		if len(f.Earlier.Standardised) > 0 {
			add(t.say("method.standardised", nil))
		}
	}
	if len(f.Benchmarks) > 0 {
		add(t.say("method.benchmarks", nil))
		for _, source := range t.sources() {
			add(source)
		}
	}
	if k := f.Disclosure.K; k > 0 {
		add(t.say("method.disclosure", args{"k": t.p.Int(k)}))
	}
	return list
}

// weightMethod tells how the weights were made and what they cost.
func (t *teller) weightMethod() string {
	w := t.f.Weights
	a := args{"min": t.p.Decimal(w.Min, 2), "max": t.p.Decimal(w.Max, 2), "deff": t.p.Decimal(w.KishDeff, 2), "effective": t.p.Int(int(w.Effective + 0.5))}
	switch {
	case w.Method == "raking" && len(w.Margins) > 0:
		a["margins"] = t.p.And(t.insideLabels(w.Margins))
		text := t.prose(t.say("method.raking", a), t.say("method.kish", a))
		if w.Trimmed > 0 {
			text = t.prose(text, t.p.N("method.trimmed", w.Trimmed, args{"n": t.p.Int(w.Trimmed)}))
		}
		return text
	case t.weighted():
		return t.prose(t.say("method.weighted", nil), t.say("method.kish", a))
	default:
		return t.say("method.unweighted", nil)
	}
}

// design tells the sampling design behind the standard errors.
func (t *teller) design() string {
	d := t.f.Design
	var parts []string
	if d.Strata > 1 {
		parts = append(parts, t.say("method.strata", args{"n": t.p.Int(d.Strata)}))
	}
	if d.Clusters > 0 && d.Clusters != t.f.Respondents {
		parts = append(parts, t.say("method.clusters", args{"n": t.p.Int(d.Clusters)}))
	}
	if d.FPC {
		parts = append(parts, t.say("method.fpc", nil))
	}
	return t.prose(parts...)
}

// sources lists the published studies, each once.
func (t *teller) sources() []string {
	var list []string
	for i := range t.f.Benchmarks {
		b := &t.f.Benchmarks[i]
		if b.Source == "" {
			continue
		}
		source := b.Source
		if b.URL != "" {
			source += ", " + b.URL
		}
		text := t.say("method.published", args{"name": t.p.Opening(t.own(b.Name)), "n": t.p.Int(b.N), "source": source})
		if !slices.Contains(list, text) {
			list = append(list, text)
		}
	}
	return list
}
