package story

import (
	"tekentafel/internal/report/findings"
)

// benchmarks sets published figures beside ours: "higher" or "lower" only where the interval of the difference excludes
// zero. The caveat of a figure is told once in the report.
func (t *teller) benchmarks(item, option string) string {
	var parts []string
	for i := range t.f.Benchmarks {
		b := &t.f.Benchmarks[i]
		if b.Item == item && (b.Option == option || b.Option == "") {
			parts = append(parts, t.benchmark(b))
		}
	}
	return t.prose(append(parts, t.benchmarkCaveats(item, option))...)
}

// optionBenchmarks sets published figures beside the options of a question.
func (t *teller) optionBenchmarks(q *findings.Question, list []estimate) string {
	var parts, caveats []string
	for _, e := range list {
		if e.hidden {
			continue
		}
		for i := range t.f.Benchmarks {
			b := &t.f.Benchmarks[i]
			if b.Item == q.ID && b.Option == e.id {
				parts = append(parts, t.say("benchmark.answer", args{"answer": t.p.Quote(e.label), "share": t.figure(e)}), t.benchmark(b))
				caveats = append(caveats, t.benchmarkCaveats(b.Item, b.Option))
			}
		}
	}
	return t.prose(append(parts, caveats...)...)
}

// benchmark compares one published figure with ours. A study that the chapter has just named is not named in full again.
func (t *teller) benchmark(b *findings.Benchmark) string {
	name := t.own(b.Name)
	if name == t.study {
		name = t.say("benchmark.same-study", nil)
	} else {
		t.study = name
	}
	a := args{"name": name, "published": t.p.Percent(b.Published)}
	switch {
	case b.DiffLow > 0:
		a["points"] = t.points(b.DiffLow, b.DiffHigh)
		return t.say("benchmark.higher", a)
	case b.DiffHigh < 0:
		a["points"] = t.points(-b.DiffHigh, -b.DiffLow)
		return t.say("benchmark.lower", a)
	default:
		return t.say("benchmark.same", a)
	}
}

// points writes a difference between two shares in percentage points.
func (t *teller) points(low, high float64) string {
	from, to := max(1, t.whole(low)), max(1, t.whole(high))
	if from == to {
		return t.p.N("figure.points", from, args{"n": t.p.Int(from)})
	}
	return t.say("figure.points-range", args{"from": t.p.Int(from), "to": t.p.Int(to)})
}

// whole rounds a proportion to whole percents.
func (t *teller) whole(share float64) int { return int(100*share + 0.5) }

// benchmarkCaveats tells what keeps the two figures apart, unless it was told before.
func (t *teller) benchmarkCaveats(item, option string) string {
	var parts []string
	for i := range t.f.Benchmarks {
		b := &t.f.Benchmarks[i]
		if b.Item != item || b.Option != option && b.Option != "" {
			continue
		}
		if caveat := t.sentence(t.own(b.Caveat)); caveat != "" && !t.warned[caveat] {
			t.warned[caveat] = true
			parts = append(parts, caveat)
		}
	}
	return t.prose(parts...)
}
