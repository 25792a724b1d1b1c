package analysis

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/stats"
)

// rake weights the respondents to the margins of the population.
func (d *designed) rake(ctx context.Context, s *sheet, opt *Options) error {
	var margins []stats.Margin
	for _, m := range opt.Margins {
		if m.Variable == opt.Strata && s.byID[m.Variable] == nil {
			continue // it gives the sizes of the strata only
		}
		margin, err := d.margin(s, m)
		if err != nil {
			return err
		}
		margins = append(margins, margin)
	}
	if len(margins) == 0 {
		return nil
	}
	r, err := stats.Rake(ctx, d.design, margins, stats.RakeOptions{Upper: opt.Trim})
	if err != nil {
		return err
	}
	d.base, d.margins, d.trim = d.design.Weights, margins, opt.Trim
	d.design.Weights = r.Weights
	d.weights.Method, d.weights.Iterations, d.weights.Converged, d.weights.Trimmed = weightedRaking, r.Iterations, r.Converged, r.Trimmed
	for _, m := range margins {
		d.design.Raked = append(d.design.Raked, m.Codes)
		d.weights.Margins = append(d.weights.Margins, m.Name)
	}
	for _, scaled := range r.Scaled {
		d.note("margin-scaled", map[string]any{"variable": scaled.Name, "factor": scaled.Factor},
			"The counts of %s did not add up to the same total and were scaled.", scaled.Name)
	}
	return nil
}

// margin lines the counts of a margin up with the codes of its variable.
//
// Respondents without an answer to the variable keep their share of the weight. Values that nobody in the wave has
// cannot be weighted up; they are left out and said.
func (d *designed) margin(s *sheet, m Margin) (stats.Margin, error) {
	q := s.byID[m.Variable]
	if q == nil || len(q.parts) != 1 || q.values != nil || q.about.Kind == "indicator" {
		return stats.Margin{}, fmt.Errorf("margins: %q is no background variable of these answers; choose from %s", m.Variable, strings.Join(s.groupable(), ", "))
	}
	p := q.parts[0]
	codes := s.columns[p.column]
	out := stats.Margin{Name: m.Variable, Codes: codes, Targets: make([]float64, codes.K)}
	for k := range out.Targets {
		out.Targets[k] = math.NaN()
	}
	people := make([]int, codes.K)
	for i := range codes.Len() {
		people[codes.At(i)]++
	}
	var absent []string
	for i, value := range m.Values {
		code, err := codeOfValue(q, value)
		switch {
		case err != nil && q.about.Kind != string(instrument.Category):
			return stats.Margin{}, fmt.Errorf("margins, line %d: %w", m.Lines[i], err)
		case err != nil || people[code] == 0:
			if m.Counts[i] > 0 {
				absent = append(absent, value)
			}
			if err == nil {
				out.Targets[code] = 0
			}
		default:
			out.Targets[code] = m.Counts[i]
		}
	}
	for code := instrument.FirstOption; code < codes.K; code++ {
		if math.IsNaN(out.Targets[code]) && people[code] > 0 {
			value := p.options[code-instrument.FirstOption]
			return stats.Margin{}, fmt.Errorf("margins: %s has %d respondents in %q and no line for it; add %s,%s,COUNT or merge the value in the mapping",
				m.Variable, people[code], value, m.Variable, value)
		}
	}
	if len(absent) > 0 {
		d.note("margin-empty", map[string]any{"variable": m.Variable, "values": strings.Join(absent, ", "), "n": len(absent)},
			"Nobody answered in %s of %s; the figures do not speak for them.", strings.Join(absent, ", "), m.Variable)
	}
	missing := 0
	for code := range instrument.FirstOption {
		missing += people[code]
	}
	if missing > 0 {
		d.note("margin-missing", map[string]any{"variable": m.Variable, "n": missing},
			"%d people gave no answer to %s and keep their share of the weight.", missing, m.Variable)
	}
	return out, nil
}

// codeOfValue finds the code that a value of a margin stands for: the identifier of an option, its label or one of its
// spellings.
func codeOfValue(q *question, value string) (int, error) {
	if i := slices.Index(q.parts[0].options, value); i >= 0 {
		return instrument.FirstOption + i, nil
	}
	for _, o := range q.item.Options {
		if o.Missing == instrument.NotMissing && spells(&o, value) {
			return instrument.FirstOption + slices.Index(q.parts[0].options, o.ID), nil
		}
	}
	return 0, fmt.Errorf("%q is no value of %s; choose from %s", value, q.about.ID, strings.Join(q.parts[0].options, ", "))
}

// spells tells whether value is a label or another spelling of the option.
func spells(o *instrument.Option, value string) bool {
	for _, l := range o.Label {
		if strings.EqualFold(l, strings.TrimSpace(value)) {
			return true
		}
	}
	return slices.Contains(o.Values, value)
}

func (d *designed) note(key string, data map[string]any, format string, args ...any) {
	d.notes = append(d.notes, findings.Caveat{Key: key, Text: fmt.Sprintf(format, args...), Data: data})
}
