package analysis_test

import (
	"bytes"
	"encoding/json"
	"math"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"tekentafel/internal/instrument"
	"tekentafel/internal/intake"
	"tekentafel/internal/report/analysis"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/synth"
)

// sameFigures fails where two Findings differ: numbers by more than a relative difference, everything else at all.
func sameFigures(t *testing.T, a, b *findings.Findings, relative float64) {
	t.Helper()
	var x, y any
	for v, f := range map[*any]*findings.Findings{&x: a, &y: b} {
		if err := json.Unmarshal(toJSON(t, f), v); err != nil {
			t.Fatal(err)
		}
	}
	differences := 0
	compareJSON("", x, y, relative, func(path string, a, b any) {
		if differences++; differences <= 10 {
			t.Errorf("%s: %v and %v", path, a, b)
		}
	})
}

func compareJSON(path string, a, b any, relative float64, differ func(path string, a, b any)) {
	switch x := a.(type) {
	case float64:
		y, ok := b.(float64)
		if whole := x == math.Trunc(x) && ok && y == math.Trunc(y); !ok || whole && x != y || !(math.Abs(x-y) <= relative*max(math.Abs(x), math.Abs(y), 1e-3)) {
			differ(path, a, b)
		}
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok || len(x) != len(y) {
			differ(path, a, b)
			return
		}
		for k, v := range x {
			compareJSON(path+"."+k, v, y[k], relative, differ)
		}
	case []any:
		y, ok := b.([]any)
		if !ok || len(x) != len(y) {
			differ(path, a, b)
			return
		}
		for i, v := range x {
			compareJSON(path+"["+nameOf(v, i)+"]", v, y[i], relative, differ)
		}
	default:
		if !reflect.DeepEqual(a, b) {
			differ(path, a, b)
		}
	}
}

// nameOf names an element of a list by what identifies it, for a message.
func nameOf(v any, i int) string {
	m, _ := v.(map[string]any)
	var parts []string
	for _, k := range []string{"id", "item", "option", "construct", "target", "by", "predictor"} {
		if s, ok := m[k].(string); ok {
			parts = append(parts, s)
		}
	}
	if len(parts) == 0 {
		return string(rune('0' + i%10))
	}
	return strings.Join(parts, " ")
}

// designed gives a wave of n the columns of a design: a weight, strata and clusters.
func designed(rows [][]string) [][]string {
	rng := rand.New(rand.NewPCG(5, 5))
	rows[0] = append(rows[0], "w", "layer", "team")
	for i, row := range rows[1:] {
		weight := []string{"0.5", "1", "1.75", "3.2"}[rng.IntN(4)]
		rows[i+1] = append(row, weight, string(rune('a'+rng.IntN(3))), string(rune('A'+rng.IntN(17))))
	}
	return rows
}

func shuffled(rows [][]string) [][]string {
	rng := rand.New(rand.NewPCG(9, 9))
	rng.Shuffle(len(rows)-1, func(i, j int) { rows[i+1], rows[j+1] = rows[j+1], rows[i+1] })
	return rows
}

// The order of the rows changes no figure.
func TestOrderOfRowsChangesNothing(t *testing.T) {
	t.Parallel()
	in := builtIn(t, "genai-monitor")
	answers, margins := generated(t, synth.Options{Instrument: in, Size: 500, Seed: 21})
	withDesign := rewritten(t, answers, designed)
	for name, c := range map[string]struct {
		path   string
		intake intake.Options
		opt    analysis.Options
	}{
		"unweighted":  {path: answers},
		"raked":       {path: answers, opt: analysis.Options{Margins: marginsFrom(t, margins), Population: 1500}},
		"designed":    {path: withDesign, intake: intake.Options{Weight: "w", Strata: "layer", Cluster: "team"}, opt: analysis.Options{Strata: "layer", Cluster: "team"}},
		"not grouped": {path: answers, opt: analysis.Options{By: []string{analysis.NoBreakdown}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			one := analyse(t, read(t, c.path, in, c.intake), c.opt)
			other := analyse(t, read(t, rewritten(t, c.path, shuffled), in, c.intake), c.opt)
			sameFigures(t, one, other, 1e-10)
		})
	}
}

