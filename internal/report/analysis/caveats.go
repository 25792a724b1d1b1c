package analysis

import (
	"fmt"

	"tekentafel/internal/report/findings"
)

// The thresholds of the caveats.
const (
	smallWave     = 100 // respondents below which every interval is wide
	extremeWeight = 5.0 // largest weight, as a multiple of the mean, above which a few people count for many
)

// caveats lists what one must know to read the figures, from what the figures themselves say.
func caveats(f *findings.Findings) []findings.Caveat {
	var out []findings.Caveat
	add := func(key string, data map[string]any, format string, args ...any) {
		out = append(out, findings.Caveat{Key: key, Text: fmt.Sprintf(format, args...), Data: data})
	}
	if f.Wave.Synthetic {
		add("synthetic", nil, "These answers are synthetic: made by a generator, not given by people.")
	}
	if len(f.Instrument.Pilot) > 0 {
		add("pilot", nil, "The wording has not been validated; read scores as a first indication.")
	}
	add("self-report", nil, "People describe themselves; what they say they can do is not a test of it.")
	switch rate := f.Wave.ResponseRate; {
	case rate == 0:
		add("no-population", nil, "The size of the population is not given, so the response rate is unknown.")
	case rate < 1:
		add("self-selection", map[string]any{"rate": rate}, "%.0f %% took part; who did not may differ from who did.", 100*rate)
	}
	if n := f.Respondents; n < smallWave {
		add("small-n", map[string]any{"n": n}, "Only %d people answered, so the intervals are wide.", n)
	}
	out = append(out, designCaveats(f)...)
	out = append(out, dataCaveats(f)...)
	for _, r := range f.Reliability {
		if r.Weak() {
			add("low-reliability", map[string]any{"construct": r.Construct, "alpha": r.Alpha},
				"The items of %s hang together weakly (alpha %.2f).", r.Construct, r.Alpha)
		}
	}
	for _, m := range f.Models {
		if m.Collinear {
			add("collinear", map[string]any{"model": m.ID}, "The predictors of %s overlap strongly, so their parts are hard to tell apart.", m.Outcome)
		}
	}
	if len(f.Benchmarks) > 0 {
		add("benchmark-differs", nil, "Published figures come from other people, asked in other words, at another time.")
	}
	if hidden := f.Disclosure.Primary + f.Disclosure.Complementary; hidden > 0 {
		add("suppressed", map[string]any{"n": hidden, "k": f.Disclosure.K}, "%d figures about groups are hidden so that no group of fewer than %d people can be seen.", hidden, f.Disclosure.K)
	}
	return out
}

// designCaveats tells what weighting and design could not do.
func designCaveats(f *findings.Findings) []findings.Caveat {
	var out []findings.Caveat
	add := func(key string, data map[string]any, format string, args ...any) {
		out = append(out, findings.Caveat{Key: key, Text: fmt.Sprintf(format, args...), Data: data})
	}
	w := f.Weights
	if w.Method == weightedNone && f.Wave.ResponseRate < 1 {
		add("unweighted", nil, "The answers are not weighted; groups that answered more count for more.")
	}
	if !w.Converged && w.Method == weightedRaking {
		add("raking-not-converged", map[string]any{"iterations": w.Iterations}, "The weights do not meet all margins after %d rounds.", w.Iterations)
	}
	if w.Max > extremeWeight {
		add("weights-extreme", map[string]any{"max": w.Max}, "The largest weight is %.1f times the mean; a few people count for many.", w.Max)
	}
	if n := f.Design.Lonely; n > 0 {
		add("lonely-psu", map[string]any{"n": n}, "%d strata hold one sampling unit; their spread is taken around the overall mean.", n)
	}
	return out
}

// dataCaveats tells what was read and set aside.
func dataCaveats(f *findings.Findings) []findings.Caveat {
	var out []findings.Caveat
	add := func(key string, n int, format string) {
		if n > 0 {
			out = append(out, findings.Caveat{Key: key, Text: fmt.Sprintf(format, n), Data: map[string]any{"n": n}})
		}
	}
	d := &f.Data
	add("invalid-values", d.Unknown, "%d cells fit no option of their question and were set aside.")
	add("merged-values", d.Merged, "%d cells were read as another spelling, as the mapping says.")
	add("routing-violations", d.Violations, "%d answers to questions that were not to be asked were set aside.")
	add("empty-rows", d.Empty, "%d rows hold no answer.")
	add("excluded-rows", d.LeftOut(), "%d rows were left out.")
	add("missing-columns", len(d.Missing), "%d questions have no column in the data.")
	return out
}
