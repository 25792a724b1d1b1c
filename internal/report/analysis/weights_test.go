package analysis_test

import (
	"context"
	"math"
	"testing"

	"tekentafel/internal/intake"
	"tekentafel/internal/report/analysis"
	"tekentafel/internal/synth"
)

func TestWeighGivesTheWeightsBehindTheFindings(t *testing.T) {
	t.Parallel()
	in := builtIn(t, "genai-monitor")
	answers, margins := generated(t, synth.Options{Instrument: in, Size: 700, Seed: 5})
	opt := analysis.Options{Margins: marginsFrom(t, margins), By: []string{"department"}, Trim: 3}
	a := read(t, answers, in, intake.Options{})
	f := analyse(t, a, opt)
	w, err := analysis.Weigh(context.Background(), a, opt)
	if err != nil {
		t.Fatal(err)
	}
	if w.Method != f.Weights.Method || len(w.Raked) != 2 || len(w.Weights) != a.N {
		t.Fatalf("%s to %v for %d people, the findings say %+v", w.Method, w.Raked, len(w.Weights), f.Weights)
	}
	var sum, squares, most float64
	for _, x := range w.Weights {
		sum, squares, most = sum+x, squares+x*x, max(most, x)
	}
	n := float64(a.N)
	if got := n * squares / (sum * sum); math.Abs(got-f.Weights.KishDeff) > 1e-12 {
		t.Errorf("the design effect of the weights is %g, the findings have %g", got, f.Weights.KishDeff)
	}
	if got := most / (sum / n); math.Abs(got-f.Weights.Max) > 1e-12 {
		t.Errorf("the largest weight is %g, the findings have %g", got, f.Weights.Max)
	}
}

func TestWithoutWeightsEveryoneCountsAsOne(t *testing.T) {
	t.Parallel()
	w, err := synth.New(synth.Options{Instrument: builtIn(t, "genai-monitor"), Size: 50, Seed: 5})
	if err != nil {
		t.Fatal(err)
	}
	a, err := w.Answers(context.Background(), 0, 50)
	if err != nil {
		t.Fatal(err)
	}
	got, err := analysis.Weigh(context.Background(), a, analysis.Options{Population: 80})
	if err != nil {
		t.Fatal(err)
	}
	if got.Method != "none" || len(got.Population) != 1 || got.Population[0] != 80 {
		t.Errorf("%+v", got)
	}
	for i, x := range got.Weights {
		if x != 1 {
			t.Fatalf("respondent %d counts as %g", i, x)
		}
	}
}