// Weights that are all one are no weights.
func TestWeightsOfOneAreNoWeights(t *testing.T) {
	t.Parallel()
	in := builtIn(t, "genai-monitor")
	answers, _ := generated(t, synth.Options{Instrument: in, Size: 400, Seed: 22})
	weighted := rewritten(t, answers, func(rows [][]string) [][]string {
		for i := range rows {
			rows[i] = append(rows[i], []string{"w", "1"}[min(i, 1)])
		}
		return rows
	})
	one := analyse(t, read(t, weighted, in, intake.Options{Weight: "w"}), analysis.Options{})
	none := analyse(t, read(t, answers, in, intake.Options{}), analysis.Options{})
	if one.Weights.Method != "column" || one.Weights.KishDeff != 1 || one.Weights.Effective != 400 {
		t.Errorf("weights of one: %+v", one.Weights)
	}
	one.Weights = none.Weights
	one.Caveats, none.Caveats = nil, nil
	sameFigures(t, one, none, 1e-12)
}

// A constant factor in the weights changes no figure.
func TestScaleOfWeightsChangesNothing(t *testing.T) {
	t.Parallel()
	in := builtIn(t, "genai-monitor")
	answers, _ := generated(t, synth.Options{Instrument: in, Size: 300, Seed: 23})
	a := read(t, rewritten(t, answers, designed), in, intake.Options{Weight: "w"})
	one := analyse(t, a, analysis.Options{})
	for i := range a.Weights {
		a.Weights[i] *= 1024
	}
	sameFigures(t, one, analyse(t, a, analysis.Options{}), 1e-12)
}

// A snapshot gives the same bytes as the file that it was made of, weights and design included.
func TestSnapshotGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	in := builtIn(t, "genai-monitor")
	answers, margins := generated(t, synth.Options{Instrument: in, Size: 350, Seed: 24})
	path := rewritten(t, answers, designed)
	opt := intake.Options{Weight: "w", Strata: "layer", Cluster: "team"}
	r, err := intake.Read(t.Context(), path, in, opt)
	if err != nil {
		t.Fatal(err)
	}
	snapshot := filepath.Join(t.TempDir(), "answers.snapshot")
	if err := r.WriteSnapshot(snapshot, "w"); err != nil {
		t.Fatal(err)
	}
	how := func() analysis.Options {
		return analysis.Options{Strata: "layer", Cluster: "team", Margins: marginsFrom(t, margins), Trim: 4}
	}
	one := toJSON(t, analyse(t, r.Answers, how()))
	other := toJSON(t, analyse(t, read(t, snapshot, in, opt), how()))
	if !bytes.Equal(one, other) {
		t.Error("the findings from a snapshot are other bytes")
	}
}

// What every set of Findings keeps to.
func TestFindingsAreSound(t *testing.T) {
	t.Parallel()
	in := builtIn(t, "genai-monitor")
	for name, f := range map[string]*findings.Findings{
		"one person":   analyseSynthetic(t, 1, 1, analysis.Options{}),
		"two people":   analyseSynthetic(t, 2, 2, analysis.Options{}),
		"below k":      analyseSynthetic(t, 9, 3, analysis.Options{}),
		"small":        analyseSynthetic(t, 40, 4, analysis.Options{}),
		"census":       analyseSynthetic(t, 150, 5, analysis.Options{Population: 150}),
		"large":        analyseSynthetic(t, 3000, 6, analysis.Options{}),
		"not grouped":  analyseSynthetic(t, 200, 7, analysis.Options{By: []string{analysis.NoBreakdown}}),
		"same answers": analyse(t, alike(t, in, 60), analysis.Options{}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sound(t, in, f)
		})
	}
}

// alike are n people who all give the first answer everywhere.
func alike(t *testing.T, in *instrument.Instrument, n int) *instrument.Answers {
	t.Helper()
	w, err := synth.New(synth.Options{Instrument: in, Size: n, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	a, err := w.Answers(t.Context(), 0, n)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range a.Columns {
		for i := range c.Len() {
			if c.Narrow != nil {
				c.Narrow[i] = instrument.FirstOption
			} else {
				c.Wide[i] = instrument.FirstOption
			}
		}
	}
	return a
}

func sound(t *testing.T, in *instrument.Instrument, f *findings.Findings) {
	src := toJSON(t, f)
	p := readPublication(t, src)
	p.silent(t)
	finite(t, src)
	type group struct{ item, variable, value string }
	sums := map[group]float64{}
	kinds := map[string]string{}
	for _, q := range f.Questions {
		kinds[q.ID] = q.Kind
		if left := f.Respondents - q.Asked - q.NotAsked; left != 0 {
			t.Errorf("%s: %d asked and %d not, of %d", q.ID, q.Asked, q.NotAsked, f.Respondents)
		}
	}
	for _, s := range f.Shares {
		if s.Suppressed {
			if s.Group == nil {
				sums[group{item: s.Item}] = math.NaN() // the others say nothing about their sum
			}
			continue
		}
		if s.N < 0 || s.N > s.Base || s.Base > f.Respondents || s.Base < in.GroupSize {
			t.Errorf("%s.%s of %v: n %d of %d", s.Item, s.Option, s.Group, s.N, s.Base)
		}
		if !(0 <= s.Low && s.Low <= s.Share && s.Share <= s.High && s.High <= 1) || s.SE < 0 {
			t.Errorf("%s.%s of %v: %g within %g to %g, se %g", s.Item, s.Option, s.Group, s.Share, s.Low, s.High, s.SE)
		}
		if (s.N == 0) != (s.Share == 0) {
			t.Errorf("%s.%s of %v: n %d with share %g", s.Item, s.Option, s.Group, s.N, s.Share)
		}
		g := group{item: s.Item}
		if s.Group != nil {
			g.variable, g.value = s.Group.Variable, s.Group.Value
		}
		sums[g] += s.Share
	}
	for g, sum := range sums {
		if kind := kinds[g.item]; kind != "multiple" && kind != "indicator" && math.Abs(sum-1) > 1e-9 {
			t.Errorf("the shares of %v add up to %g", g, sum)
		}
	}
	for _, m := range f.Means {
		if !m.Suppressed && (m.Low > m.Mean || m.Mean > m.High || m.SD < 0 || m.SE < 0 || m.Base < in.GroupSize || m.Base > f.Respondents) {
			t.Errorf("mean %+v", m)
		}
	}
	for _, c := range f.Comparisons {
		if c.P < 0 || c.PAdjusted < c.P || c.PAdjusted > 1 || c.EffectLow > c.Effect || c.Effect > c.EffectHigh || c.Effect < 0 || c.EffectHigh > 1 || c.Groups < 2 {
			t.Errorf("comparison %+v", c)
		}
	}
	for _, r := range f.Reliability {
		if !r.Suppressed && (r.AlphaLow > r.Alpha || r.Alpha > r.AlphaHigh || r.Alpha > 1 || r.N < in.GroupSize) {
			t.Errorf("reliability %+v", r)
		}
	}
	for _, d := range f.Drivers {
		if d.Low > d.Estimate || d.Estimate > d.High || d.ImportanceLow > d.Importance || d.Importance > d.ImportanceHigh || d.VIF < 1-1e-9 {
			t.Errorf("driver %+v", d)
		}
	}
}

// finite checks that JSON holds no NaN or infinity in any spelling, and that numbers read back.
func finite(t *testing.T, src []byte) {
	t.Helper()
	for _, word := range []string{"NaN", "Inf", "nan", "Infinity"} {
		if bytes.Contains(src, []byte(":"+word)) || bytes.Contains(src, []byte("-"+word)) || bytes.Contains(src, []byte("["+word)) {
			t.Errorf("the JSON holds %s", word)
		}
	}
	if !json.Valid(src) {
		t.Error("this is not JSON")
	}
}
